# Tests: each tb/unit/test_*.c and tb/lockstep/test_*.c is one program, which
# prints TAP. tb/run.sh runs them all and ends with "N passed, N failed".

TB_COMMON_OBJ := $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard tb/*.c))
TEST_SRC      := $(wildcard tb/unit/test_*.c tb/lockstep/test_*.c)
TESTS         := $(patsubst tb/%.c,$(BUILD)/tests/%,$(TEST_SRC))

$(BUILD)/obj/tb/%.o: CPPFLAGS += -Itb

$(BUILD)/tests/%: $(BUILD)/obj/tb/%.o $(TB_COMMON_OBJ) $(BUILD)/libatlas.a
	@mkdir -p $(@D)
	@$(CC) $(CFLAGS) -o $@ $^ -lcmocka $(LDLIBS)

# They run the command line rather than linking it.
$(filter %/test_cli %/test_cli_disk %/test_cli_explain %/test_cli_trace %/test_cli_replay,$(TESTS)): | $(BUILD)/atlas

-include $(TB_COMMON_OBJ:.o=.d) $(TEST_SRC:%.c=$(BUILD)/obj/%.d)

# They find the RTL's models beside themselves when they run.
$(filter $(BUILD)/tests/lockstep/% %/test_rtl,$(TESTS)): | rtl-all

# SEED as everywhere; N is the translations of each configuration; ONLY=name for one
# configuration. Millions for each mode, as each has several configurations.
soak: $(BUILD)/tests/lockstep/test_random
	@SEED=$(SEED) N=$(or $(N),5000000) $<
