/* Zicfiss: ssp and the instructions of the shadow stack, where they are active, and
 * what is left of them where they are not (unpriv/cfi.adoc). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "encode.h"
#include "rig.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define BIT(n)   (1ull << (n))

#define STACK_VA 0x40001000ull
#define PAGE_VA  0x40002000ull
#define STACK    0x80020000ull
#define FRAME    0x80021000ull

/* PTE flags */
#define STACK_PAGE (BIT(PTE_V) | BIT(PTE_W) | BIT(PTE_A) | BIT(PTE_D))
#define READ_ONLY  (RIG_S_PAGE & ~(BIT(PTE_W) | BIT(PTE_X)))

#define TOP (STACK_VA + 0x100)

static unsigned word(const struct rig *r)
{
	return r->h->xlen / 8;
}

/* S-mode with a shadow stack and an ordinary page; ssp points into the stack. */
static void enter(struct rig *r)
{
	rig_set_csr(r, CSR_MENVCFG, BIT(ENVCFG_SSE));
	rig_map(r, STACK_VA, STACK, STACK_PAGE);
	rig_map(r, PAGE_VA, FRAME, RIG_S_PAGE);
	rig_enter_paged_s(r);
	rig_set_csr(r, CSR_SSP, TOP);
}

/* ---- where it is active ---------------------------------------------------------- */

static void push_stores_below_ssp(void **state)
{
	struct rig *r = *state;

	enter(r);
	rig_set_x(r, RA, 0x12345678);
	rig_set_x(r, T0, 0x87654321);
	rig_do(r, SSPUSH(RA));
	assert_int_equal(rig_csr(r, CSR_SSP), TOP - word(r));
	rig_do(r, SSPUSH(T0));
	assert_int_equal(rig_csr(r, CSR_SSP), TOP - 2 * word(r));
	rig_assert_no_trap(r);
	assert_int_equal(rig_peek(r, STACK + 0x100 - word(r), word(r)), 0x12345678);
	assert_int_equal(rig_peek(r, STACK + 0x100 - 2 * word(r), word(r)), 0x87654321);
}

static void pop_takes_what_it_finds_as_expected(void **state)
{
	struct rig *r = *state;

	enter(r);
	rig_set_x(r, RA, 0x80000001u);
	rig_do(r, SSPUSH(RA));
	rig_do(r, SSPUSH(RA));
	rig_set_x(r, T0, 0x80000001u);
	rig_do(r, SSPOPCHK(T0));
	rig_do(r, SSPOPCHK(RA));
	assert_int_equal(rig_csr(r, CSR_SSP), TOP);
	rig_assert_no_trap(r);
}

static void another_value_is_a_software_check(void **state)
{
	struct rig *r = *state;

	enter(r);
	rig_set_x(r, RA, 1);
	rig_do(r, SSPUSH(RA));
	rig_set_x(r, RA, 2);
	rig_do(r, SSPOPCHK(RA));
	rig_assert_trap_m(r, CAUSE_SOFTWARE_CHECK, 3, RIG_CODE + 4);
	assert_int_equal(rig_csr(r, CSR_SSP), TOP - word(r));
}

static void a_software_check_can_be_delegated(void **state)
{
	struct rig *r = *state;

	enter(r);
	rig_set_csr(r, CSR_MEDELEG, BIT(CAUSE_SOFTWARE_CHECK));
	rig_set_x(r, RA, 1);
	rig_do(r, SSPOPCHK(RA));
	rig_assert_trap_s(r, CAUSE_SOFTWARE_CHECK, 3, RIG_CODE);
}

static void compressed_forms_do_the_same(void **state)
{
	struct rig *r = *state;

	enter(r);
	rig_set_x(r, RA, 77);
	rig_set_x(r, T0, 77);
	rig_do_compressed(r, C_MOP(1)); /* c.sspush x1 */
	assert_int_equal(rig_csr(r, CSR_SSP), TOP - word(r));
	assert_int_equal(r->h->pc, RIG_CODE + 2);
	rig_set_x(r, RA, 1);
	rig_do_compressed(r, C_MOP(5)); /* c.sspopchk x5 */
	assert_int_equal(rig_csr(r, CSR_SSP), TOP);
	rig_assert_no_trap(r);
}

static void ssrdp_reads_ssp(void **state)
{
	struct rig *r = *state;

	enter(r);
	rig_do(r, SSRDP(A3));
	assert_int_equal(rig_x(r, A3), TOP);
	rig_set_csr(r, CSR_SSP, 0xfffffffffffffff8u);
	rig_do(r, SSRDP(A3));
	assert_int_equal(rig_x(r, A3), r->h->xlen == 64 ? 0xfffffffffffffff8u : 0xfffffff8u);
}

static void ssamoswap_swaps_on_the_shadow_stack(void **state)
{
	struct rig *r = *state;

	enter(r);
	rig_poke(r, STACK + 8, 4, 0x80000005u);
	rig_set_x(r, A1, STACK_VA + 8);
	rig_set_x(r, A2, 9);
	rig_do(r, SSAMOSWAP(AMO_W, A0, A2, A1));
	assert_int_equal(r->h->x[A0], 0xffffffff80000005u);
	assert_int_equal(rig_peek(r, STACK + 8, 4), 9);
	if (r->h->xlen == 64) {
		rig_do(r, SSAMOSWAP(AMO_D, A0, A1, A1));
		assert_int_equal(rig_x(r, A0), 9);
		assert_int_equal(rig_peek(r, STACK + 8, 8), STACK_VA + 8);
	}
	rig_assert_no_trap(r);
}

/* ---- who touches what -------------------------------------------------------------- */

static void the_stack_is_read_but_not_written_by_others(void **state)
{
	struct rig *r = *state;
	static const uint32_t stores[] = {SW(A0, A1, 0), AMOADD(AMO_W, A0, A0, A1),
					  SC(AMO_W, A0, A0, A1), CBO_ZERO(A1), CBO_CLEAN(A1)};

	enter(r);
	rig_set_csr(r, CSR_MENVCFG, BIT(ENVCFG_SSE) | 0xf0);
	rig_set_x(r, A1, STACK_VA);
	rig_do(r, LW(A0, A1, 0));
	rig_do(r, LR(AMO_W, A0, A1));
	rig_do(r, PREFETCH_W(A1, 0));
	rig_assert_no_trap(r);
	for (size_t i = 0; i < COUNT(stores); i++) {
		rig_go(r, PRIV_S, RIG_CODE);
		rig_do(r, stores[i]);
		rig_assert_trap_m(r, CAUSE_STORE_ACCESS, STACK_VA, RIG_CODE);
		rig_assert_reason(r, REASON_SHADOW_STACK, 0, false);
	}
	rig_go(r, PRIV_S, STACK_VA);
	rig_step(r);
	rig_assert_trap_m(r, CAUSE_FETCH_ACCESS, STACK_VA, STACK_VA);
	rig_assert_reason(r, REASON_SHADOW_STACK, 0, false);
}

/* menvcfg.SSE alone says what a page is; senvcfg.SSE is about U-mode's instructions. */
static void a_page_is_one_whatever_senvcfg_says(void **state)
{
	struct rig *r = *state;

	enter(r);
	rig_map(r, STACK_VA, STACK, STACK_PAGE | BIT(PTE_U));
	rig_map(r, RIG_CODE, RIG_CODE, RIG_S_PAGE | BIT(PTE_U));
	rig_paging(r, true);
	assert_int_equal(rig_csr(r, CSR_SENVCFG), 0);
	rig_go(r, PRIV_U, RIG_CODE);
	rig_set_x(r, A1, STACK_VA);
	rig_do(r, LW(A0, A1, 0));
	rig_assert_no_trap(r);
	rig_do(r, SW(A0, A1, 0));
	rig_assert_trap_m(r, CAUSE_STORE_ACCESS, STACK_VA, RIG_CODE + 4);
	rig_assert_reason(r, REASON_SHADOW_STACK, 0, false);
}

static void shadow_stack_instructions_use_nothing_else(void **state)
{
	struct rig *r = *state;
	const uint64_t ssp = PAGE_VA + 0x40;
	static const struct {
		uint64_t flags;
		uint8_t cause, reason;
	} rows[] = {
	    {RIG_S_PAGE, CAUSE_STORE_ACCESS, REASON_SHADOW_STACK},
	    {READ_ONLY, CAUSE_STORE_PAGE, REASON_NOT_WRITABLE},
	    {0, CAUSE_STORE_PAGE, REASON_PTE_INVALID},
	    {STACK_PAGE & ~BIT(PTE_A), CAUSE_STORE_PAGE, REASON_ACCESSED_CLEAR},
	    {STACK_PAGE | BIT(PTE_U), CAUSE_STORE_PAGE, REASON_USER_PAGE},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		enter(r);
		rig_map(r, PAGE_VA, FRAME, rows[i].flags);
		rig_enter_paged_s(r);
		rig_set_csr(r, CSR_SSP, ssp);
		rig_do(r, SSPUSH(RA));
		rig_assert_trap_m(r, rows[i].cause, ssp - word(r), RIG_CODE);
		rig_assert_reason(r, rows[i].reason, 0, false);
		assert_int_equal(rig_csr(r, CSR_SSP), ssp);
		rig_go(r, PRIV_S, RIG_CODE);
		rig_do(r, SSPOPCHK(RA));
		rig_assert_trap_m(r, rows[i].cause, ssp, RIG_CODE);
		assert_int_equal(rig_csr(r, CSR_SSP), ssp);
		rig_go(r, PRIV_S, RIG_CODE);
		rig_set_x(r, A1, ssp);
		rig_do(r, SSAMOSWAP(AMO_W, A0, A0, A1));
		rig_assert_trap_m(r, rows[i].cause, ssp, RIG_CODE);
	}
}

/* A pop reads: D may be clear. A push and a swap write. */
static void only_writes_need_d(void **state)
{
	struct rig *r = *state;

	enter(r);
	rig_map(r, STACK_VA, STACK, STACK_PAGE & ~BIT(PTE_D));
	rig_enter_paged_s(r);
	rig_set_x(r, RA, 0);
	rig_do(r, SSPOPCHK(RA));
	rig_assert_no_trap(r);
	rig_do(r, SSPUSH(RA));
	rig_assert_trap_m(r, CAUSE_STORE_PAGE, TOP, RIG_CODE + 4);
	rig_assert_reason(r, REASON_DIRTY_CLEAR, 0, false);
}

static void m_swaps_with_mprv_only(void **state)
{
	struct rig *r = *state;

	enter(r);
	rig_set_x(r, A1, STACK_VA);
	rig_go(r, PRIV_M, RIG_CODE);
	rig_do(r, SSAMOSWAP(AMO_W, A0, A0, A1));
	rig_assert_trap_m(r, CAUSE_STORE_ACCESS, STACK_VA, RIG_CODE);
	rig_assert_reason(r, REASON_SHADOW_STACK, LEVEL_NONE, false);
	rig_go(r, PRIV_M, RIG_CODE);
	rig_set_csr(r, CSR_MSTATUS, BIT(MSTATUS_MPRV) | (uint64_t)PRIV_S << MSTATUS_MPP);
	rig_do(r, SSAMOSWAP(AMO_W, A0, A0, A1));
	assert_int_equal(r->h->traps, 1);
}

static void misaligned_swaps_trap(void **state)
{
	struct rig *r = *state;

	enter(r);
	rig_set_x(r, A1, STACK_VA + 2);
	rig_do(r, SSAMOSWAP(AMO_W, A0, A0, A1));
	rig_assert_trap_m(r, CAUSE_STORE_MISALIGNED, STACK_VA + 2, RIG_CODE);
}

/* ---- where it is not active ---------------------------------------------------------- */

/* Nothing happens but that rd becomes zero. */
static void assert_plain_mops(struct rig *r, uint8_t priv)
{
	const uint64_t ssp = r->h->csr.ssp;
	struct mmu_counts before, after;

	rig_go(r, priv, RIG_CODE);
	mmu_counts(r->m->mmu, &before);
	rig_set_x(r, RA, 5);
	rig_do(r, SSPUSH(RA));
	rig_do(r, SSPOPCHK(RA));
	rig_do_compressed(r, C_MOP(1));
	rig_do_compressed(r, C_MOP(5));
	rig_set_x(r, A3, 5);
	rig_do(r, SSRDP(A3));
	assert_int_equal(rig_x(r, A3), 0);
	assert_int_equal(rig_x(r, RA), 5);
	assert_int_equal(r->h->csr.ssp, ssp);
	mmu_counts(r->m->mmu, &after);
	assert_int_equal(after.port[MMU_DATA].translations, before.port[MMU_DATA].translations);
	assert_int_equal(r->h->traps, 0);
}

static void they_are_mops_until_sse_is_set(void **state)
{
	struct rig *r = *state;

	assert_plain_mops(r, PRIV_S);
	assert_plain_mops(r, PRIV_U);
	rig_set_csr(r, CSR_MENVCFG, mmu_config(r->m->mmu)->zicfiss ? BIT(ENVCFG_SSE) : 0);
	assert_plain_mops(r, PRIV_U); /* senvcfg.SSE is clear */
	assert_plain_mops(r, PRIV_M); /* never in M */
}

static void ssamoswap_is_illegal_until_then(void **state)
{
	struct rig *r = *state;
	const uint32_t insn = SSAMOSWAP(AMO_W, A0, A0, A1);
	bool zicfiss = mmu_config(r->m->mmu)->zicfiss;

	rig_set_x(r, A1, RIG_DATA);
	for (unsigned step = 0; step < 2; step++) {
		if (step && zicfiss)
			rig_set_csr(r, CSR_MENVCFG, BIT(ENVCFG_SSE));
		for (unsigned priv = PRIV_U; priv <= PRIV_M; priv += priv + 1) {
			bool exists = zicfiss && (priv == PRIV_M || (priv == PRIV_S && step));

			rig_go(r, priv, RIG_CODE);
			rig_do(r, insn);
			/* Untranslated, what exists is refused as no shadow stack. */
			if (exists)
				rig_assert_trap_m(r, CAUSE_STORE_ACCESS, RIG_DATA, RIG_CODE);
			else
				rig_assert_trap_m(r, CAUSE_ILLEGAL, insn, RIG_CODE);
		}
	}
}

static void ssp_is_there_where_it_is_active(void **state)
{
	struct rig *r = *state;
	static const struct {
		uint64_t menvcfg, senvcfg;
		uint8_t priv;
		bool there;
	} rows[] = {
	    {0, 0, PRIV_M, true},
	    {0, 0, PRIV_S, false},
	    {BIT(ENVCFG_SSE), 0, PRIV_S, true},
	    {BIT(ENVCFG_SSE), 0, PRIV_U, false},
	    {BIT(ENVCFG_SSE), BIT(ENVCFG_SSE), PRIV_U, true},
	    {0, BIT(ENVCFG_SSE), PRIV_U, false},
	};
	uint64_t value;

	for (size_t i = 0; i < COUNT(rows); i++) {
		rig_set_csr(r, CSR_MENVCFG, BIT(ENVCFG_SSE));
		rig_set_csr(r, CSR_SENVCFG, rows[i].senvcfg);
		rig_set_csr(r, CSR_MENVCFG, rows[i].menvcfg);
		rig_go(r, rows[i].priv, RIG_CODE);
		assert_int_equal(rig_try_csrw(r, CSR_SSP, 0x1000), rows[i].there);
		assert_int_equal(rig_try_csrr(r, CSR_SSP, &value), rows[i].there);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    RIG_TEST64_ALL(push_stores_below_ssp),
	    RIG_TEST32_ALL(push_stores_below_ssp),
	    RIG_TEST64_ALL(pop_takes_what_it_finds_as_expected),
	    RIG_TEST32_ALL(pop_takes_what_it_finds_as_expected),
	    RIG_TEST64_ALL(another_value_is_a_software_check),
	    RIG_TEST32_ALL(another_value_is_a_software_check),
	    RIG_TEST64_ALL(a_software_check_can_be_delegated),
	    RIG_TEST64_ALL(compressed_forms_do_the_same),
	    RIG_TEST32_ALL(compressed_forms_do_the_same),
	    RIG_TEST64_ALL(ssrdp_reads_ssp),
	    RIG_TEST32_ALL(ssrdp_reads_ssp),
	    RIG_TEST64_ALL(ssamoswap_swaps_on_the_shadow_stack),
	    RIG_TEST32_ALL(ssamoswap_swaps_on_the_shadow_stack),
	    RIG_TEST64_ALL(the_stack_is_read_but_not_written_by_others),
	    RIG_TEST32_ALL(the_stack_is_read_but_not_written_by_others),
	    RIG_TEST64_ALL(a_page_is_one_whatever_senvcfg_says),
	    RIG_TEST32_ALL(a_page_is_one_whatever_senvcfg_says),
	    RIG_TEST64_ALL(shadow_stack_instructions_use_nothing_else),
	    RIG_TEST32_ALL(shadow_stack_instructions_use_nothing_else),
	    RIG_TEST64_ALL(only_writes_need_d),
	    RIG_TEST32_ALL(only_writes_need_d),
	    RIG_TEST64_ALL(m_swaps_with_mprv_only),
	    RIG_TEST64_ALL(misaligned_swaps_trap),
	    RIG_TEST64_ALL(they_are_mops_until_sse_is_set),
	    RIG_TEST32_ALL(they_are_mops_until_sse_is_set),
	    RIG_TEST64(they_are_mops_until_sse_is_set),
	    RIG_TEST32(they_are_mops_until_sse_is_set),
	    RIG_TEST64_ALL(ssamoswap_is_illegal_until_then),
	    RIG_TEST64(ssamoswap_is_illegal_until_then),
	    RIG_TEST64_ALL(ssp_is_there_where_it_is_active),
	    RIG_TEST32_ALL(ssp_is_there_where_it_is_active),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
