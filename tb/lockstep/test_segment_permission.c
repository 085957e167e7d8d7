/*
 * Segments, rules 4 to 6 (segments.md): every cfg against every access, beside a page of the
 * same flags; shadow stacks; PMP and PMA where the sum leads; the order of reasons.
 */
#include "segment_scene.h"

#define PAGED 0x48005000ull

/* ---- R, W, X, U (rule 4) ------------------------------------------------- */

/* What a leaf of these flags says to it; no leaf has neither R nor X. */
static unsigned page_reason(struct scene *s, struct mmu_request r)
{
	r.va = PAGED + 0x10;
	return scene_ask(s, &r).answer.reason;
}

static void check_permission(struct scene *s, unsigned flags, const struct mmu_request *r)
{
	bool shadow = r->access >= ACC_SS_LOAD;
	bool is_leaf = flags & (PR | PX);
	unsigned page = shadow || !is_leaf ? REASON_SEGMENT_PERMISSION : page_reason(s, *r);

	expect(s, r,
	       shadow                ? REASON_SHADOW_STACK
	       : page == REASON_NONE ? REASON_NONE
				     : REASON_SEGMENT_PERMISSION);
	struct mmu_answer a = decided(s, r);
	unsigned cause = r->access == ACC_FETCH                         ? CAUSE_FETCH_PAGE
			 : r->access == ACC_LOAD || r->access == ACC_LR ? CAUSE_LOAD_PAGE
									: CAUSE_STORE_PAGE;
	if (r->access == ACC_PREFETCH)
		cause = CAUSE_NONE;
	if (a.fault)
		assert_int_equal(a.cause, shadow ? CAUSE_STORE_ACCESS : cause);
}

/* All that a page may be, and without R and X. */
static void permissions_are_those_of_a_leaf(struct scene *s)
{
	scene_segctl(s, SEGMODE_BOTH, 0);
	for (unsigned flags = 0; flags < 32; flags += 2) {
		if ((flags & (PR | PW)) == PW)
			continue;
		scene_map(s, PAGED, ram(s), 0, PV | flags | PA | PD);
		scene_fence_all(s);
		scene_segment(s, 0, BASE, BASE + 0xfff, ram(s), PV | SGLOBAL | flags);
		for (unsigned i = 0; i < 8 * SCENE_ACCESSES; i++) {
			struct mmu_request r = request(BASE + 0x10, i / 8, 4);
			r.priv = i & 1 ? PRIV_S : PRIV_U;
			r.sum = i & 2;
			r.mxr = i & 4;
			check_permission(s, flags, &r);
		}
	}
}

/* With the extension on, a page of W alone is one; a segment never. */
static void no_shadow_stack_lies_in_one(struct scene *s)
{
	scene_segctl(s, SEGMODE_SEGMENTS, 0);
	if (s->config->zicfiss)
		scene_menvcfg(s, SCENE_SSE);
	for (unsigned flags = 0; flags < 32; flags += 2) {
		scene_segment(s, 0, BASE, BASE + 0xfff, ram(s), PV | SGLOBAL | flags);
		for (unsigned access = ACC_SS_LOAD; access <= ACC_SS_AMO; access++) {
			struct mmu_request r = request(BASE + 0x10, access, 4);
			expect(s, &r, REASON_SHADOW_STACK);
			r.priv = PRIV_U;
			expect(s, &r, REASON_SHADOW_STACK);
		}
	}
}

static void a_and_d_are_left_alone(struct scene *s)
{
	uint64_t leaf = scene_pte(ram(s), PV | PR | PW | PX);

	if (s->config->svadu)
		scene_menvcfg(s, SCENE_ADUE);
	scene_segctl(s, SEGMODE_BOTH, 0);
	scene_poke(s, scene_place(s, BASE, 0), leaf);
	scene_segment(s, 0, BASE, BASE + 0xfff, ram(s), S_RWX);
	for (unsigned i = 0; i < 2; i++) {
		struct scene_answer a = scene_touch(s, BASE, i ? ACC_STORE : ACC_FETCH);
		assert_false(a.answer.fault);
		assert_int_equal(a.swaps, 0);
	}
	assert_int_equal(scene_peek(s, scene_place(s, BASE, 0)), leaf);
}

/* ---- PMP (rule 6) -------------------------------------------------------- */

/* A region in a segment's page, of the smallest size that is possible, then larger, to the
 * page's end. */
static void pmp_judges_every_byte_where_it_leads(struct scene *s)
{
	const uint64_t grain = 4ull << s->config->pmp_grain;

	if (s->config->pmp_entries < 2)
		return;
	scene_segctl(s, SEGMODE_SEGMENTS, 0);
	scene_segment(s, 0, BASE, BASE + 0xffff, ram(s), S_RWX);
	for (uint64_t size = grain < 8 ? 8 : grain; size <= 0x800; size *= 4) {
		uint64_t at = 0x2800;
		scene_pmp_napot(s, 0, CR, ram(s) + at, size);
		scene_fence_all(s);
		for (unsigned bytes = 1; bytes <= 8; bytes *= 2) {
			struct mmu_request r = request(BASE + at - bytes, ACC_STORE, bytes);
			expect(s, &r, REASON_NONE);
			r.va++;
			expect(s, &r, REASON_PMP);
			r.va = BASE + at + size - bytes;
			expect(s, &r, REASON_PMP);
			r.access = ACC_LOAD;
			expect(s, &r, REASON_NONE);
			r.va = BASE + at + size;
			r.access = ACC_STORE;
			if (size < 0x800)
				expect(s, &r, REASON_NONE);
		}
		expect_reason(s, BASE + at, ACC_FETCH, REASON_PMP);
		expect_reason(s, BASE + at, ACC_CBO_ZERO, REASON_PMP);
	}
}

/* No fence is needed, as for what nothing translates: no TLB holds a segment's verdict. */
static void a_write_of_pmp_is_seen_at_once(struct scene *s)
{
	if (s->config->pmp_entries < 2)
		return;
	scene_segctl(s, SEGMODE_SEGMENTS, 0);
	scene_segment(s, 0, BASE, BASE + 0xfff, ram(s), S_RWX);
	for (unsigned n = 0; n < 4; n++) {
		scene_pmp_napot(s, 0, n % 2 ? C_RWX : 0, ram(s), 0x1000);
		struct scene_answer a = scene_touch(s, BASE, ACC_LOAD);
		assert_int_equal(a.answer.reason, n % 2 ? REASON_NONE : REASON_PMP);
	}
}

/* ---- PMA (rule 6) -------------------------------------------------------- */

static unsigned memory_of(const struct mmu_pma *region)
{
	return region->attributes >> PMA_CACHEABLE & 1    ? MEM_CACHED
	       : region->attributes >> PMA_IDEMPOTENT & 1 ? MEM_NC
							  : MEM_IO;
}

/* Every region of the map that is not overlaid: what a plain access there may do, and is told. */
static void pma_judges_where_it_leads(struct scene *s)
{
	static const struct {
		uint8_t access, attribute;
	} kinds[] = {{ACC_LOAD, PMA_R}, {ACC_STORE, PMA_W}, {ACC_FETCH, PMA_X}};

	scene_segctl(s, SEGMODE_SEGMENTS, 0);
	for (unsigned i = 0; i < s->config->pma_regions; i++) {
		const struct mmu_pma *region = &s->config->pma[i];
		uint64_t page = region->base + region->size / 2 - 0x1000;

		if (region->size < 0x4000 || page >> s->config->pa_bits)
			continue;
		if (strcmp(s->config->name, "sv57_odd") == 0 && region->size == 0x20000)
			continue; /* its first half is others' */
		scene_segment(s, 0, BASE, BASE + 0xfff, page, S_RWX);
		for (unsigned k = 0; k < 3; k++) {
			struct mmu_request r = request(BASE + 8, kinds[k].access, 4);
			struct mmu_answer a = decided(s, &r);
			bool may = region->attributes >> kinds[k].attribute & 1;
			assert_int_equal(a.reason, may ? REASON_NONE : REASON_PMA);
			if (may)
				assert_int_equal(a.memory, memory_of(region));
		}
	}
}

/* ---- the order ----------------------------------------------------------- */

/* All is wrong at first, and is mended one by one. */
static void the_first_rule_that_is_broken_is_told(struct scene *s)
{
	const uint64_t beyond = 1ull << s->config->pa_bits, va = BASE + 0x1000;
	struct mmu_request r = request(va, ACC_SS_LOAD, 4), nowhere = r;

	scene_segctl(s, SEGMODE_SEGMENTS, 0);
	expect(s, &r, REASON_SEGMENT_MISSING);
	scene_segment(s, 0, BASE, va + 2, beyond - 0x1000, PV | SGLOBAL);
	expect(s, &r, REASON_SEGMENT_LIMIT);
	scene_segment(s, 0, BASE, va + 3, beyond - 0x1000, PV | SGLOBAL);
	expect(s, &r, REASON_SHADOW_STACK);
	r.access = ACC_STORE;
	expect(s, &r, REASON_SEGMENT_PERMISSION);
	scene_segment(s, 0, BASE, va + 3, beyond - 0x1000, PV | PR | PW | SGLOBAL);
	expect(s, &r, REASON_ADDRESS_TOO_WIDE);
	scene_segment(s, 0, BASE, va + 3, ram(s), PV | PR | PW | SGLOBAL);
	expect(s, &r, REASON_NONE);
	if (s->config->pmp_entries < 2)
		return;
	/* Where PMA refuses too, PMP is told. */
	scene_pmp_napot(s, 0, 0, 0, 1ull << 28);
	scene_segment(s, 0, BASE, va + 3, 0x8000000, PV | PR | PW | SGLOBAL);
	nowhere.access = ACC_AMO;
	expect(s, &nowhere, REASON_PMP);
}

int main(void)
{
	static const struct scene_rule rules[] = {
	    SCENE_RULE(permissions_are_those_of_a_leaf),
	    SCENE_RULE(no_shadow_stack_lies_in_one),
	    SCENE_RULE(a_and_d_are_left_alone),
	    SCENE_RULE(pmp_judges_every_byte_where_it_leads),
	    SCENE_RULE(a_write_of_pmp_is_seen_at_once),
	    SCENE_RULE(pma_judges_where_it_leads),
	    SCENE_RULE(the_first_rule_that_is_broken_is_told),
	};
	return run_segment_rules(rules, sizeof rules / sizeof rules[0]);
}
