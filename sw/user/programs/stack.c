/*
 * A stack that overflows is stopped before it runs into other memory: below it lies a
 * guard, a page that is never mapped. Above the guard it may grow, and gets its memory as
 * it does.
 */
#include <stdio.h>

#include "report.h"
#include "system.h"

#define STACK_LOW (ABI_STACK_END - ABI_STACK_MAX)

/* As deep as it is told to, 256 bytes and more at a time; a depth of 0 is endless. */
static uintptr_t recurse(uintptr_t depth)
{
	volatile char room[256];

	for (unsigned i = 0; i < sizeof room; i += 64)
		room[i] = (char)depth;
	if (depth == 1)
		return (uintptr_t)room;
	return recurse(depth - 1) + (uintptr_t)(room[0] - (char)depth);
}

int main(void)
{
	struct attempt deep, endless;
	uintptr_t at;

	statement("a stack that overflows hits a guard, not other memory");
	deep = attempt_call(recurse, 300);
	must("uses 100 KiB of stack", deep.done && deep.value < ABI_STACK_END - 80000, "done");

	if (!can(ABI_CAN_GUARD) && system_info().technique == ABI_ROOT) {
		cannot("has a page left out below 256 KiB of stack",
		       "the smallest thing to leave out is 4 MiB, so the stack has all 4 MiB");
	}
	endless = attempt_call(recurse, 0);
	at = (uintptr_t)endless.fault.si_addr;
	refused("calls itself without end", endless, SEGV_MAPERR, endless.fault.si_addr);
	if (system_info().technique == ABI_ROOT)
		must("is stopped below its 4 MiB",
		     at < ABI_STACK_END - 0x400000 && at >= ABI_STACK_END - 0x800000, "at %#lx",
		     (unsigned long)at);
	else
		must("is stopped just below its 256 KiB", at < STACK_LOW && at >= STACK_LOW - 4096,
		     "at %#lx", (unsigned long)at);
	return conclude();
}
