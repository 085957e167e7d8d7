/* What happened since the start, for sysinfo() and the last lines of a run. */
#ifndef KERNEL_STATISTICS_H
#define KERNEL_STATISTICS_H

#include <stdint.h>

/* abi.h says what each counts. */
struct statistics {
	uint64_t faults, demanded, copied, updated, swapped_out, swapped_in, dropped;
	uint64_t switches, signals, killed;
};

extern struct statistics count;

/* A process was ended for what it did. */
static inline void count_killed(void)
{
	count.killed++;
}

#endif
