/*
 * The page-table library of sw/, on this computer: making tables. What it maps
 * is checked against the golden model; what it refuses, by the result and by
 * nothing having changed.
 */
#include "pagetable_fixture.h"

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
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
