# The models, the machine and the command line.

CC       := gcc
CXX      := g++
OPT      ?= -O2
SANFLAGS ?=
CPPFLAGS := -D_GNU_SOURCE -Isim -I$(BUILD)/include
CFLAGS   := -std=c11 $(OPT) -g -fPIC -Wall -Wextra -Werror $(SANFLAGS)
LDLIBS   := -lelf -ljansson -lz -ldl

# All C of sim/ but main() goes into one library, which tests link as well.
SIM_SRC := $(filter-out sim/atlas.c,$(wildcard sim/*.c sim/golden/*.c sim/verilated/*.c sim/machine/*.c))
SIM_OBJ := $(SIM_SRC:%.c=$(BUILD)/obj/%.o)

$(BUILD)/obj/%.o: %.c $(DERIVED_HEADERS)
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
