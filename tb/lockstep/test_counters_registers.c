/*
 * The registers of the event counters, in every configuration (docs/counters.md): what they
 * read, what a write does; and the events of segments.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "scene.h"

static bool has_counters(const struct mmu_config *c)
{
	return c->counters;
}

static bool has_none(const struct mmu_config *c)
{
	return !c->counters;
}

static uint64_t cycles(const struct scene *s)
{
	return mmu_csr_read(s->mmu, REG_COUNTER0 + 2 * COUNTER_CORE);
}

static void check_cycles(struct scene *s)
{
	struct mmu_counts counts;

	for (unsigned i = 0; i < 1000; i++) {
		mmu_counts(s->mmu, &counts);
		assert_int_equal(cycles(s), counts.cycles);
		mmu_step(s->mmu);
	}
}

/* Also across the turns in which digits go to memory. */
static void every_cycle_is_counted_once(void **state)
{
	(void)state;
	scene_on_each(has_counters, check_cycles);
}

static void check_zeroing(struct scene *s)
{
	unsigned halves = s->config->xlen == 32 ? 2 : 1;

	for (unsigned half = 0; half < halves; half++)
		for (unsigned i = 0; i < 200; i++) {
			mmu_csr_write(s->mmu, REG_COUNTER0 + 2 * COUNTER_CORE + half, i);
			/* The cycle of the write is the first that counts. */
			assert_int_equal(cycles(s), 1);
			for (unsigned j = 0; j < i; j++)
				mmu_step(s->mmu);
			assert_int_equal(cycles(s), 1 + i);
		}
}

/* A write of whatever value, at any moment of the turn, of either half. */
static void a_write_zeroes_a_counter(void **state)
{
	(void)state;
	scene_on_each(has_counters, check_zeroing);
}

static void check_others_kept(struct scene *s)
{
	struct mmu_request r = scene_request(0, ACC_LOAD);

	r.priv = PRIV_M;
	for (unsigned i = 0; i < 3; i++)
		scene_ask(s, &r);
	mmu_step(s->mmu);
	for (unsigned k = 0; k < COUNTERS_N; k++)
		if (k != COUNTER_DATA)
			mmu_csr_write(s->mmu, REG_COUNTER0 + 2 * k, 0);
	assert_int_equal(mmu_csr_read(s->mmu, REG_COUNTER0 + 2 * COUNTER_DATA), 3);
}

static void a_write_zeroes_no_other_counter(void **state)
{
	(void)state;
	scene_on_each(has_counters, check_others_kept);
}

static void check_inhibit(struct scene *s)
{
	uint64_t before = cycles(s);

	/* The cycle of the write still counts; that of the one that ends it does not. */
	assert_int_equal(scene_csr(s, REG_COUNTCTL, 1 << COUNTCTL_INHIBIT), 1);
	for (unsigned i = 0; i < 300; i++)
		mmu_step(s->mmu);
	assert_int_equal(cycles(s), before + 1);
	assert_int_equal(scene_csr(s, REG_COUNTCTL, 0), 0);
	assert_int_equal(cycles(s), before + 1);
	mmu_step(s->mmu);
	assert_int_equal(cycles(s), before + 2);
}

static void nothing_is_counted_while_inhibited(void **state)
{
	(void)state;
	scene_on_each(has_counters, check_inhibit);
}

static void check_clear(struct scene *s)
{
	uint64_t events[COUNTERS_N], none[COUNTERS_N] = {0};
	struct mmu_request r = scene_request(0, ACC_FETCH);

	r.priv = PRIV_M;
	for (unsigned i = 0; i < 200; i++)
		scene_ask(s, &r);
	mmu_step(s->mmu);
	assert_int_equal(scene_csr(s, REG_COUNTCTL, 1 << COUNTCTL_CLEAR), 0);
	mmu_events(s->mmu, events);
	none[COUNTER_CORE + EVENT_CORE_CYCLES] = 1;
	assert_memory_equal(events, none, sizeof none);
}

static void all_counters_are_cleared_at_once(void **state)
{
	(void)state;
	scene_on_each(has_counters, check_clear);
}

static void check_absent(struct scene *s)
{
	uint64_t events[COUNTERS_N], none[COUNTERS_N] = {0};

	scene_touch(s, 0, ACC_LOAD);
	assert_false(mmu_events(s->mmu, events));
	assert_memory_equal(events, none, sizeof none);
	assert_int_equal(scene_csr(s, REG_COUNTCTL, 3), 0);
}

static void counters_that_are_not_built_in_read_zero(void **state)
{
	(void)state;
	scene_on_each(has_none, check_absent);
}

static void check_numbers(struct scene *s)
{
	assert_int_equal(mmu_csr_read(s->mmu, REG_COUNTER0 - 1), 0);
	for (unsigned n = REG_COUNTER0 + 2 * COUNTERS_N; n < 0x2000; n++)
		assert_int_equal(mmu_csr_read(s->mmu, n), 0);
	for (unsigned k = 0; s->config->xlen == 64 && k < COUNTERS_N; k++)
		assert_int_equal(mmu_csr_read(s->mmu, REG_COUNTER0 + 2 * k + 1), 0);
}

static void numbers_beyond_the_counters_read_zero(void **state)
{
	(void)state;
	scene_on_each(has_counters, check_numbers);
}

/* ---- segments ------------------------------------------------------------ */

static bool has_counted_segments(const struct mmu_config *c)
{
	return c->counters && c->segments;
}

static uint64_t of_data(struct scene *s, unsigned event)
{
	mmu_step(s->mmu);
	return mmu_csr_read(s->mmu, REG_COUNTER0 + 2 * (COUNTER_DATA + event));
}

static void check_segments(struct scene *s)
{
	if (s->config->pmp_entries)
		scene_pmp_napot(s, s->config->pmp_entries - 1, C_RWX, 0, 0);
	scene_segment(s, 0, 0x10000, 0x1ffff, SCENE_PAGES, S_RWX);
	scene_segctl(s, SEGMODE_SEGMENTS, 0);
	scene_touch(s, 0x10000, ACC_LOAD);
	scene_touch(s, 0x10008, ACC_LOAD);
	scene_touch(s, 0x40000, ACC_LOAD); /* in none */
	assert_int_equal(of_data(s, EVENT_PORT_SEGMENTS), 3);
	assert_int_equal(of_data(s, EVENT_PORT_DIRECT), 3);

	/* Beside paging, what no segment holds is not theirs. */
	scene_satp(s, 0, s->root);
	scene_segctl(s, SEGMODE_BOTH, 0);
	scene_touch(s, 0x10000, ACC_LOAD);
	scene_touch(s, 0x40000, ACC_LOAD);
	assert_int_equal(of_data(s, EVENT_PORT_SEGMENTS), 4);
	assert_int_equal(of_data(s, EVENT_PORT_DIRECT), 4);
	assert_int_equal(of_data(s, EVENT_PORT_MISSES), 1);
}

static void what_segments_decide_is_counted_apart(void **state)
{
	(void)state;
	scene_on_each(has_counted_segments, check_segments);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_cycle_is_counted_once),
	    cmocka_unit_test(a_write_zeroes_a_counter),
	    cmocka_unit_test(a_write_zeroes_no_other_counter),
	    cmocka_unit_test(nothing_is_counted_while_inhibited),
	    cmocka_unit_test(all_counters_are_cleared_at_once),
	    cmocka_unit_test(counters_that_are_not_built_in_read_zero),
	    cmocka_unit_test(numbers_beyond_the_counters_read_zero),
	    cmocka_unit_test(what_segments_decide_is_counted_apart),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return scene_finish(cmocka_run_group_tests(tests, NULL, NULL));
}
