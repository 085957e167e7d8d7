/*
 * Accesses that may be refused. Each is tried once; a signal (SIGSEGV, SIGBUS, SIGILL)
 * ends it and is told, and the program goes on. Meanwhile those signals are handled here,
 * on a stack of their own, and afterwards by default again.
 */
#ifndef USER_ATTEMPT_H
#define USER_ATTEMPT_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

struct attempt {
	bool done;       /* nothing stopped it */
	uintptr_t value; /* if done: what was read, or the result of what was run */
	siginfo_t fault; /* if not */
};

struct attempt attempt_read(const volatile void *address);       /* one byte */
struct attempt attempt_read_word(const volatile void *address);  /* a uintptr_t, any alignment */
struct attempt attempt_write(volatile void *address, int value); /* one byte */
/* Jumps there, as to a function without arguments that gives an int. */
struct attempt attempt_run(const volatile void *address);
/* Whatever a function does. */
struct attempt attempt_call(uintptr_t (*function)(uintptr_t), uintptr_t argument);

#endif
