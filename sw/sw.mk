# RISC-V firmware: each sw/programs/NAME.c becomes build/sw/rv32/NAME.elf and
# build/sw/rv64/NAME.elf. No C library: sw/lib is all the run-time there is.

SW_CC      := riscv64-unknown-elf-gcc
SW_ARCH_32 := -march=rv32imac_zicsr_zifencei -mabi=ilp32
SW_ARCH_64 := -march=rv64imac_zicsr_zifencei -mabi=lp64 -mcmodel=medany

# The loop that fills memory must not become a call of memset() in memset().
SW_CFLAGS := -std=gnu11 -O2 -g -Wall -Wextra -Werror -ffreestanding -fno-common \
	-fno-tree-loop-distribute-patterns -msmall-data-limit=0 \
	-Isw/lib -Isw/pagetable -I$(BUILD)/include
SW_LDFLAGS := -nostdlib -static -T sw/lib/link.ld -Wl,--no-warn-rwx-segments -Wl,--gc-sections

SW_LIB_SRC  := $(wildcard sw/lib/*.c sw/lib/*.S sw/pagetable/*.c)
SW_PROGRAMS := $(patsubst sw/programs/%.c,%,$(wildcard sw/programs/*.c))
SW_ELFS     := $(foreach w,32 64,$(SW_PROGRAMS:%=$(BUILD)/sw/rv$(w)/%.elf))

# What the compiler calls for 64-bit arithmetic, of the plain IMAC variant: it
# does not look for the longer name of the same.
sw_libgcc_32 = $(shell $(SW_CC) -march=rv32imac -mabi=ilp32 -print-libgcc-file-name)
sw_libgcc_64 = $(shell $(SW_CC) -march=rv64imac -mabi=lp64 -print-libgcc-file-name)

define SW_WIDTH
$(BUILD)/sw/obj$(1)/%.o: sw/% $(BUILD)/include/mmu_pkg.h
	$$(call need,$(SW_CC),gcc-riscv64-unknown-elf)
	@mkdir -p $$(@D)
	@echo "  CC  $$< (rv$(1))"
	@$(SW_CC) $(SW_ARCH_$(1)) $(SW_CFLAGS) -MMD -MP -c -o $$@ $$<

$(BUILD)/sw/rv$(1)/lib.a: $(SW_LIB_SRC:sw/%=$(BUILD)/sw/obj$(1)/%.o)
	$$(call need,riscv64-unknown-elf-ar,binutils-riscv64-unknown-elf)
	@mkdir -p $$(@D)
	@rm -f $$@
	@riscv64-unknown-elf-ar rcs $$@ $$^

$(BUILD)/sw/rv$(1)/%.elf: $(BUILD)/sw/obj$(1)/programs/%.c.o $(BUILD)/sw/rv$(1)/lib.a sw/lib/link.ld
	@$(SW_CC) $(SW_ARCH_$(1)) $(SW_LDFLAGS) -o $$@ $(BUILD)/sw/obj$(1)/lib/crt0.S.o $$(filter %.o %.a,$$^) $$(sw_libgcc_$(1))
endef
$(eval $(call SW_WIDTH,32))
$(eval $(call SW_WIDTH,64))

.PHONY: firmware
.SECONDARY: $(foreach w,32 64,$(SW_PROGRAMS:%=$(BUILD)/sw/obj$(w)/programs/%.c.o))
firmware: $(SW_ELFS)

-include $(wildcard $(BUILD)/sw/obj*/*/*.d)

# The page-table library for this computer, for its unit tests.
PAGETABLE_OBJ := $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard sw/pagetable/*.c))
PAGETABLE_TESTS := test_pagetable test_pagetable_walk test_pagetable_extensions test_pagetable_entries
$(PAGETABLE_TESTS:%=$(BUILD)/obj/tb/unit/%.o): CPPFLAGS += -Isw/pagetable
$(PAGETABLE_TESTS:%=$(BUILD)/tests/unit/%): $(PAGETABLE_OBJ)
-include $(PAGETABLE_OBJ:.o=.d)
