/* Zicntr and the machine counters (unpriv/counters.adoc; machine.adoc, "Hardware
 * Performance Monitor"). cycle counts the MMU's clock cycles, so that a program
 * can time a walk; time is the CLINT's mtime. mhpmcounter3 to 31 exist and read
 * zero; hpmcounter3 to 31 (Zihpm) do not exist. */
#include "hart_internal.h"

enum { CY = 0, TM = 1, IR = 2 }; /* bits in mcounteren, mcountinhibit */

enum { USER = 0xc00, MACHINE = 0xb00, UPPER_HALF = 0x80 };

bool csr_is_counter(unsigned number)
{
	unsigned base = number & 0xf00, index = number & 0x7f;

	return (base == USER || base == MACHINE) && index < 32;
}

static uint64_t raw_cycles(const struct hart *h)
{
	struct mmu_counts counts;

	mmu_counts(h->mmu, &counts);
	return counts.cycles;
}

static uint64_t counter_value(const struct counter *c, uint64_t raw)
{
	return c->stopped ? c->held : c->offset + raw;
}

/* `raw` is what the raw counter shows to the next instruction. */
static void counter_set(struct counter *c, uint64_t raw, uint64_t value)
{
	c->held = value;
	c->offset = value - raw;
}

static void counter_stop(struct counter *c, uint64_t raw, bool stop)
{
	counter_set(c, raw, counter_value(c, raw));
	c->stopped = stop;
}

static bool enabled(const struct hart *h, unsigned bit)
{
	return h->priv == PRIV_M || ((h->csr.mcounteren >> bit & 1) &&
				     (h->priv == PRIV_S || (h->csr.scounteren >> bit & 1)));
}

static bool read_user(struct hart *h, unsigned index, uint64_t *value)
{
	if (index > IR || !enabled(h, index))
		return false;
	switch (index) {
	case CY:
		*value = counter_value(&h->csr.cycle, raw_cycles(h));
		return true;
	case TM:
		*value = h->bus->clint.mtime;
		return true;
	default:
		*value = counter_value(&h->csr.instret, h->instret);
		return true;
	}
}

bool csr_counter_read(struct hart *h, unsigned number, uint64_t *value)
{
	unsigned index = number & 0x1f;
	bool upper = number & UPPER_HALF;

	if (upper && h->xlen == 64)
		return false;
	if ((number & 0xf00) == USER) {
		if (!read_user(h, index, value))
			return false;
	} else if (index == TM) {
		return false; /* mtime is in memory */
	} else if (index > IR) {
		*value = 0;
	} else {
		read_user(h, index, value);
	}
	*value = upper ? *value >> 32 : hart_truncate(h, *value);
	return true;
}

bool csr_counter_write(struct hart *h, unsigned number, uint64_t value)
{
	unsigned index = number & 0x1f;
	struct counter *c = index == CY ? &h->csr.cycle : &h->csr.instret;
	/* A write to minstret wins over the increment for this instruction. */
	uint64_t raw = index == CY ? raw_cycles(h) : h->instret + 1;
	uint64_t old;

	if (index > IR) /* read-only zero */
		return true;
	old = counter_value(c, index == CY ? raw : h->instret);
	if (number & UPPER_HALF)
		value = value << 32 | (uint32_t)old;
	else if (h->xlen == 32)
		value |= old & ~0xffffffffull;
	counter_set(c, raw, value);
	return true;
}

void csr_inhibit_counters(struct hart *h, uint32_t mcountinhibit)
{
	struct csrs *c = &h->csr;

	c->mcountinhibit = mcountinhibit & (1u << CY | 1u << IR);
	counter_stop(&c->cycle, raw_cycles(h), c->mcountinhibit >> CY & 1);
	counter_stop(&c->instret, h->instret + 1, c->mcountinhibit >> IR & 1);
}
