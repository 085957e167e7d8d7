/*
 * Cycles, exactly, of many requests of a port under way: hits under a miss, misses that
 * overtake, share a walk, and fill the slots (docs/port.md). L is the memory's latency, n the
 * PTEs that a walk reads, and w = n(L+1)+1 what a walk adds to a hit when it is alone; behind an
 * L2, two more.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "scene.h"

/* Shapes with more than one slot: one walker, two, four. */
static const struct shape {
	const char *mode, *config;
} shapes[] = {{"sv57", "sv57_w44"}, {"sv48", "sv48_w36"}, {"sv57", "rva23"}};
enum { SHAPES = sizeof shapes / sizeof shapes[0] };

static const unsigned latencies[] = {1, 2, 10};
enum { LATENCIES = sizeof latencies / sizeof latencies[0] };

#define WARM 0x5000ull

/* Mapped, under a root's entry of its own, so that no walk cache shortens its first walk. */
static uint64_t cold(const struct scene *s)
{
	return 3 * scene_page_size(s, s->mode.levels - 1);
}

/* The same, but not mapped: a walk reads all levels, and faults. */
static uint64_t unmapped(const struct scene *s)
{
	return cold(s) + 0x1000;
}

static void open_shape(struct scene *s, const struct shape *shape, unsigned latency)
{
	scene_open(s, scene_mode(shape->mode), shape->config,
		   &(struct mmu_timing){latency, latency, 0, 0});
	scene_map(s, WARM, SCENE_PAGES, 0, P_RWX);
	scene_map(s, cold(s), SCENE_PAGES + 0x10000, 0, P_RWX);
	scene_touch(s, WARM, ACC_LOAD);
	scene_pass_refill(s);
}

static unsigned slots(const struct scene *s)
{
	return s->config->misses + s->config->hit_under_miss;
}

static unsigned walk_cycles(const struct scene *s, unsigned latency)
{
	return s->mode.levels * (latency + 1) + 1 + (s->config->l2_entries ? 2 : 0);
}

/* Offers a load of va, and steps once; true if it was taken. Its tag comes with it. */
static bool step_with(struct scene *s, uint64_t va, uint32_t *tag)
{
	struct mmu_request r = scene_request(va, ACC_LOAD);

	if (!mmu_offered(s->mmu, MMU_DATA)) {
		mmu_offer(s->mmu, MMU_DATA, &r);
		if (tag)
			*tag = r.tag & 0xff;
	}
	mmu_step(s->mmu);
	return !mmu_offered(s->mmu, MMU_DATA);
}

/* The tag that the data port answers in this cycle, or -1. */
static int answered(const struct scene *s)
{
	const struct mmu_answer *a = mmu_answer(s->mmu, MMU_DATA);

	return a ? (int)a->tag : -1;
}

static void finish(struct scene *s)
{
	for (unsigned i = 0; i < 1000; i++)
		mmu_step(s->mmu);
	scene_close(s);
}

/* ---- hits under a miss --------------------------------------------------- */

/* One miss, and hits in every cycle that the port takes: it refuses `refused`, and the miss's
 * answer waits `late` cycles for its turn. */
static void expect_hits_under(const struct shape *shape, unsigned latency,
			      uint64_t (*where)(const struct scene *s), unsigned refused,
			      unsigned late)
{
	struct scene s;
	uint32_t miss;
	unsigned taken = 0, hits = 0, added = 0;

	open_shape(&s, shape, latency);
	unsigned cycles = walk_cycles(&s, latency) + 20;
	assert_true(step_with(&s, where(&s), &miss));
	for (unsigned cycle = 1; cycle <= cycles; cycle++) {
		taken += step_with(&s, WARM, NULL);
		if (answered(&s) == (int)miss)
			added = cycle;
		else
			hits += answered(&s) >= 0;
	}
	/* and one in which the L2 may answer */
	assert_int_equal(cycles - taken, refused + (s.config->l2_entries != 0));
	assert_int_equal(added, walk_cycles(&s, latency) + late);
	assert_in_range(hits, taken - 1, taken);
	finish(&s);
}

/* The cycle in which the leaf is at hand, that of the answer, and the refill. */
static void hits_go_on_under_a_miss_but_for_three_cycles(void **state)
{
	(void)state;
	for (unsigned i = 0; i < SHAPES; i++)
		for (unsigned l = 0; l < LATENCIES; l++)
			expect_hits_under(&shapes[i], latencies[l], cold, 3, 1);
}

static void hits_go_on_under_a_fault_but_for_two_cycles(void **state)
{
	(void)state;
	for (unsigned i = 0; i < SHAPES; i++)
		for (unsigned l = 0; l < LATENCIES; l++)
			expect_hits_under(&shapes[i], latencies[l], unmapped, 2, 2);
}

static void a_miss_alone_adds_n_times_L_plus_1_and_1(void **state)
{
	(void)state;
	for (unsigned i = 0; i < SHAPES; i++)
		for (unsigned l = 0; l < LATENCIES; l++) {
			struct scene s;
			open_shape(&s, &shapes[i], latencies[l]);
			assert_int_equal(scene_touch(&s, cold(&s), ACC_LOAD).added,
					 walk_cycles(&s, latencies[l]));
			assert_int_equal(scene_touch(&s, cold(&s), ACC_LOAD).added, 0);
			scene_close(&s);
		}
}

/* ---- many misses --------------------------------------------------------- */

static void a_port_takes_misses_until_its_slots_are_full(void **state)
{
	enum { LATENCY = 60, CYCLES = 50 };
	(void)state;
	for (unsigned i = 0; i < SHAPES; i++) {
		struct scene s;
		unsigned taken = 0;

		open_shape(&s, &shapes[i], LATENCY);
		for (unsigned cycle = 0; cycle < CYCLES; cycle++) {
			taken += step_with(&s, cold(&s) + ((uint64_t)taken << 30), NULL);
			/* The cycle in which the L2 may answer is its own. */
			if (cycle < slots(&s) && !s.config->l2_entries)
				assert_int_equal(taken, cycle + 1);
		}
		assert_int_equal(taken, slots(&s));
		finish(&s);
	}
}

/* The second is looked up again in the cycle after the refill, and answered in the next. */
static void misses_of_one_page_share_a_walk(void **state)
{
	(void)state;
	for (unsigned i = 0; i < SHAPES; i++)
		for (unsigned l = 0; l < LATENCIES; l++) {
			struct scene s;
			struct mmu_counts before, after;
			uint32_t tag[2];
			unsigned added[2] = {0, 0};

			open_shape(&s, &shapes[i], latencies[l]);
			unsigned walk = walk_cycles(&s, latencies[l]);
			mmu_counts(s.mmu, &before);
			assert_true(step_with(&s, cold(&s), &tag[0]));
			assert_true(step_with(&s, cold(&s) + 8, &tag[1]));
			for (unsigned cycle = 2; cycle < walk + 20; cycle++) {
				mmu_step(s.mmu);
				for (unsigned k = 0; k < 2; k++)
					if (answered(&s) == (int)tag[k])
						added[k] = cycle;
			}
			mmu_counts(s.mmu, &after);
			assert_int_equal(after.pte_reads - before.pte_reads, s.mode.levels);
			assert_int_equal(added[0], walk);
			assert_int_equal(added[1], walk + 3);
			finish(&s);
		}
}

static void a_short_walk_overtakes_a_long_one(void **state)
{
	(void)state;
	for (unsigned i = 0; i < SHAPES; i++) {
		struct scene s;
		uint32_t tag_long, tag_short;
		int first = -1;

		open_shape(&s, &shapes[i], 10);
		uint64_t top = scene_page_size(&s, s.mode.levels - 1);
		scene_map(&s, 5 * top, 0, s.mode.levels - 1, P_RWX);
		assert_true(step_with(&s, cold(&s), &tag_long));
		assert_true(step_with(&s, 5 * top, &tag_short));
		for (unsigned cycle = 0; cycle < 200 && first < 0; cycle++) {
			mmu_step(s.mmu);
			if (answered(&s) >= 0)
				first = answered(&s);
		}
		assert_int_equal(first, s.config->walkers > 1 ? tag_short : tag_long);
		finish(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(hits_go_on_under_a_miss_but_for_three_cycles),
	    cmocka_unit_test(hits_go_on_under_a_fault_but_for_two_cycles),
	    cmocka_unit_test(a_miss_alone_adds_n_times_L_plus_1_and_1),
	    cmocka_unit_test(a_port_takes_misses_until_its_slots_are_full),
	    cmocka_unit_test(misses_of_one_page_share_a_walk),
	    cmocka_unit_test(a_short_walk_overtakes_a_long_one),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return scene_finish(cmocka_run_group_tests(tests, NULL, NULL));
}
