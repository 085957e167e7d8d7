/*
 * Another hart changes a PTE while a walk is about to set A or D in it, in each cycle of
 * the walk in turn: before its read, between read and update, after the update. The update
 * must be of the PTE that was judged, or the PTE found is judged anew, and what ends in a
 * fault has changed nothing (riscv-vm.md 1.5 step 9; field bugs 85, 86, 88, 89).
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "scene.h"

#define PAGE_B (SCENE_PAGES + 0x2000)

enum { LATENCY = 5 };

/* An access, the PTE that is there when it begins, and the one that takes its place. */
struct change {
	unsigned access, level;
	uint64_t va, place;
	uint64_t before, after;
	uint64_t pa_before; /* of the access, granted by either */
	uint64_t pa_after;
	unsigned reason; /* why the second PTE refuses it, or REASON_NONE */
};

/* The PTE as it is once the access has been granted. */
static uint64_t marked(const struct change *c, uint64_t pte)
{
	return pte | PA | (c->access == ACC_STORE ? PD : 0);
}

static bool is_of_after(const struct change *c, const struct mmu_answer *a)
{
	return a->reason == c->reason && (a->fault || a->pa == c->pa_after);
}

/* With the change at that cycle of the walk; how many swaps found another PTE. */
static unsigned check_moment(struct scene *s, const struct change *c, unsigned moment)
{
	struct mmu_request r = scene_request(c->va, c->access);
	struct mmu_counts before, after;
	const struct mmu_answer *a;
	unsigned added = 0, failed;

	scene_poke(s, c->place, c->before);
	scene_fence_all(s);
	mmu_counts(s->mmu, &before);
	mmu_offer(s->mmu, MMU_DATA, &r);
	for (mmu_step(s->mmu); !(a = mmu_answer(s->mmu, MMU_DATA)); mmu_step(s->mmu))
		if (added++ == moment)
			scene_poke(s, c->place, c->after);
	mmu_counts(s->mmu, &after);
	failed = after.pte_swaps_failed - before.pte_swaps_failed;

	if (added <= moment) {
		assert_int_equal(a->reason, REASON_NONE);
		assert_int_equal(scene_peek(s, c->place), marked(c, c->before));
		scene_poke(s, c->place, c->after);
	} else if (failed || !(a->reason == REASON_NONE && a->pa == c->pa_before)) {
		/* Judged by what took the PTE's place, and only so. */
		assert_true(is_of_after(c, a));
		assert_int_equal(scene_peek(s, c->place),
				 c->reason ? c->after : marked(c, c->after));
	} else {
		/* The first PTE, if the change came behind its update, or the second. */
		uint64_t now = scene_peek(s, c->place);
		assert_true(now == c->after || (is_of_after(c, a) && now == marked(c, c->after)));
	}
	return failed;
}

static void check_change(struct scene *s, const struct change *c)
{
	unsigned whole = s->mode.levels * (LATENCY + 1) + 3 * (LATENCY + 2), failed = 0;

	for (unsigned moment = 0; moment < whole; moment++) {
		failed += check_moment(s, c, moment);
		/* Fenced, it is the second PTE alone that counts. */
		scene_fence_all(s);
		struct mmu_answer a = scene_touch(s, c->va, c->access).answer;
		assert_true(is_of_after(c, &a));
		scene_fence_all(s);
	}
	assert_true(failed > 0);
}

/* A store to a page of this level whose A and D are clear; then the second PTE. */
static struct change begin(struct scene *s, unsigned level)
{
	uint64_t va = scene_page_size(s, level) * 2;

	return (struct change){
	    .access = ACC_STORE,
	    .level = level,
	    .va = va,
	    .place = scene_place(s, va, level),
	    .before = scene_pte(SCENE_PAGES, P_RWX & ~(PA | PD)),
	    .pa_before = SCENE_PAGES,
	    .pa_after = SCENE_PAGES,
	};
}

/* Runs a check in every mode, at levels 0 and 1, with ADUE. */
static void on_levels(struct scene *fast, void (*check)(struct scene *s, struct change c))
{
	for (unsigned level = 0; level < 2; level++) {
		struct scene s;
		scene_open(&s, &fast->mode, NULL, &(struct mmu_timing){LATENCY, LATENCY, 0, 0});
		scene_menvcfg(&s, SCENE_ADUE | SCENE_SSE);
		check(&s, begin(&s, level));
		scene_close(&s);
	}
}

/* ---- what takes the PTE's place ------------------------------------------ */

static void check_marks(struct scene *s, struct change c)
{
	static const unsigned marks[] = {PA, PD, PA | PD};

	for (unsigned access = ACC_LOAD; access <= ACC_STORE; access++)
		for (unsigned i = 0; i < 3; i++) {
			c.access = access;
			c.after = c.before | marks[i];
			check_change(s, &c);
		}
}

/* A and D that another hart has set stay set, and only what still lacks is set. */
static void marks_of_another_hart_are_kept(struct scene *s)
{
	on_levels(s, check_marks);
}

static void check_software_bits(struct scene *s, struct change c)
{
	c.after = c.before | 3ull << PTE_RSW | PG;
	check_change(s, &c);
}

/* The whole PTE is compared, not A and D alone. */
static void bits_that_decide_nothing_are_compared_too(struct scene *s)
{
	on_levels(s, check_software_bits);
}

static void check_invalid(struct scene *s, struct change c)
{
	c.after = c.before & ~(uint64_t)PV;
	c.reason = REASON_PTE_INVALID;
	check_change(s, &c);
	c.after = 0;
	check_change(s, &c);
}

static void a_pte_made_invalid_gets_no_marks(struct scene *s)
{
	on_levels(s, check_invalid);
}

static void check_permission(struct scene *s, struct change c)
{
	static const struct {
		unsigned clear, set, reason;
	} changes[] = {
	    {PW, 0, REASON_NOT_WRITABLE},
	    {0, PU, REASON_USER_PAGE},
	    {PR | PX, 0, REASON_SHADOW_STACK},
	    {PR, 0, REASON_PTE_RESERVED},
	};

	for (unsigned i = 0; i < sizeof changes / sizeof changes[0]; i++) {
		c.after = (c.before & ~(uint64_t)changes[i].clear) | changes[i].set;
		c.reason = changes[i].reason;
		check_change(s, &c);
	}
}

static void a_page_no_longer_permitted_gets_no_marks(struct scene *s)
{
	on_levels(s, check_permission);
}

static void check_moved(struct scene *s, struct change c)
{
	c.after = scene_pte(SCENE_PAGES + (1 << 30) / 2, c.before & P_RWX);
	c.pa_after = SCENE_PAGES + (1 << 30) / 2;
	check_change(s, &c);
}

static void a_page_that_moved_is_reached_where_it_is(struct scene *s)
{
	on_levels(s, check_moved);
}

static void check_out_of_bounds(struct scene *s, struct change c)
{
	uint64_t closed = SCENE_PAGES + (1 << 30) / 2;

	scene_pmp_napot(s, 0, CR | CX, closed, 1 << 22);
	c.after = scene_pte(closed, c.before & P_RWX);
	c.reason = REASON_PMP;
	check_change(s, &c);
}

/* The final address is checked anew as well. */
static void a_page_that_moved_out_of_bounds_gets_no_marks(struct scene *s)
{
	on_levels(s, check_out_of_bounds);
}

static void check_pointer(struct scene *s, struct change c)
{
	uint64_t table = scene_table(s);

	c.after = scene_pte(table, PV);
	if (c.level == 0) {
		c.reason = REASON_LAST_LEVEL_POINTER;
		check_change(s, &c);
		return;
	}
	scene_poke(s, table, scene_pte(PAGE_B, PV | PR | PA)); /* not writable */
	c.reason = REASON_NOT_WRITABLE;
	check_change(s, &c);
}

/* And what is behind it decides: no mark goes to the pointer, or to the old leaf. */
static void a_leaf_that_became_a_pointer_is_followed(struct scene *s)
{
	on_levels(s, check_pointer);
}

/* ---- the swap itself ----------------------------------------------------- */

/* From each cycle on the PTE answers with bus errors: a swap that meets one is an access
 * fault at the PTE, and there is no mark. */
static void a_bus_error_on_an_update_is_an_access_fault(struct scene *fast)
{
	struct scene s;
	unsigned on_swap = 0;

	scene_open(&s, &fast->mode, NULL, &(struct mmu_timing){LATENCY, LATENCY, 0, 0});
	scene_menvcfg(&s, SCENE_ADUE);
	struct change c = begin(&s, 0);
	for (unsigned moment = 0; moment < s.mode.levels * (LATENCY + 1) + LATENCY + 2; moment++) {
		struct mmu_request r = scene_request(c.va, ACC_STORE);
		const struct mmu_answer *a;
		struct mmu_counts before, after;
		unsigned added = 0;
		scene_poke(&s, c.place, c.before);
		scene_fence_all(&s);
		mmu_counts(s.mmu, &before);
		mmu_offer(s.mmu, MMU_DATA, &r);
		for (mmu_step(s.mmu); !(a = mmu_answer(s.mmu, MMU_DATA)); mmu_step(s.mmu))
			if (added++ == moment)
				scene_poison(&s, c.place, true);
		mmu_counts(s.mmu, &after);
		if (a->fault) {
			assert_int_equal(a->reason, REASON_BUS_ERROR);
			assert_int_equal(a->cause, CAUSE_STORE_ACCESS);
			assert_int_equal(a->level, 0);
			assert_true(a->pte);
			on_swap += after.pte_swaps - before.pte_swaps;
		}
		assert_int_equal(scene_peek(&s, c.place),
				 a->fault ? c.before : marked(&c, c.before));
		scene_poison(&s, c.place, false);
	}
	assert_true(on_swap > 0);
	scene_close(&s);
}

/* As long as the other goes on moving the page the walk goes on; hits of the other port and the
 * walk's end, once the other stops, are as ever. */
static void a_pte_that_keeps_changing_delays_nobody_else(struct scene *s)
{
	enum { WHILE = 2000 };
	struct change c = begin(s, 0);
	struct mmu_request store = scene_request(c.va, ACC_STORE);
	struct mmu_request fetch = scene_request(0x9000, ACC_FETCH);
	struct mmu_counts before, after;

	scene_menvcfg(s, SCENE_ADUE);
	scene_map(s, 0x9000, PAGE_B, 0, P_RWX);
	scene_touch(s, 0x9000, ACC_FETCH);
	scene_poke(s, c.place, c.before);
	scene_pass_refill(s);
	mmu_counts(s->mmu, &before);
	mmu_offer(s->mmu, MMU_DATA, &store);
	for (unsigned i = 0; i < WHILE; i++) {
		scene_poke(s, c.place, c.before + ((uint64_t)i << PTE_PPN));
		mmu_offer(s->mmu, MMU_FETCH, &fetch);
		mmu_step(s->mmu);
		assert_null(mmu_answer(s->mmu, MMU_DATA));
		assert_non_null(mmu_answer(s->mmu, MMU_FETCH));
		assert_int_equal(mmu_answer(s->mmu, MMU_FETCH)->pa, PAGE_B);
	}
	for (unsigned i = 0; !mmu_answer(s->mmu, MMU_DATA); i++) {
		assert_true(i < 8);
		mmu_step(s->mmu);
	}
	assert_int_equal(mmu_answer(s->mmu, MMU_DATA)->pa, SCENE_PAGES + ((WHILE - 1) << 12));
	mmu_counts(s->mmu, &after);
	assert_true(after.pte_swaps_failed - before.pte_swaps_failed > WHILE / 10);
}

int main(void)
{
	static const struct scene_rule rules[] = {
	    SCENE_RULE(marks_of_another_hart_are_kept),
	    SCENE_RULE(bits_that_decide_nothing_are_compared_too),
	    SCENE_RULE(a_pte_made_invalid_gets_no_marks),
	    SCENE_RULE(a_page_no_longer_permitted_gets_no_marks),
	    SCENE_RULE(a_page_that_moved_is_reached_where_it_is),
	    SCENE_RULE(a_page_that_moved_out_of_bounds_gets_no_marks),
	    SCENE_RULE(a_leaf_that_became_a_pointer_is_followed),
	    SCENE_RULE(a_bus_error_on_an_update_is_an_access_fault),
	    SCENE_RULE(a_pte_that_keeps_changing_delays_nobody_else),
	};

	return scene_run_rules(rules, sizeof rules / sizeof rules[0]);
}
