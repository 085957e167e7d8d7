/*
 * The golden model's physical protection: what PMP entries match, whom they let
 * pass, Smepmp, and on which accesses all that is asked (riscv-vm.md, sections 1.5,
 * 2.8 and 2.9). Untranslated accesses ask only the one question.
 */
#include "golden_fixture.h"

enum { L = 0x80, NAPOT = 3 << 3, NA4 = 2 << 3, TOR = 1 << 3, OFF = 0 };
enum { PR = 1, PW = 2, PX = 4, ALL = 7 };
enum { MML = 1, MMWP = 2 };

static bool loads(uint64_t pa, unsigned bytes)
{
	uint8_t reason = reason_of(pa, bytes, ACC_LOAD, PRIV_S);
	assert_true(reason == REASON_NONE || reason == REASON_PMP);
	return reason == REASON_NONE;
}

/* The one range of addresses, in bytes, in which loads pass. */
static void check_range(uint64_t first, uint64_t last)
{
	if (first >= 4)
		assert_false(loads(first - 4, 4));
	assert_true(loads(first, 4));
	assert_true(loads(last - 3, 4));
	assert_false(loads(last + 1, 4));
	/* norm:pmp_full_match_required */
	if (first > 0)
		assert_false(loads(first - 1, 2));
	assert_false(loads(last, 2));
	assert_true(loads(last, 1));
}

/* ---- what an entry matches ----------------------------------------------- */

static void napot_sizes_by_trailing_ones(void **state)
{
	(void)state;
	use_all(SV39, false);
	write_pmp(0, NAPOT | PR, 0x20000000 | 0x0);
	check_range(0x80000000, 0x80000007);
	write_pmp(0, NAPOT | PR, 0x20000000 | 0x1);
	check_range(0x80000000, 0x8000000f);
	write_pmp(0, NAPOT | PR, 0x20000000 | 0x1ff);
	check_range(0x80000000, 0x80000fff);
	write_pmp(0, NAPOT | PR, 0x20000000 | 0xfffffff);
	check_range(0x80000000, 0xffffffff);
	/* All ones: all of memory, its first and last byte. */
	write_pmp(0, NAPOT | PR, ~0ull);
	assert_true(loads(0, 8));
	assert_true(loads((1ull << 56) - 8, 8));
}

static void na4_matches_four_bytes(void **state)
{
	(void)state;
	use_all(SV39, false);
	write_pmp(0, NA4 | PR, 0x20000001);
	check_range(0x80000004, 0x80000007);
	assert_false(loads(0x80000000, 8));
}

static void tor_reaches_from_the_entry_before(void **state)
{
	(void)state;
	use_all(SV39, false);
	write_pmp(0, TOR | PR, 0x100);
	check_range(0, 0x3ff);
	/* Whatever the entry before is. */
	for (unsigned a = OFF; a <= NAPOT; a += TOR) {
		write_pmp(3, a, 0x20000000);
		write_pmp(4, TOR | PR, 0x20000003);
		write_pmp(3, OFF, 0x20000000);
		write_pmp(0, OFF, 0);
		check_range(0x80000000, 0x8000000b);
	}
}

static void empty_tor_matches_nothing(void **state)
{
	(void)state;
	use_all(SV39, false);
	write_pmp(1, TOR, 0x1000); /* its range would be all up to 0x4000 */
	write_pmp(0, OFF, 0x1000);
	write_pmp(2, NAPOT | PR, ~0ull);
	assert_true(loads(0x3ff8, 8));
	write_csr(CSR_PMPADDR0, 0x2000);
	assert_true(loads(0, 8));
	assert_true(loads(0x4000, 8));
	assert_true(loads(0x3ff8, 8));
	write_csr(CSR_PMPADDR0, 0xfff);
	assert_false(loads(0x3ffc, 4));
	assert_true(loads(0x3ff8, 4));
	/* Entry 0 begins at zero, and ends there. */
	write_pmp(1, OFF, 0);
	write_pmp(0, TOR, 0);
	assert_true(loads(0, 8));
}

/* norm:pmp_region_granularity_g */
static void grain_widens_napot_and_cuts_tor(void **state)
{
	(void)state;
	use_all(SV39, false);
	built.pmp_grain = 3; /* 32 bytes */
	rebuild();
	write_pmp(0, NAPOT | PR, 0x20000000);
	check_range(0x80000000, 0x8000001f);
	write_pmp(0, NAPOT | PR, 0x20000007);
	check_range(0x80000000, 0x8000003f);
	write_pmp(0, OFF, 0x2000000f);
	write_pmp(1, TOR | PR, 0x2000001f);
	check_range(0x80000020, 0x8000005f);
}

static void first_entry_that_matches_any_byte_decides(void **state)
{
	(void)state;
	use_all(SV39, false);
	write_pmp(4, NAPOT | PR, 0x20000000 | 0x1ff);
	write_pmp(7, NAPOT | PR | PW, ~0ull);
	assert_true(loads(0x80000ff8, 8));
	assert_int_equal(reason_of(0x80000ff8, 8, ACC_STORE, PRIV_S), REASON_PMP);
	/* Half of it in an entry that would allow: still refused, in M-mode too. */
	write_pmp(2, NA4 | ALL, 0x20000001);
	assert_false(loads(0x80000000, 8));
	assert_true(loads(0x80000004, 4));
	assert_int_equal(reason_of(0x80000000, 8, ACC_LOAD, PRIV_M), REASON_PMP);
	assert_int_equal(reason_of(0x80000006, 1, ACC_LOAD, PRIV_M), REASON_NONE);
	/* One below comes first. */
	write_pmp(1, NAPOT | PX, 0x20000000);
	assert_false(loads(0x80000004, 4));
}

/* ---- whom it lets pass --------------------------------------------------- */

static void rights_of_an_entry_by_kind_of_access(void **state)
{
	(void)state;
	/* Sections 1.4 and 2.8: the rights that are needed, or one of which is. */
	static const struct {
		uint8_t access, all, any;
	} row[] = {
	    {ACC_LOAD, PR, 0},      {ACC_LR, PR, 0},
	    {ACC_STORE, PW, 0},     {ACC_SC, PW, 0},
	    {ACC_AMO, PW, 0},       {ACC_FETCH, PX, 0},
	    {ACC_CBO_ZERO, PW, 0},  {ACC_CBO_MANAGE, 0, PR | PW},
	    {ACC_PREFETCH, 0, ALL},
	};
	static const uint8_t legal[] = {0, PR, PR | PW, PX, PR | PX, ALL};

	use_all(SV39, false);
	for (unsigned i = 0; i < sizeof row / sizeof row[0]; i++)
		for (unsigned k = 0; k < sizeof legal; k++) {
			uint8_t rwx = legal[k];
			bool passes =
			    row[i].any ? rwx & row[i].any : (rwx & row[i].all) == row[i].all;
			rebuild();
			write_pmp(0, NAPOT | rwx, ~0ull);
			assert_int_equal(reason_of(0x1000, 4, row[i].access, PRIV_S),
					 passes ? REASON_NONE : REASON_PMP);
			assert_int_equal(reason_of(0x1000, 4, row[i].access, PRIV_M), REASON_NONE);
			write_pmp(0, L | NAPOT | rwx, ~0ull);
			assert_int_equal(reason_of(0x1000, 4, row[i].access, PRIV_M),
					 passes ? REASON_NONE : REASON_PMP);
		}
}

static void shadow_stack_needs_read_and_write(void **state)
{
	(void)state;
	static const uint8_t kinds[] = {ACC_SS_LOAD, ACC_SS_STORE, ACC_SS_AMO};
	static const uint8_t legal[] = {0, PR, PR | PW, PX, PR | PX, ALL};

	for (unsigned i = 0; i < 3; i++)
		for (unsigned k = 0; k < sizeof legal; k++) {
			use_all(SV39, true);
			write_menvcfg(sse);
			map(0x5000, 0, pte(0x90000000, V | W | A | D));
			write_pmp(0, NAPOT | legal[k], 0x90000000 >> 2 | 0x1ff);
			struct mmu_answer a = ask(0x5000, kinds[i]);
			if ((legal[k] & (PR | PW)) == (PR | PW))
				check_ok(a, 0x90000000, 0);
			else
				check_fault(a, 0x5000, 7, REASON_PMP, 0, false);
		}
}

/* norm:pmp_no_entry_match */
static void without_a_match_only_machine_mode_passes(void **state)
{
	(void)state;
	use_all(SV39, false);
	for (unsigned mode = 0; mode < 4; mode++)
		for (uint8_t access = ACC_LOAD; access <= ACC_FETCH; access++) {
			bool mml = mode & MML, mmwp = mode & MMWP;
			bool passes = !mmwp && !(mml && access == ACC_FETCH);
			rebuild();
			write_csr(CSR_MSECCFG, mode);
			assert_int_equal(reason_of(0, 4, access, PRIV_S), REASON_PMP);
			assert_int_equal(reason_of(0, 4, access, PRIV_U), REASON_PMP);
			assert_int_equal(reason_of(0, 4, access, PRIV_M),
					 passes ? REASON_NONE : REASON_PMP);
		}
	/* Without any entry there is no PMP. */
	built.pmp_entries = 0;
	rebuild();
	assert_int_equal(reason_of(0, 4, ACC_STORE, PRIV_U), REASON_NONE);
}

/* norm:mml_truth_table, as the specification has it: L R W X, M-mode, S and U. */
static void truth_table_of_mml(void **state)
{
	(void)state;
	static const struct {
		const char *lrwx, *machine, *others;
	} row[] = {
	    {"0000", "", ""},  {"0001", "", "X"},  {"0010", "RW", "R"}, {"0011", "RW", "RW"},
	    {"0100", "", "R"}, {"0101", "", "RX"}, {"0110", "", "RW"},  {"0111", "", "RWX"},
	    {"1000", "", ""},  {"1001", "X", ""},  {"1010", "X", "X"},  {"1011", "RX", "X"},
	    {"1100", "R", ""}, {"1101", "RX", ""}, {"1110", "RW", ""},  {"1111", "R", "R"},
	};
	static const struct {
		uint8_t access;
		char right;
	} kind[] = {{ACC_LOAD, 'R'}, {ACC_STORE, 'W'}, {ACC_FETCH, 'X'}};

	for (unsigned i = 0; i < 16; i++)
		for (unsigned mmwp = 0; mmwp <= MMWP; mmwp += MMWP)
			for (unsigned k = 0; k < 3; k++) {
				const char *bits = row[i].lrwx;
				uint8_t cfg = (bits[0] - '0') * L | (bits[1] - '0') * PR |
					      (bits[2] - '0') * PW | (bits[3] - '0') * PX;
				use_all(SV39, false);
				write_csr(CSR_MSECCFG, 4); /* RLB */
				write_csr(CSR_MSECCFG, 4 | MML | mmwp);
				write_pmp(0, NAPOT | cfg, ~0ull);
				assert_int_equal(read_pmpcfg(0), NAPOT | cfg);
				bool m = strchr(row[i].machine, kind[k].right);
				bool su = strchr(row[i].others, kind[k].right);
				assert_int_equal(
				    reason_of(0, 4, kind[k].access, PRIV_M) == REASON_NONE, m);
				assert_int_equal(
				    reason_of(0, 4, kind[k].access, PRIV_S) == REASON_NONE, su);
				assert_int_equal(
				    reason_of(0, 4, kind[k].access, PRIV_U) == REASON_NONE, su);
			}
}

/* ---- on which accesses --------------------------------------------------- */

/* field-bugs.md 43, 82: the whole access counts, its first byte and its last. */
static void whole_access_must_match(void **state)
{
	(void)state;
	use_all(SV39, true);
	write_pmp(0, TOR | PR, 0x90000804 >> 2); /* ends in the middle of eight bytes */
	write_pmp(1, NAPOT, 0x90000000 >> 2 | 0x1ff);
	map(0x5000, 0, pte(0x90000000, RWX));
	struct mmu_request load = {.va = 0x5800, .access = ACC_LOAD, .bytes = 4, .priv = PRIV_S};
	check_ok(ask_request(load), 0x90000800, 0);
	load.bytes = 5;
	check_fault(ask_request(load), 0x5800, 5, REASON_PMP, 0, false);
	load.bytes = 8;
	check_fault(ask_request(load), 0x5800, 5, REASON_PMP, 0, false);
}

static void cache_block_operations_are_about_the_block(void **state)
{
	(void)state;
	static const uint8_t kinds[] = {ACC_CBO_ZERO, ACC_CBO_MANAGE, ACC_PREFETCH};
	for (unsigned i = 0; i < 3; i++) {
		use_all(SV39, false);
		write_pmp(0, NAPOT | ALL, 0x1040 >> 2 | 7); /* the block at 0x1040 */
		assert_int_equal(reason_of(0x1040, 1, kinds[i], PRIV_S), REASON_NONE);
		assert_int_equal(reason_of(0x107f, 1, kinds[i], PRIV_S), REASON_NONE);
		assert_int_equal(reason_of(0x103f, 1, kinds[i], PRIV_S), REASON_PMP);
		assert_int_equal(reason_of(0x1080, 1, kinds[i], PRIV_S), REASON_PMP);
		write_pmp(0, NAPOT | ALL, 0x1040 >> 2 | 3); /* half of it */
		assert_int_equal(reason_of(0x1040, 1, kinds[i], PRIV_S), REASON_PMP);
	}
}

/* norm:pmp_check_pagetable_access; field-bugs.md 34, 38, 79, 80, 82. */
static void pte_reads_are_checked_as_supervisor_reads(void **state)
{
	(void)state;
	static const uint8_t kinds[] = {ACC_LOAD, ACC_STORE, ACC_FETCH};
	for (unsigned m = 0; m < MODES; m++)
		for (unsigned level = 0; level < modes[m].levels; level++)
			for (unsigned i = 0; i < 3; i++) {
				use_all(m, true);
				map(0x1234, 0, pte(0x7000, RWX | U));
				uint64_t at = pte_address(0x1234, level) & ~7ull;
				struct mmu_answer a;
				/* R is what it needs, of U-mode's accesses too. */
				write_pmp(0, NAPOT | PR, at >> 2);
				check_ok(ask_as(0x1234, kinds[i], PRIV_U, 0, 0), 0x7234, 0);
				write_pmp(0, NAPOT | PX, at >> 2);
				a = ask_as(0x1234, kinds[i], PRIV_U, 0, 0);
				check_fault(a, 0x1234, access_cause[i], REASON_PMP, level, true);
				assert_int_equal(walk.length, modes[m].levels - 1 - level);
			}
}

static void pte_is_as_wide_as_it_is(void **state)
{
	(void)state;
	use_all(SV39, true);
	map(0x1000, 0, pte(0x7000, RWX));
	write_pmp(0, NA4 | ALL, (pte_address(0x1000, 0) + 4) >> 2);
	check_access_fault(0x1000, REASON_PMP, 0, true);
	use_all(SV32, true);
	map(0x1000, 0, pte(0x7000, RWX));
	write_pmp(0, NA4 | ALL, pte_address(0x1000, 0) >> 2);
	write_pmp(1, NA4, (pte_address(0x1000, 0) + 4) >> 2);
	check_ok(ask(0x1000, ACC_LOAD), 0x7000, 0);
}

static void effective_privilege_decides(void **state)
{
	(void)state;
	use_all(SV39, false);
	write_pmp(0, NAPOT, ~0ull);
	assert_int_equal(reason_of(0, 4, ACC_LOAD, PRIV_M), REASON_NONE);
	assert_int_equal(reason_of(0, 4, ACC_LOAD, PRIV_S), REASON_PMP);
	assert_int_equal(reason_of(0, 4, ACC_LOAD, PRIV_U), REASON_PMP);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(napot_sizes_by_trailing_ones),
	    TEST(na4_matches_four_bytes),
	    TEST(tor_reaches_from_the_entry_before),
	    TEST(empty_tor_matches_nothing),
	    TEST(grain_widens_napot_and_cuts_tor),
	    TEST(first_entry_that_matches_any_byte_decides),
	    TEST(rights_of_an_entry_by_kind_of_access),
	    TEST(shadow_stack_needs_read_and_write),
	    TEST(without_a_match_only_machine_mode_passes),
	    TEST(truth_table_of_mml),
	    TEST(whole_access_must_match),
	    TEST(cache_block_operations_are_about_the_block),
	    TEST(pte_reads_are_checked_as_supervisor_reads),
	    TEST(pte_is_as_wide_as_it_is),
	    TEST(effective_privilege_decides),
	};
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
