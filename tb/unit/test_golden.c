/*
 * The golden model, one test a rule: satp, addresses and walks
 * (riscv-vm.md, sections 1.1, 1.2 and 1.5). The expected values stand here as numbers or as
 * plain bit arithmetic, worked out from the specification.
 */
#include "golden_fixture.h"

/* ---- P1: M-mode and Bare ------------------------------------------------- */

static void bare_gives_the_address_itself(void **state)
{
	(void)state;
	for (unsigned m = 0; m < MODES; m++) {
		use(m);
		regs.satp = 0;
		check_ok(ask(0x12345678, ACC_LOAD), 0x12345678, 7);
		check_ok(ask_as(0xfffff123, ACC_FETCH, PRIV_U, false, false), 0xfffff123, 7);
	}
}

static void m_mode_is_not_translated(void **state)
{
	(void)state;
	for (unsigned m = 0; m < MODES; m++) {
		use(m);
		check_ok(ask_as(0x12345678, ACC_STORE, PRIV_M, false, false), 0x12345678, 7);
		assert_int_equal(walk.length, 0);
	}
}

static void without_paging_sum_and_mxr_decide_nothing(void **state)
{
	(void)state;
	for (unsigned m = 0; m < MODES; m++)
		for (unsigned i = 0; i < 4; i++)
			for (unsigned k = 0; k < 3; k++) {
				use(m);
				check_ok(ask_as(0x1234, accesses[k], PRIV_M, i & 1, i & 2), 0x1234,
					 7);
				regs.satp = 0;
				check_ok(ask_as(0x1234, accesses[k], PRIV_S, i & 1, i & 2), 0x1234,
					 7);
				check_ok(ask_as(0x1234, accesses[k], PRIV_U, i & 1, i & 2), 0x1234,
					 7);
			}
}

static void bare_address_beyond_the_width_is_an_access_fault(void **state)
{
	(void)state;
	use(SV39);
	regs.satp = 0;
	check_ok(ask(0x00ffffffffffffff, ACC_LOAD), 0x00ffffffffffffff, 7);
	check_access_fault(0x0100000000000000, REASON_ADDRESS_TOO_WIDE, 7, false);
	check_access_fault(0xffffffffffffffff, REASON_ADDRESS_TOO_WIDE, 7, false);

	regs.config.pa_bits = 32;
	check_ok(ask(0xffffffff, ACC_LOAD), 0xffffffff, 7);
	check_access_fault(0x100000000, REASON_ADDRESS_TOO_WIDE, 7, false);
	check_fault(ask_as(0x100000000, ACC_LOAD, PRIV_M, false, false), 0x100000000, 5,
		    REASON_ADDRESS_TOO_WIDE, 7, false);
}

/* ---- P2: canonical addresses --------------------------------------------- */

static void upper_address_bits_equal_the_sign(void **state)
{
	(void)state;
	for (unsigned m = SV39; m < MODES; m++) {
		use(m);
		uint64_t half = 1ull << (mode->va_bits - 1); /* the first address that is none */
		uint64_t valid[] = {0, half - 1, -half, UINT64_MAX};
		for (unsigned i = 0; i < 4; i++) {
			map(valid[i], 0, pte(0x90000000, RWX));
			check_ok(ask(valid[i], ACC_LOAD), 0x90000000 | (valid[i] & 0xfff), 0);
		}
		check_page_fault(half, REASON_NONCANONICAL, 7);
		check_page_fault(-half - 1, REASON_NONCANONICAL, 7);
		check_page_fault(1ull << 63, REASON_NONCANONICAL, 7);
		assert_int_equal(walk.length, 0);
	}
}

static void sv32_has_no_upper_address_bits(void **state)
{
	(void)state;
	use(SV32);
	map(0x80000000, 0, pte(0x90000000, RWX));
	map(0xffffffff, 0, pte(0x91000000, RWX));
	check_ok(ask(0x80000000, ACC_LOAD), 0x90000000, 0);
	check_ok(ask(0xffffffff, ACC_LOAD), 0x91000fff, 0);
}

/* ---- steps 1, 2, 4 and 10: walks ----------------------------------------- */

static void sv32_walk_by_hand(void **state)
{
	(void)state;
	use(SV32);
	/* VPN[1] 0x048, VPN[0] 0x345, offset 0x678 */
	sparse_write(memory, 0x80001000 + 0x048 * 4, 4, 0x20000001); /* -> 0x80000000 */
	sparse_write(memory, 0x80000000 + 0x345 * 4, 4, 0xfedcb0c7); /* PPN 0x3fb72c */
	check_ok(ask(0x12345678, ACC_STORE), 0x3fb72c678, 0);
}

static void sv39_walk_by_hand(void **state)
{
	(void)state;
	use(SV39);
	/* VA 0x12345678: VPN 0, 0x91, 0x145 */
	sparse_write(memory, 0x80002000, 8, 0x20000401);            /* -> 0x80001000 */
	sparse_write(memory, 0x80001000 + 0x91 * 8, 8, 0x20000001); /* -> 0x80000000 */
	sparse_write(memory, 0x80000000 + 0x145 * 8, 8, 0x2ab0cf7f3c4f);
	check_ok(ask(0x12345678, ACC_FETCH), 0xaac33dfcf678, 0);
}

static void every_leaf_size_of_every_mode(void **state)
{
	(void)state;
	for (unsigned m = 0; m < MODES; m++)
		for (unsigned level = 0; level < modes[m].levels; level++) {
			use(m);
			uint64_t size = 1ull << (12 + level * mode->vpn_bits);
			uint64_t va = 0x6bcdef12;
			uint64_t pa = mode->xlen == 32 ? 0x380000000 : 0x40000000000000;
			pa = level == 4 ? 0 : pa; /* 256 TiB pages: only multiples of 2^48 */
			map(va, level, pte(pa, RWX));
			for (unsigned i = 0; i < 3; i++)
				check_ok(ask(va, accesses[i]), pa | (va & (size - 1)), level);
			assert_int_equal(walk.length, mode->levels - level);
		}
}

static void all_ppn_bits_count(void **state)
{
	(void)state;
	use(SV32);
	map(0x5000, 0, 0xfffffc00 | RWX);
	check_ok(ask(0x5123, ACC_LOAD), 0x3fffff123, 0);
	use(SV39);
	map(0x5000, 0, 0x003ffffffffffc00 | RWX);
	check_ok(ask(0x5123, ACC_LOAD), 0x00fffffffffff123, 0);

	/* A table at the far end of the physical memory, reached by satp and by a pointer. */
	regs.satp = 8ull << 60 | 0xfffffffffff;
	sparse_write(memory, 0x00fffffffffff000, 8, 0x003ffffffffff800 | V);
	sparse_write(memory, 0x00ffffffffffe000, 8, pte(0x40000000, V | G));
	sparse_write(memory, 0x0000000040000000, 8, pte(0x7000, RWX));
	check_ok(ask(0x9, ACC_LOAD), 0x7009, 0);
}

static void root_beyond_the_width_is_an_access_fault(void **state)
{
	(void)state;
	use(SV32);
	regs.config.pa_bits = 33;
	regs.satp = 1u << 31 | 0x200000; /* 2^33 */
	check_access_fault(0x1234, REASON_ADDRESS_TOO_WIDE, 1, true);
	for (unsigned m = SV39; m < MODES; m++) {
		use(m);
		regs.config.pa_bits = 32;
		regs.satp = mode->satp_mode | 0x100000;
		check_access_fault(0x1234, REASON_ADDRESS_TOO_WIDE, mode->levels - 1, true);
	}
}

/* field-bugs.md 25, 26 */
static void pointer_beyond_the_width_is_an_access_fault(void **state)
{
	(void)state;
	for (unsigned m = 0; m < MODES; m++)
		for (unsigned level = 1; level < modes[m].levels; level++) {
			use(m);
			regs.config.pa_bits = 32;
			map(0x1234, level, pte(0x100000000, V));
			check_access_fault(0x1234, REASON_ADDRESS_TOO_WIDE, level - 1, true);
		}
}

/* field-bugs.md 34, 39 */
static void pte_bus_error_is_an_access_fault_of_the_access(void **state)
{
	(void)state;
	for (unsigned m = 0; m < MODES; m++)
		for (unsigned level = 0; level < modes[m].levels; level++) {
			use(m);
			map(0x1234, level, pte(0, RWX));
			sparse_poison(memory, pte_address(0x1234, level), true);
			check_access_fault(0x1234, REASON_BUS_ERROR, level, true);
		}
}

static void last_level_pointer_faults(void **state)
{
	(void)state;
	for (unsigned m = 0; m < MODES; m++) {
		use(m);
		map(0x1234, 0, pte(0x80000000, V));
		check_page_fault(0x1234, REASON_LAST_LEVEL_POINTER, 0);
		map(0x1234, 0, pte(0x80000000, V | G));
		check_page_fault(0x1234, REASON_LAST_LEVEL_POINTER, 0);
	}
}

/* ---- F: the width of the access ------------------------------------------ */

static void leaf_beyond_the_width_is_an_access_fault(void **state)
{
	(void)state;
	for (unsigned m = 0; m < MODES; m++) {
		use(m);
		regs.config.pa_bits = 32;
		map(0x1234, 0, pte(0xfffff000, RWX));
		check_ok(ask(0x1234, ACC_LOAD), 0xfffff234, 0);
		map(0x1234, 0, pte(0x100000000, RWX));
		check_access_fault(0x1234, REASON_ADDRESS_TOO_WIDE, 0, false);
	}
	/* A superpage that begins within the width and ends beyond it. */
	use(SV57);
	regs.config.pa_bits = 33;
	map(0x0, 3, pte(0, RWX));
	check_ok(ask(0x1ffffffff, ACC_LOAD), 0x1ffffffff, 3);
	check_access_fault(0x200000000, REASON_ADDRESS_TOO_WIDE, 3, false);
}

/* ---- satp ---------------------------------------------------------------- */

static void unsupported_mode_drops_the_whole_write(void **state)
{
	(void)state;
	static const unsigned deepest[] = {3, 4, 5};
	use(SV39);
	for (unsigned i = 0; i < 3; i++)
		for (uint64_t m = 0; m < 16; m++) {
			bool exists = m == 0 || (m >= 8 && m <= deepest[i] + 5);
			regs.config.levels = deepest[i];
			regs.satp = 0x8000000000012345;
			golden_write_csr(&regs, CSR_SATP, m << 60 | 0x0abc000000054321);
			assert_int_equal(regs.satp, exists ? m << 60 | 0x0abc000000054321
							   : 0x8000000000012345);
		}
}

static void asid_is_cut_and_the_ppn_is_not(void **state)
{
	(void)state;
	use(SV39);
	regs.config.asid_bits = 1;
	regs.config.pa_bits = 32;
	golden_write_csr(&regs, CSR_SATP, 0x8fffffffffffffff);
	assert_int_equal(regs.satp, 0x80001fffffffffff);
	regs.config.asid_bits = 0;
	golden_write_csr(&regs, CSR_SATP, 0xafffffffffffffff);
	assert_int_equal(regs.satp, 0xa0000fffffffffff);
	assert_int_equal(golden_satp_asid(&regs), 0);

	use(SV32);
	regs.config.asid_bits = 4;
	golden_write_csr(&regs, CSR_SATP, 0xffffffff);
	assert_int_equal(regs.satp, 0x83ffffff);
	golden_write_csr(&regs, CSR_SATP, 0x123456789abcdef0); /* a register has 32 bits there */
	assert_int_equal(regs.satp, 0x82bcdef0);
}

static void bare_keeps_the_other_bits(void **state)
{
	(void)state;
	use(SV39);
	golden_write_csr(&regs, CSR_SATP, 0x0123456789abcdef);
	assert_int_equal(regs.satp, 0x0123456789abcdef);
	check_ok(ask(0x1234, ACC_LOAD), 0x1234, 7);
	use(SV32);
	golden_write_csr(&regs, CSR_SATP, 0x7fffffff);
	assert_int_equal(regs.satp, 0x7fffffff);
	check_ok(ask(0x1234, ACC_LOAD), 0x1234, 7);
}

/* ---- the walk, as recorded and printed ----------------------------------- */

static void walk_is_recorded_and_printed_by_level(void **state)
{
	(void)state;
	use(SV39);
	map(0x12345678, 0, pte(0x7000, V | R | U | A));
	struct mmu_answer a = ask(0x12345678, ACC_LOAD);
	struct mmu_request request = {.va = 0x12345678};
	check_fault(a, 0x12345678, 13, REASON_USER_PAGE, 0, false);
	assert_int_equal(walk.length, 3);
	assert_int_equal(walk.read[1].address, 0x80001488);
	assert_int_equal(walk.read[1].value, 0x20000001);
	assert_int_equal(walk.read[1].level, 1);

	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	golden_print_walk(out, &regs, &request, &walk, &result);
	fclose(out);
	assert_string_equal(
	    text,
	    "  satp 0x8000000000080002: Sv39, ASID 0, root 0x80002000\n"
	    "  level 2: PTE at 0x80002000 = 0x0000000020000401  -------V  PPN 0x80001  pointer\n"
	    "  level 1: PTE at 0x80001488 = 0x0000000020000001  -------V  PPN 0x80000  pointer\n"
	    "  level 0: PTE at 0x80000a28 = 0x0000000000001c53  -A-U--RV  PPN 0x7  leaf\n"
	    "  8 bytes at 0x80000a28, PMA region 0x0 to 0xffffffffffffff, rwxtuaci\n"
	    "  step 6: a user page, for S-mode\n");
	free(text);
}

static void extensions_are_printed(void **state)
{
	(void)state;
	use_all(SV39, true);
	write_menvcfg(sse | adue | pbmte);
	write_csr(CSR_MENVCFG, read_csr(CSR_MENVCFG) | 3ull << ENVCFG_PMM);
	write_pmp(2, 0x98 | 3, 0x90000000 >> 2 | 0x1fff);
	map(0x5008, 0, 1ull << 63 | 1ull << 61 | 1ull << 59 | pte(0x90008000, 0x200 | V | W | A));
	struct mmu_request request = {
	    .va = 0xabcd000000005008, .access = ACC_SS_STORE, .bytes = 8, .priv = PRIV_S};
	ask_request(request);

	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	golden_print_walk(out, &regs, &request, &walk, &result);
	fclose(out);
	static const char *const parts[] = {
	    "Sv39, ASID 0, root 0x80002000, address masked to 0x5008\n",
	    " = 0xa800000024002245  -A---W-V  PPN 0x90008  RSW 2  N  PBMT NC  bits 60:59 1  "
	    "shadow-stack leaf\n",
	    "  8 bytes at 0x90005008, PMP entry 2 (NAPOT 0x90000000 to 0x9000ffff, L-WR)",
	    "  step 9: PTE at 0x80000028 becomes 0xa8000000240022c5\n",
	};
	for (unsigned i = 0; i < sizeof parts / sizeof parts[0]; i++)
		if (!strstr(text, parts[i]))
			fail_msg("not printed: %s\n%s", parts[i], text);
	free(text);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(bare_gives_the_address_itself),
	    TEST(m_mode_is_not_translated),
	    TEST(without_paging_sum_and_mxr_decide_nothing),
	    TEST(bare_address_beyond_the_width_is_an_access_fault),
	    TEST(upper_address_bits_equal_the_sign),
	    TEST(sv32_has_no_upper_address_bits),
	    TEST(sv32_walk_by_hand),
	    TEST(sv39_walk_by_hand),
	    TEST(every_leaf_size_of_every_mode),
	    TEST(all_ppn_bits_count),
	    TEST(root_beyond_the_width_is_an_access_fault),
	    TEST(pointer_beyond_the_width_is_an_access_fault),
	    TEST(pte_bus_error_is_an_access_fault_of_the_access),
	    TEST(last_level_pointer_faults),
	    TEST(leaf_beyond_the_width_is_an_access_fault),
	    TEST(unsupported_mode_drops_the_whole_write),
	    TEST(asid_is_cut_and_the_ppn_is_not),
	    TEST(bare_keeps_the_other_bits),
	    TEST(walk_is_recorded_and_printed_by_level),
	    TEST(extensions_are_printed),
	};
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
