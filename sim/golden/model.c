/*
 * The golden model behind sim/mmu.h: it answers after one step, caches nothing,
 * and takes a fence at once because there is nothing to fence.
 */
#include <stdlib.h>

#include "golden.h"
#include "mmu_model.h"

struct golden_mmu {
	struct mmu mmu;
	struct golden_regs regs;
	struct mmu_memory memory; /* the caller's */
	struct golden_walk walk;
	struct golden_walk taken; /* the PTEs that a walk begun anew has already */
	unsigned reads;           /* of the present walk */
};

/* ---- one access ---------------------------------------------------------- */

/* The first PTEs are those that are taken up again, the rest is memory's. */
static bool read_or_repeat(void *ctx, uint64_t pa, unsigned bytes, uint64_t *value)
{
	struct golden_mmu *g = ctx;
	unsigned depth = g->reads++;
	if (depth < g->taken.length) {
		*value = g->taken.read[depth].value;
		return true;
	}
	g->mmu.counts.pte_reads++;
	return g->memory.read(g->memory.ctx, pa, bytes, value);
}

enum swapped { SWAPPED, CHANGED, BUS_ERROR };

/* Step 9c. CHANGED: *old is what the PTE has become. */
static enum swapped swap(struct golden_mmu *g, const struct golden_update *update, uint64_t *old)
{
	unsigned bytes = g->regs.config.xlen / 8;

	g->mmu.counts.pte_swaps++;
	if (!g->memory.swap || !g->memory.swap(g->memory.ctx, update->address, bytes,
					       update->expected, update->desired, old))
		return BUS_ERROR;
	if (*old == update->expected)
		return SWAPPED;
	g->mmu.counts.pte_swaps_failed++;
	return CHANGED;
}

/*
 * Walks, and makes the update of A and D. When the leaf is another by then, the
 * walk goes on with what was found in its place, at the same level, by all rules
 * from step 3 on; as often as somebody else is quicker.
 */
static struct mmu_answer translate(struct golden_mmu *g, const struct mmu_request *request)
{
	const struct mmu_memory memory = {.ctx = g, .read = read_or_repeat};

	g->taken.length = 0;
	for (;;) {
		uint64_t old = 0;
		g->reads = 0;
		struct golden_result result =
		    golden_translate(&g->regs, &memory, request, &g->walk);
		if (!result.update.needed)
			return result.answer;
		switch (swap(g, &result.update, &old)) {
		case SWAPPED:
			return result.answer;
		case BUS_ERROR:
			return golden_swap_error(&g->regs, request, result.answer.level);
		case CHANGED:
			g->taken = g->walk;
			g->taken.read[g->taken.length - 1].value = old;
			break;
		}
	}
}

/* ---- a model ------------------------------------------------------------- */

static void answer(struct golden_mmu *g, enum mmu_port port)
{
	const struct mmu_request *request = &g->mmu.offer[port].request;
	struct mmu_answer *a = &g->mmu.answer[port];

	*a = translate(g, request);

	g->mmu.counts.port[port].translations++;
	g->mmu.counts.port[port].faults[a->reason]++;
	if (golden_walks(&g->regs, request))
		g->mmu.counts.port[port].misses++;
	else if (golden_translates(&g->regs, request))
		g->mmu.counts.port[port].hits++;
	else
		g->mmu.counts.port[port].untranslated++;
}

static void step(struct mmu *m)
{
	struct golden_mmu *g = (struct golden_mmu *)m;

	for (enum mmu_port port = 0; port < MMU_PORTS; port++) {
		m->answered[port] = m->offer[port].standing;
		if (m->offer[port].standing)
			answer(g, port);
		m->offer[port].standing = false;
	}
	/* After the requests: those of the same step still see the old value. */
	if (m->csr.standing)
		golden_write_csr(&g->regs, m->csr.csr, m->csr.value);
	m->csr.standing = false;
	if (m->fence.standing)
		m->counts.fences++;
	m->fence.standing = false;
	m->counts.cycles++;
}

static uint64_t csr_read(const struct mmu *m, unsigned csr)
{
	return golden_csr_read(&((const struct golden_mmu *)m)->regs, csr);
}

static void golden_close(struct mmu *m)
{
	free(m);
}

const struct golden_regs *golden_model_regs(const struct mmu *m)
{
	return &((const struct golden_mmu *)m)->regs;
}

struct mmu *golden_mmu_open(const struct mmu_config *config, const struct mmu_options *options,
			    char *err, size_t err_size)
{
	static const struct mmu_ops ops = {
	    .step = step,
	    .csr_read = csr_read,
	    .close = golden_close,
	};
	struct golden_mmu *g = calloc(1, sizeof *g);
	if (!g) {
		snprintf(err, err_size, "golden model: out of memory");
		return NULL;
	}
	g->mmu.ops = &ops;
	g->mmu.config = config;
	g->regs = golden_reset(config);
	g->memory = options->memory;
	return &g->mmu;
}
