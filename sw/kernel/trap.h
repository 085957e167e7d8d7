/*
 * Traps. A process runs inside user_run(), which returns when it traps: so the kernel is a
 * loop (sched.c) on one stack, and interrupts reach it only while a process runs.
 */
#ifndef KERNEL_TRAP_H
#define KERNEL_TRAP_H

/* Layout of a context, for trap.S: words from the start. */
#define CONTEXT_PC    32
#define CONTEXT_CAUSE 33
#define CONTEXT_TVAL  34
#define CONTEXT_WORDS 36
#define CONTEXT_BYTES (CONTEXT_WORDS * WORD)

/* A trap of the kernel itself needs so much of its stack. */
#define KERNEL_STACK_RESERVE 2048

#ifndef __ASSEMBLER__

#include <stdbool.h>

#include "csr.h"

enum { REG_RA = 1, REG_SP = 2, REG_A0 = 10, REG_A1, REG_A2, REG_A3, REG_A4, REG_A5, REG_A7 = 17 };

/* All that a process has in registers. */
struct context {
	xword x[32]; /* x[0]: the kernel's own stack pointer while the process runs */
	xword pc;
	xword cause, tval; /* of the trap that ended the run; pc is the trapped instruction's */
	xword unused;      /* keeps the kernel's stack aligned */
};

_Static_assert(sizeof(struct context) == CONTEXT_WORDS * sizeof(xword), "trap.S knows the layout");

/* Runs the process in whose address space the MMU is, until it traps. */
void user_run(struct context *context);

/* From now on traps go to trap.S. Once, before the first that might come. */
void traps_open(void);

/*
 * Why the MMU refused the access that just trapped, to be asked before the kernel makes another
 * that might trap too: from the MMU's register, or found by walking the current process's
 * tables.
 */
struct refusal {
	unsigned access; /* ACC_FETCH, ACC_LOAD or ACC_STORE */
	xword address;
	unsigned reason; /* REASON_* */
	unsigned level;
	bool from_register;
};

/* Is it a fault of the MMU at all? */
bool cause_is_refusal(xword cause);
struct refusal refusal_of(xword cause, xword address, bool user);

/* Ends the run: 0 is a pass. */
_Noreturn void stop(int code);
/* Ends the run: something that cannot be, unless the kernel is wrong. */
_Noreturn void defect(const char *what, xword pc, xword address);

#endif
#endif
