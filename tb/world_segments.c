/* Of the world: segments, over and beside its pages. */
#include "world.h"

#include "scene.h"

enum { PAGE_SHIFT = 12, SEGMENT_REGISTERS = 8 };

/* ---- values -------------------------------------------------------------- */

/* Mostly a page that requests ask for; else either end of the address space, or anywhere. */
static uint64_t any_base(struct world *w)
{
	struct rng *r = &w->rng;
	unsigned kind = rng_below(r, 100);
	uint64_t va = w->recent[rng_below(r, WORLD_RECENT)];

	if (kind < 25)
		va = world_va(w);
	else if (kind < 30)
		va = ~(uint64_t)0;
	else if (kind < 33)
		va = 0;
	else if (kind < 36)
		va = rng_u64(r);
	return va & ~LOW_BITS(PAGE_SHIFT) & LOW_BITS(w->config->xlen);
}

/* From one byte to a few pages, ending where accesses are; sometimes empty or very long. */
static uint64_t any_last(struct world *w, uint64_t base)
{
	struct rng *r = &w->rng;
	unsigned kind = rng_below(r, 100);
	uint64_t last = base + (rng_below(r, 3) << PAGE_SHIFT) +
			w->offset[rng_below(r, WORLD_OFFSETS)] + rng_below(r, 24) - 4;

	if (kind < 30)
		last = base + ((rng_below(r, 3) + 1) << PAGE_SHIFT) - 1;
	else if (kind < 36)
		last = base + LOW_BITS(rng_between(r, 13, w->config->xlen - 1));
	else if (kind < 39)
		last = ~(uint64_t)0;
	else if (kind < 43)
		last = base - 1 - rng_below(r, 2);
	else if (kind < 45)
		last = rng_u64(r);
	return last & LOW_BITS(w->config->xlen);
}

/* Mostly within reach, and often the page that a leaf has too; bits that are not kept, too. */
static uint64_t any_phys(struct world *w)
{
	struct rng *r = &w->rng;
	unsigned kind = rng_below(r, 100);
	uint64_t page = kind < 55   ? w->page[rng_below(r, WORLD_PAGES)]
			: kind < 90 ? world_page(w, 0)
				    : rng_u64(r);

	return page << PAGE_SHIFT | (rng_chance(r, 10) ? rng_below(r, 1 << PAGE_SHIFT) : 0);
}

static uint64_t any_segment_cfg(struct world *w)
{
	static const unsigned sound[] = {PR, PR | PW, PX, PR | PX, PR | PW | PX, PR | PW | PX};
	struct rng *r = &w->rng;
	uint64_t cfg = sound[rng_below(r, 6)];

	if (rng_chance(r, 12))
		cfg = rng_u64(r) & LOW_BITS(16) & ~(uint64_t)PV;
	cfg |= rng_chance(r, 85) ? PV : 0;
	cfg |= rng_chance(r, 50) ? PU : 0;
	cfg |= rng_chance(r, 40) ? 1u << SEG_G : 0;
	return cfg | (uint64_t)w->asid[rng_below(r, WORLD_INDICES)] << SEG_ASID;
}

/* Mostly beside paging: alone, all that lies in no segment is a fault. */
static uint64_t any_segctl(struct world *w)
{
	struct rng *r = &w->rng;
	unsigned kind = rng_below(r, 100);
	unsigned mode = kind < 25   ? SEGMODE_PAGING
			: kind < 85 ? SEGMODE_BOTH
			: kind < 96 ? SEGMODE_SEGMENTS
				    : 3;

	if (mode != 3 && w->config->segments)
		w->segment_mode = mode;
	return mode | (uint64_t)w->asid[rng_below(r, WORLD_INDICES)] << SEGCTL_ASID;
}

/* ---- writes -------------------------------------------------------------- */

static void write_register(struct world *w, unsigned number, uint64_t value)
{
	world_enqueue(w, number, value & LOW_BITS(w->config->xlen));
}

/* A segment whole, at which a recent address may lie. */
static void write_segment(struct world *w, unsigned i)
{
	unsigned first = REG_SEGMENT0 + SEGMENT_REGISTERS * i;
	uint64_t base = any_base(w), phys = any_phys(w);

	w->segment[i].base = base;
	w->segment[i].last = any_last(w, base);
	write_register(w, first + SEGREG_BASE, base);
	write_register(w, first + SEGREG_LAST, w->segment[i].last);
	write_register(w, first + SEGREG_PHYS, phys);
	if (w->config->xlen == 32)
		write_register(w, first + SEGREG_PHYSH, phys >> 32);
	write_register(w, first + SEGREG_CFG, any_segment_cfg(w));
}

/* One register alone: of a segment that is there or not, or of none. */
static void write_one(struct world *w, unsigned i)
{
	struct rng *r = &w->rng;
	unsigned which = rng_below(r, SEGMENT_REGISTERS);
	uint64_t value = which == SEGREG_BASE   ? any_base(w)
			 : which == SEGREG_LAST ? any_last(w, w->recent[0])
			 : which == SEGREG_PHYS ? any_phys(w)
			 : which == SEGREG_CFG  ? any_segment_cfg(w)
						: rng_u64(r);

	if (rng_chance(r, 4))
		i = rng_below(r, 16);
	write_register(w, REG_SEGMENT0 + SEGMENT_REGISTERS * i + which, value);
}

uint64_t world_segment_va(struct world *w)
{
	struct rng *r = &w->rng;
	unsigned n = w->config->segments;
	unsigned i = rng_below(r, n > 4 && rng_chance(r, 70) ? 4 : n);
	uint64_t base = w->segment[i].base, last = w->segment[i].last;
	uint64_t va =
	    rng_chance(r, 50) ? last - rng_below(r, 80) + 8 : base + rng_below(r, 3 << PAGE_SHIFT);

	return va & LOW_BITS(w->config->xlen);
}

void world_segments_off(struct world *w)
{
	if (w->config->segments == 0)
		return;
	w->segment_mode = SEGMODE_PAGING;
	write_register(w, REG_SEGCTL, SEGMODE_PAGING);
}

void world_segments_on(struct world *w)
{
	struct rng *r = &w->rng;

	if (w->config->segments == 0)
		return;
	for (unsigned i = 0; i < 3 && i < w->config->segments; i++)
		write_segment(w, i);
	w->segment_mode = SEGMODE_BOTH;
	write_register(w, REG_SEGCTL,
		       SEGMODE_BOTH | (uint64_t)w->asid[rng_below(r, WORLD_INDICES)]
					  << SEGCTL_ASID);
}

void world_segment_write(struct world *w)
{
	struct rng *r = &w->rng;
	unsigned n = w->config->segments ? w->config->segments : 1;
	unsigned i = rng_below(r, n > 4 && rng_chance(r, 70) ? 4 : n);

	if (rng_chance(r, w->segment_mode == SEGMODE_SEGMENTS ? 70 : 20))
		write_register(w, REG_SEGCTL, any_segctl(w));
	else if (rng_chance(r, 60))
		write_segment(w, i);
	else
		write_one(w, i);
}
