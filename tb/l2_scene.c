#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "l2_scene.h"

void l2_on_each(bool (*fits)(const struct mmu_config *c), unsigned latency,
		void (*check)(struct scene *s))
{
	const struct mmu_timing timing = {latency, latency, 0, 0};
	const struct mmu_config *c;
	unsigned n = 0;

	for (size_t i = 0; (c = mmu_config_at(i)); i++) {
		struct scene s;
		if (!c->l2_entries || (fits && !fits(c)))
			continue;
		scene_open(&s, &scene_modes[c->levels - 2], c->name, &timing);
		l2_rest(&s);
		check(&s);
		scene_close(&s);
		n++;
	}
	assert_true(n > 0);
}

static unsigned sets(const struct scene *s)
{
	return s->config->l2_entries / s->config->l2_ways;
}

/* Numbers of pages, multiples of any number of sets */
enum { PAGE_SHIFT = 12, TESTED = 0x4000, FILLER = 0x8000 };

uint64_t l2_page(const struct scene *s, unsigned i)
{
	return (uint64_t)(TESTED + i / L2_SETS_FREE * sets(s) + i % L2_SETS_FREE) << PAGE_SHIFT;
}

uint64_t l2_place(unsigned i)
{
	return SCENE_PAGES + ((uint64_t)i << PAGE_SHIFT);
}

uint64_t l2_map(struct scene *s, unsigned i, unsigned flags)
{
	uint64_t va = l2_page(s, i);
	scene_map(s, va, l2_place(i), 0, flags);
	return va;
}

void l2_forget(struct scene *s, unsigned access)
{
	unsigned entries = access == ACC_FETCH ? s->config->fetch_entries : s->config->data_entries;
	unsigned free = sets(s) - L2_SETS_FREE;
	static unsigned next;

	scene_satp(s, 0, s->root);
	for (unsigned i = 0; i < 2 * entries; i++, next++) {
		unsigned k = next % (4 * entries);
		uint64_t va = (uint64_t)(FILLER + k / free * sets(s) + L2_SETS_FREE + k % free)
			      << PAGE_SHIFT;
		if (!scene_peek(s, scene_place(s, va, 0)))
			scene_map(s, va, l2_place(L2_SETS_FREE * 8), 0, P_RWX);
		assert_false(scene_touch(s, va, access).answer.fault);
	}
	l2_settle(s);
}

void l2_expect_held(struct scene *s, uint64_t va, unsigned access)
{
	struct scene_answer a = scene_touch(s, va, access);
	if (a.reads || a.added != L2_CYCLES)
		fail_msg("%s, 0x%" PRIx64 ": %u cycles, %u PTEs read; expected a hit of the L2",
			 s->config->name, va, a.added, a.reads);
}

void l2_expect_walk(struct scene *s, uint64_t va, unsigned access)
{
	struct scene_answer a = scene_touch(s, va, access);
	if (!a.reads)
		fail_msg("%s, 0x%" PRIx64 ": %u cycles; expected a walk", s->config->name, va,
			 a.added);
}

/* A fill goes through a queue, and a fence by address cleans its set: a few cycles. */
void l2_settle(struct scene *s)
{
	for (unsigned i = 0; i < 8; i++)
		mmu_step(s->mmu);
}

void l2_rest(struct scene *s)
{
	for (unsigned i = 0; i < 4 * sets(s) + 8; i++)
		mmu_step(s->mmu);
}
