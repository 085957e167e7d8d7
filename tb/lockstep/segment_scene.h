/*
 * For lockstep tests of segments: a rule is checked on each model and on each configuration
 * that has segments, in its deepest mode.
 */
#ifndef ATLAS_SEGMENT_SCENE_H
#define ATLAS_SEGMENT_SCENE_H

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "rng.h"
#include "scene.h"

#define BASE 0x40000000ull

/* From 8 to 16 segments, 3 and 1; of both widths; with PMA that tells pages apart. */
static const char *const segment_configs[] = {"rva23",    "sv32_max", "kernel32",
					      "sv57_max", "sv48",     "sv57_odd"};
static const char *const segment_models[] = {"golden", "rtl"};

enum {
	SEGMENT_CONFIGS = sizeof segment_configs / sizeof segment_configs[0],
	SEGMENT_MODELS = sizeof segment_models / sizeof segment_models[0],
};

/* ---- what holds for all configurations ----------------------------------- */

/* The last byte of the address space. */
static inline uint64_t top(const struct scene *s)
{
	return s->config->xlen == 32 ? UINT32_MAX : UINT64_MAX;
}

/* 256 MiB of memory for every use, at a multiple of their size. */
static inline uint64_t ram(const struct scene *s)
{
	return strcmp(s->config->name, "sv57_odd") == 0 ? 0x50000000 : 0x90000000;
}

/* The model has TLBs and takes time for a walk. */
static inline bool scene_walks(const struct scene *s)
{
	return strcmp(s->model, "rtl") == 0;
}

static inline void all_off(struct scene *s)
{
	for (unsigned i = 0; i < s->config->segments; i++)
		scene_segment(s, i, 0, 0, 0, 0);
}

/* ---- accesses ------------------------------------------------------------ */

static inline struct mmu_request request(uint64_t va, unsigned access, unsigned bytes)
{
	struct mmu_request r = scene_request(va, access);
	r.bytes = bytes;
	return r;
}

/* What a segment, or the lack of one, decides: without a PTE, and in the next cycle. */
static inline struct mmu_answer decided(struct scene *s, const struct mmu_request *r)
{
	struct scene_answer a = scene_ask(s, r);

	if (a.added || a.reads)
		fail_msg("%s, 0x%" PRIx64 ": not answered in the next cycle", s->config->name,
			 r->va);
	assert_int_equal(a.answer.level, LEVEL_NONE);
	assert_false(a.answer.pte);
	return a.answer;
}

static inline void expect(struct scene *s, const struct mmu_request *r, unsigned reason)
{
	struct mmu_answer a = decided(s, r);

	if (a.reason != reason)
		fail_msg("%s, 0x%" PRIx64 ", access %u of %u bytes: %s, expected %s",
			 s->config->name, r->va, r->access, r->bytes, mmu_reason_name(a.reason),
			 mmu_reason_name(reason));
}

static inline void expect_reason(struct scene *s, uint64_t va, unsigned access, unsigned reason)
{
	struct mmu_request r = request(va, access, 1);
	expect(s, &r, reason);
}

static inline void expect_pa(struct scene *s, uint64_t va, unsigned access, uint64_t pa)
{
	struct mmu_request r = request(va, access, 1);
	struct mmu_answer a = decided(s, &r);

	if (a.fault || a.pa != pa)
		fail_msg("%s, 0x%" PRIx64 ": %s, pa 0x%" PRIx64 ", expected 0x%" PRIx64,
			 s->config->name, va, mmu_reason_name(a.reason), a.pa, pa);
}

/* ---- running ------------------------------------------------------------- */

static inline void check_on_each(void **state)
{
	const struct scene_rule *rule = *state;

	for (unsigned i = 0; i < SEGMENT_CONFIGS; i++) {
		const struct mmu_config *c = mmu_config_find(segment_configs[i]);
		struct scene s;
		scene_open(&s, &scene_modes[c->levels - 2], c->name, NULL);
		rule->check(&s);
		scene_close(&s);
	}
}

static inline void golden_rule(void **state)
{
	scene_use_model("golden");
	check_on_each(state);
}

static inline void rtl_rule(void **state)
{
	scene_use_model("rtl");
	check_on_each(state);
}

/* Each rule on each model; what main() returns. */
static inline int run_segment_rules(const struct scene_rule *rules, size_t n)
{
	struct CMUnitTest tests[SEGMENT_MODELS * n];
	static char names[200][100];
	size_t t = 0;

	for (unsigned m = 0; m < SEGMENT_MODELS; m++)
		for (size_t i = 0; i < n; i++, t++) {
			bool golden = strcmp(segment_models[m], "golden") == 0;
			snprintf(names[t], sizeof names[t], "%s: %s", segment_models[m],
				 rules[i].name);
			tests[t] = (struct CMUnitTest){
			    .name = names[t],
			    .test_func = golden ? golden_rule : rtl_rule,
			    .initial_state = (void *)&rules[i],
			};
		}
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return scene_finish(_cmocka_run_group_tests("segments", tests, t, NULL, NULL));
}

#endif
