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
	struct mmu_memory memory;  /* the caller's */
	struct mmu_memory counted; /* the same, counting */
};

static bool read_and_count(void *ctx, uint64_t pa, unsigned bytes, uint64_t *value)
{
	struct golden_mmu *g = ctx;
	g->mmu.counts.pte_reads++;
	return g->memory.read(g->memory.ctx, pa, bytes, value);
}

static void answer(struct golden_mmu *g, enum mmu_port port)
{
	const struct mmu_request *request = &g->mmu.offer[port].request;
	struct mmu_answer *a = &g->mmu.answer[port];

	*a = golden_translate(&g->regs, &g->counted, request, NULL);

	g->mmu.counts.port[port].translations++;
	g->mmu.counts.port[port].faults[a->reason]++;
	if (request->priv == PRIV_M || golden_mode(&g->regs)->levels == 0)
		g->mmu.counts.port[port].untranslated++;
	else
		g->mmu.counts.port[port].misses++;
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
	if (m->csr.standing && m->csr.csr == CSR_SATP)
		golden_write_satp(&g->regs, m->csr.value);
	m->csr.standing = false;
	if (m->fence.standing)
		m->counts.fences++;
	m->fence.standing = false;
	m->counts.cycles++;
}

static uint64_t csr_read(const struct mmu *m, unsigned csr)
{
	return csr == CSR_SATP ? ((const struct golden_mmu *)m)->regs.satp : 0;
}

static void golden_close(struct mmu *m)
{
	free(m);
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
	g->counted = (struct mmu_memory){g, read_and_count};
	return &g->mmu;
}
