#include "coverage.h"

#include <inttypes.h>

enum { PAGE_SHIFT = 12 };

/* ---- counting ------------------------------------------------------------ */

/* Another one would answer if this were not there. */
static bool overlapped(const struct golden_segments *segments, int first, uint64_t va)
{
	struct golden_segments rest = *segments;

	rest.segment[first].cfg = 0;
	return golden_segment_at(&rest, va) >= 0;
}

static void take_segment(struct coverage *c, const struct golden_regs *regs,
			 struct coverage_request *taken)
{
	unsigned mode = golden_segment_mode(regs, &taken->request);
	uint64_t va = golden_address(regs, &taken->request);
	int i = mode == SEGMODE_PAGING ? -1 : golden_segment_at(&regs->segments, va);

	taken->segment = i >= 0 || mode == SEGMODE_SEGMENTS;
	c->segment_misses += i < 0 && mode == SEGMODE_BOTH;
	if (i < 0)
		return;
	c->segment_overlaps += overlapped(&regs->segments, i, va);
	c->segment_noncanonical += !golden_canonical(golden_mode(regs), va);
	c->segment_bare += taken->levels == 0;
}

void coverage_take(struct coverage *c, const struct golden_regs *regs,
		   struct coverage_request *taken)
{
	const struct mmu_request *request = &taken->request;
	uint64_t upper = request->va & ~LOW_BITS(64 - 7);
	bool moved = golden_address(regs, request) != request->va;
	uint64_t pmm = (request->priv == PRIV_M   ? regs->mseccfg
			: request->priv == PRIV_S ? regs->menvcfg
						  : regs->senvcfg) >>
			   ENVCFG_PMM &
		       3;

	c->masked += moved;
	c->unmasked += !moved && upper && pmm > 1;
	take_segment(c, regs, taken);
}

/* How an entry's region meets the bytes [first, last]. */
static bool cuts(const struct golden_pmp_entry *e, uint64_t first, uint64_t last)
{
	bool touches = e->first <= last && first <= e->last && e->first <= e->last;
	return touches && !(e->first <= first && last <= e->last);
}

static bool any_cuts(const struct golden_regs *regs, uint64_t first, uint64_t last)
{
	for (unsigned i = 0; i < regs->pmp.entries; i++)
		if (cuts(&regs->pmp.entry[i], first, last))
			return true;
	return false;
}

/* Where PMP has decided; a verdict may be from before the last writes, which are rare. */
static void count_pmp(struct coverage *c, const struct golden_regs *regs,
		      const struct coverage_request *taken, const struct mmu_answer *a)
{
	unsigned bytes = taken->request.bytes;
	int i = golden_pmp_entry(&regs->pmp, a->pa, bytes);

	c->pmp_mml += regs->pmp.mml;
	if (i < 0)
		c->pmp_none++;
	else
		c->pmp_by_mode[1][regs->pmp.entry[i].cfg >> PMP_A & 3]++;
}

/* A fault tells no physical address: those that nothing translates have it in tval. */
static void count_pmp_fault(struct coverage *c, const struct golden_regs *regs,
			    const struct coverage_request *taken, const struct mmu_answer *a)
{
	unsigned bytes = taken->request.bytes;
	int i;

	if (a->reason != REASON_PMP || a->level != LEVEL_NONE || taken->segment)
		return;
	i = golden_pmp_entry(&regs->pmp, a->tval, bytes);
	if (i < 0)
		return;
	c->pmp_by_mode[0][regs->pmp.entry[i].cfg >> PMP_A & 3]++;
	c->pmp_partly += cuts(&regs->pmp.entry[i], a->tval, a->tval + bytes - 1);
}

/* What the leaf is that answered, as memory now has it: near enough to count. */
static void count_hit(struct coverage *c, struct world *w, const struct golden_regs *regs,
		      const struct coverage_request *taken, const struct mmu_answer *a)
{
	uint64_t page = a->pa & ~LOW_BITS(PAGE_SHIFT), pte;
	unsigned level, shift;

	if (!world_leaf(w, taken->satp, taken->request.va, &pte, &level) || level != a->level)
		return;
	c->napot_hits += w->config->svnapot && level == 0 && pte >> PTE_N;
	shift = PAGE_SHIFT + level * w->vpn_bits;
	page &= ~LOW_BITS(shift);
	if (any_cuts(regs, page, page | LOW_BITS(shift))) {
		c->cut_pages += level == 0;
		c->fragments += level > 0;
	}
}

void coverage_answer(struct coverage *c, struct world *w, const struct golden_regs *regs,
		     enum mmu_port port, const struct coverage_request *taken,
		     const struct mmu_answer *a)
{
	bool m_mode = taken->request.priv == PRIV_M;

	c->translations++;
	c->by_levels[taken->levels] += !m_mode;
	c->m_mode += m_mode;
	if (a->fault) {
		c->refused[taken->request.access]++;
		(a->pte ? c->pte_reasons : c->reasons)[a->reason]++;
		count_pmp_fault(c, regs, taken, a);
	} else {
		c->granted[taken->request.access]++;
		c->memory[a->memory]++;
		count_pmp(c, regs, taken, a);
	}
	if (taken->segment) {
		c->segment_reasons[a->reason]++;
		c->segment_hits[port] += !a->fault;
	}
	if (a->level == LEVEL_NONE)
		return;
	if (a->fault)
		c->warm_faults += taken->just_taken;
	else if (!taken->just_taken)
		c->walks[port][a->level]++;
	else {
		c->hits[port][a->level]++;
		if (c->translations % 2 == 0)
			count_hit(c, w, regs, taken, a);
	}
}

void coverage_print(const struct coverage *c)
{
	printf("# %" PRIu64 " translations (Sv32 %" PRIu64 ", Sv39 %" PRIu64 ", Sv48 %" PRIu64
	       ", Sv57 %" PRIu64 "), %" PRIu64 " right from what a cache still held\n",
	       c->translations, c->by_levels[2], c->by_levels[3], c->by_levels[4], c->by_levels[5],
	       c->stale);
	printf("# %" PRIu64 " updates of PTEs, of these %" PRIu64 " found another value; %" PRIu64
	       " accesses through segments\n",
	       c->swaps, c->swaps_failed, c->segment_hits[MMU_FETCH] + c->segment_hits[MMU_DATA]);
	printf("# %" PRIu64 " hits under a miss, %" PRIu64 " misses answered before an older one\n",
	       c->under_miss, c->overtakes);
}

/* ---- whether all of it occurred ------------------------------------------ */

struct check {
	const struct mmu_config *config;
	bool all;
};

/* Says what did not. */
static void demand(struct check *k, bool possible, const char *what, uint64_t count)
{
	if (!possible || count)
		return;
	fprintf(stderr, "%s: never seen: %s\n", k->config->name, what);
	k->all = false;
}

static void demand_levels(struct check *k, const struct coverage *c)
{
	unsigned first = k->config->xlen == 32 ? 2 : 3;
	char what[60];

	for (unsigned port = 0; port < MMU_PORTS; port++)
		for (unsigned level = 0; level < k->config->levels; level++) {
			snprintf(what, sizeof what, "a hit on port %u, level %u", port, level);
			demand(k, true, what, c->hits[port][level]);
			snprintf(what, sizeof what, "a walk on port %u, level %u", port, level);
			demand(k, true, what, c->walks[port][level]);
		}
	for (unsigned levels = first; levels <= k->config->levels; levels++) {
		snprintf(what, sizeof what, "a mode of %u levels", levels);
		demand(k, true, what, c->by_levels[levels]);
	}
}

/* A region that lacks one of these attributes, or an address in none. */
static bool pma_refuses(const struct mmu_config *config, unsigned attributes)
{
	for (unsigned i = 0; i < config->pma_regions; i++)
		if ((config->pma[i].attributes & attributes) != attributes)
			return true;
	return config->pma_regions > 1;
}

/* What the configuration leaves no room for cannot occur. */
static bool reason_is_possible(const struct mmu_config *config, unsigned reason, bool pte)
{
	switch (reason) {
	case REASON_NONE:
		return false;
	case REASON_NONCANONICAL:
		return !pte && config->xlen == 64;
	case REASON_ADDRESS_TOO_WIDE:
		return config->pa_bits < (config->xlen == 32 ? 34 : 56) ||
		       (!pte && config->xlen == 64);
	case REASON_PMP:
		return config->pmp_entries > 0;
	case REASON_PMA:
		return pma_refuses(config, pte ? 1 << PMA_PT_READ : 0xff);
	case REASON_BUS_ERROR:
		return pte;
	case REASON_SEGMENT_MISSING:
	case REASON_SEGMENT_LIMIT:
	case REASON_SEGMENT_PERMISSION:
		return !pte && config->segments > 0;
	default:
		return !pte;
	}
}

static void demand_reasons(struct check *k, const struct coverage *c)
{
	static const unsigned reasons[] = {
#define VALUE(value, name) value,
	    MMU_REASONS(VALUE)
#undef VALUE
	};
	char what[60];

	for (unsigned i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
		const char *name = mmu_reason_name(reasons[i]);
		demand(k, reason_is_possible(k->config, reasons[i], false), name,
		       c->reasons[reasons[i]]);
		snprintf(what, sizeof what, "%s on a PTE", name);
		demand(k, reason_is_possible(k->config, reasons[i], true), what,
		       c->pte_reasons[reasons[i]]);
	}
}

static bool has_memory(const struct mmu_config *config, unsigned type)
{
	if (config->svpbmt)
		return true;
	for (unsigned i = 0; i < config->pma_regions; i++) {
		unsigned a = config->pma[i].attributes;
		unsigned t = a >> PMA_CACHEABLE & 1    ? MEM_CACHED
			     : a >> PMA_IDEMPOTENT & 1 ? MEM_NC
						       : MEM_IO;
		if (t == type)
			return true;
	}
	return false;
}

static void demand_kinds(struct check *k, const struct coverage *c)
{
	char what[60];

	for (unsigned a = 0; a < SCENE_ACCESSES; a++) {
		bool shadow = a == ACC_SS_LOAD || a == ACC_SS_STORE || a == ACC_SS_AMO;
		snprintf(what, sizeof what, "access of kind %u granted", a);
		demand(k, !shadow || k->config->zicfiss, what, c->granted[a]);
		snprintf(what, sizeof what, "access of kind %u refused", a);
		demand(k, true, what, c->refused[a]);
	}
	for (unsigned m = 0; m < 3; m++) {
		snprintf(what, sizeof what, "memory type %u", m);
		demand(k, has_memory(k->config, m), what, c->memory[m]);
	}
}

static void demand_pmp(struct check *k, const struct coverage *c)
{
	static const char *const modes[] = {"OFF", "TOR", "NA4", "NAPOT"};
	const struct mmu_config *config = k->config;
	bool several = config->pmp_entries > 1;
	char what[60];

	for (unsigned a = PMP_TOR; a <= PMP_NAPOT; a++) {
		/* Four bytes are too seldom asked for where few entries could hold them. */
		bool possible = a == PMP_NA4 ? config->pmp_entries >= 8 && config->pmp_grain == 0
					     : several || (a == PMP_NAPOT && config->pmp_entries);
		snprintf(what, sizeof what, "an access that PMP permits by %s", modes[a]);
		demand(k, possible, what, c->pmp_by_mode[1][a]);
		snprintf(what, sizeof what, "an access that PMP refuses by %s", modes[a]);
		demand(k, possible && several, what, c->pmp_by_mode[0][a]);
	}
	demand(k, several, "an access that a PMP region holds in part", c->pmp_partly);
	demand(k, several && config->pmp_grain < 10, "a hit on a page that PMP cuts", c->cut_pages);
	demand(k, several, "a hit on a superpage that PMP cuts", c->fragments);
	demand(k, config->smepmp, "an access with MML", c->pmp_mml);
	demand(k, config->pmp_entries, "a write of PMP during a walk", c->pmp_in_walk);
}

static void demand_events(struct check *k, const struct coverage *c)
{
	const struct mmu_config *config = k->config;
	unsigned slots = config->misses + config->hit_under_miss;

	demand(k, true, "a fault on a hit", c->warm_faults);
	demand(k, true, "an access in M-mode", c->m_mode);
	demand(k, true, "an access in Bare", c->by_levels[0]);
	demand(k, true, "answers on both ports in one cycle", c->both_answer);
	demand(k, true, "hits on both ports in one cycle", c->both_hit);
	demand(k, true, "misses on both ports at once", c->both_miss);
	demand(k, true, "as many requests of a port under way as may be", c->full);
	demand(k, slots > 1, "a hit under a miss", c->under_miss);
	demand(k, slots > 1 && config->walkers > 1, "a miss that overtakes another", c->overtakes);
	demand(k, true, "a fence by address and ASID", c->fences[0]);
	demand(k, true, "a fence by address", c->fences[1]);
	demand(k, true, "a fence by ASID", c->fences[2]);
	demand(k, true, "a fence of everything", c->fences[3]);
	demand(k, true, "a fence offered during a walk", c->fences_in_walk);
	demand(k, true, "a write of satp during a walk", c->satp_in_walk);
	demand(k, true, "a change of a PTE during a walk", c->changes_in_walk);
	demand(k, true, "an answer from what a cache still held", c->stale);
	demand(k, config->svadu, "an update of a PTE", c->swaps);
	demand(k, config->svadu, "an update that finds another PTE", c->swaps_failed);
	demand(k, config->svnapot, "a hit on a NAPOT page", c->napot_hits);
	demand(k, config->pointer_masking, "an address that is masked", c->masked);
	demand(k, config->pointer_masking, "an address that MXR or a fetch spares", c->unmasked);
	demand(k, config->xlen == 64, "a write of satp that is dropped", c->satp_dropped);
	demand(k, config->xlen == 64, "a fence of a non-canonical address", c->fences_noncanonical);
}

static void demand_segments(struct check *k, const struct coverage *c)
{
	static const unsigned reasons[] = {REASON_SHADOW_STACK, REASON_ADDRESS_TOO_WIDE, REASON_PMP,
					   REASON_PMA};
	const struct mmu_config *config = k->config;
	bool there = config->segments > 0;
	char what[60];

	demand(k, there, "a fetch through a segment", c->segment_hits[MMU_FETCH]);
	demand(k, there, "data through a segment", c->segment_hits[MMU_DATA]);
	for (unsigned i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
		snprintf(what, sizeof what, "%s in a segment", mmu_reason_name(reasons[i]));
		demand(k, there && reason_is_possible(config, reasons[i], false), what,
		       c->segment_reasons[reasons[i]]);
	}
	demand(k, there, "a page beside segments", c->segment_misses);
	demand(k, there, "a segment with Bare", c->segment_bare);
	demand(k, there, "a write of a segment during a walk", c->segment_in_walk);
	demand(k, config->segments > 1, "an address in two segments", c->segment_overlaps);
	demand(k, there && config->xlen == 64, "a non-canonical address in a segment",
	       c->segment_noncanonical);
}

bool coverage_complete(const struct coverage *c, const struct mmu_config *config)
{
	struct check k = {config, true};

	demand_levels(&k, c);
	demand_reasons(&k, c);
	demand_kinds(&k, c);
	demand_pmp(&k, c);
	demand_segments(&k, c);
	demand_events(&k, c);
	return k.all;
}
