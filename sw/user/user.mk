# User programs of the kernel: each sw/user/programs/NAME.c becomes
# build/sw/user32/NAME.elf and build/sw/user64/NAME.elf, with picolibc.

USER_ARCH_32 := -march=rv32imac_zicsr_zifencei -mabi=ilp32
USER_ARCH_64 := -march=rv64imac_zicsr_zifencei -mabi=lp64 -mcmodel=medany
# What has a multilib: the linker does not look for the longer name of the same.
USER_LINK_32 := -march=rv32imac -mabi=ilp32
USER_LINK_64 := -march=rv64imac -mabi=lp64 -mcmodel=medany

USER_CFLAGS := --specs=picolibc.specs -std=gnu11 -Os -g -Wall -Wextra -Werror -fno-common \
	-ffunction-sections -fdata-sections -Isw/user/include -Isw/user/lib -Isw -I$(BUILD)/include
USER_LDFLAGS := --specs=picolibc.specs -DPICOLIBC_INTEGER_PRINTF_SCANF -nostartfiles -static \
	-T sw/user/link.ld -Wl,-z,max-page-size=4096 -Wl,--gc-sections -Wl,--fatal-warnings

USER_LIB_SRC  := $(wildcard sw/user/lib/*.c sw/user/lib/*.S)
USER_PROGRAMS := $(patsubst sw/user/programs/%.c,%,$(wildcard sw/user/programs/*.c))
user_elfs      = $(USER_PROGRAMS:%=$(BUILD)/sw/user$(1)/%.elf)

define USER_WIDTH
$(BUILD)/sw/obj$(1)/user/%.o: sw/user/% $(BUILD)/include/mmu_pkg.h
	$$(call need,$(SW_CC),gcc-riscv64-unknown-elf)
	@test -f /usr/lib/picolibc/riscv64-unknown-elf/picolibc.specs || { \
		echo "make: picolibc is not installed: run 'make deps' (Debian package picolibc-riscv64-unknown-elf)" >&2; exit 1; }
	@mkdir -p $$(@D)
	@echo "  CC  $$< (rv$(1))"
	@$(SW_CC) $(USER_ARCH_$(1)) $(USER_CFLAGS) -MMD -MP -c -o $$@ $$<

# The library by its objects: in an archive, picolibc's own sbrk() would be as good.
$(BUILD)/sw/user$(1)/%.elf: $(BUILD)/sw/obj$(1)/user/programs/%.c.o $(USER_LIB_SRC:sw/%=$(BUILD)/sw/obj$(1)/%.o) sw/user/link.ld
	@mkdir -p $$(@D)
	@$(SW_CC) $(USER_LINK_$(1)) $(USER_LDFLAGS) -o $$@ $$(filter %.o,$$^)
endef
$(eval $(call USER_WIDTH,32))
$(eval $(call USER_WIDTH,64))

.PHONY: user
.SECONDARY: $(foreach w,32 64,$(USER_PROGRAMS:%=$(BUILD)/sw/obj$(w)/user/programs/%.c.o) \
	$(USER_LIB_SRC:sw/%=$(BUILD)/sw/obj$(w)/%.o))
user: $(call user_elfs,32) $(call user_elfs,64)

-include $(wildcard $(BUILD)/sw/obj*/user/*/*.d)
