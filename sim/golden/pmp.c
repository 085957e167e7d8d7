/*
 * Physical memory protection (section 2.8) and Smepmp (2.9): the registers of
 * its entries, and its verdict on one access.
 */
#include "rules.h"

enum { RWX = 1 << PMP_R | 1 << PMP_W | 1 << PMP_X };

static unsigned mode_of(const struct golden_pmp_entry *e)
{
	return e->cfg >> PMP_A & 3;
}

static bool is_locked(const struct golden_pmp_entry *e)
{
	return golden_bit(e->cfg, PMP_L);
}

bool pmp_any_locked(const struct golden_pmp *pmp)
{
	for (unsigned i = 0; i < pmp->entries; i++)
		if (is_locked(&pmp->entry[i]))
			return true;
	return false;
}

/* ---- what an entry matches ----------------------------------------------- */

/* norm:pmp_region_granularity_g: as it counts and reads with A[1] = 1, */
static uint64_t addr_napot(const struct golden_pmp *pmp, unsigned i)
{
	return pmp->entry[i].addr | (pmp->grain >= 2 ? LOW_BITS(pmp->grain - 1) : 0);
}

/* and with A[1] = 0. */
static uint64_t addr_tor(const struct golden_pmp *pmp, unsigned i)
{
	return pmp->entry[i].addr & ~LOW_BITS(pmp->grain);
}

/* Sets first and last from the registers. pmpaddr counts in words of four bytes. */
static void find_range(struct golden_pmp *pmp, unsigned i)
{
	struct golden_pmp_entry *e = &pmp->entry[i];
	uint64_t addr = addr_napot(pmp, i);
	uint64_t size_bits = addr ^ (addr + 1); /* the trailing ones and the zero above */

	/* Nothing: no access begins or ends beyond that first byte. */
	e->first = UINT64_MAX;
	e->last = 0;
	switch (mode_of(e)) {
	case PMP_TOR: { /* from the entry before, whatever that is; none below the first */
		uint64_t top = addr_tor(pmp, i) << 2;
		uint64_t bottom = i ? addr_tor(pmp, i - 1) << 2 : 0;
		if (bottom < top) {
			e->first = bottom;
			e->last = top - 1;
		}
		break;
	}
	case PMP_NA4:
		e->first = e->addr << 2;
		e->last = e->first + 3;
		break;
	case PMP_NAPOT:
		e->first = (addr & ~size_bits) << 2;
		e->last = (addr | size_bits) << 2 | 3;
		break;
	}
}

/* After a write of entry i: the next one's range may begin at its address. */
static void find_ranges(struct golden_pmp *pmp, unsigned i)
{
	find_range(pmp, i);
	if (i + 1 < pmp->entries)
		find_range(pmp, i + 1);
	pmp->used = 0;
	for (unsigned j = 0; j < pmp->entries; j++)
		if (pmp->entry[j].first <= pmp->entry[j].last)
			pmp->used = j + 1;
}

/* ---- registers ----------------------------------------------------------- */

void pmp_reset(struct golden_pmp *pmp, const struct mmu_config *config)
{
	*pmp = (struct golden_pmp){.entries = config->pmp_entries, .grain = config->pmp_grain};
	for (unsigned i = 0; i < pmp->entries; i++)
		find_range(pmp, i);
}

/* norm:mseccfg_mml_X_restrict: a rule that lets M-mode execute may not be added. L is set. */
static bool adds_machine_code(uint8_t cfg)
{
	bool r = golden_bit(cfg, PMP_R), w = golden_bit(cfg, PMP_W), x = golden_bit(cfg, PMP_X);

	return (!r && !w && x) || (!r && w && !x) || (!r && w && x) || (r && !w && x);
}

void pmp_write_cfg(struct golden_regs *regs, unsigned i, uint8_t cfg)
{
	struct golden_pmp *pmp = &regs->pmp;
	bool rlb = golden_bit(regs->mseccfg, MSECCFG_RLB);

	if (i >= pmp->entries)
		return;
	/* A locked entry keeps what it has; RLB opens it. */
	if (is_locked(&pmp->entry[i]) && !rlb)
		return;
	if (pmp->mml && !rlb && golden_bit(cfg, PMP_L) && adds_machine_code(cfg))
		return;

	/* Bits 6:5 read as zero. */
	cfg &= RWX | 3 << PMP_A | 1 << PMP_L;
	/* W without R is reserved unless MML gives it a meaning: neither is kept. */
	if (!pmp->mml && !golden_bit(cfg, PMP_R))
		cfg &= ~(1 << PMP_W);
	/* norm:pmp_region_granularity_g: four bytes are less than a grain. */
	if (pmp->grain >= 1 && (cfg >> PMP_A & 3) == PMP_NA4)
		cfg &= ~(3 << PMP_A);

	pmp->entry[i].cfg = cfg;
	find_ranges(pmp, i);
}

void pmp_write_addr(struct golden_regs *regs, unsigned i, uint64_t addr)
{
	struct golden_pmp *pmp = &regs->pmp;

	if (i >= pmp->entries)
		return;
	/* Locked itself, or the lower bound of a locked entry. */
	if (!golden_bit(regs->mseccfg, MSECCFG_RLB)) {
		if (is_locked(&pmp->entry[i]))
			return;
		if (i + 1 < pmp->entries && is_locked(&pmp->entry[i + 1]) &&
		    mode_of(&pmp->entry[i + 1]) == PMP_TOR)
			return;
	}
	/* No address is wider than physical memory. */
	pmp->entry[i].addr = addr & LOW_BITS(regs->config.pa_bits - 2);
	find_ranges(pmp, i);
}

uint64_t pmp_read_addr(const struct golden_pmp *pmp, unsigned i)
{
	if (i >= pmp->entries)
		return 0;
	return golden_bit(mode_of(&pmp->entry[i]), 1) ? addr_napot(pmp, i) : addr_tor(pmp, i);
}

/* ---- the verdict --------------------------------------------------------- */

/* R, W, X that an entry gives. */
static uint8_t rights_of(const struct golden_pmp *pmp, uint8_t cfg, bool machine)
{
	enum { R = 1 << PMP_R, W = 1 << PMP_W, X = 1 << PMP_X };
	/* norm:mml_truth_table, a row for each of L R W X */
	static const struct {
		uint8_t machine, others;
	} locked_down[16] = {
	    /* 0000 */ {0, 0},     /* 0001 */ {0, X},
	    /* 0010 */ {R | W, R}, /* 0011 */ {R | W, R | W},
	    /* 0100 */ {0, R},     /* 0101 */ {0, R | X},
	    /* 0110 */ {0, R | W}, /* 0111 */ {0, R | W | X},
	    /* 1000 */ {0, 0},     /* 1001 */ {X, 0},
	    /* 1010 */ {X, X},     /* 1011 */ {R | X, X},
	    /* 1100 */ {R, 0},     /* 1101 */ {R | X, 0},
	    /* 1110 */ {R | W, 0}, /* 1111 */ {R, R},
	};
	bool l = golden_bit(cfg, PMP_L), r = golden_bit(cfg, PMP_R), w = golden_bit(cfg, PMP_W),
	     x = golden_bit(cfg, PMP_X);

	if (pmp->mml) {
		unsigned row = l << 3 | r << 2 | w << 1 | x;
		return machine ? locked_down[row].machine : locked_down[row].others;
	}
	return machine && !l ? RWX : cfg & RWX;
}

/* norm:pmp_no_entry_match, and with Smepmp MMWP and MML. */
static uint8_t rights_without_entry(const struct golden_pmp *pmp, bool machine)
{
	if (!machine)
		return pmp->entries ? 0 : RWX;
	if (pmp->mmwp)
		return 0;
	return pmp->mml ? RWX & ~(1 << PMP_X) : RWX;
}

static int deciding_entry(const struct golden_pmp *pmp, uint64_t pa, unsigned bytes)
{
	uint64_t last = pa + bytes - 1;

	/* norm:pmp_entry_priority: the lowest-numbered that matches any byte. */
	for (unsigned i = 0; i < pmp->used; i++)
		if (pmp->entry[i].first <= last && pa <= pmp->entry[i].last)
			return (int)i;
	return -1;
}

int golden_pmp_entry(const struct golden_pmp *pmp, uint64_t pa, unsigned bytes)
{
	return deciding_entry(pmp, pa, bytes);
}

bool golden_pmp_allows(const struct golden_pmp *pmp, const struct golden_pmp_check *check)
{
	bool machine = check->priv == PRIV_M;
	int i = deciding_entry(pmp, check->pa, check->bytes);
	uint8_t rights;

	if (i < 0) {
		rights = rights_without_entry(pmp, machine);
	} else {
		const struct golden_pmp_entry *e = &pmp->entry[i];
		/* norm:pmp_full_match_required: part of an access never passes, in M neither. */
		if (check->pa < e->first || check->pa + check->bytes - 1 > e->last)
			return false;
		rights = rights_of(pmp, e->cfg, machine);
	}
	rights &= check->need;
	return check->any ? rights != 0 : rights == check->need;
}
