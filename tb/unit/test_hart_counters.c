/* Event counters behind siselect and miselect (docs/counters.md; spec/software.md,
 * "Registers"). The golden model behind the rig counts nothing: which register is reached
 * shows by countctl, and what the counters hold in tb/lockstep and sw/programs/counters.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "encode.h"
#include "rig.h"

#define BIT(n) (1ull << (n))

static void select_register(struct rig *r, unsigned number)
{
	rig_set_csr(r, CSR_SISELECT, BIT(r->h->xlen - 1) | number);
	rig_set_csr(r, CSR_MISELECT, BIT(r->h->xlen - 1) | number);
}

static bool readable(struct rig *r, unsigned csr)
{
	uint64_t value;
	return rig_try_csrr(r, csr, &value);
}

static void countctl_is_reached_from_m_and_s(void **state)
{
	struct rig *r = *state;
	uint64_t value;

	for (unsigned priv = PRIV_S; priv <= PRIV_M; priv += 2) {
		rig_go(r, priv, RIG_CODE);
		select_register(r, SISELECT_COUNTCTL);
		assert_true(rig_try_csrw(r, CSR_SIREG, 3));
		assert_int_equal(mmu_csr_read(r->m->mmu, REG_COUNTCTL), 1);
		assert_true(rig_try_csrr(r, CSR_SIREG, &value));
		assert_int_equal(value, 1);
		assert_true(rig_try_csrw(r, CSR_SIREG, 0));
		assert_int_equal(mmu_csr_read(r->m->mmu, REG_COUNTCTL), 0);
		assert_false(readable(r, CSR_SIREG2));
	}
	assert_true(readable(r, CSR_MIREG));
}

static void each_counter_is_in_sireg_and_rv32s_upper_half_in_sireg2(void **state)
{
	struct rig *r = *state;

	rig_go(r, PRIV_S, RIG_CODE);
	for (unsigned k = 0; k < COUNTERS_N; k++) {
		select_register(r, SISELECT_COUNTER0 + k);
		assert_true(readable(r, CSR_SIREG));
		assert_true(rig_try_csrw(r, CSR_SIREG, 1));
		assert_int_equal(readable(r, CSR_SIREG2), r->h->xlen == 32);
		assert_false(readable(r, CSR_SIREG3));
	}
	select_register(r, SISELECT_COUNTER0 + COUNTERS_N);
	assert_false(readable(r, CSR_SIREG));
}

static void u_reaches_no_counter(void **state)
{
	struct rig *r = *state;

	rig_go(r, PRIV_U, RIG_CODE);
	select_register(r, SISELECT_COUNTER0);
	assert_false(readable(r, CSR_SIREG));
}

/* Unlike what decides about translation. */
static void tvm_leaves_counters(void **state)
{
	struct rig *r = *state;

	rig_set_csr(r, CSR_MSTATUS, BIT(MSTATUS_TVM));
	rig_go(r, PRIV_S, RIG_CODE);
	select_register(r, SISELECT_COUNTER0);
	assert_true(readable(r, CSR_SIREG));
}

static void counters_that_are_not_built_in_are_illegal(void **state)
{
	struct rig *r = *state;

	select_register(r, SISELECT_COUNTCTL);
	assert_false(readable(r, CSR_MIREG));
	select_register(r, SISELECT_COUNTER0);
	assert_false(readable(r, CSR_MIREG));
	assert_false(rig_try_csrw(r, CSR_MIREG, 0));
}

#define BOTH_WIDTHS(name) RIG_TEST64_ALL(name), RIG_TEST32_ALL(name)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    BOTH_WIDTHS(countctl_is_reached_from_m_and_s),
	    BOTH_WIDTHS(each_counter_is_in_sireg_and_rv32s_upper_half_in_sireg2),
	    BOTH_WIDTHS(u_reaches_no_counter),
	    BOTH_WIDTHS(tvm_leaves_counters),
	    RIG_TEST64(counters_that_are_not_built_in_are_illegal),
	    RIG_TEST32(counters_that_are_not_built_in_are_illegal),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
