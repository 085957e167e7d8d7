/*
 * The complete table of leaf permission: every combination of the PTE's V R W X
 * U A D, access, privilege, SUM and MXR, in every mode and at every leaf level,
 * RTL against golden. Cold, warm, and warm with an entry that another access
 * brought in (riscv-vm.md, sections 1.3, 1.5 steps 3 to 9, 1.6; field bugs 1, 2,
 * 4, 6, 7, 8, 21, 24b).
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "scene.h"

/* V R W X U A D: every value of a PTE's flags but for G, which has no part in this. */
enum { FLAG_SETS = 128 };

static unsigned flag_set(unsigned i)
{
	static const unsigned flags[] = {PV, PR, PW, PX, PU, PA, PD};
	unsigned set = 0;
	for (unsigned bit = 0; bit < 7; bit++)
		if (i >> bit & 1)
			set |= flags[bit];
	return set;
}

/* access, privilege, SUM, MXR: every context that a request can have */
enum { CONTEXTS = 3 * 3 * 2 * 2 };

static struct mmu_request context(unsigned i, uint64_t va)
{
	static const uint8_t privs[] = {PRIV_U, PRIV_S, PRIV_M};
	struct mmu_request r = scene_request(va, i % 3);
	r.priv = privs[i / 3 % 3];
	r.sum = i / 9 % 2;
	r.mxr = i / 18;
	return r;
}

/* What a table of this size must have come across, or it was not the whole table. */
struct tally {
	unsigned asked, hits, warm_faults;
	unsigned reasons[64];
};

static struct scene_answer ask(struct scene *s, struct tally *t, const struct mmu_request *r)
{
	struct scene_answer got = scene_ask(s, r);
	t->asked++;
	t->reasons[got.answer.reason & 63]++;
	if (!got.added && r->priv != PRIV_M) {
		t->hits++;
		t->warm_faults += got.answer.fault;
	}
	return got;
}

static void fail_with(const struct scene *s, const struct mmu_request *r, uint64_t pte,
		      const char *what)
{
	fprintf(stderr, "%s, PTE 0x%" PRIx64 ": ", s->mode.name, pte);
	mmu_print_request(stderr, r);
	fail_msg(": %s; to repeat: %s", what, s->rerun);
}

/* Everything that the architecture shows of the answer, and the reason. */
static bool same(const struct mmu_answer *a, const struct mmu_answer *b)
{
	return a->pa == b->pa && a->fault == b->fault && a->cause == b->cause &&
	       a->tval == b->tval && a->reason == b->reason && a->level == b->level;
}

static void every_context_cold_and_warm(struct scene *s, struct tally *t, uint64_t va, uint64_t pte)
{
	for (unsigned i = 0; i < CONTEXTS; i++) {
		struct mmu_request r = context(i, va);
		scene_fence_all(s);
		struct scene_answer cold = ask(s, t, &r);
		struct scene_answer warm = ask(s, t, &r);
		if (r.priv != PRIV_M && !cold.reads)
			fail_with(s, &r, pte, "no walk after a fence of everything");
		if (!same(&cold.answer, &warm.answer))
			fail_with(s, &r, pte, "warm is not as cold");
		if (!cold.answer.fault && warm.added)
			fail_with(s, &r, pte, "a permitted access does not hit the second time");
		if (cold.answer.fault && warm.reads != cold.reads)
			fail_with(s, &r, pte, "a faulting walk left something in the TLB");
	}
}

/* With the entry in the TLB that `filler` brought in. */
static void every_context_after(struct scene *s, struct tally *t, uint64_t va, uint64_t pte,
				unsigned filler)
{
	struct mmu_request fill = context(filler, va);
	scene_fence_all(s);
	if (fill.priv == PRIV_M || ask(s, t, &fill).answer.fault)
		return;
	for (unsigned i = 0; i < CONTEXTS; i++) {
		struct mmu_request r = context(i, va);
		if (scene_port(r.access) != scene_port(fill.access))
			continue;
		if (ask(s, t, &r).added)
			fail_with(s, &r, pte, "the entry that another access brought in is missed");
	}
}

static void assert_whole(const struct tally *t)
{
	static const unsigned expected[] = {
	    REASON_NONE,           REASON_PTE_INVALID,     REASON_PTE_RESERVED, REASON_USER_PAGE,
	    REASON_NOT_READABLE,   REASON_SUPERVISOR_PAGE, REASON_NOT_WRITABLE, REASON_DIRTY_CLEAR,
	    REASON_NOT_EXECUTABLE, REASON_ACCESSED_CLEAR};

	assert_true(t->asked > FLAG_SETS * CONTEXTS * 2);
	assert_true(t->warm_faults > 0 && t->hits > t->warm_faults);
	for (unsigned i = 0; i < sizeof expected / sizeof expected[0]; i++)
		assert_true(t->reasons[expected[i]] > 0);
}

struct job {
	const char *mode;
	unsigned level;
};

/* The flags without R and X are no leaf's: at the last level that is one fault, above it a
 * pointer, which here leads to a table without a valid PTE. */
static void golden_permits_and_refuses_the_same(void **state)
{
	const struct job *job = *state;
	struct scene s;
	struct tally t = {0};

	scene_open(&s, scene_mode(job->mode), NULL, NULL);
	uint64_t va = scene_page_size(&s, job->level) * 3 + 0x123;
	uint64_t place = scene_place(&s, va, job->level);
	uint64_t pa = job->level >= 3 ? 0 : SCENE_PAGES;

	for (unsigned i = 0; i < FLAG_SETS; i++) {
		uint64_t pte = scene_pte(pa, flag_set(i));
		scene_poke(&s, place, pte);
		every_context_cold_and_warm(&s, &t, va, pte);
		for (unsigned filler = 0; filler < CONTEXTS; filler++)
			every_context_after(&s, &t, va, pte, filler);
	}
	printf("# %u asked, %u hits, of these %u faults\n", t.asked, t.hits, t.warm_faults);
	scene_close(&s);
	assert_whole(&t);
}

int main(void)
{
	enum { JOBS = 2 + 3 + 4 + 5 };
	static struct job jobs[JOBS];
	static char names[JOBS][32];
	static struct CMUnitTest tests[JOBS];
	unsigned n = 0;

	for (unsigned m = 0; m < SCENE_MODES; m++)
		for (unsigned level = 0; level < scene_modes[m].levels; level++, n++) {
			jobs[n] = (struct job){scene_modes[m].name, level};
			snprintf(names[n], sizeof names[n], "%s_leaf_at_level_%u", jobs[n].mode,
				 level);
			tests[n] = (struct CMUnitTest){
			    .name = names[n],
			    .test_func = golden_permits_and_refuses_the_same,
			    .initial_state = &jobs[n],
			};
		}
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return scene_finish(cmocka_run_group_tests(tests, NULL, NULL));
}
