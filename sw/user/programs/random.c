/*
 * Random system calls with random arguments, each kind of nonsense and some that make sense,
 * by processes that end as they may. The kernel goes on, and gets everything back.
 *
 * random [PROCESSES [SEED]]
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "report.h"
#include "system.h"

#define CALLS 60 /* of each process */

static char buffer[512];
static long page;

/* write() comes only with addresses that it refuses: it would fill the console. */
static const long numbers[] = {
    SYS_MMAP,
    SYS_MMAP,
    SYS_MMAP,
    SYS_MMAP,
    SYS_MUNMAP,
    SYS_MUNMAP,
    SYS_MPROTECT,
    SYS_MPROTECT,
    SYS_CLONE,
    SYS_WAIT4,
    SYS_RT_SIGACTION,
    SYS_SYSINFO,
    SYS_RT_SIGRETURN,
    SYS_SCHED_YIELD,
    SYS_KILL,
    SYS_WHERE,
    SYS_GETPID,
    SYS_EXECVE,
    SYS_WRITE,
    SYS_EXIT,
    0,
    -1,
    99999,
};

static long below(long n)
{
	return (rand() >> 4) % n;
}

static long address(void)
{
	const long bases[] = {0,
			      ABI_TEXT_BASE,
			      ABI_DATA_BASE,
			      ABI_HEAP_BASE,
			      ABI_MMAP_BASE,
			      ABI_MMAP_BASE + 0x1000000,
			      ABI_STACK_END - 2 * page,
			      ABI_STACK_END - ABI_STACK_MAX - page,
			      (long)ABI_USER_END,
			      (long)(ABI_HIGH_BASE & (unsigned long)-1),
			      (long)buffer,
			      (long)((unsigned long)-1 / 2),
			      -4096};
	long base = bases[below(sizeof bases / sizeof bases[0])];

	switch (below(4)) {
	case 0:
		return base + below(16);
	case 1:
		return base - 1;
	default:
		return base + below(8) * page;
	}
}

static long length(void)
{
	const long some[] = {0,       1,        page - 1,   page, 3 * page,
			     0x10000, 0x200000, 0x7fffffff, -1,   -page};

	return some[below(sizeof some / sizeof some[0])];
}

static long flags(void)
{
	const long some[] = {0,           MAP_SHARED,    MAP_PRIVATE,
			     MAP_FIXED,   MAP_ANONYMOUS, MAP_POPULATE,
			     MAP_HUGETLB, MAP_HUGE_64K};
	long value = below(3) ? MAP_ANONYMOUS | (below(4) ? MAP_PRIVATE : MAP_SHARED) : 0;

	for (unsigned n = (unsigned)below(3); n > 0; n--)
		value |= some[below(sizeof some / sizeof some[0])];
	return value;
}

static void call(void)
{
	long number = numbers[below(sizeof numbers / sizeof numbers[0])];
	long a[4] = {address(), length(), below(9), flags()};

	switch (number) {
	case SYS_WRITE:
		a[0] = below(4);
		a[1] = below(2) ? 0 : (long)(ABI_USER_END - 1ul);
		a[2] = length();
		break;
	case SYS_MMAP:
	case SYS_MUNMAP:
	case SYS_MPROTECT:
		break;
	case SYS_KILL:
		a[0] = below(3) ? 9999 : getpid();
		a[1] = below(40);
		break;
	case SYS_RT_SIGACTION:
		a[0] = below(16);
		/* fall through */
	default:
		a[1] = address();
		a[2] = address();
		a[3] = address();
	}
	buffer[below(sizeof buffer)]++;
	if (system_call(number, a[0], a[1], a[2], a[3]) == 0 && number == SYS_CLONE)
		exit(0);
}

int main(int argc, char **argv)
{
	unsigned processes = argc > 1 ? (unsigned)atoi(argv[1]) : 40, ended = 0, status_kinds = 0;
	unsigned seed = argc > 2 ? (unsigned)atoi(argv[2]) : 1;
	struct abi_sysinfo before, after;

	statement("random system calls do not harm the kernel");
	before = system_info();
	page = (long)before.page_bytes;
	for (unsigned i = 0; i < processes; i++) {
		int status = 0, pid = start_child();

		if (pid == 0) {
			srand(seed * 1000 + i);
			for (unsigned n = 0; n < CALLS; n++)
				call();
			exit(0);
		}
		ended += wait(&status) == pid;
		status_kinds |= WIFSIGNALED(status) ? 2 : 1;
	}
	/* Children of the children may still run. */
	for (unsigned i = 0; i < 200 && system_info().processes > before.processes; i++)
		system_call(SYS_SCHED_YIELD, 0, 0, 0, 0);
	after = system_info();
	must("makes random calls", ended == processes, "%u processes, seed %u", ended, seed);
	must("some end by a signal, others by themselves", status_kinds == 3, "so");
	must("they leave nothing behind",
	     after.processes == before.processes && after.frames_free + 8 >= before.frames_free,
	     "%d frames", (int)(before.frames_free - after.frames_free));
	return conclude();
}
