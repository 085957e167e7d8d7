/* Between the files of sim/replay: one run of a trace through a model. */
#ifndef ATLAS_REPLAY_ENGINE_H
#define ATLAS_REPLAY_ENGINE_H

#include "replay.h"
#include "tables.h"

#define ENGINE_ASIDS  (1u << 16)
#define ENGINE_NOBODY UINT64_MAX

struct engine_job {
	struct mmu *mmu;
	struct tables *tables;
	struct trace_reader *reader; /* at its start */
	unsigned window;             /* 1 to REPLAY_MAX_WINDOW */
	uint64_t records;            /* that the reader has */
	unsigned va_spare;           /* upper bits of an address that the mode does not have */
	unsigned run, runs;          /* this one, from 0, of so many */
	/* By ASID: the space of which something may be cached, or ENGINE_NOBODY. Kept from run
	 * to run; all nobody's at first. */
	uint64_t *owner;
	bool (*interrupted)(void *ctx, double part);
	void *ctx;
};

struct engine_totals {
	struct mmu_counts counts; /* of this run alone */
	bool has_events;
	uint64_t events[COUNTERS_N]; /* the hardware's counters, likewise */
	uint64_t fences_added;
	double seconds;
};

/* Leaves nothing under way, unless it ends otherwise than REPLAY_DONE; then a line is in
 * err. */
enum replay_end engine_run(const struct engine_job *job, struct engine_totals *totals, char *err,
			   size_t err_size);

#endif
