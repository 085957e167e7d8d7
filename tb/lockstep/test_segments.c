/*
 * Segments, rules 1 to 3 and 5 (segments.md): which one answers, where it ends, and where it
 * leads, to the last bit of comparators and adder.
 */
#include "segment_scene.h"

/* ---- which one answers --------------------------------------------------- */

static void each_segment_answers_for_itself(struct scene *s)
{
	const unsigned n = s->config->segments;

	scene_segctl(s, SEGMODE_SEGMENTS, 0);
	for (unsigned i = 0; i < n; i++)
		scene_segment(s, i, BASE + 0x2000 * i, BASE + 0x2000 * i + 0xfff - i,
			      ram(s) + 0x10000 * i, S_RWX);
	for (unsigned i = 0; i < n; i++) {
		uint64_t base = BASE + 0x2000 * i, pa = ram(s) + 0x10000 * i;
		expect_pa(s, base, ACC_LOAD, pa);
		expect_pa(s, base + 0x123, ACC_FETCH, pa + 0x123);
		expect_pa(s, base + 0xfff - i, ACC_STORE, pa + 0xfff - i);
		expect_reason(s, base + 0x1000 - i, ACC_LOAD, REASON_SEGMENT_MISSING);
		expect_reason(s, base + 0x1fff, ACC_FETCH, REASON_SEGMENT_MISSING);
	}
}

/* All begin at one place, each a page longer than the one below. */
static void the_lowest_that_is_on_answers(struct scene *s)
{
	const unsigned n = s->config->segments;

	scene_segctl(s, SEGMODE_SEGMENTS, 0);
	for (unsigned i = 0; i < n; i++)
		scene_segment(s, i, BASE, BASE + 0x1000 * i + 0xfff, ram(s) + 0x100000 * i, S_RWX);
	for (unsigned off = 0; off <= n; off++) {
		for (unsigned i = 0; i < n; i++) {
			unsigned lowest = off > i ? off : i;
			uint64_t va = BASE + 0x1000 * i;
			if (lowest == n)
				expect_reason(s, va, ACC_LOAD, REASON_SEGMENT_MISSING);
			else
				expect_pa(s, va, i % 2 ? ACC_LOAD : ACC_FETCH,
					  ram(s) + 0x100000 * lowest + 0x1000 * i);
		}
		if (off < n)
			mmu_csr_write(s->mmu, REG_SEGMENT0 + 8 * off + SEGREG_CFG, S_RWX & ~PV);
	}
}

/* Neither another segment, nor a page. */
static void no_other_mends_a_refusal(struct scene *s)
{
	const unsigned last = s->config->segments - 1;
	struct mmu_request over = request(BASE + 0x7fc, ACC_LOAD, 8);

	scene_segctl(s, SEGMODE_BOTH, 0);
	scene_map(s, BASE, ram(s), 0, P_RWX);
	if (last)
		scene_segment(s, last, BASE, BASE + 0xfff, ram(s) + 0x1000, S_RWX);
	scene_segment(s, 0, BASE, BASE + 0x7ff, ram(s), PV | PR | SGLOBAL);
	expect_reason(s, BASE, ACC_STORE, REASON_SEGMENT_PERMISSION);
	expect(s, &over, REASON_SEGMENT_LIMIT);
	scene_expect_pa(s, BASE + 0x800, ACC_STORE, last ? ram(s) + 0x1800 : ram(s) + 0x800);
}

static void what_is_empty_holds_nothing(struct scene *s)
{
	scene_segctl(s, SEGMODE_SEGMENTS, 0);
	for (unsigned below = 1; below < 3; below++) {
		scene_segment(s, 0, BASE, BASE - below, ram(s), S_RWX);
		for (unsigned i = 0; i < 6; i++)
			expect_reason(s, BASE - 3 + i, ACC_LOAD, REASON_SEGMENT_MISSING);
	}
	scene_segment(s, 0, top(s), 0, ram(s), S_RWX);
	expect_reason(s, 0, ACC_FETCH, REASON_SEGMENT_MISSING);
	expect_reason(s, top(s), ACC_LOAD, REASON_SEGMENT_MISSING);
	scene_segment(s, 0, BASE, BASE, ram(s), S_RWX); /* one byte is not nothing */
	expect_pa(s, BASE, ACC_LOAD, ram(s));
	expect_reason(s, BASE + 1, ACC_LOAD, REASON_SEGMENT_MISSING);
}

/* ---- comparators --------------------------------------------------------- */

static void every_address_bit_is_compared(struct scene *s)
{
	struct rng r = rng_seeded(rng_env_seed());

	scene_segctl(s, SEGMODE_SEGMENTS, 0);
	for (unsigned i = 0; i < s->config->segments; i++) {
		uint64_t base = rng_u64(&r) & ~0xfffull & top(s);
		all_off(s);
		scene_segment(s, i, base, base + 0xfff, ram(s), S_RWX);
		for (unsigned bit = 12; bit < s->config->xlen; bit++) {
			uint64_t other = base ^ 1ull << bit;
			expect_pa(s, base + bit, ACC_LOAD, ram(s) + bit);
			expect_reason(s, other, ACC_LOAD, REASON_SEGMENT_MISSING);
			expect_reason(s, other, ACC_FETCH, REASON_SEGMENT_MISSING);
		}
	}
}

/* A segment that ends before, and one that begins at, each power of two. */
static void every_edge_is_an_edge(struct scene *s)
{
	const unsigned i = s->config->segments - 1;

	scene_segctl(s, SEGMODE_SEGMENTS, 0);
	for (unsigned bit = 12; bit < s->config->xlen; bit++) {
		uint64_t edge = 1ull << bit;

		scene_segment(s, i, edge - 0x1000, edge - 1, ram(s), S_RWX);
		expect_pa(s, edge - 1, ACC_LOAD, ram(s) + 0xfff);
		expect_reason(s, edge, ACC_LOAD, REASON_SEGMENT_MISSING);
		scene_segment(s, i, edge, top(s), ram(s), S_RWX);
		expect_pa(s, edge, ACC_FETCH, ram(s));
		expect_reason(s, edge - 1, ACC_FETCH, REASON_SEGMENT_MISSING);
		expect_reason(s, 0, ACC_LOAD, REASON_SEGMENT_MISSING);
		scene_segment(s, i, 0, edge - 1, ram(s), S_RWX);
		expect_pa(s, 0, ACC_LOAD, ram(s));
		expect_reason(s, edge, ACC_STORE, REASON_SEGMENT_MISSING);
		expect_reason(s, top(s), ACC_STORE, REASON_SEGMENT_MISSING);
	}
}

static void every_asid_bit_is_compared(struct scene *s)
{
	const unsigned bits = s->config->asid_bits;

	for (unsigned i = 0; i < s->config->segments; i++) {
		all_off(s);
		for (unsigned bit = 0; bit < bits; bit++) {
			unsigned asid = 0x1234 & ((1u << bits) - 1), other = asid ^ 1u << bit;
			scene_segment(s, i, BASE, BASE + 0xfff, ram(s),
				      PV | PR | (uint64_t)asid << SEG_ASID);
			scene_segctl(s, SEGMODE_SEGMENTS, asid);
			expect_pa(s, BASE, ACC_LOAD, ram(s));
			scene_segctl(s, SEGMODE_SEGMENTS, other);
			expect_reason(s, BASE, ACC_LOAD, REASON_SEGMENT_MISSING);
			mmu_csr_write(s->mmu, REG_SEGMENT0 + 8 * i + SEGREG_CFG,
				      PV | PR | SGLOBAL | (uint64_t)asid << SEG_ASID);
			expect_pa(s, BASE, ACC_LOAD, ram(s));
		}
	}
}

/* ---- the limit (rule 3) -------------------------------------------------- */

static void limit_of(struct scene *s, unsigned last)
{
	static const unsigned lengths[] = {1, 2, 3, 4, 7, 8, 16, 63, 64};

	scene_segment(s, 0, BASE, BASE + last, ram(s), S_RWX);
	for (unsigned offset = last > 66 ? last - 66 : 0; offset <= last; offset++)
		for (unsigned i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
			struct mmu_request r =
			    request(BASE + offset, i % 2 ? ACC_STORE : ACC_LOAD, lengths[i]);
			bool over = offset + lengths[i] - 1 > last;
			if (offset % 0x1000 + lengths[i] <= 0x1000)
				expect(s, &r, over ? REASON_SEGMENT_LIMIT : REASON_NONE);
		}
	for (unsigned bytes = 2; bytes <= 4; bytes += 2) {
		struct mmu_request r = request(BASE + last, ACC_FETCH, bytes);
		if (last % 0x1000 + bytes <= 0x1000)
			expect(s, &r, REASON_SEGMENT_LIMIT);
	}
}

static void the_last_byte_must_lie_inside_too(struct scene *s)
{
	scene_segctl(s, SEGMODE_SEGMENTS, 0);
	for (unsigned last = 0; last < 70; last++)
		limit_of(s, last);
	for (unsigned last = 0xfb0; last < 0x1048; last++)
		limit_of(s, last);
}

static void cache_blocks_count_whole(struct scene *s)
{
	static const uint8_t kinds[] = {ACC_CBO_ZERO, ACC_CBO_MANAGE, ACC_PREFETCH};

	scene_segctl(s, SEGMODE_SEGMENTS, 0);
	for (unsigned last = 0xf3e; last < 0xfc2; last++) {
		scene_segment(s, 0, BASE, BASE + last, ram(s), S_RWX);
		for (unsigned offset = last - 66; offset <= last; offset += 1 + offset % 5)
			for (unsigned k = 0; k < 3; k++)
				expect_reason(s, BASE + offset, kinds[k],
					      (offset | 63) > last ? REASON_SEGMENT_LIMIT
								   : REASON_NONE);
	}
}

static void both_ends_of_the_address_space_are_ends(struct scene *s)
{
	const uint64_t page = top(s) - 0xfff;
	struct mmu_request word = request(top(s) - 7, ACC_LOAD, 8);

	scene_segctl(s, SEGMODE_SEGMENTS, 0);
	scene_segment(s, 0, page, top(s), ram(s), S_RWX);
	expect(s, &word, REASON_NONE);
	expect_pa(s, top(s), ACC_FETCH, ram(s) + 0xfff);
	expect_pa(s, top(s), ACC_CBO_ZERO, ram(s) + 0xfff);
	expect_reason(s, 0, ACC_LOAD, REASON_SEGMENT_MISSING);
	scene_segment(s, 0, page, top(s) - 1, ram(s), S_RWX);
	expect(s, &word, REASON_SEGMENT_LIMIT);
	expect_reason(s, top(s), ACC_FETCH, REASON_SEGMENT_MISSING);
	scene_segment(s, 0, 0, top(s), ram(s), S_RWX);
	expect_pa(s, 0, ACC_LOAD, ram(s));
}

/* ---- the sum (rule 5) ---------------------------------------------------- */

/* The widest that physical addresses may be, of 56 or 34 bits, beyond which phys cannot be. */
static void check_sum(struct scene *s, uint64_t base, uint64_t va, uint64_t phys)
{
	unsigned __int128 sum = (unsigned __int128)phys + (va - base);
	struct mmu_request r = request(va, va & 1 ? ACC_FETCH : ACC_LOAD, 1);

	scene_segment(s, 0, base, top(s), phys, S_RWX);
	struct mmu_answer a = decided(s, &r);
	if (sum >> s->config->pa_bits) {
		assert_string_equal(mmu_reason_name(a.reason), "address_too_wide");
	} else if (a.fault) {
		assert_string_equal(mmu_reason_name(a.reason), "pma");
	} else {
		assert_int_equal(a.pa, (uint64_t)sum);
	}
}

static uint64_t few_bits(struct rng *r)
{
	uint64_t ones = ~0ull >> rng_below(r, 64);
	return rng_chance(r, 50) ? ones : rng_chance(r, 50) ? ones + 1 : ones & rng_u64(r);
}

static void sums_are_exact_and_never_truncated(struct scene *s)
{
	const uint64_t phys_mask = (s->config->xlen == 32 ? 1ull << 34 : 1ull << 56) - 0x1000;
	struct rng r = rng_seeded(rng_env_seed());

	scene_segctl(s, SEGMODE_SEGMENTS, 0);
	for (unsigned n = 0; n < 4000; n++) {
		uint64_t base = few_bits(&r) & top(s) & ~0xfffull;
		uint64_t va = base + (few_bits(&r) & top(s));
		if (va >= base && va <= top(s))
			check_sum(s, base, va, few_bits(&r) & phys_mask);
	}
	/* From the last page of the physical width into the first that is beyond. */
	const uint64_t end = 1ull << s->config->pa_bits;
	check_sum(s, BASE, BASE + 0xfff, end - 0x1000);
	check_sum(s, BASE, BASE + 0x1000, end - 0x1000);
	check_sum(s, 0, top(s), 0);
	check_sum(s, 0, top(s), phys_mask);
	/* 2^64 in all, or 2^34. */
	check_sum(s, 0, (s->config->xlen == 32 ? 1ull << 34 : 0) - phys_mask, phys_mask);
}

int main(void)
{
	static const struct scene_rule rules[] = {
	    SCENE_RULE(each_segment_answers_for_itself),
	    SCENE_RULE(the_lowest_that_is_on_answers),
	    SCENE_RULE(no_other_mends_a_refusal),
	    SCENE_RULE(what_is_empty_holds_nothing),
	    SCENE_RULE(every_address_bit_is_compared),
	    SCENE_RULE(every_edge_is_an_edge),
	    SCENE_RULE(every_asid_bit_is_compared),
	    SCENE_RULE(the_last_byte_must_lie_inside_too),
	    SCENE_RULE(cache_blocks_count_whole),
	    SCENE_RULE(both_ends_of_the_address_space_are_ends),
	    SCENE_RULE(sums_are_exact_and_never_truncated),
	};
	return run_segment_rules(rules, sizeof rules / sizeof rules[0]);
}
