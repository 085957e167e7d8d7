/*
 * The page-table library of sw/, on this computer: its tables lie in an array.
 * What it maps is checked against the golden model, which knows nothing of the
 * library; what it refuses, by the result and by nothing having changed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "golden/golden.h"
#include "pagetable.h"
#include "rng.h"

/* ---- memory for tables ------------------------------------------------------- */

#define TABLES_AT 0x80000000ull /* physical address of the first frame */
#define FRAMES    64

static struct {
	union {
		uint32_t pte32[1024];
		uint64_t pte64[512];
	} frame[FRAMES];
	bool used[FRAMES];
	unsigned limit; /* frames that can be had at most */
} ram;

static unsigned in_use(void)
{
	unsigned count = 0;

	for (unsigned i = 0; i < FRAMES; i++)
		count += ram.used[i];
	return count;
}

static bool ram_alloc(void *ctx, uint64_t *pa)
{
	(void)ctx;
	for (unsigned i = 0; i < ram.limit; i++) {
		if (ram.used[i])
			continue;
		ram.used[i] = true;
		memset(&ram.frame[i], 0, sizeof ram.frame[i]);
		*pa = TABLES_AT + i * 4096ull;
		return true;
	}
	return false;
}

static void ram_free(void *ctx, uint64_t pa)
{
	uint64_t i = (pa - TABLES_AT) / 4096;

	(void)ctx;
	assert_true(pa % 4096 == 0 && i < FRAMES && ram.used[i]);
	ram.used[i] = false;
}

static void *ram_at(void *ctx, uint64_t pa)
{
	(void)ctx;
	if (pa < TABLES_AT || pa >= TABLES_AT + FRAMES * 4096ull)
		return NULL;
	return &ram.frame[(pa - TABLES_AT) / 4096];
}

static struct pt_memory memory;

/* The same memory as the golden model reads it. */
static bool golden_read(void *ctx, uint64_t pa, unsigned bytes, uint64_t *value)
{
	char *frame = ram_at(ctx, pa & ~4095ull);

	if (!frame)
		return false;
	*value = 0;
	memcpy(value, frame + (pa & 4095), bytes);
	return true;
}

static int fresh_memory(void **state)
{
	(void)state;
	memset(&ram, 0, sizeof ram);
	ram.limit = FRAMES;
	memory =
	    (struct pt_memory){.pa_bits = 56, .alloc = ram_alloc, .free = ram_free, .at = ram_at};
	return 0;
}

/* ---- helpers ------------------------------------------------------------------- */

static const unsigned rw = PT_WRITE | PT_U;

static struct pt create(enum pt_mode mode)
{
	struct pt pt;

	memory.pa_bits = mode == PT_SV32 ? 34 : 56;
	assert_int_equal(pt_create(&pt, mode, PT_ALL_LEVELS, &memory), PT_OK);
	return pt;
}

static unsigned root_of(enum pt_mode mode)
{
	return pt_levels(mode) - 1;
}

/* Multiples of every page size but the root's, in index 3 of the root. */
static uint64_t somewhere(enum pt_mode mode)
{
	return 3 * pt_page_size(mode, root_of(mode));
}

static struct mmu_answer golden(const struct pt *pt, uint64_t va, const struct pt_access *a)
{
	const struct mmu_memory mem = {.read = golden_read};
	const struct golden_regs regs = {
	    .xlen = pt->mode == PT_SV32 ? 32 : 64,
	    .levels = pt->mode == PT_SV32 ? 2 : 5,
	    .asid_bits = 9,
	    .pa_bits = pt->memory->pa_bits,
	    .satp = pt_satp(pt, 5),
	};
	const struct mmu_request request = {
	    .va = va,
	    .access = (uint8_t)a->access,
	    .bytes = 4,
	    .priv = (uint8_t)a->priv,
	    .sum = a->sum,
	    .mxr = a->mxr,
	};

	return golden_translate(&regs, &mem, &request, NULL);
}

static const struct pt_access user_load = {.access = ACC_LOAD, .priv = PRIV_U};

static void assert_maps(const struct pt *pt, uint64_t va, uint64_t pa, unsigned level)
{
	struct mmu_answer answer = golden(pt, va, &user_load);

	assert_int_equal(answer.reason, REASON_NONE);
	assert_int_equal(answer.pa, pa);
	assert_int_equal(answer.level, level);
}

static void assert_unmapped(const struct pt *pt, uint64_t va)
{
	assert_int_equal(golden(pt, va, &user_load).reason, REASON_PTE_INVALID);
}

#define FOR_EACH_MODE(mode) for (enum pt_mode mode = 0; mode < PT_MODES; mode++)

/* ---- mapping ------------------------------------------------------------------- */

static void every_leaf_size_of_every_mode_translates(void **state)
{
	(void)state;
	FOR_EACH_MODE(mode)
	{
		struct pt pt = create(mode);

		for (unsigned level = 0; level <= root_of(mode); level++) {
			uint64_t size = pt_page_size(mode, level);
			uint64_t va = somewhere(mode) + level * pt_page_size(mode, root_of(mode));
			uint64_t pa = 5 * size % (1ull << memory.pa_bits);

			assert_int_equal(pt_map(&pt, va, pa, level, rw), PT_OK);
			assert_maps(&pt, va, pa, level);
			assert_maps(&pt, va + size - 1, pa + size - 1, level);
			if (level < root_of(mode)) {
				assert_unmapped(&pt, va + size);
				assert_unmapped(&pt, va - 1);
			}
		}
		pt_destroy(&pt);
		assert_int_equal(in_use(), 0);
	}
}

static void upper_half_is_mapped_too(void **state)
{
	(void)state;
	for (enum pt_mode mode = PT_SV39; mode < PT_MODES; mode++) {
		struct pt pt = create(mode);

		assert_int_equal(pt_map(&pt, -4096ull, 0x12345000, 0, rw), PT_OK);
		assert_maps(&pt, -1ull, 0x12345fff, 0);
		pt_destroy(&pt);
	}
}

static void satp_selects_mode_asid_and_root(void **state)
{
	const struct pt sv32 = {.mode = PT_SV32, .root = 0x3ffffe000};
	const struct pt sv57 = {.mode = PT_SV57, .root = 0x80001000};

	(void)state;
	assert_int_equal(pt_satp(&sv32, 0x1fe), 0x80000000u | 0x1feu << 22 | 0x3ffffe);
	assert_int_equal(pt_satp(&sv57, 0xbeef), 10ull << 60 | 0xbeefull << 44 | 0x80001);
}

static void range_takes_the_largest_leaves(void **state)
{
	(void)state;
	FOR_EACH_MODE(mode)
	{
		struct pt pt = create(mode);
		uint64_t big = pt_page_size(mode, 1), va = somewhere(mode) + big - 8192;

		/* Two pages, then three superpages, then one page. */
		assert_int_equal(pt_map_range(&pt, va, big - 8192, 3 * big + 12288, PT_LARGEST, rw),
				 PT_OK);
		assert_maps(&pt, va, big - 8192, 0);
		assert_maps(&pt, va + 4096, big - 4096, 0);
		assert_maps(&pt, va + 8192, big, 1);
		assert_maps(&pt, va + 8191 + 3 * big, 4 * big - 1, 1);
		assert_maps(&pt, va + 8192 + 3 * big, 4 * big, 0);
		assert_unmapped(&pt, va + 12288 + 3 * big);
		pt_destroy(&pt);
	}
}

static void range_keeps_to_a_given_level(void **state)
{
	(void)state;
	FOR_EACH_MODE(mode)
	{
		struct pt pt = create(mode);
		uint64_t big = pt_page_size(mode, 1);

		assert_int_equal(pt_map_range(&pt, somewhere(mode), 0, 2 * big, 0, rw), PT_OK);
		assert_maps(&pt, somewhere(mode) + big + 5, big + 5, 0);
		assert_int_equal(pt_map_range(&pt, somewhere(mode) + 2 * big, 0, big + 4096, 1, rw),
				 PT_MISALIGNED);
		assert_int_equal(pt_map_range(&pt, 0, 0, 4096, pt_levels(mode), rw), PT_BAD_LEVEL);
		pt_destroy(&pt);
	}
}

/* ---- refusals -------------------------------------------------------------------- */

static void misaligned_is_refused_at_every_level(void **state)
{
	(void)state;
	FOR_EACH_MODE(mode)
	{
		struct pt pt = create(mode);

		for (unsigned level = 0; level <= root_of(mode); level++) {
			uint64_t half = pt_page_size(mode, level) / 2;

			assert_int_equal(pt_map(&pt, half, 0, level, rw), PT_MISALIGNED);
			assert_int_equal(pt_map(&pt, 0, half, level, rw), PT_MISALIGNED);
		}
		assert_int_equal(in_use(), 1);
		pt_destroy(&pt);
	}
}

static void bad_arguments_are_refused(void **state)
{
	(void)state;
	FOR_EACH_MODE(mode)
	{
		struct pt pt = create(mode);
		uint64_t past = 1ull << (mode == PT_SV32 ? 32 : pt_va_bits(mode) - 1);

		assert_int_equal(pt_map(&pt, past, 0, 0, rw), PT_BAD_ADDRESS);
		assert_int_equal(pt_map(&pt, 0, 1ull << memory.pa_bits, 0, rw), PT_TOO_WIDE);
		assert_int_equal(pt_map(&pt, 0, 0, pt_levels(mode), rw), PT_BAD_LEVEL);
		assert_int_equal(pt_map(&pt, 0, 0, 0, PT_A | PT_D), PT_BAD_FLAGS);
		assert_int_equal(pt_map(&pt, 0, 0, 0, PT_W | PT_X), PT_BAD_FLAGS);
		assert_int_equal(pt_map(&pt, 0, 0, 0, PT_R | 1u << 10), PT_BAD_FLAGS);
		assert_int_equal(pt_map_range(&pt, past - 4096, 0, 8192, 0, rw), PT_BAD_ADDRESS);
		assert_int_equal(pt_map_range(&pt, 0, 0, 0, 0, rw), PT_MISALIGNED);
		assert_int_equal(pt_map_range(&pt, -4096ull, 0, 8192, 0, rw), PT_BAD_ADDRESS);
		/* Once around all addresses, and from one half into the other. */
		assert_int_equal(pt_unmap(&pt, 0x2000, -0x1000ull), PT_BAD_ADDRESS);
		if (mode != PT_SV32)
			assert_int_equal(pt_unmap(&pt, past - 4096, 8192 - 2 * past),
					 PT_BAD_ADDRESS);
		assert_int_equal(in_use(), 1);
		pt_destroy(&pt);
	}
}

static void overlap_is_refused_both_ways(void **state)
{
	(void)state;
	FOR_EACH_MODE(mode)
	{
		struct pt pt = create(mode);
		uint64_t va = somewhere(mode), big = pt_page_size(mode, 1);

		assert_int_equal(pt_map(&pt, va + 4096, 0x1000, 0, rw), PT_OK);
		assert_int_equal(pt_map(&pt, va + 4096, 0x2000, 0, rw), PT_OVERLAP);
		assert_int_equal(pt_map(&pt, va, 0, 1, rw), PT_OVERLAP);
		assert_int_equal(pt_map(&pt, va + big, 0, 1, rw), PT_OK);
		assert_int_equal(pt_map(&pt, va + big + 4096, 0, 0, rw), PT_OVERLAP);
		assert_maps(&pt, va + 4096, 0x1000, 0);
		assert_maps(&pt, va + big + 4096, 4096, 1);
		pt_destroy(&pt);
	}
}

static void failed_range_leaves_nothing_behind(void **state)
{
	(void)state;
	FOR_EACH_MODE(mode)
	{
		struct pt pt = create(mode);
		uint64_t va = somewhere(mode);

		assert_int_equal(pt_map(&pt, va + 5 * 4096, 0x9000, 0, rw), PT_OK);
		unsigned before = in_use();

		assert_int_equal(pt_map_range(&pt, va, 0, 8 * 4096, 0, rw), PT_OVERLAP);
		for (unsigned i = 0; i < 8; i++) {
			if (i != 5)
				assert_unmapped(&pt, va + i * 4096);
		}
		assert_maps(&pt, va + 5 * 4096, 0x9000, 0);
		assert_int_equal(in_use(), before);
		pt_destroy(&pt);
	}
}

static void running_out_of_frames_leaves_nothing_behind(void **state)
{
	(void)state;
	FOR_EACH_MODE(mode)
	{
		for (unsigned frames = 1; frames < pt_levels(mode); frames++) {
			struct pt pt = create(mode);

			ram.limit = frames;
			assert_int_equal(pt_map(&pt, somewhere(mode), 0, 0, rw), PT_NO_MEMORY);
			assert_int_equal(in_use(), 1);
			assert_unmapped(&pt, somewhere(mode));
			ram.limit = FRAMES;
			pt_destroy(&pt);
		}
		ram.limit = 0;
		struct pt pt;

		assert_int_equal(pt_create(&pt, mode, PT_ALL_LEVELS, &memory), PT_NO_MEMORY);
		ram.limit = FRAMES;
	}
}

static void root_leaves_refuse_smaller_pages(void **state)
{
	(void)state;
	FOR_EACH_MODE(mode)
	{
		struct pt pt;
		unsigned root = root_of(mode);
		uint64_t size = pt_page_size(mode, root);

		memory.pa_bits = mode == PT_SV32 ? 34 : 56;
		assert_int_equal(pt_create(&pt, mode, PT_ROOT_LEAVES, &memory), PT_OK);
		for (unsigned level = 0; level < root; level++)
			assert_int_equal(pt_map(&pt, 0, 0, level, rw), PT_ROOT_ONLY);
		assert_int_equal(pt_map_range(&pt, 0, 0, 4096, PT_LARGEST, rw), PT_ROOT_ONLY);
		assert_int_equal(pt_map_range(&pt, 0, 0, size + 4096, PT_LARGEST, rw),
				 PT_ROOT_ONLY);
		assert_unmapped(&pt, 0);
		assert_int_equal(pt_map_range(&pt, size, size * 2, size * 3, PT_LARGEST, rw),
				 PT_OK);
		assert_maps(&pt, size * 3 + 77, size * 4 + 77, root);
		assert_int_equal(in_use(), 1);
		pt_destroy(&pt);
	}
}

/* ---- unmap and protect ------------------------------------------------------------- */

static void unmap_frees_the_tables_that_become_empty(void **state)
{
	(void)state;
	FOR_EACH_MODE(mode)
	{
		struct pt pt = create(mode);
		uint64_t va = somewhere(mode);

		assert_int_equal(pt_map_range(&pt, va, 0, 3 * 4096, 0, rw), PT_OK);
		assert_int_equal(in_use(), pt_levels(mode));
		assert_int_equal(pt_unmap(&pt, va, 2 * 4096), PT_OK);
		assert_int_equal(in_use(), pt_levels(mode));
		assert_unmapped(&pt, va + 4096);
		assert_maps(&pt, va + 8192, 8192, 0);
		assert_int_equal(pt_unmap(&pt, va + 8192, 4096), PT_OK);
		assert_int_equal(in_use(), 1);

		/* Where the small pages were, a superpage has room. */
		assert_int_equal(pt_map(&pt, va, 0, 1, rw), PT_OK);
		pt_destroy(&pt);
	}
}

static void parts_of_a_page_are_refused(void **state)
{
	(void)state;
	FOR_EACH_MODE(mode)
	{
		for (unsigned level = 1; level <= root_of(mode); level++) {
			struct pt pt = create(mode);
			uint64_t va = somewhere(mode), size = pt_page_size(mode, level);

			assert_int_equal(pt_map(&pt, va, 0, level, rw), PT_OK);
			assert_int_equal(pt_unmap(&pt, va, 4096), PT_WOULD_SPLIT);
			assert_int_equal(pt_unmap(&pt, va + size - 4096, 4096), PT_WOULD_SPLIT);
			assert_int_equal(pt_protect(&pt, va, size / 2, PT_READ), PT_WOULD_SPLIT);
			assert_maps(&pt, va, 0, level);
			assert_int_equal(pt_map(&pt, va + size, 0, level, rw), PT_OK);
			assert_int_equal(pt_unmap(&pt, va + size / 2, size), PT_WOULD_SPLIT);
			assert_int_equal(pt_unmap(&pt, va, size), PT_OK);
			assert_unmapped(&pt, va);
			pt_destroy(&pt);
		}
	}
}

static void a_hole_in_the_range_changes_nothing(void **state)
{
	(void)state;
	FOR_EACH_MODE(mode)
	{
		struct pt pt = create(mode);
		uint64_t va = somewhere(mode);

		assert_int_equal(pt_map(&pt, va, 0, 0, rw), PT_OK);
		assert_int_equal(pt_map(&pt, va + 8192, 0, 0, rw), PT_OK);
		assert_int_equal(pt_unmap(&pt, va, 3 * 4096), PT_NOT_MAPPED);
		assert_int_equal(pt_protect(&pt, va, 3 * 4096, PT_READ), PT_NOT_MAPPED);
		assert_maps(&pt, va, 0, 0);
		assert_maps(&pt, va + 8192, 0, 0);
		pt_destroy(&pt);
	}
}

static void protect_changes_what_is_allowed_and_nothing_else(void **state)
{
	const struct pt_access store = {.access = ACC_STORE, .priv = PRIV_U};

	(void)state;
	FOR_EACH_MODE(mode)
	{
		struct pt pt = create(mode);
		uint64_t va = somewhere(mode), big = pt_page_size(mode, 1);

		assert_int_equal(pt_map(&pt, va + big - 4096, 0x7000, 0, rw), PT_OK);
		assert_int_equal(pt_map(&pt, va + big, 3 * big, 1, rw), PT_OK);
		assert_int_equal(golden(&pt, va + big, &store).reason, REASON_NONE);
		assert_int_equal(pt_protect(&pt, va + big - 4096, 4096 + big, PT_READ | PT_U),
				 PT_OK);
		assert_int_equal(golden(&pt, va + big - 4096, &store).reason, REASON_NOT_WRITABLE);
		assert_int_equal(golden(&pt, va + big, &store).reason, REASON_NOT_WRITABLE);
		assert_maps(&pt, va + big - 4096, 0x7000, 0);
		assert_maps(&pt, va + big + 9, 3 * big + 9, 1);
		assert_int_equal(pt_protect(&pt, va + big, big, PT_W), PT_BAD_FLAGS);
		pt_destroy(&pt);
	}
}

/* ---- walking ------------------------------------------------------------------------ */

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

			uint64_t va = rng_u64(&rng);
			const struct pt_access access = {
			    .access = rng_below(&rng, 3),
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
	/* Or it would prove less than it says. */
#define ASSERT_SEEN(number, name) assert_true(seen[number]);
	MMU_REASONS(ASSERT_SEEN)
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
	assert_int_equal(pt_reason_class(REASON_BUS_ERROR), CLASS_PHYSICAL);
}

#define TEST(f) cmocka_unit_test_setup(f, fresh_memory)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(every_leaf_size_of_every_mode_translates),
	    TEST(upper_half_is_mapped_too),
	    TEST(satp_selects_mode_asid_and_root),
	    TEST(range_takes_the_largest_leaves),
	    TEST(range_keeps_to_a_given_level),
	    TEST(misaligned_is_refused_at_every_level),
	    TEST(bad_arguments_are_refused),
	    TEST(overlap_is_refused_both_ways),
	    TEST(failed_range_leaves_nothing_behind),
	    TEST(running_out_of_frames_leaves_nothing_behind),
	    TEST(root_leaves_refuse_smaller_pages),
	    TEST(unmap_frees_the_tables_that_become_empty),
	    TEST(parts_of_a_page_are_refused),
	    TEST(a_hole_in_the_range_changes_nothing),
	    TEST(protect_changes_what_is_allowed_and_nothing_else),
	    TEST(explains_random_tables_as_the_golden_model_does),
	    TEST(walk_lists_the_ptes_that_it_read),
	    TEST(reasons_have_names_and_classes),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
