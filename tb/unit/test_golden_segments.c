/* The rule of segments (segments.md, "Rule"), step by step, in all modes of satp. */
#include "segment_fixture.h"

#define BASE  0x40000000ull
#define LAST  0x400027ffull
#define PHYS  0x90000000ull
#define OTHER 0x48005000ull /* in no segment; has a page */
#define FRAME 0xa0000000ull

static unsigned which; /* of modes[] */

/* The segment 2 at BASE, and a page at OTHER and in the segment's middle. */
static void scene(unsigned segment_mode, uint64_t cfg)
{
	use_segments(which, segment_mode);
	map(OTHER, 0, pte(FRAME, RWX));
	map(BASE + 0x1000, 0, pte(FRAME, RWX));
	write_segment(2, BASE, LAST, PHYS, cfg);
}

#define EACH_MODE for (which = SV32; which < MODES; which++)

/* ---- which segment (rules 1 and 2) --------------------------------------- */

static void mode_paging_knows_no_segments(void **state)
{
	(void)state;
	EACH_MODE
	{
		scene(SEGMODE_PAGING, SRWX | SG);
		check_ok(ask(BASE + 0x1004, ACC_LOAD), FRAME + 4, 0);
		check_page_fault(BASE, REASON_PTE_INVALID, 0);
	}
}

static void every_byte_from_base_to_last_is_in_it(void **state)
{
	(void)state;
	EACH_MODE
	{
		scene(SEGMODE_BOTH, SRWX | SG);
		for (uint64_t va = BASE; va <= LAST; va++)
			check_segment_ok(ask(va, accesses[va % 3]), PHYS + (va - BASE));
		check_ok(ask(OTHER, ACC_LOAD), FRAME, 0);
		check_page_fault(LAST + 1, REASON_PTE_INVALID, 0);
		assert_int_equal(ask(BASE - 1, ACC_LOAD).reason, REASON_PTE_INVALID);
	}
}

static void m_mode_is_not_concerned(void **state)
{
	(void)state;
	EACH_MODE for (unsigned m = SEGMODE_SEGMENTS; m <= SEGMODE_BOTH; m++)
	{
		scene(m, SRWX | SG);
		check_ok(ask_as(BASE, ACC_LOAD, PRIV_M, false, false), BASE, LEVEL_NONE);
	}
}

static void without_paging_a_miss_is_a_page_fault(void **state)
{
	(void)state;
	EACH_MODE
	{
		scene(SEGMODE_SEGMENTS, SRWX | SG);
		check_page_fault(OTHER, REASON_SEGMENT_MISSING, LEVEL_NONE);
		regs.satp = 0;
		check_page_fault(OTHER, REASON_SEGMENT_MISSING, LEVEL_NONE);
		check_segment_ok(ask(BASE, ACC_LOAD), PHYS);
	}
}

static void with_paging_a_miss_is_as_if_there_were_no_segments(void **state)
{
	(void)state;
	EACH_MODE
	{
		scene(SEGMODE_BOTH, SRWX | SG);
		check_ok(ask(OTHER + 7, ACC_STORE), FRAME + 7, 0);
		assert_int_equal(walk.length, mode->levels);
		regs.satp = 0;
		check_ok(ask(OTHER + 7, ACC_STORE), OTHER + 7, LEVEL_NONE);
		check_segment_ok(ask(BASE, ACC_LOAD), PHYS);
	}
}

static void the_lowest_of_overlapping_segments_answers(void **state)
{
	(void)state;
	which = SV48;
	scene(SEGMODE_BOTH, SRWX | SG);
	write_segment(1, BASE + 0x1000, BASE + 0x1fff, 0xb0000000, V | R | SG);
	write_segment(3, BASE, LAST + 0x1000, 0xc0000000, SRWX | SG);
	check_segment_ok(ask(BASE + 0xfff, ACC_STORE), PHYS + 0xfff);
	check_segment_ok(ask(BASE + 0x1000, ACC_LOAD), 0xb0000000);
	/* What the lowest refuses, no other allows. */
	check_segment_fault(ask(BASE + 0x1000, ACC_STORE), BASE + 0x1000, 15,
			    REASON_SEGMENT_PERMISSION);
	check_segment_ok(ask(BASE + 0x2000, ACC_STORE), PHYS + 0x2000);
	check_segment_ok(ask(LAST + 1, ACC_STORE), 0xc0000000 + (LAST + 1 - BASE));
}

static void a_segment_that_is_off_or_empty_answers_nothing(void **state)
{
	(void)state;
	EACH_MODE
	{
		scene(SEGMODE_SEGMENTS, (SRWX | SG) & ~(unsigned)V);
		check_page_fault(BASE, REASON_SEGMENT_MISSING, LEVEL_NONE);
		write_segment(2, BASE, BASE - 1, PHYS, SRWX | SG);
		check_page_fault(BASE, REASON_SEGMENT_MISSING, LEVEL_NONE);
		check_page_fault(BASE - 1, REASON_SEGMENT_MISSING, LEVEL_NONE);
		write_segment(2, BASE, BASE, PHYS, SRWX | SG); /* one byte */
		check_segment_ok(ask(BASE, ACC_LOAD), PHYS);
		check_page_fault(BASE + 1, REASON_SEGMENT_MISSING, LEVEL_NONE);
	}
}

static void asids_are_compared_unless_global(void **state)
{
	(void)state;
	EACH_MODE
	{
		scene(SEGMODE_SEGMENTS, SRWX | ASID(5));
		write_segment(4, BASE, LAST, 0xb0000000, SRWX | ASID(6));
		check_page_fault(BASE, REASON_SEGMENT_MISSING, LEVEL_NONE);
		write_csr(REG_SEGCTL, ASID(5) | SEGMODE_SEGMENTS);
		check_segment_ok(ask(BASE, ACC_LOAD), PHYS);
		write_csr(REG_SEGCTL, ASID(6) | SEGMODE_SEGMENTS);
		check_segment_ok(ask(BASE, ACC_LOAD), 0xb0000000);
		write_segment(2, BASE, LAST, PHYS, SRWX | ASID(5) | SG);
		check_segment_ok(ask(BASE, ACC_LOAD), PHYS);
		write_csr(CSR_SATP, 0); /* whose ASID has no part in it */
		check_segment_ok(ask(BASE, ACC_LOAD), PHYS);
	}
}

/* ---- the whole access (rule 3) ------------------------------------------- */

static void the_last_byte_must_lie_inside_too(void **state)
{
	(void)state;
	EACH_MODE for (unsigned bytes = 1; bytes <= 64; bytes++)
	{
		scene(SEGMODE_BOTH, SRWX | SG);
		uint64_t va = LAST - 0x10 - bytes + 1;
		write_segment(2, BASE, LAST - 0x10, PHYS, SRWX | SG);
		check_segment_ok(ask_bytes(va, ACC_LOAD, bytes), PHYS + (va - BASE));
		if (bytes > 1)
			check_segment_fault(ask_bytes(va + 1, ACC_LOAD, bytes), va + 1, 13,
					    REASON_SEGMENT_LIMIT);
	}
}

/* Also where a second segment or a page goes on. */
static void what_begins_in_a_segment_ends_in_it(void **state)
{
	(void)state;
	which = SV48;
	scene(SEGMODE_BOTH, SRWX | SG);
	write_segment(2, BASE, BASE + 0x1002, PHYS, SRWX | SG);
	write_segment(3, BASE, LAST, PHYS, SRWX | SG);
	check_segment_fault(ask_bytes(BASE + 0x1000, ACC_STORE, 4), BASE + 0x1000, 15,
			    REASON_SEGMENT_LIMIT);
	check_segment_ok(ask_bytes(BASE + 0x1000, ACC_STORE, 2), PHYS + 0x1000);
}

static void a_cache_block_counts_whole(void **state)
{
	(void)state;
	static const uint8_t kinds[] = {ACC_CBO_ZERO, ACC_CBO_MANAGE, ACC_PREFETCH};

	EACH_MODE for (unsigned i = 0; i < 3; i++)
	{
		uint8_t cause = kinds[i] == ACC_PREFETCH ? CAUSE_NONE : 15;

		scene(SEGMODE_BOTH, SRWX | SG);
		write_segment(2, BASE, BASE + 0x7e, PHYS, SRWX | SG);
		check_segment_ok(ask(BASE + 0x3f, kinds[i]), PHYS + 0x3f);
		for (uint64_t va = BASE + 0x40; va <= BASE + 0x7e; va++)
			check_segment_fault(ask(va, kinds[i]), va, cause, REASON_SEGMENT_LIMIT);
		write_segment(2, BASE, BASE + 0x7f, PHYS, SRWX | SG);
		check_segment_ok(ask(BASE + 0x7f, kinds[i]), PHYS + 0x7f);
	}
}

static void the_top_of_the_address_space_has_no_way_around(void **state)
{
	(void)state;
	EACH_MODE
	{
		scene(SEGMODE_SEGMENTS, SRWX | SG);
		uint64_t top = mode->xlen == 32 ? 0xffffffff : ~0ull;
		write_segment(2, top - 0xfff, top, PHYS, SRWX | SG);
		write_segment(0, 0, 0xfff, PHYS, SRWX | SG);
		check_segment_ok(ask_bytes(top - 7, ACC_LOAD, 8), PHYS + 0xff8);
		check_segment_ok(ask(top, ACC_FETCH), PHYS + 0xfff);
		check_segment_ok(ask(top, ACC_CBO_ZERO), PHYS + 0xfff);
		/* A caller that does not cut at pages is refused too. */
		check_segment_fault(ask_bytes(top - 2, ACC_LOAD, 4), top - 2, 13,
				    REASON_SEGMENT_LIMIT);
	}
}

static void canonical_addresses_are_satps_business(void **state)
{
	(void)state;
	for (which = SV39; which <= SV57; which++) {
		scene(SEGMODE_BOTH, SRWX | SG);
		uint64_t hole = 1ull << (mode->va_bits + 2);
		write_segment(2, hole, hole + 0xfff, PHYS, SRWX | SG);
		check_segment_ok(ask(hole + 5, ACC_STORE), PHYS + 5);
		check_page_fault(hole + 0x1000, REASON_NONCANONICAL, LEVEL_NONE);
		write_csr(REG_SEGCTL, SEGMODE_SEGMENTS);
		check_page_fault(hole + 0x1000, REASON_SEGMENT_MISSING, LEVEL_NONE);
	}
}

/* ---- pointer masking ----------------------------------------------------- */

/* Whatever satp says, the address is a virtual one while segments are on. */
static void masking_sign_extends_while_segments_are_on(void **state)
{
	(void)state;
	const uint64_t va = 0xffffffffc0000000, tagged = va & ~0ull >> 16;

	which = SV39;
	for (unsigned bare = 0; bare < 2; bare++) {
		scene(SEGMODE_BOTH, SRWX | SG);
		write_menvcfg(3ull << ENVCFG_PMM);
		if (bare)
			regs.satp = 0;
		write_segment(2, va, va + 0xffe, PHYS, V | R | SG);
		check_segment_ok(ask(tagged + 6, ACC_LOAD), PHYS + 6);
		check_segment_fault(ask(tagged + 6, ACC_STORE), va + 6, 15,
				    REASON_SEGMENT_PERMISSION);
		check_segment_fault(ask_bytes(tagged + 0xffe, ACC_LOAD, 2), va + 0xffe, 13,
				    REASON_SEGMENT_LIMIT);
	}
	/* In no segment it stays what it is, for Bare too. */
	check_segment_fault(ask(tagged - 0x1000, ACC_LOAD), va - 0x1000, 5,
			    REASON_ADDRESS_TOO_WIDE);
	write_csr(REG_SEGCTL, SEGMODE_SEGMENTS);
	check_segment_fault(ask(tagged - 0x1000, ACC_LOAD), va - 0x1000, 13,
			    REASON_SEGMENT_MISSING);
	write_csr(REG_SEGCTL, SEGMODE_PAGING);
	check_ok(ask(1ull << 63 | 0x80000000, ACC_LOAD), 0x80000000, LEVEL_NONE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(mode_paging_knows_no_segments),
	    TEST(every_byte_from_base_to_last_is_in_it),
	    TEST(m_mode_is_not_concerned),
	    TEST(without_paging_a_miss_is_a_page_fault),
	    TEST(with_paging_a_miss_is_as_if_there_were_no_segments),
	    TEST(the_lowest_of_overlapping_segments_answers),
	    TEST(a_segment_that_is_off_or_empty_answers_nothing),
	    TEST(asids_are_compared_unless_global),
	    TEST(the_last_byte_must_lie_inside_too),
	    TEST(what_begins_in_a_segment_ends_in_it),
	    TEST(a_cache_block_counts_whole),
	    TEST(the_top_of_the_address_space_has_no_way_around),
	    TEST(canonical_addresses_are_satps_business),
	    TEST(masking_sign_extends_while_segments_are_on),
	};
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
