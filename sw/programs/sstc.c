/*
 * The supervisor's own timer (Sstc): who may write stimecmp, when the interrupt is
 * pending, that software cannot forge it, and that it arrives.
 */
#include "check.h"
#include "context.h"
#include "machine.h"
#include "space.h"

#if XLEN == 64
#define MENVCFG_HIGH CSR_MENVCFG
#else
#define MENVCFG_HIGH CSR_MENVCFGH
#endif
#define STCE (1ul << (XLEN - 1))
#define TM   (1ul << 1)
#define STI  (1ul << IRQ_S_TIMER)

static bool switch_sstc(bool on)
{
	if (on)
		csr_set(MENVCFG_HIGH, STCE);
	else
		csr_clear(MENVCFG_HIGH, STCE);
	return !(csr_read(MENVCFG_HIGH) & STCE) == !on;
}

/* On RV32 the upper half first becomes as late as can be. */
static void stimecmp_set(uint64_t when)
{
#if XLEN == 64
	csr_write(CSR_STIMECMP, when);
#else
	csr_write(CSR_STIMECMPH, UINT32_MAX);
	csr_write(CSR_STIMECMP, (uint32_t)when);
	csr_write(CSR_STIMECMPH, (uint32_t)(when >> 32));
#endif
}

static bool pending(void)
{
	return csr_read(mip) & STI;
}

static void comparison(void)
{
	stimecmp_set(UINT64_MAX);
	check("not_due_yet", !pending());
	stimecmp_set(0);
	check("due_at_once", pending());
	csr_clear(mip, STI);
	check("software_cannot_take_it_back", pending());
	stimecmp_set(time_now() + ((uint64_t)1 << 40));
	check("a_later_time_takes_it_back", !pending());
	csr_set(mip, STI);
	check("software_cannot_raise_it", !pending());
	stimecmp_set(UINT64_MAX);
}

static void waiting(void)
{
	uint64_t when = time_now() + 500;

	stimecmp_set(when);
	csr_write(mie, STI);
	while (!pending())
		__asm__ volatile("wfi");
	check("not_before_its_time", time_now() >= when);
	csr_write(mie, 0);
	stimecmp_set(UINT64_MAX);
}

/* ---- from S-mode ----------------------------------------------------------------- */

static xword write_it(xword unused)
{
	(void)unused;
	catch_begin();
	csr_write(CSR_STIMECMP, -1ul);

	struct trap t = catch_end();

	return t.taken ? t.cause : 0;
}

static xword interrupt_me(xword unused)
{
	(void)unused;
	catch_begin();
	stimecmp_set(time_now() + 500);
	csr_set(sie, STI);
	csr_set(sstatus, MSTATUS_SIE);
	while (csr_read(sie) & STI) /* catching an interrupt turns it off there */
		;
	csr_clear(sstatus, MSTATUS_SIE);
	stimecmp_set(UINT64_MAX);

	struct trap t = catch_end();

	return t.taken ? t.cause : 0;
}

static void supervisor(void)
{
	csr_write(medeleg, 1ul << CAUSE_ILLEGAL);
	csr_write(mideleg, STI);
	csr_set(mcounteren, TM);
	check_equal("supervisor_writes_it", 0, supervisor_call(write_it, 0));
	check_equal("it_interrupts_the_supervisor", CAUSE_INTERRUPT | IRQ_S_TIMER,
		    supervisor_call(interrupt_me, 0));
	csr_clear(mcounteren, TM);
	check_equal("not_without_tm", CAUSE_ILLEGAL, supervisor_call(write_it, 0));
	csr_set(mcounteren, TM);
	switch_sstc(false);
	check_equal("not_without_stce", CAUSE_ILLEGAL, supervisor_call(write_it, 0));
	csr_write(mideleg, 0);
	csr_write(medeleg, 0);
}

int main(void)
{
	space_start();
	check("switches_on", switch_sstc(true));
	comparison();
	waiting();
	supervisor();
	return check_end();
}
