/*
 * The registers that the MMU keeps, with their WARL rules and locks (docs/csr.md):
 * senvcfg, menvcfg, mseccfg and PMP; satp is in csr.c. The hart knows which of them
 * exist, and adds the fields of menvcfg and senvcfg that are no business of the MMU:
 * FIOM, CBIE, CBCFE, CBZE, menvcfg.STCE and senvcfg.SSE.
 */
#include "hart_internal.h"

#define BIT(n) (1ull << (n))

#define OWN_FIELDS (BIT(ENVCFG_FIOM) | 3ull << ENVCFG_CBIE | BIT(ENVCFG_CBCFE) | BIT(ENVCFG_CBZE))

#define PMPCFG_COUNT  16u
#define PMPADDR_COUNT 64u

static bool is_pmpcfg(unsigned number)
{
	return number - CSR_PMPCFG0 < PMPCFG_COUNT;
}

static bool is_pmpaddr(unsigned number)
{
	return number - CSR_PMPADDR0 < PMPADDR_COUNT;
}

bool csr_is_mmus(unsigned number)
{
	switch (number) {
	case CSR_SENVCFG:
	case CSR_MENVCFG:
	case CSR_MENVCFGH:
	case CSR_MSECCFG:
	case CSR_MSECCFGH:
		return true;
	default:
		return is_pmpcfg(number) || is_pmpaddr(number);
	}
}

/* PMP registers are there all together or not at all; on RV64 those of the odd
 * numbers pmpcfg1 to 15 are not (machine.adoc, "PMP CSRs"). mseccfg comes with the
 * extensions that have a field in it (machine.adoc, "mseccfg"). */
static bool exists(const struct hart *h, unsigned number)
{
	const struct mmu_config *c = mmu_config(h->mmu);
	bool rv32 = h->xlen == 32;

	if (is_pmpcfg(number))
		return c->pmp_entries > 0 && (rv32 || number % 2 == 0);
	if (is_pmpaddr(number))
		return c->pmp_entries > 0;
	switch (number) {
	case CSR_MENVCFGH:
		return rv32;
	case CSR_MSECCFG:
		return c->smepmp || c->pointer_masking;
	case CSR_MSECCFGH:
		return rv32 && c->smepmp;
	default:
		return true;
	}
}

static bool machine_sse(const struct hart *h)
{
	return mmu_csr_read(h->mmu, CSR_MENVCFG) >> ENVCFG_SSE & 1;
}

/* senvcfg.SSE is read-only zero while menvcfg.SSE is zero, which it also is without
 * Zicfiss (machine.adoc, "menvcfg"). */
static uint64_t senvcfg_fields(const struct hart *h)
{
	return machine_sse(h) ? OWN_FIELDS | BIT(ENVCFG_SSE) : OWN_FIELDS;
}

bool hart_shadow_stack(const struct hart *h)
{
	switch (h->priv) {
	case PRIV_S:
		return machine_sse(h);
	case PRIV_U:
		return machine_sse(h) && (h->csr.senvcfg >> ENVCFG_SSE & 1);
	default:
		return false;
	}
}

/* CBIE has no value 2: a write of it leaves the field as it was. */
static void write_own(uint64_t *own, uint64_t value, uint64_t fields)
{
	if ((value >> ENVCFG_CBIE & 3) == 2)
		fields &= ~(3ull << ENVCFG_CBIE);
	*own = (*own & ~fields) | (value & fields);
}

static void write_menvcfg(struct hart *h, unsigned number, uint64_t value)
{
	uint64_t fields = OWN_FIELDS | BIT(ENVCFG_STCE);

	if (number == CSR_MENVCFGH) {
		value <<= 32;
		fields &= ~(uint64_t)UINT32_MAX;
	} else {
		fields = hart_truncate(h, fields);
	}
	write_own(&h->csr.menvcfg, value, fields);
	csr_timer_changed(h);
}

bool csr_mmu_read(const struct hart *h, unsigned number, uint64_t *value)
{
	if (!exists(h, number))
		return false;
	*value = mmu_csr_read(h->mmu, number);
	if (number == CSR_MENVCFG)
		*value |= hart_truncate(h, h->csr.menvcfg);
	if (number == CSR_MENVCFGH)
		*value |= h->csr.menvcfg >> 32;
	if (number == CSR_SENVCFG)
		*value |= h->csr.senvcfg & senvcfg_fields(h);
	return true;
}

bool csr_mmu_write(struct hart *h, unsigned number, uint64_t value)
{
	if (!exists(h, number))
		return false;
	if (number == CSR_MENVCFG || number == CSR_MENVCFGH)
		write_menvcfg(h, number, value);
	if (number == CSR_SENVCFG)
		write_own(&h->csr.senvcfg, value, senvcfg_fields(h));
	mmu_csr_write(h->mmu, number, value);
	return true;
}
