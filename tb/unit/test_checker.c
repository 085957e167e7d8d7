/*
 * The checker, answers, leaves and fences: for each rule on what a cache may hold,
 * an answer that it must accept and one that it must refuse (riscv-vm.md,
 * section 3; sim/golden/checker.h).
 */
#include "checker_fixture.h"

/* ---- the answer itself --------------------------------------------------- */

static void present_memory_is_right(void **state)
{
	(void)state;
	ACCEPTED(given(ok(PAGE, 0)));
	write_pte(ENTRY(LAST), 0);
	fence_all();
	ACCEPTED(given(page_fault(REASON_PTE_INVALID, 0)));
	WRONG(given(ok(PAGE, 0)));
}

static void every_field_counts(void **state)
{
	(void)state;
	struct mmu_answer right = ok(PAGE, 0), a;
	ACCEPTED(given(right));
#define WITH(field, wrong)                                                                         \
	a = right;                                                                                 \
	a.field = wrong;                                                                           \
	WRONG(given(a));
	WITH(pa, PAGE + 1)
	WITH(pa, 0)
	WITH(tval, VA)
	WITH(fault, true)
	WITH(cause, 1)
	WITH(reason, 1)
	WITH(level, 1)
	WITH(level, LEVEL_NONE)
	WITH(pte, true)

	write_pte(ENTRY(LAST), pte(PAGE, V | R));
	fence_all();
	right = page_fault(REASON_ACCESSED_CLEAR, 0);
	ACCEPTED(given(right));
	WITH(pa, PAGE)
	WITH(tval, 0)
	WITH(tval, PAGE)
	WITH(fault, false)
	WITH(cause, CAUSE_STORE_PAGE)
	WITH(cause, CAUSE_LOAD_ACCESS)
	WITH(reason, REASON_DIRTY_CLEAR)
	WITH(level, 2)
	WITH(pte, true)
#undef WITH
}

static void eight_bits_of_the_tag_come_back(void **state)
{
	(void)state;
	struct mmu_answer a = ok(PAGE, 0);
	a.tag = load.tag | 0x100;
	ACCEPTED(given(a));
	a.tag = load.tag ^ 1;
	WRONG(given(a));
	ACCEPTED(given(ok(PAGE, 0))); /* the refused answer ended its request */
}

static void answers_may_overtake(void **state)
{
	(void)state;
	struct mmu_request second = load;
	second.va = VA + 8;
	second.tag = 0x22;
	struct mmu_answer a = ok(PAGE + 8, 0);
	a.tag = 0x22;
	take(&load);
	take(&second);
	ACCEPTED(answer(a));
	ACCEPTED(answer(ok(PAGE, 0)));
	take(&load);
	take(&second);
	a.pa = PAGE; /* the other one's */
	WRONG(answer(a));
}

static void answer_without_a_request_is_refused(void **state)
{
	(void)state;
	WRONG(answer(ok(PAGE, 0)));
	take(&load);
	WRONG(answer_on(MMU_FETCH, ok(PAGE, 0))); /* the other port's */
	ACCEPTED(answer(ok(PAGE, 0)));
	WRONG(answer(ok(PAGE, 0))); /* twice */
}

static void lost_request_is_a_mismatch(void **state)
{
	(void)state;
	struct mmu_counts counts;
	take(&load);
	for (unsigned i = 0; i < 1000; i++)
		mmu_step(mmu);
	mmu_counts(mmu, &counts);
	assert_int_equal(counts.mismatches, 0);
	for (unsigned i = 0; i < 200000; i++)
		mmu_step(mmu);
	mmu_counts(mmu, &counts);
	assert_int_equal(counts.mismatches, 1);
}

static void satp_must_read_as_the_rules_write_it(void **state)
{
	(void)state;
	struct mmu_counts counts;
	set_satp(SV48(ROOT, ASID));
	mmu_counts(mmu, &counts);
	assert_int_equal(counts.mismatches, 0);
	set_satp(15ull << 60); /* the scripted model keeps any MODE */
	mmu_counts(mmu, &counts);
	assert_int_equal(counts.mismatches, 1);
}

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

static void fence_in_the_step_of_the_answer_counts(void **state)
{
	(void)state;
	make_leaf_stale();
	take(&load);
	mmu_offer_fence(mmu, &(struct mmu_fence){.rs1_x0 = true, .rs2_x0 = true});
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

/* ---- reports ------------------------------------------------------------- */

static char *reported(void)
{
	static char text[65536];
	fflush(stderr);
	rewind(reports);
	text[fread(text, 1, sizeof text - 1, reports)] = '\0';
	return text;
}

static void report_tells_all_that_is_needed(void **state)
{
	(void)state;
	WRONG(given(ok(PAGE_B, 0)));
	const char *text = reported();
	static const char *const parts[] = {
	    "lockstep: mismatch at cycle ",
	    ", seed 4711: ",
	    "model:   ok, pa 0x91000000, level 0",
	    "golden:  ok, pa 0x90000000, level 0",
	    "request: load of 8 bytes at 0x40201000, privilege S",
	    "Sv39, ASID 5, root 0x80000000",
	    "level 2: PTE at 0x80000008",
	    "level 1: PTE at 0x80002008",
	    "level 0: PTE at 0x80004008",
	    "to repeat: make this again",
	};
	for (unsigned i = 0; i < sizeof parts / sizeof parts[0]; i++)
		if (!strstr(text, parts[i]))
			fail_msg("not in the report: %s", parts[i]);
}

static void ten_mismatches_are_told_and_all_are_counted(void **state)
{
	(void)state;
	struct mmu_counts counts;
	for (unsigned i = 0; i < 25; i++)
		WRONG(given(ok(PAGE_B, 0)));
	mmu_counts(mmu, &counts);
	assert_int_equal(counts.mismatches, 25);
	unsigned told = 0;
	for (const char *at = reported(); (at = strstr(at, "lockstep: mismatch")); at++)
		told++;
	assert_int_equal(told, 10);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(present_memory_is_right),
	    TEST(every_field_counts),
	    TEST(eight_bits_of_the_tag_come_back),
	    TEST(answers_may_overtake),
	    TEST(answer_without_a_request_is_refused),
	    TEST(lost_request_is_a_mismatch),
	    TEST(satp_must_read_as_the_rules_write_it),
	    TEST(stale_leaf_is_held_until_a_fence),
	    TEST(what_nobody_read_is_not_held),
	    TEST(each_fence_that_covers_a_leaf_ends_it),
	    TEST(fences_of_something_else_leave_a_leaf),
	    TEST(fence_of_an_impossible_address_covers_nothing),
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
	    TEST(report_tells_all_that_is_needed),
	    TEST(ten_mismatches_are_told_and_all_are_counted),
	};
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
