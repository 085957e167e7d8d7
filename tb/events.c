#include "events.h"

#include <inttypes.h>

/* A request that is not answered counts only at its acceptance. */
static bool all_answered(const struct mmu_counts *counts, const uint64_t events[COUNTERS_N])
{
	return counts->port[MMU_FETCH].translations >= events[COUNTER_FETCH] &&
	       counts->port[MMU_DATA].translations >= events[COUNTER_DATA];
}

/* Counters follow an answer by a cycle. */
static void drain(struct mmu *m)
{
	struct mmu_counts counts;
	uint64_t events[COUNTERS_N];

	for (unsigned i = 0; i < MMU_PATIENCE; i++) {
		mmu_step(m);
		mmu_counts(m, &counts);
		mmu_events(m, events);
		if (all_answered(&counts, events))
			break;
	}
	mmu_step(m);
}

static bool same(const char *what, uint64_t counter, uint64_t count, char *differ, size_t size)
{
	if (counter != count)
		snprintf(differ, size,
			 "counters: %s: %" PRIu64 " in hardware, %" PRIu64 " at the pins", what,
			 counter, count);
	return counter == count;
}

/* Each request is answered in one of these ways. */
static uint64_t answers(const uint64_t *port)
{
	return port[EVENT_PORT_DIRECT] + port[EVENT_PORT_HITS] + port[EVENT_PORT_MISSES];
}

bool events_agree(struct mmu *m, char *differ, size_t differ_size)
{
	struct mmu_counts counts;
	uint64_t events[COUNTERS_N], count;

	if (!mmu_config(m)->counters)
		return true;
	drain(m);
	mmu_counts(m, &counts);
	mmu_events(m, events);
	if (events[COUNTER_CORE + EVENT_CORE_CYCLES] != counts.cycles)
		return true;
	for (unsigned k = 0; k < COUNTERS_N; k++)
		if (mmu_event_at_pins(mmu_config(m), &counts, k, &count) &&
		    !same(mmu_event_name(k), events[k], count, differ, differ_size))
			return false;
	return same("fetch answers", answers(events + COUNTER_FETCH),
		    counts.port[MMU_FETCH].translations, differ, differ_size) &&
	       same("data answers", answers(events + COUNTER_DATA),
		    counts.port[MMU_DATA].translations, differ, differ_size);
}
