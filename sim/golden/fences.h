/*
 * The fences that were taken since the last one that covers everything, and
 * what each of them covers (riscv-vm.md, section 3.1).
 */
#ifndef ATLAS_FENCES_H
#define ATLAS_FENCES_H

#include "golden.h"

struct fences {
	size_t n, size;
	struct fence {
		struct mmu_fence form;
		uint64_t time;
	} * fence; /* by time */
};

/* What a cache holds of one PTE, on behalf of an address. */
struct fenced {
	uint64_t va;
	unsigned page_shift; /* the leaf that the PTE is, or would be, holds va >> page_shift */
	bool pointer;        /* fences by address leave it */
	uint16_t asid;       /* implemented bits only */
	bool global;         /* fences by ASID leave it */
};

/* Keeps the fence, whose time is later than all noted before. An address must
 * be a valid one; the ASID is cut to what regs implement. */
void fences_note(struct fences *f, const struct golden_regs *regs, const struct mmu_fence *fence,
		 uint64_t time);
/* The time of the last fence that covers the entry, or 0. */
uint64_t fences_last(const struct fences *f, const struct fenced *entry);
/* The same of those taken before that time. */
uint64_t fences_last_before(const struct fences *f, const struct fenced *entry, uint64_t time);
void fences_forget(struct fences *f);
void fences_free(struct fences *f);

#endif
