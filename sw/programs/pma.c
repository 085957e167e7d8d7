/*
 * Physical memory attributes: a device is read and written, and that is all. Fetches,
 * atomics, blocks of zeroes and page tables are refused there as access faults.
 */
#include "check.h"
#include "extensions.h"
#include "machine.h"
#include "space.h"

#define PAGE 0x3412ad4d2f000ull

static xword page_of(enum pt_mode mode)
{
	return (xword)(PAGE & (((uint64_t)1 << (pt_va_bits(mode) - 1)) - 1));
}

/* CLINT's mtimecmp: a word of all widths that may be read and written back. */
#define DEVICE (CLINT_BASE + 0x4000)

/* Only a machine that tells why shows that it was not the bus. */
static bool has_attributes(void)
{
	struct space s;
	struct outcome o;

	space_open_bare(&s);
	space_use(&s);
	o = probe(&s, (struct probe){.access = ACC_AMO, .priv = PRIV_S, .bytes = 4, .va = DEVICE});
	space_close(&s);
	return !o.done && o.why.reason == REASON_PMA;
}

static void accesses(struct space *s, xword va, unsigned level, const char *const name[])
{
	const struct expected refused = {REASON_PMA, .level = level};
	static const uint8_t not_there[] = {ACC_FETCH, ACC_LR, ACC_SC, ACC_AMO, ACC_CBO_ZERO};
	struct probe p = {.access = ACC_LOAD, .priv = PRIV_S, .bytes = 4, .va = va};

	expect_done(s, name[0], p);
	p.access = ACC_STORE;
	p.value = ~(xword)0;
	expect_done(s, name[1], p);
	for (unsigned i = 0; i < sizeof not_there; i++) {
		p.access = not_there[i];
		expect_fault(s, name[2 + i], p, refused);
	}
}

static void bare(void)
{
	static const char *const name[] = {"load", "store", "fetch", "lr", "sc", "amo", "cbo_zero"};
	struct space s;

	check_group("bare");
	space_open_bare(&s);
	space_use(&s);
	accesses(&s, DEVICE, LEVEL_NONE, name);
	space_close(&s);
	check_group(NULL);
}

/* Through a page, which cannot give what is not there, whatever its memory type. */
static void mapped(enum pt_mode mode)
{
	static const char *const page[] = {"load", "store", "fetch", "lr", "sc", "amo", "cbo_zero"};
	static const char *const cached[] = {"nc_load", "nc_store", "nc_fetch",   "nc_lr",
					     "nc_sc",   "nc_amo",   "nc_cbo_zero"};
	const unsigned all = PT_WRITE | PT_X;
	const xword base = DEVICE & ~(xword)4095;
	xword va = page_of(mode);
	struct space s;

	space_open(&s, mode, PT_ALL_LEVELS, 1);
	space_map(&s, va, base, 0, all);
	space_use(&s);
	accesses(&s, va + (DEVICE - base), 0, page);

	bool have = switch_pbmt(true);
	const char *before = check_skip_all(have ? NULL : "no Svpbmt here");

	pte_put(&s, va, 0, pt_leaf(base, all | (have ? PT_NC : 0)));
	fence_all();
	accesses(&s, va + (DEVICE - base), 0, cached);
	check_skip_back(before);
	switch_pbmt(false);
	space_close(&s);
}

static void tables(enum pt_mode mode)
{
	xword va = page_of(mode), frame;
	struct space s;

	space_open(&s, mode, PT_ALL_LEVELS, 1);
	frame = space_page(&s, va, PT_WRITE | PT_X);
	space_use(&s);
	for (unsigned level = 0; level + 1 < pt_levels(mode); level++) {
		const struct expected e = {REASON_PMA, .level = level, .pte = true};
		uint64_t good = pte_get(&s, va, level + 1);
		struct probe p = {.access = ACC_LOAD, .priv = PRIV_S, .va = va};

		pte_put(&s, va, level + 1, pt_pointer(DEVICE & ~(xword)4095));
		fence_all();
		expect_fault(&s, check_name("table_in_device_load", level), p, e);
		p.access = ACC_STORE;
		expect_fault(&s, check_name("table_in_device_store", level), p, e);
		p.access = ACC_FETCH;
		expect_fault(&s, check_name("table_in_device_fetch", level), p, e);
		pte_put(&s, va, level + 1, good);
		fence_all();
	}
	space_close(&s);

	/* The root: not even probe.S can be fetched, so this is about a fetch. */
	struct space nowhere = {
	    .pt = {.mode = mode, .root = DEVICE & ~(xword)4095, .memory = &frames}};

	space_use(&nowhere);
	expect_fault(&nowhere, "root_in_device",
		     (struct probe){.access = ACC_FETCH, .priv = PRIV_S, .va = va},
		     (struct expected){REASON_PMA, .level = pt_levels(mode) - 1, .pte = true});
	csr_write(satp, 0);
	fence_all();
	frame_free(frame);
}

static void test(enum pt_mode mode)
{
	mapped(mode);
	tables(mode);
}

int main(void)
{
	space_start();
	csr_set(CSR_MENVCFG, ENVCFG_CBZE);
	timer_off();
	if (!reason_exists())
		check_skip_all("no reason register here, which tells attributes from the bus");
	else if (!has_attributes())
		check_skip_all("no memory attributes here");
	bare();
	for_each_mode(test);
	return check_end();
}
