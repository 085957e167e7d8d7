/* Svadu on the machine: what the hart's accesses leave in A and D, and the RAM's
 * compare-and-swap; Svinval. */
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

#define A    BIT(PTE_A)
#define D    BIT(PTE_D)
#define PAGE (RIG_S_PAGE & ~(A | D))

/* ---- A and D ---------------------------------------------------------------------- */

static void switch_update(struct rig *r, bool on)
{
	unsigned number = r->h->xlen == 64 ? CSR_MENVCFG : CSR_MENVCFGH;
	uint64_t bit = BIT(r->h->xlen == 64 ? ENVCFG_ADUE : ENVCFG_ADUE - 32);
	uint64_t old = rig_csr(r, number);

	rig_set_csr(r, number, on ? old | bit : old & ~bit);
}

static void each_access_sets_what_it_needs(void **state)
{
	struct rig *r = *state;
	static const struct {
		uint32_t insn;
		uint64_t set;
	} rows[] = {
	    {LW(A0, A1, 0), A},
	    {SW(A0, A1, 0), A | D},
	    {LR(AMO_W, A0, A1), A},
	    {SC(AMO_W, A0, A0, A1), A | D}, /* without a reservation: it fails */
	    {AMOADD(AMO_W, A0, A0, A1), A | D},
	    {CBO_ZERO(A1), A | D},
	    {CBO_CLEAN(A1), A},
	    {CBO_INVAL(A1), A},
	    {PREFETCH_W(A1, 0), 0},
	};

	rig_set_csr(r, CSR_MENVCFG, 0xf0);
	switch_update(r, true);
	rig_set_x(r, A1, PAGE_VA);
	for (size_t i = 0; i < COUNT(rows); i++) {
		rig_map(r, PAGE_VA, FRAME, PAGE | BIT(PTE_RSW));
		rig_enter_paged_s(r);
		rig_do(r, rows[i].insn);
		rig_assert_no_trap(r);
		assert_int_equal(rig_pte(r, PAGE_VA),
				 FRAME >> 12 << PTE_PPN | PAGE | BIT(PTE_RSW) | rows[i].set);
	}
}

static void a_fetch_sets_a(void **state)
{
	struct rig *r = *state;

	switch_update(r, true);
	rig_map(r, PAGE_VA, FRAME, PAGE);
	rig_poke(r, FRAME, 4, ADDI(A0, ZERO, 5));
	rig_enter_paged_s(r);
	rig_go(r, PRIV_S, PAGE_VA);
	rig_step(r);
	assert_int_equal(rig_x(r, A0), 5);
	assert_int_equal(rig_pte(r, PAGE_VA), FRAME >> 12 << PTE_PPN | PAGE | A);
}

static void software_keeps_them_without_adue(void **state)
{
	struct rig *r = *state;

	rig_map(r, PAGE_VA, FRAME, PAGE);
	rig_enter_paged_s(r);
	rig_set_x(r, A1, PAGE_VA);
	rig_do(r, LW(A0, A1, 0));
	rig_assert_trap_m(r, CAUSE_LOAD_PAGE, PAGE_VA, RIG_CODE);
	rig_assert_reason(r, REASON_ACCESSED_CLEAR, 0, false);
	assert_int_equal(rig_pte(r, PAGE_VA), FRAME >> 12 << PTE_PPN | PAGE);
}

static void a_fault_sets_nothing(void **state)
{
	struct rig *r = *state;

	switch_update(r, true);
	rig_map(r, PAGE_VA, FRAME, PAGE & ~BIT(PTE_W));
	rig_enter_paged_s(r);
	rig_set_x(r, A1, PAGE_VA);
	rig_do(r, SW(A0, A1, 0));
	rig_assert_trap_m(r, CAUSE_STORE_PAGE, PAGE_VA, RIG_CODE);
	assert_int_equal(rig_pte(r, PAGE_VA), FRAME >> 12 << PTE_PPN | (PAGE & ~BIT(PTE_W)));
}

static void both_halves_of_a_crossing_set_their_own(void **state)
{
	struct rig *r = *state;

	switch_update(r, true);
	rig_map(r, PAGE_VA, FRAME, PAGE);
	rig_map(r, PAGE_VA + 4096, FRAME + 8192, PAGE);
	rig_enter_paged_s(r);
	rig_set_x(r, A1, PAGE_VA + 4096);
	rig_do(r, SW(A0, A1, -2));
	rig_assert_no_trap(r);
	assert_int_equal(rig_pte(r, PAGE_VA), FRAME >> 12 << PTE_PPN | PAGE | A | D);
	assert_int_equal(rig_pte(r, PAGE_VA + 4096),
			 (FRAME + 8192) >> 12 << PTE_PPN | PAGE | A | D);
}

/* Each half is a translation of its own: the marks of the first stay where the second faults,
 * the data of neither is written. */
static void a_second_half_that_faults_leaves_the_marks_of_the_first(void **state)
{
	struct rig *r = *state;

	switch_update(r, true);
	rig_map(r, PAGE_VA, FRAME, PAGE);
	rig_map(r, PAGE_VA + 4096, FRAME + 8192, PAGE & ~BIT(PTE_W));
	rig_enter_paged_s(r);
	rig_set_x(r, A0, 0xffffffff);
	rig_set_x(r, A1, PAGE_VA + 4096);
	rig_do(r, SW(A0, A1, -2));
	rig_assert_trap_m(r, CAUSE_STORE_PAGE, PAGE_VA + 4096, RIG_CODE);
	assert_int_equal(rig_pte(r, PAGE_VA), FRAME >> 12 << PTE_PPN | PAGE | A | D);
	assert_int_equal(rig_pte(r, PAGE_VA + 4096),
			 (FRAME + 8192) >> 12 << PTE_PPN | (PAGE & ~BIT(PTE_W)));
	assert_int_equal(rig_peek(r, FRAME + 4094, 2), 0);
	assert_int_equal(rig_peek(r, FRAME + 8192, 2), 0);
}

/* The bus has no part in translation: it comes after the marks. */
static void an_access_that_the_bus_refuses_leaves_its_marks(void **state)
{
	struct rig *r = *state;
	const uint64_t nowhere = 0xf0000000u; /* what the attributes allow and RAM does not reach */

	switch_update(r, true);
	rig_map(r, PAGE_VA, nowhere, PAGE);
	rig_enter_paged_s(r);
	rig_set_x(r, A1, PAGE_VA);
	rig_do(r, SW(A0, A1, 0));
	rig_assert_trap_m(r, CAUSE_STORE_ACCESS, PAGE_VA, RIG_CODE);
	rig_assert_reason(r, REASON_BUS_ERROR, 0, false);
	assert_int_equal(rig_pte(r, PAGE_VA), nowhere >> 12 << PTE_PPN | PAGE | A | D);
}

/* ---- the RAM's compare-and-swap ------------------------------------------------------ */

static void a_swap_needs_what_it_expects(void **state)
{
	struct rig *r = *state;
	uint64_t old;

	rig_poke(r, RIG_DATA, 8, 0x1111222233334444u);
	assert_true(bus_swap_pte(&r->m->bus, RIG_DATA, 8, 5, 6, &old));
	assert_int_equal(old, 0x1111222233334444u);
	assert_int_equal(rig_peek(r, RIG_DATA, 8), 0x1111222233334444u);
	assert_true(bus_swap_pte(&r->m->bus, RIG_DATA, 4, 0x33334444, 7, &old));
	assert_int_equal(old, 0x33334444);
	assert_int_equal(rig_peek(r, RIG_DATA, 8), 0x1111222200000007u);
}

static void a_swap_outside_ram_is_a_bus_error(void **state)
{
	struct rig *r = *state;
	uint64_t old;

	assert_false(bus_swap_pte(&r->m->bus, UART_BASE, 8, 0, 1, &old));
	assert_false(bus_swap_pte(&r->m->bus, RAM_BASE + RIG_RAM_BYTES, 8, 0, 1, &old));
}

/* ---- Svinval ---------------------------------------------------------------------------- */

static uint64_t fences(struct rig *r)
{
	struct mmu_counts counts;

	mmu_counts(r->m->mmu, &counts);
	return counts.fences;
}

static void sinval_fences_and_the_others_do_not(void **state)
{
	struct rig *r = *state;
	uint64_t before = fences(r);

	rig_do(r, SFENCE_W_INVAL);
	rig_do(r, SFENCE_INVAL_IR);
	assert_int_equal(fences(r), before);
	rig_do(r, SINVAL_VMA(ZERO, ZERO));
	rig_do(r, SINVAL_VMA(A1, A2));
	assert_int_equal(fences(r), before + 2);
	rig_assert_no_trap(r);
}

static void sinval_is_for_whom_sfence_is(void **state)
{
	struct rig *r = *state;
	static const struct {
		uint32_t insn;
		uint8_t priv;
		bool tvm, legal;
	} rows[] = {
	    {SINVAL_VMA(A1, A2), PRIV_U, false, false},
	    {SFENCE_W_INVAL, PRIV_U, false, false},
	    {SFENCE_INVAL_IR, PRIV_U, false, false},
	    {SINVAL_VMA(A1, A2), PRIV_S, false, true},
	    {SINVAL_VMA(A1, A2), PRIV_S, true, false},
	    {SFENCE_W_INVAL, PRIV_S, true, true},
	    {SFENCE_INVAL_IR, PRIV_S, true, true},
	    {SINVAL_VMA(A1, A2), PRIV_M, true, true},
	    {SFENCE_W_INVAL | A0 << 7, PRIV_M, false, false},
	    {SFENCE_INVAL_IR | A0 << 15, PRIV_M, false, false},
	    {SINVAL_VMA(A1, A2) | A0 << 7, PRIV_M, false, false},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		uint64_t traps = r->h->traps;

		rig_set_csr(r, CSR_MSTATUS, rows[i].tvm ? BIT(MSTATUS_TVM) : 0);
		rig_go(r, rows[i].priv, RIG_CODE);
		rig_do(r, rows[i].insn);
		assert_int_equal(r->h->traps == traps, rows[i].legal);
		if (!rows[i].legal)
			rig_assert_trap_m(r, CAUSE_ILLEGAL, rows[i].insn, RIG_CODE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    RIG_TEST64_ALL(each_access_sets_what_it_needs),
	    RIG_TEST32_ALL(each_access_sets_what_it_needs),
	    RIG_TEST64_ALL(a_fetch_sets_a),
	    RIG_TEST32_ALL(a_fetch_sets_a),
	    RIG_TEST64_ALL(software_keeps_them_without_adue),
	    RIG_TEST64_ALL(a_fault_sets_nothing),
	    RIG_TEST32_ALL(a_fault_sets_nothing),
	    RIG_TEST64_ALL(both_halves_of_a_crossing_set_their_own),
	    RIG_TEST64_ALL(a_second_half_that_faults_leaves_the_marks_of_the_first),
	    RIG_TEST32_ALL(a_second_half_that_faults_leaves_the_marks_of_the_first),
	    RIG_TEST64_ALL(an_access_that_the_bus_refuses_leaves_its_marks),
	    RIG_TEST64(a_swap_needs_what_it_expects),
	    RIG_TEST64(a_swap_outside_ram_is_a_bus_error),
	    RIG_TEST64(sinval_fences_and_the_others_do_not),
	    RIG_TEST64(sinval_is_for_whom_sfence_is),
	    RIG_TEST32(sinval_is_for_whom_sfence_is),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
