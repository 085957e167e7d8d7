/*
 * Global mappings on the RTL, in lockstep: G on the leaf, and G on a pointer, which
 * makes all below it global (specification, "Sv32 page-table entry": the G bit).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "scene.h"

#define VA   0x40201000ull
#define PAGE (SCENE_PAGES + 0x3000)

/* Maps VA; G is set in the PTE of that level. */
static void map_with_g(struct scene *s, unsigned level)
{
	scene_map(s, VA, PAGE, 0, P_RWX);
	uint64_t place = scene_place(s, VA, level);
	scene_poke(s, place, scene_peek(s, place) | PG);
}

/* Whether a load by this ASID hits. */
static bool hits(struct scene *s, unsigned asid)
{
	scene_satp(s, asid, s->root);
	struct scene_answer got = scene_touch(s, VA, ACC_LOAD);
	assert_int_equal(got.answer.pa, PAGE);
	return got.added == 0;
}

static void leaf_without_g_is_its_asids_alone(struct scene *s)
{
	scene_map(s, VA, PAGE, 0, P_RWX);
	assert_false(hits(s, 1));
	assert_true(hits(s, 1));
	assert_false(hits(s, 2));
}

static void check_global(struct scene *s, unsigned level)
{
	map_with_g(s, level);
	assert_false(hits(s, 1));
	assert_true(hits(s, 2));
	scene_fence_asid(s, 1);
	assert_true(hits(s, 1));
	scene_fence_va(s, VA);
	assert_false(hits(s, 2));
}

static void global_leaf_answers_every_asid(struct scene *s)
{
	check_global(s, 0);
}

static void all_below_a_global_pointer_is_global(struct scene *s)
{
	for (unsigned level = 1; level < s->mode.levels; level++) {
		check_global(s, level);
		uint64_t place = scene_place(s, VA, level);
		scene_poke(s, place, scene_peek(s, place) & ~(uint64_t)PG);
		scene_fence_all(s);
	}
}

/* G of one walk's pointer says nothing of the next walk. */
static void global_pointer_does_not_outlive_its_walk(struct scene *s)
{
	map_with_g(s, s->mode.levels - 1);
	uint64_t place = scene_place(s, VA, s->mode.levels - 1);

	assert_false(hits(s, 1));
	scene_poke(s, place, scene_peek(s, place) & ~(uint64_t)PG);
	scene_fence_all(s);
	assert_false(hits(s, 1));
	assert_false(hits(s, 2));
}

int main(void)
{
	static const struct scene_rule rules[] = {
	    SCENE_RULE(leaf_without_g_is_its_asids_alone),
	    SCENE_RULE(global_leaf_answers_every_asid),
	    SCENE_RULE(all_below_a_global_pointer_is_global),
	    SCENE_RULE(global_pointer_does_not_outlive_its_walk),
	};

	return scene_run_rules(rules, sizeof rules / sizeof rules[0]);
}
