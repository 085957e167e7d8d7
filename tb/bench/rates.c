/* The questions about rates: what happens in a cycle, in the long run. */
#include <stdlib.h>
#include <string.h>

#include "questions.h"

#define STEADY 40000u /* accesses of a run, and at least two of each page */

/* Line after line is all 64 lines of each page. */
static uint64_t enough(enum pattern pattern, uint64_t pages)
{
	uint64_t least = (pattern == PATTERN_SEQUENTIAL ? 64 : 2) * pages;

	return least > STEADY ? least : STEADY / pages * pages;
}

/* ---- hits a cycle ------------------------------------------------------------------ */

/* Fetches alone, loads alone, or both: what a replay of two warm pages each comes to. */
static double hits_a_cycle(const char *config, bool fetch, bool load)
{
	const struct replay_setup setup = {
	    .model = "rtl", .config = config, .repeat = 2, .timing = {10, 10, 0, 1}};
	char err[300];
	struct replay *r = replay_new(&setup, err, sizeof(err));
	struct replay_result result;
	bool ok = r != NULL;

	for (uint64_t i = 0; ok && i < STEADY; i++) {
		const struct trace_record accesses[] = {
		    {.kind = TRACE_ACCESS, .access = {i % 2 << 12, ACC_FETCH, 4, PRIV_U}},
		    {.kind = TRACE_ACCESS, .access = {(i % 2 << 12) + 64, ACC_LOAD, 4, PRIV_U}},
		};

		ok = (!fetch || replay_add(r, &accesses[0])) &&
		     (!load || replay_add(r, &accesses[1]));
	}
	if (!ok || replay_run(r) != REPLAY_DONE)
		bench_die("%s", r ? replay_error(r) : err);
	replay_result(r, &result);
	replay_free(r);
	return translations_a_cycle(&result);
}

struct table hits(const struct bench *b)
{
	struct table t = table_new("Hits: translations a cycle of two warm pages a port");

	table_column(&t, "config", 0);
	table_column(&t, "fetch alone", 3);
	table_column(&t, "data alone", 3);
	table_column(&t, "both ports", 3);
	for (size_t i = 0; i < b->n_configs; i++) {
		table_row(&t);
		table_text(&t, b->configs[i]);
		table_number(&t, hits_a_cycle(b->configs[i], true, false));
		table_number(&t, hits_a_cycle(b->configs[i], false, true));
		table_number(&t, hits_a_cycle(b->configs[i], true, true));
	}
	return t;
}

/* ---- misses a cycle ------------------------------------------------------------------ */

struct table misses(const struct bench *b)
{
	static const unsigned latencies[] = {1, 10, 20, 50};
	enum { LATENCIES = sizeof(latencies) / sizeof(latencies[0]), RATIO_AT = 2 };
	struct table t = table_new("Misses: answered in 1000 cycles, both ports, random over 16384 "
				   "pages each, by memory latency");
	double first = 0;

	table_column(&t, "config", 0);
	for (unsigned l = 0; l < LATENCIES; l++) {
		char name[16];

		snprintf(name, sizeof(name), "L=%u", latencies[l]);
		table_column(&t, name, 2);
	}
	table_column(&t, "times the first at L=20", 2);
	for (size_t i = 0; i < b->n_configs; i++) {
		table_row(&t);
		table_text(&t, b->configs[i]);
		double rate[LATENCIES];

		for (unsigned l = 0; l < LATENCIES; l++) {
			const struct pattern_run run = {
			    .config = b->configs[i],
			    .pattern = PATTERN_RANDOM,
			    .pages = 16384,
			    .accesses = STEADY / 4,
			    .latency = latencies[l],
			    .fetch = true,
			    .window = REPLAY_MAX_WINDOW,
			};
			struct replay_result result = pattern_measure(&run);

			rate[l] =
			    1000.0 * (double)misses_of(&result) / (double)result.counts.cycles;
			table_number(&t, rate[l]);
		}
		if (i == 0)
			first = rate[RATIO_AT];
		table_number(&t, rate[RATIO_AT] / first);
	}
	return t;
}

/* ---- footprint and growth ------------------------------------------------------------ */

static const uint64_t pages[] = {1, 4, 16, 64, 256, 1024, 4096, 16384};
enum { FOOTPRINTS = sizeof(pages) / sizeof(pages[0]) };

static void footprint_columns(struct table *t)
{
	for (unsigned f = 0; f < FOOTPRINTS; f++) {
		char name[24];

		snprintf(name, sizeof(name), "%llu", (unsigned long long)pages[f]);
		table_column(t, name, 3);
	}
}

static void footprint_cells(struct table *t, const struct bench *b, const char *config,
			    enum pattern pattern)
{
	for (unsigned f = 0; f < FOOTPRINTS; f++) {
		const struct pattern_run run = {
		    .config = config,
		    .pattern = pattern,
		    .pages = pages[f],
		    .accesses = enough(pattern, pages[f]),
		    .latency = b->latency,
		};
		struct replay_result result = pattern_measure(&run);

		table_number(t, translations_a_cycle(&result));
	}
}

struct table footprint(const struct bench *b)
{
	struct table t = table_new("Footprint: loads a cycle, by pattern and pages in use");

	table_column(&t, "config", 0);
	table_column(&t, "pattern", 0);
	footprint_columns(&t);
	for (size_t i = 0; i < b->n_configs; i++)
		for (enum pattern p = 0; p < PATTERNS; p++) {
			table_row(&t);
			table_text(&t, b->configs[i]);
			table_text(&t, pattern_name(p));
			footprint_cells(&t, b, b->configs[i], p);
		}
	return t;
}

struct table growth(const struct bench *b)
{
	struct table t = table_new("Growth: random loads a cycle, by parameters and pages in use");

	table_column(&t, "config", 0);
	footprint_columns(&t);
	for (size_t i = 0; i < b->n_configs; i++) {
		table_row(&t);
		table_text(&t, b->configs[i]);
		footprint_cells(&t, b, b->configs[i], PATTERN_RANDOM);
	}
	return t;
}

/* ---- recorded traces ------------------------------------------------------------------ */

static struct replay_result replay_file(const char *path, const char *config, unsigned latency)
{
	const struct replay_setup setup = {
	    .model = "rtl", .config = config, .timing = {latency, latency, 0, 1}};
	char err[500];
	struct trace_reader *reader = trace_open(path, TRACE_AUTO, err, sizeof(err));
	struct replay *r = reader ? replay_new(&setup, err, sizeof(err)) : NULL;
	enum trace_result read = TRACE_RECORD;
	struct trace_record record;
	struct replay_result result;

	if (!r)
		bench_die("%s", err);
	while ((read = trace_read(reader, &record)) == TRACE_RECORD)
		if (!replay_add(r, &record))
			bench_die("%s: %s", path, replay_error(r));
	if (read == TRACE_BAD)
		bench_die("%s", trace_error(reader));
	if (replay_run(r) != REPLAY_DONE)
		bench_die("%s: %s", path, replay_error(r));
	replay_result(r, &result);
	replay_free(r);
	trace_close(reader);
	return result;
}

struct table traces(const struct bench *b)
{
	struct table t =
	    table_new("Programs: recorded traces, both ports, 16 accesses unanswered at "
		      "once");

	table_column(&t, "trace", 0);
	table_column(&t, "config", 0);
	table_column(&t, "pages", 0);
	table_column(&t, "accesses", 0);
	table_column(&t, "a cycle", 3);
	table_column(&t, "misses", 0);
	table_column(&t, "of 1000", 3);
	table_column(&t, "PTE reads", 0);
	for (size_t f = 0; f < b->n_traces; f++)
		for (size_t i = 0; i < b->n_configs; i++) {
			struct replay_result r =
			    replay_file(b->traces[f], b->configs[i], b->latency);
			const char *slash = strrchr(b->traces[f], '/');

			table_row(&t);
			table_text(&t, slash ? slash + 1 : b->traces[f]);
			table_text(&t, b->configs[i]);
			table_number(&t, (double)r.pages);
			table_number(&t, (double)r.accesses);
			table_number(&t, translations_a_cycle(&r));
			table_number(&t, (double)misses_of(&r));
			table_number(&t, 1000.0 * (double)misses_of(&r) / (double)r.accesses);
			table_number(&t, (double)r.counts.pte_reads);
		}
	return t;
}
