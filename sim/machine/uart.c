#include "uart.h"

#include <poll.h>
#include <unistd.h>

enum { RBR_THR_DLL, IER_DLM, IIR_FCR, LCR, MCR, LSR, MSR, SCR, REGISTERS };

enum { LCR_DLAB = 0x80, LSR_DATA_READY = 0x01, LSR_TRANSMITTER_EMPTY = 0x60 };
enum { IIR_NO_INTERRUPT = 0x01, IIR_SENT = 0x02, IIR_RECEIVED = 0x04, IIR_FIFOS = 0xc0 };
enum { IER_RECEIVED = 0x01, IER_SENT = 0x02 };

static void receive(struct uart *u)
{
	struct pollfd p = {.fd = u->input, .events = POLLIN};
	ssize_t n;

	if (!u->receives || u->have_input || poll(&p, 1, 0) <= 0)
		return;
	n = read(u->input, &u->received, 1);
	u->have_input = n == 1;
	u->receives = n == 1;
}

void uart_reset(struct uart *u)
{
	u->sent = u->fifos = false;
	u->ier = u->lcr = u->mcr = u->scr = 0;
	u->divisor[0] = u->divisor[1] = 0;
}

static bool received_interrupt(const struct uart *u)
{
	return (u->ier & IER_RECEIVED) && u->have_input;
}

static bool sent_interrupt(const struct uart *u)
{
	return (u->ier & IER_SENT) && u->sent;
}

bool uart_interrupt(const struct uart *u)
{
	return received_interrupt(u) || sent_interrupt(u);
}

void uart_poll(struct uart *u)
{
	if (u->ier & IER_RECEIVED)
		receive(u);
}

/* The most urgent interrupt; to be told of the empty transmitter takes that back. */
static uint8_t identify(struct uart *u)
{
	uint8_t fifos = u->fifos ? IIR_FIFOS : 0;

	if (received_interrupt(u))
		return fifos | IIR_RECEIVED;
	if (!sent_interrupt(u))
		return fifos | IIR_NO_INTERRUPT;
	u->sent = false;
	return fifos | IIR_SENT;
}

/* The transmitter is empty already when its interrupt is switched on. */
static void enable_interrupts(struct uart *u, uint8_t value)
{
	if (~u->ier & value & IER_SENT)
		u->sent = true;
	u->ier = value & 0x0f;
}

static void transmit(struct uart *u, uint8_t c)
{
	if (u->send)
		u->send(u->ctx, c);
	u->sent = true;
}

static uint8_t read_register(struct uart *u, uint64_t offset)
{
	bool divisor = u->lcr & LCR_DLAB;

	switch (offset) {
	case RBR_THR_DLL:
		if (divisor)
			return u->divisor[0];
		receive(u);
		if (!u->have_input)
			return 0;
		u->have_input = false;
		return u->received;
	case IER_DLM:
		return divisor ? u->divisor[1] : u->ier;
	case IIR_FCR:
		return identify(u);
	case LCR:
		return u->lcr;
	case MCR:
		return u->mcr;
	case LSR:
		receive(u);
		return LSR_TRANSMITTER_EMPTY | (u->have_input ? LSR_DATA_READY : 0);
	case SCR:
		return u->scr;
	default:
		return 0;
	}
}

static void write_register(struct uart *u, uint64_t offset, uint8_t value)
{
	bool divisor = u->lcr & LCR_DLAB;

	switch (offset) {
	case RBR_THR_DLL:
		if (divisor)
			u->divisor[0] = value;
		else
			transmit(u, value);
		break;
	case IER_DLM:
		if (divisor)
			u->divisor[1] = value;
		else
			enable_interrupts(u, value);
		break;
	case IIR_FCR:
		u->fifos = value & 1;
		break;
	case LCR:
		u->lcr = value;
		break;
	case MCR:
		u->mcr = value & 0x1f;
		break;
	case SCR:
		u->scr = value;
		break;
	default: /* the status registers */
		break;
	}
}

bool uart_read(struct uart *u, uint64_t offset, unsigned bytes, uint64_t *value)
{
	if (bytes != 1 || offset >= REGISTERS)
		return false;
	*value = read_register(u, offset);
	return true;
}

bool uart_write(struct uart *u, uint64_t offset, unsigned bytes, uint64_t value)
{
	if (bytes != 1 || offset >= REGISTERS)
		return false;
	write_register(u, offset, (uint8_t)value);
	return true;
}
