# make bench: speed of the models, never part of a test.

$(BUILD)/bench: $(BUILD)/obj/tb/bench/bench.o $(BUILD)/obj/tb/sparse.o $(BUILD)/obj/tb/rng.o $(BUILD)/libatlas.a
	@$(CC) $(CFLAGS) -o $@ $^ $(LDLIBS)

bench: $(BUILD)/bench $(BUILD)/atlas $(BUILD)/rtl/sv39_16/mmu.so $(BUILD)/rtl/sv39/mmu.so $(BUILD)/sw/rv64/demo.elf
	@$(BUILD)/bench $(if $(JSON),--json) $(BUILD)/atlas $(BUILD)/sw/rv64/demo.elf

-include $(BUILD)/obj/tb/bench/bench.d
