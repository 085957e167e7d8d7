/*
 * Signals, as POSIX has them, in place of picolibc's header, whose handlers are not told
 * the address of a fault. Only SIGSEGV, SIGBUS and SIGILL can be handled, and only
 * SIGKILL can be sent.
 */
#ifndef SIGNAL_H
#define SIGNAL_H

#include <sys/types.h>

#include "kernel/abi.h"

#define SIGILL  ABI_SIGILL
#define SIGBUS  ABI_SIGBUS
#define SIGKILL ABI_SIGKILL
#define SIGSEGV ABI_SIGSEGV

#define SEGV_MAPERR ABI_SEGV_MAPERR /* page fault: nothing is mapped there */
#define SEGV_ACCERR ABI_SEGV_ACCERR /* protection fault: mapped, but not for this */
#define BUS_ADRALN  ABI_BUS_ADRALN  /* misaligned, where alignment matters */
#define BUS_ADRERR  ABI_BUS_ADRERR
#define ILL_ILLOPC  ABI_ILL_ILLOPC

typedef struct {
	int si_signo;
	int si_code;
	void *si_addr;
	/* Of this system alone: what the MMU says (ACC_*, REASON_*, level of mmu_pkg.h). */
	unsigned si_access;
	unsigned si_reason;
	unsigned si_level;
} siginfo_t;

typedef unsigned long sigset_t;

/*
 * `context` is a struct abi_fault *: its pc is where execution goes on when the handler
 * returns, at first the instruction that faulted, which is then tried again.
 */
struct sigaction {
	union {
		void (*sa_handler)(int signal);
		void (*sa_sigaction)(int signal, siginfo_t *info, void *context);
	};
	sigset_t sa_mask; /* no signal interrupts a handler, whatever it says */
	int sa_flags;
};

#define SA_ONSTACK 0x08000000 /* handle it on the stack of sigaltstack() */
#define SA_SIGINFO 4          /* without it only sa_handler's SIG_DFL is known */

#define SIG_DFL ((void (*)(int))0)

typedef struct {
	void *ss_sp; /* its lowest byte */
	int ss_flags;
	size_t ss_size;
} stack_t;

/* 0, or -1 and errno. The old action is not told: `old` is NULL. */
int sigaction(int signal, const struct sigaction *action, struct sigaction *old);
int sigaltstack(const stack_t *stack, stack_t *old);
int kill(pid_t pid, int signal);

#endif
