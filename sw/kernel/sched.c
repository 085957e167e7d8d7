#include "sched.h"

#include "fault.h"
#include "kernel_csr.h"
#include "plic.h"
#include "process.h"
#include "signal.h"
#include "statistics.h"
#include "syscall.h"
#include "timer.h"

static bool turn_over;

void sched_yield(void)
{
	turn_over = true;
}

void sched_open(void)
{
	csr_set(sie, 1ul << IRQ_S_TIMER | 1ul << IRQ_S_SOFTWARE);
	timer_next();
}

static bool can_run(const struct process *p)
{
	return p->state == PROCESS_READY;
}

/* The next after the current one, which comes last. */
static struct process *pick(void)
{
	unsigned here = current ? (unsigned)(current - process_number(0)) : 0;

	if (current && can_run(current) && !turn_over)
		return current;
	turn_over = false;
	for (unsigned i = 1; i <= ABI_PROCESSES; i++) {
		struct process *p = process_number((here + i) % ABI_PROCESSES);

		if (can_run(p))
			return p;
	}
	return NULL;
}

static void interrupt(xword number)
{
	if (number == IRQ_S_EXTERNAL) {
		plic_finish();
		return;
	}
	timer_next();
	sched_yield();
}

static void refused(struct process *p)
{
	struct refusal r = refusal_of(p->user.cause, p->user.tval, true);
	enum fault_outcome outcome = fault_handle(&p->space, &r);

	count.faults++;
	if (outcome == FAULT_NO_MEMORY)
		job_doom_largest();
	else if (outcome != FAULT_RESOLVED)
		signal_refusal(p, &r, outcome);
}

static void serve(struct process *p)
{
	xword cause = p->user.cause;

	if (cause & CAUSE_INTERRUPT)
		interrupt(cause & ~CAUSE_INTERRUPT);
	else if (cause == CAUSE_ECALL_U)
		syscall(p);
	else if (cause_is_refusal(cause))
		refused(p);
	else
		signal_exception(p);
}

void sched_run(void)
{
	struct process *last = NULL;

	for (;;) {
		process_end_doomed(NULL);
		current = pick();
		if (!current)
			return;
		if (space_used() != &current->space)
			space_use(&current->space);
		if (current != last)
			count.switches++;
		last = current;
		user_run(&current->user);
		serve(current);
	}
}
