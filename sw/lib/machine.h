/* The machine around the hart: QEMU's `virt` board, as far as it is used. */
#ifndef LIB_MACHINE_H
#define LIB_MACHINE_H

#include <stdint.h>

#define RAM_BASE 0x80000000ul
/* What the programs count on; the machine may have more. */
#define RAM_BYTES 0x02000000ul

/* No memory and no device is here, whatever the size of RAM. */
#define NOWHERE 0xf0000000ul

#define UART_BASE     0x10000000ul
#define FINISHER_BASE 0x00100000ul
#define CLINT_BASE    0x02000000ul

/* Ends the run: 0 is a pass; any other code, up to 65535, a failure. */
_Noreturn void finish(int code);

/* CLINT: time in its own ticks, and this hart's two interrupts. */
uint64_t time_now(void);
void timer_set(uint64_t when); /* M timer interrupt pending from then on */
void timer_off(void);
void software_interrupt(int pending); /* M software interrupt */

#endif
