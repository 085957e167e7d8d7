/* What `atlas run` is asked to do. */
#ifndef ATLAS_OPTIONS_H
#define ATLAS_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

/* Exit codes of atlas. */
enum {
	EXIT_PASSED = 0,
	EXIT_FAILED = 1,   /* the program failed, or the MMU did */
	EXIT_BAD = 2,      /* bad options or input: nothing ran */
	EXIT_LIMIT = 3,    /* --max-instructions was reached */
	EXIT_KILLED = 130, /* interrupted from the keyboard */
};

struct run_options {
	const char *program;
	const char *config;          /* a name of rtl/configs.txt */
	const char *model;           /* "rtl" or "golden" */
	bool lockstep;               /* the rtl model is checked against the golden one */
	const char *wave;            /* file, or NULL */
	uint64_t wave_from, wave_to; /* cycles, both included */
	uint64_t memory_bytes;
	const char *disk;      /* file, or NULL */
	const char *signature; /* file, or NULL */
	const char *json;      /* file, "-", or NULL */
	uint64_t max_steps;    /* instructions, those that trap included */
	uint64_t latency_min, latency_max;
	uint64_t seed;
	bool quiet;
	char *command_line; /* what repeats this run; owned: free() it */
};

enum parsed { PARSED_RUN, PARSED_HELP, PARSED_BAD };

/* Parses argv[1 ..] of `atlas run`; argv[0] names it. PARSED_HELP: the help has been
 * printed. PARSED_BAD: one line has been printed to standard error. */
enum parsed parse_run_options(int argc, char **argv, struct run_options *options);

#endif
