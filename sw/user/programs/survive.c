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

/* What this program has itself may meanwhile have gone to the disk and come back, and then
 * counts twice. That no frame at all is lost, the kernel checks in the end. */
#define OWN_PAGES 32

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
	long lost;

	must(what, wait(&status) == pid && WIFSIGNALED(status) && WTERMSIG(status) == signal, "%s",
	     !WIFSIGNALED(status)          ? "not ended"
	     : WTERMSIG(status) == SIGKILL ? "killed"
	     : WTERMSIG(status) == SIGSEGV ? "SIGSEGV"
					   : "another signal");
	after = system_info();
	lost = (long)(before.frames_free + before.swap_free) -
	       (long)(after.frames_free + after.swap_free);
	if (after.processes != before.processes || lost > OWN_PAGES)
		must(what, false, "%d processes more, %ld frames less",
		     (int)(after.processes - before.processes), lost);
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
	must(what, status == ABI_EXITED(ABI_EXIT_CANNOT_EXPRESS), "told: ENOMEM");
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

/* Signal handling that leads nowhere. It has nothing to do with how memory is mapped, but
 * each process does: 12 MiB to copy and clear where pages have 4 MiB. */
static void lost_handlers(void)
{
	ends_by("has nothing where its handler should be", "no-handler-there", SIGSEGV);
	ends_by("names the kernel as its handler", "kernel-as-handler", SIGSEGV);
	ends_by("has nothing where its handler's stack should be", "no-stack-there", SIGSEGV);
	ends_by("names the kernel as its handler's stack", "kernel-as-stack", SIGSEGV);
	ends_by("has nowhere to return to from its handler", "no-restorer", SIGSEGV);
	ends_by("faults with no stack at all", "broken-stack", SIGSEGV);
	ends_by("reads memory that it forbade itself", "forbidden", SIGSEGV);
}

int main(void)
{
	statement("the kernel survives its programs");
	ends_by("a fork bomb", "forks", SIGKILL);
	ends_for_memory("takes memory until there is none", "hogs");
	ends_by("faults in its fault handler", "faults-in-handler", SIGSEGV);
	if (system_info().technique != ABI_ROOT)
		lost_handlers();
	spins();
	return conclude();
}
