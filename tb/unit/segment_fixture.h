/* For tests of segments in the golden model: segments beside the tables of golden_fixture.h. */
#ifndef ATLAS_SEGMENT_FIXTURE_H
#define ATLAS_SEGMENT_FIXTURE_H

#include "golden_fixture.h"

/* cfg, as the specification draws it; V to U are those of a PTE. */
enum { SG = 1 << SEG_G, SRW = V | R | W, SRWX = V | R | W | X };
#define ASID(n) ((uint64_t)(n) << SEG_ASID)

static inline unsigned segment_register(unsigned i, unsigned which)
{
	return REG_SEGMENT0 + 8 * i + which;
}

static inline void write_segment(unsigned i, uint64_t base, uint64_t last, uint64_t phys,
				 uint64_t cfg)
{
	write_csr(segment_register(i, SEGREG_BASE), base);
	write_csr(segment_register(i, SEGREG_LAST), last);
	write_csr(segment_register(i, SEGREG_PHYS), phys);
	if (mode->xlen == 32)
		write_csr(segment_register(i, SEGREG_PHYSH), phys >> 32);
	write_csr(segment_register(i, SEGREG_CFG), cfg);
}

/* A mode with 16 segments, pointer masking where the width has it, and PMP open below its
 * entry 15. */
static inline void use_segments(unsigned which, unsigned segment_mode)
{
	use_all(which, false);
	built.segments = 16;
	rebuild();
	write_pmp(15, 0x1f, ~0ull);
	write_csr(REG_SEGCTL, segment_mode);
}

static inline struct mmu_answer ask_bytes(uint64_t va, uint8_t access, unsigned bytes)
{
	return ask_request(
	    (struct mmu_request){.va = va, .access = access, .bytes = bytes, .priv = PRIV_S});
}

/* By a segment: no level, and no PTE was read. */
static inline void check_segment_ok(struct mmu_answer a, uint64_t pa)
{
	check_ok(a, pa, LEVEL_NONE);
	assert_int_equal(walk.length, 0);
}

static inline void check_segment_fault(struct mmu_answer a, uint64_t va, uint8_t cause,
				       uint8_t reason)
{
	check_fault(a, va, cause, reason, LEVEL_NONE, false);
	assert_int_equal(walk.length, 0);
}

#endif
