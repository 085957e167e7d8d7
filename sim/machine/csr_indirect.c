/*
 * What stands behind siselect and miselect (indirect-csr.adoc): the fault reason,
 * segments (segments.md) and event counters, alike at machine and supervisor level. For any other
 * select value, and in an alias that a value does not use, access is illegal (the recommendation of
 * indirect-csr.adoc).
 */
#include "hart_internal.h"
#include "record.h"

#define NONE (-1)

/* The MMU's register number, by the alias (0: sireg or mireg). */
static int segment_register(const struct hart *h, uint64_t selected, unsigned alias)
{
	static const int of_alias[] = {SEGREG_BASE, SEGREG_LAST, SEGREG_PHYS, SEGREG_CFG,
				       SEGREG_PHYSH};
	unsigned segments = mmu_config(h->mmu)->segments;

	if (selected == SISELECT_SEGCTL)
		return alias == 0 && segments ? REG_SEGCTL : NONE;
	if (selected - SISELECT_SEGMENT0 >= segments || alias >= sizeof of_alias / sizeof *of_alias)
		return NONE;
	return (int)(REG_SEGMENT0 + 8 * (selected - SISELECT_SEGMENT0)) + of_alias[alias];
}

/* sireg is the counter, RV32's sireg2 its upper half. */
static int counter_register(const struct hart *h, uint64_t selected, unsigned alias)
{
	unsigned halves = h->xlen == 32 ? 2 : 1;

	if (!mmu_config(h->mmu)->counters)
		return NONE;
	if (selected == SISELECT_COUNTCTL)
		return alias == 0 ? REG_COUNTCTL : NONE;
	if (selected - SISELECT_COUNTER0 >= COUNTERS_N || alias >= halves)
		return NONE;
	return (int)(REG_COUNTER0 + 2 * (selected - SISELECT_COUNTER0) + alias);
}

/* Numbers leave out that of the upper half: 0x151 to 153, 155 to 157. */
static unsigned alias_of(unsigned number)
{
	unsigned i = number & 7;
	return i < 4 ? i - 1 : i - 2;
}

bool csr_is_indirect(unsigned number)
{
	return (number >= CSR_SIREG && number <= CSR_SIREG6 && number != CSR_SIREG3 + 1) ||
	       (number >= CSR_MIREG && number <= CSR_MIREG6 && number != CSR_MIREG3 + 1);
}

/* What of the custom range is selected; with the top bit clear, nothing that is here. */
static uint64_t selected_by(const struct hart *h, unsigned number)
{
	uint64_t select = number >= CSR_MIREG ? h->csr.miselect : h->csr.siselect;
	return select ^ 1ull << (h->xlen - 1);
}

/* As with satp: S-mode must not reach what decides about translation. */
static int reachable_register(const struct hart *h, unsigned number)
{
	int counter = counter_register(h, selected_by(h, number), alias_of(number));

	if (counter != NONE)
		return counter;
	if (h->priv == PRIV_S && hart_status(h, MSTATUS_TVM))
		return NONE;
	return segment_register(h, selected_by(h, number), alias_of(number));
}

static bool is_reason(const struct hart *h, unsigned number)
{
	return selected_by(h, number) == SISELECT_REASON && alias_of(number) == 0;
}

bool csr_indirect_read(const struct hart *h, unsigned number, uint64_t *value)
{
	int reg = reachable_register(h, number);

	if (is_reason(h, number)) {
		*value = h->csr.reason;
		return true;
	}
	if (reg == NONE)
		return false;
	*value = mmu_csr_read(h->mmu, reg);
	return true;
}

bool csr_indirect_write(struct hart *h, unsigned number, uint64_t value)
{
	int reg = reachable_register(h, number);

	if (is_reason(h, number)) /* read-only */
		return true;
	if (reg == NONE)
		return false;
	mmu_csr_write(h->mmu, reg, value);
	recorder_registers(h->recorder, h);
	return true;
}
