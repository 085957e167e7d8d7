/*
 * Pages of 64 KiB (Svnapot): 16 PTEs, each of which says that it is one of them. The
 * address's own bits stand where the size does in the PTE.
 */
#include "check.h"
#include "extensions.h"
#include "space.h"

#define PAGE  0x40000000ul
#define BYTES PT_NAPOT_BYTES

static const unsigned all = PT_WRITE | PT_X | PT_U;

static xword block; /* 64 KiB of RAM */

static struct probe by(unsigned access, xword va)
{
	return (struct probe){.access = access, .priv = PRIV_U, .va = va};
}

static void put(const struct space *s, xword va, unsigned level, uint64_t pte)
{
	pte_put(s, va, level, pte);
	fence_all();
}

static void open(struct space *s, enum pt_mode mode, uint64_t flags)
{
	space_open(s, mode, PT_ALL_LEVELS, 1);
	/* By hand, so that the PTEs are there on machines that know no such page. */
	for (xword offset = 0; offset < BYTES; offset += 4096) {
		space_map(s, PAGE + offset, block + offset, 0, PT_READ);
		pte_put(s, PAGE + offset, 0, pt_leaf(block, flags | PT_N));
	}
	space_use(s);
}

/* ---- it translates --------------------------------------------------------------- */

static void translates(enum pt_mode mode)
{
	bool loads = true, stores = true, fetches = true;
	struct space s;

	open(&s, mode, all);
	for (xword offset = 0; offset < BYTES; offset += 4096) {
		*word_at(block + offset + 8) = offset + 1;
		code_put(block + offset + 16, (unsigned)(offset >> 12) + 100);
	}
	for (xword offset = 0; offset < BYTES; offset += 4096) {
		struct outcome o = probe(&s, by(ACC_LOAD, PAGE + offset + 8));
		struct probe store = by(ACC_STORE, PAGE + offset + 8);

		loads = loads && o.done && o.value == offset + 1;
		store.value = ~offset;
		o = probe(&s, store);
		stores = stores && o.done && *word_at(block + offset + 8) == ~offset;
		o = probe(&s, by(ACC_FETCH, PAGE + offset + 16));
		fetches = fetches && o.done && o.value == (offset >> 12) + 100;
	}
	check("loads_at_each_page", loads);
	check("stores_at_each_page", stores);
	check("fetches_at_each_page", fetches);
	expect_fault(&s, "ends_after_64_kib", by(ACC_LOAD, PAGE + BYTES),
		     (struct expected){REASON_PTE_INVALID, .level = 0});
	space_close(&s);
}

/* Each of the 16 PTEs speaks for its own page, if none of the others was asked. */
static void one_pte_alone(enum pt_mode mode)
{
	const xword va = PAGE + 5 * 4096;
	struct space s;

	open(&s, mode, all);
	for (xword offset = 0; offset < BYTES; offset += 4096)
		pte_put(&s, PAGE + offset, 0, PAGE + offset == va ? pt_leaf(block, all | PT_N) : 0);
	fence_all();
	*word_at(block + 5 * 4096) = 55;
	expect_value(&s, "one_pte_alone", by(ACC_LOAD, va), 55);
	space_close(&s);
}

/* A fence of any address in it covers all of it, whichever PTE a TLB has read. */
static void fenced_as_one(enum pt_mode mode)
{
	const struct expected gone = {REASON_PTE_INVALID, .level = 0};
	struct space s;

	open(&s, mode, all);
	for (xword offset = 0; offset < BYTES; offset += 4096)
		probe(&s, by(ACC_LOAD, PAGE + offset));
	for (xword offset = 0; offset < BYTES; offset += 4096)
		pte_put(&s, PAGE + offset, 0, 0);
	for (xword offset = 0; offset < BYTES; offset += 4096)
		fence_address(PAGE + offset);
	expect_fault(&s, "fenced_first", by(ACC_LOAD, PAGE), gone);
	expect_fault(&s, "fenced_last", by(ACC_LOAD, PAGE + BYTES - 8), gone);
	space_close(&s);
}

/* ---- permissions --------------------------------------------------------------------- */

static void permissions(enum pt_mode mode)
{
	struct probe store = by(ACC_STORE, PAGE + 0x7000);
	struct space s;

	open(&s, mode, PT_EXEC | PT_U);
	expect_fault(&s, "read_only", store, (struct expected){REASON_NOT_WRITABLE, .level = 0});
	store.priv = PRIV_S;
	expect_fault(&s, "user_page", store, (struct expected){REASON_USER_PAGE, .level = 0});
	space_close(&s);
}

/* Hardware that sets A and D writes the PTE as memory has it, not as it was meant. */
static void update(enum pt_mode mode)
{
	const xword va = PAGE + 0x3000;
	const unsigned clean = all & ~(PT_A | PT_D);
	struct space s;
	bool have = switch_update(true);

	const char *before = check_skip_all(have ? NULL : "no Svadu here");

	open(&s, mode, clean);
	probe(&s, by(ACC_STORE, va));
	check("update_keeps_the_size", pte_get(&s, va, 0) == pt_leaf(block, all | PT_N));
	check("update_of_one_pte", pte_get(&s, va + 4096, 0) == pt_leaf(block, clean | PT_N));
	space_close(&s);
	switch_update(false);
	check_skip_back(before);
}

/* ---- what it may not be ------------------------------------------------------------------ */

static void reserved(enum pt_mode mode)
{
	const char *const other = "another size, or ignored here";
	struct expected e = {.reason = REASON_PTE_RESERVED, .level = 0, .optional = other};
	const uint64_t size = (uint64_t)0xf << PTE_PPN;
	struct space s;

	open(&s, mode, all);

	uint64_t good = pte_get(&s, PAGE, 0);

	for (unsigned low = 0; low < 16; low++) {
		if (low == NAPOT_64K)
			continue;
		put(&s, PAGE, 0, (good & ~size) | (uint64_t)low << PTE_PPN);
		expect_fault(&s, check_name("size", low), by(ACC_LOAD, PAGE), e);
	}
	put(&s, PAGE, 0, good);
	for (unsigned level = 1; level < pt_levels(mode); level++) {
		uint64_t pointer = pte_get(&s, PAGE, level);

		e.level = level;
		/* In modes of more levels, probe.S hangs on the upper ones too: a fetch. */
		put(&s, PAGE, level, pointer | PT_N);
		expect_fault(&s, check_name("pointer", level), by(ACC_FETCH, PAGE), e);
		put(&s, PAGE, level, pt_leaf(0, all | PT_N));
		expect_fault(&s, check_name("superpage", level), by(ACC_FETCH, PAGE), e);
		put(&s, PAGE, level, pointer);
	}
	space_close(&s);
}

static void test(enum pt_mode mode)
{
	translates(mode);
	one_pte_alone(mode);
	fenced_as_one(mode);
	permissions(mode);
	update(mode);
	reserved(mode);
}

int main(void)
{
	space_start();
	block = frame_block(BYTES);
	if (!(frames.extensions & PT_HAS_NAPOT))
		check_skip_all("no Svnapot here");
	for_each_mode(test);
	return check_end();
}
