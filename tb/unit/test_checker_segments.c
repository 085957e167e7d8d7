/* The checker on segments: the registers at acceptance decide, at once and alone. */
#include "checker_fixture.h"

enum { SEGMENT = V | R | W | X | 1 << SEG_G };

static void write_segment(unsigned i, uint64_t base, uint64_t last, uint64_t phys, unsigned cfg)
{
	mmu_csr_write(mmu, REG_SEGMENT0 + 8 * i + SEGREG_BASE, base);
	mmu_csr_write(mmu, REG_SEGMENT0 + 8 * i + SEGREG_LAST, last);
	mmu_csr_write(mmu, REG_SEGMENT0 + 8 * i + SEGREG_PHYS, phys);
	mmu_csr_write(mmu, REG_SEGMENT0 + 8 * i + SEGREG_CFG, cfg);
}

static void set_segctl(unsigned value)
{
	mmu_csr_write(mmu, REG_SEGCTL, value);
}

/* VA's page, elsewhere. */
#define BASE  (VA & ~0xfffull)
#define PHYS  0xa0000000ull
#define MOVED 0xb0000000ull

static void on(unsigned segment_mode)
{
	write_segment(0, BASE, BASE + 0xfff, PHYS, SEGMENT);
	set_segctl(segment_mode);
}

static void a_segment_answers_instead_of_the_page(void **state)
{
	(void)state;
	warm_up();
	on(SEGMODE_BOTH);
	ACCEPTED(given(ok(PHYS, LEVEL_NONE)));
	WRONG(given(ok(PAGE, 0)));
	WRONG(given(ok(PHYS, 0)));
	on(SEGMODE_PAGING);
	ACCEPTED(given(ok(PAGE, 0)));
	WRONG(given(ok(PHYS, LEVEL_NONE)));
}

static void a_write_counts_for_the_next_request(void **state)
{
	(void)state;
	on(SEGMODE_SEGMENTS);
	ACCEPTED(given(ok(PHYS, LEVEL_NONE)));
	write_segment(0, BASE, BASE + 0xfff, MOVED, SEGMENT);
	WRONG(given(ok(PHYS, LEVEL_NONE)));
	ACCEPTED(given(ok(MOVED, LEVEL_NONE)));
	/* Taken before the write, or with it: the old one. */
	take(&load);
	write_segment(0, BASE, BASE + 0xfff, PHYS, SEGMENT);
	ACCEPTED(answer(ok(MOVED, LEVEL_NONE)));
	mmu_offer(mmu, MMU_DATA, &load);
	mmu_csr_write(mmu, REG_SEGMENT0 + SEGREG_PHYS, MOVED);
	WRONG(answer(ok(MOVED, LEVEL_NONE)));
}

static void a_miss_tells_what_was_at_acceptance(void **state)
{
	(void)state;
	on(SEGMODE_SEGMENTS);
	write_segment(0, BASE, BASE - 1, PHYS, SEGMENT);
	ACCEPTED(given(page_fault(REASON_SEGMENT_MISSING, LEVEL_NONE)));
	WRONG(given(ok(PAGE, 0)));
	WRONG(given(page_fault(REASON_PTE_INVALID, LEVEL_NONE)));
	take(&load);
	set_segctl(SEGMODE_BOTH);
	ACCEPTED(answer(page_fault(REASON_SEGMENT_MISSING, LEVEL_NONE)));
}

/* A walk under way stays one, whatever segments become; and may be answered from caches. */
static void a_walk_is_not_touched_by_later_segments(void **state)
{
	(void)state;
	on(SEGMODE_BOTH);
	write_segment(0, BASE + 0x1000, BASE + 0x1fff, PHYS, SEGMENT);
	make_leaf_stale();
	take(&load);
	write_segment(0, BASE, BASE + 0xfff, PHYS, SEGMENT);
	WRONG(answer(ok(PHYS, LEVEL_NONE)));
	write_segment(0, BASE + 0x1000, BASE + 0x1fff, PHYS, SEGMENT);
	take(&load);
	set_segctl(SEGMODE_SEGMENTS);
	ACCEPTED(answer(ok(PAGE_B, 0)));
	set_segctl(SEGMODE_BOTH);
	take(&load);
	set_segctl(SEGMODE_SEGMENTS);
	HELD(answer(ok(PAGE, 0)));
}

static void a_segments_answer_makes_no_update(void **state)
{
	(void)state;
	set_menvcfg(adue);
	write_pte(ENTRY(LAST), pte(PAGE, V | R | W | A));
	on(SEGMODE_BOTH);
	take(&store);
	assert_false(swap_is_right(ENTRY(LAST), D));
	write_pte(ENTRY(LAST), pte(PAGE, V | R | W | A));
	set_segctl(SEGMODE_PAGING);
	take(&store);
	assert_true(swap_is_right(ENTRY(LAST), D));
}

static void pmp_counts_as_at_acceptance(void **state)
{
	(void)state;
	on(SEGMODE_SEGMENTS);
	take(&load);
	mmu_csr_write(mmu, CSR_PMPCFG0, 0);
	WRONG(answer(pmp_fault(LEVEL_NONE, false)));
	ACCEPTED(given(pmp_fault(LEVEL_NONE, false)));
	WRONG(given(ok(PHYS, LEVEL_NONE)));
}

static void registers_must_read_as_the_rules_write_them(void **state)
{
	(void)state;
	mmu_offer_csr(mmu, REG_SEGMENT0 + SEGREG_BASE, BASE);
	assert_true(step_is_right());
	mmu_offer_csr(mmu, REG_SEGMENT0 + SEGREG_BASE, BASE);
	model->misread = 1;
	assert_false(step_is_right());
	model->misread = 0;
	/* Another one changes beside it. */
	golden_write_csr(&model->regs, REG_SEGMENT0 + 8 * 15 + SEGREG_LAST, 1);
	mmu_offer_csr(mmu, REG_SEGCTL, SEGMODE_BOTH);
	assert_false(step_is_right());
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_segment_answers_instead_of_the_page),
	    TEST(a_write_counts_for_the_next_request),
	    TEST(a_miss_tells_what_was_at_acceptance),
	    TEST(a_walk_is_not_touched_by_later_segments),
	    TEST(a_segments_answer_makes_no_update),
	    TEST(pmp_counts_as_at_acceptance),
	    TEST(registers_must_read_as_the_rules_write_them),
	};
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
