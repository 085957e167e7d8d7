#include <errno.h>
#include <signal.h>
#include <stdint.h>

#include "system.h"

#define SIGNALS 32

static void (*action_of[SIGNALS])(int, siginfo_t *, void *);
static uintptr_t alternate_top;

/* What the kernel calls, whatever the signal; on top of the stack that it was given. */
static void deliver(int signal, struct abi_fault *fault)
{
	siginfo_t info = {
	    .si_signo = signal,
	    .si_code = fault->code,
	    .si_addr = (void *)fault->address,
	    .si_access = fault->access,
	    .si_reason = fault->reason,
	    .si_level = fault->level,
	};

	action_of[signal](signal, &info, fault);
	system_call(SYS_RT_SIGRETURN, (long)fault->pc, 0, 0, 0);
}

int sigaction(int signal, const struct sigaction *action, struct sigaction *old)
{
	long handler = (long)deliver, stack = 0, result;

	if (signal < 0 || signal >= SIGNALS || old ||
	    (!(action->sa_flags & SA_SIGINFO) && action->sa_handler != SIG_DFL)) {
		errno = EINVAL;
		return -1;
	}
	if (action->sa_flags & SA_ONSTACK)
		stack = (long)alternate_top;
	if (action->sa_handler == SIG_DFL)
		handler = 0;
	else
		action_of[signal] = action->sa_sigaction;
	/* No restorer: deliver() does not return. */
	result = system_call(SYS_RT_SIGACTION, signal, handler, 0, stack);
	if (result == 0)
		return 0;
	errno = (int)-result;
	return -1;
}

int sigaltstack(const stack_t *stack, stack_t *old)
{
	(void)old;
	alternate_top = ((uintptr_t)stack->ss_sp + stack->ss_size) & ~(uintptr_t)15;
	return 0;
}

int kill(pid_t pid, int signal)
{
	long result = system_call(SYS_KILL, pid, signal, 0, 0);

	if (result == 0)
		return 0;
	errno = (int)-result;
	return -1;
}
