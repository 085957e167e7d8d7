#include "uart.h"

#include <poll.h>
#include <unistd.h>

enum { RBR_THR_DLL, IER_DLM, IIR_FCR, LCR, MCR, LSR, MSR, SCR, REGISTERS };

enum { LCR_DLAB = 0x80, LSR_DATA_READY = 0x01, LSR_TRANSMITTER_EMPTY = 0x60 };
enum { IIR_NO_INTERRUPT = 0x01 };

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
		return IIR_NO_INTERRUPT;
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
		else if (u->send)
			u->send(u->ctx, value);
		break;
	case IER_DLM:
		if (divisor)
			u->divisor[1] = value;
		else
			u->ier = value & 0x0f;
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
	default: /* FIFO control and the status registers hold nothing that we need */
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
