/* Who runs: round robin, a tick each. */
#ifndef KERNEL_SCHED_H
#define KERNEL_SCHED_H

/* Interrupts that end a turn come from now on. Once. */
void sched_open(void);
/* Runs processes until there are none. */
void sched_run(void);
/* The current process's turn is over. */
void sched_yield(void);

#endif
