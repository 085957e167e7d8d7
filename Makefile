# Build, run, test and prove the MMU. `make` alone shows what there is to type.
#
# Everything made goes to build/. What each part builds stands in its own *.mk.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SECONDARY:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules --no-print-directory
SHELL := /bin/bash

# Packages first, then all else in a make of its own: `make deps run` works on
# a machine that has only make and a C compiler, with any -j.
ifneq ($(filter deps,$(MAKECMDGOALS)),)
REST := $(filter-out deps,$(MAKECMDGOALS))
.PHONY: deps $(REST)
deps:
	@./deps.sh
$(REST): deps
	+@$(MAKE) $@
else

BUILD  ?= build
CONFIG ?= sv39
SEED   ?= 1
JOBS   ?= $(shell nproc)

# No -j given: use all cores for the parts of a target.
ifeq ($(filter -j% --jobserver%,$(MAKEFLAGS)),)
MAKEFLAGS += -j$(JOBS)
endif

include rtl/rtl.mk
include sim/sim.mk
include sim/install.mk
include sim/systemc/systemc.mk
include sw/sw.mk
include sw/user/user.mk
include sw/kernel/kernel.mk
include tb/tb.mk
include tb/test.mk
include tb/demo.mk
include sim/waves/scene.mk
include tb/bench/bench.mk
include tb/formal/formal.mk

# Without this, Verilator would build the default parameters under that name.
ifneq ($(filter run rtl rtl-bus,$(MAKECMDGOALS)),)
ifneq ($(words $(CONFIG)) $(filter $(RTL_CONFIGS),$(CONFIG)),1 $(CONFIG))
$(error unknown configuration '$(CONFIG)'; CONFIG is one of $(RTL_CONFIGS))
endif
endif

##@ Everyday
run: ## Run the demonstration on the RTL in lockstep, with report and waveform (CONFIG=sv39)
demo: ## Run what shows virtual memory under each technique on the RTL; ends with a table (P="null cow", XLEN=64)
wave: ## Open the waveform of the last `make run` in GTKWave (SCENE=cow: of an idea, docs/virtual-memory.md)
test: ## Lint, then run every test (T=name for one program, SEED=n)
lint: ## Verilator -Wall, Yosys and Icarus over rtl/; names in docs/conformance.md; C formatting
deps: ## Install the Debian packages that all this needs (root or sudo)

##@ Deeper
formal: ## Prove the properties of rtl/ with Yosys and z3 (P=name for one)
bench: ## Cycles, speed and area, a table a question (Q="walks misses" for some; JSON=1 for programs)
area: ## Area and clock on an iCE40, as a table (CONFIG="sv32 sv39", SEEDS=3; JSON=1)
sweep: ## Address traces on several configurations, as a table (TRACES, CONFIG, LATENCIES="1 20"; JSON=1)
soak: ## Random lockstep, long: millions of translations a mode (N=count, SEED=n)
sanitize: ## The C tests again under the address and undefined-behaviour sanitizers

##@ Housekeeping
install: ## Install atlas, its models and libatlas (PREFIX=/usr/local, DESTDIR=, CONFIGS="sv39")
format: ## Lay out all C as .clang-format says
clean: ## Remove build/
	rm -rf $(BUILD)

help: ## Show this help
	@awk 'BEGIN {FS = ":.*## "} \
	  /^##@/ {printf "\n%s\n", substr($$0, 5)} \
	  /^[a-zA-Z_-]+:.*## / {printf "  %-10s %s\n", $$1, $$2}' Makefile

.PHONY: run wave test lint deps formal bench area sweep soak sanitize format clean help

# A tool that is missing is named at once, with what to do about it.
need = @command -v $(1) > /dev/null || { \
	echo "make: $(1) is not installed: run 'make deps' (Debian package $(or $(2),$(1)))" >&2; exit 1; }

endif
