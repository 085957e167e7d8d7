/*
 * What a program says: the statement that it checks, then a line for each thing that it
 * tried, which a person can read and tb/demo.awk too:
 *
 *	null: a null pointer is caught
 *	null: reads address 0 -> page fault, pte_invalid: ok
 *	null: held
 *
 * A line ends in "ok", "FAILED", or "cannot": the technique has no such thing, and the
 * answer says why. The first failure decides how the program ends.
 */
#ifndef USER_REPORT_H
#define USER_REPORT_H

#include "attempt.h"

/* argv[0]. */
extern const char *program_name;

void statement(const char *text);

/* It must be stopped by SIGSEGV with this code at that address, and the MMU's reason be of
 * the class that the code tells. */
void refused(const char *what, struct attempt attempt, int code, const volatile void *address);
/* It must go through. */
void granted(const char *what, struct attempt attempt);
/* It must go through and give that value. */
void gives(const char *what, struct attempt attempt, uintptr_t value);
/* Something else must be so; the answer in words, as short as "3 frames". */
void must(const char *what, bool is_so, const char *answer, ...)
    __attribute__((format(printf, 3, 4)));
/* The technique cannot express it. */
void cannot(const char *what, const char *why);

/* "EINVAL": of errno, or of ABI_E*. */
const char *error_name(int error);

/* Tells the verdict; the value for exit(). In a child process, which has tried something
 * on its own, only the value. */
int conclude(void);
int conclude_child(void);

/*
 * What goes wrong before anything could be tried ends the program as failed: memory of
 * one's own, and processes.
 */
/* mmap() anywhere, private. */
void *map(size_t bytes, int prot);
/* The same, shared with the children to come. */
void *map_shared(size_t bytes);
/* fork(). */
int start_child(void);
/* wait() for that child, which must have ended by itself; it failed if it says so. */
void join_child(int pid);

#endif
