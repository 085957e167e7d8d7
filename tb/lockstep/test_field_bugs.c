/*
 * Bugs that other MMUs have shipped with, one test a rule, named for the rule that
 * the bug broke: permission on a hit, entries that must not be taken for each other,
 * what is cached at all, and the request's context. The numbers of the field bugs are
 * those of docs/field-bugs.md, which says where each one is tested.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "scene.h"

#define PAGE_A (SCENE_PAGES + 0x1000)
#define PAGE_B (SCENE_PAGES + 0x2000)

static bool is_rv32(const struct scene *s)
{
	return s->mode.pte_bytes == 4;
}

static struct mmu_answer ask_as(struct scene *s, uint64_t va, unsigned access, unsigned priv,
				bool sum, bool mxr)
{
	struct mmu_request r = scene_request(va, access);
	r.priv = priv;
	r.sum = sum;
	r.mxr = mxr;
	return scene_ask(s, &r).answer;
}

/* ---- permission on a hit ------------------------------------------------- */

/* Field bug 2: load an execute-only page with MXR set, then with MXR clear. */
static void mxr_cleared_counts_on_the_next_hit(struct scene *s)
{
	scene_map(s, 0x1000, PAGE_A, 0, PV | PX | PA);
	assert_false(ask_as(s, 0x1000, ACC_LOAD, PRIV_S, false, true).fault);
	assert_int_equal(ask_as(s, 0x1000, ACC_LOAD, PRIV_S, false, false).reason,
			 REASON_NOT_READABLE);
}

/* Field bug 1, on one port: a load brings the page in, a store must still be refused. */
static void an_entry_grants_only_what_its_pte_grants(struct scene *s)
{
	scene_map(s, 0x1000, PAGE_A, 0, PV | PR | PA | PD);
	scene_expect_pa(s, 0x1000, ACC_LOAD, PAGE_A);
	scene_expect_fault(s, 0x1000, ACC_STORE, CAUSE_STORE_PAGE, REASON_NOT_WRITABLE);
	scene_expect_fault(s, 0x1000, ACC_FETCH, CAUSE_FETCH_PAGE, REASON_NOT_EXECUTABLE);
}

/* Field bugs 6, 7: SUM opens U pages to loads and stores of S-mode, never to its fetches. */
static void s_mode_never_executes_a_u_page(struct scene *s)
{
	scene_map(s, 0x1000, PAGE_A, 0, P_RWX | PU);
	for (unsigned warm = 0; warm < 2; warm++) {
		assert_int_equal(ask_as(s, 0x1000, ACC_FETCH, PRIV_S, true, true).reason,
				 REASON_USER_PAGE);
		assert_false(ask_as(s, 0x1000, ACC_LOAD, PRIV_S, true, false).fault);
		assert_false(ask_as(s, 0x1000, ACC_FETCH, PRIV_U, false, false).fault);
	}
}

/* Field bug 8: SUM is judged anew on a hit. */
static void sum_cleared_counts_on_the_next_hit(struct scene *s)
{
	scene_map(s, 0x1000, PAGE_A, 0, P_RWX | PU);
	assert_false(ask_as(s, 0x1000, ACC_STORE, PRIV_S, true, false).fault);
	assert_int_equal(ask_as(s, 0x1000, ACC_STORE, PRIV_S, false, false).reason,
			 REASON_USER_PAGE);
	assert_false(ask_as(s, 0x1000, ACC_STORE, PRIV_U, false, false).fault);
}

/* Field bugs 4, 5: each fault of a leaf asked for cold, and warm behind an access that fills. */
static void a_fault_is_the_same_cold_and_warm(struct scene *s)
{
	static const struct {
		unsigned flags, filler, access;
	} leaves[] = {
	    {PV | PR | PA, ACC_LOAD, ACC_STORE},
	    {PV | PR | PW | PA, ACC_LOAD, ACC_STORE},
	    {PV | PR | PX | PA, ACC_LOAD, ACC_STORE},
	};

	for (unsigned i = 0; i < sizeof leaves / sizeof leaves[0]; i++) {
		scene_map(s, 0x1000, PAGE_A, 0, leaves[i].flags);
		scene_fence_all(s);
		struct scene_answer cold = scene_touch(s, 0x1000, leaves[i].access);
		assert_false(scene_touch(s, 0x1000, leaves[i].filler).answer.fault);
		struct scene_answer warm = scene_touch(s, 0x1000, leaves[i].access);
		assert_true(cold.reads > 0 && warm.reads == 0);
		assert_true(cold.answer.fault && warm.answer.fault);
		assert_int_equal(cold.answer.cause, warm.answer.cause);
		assert_int_equal(cold.answer.reason, warm.answer.reason);
		assert_int_equal(cold.answer.level, warm.answer.level);
	}
}

/* ---- one entry at most --------------------------------------------------- */

/* Field bugs 10, 59: a 4 KiB entry, then a superpage over it, then a small page in that
 * again, without a fence: what came last answers, alone, and the addresses never mix. */
static void a_refill_drops_what_it_overlaps(struct scene *s)
{
	uint64_t big = scene_page_size(s, 1), va = big * 5 + 0x3000;
	uint64_t place = scene_place(s, va, 1), table = scene_peek(s, place);
	enum { ASID_A = 1, ASID_B = 2 };

	scene_needs_whole_walks(s);
	scene_satp(s, ASID_A, s->root);
	scene_map(s, va, PAGE_A, 0, P_RWX);
	scene_expect_pa(s, va, ACC_LOAD, PAGE_A);

	scene_poke(s, place, scene_pte(SCENE_PAGES + big * 3, P_RWX | PG));
	scene_satp(s, ASID_B, s->root);
	scene_expect_pa(s, va, ACC_LOAD, SCENE_PAGES + big * 3 + 0x3000);
	scene_satp(s, ASID_A, s->root);
	scene_expect_pa(s, va, ACC_LOAD, SCENE_PAGES + big * 3 + 0x3000);

	scene_poke(s, place, table);
	scene_poke(s, scene_place(s, va, 0), scene_pte(PAGE_B, P_RWX | PG));
	scene_fence_va(s, va);
	scene_expect_pa(s, va, ACC_LOAD, PAGE_B);
	scene_satp(s, ASID_B, s->root);
	scene_expect_pa(s, va, ACC_LOAD, PAGE_B);
}

/* Field bugs 11, 12: the same page asked for again and again stays one entry, so that a
 * TLB full of others is untouched by it. */
static void a_hit_never_fills(struct scene *s)
{
	unsigned entries = mmu_config(s->mmu)->data_entries;

	for (unsigned i = 0; i < entries; i++) {
		scene_map(s, i << 12, SCENE_PAGES + (i << 12), 0, P_RWX);
		scene_touch(s, i << 12, ACC_LOAD);
	}
	for (unsigned i = 0; i < 3 * entries; i++)
		scene_expect_hit(s, 0, i & 1 ? ACC_LOAD : ACC_STORE);
	for (unsigned i = 0; i < entries; i++)
		scene_expect_hit(s, i << 12, ACC_LOAD);
}

/* Field bug 100, and 32: pages and ASIDs that differ in one bit only, every bit in turn. */
static void every_bit_of_the_address_tells_pages_apart(struct scene *s)
{
	unsigned va_bits = 12 + s->mode.levels * s->mode.vpn_bits;
	unsigned top = is_rv32(s) ? va_bits : va_bits - 1; /* below the sign */

	scene_map(s, 0, PAGE_A, 0, P_RWX);
	for (unsigned bit = 12; bit < top; bit++) {
		scene_expect_pa(s, 0, ACC_LOAD, PAGE_A);
		scene_expect_fault(s, 1ull << bit, ACC_LOAD, CAUSE_LOAD_PAGE, REASON_PTE_INVALID);
	}
	if (!is_rv32(s)) {
		scene_expect_pa(s, 0, ACC_LOAD, PAGE_A);
		scene_expect_fault(s, -1ull << (va_bits - 1), ACC_LOAD, CAUSE_LOAD_PAGE,
				   REASON_PTE_INVALID);
	}
}

static void every_bit_of_the_asid_tells_spaces_apart(struct scene *s)
{
	uint64_t other = scene_table(s);

	scene_map(s, 0x1000, PAGE_A, 0, P_RWX);
	scene_expect_pa(s, 0x1000, ACC_LOAD, PAGE_A);
	for (unsigned bit = 0; bit < mmu_config(s->mmu)->asid_bits; bit++) {
		scene_satp(s, 1u << bit, other);
		scene_expect_fault(s, 0x1000, ACC_LOAD, CAUSE_LOAD_PAGE, REASON_PTE_INVALID);
		scene_satp(s, 0, other);
		scene_expect_pa(s, 0x1000, ACC_LOAD, PAGE_A);
	}
}

/* ---- what is cached ------------------------------------------------------ */

/* Field bugs 17, 62, 66, and 87 in spirit: after a fault of each kind the PTE is made valid,
 * and the next access sees it, without a fence. */
static void a_faulting_walk_leaves_nothing_behind(struct scene *s)
{
	static const unsigned flags[] = {0,       P_RWX & ~PV, (P_RWX | PG) & ~PV,
					 PV | PW, P_RWX & ~PA, PV | PR | PA | PU};

	scene_map(s, 0x1000, PAGE_A, 0, 0);
	uint64_t place = scene_place(s, 0x1000, 0);
	for (unsigned i = 0; i < sizeof flags / sizeof flags[0]; i++) {
		scene_poke(s, place, scene_pte(PAGE_B, flags[i]));
		assert_true(scene_touch(s, 0x1000, ACC_LOAD).answer.fault);
		scene_poke(s, place, scene_pte(PAGE_A, P_RWX));
		scene_expect_pa(s, 0x1000, ACC_LOAD, PAGE_A);
		scene_fence_all(s);
	}
}

/* Field bug 57: a global leaf, and a leaf below a global pointer. The first hits in every
 * address space; the second may. */
static void a_global_page_hits_in_every_address_space(struct scene *s)
{
	uint64_t other = scene_table(s);

	scene_map(s, 0x1000, PAGE_A, 0, P_RWX | PG);
	scene_expect_pa(s, 0x1000, ACC_LOAD, PAGE_A);
	scene_satp(s, 5, other);
	scene_expect_hit(s, 0x1000, ACC_LOAD);
	scene_expect_pa(s, 0x1000, ACC_LOAD, PAGE_A);
}

/* ---- the request's context ----------------------------------------------- */

/* Field bugs 70, 76, 84: M-mode is not translated, whatever hits or is being walked. */
static void m_mode_is_never_translated(struct scene *s)
{
	scene_map(s, 0x1000, PAGE_A, 0, P_RWX);
	scene_expect_pa(s, 0x1000, ACC_LOAD, PAGE_A);
	scene_expect_pa(s, 0x1000, ACC_FETCH, PAGE_A);
	for (unsigned access = 0; access < 3; access++) {
		struct mmu_answer a = ask_as(s, 0x1123, access, PRIV_M, true, true);
		assert_false(a.fault);
		assert_int_equal(a.pa, 0x1123);
		assert_int_equal(a.level, LEVEL_NONE);
	}
}

/* For ONLY, which may name any configuration. */
static bool fits(const struct mmu_config *c)
{
	return scene_memory_is_open(c);
}

int main(void)
{
	static const struct scene_rule rules[] = {
	    SCENE_RULE(mxr_cleared_counts_on_the_next_hit),
	    SCENE_RULE(an_entry_grants_only_what_its_pte_grants),
	    SCENE_RULE(s_mode_never_executes_a_u_page),
	    SCENE_RULE(sum_cleared_counts_on_the_next_hit),
	    SCENE_RULE(a_fault_is_the_same_cold_and_warm),
	    SCENE_RULE(a_refill_drops_what_it_overlaps),
	    SCENE_RULE(a_hit_never_fills),
	    SCENE_RULE(every_bit_of_the_address_tells_pages_apart),
	    SCENE_RULE(every_bit_of_the_asid_tells_spaces_apart),
	    SCENE_RULE(a_faulting_walk_leaves_nothing_behind),
	    SCENE_RULE(a_global_page_hits_in_every_address_space),
	    SCENE_RULE(m_mode_is_never_translated),
	};

	scene_want(fits);
	return scene_run_rules(rules, sizeof rules / sizeof rules[0]);
}
