// Going down to a lower privilege, and coming back by a trap: context.h tells
// what these promise. M-mode and S-mode do the same with other registers, so
// both are made from one text: m is the letter in mepc or sepc, name the word
// in machine_run or supervisor_run.
//
// xscratch tells the trap entry who was running: a context (its address), or
// the code at this level itself (zero).
#include "context.h"
#include "csr.h"

// What a C function must find unchanged, and gp and tp, which the context has
// of its own.
#define KEPT_WORDS 16

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

.macro make_trap m, name
	// void NAME_enter(struct context *): the privilege is already chosen.
	.globl	\name\()_enter
	.type	\name\()_enter, @function
\name\()_enter:
	addi	sp, sp, -KEPT_WORDS*WORD
	each_kept SX
	SX	sp, (a0)
	csrw	\m\()scratch, a0
	LX	t0, CONTEXT_PC*WORD(a0)
	csrw	\m\()epc, t0
	each_register LX
	LX	a0, 10*WORD(a0)
	\m\()ret

	.balign	4
	.globl	\name\()_trap
\name\()_trap:
	csrrw	a0, \m\()scratch, a0
	beqz	a0, 1f

	// A context was running: put it away, go on where it was entered.
	each_register SX
	csrrw	t0, \m\()scratch, zero
	SX	t0, 10*WORD(a0)
	csrr	t0, \m\()epc
	SX	t0, CONTEXT_PC*WORD(a0)
	csrr	t0, \m\()cause
	SX	t0, CONTEXT_CAUSE*WORD(a0)
	csrr	t0, \m\()tval
	SX	t0, CONTEXT_TVAL*WORD(a0)
	LX	sp, (a0)
	each_kept LX
	addi	sp, sp, KEPT_WORDS*WORD
	ret

	// The code at this level trapped itself: note everything, ask C.
1:	csrrw	a0, \m\()scratch, zero
	addi	sp, sp, -CONTEXT_WORDS*WORD
	SX	a0, 10*WORD(sp)
	mv	a0, sp
	each_register SX
	addi	t0, sp, CONTEXT_WORDS*WORD
	SX	t0, 2*WORD(a0)
	csrr	t0, \m\()epc
	SX	t0, CONTEXT_PC*WORD(a0)
	csrr	t0, \m\()cause
	SX	t0, CONTEXT_CAUSE*WORD(a0)
	csrr	t0, \m\()tval
	SX	t0, CONTEXT_TVAL*WORD(a0)
	call	\name\()_own_trap
	mv	a0, sp
	LX	t0, CONTEXT_PC*WORD(a0)
	csrw	\m\()epc, t0
	each_register LX
	LX	a0, 10*WORD(a0)
	\m\()ret
.endm

	.text
	make_trap m, machine
	make_trap s, supervisor

	// Where a function that was called in S-mode returns to.
	.globl	supervisor_return
supervisor_return:
	ecall
