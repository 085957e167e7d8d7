#include "system.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

long system_call(long number, long a, long b, long c, long d)
{
	register long a0 __asm__("a0") = a;
	register long a1 __asm__("a1") = b;
	register long a2 __asm__("a2") = c;
	register long a3 __asm__("a3") = d;
	register long a7 __asm__("a7") = number;

	__asm__ volatile("ecall" : "+r"(a0) : "r"(a1), "r"(a2), "r"(a3), "r"(a7) : "memory");
	return a0;
}

/* The kernel's numbers are Linux's; picolibc has two of them elsewhere. */
static int errno_of(long error)
{
	switch (error) {
	case ABI_ENOSYS:
		return ENOSYS;
	case ABI_ENOTSUP:
		return ENOTSUP;
	default:
		return (int)error;
	}
}

static long call(long number, long a, long b, long c, long d)
{
	long result = system_call(number, a, b, c, d);

	if (result >= 0 || result < -4095)
		return result;
	errno = errno_of(-result);
	return -1;
}

/* ---- of POSIX ----------------------------------------------------------------- */

void *mmap(void *address, size_t bytes, int prot, int flags, int fd, off_t offset)
{
	(void)fd;
	(void)offset;
	return (void *)call(SYS_MMAP, (long)address, (long)bytes, prot, flags);
}

int munmap(void *address, size_t bytes)
{
	return (int)call(SYS_MUNMAP, (long)address, (long)bytes, 0, 0);
}

int mprotect(void *address, size_t bytes, int prot)
{
	return (int)call(SYS_MPROTECT, (long)address, (long)bytes, prot, 0);
}

ssize_t write(int fd, const void *from, size_t bytes)
{
	return call(SYS_WRITE, fd, (long)from, (long)bytes, 0);
}

pid_t fork(void)
{
	return (pid_t)call(SYS_CLONE, 0, 0, 0, 0);
}

pid_t getpid(void)
{
	return (pid_t)call(SYS_GETPID, 0, 0, 0, 0);
}

pid_t wait(int *status)
{
	return (pid_t)call(SYS_WAIT4, (long)status, 0, 0, 0);
}

int execve(const char *name, char *const argv[], char *const envp[])
{
	return (int)call(SYS_EXECVE, (long)name, (long)argv, (long)envp, 0);
}

int sched_yield(void)
{
	return (int)call(SYS_SCHED_YIELD, 0, 0, 0, 0);
}

void _exit(int code)
{
	system_call(SYS_EXIT, code, 0, 0, 0);
	__builtin_unreachable();
}

int getpagesize(void)
{
	return (int)system_info().page_bytes;
}

/* ---- of this kernel alone -------------------------------------------------------- */

struct abi_sysinfo system_info(void)
{
	struct abi_sysinfo info;

	if (call(SYS_SYSINFO, (long)&info, 0, 0, 0) != 0)
		abort();
	return info;
}

bool can(unsigned what)
{
	return (system_info().can & what) == what;
}

struct abi_where where(const volatile void *address)
{
	struct abi_where place;

	if (call(SYS_WHERE, (long)address, (long)&place, 0, 0) != 0)
		abort();
	return place;
}

const char *technique_name(void)
{
	static const char *const name[] = {
	    [ABI_SEGMENTS] = "segments only",
	    [ABI_ROOT] = "one-level tables",
	    [ABI_PAGES] = "multi-level tables",
	    [ABI_BOTH] = "segments and pages",
	};

	return name[system_info().technique];
}
