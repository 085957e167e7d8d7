/* Pointer masking as the hart's instructions meet it: which accesses, by whose field,
 * and what trap values show (zpm.adoc). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "encode.h"
#include "rig.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define ONES     0xffffffffffffffffu

#define PMM(value) ((uint64_t)(value) << ENVCFG_PMM)
#define TAG        (0x5aull << 57) /* seven bits that PMM_7 masks */

#define PAGE_VA 0x40000000ull
#define FRAME   0x80020000ull

#define ALLOW_CBO 0xf0ull

static void enter(struct rig *r)
{
	rig_map(r, PAGE_VA, FRAME, RIG_S_PAGE);
	rig_map(r, PAGE_VA + 4096, FRAME + 4096, RIG_S_PAGE);
	rig_set_csr(r, CSR_MENVCFG, PMM(PMM_7) | ALLOW_CBO);
	rig_enter_paged_s(r);
}

static void every_explicit_access_is_masked(void **state)
{
	struct rig *r = *state;
	static const uint32_t insns[] = {
	    LW(A0, A1, 0),     LD(A0, A1, -4),        SB(A0, A1, 0), AMOADD(AMO_W, A0, A2, A1),
	    LR(AMO_D, A0, A1), SC(AMO_D, A0, A2, A1), CBO_ZERO(A1),  CBO_CLEAN(A1),
	    CBO_FLUSH(A1),     CBO_INVAL(A1),
	};

	enter(r);
	rig_set_x(r, A1, (PAGE_VA + 4096) | TAG);
	for (size_t i = 0; i < COUNT(insns); i++)
		rig_do(r, insns[i]);
	rig_assert_no_trap(r);
	rig_set_csr(r, CSR_MENVCFG, ALLOW_CBO);
	for (size_t i = 0; i < COUNT(insns); i++) { /* and without it, none is an address */
		rig_go(r, PRIV_S, RIG_CODE);
		rig_do(r, insns[i]);
		assert_int_equal(r->h->traps, i + 1);
		rig_assert_reason(r, REASON_NONCANONICAL, LEVEL_NONE, false);
	}
}

static void fetches_are_not_masked(void **state)
{
	struct rig *r = *state;

	enter(r);
	rig_go(r, PRIV_S, RIG_CODE | TAG);
	rig_step(r);
	rig_assert_trap_m(r, CAUSE_FETCH_PAGE, RIG_CODE | TAG, RIG_CODE | TAG);
}

/* Nor is what the bus says of one: here of an address that all 56 bits count in. */
static void trap_values_of_fetches_are_not_masked(void **state)
{
	const uint64_t pc = 0x00ff0000f0000000u;
	struct rig r;

	(void)state;
	rig_open(&r, "sv57_max");
	rig_set_csr(&r, CSR_MSECCFG, PMM(PMM_16));
	rig_go(&r, PRIV_M, pc);
	rig_step(&r);
	rig_assert_trap_m(&r, CAUSE_FETCH_ACCESS, pc, pc);
	rig_assert_reason(&r, REASON_BUS_ERROR, LEVEL_NONE, false);
	rig_close(&r);
}

static void fences_are_not_masked(void **state)
{
	struct rig *r = *state;

	enter(r);
	rig_set_x(r, A1, PAGE_VA | TAG);
	rig_do(r, SFENCE_VMA(A1, ZERO)); /* no address: nothing, and no trap */
	rig_assert_no_trap(r);
}

/* Each mode has its field: mseccfg's is M's, menvcfg's S's, senvcfg's U's. */
static void each_mode_has_its_own_field(void **state)
{
	struct rig *r = *state;
	static const uint16_t field_of[] = {
	    [PRIV_U] = CSR_SENVCFG, [PRIV_S] = CSR_MENVCFG, [PRIV_M] = CSR_MSECCFG};

	for (unsigned field = PRIV_U; field <= PRIV_M; field += field + 1)
		for (unsigned priv = PRIV_U; priv <= PRIV_M; priv += priv + 1) {
			uint64_t traps = r->h->traps;

			rig_set_csr(r, field_of[field], PMM(PMM_7));
			rig_go(r, priv, RIG_CODE);
			rig_set_x(r, A1, RIG_DATA | TAG); /* Bare: the upper bits become zero */
			rig_do(r, LW(A0, A1, 0));
			assert_int_equal(r->h->traps == traps, field == priv);
			if (field != priv)
				rig_assert_trap_m(r, CAUSE_LOAD_ACCESS, RIG_DATA | TAG, RIG_CODE);
			rig_set_csr(r, field_of[field], 0);
		}
}

static void mprv_takes_the_field_of_mpp(void **state)
{
	struct rig *r = *state;

	rig_set_csr(r, CSR_SENVCFG, PMM(PMM_7));
	rig_set_csr(r, CSR_MSTATUS, 1ull << MSTATUS_MPRV | (uint64_t)PRIV_U << MSTATUS_MPP);
	rig_set_x(r, A1, RIG_DATA | TAG);
	rig_do(r, LW(A0, A1, 0));
	rig_assert_no_trap(r);
}

/* Whoever raises it: the trap value is the address after masking. */
static void trap_values_are_masked(void **state)
{
	struct rig *r = *state;
	const struct {
		uint32_t insn;
		uint64_t va, tval;
		uint8_t cause;
	} rows[] = {
	    /* by the MMU */
	    {LW(A0, A1, 0), 0x50000000u | TAG, 0x50000000u, CAUSE_LOAD_PAGE},
	    {SB(A0, A1, 0), 0x01fe000000000000u, 0xfffe000000000000u, CAUSE_STORE_PAGE},
	    {CBO_ZERO(A1), 0x50000123u | TAG, 0x50000123u, CAUSE_STORE_PAGE},
	    /* by the hart, before */
	    {LR(AMO_W, A0, A1), PAGE_VA + 2 + TAG, PAGE_VA + 2, CAUSE_LOAD_MISALIGNED},
	    {SC(AMO_W, A0, A0, A1), PAGE_VA + 2 + TAG, PAGE_VA + 2, CAUSE_STORE_MISALIGNED},
	    /* by the bus, after */
	    {LW(A0, A1, 0), 0x40002000u | TAG, 0x40002000u, CAUSE_LOAD_ACCESS},
	    {SW(A0, A1, -2), 0x40002000u | TAG, 0x40002000u, CAUSE_STORE_ACCESS},
	    /* the second half */
	    {LW(A0, A1, -2), 0x40003000u | TAG, 0x40003000u, CAUSE_LOAD_PAGE},
	};

	rig_map(r, 0x40002000u, 0xf0000000u, RIG_S_PAGE);
	enter(r);
	for (size_t i = 0; i < COUNT(rows); i++) {
		if (i + 1 == COUNT(rows))
			rig_map(r, 0x40002000u, FRAME, RIG_S_PAGE);
		rig_paging(r, true);
		rig_go(r, PRIV_S, RIG_CODE);
		rig_set_x(r, A1, rows[i].va);
		rig_do(r, rows[i].insn);
		rig_assert_trap_m(r, rows[i].cause, rows[i].tval, RIG_CODE);
	}
}

/* The tables of Sv57 at RIG_TABLES, each a page after the one above, for one more page. */
static void map_sv57(struct rig *r, uint64_t va, uint64_t pa)
{
	uint64_t table = RIG_TABLES;

	for (unsigned level = 5; level-- > 0;) {
		uint64_t place = table + (va >> (12 + 9 * level) & 511) * 8;

		table = level ? r->next_table : pa;
		r->next_table += level ? 4096 : 0;
		rig_poke(r, place, 8, table >> 12 << PTE_PPN | (level ? 1 << PTE_V : RIG_S_PAGE));
	}
}

/* The highest address of the lower half, and behind it the lowest of the upper: that byte's own
 * address is masked, not the first byte's and what follows it. */
static void each_byte_of_a_misaligned_access_is_masked(void **state)
{
	struct rig *r = *state;
	const uint64_t last = 0x00ffffffffffffffu, first = 0xff00000000000000u;

	map_sv57(r, last & ~0xfffull, FRAME);
	map_sv57(r, first, FRAME + 4096);
	mmu_csr_write(r->m->mmu, CSR_SATP, (uint64_t)SATP_SV57 << 60 | RIG_TABLES >> 12);
	rig_set_csr(r, CSR_MENVCFG, PMM(PMM_7));
	rig_set_csr(r, CSR_MSTATUS, 1ull << MSTATUS_MPRV | (uint64_t)PRIV_S << MSTATUS_MPP);
	for (uint64_t tag = 0; tag <= TAG; tag += TAG) {
		rig_poke(r, FRAME + 4095, 2, 0x1234);
		rig_set_x(r, A1, last | tag);
		rig_do(r, LHU(A0, A1, 0));
		rig_assert_no_trap(r);
		assert_int_equal(rig_x(r, A0), 0x1234);
		rig_set_x(r, A0, 0x5678);
		rig_do(r, SH(A0, A1, 0));
		rig_assert_no_trap(r);
		assert_int_equal(rig_peek(r, FRAME + 4095, 2), 0x5678);
	}
}

/* A register holds what is written, and a trap goes where mtvec says. */
static void registers_and_trap_vectors_are_not_masked(void **state)
{
	static const uint16_t numbers[] = {CSR_MEPC,  CSR_SEPC,     CSR_MTVEC,
					   CSR_STVEC, CSR_SSCRATCH, CSR_STVAL};
	struct rig *r = *state;
	uint64_t value = 0;

	rig_set_csr(r, CSR_MSECCFG, PMM(PMM_7));
	for (size_t i = 0; i < COUNT(numbers); i++) {
		assert_true(rig_try_csrw(r, numbers[i], RIG_HANDLER | TAG));
		assert_true(rig_try_csrr(r, numbers[i], &value));
		assert_int_equal(value, RIG_HANDLER | TAG);
	}
	rig_do(r, ECALL);
	assert_int_equal(r->h->pc, RIG_HANDLER | TAG);
}

/* Untranslated, and in M whatever satp and MXR say, masked bits are zero rather than
 * copies of the sign. */
static void physical_addresses_are_zero_extended(void **state)
{
	struct rig *r = *state;

	rig_set_csr(r, CSR_MSECCFG, PMM(PMM_16));
	rig_set_csr(r, CSR_MSTATUS, 1ull << MSTATUS_MXR);
	rig_paging(r, true);
	rig_set_x(r, A1, ONES << 16 | 1);
	rig_do(r, LR(AMO_W, A0, A1));
	rig_assert_trap_m(r, CAUSE_LOAD_MISALIGNED, 0x0000ffffffff0001u, RIG_CODE);
	rig_set_csr(r, CSR_MSTATUS, 0);
	rig_paging(r, false);
	rig_set_csr(r, CSR_MENVCFG, PMM(PMM_7));
	rig_go(r, PRIV_S, RIG_CODE);
	rig_do(r, SC(AMO_W, A0, A0, A1));
	rig_assert_trap_m(r, CAUSE_STORE_MISALIGNED, 0x01ffffffffff0001u, RIG_CODE);
}

static void mxr_switches_it_off_below_m(void **state)
{
	struct rig *r = *state;

	enter(r);
	rig_set_csr(r, CSR_MSTATUS, 1ull << MSTATUS_MXR);
	rig_set_x(r, A1, PAGE_VA | TAG);
	rig_do(r, LW(A0, A1, 0));
	rig_assert_trap_m(r, CAUSE_LOAD_PAGE, PAGE_VA | TAG, RIG_CODE);
	rig_go(r, PRIV_S, RIG_CODE);
	rig_set_x(r, A1, PAGE_VA + 2 + TAG);
	rig_do(r, LR(AMO_W, A0, A1));
	rig_assert_trap_m(r, CAUSE_LOAD_MISALIGNED, PAGE_VA + 2 + TAG, RIG_CODE);

	rig_set_csr(r, CSR_MSECCFG, PMM(PMM_7));
	rig_set_csr(r, CSR_MSTATUS, 1ull << MSTATUS_MXR);
	rig_go(r, PRIV_M, RIG_CODE);
	rig_set_x(r, A1, RIG_DATA | TAG);
	rig_do(r, LW(A0, A1, 0));
	assert_int_equal(r->h->traps, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    RIG_TEST64_ALL(every_explicit_access_is_masked),
	    RIG_TEST64_ALL(fetches_are_not_masked),
	    cmocka_unit_test(trap_values_of_fetches_are_not_masked),
	    RIG_TEST64_ALL(fences_are_not_masked),
	    RIG_TEST64_ALL(each_mode_has_its_own_field),
	    RIG_TEST64_ALL(mprv_takes_the_field_of_mpp),
	    RIG_TEST64_ALL(trap_values_are_masked),
	    RIG_TEST64_ALL(each_byte_of_a_misaligned_access_is_masked),
	    RIG_TEST64_ALL(registers_and_trap_vectors_are_not_masked),
	    RIG_TEST64_ALL(physical_addresses_are_zero_extended),
	    RIG_TEST64_ALL(mxr_switches_it_off_below_m),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
