// From reset to main(), in M-mode. The result of main() ends the run.
#include "csr.h"

	.section .text.start, "ax"
	.globl _start
_start:
	// One hart is enough: any other sleeps.
	csrr	t0, mhartid
	bnez	t0, sleep

	.option push
	.option norelax
	la	sp, machine_stack
	.option pop

	// Physical memory protection refuses S and U everything until an entry
	// allows it: entry 0, all addresses, read, write, execute. A machine
	// without such entries traps here, and goes on behind.
	la	t0, 1f
	csrw	mtvec, t0
	li	t0, -1
	csrw	pmpaddr0, t0
	li	t0, PMPCFG_NAPOT | PMPCFG_RWX
	csrw	pmpcfg0, t0

	.balign	4
1:	la	t0, machine_trap
	csrw	mtvec, t0
	csrw	mscratch, zero
	csrw	mie, zero

	la	t0, bss_start
	la	t1, bss_end
1:	bgeu	t0, t1, 2f
	SX	zero, (t0)
	addi	t0, t0, WORD
	j	1b

2:	call	main
	call	finish

sleep:	wfi
	j	sleep
