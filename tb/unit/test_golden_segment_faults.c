/* What a segment that answers refuses, and in which order (segments.md, rules 3 to 6). */
#include "segment_fixture.h"

#define BASE  0x40000000ull
#define PHYS  0x90000000ull
#define PAGED 0x48000000ull /* a page with the same permissions */
#define FRAME 0xa0000000ull

static const uint8_t ordinary[] = {ACC_LOAD, ACC_STORE,    ACC_FETCH,      ACC_LR,      ACC_SC,
				   ACC_AMO,  ACC_CBO_ZERO, ACC_CBO_MANAGE, ACC_PREFETCH};
static const uint8_t shadow[] = {ACC_SS_LOAD, ACC_SS_STORE, ACC_SS_AMO};

/* ---- permission (rule 4) ------------------------------------------------- */

/* One access to the segment and to the page. */
static void compare(uint8_t access, uint8_t priv, bool sum, bool mxr)
{
	struct mmu_answer page = ask_as(PAGED, access, priv, sum, mxr);
	struct mmu_answer a = ask_as(BASE, access, priv, sum, mxr);

	if (page.fault)
		check_segment_fault(a, BASE, page.cause, REASON_SEGMENT_PERMISSION);
	else
		check_segment_ok(a, PHYS);
}

static void permissions_are_those_of_a_leaf(void **state)
{
	(void)state;
	for (unsigned m = SV32; m < MODES; m++)
		for (unsigned rwxu = 0; rwxu < 32; rwxu += 2) {
			bool leaf = rwxu & (R | X) && !(rwxu & W && !(rwxu & R));
			if (!leaf)
				continue;
			use_segments(m, SEGMODE_BOTH);
			map(PAGED, 0, pte(FRAME, V | rwxu | A | D));
			write_segment(0, BASE, BASE + 0xfff, PHYS, V | rwxu | SG);
			for (unsigned i = 0; i < 8 * sizeof ordinary; i++)
				compare(ordinary[i / 8], i & 1 ? PRIV_S : PRIV_U, i & 2, i & 4);
		}
}

/* No page can say this, as it would be a pointer. */
static void without_rwx_nothing_is_allowed(void **state)
{
	(void)state;
	use_segments(SV39, SEGMODE_BOTH);
	for (unsigned u = 0; u <= U; u += U)
		for (unsigned w = 0; w <= W; w += W) {
			write_segment(0, BASE, BASE + 0xfff, PHYS, V | u | w | SG);
			for (unsigned i = 0; i < 8 * sizeof ordinary; i++)
				assert_int_equal(ask_as(BASE, ordinary[i / 8],
							i & 1 ? PRIV_S : PRIV_U, i & 2, i & 4)
						     .reason,
						 REASON_SEGMENT_PERMISSION);
		}
}

static void no_shadow_stack_lies_in_a_segment(void **state)
{
	(void)state;
	for (unsigned m = SV32; m < MODES; m++)
		for (unsigned rwxu = 0; rwxu < 32; rwxu += 2)
			for (unsigned i = 0; i < sizeof shadow; i++) {
				use_segments(m, SEGMODE_SEGMENTS);
				write_menvcfg(i % 2 ? sse : 0);
				write_segment(0, BASE, BASE + 0xfff, PHYS, V | rwxu | SG);
				check_segment_fault(ask(BASE, shadow[i]), BASE, 7,
						    REASON_SHADOW_STACK);
			}
}

/* ---- physical memory (rules 5 and 6) ------------------------------------- */

static void an_address_beyond_the_physical_width_is_an_access_fault(void **state)
{
	(void)state;
	for (unsigned m = SV32; m < MODES; m++) {
		use_segments(m, SEGMODE_SEGMENTS);
		for (unsigned bits = 32; bits <= (mode->xlen == 32 ? 34 : 56); bits++) {
			uint64_t end = 1ull << bits;

			built.pa_bits = bits;
			rebuild();
			write_pmp(15, 0x1f, ~0ull);
			write_csr(REG_SEGCTL, SEGMODE_SEGMENTS);
			write_segment(0, BASE, BASE + 0xffff, end - 0x3000, SRWX | SG);
			check_segment_ok(ask(BASE + 0x2fff, ACC_LOAD), end - 1);
			check_access_fault(BASE + 0x3000, REASON_ADDRESS_TOO_WIDE, LEVEL_NONE,
					   false);
		}
	}
}

static void a_long_segment_does_not_come_round_to_low_memory(void **state)
{
	(void)state;
	use_segments(SV39, SEGMODE_SEGMENTS);
	write_segment(0, 0, ~0ull, 0xfffffffffff000, SRWX | SG);
	check_segment_ok(ask(0xfff, ACC_LOAD), 0xffffffffffffff);
	for (unsigned bit = 12; bit < 64; bit++)
		check_access_fault(1ull << bit, REASON_ADDRESS_TOO_WIDE, LEVEL_NONE, false);
	/* phys + va is 2^64. */
	check_access_fault(0xff00000000001000, REASON_ADDRESS_TOO_WIDE, LEVEL_NONE, false);

	use_segments(SV32, SEGMODE_SEGMENTS);
	write_segment(0, 0, 0xffffffff, 0x3fffff000, SRWX | SG);
	check_segment_ok(ask(0xfff, ACC_LOAD), 0x3ffffffff);
	check_access_fault(0x1000, REASON_ADDRESS_TOO_WIDE, LEVEL_NONE, false);
	check_access_fault(0xfffff000, REASON_ADDRESS_TOO_WIDE, LEVEL_NONE, false);
}

static void pmp_sees_the_physical_address(void **state)
{
	(void)state;
	for (unsigned m = SV32; m < MODES; m++) {
		use_segments(m, SEGMODE_BOTH);
		write_segment(0, BASE, BASE + 0xffff, PHYS, SRWX | SG);
		write_pmp(0, PMP_NA4 << PMP_A | 1 << PMP_R, (PHYS + 0x2004) >> 2);
		check_segment_fault(ask(BASE + 0x2004, ACC_STORE), BASE + 0x2004, 7, REASON_PMP);
		check_segment_fault(ask(BASE + 0x2007, ACC_FETCH), BASE + 0x2007, 1, REASON_PMP);
		check_segment_ok(ask(BASE + 0x2004, ACC_LOAD), PHYS + 0x2004);
		check_segment_ok(ask(BASE + 0x2008, ACC_STORE), PHYS + 0x2008);
		/* The whole access, too. */
		check_segment_fault(ask_bytes(BASE + 0x2000, ACC_LOAD, 8), BASE + 0x2000, 5,
				    REASON_PMP);
		check_segment_fault(ask(BASE + 0x203f, ACC_CBO_ZERO), BASE + 0x203f, 7, REASON_PMP);
	}
}

static void pma_sees_the_physical_address_and_gives_the_type(void **state)
{
	(void)state;
	static const struct mmu_pma map[] = {
	    {0x90000000, 0x1000, 1 << PMA_R | 1 << PMA_W | 1 << PMA_IDEMPOTENT},
	    {0x90001000, 0x1000, 1 << PMA_R | 1 << PMA_W},
	    {0, 1ull << 34, 0xff},
	};
	for (unsigned m = SV32; m < MODES; m++) {
		use_segments(m, SEGMODE_SEGMENTS);
		built.pma = map;
		built.pma_regions = 3;
		rebuild();
		write_pmp(15, 0x1f, ~0ull);
		write_csr(REG_SEGCTL, SEGMODE_SEGMENTS);
		write_segment(0, BASE, BASE + 0xffff, PHYS, SRWX | SG);
		check_segment_fault(ask(BASE, ACC_FETCH), BASE, 1, REASON_PMA);
		check_segment_fault(ask(BASE, ACC_AMO), BASE, 7, REASON_PMA);
		assert_int_equal(ask(BASE, ACC_LOAD).memory, MEM_NC);
		assert_int_equal(ask(BASE + 0x1000, ACC_LOAD).memory, MEM_IO);
		assert_int_equal(ask(BASE + 0x2000, ACC_LOAD).memory, MEM_CACHED);
		check_segment_ok(ask(BASE + 0x2000, ACC_FETCH), PHYS + 0x2000);
	}
}

/* There are no A and D bits. */
static void a_segment_changes_no_memory(void **state)
{
	(void)state;
	use_segments(SV39, SEGMODE_BOTH);
	write_menvcfg(adue);
	map(BASE, 0, pte(FRAME, V | R | W | X));
	write_segment(0, BASE, BASE + 0xfff, PHYS, SRWX | SG);
	check_segment_ok(ask(BASE, ACC_STORE), PHYS);
	assert_false(result.update.needed);
}

/* ---- the order ----------------------------------------------------------- */

/*
 * All that can be wrong is wrong at first, and is mended one by one: what comes next in
 * the order is told each time.
 */
static void the_first_rule_that_is_broken_is_told(void **state)
{
	(void)state;
	for (unsigned m = SV32; m < MODES; m++) {
		use_segments(m, SEGMODE_SEGMENTS);
		const uint64_t end = mode->xlen == 32 ? 1ull << 34 : 1ull << 56;
		const uint64_t va = BASE + 0x1000;
		built.pma_regions = 0;
		rebuild(); /* no PMP entry is on */
		write_csr(REG_SEGCTL, SEGMODE_SEGMENTS);
		assert_int_equal(ask_bytes(va, ACC_SS_LOAD, 4).reason, REASON_SEGMENT_MISSING);
		write_segment(0, BASE, va + 2, end - 0x1000, V | SG);
		assert_int_equal(ask_bytes(va, ACC_SS_LOAD, 4).reason, REASON_SEGMENT_LIMIT);
		write_segment(0, BASE, va + 3, end - 0x1000, V | SG);
		assert_int_equal(ask_bytes(va, ACC_SS_LOAD, 4).reason, REASON_SHADOW_STACK);
		assert_int_equal(ask_bytes(va, ACC_LOAD, 4).reason, REASON_SEGMENT_PERMISSION);
		write_segment(0, BASE, va + 3, end - 0x1000, V | R | SG);
		assert_int_equal(ask_bytes(va, ACC_LOAD, 4).reason, REASON_ADDRESS_TOO_WIDE);
		write_segment(0, BASE, va + 3, PHYS, V | R | SG);
		assert_int_equal(ask_bytes(va, ACC_LOAD, 4).reason, REASON_PMP);
		write_pmp(15, 0x1f, ~0ull);
		assert_int_equal(ask_bytes(va, ACC_LOAD, 4).reason, REASON_PMA);
		regs.config.pma_regions = 1;
		check_segment_ok(ask_bytes(va, ACC_LOAD, 4), PHYS + 0x1000);
	}
}

/* ---- for people ---------------------------------------------------------- */

static void the_print_names_segment_and_rule(void **state)
{
	(void)state;
	char *text;
	size_t size;

	use_segments(SV39, ASID(3) | SEGMODE_SEGMENTS);
	write_segment(4, BASE, BASE + 0x7ff, PHYS, V | R | ASID(3));
	struct mmu_request r = {.va = BASE, .access = ACC_STORE, .bytes = 4, .priv = PRIV_S};
	ask_request(r);
	FILE *out = open_memstream(&text, &size);
	golden_print_walk(out, &regs, &r, &walk, &result);
	fclose(out);
	assert_non_null(strstr(text, "segctl 0x30001: segments only, ASID 3\n"));
	assert_non_null(strstr(text, "segment 4: 0x40000000 to 0x400007ff, physical 0x90000000, "
				     "----RV, ASID 3\n"));
	assert_non_null(strstr(text, "segments, rule 4"));
	free(text);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(permissions_are_those_of_a_leaf),
	    TEST(without_rwx_nothing_is_allowed),
	    TEST(no_shadow_stack_lies_in_a_segment),
	    TEST(an_address_beyond_the_physical_width_is_an_access_fault),
	    TEST(a_long_segment_does_not_come_round_to_low_memory),
	    TEST(pmp_sees_the_physical_address),
	    TEST(pma_sees_the_physical_address_and_gives_the_type),
	    TEST(a_segment_changes_no_memory),
	    TEST(the_first_rule_that_is_broken_is_told),
	    TEST(the_print_names_segment_and_rule),
	};
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
