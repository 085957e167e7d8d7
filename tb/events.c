#include "events.h"

#include <inttypes.h>
#include <string.h>

struct pair {
	const char *what;
	uint64_t counter, count;
};

static uint64_t answers(const uint64_t *port)
{
	return port[EVENT_PORT_DIRECT] + port[EVENT_PORT_HITS] + port[EVENT_PORT_MISSES];
}

static uint64_t faults(const struct mmu_counts *counts, enum mmu_port port)
{
	uint64_t sum = 0;

	for (unsigned reason = REASON_NONE + 1; reason < 64; reason++)
		sum += counts->port[port].faults[reason];
	return sum;
}

/* Counters follow an answer by a cycle; an unanswered request is neither hit nor miss yet. */
static void drain(struct mmu *m)
{
	struct mmu_counts counts;
	uint64_t events[COUNTERS_N];

	for (unsigned i = 0; i < MMU_PATIENCE; i++) {
		mmu_step(m);
		mmu_counts(m, &counts);
		mmu_events(m, events);
		if (counts.port[MMU_FETCH].translations >= events[COUNTER_FETCH] &&
		    counts.port[MMU_DATA].translations >= events[COUNTER_DATA])
			break;
	}
	mmu_step(m);
}

/* Else misses share cycles, which count once. */
static bool one_at_a_time(const struct mmu_config *config)
{
	return config->misses + config->hit_under_miss == 1;
}

bool events_agree(struct mmu *m, char *differ, size_t differ_size)
{
	static const unsigned base[] = {COUNTER_FETCH, COUNTER_DATA};
	struct mmu_counts counts;
	uint64_t events[COUNTERS_N];
	struct pair pairs[24];
	unsigned n = 0;

	if (!mmu_config(m)->counters)
		return true;
	drain(m);
	mmu_counts(m, &counts);
	if (!mmu_events(m, events) || events[COUNTER_CORE] != counts.cycles)
		return true;
	for (enum mmu_port port = 0; port < MMU_PORTS; port++) {
		const uint64_t *e = events + base[port];
		uint64_t all = counts.port[port].translations;

		pairs[n++] = (struct pair){"requests", e[EVENT_PORT_REQUESTS], all};
		pairs[n++] = (struct pair){"answers", answers(e), all};
		pairs[n++] =
		    (struct pair){"misses", e[EVENT_PORT_MISSES], counts.port[port].misses};
		if (one_at_a_time(mmu_config(m)))
			pairs[n++] = (struct pair){"cycles of misses", e[EVENT_PORT_MISS_CYCLES],
						   counts.port[port].walk_cycles};
		pairs[n++] = (struct pair){"faults", e[EVENT_PORT_FAULTS], faults(&counts, port)};
	}
	const uint64_t *walk = events + COUNTER_WALK, *core = events + COUNTER_CORE;
	pairs[n++] = (struct pair){"PTE reads", walk[EVENT_WALK_PTE_READS], counts.pte_reads};
	pairs[n++] = (struct pair){"swaps", walk[EVENT_WALK_SWAPS], counts.pte_swaps};
	pairs[n++] = (struct pair){"fences", core[EVENT_CORE_FENCES], counts.fences};
	for (unsigned i = 0; i < n; i++)
		if (pairs[i].counter != pairs[i].count) {
			snprintf(differ, differ_size,
				 "counters: %s: %" PRIu64 " in hardware, %" PRIu64 " at the pins",
				 pairs[i].what, pairs[i].counter, pairs[i].count);
			return false;
		}
	return true;
}
