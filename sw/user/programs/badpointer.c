/*
 * No system call trusts a pointer. Each is given addresses of every kind that the program
 * itself could not use, and says EFAULT rather than touch them; other nonsense is refused
 * as well, and the program goes on.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "report.h"
#include "system.h"

#define POINTERS 7

static const char constant[64] = "not to be overwritten";
static long bad[POINTERS];

/* The last bytes of a page with nothing behind it: the structure begins in memory and does
 * not end there. */
static long cut_off(void)
{
	size_t page = (size_t)getpagesize();
	char *end = (char *)map(page, PROT_READ | PROT_WRITE) + page;

	end[-2] = end[-1] = 'x';
	return (long)end - 2;
}

static void find_pointers(void)
{
	const long choice[POINTERS] = {
	    0,
	    1,                                  /* odd, and null */
	    (long)ABI_USER_END,                 /* the kernel */
	    -8,                                 /* the end of all addresses */
	    (long)(ABI_MMAP_END - 0x1000000),   /* nothing */
	    (long)((unsigned long)-1 / 2 - 99), /* in the middle of all addresses */
	    cut_off(),
	};

	memcpy(bad, choice, sizeof bad);
}

/* The call with each bad pointer as its argument number `argument`. */
static void each(const char *what, long number, unsigned argument, const long *others)
{
	unsigned refusals = 0;

	for (unsigned i = 0; i < POINTERS; i++) {
		long a[3] = {others[0], others[1], others[2]};

		a[argument] = bad[i];
		refusals += system_call(number, a[0], a[1], a[2], 0) == -ABI_EFAULT;
	}
	must(what, refusals == POINTERS, "EFAULT %u times of %u", refusals, POINTERS);
}

static void outputs(void)
{
	long result = system_call(SYS_SYSINFO, (long)constant, 0, 0, 0);
	int pid;

	each("sysinfo to 7 bad pointers", SYS_SYSINFO, 0, (long[3]){0});
	each("where to 7 bad pointers", SYS_WHERE, 1, (long[3]){(long)bad});
	must("sysinfo to a constant",
	     result == -ABI_EFAULT && strcmp(constant, "not to be overwritten") == 0, "EFAULT");

	/* Address 0 is no pointer to wait(), but none given. */
	pid = start_child();
	if (pid == 0)
		exit(0);
	bad[0] = 2;
	each("wait to 7 bad pointers", SYS_WAIT4, 0, (long[3]){0});
	bad[0] = 0;
	join_child(pid);
}

static void inputs(void)
{
	char name[] = "null";
	char *argv[] = {name, NULL, NULL};
	unsigned refusals = 0;

	each("write from 7 bad pointers", SYS_WRITE, 1, (long[3]){1, 0, 8});
	each("execve of 7 bad names", SYS_EXECVE, 0, (long[3]){0});
	/* NULL is a list of no arguments. */
	bad[0] = 2;
	each("execve with 7 bad argument lists", SYS_EXECVE, 1, (long[3]){(long)name});
	for (unsigned i = 0; i < POINTERS; i++) {
		argv[1] = (char *)bad[i];
		refusals += system_call(SYS_EXECVE, (long)name, (long)argv, 0, 0) == -ABI_EFAULT;
	}
	bad[0] = 0;
	must("execve with 7 bad arguments", refusals == POINTERS, "EFAULT %u times of %u", refusals,
	     POINTERS);
}

static void is(const char *what, long result, long error)
{
	must(what, result == -error, "%s", result < 0 ? error_name((int)-result) : "done");
}

static void nonsense(void)
{
	static char long_argument[ABI_ARG_BYTES + 1];
	char *argv[] = {long_argument, NULL};

	is("write of all addresses", system_call(SYS_WRITE, 1, ABI_TEXT_BASE, -1, 0), ABI_EFAULT);
	is("write to fd 7", system_call(SYS_WRITE, 7, (long)constant, 1, 0), ABI_EBADF);
	is("a system call that does not exist", system_call(12345, 0, 0, 0, 0), ABI_ENOSYS);
	is("another", system_call(-1, 0, 0, 0, 0), ABI_ENOSYS);
	is("sigreturn outside a handler", system_call(SYS_RT_SIGRETURN, 0, 0, 0, 0), ABI_EINVAL);
	is("sigaction of signal 99", system_call(SYS_RT_SIGACTION, 99, 0, 0, 0), ABI_EINVAL);
	is("kill of a process that does not exist", system_call(SYS_KILL, 9999, ABI_SIGKILL, 0, 0),
	   ABI_ESRCH);
	is("wait without a child", system_call(SYS_WAIT4, 0, 0, 0, 0), ABI_ECHILD);
	is("execve of a program that does not exist",
	   system_call(SYS_EXECVE, (long)"nothing", 0, 0, 0), ABI_ENOENT);
	memset(long_argument, 'x', ABI_ARG_BYTES);
	is("execve with too long an argument",
	   system_call(SYS_EXECVE, (long)"null", (long)argv, 0, 0), ABI_E2BIG);
}

int main(void)
{
	statement("no system call trusts a pointer");
	find_pointers();
	inputs();
	outputs();
	nonsense();
	return conclude();
}
