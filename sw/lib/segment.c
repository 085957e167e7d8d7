#include "segment.h"

#include "context.h"

#define SELECT_CUSTOM (1ul << (XLEN - 1))

static void choose(unsigned i)
{
	csr_write(CSR_SISELECT, SELECT_CUSTOM + SISELECT_SEGMENT0 + i);
}

unsigned segment_count(void)
{
	unsigned n = 0;

	for (; n < SEGMENTS_MOST; n++) {
		catch_begin();
		choose(n);
		csr_read(CSR_SIREG);
		if (catch_end().taken)
			break;
	}
	return n;
}

void segment_set(unsigned i, struct segment s)
{
	choose(i);
	csr_write(CSR_SIREG4, 0);
	csr_write(CSR_SIREG, s.base);
	csr_write(CSR_SIREG2, s.last);
	csr_write(CSR_SIREG3, s.phys);
#if XLEN == 32
	csr_write(CSR_SIREG5, s.phys >> 32);
#endif
	csr_write(CSR_SIREG4, s.cfg);
}

struct segment segment_get(unsigned i)
{
	struct segment s;

	choose(i);
	s.base = csr_read(CSR_SIREG);
	s.last = csr_read(CSR_SIREG2);
	s.phys = csr_read(CSR_SIREG3);
#if XLEN == 32
	s.phys |= (uint64_t)csr_read(CSR_SIREG5) << 32;
#endif
	s.cfg = csr_read(CSR_SIREG4);
	return s;
}

void segment_switch(unsigned mode, unsigned asid)
{
	csr_write(CSR_SISELECT, SELECT_CUSTOM + SISELECT_SEGCTL);
	csr_write(CSR_SIREG, mode | (xword)asid << SEGCTL_ASID);
}

xword segment_control(void)
{
	csr_write(CSR_SISELECT, SELECT_CUSTOM + SISELECT_SEGCTL);
	return csr_read(CSR_SIREG);
}
