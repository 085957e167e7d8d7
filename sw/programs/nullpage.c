/*
 * Nothing is mapped at address zero, so that a null pointer faults, and at most
 * other addresses neither. A program learns which it was: nothing there (a page
 * fault, SEGV_MAPERR), or there but not for this (a protection fault,
 * SEGV_ACCERR). The architecture has one cause for both; the reason's class
 * tells them apart.
 */
#include "check.h"
#include "console.h"
#include "space.h"

#define PAGE 0x40000000ul

/* The level at which the walk to `va` leaves the walk to `mapped`. */
static unsigned parting(enum pt_mode mode, xword va, xword mapped)
{
	unsigned level = pt_levels(mode) - 1;

	while (level > 0 && pt_index(mode, va, level) == pt_index(mode, mapped, level))
		level--;
	return level;
}

static unsigned lower(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

static unsigned class_of(const struct space *s, struct probe p)
{
	struct pt_access access = {p.access, p.priv, p.sum, p.mxr};
	struct outcome o = probe(s, p);
	struct pt_walk walk;

	if (o.done)
		return 99;
	pt_explain(&s->pt, o.tval, &access, &walk);
	return pt_reason_class(reason_exists() ? o.why.reason : walk.reason);
}

static void test(enum pt_mode mode)
{
	struct space s;

	space_open(&s, mode, PT_ALL_LEVELS, 1);
	space_page(&s, PAGE, PT_READ | PT_U);
	space_use(&s);

	const struct {
		const char *name;
		xword va;
	} invalid[] = {
	    {"null", 0},
	    {"null_structure_member", 0x18},
	    {"last_word_of_zero_page", 0x1000 - sizeof(xword)},
	    {"page_behind_a_mapped_one", PAGE + 0x1000},
	    {"page_before_a_mapped_one", PAGE - sizeof(xword)},
	    {"top_of_address_space", -sizeof(xword)},
	    {"minus_one_page", -(xword)4096},
	};

	for (unsigned i = 0; i < sizeof invalid / sizeof invalid[0]; i++) {
		xword va = invalid[i].va;
		struct expected nothing = {
		    .reason = REASON_PTE_INVALID,
		    .level = lower(parting(mode, va, PAGE), parting(mode, va, SPACE_PROBE)),
		};

		expect_fault_all(&s, invalid[i].name, va, nothing);
	}

	struct probe load = {.access = ACC_LOAD, .priv = PRIV_U, .va = 0};
	struct probe store = {.access = ACC_STORE, .priv = PRIV_U, .va = 0};

	check_equal("null_read_is_no_mapping", CLASS_NO_MAPPING, class_of(&s, load));
	check_equal("null_write_is_no_mapping", CLASS_NO_MAPPING, class_of(&s, store));
	store.va = PAGE;
	check_equal("write_to_read_only_is_forbidden", CLASS_FORBIDDEN, class_of(&s, store));
	load.va = SPACE_PROBE + 4096;
	check_equal("read_of_kernel_page_is_forbidden", CLASS_FORBIDDEN, class_of(&s, load));
	space_close(&s);
}

int main(void)
{
	space_start();
	for_each_mode(test);
	return check_end();
}
