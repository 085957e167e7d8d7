/*
 * The page-table library of sw/, on this computer: walking tables, against the
 * golden model's walks of the same memory.
 */
#include "pagetable_fixture.h"
#include "rng.h"

static void same_as_golden(const struct pt *pt, uint64_t va, const struct pt_access *access)
{
	struct mmu_answer answer = golden(pt, va, access);
	struct pt_walk walk;

	pt_explain(pt, va, access, &walk);
	assert_int_equal(walk.reason, answer.reason);
	assert_int_equal(walk.level, answer.level);
	assert_int_equal(walk.pte, answer.pte);
	assert_int_equal(walk.pa, answer.pa);
}

/* A PTE with a good chance of each rule: any low bits, a PPN that points into
 * the tables, to a superpage, to nowhere or too far, sometimes reserved bits. */
static uint64_t random_pte(struct rng *rng, enum pt_mode mode)
{
	uint64_t ppn;

	switch (rng_below(rng, 8)) {
	case 0:
		ppn = rng_u64(rng);
		break;
	case 1:
		ppn = (uint64_t)rng_below(rng, 4) << 27;
		break;
	case 2:
		ppn = (uint64_t)rng_below(rng, 64) << 9;
		break;
	default:
		ppn = (TABLES_AT >> 12) + rng_below(rng, 8);
	}
	/* Pointers above all, or few walks get below the root. */
	uint64_t flags = rng_below(rng, 3) ? 1 : rng_below(rng, 1024);
	uint64_t pte = (ppn << PTE_PPN & ((1ull << PTE_RESERVED) - 1)) | flags;

	if (mode == PT_SV32)
		return (uint32_t)pte;
	if (rng_below(rng, 3) == 0)
		pte |= (uint64_t)rng_below(rng, 8) << PTE_PBMT;
	if (rng_below(rng, 6) == 0) /* a 64 KiB page, or nearly */
		pte = (pte & ~(0xfull << PTE_PPN)) | PT_N |
		      (uint64_t)(8 ^ (rng_below(rng, 4) / 3)) << PTE_PPN;
	return rng_below(rng, 16) ? pte : pte | 1ull << (54 + rng_below(rng, 10));
}

static void fill_with_random_ptes(struct rng *rng, enum pt_mode mode)
{
	for (unsigned f = 0; f < 8; f++) {
		for (unsigned i = 0; i < 1024; i++) {
			if (mode == PT_SV32)
				ram.frame[f].pte32[i] = (uint32_t)random_pte(rng, mode);
			else if (i < 512)
				ram.frame[f].pte64[i] = random_pte(rng, mode);
		}
	}
}

static void explains_random_tables_as_the_golden_model_does(void **state)
{
	bool seen[64] = {false};
	struct rng rng = rng_seeded(rng_env_seed());

	(void)state;

	FOR_EACH_MODE(mode)
	{
		struct pt pt = create(mode);

		/* Narrow, so that an address can be too wide. */
		memory.pa_bits = mode == PT_SV32 ? 33 : 40;
		for (unsigned round = 0; round < 20000; round++) {
			if (round % 500 == 0)
				fill_with_random_ptes(&rng, mode);
			if (round % 50 == 0)
				memory.extensions = rng_below(&rng, ALL_EXTENSIONS + 1);

			uint64_t va = rng_u64(&rng);
			const struct pt_access access = {
			    .access = rng_below(&rng, ACC_SS_AMO + 1),
			    .priv = rng_below(&rng, 2),
			    .sum = rng_below(&rng, 2),
			    .mxr = rng_below(&rng, 2),
			};
			unsigned unused = 64 - pt_va_bits(mode);

			if (mode == PT_SV32)
				va = (uint32_t)va;
			else if (rng_below(&rng, 20))
				va = (uint64_t)((int64_t)(va << unused) >> unused);
			same_as_golden(&pt, va, &access);
			seen[golden(&pt, va, &access).reason] = true;
		}
	}
	/* Or it would prove less than it says. The library knows nothing of PMP, PMA and segments.
	 */
	seen[REASON_PMP] = seen[REASON_PMA] = true;
	seen[REASON_SEGMENT_MISSING] = seen[REASON_SEGMENT_LIMIT] = true;
	seen[REASON_SEGMENT_PERMISSION] = true;
#define ASSERT_SEEN(number, name)                                                                  \
	if (!seen[number])                                                                         \
		fail_msg("never seen: %s", name);
	MMU_REASONS(ASSERT_SEEN)
}

static void a_page_of_64_kib_is_one_page(void **state)
{
	(void)state;
	memory.extensions = PT_HAS_NAPOT;
	for (enum pt_mode mode = PT_SV39; mode < PT_MODES; mode++) {
		struct pt pt = create(mode);
		uint64_t va = somewhere(mode) + 0x30000;
		struct pt_walk walk;

		assert_int_equal(pt_map(&pt, va, 0x50000, 0, PT_READ | PT_N), PT_OK);
		for (uint64_t offset = 0; offset < 0x10000; offset += 0xfff) {
			pt_walk(&pt, va + offset, &walk);
			assert_int_equal(walk.pa, 0x50000 + offset);
			assert_int_equal(walk.level, 0);
		}
		pt_destroy(&pt);
	}
}

static void walk_lists_the_ptes_that_it_read(void **state)
{
	(void)state;
	FOR_EACH_MODE(mode)
	{
		struct pt pt = create(mode);
		uint64_t va = somewhere(mode) + 0x3000;
		struct pt_walk walk;

		assert_int_equal(pt_map(&pt, va, 0x42000, 0, PT_READ), PT_OK);
		pt_walk(&pt, va + 0x123, &walk); /* whoever may use it */
		assert_int_equal(walk.reason, REASON_NONE);
		assert_int_equal(walk.pa, 0x42123);
		assert_int_equal(walk.steps, pt_levels(mode));
		assert_int_equal(walk.step[0].pte_pa, pt.root + 3 * (mode == PT_SV32 ? 4 : 8));
		for (unsigned i = 0; i < walk.steps; i++)
			assert_int_equal(walk.step[i].level, pt_levels(mode) - 1 - i);
		assert_int_equal(walk.step[walk.steps - 1].pte, pt_leaf(0x42000, PT_READ));
		pt_destroy(&pt);
	}
}

static void reasons_have_names_and_classes(void **state)
{
	(void)state;
	assert_string_equal(pt_reason_name(REASON_USER_PAGE), "user_page");
	assert_string_equal(pt_reason_name(63), "?");
	assert_int_equal(pt_reason_class(REASON_NONCANONICAL), CLASS_NO_MAPPING);
	assert_int_equal(pt_reason_class(REASON_NOT_EXECUTABLE), CLASS_FORBIDDEN);
	assert_int_equal(pt_reason_class(REASON_DIRTY_CLEAR), CLASS_SOFTWARE);
	assert_int_equal(pt_reason_class(REASON_SHADOW_STACK), CLASS_FORBIDDEN);
	assert_int_equal(pt_reason_class(REASON_PMP), CLASS_PHYSICAL);
	assert_int_equal(pt_reason_class(REASON_BUS_ERROR), CLASS_PHYSICAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(explains_random_tables_as_the_golden_model_does),
	    TEST(walk_lists_the_ptes_that_it_read),
	    TEST(a_page_of_64_kib_is_one_page),
	    TEST(reasons_have_names_and_classes),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
