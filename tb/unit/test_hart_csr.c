/* The hart's registers: the CSR instructions, the fields of each register, counters.
 * Those that the MMU keeps are in test_hart_csr_mmu.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "encode.h"
#include "rig.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define BIT(n)   (1ull << (n))
#define ONES     0xffffffffffffffffu

/* ---- the instructions ---------------------------------------------------------- */

static void csr_instructions_read_and_change(void **state)
{
	struct rig *r = *state;
	static const struct {
		uint32_t insn;
		uint64_t new;
	} rows[] = {
	    {CSRRW(A0, CSR_MSCRATCH, A1), 0x0f0f},   {CSRRS(A0, CSR_MSCRATCH, A1), 0xff0f | 0xf},
	    {CSRRC(A0, CSR_MSCRATCH, A1), 0xf000},   {CSRRWI(A0, CSR_MSCRATCH, 21), 21},
	    {CSRRSI(A0, CSR_MSCRATCH, 5), 0xff05},   {CSRRCI(A0, CSR_MSCRATCH, 31), 0xff00},
	    {CSRRS(A0, CSR_MSCRATCH, ZERO), 0xff00}, {CSRRC(A0, CSR_MSCRATCH, ZERO), 0xff00},
	    {CSRRW(A0, CSR_MSCRATCH, ZERO), 0},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		rig_set_csr(r, CSR_MSCRATCH, 0xff00);
		rig_set_x(r, A1, 0x0f0f);
		rig_do(r, rows[i].insn);
		assert_int_equal(rig_x(r, A0), 0xff00);
		assert_int_equal(rig_csr(r, CSR_MSCRATCH), rows[i].new);
	}
	rig_assert_no_trap(r);
}

static void swapping_a_register_with_itself_reads_it_first(void **state)
{
	struct rig *r = *state;

	rig_set_csr(r, CSR_MSCRATCH, 1);
	rig_set_x(r, A0, 2);
	rig_do(r, CSRRW(A0, CSR_MSCRATCH, A0));
	assert_int_equal(rig_x(r, A0), 1);
	assert_int_equal(rig_csr(r, CSR_MSCRATCH), 2);
}

static void registers_know_their_modes(void **state)
{
	struct rig *r = *state;
	uint64_t value;

	rig_go(r, PRIV_S, RIG_CODE);
	assert_true(rig_try_csrr(r, CSR_SSTATUS, &value));
	assert_false(rig_try_csrr(r, CSR_MSTATUS, &value));
	rig_go(r, PRIV_U, RIG_CODE);
	assert_false(rig_try_csrr(r, CSR_SSTATUS, &value));
	assert_false(rig_try_csrr(r, CSR_MSCRATCH, &value));
}

static void writing_a_read_only_register_is_illegal(void **state)
{
	struct rig *r = *state;
	uint64_t value;

	assert_true(rig_try_csrr(r, CSR_MHARTID, &value));
	assert_int_equal(value, 0);
	assert_false(rig_try_csrw(r, CSR_MHARTID, 0));
	assert_false(rig_try_csrw(r, CSR_CYCLE, 0));
	rig_do(r, CSRRS(A0, CSR_MHARTID, ZERO)); /* writes nothing, so it may */
	rig_assert_no_trap(r);
}

static void registers_that_do_not_exist_are_illegal(void **state)
{
	struct rig *r = *state;
	static const uint16_t numbers[] = {0x000, 0x001,   0x180 + 1,         0x5a8, 0x600, 0x747,
					   0x7a0, CSR_SSP, CSR_PMPADDR0 + 64, 0xb01, 0xc03, 0xfff};
	uint64_t value;

	for (size_t i = 0; i < COUNT(numbers); i++)
		assert_false(rig_try_csrr(r, numbers[i], &value));
}

static void upper_halves_exist_on_rv32_only(void **state)
{
	struct rig *r = *state;
	static const uint16_t numbers[] = {
	    CSR_MSTATUSH, CSR_MEDELEGH, CSR_MENVCFGH,  CSR_CYCLEH,      CSR_TIMEH,
	    CSR_INSTRETH, CSR_MCYCLEH,  CSR_MINSTRETH, CSR_PMPCFG0 + 1, CSR_MHPMCOUNTER3H};
	uint64_t value;

	for (size_t i = 0; i < COUNT(numbers); i++)
		assert_int_equal(rig_try_csrr(r, numbers[i], &value), r->h->xlen == 32);
}

/* ---- reset ---------------------------------------------------------------------- */

static void reset_leaves_m_without_mprv_and_interrupts(void **state)
{
	struct rig *r = *state;

	rig_set_csr(r, CSR_MSTATUS, BIT(MSTATUS_MPRV) | BIT(MSTATUS_MIE));
	rig_set_csr(r, CSR_MCAUSE, CAUSE_ILLEGAL);
	rig_go(r, PRIV_S, RIG_CODE);
	hart_reset(r->h, r->m->mmu, r->h->bus, RIG_CODE);
	assert_int_equal(r->h->priv, PRIV_M);
	assert_int_equal(rig_csr(r, CSR_MSTATUS) & (BIT(MSTATUS_MPRV) | BIT(MSTATUS_MIE)), 0);
	assert_int_equal(rig_csr(r, CSR_MCAUSE), 0);
}

/* ---- fields --------------------------------------------------------------------- */

static void rv64_fields(void **state)
{
	static const struct rig_field rows[] = {
	    /* MIE stays off, for the pending bits that come below; UXL and SXL read 2 */
	    {CSR_MSTATUS, ONES & ~BIT(MSTATUS_MIE), 0xa007e19a2u},
	    {CSR_MSTATUS, 0, 0xa00000000u},
	    {CSR_MSTATUS, 1ull << MSTATUS_MPP, 0xa00000800u},
	    {CSR_MSTATUS, 2ull << MSTATUS_MPP, 0xa00000800u}, /* stays S */
	    {CSR_MSTATUS, 0, 0xa00000000u},
	    {CSR_SSTATUS, ONES, 0x2000c0122u},
	    {CSR_SSTATUS, 0, 0x200000000u},
	    {CSR_MISA, 0, 0x8000000000141105u},
	    {CSR_MEDELEG, ONES, 0xb3fe}, /* neither 0, 10, 11 nor 14 */
	    {CSR_MIDELEG, ONES, 0x222},
	    {CSR_MIE, ONES, 0xaaa},
	    {CSR_MIE, 0, 0},
	    {CSR_MIP, ONES, 0x222},
	    {CSR_MIP, 0, 0},
	    {CSR_MTVEC, ONES, ONES & ~2ull},
	    {CSR_STVEC, 0x80000003u, 0x80000001u},
	    {CSR_STVEC, ONES << 2, ONES << 2}, /* direct mode, any base */
	    {CSR_MEPC, ONES, ONES & ~1ull},
	    {CSR_SEPC, 0x80000003u, 0x80000002u},
	    {CSR_MCAUSE, BIT(63) | 7, BIT(63) | 7},
	    {CSR_SCAUSE, BIT(63) | 5, BIT(63) | 5},
	    {CSR_MTVAL, ONES, ONES},
	    {CSR_STVAL, ONES, ONES},
	    {CSR_SSCRATCH, ONES, ONES},
	    {CSR_MCOUNTEREN, ONES, 7},
	    {CSR_SCOUNTEREN, ONES, 7},
	    {CSR_MCOUNTINHIBIT, ONES, 5},
	    {CSR_MCOUNTINHIBIT, 0, 0},
	    /* FIOM, CBIE, CBCFE, CBZE, STCE are the hart's; PBMTE and ADUE the MMU's */
	    {CSR_MENVCFG, ONES, 7ull << 61 | 0xf1},
	    {CSR_MENVCFG, 0x20, 0x30}, /* CBIE has no value 2: it stays */
	    {CSR_MENVCFG, 0, 0},
	    {CSR_SENVCFG, ONES, 0xf1},
	    {CSR_MHPMCOUNTER3, ONES, 0},
	    {CSR_MHPMEVENT31, ONES, 0},
	    {CSR_SATP, 8ull << 60 | 5ull << 44 | 0x12345, 8ull << 60 | 5ull << 44 | 0x12345},
	    {CSR_SATP, 9ull << 60, 8ull << 60 | 5ull << 44 | 0x12345}, /* no Sv48: dropped */
	    {CSR_SATP, 0, 0},
	};

	rig_check_fields(*state, rows, COUNT(rows));
}

static void rv32_fields(void **state)
{
	static const struct rig_field rows[] = {
	    {CSR_MSTATUS, 0xfffffff7u, 0x007e19a2},
	    {CSR_MSTATUS, 0, 0},
	    {CSR_MSTATUSH, ONES, 0},
	    {CSR_SSTATUS, ONES, 0x000c0122},
	    {CSR_SSTATUS, 0, 0},
	    {CSR_MISA, 0, 0x40141105},
	    {CSR_MEDELEGH, ONES, 0},
	    {CSR_MENVCFG, ONES, 0xf1},
	    {CSR_MENVCFGH, ONES, BIT(31)}, /* STCE; no Svadu */
	    {CSR_MCAUSE, 0x80000007u, 0x80000007u},
	    {CSR_MSCRATCH, 0x80000000u, 0x80000000u},
	    {CSR_SATP, 0x80012345u, 0x80012345u},
	    {CSR_SATP, 0, 0},
	};

	rig_check_fields(*state, rows, COUNT(rows));
}

static void sstatus_shows_part_of_mstatus(void **state)
{
	struct rig *r = *state;

	rig_set_csr(r, CSR_MSTATUS, BIT(MSTATUS_SUM) | BIT(MSTATUS_TVM) | BIT(MSTATUS_MPIE));
	assert_int_equal(rig_csr(r, CSR_SSTATUS) & 0xffffffff, BIT(MSTATUS_SUM));
	rig_set_csr(r, CSR_SSTATUS, BIT(MSTATUS_MXR));
	assert_int_equal(rig_csr(r, CSR_MSTATUS) & 0xffffffff,
			 BIT(MSTATUS_MXR) | BIT(MSTATUS_TVM) | BIT(MSTATUS_MPIE));
}

static void sie_and_sip_show_what_is_delegated(void **state)
{
	struct rig *r = *state;

	rig_set_csr(r, CSR_MIDELEG, BIT(IRQ_SSI));
	rig_set_csr(r, CSR_MIP, BIT(IRQ_STI));
	rig_set_csr(r, CSR_SIE, ONES);
	assert_int_equal(rig_csr(r, CSR_MIE), BIT(IRQ_SSI));
	rig_set_csr(r, CSR_SIP, ONES);
	assert_int_equal(rig_csr(r, CSR_SIP), BIT(IRQ_SSI));
	assert_int_equal(rig_csr(r, CSR_MIP), BIT(IRQ_SSI) | BIT(IRQ_STI));
	rig_set_csr(r, CSR_MIDELEG, BIT(IRQ_SSI) | BIT(IRQ_STI));
	rig_set_csr(r, CSR_SIP, 0); /* of these S writes SSIP only */
	assert_int_equal(rig_csr(r, CSR_SIP), BIT(IRQ_STI));
}

/* ---- counters ----------------------------------------------------------------------- */

static void instret_counts_what_retires(void **state)
{
	struct rig *r = *state;

	rig_do(r, ADDI(A0, A0, 1));
	rig_do(r, ECALL);
	rig_go(r, PRIV_M, RIG_CODE);
	rig_do(r, CSRR(A1, CSR_MINSTRET));
	assert_int_equal(rig_x(r, A1), 1);
	rig_do(r, CSRR(A1, CSR_INSTRET));
	assert_int_equal(rig_x(r, A1), 2);
}

static void a_write_to_minstret_is_what_the_next_instruction_reads(void **state)
{
	struct rig *r = *state;

	rig_set_x(r, A0, 100);
	rig_do(r, CSRW(CSR_MINSTRET, A0));
	rig_do(r, CSRR(A1, CSR_MINSTRET));
	assert_int_equal(rig_x(r, A1), 100);
}

static void upper_half_of_minstret_is_written_by_itself(void **state)
{
	struct rig *r = *state;

	rig_set_x(r, A0, 0xffffffff);
	rig_do(r, CSRW(CSR_MINSTRET, A0));
	rig_do(r, CSRW(CSR_MINSTRETH, ZERO)); /* in time: it stays ...ffffffff */
	rig_do(r, CSRR(A1, CSR_MINSTRETH));
	assert_int_equal(rig_x(r, A1), 0);
	rig_do(r, CSRR(A1, CSR_MINSTRETH));
	assert_int_equal(rig_x(r, A1), 1);
}

static void inhibited_counters_stand_still(void **state)
{
	struct rig *r = *state;
	uint64_t cycle, instret;

	rig_set_x(r, A0, 5);
	rig_do(r, CSRW(CSR_MCOUNTINHIBIT, A0));
	cycle = rig_csr(r, CSR_MCYCLE);
	instret = rig_csr(r, CSR_MINSTRET);
	for (unsigned i = 0; i < 10; i++)
		rig_do(r, ADDI(A0, A0, 1));
	assert_int_equal(rig_csr(r, CSR_MCYCLE), cycle);
	assert_int_equal(rig_csr(r, CSR_MINSTRET), instret);
	rig_do(r, CSRW(CSR_MCOUNTINHIBIT, ZERO));
	rig_do(r, CSRR(A1, CSR_MINSTRET));
	assert_int_equal(rig_x(r, A1), instret);
	assert_true(rig_csr(r, CSR_MCYCLE) > cycle);
}

static void cycle_counts_the_clock_of_the_mmu(void **state)
{
	struct rig *r = *state;
	struct mmu_counts counts;

	rig_do(r, ADDI(A0, A0, 1));
	rig_do(r, CSRR(A1, CSR_CYCLE));
	mmu_counts(r->m->mmu, &counts);
	assert_int_equal(rig_x(r, A1), counts.cycles);
	assert_true(counts.cycles >= 2);
}

static void counters_open_downwards(void **state)
{
	struct rig *r = *state;
	static const struct {
		uint8_t mcounteren, scounteren, priv;
		bool allowed;
	} rows[] = {
	    {0, 7, PRIV_S, false}, {7, 0, PRIV_S, true}, {7, 0, PRIV_U, false},
	    {0, 7, PRIV_U, false}, {7, 7, PRIV_U, true}, {0, 0, PRIV_M, true},
	};
	uint64_t value;

	for (size_t i = 0; i < COUNT(rows); i++)
		for (unsigned counter = CSR_CYCLE; counter <= CSR_INSTRET; counter++) {
			rig_set_csr(r, CSR_MCOUNTEREN, rows[i].mcounteren);
			rig_set_csr(r, CSR_SCOUNTEREN, rows[i].scounteren);
			rig_go(r, rows[i].priv, RIG_CODE);
			assert_int_equal(rig_try_csrr(r, counter, &value), rows[i].allowed);
		}
}

static void time_is_the_clints(void **state)
{
	struct rig *r = *state;

	rig_poke(r, CLINT_BASE + 0xbff8, 8, 0x123456789);
	rig_do(r, CSRR(A0, CSR_TIME));
	assert_int_equal(rig_x(r, A0), r->h->xlen == 64 ? 0x12345678a : 0x2345678a);
	if (r->h->xlen == 32) {
		rig_do(r, CSRR(A0, CSR_TIMEH));
		assert_int_equal(rig_x(r, A0), 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {

	    RIG_TEST64(csr_instructions_read_and_change),
	    RIG_TEST32(csr_instructions_read_and_change),
	    RIG_TEST64(swapping_a_register_with_itself_reads_it_first),
	    RIG_TEST64(registers_know_their_modes),
	    RIG_TEST64(writing_a_read_only_register_is_illegal),
	    RIG_TEST64(registers_that_do_not_exist_are_illegal),
	    RIG_TEST32(registers_that_do_not_exist_are_illegal),
	    RIG_TEST64(upper_halves_exist_on_rv32_only),
	    RIG_TEST32(upper_halves_exist_on_rv32_only),
	    RIG_TEST64(reset_leaves_m_without_mprv_and_interrupts),
	    RIG_TEST64(rv64_fields),
	    RIG_TEST32(rv32_fields),
	    RIG_TEST64(sstatus_shows_part_of_mstatus),
	    RIG_TEST64(sie_and_sip_show_what_is_delegated),
	    RIG_TEST64(instret_counts_what_retires),
	    RIG_TEST64(a_write_to_minstret_is_what_the_next_instruction_reads),
	    RIG_TEST32(a_write_to_minstret_is_what_the_next_instruction_reads),
	    RIG_TEST32(upper_half_of_minstret_is_written_by_itself),
	    RIG_TEST64(inhibited_counters_stand_still),
	    RIG_TEST64(cycle_counts_the_clock_of_the_mmu),
	    RIG_TEST64(counters_open_downwards),
	    RIG_TEST64(time_is_the_clints),
	    RIG_TEST32(time_is_the_clints),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
