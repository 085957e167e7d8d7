/*
 * Segments beside page tables: a segment comes before the page of the same address, pages
 * map what no segment holds, and nothing of it needs a fence.
 */
#include "check.h"
#include "property.h"
#include "segment.h"

#define PAGE  0x40000000ul /* a page, and often a segment too */
#define NEXT  0x40001000ul /* the page behind it */
#define ALONE 0x50000000ul /* in no page */

enum { FROM_PAGE = 100, FROM_NEXT = 200, FROM_SEGMENT = 300 };

static const xword cfg = SEGMENT_V | SEGMENT_R | SEGMENT_W | SEGMENT_U | SEGMENT_G;

static struct space space;
static enum pt_mode mode;
static xword memory; /* of the segment: two pages */
static unsigned asids;

static struct probe load(xword va)
{
	return (struct probe){.access = ACC_LOAD, .priv = PRIV_U, .va = va};
}

static struct probe store(xword va)
{
	return (struct probe){.access = ACC_STORE, .priv = PRIV_U, .va = va};
}

static void map(unsigned i, xword base, xword last)
{
	segment_set(i, (struct segment){base, last, memory, cfg});
}

/* Pages at PAGE and NEXT, no segment but the mode for both. */
static void start_again(void)
{
	for (unsigned i = 0; i < segment_count(); i++)
		segment_set(i, (struct segment){0, 0, 0, 0});
	segment_switch(SEGMODE_BOTH, 0);
	space_use(&space);
	*word_at(memory + 8) = FROM_SEGMENT;
}

/* ---- which of the two answers ---------------------------------------------------------- */

static void a_segment_comes_before_the_page(void)
{
	want_value(&space, load(PAGE + 8), FROM_PAGE);
	map(0, PAGE, PAGE + 0xfff);
	want_value(&space, load(PAGE + 8), FROM_SEGMENT);
	want_value(&space, load(NEXT + 8), FROM_NEXT);
}

/* Whatever a TLB has kept of the page. */
static void on_and_off_without_a_fence(void)
{
	for (unsigned round = 0; round < 3; round++) {
		map(0, PAGE, PAGE + 0xfff);
		want_value(&space, load(PAGE + 8), FROM_SEGMENT);
		segment_set(0, (struct segment){PAGE, PAGE + 0xfff, memory, 0});
		want_value(&space, load(PAGE + 8), FROM_PAGE);
		map(0, PAGE, PAGE + 0xfff);
		segment_switch(SEGMODE_PAGING, 0);
		want_value(&space, load(PAGE + 8), FROM_PAGE);
		segment_switch(SEGMODE_BOTH, 0);
	}
}

/* The page goes on where the segment ends; an access does not. */
static void within_a_page_the_segment_may_end(void)
{
	map(0, PAGE, PAGE + 0x7ff);
	want_value(&space, load(PAGE + 8), FROM_SEGMENT);
	want_value(&space, load(PAGE + 0x800), FROM_PAGE + 1);
	want_fault(&space, load(PAGE + 0x7fc + 1), REASON_SEGMENT_LIMIT);
}

/* What a segment refuses, no page allows. */
static void a_page_does_not_mend_a_refusal(void)
{
	segment_set(0, (struct segment){PAGE, PAGE + 0xfff, memory, cfg & ~SEGMENT_W});
	want_value(&space, load(PAGE + 8), FROM_SEGMENT);
	want_fault(&space, store(PAGE + 8), REASON_SEGMENT_PERMISSION);
	want_value(&space, load(NEXT + 8), FROM_NEXT);
	want_done(&space, store(NEXT + 0x20));
}

static void no_page_is_needed(void)
{
	struct probe p = load(ALONE + 8);

	want(!probe(&space, p).done, "a page is there");
	map(0, ALONE, ALONE + 0x1fff);
	want_value(&space, p, FROM_SEGMENT);
}

/* In two pages it is two accesses: the first half in the segment, the second in the page. */
static void an_access_may_lie_in_both(void)
{
	struct probe p = {.access = ACC_STORE, .priv = PRIV_U, .bytes = 4, .va = NEXT - 2};

	map(0, PAGE, PAGE + 0xfff);
	p.value = 0x44332211;
	want_done(&space, p);
	p.access = ACC_LOAD;
	want_value(&space, p, 0x44332211);
	want_equal(0x2211, *(volatile uint16_t *)(memory + 0xffe), "the segment's half");
	p.bytes = 2;
	p.va = NEXT;
	want_value(&space, p, 0x4433);
}

/* ---- what is none of a segment's business ------------------------------------------------ */

/* An address that the mode does not have may be a segment's. */
static void addresses_that_pages_cannot_have(void)
{
	if (XLEN == 32) {
		property_skip("RV64 only");
		return;
	}
	const xword hole = (xword)((uint64_t)1 << (pt_va_bits(mode) - 1 + (XLEN == 64)));

	map(0, hole, hole + 0xfff);
	want_value(&space, load(hole + 8), FROM_SEGMENT);
	want_fault(&space, load(hole + 0x1000), REASON_NONCANONICAL);
}

/* satp's ASID and segctl's are two. */
static void asids_are_apart(void)
{
	const xword own = cfg & ~SEGMENT_G;

	if (asids == 0) {
		property_skip("no ASIDs here");
		return;
	}
	segment_set(0, (struct segment){PAGE, PAGE + 0xfff, memory, own | SEGMENT_ASID(1)});
	want_value(&space, load(PAGE + 8), FROM_PAGE);
	segment_switch(SEGMODE_BOTH, 1);
	want_value(&space, load(PAGE + 8), FROM_SEGMENT);
	fence_asid(1);
	fence_all();
	want_value(&space, load(PAGE + 8), FROM_SEGMENT);
	segment_switch(SEGMODE_BOTH, 0);
	want_value(&space, load(PAGE + 8), FROM_PAGE);
}

/* Nothing of the page table is read or written for it. */
static void the_page_stays_untouched(void)
{
	uint64_t good = pte_get(&space, PAGE, 0), clear = good & ~(uint64_t)(PT_A | PT_D);

	pte_put(&space, PAGE, 0, clear);
	fence_all();
	map(0, PAGE, PAGE + 0xfff);
	want_done(&space, store(PAGE + 0x10));
	want(pte_get(&space, PAGE, 0) == clear, "A and D of the page");
	pte_put(&space, PAGE, 0, 0);
	fence_all();
	want_value(&space, load(PAGE + 8), FROM_SEGMENT);
	pte_put(&space, PAGE, 0, good);
	fence_all();
}

static void test(enum pt_mode which)
{
	static const struct property properties[] = {
	    PROPERTY(a_segment_comes_before_the_page),
	    PROPERTY(on_and_off_without_a_fence),
	    PROPERTY(within_a_page_the_segment_may_end),
	    PROPERTY(a_page_does_not_mend_a_refusal),
	    PROPERTY(no_page_is_needed),
	    PROPERTY(an_access_may_lie_in_both),
	    PROPERTY(addresses_that_pages_cannot_have),
	    PROPERTY(asids_are_apart),
	    PROPERTY(the_page_stays_untouched),
	};
	const bool there = segment_count() > 0;
	xword frame;

	mode = which;
	space_open(&space, mode, PT_ALL_LEVELS, 0);
	frame = space_page(&space, PAGE, PT_WRITE | PT_U);
	*word_at(frame + 8) = FROM_PAGE;
	*word_at(frame + 0x800) = FROM_PAGE + 1;
	*word_at(space_page(&space, NEXT, PT_WRITE | PT_U) + 8) = FROM_NEXT;
	if (there)
		start_again();
	property_check(properties, sizeof properties / sizeof properties[0],
		       there ? NULL : "no segments here", start_again);
	if (there)
		segment_switch(SEGMODE_PAGING, 0);
	space_close(&space);
}

int main(void)
{
	space_start();
	memory = frame_block(0x2000);
	asids = asid_bits();
	for_each_mode(test);
	return check_end();
}
