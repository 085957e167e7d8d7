/*
 * Zicbom, Zicboz and Zicbop (unpriv/cmo.adoc): who may use them, what the MMU is
 * asked, and cbo.zero's write. The machine has no data cache, so that clean, flush
 * and invalidate touch no memory once they are allowed.
 */
#include "hart_internal.h"

enum { CBO_INVAL, CBO_CLEAN, CBO_FLUSH, CBO_ZERO = 4 };
enum { PREFETCH_I = 0, PREFETCH_R = 1, PREFETCH_W = 3 };

/* A bit of menvcfg opens an instruction to S, and with that of senvcfg to U. Of CBIE the
 * lower bit tells: it is 0, 1 or 3. */
static bool enabled(const struct hart *h, unsigned bit)
{
	if (h->priv == PRIV_M)
		return true;
	if (!(h->csr.menvcfg >> bit & 1))
		return false;
	return h->priv == PRIV_S || (h->csr.senvcfg >> bit & 1);
}

static bool zero(struct hart *h, struct piece *p)
{
	uint64_t block;

	if (!hart_translate(h, ACC_CBO_ZERO, p))
		return false;
	block = p->pa & ~(uint64_t)(CACHE_BLOCK - 1);
	if (!bus_is_ram(h->bus, block, CACHE_BLOCK))
		return hart_bus_fault(h, ACC_CBO_ZERO, p);
	for (unsigned i = 0; i < CACHE_BLOCK; i += 8)
		ram_write(h->bus, block + i, 8, 0);
	return true;
}

/* The MMU is told of the byte that rs1 names; the block around it is what it judges. */
bool hart_cache_block(struct hart *h, uint32_t insn)
{
	unsigned rd = insn >> 7 & 31, rs1 = insn >> 15 & 31;
	struct piece p = {.va = hart_truncate(h, h->x[rs1]), .bytes = 1};

	if (rd != 0)
		return hart_illegal(h);
	switch (insn >> 20) {
	case CBO_INVAL:
		return enabled(h, ENVCFG_CBIE) ? hart_translate(h, ACC_CBO_MANAGE, &p)
					       : hart_illegal(h);
	case CBO_CLEAN:
	case CBO_FLUSH:
		return enabled(h, ENVCFG_CBCFE) ? hart_translate(h, ACC_CBO_MANAGE, &p)
						: hart_illegal(h);
	case CBO_ZERO:
		return enabled(h, ENVCFG_CBZE) ? zero(h, &p) : hart_illegal(h);
	default:
		return hart_illegal(h);
	}
}

bool hart_prefetch(struct hart *h, uint32_t insn)
{
	unsigned rs1 = insn >> 15 & 31, kind = insn >> 20 & 31;
	uint64_t offset = (uint64_t)(int64_t)((int32_t)insn >> 25) * 32;
	struct piece p = {.va = hart_truncate(h, h->x[rs1] + offset), .bytes = 1};

	if (kind != PREFETCH_I && kind != PREFETCH_R && kind != PREFETCH_W)
		return true;
	return hart_hint(h, &p);
}
