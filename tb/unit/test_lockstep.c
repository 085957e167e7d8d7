/*
 * A model in lockstep with the checker: each answer belongs to one request, all
 * its fields count, and a mismatch is told with all that is needed.
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
	WITH(memory, MEM_NC)
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
	ACCEPTED(answer(ok(PAGE, 0)));
	take(&load);
	take(&second);
	a.pa = PAGE + 8;
	ACCEPTED(answer(ok(PAGE, 0)));
	ACCEPTED(answer(a));
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
	model->misread = 1;
	set_satp(SV39(ROOT, ASID));
	mmu_counts(mmu, &counts);
	assert_int_equal(counts.mismatches, 1);
}

/* What was accepted before a fence came goes by registers that software may have changed; what is
 * accepted while the fence waits does not. */
static void a_fence_leaves_no_request_from_before_it(void **state)
{
	(void)state;
	struct mmu_counts counts;
	const struct mmu_fence everything = {.rs1_x0 = true, .rs2_x0 = true};

	model->fence_busy = true;
	mmu_offer_fence(mmu, &everything);
	take(&load);
	model->fence_busy = false;
	mmu_step(mmu);
	ACCEPTED(answer(ok(PAGE, 0)));
	mmu_counts(mmu, &counts);
	assert_int_equal(counts.mismatches, 0);

	take(&load);
	mmu_offer_fence(mmu, &everything);
	mmu_step(mmu);
	mmu_counts(mmu, &counts);
	assert_int_equal(counts.mismatches, 1);
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
	    "model:   ok, pa 0x91000000, cached, level 0",
	    "golden:  ok, pa 0x90000000, cached, level 0",
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
	    TEST(a_fence_leaves_no_request_from_before_it),
	    TEST(report_tells_all_that_is_needed),
	    TEST(ten_mismatches_are_told_and_all_are_counted),
	};
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
