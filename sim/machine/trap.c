/* Traps into M and S, and the returns from them (machine.adoc, "Machine Status",
 * "Machine Trap Delegation", "Machine Cause"; supervisor.adoc, "sret"). */
#include "hart_internal.h"

#include <inttypes.h>

const char *hart_cause_name(unsigned cause)
{
	switch (cause) {
	case CAUSE_FETCH_ACCESS:
		return "instruction access fault";
	case CAUSE_ILLEGAL:
		return "illegal instruction";
	case CAUSE_BREAKPOINT:
		return "breakpoint";
	case CAUSE_LOAD_MISALIGNED:
		return "load address misaligned";
	case CAUSE_LOAD_ACCESS:
		return "load access fault";
	case CAUSE_STORE_MISALIGNED:
		return "store address misaligned";
	case CAUSE_STORE_ACCESS:
		return "store access fault";
	case CAUSE_ECALL_U:
		return "environment call from U-mode";
	case CAUSE_ECALL_S:
		return "environment call from S-mode";
	case CAUSE_ECALL_M:
		return "environment call from M-mode";
	case CAUSE_FETCH_PAGE:
		return "instruction page fault";
	case CAUSE_LOAD_PAGE:
		return "load page fault";
	case CAUSE_STORE_PAGE:
		return "store page fault";
	case CAUSE_SOFTWARE_CHECK:
		return "software check";
	default:
		return "exception";
	}
}

static void print_trap(FILE *out, const struct trap *t)
{
	fprintf(out, "%s (cause %u) at pc 0x%" PRIx64 ", %s 0x%" PRIx64, hart_cause_name(t->cause),
		t->cause, t->pc, t->cause == CAUSE_ILLEGAL ? "instruction" : "address", t->tval);
}

void hart_print_trap_loop(FILE *out, const struct hart *h)
{
	print_trap(out, &h->trap);
	fputs(": the first instruction of its own trap handler", out);
	if (h->previous.pc != h->trap.pc) {
		fputs(", entered after ", out);
		print_trap(out, &h->previous);
	}
}

static void set_field(struct hart *h, unsigned low, uint64_t mask, uint64_t value)
{
	h->csr.mstatus = (h->csr.mstatus & ~(mask << low)) | value << low;
}

static uint64_t vector(uint64_t tvec, bool interrupt, unsigned code)
{
	uint64_t base = tvec & ~(uint64_t)3;

	return (tvec & 1) && interrupt ? base + 4 * code : base;
}

static bool delegated(const struct hart *h, bool interrupt, unsigned code)
{
	uint64_t to_s = interrupt ? h->csr.mideleg : h->csr.medeleg;

	return h->priv <= PRIV_S && (to_s >> code & 1);
}

static void enter(struct hart *h, bool interrupt, unsigned code, uint64_t tval)
{
	uint64_t cause = (uint64_t)interrupt << (h->xlen - 1) | code;

	if (delegated(h, interrupt, code)) {
		h->csr.scause = cause;
		h->csr.sepc = h->pc;
		h->csr.stval = hart_truncate(h, tval);
		set_field(h, MSTATUS_SPIE, 1, hart_status(h, MSTATUS_SIE));
		set_field(h, MSTATUS_SIE, 1, 0);
		set_field(h, MSTATUS_SPP, 1, h->priv == PRIV_S);
		h->priv = PRIV_S;
		h->pc = hart_truncate(h, vector(h->csr.stvec, interrupt, code));
	} else {
		h->csr.mcause = cause;
		h->csr.mepc = h->pc;
		h->csr.mtval = hart_truncate(h, tval);
		set_field(h, MSTATUS_MPIE, 1, hart_status(h, MSTATUS_MIE));
		set_field(h, MSTATUS_MIE, 1, 0);
		set_field(h, MSTATUS_MPP, 3, h->priv);
		h->priv = PRIV_M;
		h->pc = hart_truncate(h, vector(h->csr.mtvec, interrupt, code));
	}
	h->reservation = NO_RESERVATION;
	h->traps++;
}

/*
 * An exception at the first instruction of the handler that would take it can
 * only repeat itself for ever: the machine stops and says so (spec/software.md,
 * "Memory outside RAM and devices").
 */
void hart_take_exception(struct hart *h)
{
	uint8_t from = h->priv;

	enter(h, false, h->trap.cause, h->trap.tval);
	if (h->pc == h->trap.pc && h->priv == from)
		h->stop = HART_TRAP_LOOP;
	else
		h->previous = h->trap;
}

bool hart_take_interrupt(struct hart *h)
{
	static const uint8_t order[] = {IRQ_MEI, IRQ_MSI, IRQ_MTI, IRQ_SEI, IRQ_SSI, IRQ_STI};
	uint64_t pending = hart_pending(h) & h->csr.mie;
	uint64_t to_m = pending & ~h->csr.mideleg;
	uint64_t to_s = pending & h->csr.mideleg;
	uint64_t take = 0;

	if (h->priv < PRIV_M || hart_status(h, MSTATUS_MIE))
		take = to_m;
	if (!take && (h->priv < PRIV_S || (h->priv == PRIV_S && hart_status(h, MSTATUS_SIE))))
		take = to_s;
	for (unsigned i = 0; i < sizeof(order); i++)
		if (take >> order[i] & 1) {
			enter(h, true, order[i], 0);
			return true;
		}
	return false;
}

bool hart_mret(struct hart *h)
{
	uint8_t to = h->csr.mstatus >> MSTATUS_MPP & 3;

	if (h->priv != PRIV_M)
		return hart_illegal(h);
	set_field(h, MSTATUS_MIE, 1, hart_status(h, MSTATUS_MPIE));
	set_field(h, MSTATUS_MPIE, 1, 1);
	set_field(h, MSTATUS_MPP, 3, PRIV_U);
	if (to != PRIV_M)
		set_field(h, MSTATUS_MPRV, 1, 0);
	h->priv = to;
	h->next_pc = h->csr.mepc;
	return true;
}

bool hart_sret(struct hart *h)
{
	uint8_t to = hart_status(h, MSTATUS_SPP) ? PRIV_S : PRIV_U;

	if (h->priv < PRIV_S || (h->priv == PRIV_S && hart_status(h, MSTATUS_TSR)))
		return hart_illegal(h);
	set_field(h, MSTATUS_SIE, 1, hart_status(h, MSTATUS_SPIE));
	set_field(h, MSTATUS_SPIE, 1, 1);
	set_field(h, MSTATUS_SPP, 1, 0);
	set_field(h, MSTATUS_MPRV, 1, 0);
	h->priv = to;
	h->next_pc = h->csr.sepc;
	return true;
}
