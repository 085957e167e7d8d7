/*
 * The checker, updates of A and D by the model: which it makes rightly, and which
 * answers need one first (riscv-vm.md, section 1.5, step 9; sim/golden/checker.h).
 */
#include "checker_fixture.h"

/* VA's leaf lacks A and D, and hardware sets them. */
static void begin(void)
{
	write_pte(ENTRY(LAST), pte(PAGE, V | R | W));
	set_menvcfg(adue);
	read_ptes();
}

/* ---- updates that are right ---------------------------------------------- */

static void update_for_a_request_under_way_is_right(void **state)
{
	(void)state;
	begin();
	take(&load);
	assert_true(swap_is_right(ENTRY(LAST), A));
	ACCEPTED(answer(ok(PAGE, 0)));
	take(&store);
	assert_true(swap_is_right(ENTRY(LAST), D));
	ACCEPTED(answer(ok(PAGE, 0)));
}

static void update_may_come_in_the_step_of_acceptance(void **state)
{
	(void)state;
	begin();
	swap_next(ENTRY(LAST), A | D);
	mmu_offer(mmu, MMU_DATA, &store);
	assert_true(step_is_right());
	ACCEPTED(answer(ok(PAGE, 0)));
}

static void two_requests_may_each_make_theirs(void **state)
{
	(void)state;
	struct mmu_request second = store;
	second.tag = 0x22;
	begin();
	take(&load);
	take(&second);
	swap_next(ENTRY(LAST), A);
	model->swap[1].pa = ENTRY(LAST);
	model->swap[1].expected = pte(PAGE, V | R | W | A);
	model->swap[1].desired = pte(PAGE, V | R | W | A | D);
	model->swaps = 2;
	assert_true(step_is_right());
}

static void update_may_follow_a_held_pointer(void **state)
{
	(void)state;
	begin();
	take(&load);
	WRONG(answer(page_fault(REASON_ACCESSED_CLEAR, 0)));
	write_pte(ENTRY(MID), 0);
	take(&load);
	assert_true(swap_is_right(ENTRY(LAST), A));
	HELD(answer(ok(PAGE, 0)));

	write_pte(ENTRY(LAST), pte(PAGE, V | R | W));
	fence_all();
	take(&load);
	assert_false(swap_is_right(ENTRY(LAST), A));
}

static void update_of_a_request_is_as_it_was_latched(void **state)
{
	(void)state;
	begin();
	take(&load);
	set_menvcfg(0);
	assert_true(swap_is_right(ENTRY(LAST), A));
	ACCEPTED(answer(ok(PAGE, 0)));
	write_pte(ENTRY(LAST), pte(PAGE, V | R | W));
	take(&load);
	set_menvcfg(adue);
	assert_false(swap_is_right(ENTRY(LAST), A));
}

/* ---- updates that are wrong ---------------------------------------------- */

static void update_without_a_request_is_refused(void **state)
{
	(void)state;
	begin();
	assert_false(swap_is_right(ENTRY(LAST), A));
	write_pte(ENTRY(LAST), pte(PAGE, V | R | W));
	take(&load);
	assert_true(swap_is_right(ENTRY(LAST), A));
	ACCEPTED(answer(ok(PAGE, 0)));
	assert_false(swap_is_right(ENTRY(LAST), D)); /* answered already */
}

static void update_that_changes_something_else_is_refused(void **state)
{
	(void)state;
	static const uint64_t wrong[] = {D, A | D, A | G, A | X, A | 1 << 10, A | 1 << 8};
	for (unsigned i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		begin();
		take(&load);
		assert_false(swap_is_right(ENTRY(LAST), wrong[i]));
		answer(ok(PAGE, 0));
		fence_all();
	}
	/* A store sets both at once. */
	begin();
	take(&store);
	assert_false(swap_is_right(ENTRY(LAST), A));
}

static void update_with_old_bits_lost_is_refused(void **state)
{
	(void)state;
	/* field-bugs.md 86 */
	begin();
	write_pte(ENTRY(LAST), pte(PAGE, V | R | W | D));
	take(&load);
	swap_next(ENTRY(LAST), A);
	model->swap[0].desired = pte(PAGE, V | R | W | A);
	assert_false(step_is_right());
}

static void update_of_another_pte_is_refused(void **state)
{
	(void)state;
	/* field-bugs.md 85 */
	begin();
	write_pte(ENTRY(LAST) + 8, pte(PAGE, V | R | W));
	take(&load);
	assert_false(swap_is_right(ENTRY(LAST) + 8, A));
	assert_false(swap_is_right(ENTRY(MID), A));
}

static void update_that_software_makes_is_refused(void **state)
{
	(void)state;
	begin();
	set_menvcfg(0);
	take(&load);
	assert_false(swap_is_right(ENTRY(LAST), A));
}

/* field-bugs.md 87, 88 */
static void update_for_an_access_that_faults_is_refused(void **state)
{
	(void)state;
	begin();
	write_pte(ENTRY(LAST), pte(PAGE, V | R));
	take(&store);
	assert_false(swap_is_right(ENTRY(LAST), A | D));
	answer(ok(PAGE, 0));

	begin();
	mmu_csr_write(mmu, CSR_PMPADDR0, ENTRY(LAST) >> 2); /* eight bytes, which are not open */
	mmu_csr_write(mmu, CSR_PMPADDR0 + 1, ~0ull);
	mmu_csr_write(mmu, CSR_PMPCFG0, 0x1f19);
	fence_all();
	take(&store);
	assert_false(swap_is_right(ENTRY(LAST), A | D));
	answer(ok(PAGE, 0));

	begin();
	mmu_csr_write(mmu, CSR_PMPADDR0, PAGE >> 2 | 0x1ff);
	fence_all();
	take(&store);
	assert_false(swap_is_right(ENTRY(LAST), A | D));
}

static void register_write_in_the_step_of_an_update_comes_after_it(void **state)
{
	(void)state;
	begin();
	mmu_csr_write(mmu, CSR_PMPCFG0, 0x19); /* no writes */
	fence_all();
	take(&load);
	swap_next(ENTRY(LAST), A);
	mmu_offer_csr(mmu, CSR_PMPCFG0, 0x1f);
	assert_false(step_is_right());
}

/* ---- answers ------------------------------------------------------------- */

static void answer_without_its_update_is_refused(void **state)
{
	(void)state;
	begin();
	WRONG(given(ok(PAGE, 0)));
	take(&store);
	WRONG(answer(ok(PAGE, 0)));
	write_pte(ENTRY(LAST), pte(PAGE, V | R | W | A));
	fence_all();
	ACCEPTED(given(ok(PAGE, 0)));
	take(&store);
	WRONG(answer(ok(PAGE, 0)));
	take(&store);
	WRONG(answer(store_fault(REASON_DIRTY_CLEAR, CAUSE_STORE_PAGE, 0)));
}

/* What a cache holds may serve a load, not a store. */
static void held_leaf_without_d_serves_loads_only(void **state)
{
	(void)state;
	begin();
	write_pte(ENTRY(LAST), pte(PAGE, V | R | W | A));
	ACCEPTED(given(ok(PAGE, 0)));
	write_pte(ENTRY(LAST), 0);
	HELD(given(ok(PAGE, 0)));
	take(&store);
	WRONG(answer(ok(PAGE, 0)));
	take(&store);
	ACCEPTED(answer(store_fault(REASON_PTE_INVALID, CAUSE_STORE_PAGE, 0)));
}

static void what_an_update_left_is_held_until_a_fence(void **state)
{
	(void)state;
	begin();
	take(&store);
	assert_true(swap_is_right(ENTRY(LAST), A | D));
	write_pte(ENTRY(LAST), 0);
	HELD(answer(ok(PAGE, 0)));
	take(&store);
	HELD(answer(ok(PAGE, 0)));
	fence_va(VA);
	take(&store);
	WRONG(answer(ok(PAGE, 0)));
}

/* Whether or not it read the PTE since the fence. */
static void what_an_update_left_is_held_without_a_read(void **state)
{
	(void)state;
	begin();
	fence_all();
	take(&store);
	assert_true(swap_is_right(ENTRY(LAST), A | D));
	write_pte(ENTRY(LAST), 0);
	HELD(answer(ok(PAGE, 0)));
}

static void what_was_before_an_update_is_held_until_a_fence(void **state)
{
	(void)state;
	begin();
	take(&store);
	assert_true(swap_is_right(ENTRY(LAST), A | D));
	ACCEPTED(answer(ok(PAGE, 0)));
	set_menvcfg(0);
	take(&store);
	HELD(answer(store_fault(REASON_ACCESSED_CLEAR, CAUSE_STORE_PAGE, 0)));
	fence_va(VA);
	take(&store);
	WRONG(answer(store_fault(REASON_ACCESSED_CLEAR, CAUSE_STORE_PAGE, 0)));
}

static void bus_error_of_an_update_needs_one_that_failed(void **state)
{
	(void)state;
	struct mmu_answer error = store_fault(REASON_BUS_ERROR, CAUSE_STORE_ACCESS, 0);
	error.pte = true;
	begin();
	take(&store);
	WRONG(answer(error));

	take(&store);
	sparse_poison(memory, ENTRY(LAST), true); /* for the swap alone */
	swap_next(ENTRY(LAST), A | D);
	assert_true(step_is_right());
	sparse_poison(memory, ENTRY(LAST), false);
	ACCEPTED(answer(error));
	take(&store);
	WRONG(answer(error)); /* that was another request's */
}

/* ---- reads --------------------------------------------------------------- */

static void read_where_no_table_may_lie_is_refused(void **state)
{
	(void)state;
	static struct mmu_config no_tables;
	static const struct mmu_pma map[] = {{LAST, 0x1000, 0xff & ~(1 << PMA_PT_READ)},
					     {0, 1ull << 56, 0xff}};
	struct mmu_answer a = bus_error(0);
	uint64_t value;
	no_tables = *config;
	no_tables.pma = map;
	no_tables.pma_regions = 2;
	mmu_close(mmu);
	open_checker(&no_tables);
	set_satp(SV39(ROOT, ASID));

	take(&load);
	assert_true(step_is_right());
	a.reason = REASON_PMA;
	ACCEPTED(answer(a));
	model->reads = true;
	assert_false(step_is_right());
	model->reads = false;
	assert_true(step_is_right());
	assert_true(seen.read(seen.ctx, ENTRY(MID), 8, &value));
	assert_true(step_is_right());
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(update_for_a_request_under_way_is_right),
	    TEST(update_may_come_in_the_step_of_acceptance),
	    TEST(two_requests_may_each_make_theirs),
	    TEST(update_may_follow_a_held_pointer),
	    TEST(update_of_a_request_is_as_it_was_latched),
	    TEST(update_without_a_request_is_refused),
	    TEST(update_that_changes_something_else_is_refused),
	    TEST(update_with_old_bits_lost_is_refused),
	    TEST(update_of_another_pte_is_refused),
	    TEST(update_that_software_makes_is_refused),
	    TEST(update_for_an_access_that_faults_is_refused),
	    TEST(register_write_in_the_step_of_an_update_comes_after_it),
	    TEST(answer_without_its_update_is_refused),
	    TEST(held_leaf_without_d_serves_loads_only),
	    TEST(what_an_update_left_is_held_until_a_fence),
	    TEST(what_an_update_left_is_held_without_a_read),
	    TEST(what_was_before_an_update_is_held_until_a_fence),
	    TEST(bus_error_of_an_update_needs_one_that_failed),
	    TEST(read_where_no_table_may_lie_is_refused),
	};
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
