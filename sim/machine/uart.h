/*
 * A 16550 UART: what the program sends goes to a sink at once, so that the
 * transmitter is always empty; what it receives comes from a file descriptor, looked
 * at when the program asks for the line status, and by uart_poll(). Of the interrupts
 * it has those of received data and of the empty transmitter. Byte accesses only.
 */
#ifndef ATLAS_UART_H
#define ATLAS_UART_H

#include <stdbool.h>
#include <stdint.h>

#define UART_BASE  0x10000000ull
#define UART_BYTES 0x100ull

struct uart {
	void (*send)(void *ctx, uint8_t c); /* NULL: nobody listens */
	void *ctx;
	bool receives;   /* there is an input, not yet at its end */
	int input;       /* file descriptor; not owned */
	bool have_input; /* `received` waits in the receive buffer */
	uint8_t received;
	bool sent;  /* the transmitter became empty, and IIR has not yet told it */
	bool fifos; /* switched on: IIR says so; they hold one byte */
	uint8_t ier, lcr, mcr, scr;
	uint8_t divisor[2];
};

/* Registers to their reset state; sink and source stay. */
void uart_reset(struct uart *u);

/* Whether the UART asks for an interrupt. */
bool uart_interrupt(const struct uart *u);

/* Looks whether something has come, if that would interrupt. */
void uart_poll(struct uart *u);

/* False: a bus error. */
bool uart_read(struct uart *u, uint64_t offset, unsigned bytes, uint64_t *value);
bool uart_write(struct uart *u, uint64_t offset, unsigned bytes, uint64_t value);

#endif
