/*
 * Bugs that other MMUs have shipped with, one test a rule, named for the rule that the
 * bug broke: A and D set by hardware (Svadu), cache-block operations, shadow-stack
 * accesses. The numbers of the field bugs are those of docs/field-bugs.md; those of
 * another requester are in test_second_requester.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "scene.h"

#define PAGE_A (SCENE_PAGES + 0x1000)
#define PAGE_B (SCENE_PAGES + 0x2000)

/* The access must leave the PTE at `place` so. */
static void expect_marks(struct scene *s, uint64_t va, unsigned access, uint64_t place,
			 uint64_t pte)
{
	assert_int_equal(scene_touch(s, va, access).answer.reason, REASON_NONE);
	assert_int_equal(scene_peek(s, place), pte);
}

/* Field bug 85: the leaf that was used is marked, at whatever level, and no other word: the
 * tables above, and the PTEs on both sides, stay as they are. */
static void the_leaf_that_was_used_is_marked_and_nothing_else(struct scene *s)
{
	scene_menvcfg(s, SCENE_ADUE);
	for (unsigned level = 0; level < s->mode.levels; level++) {
		uint64_t va = scene_page_size(s, level) * 5, path[5];
		uint64_t place = scene_place(s, va, level), step = s->mode.pte_bytes;
		uint64_t pte = scene_pte(0, P_RWX & ~(PA | PD));
		for (unsigned up = level + 1; up < s->mode.levels; up++)
			path[up] = scene_peek(s, scene_place(s, va, up));
		scene_poke(s, place - step, pte);
		scene_poke(s, place + step, pte);
		scene_poke(s, place, pte);
		expect_marks(s, va, ACC_LOAD, place, pte | PA);
		expect_marks(s, va, ACC_STORE, place, pte | PA | PD);
		assert_int_equal(scene_peek(s, place - step), pte);
		assert_int_equal(scene_peek(s, place + step), pte);
		for (unsigned up = level + 1; up < s->mode.levels; up++)
			assert_int_equal(scene_peek(s, scene_place(s, va, up)), path[up]);
		scene_poke(s, place - step, 0);
		scene_poke(s, place + step, 0);
		scene_poke(s, place, 0);
		scene_fence_all(s);
	}
}

/* Field bug 86: one mark leaves the other, and every other bit, as it was. */
static void a_mark_changes_no_other_bit(struct scene *s)
{
	uint64_t upper = s->mode.pte_bytes == 8 ? 3ull << PTE_RSW_HIGH : 0;
	uint64_t place = scene_place(s, 0x1000, 0);

	scene_menvcfg(s, SCENE_ADUE);
	for (unsigned rest = 0; rest < 16; rest++) {
		uint64_t pte = scene_pte(PAGE_A, P_RWX & ~(PA | PD)) | (rest & 3) << PTE_RSW |
			       (rest & 4 ? PG : 0) | (rest & 8 ? upper : 0);
		scene_poke(s, place, pte | PD);
		scene_fence_all(s);
		expect_marks(s, 0x1000, ACC_LOAD, place, pte | PA | PD);
		scene_poke(s, place, pte | PA);
		scene_fence_all(s);
		expect_marks(s, 0x1000, ACC_STORE, place, pte | PA | PD);
	}
}

/* Field bug 87: D is set by all that writes, and by nothing else; A by all but a prefetch. */
static void each_kind_sets_the_marks_that_it_needs(struct scene *s)
{
	static const unsigned marks[SCENE_ACCESSES] = {
	    [ACC_LOAD] = PA,          [ACC_STORE] = PA | PD,
	    [ACC_FETCH] = PA,         [ACC_LR] = PA,
	    [ACC_SC] = PA | PD,       [ACC_AMO] = PA | PD,
	    [ACC_CBO_ZERO] = PA | PD, [ACC_CBO_MANAGE] = PA,
	    [ACC_PREFETCH] = 0,       [ACC_SS_LOAD] = PA,
	    [ACC_SS_STORE] = PA | PD, [ACC_SS_AMO] = PA | PD,
	};
	uint64_t place = scene_place(s, 0x1000, 0);

	scene_menvcfg(s, SCENE_ADUE | SCENE_SSE);
	for (unsigned access = 0; access < SCENE_ACCESSES; access++) {
		bool shadow = access >= ACC_SS_LOAD;
		uint64_t pte = scene_pte(PAGE_A, (shadow ? P_SS : P_RWX) & ~(PA | PD));
		scene_poke(s, place, pte);
		scene_fence_all(s);
		expect_marks(s, 0x1000, access, place, pte | marks[access]);
		/* The same behind a hit that brought the page in with A alone. */
		scene_poke(s, place, pte | PA);
		scene_fence_all(s);
		if (access != ACC_FETCH)
			scene_touch(s, 0x1000, ACC_LOAD);
		expect_marks(s, 0x1000, access, place, pte | PA | marks[access]);
	}
}

/* Field bug 88: each page fault of a leaf, by an access that would set A and D. */
static void a_fault_sets_no_mark(struct scene *s)
{
	uint64_t big = scene_page_size(s, 1);
	const struct {
		uint64_t pte;
		unsigned level, access, reason;
	} leaves[] = {
	    {scene_pte(PAGE_A, PV | PR), 0, ACC_STORE, REASON_NOT_WRITABLE},
	    {scene_pte(PAGE_A, PV | PX), 0, ACC_LOAD, REASON_NOT_READABLE},
	    {scene_pte(PAGE_A, PV | PR), 0, ACC_FETCH, REASON_NOT_EXECUTABLE},
	    {scene_pte(PAGE_A, PV | PR | PW | PU), 0, ACC_STORE, REASON_USER_PAGE},
	    {scene_pte(PAGE_A, PV | PW), 0, ACC_STORE, REASON_SHADOW_STACK},
	    {scene_pte(PAGE_A, PV | PR | PW), 0, ACC_SS_STORE, REASON_SHADOW_STACK},
	    {scene_pte(PAGE_A, PV | PR), 0, ACC_SS_AMO, REASON_NOT_WRITABLE},
	    {scene_pte(PAGE_A, PV | PW | PX), 0, ACC_STORE, REASON_PTE_RESERVED},
	    {scene_pte(PAGE_A, PR | PW), 0, ACC_STORE, REASON_PTE_INVALID},
	    {scene_pte(PAGE_A, PV | PR | PW), 1, ACC_STORE, REASON_SUPERPAGE_MISALIGNED},
	};

	scene_menvcfg(s, SCENE_ADUE | SCENE_SSE);
	for (unsigned i = 0; i < sizeof leaves / sizeof leaves[0]; i++) {
		uint64_t va = leaves[i].level ? big * 2 : 0x1000;
		uint64_t place = scene_place(s, va, leaves[i].level);
		scene_poke(s, place, leaves[i].pte);
		scene_fence_all(s);
		struct scene_answer got = scene_touch(s, va, leaves[i].access);
		assert_int_equal(got.answer.reason, leaves[i].reason);
		assert_int_equal(got.swaps, 0);
		assert_int_equal(scene_peek(s, place), leaves[i].pte);
	}
}

/* Field bug 88 for NAPOT: an encoding that is reserved. */
static void a_reserved_napot_pte_gets_no_mark(struct scene *s)
{
	if (s->mode.pte_bytes == 4)
		return;
	uint64_t place = scene_place(s, 0x1000, 0);

	scene_menvcfg(s, SCENE_ADUE);
	for (unsigned low = 0; low < 16; low++) {
		uint64_t pte = scene_pte(SCENE_PAGES | low << 12, P_RWX & ~PA) | 1ull << PTE_N;
		scene_poke(s, place, pte);
		scene_fence_all(s);
		struct scene_answer got = scene_touch(s, 0x1000, ACC_LOAD);
		assert_int_equal(got.answer.reason, low == 8 ? REASON_NONE : REASON_PTE_RESERVED);
		assert_int_equal(scene_peek(s, place), low == 8 ? pte | PA : pte);
	}
}

/* Field bug 87: the PTE's update is refused by PMP: no mark, an access fault of the access at
 * the PTE, and no entry. */
static void a_refused_update_leaves_nothing_behind(struct scene *s)
{
	uint64_t place = scene_place(s, 0x1000, 0), pte = scene_pte(PAGE_A, P_RWX & ~(PA | PD));
	static const unsigned accesses[] = {ACC_LOAD, ACC_STORE, ACC_FETCH};
	static const unsigned causes[] = {CAUSE_LOAD_ACCESS, CAUSE_STORE_ACCESS,
					  CAUSE_FETCH_ACCESS};

	scene_menvcfg(s, SCENE_ADUE);
	scene_pmp_napot(s, 0, CR | CX, SCENE_ROOT, 0x100000);
	scene_poke(s, place, pte);
	for (unsigned i = 0; i < 3; i++)
		for (unsigned again = 0; again < 2; again++) {
			struct scene_answer got = scene_touch(s, 0x1000, accesses[i]);
			assert_int_equal(got.answer.reason, REASON_PMP);
			assert_int_equal(got.answer.cause, causes[i]);
			assert_true(got.answer.pte);
			assert_true(got.reads == s->mode.levels || s->config->walk_cache);
			assert_int_equal(got.swaps, 0);
			assert_int_equal(scene_peek(s, place), pte);
		}
	/* What needs no update is not refused. */
	scene_poke(s, place, pte | PA);
	scene_expect_pa(s, 0x1000, ACC_LOAD, PAGE_A);
	scene_expect_fault(s, 0x1000, ACC_STORE, CAUSE_STORE_ACCESS, REASON_PMP);
	scene_expect_pa(s, 0x1000, ACC_LOAD, PAGE_A);
}

/* docs/mmu.md: the access itself is refused by PMP, or lies beyond the physical width: memory
 * is as before. (spike #1884, and the vectors' choice ad_before_access_fault, are otherwise.) */
static void a_refused_access_sets_no_mark(struct scene *s)
{
	uint64_t place = scene_place(s, 0x1000, 0), pte = scene_pte(PAGE_A, P_RWX & ~(PA | PD));

	scene_menvcfg(s, SCENE_ADUE);
	scene_pmp_napot(s, 0, CR, PAGE_A, 4096);
	scene_poke(s, place, pte);
	scene_expect_fault(s, 0x1000, ACC_STORE, CAUSE_STORE_ACCESS, REASON_PMP);
	scene_expect_fault(s, 0x1000, ACC_FETCH, CAUSE_FETCH_ACCESS, REASON_PMP);
	assert_int_equal(scene_peek(s, place), pte);
	expect_marks(s, 0x1000, ACC_LOAD, place, pte | PA);
	scene_expect_fault(s, 0x1000, ACC_STORE, CAUSE_STORE_ACCESS, REASON_PMP);
	assert_int_equal(scene_peek(s, place), pte | PA);
}

/* menvcfg.ADUE decides at once, on what is in the TLB as well. */
static void without_adue_marks_are_softwares(struct scene *s)
{
	uint64_t place = scene_place(s, 0x1000, 0), pte = scene_pte(PAGE_A, P_RWX & ~PD);

	scene_poke(s, place, pte);
	for (unsigned round = 0; round < 2; round++) {
		scene_expect_pa(s, 0x1000, ACC_LOAD, PAGE_A);
		scene_expect_fault(s, 0x1000, ACC_STORE, CAUSE_STORE_PAGE, REASON_DIRTY_CLEAR);
		assert_int_equal(scene_peek(s, place), pte);
		scene_menvcfg(s, SCENE_ADUE);
		expect_marks(s, 0x1000, ACC_STORE, place, pte | PD);
		scene_menvcfg(s, 0);
		scene_poke(s, place, pte);
		scene_fence_all(s);
	}
	scene_poke(s, place, pte & ~(uint64_t)PA);
	scene_expect_pa(s, 0x1000, ACC_PREFETCH, PAGE_A);
	scene_expect_fault(s, 0x1000, ACC_LOAD, CAUSE_LOAD_PAGE, REASON_ACCESSED_CLEAR);
}

/* ---- cache-block operations, shadow stacks ------------------------------- */

/* cva6#3431: managing a block needs neither W nor D, and its faults are a store's. */
static void managing_a_block_needs_r_or_w(struct scene *s)
{
	static const struct {
		unsigned flags;
		bool mxr;
		unsigned reason, cause;
	} pages[] = {
	    {PV | PR | PA, false, REASON_NONE, 0},
	    {PV | PR | PW | PA, false, REASON_NONE, 0},
	    {PV | PX | PA, true, REASON_NONE, 0},
	    {PV | PX | PA, false, REASON_NOT_READABLE, CAUSE_STORE_PAGE},
	    {PV | PW | PA, false, REASON_SHADOW_STACK, CAUSE_STORE_ACCESS},
	    {PV | PR, false, REASON_ACCESSED_CLEAR, CAUSE_STORE_PAGE},
	};

	scene_menvcfg(s, SCENE_SSE);
	for (unsigned i = 0; i < sizeof pages / sizeof pages[0]; i++) {
		struct mmu_request r = scene_request(0x1004, ACC_CBO_MANAGE);
		r.mxr = pages[i].mxr;
		scene_map(s, 0x1000, PAGE_A, 0, pages[i].flags);
		scene_fence_all(s);
		struct mmu_answer a = scene_ask(s, &r).answer;
		assert_int_equal(a.reason, pages[i].reason);
		assert_int_equal(a.cause, pages[i].cause);
		assert_int_equal(a.tval, a.fault ? 0x1004 : 0); /* rs1, not the block */
	}
}

/* A prefetch that is refused is dropped, for whatever reason, and never traps. */
static void a_prefetch_never_traps(struct scene *s)
{
	scene_map(s, 0x1000, PAGE_A, 0, P_RWX | PU);
	scene_map(s, 0x2000, PAGE_B, 0, P_RWX);
	scene_pmp_napot(s, 0, 0, PAGE_B, 64);
	for (unsigned i = 0; i < 3; i++) {
		static const unsigned reasons[] = {REASON_USER_PAGE, REASON_PMP,
						   REASON_PTE_INVALID};
		struct mmu_answer a = scene_touch(s, 0x1000 * (i + 1), ACC_PREFETCH).answer;
		assert_true(a.fault);
		assert_int_equal(a.reason, reasons[i]);
		assert_int_equal(a.cause, CAUSE_NONE);
	}
}

/* norm:cbp_access: a page for U-mode's fetches permits S-mode neither a load nor a store, nor,
 * with SUM, a fetch; with MXR a load. */
static void a_prefetch_needs_what_some_access_has(struct scene *s)
{
	struct mmu_request r = scene_request(0x1000, ACC_PREFETCH);

	scene_map(s, 0x1000, PAGE_A, 0, PV | PX | PU | PA);
	r.sum = true;
	scene_expect(s, &r, REASON_NOT_READABLE);
	r.mxr = true;
	scene_expect(s, &r, REASON_NONE);
	r.mxr = false;
	scene_expect(s, &r, REASON_NOT_READABLE);
	r.priv = PRIV_U;
	scene_expect(s, &r, REASON_NONE);
}

/* riscv-vm.md 1.8: where a shadow-stack access goes elsewhere, and others to a shadow stack. */
static void shadow_stacks_are_for_their_own_accesses(struct scene *s)
{
	struct mmu_request bare = scene_request(PAGE_A, ACC_SS_LOAD);

	scene_menvcfg(s, SCENE_SSE);
	scene_map(s, 0x1000, PAGE_A, 0, P_SS);
	scene_map(s, 0x2000, PAGE_B, 0, P_RWX);
	scene_map(s, 0x3000, PAGE_B, 0, PV | PR | PA | PD);
	for (unsigned warm = 0; warm < 2; warm++) {
		for (unsigned access = ACC_SS_LOAD; access <= ACC_SS_AMO; access++) {
			scene_expect_pa(s, 0x1000, access, PAGE_A);
			scene_expect_fault(s, 0x2000, access, CAUSE_STORE_ACCESS,
					   REASON_SHADOW_STACK);
			scene_expect_fault(s, 0x3000, access, CAUSE_STORE_PAGE,
					   REASON_NOT_WRITABLE);
		}
		scene_expect_pa(s, 0x1000, ACC_LOAD, PAGE_A);
		scene_expect_fault(s, 0x1000, ACC_STORE, CAUSE_STORE_ACCESS, REASON_SHADOW_STACK);
		scene_expect_fault(s, 0x1000, ACC_FETCH, CAUSE_FETCH_ACCESS, REASON_SHADOW_STACK);
	}
	bare.priv = PRIV_M;
	scene_expect(s, &bare, REASON_SHADOW_STACK);
	mmu_csr_write(s->mmu, CSR_SATP, 0);
	scene_expect_fault(s, PAGE_A, ACC_SS_STORE, CAUSE_STORE_ACCESS, REASON_SHADOW_STACK);
}

/* For ONLY, which may name any configuration. */
static bool fits(const struct mmu_config *c)
{
	return scene_memory_is_open(c) && c->svadu &&
	       (c->xlen == 32 || (c->svnapot && c->svrsw60t59b));
}

int main(void)
{
	static const struct scene_rule rules[] = {
	    SCENE_RULE(the_leaf_that_was_used_is_marked_and_nothing_else),
	    SCENE_RULE(a_mark_changes_no_other_bit),
	    SCENE_RULE(each_kind_sets_the_marks_that_it_needs),
	    SCENE_RULE(a_fault_sets_no_mark),
	    SCENE_RULE(a_reserved_napot_pte_gets_no_mark),
	    SCENE_RULE(a_refused_update_leaves_nothing_behind),
	    SCENE_RULE(a_refused_access_sets_no_mark),
	    SCENE_RULE(without_adue_marks_are_softwares),
	    SCENE_RULE(managing_a_block_needs_r_or_w),
	    SCENE_RULE(a_prefetch_never_traps),
	    SCENE_RULE(a_prefetch_needs_what_some_access_has),
	    SCENE_RULE(shadow_stacks_are_for_their_own_accesses),
	};

	scene_want(fits);
	return scene_run_rules(rules, sizeof rules / sizeof rules[0]);
}
