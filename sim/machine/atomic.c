/* Atomics (unpriv/zalrsc.adoc, zaamo.adoc) and ssamoswap (unpriv/cfi.adoc). */
#include "hart_internal.h"

enum { AMO_ADD, AMO_SWAP, AMO_LR, AMO_SC, AMO_XOR, AMO_OR = 8, AMO_SSSWAP, AMO_AND = 12 };
enum { AMO_MIN = 16, AMO_MAX = 20, AMO_MINU = 24, AMO_MAXU = 28 };

/* Operands are sign-extended from the access's width, which keeps the order of
 * unsigned numbers too. */
static bool combine(unsigned operation, uint64_t memory, uint64_t operand, uint64_t *result)
{
	switch (operation) {
	case AMO_SWAP:
	case AMO_SSSWAP:
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
		return hart_raise(h,
				  access == ACC_LR ? CAUSE_LOAD_MISALIGNED : CAUSE_STORE_MISALIGNED,
				  hart_masked(h, access, p->va));
	if (!hart_translate(h, access, p))
		return false;
	return bus_is_ram(h->bus, p->pa, p->bytes) || hart_bus_fault(h, access, p);
}

static bool load_reserved(struct hart *h, unsigned rd, struct piece *p)
{
	if (!translate_atomic(h, ACC_LR, p))
		return false;
	h->reservation = p->pa;
	h->reserved_bytes = p->bytes;
	h->reserved_at = h->bus->dma_writes;
	h->x[rd] = sign_extend(ram_read(h->bus, p->pa, p->bytes), p->bytes);
	return true;
}

/* Permissions are checked even when the store will not happen. */
static bool store_conditional(struct hart *h, unsigned rd, struct piece *p, uint64_t value)
{
	bool success;

	if (!translate_atomic(h, ACC_SC, p))
		return false;
	success = h->reservation == p->pa && h->reserved_bytes == p->bytes &&
		  h->reserved_at == h->bus->dma_writes;
	h->reservation = NO_RESERVATION;
	if (success)
		ram_write(h->bus, p->pa, p->bytes, value);
	h->x[rd] = !success;
	return true;
}

static bool modify(struct hart *h, unsigned rd, unsigned operation, struct piece *p,
		   uint64_t operand)
{
	uint64_t memory, result;

	if (!translate_atomic(h, operation == AMO_SSSWAP ? ACC_SS_AMO : ACC_AMO, p))
		return false;
	memory = sign_extend(ram_read(h->bus, p->pa, p->bytes), p->bytes);
	combine(operation, memory, operand, &result);
	ram_write(h->bus, p->pa, p->bytes, result);
	h->x[rd] = memory;
	return true;
}

/* In M-mode ssamoswap exists, for the sake of MPRV (unpriv/cfi.adoc, "SSAMOSWAP"). */
static bool may_swap_shadow_stack(const struct hart *h)
{
	return mmu_config(h->mmu)->zicfiss && (h->priv == PRIV_M || hart_shadow_stack(h));
}

bool hart_atomic(struct hart *h, uint32_t insn)
{
	unsigned rd = insn >> 7 & 31, rs1 = insn >> 15 & 31, rs2 = insn >> 20 & 31;
	unsigned width = insn >> 12 & 7, operation = insn >> 27;
	struct piece p = {.va = hart_truncate(h, h->x[rs1]), .bytes = 1u << width};
	uint64_t operand, unused;

	if (width != 2 && !(width == 3 && h->xlen == 64))
		return hart_illegal(h);
	if (operation == AMO_LR)
		return rs2 ? hart_illegal(h) : load_reserved(h, rd, &p);
	operand = sign_extend(h->x[rs2], p.bytes);
	if (operation == AMO_SC)
		return store_conditional(h, rd, &p, operand);
	if (!combine(operation, 0, operand, &unused))
		return hart_illegal(h);
	if (operation == AMO_SSSWAP && !may_swap_shadow_stack(h))
		return hart_illegal(h);
	return modify(h, rd, operation, &p, operand);
}
