// From reset to S-mode, and what stays in M-mode below the kernel: without Sstc, the timer.
#include "csr.h"

	.section .text.start, "ax"
	.globl _start
_start:
	// One hart is enough: any other sleeps.
	csrr	t0, mhartid
	bnez	t0, sleep

	la	sp, kernel_stack_end

	la	t0, bss_start
	la	t1, bss_end
1:	bgeu	t0, t1, 2f
	SX	zero, (t0)
	addi	t0, t0, WORD
	j	1b

	// machine_start() finds out what the machine has, and leaves mstatus so that mret goes to
	// S-mode, without interrupts.
2:	la	t0, machine_skip
	csrw	mtvec, t0
	csrw	mie, zero
	call	machine_start
	la	t0, kernel_main
	csrw	mepc, t0
	csrw	mscratch, sp
	mret

sleep:	wfi
	j	sleep

// While machine_start() tries what may not be there: notes the trap in machine_trapped, and goes on
// behind the instruction. All that it tries are 4 bytes long.
	.text
	.balign	4
	.globl	machine_skip
machine_skip:
	csrw	mscratch, t0
	la	t0, machine_trapped
	SX	sp, (t0)
	csrr	t0, mepc
	addi	t0, t0, 4
	csrw	mepc, t0
	csrr	t0, mscratch
	mret

// While the kernel runs: the only trap to M-mode is the timer, which becomes a software
// interrupt of S-mode. All else is delegated; what is not is a defect, and ends the run.
	.balign	4
	.globl	machine_timer
machine_timer:
	csrw	mscratch, sp
	la	sp, machine_save_end
	SX	t0, -WORD(sp)
	SX	t1, -2*WORD(sp)
	csrr	t0, mcause
	bgez	t0, 1f
	li	t0, 1 << IRQ_M_TIMER
	csrc	mie, t0			// off until the kernel asks for the next
	li	t0, 1 << IRQ_S_SOFTWARE
	csrs	mip, t0
2:	LX	t1, -2*WORD(sp)
	LX	t0, -WORD(sp)
	csrr	sp, mscratch
	mret

	// ecall from S: the kernel asks for the next tick.
1:	addi	t0, t0, -CAUSE_ECALL_S
	bnez	t0, 3f
	csrr	t0, mepc
	addi	t0, t0, 4
	csrw	mepc, t0
	SX	ra, -3*WORD(sp)
	addi	sp, sp, -32*WORD
	call	machine_next_tick
	addi	sp, sp, 32*WORD
	LX	ra, -3*WORD(sp)
	li	t0, 1 << IRQ_S_SOFTWARE
	csrc	mip, t0
	li	t0, 1 << IRQ_M_TIMER
	csrs	mie, t0
	j	2b

3:	csrr	a0, mcause
	csrr	a1, mepc
	csrr	a2, mtval
	j	machine_defect

	.bss
	.balign	16
	.skip	128*WORD
machine_save_end:
