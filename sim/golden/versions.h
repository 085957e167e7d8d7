/*
 * What PMP was since the last fence of everything: the registers' states that a
 * cached verdict may come from. (riscv-vm.md, section 2.8, "Caching".)
 */
#ifndef ATLAS_VERSIONS_H
#define ATLAS_VERSIONS_H

#include "golden.h"

struct versions {
	size_t n, size;
	struct golden_pmp *pmp; /* the present state is the last */
};

/* The registers may have changed. */
void versions_note(struct versions *v, const struct golden_pmp *now);
/* Only the present state is left. */
void versions_forget(struct versions *v);
/* Does any of these states give that verdict? */
bool versions_give(const struct versions *v, const struct golden_pmp_check *check, bool verdict);
void versions_free(struct versions *v);

#endif
