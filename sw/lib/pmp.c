#include "pmp.h"

#include "context.h"

static unsigned entries;
static xword granule;

/* Register numbers stand in the instructions, so each has its own. */
#define EACH_ENTRY(X)                                                                              \
	X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14) X(15)
#if XLEN == 64
#define EACH_CFG(X) X(0) X(2)
#else
#define EACH_CFG(X) X(0) X(1) X(2) X(3)
#endif

static void write_address(unsigned entry, xword value)
{
	switch (entry) {
#define CASE(n)                                                                                    \
	case n:                                                                                    \
		csr_write(CSR_PMPADDR0 + n, value);                                                \
		break;
		EACH_ENTRY(CASE)
#undef CASE
	}
}

xword pmp_address(unsigned entry)
{
	switch (entry) {
#define CASE(n)                                                                                    \
	case n:                                                                                    \
		return csr_read(CSR_PMPADDR0 + n);
		EACH_ENTRY(CASE)
#undef CASE
	default:
		return 0;
	}
}

static xword read_cfg(unsigned number)
{
	switch (number) {
#define CASE(n)                                                                                    \
	case n:                                                                                    \
		return csr_read(CSR_PMPCFG0 + n);
		EACH_CFG(CASE)
#undef CASE
	default:
		return 0;
	}
}

static void write_cfg(unsigned number, xword value)
{
	switch (number) {
#define CASE(n)                                                                                    \
	case n:                                                                                    \
		csr_write(CSR_PMPCFG0 + n, value);                                                 \
		break;
		EACH_CFG(CASE)
#undef CASE
	}
}

/* Entry e is byte e % (XLEN / 8) of this register; RV64 has the even numbers only. */
static unsigned cfg_number(unsigned entry)
{
	return entry / sizeof(xword) * (XLEN / 32);
}

static unsigned cfg_shift(unsigned entry)
{
	return entry % sizeof(xword) * 8;
}

unsigned pmp_cfg(unsigned entry)
{
	return read_cfg(cfg_number(entry)) >> cfg_shift(entry) & 0xff;
}

void pmp_set_cfg(unsigned entry, unsigned cfg)
{
	xword old;

	if (entry >= entries)
		return;
	old = read_cfg(cfg_number(entry)) & ~((xword)0xff << cfg_shift(entry));
	write_cfg(cfg_number(entry), old | (xword)cfg << cfg_shift(entry));
	fence_all();
}

void pmp_set_address(unsigned entry, xword address)
{
	if (entry < entries)
		write_address(entry, address);
	fence_all();
}

void pmp_set(unsigned entry, unsigned cfg, xword address)
{
	pmp_set_address(entry, address);
	pmp_set_cfg(entry, cfg);
}

unsigned pmp_entries(void)
{
	return entries;
}

unsigned pmp_open(void)
{
	return entries - 1;
}

xword pmp_granule(void)
{
	return granule;
}

/* An entry that exists keeps an address; while it is off, its lowest bit that can be
 * set tells the granularity (machine.adoc, "Address Matching"). */
static bool keeps_address(unsigned entry)
{
	bool kept;

	catch_begin();
	write_address(entry, ~(xword)0);
	kept = pmp_address(entry) != 0;
	write_address(entry, 0);
	return kept && !catch_end().taken;
}

void pmp_start(void)
{
	catch_begin();
	read_cfg(0);
	if (catch_end().taken)
		return;
	while (entries < PMP_MOST && (entries == 0 || keeps_address(entries)))
		entries++;
	if (entries == 1)
		return;
	pmp_set(entries - 1, PMPCFG_NAPOT | PMPCFG_RWX, ~(xword)0);
	pmp_set_cfg(0, PMPCFG_OFF);
	pmp_set_address(0, ~(xword)0);
	for (granule = 4; !(pmp_address(0) & granule / 4); granule *= 2)
		;
	pmp_set_address(0, 0);
}
