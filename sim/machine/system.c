/* Opcode SYSTEM: CSR instructions (unpriv/zicsr.adoc), calls, returns, wfi, sfence.vma
 * and Svinval (machine.adoc, supervisor.adoc, svinval.adoc). */
#include "hart_internal.h"
#include "record.h"

enum { INSN_ECALL = 0x00000073, INSN_EBREAK = 0x00100073 };
enum { INSN_SRET = 0x10200073, INSN_WFI = 0x10500073, INSN_MRET = 0x30200073 };
enum { INSN_SFENCE_W_INVAL = 0x18000073, INSN_SFENCE_INVAL_IR = 0x18100073 };
enum { FUNCT7_SFENCE_VMA = 0x09, FUNCT7_SINVAL_VMA = 0x0b };

static bool ecall(struct hart *h)
{
	unsigned cause = CAUSE_ECALL_U + h->priv; /* 8 from U, 9 from S, 11 from M */

	return hart_raise(h, cause, 0);
}

static bool wfi(struct hart *h)
{
	if (h->priv == PRIV_U || (h->priv == PRIV_S && hart_status(h, MSTATUS_TW)))
		return hart_illegal(h);
	h->waiting = true;
	return true;
}

/* Whether it is a SINVAL.VMA makes no difference: one that is done at once is in order
 * with whatever should come before and after. */
static bool sfence_vma(struct hart *h, uint32_t insn)
{
	unsigned rs1 = insn >> 15 & 31, rs2 = insn >> 20 & 31;
	const struct mmu_fence f = {
	    .va = hart_truncate(h, h->x[rs1]),
	    .asid = (uint16_t)h->x[rs2],
	    .rs1_x0 = rs1 == 0,
	    .rs2_x0 = rs2 == 0,
	};

	if (h->priv == PRIV_U || (h->priv == PRIV_S && hart_status(h, MSTATUS_TVM)))
		return hart_illegal(h);
	if (mmu_fence(h->mmu, &f)) {
		recorder_fence(h->recorder, &f);
		return true;
	}
	h->stop = HART_MMU_STUCK;
	h->trap = (struct trap){.pc = h->pc, .tval = f.va};
	return false;
}

/* What they would order is in order. TVM does not concern them. */
static bool sfence_inval(struct hart *h)
{
	return h->priv != PRIV_U || hart_illegal(h);
}

static bool is_fence(uint32_t insn)
{
	unsigned funct7 = insn >> 25, rd = insn >> 7 & 31;

	return (funct7 == FUNCT7_SFENCE_VMA || funct7 == FUNCT7_SINVAL_VMA) && rd == 0;
}

static bool privileged(struct hart *h, uint32_t insn)
{
	switch (insn) {
	case INSN_ECALL:
		return ecall(h);
	case INSN_EBREAK:
		return hart_raise(h, CAUSE_BREAKPOINT, h->pc);
	case INSN_SRET:
		return hart_sret(h);
	case INSN_MRET:
		return hart_mret(h);
	case INSN_WFI:
		return wfi(h);
	case INSN_SFENCE_W_INVAL:
	case INSN_SFENCE_INVAL_IR:
		return sfence_inval(h);
	default:
		return is_fence(insn) ? sfence_vma(h, insn) : hart_illegal(h);
	}
}

/* Bits 9:8 of a CSR's number are the lowest mode that reaches it; bits 11:10 all
 * ones mark it read-only. */
static bool csr_reachable(const struct hart *h, unsigned number, bool write)
{
	return (number >> 8 & 3) <= h->priv && !(write && number >> 10 == 3);
}

static uint64_t changed(bool set, uint64_t old, uint64_t bits)
{
	return set ? old | bits : old & ~bits;
}

static bool csr_instruction(struct hart *h, uint32_t insn)
{
	unsigned number = insn >> 20, funct3 = insn >> 12 & 7;
	unsigned rd = insn >> 7 & 31, rs1 = insn >> 15 & 31;
	bool swap = (funct3 & 3) == 1;
	uint64_t operand = hart_truncate(h, funct3 & 4 ? rs1 : h->x[rs1]);
	uint64_t old, new;

	if (!csr_reachable(h, number, swap || rs1 != 0) || !csr_read(h, number, &old))
		return hart_illegal(h);
	if (swap || rs1 != 0) {
		if (swap)
			new = operand;
		else
			new = changed((funct3 & 3) == 2, csr_changeable(h, number, old), operand);
		if (!csr_write(h, number, new))
			return hart_illegal(h);
	}
	h->x[rd] = hart_extend(h, old);
	return true;
}

bool hart_system(struct hart *h, uint32_t insn)
{
	unsigned funct3 = insn >> 12 & 7;

	if (funct3 == 0)
		return privileged(h, insn);
	return funct3 == 4 ? hart_may_be_operation(h, insn) : csr_instruction(h, insn);
}
