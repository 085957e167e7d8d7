#include "world.h"

#include "scene.h"

#define LOW_BITS(n) ((n) >= 64 ? UINT64_MAX : ((uint64_t)1 << (n)) - 1)

enum { PAGE_SHIFT = 12 };

/* ---- PTEs ---------------------------------------------------------------- */

/* A page number of a leaf of that level: mostly aligned and within reach. */
static uint64_t leaf_ppn(struct world *w, unsigned level)
{
	uint64_t ppn =
	    rng_chance(&w->rng, 30) ? w->page[rng_below(&w->rng, WORLD_PAGES)] : rng_u64(&w->rng);
	if (!rng_chance(&w->rng, 6))
		ppn &= LOW_BITS(w->config->pa_bits - PAGE_SHIFT);
	if (!rng_chance(&w->rng, 6))
		ppn &= ~LOW_BITS(level * w->vpn_bits);
	return ppn & LOW_BITS(w->ppn_bits);
}

static uint64_t leaf(struct world *w, unsigned level)
{
	static const unsigned sound[] = {PR, PR | PW, PX, PR | PX, PR | PW | PX};
	struct rng *r = &w->rng;
	unsigned flags = PV | sound[rng_below(r, 5)];

	if (rng_chance(r, 3))
		flags = PV | PW | (rng_chance(r, 50) ? PX : 0);
	flags |= rng_chance(r, 45) ? PU : 0;
	flags |= rng_chance(r, 15) ? PG : 0;
	flags |= rng_chance(r, 92) ? PA : 0;
	flags |= rng_chance(r, 80) ? PD : 0;
	flags |= rng_below(r, 4) << PTE_RSW;
	return leaf_ppn(w, level) << PTE_PPN | flags;
}

/* Mostly to a table of the level below; else to any, or to nowhere. */
static uint64_t pointer(struct world *w, unsigned level)
{
	struct rng *r = &w->rng;
	unsigned levels = w->config->levels;
	uint64_t ppn;

	if (level > 0 && rng_chance(r, 88))
		ppn = w->table[(level - 1) + levels * rng_below(r, WORLD_TABLES_A_LEVEL)];
	else if (rng_chance(r, 75))
		ppn = w->table[rng_below(r, w->tables)];
	else
		ppn = rng_u64(r);
	ppn = ppn >> PAGE_SHIFT & LOW_BITS(w->ppn_bits);

	unsigned flags = PV | rng_below(r, 4) << PTE_RSW;
	flags |= rng_chance(r, 8) ? PG : 0;
	if (rng_chance(r, 3))
		flags |= 1u << (const unsigned[]){PTE_A, PTE_D, PTE_U}[rng_below(r, 3)];
	return ppn << PTE_PPN | flags;
}

static uint64_t any_pte(struct world *w, unsigned level)
{
	struct rng *r = &w->rng;
	unsigned kind = rng_below(r, 100);
	uint64_t pte;

	if (kind < 2)
		pte = rng_u64(r);
	else if (kind < (level ? 65 : 8))
		pte = pointer(w, level);
	else
		pte = leaf(w, level);
	if (rng_chance(r, 4))
		pte &= ~(uint64_t)PV;
	if (w->pte_bytes == 8 && rng_chance(r, 2))
		pte |= 1ull << rng_between(r, PTE_RESERVED, 63);
	return pte & LOW_BITS(8 * w->pte_bytes);
}

/* ---- tables -------------------------------------------------------------- */

static void before_write(struct world *w, uint64_t pa, unsigned bytes)
{
	if (w->mmu)
		mmu_before_write(w->mmu, pa, bytes);
}

static void write_pte(struct world *w, uint64_t pa, uint64_t pte)
{
	before_write(w, pa, w->pte_bytes);
	sparse_write(w->ram, pa, w->pte_bytes, pte);
}

static uint64_t place(const struct world *w, unsigned table, unsigned index)
{
	return w->table[table] + w->index[index] * w->pte_bytes;
}

void world_renew(struct world *w)
{
	for (unsigned t = 0; t < w->tables; t++)
		for (unsigned i = 0; i < WORLD_INDICES; i++)
			write_pte(w, place(w, t, i), any_pte(w, t % w->config->levels));
}

/* The oldest of the poisoned words is healed, for there are never more than a few. */
static void poison(struct world *w, uint64_t pa)
{
	uint64_t *slot = &w->poisoned[w->poisons++ % WORLD_POISONED];
	if (*slot) {
		before_write(w, *slot, w->pte_bytes);
		sparse_poison(w->ram, *slot, false);
	}
	*slot = pa;
	before_write(w, pa, w->pte_bytes);
	sparse_poison(w->ram, pa, true);
}

void world_change(struct world *w)
{
	struct rng *r = &w->rng;
	unsigned table = rng_below(r, w->tables), kind = rng_below(r, 100);
	uint64_t pa = place(w, table, rng_below(r, WORLD_INDICES));
	uint64_t present = sparse_peek(w->ram, pa, w->pte_bytes);

	if (kind < 55)
		write_pte(w, pa, any_pte(w, table % w->config->levels));
	else if (kind < 70)
		write_pte(w, pa, present ^ PV);
	else if (kind < 90)
		write_pte(w, pa, present ^ 1ull << rng_below(r, 8));
	else
		poison(w, pa);
}

/* ---- the beginning ------------------------------------------------------- */

/* Spread over all the physical width, its last page included. */
static void place_tables(struct world *w)
{
	uint64_t last = LOW_BITS(w->config->pa_bits - PAGE_SHIFT);

	w->tables = w->config->levels * WORLD_TABLES_A_LEVEL;
	for (unsigned t = 0; t < w->tables; t++)
		w->table[t] = rng_between(&w->rng, 1, last) << PAGE_SHIFT;
	w->table[rng_below(&w->rng, w->tables)] = last << PAGE_SHIFT;
}

/* Neighbours in one bit, all zeros and one other: near-misses of each other. */
static void choose_indices(struct world *w)
{
	unsigned n = 1u << w->vpn_bits;

	w->index[0] = 0;
	w->index[1] = rng_below(&w->rng, n);
	w->index[2] = w->index[1] ^ 1u << rng_below(&w->rng, w->vpn_bits);
	w->index[3] = rng_chance(&w->rng, 50) ? n - 1 : rng_below(&w->rng, n);

	w->asid[0] = 0;
	w->asid[1] = rng_u64(&w->rng);
	w->asid[2] = w->asid[1] ^ 1u << rng_below(&w->rng, 16);
	w->asid[3] = w->config->asid_bits ? 1u << (w->config->asid_bits - 1) : 1;
}

void world_begin(struct world *w, const struct mmu_config *config, uint64_t seed)
{
	*w = (struct world){
	    .config = config,
	    .ram = sparse_new(SPARSE_ZERO),
	    .rng = rng_seeded(seed),
	    .vpn_bits = config->xlen == 32 ? 10 : 9,
	    .pte_bytes = config->xlen / 8,
	    .ppn_bits = config->xlen == 32 ? 22 : 44,
	};
	place_tables(w);
	choose_indices(w);
	for (unsigned i = 0; i < WORLD_PAGES; i++)
		w->page[i] = rng_u64(&w->rng);
	world_renew(w);
}

void world_end(struct world *w)
{
	sparse_free(w->ram);
}

/* ---- registers ----------------------------------------------------------- */

unsigned world_levels(const struct world *w, uint64_t satp)
{
	if (w->config->xlen == 32)
		return satp >> 31 & 1 ? 2 : 0;
	unsigned mode = satp >> 60;
	return mode == SATP_BARE ? 0 : mode - SATP_SV39 + 3;
}

uint64_t world_satp(struct world *w)
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

/* ---- addresses ----------------------------------------------------------- */

static uint64_t sign_extend(uint64_t va, unsigned bits)
{
	return (uint64_t)((int64_t)(va << (64 - bits)) >> (64 - bits));
}

static uint64_t fresh_va(struct world *w, unsigned levels)
{
	uint64_t va = 0;
	for (unsigned level = 0; level < levels; level++)
		va |= (uint64_t)w->index[rng_below(&w->rng, WORLD_INDICES)]
		      << (PAGE_SHIFT + level * w->vpn_bits);
	return sign_extend(va, PAGE_SHIFT + levels * w->vpn_bits);
}

/* Another index at one level, all else as it is. */
static uint64_t beside(struct world *w, uint64_t va, unsigned levels)
{
	unsigned shift = PAGE_SHIFT + rng_below(&w->rng, levels) * w->vpn_bits;
	uint64_t index = w->index[rng_below(&w->rng, WORLD_INDICES)];

	va = (va & ~(LOW_BITS(w->vpn_bits) << shift)) | index << shift;
	return sign_extend(va, PAGE_SHIFT + levels * w->vpn_bits);
}

static uint64_t any_va(struct world *w, uint64_t satp)
{
	struct rng *r = &w->rng;
	uint64_t *recent = &w->recent[rng_below(r, WORLD_RECENT)];
	unsigned levels = world_levels(w, satp), kind = rng_below(r, 100);
	uint64_t va = *recent;

	if (levels == 0 || rng_chance(r, 4))
		levels = w->config->levels;
	if (kind >= 80)
		va = fresh_va(w, levels);
	else if (kind >= 60)
		va = beside(w, va, levels);
	if (kind >= 60)
		*recent = va;

	if (rng_chance(r, 2))
		va ^= 1ull << rng_between(r, 32, 63);
	return va & LOW_BITS(w->config->xlen);
}

struct mmu_request world_request(struct world *w, enum mmu_port port, uint64_t satp)
{
	struct rng *r = &w->rng;
	unsigned priv = rng_below(r, 100);
	struct mmu_request request = {
	    .va = any_va(w, satp) & ~LOW_BITS(PAGE_SHIFT),
	    .tag = rng_below(r, 256),
	    .access = port == MMU_FETCH ? ACC_FETCH
		      : rng_below(r, 2) ? ACC_LOAD
					: ACC_STORE,
	    .bytes = 1u << rng_below(r, 4),
	    .priv = priv < 4    ? PRIV_M
		    : priv < 52 ? PRIV_S
				: PRIV_U,
	    .sum = rng_chance(r, 50),
	    .mxr = rng_chance(r, 50),
	};
	request.va |= rng_below(r, (1 << PAGE_SHIFT) - 8);
	return request;
}

struct mmu_fence world_fence(struct world *w, uint64_t satp)
{
	struct rng *r = &w->rng;
	return (struct mmu_fence){
	    .va = any_va(w, satp) | rng_below(r, 1 << PAGE_SHIFT),
	    .asid = w->asid[rng_below(r, WORLD_INDICES)],
	    .rs1_x0 = rng_chance(r, 30),
	    .rs2_x0 = rng_chance(r, 40),
	};
}
