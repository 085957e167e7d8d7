/*
 * Event counters (docs/counters.md), exactly: each event by a sequence in which it happens
 * a known number of times. All that model.c counts at the pins is compared with them at the
 * end of every scene besides (tb/events.h).
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "events.h"
#include "scene.h"

enum { LATENCY = 5 };

static uint64_t seen[COUNTERS_N];

/* From here on expect() counts. An answer is counted in its cycle: a step later it shows. */
static void begin(struct scene *s)
{
	scene_needs(s, s->config->counters);
	mmu_step(s->mmu);
	mmu_step(s->mmu);
	mmu_events(s->mmu, seen);
}

static void expect(struct scene *s, unsigned counter, uint64_t n)
{
	uint64_t now[COUNTERS_N];

	mmu_events(s->mmu, now);
	if (now[counter] - seen[counter] != n)
		fail_msg("%s, %s: %" PRIu64 " counted, %" PRIu64 " expected", s->mode.name,
			 mmu_event_name(counter), now[counter] - seen[counter], n);
}

/* Of the port that takes that kind of access */
static void expect_of_port(struct scene *s, unsigned access, unsigned event, uint64_t n)
{
	mmu_step(s->mmu);
	expect(s, (access == ACC_FETCH ? COUNTER_FETCH : COUNTER_DATA) + event, n);
	expect(s, (access == ACC_FETCH ? COUNTER_DATA : COUNTER_FETCH) + event, 0);
}

static void expect_of_walks(struct scene *s, unsigned event, uint64_t n)
{
	mmu_step(s->mmu);
	expect(s, COUNTER_WALK + event, n);
}

static void with_latency(struct scene *fast, struct scene *s)
{
	scene_open(s, &fast->mode, NULL, &(struct mmu_timing){LATENCY, LATENCY, 0, 0});
	scene_needs_one_walk(s);
}

static const unsigned accesses[] = {ACC_FETCH, ACC_LOAD};

/* ---- ports --------------------------------------------------------------- */

static void hits_misses_and_fills_of_each_port(struct scene *s)
{
	for (unsigned a = 0; a < 2; a++) {
		unsigned access = accesses[a];
		uint64_t va = (a + 1) * 0x10000;
		scene_map(s, va, SCENE_PAGES, 0, P_RWX);
		begin(s);
		scene_touch(s, va, access);
		for (unsigned i = 0; i < 5; i++)
			scene_touch(s, va + i, access);
		expect_of_port(s, access, EVENT_PORT_REQUESTS, 6);
		expect_of_port(s, access, EVENT_PORT_MISSES, 1);
		expect_of_port(s, access, EVENT_PORT_HITS, 5);
		expect_of_port(s, access, EVENT_PORT_FILLS, 1);
		expect_of_port(s, access, EVENT_PORT_DIRECT, 0);
		expect_of_port(s, access, EVENT_PORT_FAULTS, 0);
	}
}

static void answers_without_page_tables(struct scene *s)
{
	for (unsigned a = 0; a < 2; a++) {
		struct mmu_request r = scene_request(SCENE_PAGES, accesses[a]);
		r.priv = PRIV_M;
		begin(s);
		for (unsigned i = 0; i < 7; i++)
			scene_ask(s, &r);
		if (s->config->xlen == 64)
			scene_touch(s, 1ull << 62, accesses[a]);
		unsigned wild = s->config->xlen == 64;
		expect_of_port(s, accesses[a], EVENT_PORT_DIRECT, 7 + wild);
		expect_of_port(s, accesses[a], EVENT_PORT_FAULTS, wild);
		expect_of_port(s, accesses[a], EVENT_PORT_SEGMENTS, 0);
		expect_of_port(s, accesses[a], EVENT_PORT_HITS, 0);
		expect_of_port(s, accesses[a], EVENT_PORT_MISSES, 0);
	}
}

static void faults_of_hits_and_of_walks(struct scene *s)
{
	scene_map(s, 0x4000, SCENE_PAGES, 0, PV | PR | PA);
	scene_touch(s, 0x4000, ACC_LOAD);
	begin(s);
	scene_touch(s, 0x4000, ACC_STORE); /* a hit that forbids it */
	scene_touch(s, 0x4000, ACC_STORE);
	scene_touch(s, 0x5000, ACC_STORE); /* nothing there */
	expect_of_port(s, ACC_STORE, EVENT_PORT_FAULTS, 3);
	expect_of_port(s, ACC_STORE, EVENT_PORT_HITS, 2);
	expect_of_port(s, ACC_STORE, EVENT_PORT_MISSES, 1);
	expect_of_port(s, ACC_STORE, EVENT_PORT_FILLS, 0);
}

static void hits_by_the_size_of_their_entry(struct scene *s)
{
	for (unsigned level = 0; level < s->mode.levels; level++) {
		uint64_t va = scene_index(s, s->mode.levels - 1, 2 + level);
		uint64_t page = scene_page_size(s, level);
		scene_map(s, va, SCENE_PAGES & -page, level, P_RWX);
		scene_touch(s, va, ACC_LOAD);
		begin(s);
		for (unsigned i = 0; i < 3; i++)
			scene_touch(s, va, ACC_LOAD);
		/* A page of more than the physical width is kept whole too. */
		expect_of_port(s, ACC_LOAD, EVENT_PORT_HITS, 3);
		expect_of_port(s, ACC_LOAD, EVENT_PORT_HITS_64K, 0);
		expect_of_port(s, ACC_LOAD, EVENT_PORT_HITS_LEVEL1, level == 1 ? 3 : 0);
		expect_of_port(s, ACC_LOAD, EVENT_PORT_HITS_LEVEL2, level >= 2 ? 3 : 0);
	}
}

static void hits_of_64_kib(struct scene *s)
{
	uint64_t napot = s->config->svnapot ? 1ull << PTE_N | 8ull << PTE_PPN : 0;

	for (unsigned i = 0; i < 16; i++)
		scene_poke(s, scene_place(s, 0x40000 + i * 0x1000, 0),
			   scene_pte(SCENE_PAGES, P_RWX) | napot);
	scene_touch(s, 0x40000, ACC_FETCH);
	begin(s);
	scene_touch(s, 0x40000, ACC_FETCH);
	scene_touch(s, 0x47000, ACC_FETCH);
	expect_of_port(s, ACC_FETCH, EVENT_PORT_HITS_64K, napot ? 2 : 0);
	expect_of_port(s, ACC_FETCH, EVENT_PORT_HITS_LEVEL1, 0);
}

/* A request that stands while its port walks. */
static void cycles_refused_and_cycles_of_misses(struct scene *fast)
{
	struct scene s;
	with_latency(fast, &s);
	scene_map(&s, 0x4000, SCENE_PAGES, 0, P_RWX);
	scene_map(&s, 0x5000, SCENE_PAGES, 0, P_RWX);
	scene_touch(&s, 0x5000, ACC_LOAD);
	begin(&s);

	struct mmu_request miss = scene_request(0x4000, ACC_LOAD);
	struct mmu_request hit = scene_request(0x5000, ACC_LOAD);
	unsigned refused = 0;
	mmu_offer(s.mmu, MMU_DATA, &miss);
	mmu_step(s.mmu);
	assert_false(mmu_offered(s.mmu, MMU_DATA));
	mmu_offer(s.mmu, MMU_DATA, &hit);
	for (mmu_step(s.mmu); mmu_offered(s.mmu, MMU_DATA); mmu_step(s.mmu))
		refused++;
	expect_of_port(&s, ACC_LOAD, EVENT_PORT_REFUSED, refused);
	/* The walk, the cycle of its answer and that of the refill. */
	unsigned walk = s.mode.levels * (LATENCY + 1) + 1;
	expect_of_port(&s, ACC_LOAD, EVENT_PORT_REFUSED, walk + 2);
	expect_of_port(&s, ACC_LOAD, EVENT_PORT_MISS_CYCLES, walk);
	scene_close(&s);
}

/* ---- walks --------------------------------------------------------------- */

static void walks_their_cycles_and_reads(struct scene *fast)
{
	struct scene s;
	unsigned n = fast->mode.levels, busy = n * (LATENCY + 1) + 1;
	with_latency(fast, &s);
	for (unsigned i = 0; i < 4; i++)
		scene_map(&s, i << 12, SCENE_PAGES, 0, P_RWX);
	begin(&s);
	for (unsigned i = 0; i < 4; i++)
		scene_touch(&s, i << 12, i % 2 ? ACC_FETCH : ACC_LOAD);
	expect_of_walks(&s, EVENT_WALK_STARTS, 4);
	expect_of_walks(&s, EVENT_WALK_PTE_READS, 4 * n);
	expect_of_walks(&s, EVENT_WALK_CYCLES, 4 * busy);
	expect_of_walks(&s, EVENT_WALK_BUSY1, 4 * busy);
	expect_of_walks(&s, EVENT_WALK_BUSY2, 0);
	expect_of_walks(&s, EVENT_WALK_STALLS, 0);
	expect_of_walks(&s, EVENT_WALK_SWAPS, 0);
	expect_of_walks(&s, EVENT_WALK_WAITS, 0);
	expect_of_walks(&s, EVENT_WALK_BUS_ERRORS, 0);
	expect_of_walks(&s, EVENT_WALK_RESTARTS, 0);
	scene_close(&s);
}

static void cycles_that_a_miss_waits_for_the_walker(struct scene *fast)
{
	struct scene s;
	with_latency(fast, &s);
	scene_map(&s, 0x4000, SCENE_PAGES, 0, P_RWX);
	scene_map(&s, 0x5000, SCENE_PAGES, 0, P_RWX);
	begin(&s);
	struct mmu_request f = scene_request(0x4000, ACC_FETCH);
	struct mmu_request d = scene_request(0x5000, ACC_LOAD);
	mmu_offer(s.mmu, MMU_FETCH, &f);
	mmu_offer(s.mmu, MMU_DATA, &d);
	for (unsigned answers = 0; answers < 2; mmu_step(s.mmu))
		answers += !!mmu_answer(s.mmu, MMU_FETCH) + !!mmu_answer(s.mmu, MMU_DATA);
	expect_of_walks(&s, EVENT_WALK_STARTS, 2);
	/* While the one's walk is under way. */
	expect_of_walks(&s, EVENT_WALK_WAITS, s.mode.levels * (LATENCY + 1) + 1);
	scene_close(&s);
}

static void cycles_that_memory_stalls(struct scene *fast)
{
	struct scene s;
	unsigned stalls = 0;
	scene_open(&s, &fast->mode, NULL, &(struct mmu_timing){LATENCY, LATENCY, 60, 0});
	scene_needs_one_walk(&s);
	begin(&s);
	for (unsigned i = 0; i < 20; i++) {
		scene_map(&s, i << 12, SCENE_PAGES, 0, P_RWX);
		stalls +=
		    scene_touch(&s, i << 12, ACC_LOAD).added - (s.mode.levels * (LATENCY + 1) + 1);
		scene_pass_refill(&s);
	}
	assert_true(stalls > 0);
	expect_of_walks(&s, EVENT_WALK_STALLS, stalls);
	scene_close(&s);
}

static void swaps(struct scene *s)
{
	scene_menvcfg(s, SCENE_ADUE);
	scene_map(s, 0x4000, SCENE_PAGES, 0, P_RWX & ~(PA | PD));
	begin(s);
	scene_touch(s, 0x4000, ACC_LOAD);  /* A */
	scene_touch(s, 0x4000, ACC_STORE); /* D: a miss */
	scene_touch(s, 0x4000, ACC_STORE);
	expect_of_walks(s, EVENT_WALK_SWAPS, 2);
	expect_of_walks(s, EVENT_WALK_SWAPS_FAILED, 0);
	expect_of_port(s, ACC_STORE, EVENT_PORT_MISSES, 2);
	expect_of_port(s, ACC_STORE, EVENT_PORT_HITS, 1);
}

/* A PTE that is changed in each cycle of its walk, once, to what no update makes of it. */
static void swaps_that_find_another_pte(struct scene *fast)
{
	struct scene s;
	struct mmu_counts before, after;
	with_latency(fast, &s);
	scene_menvcfg(&s, SCENE_ADUE);
	uint64_t place = scene_place(&s, 0x4000, 0);
	begin(&s);
	mmu_counts(s.mmu, &before);
	for (unsigned moment = 0; moment < 60; moment++) {
		struct mmu_request r = scene_request(0x4000, ACC_LOAD);
		scene_poke(&s, place, scene_pte(SCENE_PAGES, P_RWX & ~(PA | PD)));
		scene_fence_all(&s);
		mmu_offer(s.mmu, MMU_DATA, &r);
		mmu_step(s.mmu);
		for (unsigned i = 0; !mmu_answer(s.mmu, MMU_DATA); i++) {
			if (i == moment)
				scene_poke(&s, place,
					   scene_pte(SCENE_PAGES + 0x1000, P_RWX & ~(PA | PD)));
			mmu_step(s.mmu);
		}
		scene_pass_refill(&s);
	}
	mmu_counts(s.mmu, &after);
	assert_true(after.pte_swaps_failed > before.pte_swaps_failed);
	expect_of_walks(&s, EVENT_WALK_SWAPS, after.pte_swaps - before.pte_swaps);
	expect_of_walks(&s, EVENT_WALK_SWAPS_FAILED,
			after.pte_swaps_failed - before.pte_swaps_failed);
	scene_close(&s);
}

static void bus_errors(struct scene *s)
{
	scene_map(s, 0x4000, SCENE_PAGES, 0, P_RWX);
	scene_poison(s, scene_place(s, 0x4000, 0), true);
	begin(s);
	scene_touch(s, 0x4000, ACC_LOAD);
	scene_touch(s, 0x4000, ACC_FETCH);
	expect_of_walks(s, EVENT_WALK_BUS_ERRORS, 2);
	if (!s->config->walk_cache)
		expect_of_walks(s, EVENT_WALK_PTE_READS, 2 * s->mode.levels);
}

static void walks_begun_anew_after_a_write_to_pmp(struct scene *fast)
{
	struct scene s;
	with_latency(fast, &s);
	scene_map(&s, 0x4000, SCENE_PAGES, 0, P_RWX);
	struct mmu_request r = scene_request(0x4000, ACC_LOAD);
	begin(&s);
	mmu_offer(s.mmu, MMU_DATA, &r);
	for (unsigned i = 0; i < 4; i++)
		mmu_step(s.mmu);
	mmu_csr_write(s.mmu, CSR_PMPADDR0, 0x1000);
	while (!mmu_answer(s.mmu, MMU_DATA))
		mmu_step(s.mmu);
	expect_of_walks(&s, EVENT_WALK_RESTARTS, 1);
	expect_of_walks(&s, EVENT_WALK_STARTS, 1);
	expect_of_walks(&s, EVENT_WALK_PTE_READS, s.mode.levels + 1);
	expect(&s, COUNTER_CORE + EVENT_CORE_PMP_WRITES, 1);
	scene_close(&s);
}

/* ---- fences -------------------------------------------------------------- */

static void fences_and_the_cycles_that_they_wait(struct scene *fast)
{
	struct scene s;
	struct mmu_fence all = {.rs1_x0 = true, .rs2_x0 = true};
	unsigned waits = 0;
	with_latency(fast, &s);
	begin(&s);
	scene_fence_all(&s);
	scene_fence_va(&s, 0x4000);
	mmu_step(s.mmu);
	expect(&s, COUNTER_CORE + EVENT_CORE_FENCES, 2);

	struct mmu_request r = scene_request(0x4000, ACC_LOAD);
	mmu_step(s.mmu);
	begin(&s);
	mmu_offer(s.mmu, MMU_DATA, &r);
	mmu_step(s.mmu);
	mmu_offer_fence(s.mmu, &all);
	for (mmu_step(s.mmu); mmu_fence_offered(s.mmu); mmu_step(s.mmu))
		waits++;
	mmu_step(s.mmu);
	assert_true(waits > LATENCY);
	expect(&s, COUNTER_CORE + EVENT_CORE_FENCES, 1);
	expect(&s, COUNTER_CORE + EVENT_CORE_FENCE_WAITS, waits);
	scene_close(&s);
}

/* For ONLY, which may name any configuration. */
static bool fits(const struct mmu_config *c)
{
	return scene_memory_is_open(c) && c->data_entries >= 4;
}

int main(void)
{
	static const struct scene_rule rules[] = {
	    SCENE_RULE(hits_misses_and_fills_of_each_port),
	    SCENE_RULE(answers_without_page_tables),
	    SCENE_RULE(faults_of_hits_and_of_walks),
	    SCENE_RULE(hits_by_the_size_of_their_entry),
	    SCENE_RULE(hits_of_64_kib),
	    SCENE_RULE(cycles_refused_and_cycles_of_misses),
	    SCENE_RULE(walks_their_cycles_and_reads),
	    SCENE_RULE(cycles_that_a_miss_waits_for_the_walker),
	    SCENE_RULE(cycles_that_memory_stalls),
	    SCENE_RULE(swaps),
	    SCENE_RULE(swaps_that_find_another_pte),
	    SCENE_RULE(bus_errors),
	    SCENE_RULE(walks_begun_anew_after_a_write_to_pmp),
	    SCENE_RULE(fences_and_the_cycles_that_they_wait),
	};

	scene_want(fits);
	return scene_run_rules(rules, sizeof rules / sizeof rules[0]);
}
