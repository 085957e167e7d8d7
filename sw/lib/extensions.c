#include "extensions.h"

#include "context.h"
#include "space.h"

#define PAGE 0x40000000ul

/* Does a load go through with these bits of a PTE set, which stands at level 0? */
static bool load_through(const struct space *s, uint64_t bits)
{
	uint64_t good = pte_get(s, PAGE, 0);

	pte_put(s, PAGE, 0, good | bits);
	fence_all();

	struct outcome o = probe(s, (struct probe){.access = ACC_LOAD, .priv = PRIV_S, .va = PAGE});

	pte_put(s, PAGE, 0, good);
	return o.done;
}

void extensions_probe(void)
{
	struct space s;

	if (XLEN == 32)
		return;
	space_open(&s, PT_SV39, PT_ALL_LEVELS, 0);

	xword block = frame_block(PT_NAPOT_BYTES);

	space_map(&s, PAGE, block, 0, PT_READ);
	space_use(&s);
	if (load_through(&s, PT_N | (uint64_t)NAPOT_64K << PTE_PPN))
		frames.extensions |= PT_HAS_NAPOT;
	if (load_through(&s, PT_RSW_HIGH(1)) && load_through(&s, PT_RSW_HIGH(2)))
		frames.extensions |= PT_HAS_RSW_HIGH;
	space_close(&s);
}

static void note(unsigned extension, bool on)
{
	if (on)
		frames.extensions |= extension;
	else
		frames.extensions &= ~extension;
	fence_all();
}

/* A bit of menvcfg, which on RV32 is two registers. */
static bool switch_bit(unsigned bit, bool on)
{
	xword mask = (xword)1 << bit % XLEN;
	xword now;

#if XLEN == 32
	if (bit >= 32) {
		now = csr_read(CSR_MENVCFGH);
		csr_write(CSR_MENVCFGH, on ? now | mask : now & ~mask);
		return !(csr_read(CSR_MENVCFGH) & mask) == !on;
	}
#endif
	now = csr_read(CSR_MENVCFG);
	csr_write(CSR_MENVCFG, on ? now | mask : now & ~mask);
	return !(csr_read(CSR_MENVCFG) & mask) == !on;
}

static bool switch_extension(unsigned bit, unsigned extension, bool on)
{
	if (!switch_bit(bit, on))
		return false;
	note(extension, on);
	return true;
}

bool switch_update(bool on)
{
	return switch_extension(ENVCFG_ADUE, PT_HAS_UPDATE, on);
}

bool switch_pbmt(bool on)
{
	return XLEN == 64 && switch_extension(ENVCFG_PBMTE, PT_HAS_PBMT, on);
}

bool switch_shadow_stack(bool on)
{
	return switch_extension(ENVCFG_SSE, PT_HAS_SHADOW_STACK, on);
}

bool mseccfg_exists(void)
{
	catch_begin();
	csr_read(CSR_MSECCFG);
	return !catch_end().taken;
}

#if XLEN == 64

#define SET_PMM(csr, pmm)                                                                          \
	({                                                                                         \
		csr_clear(csr, 3ul << ENVCFG_PMM);                                                 \
		csr_set(csr, (xword)(pmm) << ENVCFG_PMM);                                          \
		(csr_read(csr) >> ENVCFG_PMM & 3) == (pmm);                                        \
	})

bool switch_masking(unsigned priv, unsigned pmm)
{
	switch (priv) {
	case PRIV_M:
		return mseccfg_exists() && SET_PMM(CSR_MSECCFG, pmm);
	case PRIV_S:
		return SET_PMM(CSR_MENVCFG, pmm);
	default:
		return SET_PMM(CSR_SENVCFG, pmm);
	}
}

#else

bool switch_masking(unsigned priv, unsigned pmm)
{
	(void)priv;
	return pmm == PMM_OFF;
}

#endif
