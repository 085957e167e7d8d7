/*
 * The golden model, the update of A and D: when there is one, what it writes, and
 * what comes before it; and the model that makes it (riscv-vm.md, section 1.5,
 * step 9, and sections 2.1, 2.2, 2.5).
 */
#include "golden_fixture.h"
#include "mmu_model.h"

enum { NAPOT = 3 << 3, PR = 1, PW = 2 };

static void check_update(uint64_t address, uint64_t expected, uint64_t desired)
{
	assert_true(result.update.needed);
	assert_int_equal(result.update.address, address);
	assert_int_equal(result.update.expected, expected);
	assert_int_equal(result.update.desired, desired);
}

/* ---- what is written ----------------------------------------------------- */

static void sets_a_and_for_a_store_d(void **state)
{
	(void)state;
	for (unsigned m = 0; m < MODES; m++)
		for (unsigned level = 0; level < modes[m].levels; level++)
			for (unsigned had = 0; had < 4; had++) {
				uint64_t before =
				    pte(0, V | R | W | X | (had & 1 ? A : 0) | (had & 2 ? D : 0));
				use_all(m, true);
				write_menvcfg(adue);
				map(0x234, level, before);
				check_ok(ask(0x234, ACC_LOAD), 0x234, level);
				assert_int_equal(result.update.needed, !(had & 1));
				if (!(had & 1))
					check_update(pte_address(0x234, level), before, before | A);
				check_ok(ask(0x234, ACC_STORE), 0x234, level);
				assert_int_equal(result.update.needed, had != 3);
				if (had != 3)
					check_update(pte_address(0x234, level), before,
						     before | A | D);
			}
}

static void nothing_else_of_the_pte_changes(void **state)
{
	(void)state;
	use_all(SV39, true);
	write_menvcfg(adue | pbmte);
	/* N, PBMT, bits 60:59, RSW, G: and the PPN as memory has it. */
	uint64_t before =
	    1ull << 63 | 2ull << 61 | 3ull << 59 | 3u << 8 | pte(0x98000, V | R | W | G);
	map(0x5000, 0, before);
	check_ok(ask(0x5000, ACC_STORE), 0x95000, 0);
	check_update(pte_address(0x5000, 0), before, before | A | D);
}

static void prefetch_sets_nothing_and_management_no_d(void **state)
{
	(void)state;
	use_all(SV39, true);
	write_menvcfg(adue);
	map(0x5000, 0, pte(0x7000, V | R | W));
	check_ok(ask(0x5000, ACC_PREFETCH), 0x7000, 0);
	assert_false(result.update.needed);
	check_ok(ask(0x5000, ACC_CBO_MANAGE), 0x7000, 0);
	check_update(pte_address(0x5000, 0), pte(0x7000, V | R | W), pte(0x7000, V | R | W | A));
}

static void software_sets_them_unless_switched_on(void **state)
{
	(void)state;
	use_all(SV39, true);
	map(0x5000, 0, pte(0x7000, V | R | W));
	check_fault(ask(0x5000, ACC_LOAD), 0x5000, 13, REASON_ACCESSED_CLEAR, 0, false);
	built.svadu = false;
	rebuild();
	write_menvcfg(adue);
	built.pmp_entries = 0;
	rebuild();
	check_fault(ask(0x5000, ACC_LOAD), 0x5000, 13, REASON_ACCESSED_CLEAR, 0, false);
}

/* ---- what comes before --------------------------------------------------- */

/* field-bugs.md 88: no update for an access that faults. */
static void an_access_that_faults_updates_nothing(void **state)
{
	(void)state;
	const uint64_t a_clear = V | R | U;
	const struct {
		uint64_t value;
		uint8_t reason;
	} row[] = {
	    {pte(0x1000, a_clear | W), REASON_SUPERPAGE_MISALIGNED},
	    {pte(0, a_clear), REASON_USER_PAGE},
	    {pte(0, V | R), REASON_NOT_WRITABLE},
	    {pte(1ull << 40, V | R | W), REASON_ADDRESS_TOO_WIDE},
	    {pte(0x90000000, V | R | W), REASON_PMP},
	    {pte(0xa0000000, V | R | W), REASON_PMA},
	};
	static const struct mmu_pma pma[] = {{0xa0000000, 0x10000000, 1 << PMA_R},
					     {0, 1ull << 56, 0xff}};
	for (unsigned i = 0; i < sizeof row / sizeof row[0]; i++) {
		use_all(SV39, true);
		built.pa_bits = 40;
		built.pma = pma;
		built.pma_regions = 2;
		rebuild();
		write_menvcfg(adue);
		write_pmp(0, NAPOT | PR, 0x90000000 >> 2 | 0x1ffffff);
		write_pmp(1, NAPOT | 7, ~0ull);
		map(0x234, 1, row[i].value);
		struct mmu_answer a = ask(0x234, ACC_STORE);
		assert_string_equal(mmu_reason_name(a.reason), mmu_reason_name(row[i].reason));
		assert_false(a.pte);
		assert_false(result.update.needed);
	}
}

/* Step 9b; field-bugs.md 87. It is a write by S-mode, and told before the access's own faults. */
static void update_must_be_permitted(void **state)
{
	(void)state;
	static const struct mmu_pma read_only[] = {
	    {0x80000000, 0x1000, 0xff & ~(1 << PMA_PT_WRITE)}, {0, 1ull << 56, 0xff}};
	for (unsigned m = 0; m < MODES; m++) {
		use_all(m, true);
		write_menvcfg(adue);
		map(0x1234, 0, pte(0x7000, V | R | W | X | D));
		write_pmp(0, NAPOT | PR, (pte_address(0x1234, 0) & ~7ull) >> 2);
		check_access_fault(0x1234, REASON_PMP, 0, true);
		assert_false(result.update.needed);
		put(0x1234, 0, pte(0x7000, RWX)); /* without an update it is allowed */
		check_ok(ask(0x1234, ACC_STORE), 0x7234, 0);

		built.pma = read_only;
		built.pma_regions = 2;
		built.pmp_entries = 0;
		rebuild();
		write_menvcfg(adue);
		check_ok(ask(0x1234, ACC_STORE), 0x7234, 0);
		put(0x1234, 0, pte(0x100000000, V | R | W | X | D));
		built.pa_bits = 32; /* the access would be too wide */
		rebuild();
		write_menvcfg(adue);
		check_access_fault(0x1234, REASON_PMA, 0, true);
	}
}

/* ---- the model that makes it --------------------------------------------- */

static struct mmu *model;
static unsigned swaps;
static uint64_t
    changes[3]; /* what somebody else writes just before each of the swaps; 0: nothing */
static bool swap_is_a_bus_error;

static bool contended_swap(void *ctx, uint64_t pa, unsigned bytes, uint64_t expected,
			   uint64_t desired, uint64_t *old)
{
	if (swaps < 3 && changes[swaps])
		sparse_write(ctx, pa, bytes, changes[swaps]);
	swaps++;
	return !swap_is_a_bus_error && sparse_swap(ctx, pa, bytes, expected, desired, old);
}

static struct mmu_answer store_through_model(unsigned leaf_flags)
{
	char err[100];
	struct mmu_options options = {.model = "golden", .config = "sv57_max"};
	options.memory = sparse_memory(memory);
	options.memory.swap = contended_swap;
	use(SV39);
	map(0x5000, 0, pte(0x7000, leaf_flags));
	swaps = 0;
	model = mmu_open(&options, err, sizeof err);
	mmu_csr_write(model, CSR_PMPADDR0, ~0ull);
	mmu_csr_write(model, CSR_PMPCFG0, NAPOT | 7);
	mmu_csr_write(model, CSR_MENVCFG, adue);
	mmu_csr_write(model, CSR_SATP, mode->satp_mode | TABLE(2) >> 12);
	struct mmu_request store = {
	    .va = 0x5008, .tag = 0x5a, .access = ACC_STORE, .bytes = 8, .priv = PRIV_S};
	struct mmu_answer a;
	assert_true(mmu_translate(model, MMU_DATA, &store, &a));
	return a;
}

static uint64_t leaf_in_memory(void)
{
	return sparse_peek(memory, pte_address(0x5000, 0), 8);
}

static int close_model(void **state)
{
	mmu_close(model);
	memset(changes, 0, sizeof changes);
	swap_is_a_bus_error = false;
	return teardown(state);
}

static void model_updates_memory(void **state)
{
	(void)state;
	struct mmu_counts counts;
	check_ok(store_through_model(V | R | W), 0x7008, 0);
	assert_int_equal(leaf_in_memory(), pte(0x7000, V | R | W | A | D));
	mmu_counts(model, &counts);
	assert_int_equal(counts.pte_swaps, 1);
	assert_int_equal(counts.pte_swaps_failed, 0);
	assert_int_equal(counts.pte_reads, 3);
}

/* field-bugs.md 89 */
static void changed_pte_is_taken_up_again(void **state)
{
	(void)state;
	struct mmu_counts counts;
	changes[0] = pte(0x9000, V | R | W | A);
	changes[1] = pte(0xb000, V | R | W | G);
	check_ok(store_through_model(V | R | W), 0xb008, 0);
	assert_int_equal(leaf_in_memory(), pte(0xb000, V | R | W | G | A | D));
	mmu_counts(model, &counts);
	assert_int_equal(counts.pte_swaps, 3);
	assert_int_equal(counts.pte_swaps_failed, 2);
	assert_int_equal(counts.pte_reads, 3); /* what the swap found needs no read */
}

static void changed_pte_is_judged_by_all_rules(void **state)
{
	(void)state;
	changes[0] = pte(0x9000, R | W);
	check_fault(store_through_model(V | R | W), 0x5008, 15, REASON_PTE_INVALID, 0, false);
	assert_int_equal(leaf_in_memory(), pte(0x9000, R | W));
}

static void changed_pte_may_need_no_update(void **state)
{
	(void)state;
	changes[0] = pte(0x9000, V | R | W | A | D);
	check_ok(store_through_model(V | R | W), 0x9008, 0);
	assert_int_equal(swaps, 1);
}

static void changed_pte_may_refuse(void **state)
{
	(void)state;
	changes[0] = pte(0x9000, V | R);
	check_fault(store_through_model(V | R | W), 0x5008, 15, REASON_NOT_WRITABLE, 0, false);
	assert_int_equal(leaf_in_memory(), pte(0x9000, V | R));
}

static void bus_error_of_the_swap_is_of_the_pte(void **state)
{
	(void)state;
	swap_is_a_bus_error = true;
	check_fault(store_through_model(V | R | W), 0x5008, 7, REASON_BUS_ERROR, 0, true);
	assert_int_equal(leaf_in_memory(), pte(0x7000, V | R | W));
}

#define TEST(f)       cmocka_unit_test_setup_teardown(f, setup, teardown)
#define MODEL_TEST(f) cmocka_unit_test_setup_teardown(f, setup, close_model)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(sets_a_and_for_a_store_d),
	    TEST(nothing_else_of_the_pte_changes),
	    TEST(prefetch_sets_nothing_and_management_no_d),
	    TEST(software_sets_them_unless_switched_on),
	    TEST(an_access_that_faults_updates_nothing),
	    TEST(update_must_be_permitted),
	    MODEL_TEST(model_updates_memory),
	    MODEL_TEST(changed_pte_is_taken_up_again),
	    MODEL_TEST(changed_pte_is_judged_by_all_rules),
	    MODEL_TEST(changed_pte_may_need_no_update),
	    MODEL_TEST(changed_pte_may_refuse),
	    MODEL_TEST(bus_error_of_the_swap_is_of_the_pte),
	};
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
