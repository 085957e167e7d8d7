/* The UART's interrupts, through the interrupt controller (16550). What it sends and
 * receives is in test_devices.c. */
#include "plic_fixture.h"

#include <unistd.h>

enum { RBR = 0, IER = 1, IIR = 2 };

static void listen_to_uart(struct rig *r, uint8_t ier)
{
	set_priority(r, PLIC_UART, 1);
	enable(r, S, PLIC_UART);
	rig_poke(r, UART_BASE + IER, 1, ier);
}

static void what_the_uart_receives_interrupts(void **state)
{
	struct rig *r = *state;
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	r->m->bus.uart.receives = true;
	r->m->bus.uart.input = ends[0];
	listen_to_uart(r, 1);
	bus_poll(&r->m->bus);
	assert_int_equal(external(r), 0);
	assert_int_equal(write(ends[1], "a", 1), 1);
	bus_poll(&r->m->bus);
	assert_int_equal(external(r), BIT(IRQ_SEI));
	assert_int_equal(rig_peek(r, UART_BASE + IIR, 1), 0x04);
	assert_int_equal(claim(r, S), PLIC_UART);
	assert_int_equal(rig_peek(r, UART_BASE + RBR, 1), 'a');
	assert_int_equal(rig_peek(r, UART_BASE + IIR, 1), 0x01);
	complete(r, S, PLIC_UART);
	assert_int_equal(external(r), 0);
	close(ends[0]);
	close(ends[1]);
}

/* Also to a hart that waits, and without it having to ask the UART. */
static void a_running_machine_notices_input(void **state)
{
	struct rig *r = *state;
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], "a", 1), 1);
	r->m->bus.uart.receives = true;
	r->m->bus.uart.input = ends[0];
	listen_to_uart(r, 1);
	rig_poke(r, RIG_CODE, 4, JAL(ZERO, 0));
	assert_int_equal(machine_run(r->m, 1000), OUTCOME_RUNNING);
	assert_int_equal(external(r), BIT(IRQ_SEI));
	rig_peek(r, UART_BASE + RBR, 1);
	claim(r, S);
	complete(r, S, PLIC_UART);
	assert_int_equal(write(ends[1], "b", 1), 1);
	rig_poke(r, RIG_CODE, 4, WFI);
	assert_int_equal(machine_run(r->m, 1), OUTCOME_RUNNING);
	assert_int_equal(external(r), BIT(IRQ_SEI));
	close(ends[0]);
	close(ends[1]);
}

static void the_empty_transmitter_interrupts_until_it_is_told(void **state)
{
	struct rig *r = *state;

	listen_to_uart(r, 2);
	assert_int_equal(external(r), BIT(IRQ_SEI));
	assert_int_equal(rig_peek(r, UART_BASE + IIR, 1), 0x02);
	assert_int_equal(rig_peek(r, UART_BASE + IIR, 1), 0x01);
	assert_int_equal(claim(r, S), PLIC_UART);
	complete(r, S, PLIC_UART);
	assert_int_equal(external(r), 0);
	rig_poke(r, UART_BASE + RBR, 1, 'x');
	assert_int_equal(external(r), BIT(IRQ_SEI));
	rig_poke(r, UART_BASE + IER, 1, 0);
	assert_int_equal(rig_peek(r, UART_BASE + IIR, 1), 0x01);
}

static void iir_tells_whether_the_fifos_are_on(void **state)
{
	struct rig *r = *state;

	rig_poke(r, UART_BASE + IIR, 1, 1);
	assert_int_equal(rig_peek(r, UART_BASE + IIR, 1), 0xc1);
	rig_poke(r, UART_BASE + IIR, 1, 0);
	assert_int_equal(rig_peek(r, UART_BASE + IIR, 1), 0x01);
}

static void a_reset_turns_its_interrupts_off(void **state)
{
	struct rig *r = *state;

	listen_to_uart(r, 3);
	rig_set_x(r, A0, 0x7777);
	rig_set_x(r, A1, FINISHER_BASE);
	rig_poke(r, RIG_CODE, 4, SW(A0, A1, 0));
	assert_int_equal(machine_run(r->m, 1), OUTCOME_RUNNING);
	assert_int_equal(rig_peek(r, UART_BASE + IER, 1), 0);
	assert_int_equal(external(r), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    RIG_TEST64(what_the_uart_receives_interrupts),
	    RIG_TEST64(a_running_machine_notices_input),
	    RIG_TEST64(the_empty_transmitter_interrupts_until_it_is_told),
	    RIG_TEST64(iir_tells_whether_the_fifos_are_on),
	    RIG_TEST64(a_reset_turns_its_interrupts_off),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
