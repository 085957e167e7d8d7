/*
 * Physical memory protection and translation: the read of each PTE is asked about, as
 * S-mode's, of its own width, and a refusal has the cause of the access that wanted it.
 */
#include "check.h"
#include "pmp.h"
#include "space.h"

#define PAGE 0x3412ad4d2f000ull

static struct probe by(unsigned access, xword va)
{
	return (struct probe){.access = access, .priv = PRIV_S, .va = va};
}

static xword page_of(enum pt_mode mode)
{
	return (xword)(PAGE & (((uint64_t)1 << (pt_va_bits(mode) - 1)) - 1));
}

/* The table whose PTEs are of that level, on the way to the page. */
static xword table_of(const struct space *s, unsigned level)
{
	if (level + 1 == pt_levels(s->pt.mode))
		return (xword)s->pt.root;
	return (xword)pt_pte_address(pte_get(s, page_of(s->pt.mode), level + 1));
}

static void tables(enum pt_mode mode)
{
	static const char *const name[] = {"table_load", "table_store", "table_fetch"};
	xword va = page_of(mode);
	struct space s;

	space_open(&s, mode, PT_ALL_LEVELS, 1);
	code_put(space_page(&s, va, PT_WRITE | PT_X) + 64, 3);
	space_use(&s);
	for (unsigned level = 0; level < pt_levels(mode); level++) {
		const struct expected e = {REASON_PMP, .level = level, .pte = true};
		bool root = level + 1 == pt_levels(mode);

		pmp_set(0, PMPCFG_NAPOT | PMPCFG_X, pmp_napot(table_of(&s, level), 4096));
		/* Without the root, not even probe.S can be fetched. */
		for (unsigned access = root ? ACC_FETCH : ACC_LOAD; access <= ACC_FETCH; access++)
			expect_fault(&s, check_name(name[access], level),
				     by(access, access == ACC_FETCH ? va + 64 : va), e);
		pmp_set_cfg(0, PMPCFG_NAPOT | PMPCFG_R);
		for (unsigned access = ACC_LOAD; access <= ACC_FETCH; access++)
			expect_done(&s, check_name("table_readable", 10 * level + access),
				    by(access, access == ACC_FETCH ? va + 64 : va));
	}
	pmp_set_cfg(0, PMPCFG_OFF);
	space_close(&s);
}

/* An entry for half of a PTE: eight bytes are one access. To M-mode as well, so that it is
 * gone before a look at the tables. */
static void half_a_pte(const struct space *s, const char *name, xword half)
{
	if (XLEN == 32 || pmp_granule() > 4) {
		check_skip(name, "no regions smaller than a PTE");
		return;
	}
	pmp_set(0, PMPCFG_NA4 | PMPCFG_RWX, half >> 2);

	struct outcome o = probe(s, by(ACC_LOAD, page_of(s->pt.mode)));

	pmp_set_cfg(0, PMPCFG_OFF);
	check(name, !o.done && o.cause == CAUSE_LOAD_ACCESS && o.tval == page_of(s->pt.mode) &&
			(!reason_exists() || (o.why.reason == REASON_PMP && o.why.pte)));
}

static void halves(enum pt_mode mode)
{
	xword va = page_of(mode), pte;
	struct space s;

	space_open(&s, mode, PT_ALL_LEVELS, 1);
	space_page(&s, va, PT_WRITE | PT_X);
	space_use(&s);
	pte = table_of(&s, 0) + pt_index(mode, va, 0) * 8;
	half_a_pte(&s, "lower_half_of_a_pte", pte);
	half_a_pte(&s, "upper_half_of_a_pte", pte + 4);
	space_close(&s);
}

/* What is translated well may still be protected; a page fault comes before. */
static void pages(enum pt_mode mode)
{
	xword va = page_of(mode), frame;
	struct space s;

	space_open(&s, mode, PT_ALL_LEVELS, 1);
	frame = space_page(&s, va, PT_READ);
	space_use(&s);
	pmp_set(0, PMPCFG_NAPOT, pmp_napot(frame, 4096));
	expect_fault(&s, "page_load", by(ACC_LOAD, va), (struct expected){REASON_PMP, .level = 0});
	expect_fault(&s, "page_fault_comes_first", by(ACC_STORE, va),
		     (struct expected){REASON_NOT_WRITABLE, .level = 0});
	pmp_set_cfg(0, PMPCFG_OFF);
	expect_done(&s, "page_allowed_again", by(ACC_LOAD, va));
	space_close(&s);
}

static void test(enum pt_mode mode)
{
	tables(mode);
	halves(mode);
	pages(mode);
}

int main(void)
{
	space_start();
	pmp_start();
	if (pmp_entries() < 2)
		check_skip_all("no PMP here");
	for_each_mode(test);
	return check_end();
}
