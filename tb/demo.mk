# make demo: the user programs of the kernel on the RTL in lockstep, under each technique,
# and a table of what the MMU answered. P="null cow" for some of them, XLEN=64 for that
# width (without one-level tables), MODEL=golden for the golden model, JSON=1.

# A program's arguments come behind underscores: P=stress_5000_7. Those that need little
# memory, so that it soon runs out, stand apart.
DEMO_PROGRAMS := null kernelspace readonly noexec isolate share stack limit fault lazy cow maps \
	heap large badpointer stress_200
DEMO_LITTLE   := swap survive
# Which there are beside, and need as little.
DEMO_LITTLE_TOO := swapfork

XLEN ?= 32
demo_config_32 := kernel32
demo_config_64 := rva23

demo_empty   :=
demo_program = $(firstword $(subst _, ,$(1)))
demo_line   = $(subst _, ,$(subst $(demo_empty) $(demo_empty),;,$(strip $(1))))

# DEMO_IMAGE(width, image, technique, programs, MiB of RAM): none if no program is wanted.
DEMO_IMAGE = $(if $(strip $(4)),$(eval $(call KERNEL_IMAGE,$(1),$(2),$(3),$(call user_elfs,$(1)),$(call demo_line,$(4)),$(5))) \
	$(eval $(BUILD)/sw/rv$(1)/kernel-$(2).elf: tb/demo.mk))

# DEMO(width, name, programs) makes the images of a demonstration, and $(name)_images for
# demo.sh: TECHNIQUE=ELF each. Pages of 4 MiB want memory to match, a superpage room for it.
demo_most   = $(filter-out $(DEMO_LITTLE) $(DEMO_LITTLE_TOO),$(1))
demo_little = $(filter $(DEMO_LITTLE) $(DEMO_LITTLE_TOO),$(1))
demo_pages  = $(if $(filter 32,$(1)),sv32,sv39)
demo_elf    = $(if $(strip $(4)),$(3)=$(BUILD)/sw/rv$(1)/kernel-$(2).elf)
define DEMO
$(call DEMO_IMAGE,$(1),$(2)-segments,segments,$(3),4)
$(call DEMO_IMAGE,$(1),$(2)-root,root,$(if $(filter 32,$(1)),$(3)),64)
$(call DEMO_IMAGE,$(1),$(2)-pages,$(call demo_pages,$(1)),$(call demo_most,$(3)),20)
$(call DEMO_IMAGE,$(1),$(2)-pages-little,$(call demo_pages,$(1)),$(call demo_little,$(3)),1)
$(call DEMO_IMAGE,$(1),$(2)-both,both,$(call demo_most,$(3)),20)
$(call DEMO_IMAGE,$(1),$(2)-both-little,both,$(call demo_little,$(3)),1)
$(2)_images := \
	$(call demo_elf,$(1),$(2)-segments,segments,$(3)) \
	$(call demo_elf,$(1),$(2)-root,one-level,$(if $(filter 32,$(1)),$(3))) \
	$(call demo_elf,$(1),$(2)-pages,multi-level,$(call demo_most,$(3))) \
	$(call demo_elf,$(1),$(2)-pages-little,multi-level,$(call demo_little,$(3))) \
	$(call demo_elf,$(1),$(2)-both,segments+pages,$(call demo_most,$(3))) \
	$(call demo_elf,$(1),$(2)-both-little,segments+pages,$(call demo_little,$(3)))
endef

ifneq ($(filter demo,$(MAKECMDGOALS)),)
ifneq ($(filter-out 32 64,$(XLEN)),)
$(error make demo: XLEN=$(XLEN): 32 or 64)
endif
demo_unknown := $(filter-out $(USER_PROGRAMS),$(foreach p,$(P),$(call demo_program,$(p))))
ifneq ($(demo_unknown),)
$(error make demo: no program $(demo_unknown): P is of $(USER_PROGRAMS))
endif
demo_wanted := $(or $(P),$(DEMO_PROGRAMS) $(DEMO_LITTLE))
demo_name   := demo$(subst $(demo_empty) $(demo_empty),,$(P:%=-%))
$(eval $(call DEMO,$(XLEN),$(demo_name),$(demo_wanted)))
endif

demo: $(BUILD)/atlas $(BUILD)/rtl/$(demo_config_$(XLEN))/mmu.so \
		$(foreach i,$($(demo_name)_images),$(lastword $(subst =, ,$(i))))
	@JSON=$(JSON) SEED=$(SEED) tb/demo.sh $(or $(MODEL),rtl) $(demo_config_$(XLEN)) \
		"$(foreach p,$(demo_wanted),$(call demo_program,$(p)))" $($(demo_name)_images)

# For its test: some programs, in little time.
$(eval $(call DEMO,32,demo-test,null readonly limit cow))
demo-test: $(foreach i,$(demo-test_images),$(lastword $(subst =, ,$(i))))
.PHONY: demo demo-test
