/*
 * Cycles, exactly: what docs/mmu.md promises about hits, walks, two ports at once
 * and fences. L is the memory's latency, n the PTEs that a walk reads, and
 * w = n(L+1)+1 what a walk adds to a hit. Liveness under contention is in field
 * bugs 64, 65, 98, 99 and 102.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "scene.h"

static const unsigned latencies[] = {1, 2, 10, 50};
enum { LATENCIES = sizeof latencies / sizeof latencies[0] };

static const unsigned accesses[] = {ACC_LOAD, ACC_STORE, ACC_FETCH};

static void open_with_latency(struct scene *s, const struct scene_mode *mode, unsigned latency)
{
	scene_open(s, mode, NULL, &(struct mmu_timing){latency, latency, 0, 0});
	scene_needs_one_walk(s);
}

static unsigned walk_cycles(unsigned n, unsigned latency)
{
	return n * (latency + 1) + 1;
}

/* Nothing is mapped here, under a root without any entry: each access is a walk of one
 * PTE that faults, again and again. */
#define UNMAPPED 0x1000ull

/* Offers a request for va on that port, if none stands. */
static void keep_offering(struct scene *s, enum mmu_port port, uint64_t va)
{
	struct mmu_request r = scene_request(va, port == MMU_FETCH ? ACC_FETCH : ACC_LOAD);
	if (!mmu_offered(s->mmu, port))
		mmu_offer(s->mmu, port, &r);
}

static void finish(struct scene *s)
{
	for (unsigned i = 0; i < 1000; i++)
		mmu_step(s->mmu);
	scene_close(s);
}

/* ---- hits ---------------------------------------------------------------- */

static void a_hit_is_answered_in_the_next_cycle(void **state)
{
	(void)state;
	for (unsigned m = 0; m < SCENE_MODES; m++) {
		struct scene s;
		open_with_latency(&s, &scene_modes[m], 10);
		scene_map(&s, 0x5000, SCENE_PAGES, 0, P_RWX);
		for (unsigned i = 0; i < 3; i++) {
			scene_touch(&s, 0x5000, accesses[i]);
			struct scene_answer warm = scene_touch(&s, 0x5123, accesses[i]);
			assert_int_equal(warm.added, 0);
			assert_int_equal(warm.reads, 0);
			assert_int_equal(warm.answer.pa, SCENE_PAGES + 0x123);
		}
		scene_close(&s);
	}
}

static void what_needs_no_table_is_answered_in_the_next_cycle(void **state)
{
	(void)state;
	struct scene s;
	open_with_latency(&s, scene_mode("sv39"), 10);
	struct mmu_request machine = scene_request(0x80000123, ACC_STORE);
	machine.priv = PRIV_M;
	assert_int_equal(scene_ask(&s, &machine).added, 0);

	struct scene_answer wild = scene_touch(&s, 1ull << 38, ACC_FETCH);
	assert_int_equal(wild.answer.reason, REASON_NONCANONICAL);
	assert_int_equal(wild.added + wild.reads, 0);

	mmu_csr_write(s.mmu, CSR_SATP, 0);
	assert_int_equal(scene_touch(&s, 0x12345678, ACC_LOAD).added, 0);
	scene_close(&s);
}

/* Streams of hits over four pages a port; every step must answer on each port. */
static void each_port_answers_a_hit_every_cycle(void **state)
{
	enum { STREAM = 5000, PAGES = 4 };
	(void)state;
	for (unsigned m = 0; m < SCENE_MODES; m++) {
		struct scene s;
		open_with_latency(&s, &scene_modes[m], 1);
		for (unsigned i = 0; i < PAGES; i++) {
			scene_map(&s, i << 12, SCENE_PAGES + (i << 12), 0, P_RWX);
			scene_touch(&s, i << 12, ACC_FETCH);
			scene_touch(&s, i << 12, ACC_LOAD);
		}
		scene_pass_refill(&s);
		for (unsigned i = 0; i < STREAM; i++) {
			uint64_t fetch = i % PAGES << 12 | (i & 0xffc), data = fetch ^ 0x1000;
			keep_offering(&s, MMU_FETCH, fetch);
			keep_offering(&s, MMU_DATA, data);
			mmu_step(s.mmu);
			const struct mmu_answer *f = mmu_answer(s.mmu, MMU_FETCH);
			const struct mmu_answer *d = mmu_answer(s.mmu, MMU_DATA);
			assert_non_null(f);
			assert_non_null(d);
			assert_int_equal(f->pa, SCENE_PAGES + fetch);
			assert_int_equal(d->pa, SCENE_PAGES + data);
		}
		scene_close(&s);
	}
}

/* ---- walks --------------------------------------------------------------- */

static void expect_walk(struct scene *s, uint64_t va, unsigned access, unsigned n, unsigned latency,
			unsigned reason)
{
	struct scene_answer got = scene_touch(s, va, access);
	assert_int_equal(got.answer.reason, reason);
	assert_int_equal(got.reads, n);
	assert_int_equal(got.added, walk_cycles(n, latency));
}

static void a_walk_adds_n_times_L_plus_1_and_1(void **state)
{
	(void)state;
	for (unsigned m = 0; m < SCENE_MODES; m++)
		for (unsigned i = 0; i < LATENCIES; i++) {
			unsigned levels = scene_modes[m].levels;
			struct scene s;
			open_with_latency(&s, &scene_modes[m], latencies[i]);
			for (unsigned level = 0; level < levels; level++) {
				uint64_t va = scene_page_size(&s, level) * 2;
				scene_map(&s, va, 0, level, P_RWX);
				for (unsigned a = 0; a < 3; a++) {
					scene_fence_all(&s);
					expect_walk(&s, va, accesses[a], levels - level,
						    latencies[i], REASON_NONE);
				}
			}
			scene_close(&s);
		}
}

static void a_fault_ends_the_walk_at_its_level(void **state)
{
	(void)state;
	for (unsigned m = 0; m < SCENE_MODES; m++)
		for (unsigned i = 0; i < LATENCIES; i++) {
			unsigned levels = scene_modes[m].levels, latency = latencies[i];
			struct scene s;
			open_with_latency(&s, &scene_modes[m], latency);
			for (unsigned level = 0; level < levels; level++) {
				uint64_t place = scene_place(&s, 0, level);
				unsigned n = levels - level;
				scene_poke(&s, place, scene_pte(SCENE_PAGES, P_RWX & ~PV));
				expect_walk(&s, 0, ACC_LOAD, n, latency, REASON_PTE_INVALID);
				scene_poke(&s, place, scene_pte(SCENE_PAGES, PV | PW));
				expect_walk(&s, 0, ACC_STORE, n, latency, REASON_PTE_RESERVED);
				scene_poison(&s, place, true);
				expect_walk(&s, 0, ACC_FETCH, n, latency, REASON_BUS_ERROR);
				scene_poison(&s, place, false);
				scene_poke(&s, place, 0);
			}
			scene_close(&s);
		}
}

/* Nothing leaves for memory, and nothing is waited for. */
static void a_root_out_of_reach_costs_one_cycle(void **state)
{
	(void)state;
	struct scene s;
	scene_open(&s, scene_mode("sv39"), "sv57_min", &(struct mmu_timing){10, 10, 0, 0});
	scene_satp(&s, 0, 1ull << 32);
	expect_walk(&s, UNMAPPED, ACC_LOAD, 0, 10, REASON_ADDRESS_TOO_WIDE);
	scene_close(&s);
}

/* Each costs its walk, the cycle of a hit, and the one in which its port takes nothing. */
static void walks_follow_each_other_without_a_pause(void **state)
{
	enum { WALKS = 50 };
	(void)state;
	for (unsigned i = 0; i < LATENCIES; i++) {
		struct scene s;
		open_with_latency(&s, scene_mode("sv39"), latencies[i]);
		unsigned answers = 0, period = walk_cycles(1, latencies[i]) + 2;
		for (unsigned cycle = 0; cycle < WALKS * period; cycle++) {
			keep_offering(&s, MMU_DATA, UNMAPPED);
			mmu_step(s.mmu);
			answers += mmu_answer(s.mmu, MMU_DATA) != NULL;
		}
		assert_int_equal(answers, WALKS);
		finish(&s);
	}
}

/* A leaf that is kept costs its port the cycle after the answer. */
static void a_refill_costs_its_port_one_cycle(void **state)
{
	enum { WALKS = 50 };
	(void)state;
	for (unsigned i = 0; i < LATENCIES; i++) {
		struct scene s;
		open_with_latency(&s, scene_mode("sv39"), latencies[i]);
		unsigned asked = 0, answers = 0, period = walk_cycles(1, latencies[i]) + 3;
		for (unsigned page = 0; page <= WALKS; page++)
			scene_map(&s, (uint64_t)page << 30, 0, 2, P_RWX);
		for (unsigned cycle = 0; cycle < WALKS * period; cycle++) {
			if (!mmu_offered(s.mmu, MMU_DATA))
				keep_offering(&s, MMU_DATA, (uint64_t)asked++ << 30);
			mmu_step(s.mmu);
			answers += mmu_answer(s.mmu, MMU_DATA) != NULL;
		}
		assert_int_equal(answers, WALKS);
		finish(&s);
	}
}

/* However often memory is not ready, each PTE is asked for once. */
static void stalled_memory_is_asked_once_for_each_pte(void **state)
{
	(void)state;
	for (unsigned m = 0; m < SCENE_MODES; m++)
		for (unsigned stall = 30; stall <= 90; stall += 30) {
			unsigned levels = scene_modes[m].levels, slow = 0;
			struct scene s;
			scene_open(&s, &scene_modes[m], NULL, &(struct mmu_timing){2, 2, stall, 0});
			scene_needs_one_walk(&s);
			scene_map(&s, 0x7000, SCENE_PAGES, 0, P_RWX);
			for (unsigned i = 0; i < 100; i++) {
				scene_fence_all(&s);
				struct scene_answer got = scene_touch(&s, 0x7008, ACC_LOAD);
				assert_int_equal(got.reads, levels);
				assert_int_equal(got.answer.pa, SCENE_PAGES + 8);
				assert_true(got.added >= walk_cycles(levels, 2));
				slow += got.added > walk_cycles(levels, 2);
			}
			assert_true(slow > 0);
			scene_close(&s);
		}
}

/* ---- two ports ----------------------------------------------------------- */

static void hits_go_on_past_the_other_ports_misses(void **state)
{
	enum { STREAM = 3000 };
	(void)state;
	for (enum mmu_port hits = 0; hits < MMU_PORTS; hits++)
		for (unsigned i = 0; i < LATENCIES; i++) {
			enum mmu_port misses = !hits;
			unsigned missed = 0;
			struct scene s;
			open_with_latency(&s, scene_mode("sv39"), latencies[i]);
			scene_map(&s, 1 << 30, SCENE_PAGES, 2, P_RWX);
			scene_touch(&s, 1 << 30, hits == MMU_FETCH ? ACC_FETCH : ACC_LOAD);
			scene_pass_refill(&s);
			for (unsigned cycle = 0; cycle < STREAM; cycle++) {
				keep_offering(&s, hits, (1 << 30) + (cycle << 12));
				keep_offering(&s, misses, UNMAPPED);
				mmu_step(s.mmu);
				const struct mmu_answer *a = mmu_answer(s.mmu, hits);
				assert_non_null(a);
				assert_int_equal(a->pa, SCENE_PAGES + (cycle << 12));
				missed += mmu_answer(s.mmu, misses) != NULL;
			}
			assert_true(missed >= STREAM / (walk_cycles(1, latencies[i]) + 2));
			finish(&s);
		}
}

/* How long the requests of one port took from acceptance to answer. */
struct waits {
	unsigned since, longest, answers;
	bool busy;
};

static void follow(struct scene *s, struct waits *w, enum mmu_port port, bool was_offered)
{
	if (was_offered && !mmu_offered(s->mmu, port)) {
		w->busy = true;
		w->since = 0;
	}
	if (!w->busy)
		return;
	if (mmu_answer(s->mmu, port)) {
		w->longest = w->since > w->longest ? w->since : w->longest;
		w->answers++;
		w->busy = false;
	}
	w->since++;
}

/* Both ports miss all the time, with or without fences. */
static void miss_on_both_ports(struct scene *s, struct waits w[MMU_PORTS], unsigned cycles,
			       const struct mmu_fence *fence)
{
	for (unsigned cycle = 0; cycle < cycles; cycle++) {
		bool was_offered[MMU_PORTS];
		for (unsigned port = 0; port < MMU_PORTS; port++) {
			keep_offering(s, port, UNMAPPED);
			was_offered[port] = mmu_offered(s->mmu, port);
		}
		if (fence && !mmu_fence_offered(s->mmu))
			mmu_offer_fence(s->mmu, fence);
		mmu_step(s->mmu);
		for (unsigned port = 0; port < MMU_PORTS; port++)
			follow(s, &w[port], port, was_offered[port]);
	}
}

/* Its own walk, and before it at most what is left of one of the other's. */
static void a_miss_waits_for_at_most_one_other_walk(void **state)
{
	enum { WALKS = 100 };
	(void)state;
	for (unsigned i = 0; i < LATENCIES; i++) {
		unsigned walk = walk_cycles(1, latencies[i]);
		struct waits w[MMU_PORTS] = {0};
		struct scene s;
		open_with_latency(&s, scene_mode("sv39"), latencies[i]);
		miss_on_both_ports(&s, w, 2 * WALKS * (walk + 1), NULL);
		for (unsigned port = 0; port < MMU_PORTS; port++) {
			assert_in_range(w[port].longest, walk + 1, 2 * walk + 1);
			assert_in_range(w[port].answers, WALKS - 2, WALKS + 1);
		}
		finish(&s);
	}
}

/* ---- fences -------------------------------------------------------------- */

/* What a fence waits for at most: a miss of each port that was there before it, each a walk and
 * a refill, and the cycle in which they are known as misses. */
static unsigned fence_cycles(unsigned walk)
{
	return 1 + MMU_PORTS * (walk + 1);
}

/* Offered in each cycle of both ports' walks in turn. */
static void a_fence_waits_for_at_most_one_walk_of_each_port(void **state)
{
	(void)state;
	struct scene s;
	unsigned walk = walk_cycles(3, 10), longest = 0;

	open_with_latency(&s, scene_mode("sv39"), 10);
	scene_map(&s, 0x3000, SCENE_PAGES, 0, P_RWX);
	scene_map(&s, 0x4000, SCENE_PAGES, 0, P_RWX);
	for (unsigned moment = 0; moment <= fence_cycles(walk); moment++) {
		unsigned waited = 0;
		scene_fence_all(&s);
		keep_offering(&s, MMU_DATA, 0x3000);
		keep_offering(&s, MMU_FETCH, 0x4000);
		for (unsigned i = 0; i < moment; i++)
			mmu_step(s.mmu);
		mmu_offer_fence(s.mmu, &(struct mmu_fence){.rs1_x0 = true, .rs2_x0 = true});
		for (mmu_step(s.mmu); mmu_fence_offered(s.mmu); mmu_step(s.mmu))
			waited++;
		assert_true(waited <= fence_cycles(walk));
		longest = waited > longest ? waited : longest;
		for (unsigned i = 0; i < 3 * walk; i++)
			mmu_step(s.mmu);
	}
	assert_int_equal(longest, fence_cycles(walk));
	scene_close(&s);
}

/* Both ports miss all the time, and most walks' leaves are kept: not of a miss that a fence
 * overtook, so fences are rare. */
static void walks_in_a_row_starve_no_fence(void **state)
{
	enum { PAGES = 256, CYCLES = 2000 };
	(void)state;
	struct mmu_fence elsewhere = {.va = 0x123456000, .rs2_x0 = true};
	unsigned walk = walk_cycles(1, 2), asked = 0, waited = 0, longest = 0;
	struct scene s;

	open_with_latency(&s, scene_mode("sv39"), 2);
	for (unsigned page = 0; page < PAGES; page++)
		scene_map(&s, (uint64_t)page << 30, 0, 2, P_RWX);
	for (unsigned cycle = 0; cycle < CYCLES; cycle++) {
		for (unsigned port = 0; port < MMU_PORTS; port++)
			if (!mmu_offered(s.mmu, port))
				keep_offering(&s, port, (uint64_t)(asked++ % PAGES) << 30);
		waited = mmu_fence_offered(s.mmu) ? waited + 1 : 0;
		longest = waited > longest ? waited : longest;
		if (!mmu_fence_offered(s.mmu) && cycle % 37 == 0)
			mmu_offer_fence(s.mmu, &elsewhere);
		mmu_step(s.mmu);
	}
	assert_in_range(longest, walk + 2, fence_cycles(walk));
	finish(&s);
}

static void a_stream_of_fences_leaves_every_other_cycle_to_hits(void **state)
{
	enum { STREAM = 1000 };
	(void)state;
	struct mmu_fence elsewhere = {.va = 0x123456000, .rs2_x0 = true};
	unsigned answers[MMU_PORTS] = {0};
	struct mmu_counts before, after;
	struct scene s;

	open_with_latency(&s, scene_mode("sv39"), 10);
	scene_map(&s, 0x3000, SCENE_PAGES, 0, P_RWX);
	scene_touch(&s, 0x3000, ACC_FETCH);
	scene_touch(&s, 0x3000, ACC_LOAD);
	scene_pass_refill(&s);
	mmu_counts(s.mmu, &before);
	for (unsigned cycle = 0; cycle < STREAM; cycle++) {
		if (!mmu_fence_offered(s.mmu))
			mmu_offer_fence(s.mmu, &elsewhere);
		for (unsigned port = 0; port < MMU_PORTS; port++)
			keep_offering(&s, port, 0x3000);
		mmu_step(s.mmu);
		for (unsigned port = 0; port < MMU_PORTS; port++)
			answers[port] += mmu_answer(s.mmu, port) != NULL;
	}
	mmu_counts(s.mmu, &after);
	assert_int_equal(after.fences - before.fences, STREAM / 2);
	assert_int_equal(answers[MMU_FETCH], STREAM / 2);
	assert_int_equal(answers[MMU_DATA], STREAM / 2);
	finish(&s);
}

static void a_stream_of_fences_starves_no_miss(void **state)
{
	(void)state;
	struct mmu_fence everything = {.rs1_x0 = true, .rs2_x0 = true};
	for (unsigned i = 0; i < LATENCIES; i++) {
		unsigned walk = walk_cycles(1, latencies[i]);
		struct waits w[MMU_PORTS] = {0};
		struct mmu_counts counts;
		struct scene s;
		open_with_latency(&s, scene_mode("sv39"), latencies[i]);
		miss_on_both_ports(&s, w, 200 * walk, &everything);
		for (unsigned port = 0; port < MMU_PORTS; port++) {
			assert_in_range(w[port].longest, walk, 2 * walk + 2);
			assert_true(w[port].answers >= 200 * walk / (2 * walk + 4));
		}
		mmu_counts(s.mmu, &counts);
		assert_true(counts.fences >= w[MMU_DATA].answers);
		finish(&s);
	}
}

/* For ONLY, which may name any configuration. */
static bool fits(const struct mmu_config *c)
{
	return c->fetch_entries >= 4 && c->data_entries >= 4;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_hit_is_answered_in_the_next_cycle),
	    cmocka_unit_test(what_needs_no_table_is_answered_in_the_next_cycle),
	    cmocka_unit_test(each_port_answers_a_hit_every_cycle),
	    cmocka_unit_test(a_walk_adds_n_times_L_plus_1_and_1),
	    cmocka_unit_test(a_fault_ends_the_walk_at_its_level),
	    cmocka_unit_test(a_root_out_of_reach_costs_one_cycle),
	    cmocka_unit_test(walks_follow_each_other_without_a_pause),
	    cmocka_unit_test(a_refill_costs_its_port_one_cycle),
	    cmocka_unit_test(stalled_memory_is_asked_once_for_each_pte),
	    cmocka_unit_test(hits_go_on_past_the_other_ports_misses),
	    cmocka_unit_test(a_miss_waits_for_at_most_one_other_walk),
	    cmocka_unit_test(a_fence_waits_for_at_most_one_walk_of_each_port),
	    cmocka_unit_test(walks_in_a_row_starve_no_fence),
	    cmocka_unit_test(a_stream_of_fences_leaves_every_other_cycle_to_hits),
	    cmocka_unit_test(a_stream_of_fences_starves_no_miss),
	};

	scene_want(fits);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return scene_finish(cmocka_run_group_tests(tests, NULL, NULL));
}
