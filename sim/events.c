/* The counters of the hardware, as sim/mmu.h gives them, and what the pins tell of them. */
#include "mmu_model.h"

bool mmu_events(const struct mmu *m, uint64_t events[COUNTERS_N])
{
	bool rv32 = m->config->xlen == 32;

	for (unsigned k = 0; k < COUNTERS_N; k++) {
		unsigned number = REG_COUNTER0 + 2 * k;

		events[k] = mmu_csr_read(m, number);
		if (rv32)
			events[k] |= mmu_csr_read(m, number + 1) << 32;
	}
	return m->config->counters;
}

const char *mmu_event_name(unsigned counter)
{
	switch (counter) {
#define NAME(value, name)                                                                          \
	case value:                                                                                \
		return name;
		MMU_COUNTERS(NAME)
#undef NAME
	default:
		return NULL;
	}
}

/* Else misses share cycles, which the hardware counts once. */
static bool one_miss_at_a_time(const struct mmu_config *config)
{
	return config->misses + config->hit_under_miss == 1;
}

static bool at_port(const struct mmu_config *config, const struct mmu_counts *counts,
		    enum mmu_port port, unsigned event, uint64_t *count)
{
	*count = 0;
	switch (event) {
	case EVENT_PORT_REQUESTS:
		*count = counts->port[port].translations;
		return true;
	case EVENT_PORT_MISSES:
		*count = counts->port[port].misses;
		return true;
	case EVENT_PORT_MISS_CYCLES:
		*count = counts->port[port].walk_cycles;
		return one_miss_at_a_time(config);
	case EVENT_PORT_FAULTS:
		for (unsigned reason = REASON_NONE + 1; reason < 64; reason++)
			*count += counts->port[port].faults[reason];
		return true;
	default:
		return false;
	}
}

bool mmu_event_at_pins(const struct mmu_config *config, const struct mmu_counts *counts,
		       unsigned counter, uint64_t *count)
{
	if (counter < COUNTER_DATA)
		return at_port(config, counts, MMU_FETCH, counter - COUNTER_FETCH, count);
	if (counter < COUNTER_WALK)
		return at_port(config, counts, MMU_DATA, counter - COUNTER_DATA, count);
	switch (counter) {
	case COUNTER_WALK + EVENT_WALK_PTE_READS:
		*count = counts->pte_reads;
		return true;
	case COUNTER_WALK + EVENT_WALK_SWAPS:
		*count = counts->pte_swaps;
		return true;
	case COUNTER_CORE + EVENT_CORE_CYCLES:
		*count = counts->cycles;
		return true;
	case COUNTER_CORE + EVENT_CORE_FENCES:
		*count = counts->fences;
		return true;
	default:
		return false;
	}
}
