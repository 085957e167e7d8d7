/*
 * The platform-level interrupt controller of QEMU's `virt` board, for one hart:
 * sources 1 to 95, priorities 0 (never) to 7, context 0 its M-mode and 1 its S-mode
 * (RISC-V PLIC specification 1.0.0). Aligned accesses of 4 bytes; what is not a
 * register reads zero and ignores writes.
 *
 * Every source is a level. One that rises is pending until it is claimed, even if it
 * falls before; from the claim to the completion it makes no new request. Of those
 * that are pending and enabled the highest priority is first, then the lowest number;
 * a claim does not look at the threshold. Completing what is not enabled for the
 * context does nothing.
 */
#ifndef ATLAS_PLIC_H
#define ATLAS_PLIC_H

#include <stdbool.h>
#include <stdint.h>

#include "csr_numbers.h"

#define PLIC_BASE  0x0c000000ull
#define PLIC_BYTES 0x00600000ull

enum { PLIC_SOURCES = 96, PLIC_WORDS = PLIC_SOURCES / 32, PLIC_CONTEXTS = 2 };

/* Sources, as on `virt`. */
enum { PLIC_VIRTIO = 1 /* to 8, a slot each */, PLIC_UART = 10 };

struct plic {
	uint8_t priority[PLIC_SOURCES];
	uint32_t line[PLIC_WORDS]; /* as the devices hold it; a bit a source, as below */
	uint32_t pending[PLIC_WORDS];
	uint32_t claimed[PLIC_WORDS]; /* not yet completed */
	struct plic_context {
		uint32_t enabled[PLIC_WORDS];
		uint8_t threshold;
	} context[PLIC_CONTEXTS];
	uint64_t *external; /* the hart's: bits IRQ_MEI and IRQ_SEI are driven from here */
};

/* Nothing pending, enabled or claimed; all priorities and thresholds zero, lines low. */
void plic_reset(struct plic *p, uint64_t *external);

/* A device raises or lowers its line; source is 1 to 95. */
void plic_set_line(struct plic *p, unsigned source, bool high);

/* False: a bus error. */
bool plic_read(struct plic *p, uint64_t offset, unsigned bytes, uint64_t *value);
bool plic_write(struct plic *p, uint64_t offset, unsigned bytes, uint64_t value);

#endif
