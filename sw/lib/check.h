/*
 * What a test program found, one line a check:
 *
 *	check sv39/user_reads_kernel: ok
 *	check sv39/accessed_clear: skipped (hardware sets A here)
 *	check sv39/noexec: FAILED expected cause 0xc, got 0x0
 *
 * The same program prints the same lines on every machine, except for those
 * that are skipped.
 */
#ifndef LIB_CHECK_H
#define LIB_CHECK_H

#include <stdbool.h>

#include "csr.h"

/* What stands before the slash from here on; NULL for nothing. Kept by pointer. */
void check_group(const char *group);

/* "name_7": a check that is made for several numbers. Good until the next call. */
const char *check_name(const char *name, unsigned number);

void check(const char *name, bool ok);
void check_equal(const char *name, xword expected, xword got);
void check_skip(const char *name, const char *why);
/* From here on every check, whatever it finds, is skipped for this reason, if none stands
 * already (NULL: none). So a program runs the same way on a machine that lacks what it
 * is about. Gives what stood before, with which check_skip_back() ends it. */
const char *check_skip_all(const char *why);
void check_skip_back(const char *before);
/* Fails, and tells what in printf's words. */
void check_failed(const char *name, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The last line, and the value for main() to return. A program without a
 * single check has failed. */
int check_end(void);

#endif
