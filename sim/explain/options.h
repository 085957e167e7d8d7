/* What `atlas explain` is asked to do. */
#ifndef ATLAS_EXPLAIN_OPTIONS_H
#define ATLAS_EXPLAIN_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "cli.h"

/* One register as --csr names it. */
struct csr_setting {
	unsigned number;
	uint64_t value;
};

enum { EXPLAIN_CSRS = 256 }; /* the most --csr options */

/* Of an access, what was asked for; the rest comes from where the program stopped. */
struct asked_access {
	bool has_va, has_access, has_priv, has_bytes;
	uint64_t va;
	uint8_t access; /* ACC_* */
	uint8_t priv;   /* PRIV_* */
	uint64_t bytes;
	bool sum, mxr; /* set, whatever they were */
};

struct explain_options {
	const char *program; /* either this */
	const char *image;   /* or this */
	const char *config;  /* NULL: sv39, or for an image everything there is */
	bool json;
	struct asked_access access;

	/* A program: where to stop. */
	uint64_t fault;          /* the n-th, from 1 */
	uint64_t at_instruction; /* UINT64_MAX: at the fault */
	uint64_t max_steps;
	bool list; /* all faults, none explained */
	uint64_t memory_bytes;
	const char *disk; /* or NULL */

	/* An image of memory. */
	uint64_t xlen, base, satp;
	struct csr_setting csr[EXPLAIN_CSRS];
	unsigned csrs;
};

/* Parses argv[1 ..]; argv[0] is "explain". */
enum parsed parse_explain_options(int argc, char **argv, struct explain_options *options);

#endif
