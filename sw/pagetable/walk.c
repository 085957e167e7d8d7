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

static unsigned xwr(uint64_t pte)
{
	return (unsigned)pte & (PT_R | PT_W | PT_X);
}

/* Bits 63:54, which Sv32 does not have: reserved but for what the machine knows. */
static bool upper_bits_reserved(const struct pt *pt, uint64_t pte, unsigned level)
{
	const uint64_t pbmt = PT_NC | PT_IO;
	uint64_t known = (has(pt, PT_HAS_NAPOT) ? PT_N : 0) | (has(pt, PT_HAS_PBMT) ? pbmt : 0) |
			 (has(pt, PT_HAS_RSW_HIGH) ? PT_RSW_HIGH(3) : 0);

	if ((pte & ~known) >> PTE_RESERVED || (pte & pbmt) == pbmt)
		return true;
	if (!pte_leaf(pte))
		return pte & (PT_N | pbmt);
	return pte & PT_N && (level > 0 || (pte >> PTE_PPN & 0xf) != NAPOT_64K);
}

/* Step 3: a PTE that stands for nothing, or for something not yet defined. */
static unsigned check_format(const struct pt *pt, uint64_t pte, unsigned level)
{
	if (!pte_valid(pte))
		return REASON_PTE_INVALID;
	if (xwr(pte) == (PT_W | PT_X) || (xwr(pte) == PT_W && !has(pt, PT_HAS_SHADOW_STACK)))
		return REASON_PTE_RESERVED;
	if (pt->mode != PT_SV32 && upper_bits_reserved(pt, pte, level))
		return REASON_PTE_RESERVED;
	if (!pte_leaf(pte) && pte & (PT_U | PT_A | PT_D))
		return REASON_PTE_RESERVED;
	return REASON_NONE;
}

/* ---- the kinds of access ------------------------------------------------------- */

static bool is_load(unsigned access)
{
	return access == ACC_LOAD || access == ACC_LR;
}

static bool is_store(unsigned access)
{
	return access == ACC_STORE || access == ACC_SC || access == ACC_AMO ||
	       access == ACC_CBO_ZERO;
}

static bool is_shadow_stack(unsigned access)
{
	return access == ACC_SS_LOAD || access == ACC_SS_STORE || access == ACC_SS_AMO;
}

/* Step 6. SUM lets the supervisor read and write user pages, never run them. */
static unsigned check_user(uint64_t pte, const struct pt_access *a)
{
	bool user_page = pte & PT_U;

	if (a->priv == PRIV_U && !user_page)
		return REASON_SUPERVISOR_PAGE;
	if (a->priv == PRIV_S && user_page && (a->access == ACC_FETCH || !a->sum))
		return REASON_USER_PAGE;
	return REASON_NONE;
}

/* Step 7: a shadow stack is for its own instructions, which others may read, and they
 * use nothing else. */
static unsigned check_shadow_stack(uint64_t pte, const struct pt_access *a)
{
	bool stack = xwr(pte) == PT_W;

	if (is_shadow_stack(a->access) && !stack)
		return xwr(pte) == PT_R ? REASON_NOT_WRITABLE : REASON_SHADOW_STACK;
	if (stack && (is_store(a->access) || a->access == ACC_FETCH || a->access == ACC_CBO_MANAGE))
		return REASON_SHADOW_STACK;
	return REASON_NONE;
}

/* Step 8, for what step 7 lets through: a shadow stack may be read, and what may be loaded,
 * stored or fetched be prefetched. */
static unsigned check_rwx(uint64_t pte, const struct pt_access *a)
{
	bool readable = pte & PT_R || (a->mxr && pte & PT_X) || xwr(pte) == PT_W;

	if (a->access == ACC_FETCH && !(pte & PT_X))
		return REASON_NOT_EXECUTABLE;
	if (is_load(a->access) && !readable)
		return REASON_NOT_READABLE;
	if (is_store(a->access) && !(pte & PT_W))
		return REASON_NOT_WRITABLE;
	if (a->access == ACC_CBO_MANAGE && !readable && !(pte & PT_W))
		return REASON_NOT_READABLE;
	if (a->access == ACC_PREFETCH && xwr(pte) == PT_X && !readable && a->priv == PRIV_S &&
	    pte & PT_U)
		return REASON_NOT_READABLE;
	return REASON_NONE;
}

/* Step 9, where software keeps A and D. */
static unsigned check_used(uint64_t pte, const struct pt_access *a)
{
	bool dirties = is_store(a->access) || a->access == ACC_SS_STORE || a->access == ACC_SS_AMO;

	if (a->access == ACC_PREFETCH)
		return REASON_NONE;
	if (!(pte & PT_A))
		return REASON_ACCESSED_CLEAR;
	return dirties && !(pte & PT_D) ? REASON_DIRTY_CLEAR : REASON_NONE;
}

/* Steps 6 to 9: a leaf, and whether this access may use it. */
static unsigned check_permission(const struct pt *pt, uint64_t pte, const struct pt_access *a)
{
	unsigned reason = check_user(pte, a);

	if (reason == REASON_NONE)
		reason = check_shadow_stack(pte, a);
	if (reason == REASON_NONE)
		reason = check_rwx(pte, a);
	if (reason == REASON_NONE && !has(pt, PT_HAS_UPDATE))
		reason = check_used(pte, a);
	return reason;
}

/* Sections 1.7 and 1.8: memory that the PTE makes I/O is not idempotent, and no shadow stack. All
 * else about physical memory is PMP's and PMA's. */
static bool is_shadow_stack_in_io(const struct pt *pt, uint64_t pte, const struct pt_access *a)
{
	return pt->mode != PT_SV32 && is_shadow_stack(a->access) &&
	       (pte >> PTE_PBMT & 3) == PBMT_IO;
}

/* ---- the walk ------------------------------------------------------------------ */

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
		reason = check_format(pt, *leaf, w->level);
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

	uint64_t offset_mask = page_bytes(pt, w->level, leaf) - 1;

	if (pt_pte_address(leaf) & offset_mask)
		return REASON_SUPERPAGE_MISALIGNED;
	if (access)
		reason = check_permission(pt, leaf, access);
	if (reason != REASON_NONE)
		return reason;

	uint64_t pa = pt_pte_address(leaf) | (va & offset_mask);

	if (too_wide(pt, pa))
		return REASON_ADDRESS_TOO_WIDE;
	if (access && is_shadow_stack_in_io(pt, leaf, access))
		return REASON_PMA;
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
