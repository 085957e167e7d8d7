/*
 * The checker, pointers, superpages, global mappings, roots: for each rule on what a cache may
 * hold, an answer that it must accept and one that it must refuse (riscv-vm.md, section 3;
 * sim/golden/checker.h).
 */
#include "checker_fixture.h"

/* ---- pointers ------------------------------------------------------------ */

/* VA's table of last PTEs changed; both tables hold a leaf for it. */
static void make_pointer_stale(void)
{
	write_pte(ENTRY(LAST_B), pte(PAGE_B, LEAF));
	warm_up();
	write_pte(ENTRY(MID), pte(LAST_B, V));
	ACCEPTED(given(ok(PAGE_B, 0)));
	HELD(given(ok(PAGE, 0)));
}

static void pointer_survives_fences_by_address(void **state)
{
	(void)state;
	make_pointer_stale();
	fence_va(VA);
	fence_va_asid(VA, ASID);
	HELD(given(ok(PAGE, 0)));
	/* The leaf below it does not. */
	write_pte(ENTRY(LAST), pte(0x92000000, LEAF));
	HELD(given(ok(PAGE, 0)));
	HELD(given(ok(0x92000000, 0)));
	fence_va(VA);
	WRONG(given(ok(PAGE, 0)));
	HELD(given(ok(0x92000000, 0)));
}

static void fences_of_all_addresses_end_a_pointer(void **state)
{
	(void)state;
	make_pointer_stale();
	fence_asid(OTHER_ASID);
	HELD(given(ok(PAGE, 0)));
	fence_asid(ASID);
	WRONG(given(ok(PAGE, 0)));
	write_pte(ENTRY(MID), pte(LAST, V));
	HELD(given(ok(PAGE_B, 0)));
	fence_all();
	WRONG(given(ok(PAGE_B, 0)));
}

static void stale_pointer_may_lead_to_a_present_fault(void **state)
{
	(void)state;
	make_pointer_stale();
	write_pte(ENTRY(LAST), 0);
	HELD(given(page_fault(REASON_PTE_INVALID, 0)));
	WRONG(given(page_fault(REASON_PTE_INVALID, 1)));
	write_pte(ENTRY(LAST), pte(PAGE, LEAF));
	WRONG(given(page_fault(REASON_PTE_INVALID, 0)));
}

static void values_are_chosen_pte_by_pte(void **state)
{
	(void)state;
	make_pointer_stale();
	write_pte(ENTRY(ROOT), pte(MID_B, V));
	write_pte(ENTRY(MID_B), pte(LAST, V));
	write_pte(ENTRY(LAST), pte(0x92000000, LEAF));
	ACCEPTED(given(ok(0x92000000, 0))); /* new, new, new */
	HELD(given(ok(PAGE, 0)));           /* new or old pointers, old leaf */
	HELD(given(ok(PAGE_B, 0)));         /* old, present, present */
	WRONG(given(ok(0x93000000, 0)));
}

/* ---- superpages ---------------------------------------------------------- */

static void superpage_is_fenced_by_any_address_inside(void **state)
{
	(void)state;
	write_pte(ENTRY(MID), pte(0x80000000, LEAF));
	ACCEPTED(given(ok(0x80001000, 1)));
	write_pte(ENTRY(MID), pte(0xa0000000, LEAF));
	HELD(given(ok(0x80001000, 1)));
	fence_va(0x40400000); /* the next 2 MiB */
	fence_va(0x401fffff); /* the last byte before */
	HELD(given(ok(0x80001000, 1)));
	fence_va(0x403ff123);
	WRONG(given(ok(0x80001000, 1)));

	write_pte(ENTRY(ROOT), pte(0, LEAF));
	HELD(given(ok(0xa0001000, 1)));
	ACCEPTED(given(ok(0x00201000, 2)));
	write_pte(ENTRY(ROOT), pte(0x40000000, LEAF));
	HELD(given(ok(0x00201000, 2)));
	fence_va(0x7fffffff);
	WRONG(given(ok(0x00201000, 2)));
	/* The pointer that stood there before, and the leaf below: not so. */
	fence_va(VA);
	WRONG(given(ok(0xa0000000, 1)));
}

/* ---- global mappings ----------------------------------------------------- */

static void global_leaf_survives_fences_by_asid(void **state)
{
	(void)state;
	write_pte(ENTRY(LAST), pte(PAGE, LEAF | G));
	ACCEPTED(given(ok(PAGE, 0)));
	write_pte(ENTRY(LAST), pte(PAGE_B, LEAF));
	fence_asid(ASID);
	fence_va_asid(VA, ASID);
	HELD(given(ok(PAGE, 0)));
	fence_va(VA);
	WRONG(given(ok(PAGE, 0)));

	write_pte(ENTRY(LAST), pte(PAGE, LEAF | G));
	HELD(given(ok(PAGE_B, 0)));
	fence_asid(ASID);
	WRONG(given(ok(PAGE_B, 0)));
	write_pte(ENTRY(LAST), 0);
	fence_asid(ASID);
	HELD(given(ok(PAGE, 0)));
	fence_all();
	WRONG(given(ok(PAGE, 0)));
}

static void global_pointer_makes_what_is_below_global(void **state)
{
	(void)state;
	write_pte(ENTRY(ROOT), pte(MID, V | G));
	ACCEPTED(given(ok(PAGE, 0)));
	write_pte(ENTRY(LAST), pte(PAGE_B, LEAF));
	fence_asid(ASID);
	HELD(given(ok(PAGE, 0)));
	fence_va(VA);
	WRONG(given(ok(PAGE, 0)));
}

/* field-bugs.md 62: the G bit of an invalid PTE means nothing. */
static void g_of_an_invalid_pte_means_nothing(void **state)
{
	(void)state;
	write_pte(ENTRY(LAST_B), G);
	warm_up();
	write_pte(ENTRY(MID), pte(LAST_B, V));
	ACCEPTED(given(page_fault(REASON_PTE_INVALID, 0)));
	write_pte(ENTRY(MID), pte(LAST, V));
	HELD(given(page_fault(REASON_PTE_INVALID, 0)));
	fence_asid(ASID);
	WRONG(given(page_fault(REASON_PTE_INVALID, 0)));
}

static void g_of_a_reserved_pte_means_nothing(void **state)
{
	(void)state;
	write_pte(ENTRY(LAST), pte(PAGE, V | W | X | G));
	ACCEPTED(given(page_fault(REASON_PTE_RESERVED, 0)));
	write_pte(ENTRY(LAST), pte(PAGE, LEAF));
	HELD(given(page_fault(REASON_PTE_RESERVED, 0)));
	fence_asid(ASID);
	WRONG(given(page_fault(REASON_PTE_RESERVED, 0)));
}

/* Reserved now, but not when it was read: in a cache, and global. */
static void g_of_a_shadow_stack_page_counts_when_they_are_off(void **state)
{
	(void)state;
	mmu_csr_write(mmu, CSR_MENVCFG, 1 << ENVCFG_SSE);
	write_pte(ENTRY(LAST), pte(PAGE, V | W | G | A | D));
	ACCEPTED(given(ok(PAGE, 0)));
	mmu_csr_write(mmu, CSR_MENVCFG, 0);
	write_pte(ENTRY(LAST), pte(PAGE, LEAF));
	fence_asid(ASID);
	HELD(given(page_fault(REASON_PTE_RESERVED, 0)));
	fence_va(VA);
	WRONG(given(page_fault(REASON_PTE_RESERVED, 0)));
}

/* ---- roots --------------------------------------------------------------- */

/* satp names another root; below it, VA is another page. */
static void change_root(unsigned asid)
{
	write_pte(ENTRY(ROOT_B), pte(MID_B, V));
	write_pte(ENTRY(MID_B), pte(LAST_B, V));
	write_pte(ENTRY(LAST_B), pte(PAGE_B, LEAF));
	warm_up();
	set_satp(SV39(ROOT_B, asid));
	ACCEPTED(given(ok(PAGE_B, 0)));
}

static void old_root_is_held_with_the_same_asid(void **state)
{
	(void)state;
	change_root(ASID);
	HELD(given(ok(PAGE, 0)));
	fence_asid(OTHER_ASID);
	HELD(given(ok(PAGE, 0)));
	fence_va(VA);
	HELD(given(ok(PAGE, 0))); /* the leaf read again, below a pointer that stays */
	fence_asid(ASID);
	WRONG(given(ok(PAGE, 0)));
}

static void root_counts_from_when_it_was_last_in_force(void **state)
{
	(void)state;
	change_root(ASID);
	fence_asid(OTHER_ASID); /* so that the coming fence is one of several */
	fence_va(VA);
	set_satp(SV39(ROOT, ASID));
	fence_asid(ASID);
	WRONG(given(ok(PAGE_B, 0)));
	set_satp(SV39(ROOT_B, ASID));
	HELD(given(ok(PAGE, 0)));
	fence_asid(ASID);
	WRONG(given(ok(PAGE, 0)));
}

static void root_of_a_later_request_may_have_filled_the_cache(void **state)
{
	(void)state;
	change_root(ASID);
	set_satp(SV39(ROOT, ASID));
	fence_all();
	take(&load);
	set_satp(SV39(ROOT_B, ASID));
	HELD(answer(ok(PAGE_B, 0)));
	set_satp(SV39(ROOT, ASID));
	fence_all();
	take(&load);
	set_satp(SV39(ROOT_B, OTHER_ASID));
	WRONG(answer(ok(PAGE_B, 0)));
}

static void full_fence_ends_an_old_root(void **state)
{
	(void)state;
	change_root(ASID);
	fence_all();
	WRONG(given(ok(PAGE, 0)));
	ACCEPTED(given(ok(PAGE_B, 0)));
}

static void root_of_another_asid_is_refused(void **state)
{
	(void)state;
	change_root(OTHER_ASID);
	WRONG(given(ok(PAGE, 0)));
	set_satp(SV39(ROOT, OTHER_ASID));
	HELD(given(ok(PAGE_B, 0)));
	ACCEPTED(given(ok(PAGE, 0)));
}

static void global_mapping_of_another_root_is_held(void **state)
{
	(void)state;
	write_pte(ENTRY(LAST), pte(PAGE, LEAF | G));
	change_root(OTHER_ASID);
	HELD(given(ok(PAGE, 0)));
	fence_asid(ASID);
	fence_asid(OTHER_ASID);
	HELD(given(ok(PAGE, 0)));
	fence_va(VA); /* no pointer that leads there again is global */
	WRONG(given(ok(PAGE, 0)));
}

/* Two roots of one ASID, one after the other: the first one's pointer stays over the fence, and
 * leads to the leaf again, which then is for every ASID. */
static void global_leaf_is_read_again_below_an_old_pointer(void **state)
{
	(void)state;
	write_pte(ENTRY(LAST), pte(PAGE, LEAF | G));
	change_root(ASID);
	fence_va(VA);
	set_satp(SV39(ROOT_B, OTHER_ASID));
	HELD(given(ok(PAGE, 0)));
	fence_asid(ASID); /* the pointer goes, the leaf stays */
	HELD(given(ok(PAGE, 0)));
	fence_va(VA);
	WRONG(given(ok(PAGE, 0)));
}

static void global_leaf_is_not_read_again_without_a_pointer(void **state)
{
	(void)state;
	write_pte(ENTRY(LAST), pte(PAGE, LEAF | G));
	change_root(ASID);
	fence_asid(ASID);
	fence_va(VA);
	set_satp(SV39(ROOT_B, OTHER_ASID));
	WRONG(given(ok(PAGE, 0)));
}

static void global_pointer_of_another_root_is_held(void **state)
{
	(void)state;
	write_pte(ENTRY(MID), pte(LAST, V | G));
	change_root(OTHER_ASID);
	HELD(given(ok(PAGE, 0)));
	fence_asid(ASID);
	fence_asid(OTHER_ASID);
	fence_va(VA);
	HELD(given(ok(PAGE, 0))); /* the leaf, read again below the pointer */
	fence_all();
	WRONG(given(ok(PAGE, 0)));
}

static void old_root_gives_no_present_invalid_root_pte(void **state)
{
	(void)state;
	change_root(ASID);
	write_pte(ENTRY(ROOT), 0);
	WRONG(given(page_fault(REASON_PTE_INVALID, 2)));
	HELD(given(ok(PAGE, 0)));
	write_pte(ENTRY(MID), 0); /* below a pointer that may be held */
	HELD(given(page_fault(REASON_PTE_INVALID, 1)));
}

static void leaf_in_an_old_root_ends_with_a_fence_by_address(void **state)
{
	(void)state;
	write_pte(ENTRY(ROOT), pte(0, LEAF));
	ACCEPTED(given(ok(0x00201000, 2)));
	set_satp(SV39(ROOT_B, ASID));
	HELD(given(ok(0x00201000, 2)));
	fence_va(VA + 0x12345);
	WRONG(given(ok(0x00201000, 2)));
}

/* A mode of another depth: below its root the same tables, one level lower. */
static void old_mode_is_held_for_its_own_addresses(void **state)
{
	(void)state;
	const uint64_t root48 = 0x80007000;
	write_pte(root48, pte(ROOT, V));
	set_satp(SV48(root48, ASID));
	fence_all();
	ACCEPTED(given(ok(PAGE, 0)));

	set_satp(SV39(ROOT_B, ASID)); /* empty */
	HELD(given(ok(PAGE, 0)));
	ACCEPTED(given(page_fault(REASON_PTE_INVALID, 2)));
	fence_asid(ASID);
	WRONG(given(ok(PAGE, 0)));

	/* An address that only the old mode has is none of the present mode's. */
	struct mmu_request high = load;
	high.va = 1ull << 39 | VA;
	write_pte(root48 + 8, pte(ROOT, V));
	set_satp(SV48(root48, ASID));
	take(&high);
	ACCEPTED(answer(ok(PAGE, 0)));
	set_satp(SV39(ROOT_B, ASID));
	take(&high);
	WRONG(answer(ok(PAGE, 0)));
}

static void fence_by_address_knows_the_addresses_of_its_mode(void **state)
{
	(void)state;
	const uint64_t root48 = 0x80007000;
	struct mmu_request high = load;
	high.va = 1ull << 39 | VA;
	write_pte(root48 + 8, pte(ROOT, V));
	set_satp(SV48(root48, ASID));
	take(&high);
	ACCEPTED(answer(ok(PAGE, 0)));
	write_pte(ENTRY(LAST), pte(PAGE_B, LEAF));

	set_satp(SV39(ROOT, ASID));
	fence_va(high.va); /* no address of Sv39 */
	set_satp(SV48(root48, ASID));
	take(&high);
	HELD(answer(ok(PAGE, 0)));
	fence_va(high.va);
	take(&high);
	WRONG(answer(ok(PAGE, 0)));
}

static void request_keeps_the_satp_of_its_acceptance(void **state)
{
	(void)state;
	write_pte(ENTRY(ROOT_B), pte(0, LEAF));
	warm_up();
	mmu_offer(mmu, MMU_DATA, &load);
	set_satp(SV39(ROOT_B, OTHER_ASID)); /* the same step */
	ACCEPTED(answer(ok(PAGE, 0)));
	take(&load);
	set_satp(SV39(ROOT, ASID)); /* the next step */
	fence_all();
	ACCEPTED(answer(ok(0x00201000, 2)));
	take(&load);
	set_satp(SV39(ROOT_B, OTHER_ASID));
	WRONG(answer(ok(0x00201000, 2)));
}

static void untranslated_answers_know_no_cache(void **state)
{
	(void)state;
	struct mmu_request machine = load;
	machine.priv = PRIV_M;
	make_leaf_stale();
	take(&machine);
	WRONG(answer(ok(PAGE, 0)));
	take(&machine);
	ACCEPTED(answer(ok(VA, LEVEL_NONE)));
	set_satp(0);
	WRONG(given(ok(PAGE, 0)));
	ACCEPTED(given(ok(VA, LEVEL_NONE)));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(pointer_survives_fences_by_address),
	    TEST(fences_of_all_addresses_end_a_pointer),
	    TEST(stale_pointer_may_lead_to_a_present_fault),
	    TEST(values_are_chosen_pte_by_pte),
	    TEST(superpage_is_fenced_by_any_address_inside),
	    TEST(global_leaf_survives_fences_by_asid),
	    TEST(global_pointer_makes_what_is_below_global),
	    TEST(g_of_an_invalid_pte_means_nothing),
	    TEST(g_of_a_reserved_pte_means_nothing),
	    TEST(g_of_a_shadow_stack_page_counts_when_they_are_off),
	    TEST(old_root_is_held_with_the_same_asid),
	    TEST(root_counts_from_when_it_was_last_in_force),
	    TEST(root_of_a_later_request_may_have_filled_the_cache),
	    TEST(full_fence_ends_an_old_root),
	    TEST(root_of_another_asid_is_refused),
	    TEST(global_mapping_of_another_root_is_held),
	    TEST(global_leaf_is_read_again_below_an_old_pointer),
	    TEST(global_leaf_is_not_read_again_without_a_pointer),
	    TEST(global_pointer_of_another_root_is_held),
	    TEST(old_root_gives_no_present_invalid_root_pte),
	    TEST(leaf_in_an_old_root_ends_with_a_fence_by_address),
	    TEST(old_mode_is_held_for_its_own_addresses),
	    TEST(fence_by_address_knows_the_addresses_of_its_mode),
	    TEST(request_keeps_the_satp_of_its_acceptance),
	    TEST(untranslated_answers_know_no_cache),
	};
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
