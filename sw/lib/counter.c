#include "counter.h"

#include "context.h"

#define SELECT_CUSTOM (1ul << (XLEN - 1))

static void choose(unsigned counter)
{
	csr_write(CSR_SISELECT, SELECT_CUSTOM + SISELECT_COUNTER0 + counter);
}

static void control(xword value)
{
	csr_write(CSR_SISELECT, SELECT_CUSTOM + SISELECT_COUNTCTL);
	csr_write(CSR_SIREG, value);
}

uint64_t counter_read(unsigned counter)
{
	choose(counter);
#if XLEN == 32
	uint32_t high = csr_read(CSR_SIREG2), low = csr_read(CSR_SIREG);
	uint32_t again = csr_read(CSR_SIREG2);

	/* No loop: without counters the registers trap and read as anything. */
	if (again != high)
		low = csr_read(CSR_SIREG);
	return (uint64_t)again << 32 | low;
#else
	return csr_read(CSR_SIREG);
#endif
}

bool counters_exist(void)
{
	catch_begin();
	uint64_t cycles = counter_read(COUNTER_CORE + EVENT_CORE_CYCLES);

	return !catch_end().taken && cycles != 0;
}

void counter_zero(unsigned counter)
{
	choose(counter);
	csr_write(CSR_SIREG, 0);
}

void counters_zero(void)
{
	control(1ul << COUNTCTL_CLEAR);
}

void counters_inhibit(bool on)
{
	control((xword)on << COUNTCTL_INHIBIT);
}
