/* Sstc: the supervisor's timer register (sstc.adoc). Time, and the comparison with it,
 * are the CLINT's. */
#include "hart_internal.h"

enum { TM = 1 }; /* bit in mcounteren */

bool csr_is_timer(unsigned number)
{
	return number == CSR_STIMECMP || number == CSR_STIMECMPH;
}

bool csr_timer_on(const struct hart *h)
{
	return h->csr.menvcfg >> ENVCFG_STCE & 1;
}

void csr_timer_changed(struct hart *h)
{
	clint_set_stimecmp(&h->bus->clint, csr_timer_on(h), h->csr.stimecmp);
}

/* Below M, both menvcfg.STCE and mcounteren.TM must open it. */
static bool reachable(const struct hart *h, unsigned number)
{
	if (number == CSR_STIMECMPH && h->xlen == 64)
		return false;
	return h->priv == PRIV_M || (csr_timer_on(h) && (h->csr.mcounteren >> TM & 1));
}

bool csr_timer_read(const struct hart *h, unsigned number, uint64_t *value)
{
	bool upper = number == CSR_STIMECMPH;

	*value = upper ? h->csr.stimecmp >> 32 : hart_truncate(h, h->csr.stimecmp);
	return reachable(h, number);
}

bool csr_timer_write(struct hart *h, unsigned number, uint64_t value)
{
	uint64_t old = h->csr.stimecmp;

	if (!reachable(h, number))
		return false;
	if (number == CSR_STIMECMPH)
		value = value << 32 | (uint32_t)old;
	else if (h->xlen == 32)
		value |= old & ~0xffffffffull;
	h->csr.stimecmp = value;
	csr_timer_changed(h);
	return true;
}
