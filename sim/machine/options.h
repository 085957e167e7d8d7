/* What `atlas run` is asked to do. */
#ifndef ATLAS_OPTIONS_H
#define ATLAS_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "cli.h"

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
	const char *trace;     /* file, "-", or NULL */
	uint64_t max_steps;    /* instructions, those that trap included */
	uint64_t latency_min, latency_max;
	uint64_t seed;
	bool quiet;
	char *command_line; /* what repeats this run; owned: free() it */
};

/* Parses argv[1 ..] of `atlas run`; argv[0] is "run". */
enum parsed parse_run_options(int argc, char **argv, struct run_options *options);

#endif
