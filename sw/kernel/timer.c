#include "timer.h"

#include "boot.h"
#include "kernel_csr.h"

static uint64_t now(void)
{
#if XLEN == 32
	xword high, low;

	do {
		high = csr_read(timeh);
		low = csr_read(time);
	} while (csr_read(timeh) != high);
	return (uint64_t)high << 32 | low;
#else
	return csr_read(time);
#endif
}

/* On RV32 the upper half is first made as late as can be, so that no value in between is
 * already past. */
static void compare_write(uint64_t when)
{
#if XLEN == 32
	csr_write(CSR_STIMECMPH, -1ul);
	csr_write(CSR_STIMECMP, (xword)when);
	csr_write(CSR_STIMECMPH, (xword)(when >> 32));
#else
	csr_write(CSR_STIMECMP, when);
#endif
}

void timer_next(void)
{
	if (machine.timer) {
		compare_write(now() + TICK);
		return;
	}
	/* machine_timer in boot.S; its C side keeps no register that a call may change. */
	__asm__ volatile("ecall" ::
			     : "ra", "t0", "t1", "t2", "t3", "t4", "t5", "t6", "a0", "a1", "a2",
			       "a3", "a4", "a5", "a6", "a7", "memory");
}
