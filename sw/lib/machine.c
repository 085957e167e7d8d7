#include "machine.h"

#define FINISHER_PASS 0x5555u
#define FINISHER_FAIL 0x3333u

#define CLINT_MSIP     (CLINT_BASE + 0x0000)
#define CLINT_MTIMECMP (CLINT_BASE + 0x4000)
#define CLINT_MTIME    (CLINT_BASE + 0xbff8)

static volatile uint32_t *word(unsigned long address)
{
	return (volatile uint32_t *)address;
}

_Noreturn void finish(int code)
{
	*word(FINISHER_BASE) = code == 0 ? FINISHER_PASS : (uint32_t)code << 16 | FINISHER_FAIL;
	for (;;)
		;
}

/* Two halves, as RV32 must: read again if the upper one moved meanwhile. */
uint64_t time_now(void)
{
	uint32_t high, low;

	do {
		high = *word(CLINT_MTIME + 4);
		low = *word(CLINT_MTIME);
	} while (high != *word(CLINT_MTIME + 4));
	return (uint64_t)high << 32 | low;
}

/* The upper half is first made as late as can be, so that no value in between
 * is already past. */
void timer_set(uint64_t when)
{
	*word(CLINT_MTIMECMP + 4) = UINT32_MAX;
	*word(CLINT_MTIMECMP) = (uint32_t)when;
	*word(CLINT_MTIMECMP + 4) = (uint32_t)(when >> 32);
}

void timer_off(void)
{
	timer_set(UINT64_MAX);
}

void software_interrupt(int pending)
{
	*word(CLINT_MSIP) = pending != 0;
}
