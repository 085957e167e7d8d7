/* The fault reason behind siselect and miselect (spec/software.md, "Registers";
 * indirect-csr.adoc). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "encode.h"
#include "rig.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define BIT(n)   (1ull << (n))

#define PAGE_VA 0x40000000ull
#define FRAME   0x80020000ull

#define NOWHERE 0xf0000000ull /* memory by its attributes, but none is there */
#define NOTHING 0x40000000ull /* no memory by its attributes */

static uint64_t select_value(const struct rig *r)
{
	return 1ull << (r->h->xlen - 1) | SISELECT_REASON;
}

static void assert_reason(struct rig *r, unsigned reason, unsigned level, unsigned pte)
{
	uint64_t value;

	rig_paging(r, false);
	for (unsigned priv = PRIV_S; priv <= PRIV_M; priv += 2) {
		rig_go(r, priv, RIG_CODE);
		rig_set_csr(r, CSR_SISELECT, select_value(r));
		assert_true(rig_try_csrr(r, CSR_SIREG, &value));
		assert_int_equal(value, rig_reason(reason, level, pte));
	}
	rig_set_csr(r, CSR_MISELECT, select_value(r));
	assert_true(rig_try_csrr(r, CSR_MIREG, &value));
	assert_int_equal(value, rig_reason(reason, level, pte));
}

static void the_reason_is_that_of_the_last_mmu_trap(void **state)
{
	struct rig *r = *state;
	unsigned top = r->h->xlen == 32 ? 1 : 2;

	rig_enter_paged_s(r);
	rig_set_x(r, A1, PAGE_VA);
	rig_do(r, LW(A0, A1, 0)); /* nothing in the root table */
	assert_reason(r, REASON_PTE_INVALID, top, 0);

	rig_map(r, PAGE_VA, FRAME, RIG_S_PAGE & ~BIT(PTE_W));
	rig_enter_paged_s(r);
	rig_do(r, SW(A0, A1, 0));
	assert_reason(r, REASON_NOT_WRITABLE, 0, 0);

	rig_go(r, PRIV_M, RIG_CODE);
	rig_do(r, ECALL); /* not the MMU's */
	assert_reason(r, REASON_NOT_WRITABLE, 0, 0);
}

static void the_bus_gives_a_reason_too(void **state)
{
	struct rig *r = *state;

	rig_set_x(r, A1, NOWHERE);
	rig_do(r, LW(A0, A1, 0)); /* M: no PTE was read */
	assert_reason(r, REASON_BUS_ERROR, LEVEL_NONE, 0);

	rig_map(r, PAGE_VA, NOWHERE, RIG_S_PAGE);
	rig_enter_paged_s(r);
	rig_set_x(r, A1, PAGE_VA);
	rig_do(r, LW(A0, A1, 0)); /* a page of the last level, to where nothing is */
	rig_assert_trap_m(r, CAUSE_LOAD_ACCESS, PAGE_VA, RIG_CODE);
	assert_reason(r, REASON_BUS_ERROR, 0, 0);

	rig_enter_paged_s(r);
	rig_go(r, PRIV_S, PAGE_VA);
	rig_step(r);
	rig_assert_trap_m(r, CAUSE_FETCH_ACCESS, PAGE_VA, PAGE_VA);
	assert_reason(r, REASON_BUS_ERROR, 0, 0);
}

static void a_pte_out_of_memory_is_marked_so(void **state)
{
	struct rig *r = *state;
	unsigned bytes = r->h->xlen / 8, top = r->h->xlen == 32 ? 1 : 2;
	uint64_t index = r->h->xlen == 32 ? PAGE_VA >> 22 : PAGE_VA >> 30;

	/* The root points to a table where nothing is. */
	rig_poke(r, RIG_TABLES + index * bytes, bytes, NOWHERE >> 12 << PTE_PPN | BIT(PTE_V));
	rig_enter_paged_s(r);
	rig_set_x(r, A1, PAGE_VA);
	rig_do(r, LW(A0, A1, 0));
	rig_assert_trap_m(r, CAUSE_LOAD_ACCESS, PAGE_VA, RIG_CODE);
	assert_reason(r, REASON_BUS_ERROR, top - 1, 1);
}

/* Where the machine has no memory, its attributes say so before the bus is asked. */
static void attributes_and_protection_give_their_reasons(void **state)
{
	struct rig *r = *state;

	rig_set_x(r, A1, NOTHING);
	rig_do(r, LW(A0, A1, 0));
	rig_assert_trap_m(r, CAUSE_LOAD_ACCESS, NOTHING, RIG_CODE);
	assert_reason(r, REASON_PMA, LEVEL_NONE, 0);

	rig_set_pmp(r, 0, PMP_NAPOT << PMP_A | BIT(PMP_R), FRAME >> 2 | 0x1ff);
	rig_map(r, PAGE_VA, FRAME, RIG_S_PAGE);
	rig_enter_paged_s(r);
	rig_set_x(r, A1, PAGE_VA);
	rig_do(r, SW(A0, A1, 0));
	rig_assert_trap_m(r, CAUSE_STORE_ACCESS, PAGE_VA, RIG_CODE);
	assert_reason(r, REASON_PMP, 0, 0);
	rig_enter_paged_s(r);
	rig_do(r, LW(A0, A1, 0));
	assert_reason(r, REASON_PMP, 0, 0); /* which was no fault: the last one's stays */
}

static void the_reason_is_read_only_and_alone(void **state)
{
	struct rig *r = *state;
	static const uint16_t others[] = {CSR_SIREG2, CSR_SIREG3, CSR_SIREG4, CSR_SIREG5,
					  CSR_SIREG6, CSR_MIREG2, CSR_MIREG3, CSR_MIREG4,
					  CSR_MIREG5, CSR_MIREG6};
	uint64_t value;

	rig_set_x(r, A1, NOWHERE);
	rig_do(r, LW(A0, A1, 0));
	rig_go(r, PRIV_S, RIG_CODE);
	rig_set_csr(r, CSR_SISELECT, select_value(r));
	rig_set_csr(r, CSR_MISELECT, select_value(r));
	assert_true(rig_try_csrw(r, CSR_SIREG, 0));
	assert_reason(r, REASON_BUS_ERROR, LEVEL_NONE, 0);
	for (size_t i = 0; i < COUNT(others); i++)
		assert_false(rig_try_csrr(r, others[i], &value));
}

static void other_selects_are_illegal(void **state)
{
	struct rig *r = *state;
	const uint64_t selects[] = {0, 0x30, 0xfff, SISELECT_REASON, select_value(r) + 1};
	uint64_t value;

	for (size_t i = 0; i < COUNT(selects); i++) {
		rig_set_csr(r, CSR_SISELECT, selects[i]);
		rig_set_csr(r, CSR_MISELECT, selects[i]);
		assert_int_equal(rig_csr(r, CSR_SISELECT), selects[i]);
		rig_go(r, PRIV_S, RIG_CODE);
		assert_false(rig_try_csrr(r, CSR_SIREG, &value));
		assert_false(rig_try_csrw(r, CSR_SIREG, 0));
		rig_go(r, PRIV_M, RIG_CODE);
		assert_false(rig_try_csrr(r, CSR_MIREG, &value));
	}
}

static void u_reaches_none_of_it(void **state)
{
	struct rig *r = *state;
	uint64_t value;

	rig_set_csr(r, CSR_SISELECT, select_value(r));
	rig_go(r, PRIV_U, RIG_CODE);
	assert_false(rig_try_csrr(r, CSR_SIREG, &value));
	assert_false(rig_try_csrr(r, CSR_SISELECT, &value));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    RIG_TEST64(the_reason_is_that_of_the_last_mmu_trap),
	    RIG_TEST32(the_reason_is_that_of_the_last_mmu_trap),
	    RIG_TEST64(the_bus_gives_a_reason_too),
	    RIG_TEST32(the_bus_gives_a_reason_too),
	    RIG_TEST64(a_pte_out_of_memory_is_marked_so),
	    RIG_TEST32(a_pte_out_of_memory_is_marked_so),
	    RIG_TEST64(attributes_and_protection_give_their_reasons),
	    RIG_TEST32(attributes_and_protection_give_their_reasons),
	    RIG_TEST64(the_reason_is_read_only_and_alone),
	    RIG_TEST64(other_selects_are_illegal),
	    RIG_TEST32(other_selects_are_illegal),
	    RIG_TEST64(u_reaches_none_of_it),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
