// Single accesses, run at S or U privilege. Address in a0, value in a1; the
// ecall behind each tells that it went through, with the result in a0. All in
// one page, which is mapped by itself, and without a stack.
#include "csr.h"

	.section .text.probe, "ax"
	.balign	4096
	.globl	probe_page
probe_page:

.macro make_probe name, instruction:vararg
	.globl	probe_\name
probe_\name:
	\instruction
	ecall
.endm

	make_probe load_1, lb a0, (a0)
	make_probe load_2, lh a0, (a0)
	make_probe load_4, lw a0, (a0)
	make_probe store_1, sb a1, (a0)
	make_probe store_2, sh a1, (a0)
	make_probe store_4, sw a1, (a0)
#if __riscv_xlen == 64
	make_probe load_8, ld a0, (a0)
	make_probe store_8, sd a1, (a0)
#endif
	.balign	4096
