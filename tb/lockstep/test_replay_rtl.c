/* Replays on the RTL: hits, misses and cycles to the number, and that every answer is
 * right with what TLBs hold. */
#include "unit/replay_fixture.h"

#include "rng.h"

static const struct replay_setup rtl39 = {
    .model = "rtl",
    .config = "sv39_8",
    .timing = {.latency_min = 10, .latency_max = 10},
    .window = 1,
};

#define WALK (3 * (10 + 1) + 1) /* what a walk of three levels adds (docs/mmu.md) */

static void each_page_misses_once_and_a_miss_costs_its_walk(void **state)
{
	struct replay *r = replay_of(&rtl39);
	struct replay_result result;

	(void)state;
	for (uint64_t i = 0; i < 400; i++)
		add_load(r, i % 8 << 12);
	result = result_of(r);
	assert_int_equal(result.counts.port[MMU_DATA].misses, 8);
	assert_int_equal(result.counts.port[MMU_DATA].hits, 392);
	assert_int_equal(result.counts.port[MMU_DATA].walk_cycles, 8 * WALK);
	assert_int_equal(result.counts.pte_reads, 24);
	assert_int_equal(result.counts.port[MMU_FETCH].translations, 0);
}

static void one_page_more_than_entries_misses_again(void **state)
{
	struct replay *r = replay_of(&rtl39);
	struct replay_result result;

	(void)state;
	for (uint64_t i = 0; i < 900; i++)
		add_load(r, i % 9 << 12);
	result = result_of(r);
	assert_in_range(result.counts.port[MMU_DATA].misses, 10, 900);
}

static void larger_pages_miss_once_for_all_that_they_hold(void **state)
{
	static const uint64_t sizes[] = {65536, 2 << 20, 1 << 30};

	(void)state;
	for (unsigned s = 0; s < 3; s++) {
		struct replay_setup setup = rtl39;
		struct replay *r;
		struct replay_result result;

		setup.page_bytes = sizes[s];
		r = replay_of(&setup);
		for (uint64_t i = 0; i < 64; i++)
			add_load(r, 0x40000000 + (i % 16 << 12));
		result = result_of(r);
		assert_int_equal(result.counts.port[MMU_DATA].misses, 1);
	}
}

static void both_ports_run_at_once(void **state)
{
	enum { EACH = 4000 };
	struct replay_setup setup = rtl39;
	struct replay *r;
	struct replay_result result;

	(void)state;
	setup.window = 16;
	r = replay_of(&setup);
	for (uint64_t i = 0; i < EACH; i++) {
		add(r, ACCESS(ACC_FETCH, i * 4 % 4096, 4, PRIV_U));
		add_load(r, 0x8000 + i * 8 % 4096);
	}
	result = result_of(r);
	assert_in_range(result.counts.cycles, EACH, EACH + 200);
}

static void a_repeated_run_counts_the_last_with_warm_tlbs(void **state)
{
	struct replay_setup setup = rtl39;
	struct replay *r;
	struct replay_result result;

	(void)state;
	setup.repeat = 3;
	r = replay_of(&setup);
	for (uint64_t i = 0; i < 8; i++)
		add_load(r, i << 12);
	result = result_of(r);
	assert_int_equal(result.counts.port[MMU_DATA].misses, 0);
	assert_int_equal(result.counts.port[MMU_DATA].hits, 8);
}

/* Without the fences that the replay adds, a space's answers would be the other's. */
static void spaces_that_share_an_asid_get_their_own_pages(void **state)
{
	static const char *const configs[] = {"sv39_8", "sv32_min"};

	(void)state;
	for (unsigned c = 0; c < 2; c++) {
		struct replay_setup setup = rtl39;
		struct replay *r;
		struct replay_result result;

		setup.config = configs[c];
		setup.repeat = 2;
		r = replay_of(&setup);
		for (uint32_t i = 0; i < 20; i++) {
			add(r, SPACE(i % 3, c ? i % 3 : 0));
			add_load(r, 0x1000);
		}
		result = result_of(r);
		assert_int_equal(result.counts.port[MMU_DATA].translations, 20);
		assert_int_equal(result.fences_added, 20);
	}
}

/* Each answer's address is checked by the replay. */
static void random_traces_are_answered_rightly(void **state)
{
	static const struct {
		const char *config;
		uint64_t page_bytes;
	} rows[] = {{"sv39", 4096},    {"sv39", 65536}, {"sv32", 4096},
		    {"sv32", 4 << 20}, {"rva23", 4096}, {"rva23", 2 << 20}};
	struct rng rng = rng_seeded(rng_env_seed());

	(void)state;
	for (unsigned c = 0; c < sizeof(rows) / sizeof(rows[0]); c++) {
		struct replay_setup setup = {
		    .model = "rtl",
		    .config = rows[c].config,
		    .page_bytes = rows[c].page_bytes,
		    .timing = {.latency_min = 1, .latency_max = 20, .seed = c},
		    .window = 64,
		};
		struct replay *r = replay_of(&setup);
		struct replay_result result;

		for (unsigned i = 0; i < 20000; i++) {
			uint64_t va = rng_below(&rng, 64) * rows[c].page_bytes;
			bool fetch = rng_chance(&rng, 50);

			if (rng_chance(&rng, 1))
				add(r, SPACE((uint32_t)rng_below(&rng, 4),
					     (uint16_t)rng_below(&rng, 2)));
			else if (rng_chance(&rng, 1))
				add(r, FENCE_OF(.va = va, .rs2_x0 = true));
			else
				add(r, ACCESS(fetch ? ACC_FETCH : ACC_STORE,
					      va + rng_below(&rng, 500) * 8, 4, PRIV_U));
		}
		result = result_of(r);
		assert_int_equal(faults(&result), 0);
	}
}

/* A second run is counted apart from the first, by the counters too. */
static void counters_of_the_hardware_are_of_the_last_run(void **state)
{
	struct replay_setup setup = rtl39;
	struct replay *r;
	struct replay_result result;

	(void)state;
	setup.config = "open57r";
	setup.repeat = 2;
	r = replay_of(&setup);
	for (uint64_t i = 0; i < 400; i++)
		add_load(r, i % 100 << 12);
	result = result_of(r);
	assert_true(result.has_events);
	assert_int_equal(result.events[COUNTER_DATA + EVENT_PORT_REQUESTS], 400);
	assert_int_equal(result.events[COUNTER_DATA + EVENT_PORT_HITS],
			 result.counts.port[MMU_DATA].hits);
	assert_int_equal(result.events[COUNTER_WALK + EVENT_WALK_PTE_READS],
			 result.counts.pte_reads);
	assert_true(result.counts.pte_reads > 0);
	assert_int_equal(result.events[COUNTER_FETCH + EVENT_PORT_REQUESTS], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_page_misses_once_and_a_miss_costs_its_walk),
	    cmocka_unit_test(one_page_more_than_entries_misses_again),
	    cmocka_unit_test(larger_pages_miss_once_for_all_that_they_hold),
	    cmocka_unit_test(both_ports_run_at_once),
	    cmocka_unit_test(a_repeated_run_counts_the_last_with_warm_tlbs),
	    cmocka_unit_test(spaces_that_share_an_asid_get_their_own_pages),
	    cmocka_unit_test(counters_of_the_hardware_are_of_the_last_run),
	    cmocka_unit_test(random_traces_are_answered_rightly),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
