/*
 * Shared memory is one piece of memory that both see: what one process writes there the
 * other reads, while everything else stays each one's own.
 */
#include <sched.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "report.h"
#include "system.h"

struct shared {
	volatile int ping, pong;
	volatile uint64_t physical;
};

static volatile int own;

static int child(struct shared *both)
{
	while (both->ping == 0)
		sched_yield();
	must("child reads what the parent wrote after the fork", both->ping == 17, "%d",
	     both->ping);
	both->physical = where(both).physical;
	own = 5;
	both->pong = 2 * both->ping;
	return conclude_child();
}

int main(void)
{
	struct shared *both = map_shared(sizeof *both);
	int pid;

	statement("shared memory is one memory that both processes see");
	pid = start_child();
	if (pid == 0)
		exit(child(both));

	both->ping = 17;
	while (both->pong == 0)
		sched_yield();
	must("parent reads what the child answered", both->pong == 34, "%d", both->pong);
	join_child(pid);
	must("it is the same physical memory", where(both).physical == both->physical, "%#lx",
	     (unsigned long)both->physical);
	must("what is not shared is not seen", own == 0, "%d", own);
	return conclude();
}
