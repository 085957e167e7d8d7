#include "world.h"

#include "scene.h"

enum { PAGE_SHIFT = 12 };

/* ---- PTEs ---------------------------------------------------------------- */

/* A page number of a leaf of that level: mostly aligned and within reach. */
static uint64_t leaf_ppn(struct world *w, unsigned level)
{
	struct rng *r = &w->rng;
	unsigned kind = rng_below(r, 100);
	uint64_t ppn = kind < 60   ? w->page[rng_below(r, WORLD_PAGES)]
		       : kind < 90 ? world_page(w, 0)
				   : rng_u64(r);

	if (!rng_chance(r, 6))
		ppn &= LOW_BITS(w->config->pa_bits - PAGE_SHIFT);
	if (!rng_chance(r, 6))
		ppn &= ~LOW_BITS(level * w->vpn_bits);
	return ppn & LOW_BITS(w->ppn_bits);
}

/* Bits that only some configurations know; now and then where they are reserved, too. */
static uint64_t upper_bits(struct world *w, unsigned level, uint64_t *ppn)
{
	const struct mmu_config *c = w->config;
	struct rng *r = &w->rng;
	uint64_t bits = 0;

	if (rng_chance(r, c->svpbmt ? 25 : 1))
		bits |= (rng_chance(r, 6) ? 3 : rng_between(r, 1, 2)) << PTE_PBMT;
	if (rng_chance(r, c->svrsw60t59b ? 25 : 1))
		bits |= rng_below(r, 4) << PTE_RSW_HIGH;
	if (rng_chance(r, c->svnapot && level == 0 ? 25 : 1)) {
		bits |= 1ull << PTE_N;
		if (rng_chance(r, 90))
			*ppn = (*ppn & ~(uint64_t)0xf) | NAPOT_64K;
	}
	return bits;
}

static uint64_t leaf(struct world *w, unsigned level)
{
	static const unsigned sound[] = {PR, PR | PW, PX, PR | PX, PR | PW | PX};
	struct rng *r = &w->rng;
	unsigned flags = PV | sound[rng_below(r, 5)];
	uint64_t ppn = leaf_ppn(w, level), upper = 0;

	if (rng_chance(r, w->config->zicfiss ? 15 : 3))
		flags = PV | PW | (rng_chance(r, 15) ? PX : 0);
	flags |= rng_chance(r, 45) ? PU : 0;
	flags |= rng_chance(r, 15) ? PG : 0;
	flags |= rng_chance(r, 70) ? PA : 0;
	flags |= rng_chance(r, 60) ? PD : 0;
	flags |= rng_below(r, 4) << PTE_RSW;
	if (w->pte_bytes == 8)
		upper = upper_bits(w, level, &ppn);
	return upper | ppn << PTE_PPN | flags;
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
	w->changes = 0;
	for (unsigned t = 0; t < w->tables; t++)
		for (unsigned i = 0; i < WORLD_INDICES; i++)
			write_pte(w, place(w, t, i), any_pte(w, t % w->config->levels));
}

/* The oldest of the poisoned words is healed, for there are never more than a few; a pa of 0
 * heals alone. */
static void poison(struct world *w, uint64_t pa)
{
	uint64_t *slot = &w->poisoned[w->poisons++ % WORLD_POISONED];
	if (*slot) {
		before_write(w, *slot, w->pte_bytes);
		sparse_poison(w->ram, *slot, false);
	}
	*slot = pa;
	if (pa) {
		before_write(w, pa, w->pte_bytes);
		sparse_poison(w->ram, pa, true);
	}
}

/* As another hart may do it between the read of the PTE and its update. */
static uint64_t other_value(struct world *w, uint64_t present, unsigned level)
{
	struct rng *r = &w->rng;
	unsigned kind = rng_below(r, 100);

	if (kind < 30)
		return any_pte(w, level);
	if (kind < 60)
		return present ^ (rng_chance(r, 50) ? PA : PD);
	if (kind < 70)
		return present ^ PV;
	if (kind < 90)
		return present ^ 1ull << rng_below(r, 8);
	return (present & LOW_BITS(PTE_PPN)) | leaf_ppn(w, level) << PTE_PPN;
}

/* So that the world stays much as it was: few of its PTEs are not what they were at first. */
static void note_change(struct world *w, uint64_t pa, uint64_t present)
{
	for (unsigned i = 0; i < w->changes; i++)
		if (w->changed[i].pa == pa)
			return;
	unsigned i = w->changes < WORLD_CHANGES ? w->changes++ : rng_below(&w->rng, WORLD_CHANGES);
	w->changed[i].pa = pa;
	w->changed[i].pte = present;
}

static void change_back(struct world *w)
{
	unsigned i = rng_below(&w->rng, w->changes);

	write_pte(w, w->changed[i].pa, w->changed[i].pte);
	w->changed[i] = w->changed[--w->changes];
}

void world_change(struct world *w)
{
	struct rng *r = &w->rng;
	unsigned table = rng_below(r, w->tables);
	uint64_t pa = place(w, table, rng_below(r, WORLD_INDICES));
	uint64_t present;

	if (w->changes && rng_chance(r, 45)) {
		change_back(w);
		return;
	}
	/* A PTE read just now belongs to no table that we know; then its level is any. */
	if (w->reads >= WORLD_READS && rng_chance(r, 60))
		pa = w->read[rng_below(r, WORLD_READS)];
	if (rng_chance(r, 14)) {
		poison(w, rng_chance(r, 20) ? pa : 0);
		return;
	}
	present = sparse_peek(w->ram, pa, w->pte_bytes);
	note_change(w, pa, present);
	write_pte(w, pa, other_value(w, present, table % w->config->levels));
}

static bool read_and_note(void *ctx, uint64_t pa, unsigned bytes, uint64_t *value)
{
	struct world *w = ctx;

	if (w->read[(w->reads + WORLD_READS - 1) % WORLD_READS] != pa)
		w->read[w->reads++ % WORLD_READS] = pa;
	return sparse_read(w->ram, pa, bytes, value);
}

static bool swap(void *ctx, uint64_t pa, unsigned bytes, uint64_t expected, uint64_t desired,
		 uint64_t *old)
{
	struct world *w = ctx;
	return sparse_swap(w->ram, pa, bytes, expected, desired, old);
}

struct mmu_memory world_memory(struct world *w)
{
	return (struct mmu_memory){.ctx = w, .read = read_and_note, .swap = swap};
}

bool world_leaf(struct world *w, uint64_t satp, uint64_t va, uint64_t *pte, unsigned *level)
{
	uint64_t table = (satp & LOW_BITS(w->ppn_bits)) << PAGE_SHIFT;

	for (*level = world_levels(w, satp); (*level)-- > 0;) {
		uint64_t index = va >> (PAGE_SHIFT + *level * w->vpn_bits) & LOW_BITS(w->vpn_bits);
		*pte = sparse_peek(w->ram, table + index * w->pte_bytes, w->pte_bytes);
		if (!(*pte & PV))
			return false;
		if (*pte & (PR | PW | PX))
			return true;
		table = (*pte >> PTE_PPN & LOW_BITS(w->ppn_bits)) << PAGE_SHIFT;
	}
	return false;
}

/* ---- the beginning ------------------------------------------------------- */

uint64_t world_page(struct world *w, unsigned attributes)
{
	struct rng *r = &w->rng;
	const struct mmu_config *c = w->config;
	const struct mmu_pma *region = &c->pma[rng_below(r, c->pma_regions)];

	for (unsigned i = 0; i < 32 && (region->attributes & attributes) != attributes; i++)
		region = &c->pma[rng_below(r, c->pma_regions)];

	uint64_t pages = region->size >> PAGE_SHIFT, first = region->base >> PAGE_SHIFT;
	uint64_t page = rng_chance(r, 15) ? 0 : rng_chance(r, 15) ? pages - 1 : rng_below(r, pages);
	return (first + page) & LOW_BITS(c->pa_bits - PAGE_SHIFT);
}

/* Mostly where PTEs may be read, spread over all the physical width. */
static void place_tables(struct world *w)
{
	uint64_t last = LOW_BITS(w->config->pa_bits - PAGE_SHIFT);

	w->tables = w->config->levels * WORLD_TABLES_A_LEVEL;
	for (unsigned t = 0; t < w->tables; t++)
		w->table[t] = world_page(w, rng_chance(&w->rng, 94) ? 1 << PMA_PT_READ : 0)
			      << PAGE_SHIFT;
	if (rng_chance(&w->rng, 50))
		w->table[rng_below(&w->rng, w->tables)] = last << PAGE_SHIFT;
}

/* Neighbours in one bit, all zeros and one other: near-misses of each other. With 2 and 3 a
 * leaf of the highest levels reaches memory at 2 GiB. */
static void choose_indices(struct world *w)
{
	unsigned n = 1u << w->vpn_bits;

	w->index[0] = 0;
	w->index[1] = rng_chance(&w->rng, 50) ? rng_between(&w->rng, 2, 3) : rng_below(&w->rng, n);
	w->index[2] = w->index[1] ^ 1u << rng_below(&w->rng, w->vpn_bits);
	w->index[3] = rng_chance(&w->rng, 50) ? n - 1 : rng_below(&w->rng, n);

	w->asid[0] = 0;
	w->asid[1] = rng_u64(&w->rng);
	w->asid[2] = w->asid[1] ^ 1u << rng_below(&w->rng, 16);
	w->asid[3] = w->config->asid_bits ? 1u << (w->config->asid_bits - 1) : 1;
}

/* The page's ends, its middle, and a place of no meaning. */
static void choose_offsets(struct world *w)
{
	w->offset[0] = 0;
	w->offset[1] = 0x800;
	w->offset[2] = rng_below(&w->rng, 1 << PAGE_SHIFT) & ~7u;
	w->offset[3] = 0xff8;
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
	choose_offsets(w);
	for (unsigned i = 0; i < WORLD_PAGES; i++)
		w->page[i] = world_page(w, 0);
	w->may_lock = rng_chance(&w->rng, 40);
	w->may_mml = rng_chance(&w->rng, 40);
	world_renew(w);
	world_open_pmp(w);
	world_switch_on(w);
}

void world_end(struct world *w)
{
	sparse_free(w->ram);
}
