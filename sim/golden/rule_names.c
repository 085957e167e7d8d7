/* The rules by name, for people. */
#include "rules.h"

/* A segment answered. */
static struct golden_rule segment_rule_of(const struct mmu_answer *answer)
{
	switch (answer->reason) {
	case REASON_NONE:
		return (struct golden_rule){"segments, rule 5", "the segment gives the address"};
	case REASON_SEGMENT_LIMIT:
		return (struct golden_rule){"segments, rule 3",
					    "the access ends beyond the segment"};
	case REASON_SHADOW_STACK:
		return (struct golden_rule){"segments, rule 4",
					    "no shadow stack lies in a segment"};
	case REASON_SEGMENT_PERMISSION:
		return (struct golden_rule){"segments, rule 4", "R, W, X or U forbids it"};
	case REASON_ADDRESS_TOO_WIDE:
		return (struct golden_rule){"segments, rule 5",
					    "the address lies beyond the physical width"};
	case REASON_PMP:
		return (struct golden_rule){"segments, rule 6", "PMP refuses the access"};
	case REASON_PMA:
		return (struct golden_rule){"segments, rule 6",
					    "the memory is not for this access"};
	default:
		return (struct golden_rule){"no step", "no rule"};
	}
}

/* What refused the last PTE, when it was its update that was asked for. */
static bool was_update(const struct golden_walk *walk)
{
	return walk->checks > 0 && walk->check[walk->checks - 1].asked.need == 1 << PMP_W;
}

static struct golden_rule pte_refusal_rule(const struct golden_walk *walk, uint8_t reason)
{
	const bool update = was_update(walk);

	if (reason == REASON_PMP)
		return (struct golden_rule){update ? "step 9" : "step 2",
					    update ? "PMP refuses the update of the PTE"
						   : "PMP refuses the read of the PTE"};
	return (struct golden_rule){update ? "step 9" : "step 2",
				    update ? "the PTE's memory is not for updates of page tables"
					   : "the PTE's memory is not for page tables"};
}

struct golden_rule golden_rule_of(const struct golden_walk *walk, const struct mmu_answer *answer)
{
	const char *last =
	    answer->level == LEVEL_NONE && !answer->pte ? "not translated" : "after step 10";

	if (walk->segment >= 0)
		return segment_rule_of(answer);
	switch (answer->reason) {
	case REASON_NONE:
		if (answer->level == LEVEL_NONE)
			return (struct golden_rule){"not translated", "M-mode or Bare"};
		return (struct golden_rule){"step 10", "the leaf gives the address"};
	case REASON_SEGMENT_MISSING:
		return (struct golden_rule){"segments, rule 2", "no segment holds the address"};
	case REASON_NONCANONICAL:
		return (struct golden_rule){"before step 1",
					    "the upper address bits are not all equal"};
	case REASON_PTE_INVALID:
		return (struct golden_rule){"step 3", "V is clear"};
	case REASON_PTE_RESERVED:
		return (struct golden_rule){"step 3", "a reserved encoding"};
	case REASON_LAST_LEVEL_POINTER:
		return (struct golden_rule){"step 4", "a pointer at the last level"};
	case REASON_SUPERPAGE_MISALIGNED:
		return (struct golden_rule){"step 5", "low PPN bits of a superpage are set"};
	case REASON_USER_PAGE:
		return (struct golden_rule){"step 6", "a user page, for S-mode"};
	case REASON_SUPERVISOR_PAGE:
		return (struct golden_rule){"step 6", "a supervisor page, for U-mode"};
	case REASON_SHADOW_STACK:
		if (answer->level == LEVEL_NONE)
			return (struct golden_rule){"not translated", "no shadow stack"};
		return (struct golden_rule){"step 7", "shadow-stack page against access"};
	case REASON_NOT_READABLE:
		return (struct golden_rule){"step 8", "R is clear"};
	case REASON_NOT_WRITABLE:
		return (struct golden_rule){"step 8", "W is clear"};
	case REASON_NOT_EXECUTABLE:
		return (struct golden_rule){"step 8", "X is clear"};
	case REASON_ACCESSED_CLEAR:
		return (struct golden_rule){"step 9", "A is clear"};
	case REASON_DIRTY_CLEAR:
		return (struct golden_rule){"step 9", "D is clear, for a store"};
	case REASON_BUS_ERROR:
		return (struct golden_rule){"step 2", "the read of the PTE is a bus error"};
	case REASON_ADDRESS_TOO_WIDE:
		if (answer->pte)
			return (struct golden_rule){"step 2",
						    "the PTE lies beyond the physical width"};
		return (struct golden_rule){last, "the address lies beyond the physical width"};
	case REASON_PMP:
		if (answer->pte)
			return pte_refusal_rule(walk, answer->reason);
		return (struct golden_rule){last, "PMP refuses the access"};
	case REASON_PMA:
		if (answer->pte)
			return pte_refusal_rule(walk, answer->reason);
		return (struct golden_rule){last, "the memory is not for this access"};
	default:
		return (struct golden_rule){"no step", "no rule"};
	}
}
