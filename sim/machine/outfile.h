/*
 * A result file that is there whole or not at all: it is written beside its place
 * under a passing name, and takes its own name when it is complete. "-" is standard
 * output; a device or a pipe is written directly.
 */
#ifndef ATLAS_OUTFILE_H
#define ATLAS_OUTFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct outfile {
	const char *path; /* the caller's */
	char *temporary;  /* NULL: written directly */
	FILE *stream;     /* NULL: not open */
};

/* False, with one line in err, when it cannot be written. */
bool outfile_open(struct outfile *f, const char *path, char *err, size_t err_size);
/* Gives the file its name. False, with one line in err, when not all of it could be
 * written; then there is no file, or the old one. */
bool outfile_commit(struct outfile *f, char *err, size_t err_size);
/* Leaves no trace. Fine when f is closed or zero. */
void outfile_abandon(struct outfile *f);

#endif
