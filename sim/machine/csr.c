/* Control and status registers: what each reads and which bits a write changes
 * (machine.adoc, supervisor.adoc, indirect-csr.adoc). The caller has checked the
 * mode and the read-only numbers. */
#include "hart_internal.h"
#include "record.h"

#define BIT(n) (1ull << (n))

#define SSTATUS_WRITABLE                                                                           \
	(BIT(MSTATUS_SIE) | BIT(MSTATUS_SPIE) | BIT(MSTATUS_SPP) | BIT(MSTATUS_SUM) |              \
	 BIT(MSTATUS_MXR))
#define MSTATUS_WRITABLE                                                                           \
	(SSTATUS_WRITABLE | BIT(MSTATUS_MIE) | BIT(MSTATUS_MPIE) | 3ull << MSTATUS_MPP |           \
	 BIT(MSTATUS_MPRV) | BIT(MSTATUS_TVM) | BIT(MSTATUS_TW) | BIT(MSTATUS_TSR))

#define S_INTERRUPTS   (BIT(IRQ_SSI) | BIT(IRQ_STI) | BIT(IRQ_SEI))
#define ALL_INTERRUPTS (S_INTERRUPTS | BIT(IRQ_MSI) | BIT(IRQ_MTI) | BIT(IRQ_MEI))

/* Exceptions that can arise below M: not 0, which the C extension excludes. */
#define DELEGABLE                                                                                  \
	(BIT(CAUSE_FETCH_ACCESS) | BIT(CAUSE_ILLEGAL) | BIT(CAUSE_BREAKPOINT) |                    \
	 BIT(CAUSE_LOAD_MISALIGNED) | BIT(CAUSE_LOAD_ACCESS) | BIT(CAUSE_STORE_MISALIGNED) |       \
	 BIT(CAUSE_STORE_ACCESS) | BIT(CAUSE_ECALL_U) | BIT(CAUSE_ECALL_S) |                       \
	 BIT(CAUSE_FETCH_PAGE) | BIT(CAUSE_LOAD_PAGE) | BIT(CAUSE_STORE_PAGE))

/* What a write of mip changes: with Sstc on, STIP is the timer's (sstc.adoc). */
static uint64_t writable_interrupts(const struct hart *h)
{
	return csr_timer_on(h) ? S_INTERRUPTS & ~BIT(IRQ_STI) : S_INTERRUPTS;
}

enum { COUNTERS = 7 }; /* cycle, time, instret in mcounteren, scounteren */

static uint64_t delegable(const struct hart *h)
{
	return mmu_config(h->mmu)->zicfiss ? DELEGABLE | BIT(CAUSE_SOFTWARE_CHECK) : DELEGABLE;
}

static uint64_t misa(const struct hart *h)
{
	static const char extensions[] = "ACIMSU";
	uint64_t value = h->xlen == 64 ? 2ull << 62 : 1ull << 30;

	for (const char *e = extensions; *e; e++)
		value |= BIT(*e - 'A');
	return value;
}

/* Width fields: registers of S and U are as wide as those of M. */
static uint64_t uxl(const struct hart *h)
{
	return h->xlen == 64 ? 2ull << MSTATUS_UXL : 0;
}

static uint64_t sxl(const struct hart *h)
{
	return h->xlen == 64 ? 2ull << MSTATUS_SXL : 0;
}

static void write_masked(uint64_t *r, uint64_t value, uint64_t mask)
{
	*r = (*r & ~mask) | (value & mask);
}

/* MPP has no value for a mode that does not exist: such a write leaves it. */
static void write_mstatus(struct hart *h, uint64_t value)
{
	uint64_t mask = MSTATUS_WRITABLE;

	if ((value >> MSTATUS_MPP & 3) == 2)
		mask &= ~(3ull << MSTATUS_MPP);
	write_masked(&h->csr.mstatus, value, mask);
}

static bool satp_trapped(const struct hart *h)
{
	return h->priv == PRIV_S && hart_status(h, MSTATUS_TVM);
}

static bool read_supervisor(struct hart *h, unsigned number, uint64_t *value)
{
	const struct csrs *c = &h->csr;

	switch (number) {
	case CSR_SSTATUS:
		*value = (c->mstatus & SSTATUS_WRITABLE) | uxl(h);
		return true;
	case CSR_SIE:
		*value = c->mie & c->mideleg;
		return true;
	case CSR_SIP:
		*value = hart_pending(h) & c->mideleg;
		return true;
	case CSR_STVEC:
		*value = c->stvec;
		return true;
	case CSR_SCOUNTEREN:
		*value = c->scounteren;
		return true;
	case CSR_SSCRATCH:
		*value = c->sscratch;
		return true;
	case CSR_SEPC:
		*value = c->sepc;
		return true;
	case CSR_SCAUSE:
		*value = c->scause;
		return true;
	case CSR_STVAL:
		*value = c->stval;
		return true;
	case CSR_SATP:
		*value = mmu_csr_read(h->mmu, CSR_SATP);
		return !satp_trapped(h);
	case CSR_SISELECT:
		*value = c->siselect;
		return true;
	default:
		return false;
	}
}

static bool write_supervisor(struct hart *h, unsigned number, uint64_t value)
{
	struct csrs *c = &h->csr;

	switch (number) {
	case CSR_SSTATUS:
		write_masked(&c->mstatus, value, SSTATUS_WRITABLE);
		return true;
	case CSR_SIE:
		write_masked(&c->mie, value, c->mideleg);
		return true;
	case CSR_SIP:
		write_masked(&c->mip, value, c->mideleg & BIT(IRQ_SSI));
		return true;
	case CSR_STVEC:
		c->stvec = value & ~2ull;
		return true;
	case CSR_SCOUNTEREN:
		c->scounteren = value & COUNTERS;
		return true;
	case CSR_SSCRATCH:
		c->sscratch = value;
		return true;
	case CSR_SEPC:
		c->sepc = value & ~1ull;
		return true;
	case CSR_SCAUSE:
		c->scause = value;
		return true;
	case CSR_STVAL:
		c->stval = value;
		return true;
	case CSR_SATP:
		if (satp_trapped(h))
			return false;
		mmu_csr_write(h->mmu, CSR_SATP, value);
		recorder_registers(h->recorder, h);
		return true;
	case CSR_SISELECT:
		c->siselect = value;
		return true;
	default:
		return false;
	}
}

/* Registers of M-mode that exist and read zero: no vendor, no hardware events,
 * no big-endian modes, no further fields of medeleg. */
static bool reads_zero(const struct hart *h, unsigned number)
{
	if (number >= CSR_MHPMEVENT3 && number <= CSR_MHPMEVENT31)
		return true;
	if (number >= CSR_MVENDORID && number <= CSR_MCONFIGPTR)
		return true;
	return h->xlen == 32 && (number == CSR_MSTATUSH || number == CSR_MEDELEGH);
}

static bool read_machine(struct hart *h, unsigned number, uint64_t *value)
{
	const struct csrs *c = &h->csr;

	switch (number) {
	case CSR_MSTATUS:
		*value = c->mstatus | uxl(h) | sxl(h);
		return true;
	case CSR_MISA:
		*value = misa(h);
		return true;
	case CSR_MEDELEG:
		*value = c->medeleg;
		return true;
	case CSR_MIDELEG:
		*value = c->mideleg;
		return true;
	case CSR_MIE:
		*value = c->mie;
		return true;
	case CSR_MIP:
		*value = hart_pending(h);
		return true;
	case CSR_MTVEC:
		*value = c->mtvec;
		return true;
	case CSR_MCOUNTEREN:
		*value = c->mcounteren;
		return true;
	case CSR_MCOUNTINHIBIT:
		*value = c->mcountinhibit;
		return true;
	case CSR_MSCRATCH:
		*value = c->mscratch;
		return true;
	case CSR_MEPC:
		*value = c->mepc;
		return true;
	case CSR_MCAUSE:
		*value = c->mcause;
		return true;
	case CSR_MTVAL:
		*value = c->mtval;
		return true;
	case CSR_MISELECT:
		*value = c->miselect;
		return true;
	default:
		*value = 0;
		return reads_zero(h, number);
	}
}

static bool write_machine(struct hart *h, unsigned number, uint64_t value)
{
	struct csrs *c = &h->csr;

	switch (number) {
	case CSR_MSTATUS:
		write_mstatus(h, value);
		return true;
	case CSR_MISA: /* nothing can be switched off */
		return true;
	case CSR_MEDELEG:
		c->medeleg = value & delegable(h);
		return true;
	case CSR_MIDELEG:
		c->mideleg = value & S_INTERRUPTS;
		return true;
	case CSR_MIE:
		c->mie = value & ALL_INTERRUPTS;
		return true;
	case CSR_MIP:
		write_masked(&c->mip, value, writable_interrupts(h));
		return true;
	case CSR_MTVEC:
		c->mtvec = value & ~2ull;
		return true;
	case CSR_MCOUNTEREN:
		c->mcounteren = value & COUNTERS;
		return true;
	case CSR_MCOUNTINHIBIT:
		csr_inhibit_counters(h, (uint32_t)value);
		return true;
	case CSR_MSCRATCH:
		c->mscratch = value;
		return true;
	case CSR_MEPC:
		c->mepc = value & ~1ull;
		return true;
	case CSR_MCAUSE:
		c->mcause = value;
		return true;
	case CSR_MTVAL:
		c->mtval = value;
		return true;
	case CSR_MISELECT:
		c->miselect = value;
		return true;
	default:
		return reads_zero(h, number);
	}
}

bool csr_read(struct hart *h, unsigned number, uint64_t *value)
{
	if (csr_is_counter(number))
		return csr_counter_read(h, number, value);
	if (csr_is_mmus(number))
		return csr_mmu_read(h, number, value);
	if (csr_is_timer(number))
		return csr_timer_read(h, number, value);
	if (csr_is_indirect(number))
		return csr_indirect_read(h, number, value);
	if (number == CSR_SSP)
		return csr_ssp_read(h, value);
	if ((number >> 8 & 3) == PRIV_S)
		return read_supervisor(h, number, value);
	return read_machine(h, number, value);
}

bool csr_write(struct hart *h, unsigned number, uint64_t value)
{
	if (csr_is_counter(number))
		return csr_counter_write(h, number, value);
	if (csr_is_mmus(number))
		return csr_mmu_write(h, number, value);
	if (csr_is_timer(number))
		return csr_timer_write(h, number, value);
	if (csr_is_indirect(number))
		return csr_indirect_write(h, number, value);
	if (number == CSR_SSP)
		return csr_ssp_write(h, value);
	if ((number >> 8 & 3) == PRIV_S)
		return write_supervisor(h, number, value);
	return write_machine(h, number, value);
}

/* The interrupt controller's part of SEIP is read, but takes no part in a change
 * (machine.adoc, "Machine Interrupt Registers"). */
uint64_t csr_changeable(const struct hart *h, unsigned number, uint64_t read)
{
	return number == CSR_MIP ? h->csr.mip : read;
}
