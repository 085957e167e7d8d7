/*
 * The system calls that POSIX has no function for, and those that picolibc's <unistd.h>
 * leaves to the system (write, fork, ...) in their raw form.
 */
#ifndef USER_SYSTEM_H
#define USER_SYSTEM_H

#include <stdbool.h>
#include <stddef.h>

#include "kernel/abi.h"

/* Any system call, as it is: the result, or -ABI_E*. */
long system_call(long number, long a, long b, long c, long d);

/* What the machine and the technique are, and the counts of this moment. */
struct abi_sysinfo system_info(void);
/* Whether the technique can do that (enum abi_can, all of several). */
bool can(unsigned what);
/* How the kernel has mapped an address of this process. */
struct abi_where where(const volatile void *address);
/* "segments only", "one-level tables", ... */
const char *technique_name(void);

int sched_yield(void);

#endif
