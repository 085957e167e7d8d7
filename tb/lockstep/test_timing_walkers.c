/*
 * Several walkers, to the cycle: misses of both ports are walked for at once, with one memory
 * port and one answer a cycle. L is the memory's latency, n the PTEs that a walk reads.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "scene.h"

static const unsigned latencies[] = {2, 10, 50};
enum { LATENCIES = sizeof latencies / sizeof latencies[0] };

/* Cycles that a look-up in the L2 of sv48 takes */
enum { L2 = 2 };

static void open_walkers(struct scene *s, unsigned latency)
{
	scene_open(s, scene_mode("sv48"), "sv48", &(struct mmu_timing){latency, latency, 0, 0});
	assert_true(s->config->walkers >= 2);
}

static void offer(struct scene *s, enum mmu_port port, uint64_t va)
{
	struct mmu_request r = scene_request(va, port == MMU_FETCH ? ACC_FETCH : ACC_LOAD);
	mmu_offer(s->mmu, port, &r);
}

/* One walk starts a cycle, so the second is one cycle behind and as long. Both begin behind
 * the L2 that the configuration has. */
static void both_ports_are_walked_for_at_once(void **state)
{
	(void)state;
	for (unsigned i = 0; i < LATENCIES; i++) {
		unsigned walk = L2 + 4 * (latencies[i] + 1) + 1, at[MMU_PORTS] = {0};
		struct scene s;
		open_walkers(&s, latencies[i]);
		scene_map(&s, 0x3000, SCENE_PAGES, 0, P_RWX);
		scene_map(&s, 1ull << 39, SCENE_PAGES + 0x1000, 0, P_RWX);
		scene_fence_all(&s);
		mmu_step(s.mmu);
		offer(&s, MMU_FETCH, 0x3000);
		offer(&s, MMU_DATA, 1ull << 39);
		for (unsigned cycle = 0; cycle < 2 * walk; cycle++) {
			mmu_step(s.mmu);
			for (unsigned port = 0; port < MMU_PORTS; port++)
				if (mmu_answer(s.mmu, port))
					at[port] = cycle;
		}
		unsigned first = at[0] < at[1] ? at[0] : at[1];
		unsigned last = at[0] < at[1] ? at[1] : at[0];
		assert_int_equal(first, walk);
		assert_int_equal(last, walk + 1);
		scene_close(&s);
	}
}

/* Both ports miss all the time: each has its walks as if it were alone. */
static void two_walkers_serve_twice_the_misses(void **state)
{
	enum { CYCLES = 4000, UNMAPPED = 0x1000 };
	(void)state;
	for (unsigned i = 0; i < LATENCIES; i++) {
		unsigned period = L2 + latencies[i] + 1 + 1 + 2, answers[MMU_PORTS] = {0};
		struct scene s;
		open_walkers(&s, latencies[i]);
		for (unsigned cycle = 0; cycle < CYCLES; cycle++) {
			for (unsigned port = 0; port < MMU_PORTS; port++)
				if (!mmu_offered(s.mmu, port))
					offer(&s, port, UNMAPPED);
			mmu_step(s.mmu);
			for (unsigned port = 0; port < MMU_PORTS; port++)
				answers[port] += mmu_answer(s.mmu, port) != NULL;
		}
		for (unsigned port = 0; port < MMU_PORTS; port++)
			assert_in_range(answers[port], CYCLES / (period + 1), CYCLES / period);
		for (unsigned cycle = 0; cycle < 500; cycle++)
			mmu_step(s.mmu);
		scene_close(&s);
	}
}

/* Both ports miss all the time, and a walker is nearly always busy. */
static void overlapping_walks_starve_no_fence(void **state)
{
	enum { CYCLES = 2000, UNMAPPED = 0x1000 };
	(void)state;
	struct mmu_fence all = {.rs1_x0 = true, .rs2_x0 = true};
	for (unsigned i = 0; i < LATENCIES; i++) {
		unsigned walk = latencies[i] + 2, waited = 0, longest = 0, done = 0;
		struct scene s;
		open_walkers(&s, latencies[i]);
		for (unsigned cycle = 0; cycle < CYCLES; cycle++) {
			for (unsigned port = 0; port < MMU_PORTS; port++)
				if (!mmu_offered(s.mmu, port) && cycle % 3 == port)
					offer(&s, port, UNMAPPED);
			bool stood = mmu_fence_offered(s.mmu);
			if (!stood && cycle % 61 == 0)
				mmu_offer_fence(s.mmu, &all);
			mmu_step(s.mmu);
			waited = mmu_fence_offered(s.mmu) ? waited + 1 : 0;
			longest = waited > longest ? waited : longest;
			done += stood && !mmu_fence_offered(s.mmu);
		}
		assert_true(done > CYCLES / (61 + 3 * walk));
		assert_in_range(longest, 1, 2 * (walk + 1));
		for (unsigned cycle = 0; cycle < 500; cycle++)
			mmu_step(s.mmu);
		scene_close(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(both_ports_are_walked_for_at_once),
	    cmocka_unit_test(two_walkers_serve_twice_the_misses),
	    cmocka_unit_test(overlapping_walks_starve_no_fence),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return scene_finish(cmocka_run_group_tests(tests, NULL, NULL));
}
