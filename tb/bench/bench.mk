# Traces recorded from the project's own programs, on the golden model.
$(BUILD)/traces/%.atr: $(BUILD)/sw/rv64/%.elf $(BUILD)/atlas
	@mkdir -p $(@D)
	@echo "  TRACE $*"
	@$(BUILD)/atlas run $< --model golden --quiet --trace $@ > /dev/null < /dev/null

# make sweep: every trace on every configuration: tb/bench/sweep.sh, which has more options
sweep: $(BUILD)/atlas $(if $(TRACES),,$(BUILD)/traces/demo.atr)
	@BUILD=$(BUILD) JOBS=$(JOBS) tb/bench/sweep.sh --out $(BUILD)/sweep $(if $(JSON),--json) \
		$(if $(filter file,$(origin CONFIG)),,--configs "$(CONFIG)") \
		$(if $(LATENCIES),--latencies "$(LATENCIES)") $(or $(TRACES),$(BUILD)/traces/demo.atr)
.PHONY: sweep

# make bench: one table a question; make bench-mappings: a large buffer behind segment and
# pages; make area: size and clock of the RTL. Never part of a test.

$(BUILD)/bench: $(BUILD)/obj/tb/bench/bench.o $(BUILD)/obj/tb/bench/table.o $(BUILD)/obj/tb/sparse.o $(BUILD)/obj/tb/rng.o $(BUILD)/libatlas.a
	@$(CC) $(CFLAGS) -o $@ $^ $(LDLIBS)

CYCLES_OBJ := $(patsubst %,$(BUILD)/obj/tb/bench/%.o,cycles table patterns rates walks) \
	$(BUILD)/obj/tb/rng.o

$(BUILD)/cycles: $(CYCLES_OBJ) $(BUILD)/libatlas.a
	@$(CC) $(CFLAGS) -o $@ $^ $(LDLIBS)

# Q="walks misses" for some of its questions
bench:
	@BUILD=$(BUILD) JOBS=$(JOBS) tb/bench/bench.sh $(if $(JSON),--json) $(Q)

# The plots of docs/figures, from what `make bench` left last
bench-plots:
	$(call need,gnuplot,gnuplot-nox)
	@tb/bench/plots.sh $(BUILD)/bench.d docs/figures
.PHONY: bench-plots

$(BUILD)/mappings: $(BUILD)/obj/tb/bench/mappings.o $(BUILD)/obj/tb/sparse.o $(BUILD)/obj/tb/rng.o $(BUILD)/libatlas.a
	@$(CC) $(CFLAGS) -o $@ $^ $(LDLIBS)

bench-mappings: $(BUILD)/mappings $(BUILD)/rtl/rva23/mmu.so
	@$(BUILD)/mappings $(if $(JSON),--json) $(if $(LATENCY),--latency $(LATENCY))
.PHONY: bench-mappings

# CONFIG as given, or both of these: the default of `make run` alone would not fit the part.
area:
	$(call need,yosys)
	$(call need,nextpnr-ice40)
	@SEEDS=$(or $(SEEDS),3) tb/bench/area.sh $(if $(JSON),--json) --out $(BUILD)/area \
		$(if $(filter file,$(origin CONFIG)),sv32 sv39,$(CONFIG))

-include $(BUILD)/obj/tb/bench/bench.d $(BUILD)/obj/tb/bench/mappings.d $(CYCLES_OBJ:.o=.d)
