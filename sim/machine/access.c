/* Memory as the hart's instructions reach it: translation by the MMU, then the
 * bus; misaligned and page-crossing accesses; atomics. */
#include "hart_internal.h"

#define PAGE 4096u

/* A part of an access that lies in one page. */
struct piece {
	uint64_t va, pa;
	uint8_t bytes;
	uint8_t level; /* of the leaf that mapped it, or LEVEL_NONE */
};

static uint8_t data_privilege(const struct hart *h)
{
	return hart_status(h, MSTATUS_MPRV) ? h->csr.mstatus >> MSTATUS_MPP & 3 : h->priv;
}

static uint32_t reason_register(unsigned reason, unsigned level, bool pte)
{
	return reason << SIREG_REASON | level << SIREG_LEVEL | (uint32_t)pte << SIREG_PTE;
}

static bool translate(struct hart *h, unsigned access, struct piece *p)
{
	const struct mmu_request request = {
	    .va = p->va,
	    .access = access,
	    .bytes = p->bytes,
	    .priv = access == ACC_FETCH ? h->priv : data_privilege(h),
	    .sum = hart_status(h, MSTATUS_SUM),
	    .mxr = hart_status(h, MSTATUS_MXR),
	};
	struct mmu_answer answer;

	if (!mmu_translate(h->mmu, access == ACC_FETCH ? MMU_FETCH : MMU_DATA, &request, &answer)) {
		h->stop = HART_MMU_STUCK;
		h->trap = (struct trap){.pc = h->pc, .tval = p->va};
		return false;
	}
	if (answer.fault) {
		h->csr.reason = reason_register(answer.reason, answer.level, answer.pte);
		return hart_raise(h, answer.cause, answer.tval);
	}
	p->pa = answer.pa;
	p->level = answer.level;
	return true;
}

/* The bus refuses an access whose translation succeeded. */
static bool bus_fault(struct hart *h, unsigned access, const struct piece *p)
{
	static const uint8_t cause[] = {
	    [ACC_LOAD] = CAUSE_LOAD_ACCESS,
	    [ACC_STORE] = CAUSE_STORE_ACCESS,
	    [ACC_FETCH] = CAUSE_FETCH_ACCESS,
	};

	h->csr.reason = reason_register(REASON_BUS_ERROR, p->level, false);
	return hart_raise(h, cause[access], p->va);
}

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
	if (!translate(h, access, &half[0]) || !translate(h, access, &half[1]))
		return false;
	for (unsigned i = 0; i < 2; i++)
		if (!bus_is_ram(h->bus, half[i].pa, half[i].bytes))
			return bus_fault(h, access, &half[i]);
	return true;
}

/* The second parcel of a 4-byte instruction whose first ends its page. */
static bool fetch_second_parcel(struct hart *h)
{
	struct piece p = {.va = hart_truncate(h, h->pc + 2), .bytes = 2};

	if (!translate(h, ACC_FETCH, &p))
		return false;
	if (!bus_is_ram(h->bus, p.pa, 2))
		return bus_fault(h, ACC_FETCH, &p);
	h->insn |= (uint32_t)ram_read(h->bus, p.pa, 2) << 16;
	return true;
}

bool hart_fetch(struct hart *h)
{
	bool at_end = crosses_page(h->pc, 4);
	struct piece p = {.va = h->pc, .bytes = at_end ? 2 : 4};

	if (!translate(h, ACC_FETCH, &p))
		return false;
	if (!bus_is_ram(h->bus, p.pa, p.bytes))
		return bus_fault(h, ACC_FETCH, &p);
	h->insn = (uint32_t)ram_read(h->bus, p.pa, p.bytes);
	if ((h->insn & 3) != 3)
		h->insn &= 0xffff;
	else if (at_end)
		return fetch_second_parcel(h);
	return true;
}

static bool load_halves(struct hart *h, uint64_t va, unsigned bytes, uint64_t *value)
{
	struct piece half[2];

	if (!translate_halves(h, ACC_LOAD, va, bytes, half))
		return false;
	*value = ram_read(h->bus, half[0].pa, half[0].bytes) |
		 ram_read(h->bus, half[1].pa, half[1].bytes) << (8 * half[0].bytes);
	return true;
}

bool hart_load(struct hart *h, uint64_t va, unsigned bytes, uint64_t *value)
{
	struct piece p = {.va = va, .bytes = bytes};

	if (crosses_page(va, bytes))
		return load_halves(h, va, bytes, value);
	if (!translate(h, ACC_LOAD, &p))
		return false;
	return bus_read(h->bus, p.pa, bytes, value) || bus_fault(h, ACC_LOAD, &p);
}

static bool store_halves(struct hart *h, uint64_t va, unsigned bytes, uint64_t value)
{
	struct piece half[2];

	if (!translate_halves(h, ACC_STORE, va, bytes, half))
		return false;
	ram_write(h->bus, half[0].pa, half[0].bytes, value);
	ram_write(h->bus, half[1].pa, half[1].bytes, value >> (8 * half[0].bytes));
	return true;
}

bool hart_store(struct hart *h, uint64_t va, unsigned bytes, uint64_t value)
{
	struct piece p = {.va = va, .bytes = bytes};

	if (crosses_page(va, bytes))
		return store_halves(h, va, bytes, value);
	if (!translate(h, ACC_STORE, &p))
		return false;
	return bus_write(h->bus, p.pa, bytes, value) || bus_fault(h, ACC_STORE, &p);
}

/* ---- atomics (unpriv/zalrsc.adoc, zaamo.adoc) ------------------------------ */

enum { AMO_ADD, AMO_SWAP, AMO_LR, AMO_SC, AMO_XOR, AMO_OR = 8, AMO_AND = 12 };
enum { AMO_MIN = 16, AMO_MAX = 20, AMO_MINU = 24, AMO_MAXU = 28 };

/* Operands are sign-extended from the access's width, which keeps the order of
 * unsigned numbers too. */
static bool combine(unsigned operation, uint64_t memory, uint64_t operand, uint64_t *result)
{
	switch (operation) {
	case AMO_SWAP:
		*result = operand;
		return true;
	case AMO_ADD:
		*result = memory + operand;
		return true;
	case AMO_XOR:
		*result = memory ^ operand;
		return true;
	case AMO_AND:
		*result = memory & operand;
		return true;
	case AMO_OR:
		*result = memory | operand;
		return true;
	case AMO_MIN:
		*result = (int64_t)memory < (int64_t)operand ? memory : operand;
		return true;
	case AMO_MAX:
		*result = (int64_t)memory > (int64_t)operand ? memory : operand;
		return true;
	case AMO_MINU:
		*result = memory < operand ? memory : operand;
		return true;
	case AMO_MAXU:
		*result = memory > operand ? memory : operand;
		return true;
	default:
		return false;
	}
}

static uint64_t sign_extend(uint64_t value, unsigned bytes)
{
	return bytes == 4 ? (uint64_t)(int64_t)(int32_t)value : value;
}

/* Only RAM takes atomics: a device refuses them, as its memory attributes say. */
static bool translate_atomic(struct hart *h, unsigned access, struct piece *p)
{
	if (p->va & (p->bytes - 1u))
		return hart_raise(
		    h, access == ACC_LOAD ? CAUSE_LOAD_MISALIGNED : CAUSE_STORE_MISALIGNED, p->va);
	if (!translate(h, access, p))
		return false;
	return bus_is_ram(h->bus, p->pa, p->bytes) || bus_fault(h, access, p);
}

static bool load_reserved(struct hart *h, unsigned rd, struct piece *p)
{
	if (!translate_atomic(h, ACC_LOAD, p))
		return false;
	h->reservation = p->pa;
	h->reserved_bytes = p->bytes;
	h->x[rd] = sign_extend(ram_read(h->bus, p->pa, p->bytes), p->bytes);
	return true;
}

/* Permissions are checked even when the store will not happen. */
static bool store_conditional(struct hart *h, unsigned rd, struct piece *p, uint64_t value)
{
	bool success;

	if (!translate_atomic(h, ACC_STORE, p))
		return false;
	success = h->reservation == p->pa && h->reserved_bytes == p->bytes;
	h->reservation = NO_RESERVATION;
	if (success)
		ram_write(h->bus, p->pa, p->bytes, value);
	h->x[rd] = !success;
	return true;
}

bool hart_atomic(struct hart *h, uint32_t insn)
{
	unsigned rd = insn >> 7 & 31, rs1 = insn >> 15 & 31, rs2 = insn >> 20 & 31;
	unsigned width = insn >> 12 & 7, operation = insn >> 27;
	struct piece p = {.va = hart_truncate(h, h->x[rs1]), .bytes = 1u << width};
	uint64_t memory, operand, result;

	if (width != 2 && !(width == 3 && h->xlen == 64))
		return hart_illegal(h);
	if (operation == AMO_LR)
		return rs2 ? hart_illegal(h) : load_reserved(h, rd, &p);
	operand = sign_extend(h->x[rs2], p.bytes);
	if (operation == AMO_SC)
		return store_conditional(h, rd, &p, operand);
	if (!combine(operation, 0, operand, &result))
		return hart_illegal(h);
	if (!translate_atomic(h, ACC_STORE, &p))
		return false;
	memory = sign_extend(ram_read(h->bus, p.pa, p.bytes), p.bytes);
	combine(operation, memory, operand, &result);
	ram_write(h->bus, p.pa, p.bytes, result);
	h->x[rd] = memory;
	return true;
}
