/*
 * A miss waits for the walker while satp goes to other tables, or ADUE is switched off, and a
 * fence of everything comes. Once it is done the hart's translation has nothing to do with the old
 * tables: their memory is software's, and hardware sets no A or D in it (riscv-vm.md 3.4).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "scene.h"

#define PAGE_A (SCENE_PAGES + 0x3000)

static const struct mmu_fence all = {.rs1_x0 = true, .rs2_x0 = true};

static void offer(struct scene *s, uint64_t va, unsigned access)
{
	struct mmu_request r = scene_request(va, access);
	mmu_offer(s->mmu, scene_port(access), &r);
}

/* Offers a fence of everything and steps until it is done. What the fetch waited for is over then:
 * from there on nobody but software may write to the old tables. */
static void fence_and_watch(struct scene *s)
{
	uint64_t pa = scene_place(s, 0x1000, 0);
	bool answered = false;

	mmu_offer_fence(s->mmu, &all);
	for (unsigned i = 0; mmu_fence_offered(s->mmu); i++) {
		assert_true(i < 1000);
		answered = answered || mmu_answer(s->mmu, MMU_FETCH);
		mmu_step(s->mmu);
	}
	assert_true(answered);

	uint64_t before = scene_peek(s, pa);
	scene_poke(s, pa, before & ~(uint64_t)PA);
	for (unsigned i = 0; i < 200; i++) {
		mmu_step(s->mmu);
		assert_null(mmu_answer(s->mmu, MMU_FETCH));
	}
	assert_int_equal(scene_peek(s, pa), before & ~(uint64_t)PA);
}

/* A load's walk is under way, a fetch that has to set A waits; then the write and the fence. */
static void a_fetch_waits(struct scene *s)
{
	scene_menvcfg(s, SCENE_ADUE);
	scene_map(s, 0x5000, PAGE_A, 0, P_RWX);
	scene_map(s, 0x1000, PAGE_A, 0, P_RWX & ~PA);
	scene_fence_all(s);
	offer(s, 0x5000, ACC_LOAD);
	mmu_step(s->mmu);
	mmu_step(s->mmu);
	offer(s, 0x1000, ACC_FETCH);
	mmu_step(s->mmu);
	assert_false(mmu_offered(s->mmu, MMU_FETCH));
}

static void old_tables_are_not_written_after_the_fence(struct scene *s)
{
	uint64_t second = scene_table(s);

	a_fetch_waits(s);
	mmu_csr_write(s->mmu, CSR_SATP, scene_satp_value(s, 0, second));
	fence_and_watch(s);
}

static void no_mark_is_set_after_adue_is_off_and_fenced(struct scene *s)
{
	a_fetch_waits(s);
	mmu_csr_write(s->mmu, s->mode.pte_bytes == 4 ? CSR_MENVCFGH : CSR_MENVCFG, 0);
	fence_and_watch(s);
}

/* One request alone: it is accepted in the cycle of the write, and the fence comes in the next. */
static void a_miss_just_before_the_fence_writes_nothing_after_it(struct scene *s)
{
	uint64_t second = scene_table(s);

	scene_menvcfg(s, SCENE_ADUE);
	scene_map(s, 0x1000, PAGE_A, 0, P_RWX & ~PA);
	scene_fence_all(s);
	mmu_step(s->mmu);
	offer(s, 0x1000, ACC_FETCH);
	mmu_offer_csr(s->mmu, CSR_SATP, scene_satp_value(s, 0, second));
	mmu_step(s->mmu);
	assert_false(mmu_offered(s->mmu, MMU_FETCH));
	fence_and_watch(s);
}

int main(void)
{
	static const struct scene_rule rules[] = {
	    SCENE_RULE(old_tables_are_not_written_after_the_fence),
	    SCENE_RULE(no_mark_is_set_after_adue_is_off_and_fenced),
	    SCENE_RULE(a_miss_just_before_the_fence_writes_nothing_after_it),
	};

	return scene_run_rules(rules, sizeof rules / sizeof rules[0]);
}
