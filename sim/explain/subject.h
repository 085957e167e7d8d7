/*
 * What is to be explained: one access, with the registers and the memory that decide
 * about it. It comes from a program, run on the golden model and stopped, or from an
 * image of memory.
 */
#ifndef ATLAS_EXPLAIN_SUBJECT_H
#define ATLAS_EXPLAIN_SUBJECT_H

#include <stddef.h>

#include "golden/golden.h"
#include "machine/machine.h"
#include "memory_image.h"
#include "options.h"

struct subject {
	const char *name;   /* of the file */
	const char *config; /* its name */
	const struct golden_regs *regs;
	struct mmu_memory memory;
	struct mmu_request request;

	/* Of a program: */
	struct image *program;
	struct machine *machine; /* NULL: it is an image */
	uint64_t fault;          /* the number of the fault at which it stopped, or 0 */
	uint64_t pc;             /* of the instruction that faulted, or of the next one */
	/* The request is that of the fault, which came from the bus after the MMU had let
	 * the access pass. */
	bool bus_refused;

	/* Of an image: */
	struct memory_image image;
	struct mmu_config own_config;
	struct golden_regs own_regs;
};

/* An exit code of cli.h: EXIT_PASSED, and *s is filled in; or one line is in err. Either
 * way subject_close() gives back what it holds. s, the options and their strings stay
 * where they are until then. */
int subject_open(struct subject *s, const struct explain_options *o, char *err, size_t err_size);
void subject_close(struct subject *s);

/* Runs the program to its end and calls fault() after each of its faults, with `s` as it
 * would be explained. EXIT_PASSED however the program ends, or as above. */
int subject_each_fault(struct subject *s, const struct explain_options *o,
		       void (*fault)(void *ctx, const struct subject *s), void *ctx, char *err,
		       size_t err_size);

#endif
