/* Segments (segments.md): the registers, and the rule for one segment. */
#include "rules.h"

/* A segment's permissions are those of a leaf PTE, and stand where a PTE has them. */
_Static_assert(SEG_V == PTE_V && SEG_R == PTE_R && SEG_W == PTE_W && SEG_X == PTE_X &&
		   SEG_U == PTE_U,
	       "cfg can be read as a PTE");
enum { PERMISSIONS = 1 << SEG_V | 1 << SEG_R | 1 << SEG_W | 1 << SEG_X | 1 << SEG_U };

/* ---- registers ----------------------------------------------------------- */

enum { REGISTERS = 8 }; /* numbers set aside for one segment */

bool segment_is_register(unsigned csr)
{
	return csr - REG_SEGMENT0 < GOLDEN_SEGMENTS * REGISTERS || csr == REG_SEGCTL;
}

/* The ASID field of cfg or segctl, in place: what is not implemented reads zero. */
static uint32_t asid_field(const struct golden_regs *regs, uint64_t value)
{
	_Static_assert(SEG_ASID == SEGCTL_ASID, "one place in both registers");
	return (uint32_t)golden_asid(regs, value >> SEG_ASID) << SEG_ASID;
}

static uint32_t legal_cfg(const struct golden_regs *regs, uint64_t value)
{
	uint32_t cfg = (value & (PERMISSIONS | 1 << SEG_G)) | asid_field(regs, value);

	/* W without R is stored as neither. */
	if (!golden_bit(cfg, SEG_R))
		cfg &= ~(UINT32_C(1) << SEG_W);
	return cfg;
}

/* MODE 3 is reserved: the write is dropped whole. */
static void write_segctl(struct golden_regs *regs, uint64_t value)
{
	uint32_t mode = value & 3;

	if (mode <= SEGMODE_BOTH)
		regs->segments.ctl = mode | asid_field(regs, value);
}

/* The part of phys that one register holds: RV32 has two. */
static uint64_t phys_part(const struct golden_regs *regs, unsigned which)
{
	if (regs->config.xlen == 64)
		return which == SEGREG_PHYS ? LOW_BITS(56) : 0;
	return which == SEGREG_PHYS ? LOW_BITS(32) : LOW_BITS(34) & ~LOW_BITS(32);
}

static void write_phys(struct golden_regs *regs, uint64_t *phys, unsigned which, uint64_t value)
{
	uint64_t part = phys_part(regs, which) & ~GOLDEN_OFFSET;

	*phys = (*phys & ~part) | (value & part);
}

void segment_write(struct golden_regs *regs, unsigned csr, uint64_t value)
{
	unsigned i = (csr - REG_SEGMENT0) / REGISTERS;
	unsigned which = (csr - REG_SEGMENT0) % REGISTERS;

	if (regs->config.segments == 0)
		return;
	if (csr == REG_SEGCTL) {
		write_segctl(regs, value);
		return;
	}
	if (i >= regs->config.segments)
		return;
	struct golden_segment *s = &regs->segments.segment[i];
	if (which == SEGREG_BASE)
		s->base = value & ~GOLDEN_OFFSET;
	else if (which == SEGREG_LAST)
		s->last = value;
	else if (which == SEGREG_PHYS)
		write_phys(regs, &s->phys, which, value);
	else if (which == SEGREG_PHYSH)
		write_phys(regs, &s->phys, which, value << 32);
	else if (which == SEGREG_CFG)
		s->cfg = legal_cfg(regs, value);
}

uint64_t segment_read(const struct golden_regs *regs, unsigned csr)
{
	if (csr == REG_SEGCTL)
		return regs->segments.ctl;
	const struct golden_segment *s = &regs->segments.segment[(csr - REG_SEGMENT0) / REGISTERS];
	switch ((csr - REG_SEGMENT0) % REGISTERS) {
	case SEGREG_BASE:
		return s->base;
	case SEGREG_LAST:
		return s->last;
	case SEGREG_PHYS:
		return s->phys & phys_part(regs, SEGREG_PHYS);
	case SEGREG_PHYSH:
		return (s->phys & phys_part(regs, SEGREG_PHYSH)) >> 32;
	case SEGREG_CFG:
		return s->cfg;
	default:
		return 0;
	}
}

/* ---- the rule ------------------------------------------------------------ */

unsigned golden_segment_mode(const struct golden_regs *regs, const struct mmu_request *request)
{
	return request->priv == PRIV_M ? SEGMODE_PAGING : regs->segments.ctl & 3;
}

bool golden_segment_in_space(const struct golden_segments *segments, const struct golden_segment *s)
{
	return golden_bit(s->cfg, SEG_G) || s->cfg >> SEG_ASID == segments->ctl >> SEGCTL_ASID;
}

int golden_segment_at(const struct golden_segments *segments, uint64_t va)
{
	for (int i = 0; i < GOLDEN_SEGMENTS; i++) {
		const struct golden_segment *s = &segments->segment[i];
		if (golden_bit(s->cfg, SEG_V) && s->base <= va && va <= s->last &&
		    golden_segment_in_space(segments, s))
			return i;
	}
	return -1;
}

bool golden_segment_holds(const struct golden_segment *s, uint64_t va, unsigned bytes)
{
	uint64_t end = va + (bytes - 1);

	/* No wrap-around: past the top of the address space is outside. */
	return s->base <= va && end >= va && end <= s->last;
}

bool golden_segment_place(const struct golden_segment *s, uint64_t va, unsigned pa_bits,
			  uint64_t *pa)
{
	uint64_t offset = va - s->base;

	/* Each alone first, so that the sum is never truncated. */
	if (offset >> pa_bits || s->phys >> pa_bits)
		return false;
	*pa = s->phys + offset;
	return *pa >> pa_bits == 0;
}

bool segment_refuses(const struct golden_segment *s, const struct mmu_request *request)
{
	return pte_refuses(s->cfg & PERMISSIONS, request) != REASON_NONE;
}

struct mapping segment_mapping(const struct golden_segment *s, const struct mmu_request *request)
{
	return (struct mapping){.permits = pte_permits(s->cfg & PERMISSIONS, request)};
}
