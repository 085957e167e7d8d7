// Into a process and back, and traps of the kernel itself. trap.h tells the layout.
//
// sscratch tells the trap entry who was running: a process (the address of its context), or
// the kernel (zero).
#include "csr.h"
#include "trap.h"

#define KEPT_WORDS 16

// What a C function must find unchanged.
.macro each_kept op
	\op	ra, 0*WORD(sp)
	\op	gp, 1*WORD(sp)
	\op	tp, 2*WORD(sp)
	\op	s0, 3*WORD(sp)
	\op	s1, 4*WORD(sp)
	\op	s2, 5*WORD(sp)
	\op	s3, 6*WORD(sp)
	\op	s4, 7*WORD(sp)
	\op	s5, 8*WORD(sp)
	\op	s6, 9*WORD(sp)
	\op	s7, 10*WORD(sp)
	\op	s8, 11*WORD(sp)
	\op	s9, 12*WORD(sp)
	\op	s10, 13*WORD(sp)
	\op	s11, 14*WORD(sp)
.endm

// Registers x1 to x31 but for a0, which holds the context's address.
.macro each_register op
	.irp	r, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	\op	x\r, \r*WORD(a0)
	.endr
.endm

// From the trap's own registers into the context at a0. Uses t0.
.macro note_trap
	csrr	t0, sepc
	SX	t0, CONTEXT_PC*WORD(a0)
	csrr	t0, scause
	SX	t0, CONTEXT_CAUSE*WORD(a0)
	csrr	t0, stval
	SX	t0, CONTEXT_TVAL*WORD(a0)
.endm

	.text
	// void user_run(struct context *)
	.globl	user_run
	.type	user_run, @function
user_run:
	addi	sp, sp, -KEPT_WORDS*WORD
	each_kept SX
	SX	sp, (a0)
	csrw	sscratch, a0
	LX	t0, CONTEXT_PC*WORD(a0)
	csrw	sepc, t0
	li	t0, MSTATUS_SPP
	csrc	sstatus, t0
	each_register LX
	LX	a0, 10*WORD(a0)
	sret

	.balign	4
	.globl	trap_entry
trap_entry:
	csrrw	a0, sscratch, a0
	beqz	a0, 1f

	// A process was running: put it away, return from user_run().
	each_register SX
	csrrw	t0, sscratch, zero
	SX	t0, 10*WORD(a0)
	note_trap
	LX	sp, (a0)
	each_kept LX
	addi	sp, sp, KEPT_WORDS*WORD
	ret

	// The kernel trapped itself. With too little of its stack left it could not even
	// say so: then on a stack of its own, and never back.
1:	la	a0, kernel_stack + KERNEL_STACK_RESERVE
	bgeu	sp, a0, 2f
	la	sp, emergency_stack_end
	csrr	a0, sepc
	csrr	a1, stval
	j	kernel_stack_overflow

2:	csrrw	a0, sscratch, zero
	addi	sp, sp, -CONTEXT_BYTES
	SX	a0, 10*WORD(sp)
	mv	a0, sp
	each_register SX
	addi	t0, sp, CONTEXT_BYTES
	SX	t0, 2*WORD(a0)
	note_trap
	call	kernel_trap
	mv	a0, sp
	LX	t0, CONTEXT_PC*WORD(a0)
	csrw	sepc, t0
	li	t0, MSTATUS_SPP
	csrs	sstatus, t0
	each_register LX
	LX	a0, 10*WORD(a0)
	sret

	.bss
	.balign	16
	.skip	1024
emergency_stack_end:
