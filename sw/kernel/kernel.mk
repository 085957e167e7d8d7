# The kernel. An image is the kernel, a choice (technique, memory, command lines) and the
# user programs that it can run:
#
#	$(call KERNEL_IMAGE,width,name,technique,program ELFs,command lines[,RAM[,software]])
#
# makes the target $(BUILD)/sw/rvWIDTH/kernel-NAME.elf. Techniques: segments, root (RV32),
# sv32, sv39, sv48, sv57, and both (segments, then the pages of sv32 or sv39). RAM: MiB, or KiB
# as 640K. `software`: A
# and D are set by the fault handler, whatever the hardware can. Command lines are parted by
# ';'.

KERNEL_SRC := $(filter-out sw/kernel/choice.c,$(wildcard sw/kernel/*.c sw/kernel/*.S))

kernel_choice_segments := ABI_SEGMENTS PT_SV39
kernel_choice_root     := ABI_ROOT PT_SV32
kernel_choice_sv32     := ABI_PAGES PT_SV32
kernel_choice_sv39     := ABI_PAGES PT_SV39
kernel_choice_sv48     := ABI_PAGES PT_SV48
kernel_choice_sv57     := ABI_PAGES PT_SV57
kernel_choice_both      = ABI_BOTH $(if $(filter 32,$(1)),PT_SV32,PT_SV39)

kernel_align = $(if $(filter root,$(1)),0x400000,0x1000)

KERNEL_LDFLAGS := -nostdlib -static -T sw/kernel/kernel.ld -Wl,-z,max-page-size=4096 -Wl,--gc-sections

# RAM, in MiB or, with a K behind it, in KiB.
kernel_kib = $(if $(filter %K,$(1)),$(patsubst %K,%,$(1)),$(1) * 1024)

# kernel_objects(width)
kernel_objects = $(KERNEL_SRC:sw/%=$(BUILD)/sw/obj$(1)/%.o)

# The table of programs (struct kernel_program), in assembly.
define KERNEL_IMAGE
$(BUILD)/sw/rv$(1)/kernel-$(2)/programs.S: $(4) sw/kernel/kernel.mk
	@mkdir -p $$(@D)
	@{ echo '#include "csr.h"'; \
	echo '#if WORD == 8'; echo '#define PLACE .dword'; echo '#else'; echo '#define PLACE .word'; echo '#endif'; \
	echo '.section .rodata'; echo '.balign WORD'; echo '.globl kernel_programs'; echo 'kernel_programs:'; \
	n=0; for f in $(4); do n=$$$$((n + 1)); echo "PLACE name$$$$n, file$$$$n, end$$$$n"; done; \
	echo 'PLACE 0, 0, 0'; \
	n=0; for f in $(4); do n=$$$$((n + 1)); p=$$(@D)/$$$$(basename $$$$f .elf); \
		riscv64-unknown-elf-strip -o $$$$p $$$$f || exit 1; \
		echo '.section .rodata'; echo "name$$$$n: .asciz \"$$$$(basename $$$$f .elf)\""; \
		echo '.section .programs, "a"'; echo '.balign 16'; \
		echo "file$$$$n: .incbin \"$$$$p\""; echo "end$$$$n:"; done; } > $$@

$(BUILD)/sw/rv$(1)/kernel-$(2).elf: $(call kernel_objects,$(1)) $(BUILD)/sw/rv$(1)/kernel-$(2)/programs.S \
		$(BUILD)/sw/rv$(1)/lib.a sw/kernel/kernel.ld sw/kernel/choice.c
	@echo "  LD  $$@"
	@$(SW_CC) $(SW_ARCH_$(1)) $(SW_CFLAGS) -Isw/kernel $(KERNEL_LDFLAGS) -Wl,--defsym=page_align=$(call kernel_align,$(3)) \
		-DCHOICE_TECHNIQUE=$(word 1,$(call kernel_choice_$(3),$(1))) -DCHOICE_MODE=$(word 2,$(call kernel_choice_$(3),$(1))) \
		-DCHOICE_MEMORY='$(call kernel_kib,$(or $(6),16))' -DCHOICE_SOFTWARE_UPDATE=$(if $(7),1,0) '-DCHOICE_COMMANDS="$(5)"' \
		-o $$@ $(call kernel_objects,$(1)) sw/kernel/choice.c $(BUILD)/sw/rv$(1)/kernel-$(2)/programs.S \
		$(BUILD)/sw/rv$(1)/lib.a $(sw_libgcc_$(1))
endef

# ---- The images that the tests run, and anybody who wants to see them

# One after the other, but for those that need a disk, little memory or patience:
kernel_space := $() $()
KERNEL_SHOWS := $(subst $(kernel_space),;,$(filter-out culprit swap% survive stress random scene,$(USER_PROGRAMS)))
$(foreach t,segments sv39 sv48 sv57 both,$(eval $(call KERNEL_IMAGE,64,$(t),$(t),$(call user_elfs,64),$(KERNEL_SHOWS))))
$(foreach t,segments sv32 both,$(eval $(call KERNEL_IMAGE,32,$(t),$(t),$(call user_elfs,32),$(KERNEL_SHOWS))))
$(eval $(call KERNEL_IMAGE,32,root,root,$(call user_elfs,32),$(KERNEL_SHOWS);stress 100,96))
# A and D by the fault handler, and so little memory that pages go to the disk all the time.
$(foreach w,32 64,$(eval $(call KERNEL_IMAGE,$(w),swap,$(if $(filter 32,$(w)),sv32,sv39),$(call user_elfs,$(w)),swap;swapfork;survive,2)))
$(foreach w,32 64,$(eval $(call KERNEL_IMAGE,$(w),stress,$(if $(filter 32,$(w)),sv32,sv39),$(BUILD)/sw/user$(w)/stress.elf $(BUILD)/sw/user$(w)/random.elf,stress 1200;random 12,620K,software)))
# The kernel's own stack overflows (selfcheck.h).
$(foreach t,segments root,$(eval $(call KERNEL_IMAGE,32,overflow-$(t),$(t),,!overflow,32)))
$(eval $(call KERNEL_IMAGE,64,overflow-sv39,sv39,,!overflow))

KERNEL_IMAGES := $(foreach n,segments sv39 sv48 sv57 both swap stress overflow-sv39,$(BUILD)/sw/rv64/kernel-$(n).elf) \
	$(foreach n,segments sv32 both root swap stress overflow-segments overflow-root,$(BUILD)/sw/rv32/kernel-$(n).elf)
.PHONY: kernel
kernel: $(KERNEL_IMAGES)
