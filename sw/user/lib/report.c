#include "report.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mmu_pkg.h"
#include "system.h"

static unsigned failures, held, impossible;

/* ---- lines ----------------------------------------------------------------------- */

void statement(const char *text)
{
	printf("%s: %s\n", program_name, text);
}

static void line(const char *what, bool ok, const char *format, va_list args)
{
	if (ok)
		held++;
	else
		failures++;
	printf("%s: %s -> ", program_name, what);
	vprintf(format, args);
	puts(ok ? ": ok" : ": FAILED");
}

void must(const char *what, bool is_so, const char *answer, ...)
{
	va_list args;

	va_start(args, answer);
	line(what, is_so, answer, args);
	va_end(args);
}

void cannot(const char *what, const char *why)
{
	impossible++;
	printf("%s: %s -> %s: cannot\n", program_name, what, why);
}

/* ---- attempts ----------------------------------------------------------------------- */

static const char *reason_name(unsigned reason)
{
#define NAME(number, name)                                                                         \
	case number:                                                                               \
		return name;
	switch (reason) {
		MMU_REASONS(NAME)
	default:
		return "?";
	}
#undef NAME
}

static const char *signal_name(const siginfo_t *fault)
{
	if (fault->si_signo == SIGILL)
		return "illegal instruction";
	if (fault->si_signo == SIGBUS)
		return "access fault";
	if (fault->si_code == SEGV_MAPERR)
		return "page fault";
	return fault->si_code == SEGV_ACCERR ? "protection fault" : "SIGSEGV of another code";
}

/* Whether the reason is one for the code. A mapping without any permission is none to the
 * MMU, whose reason then is that of no mapping: the kernel knows better. */
static bool reason_fits(const siginfo_t *fault)
{
	unsigned class = fault->si_reason >> 4;

	return fault->si_code == SEGV_MAPERR
		   ? class == CLASS_NO_MAPPING
		   : class == CLASS_NO_MAPPING || class == CLASS_FORBIDDEN;
}

void refused(const char *what, struct attempt attempt, int code, const volatile void *address)
{
	const siginfo_t *fault = &attempt.fault;
	bool ok;

	if (attempt.done) {
		must(what, false, "no fault, value %#lx", (unsigned long)attempt.value);
		return;
	}
	ok = fault->si_signo == SIGSEGV && fault->si_code == code && reason_fits(fault);
	if (fault->si_addr != address)
		must(what, false, "%s, %s, at %p", signal_name(fault),
		     reason_name(fault->si_reason), fault->si_addr);
	else
		must(what, ok, "%s, %s", signal_name(fault), reason_name(fault->si_reason));
}

static void stopped(const char *what, const struct attempt *attempt)
{
	must(what, false, "%s, %s, at %p", signal_name(&attempt->fault),
	     reason_name(attempt->fault.si_reason), attempt->fault.si_addr);
}

void granted(const char *what, struct attempt attempt)
{
	if (attempt.done)
		must(what, true, "done");
	else
		stopped(what, &attempt);
}

void gives(const char *what, struct attempt attempt, uintptr_t value)
{
	if (attempt.done)
		must(what, attempt.value == value, "%lu", (unsigned long)attempt.value);
	else
		stopped(what, &attempt);
}

const char *error_name(int error)
{
	static const struct {
		int error;
		const char *name;
	} known[] = {
	    {ABI_ENOENT, "ENOENT"},   {ABI_ESRCH, "ESRCH"},     {ABI_E2BIG, "E2BIG"},
	    {ABI_ENOEXEC, "ENOEXEC"}, {ABI_EBADF, "EBADF"},     {ABI_ECHILD, "ECHILD"},
	    {ABI_EAGAIN, "EAGAIN"},   {ABI_ENOMEM, "ENOMEM"},   {ABI_EACCES, "EACCES"},
	    {ABI_EFAULT, "EFAULT"},   {ABI_EINVAL, "EINVAL"},   {ABI_ENOSYS, "ENOSYS"},
	    {ENOSYS, "ENOSYS"},       {ABI_ENOTSUP, "ENOTSUP"}, {ENOTSUP, "ENOTSUP"},
	};

	for (unsigned i = 0; i < sizeof known / sizeof known[0]; i++)
		if (known[i].error == error)
			return known[i].name;
	return "another error";
}

/* ---- the end -------------------------------------------------------------------------- */

int conclude_child(void)
{
	return failures ? ABI_EXIT_FAILED : ABI_EXIT_OK;
}

int conclude(void)
{
	if (failures) {
		printf("%s: FAILED\n", program_name);
		return ABI_EXIT_FAILED;
	}
	if (held == 0 && impossible > 0) {
		printf("%s: cannot be expressed by %s\n", program_name, technique_name());
		return ABI_EXIT_CANNOT_EXPRESS;
	}
	printf("%s: held\n", program_name);
	return ABI_EXIT_OK;
}

/* ---- memory and processes ---------------------------------------------------------------- */

static _Noreturn void give_up(const char *what)
{
	must(what, false, "%s", error_name(errno));
	exit(conclude());
}

void *map(size_t bytes, int prot)
{
	void *memory = mmap(NULL, bytes, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		give_up("mmap");
	return memory;
}

void *map_shared(size_t bytes)
{
	void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		give_up("mmap, shared");
	return memory;
}

int start_child(void)
{
	int pid = fork();

	if (pid < 0)
		give_up("fork");
	if (pid == 0)
		failures = held = impossible = 0;
	return pid;
}

void join_child(int pid)
{
	int status, got = wait(&status);

	if (got != pid)
		give_up("wait");
	if (WIFSIGNALED(status))
		must("a child process", false, "ended by signal %d", WTERMSIG(status));
	else if (WEXITSTATUS(status) != ABI_EXIT_OK)
		must("a child process", false, "exit code %d", WEXITSTATUS(status));
}
