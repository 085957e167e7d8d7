/*
 * Demand paging, copy on write, the stack's growth, A and D where hardware does not set them.
 *
 * The handler never says no by itself: a page that is missing is first brought in, whatever
 * the access; if it is not allowed, the MMU refuses it again, and its reason says why.
 */
#include "fault.h"

#include "boot.h"
#include "pages.h"
#include "replace.h"
#include "statistics.h"

/* The stack grows by the pages down to the one that was touched, but not to its limit. */
static struct region *grow_stack(struct space *s, xword va)
{
	xword start = round_down(va, page_bytes());
	const xword limit = ABI_STACK_END - round_up(ABI_STACK_MAX, page_bytes());

	if (va < limit || va >= ABI_STACK_END)
		return NULL;
	for (unsigned i = 0; i < s->regions; i++) {
		struct region *r = &s->region[i];

		if (r->grows && start < r->start && space_is_free(s, start, r->start)) {
			r->start = start;
			return r;
		}
	}
	return NULL;
}

static bool bring_in(struct space *s, struct region *r, xword va, uint64_t pte, uint64_t used)
{
	if (pte)
		return replace_restore(s, va, used);
	return page_bring(s, r, va, used);
}

/* What the MMU's reason means for a program. */
static enum fault_outcome refuse(unsigned reason)
{
	switch (pt_reason_class(reason)) {
	case CLASS_PHYSICAL:
		return FAULT_PHYSICAL;
	case CLASS_NO_MAPPING:
		return FAULT_NO_MAPPING;
	default:
		return FAULT_FORBIDDEN;
	}
}

enum fault_outcome fault_handle(struct space *s, const struct refusal *f)
{
	if (pt_reason_class(f->reason) == CLASS_PHYSICAL || !is_user_range(f->address, 1))
		return refuse(f->reason);

	struct region *r = space_find(s, f->address);
	bool store = f->access == ACC_STORE;

	if (!r)
		r = grow_stack(s, f->address);
	if (!r || r->backing == BACKED_BY_SEGMENT)
		return refuse(f->reason);

	uint64_t pte = entry_get(s, f->address);
	bool writes = store && r->prot & ABI_PROT_WRITE;
	uint64_t used = writes ? PT_A | PT_D : PT_A;

	if (!entry_present(pte))
		return bring_in(s, r, f->address, pte, used) ? FAULT_RESOLVED : FAULT_NO_MEMORY;
	if (writes && !(pte & PT_W))
		return page_unshare(s, r, f->address) ? FAULT_RESOLVED : FAULT_NO_MEMORY;

	/* Allowed, but for A or D, or for a TLB that knew less. */
	struct pt_access access = {.access = f->access, .priv = PRIV_U};
	struct pt_walk walk;

	pt_explain(&s->pt, f->address, &access, &walk);
	if (pt_reason_class(walk.reason) == CLASS_SOFTWARE) {
		entry_set(s, round_down(f->address, page_bytes()), pte | used);
		count.updated++;
		return FAULT_RESOLVED;
	}
	if (walk.reason == REASON_NONE) {
		fence_address_asid(f->address, s->asid);
		return FAULT_RESOLVED;
	}
	return refuse(walk.reason);
}
