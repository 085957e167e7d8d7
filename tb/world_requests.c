/* Of the world: addresses, requests and fences. */
#include "world.h"

#include "scene.h"

enum { PAGE_SHIFT = 12 };

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

uint64_t world_va(struct world *w)
{
	return fresh_va(w, w->config->levels);
}

/* Another index at one level, or another page of the 16 of a NAPOT leaf; all else as it is. */
static uint64_t beside(struct world *w, uint64_t va, unsigned levels)
{
	unsigned shift = PAGE_SHIFT + rng_below(&w->rng, levels) * w->vpn_bits;
	uint64_t index = w->index[rng_below(&w->rng, WORLD_INDICES)];

	if (shift == PAGE_SHIFT && rng_chance(&w->rng, 40))
		return va ^ rng_below(&w->rng, 16) << PAGE_SHIFT;
	va = (va & ~(LOW_BITS(w->vpn_bits) << shift)) | index << shift;
	return sign_extend(va, PAGE_SHIFT + levels * w->vpn_bits);
}

/* A leaf is there, which no one would refuse for its format. */
static bool is_mapped(struct world *w, uint64_t satp, uint64_t va)
{
	uint64_t pte;
	unsigned level;

	return world_leaf(w, satp, va, &pte, &level) &&
	       !(pte >> PTE_PPN & LOW_BITS(level * w->vpn_bits)) && (pte & PR || !(pte & PX));
}

/* Mostly one that is mapped: faults are many enough. */
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
	if (rng_chance(r, 80))
		for (unsigned i = 0; i < 6 && !is_mapped(w, satp, va); i++)
			va = fresh_va(w, levels);
	*recent = va;

	if (rng_chance(r, 2))
		va ^= 1ull << rng_between(r, 32, 63);
	return va & LOW_BITS(w->config->xlen);
}

/* Bits that pointer masking ignores, mostly where it is in force. */
static uint64_t tagged(struct world *w, const struct mmu_request *request)
{
	struct rng *r = &w->rng;
	unsigned pmm = w->pmm[request->priv];
	bool masks = pmm >= PMM_7 && request->access != ACC_FETCH &&
		     (request->priv == PRIV_M || !request->mxr);

	if (w->config->pointer_masking && rng_chance(r, masks ? 60 : 2))
		return request->va ^ rng_u64(r) << (pmm == PMM_16 ? 64 - 16 : 64 - 7);
	return request->va;
}

/* ---- requests and fences ------------------------------------------------- */

static unsigned any_data_access(struct world *w)
{
	static const unsigned char share[] = {
	    [ACC_LOAD] = 26,   [ACC_STORE] = 24,   [ACC_LR] = 5,         [ACC_SC] = 5,
	    [ACC_AMO] = 8,     [ACC_CBO_ZERO] = 6, [ACC_CBO_MANAGE] = 6, [ACC_PREFETCH] = 6,
	    [ACC_SS_LOAD] = 5, [ACC_SS_STORE] = 5, [ACC_SS_AMO] = 4,
	};
	unsigned n = rng_below(&w->rng, 100), access = 0;

	while (n >= share[access])
		n -= share[access++];
	return access;
}

/* Where regions end more often than anywhere else, and never over the page's end. */
static unsigned any_offset(struct world *w, unsigned bytes)
{
	struct rng *r = &w->rng;
	unsigned room = (1 << PAGE_SHIFT) - bytes, kind = rng_below(r, 100);
	unsigned offset = rng_below(r, room + 1), near = w->offset[rng_below(r, WORLD_OFFSETS)];

	if (kind < 40) /* a whole word */
		offset = near + 4 * rng_below(r, 3);
	else if (kind < 75)
		offset = (near + rng_below(r, 24) - 12) & LOW_BITS(PAGE_SHIFT);
	return offset > room ? room : offset;
}

/* The next address down from which so many bytes lie in one page. */
static uint64_t within_page(uint64_t va, unsigned bytes)
{
	uint64_t over = (va & LOW_BITS(PAGE_SHIFT)) + bytes;

	return over > 1 << PAGE_SHIFT ? va - (over - (1 << PAGE_SHIFT)) : va;
}

/* Who and what the page is for, or most would be refused. */
static void suit(struct world *w, uint64_t satp, struct mmu_request *request)
{
	uint64_t pte;
	unsigned level;

	if (request->priv == PRIV_M || !world_leaf(w, satp, request->va, &pte, &level))
		return;
	request->priv = pte & PU ? PRIV_U : PRIV_S;
	if (request->access != ACC_FETCH && (pte & PW) && !(pte & PR))
		request->access = rng_between(&w->rng, ACC_SS_LOAD, ACC_SS_AMO);
}

struct mmu_request world_request(struct world *w, enum mmu_port port, uint64_t satp)
{
	struct rng *r = &w->rng;
	unsigned priv = rng_below(r, 100);
	struct mmu_request request = {
	    .va = any_va(w, satp) & ~LOW_BITS(PAGE_SHIFT),
	    .tag = rng_below(r, 256),
	    .access = port == MMU_FETCH ? ACC_FETCH : any_data_access(w),
	    .bytes = rng_chance(r, 85) ? 1u << rng_below(r, 4) : rng_between(r, 1, 64),
	    .priv = priv < 6    ? PRIV_M
		    : priv < 53 ? PRIV_S
				: PRIV_U,
	    .sum = rng_chance(r, 50),
	    .mxr = rng_chance(r, 40),
	};

	if (rng_chance(r, 60))
		suit(w, satp, &request);
	/* Untranslated, an address that means something. */
	if ((request.priv == PRIV_M || !world_levels(w, satp)) && rng_chance(r, 70))
		request.va = world_place(w) & ~LOW_BITS(PAGE_SHIFT) & LOW_BITS(w->config->xlen);
	request.va |= any_offset(w, request.bytes);
	if (w->segment_mode != SEGMODE_PAGING && rng_chance(r, 35))
		request.va = within_page(world_segment_va(w), request.bytes);
	request.va = tagged(w, &request);
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
