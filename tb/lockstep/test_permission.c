/*
 * The complete table of leaf permission: every combination of the PTE's V R W X
 * U A D, access kind, privilege, SUM, MXR, and of menvcfg's SSE and ADUE, in every
 * mode and at every leaf level, RTL against golden. Cold, warm, and warm with an
 * entry that another access brought in (riscv-vm.md, sections 1.3, 1.4, 1.5 steps 3
 * to 9, 1.6, 1.8, 1.9; field bugs 1, 2, 4, 6, 7, 8, 21, 24b, 87).
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
enum { CONTEXTS = SCENE_ACCESSES * 3 * 2 * 2 };

static struct mmu_request context(unsigned i, uint64_t va)
{
	static const uint8_t privs[] = {PRIV_U, PRIV_S, PRIV_M};
	struct mmu_request r = scene_request(va, i % SCENE_ACCESSES);
	i /= SCENE_ACCESSES;
	r.priv = privs[i % 3];
	r.sum = i / 3 % 2;
	r.mxr = i / 6;
	return r;
}

/* What a table of this size must have come across, or it was not the whole table. */
struct tally {
	unsigned asked, hits, warm_faults, swaps;
	unsigned reasons[64];
};

/* One leaf, and what is in force beside its PTE. */
struct leaf {
	struct scene *s;
	struct tally *t;
	uint64_t va, place, pte;
	unsigned menvcfg;
};

static struct scene_answer ask(struct leaf *l, const struct mmu_request *r)
{
	struct scene_answer got = scene_ask(l->s, r);
	struct tally *t = l->t;
	t->asked++;
	t->swaps += got.swaps;
	t->reasons[got.answer.reason & 63]++;
	if (!got.added && r->priv != PRIV_M) {
		t->hits++;
		t->warm_faults += got.answer.fault;
	}
	return got;
}

static void fail_with(const struct leaf *l, const struct mmu_request *r, const char *what)
{
	fprintf(stderr, "%s, PTE 0x%" PRIx64 ", SSE %u, ADUE %u: ", l->s->mode.name, l->pte,
		!!(l->menvcfg & SCENE_SSE), !!(l->menvcfg & SCENE_ADUE));
	mmu_print_request(stderr, r);
	fail_msg(": %s; to repeat: %s", what, l->s->rerun);
}

/* Everything that the architecture shows of the answer, and the reason. */
static bool same(const struct mmu_answer *a, const struct mmu_answer *b)
{
	return a->pa == b->pa && a->fault == b->fault && a->cause == b->cause &&
	       a->tval == b->tval && a->reason == b->reason && a->level == b->level &&
	       a->memory == b->memory;
}

static bool dirties(unsigned access)
{
	return access == ACC_STORE || access == ACC_SC || access == ACC_AMO ||
	       access == ACC_CBO_ZERO || access == ACC_SS_STORE || access == ACC_SS_AMO;
}

/* A grant sets A and D as the kind needs, with ADUE; a fault changes nothing. */
static void check_memory(struct leaf *l, const struct mmu_request *r,
			 const struct scene_answer *got)
{
	uint64_t expected = l->pte;

	if (r->priv != PRIV_M && !got->answer.fault && r->access != ACC_PREFETCH)
		expected |= PA | (dirties(r->access) ? PD : 0);
	if (scene_peek(l->s, l->place) != expected)
		fail_with(l, r, "memory is not as it should be");
	if (got->swaps != (expected != l->pte))
		fail_with(l, r, "not as many updates as needed");
}

static void cold_and_warm(struct leaf *l, const struct mmu_request *r)
{
	scene_fence_all(l->s);
	if (scene_peek(l->s, l->place) != l->pte)
		scene_poke(l->s, l->place, l->pte);
	struct scene_answer cold = ask(l, r);
	check_memory(l, r, &cold);
	struct scene_answer warm = ask(l, r);
	/* A prefetch leaves A clear, and without A nothing is kept. */
	bool kept = !cold.answer.fault && (r->access != ACC_PREFETCH || l->pte & PA);

	if (r->priv != PRIV_M && !cold.reads)
		fail_with(l, r, "no walk after a fence of everything");
	if (!same(&cold.answer, &warm.answer))
		fail_with(l, r, "warm is not as cold");
	if (kept && warm.added)
		fail_with(l, r, "a permitted access does not hit the second time");
	/* A walk cache keeps pointers, of which the last is enough. */
	unsigned again = l->s->config->walk_cache ? 1 : cold.reads;
	if (r->priv != PRIV_M && !kept && warm.reads < again)
		fail_with(l, r, "a walk left something in the TLB that it must not");
}

static void every_context_cold_and_warm(struct leaf *l)
{
	for (unsigned i = 0; i < CONTEXTS; i++) {
		struct mmu_request r = context(i, l->va);
		cold_and_warm(l, &r);
	}
}

/* False if it leaves nothing in the TLB. */
static bool fill(struct leaf *l, const struct mmu_request *filler)
{
	scene_fence_all(l->s);
	scene_poke(l->s, l->place, l->pte);
	struct scene_answer filled = ask(l, filler);
	return !filled.answer.fault && (filler->access != ACC_PREFETCH || l->pte & PA);
}

/* With the entry in the TLB that `filler` brought in. What has D to set walks anew. */
static void every_context_after(struct leaf *l, const struct mmu_request *filler)
{
	if (!fill(l, filler))
		return;
	for (unsigned i = 0; i < CONTEXTS; i++) {
		struct mmu_request r = context(i, l->va);
		if (scene_port(r.access) != scene_port(filler->access))
			continue;
		bool sets_d = l->menvcfg & SCENE_ADUE && dirties(r.access) &&
			      !(scene_peek(l->s, l->place) & PD);
		struct scene_answer got = ask(l, &r);
		if (got.added && !sets_d)
			fail_with(l, &r, "the entry that another access brought in is missed");
		if (got.swaps)
			fill(l, filler);
	}
}

/* Each kind by who may reach the page, so that whatever can fill does. */
static void every_filler(struct leaf *l)
{
	for (unsigned access = 0; access < SCENE_ACCESSES; access++) {
		struct mmu_request filler = scene_request(l->va, access);
		filler.priv = l->pte & PU ? PRIV_U : PRIV_S;
		filler.mxr = true;
		every_context_after(l, &filler);
	}
}

static void assert_whole(const struct tally *t)
{
	static const unsigned expected[] = {
	    REASON_NONE,           REASON_PTE_INVALID,     REASON_PTE_RESERVED, REASON_USER_PAGE,
	    REASON_NOT_READABLE,   REASON_SUPERVISOR_PAGE, REASON_NOT_WRITABLE, REASON_SHADOW_STACK,
	    REASON_NOT_EXECUTABLE, REASON_ACCESSED_CLEAR,  REASON_DIRTY_CLEAR};

	assert_true(t->asked > FLAG_SETS * CONTEXTS * 2 * 4);
	assert_true(t->warm_faults > 0 && t->hits > t->warm_faults);
	assert_true(t->swaps > FLAG_SETS);
	for (unsigned i = 0; i < sizeof expected / sizeof expected[0]; i++)
		assert_true(t->reasons[expected[i]] > 0);
}

struct job {
	const char *mode;
	unsigned level;
};

static void all_flags(struct leaf *l, uint64_t pa)
{
	scene_menvcfg(l->s, l->menvcfg);
	for (unsigned i = 0; i < FLAG_SETS; i++) {
		l->pte = scene_pte(pa, flag_set(i));
		scene_poke(l->s, l->place, l->pte);
		every_context_cold_and_warm(l);
		every_filler(l);
	}
}

/* The flags without R, W and X are no leaf's: at the last level that is one fault, above it a
 * pointer, which here leads to a table without a valid PTE. */
static void golden_permits_and_refuses_the_same(void **state)
{
	const struct job *job = *state;
	struct scene s;
	struct tally t = {0};
	struct leaf l = {.s = &s, .t = &t};

	scene_open(&s, scene_mode(job->mode), NULL, NULL);
	l.va = scene_page_size(&s, job->level) * 3 + 0x140;
	l.place = scene_place(&s, l.va, job->level);
	uint64_t pa = job->level >= 3 ? 0 : SCENE_PAGES;

	for (unsigned on = 0; on < 4; on++) {
		l.menvcfg = (on & 1 ? SCENE_SSE : 0) | (on & 2 ? SCENE_ADUE : 0);
		all_flags(&l, pa);
	}
	printf("# %u asked, %u hits, of these %u faults; %u updates\n", t.asked, t.hits,
	       t.warm_faults, t.swaps);
	scene_close(&s);
	assert_whole(&t);
}

/* For ONLY, which may name any configuration. */
static bool fits(const struct mmu_config *c)
{
	return scene_memory_is_open(c);
}

int main(void)
{
	enum { JOBS = SCENE_MODES * 5 };
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
	scene_want(fits);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return scene_finish(_cmocka_run_group_tests("tests", tests, n, NULL, NULL));
}
