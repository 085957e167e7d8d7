/*
 * Running code at a lower privilege, and traps.
 *
 * A context is all that a piece of running code has in registers. Running it
 * means: load the registers, go down to its privilege, and come back when it
 * traps, with its registers as the trap found them and the reason beside them.
 * So a kernel is a loop, and needs no handler that is called from nowhere:
 *
 *	for (;;) {
 *		machine_run(&process);
 *		if (process.cause == CAUSE_ECALL_U) ... serve it
 *		else if (process.cause == CAUSE_LOAD_PAGE) ... map the page
 *	}
 *
 * machine_run() is for code in M-mode and may run S or U; supervisor_run() is
 * for code in S-mode, runs U, and sees the traps that M-mode delegated.
 * Both are written in trap.S. Neither may be used inside itself.
 */
#ifndef LIB_CONTEXT_H
#define LIB_CONTEXT_H

/* Layout, for trap.S: words from the start. */
#define CONTEXT_PC    32
#define CONTEXT_CAUSE 33
#define CONTEXT_TVAL  34
#define CONTEXT_PRIV  35
#define CONTEXT_WORDS 36

#ifndef __ASSEMBLER__

#include <stdbool.h>

#include "csr.h"
#include "mmu_pkg.h"

enum { REG_RA = 1, REG_SP = 2, REG_A0 = 10, REG_A1, REG_A2, REG_A3, REG_A7 = 17 };

struct context {
	xword x[32]; /* x[0]: the runner's own stack pointer while this runs */
	xword pc;
	xword cause, tval; /* of the trap that ended it; pc is the trapped instruction's */
	xword priv;        /* PRIV_U or PRIV_S */
};

_Static_assert(sizeof(struct context) == CONTEXT_WORDS * sizeof(xword), "trap.S knows the layout");

void machine_run(struct context *context);
void supervisor_run(struct context *context);

/*
 * Runs function(argument) in S-mode on a stack of its own, and gives what it
 * returns. Traps of S-mode go to the supervisor's own trap entry as far as
 * medeleg says so; one that reaches M-mode instead ends the program as failed.
 * The caller's satp is in force: with paging on, the image is mapped.
 */
xword supervisor_call(xword (*function)(xword), xword argument);

/* ---- traps of the code itself ---------------------------------------------- */

/*
 * A trap that the running code causes itself, in M or S, is a defect, and ends
 * the program as failed with one line about it; except between catch_begin()
 * and catch_end(): then the instruction is stepped over and the first trap is
 * noted. Where no instruction can be fetched, the call that led there returns instead.
 * An interrupt that is caught has its bit in mie or sie cleared, so that it comes once.
 */
struct trap {
	bool taken;
	xword cause, tval, pc;
};

void catch_begin(void);
struct trap catch_end(void);

#endif
#endif
