/*
 * The checker, what registers and extensions change: PMP since the last fence,
 * what is latched at acceptance, NAPOT pages (riscv-vm.md, sections 2.1, 2.8 and
 * 3; sim/golden/checker.h).
 */
#include "checker_fixture.h"

enum { OPEN = 0x1f, CLOSED = 0x18 };

/* Entry 0 is about `bytes` at pa, entry 1 open for the rest; before, entry 0 was all. */
static void protect(uint64_t pa, uint64_t bytes, uint8_t cfg)
{
	mmu_csr_write(mmu, CSR_PMPADDR0 + 1, ~0ull);
	mmu_csr_write(mmu, CSR_PMPCFG0, OPEN << 8 | OPEN);
	mmu_csr_write(mmu, CSR_PMPADDR0, pa >> 2 | ((bytes >> 3) - 1));
	mmu_csr_write(mmu, CSR_PMPCFG0, OPEN << 8 | cfg);
}

/* ---- PMP ----------------------------------------------------------------- */

static void old_pmp_is_held_until_a_fence_of_everything(void **state)
{
	(void)state;
	warm_up();
	protect(PAGE, 4096, CLOSED);
	HELD(given(ok(PAGE, 0)));
	ACCEPTED(given(pmp_fault(0, false)));
	fence_va(VA);
	fence_asid(ASID);
	HELD(given(ok(PAGE, 0)));
	fence_all();
	WRONG(given(ok(PAGE, 0)));
	ACCEPTED(given(pmp_fault(0, false)));

	mmu_csr_write(mmu, CSR_PMPCFG0, OPEN << 8 | OPEN);
	HELD(given(pmp_fault(0, false)));
	ACCEPTED(given(ok(PAGE, 0)));
	fence_all();
	WRONG(given(pmp_fault(0, false)));
}

static void each_state_of_pmp_since_the_fence_counts(void **state)
{
	(void)state;
	protect(PAGE, 4096, CLOSED);
	fence_all();
	mmu_csr_write(mmu, CSR_PMPADDR0, 0x1000);
	mmu_csr_write(mmu, CSR_PMPADDR0, 0x2000);
	ACCEPTED(given(ok(PAGE, 0)));
	HELD(given(pmp_fault(0, false)));
	WRONG(given(pmp_fault(1, true)));
	mmu_csr_write(mmu, CSR_PMPADDR0, ENTRY(MID) >> 2);
	mmu_csr_write(mmu, CSR_PMPADDR0, 0x2000);
	HELD(given(pmp_fault(1, true)));
	WRONG(given(pmp_fault(2, true)));
}

/* Also one that differs in the lower bound of a range alone. */
static void lower_bound_is_part_of_pmp(void **state)
{
	(void)state;
	mmu_csr_write(mmu, CSR_PMPADDR0 + 2, ~0ull);
	mmu_csr_write(mmu, CSR_PMPADDR0 + 1, (PAGE + 0x1000) >> 2);
	mmu_csr_write(mmu, CSR_PMPADDR0, (PAGE + 0x800) >> 2);
	mmu_csr_write(mmu, CSR_PMPCFG0, OPEN << 16 | 0x08 << 8); /* TOR, closed */
	fence_all();
	ACCEPTED(given(ok(PAGE, 0)));
	mmu_csr_write(mmu, CSR_PMPADDR0, PAGE >> 2);
	ACCEPTED(given(pmp_fault(0, false)));
	HELD(given(ok(PAGE, 0)));
	fence_all();
	WRONG(given(ok(PAGE, 0)));
}

/* The PTE by the old registers, the access by the new ones, and the other way round. */
static void pmp_is_chosen_check_by_check(void **state)
{
	(void)state;
	mmu_csr_write(mmu, CSR_PMPADDR0 + 2, ~0ull);
	mmu_csr_write(mmu, CSR_PMPADDR0, ENTRY(LAST) >> 2);
	mmu_csr_write(mmu, CSR_PMPADDR0 + 1, PAGE >> 2 | 0x1ff);
	mmu_csr_write(mmu, CSR_PMPCFG0, OPEN << 16 | OPEN << 8 | CLOSED); /* PTE closed */
	fence_all();
	WRONG(given(pmp_fault(0, false)));
	mmu_csr_write(mmu, CSR_PMPCFG0, OPEN << 16 | CLOSED << 8 | OPEN); /* page closed */
	ACCEPTED(given(pmp_fault(0, false)));
	HELD(given(pmp_fault(0, true)));
	HELD(given(ok(PAGE, 0)));
	fence_all();
	WRONG(given(ok(PAGE, 0)));
	WRONG(given(pmp_fault(0, true)));
}

/* PMP grants execution alone, PMA all but that: a prefetch passes nowhere, and PMA is why, also
 * of a leaf that a cache still holds. */
static void what_pmp_and_pma_grant_together_is_chosen_too(void **state)
{
	(void)state;
	const uint64_t page = 0x1000; /* PMA: load and store */
	struct mmu_request prefetch = load;
	struct mmu_answer refused = pmp_fault(0, false);

	prefetch.access = ACC_PREFETCH;
	refused.reason = REASON_PMA;
	refused.cause = CAUSE_NONE;
	mmu_close(mmu);
	open_checker(mmu_config_find("rva23"));
	mmu_csr_write(mmu, CSR_PMPADDR0 + 1, ~0ull);
	mmu_csr_write(mmu, CSR_PMPADDR0, page >> 2 | 0x1ff);
	mmu_csr_write(mmu, CSR_PMPCFG0, 0x1f1c); /* NAPOT: X; all of it */
	set_satp(SV39(ROOT, ASID)); /* without a fence: PMP as it was before counts as well */
	write_pte(ENTRY(LAST), pte(page, LEAF));
	read_ptes();
	take(&prefetch);
	ACCEPTED(answer(refused));
	write_pte(ENTRY(LAST), pte(PAGE_B, LEAF));
	take(&prefetch);
	HELD(answer(refused));
	mmu_csr_write(mmu, CSR_PMPCFG0, 0x1f1d); /* and R */
	fence_all();
	write_pte(ENTRY(LAST), pte(page, LEAF));
	take(&prefetch);
	WRONG(answer(refused));
}

static void mseccfg_is_part_of_pmp(void **state)
{
	(void)state;
	warm_up();
	mmu_csr_write(mmu, CSR_MSECCFG, 1 << MSECCFG_MML);
	mmu_csr_write(mmu, CSR_PMPCFG0, 0x9c); /* L and X: M-mode's alone */
	WRONG(given(pmp_fault(0, false)));     /* it is ignored under MML */
	mmu_csr_write(mmu, CSR_PMPCFG0, 0x98);
	ACCEPTED(given(pmp_fault(2, true)));
	HELD(given(ok(PAGE, 0)));
	fence_all();
	WRONG(given(ok(PAGE, 0)));
}

static void untranslated_access_sees_pmp_at_its_acceptance(void **state)
{
	(void)state;
	struct mmu_request bare = load;
	struct mmu_answer refused = pmp_fault(LEVEL_NONE, false);
	bare.va = refused.tval = PAGE;
	set_satp(0);

	protect(PAGE, 4096, CLOSED);
	take(&bare);
	WRONG(answer(ok(PAGE, LEVEL_NONE)));
	take(&bare);
	mmu_csr_write(mmu, CSR_PMPCFG0, OPEN << 8 | OPEN);
	ACCEPTED(answer(refused));
	take(&bare);
	mmu_csr_write(mmu, CSR_PMPCFG0, OPEN << 8 | CLOSED);
	WRONG(answer(refused));
	/* In the step of the write: the old value. */
	mmu_offer(mmu, MMU_DATA, &bare);
	mmu_csr_write(mmu, CSR_PMPCFG0, OPEN << 8 | OPEN);
	ACCEPTED(answer(refused));
}

/* ---- what is latched ----------------------------------------------------- */

/* An answer to a load that was taken under `before`, and menvcfg written after. */
static enum verdict answer_across(uint64_t before, uint64_t after, struct mmu_answer a)
{
	set_menvcfg(before);
	take(&load);
	set_menvcfg(after);
	return answer(a);
}

static void menvcfg_counts_as_at_acceptance(void **state)
{
	(void)state;
	struct mmu_answer nc = ok(PAGE, 0);
	nc.memory = MEM_NC;
	write_pte(ENTRY(LAST), 1ull << 61 | pte(PAGE, LEAF));
	ACCEPTED(answer_across(pbmte, 0, nc));
	WRONG(answer_across(pbmte, 0, ok(PAGE, 0)));
	WRONG(answer_across(0, pbmte, nc));
	ACCEPTED(answer_across(0, pbmte, page_fault(REASON_PTE_RESERVED, 0)));

	write_pte(ENTRY(LAST), pte(PAGE, V | W | A | D));
	fence_all();
	ACCEPTED(answer_across(sse, 0, ok(PAGE, 0)));
	WRONG(answer_across(0, sse, ok(PAGE, 0)));
	ACCEPTED(answer_across(0, sse, page_fault(REASON_PTE_RESERVED, 0)));

	write_pte(ENTRY(LAST), pte(PAGE, V | R));
	fence_all();
	WRONG(answer_across(adue, 0, page_fault(REASON_ACCESSED_CLEAR, 0)));
	ACCEPTED(answer_across(0, adue, page_fault(REASON_ACCESSED_CLEAR, 0)));
}

/* What a cache holds is no excuse: later requests see a change at once. */
static void menvcfg_takes_effect_at_once(void **state)
{
	(void)state;
	struct mmu_answer nc = ok(PAGE, 0);
	nc.memory = MEM_NC;
	write_pte(ENTRY(LAST), 1ull << 61 | pte(PAGE, LEAF));
	set_menvcfg(pbmte);
	ACCEPTED(given(nc));
	set_menvcfg(0);
	WRONG(given(nc));
}

static void masked_address_counts_as_at_acceptance(void **state)
{
	(void)state;
	struct mmu_request tagged = load;
	tagged.va = 0xaa00000000000000 | VA;
	take(&tagged);
	WRONG(answer(ok(PAGE, 0)));
	set_menvcfg(2ull << ENVCFG_PMM);
	take(&tagged);
	set_menvcfg(0);
	ACCEPTED(answer(ok(PAGE, 0)));
	/* U-mode's register likewise. */
	tagged.priv = PRIV_U;
	write_pte(ENTRY(LAST), pte(PAGE, LEAF | U));
	mmu_csr_write(mmu, CSR_SENVCFG, 2ull << ENVCFG_PMM);
	take(&tagged);
	mmu_csr_write(mmu, CSR_SENVCFG, 0);
	ACCEPTED(answer(ok(PAGE, 0)));
	tagged.priv = PRIV_S;
	write_pte(ENTRY(LAST), pte(PAGE, LEAF));
	/* Fences are about the address below the tag, and are never masked themselves. */
	make_leaf_stale();
	set_menvcfg(2ull << ENVCFG_PMM);
	fence_va(tagged.va);
	take(&tagged);
	HELD(answer(ok(PAGE, 0)));
	fence_va(VA);
	take(&tagged);
	WRONG(answer(ok(PAGE, 0)));
}

/* An entry of an extension that is off by now stays an entry: global, if it was. */
static void entry_is_held_while_its_extension_is_off(void **state)
{
	(void)state;
	set_menvcfg(sse);
	write_pte(ENTRY(LAST), pte(PAGE, V | W | G | A | D));
	ACCEPTED(given(ok(PAGE, 0)));
	write_pte(ENTRY(LAST), pte(PAGE, LEAF));
	set_menvcfg(0);
	HELD(given(page_fault(REASON_PTE_RESERVED, 0)));
	fence_asid(ASID);
	HELD(given(page_fault(REASON_PTE_RESERVED, 0)));
	fence_va(VA);
	WRONG(given(page_fault(REASON_PTE_RESERVED, 0)));
}

/* ---- NAPOT --------------------------------------------------------------- */

#define NAPOT_PTE(pa) (1ull << 63 | pte((pa) | 0x8000, LEAF))
#define SIBLING(n)    (LAST + 8 * (n)) /* VA's is number 1 */

static void napot_leaf_stands_for_sixteen_pages(void **state)
{
	(void)state;
	warm_up();
	write_pte(SIBLING(5), NAPOT_PTE(PAGE_B));
	HELD(given(ok(PAGE_B | 0x1000, 0)));
	ACCEPTED(given(ok(PAGE, 0)));
	WRONG(given(ok(PAGE_B | 0x5000, 0)));
	/* Of that it takes all: what it does not permit is refused. */
	write_pte(SIBLING(6), 1ull << 63 | pte(PAGE_B | 0x8000, V | W | X));
	write_pte(SIBLING(7), 1ull << 63 | pte(PAGE_B | 0x8000, V | X | A));
	HELD(given(page_fault(REASON_NOT_READABLE, 0)));
	WRONG(given(page_fault(REASON_PTE_INVALID, 0)));
}

static void others_stand_for_their_own_page(void **state)
{
	(void)state;
	warm_up();
	write_pte(SIBLING(2), pte(PAGE_B, LEAF));                /* no NAPOT */
	write_pte(SIBLING(3), 1ull << 63 | pte(PAGE_B, LEAF));   /* reserved */
	write_pte(SIBLING(4), NAPOT_PTE(PAGE_B) & ~(uint64_t)V); /* invalid */
	write_pte(SIBLING(16), NAPOT_PTE(PAGE_B));               /* of the next sixteen */
	WRONG(given(ok(PAGE_B, 0)));
	WRONG(given(ok(PAGE_B | 0x1000, 0)));
	WRONG(given(page_fault(REASON_PTE_INVALID, 0)));
	WRONG(given(page_fault(REASON_PTE_RESERVED, 0)));
}

static void napot_leaf_is_fenced_by_any_of_its_pages(void **state)
{
	(void)state;
	read_ptes();
	for (unsigned n = 0; n < 16; n += 5) {
		write_pte(SIBLING(1), NAPOT_PTE(PAGE_B));
		ACCEPTED(given(ok(PAGE_B | 0x1000, 0)));
		write_pte(SIBLING(1), pte(PAGE, LEAF));
		fence_va(VA + 0xf000);
		HELD(given(ok(PAGE_B | 0x1000, 0)));
		fence_va(VA - 0x1000 + 0x1000 * n);
		WRONG(given(ok(PAGE_B | 0x1000, 0)));
	}
	/* And so is one that stood for this page. */
	write_pte(SIBLING(9), NAPOT_PTE(PAGE_B));
	write_pte(SIBLING(9), 0);
	HELD(given(ok(PAGE_B | 0x1000, 0)));
	fence_va(VA);
	WRONG(given(ok(PAGE_B | 0x1000, 0)));
}

/* What stands for this page was read in its own place. */
static void pmp_at_the_place_of_a_napot_leaf_counts(void **state)
{
	(void)state;
	write_pte(SIBLING(5), NAPOT_PTE(PAGE_B));
	protect(SIBLING(1), 8, CLOSED);
	fence_all();
	ACCEPTED(given(pmp_fault(0, true)));
	HELD(given(ok(PAGE_B | 0x1000, 0)));
	WRONG(given(ok(PAGE, 0)));

	protect(SIBLING(5), 8, CLOSED);
	fence_all();
	ACCEPTED(given(ok(PAGE, 0)));
	WRONG(given(ok(PAGE_B | 0x1000, 0)));
	WRONG(given(pmp_fault(0, true)));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(old_pmp_is_held_until_a_fence_of_everything),
	    TEST(each_state_of_pmp_since_the_fence_counts),
	    TEST(lower_bound_is_part_of_pmp),
	    TEST(pmp_is_chosen_check_by_check),
	    TEST(what_pmp_and_pma_grant_together_is_chosen_too),
	    TEST(mseccfg_is_part_of_pmp),
	    TEST(untranslated_access_sees_pmp_at_its_acceptance),
	    TEST(menvcfg_counts_as_at_acceptance),
	    TEST(menvcfg_takes_effect_at_once),
	    TEST(masked_address_counts_as_at_acceptance),
	    TEST(entry_is_held_while_its_extension_is_off),
	    TEST(napot_leaf_stands_for_sixteen_pages),
	    TEST(others_stand_for_their_own_page),
	    TEST(pmp_at_the_place_of_a_napot_leaf_counts),
	    TEST(napot_leaf_is_fenced_by_any_of_its_pages),
	};
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
