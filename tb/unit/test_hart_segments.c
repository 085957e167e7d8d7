/* The registers of segments behind siselect and miselect (spec/segments.md, "State";
 * indirect-csr.adoc), and the hart's accesses through segments. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "encode.h"
#include "rig.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define BIT(n)   (1ull << (n))

#define VA    0x40000000ull
#define FRAME 0x80020000ull

enum { S_SEGMENT = 1 << SEG_V | 1 << SEG_R | 1 << SEG_W | 1 << SEG_X };

/* In the order of SEGREG_*. */
static const uint16_t sireg[] = {CSR_SIREG, CSR_SIREG2, CSR_SIREG3, CSR_SIREG4, CSR_SIREG5};
static const uint16_t mireg[] = {CSR_MIREG, CSR_MIREG2, CSR_MIREG3, CSR_MIREG4, CSR_MIREG5};

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

static bool writable(struct rig *r, unsigned csr)
{
	return rig_try_csrw(r, csr, 0);
}

static void write_segctl(struct rig *r, uint64_t value)
{
	select_register(r, SISELECT_SEGCTL);
	rig_set_csr(r, CSR_SIREG, value);
}

static void write_segment(struct rig *r, unsigned i, uint64_t base, uint64_t last, uint64_t phys,
			  uint64_t cfg)
{
	select_register(r, SISELECT_SEGMENT0 + i);
	rig_set_csr(r, CSR_SIREG, base);
	rig_set_csr(r, CSR_SIREG2, last);
	rig_set_csr(r, CSR_SIREG3, phys);
	rig_set_csr(r, CSR_SIREG4, cfg);
}

/* ---- the registers ------------------------------------------------------- */

static void each_alias_is_a_register_of_its_segment(void **state)
{
	struct rig *r = *state;
	const unsigned segments = mmu_config(r->m->mmu)->segments;
	const bool rv32 = r->h->xlen == 32;

	for (unsigned priv = PRIV_S; priv <= PRIV_M; priv += 2) {
		rig_go(r, priv, RIG_CODE);
		for (unsigned i = 0; i < segments; i++)
			for (unsigned which = 0; which < COUNT(sireg); which++) {
				const unsigned reg = REG_SEGMENT0 + 8 * i + which;
				const bool half = which == SEGREG_PHYSH;
				uint64_t value, kept = half && !rv32 ? 0
						       : half        ? 3
								     : 0x5000 * (i + 1);

				if (which == SEGREG_CFG)
					kept = 1 << (i % 3);
				select_register(r, SISELECT_SEGMENT0 + i);
				assert_true(rig_try_csrw(r, sireg[which], half ? 3 : kept));
				assert_int_equal(mmu_csr_read(r->m->mmu, reg),
						 which == SEGREG_CFG && i % 3 == 2 ? 0 : kept);
				assert_true(rig_try_csrr(r, sireg[which], &value));
				assert_int_equal(value, mmu_csr_read(r->m->mmu, reg));
			}
	}
}

static void segctl_is_in_the_first_alias_alone(void **state)
{
	struct rig *r = *state;

	rig_go(r, PRIV_S, RIG_CODE);
	select_register(r, SISELECT_SEGCTL);
	assert_true(rig_try_csrw(r, CSR_SIREG, 7 << SEGCTL_ASID | SEGMODE_PAGING));
	assert_int_equal(rig_csr(r, CSR_SIREG), 7 << SEGCTL_ASID);
	for (unsigned which = 1; which < COUNT(sireg); which++) {
		assert_false(readable(r, sireg[which]));
		assert_false(writable(r, sireg[which]));
	}
}

static void machine_level_reaches_the_same_registers(void **state)
{
	struct rig *r = *state;

	select_register(r, SISELECT_SEGMENT0 + 1);
	for (unsigned which = 0; which < SEGREG_PHYSH; which++) {
		assert_true(rig_try_csrw(r, mireg[which], which == SEGREG_CFG ? 0x11 : 0x77000));
		assert_int_equal(rig_csr(r, sireg[which]), which == SEGREG_CFG ? 0x11 : 0x77000);
	}
	rig_go(r, PRIV_S, RIG_CODE);
	assert_false(readable(r, CSR_MIREG));
}

static void what_is_not_built_in_is_illegal(void **state)
{
	struct rig *r = *state;
	const unsigned segments = mmu_config(r->m->mmu)->segments;
	const unsigned selects[] = {SISELECT_SEGMENT0 + segments, SISELECT_SEGMENT0 + 16,
				    SISELECT_SEGCTL - 1, SISELECT_SEGCTL + 2};

	rig_go(r, PRIV_S, RIG_CODE);
	for (unsigned i = 0; i < COUNT(selects); i++) {
		select_register(r, selects[i]);
		for (unsigned which = 0; which < COUNT(sireg); which++) {
			assert_false(readable(r, sireg[which]));
			assert_false(writable(r, sireg[which]));
		}
	}
	select_register(r, SISELECT_SEGMENT0);
	assert_false(readable(r, CSR_SIREG6));
	/* Without the top bit the number is another's. */
	rig_set_csr(r, CSR_SISELECT, SISELECT_SEGMENT0);
	assert_false(readable(r, CSR_SIREG));
}

static void without_segments_there_is_no_segctl(void **state)
{
	struct rig *r = *state; /* of a configuration without */

	for (unsigned i = 0; i < 16; i++) {
		select_register(r, SISELECT_SEGMENT0 + i);
		assert_false(readable(r, CSR_SIREG));
	}
	select_register(r, SISELECT_SEGCTL);
	assert_false(readable(r, CSR_SIREG));
	assert_false(writable(r, CSR_SIREG));
}

static void tvm_takes_segments_away(void **state)
{
	struct rig *r = *state;
	static const unsigned selects[] = {SISELECT_SEGMENT0, SISELECT_SEGCTL};

	rig_set_csr(r, CSR_MSTATUS, BIT(MSTATUS_TVM));
	for (unsigned i = 0; i < COUNT(selects); i++) {
		select_register(r, selects[i]);
		rig_go(r, PRIV_S, RIG_CODE);
		assert_false(readable(r, CSR_SIREG));
		assert_false(writable(r, CSR_SIREG));
		assert_true(readable(r, CSR_SISELECT));
		rig_go(r, PRIV_M, RIG_CODE);
		assert_true(readable(r, CSR_SIREG));
		assert_true(writable(r, CSR_SIREG));
		assert_true(readable(r, CSR_MIREG));
	}
	select_register(r, SISELECT_REASON);
	rig_go(r, PRIV_S, RIG_CODE);
	assert_true(readable(r, CSR_SIREG)); /* it decides nothing */
}

static void u_reaches_no_segment(void **state)
{
	struct rig *r = *state;

	select_register(r, SISELECT_SEGMENT0);
	rig_go(r, PRIV_U, RIG_CODE);
	for (unsigned which = 0; which < COUNT(sireg); which++)
		assert_false(readable(r, sireg[which]));
}

/* ---- accesses ------------------------------------------------------------ */

/* S-mode with code at RIG_CODE, and data at VA, of an odd length. */
static void enter_segments(struct rig *r, unsigned mode)
{
	write_segment(r, 0, RIG_CODE, RIG_CODE + 0xfff, RIG_CODE, S_SEGMENT);
	write_segment(r, 1, VA, VA + 0x1ffe, FRAME, S_SEGMENT);
	write_segctl(r, mode);
	rig_go(r, PRIV_S, RIG_CODE);
	rig_set_x(r, A1, VA);
}

static void loads_and_stores_go_through_segments(void **state)
{
	struct rig *r = *state;

	rig_poke(r, FRAME + 8, 4, 0x12345678);
	enter_segments(r, SEGMODE_SEGMENTS);
	rig_do(r, LW(A0, A1, 8));
	assert_int_equal(rig_x(r, A0), 0x12345678);
	rig_set_x(r, A0, 99);
	rig_do(r, SW(A0, A1, 0x100));
	assert_int_equal(rig_peek(r, FRAME + 0x100, 4), 99);
	rig_assert_no_trap(r);
}

/* Each half is judged by itself, and nothing moves if one is refused. */
static void a_crossing_access_is_two(void **state)
{
	struct rig *r = *state;

	enter_segments(r, SEGMODE_SEGMENTS);
	rig_set_x(r, A1, VA + 0xffe);
	rig_set_x(r, A0, 0x55aa1234);
	rig_do(r, SW(A0, A1, 0));
	rig_assert_no_trap(r);
	assert_int_equal(rig_peek(r, FRAME + 0xffc, 4), 0x12340000);
	assert_int_equal(rig_peek(r, FRAME + 0x1000, 4), 0x55aa);

	write_segment(r, 1, VA, VA + 0x1000, FRAME, S_SEGMENT);
	rig_go(r, PRIV_S, RIG_CODE);
	rig_set_x(r, A0, 0);
	rig_do(r, SW(A0, A1, 0));
	rig_assert_trap_m(r, CAUSE_STORE_PAGE, VA + 0x1000, RIG_CODE);
	rig_assert_reason(r, REASON_SEGMENT_LIMIT, LEVEL_NONE, false);
	assert_int_equal(rig_peek(r, FRAME + 0xffc, 4), 0x12340000);
}

static void faults_have_page_fault_causes_and_reasons(void **state)
{
	struct rig *r = *state;

	enter_segments(r, SEGMODE_SEGMENTS);
	rig_set_x(r, A1, VA + 0x1ffc);
	rig_do(r, LW(A0, A1, 0));
	rig_assert_trap_m(r, CAUSE_LOAD_PAGE, VA + 0x1ffc, RIG_CODE);
	rig_assert_reason(r, REASON_SEGMENT_LIMIT, LEVEL_NONE, false);
	rig_go(r, PRIV_S, RIG_CODE);
	rig_set_x(r, A1, VA - 4);
	rig_do(r, SW(A0, A1, 0));
	rig_assert_trap_m(r, CAUSE_STORE_PAGE, VA - 4, RIG_CODE);
	rig_assert_reason(r, REASON_SEGMENT_MISSING, LEVEL_NONE, false);
	rig_go(r, PRIV_U, RIG_CODE); /* a segment of S */
	rig_step(r);
	rig_assert_trap_m(r, CAUSE_FETCH_PAGE, RIG_CODE, RIG_CODE);
	rig_assert_reason(r, REASON_SEGMENT_PERMISSION, LEVEL_NONE, false);
}

/* Code that S-mode runs changes a segment: the very next access sees it. */
static void a_write_takes_effect_without_a_fence(void **state)
{
	struct rig *r = *state;

	rig_poke(r, FRAME, 4, 1);
	rig_poke(r, FRAME + 0x1000, 4, 2);
	enter_segments(r, SEGMODE_SEGMENTS);
	rig_do(r, LW(A0, A1, 0));
	assert_int_equal(rig_x(r, A0), 1);
	select_register(r, SISELECT_SEGMENT0 + 1);
	assert_true(rig_try_csrw(r, CSR_SIREG3, FRAME + 0x1000));
	rig_go(r, PRIV_S, RIG_CODE);
	rig_set_x(r, A1, VA);
	rig_do(r, LW(A0, A1, 0));
	assert_int_equal(rig_x(r, A0), 2);
	rig_assert_no_trap(r);
}

static void mprv_goes_through_segments_too(void **state)
{
	struct rig *r = *state;

	rig_poke(r, FRAME, 4, 77);
	enter_segments(r, SEGMODE_SEGMENTS);
	rig_go(r, PRIV_M, RIG_CODE);
	rig_set_csr(r, CSR_MSTATUS, BIT(MSTATUS_MPRV) | (uint64_t)PRIV_S << MSTATUS_MPP);
	rig_do(r, LW(A0, A1, 0));
	assert_int_equal(rig_x(r, A0), 77);
}

static void segments_stand_beside_pages(void **state)
{
	struct rig *r = *state;

	rig_map(r, VA + 0x3000, FRAME + 0x4000, RIG_S_PAGE);
	rig_poke(r, FRAME, 4, 5);
	rig_poke(r, FRAME + 0x4000, 4, 6);
	rig_enter_paged_s(r);
	enter_segments(r, SEGMODE_BOTH);
	rig_do(r, LW(A0, A1, 0));
	assert_int_equal(rig_x(r, A0), 5);
	rig_set_x(r, A1, VA + 0x3000);
	rig_do(r, LW(A0, A1, 0));
	assert_int_equal(rig_x(r, A0), 6);
	rig_set_x(r, A1, VA + 0x2000);
	rig_do(r, LW(A0, A1, 0));
	rig_assert_trap_m(r, CAUSE_LOAD_PAGE, VA + 0x2000, RIG_CODE + 8);
	rig_assert_reason(r, REASON_PTE_INVALID, 0, false);
}

#define BOTH_WIDTHS(name) RIG_TEST64_ALL(name), RIG_TEST32_ALL(name)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    BOTH_WIDTHS(each_alias_is_a_register_of_its_segment),
	    BOTH_WIDTHS(segctl_is_in_the_first_alias_alone),
	    BOTH_WIDTHS(machine_level_reaches_the_same_registers),
	    BOTH_WIDTHS(what_is_not_built_in_is_illegal),
	    RIG_TEST64(without_segments_there_is_no_segctl),
	    RIG_TEST32(without_segments_there_is_no_segctl),
	    BOTH_WIDTHS(tvm_takes_segments_away),
	    BOTH_WIDTHS(u_reaches_no_segment),
	    BOTH_WIDTHS(loads_and_stores_go_through_segments),
	    BOTH_WIDTHS(a_crossing_access_is_two),
	    BOTH_WIDTHS(faults_have_page_fault_causes_and_reasons),
	    BOTH_WIDTHS(a_write_takes_effect_without_a_fence),
	    BOTH_WIDTHS(mprv_goes_through_segments_too),
	    BOTH_WIDTHS(segments_stand_beside_pages),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
