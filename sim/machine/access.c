/* Memory as the hart's instructions reach it: translation by the MMU, then the
 * bus; misaligned and page-crossing accesses. */
#include "hart_internal.h"
#include "record.h"

#define PAGE 4096u

static uint8_t data_privilege(const struct hart *h)
{
	return hart_status(h, MSTATUS_MPRV) ? h->csr.mstatus >> MSTATUS_MPP & 3 : h->priv;
}

static uint32_t reason_register(unsigned reason, unsigned level, bool pte)
{
	return reason << SIREG_REASON | level << SIREG_LEVEL | (uint32_t)pte << SIREG_PTE;
}

static struct mmu_request request_for(const struct hart *h, unsigned access, const struct piece *p)
{
	return (struct mmu_request){
	    .va = p->va,
	    .access = access,
	    .bytes = p->bytes,
	    .priv = access == ACC_FETCH ? h->priv : data_privilege(h),
	    .sum = hart_status(h, MSTATUS_SUM),
	    .mxr = hart_status(h, MSTATUS_MXR),
	};
}

/* Asks the MMU. False: it did not answer. */
static bool ask(struct hart *h, unsigned access, const struct piece *p, struct mmu_answer *answer)
{
	const struct mmu_request request = request_for(h, access, p);

	if (mmu_translate(h->mmu, access == ACC_FETCH ? MMU_FETCH : MMU_DATA, &request, answer))
		return true;
	h->stop = HART_MMU_STUCK;
	h->trap = (struct trap){.pc = h->pc, .tval = p->va};
	return false;
}

static void note(const struct hart *h, unsigned access, const struct piece *p)
{
	if (h->recorder) {
		const struct mmu_request request = request_for(h, access, p);

		recorder_access(h->recorder, h, &request);
	}
}

/* Always false. */
static bool memory_fault(struct hart *h, unsigned access, const struct piece *p,
			 const struct mmu_answer *answer)
{
	h->fault.count++;
	h->fault.request = request_for(h, access, p);
	h->fault.answer = *answer;
	h->csr.reason = reason_register(answer->reason, answer->level, answer->pte);
	return hart_raise(h, answer->cause, answer->tval);
}

static bool accept(struct hart *h, unsigned access, struct piece *p,
		   const struct mmu_answer *answer)
{
	if (answer->fault)
		return memory_fault(h, access, p, answer);
	note(h, access, p);
	p->pa = answer->pa;
	p->level = answer->level;
	return true;
}

bool hart_translate(struct hart *h, unsigned access, struct piece *p)
{
	struct mmu_answer answer;

	return ask(h, access, p, &answer) && accept(h, access, p, &answer);
}

bool hart_hint(struct hart *h, struct piece *p)
{
	struct mmu_answer answer;

	if (!ask(h, ACC_PREFETCH, p, &answer))
		return false;
	if (!answer.fault)
		note(h, ACC_PREFETCH, p);
	return true;
}

static unsigned access_fault(unsigned access)
{
	switch (access) {
	case ACC_FETCH:
		return CAUSE_FETCH_ACCESS;
	case ACC_LOAD:
	case ACC_LR:
		return CAUSE_LOAD_ACCESS;
	default:
		return CAUSE_STORE_ACCESS;
	}
}

bool hart_bus_fault(struct hart *h, unsigned access, const struct piece *p)
{
	const struct mmu_answer answer = {
	    .fault = true,
	    .reason = REASON_BUS_ERROR,
	    .level = p->level,
	    .cause = access_fault(access),
	    .tval = hart_masked(h, access, p->va),
	};

	return memory_fault(h, access, p, &answer);
}

/* ---- pointer masking (zpm.adoc) --------------------------------------------- */

/* The upper address bits that a privilege ignores: mseccfg governs M, menvcfg S,
 * senvcfg U. */
static unsigned masked_bits(const struct hart *h, uint8_t priv)
{
	unsigned number = priv == PRIV_M ? CSR_MSECCFG : priv == PRIV_S ? CSR_MENVCFG : CSR_SENVCFG;

	switch (mmu_csr_read(h->mmu, number) >> ENVCFG_PMM & 3) {
	case PMM_7:
		return 7;
	case PMM_16:
		return 16;
	default:
		return 0;
	}
}

/* The MMU gives this with every fault of its own; the hart needs it for those that it
 * raises itself. */
uint64_t hart_masked(const struct hart *h, unsigned access, uint64_t va)
{
	uint8_t priv = data_privilege(h);
	bool exempt = access == ACC_FETCH || (hart_status(h, MSTATUS_MXR) && priv != PRIV_M);
	unsigned bits;

	if (h->xlen == 32 || exempt)
		return va;
	bits = masked_bits(h, priv);
	if (priv != PRIV_M && mmu_csr_read(h->mmu, CSR_SATP) >> 60 != SATP_BARE)
		return (uint64_t)((int64_t)(va << bits) >> bits);
	return va << bits >> bits;
}

/* ---- one access ---------------------------------------------------------------- */

static bool crosses_page(uint64_t va, unsigned bytes)
{
	return (va & (PAGE - 1)) + bytes > PAGE;
}

/* The two halves of a page-crossing access, translated, both in RAM: devices
 * take aligned accesses only. */
static bool translate_halves(struct hart *h, unsigned access, uint64_t va, unsigned bytes,
			     struct piece half[2])
{
	unsigned first = PAGE - (va & (PAGE - 1));

	half[0] = (struct piece){.va = va, .bytes = first};
	half[1] = (struct piece){.va = hart_truncate(h, va + first), .bytes = bytes - first};
	if (!hart_translate(h, access, &half[0]) || !hart_translate(h, access, &half[1]))
		return false;
	for (unsigned i = 0; i < 2; i++)
		if (!bus_is_ram(h->bus, half[i].pa, half[i].bytes))
			return hart_bus_fault(h, access, &half[i]);
	return true;
}

/* The second parcel of a 4-byte instruction, asked for by itself. */
static bool fetch_second_parcel(struct hart *h)
{
	struct piece p = {.va = hart_truncate(h, h->pc + 2), .bytes = 2};

	if (!hart_translate(h, ACC_FETCH, &p))
		return false;
	if (!bus_is_ram(h->bus, p.pa, 2))
		return hart_bus_fault(h, ACC_FETCH, &p);
	h->insn |= (uint32_t)ram_read(h->bus, p.pa, 2) << 16;
	return true;
}

/* Four bytes that are not one aligned word may be refused because a PMP region ends
 * between them. That is a fault only of an instruction that reaches so far. */
static bool may_end_between(const struct hart *h, const struct mmu_answer *answer)
{
	return h->pc & 2 && answer->fault && answer->reason == REASON_PMP && !answer->pte;
}

bool hart_fetch(struct hart *h)
{
	struct piece p = {.va = h->pc, .bytes = crosses_page(h->pc, 4) ? 2 : 4};
	struct mmu_answer answer;

	if (!ask(h, ACC_FETCH, &p, &answer))
		return false;
	if (p.bytes == 4 && may_end_between(h, &answer)) {
		p.bytes = 2;
		if (!ask(h, ACC_FETCH, &p, &answer))
			return false;
	}
	if (!accept(h, ACC_FETCH, &p, &answer))
		return false;
	if (!bus_is_ram(h->bus, p.pa, p.bytes))
		return hart_bus_fault(h, ACC_FETCH, &p);
	h->insn = (uint32_t)ram_read(h->bus, p.pa, p.bytes);
	if ((h->insn & 3) != 3)
		h->insn &= 0xffff;
	else if (p.bytes == 2)
		return fetch_second_parcel(h);
	return true;
}

static bool load_halves(struct hart *h, unsigned access, uint64_t va, unsigned bytes,
			uint64_t *value)
{
	struct piece half[2];

	if (!translate_halves(h, access, va, bytes, half))
		return false;
	*value = ram_read(h->bus, half[0].pa, half[0].bytes) |
		 ram_read(h->bus, half[1].pa, half[1].bytes) << (8 * half[0].bytes);
	return true;
}

bool hart_load(struct hart *h, unsigned access, uint64_t va, unsigned bytes, uint64_t *value)
{
	struct piece p = {.va = va, .bytes = bytes};

	if (crosses_page(va, bytes))
		return load_halves(h, access, va, bytes, value);
	if (!hart_translate(h, access, &p))
		return false;
	return bus_read(h->bus, p.pa, bytes, value) || hart_bus_fault(h, access, &p);
}

static bool store_halves(struct hart *h, unsigned access, uint64_t va, unsigned bytes,
			 uint64_t value)
{
	struct piece half[2];

	if (!translate_halves(h, access, va, bytes, half))
		return false;
	ram_write(h->bus, half[0].pa, half[0].bytes, value);
	ram_write(h->bus, half[1].pa, half[1].bytes, value >> (8 * half[0].bytes));
	return true;
}

bool hart_store(struct hart *h, unsigned access, uint64_t va, unsigned bytes, uint64_t value)
{
	struct piece p = {.va = va, .bytes = bytes};

	if (crosses_page(va, bytes))
		return store_halves(h, access, va, bytes, value);
	if (!hart_translate(h, access, &p))
		return false;
	return bus_write(h->bus, p.pa, bytes, value) || hart_bus_fault(h, access, &p);
}
