# make test, make lint, make sanitize, make format

# T=name runs one program: test_vectors, firmware, or formal. The longest come first, so that
# several at once end together.
TEST_RUN := tb/formal/formal.sh tb/firmware.sh tb/kernel.sh tb/bus.sh tb/test_demo.sh tb/test_scene.sh tb/waves.sh tb/parameters.sh tb/blockram.sh tb/configs.sh tb/install.sh tb/fusesoc.sh tb/systemc.sh tb/test_sweep.sh $(TESTS)
ifdef T
TEST_RUN := $(or $(filter %/$(T) %/$(T).sh,$(TEST_RUN)),$(error no test program $(T): one of $(notdir $(TEST_RUN))))
endif

BUS_MODELS := $(foreach c,sv39 sv32_max,$(BUILD)/rtl/$(c)/axi4.so $(BUILD)/rtl/$(c)/wb.so)

test: $(if $(T),,lint) $(filter $(BUILD)/%,$(TEST_RUN)) $(BUILD)/atlas rtl-all firmware kernel demo-test scene-test $(BUILD)/rtl/sv39/wave.so \
		$(BUS_MODELS) $(BUILD)/rtl/sv32_min/wave.so $(BUILD)/libatlas.so.0 $(BUILD)/platform $(BUILD)/tests/lockstep/test_random
	@SEED=$(SEED) JOBS=$(JOBS) tb/run.sh $(BUILD)/tests/log $(TEST_RUN)

C_FILES = $(shell git ls-files '*.c' '*.h' '*.cpp')

lint: lint-rtl
	$(call need,clang-format)
	$(call need,git)
	@test -n "$(C_FILES)" || { echo "make lint: not a git clone: no list of files" >&2; exit 1; }
	@clang-format --dry-run --Werror $(C_FILES)
	@tb/lint-docs.sh

format:
	$(call need,clang-format)
	@clang-format -i $(C_FILES)

# A build of its own, C and C++ shim alike.
sanitize:
	+@$(MAKE) BUILD=$(BUILD)/sanitize SANFLAGS='-fsanitize=address,undefined -fno-sanitize-recover=undefined' \
		OPT=-O1 sanitized
sanitized: $(TESTS) $(BUILD)/atlas rtl-all
	@SEED=$(SEED) tb/run.sh $(BUILD)/tests/log $(TESTS)
.PHONY: sanitized
