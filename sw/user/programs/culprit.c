/*
 * What a kernel must survive. The argument says what: each of these would take the machine
 * down, or the kernel with it, if the kernel did not end it. For survive.c, which says what
 * should come of each.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "system.h"

#define UNMAPPED ((char *)(ABI_MMAP_END - 0x1000000))

static void fault(void)
{
	*(volatile char *)UNMAPPED = 1;
}

/* Processes that do nothing but make processes. */
static _Noreturn void fork_bomb(void)
{
	for (;;)
		fork();
}

/* Takes and uses memory until there is none. If it is told so instead, it is not ended. */
static int memory_hog(void)
{
	size_t step = 16 * (size_t)getpagesize();

	for (;;) {
		char *memory =
		    mmap(NULL, step, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (memory == MAP_FAILED)
			return ABI_EXIT_CANNOT_EXPRESS;
		for (size_t i = 0; i < step; i += (size_t)getpagesize())
			memory[i] = 1;
	}
}

static int handled_by(long handler, long stack)
{
	system_call(SYS_RT_SIGACTION, SIGSEGV, handler, 0, stack);
	fault();
	return 0;
}

static void handler_that_faults(int signal)
{
	(void)signal;
	fault();
}

/* Returns to the restorer, and there is none. */
static void handler_that_returns(int signal)
{
	(void)signal;
}

static int broken_stack(void)
{
	system_call(SYS_RT_SIGACTION, SIGSEGV, (long)handler_that_returns, 0, 0);
	__asm__ volatile("mv sp, %0\n\t sb zero, (zero)" ::"r"(UNMAPPED));
	return 0;
}

static _Noreturn void endless(void)
{
	for (;;)
		__asm__ volatile("");
}

static int forbidden(void)
{
	volatile char *memory = mmap(NULL, 1, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return *memory;
}

static int run(const char *what)
{
	const long handler = (long)handler_that_returns;

	if (!strcmp(what, "forks"))
		fork_bomb();
	if (!strcmp(what, "hogs"))
		return memory_hog();
	if (!strcmp(what, "faults-in-handler"))
		return handled_by((long)handler_that_faults, 0);
	if (!strcmp(what, "no-handler-there"))
		return handled_by((long)UNMAPPED, 0);
	if (!strcmp(what, "kernel-as-handler"))
		return handled_by((long)ABI_USER_END, 0);
	if (!strcmp(what, "no-stack-there"))
		return handled_by(handler, (long)UNMAPPED);
	if (!strcmp(what, "kernel-as-stack"))
		return handled_by(handler, (long)ABI_USER_END + 0x10000);
	if (!strcmp(what, "no-restorer"))
		return handled_by(handler, 0);
	if (!strcmp(what, "broken-stack"))
		return broken_stack();
	if (!strcmp(what, "forbidden"))
		return forbidden();
	if (!strcmp(what, "spins"))
		endless();
	printf("culprit: no such misdeed: %s\n", what);
	return ABI_EXIT_FAILED;
}

int main(int argc, char **argv)
{
	return argc == 2 ? run(argv[1]) : ABI_EXIT_FAILED;
}
