/* Of the world: registers, addresses, requests and fences. */
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

/* A place that PMP regions begin or end at: in a table, in a page, anywhere. */
static uint64_t any_place(struct world *w)
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
	uint64_t place = any_place(w) >> 2;

	if (rng_chance(r, 50))
		return place;
	unsigned ones = rng_chance(r, 60) ? rng_below(r, 10) : rng_below(r, 34);
	return (place & ~LOW_BITS(ones + 1)) | LOW_BITS(ones);
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
		request.va = any_place(w) & ~LOW_BITS(PAGE_SHIFT) & LOW_BITS(w->config->xlen);
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
