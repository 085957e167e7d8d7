/*
 * The table of PTE formats on RV64: every combination of N, the low four PPN bits, PBMT,
 * and each bit from 54 to 60, on pointers and on leaves of each kind and level, with
 * menvcfg's PBMTE and SSE on and off, with and without Svnapot and Svrsw60t59b. RTL
 * against golden, cold and warm, and warm after PBMTE or SSE were switched (riscv-vm.md,
 * sections 1.3, 1.5 step 3, 2.1, 2.2; field bugs 14, 15, 16, 18, 19, 22).
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "scene.h"

#define VA 0x123456123ull /* VPN[3:0] is 6 */

/* What a PTE is by its low ten bits. */
static const unsigned shapes[] = {
    PV | PR | PA | PD,
    PV | PR | PW | PA | PD,
    PV | PX | PA | PD,
    PV | PR | PX | PA | PD,
    P_RWX,
    P_SS,
    PV | PW | PX | PA | PD,
    PV,
    PV | PA,
    PV | PD,
    PV | PU,
    PV | PG,
    P_RWX & ~(unsigned)PV,
};
enum { SHAPES = sizeof shapes / sizeof shapes[0] };

/* The bits above the PPN, N and PBMT in all their values, the others one by one. */
enum { UPPERS = 2 * 4 * 8 };

static uint64_t upper(unsigned i)
{
	uint64_t bits = (uint64_t)(i & 1) << PTE_N | (uint64_t)(i >> 1 & 3) << PTE_PBMT;
	unsigned other = i >> 3;

	return other ? bits | 1ull << (PTE_RESERVED + other - 1) : bits;
}

struct tally {
	unsigned asked, napot, types[3], reserved;
};

static struct mmu_answer ask(struct scene *s, struct tally *t, unsigned access)
{
	struct mmu_answer a = scene_touch(s, VA, access).answer;

	t->asked++;
	t->reserved += a.reason == REASON_PTE_RESERVED;
	if (!a.fault)
		t->types[a.memory]++;
	return a;
}

/* Cold, warm, and after each other setting of the switches, back again in the end. */
static void check_pte(struct scene *s, struct tally *t, uint64_t place, uint64_t pte, unsigned on)
{
	static const unsigned accesses[] = {ACC_LOAD, ACC_STORE, ACC_FETCH, ACC_SS_LOAD};

	scene_poke(s, place, pte);
	for (unsigned i = 0; i < 4; i++) {
		scene_fence_all(s);
		struct mmu_answer cold = ask(s, t, accesses[i]), warm = ask(s, t, accesses[i]);
		assert_int_equal(cold.reason, warm.reason);
		assert_int_equal(cold.pa, warm.pa);
		assert_int_equal(cold.level, warm.level);
		assert_int_equal(cold.memory, warm.memory);
		if (!cold.fault && pte >> PTE_N) {
			t->napot++;
			assert_int_equal(cold.pa >> 12 & 0xf, VA >> 12 & 0xf);
		}
		if (cold.fault)
			continue;
		scene_menvcfg(s, on ^ SCENE_PBMTE);
		ask(s, t, accesses[i]);
		scene_menvcfg(s, on ^ SCENE_SSE);
		ask(s, t, accesses[i]);
		scene_menvcfg(s, on);
		assert_int_equal(ask(s, t, accesses[i]).reason, REASON_NONE);
	}
}

static void check_level(struct scene *s, struct tally *t, unsigned level)
{
	uint64_t place = scene_place(s, VA, level);
	uint64_t page = level >= 3 ? 0 : SCENE_PAGES;

	for (unsigned on = 0; on < 8; on += 2) /* PBMTE, SSE */
		for (unsigned shape = 0; shape < SHAPES; shape++)
			for (unsigned i = 0; i < UPPERS; i++)
				for (unsigned low = 0; low < 16; low++) {
					scene_menvcfg(s, on);
					/* All of them where they matter, else a few. */
					if (low > 1 && low != 8 && (i >> 3 || !(i & 1)))
						continue;
					check_pte(s, t, place,
						  scene_pte(page | low << 12, shapes[shape]) |
						      upper(i),
						  on);
				}
	scene_poke(s, place, 0);
}

static void golden_reads_every_format_alike(void **state)
{
	const char *config = *state;
	struct scene s;
	struct tally t = {0};

	scene_open(&s, scene_mode("sv39"), config, NULL);
	for (unsigned level = 3; level-- > 0;)
		check_level(&s, &t, level);
	printf("# %u asked, %u reserved; memory: %u cached, %u NC, %u IO; %u NAPOT\n", t.asked,
	       t.reserved, t.types[MEM_CACHED], t.types[MEM_NC], t.types[MEM_IO], t.napot);
	assert_true(t.types[MEM_CACHED] && t.types[MEM_NC] && t.types[MEM_IO] && t.reserved);
	assert_int_equal(t.napot > 0, s.config->svnapot);
	scene_close(&s);
}

int main(void)
{
	static char *configs[] = {"open57", "open57n", "open57r"};
	struct CMUnitTest tests[3];

	for (unsigned i = 0; i < 3; i++)
		tests[i] = (struct CMUnitTest){
		    .name = configs[i],
		    .test_func = golden_reads_every_format_alike,
		    .initial_state = configs[i],
		};
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return scene_finish(cmocka_run_group_tests(tests, NULL, NULL));
}
