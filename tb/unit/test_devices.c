/* The devices of the machine, as programs see them, and what ends a run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>
#include <unistd.h>

#include "encode.h"
#include "rig.h"

#define BIT(n) (1ull << (n))

enum { MSIP = 0, MTIMECMP = 0x4000, MTIME = 0xbff8 };
enum { RBR = 0, IER = 1, IIR = 2, LCR = 3, LSR = 5, SCR = 7 };

static char printed[64];

static void print(void *ctx, uint8_t c)
{
	size_t length = strlen(printed);

	(void)ctx;
	if (length + 1 < sizeof(printed))
		printed[length] = (char)c;
}

static void listen(struct rig *r)
{
	memset(printed, 0, sizeof(printed));
	r->m->bus.uart.send = print;
}

/* ---- CLINT ---------------------------------------------------------------------- */

static void msip_raises_the_software_interrupt(void **state)
{
	struct rig *r = *state;

	rig_poke(r, CLINT_BASE + MSIP, 4, 0xffffffff);
	assert_int_equal(rig_peek(r, CLINT_BASE + MSIP, 4), 1);
	assert_int_equal(rig_csr(r, CSR_MIP), BIT(IRQ_MSI));
	rig_poke(r, CLINT_BASE + MSIP, 4, 0);
	assert_int_equal(rig_csr(r, CSR_MIP), 0);
}

static void mtimecmp_raises_the_timer_interrupt_when_it_is_due(void **state)
{
	struct rig *r = *state;

	rig_poke(r, CLINT_BASE + MTIMECMP, 8, 3);
	rig_do(r, ADDI(A0, A0, 1));
	rig_do(r, ADDI(A0, A0, 1));
	assert_int_equal(rig_csr(r, CSR_MIP), 0);
	rig_do(r, ADDI(A0, A0, 1));
	assert_int_equal(rig_csr(r, CSR_MIP), BIT(IRQ_MTI));
	assert_int_equal(rig_peek(r, CLINT_BASE + MTIME, 8), 3);
	rig_poke(r, CLINT_BASE + MTIMECMP, 8, 100); /* a later time takes it back */
	assert_int_equal(rig_csr(r, CSR_MIP), 0);
}

static void clint_registers_have_halves(void **state)
{
	struct rig *r = *state;

	rig_poke(r, CLINT_BASE + MTIMECMP + 4, 4, 0x11223344);
	rig_poke(r, CLINT_BASE + MTIMECMP, 4, 0x55667788);
	assert_int_equal(rig_peek(r, CLINT_BASE + MTIMECMP, 8), 0x1122334455667788u);
	rig_poke(r, CLINT_BASE + MTIME + 4, 4, 7);
	assert_int_equal(rig_peek(r, CLINT_BASE + MTIME + 4, 4), 7);
}

static void a_program_cannot_write_the_clints_interrupts_in_mip(void **state)
{
	struct rig *r = *state;

	rig_poke(r, CLINT_BASE + MSIP, 4, 1);
	rig_set_csr(r, CSR_MIP, 0);
	assert_int_equal(rig_csr(r, CSR_MIP), BIT(IRQ_MSI));
}

static void wfi_skips_to_the_timer(void **state)
{
	struct rig *r = *state;

	rig_poke(r, CLINT_BASE + MTIMECMP, 8, 1000000);
	rig_set_csr(r, CSR_MIE, BIT(IRQ_MTI));
	rig_poke(r, RIG_CODE, 4, WFI);
	assert_int_equal(machine_run(r->m, 1), OUTCOME_RUNNING);
	assert_int_equal(r->h->pc, RIG_CODE + 4);
	assert_int_equal(rig_csr(r, CSR_MIP), BIT(IRQ_MTI));
	assert_int_equal(rig_peek(r, CLINT_BASE + MTIME, 8), 1000000);
}

static void wfi_without_the_timer_skips_nothing(void **state)
{
	struct rig *r = *state;

	rig_poke(r, CLINT_BASE + MTIMECMP, 8, 1000000);
	rig_poke(r, RIG_CODE, 4, WFI);
	assert_int_equal(machine_run(r->m, 1), OUTCOME_RUNNING);
	assert_int_equal(rig_peek(r, CLINT_BASE + MTIME, 8), 1);
}

/* ---- UART ------------------------------------------------------------------------ */

static void what_is_sent_arrives(void **state)
{
	struct rig *r = *state;

	listen(r);
	rig_set_x(r, A1, UART_BASE);
	for (const char *c = "ok\n"; *c; c++) {
		rig_set_x(r, A0, (uint64_t)*c);
		rig_do(r, SB(A0, A1, RBR));
	}
	assert_string_equal(printed, "ok\n");
	assert_int_equal(rig_peek(r, UART_BASE + LSR, 1), 0x60); /* empty, nothing received */
}

static void divisor_and_scratch_are_registers(void **state)
{
	struct rig *r = *state;

	listen(r);
	rig_poke(r, UART_BASE + LCR, 1, 0x83);
	rig_poke(r, UART_BASE + RBR, 1, 0x0d);
	rig_poke(r, UART_BASE + IER, 1, 0x01);
	assert_int_equal(rig_peek(r, UART_BASE + RBR, 1), 0x0d);
	assert_int_equal(rig_peek(r, UART_BASE + IER, 1), 0x01);
	rig_poke(r, UART_BASE + LCR, 1, 0x03);
	assert_int_equal(rig_peek(r, UART_BASE + IER, 1), 0);
	rig_poke(r, UART_BASE + SCR, 1, 0xa5);
	assert_int_equal(rig_peek(r, UART_BASE + SCR, 1), 0xa5);
	assert_int_equal(rig_peek(r, UART_BASE + IIR, 1) & 1, 1);
	assert_string_equal(printed, "");
}

static void input_is_received_up_to_its_end(void **state)
{
	struct rig *r = *state;
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	r->m->bus.uart.receives = true;
	r->m->bus.uart.input = ends[0];
	assert_int_equal(rig_peek(r, UART_BASE + LSR, 1) & 1, 0);
	assert_int_equal(write(ends[1], "ab", 2), 2);
	assert_int_equal(rig_peek(r, UART_BASE + LSR, 1) & 1, 1);
	assert_int_equal(rig_peek(r, UART_BASE + RBR, 1), 'a');
	assert_int_equal(rig_peek(r, UART_BASE + RBR, 1), 'b');
	close(ends[1]);
	assert_int_equal(rig_peek(r, UART_BASE + LSR, 1) & 1, 0);
	close(ends[0]);
}

/* ---- the ends of a run -------------------------------------------------------------- */

/* Runs `sw a0, (a1)` with these values. */
static enum outcome store_word(struct rig *r, uint64_t address, uint64_t value)
{
	rig_set_x(r, A0, value);
	rig_set_x(r, A1, address);
	rig_poke(r, RIG_CODE, 4, SW(A0, A1, 0));
	r->h->pc = RIG_CODE;
	return machine_run(r->m, 1);
}

static void the_finisher_passes(void **state)
{
	assert_int_equal(store_word(*state, FINISHER_BASE, 0x5555), OUTCOME_PASS);
}

static void the_finisher_fails_with_a_code(void **state)
{
	struct rig *r = *state;

	assert_int_equal(store_word(r, FINISHER_BASE, 42u << 16 | 0x3333), OUTCOME_FAIL);
	assert_int_equal(r->m->code, 42);
}

static void the_finisher_knows_no_other_word(void **state)
{
	assert_int_equal(store_word(*state, FINISHER_BASE, 0x1234), OUTCOME_RUNNING);
}

static void the_finisher_resets(void **state)
{
	struct rig *r = *state;

	rig_enter_paged_s(r);
	rig_paging(r, false);
	r->h->csr.mscratch = 5;
	rig_map(r, FINISHER_BASE, FINISHER_BASE, RIG_S_PAGE);
	rig_enter_paged_s(r);
	assert_int_equal(store_word(r, FINISHER_BASE, 0x7777), OUTCOME_RUNNING);
	assert_int_equal(r->h->priv, PRIV_M);
	assert_int_equal(r->h->pc, RAM_BASE);
	assert_int_equal(rig_csr(r, CSR_MSCRATCH), 0);
	assert_int_equal(rig_csr(r, CSR_SATP), 0);
	assert_int_equal(rig_x(r, A0), 0);
}

static void a_reset_reaches_the_registers_of_the_mmu(void **state)
{
	struct rig *r = *state;
	static const uint16_t numbers[] = {CSR_MENVCFG, CSR_SENVCFG, CSR_MSECCFG, CSR_PMPCFG0,
					   CSR_PMPADDR0};

	rig_set_csr(r, CSR_MSECCFG, BIT(MSECCFG_RLB) | 2ull << ENVCFG_PMM);
	rig_set_csr(r, CSR_MENVCFG, ~0ull);
	rig_set_csr(r, CSR_SENVCFG, ~0ull);
	rig_set_pmp(r, 0, BIT(PMP_L) | PMP_NAPOT << PMP_A | 7, ~0ull);
	rig_go(r, PRIV_M, RIG_CODE);
	assert_int_equal(store_word(r, FINISHER_BASE, 0x7777), OUTCOME_RUNNING);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		assert_int_equal(rig_csr(r, numbers[i]), 0);
}

/* Without RLB a lock holds until a reset that the model has no line for. */
static void a_reset_that_locks_withstand_ends_the_run(void **state)
{
	struct rig *r = *state;

	rig_set_pmp(r, 0, BIT(PMP_L) | PMP_NAPOT << PMP_A | 7, ~0ull);
	assert_int_equal(store_word(r, FINISHER_BASE, 0x7777), OUTCOME_LOCKED);
}

static void tohost_passes_and_fails(void **state)
{
	struct rig *r = *state;

	r->m->bus.htif.tohost = RIG_DATA;
	assert_int_equal(store_word(r, RIG_DATA - 4, 1), OUTCOME_RUNNING);
	assert_int_equal(store_word(r, RIG_DATA + 8, 1), OUTCOME_RUNNING);
	assert_int_equal(store_word(r, RIG_DATA, 0), OUTCOME_RUNNING);
	assert_int_equal(store_word(r, RIG_DATA, 1), OUTCOME_PASS);
	assert_int_equal(store_word(r, RIG_DATA, 7 << 1 | 1), OUTCOME_FAIL);
	assert_int_equal(r->m->code, 7);
}

static void tohost_prints(void **state)
{
	struct rig *r = *state;
	uint64_t block = RIG_DATA + 0x100, text = RIG_DATA + 0x200;

	listen(r);
	r->m->bus.htif.tohost = RIG_DATA;
	r->m->bus.htif.fromhost = RIG_DATA + 64;
	rig_poke(r, block, 8, 64); /* write(1, text, 3) */
	rig_poke(r, block + 8, 8, 1);
	rig_poke(r, block + 16, 8, text);
	rig_poke(r, block + 24, 8, 3);
	rig_poke(r, text, 4, 'h' | 'i' << 8 | '\n' << 16);
	assert_int_equal(store_word(r, RIG_DATA, block), OUTCOME_RUNNING);
	assert_string_equal(printed, "hi\n");
	assert_int_equal(rig_peek(r, block, 8), 3);
	assert_int_equal(rig_peek(r, RIG_DATA, 8), 0);
	assert_int_equal(rig_peek(r, RIG_DATA + 64, 8), 1);
}

static void tohost_refuses_what_it_does_not_know(void **state)
{
	struct rig *r = *state;

	r->m->bus.htif.tohost = RIG_DATA;
	r->m->bus.htif.fromhost = RIG_DATA + 64;
	assert_int_equal(store_word(r, RIG_DATA, RIG_DATA + 0x100), OUTCOME_HTIF);
	assert_int_equal(r->m->code, RIG_DATA + 0x100);
}

static void a_trap_that_nothing_handles_ends_the_run(void **state)
{
	struct rig *r = *state;

	rig_set_csr(r, CSR_MTVEC, 0);
	rig_poke(r, RIG_CODE, 4, ILLEGAL);
	assert_int_equal(machine_run(r->m, 100), OUTCOME_TRAP_LOOP);
	assert_int_equal(r->m->steps, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    RIG_TEST64(msip_raises_the_software_interrupt),
	    RIG_TEST64(mtimecmp_raises_the_timer_interrupt_when_it_is_due),
	    RIG_TEST64(clint_registers_have_halves),
	    RIG_TEST64(a_program_cannot_write_the_clints_interrupts_in_mip),
	    RIG_TEST64(wfi_skips_to_the_timer),
	    RIG_TEST64(wfi_without_the_timer_skips_nothing),
	    RIG_TEST64(what_is_sent_arrives),
	    RIG_TEST64(divisor_and_scratch_are_registers),
	    RIG_TEST64(input_is_received_up_to_its_end),
	    RIG_TEST64(the_finisher_passes),
	    RIG_TEST64(the_finisher_fails_with_a_code),
	    RIG_TEST64(the_finisher_knows_no_other_word),
	    RIG_TEST64(the_finisher_resets),
	    RIG_TEST64_ALL(a_reset_reaches_the_registers_of_the_mmu),
	    RIG_TEST64(a_reset_that_locks_withstand_ends_the_run),
	    RIG_TEST64(tohost_passes_and_fails),
	    RIG_TEST64(tohost_prints),
	    RIG_TEST64(tohost_refuses_what_it_does_not_know),
	    RIG_TEST64(a_trap_that_nothing_handles_ends_the_run),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
