/*
 * The page-table library of sw/: single entries, as an operating system keeps them, those
 * that say where a page is on the disk among them.
 */
#include "pagetable_fixture.h"

/* No leaf and no table: V clear, all else software's. */
#define NOTE ((uint64_t)0x1234 << PTE_PPN | PT_R)

static void a_leaf_put_by_hand_translates(void **state)
{
	(void)state;
	FOR_EACH_MODE(mode)
	{
		struct pt pt = create(mode);

		for (unsigned level = 0; level <= root_of(mode); level++) {
			uint64_t size = pt_page_size(mode, level);
			uint64_t va = somewhere(mode) + level * pt_page_size(mode, root_of(mode));
			uint64_t pa = 2 * size % (1ull << memory.pa_bits);

			assert_int_equal(pt_put(&pt, va, level, pt_leaf(pa, rw)), PT_OK);
			assert_maps(&pt, va + 4, pa + 4, level);
		}
		pt_destroy(&pt);
		assert_int_equal(in_use(), 0);
	}
}

static void get_finds_what_put_has_put(void **state)
{
	(void)state;
	FOR_EACH_MODE(mode)
	{
		struct pt pt = create(mode);
		struct pt_entry entry;
		uint64_t va = somewhere(mode);

		assert_int_equal(pt_get(&pt, va, &entry), PT_OK);
		assert_int_equal(entry.pte, 0);
		assert_int_equal(entry.level, root_of(mode));
		assert_int_equal(pt_put(&pt, va, 0, NOTE), PT_OK);
		assert_int_equal(pt_get(&pt, va, &entry), PT_OK);
		assert_int_equal(entry.pte, NOTE);
		assert_int_equal(entry.level, 0);
		assert_int_equal(pt_get(&pt, va + 4096, &entry), PT_OK);
		assert_int_equal(entry.pte, 0);
		assert_int_equal(entry.level, 0);
		pt_destroy(&pt);
	}
}

static void a_note_maps_nothing(void **state)
{
	(void)state;
	FOR_EACH_MODE(mode)
	{
		struct pt pt = create(mode);

		assert_int_equal(pt_put(&pt, somewhere(mode), 0, NOTE), PT_OK);
		assert_unmapped(&pt, somewhere(mode));
		pt_destroy(&pt);
	}
}

static void a_table_that_holds_a_note_is_not_freed(void **state)
{
	(void)state;
	FOR_EACH_MODE(mode)
	{
		struct pt pt = create(mode);
		struct pt_entry entry;
		uint64_t va = somewhere(mode);

		assert_int_equal(pt_put(&pt, va, 0, NOTE), PT_OK);
		assert_int_equal(pt_map(&pt, va + 4096, 0x7000, 0, rw), PT_OK);
		assert_int_equal(pt_unmap(&pt, va + 4096, 4096), PT_OK);
		assert_int_equal(pt_get(&pt, va, &entry), PT_OK);
		assert_int_equal(entry.pte, NOTE);
		pt_destroy(&pt);
	}
}

static void prune_frees_the_tables_that_are_empty(void **state)
{
	(void)state;
	FOR_EACH_MODE(mode)
	{
		struct pt pt = create(mode);
		uint64_t va = somewhere(mode);

		assert_int_equal(pt_put(&pt, va, 0, NOTE), PT_OK);
		assert_int_equal(in_use(), pt_levels(mode));
		pt_prune(&pt, va);
		assert_int_equal(in_use(), pt_levels(mode));
		assert_int_equal(pt_put(&pt, va, 0, 0), PT_OK);
		pt_prune(&pt, va);
		assert_int_equal(in_use(), 1);
		pt_destroy(&pt);
	}
}

static void a_place_made_before_needs_no_memory(void **state)
{
	(void)state;
	FOR_EACH_MODE(mode)
	{
		struct pt pt = create(mode);
		uint64_t va = somewhere(mode);

		assert_int_equal(pt_put(&pt, va, 0, 0), PT_OK);
		ram.limit = 0;
		assert_int_equal(pt_put(&pt, va, 0, pt_leaf(0x7000, rw)), PT_OK);
		assert_maps(&pt, va, 0x7000, 0);
		assert_int_equal(pt_put(&pt, 2 * va, 0, NOTE), PT_NO_MEMORY);
		ram.limit = FRAMES;
		pt_destroy(&pt);
	}
}

static void a_larger_page_is_in_the_way(void **state)
{
	(void)state;
	FOR_EACH_MODE(mode)
	{
		struct pt pt = create(mode);
		uint64_t va = somewhere(mode);

		assert_int_equal(pt_map(&pt, va, 0, 1, rw), PT_OK);
		assert_int_equal(pt_put(&pt, va + 4096, 0, NOTE), PT_OVERLAP);
		assert_maps(&pt, va + 4096, 4096, 1);
		pt_destroy(&pt);
	}
}

static void no_such_address_or_level_is_refused(void **state)
{
	(void)state;
	FOR_EACH_MODE(mode)
	{
		struct pt pt = create(mode);
		struct pt_entry entry;
		uint64_t beyond = mode == PT_SV32 ? 1ull << 32 : 1ull << pt_va_bits(mode);

		assert_int_equal(pt_get(&pt, beyond, &entry), PT_BAD_ADDRESS);
		assert_int_equal(pt_put(&pt, beyond, 0, NOTE), PT_BAD_ADDRESS);
		assert_int_equal(pt_put(&pt, somewhere(mode), pt_levels(mode), NOTE), PT_BAD_LEVEL);
		assert_int_equal(in_use(), 1);
		pt_destroy(&pt);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_leaf_put_by_hand_translates),
	    TEST(get_finds_what_put_has_put),
	    TEST(a_note_maps_nothing),
	    TEST(a_table_that_holds_a_note_is_not_freed),
	    TEST(prune_frees_the_tables_that_are_empty),
	    TEST(a_place_made_before_needs_no_memory),
	    TEST(a_larger_page_is_in_the_way),
	    TEST(no_such_address_or_level_is_refused),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
