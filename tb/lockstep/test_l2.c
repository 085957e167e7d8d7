/*
 * The L2 TLB (docs/l2.md): what it holds, and what fences, writes to PMP and wrong bits do
 * to it. Whether a page is held shows by the PTEs that are not read for it.
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "l2_scene.h"

enum { LATENCY = 3, GLOBAL = P_RWX | PG };

/* ---- what is held -------------------------------------------------------- */

static void check_many_pages(struct scene *s)
{
	unsigned n = L2_SETS_FREE * s->config->l2_ways;

	for (unsigned i = 0; i < n; i++)
		scene_touch(s, l2_map(s, i, P_RWX), ACC_LOAD);
	l2_forget(s, ACC_LOAD);
	for (unsigned i = 0; i < n; i++)
		l2_expect_held(s, l2_page(s, i), ACC_LOAD);
	l2_forget(s, ACC_LOAD);
	for (unsigned i = 0; i < n; i++)
		scene_expect_pa(s, l2_page(s, i) + 8, ACC_LOAD, l2_place(i) + 8);
}

static void every_way_of_a_set_is_used(void **state)
{
	(void)state;
	l2_on_each(NULL, LATENCY, check_many_pages);
}

static void check_shared(struct scene *s)
{
	scene_touch(s, l2_map(s, 0, P_RWX), ACC_FETCH);
	l2_settle(s);
	l2_expect_held(s, l2_page(s, 0), ACC_LOAD);
}

static void what_one_port_walked_for_the_other_finds(void **state)
{
	(void)state;
	l2_on_each(NULL, LATENCY, check_shared);
}

static void check_permission(struct scene *s)
{
	l2_map(s, 0, PV | PR | PA | PD);
	scene_touch(s, l2_page(s, 0), ACC_LOAD);
	l2_forget(s, ACC_LOAD);
	struct scene_answer a = scene_touch(s, l2_page(s, 0), ACC_STORE);
	assert_int_equal(a.answer.reason, REASON_NOT_WRITABLE);
	assert_int_equal(a.reads, 0);
	assert_int_equal(a.added, L2_CYCLES);
}

static void permission_is_judged_anew(void **state)
{
	(void)state;
	l2_on_each(NULL, LATENCY, check_permission);
}

static bool has_svadu(const struct mmu_config *c)
{
	return c->svadu;
}

static void check_dirty(struct scene *s)
{
	scene_menvcfg(s, SCENE_ADUE);
	l2_map(s, 0, PV | PR | PW | PA);
	scene_touch(s, l2_page(s, 0), ACC_LOAD);
	l2_forget(s, ACC_LOAD);
	assert_int_equal(scene_touch(s, l2_page(s, 0), ACC_STORE).swaps, 1);
	l2_forget(s, ACC_STORE);
	l2_expect_held(s, l2_page(s, 0), ACC_STORE);
}

static void a_page_that_is_not_dirty_is_not_found_for_a_store(void **state)
{
	(void)state;
	l2_on_each(has_svadu, LATENCY, check_dirty);
}

static bool may_cut(const struct mmu_config *c)
{
	return c->pmp_entries > 1 && c->pmp_grain < 9;
}

static void check_cut(struct scene *s)
{
	scene_pmp_napot(s, 0, C_RWX, l2_place(0), 2048);
	l2_rest(s);
	scene_touch(s, l2_map(s, 0, P_RWX), ACC_LOAD);
	scene_touch(s, l2_map(s, 1, P_RWX), ACC_LOAD);
	l2_forget(s, ACC_LOAD);
	l2_expect_walk(s, l2_page(s, 0), ACC_LOAD);
	l2_expect_held(s, l2_page(s, 1), ACC_LOAD);
}

static void a_page_that_a_region_cuts_is_not_kept(void **state)
{
	(void)state;
	l2_on_each(may_cut, LATENCY, check_cut);
}

static bool has_pmp(const struct mmu_config *c)
{
	return c->pmp_entries > 1;
}

static void check_pmp_write(struct scene *s)
{
	scene_touch(s, l2_map(s, 0, P_RWX), ACC_LOAD);
	scene_pmp_cfg(s, 0, C_OFF);
	scene_pmp_napot(s, 0, CR | CW, l2_place(0), 4096);
	l2_expect_walk(s, l2_page(s, 0), ACC_LOAD);
	scene_expect_fault(s, l2_page(s, 0), ACC_FETCH, CAUSE_FETCH_ACCESS, REASON_PMP);
}

static void a_write_to_pmp_drops_everything_at_once(void **state)
{
	(void)state;
	l2_on_each(has_pmp, LATENCY, check_pmp_write);
}

/* ---- parity --------------------------------------------------------------- */

static bool has_parity(const struct mmu_config *c)
{
	return c->l2_parity;
}

/* A bit of an entry, any, is written wrong: it is never used, and the next is right again. */
static void check_parity(struct scene *s)
{
	uint64_t before[COUNTERS_N], after[COUNTERS_N];
	bool counts = mmu_events(s->mmu, before);
	unsigned found = 0;

	for (unsigned bit = 0; bit < 256; bit++) {
		uint64_t va = l2_map(s, bit % L2_SETS_FREE, P_RWX);

		scene_fence_va(s, va);
		l2_settle(s);
		mmu_csr_write(s->mmu, REG_L2_FLIP, bit);
		scene_touch(s, va, ACC_LOAD);
		l2_forget(s, ACC_LOAD);
		struct scene_answer a = scene_touch(s, va, ACC_LOAD);
		assert_false(a.answer.fault);
		assert_int_equal(a.answer.pa, l2_place(bit % L2_SETS_FREE));
		found += a.reads != 0;
		l2_forget(s, ACC_LOAD);
		l2_expect_held(s, va, ACC_LOAD);
	}
	/* ppn, flags, memory type and verdicts, tag: each bit that there is, once */
	if (found < s->config->pa_bits)
		fail_msg("%s: %u wrong bits were found", s->config->name, found);
	if (counts) {
		mmu_events(s->mmu, after);
		assert_int_equal(after[COUNTER_L2 + EVENT_L2_PARITY_ERRORS] -
				     before[COUNTER_L2 + EVENT_L2_PARITY_ERRORS],
				 found);
	}
}

static void a_wrong_bit_is_found_counted_and_never_used(void **state)
{
	(void)state;
	l2_on_each(has_parity, LATENCY, check_parity);
}

/* ---- fences -------------------------------------------------------------- */

/* Whether the sweeper has time between a fence and what is asked then. */
static bool rests;

enum { OWN, GLOBALLY, LATER, PAGES };

/* OWN and LATER are of ASID 1, GLOBALLY of all; none is in an L1. */
static void fill_spaces(struct scene *s)
{
	/* The last one walked for has the set that is swept first. */
	for (unsigned i = 0; i < PAGES; i++) {
		l2_map(s, i, i == GLOBALLY ? GLOBAL : P_RWX);
		scene_satp(s, 1, s->root);
		scene_touch(s, l2_page(s, i), ACC_LOAD);
	}
	l2_forget(s, ACC_LOAD);
	scene_satp(s, 1, s->root);
}

static void after_a_fence(struct scene *s)
{
	if (rests)
		l2_rest(s);
	scene_satp(s, 1, s->root);
}

static void check_fence_by_asid(struct scene *s)
{
	fill_spaces(s);
	scene_fence_asid(s, 1);
	after_a_fence(s);
	l2_expect_walk(s, l2_page(s, OWN), ACC_LOAD);
	l2_expect_held(s, l2_page(s, GLOBALLY), ACC_LOAD);
	l2_expect_walk(s, l2_page(s, LATER), ACC_LOAD);
}

static void check_fence_of_another_asid(struct scene *s)
{
	fill_spaces(s);
	scene_fence_asid(s, 0);
	after_a_fence(s);
	for (unsigned i = 0; i < PAGES; i++)
		l2_expect_held(s, l2_page(s, i), ACC_LOAD);
}

static void check_fence_by_address(struct scene *s)
{
	fill_spaces(s);
	scene_fence_va(s, l2_page(s, OWN));
	scene_fence_va(s, l2_page(s, GLOBALLY));
	after_a_fence(s);
	l2_expect_walk(s, l2_page(s, OWN), ACC_LOAD);
	l2_expect_walk(s, l2_page(s, GLOBALLY), ACC_LOAD);
	l2_expect_held(s, l2_page(s, LATER), ACC_LOAD);
}

static void check_fence_by_address_and_asid(struct scene *s)
{
	fill_spaces(s);
	scene_fence_va_asid(s, l2_page(s, OWN), 1);
	scene_fence_va_asid(s, l2_page(s, GLOBALLY), 1);
	scene_fence_va_asid(s, l2_page(s, LATER), 0);
	after_a_fence(s);
	l2_expect_walk(s, l2_page(s, OWN), ACC_LOAD);
	l2_expect_held(s, l2_page(s, GLOBALLY), ACC_LOAD);
	l2_expect_held(s, l2_page(s, LATER), ACC_LOAD);
}

static void check_fence_of_all(struct scene *s)
{
	fill_spaces(s);
	scene_fence_all(s);
	after_a_fence(s);
	for (unsigned i = 0; i < PAGES; i++)
		l2_expect_walk(s, l2_page(s, i), ACC_LOAD);
}

static bool has_asids(const struct mmu_config *c)
{
	return c->asid_bits > 0;
}

static void each_fence_drops_what_it_covers_and_spares_the_rest(void **state)
{
	static void (*const checks[])(struct scene *) = {
	    check_fence_by_asid, check_fence_of_another_asid,     check_fence_by_address,
	    check_fence_of_all,  check_fence_by_address_and_asid,
	};
	(void)state;
	for (unsigned i = 0; i < sizeof checks / sizeof checks[0]; i++)
		for (unsigned r = 0; r < 2; r++) {
			rests = r;
			l2_on_each(has_asids, LATENCY, checks[i]);
		}
}

static bool has_many_asids(const struct mmu_config *c)
{
	return c->asid_bits >= 3;
}

/* More fences by ASID at once than can be remembered: the last ones wait. */
static void check_many_fences(struct scene *s)
{
	enum { SPACES = 6 };

	for (unsigned asid = 1; asid <= SPACES; asid++) {
		scene_satp(s, asid, s->root);
		scene_touch(s, l2_map(s, 0, P_RWX), ACC_LOAD);
		l2_forget(s, ACC_LOAD);
		for (unsigned i = 1; i < asid && asid > 1; i++)
			scene_fence_asid(s, i);
		scene_satp(s, asid, s->root);
		if (asid > 1 && s->config->l2_ways > 1)
			l2_expect_held(s, l2_page(s, 0), ACC_LOAD);
		for (unsigned i = 1; i < asid; i++) {
			scene_satp(s, i, s->root);
			l2_expect_walk(s, l2_page(s, 0), ACC_LOAD);
			scene_fence_asid(s, i);
		}
		l2_rest(s);
	}
}

static void fences_of_many_spaces_one_after_the_other(void **state)
{
	(void)state;
	l2_on_each(has_many_asids, LATENCY, check_many_fences);
}

static bool is_even(const struct mmu_config *c)
{
	return c->pma_regions == 1;
}

static void check_large_fence(struct scene *s)
{
	uint64_t page = scene_page_size(s, 1), va = scene_index(s, 1, 3);

	scene_map(s, va, SCENE_PAGES, 1, P_RWX);
	scene_touch(s, va, ACC_LOAD);
	l2_forget(s, ACC_LOAD);
	scene_fence_va(s, va + page);
	l2_settle(s);
	l2_expect_held(s, va, ACC_LOAD);
	l2_forget(s, ACC_LOAD);
	scene_fence_va(s, va + page - 1);
	l2_expect_walk(s, va, ACC_LOAD);
}

static void any_address_in_a_larger_leaf_fences_it(void **state)
{
	(void)state;
	l2_on_each(is_even, LATENCY, check_large_fence);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_way_of_a_set_is_used),
	    cmocka_unit_test(what_one_port_walked_for_the_other_finds),
	    cmocka_unit_test(permission_is_judged_anew),
	    cmocka_unit_test(a_page_that_is_not_dirty_is_not_found_for_a_store),
	    cmocka_unit_test(a_page_that_a_region_cuts_is_not_kept),
	    cmocka_unit_test(a_write_to_pmp_drops_everything_at_once),
	    cmocka_unit_test(a_wrong_bit_is_found_counted_and_never_used),
	    cmocka_unit_test(each_fence_drops_what_it_covers_and_spares_the_rest),
	    cmocka_unit_test(fences_of_many_spaces_one_after_the_other),
	    cmocka_unit_test(any_address_in_a_larger_leaf_fences_it),
	};
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return scene_finish(cmocka_run_group_tests(tests, NULL, NULL));
}
