/* Of the world: registers, and what is written to them. */
#include "world.h"

#include "scene.h"

enum { PAGE_SHIFT = 12 };

/* ---- satp ---------------------------------------------------------------- */

unsigned world_levels(const struct world *w, uint64_t satp)
{
	if (w->config->xlen == 32)
		return satp >> 31 & 1 ? 2 : 0;
	unsigned mode = satp >> 60;
	return mode == SATP_BARE ? 0 : mode - SATP_SV39 + 3;
}

static uint64_t any_satp(struct world *w)
{
	struct rng *r = &w->rng;
	bool rv32 = w->config->xlen == 32;
	unsigned levels = rv32 ? 2 : rng_between(r, 3, w->config->levels);
	unsigned mode = rv32 ? SATP_SV32 : SATP_SV39 + levels - 3;
	uint64_t root, asid = w->asid[rng_below(r, WORLD_INDICES)];

	if (rng_chance(r, 90))
		root = w->table[(levels - 1) + w->config->levels * rng_below(r, 3)];
	else if (rng_chance(r, 70))
		root = w->table[rng_below(r, w->tables)];
	else
		root = rng_u64(r);
	root = root >> PAGE_SHIFT & LOW_BITS(w->ppn_bits);

	if (rng_chance(r, 4))
		mode = SATP_BARE;
	else if (!rv32 && rng_chance(r, 4))
		mode = rng_below(r, 16);
	if (rv32)
		return (uint64_t)mode << 31 | (asid & 0x1ff) << 22 | root;
	return (uint64_t)mode << 60 | asid << 44 | root;
}

/* ---- the other registers ------------------------------------------------- */

void world_enqueue(struct world *w, unsigned csr, uint64_t value)
{
	if (w->queued == w->taken)
		w->queued = w->taken = 0;
	if (w->queued < WORLD_WRITES)
		w->queue[w->queued++] = (struct world_write){csr, value};
}

static unsigned pmpcfg_of(const struct world *w, unsigned entry)
{
	return CSR_PMPCFG0 + (w->config->xlen == 32 ? entry / 4 : entry / 8 * 2);
}

void world_switch_on(struct world *w)
{
	uint64_t all = 1ull << ENVCFG_SSE | 1ull << ENVCFG_ADUE | 1ull << ENVCFG_PBMTE;

	world_enqueue(w, CSR_MENVCFG, all & LOW_BITS(w->config->xlen));
	if (w->config->xlen == 32)
		world_enqueue(w, CSR_MENVCFGH, all >> 32);
}

void world_open_pmp(struct world *w)
{
	unsigned last = w->config->pmp_entries - 1, each = w->pte_bytes;

	if (w->config->pmp_entries == 0)
		return;
	world_enqueue(w, CSR_PMPADDR0 + last, LOW_BITS(w->config->xlen));
	for (unsigned entry = 0; entry <= last; entry += each) {
		uint64_t value = 0;
		if (entry + each > last)
			value = (uint64_t)(C_RWX | C_NAPOT) << last % each * 8;
		world_enqueue(w, pmpcfg_of(w, entry), value);
	}
}

static unsigned any_cfg(struct world *w)
{
	static const unsigned modes[] = {C_OFF, C_TOR, C_TOR, C_NA4, C_NA4, C_NAPOT, C_NAPOT};
	struct rng *r = &w->rng;
	unsigned cfg = modes[rng_below(r, 7)];

	cfg |= rng_chance(r, 70) ? C_RWX : rng_below(r, 8);
	cfg |= rng_chance(r, 10) ? 0x60 : 0;
	if (w->may_lock && rng_chance(r, 4))
		cfg |= CL;
	return cfg;
}

uint64_t world_place(struct world *w)
{
	struct rng *r = &w->rng;
	unsigned kind = rng_below(r, 100), offset = w->offset[rng_below(r, WORLD_OFFSETS)];

	if (kind < 12) /* at a PTE, or in its middle */
		return w->table[rng_below(r, w->tables)] +
		       w->index[rng_below(r, WORLD_INDICES)] * w->pte_bytes + rng_below(r, 3) * 4;
	if (kind < 20)
		return w->table[rng_below(r, w->tables)] + offset;
	if (kind < 88)
		return (w->page[rng_below(r, WORLD_PAGES)] << PAGE_SHIFT) + offset +
		       rng_below(r, 3) * 4;
	if (kind < 95)
		return world_page(w, 0) << PAGE_SHIFT;
	return rng_u64(r) & LOW_BITS(w->config->pa_bits);
}

/* As NAPOT: mostly a region within a page, else larger; as TOR and NA4 any bits do. */
static uint64_t any_pmpaddr(struct world *w)
{
	struct rng *r = &w->rng;
	uint64_t place = world_place(w) >> 2;

	if (rng_chance(r, 50))
		return place;
	unsigned ones = rng_chance(r, 60) ? rng_below(r, 10) : rng_below(r, 34);
	return (place & ~LOW_BITS(ones + 1)) | LOW_BITS(ones);
}

/* A word that accesses ask for, as a region of its own: address and mode must fit together. */
static void protect_word(struct world *w, unsigned entry)
{
	struct rng *r = &w->rng;
	unsigned csr = pmpcfg_of(w, entry), shift = entry % w->pte_bytes * 8;
	uint64_t others = mmu_csr_read(w->mmu, csr) & ~(0xffull << shift);
	uint64_t word = (w->page[rng_below(r, WORLD_PAGES)] << PAGE_SHIFT) +
			w->offset[rng_below(r, WORLD_OFFSETS)] + rng_below(r, 3) * 4;

	world_enqueue(w, CSR_PMPADDR0 + entry, word >> 2 & LOW_BITS(w->config->xlen));
	world_enqueue(w, csr, others | (uint64_t)(C_RWX | C_NA4) << shift);
}

static struct world_write any_pmp_write(struct world *w)
{
	struct rng *r = &w->rng;
	unsigned n = w->config->pmp_entries, last = n - 1;
	unsigned entry = rng_below(r, rng_chance(r, 80) && n > 8 ? 8 : n);
	unsigned csr = pmpcfg_of(w, entry), shift = entry % w->pte_bytes * 8;

	if (rng_chance(r, 15)) {
		world_open_pmp(w);
		return world_write(w, 0);
	}
	if (entry < last && rng_chance(r, 12)) {
		protect_word(w, entry);
		return world_write(w, 0);
	}
	if (entry == last && !rng_chance(r, 5))
		entry = 0, csr = pmpcfg_of(w, 0), shift = 0;
	if (rng_chance(r, n > 1 ? 50 : 5))
		return (struct world_write){CSR_PMPADDR0 + entry,
					    any_pmpaddr(w) & LOW_BITS(w->config->xlen)};
	uint64_t others = mmu_csr_read(w->mmu, csr) & ~(0xffull << shift);
	if (n == 1 && rng_chance(r, 70))
		return (struct world_write){csr, C_RWX | C_NAPOT};
	return (struct world_write){csr, others | (uint64_t)any_cfg(w) << shift};
}

static uint64_t any_pmm(struct world *w, unsigned priv)
{
	struct rng *r = &w->rng;
	unsigned pmm = rng_chance(r, 8) ? 1 : rng_chance(r, 35) ? 0 : rng_between(r, 2, 3);

	if (pmm != 1)
		w->pmm[priv] = pmm;
	return (uint64_t)pmm << ENVCFG_PMM;
}

/* Fields that mean nothing to translation are set, too. */
static uint64_t any_menvcfg(struct world *w)
{
	struct rng *r = &w->rng;
	uint64_t known =
	    1ull << ENVCFG_SSE | 1ull << ENVCFG_ADUE | 1ull << ENVCFG_PBMTE | 3ull << ENVCFG_PMM;
	uint64_t value = rng_chance(r, 20) ? rng_u64(r) & ~known : 0;

	value |= rng_chance(r, 80) ? 1ull << ENVCFG_SSE : 0;
	value |= rng_chance(r, 65) ? 1ull << ENVCFG_ADUE : 0;
	value |= rng_chance(r, 85) ? 1ull << ENVCFG_PBMTE : 0;
	return value | any_pmm(w, PRIV_S);
}

static uint64_t any_mseccfg(struct world *w)
{
	struct rng *r = &w->rng;
	uint64_t value = any_pmm(w, PRIV_M);

	value |= rng_chance(r, 20) ? M_RLB : 0;
	if (w->may_mml) {
		value |= rng_chance(r, 5) ? M_MML : 0;
		value |= rng_chance(r, 5) ? M_MMWP : 0;
	}
	return value;
}

bool world_write_due(const struct world *w)
{
	return w->taken < w->queued;
}

/* Percent of the writes. Without segments their registers are written too, but seldom. */
static unsigned segment_share(const struct world *w)
{
	if (w->config->segments == 0)
		return 2;
	return w->segment_mode == SEGMODE_SEGMENTS ? 60 : 25;
}

struct world_write world_write(struct world *w, uint64_t satp)
{
	struct rng *r = &w->rng;
	bool rv32 = w->config->xlen == 32;
	unsigned kind = rng_below(r, 100);

	if (!world_write_due(w) && rng_chance(r, segment_share(w)))
		world_segment_write(w);
	if (world_write_due(w))
		return w->queue[w->taken++];
	if (kind < (world_levels(w, satp) ? 40 : 80))
		return (struct world_write){CSR_SATP, any_satp(w)};
	if (kind < 60) {
		uint64_t value = any_menvcfg(w);
		if (rv32 && rng_chance(r, 50))
			return (struct world_write){CSR_MENVCFGH, value >> 32};
		return (struct world_write){CSR_MENVCFG, value & LOW_BITS(w->config->xlen)};
	}
	if (kind < 66)
		return (struct world_write){CSR_SENVCFG,
					    any_pmm(w, PRIV_U) & LOW_BITS(w->config->xlen)};
	if (kind < 72)
		return (struct world_write){CSR_MSECCFG,
					    any_mseccfg(w) & LOW_BITS(w->config->xlen)};
	if (w->config->pmp_entries)
		return any_pmp_write(w);
	return (struct world_write){CSR_PMPCFG0 + rng_below(r, 80),
				    rng_u64(r) & LOW_BITS(w->config->xlen)};
}
