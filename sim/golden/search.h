/* What the files of the checker share: its state, and the search through what caches hold. */
#ifndef ATLAS_SEARCH_H
#define ATLAS_SEARCH_H

#include "checker.h"
#include "fences.h"
#include "history.h"
#include "versions.h"

/* A satp value that was in force, and when it ceased to be. */
struct root {
	uint64_t satp;
	uint64_t until;
};

enum {
	SWAPS = 64,      /* in one step: far more than a memory port takes */
	SWAP_ERRORS = 64 /* bus errors of swaps, the last ones */
};

struct checker {
	struct golden_regs regs;
	struct golden_regs view; /* regs with what a request latched */
	uint64_t menvcfg_ones;   /* menvcfg with all on that can be */
	struct mmu_memory memory;
	uint64_t now;        /* the last event's time */
	uint64_t step_began; /* time */
	uint64_t step_satp;  /* satp before the step */
	struct history *history;
	struct fences fences;
	struct versions versions;
	size_t n_roots, roots_size;
	struct root *roots; /* earlier ones; the present one is in regs */
	unsigned swaps;     /* in this step */
	struct checker_swap swap[SWAPS];
	uint64_t swap_errors;
	struct swap_error {
		uint64_t pa, expected, time;
	} swap_error[SWAP_ERRORS];
	bool read_forbidden; /* in this step */
	uint64_t forbidden_pa;
};

/* What is looked for: this answer, or, if that is NULL, this change of a PTE. */
struct target {
	const struct mmu_answer *answer;
	struct checker_swap swap;
};

/* Is this result of the rules what is looked for? */
bool search_is_target(const struct checker *c, const struct checker_request *request,
		      const struct target *target, const struct golden_result *result);
/* Do values that a cache may hold give it? The request is walked. */
bool search_gives(struct checker *c, const struct checker_request *request,
		  const struct target *target);

#endif
