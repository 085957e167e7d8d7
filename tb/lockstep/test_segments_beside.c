/*
 * Segments beside all else (segments.md, "State" and rules 1 and 2): registers, paging and
 * what TLBs keep of it, fences, walks under way, pointer masking, and every cycle of both ports.
 */
#include "segment_scene.h"

#define OTHER 0x48005000ull /* in no segment */

/* ---- registers ----------------------------------------------------------- */

static void reset_leaves_all_of_them_zero(struct scene *s)
{
	for (unsigned i = 0; i < 128; i++)
		assert_int_equal(mmu_csr_read(s->mmu, REG_SEGMENT0 + i), 0);
	assert_int_equal(mmu_csr_read(s->mmu, REG_SEGCTL), 0);
	/* Base, last and phys alone map nothing. */
	scene_segctl(s, SEGMODE_SEGMENTS, 0);
	expect_reason(s, 0, ACC_LOAD, REASON_SEGMENT_MISSING);
	expect_reason(s, 0, ACC_FETCH, REASON_SEGMENT_MISSING);
}

/* The lockstep compares all of them after each write. */
static void registers_keep_what_the_rules_say(struct scene *s)
{
	struct rng r = rng_seeded(rng_env_seed());

	for (unsigned n = 0; n < 3000; n++) {
		unsigned number = n % 16 == 0  ? (unsigned)REG_SEGCTL
				  : n % 16 < 3 ? REG_SEGMENT0 + rng_below(&r, 0x200)
					       : REG_SEGMENT0 + rng_below(&r, 128);
		uint64_t value = rng_chance(&r, 30) ? top(s) : rng_u64(&r) & top(s);
		scene_csr(s, number, value);
	}
}

static void a_cfg_has_no_w_without_r(struct scene *s)
{
	for (unsigned i = 0; i < s->config->segments; i++)
		for (unsigned cfg = 0; cfg < 64; cfg++) {
			uint64_t kept = cfg & PR ? cfg : cfg & ~(unsigned)PW;
			assert_int_equal(scene_csr(s, REG_SEGMENT0 + 8 * i + SEGREG_CFG, cfg),
					 kept);
		}
}

static void mode_3_drops_the_whole_write(struct scene *s)
{
	const uint64_t asid = s->config->asid_bits ? 1u << SEGCTL_ASID : 0;

	for (unsigned mode = 0; mode < 3; mode++) {
		assert_int_equal(scene_csr(s, REG_SEGCTL, asid | mode), asid | mode);
		assert_int_equal(scene_csr(s, REG_SEGCTL, 3), asid | mode);
		assert_int_equal(scene_csr(s, REG_SEGCTL, top(s)), asid | mode);
	}
}

/* ---- beside paging (rules 1 and 2) --------------------------------------- */

static void segctl_says_who_answers(struct scene *s)
{
	struct mmu_request m = request(BASE, ACC_LOAD, 1);

	scene_map(s, BASE, ram(s), 0, P_RWX);
	scene_map(s, OTHER, ram(s) + 0x1000, 0, P_RWX);
	scene_segment(s, 0, BASE, BASE + 0xfff, ram(s) + 0x2000, S_RWX);
	scene_expect_pa(s, BASE, ACC_LOAD, ram(s));
	for (unsigned round = 0; round < 2; round++) {
		scene_segctl(s, SEGMODE_BOTH, 0);
		expect_pa(s, BASE, ACC_LOAD, ram(s) + 0x2000);
		scene_expect_pa(s, OTHER, ACC_LOAD, ram(s) + 0x1000);
		scene_segctl(s, SEGMODE_SEGMENTS, 0);
		expect_pa(s, BASE, ACC_FETCH, ram(s) + 0x2000);
		expect_reason(s, OTHER, ACC_LOAD, REASON_SEGMENT_MISSING);
		expect_reason(s, OTHER, ACC_FETCH, REASON_SEGMENT_MISSING);
		m.priv = PRIV_M;
		expect(s, &m, s->config->pma_regions == 4 ? REASON_PMA : REASON_NONE);
		scene_segctl(s, SEGMODE_PAGING, 0);
		scene_expect_pa(s, BASE, ACC_LOAD, ram(s));
		scene_expect_fault(s, BASE + 0x1000, ACC_LOAD, CAUSE_LOAD_PAGE, REASON_PTE_INVALID);
	}
}

static void segments_need_no_satp(struct scene *s)
{
	mmu_csr_write(s->mmu, CSR_SATP, 0);
	scene_segment(s, 0, BASE, BASE + 0xfff, ram(s) + 0x2000, S_RWX);
	scene_segctl(s, SEGMODE_BOTH, 0);
	expect_pa(s, BASE, ACC_LOAD, ram(s) + 0x2000);
	expect_pa(s, ram(s) + 4, ACC_STORE, ram(s) + 4);
	scene_segctl(s, SEGMODE_SEGMENTS, 0);
	expect_pa(s, BASE, ACC_STORE, ram(s) + 0x2000);
	expect_reason(s, ram(s) + 4, ACC_STORE, REASON_SEGMENT_MISSING);
}

/* What was cached before is there afterwards: segments fence nothing. */
static void a_tlb_keeps_its_pages_meanwhile(struct scene *s)
{
	scene_map(s, BASE, ram(s), 0, P_RWX);
	scene_touch(s, BASE, ACC_LOAD);
	scene_touch(s, BASE, ACC_FETCH);
	scene_segment(s, 0, BASE, BASE + 0xfff, ram(s) + 0x2000, S_RWX);
	scene_segctl(s, SEGMODE_BOTH, 0);
	expect_pa(s, BASE, ACC_LOAD, ram(s) + 0x2000);
	scene_segctl(s, SEGMODE_PAGING, 0);
	if (scene_walks(s)) {
		scene_expect_hit(s, BASE, ACC_LOAD);
		scene_expect_hit(s, BASE, ACC_FETCH);
	}
	scene_expect_pa(s, BASE, ACC_LOAD, ram(s));
}

static void fences_do_not_concern_them(struct scene *s)
{
	scene_segment(s, 0, BASE, BASE + 0xfff, ram(s), S_RWX);
	scene_segctl(s, SEGMODE_BOTH, 0);
	for (unsigned form = 0; form < 4; form++) {
		struct mmu_fence fence = {.va = BASE, .rs1_x0 = form & 1, .rs2_x0 = form & 2};
		assert_true(mmu_fence(s->mmu, &fence));
		expect_pa(s, BASE, ACC_LOAD, ram(s));
		expect_pa(s, BASE, ACC_FETCH, ram(s));
	}
}

static void canonical_addresses_are_satps_business(struct scene *s)
{
	if (s->config->xlen == 32)
		return;
	for (unsigned bit = 12 + s->mode.levels * 9; bit < 64; bit++) {
		uint64_t hole = 1ull << bit;
		scene_segment(s, 0, hole, hole + 0xfff, ram(s), S_RWX);
		scene_segctl(s, SEGMODE_BOTH, 0);
		expect_pa(s, hole + 5, ACC_LOAD, ram(s) + 5);
		expect_pa(s, hole + 5, ACC_FETCH, ram(s) + 5);
		expect_reason(s, hole + 0x1000, ACC_LOAD, REASON_NONCANONICAL);
		scene_segctl(s, SEGMODE_SEGMENTS, 0);
		expect_reason(s, hole + 0x1000, ACC_LOAD, REASON_SEGMENT_MISSING);
	}
}

/* Whatever satp says; and a miss goes on with the masked address. */
static void masking_extends_the_sign(struct scene *s)
{
	const uint64_t va = 0xffffffffc0000000ull, tagged = va & ~0ull >> 16;
	struct mmu_request r = request(tagged + 8, ACC_LOAD, 4);

	if (!s->config->pointer_masking)
		return;
	scene_csr(s, CSR_MENVCFG, 3ull << ENVCFG_PMM);
	scene_segment(s, 0, va, va + 0xffe, ram(s), PV | PR | SGLOBAL);
	scene_map(s, va + 0x1000, ram(s) + 0x5000, 0, P_RWX);
	for (unsigned bare = 0; bare < 2; bare++) {
		if (bare)
			mmu_csr_write(s->mmu, CSR_SATP, 0);
		scene_segctl(s, SEGMODE_BOTH, 0);
		expect_pa(s, tagged + 8, ACC_LOAD, ram(s) + 8);
		expect_reason(s, tagged + 8, ACC_STORE, REASON_SEGMENT_PERMISSION);
		assert_int_equal(scene_touch(s, tagged + 8, ACC_STORE).answer.tval, va + 8);
		struct mmu_answer a = scene_touch(s, tagged + 0x1000, ACC_LOAD).answer;
		assert_int_equal(a.reason, bare ? REASON_ADDRESS_TOO_WIDE : REASON_NONE);
		assert_int_equal(a.fault ? a.tval : a.pa, bare ? va + 0x1000 : ram(s) + 0x5000);
		r.mxr = true; /* then it is an address */
		scene_segctl(s, SEGMODE_SEGMENTS, 0);
		expect(s, &r, REASON_SEGMENT_MISSING);
	}
}

static void address_spaces_stay_apart(struct scene *s)
{
	const unsigned n = s->config->segments, spaces = 1u << s->config->asid_bits;

	if (n < 2 || spaces < 2)
		return;
	for (unsigned i = 0; i < 2; i++)
		scene_segment(s, i, BASE, BASE + 0xfff, ram(s) + 0x1000 * i,
			      PV | PR | PW | (uint64_t)i << SEG_ASID);
	for (unsigned round = 0; round < 6; round++) {
		scene_segctl(s, SEGMODE_SEGMENTS, round % 2);
		expect_pa(s, BASE + 8, ACC_STORE, ram(s) + 0x1000 * (round % 2) + 8);
	}
	if (spaces > 2) {
		scene_segctl(s, SEGMODE_SEGMENTS, 2);
		expect_reason(s, BASE + 8, ACC_STORE, REASON_SEGMENT_MISSING);
	}
}

/* ---- time ---------------------------------------------------------------- */

/* A request and a write in one step: the old value; the step after: the new. */
static void a_write_counts_from_the_next_request_on(struct scene *s)
{
	scene_segctl(s, SEGMODE_SEGMENTS, 0);
	scene_segment(s, 0, BASE, BASE + 0xfff, ram(s), S_RWX);
	for (unsigned n = 0; n < 8; n++) {
		struct mmu_request r = request(BASE, ACC_LOAD, 1), f = request(BASE, ACC_FETCH, 1);
		mmu_offer(s->mmu, MMU_DATA, &r);
		mmu_offer(s->mmu, MMU_FETCH, &f);
		mmu_csr_write(s->mmu, REG_SEGMENT0 + SEGREG_PHYS, ram(s) + 0x1000 * (n + 1));
		assert_int_equal(mmu_answer(s->mmu, MMU_DATA)->pa, ram(s) + 0x1000 * n);
		assert_int_equal(mmu_answer(s->mmu, MMU_FETCH)->pa, ram(s) + 0x1000 * n);
		expect_pa(s, BASE, ACC_LOAD, ram(s) + 0x1000 * (n + 1));
	}
}

/* It began before there was a segment, and ends as if there were none. */
static void a_walk_under_way_is_not_touched(struct scene *s)
{
	struct mmu_request r = request(BASE + 8, ACC_LOAD, 1);

	scene_map(s, BASE, ram(s), 0, P_RWX);
	scene_segment(s, 0, BASE, BASE + 0xfff, ram(s) + 0x2000, S_RWX);
	mmu_offer(s->mmu, MMU_DATA, &r);
	mmu_csr_write(s->mmu, REG_SEGCTL, SEGMODE_SEGMENTS);
	assert_false(mmu_offered(s->mmu, MMU_DATA));
	for (unsigned i = 0; !mmu_answer(s->mmu, MMU_DATA); i++) {
		assert_true(i < 1000);
		mmu_step(s->mmu);
	}
	assert_int_equal(mmu_answer(s->mmu, MMU_DATA)->pa, ram(s) + 8);
	expect_pa(s, BASE + 8, ACC_LOAD, ram(s) + 0x2008);
}

/* Hits, misses and refusals alike, between hits of the TLB: one a cycle, on both ports. */
static void each_port_answers_every_cycle(struct scene *s)
{
	static const uint64_t at[] = {BASE, BASE + 0x1000, OTHER, BASE + 0x1800, BASE + 0x44};
	enum { KINDS = sizeof at / sizeof at[0], CYCLES = 64 };

	scene_map(s, OTHER, ram(s), 0, P_RWX);
	scene_segment(s, 0, BASE, BASE + 0x1800, ram(s) + 0x2000, S_RWX & ~PX);
	scene_segctl(s, SEGMODE_BOTH, 0);
	scene_touch(s, OTHER, ACC_LOAD);
	scene_touch(s, OTHER, ACC_FETCH);
	scene_pass_refill(s);
	for (unsigned n = 0; n < CYCLES; n++) {
		uint64_t va = at[n % KINDS];
		struct mmu_request data = request(va, ACC_LOAD, 4);
		struct mmu_request fetch = request(va, ACC_FETCH, 2);

		mmu_offer(s->mmu, MMU_DATA, &data);
		mmu_offer(s->mmu, MMU_FETCH, &fetch);
		mmu_step(s->mmu);
		assert_non_null(mmu_answer(s->mmu, MMU_DATA));
		assert_non_null(mmu_answer(s->mmu, MMU_FETCH));
		assert_int_equal(mmu_answer(s->mmu, MMU_DATA)->tag, data.tag & 0xff);
		assert_int_equal(mmu_answer(s->mmu, MMU_DATA)->reason,
				 va == BASE + 0x1800 ? REASON_SEGMENT_LIMIT : REASON_NONE);
		assert_int_equal(mmu_answer(s->mmu, MMU_FETCH)->reason,
				 va == OTHER           ? REASON_NONE
				 : va == BASE + 0x1800 ? REASON_SEGMENT_LIMIT
						       : REASON_SEGMENT_PERMISSION);
	}
}

int main(void)
{
	static const struct scene_rule rules[] = {
	    SCENE_RULE(reset_leaves_all_of_them_zero),
	    SCENE_RULE(registers_keep_what_the_rules_say),
	    SCENE_RULE(a_cfg_has_no_w_without_r),
	    SCENE_RULE(mode_3_drops_the_whole_write),
	    SCENE_RULE(segctl_says_who_answers),
	    SCENE_RULE(segments_need_no_satp),
	    SCENE_RULE(a_tlb_keeps_its_pages_meanwhile),
	    SCENE_RULE(fences_do_not_concern_them),
	    SCENE_RULE(canonical_addresses_are_satps_business),
	    SCENE_RULE(masking_extends_the_sign),
	    SCENE_RULE(address_spaces_stay_apart),
	    SCENE_RULE(a_write_counts_from_the_next_request_on),
	    SCENE_RULE(a_walk_under_way_is_not_touched),
	    SCENE_RULE(each_port_answers_every_cycle),
	};
	return run_segment_rules(rules, sizeof rules / sizeof rules[0]);
}
