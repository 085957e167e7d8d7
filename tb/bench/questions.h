/* Between the files of the benchmark in cycles: what it is asked, and its questions. */
#ifndef ATLAS_QUESTIONS_H
#define ATLAS_QUESTIONS_H

#include "replay/replay.h"
#include "table.h"

enum { MAX_CONFIGS = 32 };

struct bench {
	const char *configs[MAX_CONFIGS]; /* that are there, in the order asked for */
	size_t n_configs;
	const char *const *traces; /* files */
	size_t n_traces;
	unsigned latency; /* where a question has one */
};

/* Prints one line and ends the program. */
void bench_die(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

/* ---- patterns.c ------------------------------------------------------------------ */

enum pattern {
	PATTERN_SEQUENTIAL, /* line after line: all accesses of a page, then the next page */
	PATTERN_STRIDED,    /* page after page, again and again */
	PATTERN_RANDOM,     /* pages drawn evenly */
	PATTERN_CHASE,      /* the same, but each access waits for the one before */
	PATTERNS
};
const char *pattern_name(enum pattern pattern);

/* Loads of `pages` pages of U-mode, run once to warm up and once to be counted. `fetch`:
 * every second access is a fetch from pages of its own, as many, in the same pattern. */
struct pattern_run {
	const char *config;
	enum pattern pattern;
	uint64_t pages;
	uint64_t accesses;
	unsigned latency;
	bool fetch;
	unsigned window; /* 0: 16; PATTERN_CHASE: 1 */
};
struct replay_result pattern_measure(const struct pattern_run *run);

/* Answers a cycle; misses, on both ports. */
double translations_a_cycle(const struct replay_result *result);
uint64_t misses_of(const struct replay_result *result);

/* ---- the questions: each gives one table ----------------------------------------- */

struct table hits(const struct bench *b);
struct table walks(const struct bench *b);
struct table misses(const struct bench *b);
struct table footprint(const struct bench *b);
struct table growth(const struct bench *b);
struct table traces(const struct bench *b);

#endif
