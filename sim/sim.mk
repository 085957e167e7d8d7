# The models, the machine and the command line.

CC       := gcc
CXX      := g++
OPT      ?= -O2
SANFLAGS ?=
CPPFLAGS := -D_GNU_SOURCE -Isim -I$(BUILD)/include
CFLAGS   := -std=c11 $(OPT) -g -fPIC -Wall -Wextra -Werror $(SANFLAGS)
LDLIBS   := -lelf -ljansson -lz -lzstd -ldl

# All C of sim/ but main() goes into one library, which tests link as well.
SIM_SRC := $(filter-out sim/atlas.c,$(wildcard sim/*.c sim/golden/*.c sim/verilated/*.c sim/machine/*.c sim/explain/*.c sim/trace/*.c sim/replay/*.c))
SIM_OBJ := $(SIM_SRC:%.c=$(BUILD)/obj/%.o)

# The compiler and each library, looked for once, so that what is missing is named.
LIBRARIES := gelf.h=libelf-dev jansson.h=libjansson-dev zlib.h=zlib1g-dev zstd.h=libzstd-dev
$(BUILD)/libraries:
	$(call need,$(CC))
	@mkdir -p $(@D)
	@for l in $(LIBRARIES); do \
		echo "#include <$${l%=*}>" | $(CC) -E -x c - > /dev/null 2>&1 || { \
		echo "make: $${l%=*} is not installed: run 'make deps' (Debian package $${l#*=})" >&2; exit 1; }; \
	done
	@touch $@

$(BUILD)/obj/%.o: %.c $(DERIVED_HEADERS) | $(BUILD)/libraries
	@mkdir -p $(@D)
	@echo "  CC  $<"
	@$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/libatlas.a: $(SIM_OBJ)
	@rm -f $@
	@ar rcs $@ $^

$(BUILD)/atlas: $(BUILD)/obj/sim/atlas.o $(BUILD)/libatlas.a
	@echo "  LD  $@"
	@$(CC) $(CFLAGS) -o $@ $^ $(LDLIBS)

-include $(SIM_OBJ:.o=.d) $(BUILD)/obj/sim/atlas.d

# ---- make run, make wave -----------------------------------------------------
# The demonstration on the RTL in lockstep. Leaves report, waveform and a GTKWave
# save file that opens on the first walk in build/run.

RUN       := $(BUILD)/run
RUN_XLEN  := $(if $(findstring XLEN=32,$(call config_params,$(CONFIG))),32,64)
RUN_ELF   := $(BUILD)/sw/rv$(RUN_XLEN)/demo.elf
# Parameter $(1) of the configuration that is run
run_param = $(patsubst $(1)=%,%,$(filter $(1)=%,$(call config_params,$(CONFIG))))

run: $(BUILD)/atlas $(BUILD)/rtl/$(CONFIG)/wave.so $(RUN_ELF)
	@mkdir -p $(RUN)
	@rm -f $(RUN)/wave.gtkw
	@$(BUILD)/atlas run $(RUN_ELF) --config $(CONFIG) --seed $(SEED) --mem-latency 3 \
		--wave $(RUN)/wave.fst --json $(RUN)/report.json
	@awk -f rtl/reasons.awk rtl/mmu_pkg.sv > $(RUN)/reasons.txt
	@cycle=$$(sed -n 's/.*"wave_walk": *\([0-9]*\).*/\1/p' $(RUN)/report.json); \
	sed -e 's|@WAVE@|$(abspath $(RUN))/wave.fst|; s|@REASON@|$(abspath $(RUN))/reasons.txt|' \
	    -e "s|@START@|$$((10 * cycle - 45))|; s|@MARK@|$$((10 * cycle - 5))|" \
	    -e 's|@XLEN@|$(shell expr $(RUN_XLEN) - 1)|; s|@LEVELS@|$(call run_param,LEVELS)|' \
	    -e 's|@PA@|$(shell expr 0$(call run_param,W_PA) - 1)|' \
		sim/waves/walk.gtkw > $(RUN)/wave.gtkw.tmp
	@mv $(RUN)/wave.gtkw.tmp $(RUN)/wave.gtkw
	@echo "Waveform: $(RUN)/wave.fst ('make wave' opens it on the first walk)"

# A scene is opened by sim/waves/scene.mk.
ifndef SCENE
wave:
	$(call need,gtkwave)
	@test -f $(RUN)/wave.gtkw || { echo "make wave: no waveform yet: run 'make run' first" >&2; exit 1; }
	@gtkwave $(RUN)/wave.gtkw
endif
