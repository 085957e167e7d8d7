/*
 * Hardware sets A and D (Svadu): of what was used, as it was used, of nothing that was
 * refused, and nothing else of the PTE. A switch turns it off.
 */
#include "check.h"
#include "console.h"
#include "extensions.h"
#include "pmp.h"
#include "space.h"

#define PAGE 0x3412ad4d2f000ull

static const unsigned used = PT_A | PT_D;
static const unsigned page = PT_R | PT_W | PT_X | PT_U | PT_RSW(1);

static xword page_of(enum pt_mode mode)
{
	return (xword)(PAGE & (((uint64_t)1 << (pt_va_bits(mode) - 1)) - 1));
}

/* One space for all checks of a mode, and the frame behind its page. */
static struct space s;
static xword va, frame;

static void open(enum pt_mode mode)
{
	va = page_of(mode);
	space_open(&s, mode, PT_ALL_LEVELS, 1);
	frame = space_page(&s, va, page);
	code_put(frame, 7);
	space_use(&s);
}

/* The page anew with these flags, neither accessed nor dirty. */
static uint64_t unused(uint64_t flags)
{
	uint64_t pte = pt_leaf(frame, flags & ~(uint64_t)used);

	pte_put(&s, va, 0, pte);
	fence_all();
	return pte;
}

static uint64_t pte(void)
{
	return pte_get(&s, va, 0);
}

/* ---- what is set ----------------------------------------------------------------- */

/* One access at `address`, and what its PTE of that level says afterwards. */
static void expect_set(const char *name, unsigned level, unsigned access, xword address,
		       unsigned set)
{
	uint64_t before = pte_get(&s, address, level);
	struct outcome o =
	    probe(&s, (struct probe){.access = access, .priv = PRIV_U, .va = address});
	uint64_t after = pte_get(&s, address, level);

	if (access == ACC_SC && after == before && !reason_exists())
		check_skip(name, "an SC that fails is no store here");
	else if (o.done && after == (before | set))
		check(name, true);
	else
		check_failed(name, "done %d, PTE 0x%lx to 0x%lx", o.done, (xword)before,
			     (xword)after);
}

/* By a large page, in which the frame lies: it begins where the root has nothing yet. */
static void sets_in_large_page(enum pt_mode mode, unsigned level)
{
	const xword size = (xword)pt_page_size(mode, level);
	const xword large = (xword)pt_page_size(mode, pt_levels(mode) - 1) * 5;
	const xword base = frame & ~(size - 1);

	space_map(&s, large, base, level, page);
	fence_all();
	expect_set(check_name("load_sets_a_level", level), level, ACC_LOAD, large + frame - base,
		   PT_A);
	pte_put(&s, large, level, pt_leaf(base, page));
	fence_all();
	expect_set(check_name("store_sets_both_level", level), level, ACC_STORE,
		   large + frame - base + 64, PT_A | PT_D);
	space_unmap(&s, large, size);
	fence_all();
}

static void sets(enum pt_mode mode)
{
	static const struct {
		const char *name;
		unsigned access, set;
	} rows[] = {
	    {"load_sets_a", ACC_LOAD, PT_A},
	    {"fetch_sets_a", ACC_FETCH, PT_A},
	    {"lr_sets_a", ACC_LR, PT_A},
	    {"store_sets_both", ACC_STORE, PT_A | PT_D},
	    {"failing_sc_sets_both", ACC_SC, PT_A | PT_D},
	    {"amo_sets_both", ACC_AMO, PT_A | PT_D},
	    {"prefetch_sets_nothing", ACC_PREFETCH, 0},
	};

	for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		unused(page);
		code_put(frame, 7);
		expect_set(rows[i].name, 0, rows[i].access, va, rows[i].set);
	}
	for (unsigned level = 1; level < pt_levels(mode); level++)
		sets_in_large_page(mode, level);
}

/* A page that was read is written: only then is it dirty, whatever a TLB kept. */
static void dirty_comes_with_the_store(void)
{
	unused(page);
	probe(&s, (struct probe){.access = ACC_LOAD, .va = va});
	check("clean_after_load", (pte() & used) == PT_A);
	probe(&s, (struct probe){.access = ACC_STORE, .va = va, .value = 123});
	check("dirty_after_store", (pte() & used) == used);
	check_equal("and_stored", 123, *word_at(frame));
}

/* Software takes A back; after a fence the next use sets it again. */
static void cleared_is_set_again(void)
{
	unused(page);
	probe(&s, (struct probe){.access = ACC_LOAD, .va = va});
	pte_put(&s, va, 0, pte() & ~(uint64_t)PT_A);
	fence_address(va);
	probe(&s, (struct probe){.access = ACC_LOAD, .va = va});
	check("set_again_after_fence", (pte() & used) == PT_A);
}

/* ---- what is not ------------------------------------------------------------------ */

static void expect_untouched(const char *name, uint64_t flags, unsigned access, unsigned priv)
{
	uint64_t before = unused(flags);
	bool refused = !probe(&s, (struct probe){.access = access, .priv = priv, .va = va}).done;

	check(name, refused && pte() == before);
}

static void refusals(void)
{
	expect_untouched("not_writable_sets_nothing", PT_R | PT_U, ACC_STORE, PRIV_U);
	expect_untouched("not_readable_sets_nothing", PT_X | PT_U, ACC_LOAD, PRIV_U);
	expect_untouched("not_executable_sets_nothing", PT_R | PT_U, ACC_FETCH, PRIV_U);
	expect_untouched("user_page_sets_nothing", PT_R | PT_U, ACC_LOAD, PRIV_S);
	expect_untouched("supervisor_page_sets_nothing", PT_R, ACC_LOAD, PRIV_U);
}

static void misaligned_superpage(void)
{
	uint64_t table = pte_get(&s, va, 1), bad = pt_leaf(0x1000, page);

	pte_put(&s, va, 1, bad);
	fence_all();
	bool refused = !probe(&s, (struct probe){.access = ACC_STORE, .va = va}).done;

	check("misaligned_superpage_sets_nothing", refused && pte_get(&s, va, 1) == bad);
	pte_put(&s, va, 1, table);
	fence_all();
}

/* ---- physical protection ------------------------------------------------------------- */

/* The page itself is refused: the bits would say that it was used. */
static void protected_page(void)
{
	const struct expected e = {REASON_PMP, .level = 0};
	uint64_t before = unused(page);

	pmp_set(0, PMPCFG_NAPOT | PMPCFG_R, pmp_napot(frame, 4096));
	expect_fault(&s, "protected_page", (struct probe){.access = ACC_STORE, .va = va}, e);
	/* A choice of the architecture, which ours takes so. */
	if (pte() != before && !reason_exists())
		check_skip("protected_page_sets_nothing", "hardware sets A and D before it asks");
	else
		check("protected_page_sets_nothing", pte() == before);
	pmp_set_cfg(0, PMPCFG_OFF);
}

/* The PTE may be read and not written: with A and D set it serves, without it does not. */
static void protected_table(void)
{
	const struct expected e = {REASON_PMP, .level = 0, .pte = true,
				   .optional = "hardware writes PTEs whatever PMP says"};
	uint64_t before = unused(page);
	xword table = (xword)pt_pte_address(pte_get(&s, va, 1));

	pmp_set(0, PMPCFG_NAPOT | PMPCFG_R, pmp_napot(table, 4096));
	expect_fault(&s, "protected_table_store", (struct probe){.access = ACC_STORE, .va = va}, e);
	expect_fault(&s, "protected_table_load", (struct probe){.access = ACC_LOAD, .va = va}, e);
	expect_fault(&s, "protected_table_fetch", (struct probe){.access = ACC_FETCH, .va = va}, e);
	if (reason_exists())
		check("protected_table_is_unchanged", pte() == before);
	else
		check_skip("protected_table_is_unchanged", e.optional);
	pte_put(&s, va, 0, before | used);
	fence_all();
	expect_done(&s, "protected_table_that_needs_no_write",
		    (struct probe){.access = ACC_STORE, .va = va});
	pmp_set_cfg(0, PMPCFG_OFF);
}

/* ---- the switch ------------------------------------------------------------------------ */

static void switched_off(void)
{
	const char *const always = "hardware sets A and D here, without a switch";
	const struct probe load = {.access = ACC_LOAD, .va = va};
	const struct probe store = {.access = ACC_STORE, .va = va};

	unused(page);
	probe(&s, load); /* sets A; a TLB may keep the page, which is clean */
	switch_update(false);
	frames.extensions &= ~(unsigned)PT_HAS_UPDATE; /* what the checks are about */
	expect_fault(&s, "off_dirty_is_softwares", store,
		     (struct expected){REASON_DIRTY_CLEAR, .level = 0, .optional = always});
	unused(page);
	expect_fault(&s, "off_accessed_is_softwares", load,
		     (struct expected){REASON_ACCESSED_CLEAR, .level = 0, .optional = always});
	switch_update(true);
	frames.extensions |= PT_HAS_UPDATE;
	expect_done(&s, "on_again", store);
	check("on_again_sets_both", (pte() & used) == used);
}

static void test(enum pt_mode mode)
{
	open(mode);
	sets(mode);
	dirty_comes_with_the_store();
	cleared_is_set_again();
	refusals();
	misaligned_superpage();

	const char *before = check_skip_all(pmp_entries() < 2 ? "no PMP here" : NULL);

	protected_page();
	protected_table();
	check_skip_back(before);
	switched_off();
	space_close(&s);
	frame_free(frame);
}

/* With the switch, or always. */
static bool hardware_sets(void)
{
	bool sets;

	if (switch_update(true))
		return true;
	open(XLEN == 32 ? PT_SV32 : PT_SV39);
	unused(page);
	sets = probe(&s, (struct probe){.access = ACC_LOAD, .va = va}).done;
	space_close(&s);
	frame_free(frame);
	if (sets)
		frames.extensions |= PT_HAS_UPDATE;
	return sets;
}

int main(void)
{
	space_start();
	pmp_start();
	if (!hardware_sets())
		check_skip_all("no Svadu here");
	for_each_mode(test);
	return check_end();
}
