/*
 * The checker, leaves and fences: for each rule on what a cache may hold, an
 * answer that it must accept and one that it must refuse (riscv-vm.md, section
 * 3; sim/golden/checker.h).
 */
#include "checker_fixture.h"

/* ---- leaves and the four fences ------------------------------------------ */

static void stale_leaf_is_held_until_a_fence(void **state)
{
	(void)state;
	make_leaf_stale();
	HELD(given(ok(PAGE, 0)));
	ACCEPTED(given(ok(PAGE_B, 0)));
	WRONG(given(ok(0x92000000, 0)));
}

static void what_nobody_read_is_not_held(void **state)
{
	(void)state;
	fence_all();
	write_pte(ENTRY(LAST), pte(PAGE_B, LEAF));
	WRONG(given(ok(PAGE, 0)));
}

static void each_fence_that_covers_a_leaf_ends_it(void **state)
{
	(void)state;
	make_leaf_stale();
	fence_all();
	WRONG(given(ok(PAGE, 0)));
	ACCEPTED(given(ok(PAGE_B, 0)));

	write_pte(ENTRY(LAST), pte(PAGE, LEAF));
	HELD(given(ok(PAGE_B, 0)));
	fence_asid(ASID);
	WRONG(given(ok(PAGE_B, 0)));

	write_pte(ENTRY(LAST), pte(PAGE_B, LEAF));
	HELD(given(ok(PAGE, 0)));
	fence_va(VA);
	WRONG(given(ok(PAGE, 0)));

	write_pte(ENTRY(LAST), pte(PAGE, LEAF));
	HELD(given(ok(PAGE_B, 0)));
	fence_va_asid(VA + 0xfff, ASID);
	WRONG(given(ok(PAGE_B, 0)));
}

static void fences_of_something_else_leave_a_leaf(void **state)
{
	(void)state;
	make_leaf_stale();
	fence_asid(OTHER_ASID);
	fence_va(VA + 0x1000);
	fence_va(VA - 1);
	fence_va(VA | 1ull << 38 | -(1ull << 38)); /* canonical, and another page */
	fence_va_asid(VA, OTHER_ASID);
	fence_va_asid(VA + 0x1000, ASID);
	HELD(given(ok(PAGE, 0)));
	fence_va_asid(VA, ASID);
	WRONG(given(ok(PAGE, 0)));
}

static void fence_of_an_impossible_address_covers_nothing(void **state)
{
	(void)state;
	make_leaf_stale();
	fence_va(VA | 1ull << 38);
	fence_va(VA | 1ull << 63);
	fence_va_asid(VA | 1ull << 45, ASID);
	HELD(given(ok(PAGE, 0)));
}

static void same_fence_again_covers_what_changed_since(void **state)
{
	(void)state;
	make_leaf_stale();
	fence_va(VA);
	write_pte(ENTRY(LAST), pte(PAGE, LEAF));
	HELD(given(ok(PAGE_B, 0)));
	fence_va(VA);
	WRONG(given(ok(PAGE_B, 0)));
}

/* One ASID bit. field-bugs.md 53 */
static void fence_looks_at_implemented_asid_bits(void **state)
{
	(void)state;
	static struct mmu_config one_bit;
	one_bit = *config;
	one_bit.asid_bits = 1;
	mmu_close(mmu);
	open_checker(&one_bit);
	set_satp(SV39(ROOT, 1));
	make_leaf_stale();
	fence_asid(0xfffe);
	HELD(given(ok(PAGE, 0)));
	fence_asid(0xfff1);
	WRONG(given(ok(PAGE, 0)));
}

static void fence_in_the_step_of_the_answer_counts(void **state)
{
	(void)state;
	make_leaf_stale();
	model->fence_busy = true;
	mmu_offer_fence(mmu, &(struct mmu_fence){.rs1_x0 = true, .rs2_x0 = true});
	take(&load);
	model->fence_busy = false;
	WRONG(answer(ok(PAGE, 0)));
}

static void fence_counts_from_when_it_is_taken(void **state)
{
	(void)state;
	make_leaf_stale();
	model->fence_busy = true;
	mmu_offer_fence(mmu, &(struct mmu_fence){.rs1_x0 = true, .rs2_x0 = true});
	HELD(given(ok(PAGE, 0)));
	model->fence_busy = false;
	take(&load);
	WRONG(answer(ok(PAGE, 0)));
}

static void request_in_flight_over_a_fence_uses_what_is_held_since(void **state)
{
	(void)state;
	make_leaf_stale();
	take(&load);
	fence_va(VA);
	WRONG(answer(ok(PAGE, 0)));
	take(&load);
	fence_all();
	ACCEPTED(answer(ok(PAGE_B, 0)));
}

/* What a model reads in the very step of a full fence, it may hold afterwards. */
static void values_are_followed_from_the_step_of_a_fence(void **state)
{
	(void)state;
	warm_up();
	fence_all();
	write_pte(ENTRY(LAST), pte(PAGE_B, LEAF));
	WRONG(given(ok(PAGE, 0)));

	model->reads = true;
	fence_all();
	model->reads = false;
	write_pte(ENTRY(LAST), pte(PAGE, LEAF));
	HELD(given(ok(PAGE_B, 0)));
}

static void value_written_again_is_present_again(void **state)
{
	(void)state;
	make_leaf_stale();
	write_pte(ENTRY(LAST), pte(PAGE, LEAF));
	ACCEPTED(given(ok(PAGE, 0)));
	HELD(given(ok(PAGE_B, 0)));
	fence_va(VA);
	ACCEPTED(given(ok(PAGE, 0)));
	WRONG(given(ok(PAGE_B, 0)));
	write_pte(ENTRY(LAST), pte(PAGE_B, LEAF));
	HELD(given(ok(PAGE, 0)));
}

static void stores_of_any_size_are_followed(void **state)
{
	(void)state;
	warm_up();
	/* One byte of the PTE: R, W, X and A go. */
	mmu_before_write(mmu, ENTRY(LAST), 1);
	sparse_write(memory, ENTRY(LAST), 4, pte(PAGE, V | R));
	ACCEPTED(given(page_fault(REASON_ACCESSED_CLEAR, 0)));
	HELD(given(ok(PAGE, 0)));
	/* One byte in its middle. */
	mmu_before_write(mmu, ENTRY(LAST) + 2, 1);
	sparse_write(memory, ENTRY(LAST), 4, pte(PAGE ^ 0x400000, V | R));
	HELD(given(ok(PAGE, 0)));
	ACCEPTED(given(page_fault(REASON_ACCESSED_CLEAR, 0)));
	/* A line of 64 bytes that holds the PTE. */
	mmu_before_write(mmu, LAST, 64);
	sparse_write(memory, ENTRY(LAST), 8, pte(PAGE_B, LEAF));
	HELD(given(page_fault(REASON_ACCESSED_CLEAR, 0)));
}

static void stale_permission_may_fault(void **state)
{
	(void)state;
	write_pte(ENTRY(LAST), pte(PAGE, V | R));
	ACCEPTED(given(page_fault(REASON_ACCESSED_CLEAR, 0)));
	write_pte(ENTRY(LAST), pte(PAGE, LEAF));
	HELD(given(page_fault(REASON_ACCESSED_CLEAR, 0)));
	fence_va(VA);
	WRONG(given(page_fault(REASON_ACCESSED_CLEAR, 0)));
}

/* ---- invalid values ------------------------------------------------------ */

static void stale_invalid_pte_is_refused(void **state)
{
	(void)state;
	write_pte(ENTRY(LAST), 0);
	ACCEPTED(given(page_fault(REASON_PTE_INVALID, 0)));
	write_pte(ENTRY(LAST), pte(PAGE, LEAF));
	WRONG(given(page_fault(REASON_PTE_INVALID, 0)));
}

static void invalid_pte_counts_while_the_request_is_in_flight(void **state)
{
	(void)state;
	write_pte(ENTRY(LAST), 0);
	ACCEPTED(given(page_fault(REASON_PTE_INVALID, 0)));
	take(&load);
	write_pte(ENTRY(LAST), pte(PAGE, LEAF));
	HELD(answer(page_fault(REASON_PTE_INVALID, 0)));

	/* Valid, invalid, valid again, all in flight. */
	take(&load);
	write_pte(ENTRY(LAST), 0);
	write_pte(ENTRY(LAST), pte(PAGE_B, LEAF));
	HELD(answer(page_fault(REASON_PTE_INVALID, 0)));

	take(&load);
	write_pte(ENTRY(LAST), 0);
	write_pte(ENTRY(LAST), pte(PAGE, LEAF));
	fence_va(VA);
	WRONG(answer(page_fault(REASON_PTE_INVALID, 0)));
}

static void stale_bus_error_is_refused(void **state)
{
	(void)state;
	poison(ENTRY(LAST), true);
	ACCEPTED(given(bus_error(0)));
	take(&load);
	poison(ENTRY(LAST), false);
	HELD(answer(bus_error(0)));
	WRONG(given(bus_error(0)));
	poison(ENTRY(LAST), true);
	HELD(given(ok(PAGE, 0)));
	fence_va(VA);
	WRONG(given(ok(PAGE, 0)));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(stale_leaf_is_held_until_a_fence),
	    TEST(what_nobody_read_is_not_held),
	    TEST(each_fence_that_covers_a_leaf_ends_it),
	    TEST(fences_of_something_else_leave_a_leaf),
	    TEST(fence_of_an_impossible_address_covers_nothing),
	    TEST(same_fence_again_covers_what_changed_since),
	    TEST(fence_looks_at_implemented_asid_bits),
	    TEST(fence_in_the_step_of_the_answer_counts),
	    TEST(fence_counts_from_when_it_is_taken),
	    TEST(request_in_flight_over_a_fence_uses_what_is_held_since),
	    TEST(values_are_followed_from_the_step_of_a_fence),
	    TEST(value_written_again_is_present_again),
	    TEST(stores_of_any_size_are_followed),
	    TEST(stale_permission_may_fault),
	    TEST(stale_invalid_pte_is_refused),
	    TEST(invalid_pte_counts_while_the_request_is_in_flight),
	    TEST(stale_bus_error_is_refused),
	};
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
