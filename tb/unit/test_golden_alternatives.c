/* Rules that golden model and RTL take in the same wrong way: lockstep cannot see them. */
#include "golden_fixture.h"

/* Section 1.7: PBMT != 0 overrides PMA; 2.2: 1 is idempotent, 2 is not; 1.8: a shadow-stack
 * access to memory that is not idempotent is a store access fault; Svpbmt works on SS pages. */
static void a_shadow_stack_page_of_pbmt_io_is_not_idempotent(void **state)
{
	(void)state;
	use_all(SV39, true);
	write_menvcfg(sse | pbmte);
	map(0x1000, 0, pte(0xc0000000, V | W | A | D) | (uint64_t)PBMT_IO << PTE_PBMT);
	struct mmu_answer a = ask(0x1000, ACC_SS_STORE);
	assert_true(a.fault);
	assert_int_equal(a.cause, CAUSE_STORE_ACCESS);
}

static void a_shadow_stack_page_of_pbmt_nc_is_idempotent(void **state)
{
	static const struct mmu_pma pma[] = {
	    {0xc0000000, 0x1000, 1 << PMA_R | 1 << PMA_W},
	    {0, 1ull << 56, 0xff},
	};
	(void)state;
	use_all(SV39, true);
	built.pma = pma;
	built.pma_regions = 2;
	rebuild();
	write_pmp(15, 0x1f, ~0ull);
	write_menvcfg(sse | pbmte);
	map(0x1000, 0, pte(0xc0000000, V | W | A | D) | (uint64_t)PBMT_NC << PTE_PBMT);
	assert_false(ask(0x1000, ACC_SS_STORE).fault);
}

/* norm:cbm_access: permitted whenever a load or a store is. Here neither is: the PTE forbids
 * the store, the region the load. */
static void a_block_is_managed_only_where_a_load_or_a_store_is_permitted(void **state)
{
	static const struct mmu_pma pma[] = {
	    {0xc0000000, 0x1000, 1 << PMA_W | 1 << PMA_IDEMPOTENT},
	    {0, 1ull << 56, 0xff},
	};
	(void)state;
	use_all(SV39, true);
	built.pma = pma;
	built.pma_regions = 2;
	rebuild();
	write_pmp(15, 0x1f, ~0ull);
	map(0x1000, 0, pte(0xc0000000, V | R | A | D));
	assert_true(ask(0x1000, ACC_LOAD).fault);
	assert_true(ask(0x1000, ACC_STORE).fault);
	assert_true(ask(0x1000, ACC_CBO_MANAGE).fault);
}

/* The same untranslated: PMP permits the load alone, the region the store alone. */
static void nor_where_pmp_and_pma_permit_different_ones(void **state)
{
	static const struct mmu_pma pma[] = {
	    {0xc0000000, 0x1000, 1 << PMA_W | 1 << PMA_IDEMPOTENT},
	    {0, 1ull << 56, 0xff},
	};
	(void)state;
	use_all(SV39, false);
	built.pma = pma;
	built.pma_regions = 2;
	rebuild();
	write_pmp(0, 0x19, ~0ull); /* NAPOT, R */
	assert_int_not_equal(reason_of(0xc0000000, 8, ACC_LOAD, PRIV_S), REASON_NONE);
	assert_int_not_equal(reason_of(0xc0000000, 8, ACC_STORE, PRIV_S), REASON_NONE);
	assert_int_not_equal(reason_of(0xc0000000, 8, ACC_CBO_MANAGE, PRIV_S), REASON_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(a_shadow_stack_page_of_pbmt_io_is_not_idempotent, setup,
					    teardown),
	    cmocka_unit_test_setup_teardown(a_shadow_stack_page_of_pbmt_nc_is_idempotent, setup,
					    teardown),
	    cmocka_unit_test_setup_teardown(
		a_block_is_managed_only_where_a_load_or_a_store_is_permitted, setup, teardown),
	    cmocka_unit_test_setup_teardown(nor_where_pmp_and_pma_permit_different_ones, setup,
					    teardown),
	};
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
