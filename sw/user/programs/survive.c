/*
 * The kernel survives what its programs do: it ends the one that did it, gets back all that
 * it had, and goes on. The misdeeds are in culprit.c.
 */
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "report.h"
#include "system.h"

/* A process that goes on as the culprit. */
static int start(const char *misdeed)
{
	char *argv[] = {"culprit", (char *)misdeed, NULL};
	int pid = start_child();

	if (pid == 0) {
		execve(argv[0], argv, NULL);
		must("execve culprit", false, "failed");
		exit(conclude_child());
	}
	return pid;
}

/* Exactly that signal ends it, and everything is as it was before. */
static void ends_by(const char *what, const char *misdeed, int signal)
{
	struct abi_sysinfo before = system_info(), after;
	int status = 0, pid = start(misdeed);

	must(what, wait(&status) == pid && WIFSIGNALED(status) && WTERMSIG(status) == signal, "%s",
	     !WIFSIGNALED(status)          ? "not ended"
	     : WTERMSIG(status) == SIGKILL ? "killed"
	     : WTERMSIG(status) == SIGSEGV ? "SIGSEGV"
					   : "another signal");
	after = system_info();
	if (after.processes != before.processes ||
	    after.frames_free + after.swap_free < before.frames_free + before.swap_free)
		must(what, false, "%d processes more, %d frames less",
		     (int)(after.processes - before.processes),
		     (int)(before.frames_free - after.frames_free));
}

/* The same, but where memory is given at once there may be an answer: no. */
static void ends_for_memory(const char *what, const char *misdeed)
{
	int status = 0;

	if (can(ABI_CAN_DEMAND)) {
		ends_by(what, misdeed, SIGKILL);
		return;
	}
	start(misdeed);
	wait(&status);
	must(what, status == ABI_EXITED(ABI_EXIT_CANNOT_EXPRESS), "told in time: ENOMEM");
}

static void spins(void)
{
	int status = 0, pid = start("spins");

	for (int i = 0; i < 3; i++)
		sched_yield();
	must("others run beside one that never gives way", kill(pid, SIGKILL) == 0,
	     "kill() still comes");
	must("it is ended", wait(&status) == pid && status == SIGKILL, "killed");
}

int main(void)
{
	statement("the kernel survives its programs");
	ends_by("a fork bomb", "forks", SIGKILL);
	ends_for_memory("takes memory until there is none", "hogs");
	ends_for_memory("uses a mapping larger than memory and disk", "touches");
	ends_by("faults in its fault handler", "faults-in-handler", SIGSEGV);
	ends_by("has nothing where its handler should be", "no-handler-there", SIGSEGV);
	ends_by("names the kernel as its handler", "kernel-as-handler", SIGSEGV);
	ends_by("has nothing where its handler's stack should be", "no-stack-there", SIGSEGV);
	ends_by("names the kernel as its handler's stack", "kernel-as-stack", SIGSEGV);
	ends_by("has nowhere to return to from its handler", "no-restorer", SIGSEGV);
	ends_by("faults with no stack at all", "broken-stack", SIGSEGV);
	ends_by("reads memory that it forbade itself", "forbidden", SIGSEGV);
	spins();
	return conclude();
}
