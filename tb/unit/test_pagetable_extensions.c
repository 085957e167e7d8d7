/*
 * The page-table library of sw/, on this computer: pages of 64 KiB, memory types,
 * shadow stacks and the software's bits, checked against the golden model.
 */
#include "pagetable_fixture.h"

static const struct pt_access user_store = {.access = ACC_STORE, .priv = PRIV_U};

#define NAPOT PT_NAPOT_BYTES

#define FOR_EACH_MODE64(mode) for (enum pt_mode mode = PT_SV39; mode < PT_MODES; mode++)

static void a_64_kib_page_translates_at_each_of_its_addresses(void **state)
{
	(void)state;
	memory.extensions = PT_HAS_NAPOT;
	FOR_EACH_MODE64(mode)
	{
		struct pt pt = create(mode);
		uint64_t va = somewhere(mode) + 3 * NAPOT;

		assert_int_equal(pt_map(&pt, va, 5 * NAPOT, 0, rw | PT_N), PT_OK);
		for (uint64_t offset = 0; offset < NAPOT; offset += 4096)
			assert_maps(&pt, va + offset + 5, 5 * NAPOT + offset + 5, 0);
		assert_unmapped(&pt, va - 1);
		assert_unmapped(&pt, va + NAPOT);
		pt_destroy(&pt);
		assert_int_equal(in_use(), 0);
	}
}

static void a_range_of_64_kib_pages(void **state)
{
	(void)state;
	memory.extensions = PT_HAS_NAPOT;
	FOR_EACH_MODE64(mode)
	{
		struct pt pt = create(mode);
		uint64_t va = somewhere(mode);

		assert_int_equal(pt_map_range(&pt, va, 0, 3 * NAPOT, 0, rw | PT_N), PT_OK);
		assert_maps(&pt, va + 3 * NAPOT - 1, 3 * NAPOT - 1, 0);
		assert_unmapped(&pt, va + 3 * NAPOT);
		assert_int_equal(pt_map_range(&pt, va + 4 * NAPOT, 0, NAPOT + 4096, 0, rw | PT_N),
				 PT_MISALIGNED);
		assert_int_equal(pt_map_range(&pt, va + 4 * NAPOT, 0, NAPOT, PT_LARGEST, rw | PT_N),
				 PT_BAD_LEVEL);
		pt_destroy(&pt);
	}
}

static void a_64_kib_page_is_aligned_whole_and_alone(void **state)
{
	(void)state;
	memory.extensions = PT_HAS_NAPOT;
	FOR_EACH_MODE64(mode)
	{
		struct pt pt = create(mode);
		uint64_t va = somewhere(mode);

		assert_int_equal(pt_map(&pt, va + 4096, 0, 0, rw | PT_N), PT_MISALIGNED);
		assert_int_equal(pt_map(&pt, va, 4096, 0, rw | PT_N), PT_MISALIGNED);
		assert_int_equal(pt_map(&pt, va, 0, 1, rw | PT_N), PT_BAD_LEVEL);
		assert_int_equal(pt_map(&pt, va + 15 * 4096, 0x1000, 0, rw), PT_OK);
		assert_int_equal(pt_map(&pt, va, 0, 0, rw | PT_N), PT_OVERLAP);
		assert_unmapped(&pt, va);
		assert_int_equal(pt_unmap(&pt, va + 15 * 4096, 4096), PT_OK);
		assert_int_equal(pt_map(&pt, va, 0, 0, rw | PT_N), PT_OK);
		assert_int_equal(pt_map(&pt, va + 15 * 4096, 0, 0, rw), PT_OVERLAP);
		assert_int_equal(pt_unmap(&pt, va, 4096), PT_WOULD_SPLIT);
		assert_int_equal(pt_unmap(&pt, va + 4096, NAPOT - 4096), PT_WOULD_SPLIT);
		assert_int_equal(pt_protect(&pt, va, NAPOT / 2, PT_READ), PT_WOULD_SPLIT);
		assert_int_equal(pt_unmap(&pt, va, NAPOT), PT_OK);
		for (uint64_t offset = 0; offset < NAPOT; offset += 4096)
			assert_unmapped(&pt, va + offset);
		assert_int_equal(in_use(), 1);
		pt_destroy(&pt);
	}
}

static void protect_keeps_the_size(void **state)
{
	(void)state;
	memory.extensions = PT_HAS_NAPOT;
	FOR_EACH_MODE64(mode)
	{
		struct pt pt = create(mode);
		uint64_t va = somewhere(mode);

		assert_int_equal(pt_map(&pt, va, 7 * NAPOT, 0, rw | PT_N), PT_OK);
		assert_int_equal(pt_protect(&pt, va, NAPOT, PT_READ | PT_U), PT_OK);
		for (uint64_t offset = 0; offset < NAPOT; offset += 4096) {
			assert_maps(&pt, va + offset, 7 * NAPOT + offset, 0);
			assert_int_equal(golden(&pt, va + offset, &user_store).reason,
					 REASON_NOT_WRITABLE);
		}
		assert_int_equal(pt_unmap(&pt, va, 4096), PT_WOULD_SPLIT);
		assert_int_equal(pt_protect(&pt, va, NAPOT, PT_READ | PT_N), PT_BAD_FLAGS);
		pt_destroy(&pt);
	}
}

static void memory_types_reach_the_answer(void **state)
{
	(void)state;
	memory.extensions = PT_HAS_PBMT;
	FOR_EACH_MODE64(mode)
	{
		struct pt pt = create(mode);
		uint64_t va = somewhere(mode);

		assert_int_equal(pt_map(&pt, va, 0, 0, rw), PT_OK);
		assert_int_equal(pt_map(&pt, va + 4096, 0, 0, rw | PT_NC), PT_OK);
		assert_int_equal(pt_map(&pt, va + 8192, 0, 0, rw | PT_IO), PT_OK);
		assert_int_equal(pt_map(&pt, va + 12288, 0, 0, rw | PT_NC | PT_IO), PT_BAD_FLAGS);
		assert_int_equal(golden(&pt, va, &user_store).memory, MEM_CACHED);
		assert_int_equal(golden(&pt, va + 4096, &user_store).memory, MEM_NC);
		assert_int_equal(golden(&pt, va + 8192, &user_store).memory, MEM_IO);
		pt_destroy(&pt);
	}
}

static void a_shadow_stack_is_for_its_own_instructions(void **state)
{
	const struct pt_access push = {.access = ACC_SS_STORE, .priv = PRIV_U};

	(void)state;
	FOR_EACH_MODE(mode)
	{
		struct pt pt = create(mode);
		uint64_t va = somewhere(mode);

		memory.extensions = PT_HAS_SHADOW_STACK;
		assert_int_equal(pt_map(&pt, va, 0x5000, 0, PT_STACK | PT_U), PT_OK);
		assert_int_equal(golden(&pt, va, &push).reason, REASON_NONE);
		assert_maps(&pt, va, 0x5000, 0); /* a load may read it */
		assert_int_equal(golden(&pt, va, &user_store).reason, REASON_SHADOW_STACK);
		assert_int_equal(pt_map(&pt, va, 0, 0, rw), PT_OVERLAP);
		assert_int_equal(pt_unmap(&pt, va, 4096), PT_OK);
		assert_int_equal(in_use(), 1);
		pt_destroy(&pt);
	}
}

static void the_softwares_bits_are_kept(void **state)
{
	(void)state;
	memory.extensions = PT_HAS_RSW_HIGH;
	FOR_EACH_MODE(mode)
	{
		struct pt pt = create(mode);
		uint64_t va = somewhere(mode);
		uint64_t bits = PT_RSW(2) | (mode == PT_SV32 ? 0 : PT_RSW_HIGH(3));
		struct pt_walk walk;

		assert_int_equal(pt_map(&pt, va, 0x5000, 0, rw | bits), PT_OK);
		assert_maps(&pt, va, 0x5000, 0);
		pt_walk(&pt, va, &walk);
		assert_int_equal(walk.step[walk.steps - 1].pte, pt_leaf(0x5000, rw) | bits);
		pt_destroy(&pt);
	}
}

static void what_the_machine_lacks_is_refused(void **state)
{
	static const uint64_t flags[] = {PT_N, PT_NC, PT_IO, PT_RSW_HIGH(1), PT_RSW_HIGH(2)};

	(void)state;
	FOR_EACH_MODE(mode)
	{
		struct pt pt = create(mode);

		for (unsigned i = 0; i < sizeof flags / sizeof flags[0]; i++) {
			memory.extensions = mode == PT_SV32 ? ALL_EXTENSIONS : 0;
			assert_int_equal(pt_map(&pt, 0, 0, 0, rw | flags[i]), PT_BAD_FLAGS);
		}
		memory.extensions = 0;
		assert_int_equal(pt_map(&pt, 0, 0, 0, PT_STACK), PT_BAD_FLAGS);
		assert_int_equal(in_use(), 1);
		pt_destroy(&pt);
	}
}

static void a_pte_of_64_kib_names_its_page(void **state)
{
	(void)state;
	assert_int_equal(pt_leaf(0x50000, PT_READ | PT_N),
			 0x58ull << PTE_PPN | PT_READ | PT_N | 1u << PTE_V);
	assert_int_equal(pt_pte_address(pt_leaf(0x50000, PT_READ | PT_N)), 0x50000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_64_kib_page_translates_at_each_of_its_addresses),
	    TEST(a_range_of_64_kib_pages),
	    TEST(a_64_kib_page_is_aligned_whole_and_alone),
	    TEST(protect_keeps_the_size),
	    TEST(memory_types_reach_the_answer),
	    TEST(a_shadow_stack_is_for_its_own_instructions),
	    TEST(the_softwares_bits_are_kept),
	    TEST(what_the_machine_lacks_is_refused),
	    TEST(a_pte_of_64_kib_names_its_page),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
