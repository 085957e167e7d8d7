/*
 * Memory types in PTEs (Svpbmt): what is mapped uncached or as I/O is used like any
 * other page, where the switch is on; reserved values and pointers never.
 */
#include "check.h"
#include "extensions.h"
#include "space.h"

#define PAGE 0x40000000ul

static const unsigned all = PT_WRITE | PT_X | PT_U;

static const struct type {
	const char *load, *store, *fetch, *off;
	uint64_t flag;
} types[] = {
    {"nc_load", "nc_store", "nc_fetch", "nc_switched_off", PT_NC},
    {"io_load", "io_store", "io_fetch", "io_switched_off", PT_IO},
};

static struct probe by(unsigned access)
{
	return (struct probe){.access = access, .priv = PRIV_U, .va = PAGE};
}

static void put(const struct space *s, unsigned level, uint64_t pte)
{
	pte_put(s, PAGE, level, pte);
	fence_all();
}

static xword open(struct space *s, enum pt_mode mode)
{
	space_open(s, mode, PT_ALL_LEVELS, 1);

	xword frame = space_page(s, PAGE, all);

	space_use(s);
	return frame;
}

static void works(enum pt_mode mode, const struct type *t)
{
	struct probe store = by(ACC_STORE);
	struct space s;
	xword frame = open(&s, mode);

	put(&s, 0, pt_leaf(frame, all | t->flag));
	*word_at(frame) = 4711;
	expect_value(&s, t->load, by(ACC_LOAD), 4711);
	store.value = 815;
	probe(&s, store);
	check_equal(t->store, 815, *word_at(frame));
	code_put(frame, 77);
	expect_value(&s, t->fetch, by(ACC_FETCH), 77);
	space_close(&s);
	frame_free(frame);
}

/* The switch counts, whatever a TLB knows of the page, as soon as all is fenced. */
static void switched_off(enum pt_mode mode, const struct type *t)
{
	struct space s;
	xword frame = open(&s, mode);

	put(&s, 0, pt_leaf(frame, all | t->flag));
	probe(&s, by(ACC_LOAD));
	switch_pbmt(false);
	expect_fault(
	    &s, t->off, by(ACC_LOAD),
	    (struct expected){REASON_PTE_RESERVED, .level = 0, .optional = "ignored here"});
	switch_pbmt(true);
	space_close(&s);
	frame_free(frame);
}

/* A superpage may have a type. */
static void superpage(enum pt_mode mode)
{
	const uint64_t size = pt_page_size(mode, 1);
	struct space s;
	xword frame = open(&s, mode);
	uint64_t pointer = pte_get(&s, PAGE, 1);
	struct probe load = by(ACC_LOAD);

	put(&s, 1, pt_leaf(frame & ~(size - 1), all | PT_NC));
	load.va = PAGE + (frame & (xword)(size - 1));
	*word_at(frame) = 99;
	expect_value(&s, "superpage", load, 99);
	put(&s, 1, pointer);
	space_close(&s);
	frame_free(frame);
}

static void reserved(enum pt_mode mode)
{
	struct space s;
	xword frame = open(&s, mode);
	struct expected e = {.reason = REASON_PTE_RESERVED, .level = 0};

	e.optional = "ignored here";
	put(&s, 0, pt_leaf(frame, all | PT_NC | PT_IO));
	expect_fault(&s, "both_bits", by(ACC_LOAD), e);
	put(&s, 0, pt_leaf(frame, all));
	for (unsigned level = 1; level < pt_levels(mode); level++) {
		uint64_t pointer = pte_get(&s, PAGE, level);

		e.level = level;
		put(&s, level, pointer | PT_NC);
		expect_fault(&s, check_name("pointer_nc", level), by(ACC_FETCH), e);
		put(&s, level, pointer | PT_IO);
		expect_fault(&s, check_name("pointer_io", level), by(ACC_FETCH), e);
		put(&s, level, pointer);
	}
	space_close(&s);
	frame_free(frame);
}

static void test(enum pt_mode mode)
{
	for (unsigned i = 0; i < sizeof types / sizeof types[0]; i++) {
		works(mode, &types[i]);
		switched_off(mode, &types[i]);
	}
	superpage(mode);
	reserved(mode);
}

int main(void)
{
	space_start();
	if (!switch_pbmt(true))
		check_skip_all("no Svpbmt here");
	for_each_mode(test);
	return check_end();
}
