/* The golden model's physical memory attributes: whom they let pass, and the memory type. */
#include "golden_fixture.h"

enum { NAPOT = 3 << 3, ALL = 7 };

static const char letters[] = "rwxtuaci";

/* A map of one region with these attributes at 0x90000000, and everything elsewhere. */
static void use_map(unsigned m, const char *attributes)
{
	static struct mmu_pma map[2];
	map[0] = (struct mmu_pma){0x90000000, 0x10000000, 0};
	map[1] = everything;
	for (; *attributes; attributes++)
		map[0].attributes |= 1 << (strchr(letters, *attributes) - letters);
	use_all(m, true);
	built.pma = map;
	built.pma_regions = 2;
	built.pmp_entries = 0;
	rebuild();
}

static void pma_need_by_kind_of_access(void **state)
{
	(void)state;
	static const struct {
		uint8_t access;
		const char *all; /* or, with a leading '|', one of them */
	} row[] = {
	    {ACC_LOAD, "r"},      {ACC_LR, "ra"},          {ACC_STORE, "w"},
	    {ACC_SC, "wa"},       {ACC_AMO, "rwa"},        {ACC_FETCH, "x"},
	    {ACC_CBO_ZERO, "wc"}, {ACC_CBO_MANAGE, "|rw"}, {ACC_PREFETCH, "|rwx"},
	    {ACC_SS_LOAD, "rwi"}, {ACC_SS_STORE, "rwi"},   {ACC_SS_AMO, "rwia"},
	};
	for (unsigned i = 0; i < sizeof row / sizeof row[0]; i++)
		for (unsigned attributes = 0; attributes < 256; attributes++) {
			char given[9] = "";
			for (unsigned bit = 0; bit < 8; bit++)
				if (attributes >> bit & 1)
					strncat(given, &letters[bit], 1);
			bool any = row[i].all[0] == '|', passes = !any;
			for (const char *need = row[i].all + any; *need; need++)
				passes = any ? passes || strchr(given, *need)
					     : passes && strchr(given, *need);
			use_map(SV39, given);
			write_menvcfg(sse);
			bool shadow = row[i].access >= ACC_SS_LOAD;
			map(0x5000, 0, pte(0x90000000, shadow ? V | W | A | D : RWX));
			struct mmu_answer a = ask(0x5000, row[i].access);
			assert_int_equal(a.reason, passes ? REASON_NONE : REASON_PMA);
			assert_false(a.pte);
			assert_int_equal(a.level, 0);
		}
}

static void first_region_decides_and_outside_is_nothing(void **state)
{
	(void)state;
	static const struct mmu_pma two[] = {{0x80000000, 0x1000, 1 << PMA_R},
					     {0x80000000, 0x2000, 1 << PMA_W}};
	use_all(SV39, true);
	built.pma = two;
	built.pma_regions = 2;
	built.pmp_entries = 0;
	rebuild();
	assert_int_equal(reason_of(0x80000ffc, 4, ACC_LOAD, PRIV_M), REASON_NONE);
	assert_int_equal(reason_of(0x80000ffc, 4, ACC_STORE, PRIV_M), REASON_PMA);
	assert_int_equal(reason_of(0x80001000, 4, ACC_STORE, PRIV_M), REASON_NONE);
	assert_int_equal(reason_of(0x80001000, 4, ACC_LOAD, PRIV_M), REASON_PMA);
	assert_int_equal(reason_of(0x80002000, 4, ACC_STORE, PRIV_M), REASON_PMA);
	assert_int_equal(reason_of(0x7ffffffc, 4, ACC_LOAD, PRIV_M), REASON_PMA);
}

static void tables_lie_where_page_tables_may(void **state)
{
	(void)state;
	static const struct mmu_pma no_tables[] = {{0x80000000, 0x1000, 0xff & ~(1 << PMA_PT_READ)},
						   {0, 1ull << 56, 0xff}};
	for (unsigned m = 0; m < MODES; m++) {
		use(m);
		built.pma = no_tables; /* over the table of level 0 */
		built.pma_regions = 2;
		rebuild();
		map(0x1234, 0, pte(0x7000, RWX));
		check_access_fault(0x1234, REASON_PMA, 0, true);
		map(0x1234, 1, pte(0, RWX));
		check_ok(ask(0x1234, ACC_LOAD), 0x1234, 1);
	}
}

static void memory_type_is_the_regions(void **state)
{
	(void)state;
	static const struct {
		const char *attributes;
		uint8_t memory;
	} row[] = {{"rwc", MEM_CACHED}, {"rwci", MEM_CACHED}, {"rwi", MEM_NC}, {"rw", MEM_IO}};
	for (unsigned i = 0; i < 4; i++) {
		use_map(SV39, row[i].attributes);
		map(0x5000, 0, pte(0x90000000, RWX));
		assert_int_equal(ask(0x5000, ACC_LOAD).memory, row[i].memory);
		regs.satp = 0;
		assert_int_equal(ask(0x90000000, ACC_LOAD).memory, row[i].memory);
	}
}

/* PMP is told before PMA, the width before both. */
static void order_of_physical_memory(void **state)
{
	(void)state;
	use_map(SV39, "");
	built.pmp_entries = 16;
	built.pa_bits = 33;
	rebuild();
	assert_int_equal(reason_of(0x90000000, 4, ACC_LOAD, PRIV_S), REASON_PMP);
	assert_int_equal(reason_of(1ull << 33, 4, ACC_LOAD, PRIV_S), REASON_ADDRESS_TOO_WIDE);
	write_pmp(0, NAPOT | ALL, ~0ull);
	assert_int_equal(reason_of(0x90000000, 4, ACC_LOAD, PRIV_S), REASON_PMA);
}

/* riscv-vm.md 1.6: MXR makes what is executable readable in page tables, not in physical
 * memory, where neither the access nor the walk's own may read what is for fetches alone. */
static void mxr_is_nothing_to_physical_memory(void **state)
{
	(void)state;
	for (unsigned m = 0; m < MODES; m++) {
		use_map(m, "x");
		map(0x5000, 0, pte(0x90000000, V | X | A));
		assert_int_equal(ask_as(0x5000, ACC_LOAD, PRIV_S, false, true).reason, REASON_PMA);
		map(0x5000, 1, pte(0x90000000, V));
		struct mmu_answer a = ask_as(0x5000, ACC_LOAD, PRIV_S, false, true);
		check_fault(a, 0x5000, CAUSE_LOAD_ACCESS, REASON_PMA, 0, true);

		use_all(m, true);
		write_pmp(0, NAPOT | 1 << PMP_X, 0x90000000 >> 2 | 511);
		map(0x5000, 0, pte(0x90000000, V | X | A));
		assert_int_equal(ask_as(0x5000, ACC_LOAD, PRIV_S, false, true).reason, REASON_PMP);
		map(0x5000, 1, pte(0x90000000, V));
		a = ask_as(0x5000, ACC_LOAD, PRIV_S, false, true);
		check_fault(a, 0x5000, CAUSE_LOAD_ACCESS, REASON_PMP, 0, true);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(pma_need_by_kind_of_access),
	    TEST(first_region_decides_and_outside_is_nothing),
	    TEST(tables_lie_where_page_tables_may),
	    TEST(memory_type_is_the_regions),
	    TEST(order_of_physical_memory),
	    TEST(mxr_is_nothing_to_physical_memory),
	};
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
