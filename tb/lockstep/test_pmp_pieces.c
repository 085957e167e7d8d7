/*
 * Large leaves of which PMP forbids a part: whichever page of it is touched first, what a TLB
 * keeps grants nothing that PMP forbids (riscv-vm.md 1.5, step F, and 2.8).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "scene.h"

static void a_napot_page_is_protected_page_by_page(void **state)
{
	(void)state;
	for (unsigned m = 1; m < SCENE_MODES; m++)
		for (unsigned half = 0; half < 2; half++) {
			struct scene s;
			uint64_t closed = half * 0x8000, open = 0x8000 - closed;
			scene_open(&s, &scene_modes[m], NULL, NULL);
			scene_pmp_napot(&s, 0, 0, SCENE_PAGES + closed, 0x8000);
			scene_fence_all(&s);
			for (unsigned i = 0; i < 16; i++)
				scene_map(&s, 0x1000 * i, SCENE_PAGES + 0x8000, 0, P_RWX);
			for (unsigned i = 0; i < 16; i++) {
				uint64_t place = scene_place(&s, 0x1000 * i, 0);
				scene_poke(&s, place, scene_peek(&s, place) | 1ull << PTE_N);
			}
			scene_expect_pa(&s, open + 0x1000, ACC_LOAD, SCENE_PAGES + open + 0x1000);
			scene_expect_fault(&s, closed + 0x1000, ACC_LOAD, CAUSE_LOAD_ACCESS,
					   REASON_PMP);
			scene_close(&s);
		}
}

/* A leaf larger than physical memory. */
static void narrow(const char *config, const char *mode, unsigned level)
{
	struct scene s;

	scene_open(&s, scene_mode(mode), config, NULL);
	scene_pmp_napot(&s, 0, 0, SCENE_PAGES, 4096); /* a page for nobody below M */
	scene_fence_all(&s);
	scene_map(&s, 0, 0, level, P_RWX);
	scene_expect_pa(&s, SCENE_PAGES + 0x1000, ACC_LOAD, SCENE_PAGES + 0x1000);
	scene_expect_fault(&s, SCENE_PAGES, ACC_LOAD, CAUSE_LOAD_ACCESS, REASON_PMP);
	scene_expect_fault(&s, SCENE_PAGES + 8, ACC_STORE, CAUSE_STORE_ACCESS, REASON_PMP);
	scene_close(&s);
}

static void sv57_root_leaf_is_protected_page_by_page(void **state)
{
	(void)state;
	narrow("sv57_w44", "sv57", 4);
}

static void sv48_root_leaf_is_protected_page_by_page(void **state)
{
	(void)state;
	narrow("sv48_w36", "sv48", 3);
}

/* For ONLY, which may name any configuration. */
static bool fits(const struct mmu_config *c)
{
	return scene_memory_is_open(c) && c->pmp_entries >= 4 && c->svnapot;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_napot_page_is_protected_page_by_page),
	    cmocka_unit_test(sv57_root_leaf_is_protected_page_by_page),
	    cmocka_unit_test(sv48_root_leaf_is_protected_page_by_page),
	};
	scene_want(fits);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return scene_finish(cmocka_run_group_tests(tests, NULL, NULL));
}
