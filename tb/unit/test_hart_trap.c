/* Traps of the hart: each cause, delegation, interrupts and their order, vectors,
 * mret and sret, and what mstatus forbids (machine.adoc, supervisor.adoc). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "encode.h"
#include "rig.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

#define BIT(n) (1ull << (n))

#define PAGE_VA 0x40000000ull
#define FRAME   0x80020000ull

static uint64_t interrupt_cause(const struct rig *r, unsigned code)
{
	return 1ull << (r->h->xlen - 1) | code;
}

static uint64_t status(struct rig *r, unsigned bit)
{
	return rig_csr(r, CSR_MSTATUS) >> bit & 1;
}

static uint64_t mpp(struct rig *r)
{
	return rig_csr(r, CSR_MSTATUS) >> MSTATUS_MPP & 3;
}

/* ---- exceptions ---------------------------------------------------------------- */

static void ecall_tells_the_mode(void **state)
{
	struct rig *r = *state;
	static const struct {
		uint8_t priv, cause;
	} rows[] = {{PRIV_U, CAUSE_ECALL_U}, {PRIV_S, CAUSE_ECALL_S}, {PRIV_M, CAUSE_ECALL_M}};

	for (size_t i = 0; i < COUNT(rows); i++) {
		rig_go(r, rows[i].priv, RIG_CODE);
		rig_do(r, ECALL);
		rig_assert_trap_m(r, rows[i].cause, 0, RIG_CODE);
		assert_int_equal(mpp(r), rows[i].priv);
		assert_int_equal(r->h->pc, RIG_HANDLER);
	}
	assert_int_equal(r->h->instret, 0); /* what traps does not retire */
}

static void ebreak_traps_with_its_address(void **state)
{
	struct rig *r = *state;

	rig_do(r, EBREAK);
	rig_assert_trap_m(r, CAUSE_BREAKPOINT, RIG_CODE, RIG_CODE);
}

static void every_access_has_its_page_fault(void **state)
{
	struct rig *r = *state;

	rig_enter_paged_s(r);
	rig_set_x(r, A1, PAGE_VA);
	rig_do(r, LW(A0, A1, 0));
	rig_assert_trap_m(r, CAUSE_LOAD_PAGE, PAGE_VA, RIG_CODE);
	rig_go(r, PRIV_S, RIG_CODE);
	rig_do(r, SW(A0, A1, 0));
	rig_assert_trap_m(r, CAUSE_STORE_PAGE, PAGE_VA, RIG_CODE);
	rig_go(r, PRIV_S, PAGE_VA + 2);
	rig_step(r);
	rig_assert_trap_m(r, CAUSE_FETCH_PAGE, PAGE_VA + 2, PAGE_VA + 2);
}

static void a_trap_into_m_stacks_the_interrupt_enable(void **state)
{
	struct rig *r = *state;

	rig_set_csr(r, CSR_MSTATUS, BIT(MSTATUS_MIE) | BIT(MSTATUS_SIE));
	rig_do(r, ECALL);
	assert_int_equal(status(r, MSTATUS_MIE), 0);
	assert_int_equal(status(r, MSTATUS_MPIE), 1);
	assert_int_equal(status(r, MSTATUS_SIE), 1);
}

static void exceptions_keep_mprv_and_sum(void **state)
{
	struct rig *r = *state;

	rig_set_csr(r, CSR_MSTATUS, BIT(MSTATUS_MPRV) | BIT(MSTATUS_SUM) | BIT(MSTATUS_MXR));
	rig_do(r, ECALL);
	assert_int_equal(status(r, MSTATUS_MPRV), 1);
	assert_int_equal(status(r, MSTATUS_SUM), 1);
	assert_int_equal(status(r, MSTATUS_MXR), 1);
}

/* ---- delegation ------------------------------------------------------------------ */

static void delegated_exceptions_go_to_s(void **state)
{
	struct rig *r = *state;

	rig_set_csr(r, CSR_MEDELEG, BIT(CAUSE_ECALL_U) | BIT(CAUSE_ILLEGAL));
	rig_set_csr(r, CSR_STVEC, RIG_HANDLER + 0x100);
	rig_set_csr(r, CSR_MSTATUS, BIT(MSTATUS_SIE));
	rig_go(r, PRIV_U, RIG_CODE);
	rig_do(r, ECALL);
	rig_assert_trap_s(r, CAUSE_ECALL_U, 0, RIG_CODE);
	assert_int_equal(r->h->pc, RIG_HANDLER + 0x100);
	assert_int_equal(status(r, MSTATUS_SPP), 0);
	assert_int_equal(status(r, MSTATUS_SIE), 0);
	assert_int_equal(status(r, MSTATUS_SPIE), 1);
	assert_int_equal(rig_csr(r, CSR_MCAUSE), 0);

	rig_go(r, PRIV_S, RIG_CODE);
	rig_do(r, ILLEGAL);
	rig_assert_trap_s(r, CAUSE_ILLEGAL, ILLEGAL, RIG_CODE);
	assert_int_equal(status(r, MSTATUS_SPP), 1);
}

static void delegated_page_faults_go_to_s(void **state)
{
	struct rig *r = *state;

	rig_set_csr(r, CSR_MEDELEG, BIT(CAUSE_LOAD_PAGE));
	rig_enter_paged_s(r);
	rig_set_x(r, A1, PAGE_VA);
	rig_do(r, LW(A0, A1, 0));
	rig_assert_trap_s(r, CAUSE_LOAD_PAGE, PAGE_VA, RIG_CODE);
}

static void m_never_delegates_its_own(void **state)
{
	struct rig *r = *state;

	rig_set_csr(r, CSR_MEDELEG, BIT(CAUSE_ILLEGAL));
	rig_do(r, ILLEGAL);
	rig_assert_trap_m(r, CAUSE_ILLEGAL, ILLEGAL, RIG_CODE);
	assert_int_equal(mpp(r), PRIV_M);
}

/* ---- interrupts ------------------------------------------------------------------- */

/* The interrupt of that number is pending and enabled, all others neither. */
static void raise_interrupt(struct rig *r, uint64_t bits)
{
	r->h->csr.mip = bits;
	rig_set_csr(r, CSR_MIE, bits);
}

static void m_takes_interrupts_only_with_mie(void **state)
{
	struct rig *r = *state;

	raise_interrupt(r, BIT(IRQ_MTI));
	rig_do(r, ADDI(A0, A0, 1));
	rig_assert_no_trap(r);
	rig_set_csr(r, CSR_MSTATUS, BIT(MSTATUS_MIE));
	rig_step(r);
	rig_assert_trap_m(r, interrupt_cause(r, IRQ_MTI), 0, RIG_CODE + 4);
	assert_int_equal(r->h->pc, RIG_HANDLER);
}

static void below_m_its_interrupts_need_no_mie(void **state)
{
	struct rig *r = *state;

	raise_interrupt(r, BIT(IRQ_MSI));
	rig_go(r, PRIV_S, RIG_CODE);
	rig_step(r);
	rig_assert_trap_m(r, interrupt_cause(r, IRQ_MSI), 0, RIG_CODE);
	assert_int_equal(mpp(r), PRIV_S);
}

static void an_interrupt_not_enabled_in_mie_waits(void **state)
{
	struct rig *r = *state;

	r->h->csr.mip = BIT(IRQ_MTI);
	rig_set_csr(r, CSR_MIE, BIT(IRQ_MSI));
	rig_go(r, PRIV_U, RIG_CODE);
	rig_do(r, ADDI(A0, A0, 1));
	rig_assert_no_trap(r);
}

static void delegated_interrupts_obey_sie_in_s(void **state)
{
	struct rig *r = *state;

	raise_interrupt(r, BIT(IRQ_SSI));
	rig_set_csr(r, CSR_MIDELEG, BIT(IRQ_SSI));
	rig_set_csr(r, CSR_MSTATUS, BIT(MSTATUS_MIE));
	rig_do(r, ADDI(A0, A0, 1)); /* never in M */
	rig_go(r, PRIV_S, RIG_CODE);
	rig_do(r, ADDI(A0, A0, 1)); /* not in S without SIE */
	rig_assert_no_trap(r);
	rig_set_csr(r, CSR_MSTATUS, BIT(MSTATUS_SIE));
	rig_step(r);
	rig_assert_trap_s(r, interrupt_cause(r, IRQ_SSI), 0, RIG_CODE + 4);
}

static void delegated_interrupts_are_on_in_u(void **state)
{
	struct rig *r = *state;

	raise_interrupt(r, BIT(IRQ_STI));
	rig_set_csr(r, CSR_MIDELEG, BIT(IRQ_STI));
	rig_go(r, PRIV_U, RIG_CODE);
	rig_step(r);
	rig_assert_trap_s(r, interrupt_cause(r, IRQ_STI), 0, RIG_CODE);
}

static void interrupts_come_in_their_order(void **state)
{
	struct rig *r = *state;
	static const uint8_t order[] = {IRQ_MEI, IRQ_MSI, IRQ_MTI, IRQ_SEI, IRQ_SSI, IRQ_STI};
	uint64_t pending = 0;

	for (size_t i = 0; i < COUNT(order); i++)
		pending |= BIT(order[i]);
	for (size_t i = 0; i < COUNT(order); i++) {
		raise_interrupt(r, pending);
		rig_go(r, PRIV_U, RIG_CODE);
		rig_step(r);
		assert_int_equal(rig_csr(r, CSR_MCAUSE), interrupt_cause(r, order[i]));
		pending &= ~BIT(order[i]);
	}
}

static void m_interrupts_come_before_delegated_ones(void **state)
{
	struct rig *r = *state;

	raise_interrupt(r, BIT(IRQ_SEI) | BIT(IRQ_STI));
	rig_set_csr(r, CSR_MIDELEG, BIT(IRQ_SEI)); /* of higher rank, but for S */
	rig_go(r, PRIV_U, RIG_CODE);
	rig_step(r);
	rig_assert_trap_m(r, interrupt_cause(r, IRQ_STI), 0, RIG_CODE);
}

static void vectored_mode_is_for_interrupts(void **state)
{
	struct rig *r = *state;

	rig_set_csr(r, CSR_MTVEC, RIG_HANDLER | 1);
	rig_set_csr(r, CSR_STVEC, (RIG_HANDLER + 0x200) | 1);
	rig_do(r, ECALL);
	assert_int_equal(r->h->pc, RIG_HANDLER);
	raise_interrupt(r, BIT(IRQ_MTI));
	rig_go(r, PRIV_U, RIG_CODE);
	rig_step(r);
	assert_int_equal(r->h->pc, RIG_HANDLER + 4 * IRQ_MTI);
	raise_interrupt(r, BIT(IRQ_SEI));
	rig_set_csr(r, CSR_MIDELEG, BIT(IRQ_SEI));
	rig_go(r, PRIV_U, RIG_CODE);
	rig_step(r);
	assert_int_equal(r->h->pc, RIG_HANDLER + 0x200 + 4 * IRQ_SEI);
}

/* ---- returns ------------------------------------------------------------------------ */

static void mret_goes_back_to_mpp(void **state)
{
	struct rig *r = *state;
	static const uint8_t modes[] = {PRIV_U, PRIV_S, PRIV_M};

	for (size_t i = 0; i < COUNT(modes); i++) {
		rig_set_csr(r, CSR_MSTATUS,
			    (uint64_t)modes[i] << MSTATUS_MPP | BIT(MSTATUS_MPIE) |
				BIT(MSTATUS_MPRV));
		rig_set_csr(r, CSR_MEPC, 0x80003002);
		rig_go(r, PRIV_M, RIG_CODE);
		rig_do(r, MRET);
		assert_int_equal(r->h->priv, modes[i]);
		assert_int_equal(r->h->pc, 0x80003002);
		assert_int_equal(status(r, MSTATUS_MIE), 1);
		assert_int_equal(status(r, MSTATUS_MPIE), 1);
		assert_int_equal(mpp(r), PRIV_U);
		assert_int_equal(status(r, MSTATUS_MPRV), modes[i] == PRIV_M);
	}
	rig_assert_no_trap(r);
}

static void sret_goes_back_to_spp(void **state)
{
	struct rig *r = *state;

	for (unsigned spp = 0; spp < 2; spp++) {
		rig_set_csr(r, CSR_MSTATUS,
			    (uint64_t)spp << MSTATUS_SPP | BIT(MSTATUS_SIE) | BIT(MSTATUS_MPRV));
		rig_set_csr(r, CSR_SEPC, 0x80003004);
		rig_go(r, PRIV_S, RIG_CODE);
		rig_do(r, SRET);
		assert_int_equal(r->h->priv, spp ? PRIV_S : PRIV_U);
		assert_int_equal(r->h->pc, 0x80003004);
		assert_int_equal(status(r, MSTATUS_SIE), 0); /* from SPIE */
		assert_int_equal(status(r, MSTATUS_SPIE), 1);
		assert_int_equal(status(r, MSTATUS_SPP), 0);
		assert_int_equal(status(r, MSTATUS_MPRV), 0);
	}
	rig_assert_no_trap(r);
}

/* ---- what is forbidden ----------------------------------------------------------------- */

static void privileged_instructions_know_their_modes(void **state)
{
	struct rig *r = *state;
	static const struct {
		uint32_t insn;
		uint64_t mstatus;
		bool in_u, in_s, in_m; /* legal there */
	} rows[] = {
	    {MRET, 0, false, false, true},
	    {SRET, 0, false, true, true},
	    {SRET, BIT(MSTATUS_TSR), false, false, true},
	    {WFI, 0, false, true, true},
	    {WFI, BIT(MSTATUS_TW), false, false, true},
	    {SFENCE_VMA(ZERO, ZERO), 0, false, true, true},
	    {SFENCE_VMA(A0, A1), BIT(MSTATUS_TVM), false, false, true},
	    {CSRR(A0, CSR_SATP), 0, false, true, true},
	    {CSRR(A0, CSR_SATP), BIT(MSTATUS_TVM), false, false, true},
	    {CSRW(CSR_SATP, ZERO), BIT(MSTATUS_TVM), false, false, true},
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		for (unsigned priv = PRIV_U; priv <= PRIV_M; priv++) {
			bool legal = priv == PRIV_U ? rows[i].in_u : rows[i].in_s;

			if (priv == PRIV_M)
				legal = rows[i].in_m;
			else if (priv == 2)
				continue;
			rig_set_csr(r, CSR_MCAUSE, 0);
			rig_set_csr(r, CSR_MSTATUS, rows[i].mstatus);
			rig_go(r, priv, RIG_CODE);
			rig_do(r, rows[i].insn);
			if ((rig_csr(r, CSR_MCAUSE) == 0) != legal)
				fail_msg("row %zu in mode %u", i, priv);
		}
}

/* ---- effective privilege ------------------------------------------------------------------ */

static void mprv_makes_data_accesses_those_of_mpp(void **state)
{
	struct rig *r = *state;

	rig_map(r, PAGE_VA, FRAME, RIG_S_PAGE);
	rig_poke(r, FRAME, 4, 0x1234);
	rig_paging(r, true);
	rig_set_x(r, A1, PAGE_VA);

	/* M with MPRV and MPP = S: fetches stay physical, loads go through the page. */
	rig_set_csr(r, CSR_MSTATUS, BIT(MSTATUS_MPRV) | (uint64_t)PRIV_S << MSTATUS_MPP);
	rig_do(r, LW(A0, A1, 0));
	rig_assert_no_trap(r);
	assert_int_equal(rig_x(r, A0), 0x1234);

	/* MPP = U: it is no user page. */
	rig_set_csr(r, CSR_MSTATUS, BIT(MSTATUS_MPRV));
	rig_do(r, SW(A0, A1, 0));
	rig_assert_trap_m(r, CAUSE_STORE_PAGE, PAGE_VA, RIG_CODE + 4);

	/* Without MPRV it is a physical address, where nothing is. */
	rig_set_csr(r, CSR_MSTATUS, 0);
	rig_go(r, PRIV_M, RIG_CODE);
	rig_do(r, LW(A0, A1, 0));
	rig_assert_trap_m(r, CAUSE_LOAD_ACCESS, PAGE_VA, RIG_CODE);
}

static void sum_and_mxr_reach_the_mmu(void **state)
{
	struct rig *r = *state;
	const unsigned user = BIT(PTE_V) | BIT(PTE_R) | BIT(PTE_U) | BIT(PTE_A);
	const unsigned exec = BIT(PTE_V) | BIT(PTE_X) | BIT(PTE_A);

	rig_map(r, PAGE_VA, FRAME, user);
	rig_map(r, PAGE_VA + 4096, FRAME, exec);
	rig_enter_paged_s(r);
	rig_set_x(r, A1, PAGE_VA);
	rig_set_x(r, A2, PAGE_VA + 4096);
	rig_do(r, LW(A0, A1, 0));
	rig_assert_trap_m(r, CAUSE_LOAD_PAGE, PAGE_VA, RIG_CODE);
	rig_set_csr(r, CSR_MSTATUS, BIT(MSTATUS_SUM));
	rig_go(r, PRIV_S, RIG_CODE);
	rig_do(r, LW(A0, A1, 0));
	assert_int_equal(r->h->pc, RIG_CODE + 4);
	rig_do(r, LW(A0, A2, 0));
	rig_assert_trap_m(r, CAUSE_LOAD_PAGE, PAGE_VA + 4096, RIG_CODE + 4);
	rig_set_csr(r, CSR_MSTATUS, BIT(MSTATUS_MXR));
	rig_go(r, PRIV_S, RIG_CODE);
	rig_do(r, LW(A0, A2, 0));
	assert_int_equal(r->h->pc, RIG_CODE + 4);
}

static void sfence_reaches_the_mmu(void **state)
{
	struct rig *r = *state;
	struct mmu_counts counts;

	rig_go(r, PRIV_S, RIG_CODE);
	rig_do(r, SFENCE_VMA(A0, A1));
	mmu_counts(r->m->mmu, &counts);
	assert_int_equal(counts.fences, 1);
}

/* ---- traps that nothing handles -------------------------------------------------------------- */

static void a_handler_out_of_memory_stops_the_hart(void **state)
{
	struct rig *r = *state;
	char line[400] = "";
	FILE *out = fmemopen(line, sizeof(line), "w");

	rig_set_csr(r, CSR_MTVEC, 0x1000);
	rig_set_x(r, A1, 0x2000);
	rig_do(r, LW(A0, A1, 0));
	assert_int_equal(r->h->stop, HART_RUNS); /* the handler may be there */
	rig_step(r);
	assert_int_equal(r->h->stop, HART_TRAP_LOOP);
	hart_print_trap_loop(out, r->h);
	fclose(out);
	assert_non_null(strstr(line, "instruction access fault (cause 1) at pc 0x1000"));
	assert_non_null(strstr(line, "load access fault (cause 5) at pc 0x80000000"));
	assert_non_null(strstr(line, "address 0x2000"));
	assert_null(strchr(line, '\n'));
}

static void a_handler_that_m_can_mend_does_not_stop_it(void **state)
{
	struct rig *r = *state;

	/* S's handler is not mapped, but M handles fetch page faults. */
	rig_set_csr(r, CSR_MEDELEG, BIT(CAUSE_LOAD_PAGE));
	rig_set_csr(r, CSR_STVEC, PAGE_VA);
	rig_enter_paged_s(r);
	rig_set_x(r, A1, PAGE_VA);
	rig_do(r, LW(A0, A1, 0));
	rig_assert_trap_s(r, CAUSE_LOAD_PAGE, PAGE_VA, RIG_CODE);
	rig_step(r);
	rig_assert_trap_m(r, CAUSE_FETCH_PAGE, PAGE_VA, PAGE_VA);
	assert_int_equal(r->h->stop, HART_RUNS);
}

static void a_trap_at_the_handlers_address_from_below_does_not_stop_it(void **state)
{
	struct rig *r = *state;

	/* M's handler is in memory; S has nothing mapped at the same address. */
	rig_enter_paged_s(r);
	rig_go(r, PRIV_S, RIG_HANDLER);
	rig_step(r);
	rig_assert_trap_m(r, CAUSE_FETCH_PAGE, RIG_HANDLER, RIG_HANDLER);
	assert_int_equal(r->h->stop, HART_RUNS);
}

static void a_handler_that_s_cannot_reach_stops_it(void **state)
{
	struct rig *r = *state;

	rig_set_csr(r, CSR_MEDELEG, BIT(CAUSE_LOAD_PAGE) | BIT(CAUSE_FETCH_PAGE));
	rig_set_csr(r, CSR_STVEC, PAGE_VA);
	rig_enter_paged_s(r);
	rig_set_x(r, A1, PAGE_VA);
	rig_do(r, LW(A0, A1, 0));
	rig_step(r);
	assert_int_equal(r->h->stop, HART_TRAP_LOOP);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    RIG_TEST64(ecall_tells_the_mode),
	    RIG_TEST64(ebreak_traps_with_its_address),
	    RIG_TEST64(every_access_has_its_page_fault),
	    RIG_TEST32(every_access_has_its_page_fault),
	    RIG_TEST64(a_trap_into_m_stacks_the_interrupt_enable),
	    RIG_TEST64(exceptions_keep_mprv_and_sum),
	    RIG_TEST64(delegated_exceptions_go_to_s),
	    RIG_TEST32(delegated_exceptions_go_to_s),
	    RIG_TEST64(delegated_page_faults_go_to_s),
	    RIG_TEST64(m_never_delegates_its_own),
	    RIG_TEST64(m_takes_interrupts_only_with_mie),
	    RIG_TEST32(m_takes_interrupts_only_with_mie),
	    RIG_TEST64(below_m_its_interrupts_need_no_mie),
	    RIG_TEST64(an_interrupt_not_enabled_in_mie_waits),
	    RIG_TEST64(delegated_interrupts_obey_sie_in_s),
	    RIG_TEST64(delegated_interrupts_are_on_in_u),
	    RIG_TEST64(interrupts_come_in_their_order),
	    RIG_TEST64(m_interrupts_come_before_delegated_ones),
	    RIG_TEST64(vectored_mode_is_for_interrupts),
	    RIG_TEST64(mret_goes_back_to_mpp),
	    RIG_TEST32(mret_goes_back_to_mpp),
	    RIG_TEST64(sret_goes_back_to_spp),
	    RIG_TEST64(privileged_instructions_know_their_modes),
	    RIG_TEST64(mprv_makes_data_accesses_those_of_mpp),
	    RIG_TEST32(mprv_makes_data_accesses_those_of_mpp),
	    RIG_TEST64(sum_and_mxr_reach_the_mmu),
	    RIG_TEST64(sfence_reaches_the_mmu),
	    RIG_TEST64(a_handler_out_of_memory_stops_the_hart),
	    RIG_TEST64(a_handler_that_m_can_mend_does_not_stop_it),
	    RIG_TEST64(a_trap_at_the_handlers_address_from_below_does_not_stop_it),
	    RIG_TEST64(a_handler_that_s_cannot_reach_stops_it),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
