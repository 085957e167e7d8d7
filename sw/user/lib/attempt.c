#include "attempt.h"

#include <setjmp.h>
#include <stddef.h>
#include <string.h>

jmp_buf attempt_back; /* for escape.S, which the handler points the program at */
void attempt_escape(void);

static siginfo_t stopped_by;
static char handler_stack[4096] __attribute__((aligned(16)));

static void stop(int signal, siginfo_t *info, void *context)
{
	(void)signal;
	stopped_by = *info;
	((struct abi_fault *)context)->pc = (uintptr_t)attempt_escape;
}

static void handle(bool ours)
{
	static const int signals[] = {SIGSEGV, SIGBUS, SIGILL};
	const stack_t stack = {.ss_sp = handler_stack, .ss_size = sizeof handler_stack};
	struct sigaction action = {.sa_flags = SA_SIGINFO | SA_ONSTACK, .sa_sigaction = stop};

	sigaltstack(&stack, NULL);
	if (!ours)
		action = (struct sigaction){.sa_handler = SIG_DFL};
	for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
		sigaction(signals[i], &action, NULL);
}

struct attempt attempt_call(uintptr_t (*function)(uintptr_t), uintptr_t argument)
{
	struct attempt attempt = {.done = false};

	handle(true);
	if (setjmp(attempt_back) == 0) {
		attempt.value = function(argument);
		attempt.done = true;
	} else {
		attempt.fault = stopped_by;
	}
	handle(false);
	return attempt;
}

/* ---- single accesses ------------------------------------------------------------- */

static uintptr_t written; /* what write_byte() writes */

static uintptr_t read_byte(uintptr_t address)
{
	return *(const volatile uint8_t *)address;
}

/* By one instruction, which the compiler would not give for an address that may be odd. */
static uintptr_t read_word(uintptr_t address)
{
	uintptr_t value;

	if (sizeof value == 8)
		__asm__ volatile("ld %0, (%1)" : "=r"(value) : "r"(address) : "memory");
	else
		__asm__ volatile("lw %0, (%1)" : "=r"(value) : "r"(address) : "memory");
	return value;
}

static uintptr_t write_byte(uintptr_t address)
{
	*(volatile uint8_t *)address = (uint8_t)written;
	return 0;
}

static uintptr_t run(uintptr_t address)
{
	/* What was written there may have been written a moment ago. */
	__asm__ volatile("fence.i" ::: "memory");
	return (uintptr_t)((int (*)(void))address)();
}

struct attempt attempt_read(const volatile void *address)
{
	return attempt_call(read_byte, (uintptr_t)address);
}

struct attempt attempt_read_word(const volatile void *address)
{
	return attempt_call(read_word, (uintptr_t)address);
}

struct attempt attempt_write(volatile void *address, int value)
{
	written = (uintptr_t)value;
	return attempt_call(write_byte, (uintptr_t)address);
}

struct attempt attempt_run(const volatile void *address)
{
	return attempt_call(run, (uintptr_t)address);
}
