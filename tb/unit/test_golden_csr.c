/*
 * The golden model's registers: WARL rules, locks, and writes that are dropped
 * (riscv-vm.md, sections 1.1, 1.5, 2.6, 2.8 and 2.9; docs/csr.md).
 */
#include "golden_fixture.h"

enum { L = 0x80, NAPOT = 3 << 3, NA4 = 2 << 3, TOR = 1 << 3 };
enum { PR = 1, PW = 2, PX = 4 };
enum { MML = 1, MMWP = 2, RLB = 4 };
enum { PMM = 32 };

/* ---- reset, absent extensions -------------------------------------------- */

static void reset_switches_everything_off(void **state)
{
	(void)state;
	for (unsigned m = 0; m < MODES; m++) {
		use_all(m, false);
		regs = golden_reset(&built);
		for (unsigned csr = 0; csr < 4096; csr++)
			assert_int_equal(read_csr(csr), 0);
	}
}

static void fields_of_absent_extensions_read_zero(void **state)
{
	(void)state;
	for (unsigned m = 0; m < MODES; m++) {
		use(m);
		for (unsigned csr = 0; csr < 4096; csr++)
			if (csr != CSR_SATP) {
				write_csr(csr, ~0ull);
				assert_int_equal(read_csr(csr), 0);
			}
	}
}

static void a_write_of_ones_shows_what_exists(void **state)
{
	(void)state;
	use_all(SV39, false);
	write_csr(CSR_MENVCFG, ~0ull);
	assert_int_equal(read_csr(CSR_MENVCFG), 0x6000000300000008);
	write_csr(CSR_MENVCFGH, ~0ull);
	assert_int_equal(read_csr(CSR_MENVCFGH), 0);
	write_csr(CSR_SENVCFG, ~0ull);
	assert_int_equal(read_csr(CSR_SENVCFG), 0x0000000300000000);
	write_csr(CSR_MSECCFG, ~0ull);
	assert_int_equal(read_csr(CSR_MSECCFG), 0x0000000300000007);
	write_csr(CSR_MSECCFGH, ~0ull);
	assert_int_equal(read_csr(CSR_MSECCFGH), 0);

	/* RV32: neither Svpbmt nor pointer masking, and ADUE in the upper half. */
	use_all(SV32, false);
	write_csr(CSR_MENVCFG, ~0ull);
	assert_int_equal(read_csr(CSR_MENVCFG), 0x00000008);
	assert_int_equal(read_csr(CSR_MENVCFGH), 0);
	write_csr(CSR_MENVCFGH, ~0ull);
	assert_int_equal(read_csr(CSR_MENVCFG), 0x00000008);
	assert_int_equal(read_csr(CSR_MENVCFGH), 0x20000000);
	write_csr(CSR_SENVCFG, ~0ull);
	assert_int_equal(read_csr(CSR_SENVCFG), 0);
	write_csr(CSR_MSECCFG, ~0ull);
	assert_int_equal(read_csr(CSR_MSECCFG), 0x00000007);
}

static void halves_of_menvcfg_are_written_apart(void **state)
{
	(void)state;
	use_all(SV32, false);
	write_menvcfg(adue | sse);
	write_csr(CSR_MENVCFG, 0);
	assert_int_equal(read_csr(CSR_MENVCFGH), 0x20000000);
	write_csr(CSR_MENVCFG, sse);
	write_csr(CSR_MENVCFGH, 0);
	assert_int_equal(read_csr(CSR_MENVCFG), sse);
}

static void each_extension_has_its_field(void **state)
{
	(void)state;
	use(SV39);
	built.svadu = true;
	rebuild();
	write_menvcfg(~0ull);
	assert_int_equal(read_csr(CSR_MENVCFG), adue);
	use(SV39);
	built.svpbmt = true;
	rebuild();
	write_menvcfg(~0ull);
	assert_int_equal(read_csr(CSR_MENVCFG), pbmte);
	use(SV39);
	built.zicfiss = true;
	rebuild();
	write_menvcfg(~0ull);
	assert_int_equal(read_csr(CSR_MENVCFG), sse);
	use(SV39);
	built.pointer_masking = true;
	rebuild();
	write_csr(CSR_MSECCFG, ~0ull);
	assert_int_equal(read_csr(CSR_MSECCFG), 3ull << PMM);
	use(SV39);
	built.smepmp = true;
	rebuild();
	write_csr(CSR_MSECCFG, ~0ull);
	assert_int_equal(read_csr(CSR_MSECCFG), MML | MMWP | RLB);
}

/* ---- PMM ----------------------------------------------------------------- */

static void reserved_pmm_leaves_the_field(void **state)
{
	(void)state;
	static const unsigned csr[] = {CSR_SENVCFG, CSR_MENVCFG, CSR_MSECCFG};
	use_all(SV39, false);
	for (unsigned i = 0; i < 3; i++)
		for (uint64_t before = 0; before < 4; before++) {
			if (before == 1)
				continue;
			write_csr(csr[i], before << PMM);
			write_csr(csr[i], 1ull << PMM);
			assert_int_equal(read_csr(csr[i]), before << PMM);
		}
	/* The rest of that write counts. */
	write_csr(CSR_MENVCFG, 3ull << PMM);
	write_csr(CSR_MENVCFG, 1ull << PMM | adue | sse);
	assert_int_equal(read_csr(CSR_MENVCFG), 3ull << PMM | adue | sse);
}

/* ---- pmpaddr ------------------------------------------------------------- */

static void pmpaddr_holds_the_bits_of_physical_memory(void **state)
{
	(void)state;
	use_all(SV39, false);
	write_csr(CSR_PMPADDR0, ~0ull);
	assert_int_equal(read_csr(CSR_PMPADDR0), 0x003fffffffffffff);
	built.pa_bits = 33;
	rebuild();
	write_csr(CSR_PMPADDR0, ~0ull);
	assert_int_equal(read_csr(CSR_PMPADDR0), 0x7fffffff);
	use_all(SV32, false);
	write_csr(CSR_PMPADDR0, ~0ull);
	assert_int_equal(read_csr(CSR_PMPADDR0), 0xffffffff);
	built.pa_bits = 32;
	rebuild();
	write_csr(CSR_PMPADDR0, ~0ull);
	assert_int_equal(read_csr(CSR_PMPADDR0), 0x3fffffff);
}

static void entries_beyond_those_built_read_zero(void **state)
{
	(void)state;
	use_all(SV39, false);
	built.pmp_entries = 3;
	rebuild();
	for (unsigned i = 0; i < 64; i++) {
		write_csr(CSR_PMPADDR0 + i, ~0ull);
		assert_int_equal(read_csr(CSR_PMPADDR0 + i) != 0, i < 3);
	}
	for (unsigned i = 0; i < 16; i++)
		write_csr(CSR_PMPCFG0 + i, 0x1f1f1f1f1f1f1f1f);
	assert_int_equal(read_csr(CSR_PMPCFG0), 0x1f1f1f);
	for (unsigned i = 1; i < 16; i++)
		assert_int_equal(read_csr(CSR_PMPCFG0 + i), 0);
}

/* Section 2.8: what a probe of the granularity reads, and stored bits that survive. */
static void low_address_bits_follow_grain_and_mode(void **state)
{
	(void)state;
	static const struct {
		unsigned grain;
		uint64_t off, napot; /* of all ones; of all zeros with NAPOT is the complement */
	} row[] = {
	    {0, 0xfff, 0x000}, {1, 0xffe, 0x000},  {2, 0xffc, 0x001},
	    {3, 0xff8, 0x003}, {10, 0xc00, 0x1ff},
	};
	for (unsigned i = 0; i < sizeof row / sizeof row[0]; i++) {
		use_all(SV39, false);
		built.pmp_grain = row[i].grain;
		rebuild();
		write_pmp(0, 0, 0xfff);
		assert_int_equal(read_csr(CSR_PMPADDR0), row[i].off);
		write_csr(CSR_PMPCFG0, TOR);
		assert_int_equal(read_csr(CSR_PMPADDR0), row[i].off);
		write_csr(CSR_PMPCFG0, NAPOT);
		assert_int_equal(read_csr(CSR_PMPADDR0), 0xfff);
		write_csr(CSR_PMPADDR0, 0);
		assert_int_equal(read_csr(CSR_PMPADDR0), row[i].napot);
		write_csr(CSR_PMPADDR0, 0x555);
		write_csr(CSR_PMPCFG0, 0);
		assert_int_equal(read_csr(CSR_PMPADDR0), row[i].off & 0x555);
		write_csr(CSR_PMPCFG0, NAPOT);
		assert_int_equal(read_csr(CSR_PMPADDR0), 0x555 | row[i].napot);
	}
}

/* ---- pmpcfg -------------------------------------------------------------- */

static void pmpcfg_holds_eight_entries_or_four(void **state)
{
	(void)state;
	use_all(SV39, false);
	write_csr(CSR_PMPCFG0 + 2, 0x1f1d1c1b19180f09);
	for (unsigned i = 0; i < 8; i++)
		assert_int_equal(regs.pmp.entry[8 + i].cfg, 0x1f1d1c1b19180f09 >> 8 * i & 0xff);
	assert_int_equal(read_csr(CSR_PMPCFG0 + 2), 0x1f1d1c1b19180f09);
	use_all(SV32, false);
	write_csr(CSR_PMPCFG0 + 3, 0x1f1d1c1b19180f09);
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(regs.pmp.entry[12 + i].cfg, 0x19180f09 >> 8 * i & 0xff);
	assert_int_equal(read_csr(CSR_PMPCFG0 + 3), 0x19180f09);
}

static void odd_pmpcfg_of_rv64_is_not_there(void **state)
{
	(void)state;
	use_all(SV39, false);
	write_csr(CSR_PMPCFG0, 0x1f1f1f1f1f1f1f1f);
	for (unsigned i = 1; i < 16; i += 2) {
		write_csr(CSR_PMPCFG0 + i, 0);
		assert_int_equal(read_csr(CSR_PMPCFG0 + i), 0);
	}
	assert_int_equal(read_csr(CSR_PMPCFG0), 0x1f1f1f1f1f1f1f1f);
}

static void reserved_cfg_bits_read_zero(void **state)
{
	(void)state;
	use_all(SV32, false);
	write_csr(CSR_PMPCFG0 + 1, 0x7f6f5f7f);
	assert_int_equal(read_csr(CSR_PMPCFG0 + 1), 0x1f0f1f1f);
}

static void write_without_read_is_stored_as_neither(void **state)
{
	(void)state;
	use_all(SV39, false);
	write_csr(CSR_PMPCFG0, NAPOT | PW);
	assert_int_equal(read_csr(CSR_PMPCFG0), NAPOT);
	write_csr(CSR_PMPCFG0, NAPOT | PW | PX);
	assert_int_equal(read_csr(CSR_PMPCFG0), NAPOT | PX);
	write_csr(CSR_PMPCFG0, NAPOT | PW | PR);
	assert_int_equal(read_csr(CSR_PMPCFG0), NAPOT | PW | PR);
	/* With MML it means something. */
	write_csr(CSR_MSECCFG, MML);
	write_csr(CSR_PMPCFG0, NAPOT | PW);
	assert_int_equal(read_csr(CSR_PMPCFG0), NAPOT | PW);
}

static void na4_is_off_where_a_grain_is_more(void **state)
{
	(void)state;
	use_all(SV39, false);
	write_csr(CSR_PMPCFG0, NA4 | PR);
	assert_int_equal(read_csr(CSR_PMPCFG0), NA4 | PR);
	built.pmp_grain = 1;
	rebuild();
	write_csr(CSR_PMPCFG0, NA4 | PR);
	assert_int_equal(read_csr(CSR_PMPCFG0), PR);
}

/* ---- locks --------------------------------------------------------------- */

static void locked_entry_keeps_cfg_and_address(void **state)
{
	(void)state;
	for (unsigned m = 0; m < 2; m++)
		for (unsigned a = 0; a <= NAPOT; a += TOR) {
			use_all(m, false);
			write_pmp(1, L | a | PR, 0x1000);
			write_pmp(1, NAPOT | PR | PW | PX, 0x2000);
			assert_int_equal(read_pmpcfg(1), L | a | PR);
			assert_int_equal(regs.pmp.entry[1].addr, 0x1000);
			/* Its neighbours in the register are written. */
			write_pmp(2, NAPOT | PX, 0x3000);
			assert_int_equal(read_pmpcfg(2), NAPOT | PX);
			assert_int_equal(read_csr(CSR_PMPADDR0 + 2), 0x3000);
			/* A locked TOR keeps the address below it, too. */
			write_csr(CSR_PMPADDR0, 0x4000);
			assert_int_equal(read_csr(CSR_PMPADDR0), a == TOR ? 0 : 0x4000);
		}
}

static void lock_counts_from_the_write_after(void **state)
{
	(void)state;
	use_all(SV39, false);
	/* Entries 0 and 1 in one write: the lock of 1 does not hinder it. */
	write_csr(CSR_PMPCFG0, (uint64_t)(L | TOR | PR) << 8 | (NAPOT | PR));
	assert_int_equal(read_csr(CSR_PMPCFG0), (uint64_t)(L | TOR | PR) << 8 | (NAPOT | PR));
	write_csr(CSR_PMPCFG0, 0);
	assert_int_equal(read_csr(CSR_PMPCFG0), (uint64_t)(L | TOR | PR) << 8);
}

static void rlb_opens_locked_entries(void **state)
{
	(void)state;
	use_all(SV39, false);
	write_csr(CSR_MSECCFG, RLB);
	write_pmp(1, L | TOR | PR, 0x1000);
	write_csr(CSR_PMPADDR0, 0x800);
	assert_int_equal(read_csr(CSR_PMPADDR0), 0x800);
	write_pmp(1, L | NAPOT | PX, 0x2000);
	assert_int_equal(read_pmpcfg(1), L | NAPOT | PX);
	assert_int_equal(read_csr(CSR_PMPADDR0 + 1), 0x2000);
	write_pmp(1, 0, 0x3000);
	assert_int_equal(read_pmpcfg(1), 0);
}

/* ---- mseccfg ------------------------------------------------------------- */

static void mml_and_mmwp_stay_set(void **state)
{
	(void)state;
	use_all(SV39, false);
	write_csr(CSR_MSECCFG, RLB | MML);
	write_csr(CSR_MSECCFG, RLB | MMWP);
	assert_int_equal(read_csr(CSR_MSECCFG), RLB | MML | MMWP);
	write_csr(CSR_MSECCFG, 0);
	assert_int_equal(read_csr(CSR_MSECCFG), MML | MMWP);
}

/* norm:mseccfg_rlb_op_warl */
static void rlb_cannot_be_set_while_an_entry_is_locked(void **state)
{
	(void)state;
	use_all(SV39, false);
	write_pmp(5, L, 0); /* off, and locked */
	write_csr(CSR_MSECCFG, RLB);
	assert_int_equal(read_csr(CSR_MSECCFG), 0);

	/* Set before, it stays settable, until it is cleared once. */
	rebuild();
	write_csr(CSR_MSECCFG, RLB);
	write_pmp(5, L, 0);
	write_csr(CSR_MSECCFG, RLB);
	assert_int_equal(read_csr(CSR_MSECCFG), RLB);
	write_csr(CSR_MSECCFG, 0);
	write_csr(CSR_MSECCFG, RLB);
	assert_int_equal(read_csr(CSR_MSECCFG), 0);
}

/* norm:mseccfg_mml_X_restrict: R, W, X of the locked rules that may not be added. */
static void no_machine_code_is_added_under_mml(void **state)
{
	(void)state;
	for (unsigned rlb = 0; rlb < 2; rlb++)
		for (unsigned l = 0; l < 2; l++)
			for (unsigned rwx = 0; rwx < 8; rwx++)
				for (unsigned a = 0; a <= NAPOT; a += TOR) {
					bool r = rwx >> 2, w = rwx >> 1 & 1, x = rwx & 1;
					bool kept = l && !rlb &&
						    (rwx == 1 || rwx == 2 || rwx == 3 || rwx == 5);
					uint8_t cfg = (l ? L : 0) | a | r * PR | w * PW | x * PX;
					use_all(SV39, false);
					write_csr(CSR_MSECCFG, MML | (rlb ? RLB : 0));
					write_pmp(3, NAPOT | PR, 0);
					write_pmp(3, cfg, 0);
					assert_int_equal(read_pmpcfg(3), kept ? NAPOT | PR : cfg);
				}
}

/* ---- satp ---------------------------------------------------------------- */

static void other_registers_change_no_satp(void **state)
{
	(void)state;
	use_all(SV39, false);
	uint64_t satp = read_csr(CSR_SATP);
	for (unsigned csr = 0; csr < 4096; csr++)
		if (csr != CSR_SATP)
			write_csr(csr, ~0ull);
	assert_int_equal(read_csr(CSR_SATP), satp);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(reset_switches_everything_off),
	    TEST(fields_of_absent_extensions_read_zero),
	    TEST(a_write_of_ones_shows_what_exists),
	    TEST(halves_of_menvcfg_are_written_apart),
	    TEST(each_extension_has_its_field),
	    TEST(reserved_pmm_leaves_the_field),
	    TEST(pmpaddr_holds_the_bits_of_physical_memory),
	    TEST(entries_beyond_those_built_read_zero),
	    TEST(low_address_bits_follow_grain_and_mode),
	    TEST(pmpcfg_holds_eight_entries_or_four),
	    TEST(odd_pmpcfg_of_rv64_is_not_there),
	    TEST(reserved_cfg_bits_read_zero),
	    TEST(write_without_read_is_stored_as_neither),
	    TEST(na4_is_off_where_a_grain_is_more),
	    TEST(locked_entry_keeps_cfg_and_address),
	    TEST(lock_counts_from_the_write_after),
	    TEST(rlb_opens_locked_entries),
	    TEST(mml_and_mmwp_stay_set),
	    TEST(rlb_cannot_be_set_while_an_entry_is_locked),
	    TEST(no_machine_code_is_added_under_mml),
	    TEST(other_registers_change_no_satp),
	};
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
