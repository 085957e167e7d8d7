/* The kernel protected against itself. */
#ifndef KERNEL_SELFCHECK_H
#define KERNEL_SELFCHECK_H

/*
 * Tries what the kernel must not be able to do: write its code or constants, run its data, touch
 * address zero, and touch or run a user's page outside copies. If any of it goes through, the
 * run ends with one line. Once, when address spaces can be made.
 */
void self_check(void);

/* Overflows the kernel's stack, which must end the run with one line: for the test of that, by
 * the command line OVERFLOW. */
#define OVERFLOW "!overflow"
void self_overflow(void);

#endif
