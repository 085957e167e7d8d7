/* Faults of programs: told to a handler of theirs, or the end. */
#ifndef KERNEL_SIGNAL_H
#define KERNEL_SIGNAL_H

#include "fault.h"
#include "process.h"

/* An access was refused, and nothing the kernel may do would change that. */
void signal_refusal(struct process *p, const struct refusal *refusal, enum fault_outcome outcome);
/* Any other exception: an instruction that there is not, a misaligned atomic. */
void signal_exception(struct process *p);

/* The two system calls: 0 or an error. signal_return() gives all registers back. */
long signal_action(struct process *p, int signal, xword handler, xword restorer, xword stack);
long signal_return(struct process *p, xword pc);

#endif
