/*
 * Puts an address trace through a model of the MMU: maps the trace's pages, offers its
 * accesses as fast as the ports take them, checks each answer's address, and counts.
 *
 * Order. Accesses are taken from the trace in order, each to its port, at most `window`
 * unanswered at once; each port offers its own in order. A switch of the space or a fence
 * waits until all before it are answered, and what follows waits for it, as in a core that
 * drains. docs/replay.md has the rest.
 */
#ifndef ATLAS_REPLAY_H
#define ATLAS_REPLAY_H

#include "trace/trace.h"

enum { REPLAY_MAX_WINDOW = 64 };

struct replay_setup {
	const char *model, *config; /* as mmu_open() takes them */
	struct mmu_timing timing;
	const char *mode;    /* "sv39"; NULL: the least that has all addresses of the trace */
	uint64_t page_bytes; /* 0: 4096 */
	unsigned window;     /* accesses unanswered at once, 1 to REPLAY_MAX_WINDOW; 0: 16 */
	unsigned repeat;     /* runs, of which the last is counted; 0: 1 */
	bool cut;            /* cut addresses to the mode's width rather than refuse them */
	/* Asked now and then; true ends the replay. `part` is what is done, 0 to 1. NULL: none */
	bool (*interrupted)(void *ctx, double part);
	void *ctx;
};

struct replay;

/* NULL on failure, with one line in err. What `setup` points to must outlive it. */
struct replay *replay_new(const struct replay_setup *setup, char *err, size_t err_size);
void replay_free(struct replay *r); /* NULL is fine */

/* Takes one record more. False: replay_error() says why. */
bool replay_add(struct replay *r, const struct trace_record *record);

enum replay_end {
	REPLAY_DONE,
	REPLAY_REFUSED, /* this trace does not go with this setup: nothing ran */
	REPLAY_WRONG,   /* the model gave a wrong address, or no answer */
	REPLAY_INTERRUPTED,
};

/* Runs all that was added; once. But for REPLAY_DONE, replay_error() says why. */
enum replay_end replay_run(struct replay *r);
const char *replay_error(const struct replay *r);

/* What the last run came to. */
struct replay_result {
	const struct mmu_config *config;
	const char *mode; /* "sv39" */
	unsigned window, repeat;
	uint64_t records, accesses, spaces, pages;
	uint64_t page_bytes, table_bytes;
	uint64_t fences_added;    /* of an ASID that two spaces share */
	struct mmu_counts counts; /* of that run alone */
	bool has_events;          /* the configuration has counters (docs/counters.md): */
	uint64_t events[COUNTERS_N];
	double seconds; /* that it took here */
};

/* After replay_run(), whatever it came to. */
void replay_result(const struct replay *r, struct replay_result *result);

#endif
