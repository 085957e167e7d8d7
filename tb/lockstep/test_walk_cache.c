/*
 * The walk cache: what it saves, to the cycle, and what a fence and a write of PMP leave in
 * it. L is the memory's latency; a walk that reads r PTEs with the cache's help adds
 * r(L+1)+2 to a hit.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "scene.h"

static const struct {
	const char *mode, *config;
} cached[] = {{"sv32", "kernel32"}, {"sv39", "sv39"}, {"sv48", "open57n"}, {"sv57", "open57n"}};
enum { CACHED = sizeof cached / sizeof cached[0] };

static const unsigned latencies[] = {1, 2, 10, 50};
enum { LATENCIES = sizeof latencies / sizeof latencies[0] };

/* Pages of one table of the last level; another of the table above it. */
enum { PAGE_A = 0x1000, PAGE_B = 0x2000, PAGE_C = 0x3000 };

/* A walk behind an L2 begins later. */
static unsigned behind_l2(const struct scene *s)
{
	return s->config->l2_entries ? 2 : 0;
}

static void open_cached(struct scene *s, unsigned i, unsigned latency)
{
	scene_open(s, scene_mode(cached[i].mode), cached[i].config,
		   &(struct mmu_timing){latency, latency, 0, 0});
	scene_map(s, PAGE_A, SCENE_PAGES, 0, P_RWX);
	scene_map(s, PAGE_B, SCENE_PAGES + 0x1000, 0, P_RWX);
	scene_map(s, PAGE_C, SCENE_PAGES + 0x2000, 0, P_RWX);
}

static void expect_reads(struct scene *s, uint64_t va, unsigned reads)
{
	struct scene_answer got = scene_touch(s, va, ACC_LOAD);
	assert_int_equal(got.answer.reason, REASON_NONE);
	assert_int_equal(got.reads, reads);
}

/* Runs a check in each mode, in a scene just opened. */
static void on_each(void (*check)(struct scene *s))
{
	for (unsigned i = 0; i < CACHED; i++) {
		struct scene s;
		open_cached(&s, i, 2);
		check(&s);
		scene_close(&s);
	}
}

/* ---- cycles -------------------------------------------------------------- */

static void a_miss_under_a_walked_table_costs_one_read(void **state)
{
	(void)state;
	for (unsigned i = 0; i < CACHED; i++)
		for (unsigned l = 0; l < LATENCIES; l++) {
			struct scene s;
			open_cached(&s, i, latencies[l]);
			expect_reads(&s, PAGE_A, s.mode.levels);
			struct scene_answer got = scene_touch(&s, PAGE_B, ACC_LOAD);
			assert_int_equal(got.reads, 1);
			assert_int_equal(got.added, latencies[l] + 3 + behind_l2(&s));
			assert_int_equal(got.answer.pa, SCENE_PAGES + 0x1000);
			scene_close(&s);
		}
}

static void the_deepest_pointer_counts(void **state)
{
	(void)state;
	for (unsigned i = 0; i < CACHED; i++)
		for (unsigned shared = 2; shared < scene_mode(cached[i].mode)->levels; shared++) {
			struct scene s;
			open_cached(&s, i, 10);
			uint64_t far = scene_index(&s, shared - 1, 1);
			scene_map(&s, far, SCENE_PAGES, 0, P_RWX);
			expect_reads(&s, PAGE_A, s.mode.levels);
			struct scene_answer got = scene_touch(&s, far, ACC_LOAD);
			assert_int_equal(got.reads, shared);
			assert_int_equal(got.added, shared * 11 + 2 + behind_l2(&s));
			scene_close(&s);
		}
}

static void a_miss_in_the_walk_cache_costs_nothing(void **state)
{
	(void)state;
	for (unsigned i = 0; i < CACHED; i++)
		for (unsigned l = 0; l < LATENCIES; l++) {
			struct scene s;
			open_cached(&s, i, latencies[l]);
			unsigned levels = s.mode.levels;
			uint64_t far = scene_index(&s, levels - 1, 1);
			scene_map(&s, far, SCENE_PAGES, 0, P_RWX);
			expect_reads(&s, PAGE_A, levels);
			struct scene_answer got = scene_touch(&s, far, ACC_LOAD);
			assert_int_equal(got.reads, levels);
			assert_int_equal(got.added,
					 levels * (latencies[l] + 1) + 1 + behind_l2(&s));
			scene_close(&s);
		}
}

/* ---- fences -------------------------------------------------------------- */

static void all_goes(struct scene *s)
{
	expect_reads(s, PAGE_A, s->mode.levels);
	scene_fence_all(s);
	expect_reads(s, PAGE_B, s->mode.levels);
}

static void a_fence_of_all_removes_every_pointer(void **state)
{
	(void)state;
	on_each(all_goes);
}

static void leaves_go(struct scene *s)
{
	expect_reads(s, PAGE_A, s->mode.levels);
	scene_fence_va(s, PAGE_A);
	expect_reads(s, PAGE_A, 1);
	scene_fence_va_asid(s, PAGE_A, 0);
	expect_reads(s, PAGE_A, 1);
}

static void a_fence_by_address_is_for_leaves(void **state)
{
	(void)state;
	on_each(leaves_go);
}

static void of_an_asid(struct scene *s)
{
	unsigned levels = s->mode.levels;

	/* One root for both, so that only the ASID tells them apart. */
	expect_reads(s, PAGE_A, levels);
	scene_satp(s, 1, s->root);
	scene_fence_asid(s, 1);
	expect_reads(s, PAGE_A, levels);
	scene_satp(s, 0, s->root);
	expect_reads(s, PAGE_B, 1);
}

static void a_fence_by_asid_removes_that_asids(void **state)
{
	(void)state;
	on_each(of_an_asid);
}

static void own_asid_goes(struct scene *s)
{
	expect_reads(s, PAGE_A, s->mode.levels);
	scene_fence_asid(s, 0);
	expect_reads(s, PAGE_B, s->mode.levels);
}

static void a_fence_by_asid_removes_its_own(void **state)
{
	(void)state;
	on_each(own_asid_goes);
}

static void global_stays(struct scene *s)
{
	uint64_t pointer = scene_place(s, PAGE_A, 1);

	scene_poke(s, pointer, scene_peek(s, pointer) | PG);
	scene_fence_all(s);
	expect_reads(s, PAGE_A, s->mode.levels);
	scene_fence_asid(s, 0);
	expect_reads(s, PAGE_B, 1);
	/* All below that pointer is global, so a fence of the ASID spares the leaf too. */
	scene_fence_asid(s, 0);
	scene_expect_hit(s, PAGE_B, ACC_LOAD);
}

static void a_fence_by_asid_spares_global_pointers(void **state)
{
	(void)state;
	on_each(global_stays);
}

/* The table that a pointer leads to is another now. */
static void pointer_moves(struct scene *s)
{
	uint64_t pointer = scene_place(s, PAGE_A, 1), second = scene_table(s);
	uint64_t index = PAGE_B >> 12;

	scene_poke(s, second + index * s->mode.pte_bytes, scene_pte(SCENE_PAGES + 0x5000, P_RWX));
	expect_reads(s, PAGE_A, s->mode.levels);
	scene_poke(s, pointer, scene_pte(second, PV));
	scene_fence_va(s, PAGE_B);
	scene_expect_pa(s, PAGE_B, ACC_LOAD, SCENE_PAGES + 0x1000);
	scene_fence_asid(s, 0);
	scene_expect_pa(s, PAGE_B, ACC_LOAD, SCENE_PAGES + 0x5000);
}

static void a_pointer_that_moved_is_used_until_its_fence(void **state)
{
	(void)state;
	on_each(pointer_moves);
}

/* ---- what is not kept ---------------------------------------------------- */

static void pmp_is_written(struct scene *s)
{
	uint64_t table = scene_place(s, PAGE_B, 0) & ~0xfffull;

	expect_reads(s, PAGE_A, s->mode.levels);
	scene_pmp_napot(s, 0, 0, SCENE_PAGES + 0x100000, 0x1000);
	expect_reads(s, PAGE_B, s->mode.levels);
	scene_pmp_napot(s, 0, 0, table, 0x1000);
	scene_expect_fault(s, PAGE_C, ACC_LOAD, CAUSE_LOAD_ACCESS, REASON_PMP);
}

static void a_write_of_pmp_removes_every_pointer(void **state)
{
	(void)state;
	on_each(pmp_is_written);
}

/* Made valid, it counts without a fence. */
static void invalid_is_not_kept(struct scene *s)
{
	uint64_t pointer = scene_place(s, PAGE_A, 1), pte = scene_peek(s, pointer);

	scene_poke(s, pointer, pte & ~(uint64_t)PV);
	scene_fence_all(s);
	scene_expect_fault(s, PAGE_A, ACC_LOAD, CAUSE_LOAD_PAGE, REASON_PTE_INVALID);
	scene_poke(s, pointer, pte);
	scene_expect_pa(s, PAGE_A, ACC_LOAD, SCENE_PAGES);
}

static void an_invalid_pointer_is_not_kept(void **state)
{
	(void)state;
	on_each(invalid_is_not_kept);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_miss_under_a_walked_table_costs_one_read),
	    cmocka_unit_test(the_deepest_pointer_counts),
	    cmocka_unit_test(a_miss_in_the_walk_cache_costs_nothing),
	    cmocka_unit_test(a_fence_of_all_removes_every_pointer),
	    cmocka_unit_test(a_fence_by_address_is_for_leaves),
	    cmocka_unit_test(a_fence_by_asid_removes_that_asids),
	    cmocka_unit_test(a_fence_by_asid_removes_its_own),
	    cmocka_unit_test(a_fence_by_asid_spares_global_pointers),
	    cmocka_unit_test(a_pointer_that_moved_is_used_until_its_fence),
	    cmocka_unit_test(a_write_of_pmp_removes_every_pointer),
	    cmocka_unit_test(an_invalid_pointer_is_not_kept),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return scene_finish(cmocka_run_group_tests(tests, NULL, NULL));
}
