/* The A extension: each AMO in both widths, LR and SC, and how they fault. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "encode.h"
#include "rig.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define ONES     0xffffffffffffffffu

/* PTE flags */
#define S_PAGE    RIG_S_PAGE
#define READ_ONLY (S_PAGE & ~(1 << PTE_W))

#define FIRST  0x40000000ull
#define SECOND 0x40001000ull /* never mapped */
#define FRAME1 0x80020000ull

static void amo_returns_the_old_value_and_stores_the_new(void **state)
{
	struct rig *r = *state;
	static const struct {
		const char *name;
		uint32_t insn;
		uint64_t memory, operand, old, new;
	} rows[] = {
#define W(OP, memory, operand, old, new)                                                           \
	{#OP ".w", OP(AMO_W, A2, A0, A1), memory, operand, old, new}
#define D(OP, memory, operand, old, new)                                                           \
	{                                                                                          \
#OP ".d", OP(AMO_D, A2, A0, A1), memory, operand, old, new                         \
	}
	    W(AMOSWAP, 0x5555555580000000u, 1, 0xffffffff80000000u, 0x5555555500000001u),
	    W(AMOADD, 0x55555555ffffffffu, 2, ONES, 0x5555555500000001u),
	    W(AMOXOR, 0xff, 0x0f, 0xff, 0xf0),
	    W(AMOAND, 0xff, 0x0f, 0xff, 0x0f),
	    W(AMOOR, 0xf0, 0x0f, 0xf0, 0xff),
	    W(AMOMIN, 0xffffffff, 1, ONES, 0xffffffff),
	    W(AMOMIN, 1, 0xffffffff, 1, 0xffffffff),
	    W(AMOMAX, 0xffffffff, 1, ONES, 1),
	    W(AMOMINU, 0xffffffff, 1, ONES, 1),
	    W(AMOMAXU, 1, 0xffffffff, 1, 0xffffffff),
	    W(AMOMAXU, 0x80000000, 0x17fffffffu, 0xffffffff80000000u, 0x80000000),
	    D(AMOSWAP, 7, ONES, 7, ONES),
	    D(AMOADD, 0xffffffff, 1, 0xffffffff, 0x100000000u),
	    D(AMOXOR, ONES, 1, ONES, ONES - 1),
	    D(AMOAND, ONES, 1ull << 63, ONES, 1ull << 63),
	    D(AMOOR, 1, 1ull << 63, 1, 1ull << 63 | 1),
	    D(AMOMIN, ONES, 1, ONES, ONES),
	    D(AMOMAX, ONES, 1, ONES, 1),
	    D(AMOMINU, ONES, 1, ONES, 1),
	    D(AMOMAXU, ONES, 1, ONES, ONES),
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		rig_poke(r, RIG_DATA, 8, rows[i].memory);
		rig_set_x(r, A0, rows[i].operand);
		rig_set_x(r, A1, RIG_DATA);
		rig_do(r, rows[i].insn);
		if (rig_x(r, A2) != rows[i].old || rig_peek(r, RIG_DATA, 8) != rows[i].new)
			fail_msg("row %zu, %s", i, rows[i].name);
	}
	rig_assert_no_trap(r);
}

static void amo_sign_extends_on_rv32(void **state)
{
	struct rig *r = *state;

	rig_poke(r, RIG_DATA, 4, 0x80000000);
	rig_set_x(r, A0, 0x80000000);
	rig_set_x(r, A1, RIG_DATA);
	rig_do(r, AMOADD(AMO_W, A2, A0, A1));
	assert_int_equal(rig_x(r, A2), 0x80000000);
	assert_int_equal(rig_peek(r, RIG_DATA, 8), 0);
}

static void amo_with_equal_registers_reads_them_first(void **state)
{
	struct rig *r = *state;

	rig_poke(r, RIG_DATA, 8, 5);
	rig_set_x(r, A0, RIG_DATA);
	rig_do(r, AMOADD(AMO_D, A0, A0, A0));
	assert_int_equal(rig_x(r, A0), 5);
	assert_int_equal(rig_peek(r, RIG_DATA, 8), RIG_DATA + 5);
}

static void amo_faults_as_a_store_even_without_read_permission(void **state)
{
	struct rig *r = *state;

	rig_map(r, FIRST, FRAME1, READ_ONLY);
	rig_enter_paged_s(r);
	rig_set_x(r, A1, FIRST);
	rig_do(r, AMOADD(AMO_W, A0, A0, A1));
	rig_assert_trap_m(r, CAUSE_STORE_PAGE, FIRST, RIG_CODE);
	rig_set_x(r, A1, SECOND); /* not mapped at all */
	rig_go(r, PRIV_S, RIG_CODE);
	rig_do(r, AMOADD(AMO_W, A0, A0, A1));
	rig_assert_trap_m(r, CAUSE_STORE_PAGE, SECOND, RIG_CODE);
}

static void lr_is_a_load_and_sc_a_store(void **state)
{
	struct rig *r = *state;

	rig_map(r, FIRST, FRAME1, READ_ONLY);
	rig_enter_paged_s(r);
	rig_set_x(r, A1, FIRST);
	rig_do(r, LR(AMO_W, A0, A1));
	rig_assert_no_trap(r);
	rig_do(r, SC(AMO_W, A0, A0, A1));
	rig_assert_trap_m(r, CAUSE_STORE_PAGE, FIRST, RIG_CODE + 4);
	rig_set_x(r, A1, SECOND);
	rig_go(r, PRIV_S, RIG_CODE);
	rig_do(r, LR(AMO_W, A0, A1));
	rig_assert_trap_m(r, CAUSE_LOAD_PAGE, SECOND, RIG_CODE);
}

static void sc_that_will_fail_still_needs_permission(void **state)
{
	struct rig *r = *state;

	rig_map(r, FIRST, FRAME1, READ_ONLY);
	rig_enter_paged_s(r);
	rig_set_x(r, A1, FIRST);
	rig_do(r, SC(AMO_W, A0, A0, A1)); /* no LR before it */
	rig_assert_trap_m(r, CAUSE_STORE_PAGE, FIRST, RIG_CODE);
}

static void misaligned_atomics_trap_before_translation(void **state)
{
	struct rig *r = *state;

	rig_enter_paged_s(r);
	rig_set_x(r, A1, FIRST + 2); /* not mapped: the misalignment comes first */
	rig_do(r, LR(AMO_W, A0, A1));
	rig_assert_trap_m(r, CAUSE_LOAD_MISALIGNED, FIRST + 2, RIG_CODE);
	rig_go(r, PRIV_S, RIG_CODE);
	rig_do(r, SC(AMO_W, A0, A0, A1));
	rig_assert_trap_m(r, CAUSE_STORE_MISALIGNED, FIRST + 2, RIG_CODE);
	rig_set_x(r, A1, FIRST + 4);
	rig_go(r, PRIV_S, RIG_CODE);
	rig_do(r, AMOADD(AMO_D, A0, A0, A1));
	rig_assert_trap_m(r, CAUSE_STORE_MISALIGNED, FIRST + 4, RIG_CODE);
}

static void sc_succeeds_once_after_lr(void **state)
{
	struct rig *r = *state;

	rig_poke(r, RIG_DATA, 8, 0xffffffff80000001u);
	rig_set_x(r, A1, RIG_DATA);
	rig_set_x(r, A2, 99);
	rig_do(r, LR(AMO_W, A0, A1));
	assert_int_equal(rig_x(r, A0), 0xffffffff80000001u);
	rig_do(r, SC(AMO_W, A3, A2, A1));
	assert_int_equal(rig_x(r, A3), 0);
	assert_int_equal(rig_peek(r, RIG_DATA, 8), 0xffffffff00000063u);
	rig_set_x(r, A2, 5);
	rig_do(r, SC(AMO_W, A3, A2, A1)); /* the first SC used the reservation up */
	assert_int_equal(rig_x(r, A3), 1);
	assert_int_equal(rig_peek(r, RIG_DATA, 8), 0xffffffff00000063u);
}

static void sc_fails_elsewhere_and_ends_the_reservation(void **state)
{
	struct rig *r = *state;

	rig_set_x(r, A1, RIG_DATA);
	rig_set_x(r, A2, RIG_DATA + 64);
	rig_do(r, LR(AMO_D, A0, A1));
	rig_do(r, SC(AMO_D, A3, A1, A2));
	assert_int_equal(rig_x(r, A3), 1);
	assert_int_equal(rig_peek(r, RIG_DATA + 64, 8), 0);
	rig_do(r, SC(AMO_D, A3, A1, A1));
	assert_int_equal(rig_x(r, A3), 1);
	assert_int_equal(rig_peek(r, RIG_DATA, 8), 0);
}

static void a_trap_ends_the_reservation(void **state)
{
	struct rig *r = *state;

	rig_set_x(r, A1, RIG_DATA);
	rig_do(r, LR(AMO_D, A0, A1));
	rig_do(r, ECALL);
	rig_go(r, PRIV_M, RIG_CODE);
	rig_do(r, SC(AMO_D, A3, A1, A1));
	assert_int_equal(rig_x(r, A3), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    RIG_TEST64(amo_returns_the_old_value_and_stores_the_new),
	    RIG_TEST32(amo_sign_extends_on_rv32),
	    RIG_TEST64(amo_with_equal_registers_reads_them_first),
	    RIG_TEST64(amo_faults_as_a_store_even_without_read_permission),
	    RIG_TEST32(amo_faults_as_a_store_even_without_read_permission),
	    RIG_TEST64(lr_is_a_load_and_sc_a_store),
	    RIG_TEST32(lr_is_a_load_and_sc_a_store),
	    RIG_TEST64(sc_that_will_fail_still_needs_permission),
	    RIG_TEST64(misaligned_atomics_trap_before_translation),
	    RIG_TEST64(sc_succeeds_once_after_lr),
	    RIG_TEST64(sc_fails_elsewhere_and_ends_the_reservation),
	    RIG_TEST64(a_trap_ends_the_reservation),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
