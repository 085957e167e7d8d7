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
	make_probe lr_4, lr.w a0, (a0)
	make_probe sc_4, sc.w a0, a1, (a0)
	make_probe amo_4, amoswap.w a0, a1, (a0)
	make_probe ss_amo_4, .insn r 0x2f, 2, 0x24, a0, a0, a1
	make_probe cbo_zero, .insn i 0x0f, 2, x0, a0, 4
	make_probe cbo_flush, .insn i 0x0f, 2, x0, a0, 2
	make_probe prefetch, ori x0, a0, 1
	make_probe ss_push, .word 0xce104073
	make_probe ss_pop, .word 0xcdc0c073
#if __riscv_xlen == 64
	make_probe load_8, ld a0, (a0)
	make_probe store_8, sd a1, (a0)
	make_probe lr_8, lr.d a0, (a0)
	make_probe sc_8, sc.d a0, a1, (a0)
	make_probe amo_8, amoswap.d a0, a1, (a0)
	make_probe ss_amo_8, .insn r 0x2f, 3, 0x24, a0, a0, a1
#endif
	.balign	4096
