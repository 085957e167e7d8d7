/*
 * Walking page tables in software, rule by rule in the order of the privileged
 * specification ("Virtual Address Translation Process"; the step numbers below
 * are its own).
 */
#include "pagetable.h"

#include "table.h"

static bool too_wide(const struct pt *pt, uint64_t pa)
{
	return pa >> pt->memory->pa_bits;
}

/* Step 3: a PTE that stands for nothing, or for something not yet defined. */
static unsigned check_format(const struct pt *pt, uint64_t pte)
{
	const unsigned xwr = PT_R | PT_W | PT_X;

	if (!pte_valid(pte))
		return REASON_PTE_INVALID;
	if ((pte & (PT_R | PT_W)) == PT_W)
		return REASON_PTE_RESERVED;
	if (pt->mode != PT_SV32 && pte >> PTE_RESERVED)
		return REASON_PTE_RESERVED;
	if (!(pte & xwr) && pte & (PT_U | PT_A | PT_D))
		return REASON_PTE_RESERVED;
	return REASON_NONE;
}

/* Steps 6 to 9: a leaf, and whether this access may use it. */
static unsigned check_permission(uint64_t pte, const struct pt_access *a)
{
	bool user_page = pte & PT_U;

	if (a->priv == PRIV_U && !user_page)
		return REASON_SUPERVISOR_PAGE;
	/* SUM lets the supervisor read and write user pages, never run them. */
	if (a->priv == PRIV_S && user_page && (a->access == ACC_FETCH || !a->sum))
		return REASON_USER_PAGE;

	if (a->access == ACC_FETCH && !(pte & PT_X))
		return REASON_NOT_EXECUTABLE;
	if (a->access == ACC_LOAD && !(pte & PT_R) && !(a->mxr && pte & PT_X))
		return REASON_NOT_READABLE;
	if (a->access == ACC_STORE && !(pte & PT_W))
		return REASON_NOT_WRITABLE;

	if (!(pte & PT_A))
		return REASON_ACCESSED_CLEAR;
	if (a->access == ACC_STORE && !(pte & PT_D))
		return REASON_DIRTY_CLEAR;
	return REASON_NONE;
}

/* Step 2: reads the PTE of one level into the walk. */
static unsigned read_step(const struct pt *pt, uint64_t table, uint64_t va, struct pt_walk *w)
{
	uint64_t pte_pa = pte_address(pt, table, pt_index(pt->mode, va, w->level));

	if (too_wide(pt, pte_pa))
		return REASON_ADDRESS_TOO_WIDE;
	if (!pte_read(pt, pte_pa, &w->step[w->steps].pte))
		return REASON_BUS_ERROR;
	w->step[w->steps].level = w->level;
	w->step[w->steps].pte_pa = pte_pa;
	w->steps++;
	return REASON_NONE;
}

/* Steps 1 to 4: down to the leaf. */
static unsigned find_leaf(const struct pt *pt, uint64_t va, struct pt_walk *w, uint64_t *leaf)
{
	uint64_t table = pt->root;

	w->level = root_level(pt);
	for (;;) {
		unsigned reason = read_step(pt, table, va, w);

		if (reason != REASON_NONE) {
			w->pte = true;
			return reason;
		}
		*leaf = w->step[w->steps - 1].pte;
		reason = check_format(pt, *leaf);
		if (reason != REASON_NONE || pte_leaf(*leaf))
			return reason;
		if (w->level == 0)
			return REASON_LAST_LEVEL_POINTER;
		table = pt_pte_address(*leaf);
		w->level--;
	}
}

static unsigned translate(const struct pt *pt, uint64_t va, const struct pt_access *access,
			  struct pt_walk *w)
{
	uint64_t leaf;

	if (!pt_canonical(pt->mode, va))
		return REASON_NONCANONICAL;

	unsigned reason = find_leaf(pt, va, w, &leaf);

	if (reason != REASON_NONE)
		return reason;

	uint64_t offset_mask = pt_page_size(pt->mode, w->level) - 1;

	if (pt_pte_address(leaf) & offset_mask)
		return REASON_SUPERPAGE_MISALIGNED;
	if (access)
		reason = check_permission(leaf, access);
	if (reason != REASON_NONE)
		return reason;

	uint64_t pa = pt_pte_address(leaf) | (va & offset_mask);

	if (too_wide(pt, pa))
		return REASON_ADDRESS_TOO_WIDE;
	w->pa = pa;
	return REASON_NONE;
}

void pt_explain(const struct pt *pt, uint64_t va, const struct pt_access *access,
		struct pt_walk *walk)
{
	*walk = (struct pt_walk){.level = LEVEL_NONE};
	walk->reason = translate(pt, va, access, walk);
}

void pt_walk(const struct pt *pt, uint64_t va, struct pt_walk *walk)
{
	pt_explain(pt, va, NULL, walk);
}
