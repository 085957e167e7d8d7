/* Sstc: stimecmp, who may touch it, and the interrupt that it raises (sstc.adoc). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "encode.h"
#include "rig.h"

#define BIT(n) (1ull << (n))
#define ONES   0xffffffffffffffffu

enum { TM = 1 }; /* bit in mcounteren */

static void switch_sstc(struct rig *r, bool on)
{
	if (r->h->xlen == 64)
		rig_set_csr(r, CSR_MENVCFG, on ? BIT(ENVCFG_STCE) : 0);
	else
		rig_set_csr(r, CSR_MENVCFGH, on ? BIT(ENVCFG_STCE - 32) : 0);
}

static void set_stimecmp(struct rig *r, uint64_t value)
{
	rig_set_csr(r, CSR_STIMECMP, value);
	if (r->h->xlen == 32)
		rig_set_csr(r, CSR_STIMECMPH, value >> 32);
}

static void idle(struct rig *r, unsigned steps)
{
	while (steps--) {
		rig_go(r, PRIV_M, RIG_CODE);
		rig_do(r, ADDI(ZERO, ZERO, 0));
	}
}

static bool pending(struct rig *r)
{
	return rig_csr(r, CSR_MIP) >> IRQ_STI & 1;
}

static void stce_is_a_field_of_menvcfg(void **state)
{
	static const struct rig_field rv64[] = {{CSR_MENVCFG, BIT(ENVCFG_STCE), BIT(ENVCFG_STCE)},
						{CSR_MENVCFG, 0, 0}};
	static const struct rig_field rv32[] = {{CSR_MENVCFGH, BIT(31), BIT(31)},
						{CSR_MENVCFG, ONES, 0xf1},
						{CSR_MENVCFG, 0, 0},
						{CSR_MENVCFGH, 0, 0}};
	struct rig *r = *state;

	if (r->h->xlen == 64)
		rig_check_fields(r, rv64, 2);
	else
		rig_check_fields(r, rv32, 4);
}

/* CBIE and the others of the lower half stay when the upper one is written. */
static void the_halves_of_menvcfg_are_apart_on_rv32(void **state)
{
	struct rig *r = *state;

	rig_set_csr(r, CSR_MENVCFG, 0xf1);
	rig_set_csr(r, CSR_MENVCFGH, BIT(31));
	assert_int_equal(rig_csr(r, CSR_MENVCFG), 0xf1);
	rig_set_csr(r, CSR_MENVCFG, 0);
	assert_int_equal(rig_csr(r, CSR_MENVCFGH), BIT(31));
}

static void stimecmp_keeps_64_bits(void **state)
{
	struct rig *r = *state;

	set_stimecmp(r, 0x1122334455667788u);
	if (r->h->xlen == 64) {
		assert_int_equal(rig_csr(r, CSR_STIMECMP), 0x1122334455667788u);
		return;
	}
	assert_int_equal(rig_csr(r, CSR_STIMECMP), 0x55667788u);
	assert_int_equal(rig_csr(r, CSR_STIMECMPH), 0x11223344u);
}

static void the_upper_half_is_of_rv32_only(void **state)
{
	struct rig *r = *state;
	uint64_t value;

	assert_int_equal(rig_try_csrr(r, CSR_STIMECMPH, &value), r->h->xlen == 32);
	assert_int_equal(rig_try_csrw(r, CSR_STIMECMPH, 0), r->h->xlen == 32);
}

/* M always may; S needs both STCE and TM, and scounteren says nothing about it; U never. */
static void below_m_stimecmp_needs_stce_and_tm(void **state)
{
	struct rig *r = *state;
	uint64_t value;

	for (unsigned i = 0; i < 8; i++) {
		bool both = (i & 3) == 3;

		switch_sstc(r, i & 1);
		rig_set_csr(r, CSR_MCOUNTEREN, i & 2 ? BIT(TM) : ~BIT(TM));
		rig_set_csr(r, CSR_SCOUNTEREN, i & 4 ? BIT(TM) : 0);
		rig_go(r, PRIV_M, RIG_CODE);
		assert_true(rig_try_csrr(r, CSR_STIMECMP, &value));
		rig_go(r, PRIV_S, RIG_CODE);
		assert_int_equal(rig_try_csrr(r, CSR_STIMECMP, &value), both);
		assert_int_equal(rig_try_csrw(r, CSR_STIMECMP, ONES), both);
		if (r->h->xlen == 32) {
			assert_int_equal(rig_try_csrr(r, CSR_STIMECMPH, &value), both);
			assert_int_equal(rig_try_csrw(r, CSR_STIMECMPH, ONES), both);
		}
		rig_go(r, PRIV_U, RIG_CODE);
		assert_false(rig_try_csrr(r, CSR_STIMECMP, &value));
	}
}

static void stip_is_time_at_or_after_stimecmp(void **state)
{
	struct rig *r = *state;

	switch_sstc(r, true);
	set_stimecmp(r, 3);
	idle(r, 2);
	assert_false(pending(r));
	idle(r, 1);
	assert_true(pending(r));
	set_stimecmp(r, 1ull << 40); /* a later time takes it back */
	assert_false(pending(r));
	set_stimecmp(r, 0);
	assert_true(pending(r));
}

/* Unsigned, over all 64 bits. */
static void the_comparison_is_unsigned(void **state)
{
	struct rig *r = *state;

	switch_sstc(r, true);
	idle(r, 1);
	set_stimecmp(r, BIT(63));
	assert_false(pending(r));
	set_stimecmp(r, BIT(31));
	assert_false(pending(r));
}

static void the_machines_timer_stays_apart(void **state)
{
	struct rig *r = *state;

	switch_sstc(r, true);
	set_stimecmp(r, 2);
	rig_poke(r, CLINT_BASE + 0x4000, 8, 4);
	idle(r, 2);
	assert_int_equal(rig_csr(r, CSR_MIP), BIT(IRQ_STI));
	idle(r, 2);
	assert_int_equal(rig_csr(r, CSR_MIP), BIT(IRQ_STI) | BIT(IRQ_MTI));
	set_stimecmp(r, ONES);
	assert_int_equal(rig_csr(r, CSR_MIP), BIT(IRQ_MTI));
}

static void software_writes_stip_only_without_stce(void **state)
{
	struct rig *r = *state;

	rig_set_csr(r, CSR_MIP, BIT(IRQ_STI));
	assert_true(pending(r));
	switch_sstc(r, true); /* the comparison takes over */
	assert_false(pending(r));
	rig_set_csr(r, CSR_MIP, BIT(IRQ_STI) | BIT(IRQ_SSI));
	assert_int_equal(rig_csr(r, CSR_MIP), BIT(IRQ_SSI));
	set_stimecmp(r, 0);
	rig_set_csr(r, CSR_MIP, 0);
	assert_true(pending(r));
	switch_sstc(r, false);
	assert_false(pending(r));
	rig_set_csr(r, CSR_MIP, BIT(IRQ_STI));
	set_stimecmp(r, ONES); /* says nothing now */
	assert_true(pending(r));
	switch_sstc(r, false);
	assert_true(pending(r));
}

static void the_delegated_timer_interrupts_s(void **state)
{
	struct rig *r = *state;

	switch_sstc(r, true);
	rig_set_csr(r, CSR_MIDELEG, BIT(IRQ_STI));
	rig_set_csr(r, CSR_MIE, BIT(IRQ_STI));
	rig_set_csr(r, CSR_MSTATUS, BIT(MSTATUS_SIE));
	set_stimecmp(r, 2);
	rig_go(r, PRIV_S, RIG_CODE);
	rig_do(r, ADDI(A0, ZERO, 1));
	rig_assert_no_trap(r);
	rig_step(r);
	rig_assert_trap_s(r, 1ull << (r->h->xlen - 1) | IRQ_STI, 0, RIG_CODE + 4);
}

static void wfi_skips_to_the_supervisors_timer(void **state)
{
	struct rig *r = *state;

	switch_sstc(r, true);
	set_stimecmp(r, 500000);
	rig_poke(r, CLINT_BASE + 0x4000, 8, 400000); /* not enabled: wakes nobody */
	rig_set_csr(r, CSR_MIE, BIT(IRQ_STI));
	rig_poke(r, RIG_CODE, 4, WFI);
	assert_int_equal(machine_run(r->m, 1), OUTCOME_RUNNING);
	assert_int_equal(r->m->bus.clint.mtime, 500000);
	assert_true(pending(r));
}

static void wfi_skips_to_the_first_timer(void **state)
{
	struct rig *r = *state;

	switch_sstc(r, true);
	set_stimecmp(r, 500000);
	rig_poke(r, CLINT_BASE + 0x4000, 8, 400000);
	rig_set_csr(r, CSR_MIE, BIT(IRQ_STI) | BIT(IRQ_MTI));
	rig_poke(r, RIG_CODE, 4, WFI);
	assert_int_equal(machine_run(r->m, 1), OUTCOME_RUNNING);
	assert_int_equal(rig_csr(r, CSR_MIP), BIT(IRQ_MTI));
	assert_int_equal(r->m->bus.clint.mtime, 400000);
}

static void reset_turns_it_off_with_the_furthest_time(void **state)
{
	struct rig *r = *state;

	switch_sstc(r, true);
	set_stimecmp(r, 0);
	rig_set_x(r, A0, 0x7777);
	rig_set_x(r, A1, FINISHER_BASE);
	rig_poke(r, RIG_CODE, 4, SW(A0, A1, 0));
	rig_go(r, PRIV_M, RIG_CODE);
	assert_int_equal(machine_run(r->m, 1), OUTCOME_RUNNING);
	assert_false(pending(r));
	switch_sstc(r, true);
	idle(r, 10);
	assert_false(pending(r));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    RIG_TEST64(stce_is_a_field_of_menvcfg),
	    RIG_TEST32(stce_is_a_field_of_menvcfg),
	    RIG_TEST32(the_halves_of_menvcfg_are_apart_on_rv32),
	    RIG_TEST64(stimecmp_keeps_64_bits),
	    RIG_TEST32(stimecmp_keeps_64_bits),
	    RIG_TEST64(the_upper_half_is_of_rv32_only),
	    RIG_TEST32(the_upper_half_is_of_rv32_only),
	    RIG_TEST64(below_m_stimecmp_needs_stce_and_tm),
	    RIG_TEST32(below_m_stimecmp_needs_stce_and_tm),
	    RIG_TEST64(stip_is_time_at_or_after_stimecmp),
	    RIG_TEST32(stip_is_time_at_or_after_stimecmp),
	    RIG_TEST64(the_comparison_is_unsigned),
	    RIG_TEST32(the_comparison_is_unsigned),
	    RIG_TEST64(the_machines_timer_stays_apart),
	    RIG_TEST64(software_writes_stip_only_without_stce),
	    RIG_TEST32(software_writes_stip_only_without_stce),
	    RIG_TEST64(the_delegated_timer_interrupts_s),
	    RIG_TEST32(the_delegated_timer_interrupts_s),
	    RIG_TEST64(wfi_skips_to_the_supervisors_timer),
	    RIG_TEST64(wfi_skips_to_the_first_timer),
	    RIG_TEST64(reset_turns_it_off_with_the_furthest_time),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
