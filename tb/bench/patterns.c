#include <stdarg.h>
#include <stdlib.h>

#include "questions.h"
#include "rng.h"

#define PAGE    4096u
#define LINE    64u
#define DATA    0x100000000ull /* beyond any footprint of the fetches */
#define DATA_32 0x80000000ull

void bench_die(const char *format, ...)
{
	va_list args;

	fputs("bench: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(2);
}

const char *pattern_name(enum pattern pattern)
{
	static const char *const names[PATTERNS] = {"sequential", "strided", "random", "chase"};

	return names[pattern];
}

static uint64_t page_of(const struct pattern_run *run, uint64_t i, struct rng *rng)
{
	switch (run->pattern) {
	case PATTERN_SEQUENTIAL:
		return i * run->pages / run->accesses;
	case PATTERN_STRIDED:
		return i % run->pages;
	default:
		return rng_below(rng, run->pages);
	}
}

static void add(struct replay *r, uint64_t base, uint64_t page, uint64_t i, bool fetch)
{
	const struct trace_record record = {
	    .kind = TRACE_ACCESS,
	    .access = {base + page * PAGE + i * LINE % PAGE, fetch ? ACC_FETCH : ACC_LOAD, 4,
		       PRIV_U},
	};

	if (!replay_add(r, &record))
		bench_die("%s", replay_error(r));
}

struct replay_result pattern_measure(const struct pattern_run *run)
{
	const struct replay_setup setup = {
	    .model = "rtl",
	    .config = run->config,
	    .timing = {.latency_min = run->latency, .latency_max = run->latency, .seed = 1},
	    .window = run->pattern == PATTERN_CHASE ? 1 : run->window,
	    .repeat = 2,
	};
	char err[300];
	struct replay *r = replay_new(&setup, err, sizeof(err));
	struct replay_result result;
	struct rng rng = rng_seeded(1);

	if (!r)
		bench_die("%s", err);
	bool rv32 = mmu_config_find(run->config)->xlen == 32;

	for (uint64_t i = 0; i < run->accesses; i++) {
		if (run->fetch)
			add(r, 0, page_of(run, i, &rng), i, true);
		add(r, rv32 ? DATA_32 : DATA, page_of(run, i, &rng), i, false);
	}
	if (replay_run(r) != REPLAY_DONE)
		bench_die("%s", replay_error(r));
	replay_result(r, &result);
	replay_free(r);
	return result;
}

double translations_a_cycle(const struct replay_result *result)
{
	const struct mmu_counts *c = &result->counts;

	return (double)(c->port[MMU_FETCH].translations + c->port[MMU_DATA].translations) /
	       (double)c->cycles;
}

uint64_t misses_of(const struct replay_result *result)
{
	return result->counts.port[MMU_FETCH].misses + result->counts.port[MMU_DATA].misses;
}
