/* PMP registers (machine.adoc, "Physical Memory Protection CSRs"): 16 entries,
 * granularity 4 bytes. They hold what is written, with the WARL and lock rules;
 * no access is checked against them yet. */
#include "hart_internal.h"

enum { CFG_R = 1, CFG_W = 2, CFG_A = 3 << 3, CFG_TOR = 1 << 3, CFG_L = 0x80 };
enum { CFG_WRITABLE = 0x9f };

#define PMPADDR_BITS_RV64 54

bool csr_is_pmp(unsigned number)
{
	return (number >= CSR_PMPCFG0 && number <= CSR_PMPCFG3) ||
	       (number >= CSR_PMPADDR0 && number <= CSR_PMPADDR15);
}

/* The first entry whose configuration this register holds, or -1: on RV64 only
 * the even ones exist. */
static int first_entry(const struct hart *h, unsigned number)
{
	unsigned index = number - CSR_PMPCFG0;

	return h->xlen == 64 && (index & 1) ? -1 : (int)(4 * index);
}

bool csr_pmp_read(const struct hart *h, unsigned number, uint64_t *value)
{
	int first;

	if (number >= CSR_PMPADDR0) {
		*value = h->csr.pmpaddr[number - CSR_PMPADDR0];
		return true;
	}
	first = first_entry(h, number);
	if (first < 0)
		return false;
	*value = 0;
	for (unsigned i = 0; i < h->xlen / 8u; i++)
		*value |= (uint64_t)h->csr.pmpcfg[first + i] << (8 * i);
	return true;
}

/* W without R is reserved: stored as neither. */
static void write_cfg(uint8_t *cfg, uint8_t value)
{
	if (*cfg & CFG_L)
		return;
	value &= CFG_WRITABLE;
	if ((value & (CFG_R | CFG_W)) == CFG_W)
		value &= ~CFG_W;
	*cfg = value;
}

/* A locked entry's address, and the lower end of a locked TOR range. */
static bool address_locked(const struct hart *h, unsigned entry)
{
	const uint8_t *cfg = h->csr.pmpcfg;

	if (cfg[entry] & CFG_L)
		return true;
	return entry + 1 < HART_PMP_ENTRIES && (cfg[entry + 1] & CFG_L) &&
	       (cfg[entry + 1] & CFG_A) == CFG_TOR;
}

bool csr_pmp_write(struct hart *h, unsigned number, uint64_t value)
{
	int first;

	if (number >= CSR_PMPADDR0) {
		unsigned entry = number - CSR_PMPADDR0;

		if (!address_locked(h, entry))
			h->csr.pmpaddr[entry] =
			    h->xlen == 64 ? value & ((1ull << PMPADDR_BITS_RV64) - 1) : value;
		return true;
	}
	first = first_entry(h, number);
	if (first < 0)
		return false;
	for (unsigned i = 0; i < h->xlen / 8u; i++)
		write_cfg(&h->csr.pmpcfg[first + i], (uint8_t)(value >> (8 * i)));
	return true;
}
