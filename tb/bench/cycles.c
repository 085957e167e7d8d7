/*
 * The benchmark in cycles: one table a question, or JSON. Cycles are exact, the same on
 * every machine; how fast the models are is bench.c's question.
 */
#include <argp.h>
#include <stdlib.h>
#include <string.h>

#include "questions.h"

static const struct question {
	const char *name;
	struct table (*ask)(const struct bench *b);
	const char *configs; /* if none are named */
	const char *what;
} questions[] = {
    {"hits", hits, "sv32 sv39 rva23", "translations a cycle when everything hits, by ports"},
    {"walks", walks, "sv32 sv39 rva23",
     "what a miss adds to a hit: cold, in a walked region, from the L2"},
    {"misses", misses, "sv39 rva23", "misses that are answered in 1000 cycles"},
    {"footprint", footprint, "sv39 rva23", "loads a cycle by access pattern and pages in use"},
    {"growth", growth, "sv39_8 sv39_16 rva23", "random loads a cycle by pages in use"},
    {"traces", traces, "sv39 rva23", "recorded traces (--trace)"},
};
enum { QUESTIONS = sizeof(questions) / sizeof(questions[0]), MAX_TRACES = 64 };

struct options {
	const struct question *question;
	const char *configs;
	const char *json; /* file, "-" or NULL */
	unsigned latency;
	const char *traces[MAX_TRACES];
	size_t n_traces;
};

static error_t question(struct options *o, const char *name)
{
	if (o->question)
		bench_die("one question at a time: '%s' is one too many", name);
	for (size_t i = 0; i < QUESTIONS; i++)
		if (strcmp(name, questions[i].name) == 0)
			o->question = &questions[i];
	if (!o->question)
		bench_die("'%s' is none of hits, walks, misses, footprint, growth, traces", name);
	return 0;
}

static error_t option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;
	char *end;

	switch (key) {
	case 'c':
		o->configs = arg;
		return 0;
	case 'j':
		o->json = arg;
		return 0;
	case 'l':
		o->latency = (unsigned)strtoul(arg, &end, 10);
		if (*end || o->latency < 1 || o->latency > 1000)
			bench_die("memory latency %s: it must be 1 to 1000 cycles", arg);
		return 0;
	case 't':
		if (o->n_traces == MAX_TRACES)
			bench_die("more than %d traces", MAX_TRACES);
		o->traces[o->n_traces++] = arg;
		return 0;
	case ARGP_KEY_ARG:
		return question(o, arg);
	case ARGP_KEY_END:
		if (!o->question)
			bench_die("which question? hits, walks, misses, footprint, growth or "
				  "traces");
		if (o->question->ask == traces && !o->n_traces)
			bench_die("which traces? --trace FILE ('atlas run --trace' records)");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* The names in `words`, which is cut up. */
static void name_configs(struct bench *b, char *words)
{
	char *save;

	for (char *w = strtok_r(words, " ", &save); w; w = strtok_r(NULL, " ", &save)) {
		if (!mmu_config_find(w))
			bench_die("no configuration %s; 'atlas configs' lists them", w);
		if (b->n_configs == MAX_CONFIGS)
			bench_die("more than %d configurations", MAX_CONFIGS);
		b->configs[b->n_configs++] = w;
	}
}

int main(int argc, char **argv)
{
	static const struct argp_option known[] = {
	    {"config", 'c', "NAMES", 0, "Configurations, as in \"sv39 rva23\"", 0},
	    {"latency", 'l', "CYCLES", 0, "From a PTE request to its data (default 10)", 0},
	    {"trace", 't', "FILE", 0, "A trace; again for more", 0},
	    {"json", 'j', "FILE", 0, "Write it there as JSON too; - for JSON alone", 0},
	    {0},
	};
	const struct argp argp = {
	    .options = known,
	    .parser = option,
	    .args_doc = "QUESTION",
	    .doc = "Measures the RTL in cycles. QUESTION is hits, walks, misses, footprint, growth "
		   "or traces.",
	};
	struct options o = {.latency = 10};
	char *names;
	bool ok;

	argp_parse(&argp, argc, argv, 0, NULL, &o);

	struct bench b = {.traces = o.traces, .n_traces = o.n_traces, .latency = o.latency};

	names = strdup(o.configs ? o.configs : o.question->configs);
	name_configs(&b, names);

	struct table t = o.question->ask(&b);

	ok = table_print(&t, argc, argv, o.json);
	table_free(&t);
	free(names);
	return ok ? 0 : 1;
}
