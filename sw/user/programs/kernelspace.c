/*
 * The kernel's memory is the kernel's. It lies in the address space of each process, so
 * that a trap need not change it, but only S-mode may touch it: user code can neither
 * read it, nor write it, nor run it, nor have a system call do so. And what decides that,
 * the MMU's registers, is out of reach too.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "report.h"
#include "system.h"

static uintptr_t read_satp(uintptr_t unused)
{
	uintptr_t satp;

	(void)unused;
	__asm__ volatile("csrr %0, satp" : "=r"(satp));
	return satp;
}

static uintptr_t write_satp(uintptr_t satp)
{
	__asm__ volatile("csrw satp, %0" ::"r"(satp));
	return satp;
}

static uintptr_t fence(uintptr_t unused)
{
	__asm__ volatile("sfence.vma");
	return unused;
}

/* sstatus.SUM would open user memory to the kernel, not the kernel's to users. */
static uintptr_t set_sum(uintptr_t sum)
{
	__asm__ volatile("csrs sstatus, %0" ::"r"(sum));
	return sum;
}

static void illegal(const char *what, struct attempt attempt)
{
	must(what, !attempt.done && attempt.fault.si_signo == SIGILL, "%s",
	     attempt.done ? "done" : "illegal instruction");
}

int main(void)
{
	char *kernel = (char *)ABI_USER_END;
	long result;

	statement("user code cannot touch the kernel's memory");
	refused("reads the kernel", attempt_read(kernel), SEGV_ACCERR, kernel);
	refused("writes the kernel", attempt_write(kernel, 1), SEGV_ACCERR, kernel);
	refused("runs the kernel", attempt_run(kernel), SEGV_ACCERR, kernel);

	result = system_call(SYS_WRITE, 1, (long)kernel, 16, 0);
	must("has the kernel print its own memory", result == -ABI_EFAULT, "%s",
	     result == -ABI_EFAULT ? "EFAULT" : "another result");
	result = system_call(SYS_SYSINFO, (long)kernel, 0, 0, 0);
	must("has the kernel overwrite its own memory", result == -ABI_EFAULT, "%s",
	     result == -ABI_EFAULT ? "EFAULT" : "another result");

	illegal("reads satp", attempt_call(read_satp, 0));
	illegal("writes satp", attempt_call(write_satp, 0));
	illegal("sets SUM", attempt_call(set_sum, 1 << 18));
	illegal("fences the TLB", attempt_call(fence, 0));
	return conclude();
}
