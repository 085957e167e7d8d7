/*
 * Zicfiss (unpriv/cfi.adoc, "Shadow Stack"), and the may-be-operations that it is
 * coded in (unpriv/zimop.adoc): where no shadow stack is active they write zero to rd.
 * ssamoswap is an atomic (atomic.c).
 *
 * ssp is always aligned: its low bits, two on RV32 and three on RV64, are read-only
 * zero, as UXL and SXL are never 32 on RV64.
 */
#include "hart_internal.h"

enum {
	INSN_NOP = 0x00000013,
	INSN_SSPUSH_X1 = 0xce104073,
	INSN_SSPUSH_X5 = 0xce504073,
	INSN_SSPOPCHK_X1 = 0xcdc0c073,
	INSN_SSPOPCHK_X5 = 0xcdc2c073,
	INSN_SSRDP_X0 = 0xcdc04073, /* with rd filled in */
};

enum { SHADOW_STACK_FAULT = 3 }; /* xtval of a software-check exception */

static bool is_mop_r(uint32_t insn)
{
	return (insn >> 20 & 0xb3c) == 0x81c;
}

static bool is_mop_rr(uint32_t insn)
{
	return (insn >> 25 & 0x59) == 0x41;
}

uint32_t expand_c_mop(unsigned n)
{
	switch (n) {
	case 1:
		return INSN_SSPUSH_X1;
	case 5:
		return INSN_SSPOPCHK_X5;
	default:
		return INSN_NOP;
	}
}

/* ---- ssp ----------------------------------------------------------------------- */

static unsigned entry_bytes(const struct hart *h)
{
	return h->xlen / 8;
}

/* M reaches it always, S and U while it is theirs. */
static bool ssp_exists(const struct hart *h)
{
	if (!mmu_config(h->mmu)->zicfiss)
		return false;
	return h->priv == PRIV_M || hart_shadow_stack(h);
}

bool csr_ssp_read(const struct hart *h, uint64_t *value)
{
	*value = h->csr.ssp;
	return ssp_exists(h);
}

bool csr_ssp_write(struct hart *h, uint64_t value)
{
	if (!ssp_exists(h))
		return false;
	h->csr.ssp = value & ~(uint64_t)(entry_bytes(h) - 1);
	return true;
}

/* ---- instructions ---------------------------------------------------------------- */

static bool push(struct hart *h, unsigned rs2)
{
	uint64_t top = hart_truncate(h, h->csr.ssp - entry_bytes(h));

	if (!hart_store(h, ACC_SS_STORE, top, entry_bytes(h), h->x[rs2]))
		return false;
	h->csr.ssp = top;
	return true;
}

static bool pop_and_check(struct hart *h, unsigned rs1)
{
	uint64_t value;

	if (!hart_load(h, ACC_SS_LOAD, h->csr.ssp, entry_bytes(h), &value))
		return false;
	if (value != hart_truncate(h, h->x[rs1]))
		return hart_raise(h, CAUSE_SOFTWARE_CHECK, SHADOW_STACK_FAULT);
	h->csr.ssp = hart_truncate(h, h->csr.ssp + entry_bytes(h));
	return true;
}

bool hart_may_be_operation(struct hart *h, uint32_t insn)
{
	unsigned rd = insn >> 7 & 31;
	bool active = hart_shadow_stack(h);

	if (!is_mop_r(insn) && !is_mop_rr(insn))
		return hart_illegal(h);
	if (active && (insn == INSN_SSPUSH_X1 || insn == INSN_SSPUSH_X5))
		return push(h, insn >> 20 & 31);
	if (active && (insn == INSN_SSPOPCHK_X1 || insn == INSN_SSPOPCHK_X5))
		return pop_and_check(h, insn >> 15 & 31);
	h->x[rd] = 0;
	if (active && (insn & ~(31u << 7)) == INSN_SSRDP_X0)
		h->x[rd] = hart_extend(h, h->csr.ssp);
	return true;
}
