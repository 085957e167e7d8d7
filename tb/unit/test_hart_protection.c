/* What the hart asks of PMP: whole accesses of their true length, in M too; and what it
 * makes of the answers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "encode.h"
#include "rig.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

#define DATA (RIG_DATA + 0x100) /* not at the edge of a page */

/* pmpcfg bytes */
#define R      (1u << PMP_R)
#define W      (1u << PMP_W)
#define X      (1u << PMP_X)
#define TOR    ((unsigned)PMP_TOR << PMP_A)
#define NA4    ((unsigned)PMP_NA4 << PMP_A)
#define NAPOT  ((unsigned)PMP_NAPOT << PMP_A)
#define LOCKED (1u << PMP_L)

/* A PMP entry for [DATA, DATA + bytes): entries 0 and 1. */
static void protect_data(struct rig *r, uint64_t bytes, unsigned cfg)
{
	rig_set_pmp(r, 0, 0, DATA >> 2);
	rig_set_pmp(r, 1, (uint8_t)(TOR | cfg), (DATA + bytes) >> 2);
}

static void assert_refused(struct rig *r, uint32_t insn, uint64_t cause, uint64_t tval)
{
	uint8_t priv = r->h->priv;

	rig_go(r, priv, RIG_CODE);
	rig_do(r, insn);
	rig_assert_trap_m(r, cause, tval, RIG_CODE);
	rig_assert_reason(r, REASON_PMP, LEVEL_NONE, false);
	rig_go(r, priv, RIG_CODE);
}

static void assert_allowed(struct rig *r, uint32_t insn)
{
	uint64_t traps = r->h->traps;

	rig_go(r, r->h->priv, RIG_CODE);
	rig_do(r, insn);
	assert_int_equal(r->h->traps, traps);
}

static void every_kind_of_access_has_its_need(void **state)
{
	struct rig *r = *state;
	static const struct {
		uint32_t insn;
		uint8_t cfg[2]; /* that allow, among R, W, X alone and RW */
		uint8_t cause;
	} rows[] = {
	    {LW(A0, A1, 0), {R, R | W}, CAUSE_LOAD_ACCESS},
	    {LR(AMO_W, A0, A1), {R, R | W}, CAUSE_LOAD_ACCESS},
	    {SW(A0, A1, 0), {R | W}, CAUSE_STORE_ACCESS},
	    {SC(AMO_W, A0, A0, A1), {R | W}, CAUSE_STORE_ACCESS},
	    {AMOADD(AMO_W, A0, A0, A1), {R | W}, CAUSE_STORE_ACCESS},
	    {CBO_ZERO(A1), {R | W}, CAUSE_STORE_ACCESS},
	    {CBO_CLEAN(A1), {R, R | W}, CAUSE_STORE_ACCESS},
	};
	static const uint8_t cfgs[] = {0, R, X, R | W};

	rig_set_csr(r, CSR_MENVCFG, 0xf0);
	rig_set_x(r, A1, DATA);
	for (size_t i = 0; i < COUNT(rows); i++)
		for (size_t c = 0; c < COUNT(cfgs); c++) {
			bool allowed =
			    cfgs[c] && (cfgs[c] == rows[i].cfg[0] || cfgs[c] == rows[i].cfg[1]);

			rig_go(r, PRIV_S, RIG_CODE);
			protect_data(r, 64, cfgs[c]);
			if (allowed)
				assert_allowed(r, rows[i].insn);
			else
				assert_refused(r, rows[i].insn, rows[i].cause, DATA);
		}
}

/* SC asks even when it will not store. */
static void sc_without_reservation_asks_too(void **state)
{
	struct rig *r = *state;

	protect_data(r, 64, R);
	rig_set_x(r, A1, DATA);
	rig_go(r, PRIV_S, RIG_CODE);
	assert_refused(r, SC(AMO_W, A0, A0, A1), CAUSE_STORE_ACCESS, DATA);
}

static void locked_entries_bind_m(void **state)
{
	struct rig *r = *state;

	rig_set_x(r, A1, DATA);
	protect_data(r, 64, R);
	assert_allowed(r, SW(A0, A1, 0)); /* not locked */
	protect_data(r, 64, R | LOCKED);
	assert_refused(r, SW(A0, A1, 0), CAUSE_STORE_ACCESS, DATA);
	assert_allowed(r, LW(A0, A1, 0));
	rig_go(r, PRIV_M, DATA);
	rig_step(r);
	rig_assert_trap_m(r, CAUSE_FETCH_ACCESS, DATA, DATA);
	rig_assert_reason(r, REASON_PMP, LEVEL_NONE, false);
}

/* An entry that matches a part of an access refuses it, whatever the part. */
static void an_access_is_one_operation_of_its_length(void **state)
{
	struct rig *r = *state;

	protect_data(r, 8, R | W);
	rig_set_x(r, A1, DATA);
	rig_go(r, PRIV_S, RIG_CODE);
	assert_allowed(r, LW(A0, A1, 4));
	assert_refused(r, LW(A0, A1, 5), CAUSE_LOAD_ACCESS, DATA + 5);
	assert_refused(r, LW(A0, A1, -3), CAUSE_LOAD_ACCESS, DATA - 3);
	assert_allowed(r, LBU(A0, A1, 7));
	assert_allowed(r, LBU(A0, A1, 8));
	assert_refused(r, SH(A0, A1, 7), CAUSE_STORE_ACCESS, DATA + 7);
	assert_allowed(r, SH(A0, A1, 6));
	if (r->h->xlen == 64) {
		assert_allowed(r, LD(A0, A1, 0));
		assert_refused(r, LD(A0, A1, 4), CAUSE_LOAD_ACCESS, DATA + 4);
	}
}

/* Each half of a page-crossing access counts by itself: an entry for all of the second
 * page does not match a part of the first half. */
static void halves_are_operations_of_their_own(void **state)
{
	struct rig *r = *state;
	const uint64_t page = RIG_DATA + 0x1000;

	rig_set_pmp(r, 0, 0, page >> 2);
	rig_set_pmp(r, 1, TOR | R | W, (page + 4) >> 2);
	rig_set_x(r, A1, page);
	rig_go(r, PRIV_S, RIG_CODE);
	assert_allowed(r, SW(A0, A1, -2));
	rig_set_pmp(r, 1, TOR | R, (page + 4) >> 2);
	rig_go(r, PRIV_S, RIG_CODE);
	assert_allowed(r, LW(A0, A1, -2));
	rig_poke(r, page - 2, 4, 0x11223344);
	rig_set_x(r, A0, 0x55667788);
	assert_refused(r, SW(A0, A1, -2), CAUSE_STORE_ACCESS, page);
	assert_int_equal(rig_peek(r, page - 2, 4), 0x11223344);
}

/* ---- fetches ---------------------------------------------------------------------- */

/* Code may be run up to DATA + 8. */
static void run_to_the_end(struct rig *r, uint64_t pc)
{
	protect_data(r, 8, R | X);
	rig_set_pmp(r, 2, 0, (DATA + 8) >> 2);
	rig_set_pmp(r, 3, TOR, (DATA + 64) >> 2); /* nothing */
	rig_go(r, PRIV_S, pc);
	rig_step(r);
}

static void a_compressed_instruction_may_end_a_region(void **state)
{
	struct rig *r = *state;

	rig_poke(r, DATA + 6, 2, 0x4529); /* c.li a0,10 */
	rig_poke(r, DATA + 8, 2, 0x4529);
	run_to_the_end(r, DATA + 6);
	rig_assert_no_trap(r);
	assert_int_equal(rig_x(r, A0), 10);
	rig_step(r);
	rig_assert_trap_m(r, CAUSE_FETCH_ACCESS, DATA + 8, DATA + 8);
}

static void an_instruction_across_its_end_faults_at_the_second_parcel(void **state)
{
	struct rig *r = *state;

	rig_poke(r, DATA + 6, 4, ADDI(A0, ZERO, 77));
	run_to_the_end(r, DATA + 6);
	rig_assert_trap_m(r, CAUSE_FETCH_ACCESS, DATA + 8, DATA + 6);
	rig_assert_reason(r, REASON_PMP, LEVEL_NONE, false);
}

static void an_instruction_may_lie_in_two_regions(void **state)
{
	struct rig *r = *state;

	rig_poke(r, DATA + 6, 4, ADDI(A0, ZERO, 77));
	protect_data(r, 8, X);
	rig_go(r, PRIV_S, DATA + 6); /* the second is that of the open entry */
	rig_step(r);
	rig_assert_no_trap(r);
	assert_int_equal(rig_x(r, A0), 77);
}

static void a_region_without_x_is_not_run(void **state)
{
	struct rig *r = *state;
	struct mmu_counts counts;

	rig_poke(r, DATA, 4, ADDI(A0, ZERO, 77));
	protect_data(r, 8, R | W);
	rig_go(r, PRIV_S, DATA);
	rig_step(r);
	rig_assert_trap_m(r, CAUSE_FETCH_ACCESS, DATA, DATA);
	mmu_counts(r->m->mmu, &counts); /* an aligned word is asked for once */
	assert_int_equal(counts.port[MMU_FETCH].faults[REASON_PMP], 1);
	rig_go(r, PRIV_S, DATA + 2);
	rig_step(r);
	rig_assert_trap_m(r, CAUSE_FETCH_ACCESS, DATA + 2, DATA + 2);
}

/* ---- with translation ----------------------------------------------------------------- */

static void the_cause_is_the_accesss_where_a_pte_is_refused(void **state)
{
	struct rig *r = *state;
	static const struct {
		uint32_t insn;
		uint8_t cause;
	} rows[] = {
	    {LW(A0, A1, 0), CAUSE_LOAD_ACCESS},
	    {SW(A0, A1, 0), CAUSE_STORE_ACCESS},
	    {AMOADD(AMO_W, A0, A0, A1), CAUSE_STORE_ACCESS},
	    {LR(AMO_W, A0, A1), CAUSE_LOAD_ACCESS},
	};
	const uint64_t va = 0x40000000, table = r->next_table;

	rig_map(r, va, RIG_DATA, RIG_S_PAGE);
	rig_enter_paged_s(r);
	rig_set_pmp(r, 0, NAPOT | X, table >> 2 | 0x1ff); /* the table below the root's */
	rig_set_x(r, A1, va);
	for (size_t i = 0; i < COUNT(rows); i++) {
		rig_go(r, PRIV_S, RIG_CODE);
		rig_do(r, rows[i].insn);
		rig_assert_trap_m(r, rows[i].cause, va, RIG_CODE);
		rig_assert_reason(r, REASON_PMP, r->h->xlen == 64 ? 1 : 0, true);
	}
}

static void mprv_asks_with_the_privilege_of_mpp(void **state)
{
	struct rig *r = *state;

	protect_data(r, 64, R);
	rig_set_x(r, A1, DATA);
	rig_set_csr(r, CSR_MSTATUS, 1ull << MSTATUS_MPRV | (uint64_t)PRIV_U << MSTATUS_MPP);
	assert_allowed(r, LW(A0, A1, 0));
	rig_go(r, PRIV_M, RIG_CODE);
	rig_do(r, SW(A0, A1, 0));
	rig_assert_trap_m(r, CAUSE_STORE_ACCESS, DATA, RIG_CODE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    RIG_TEST64(every_kind_of_access_has_its_need),
	    RIG_TEST32(every_kind_of_access_has_its_need),
	    RIG_TEST64(sc_without_reservation_asks_too),
	    RIG_TEST64(locked_entries_bind_m),
	    RIG_TEST32(locked_entries_bind_m),
	    RIG_TEST64(an_access_is_one_operation_of_its_length),
	    RIG_TEST32(an_access_is_one_operation_of_its_length),
	    RIG_TEST64(halves_are_operations_of_their_own),
	    RIG_TEST32(halves_are_operations_of_their_own),
	    RIG_TEST64(a_compressed_instruction_may_end_a_region),
	    RIG_TEST64(an_instruction_across_its_end_faults_at_the_second_parcel),
	    RIG_TEST64(an_instruction_may_lie_in_two_regions),
	    RIG_TEST64(a_region_without_x_is_not_run),
	    RIG_TEST64(the_cause_is_the_accesss_where_a_pte_is_refused),
	    RIG_TEST32(the_cause_is_the_accesss_where_a_pte_is_refused),
	    RIG_TEST64(mprv_asks_with_the_privilege_of_mpp),
	    RIG_TEST32(mprv_asks_with_the_privilege_of_mpp),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
