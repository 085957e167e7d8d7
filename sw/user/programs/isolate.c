/*
 * Each process has memory of its own. Parent and child use the same addresses, each finds
 * there what it wrote itself, and what one gives up the other still has.
 */
#include <sched.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "report.h"
#include "system.h"

#define TURNS 20

/* Lets the other run, again and again, and looks each time whether the own value is still
 * there. */
static bool keeps_its_value(volatile int *own, int value)
{
	bool kept = true;

	for (int turn = 0; turn < TURNS; turn++) {
		*own = ++value;
		sched_yield();
		kept = kept && *own == value;
	}
	return kept;
}

static int child(volatile int *own, uint64_t parents)
{
	uint64_t mine;

	must("child finds what was there before the fork", *own == 1962, "%d", *own);
	*own = 2026;
	must("child writes 2026 at the same address", *own == 2026, "%d", *own);
	mine = where(own).physical;
	must("child's memory is another piece", mine != 0 && mine != parents, "%#lx",
	     (unsigned long)mine);
	must("child finds its own through 20 switches", keeps_its_value(own, 2026), "each time");
	munmap((void *)own, (size_t)getpagesize());
	refused("child reads it after giving it up", attempt_read(own), SEGV_MAPERR, own);
	return conclude_child();
}

int main(void)
{
	volatile int *own = map((size_t)getpagesize(), PROT_READ | PROT_WRITE);
	uint64_t parents;
	bool kept;
	int pid;

	statement("each process has memory of its own");
	*own = 1962;
	parents = where(own).physical;
	pid = start_child();
	if (pid == 0)
		exit(child(own, parents));

	/* Until the child has written; under segments it has a copy from the start. */
	while (where(own).physical == parents && where(own).sharers > 1)
		sched_yield();
	must("parent still finds 1962 there", *own == 1962, "%d", *own);
	kept = keeps_its_value(own, 1962);
	join_child(pid);
	must("parent finds its own through 20 switches", kept, "each time");
	gives("parent reads it after the child gave it up", attempt_read(own),
	      (1962 + TURNS) % 256);
	return conclude();
}
