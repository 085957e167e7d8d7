/*
 * The core-local interruptor of one hart: software interrupt and timer, at the
 * places of SiFive's. Aligned accesses of 4 or 8 bytes; what is not a register
 * reads zero and ignores writes.
 *
 * mtime counts steps of the hart, so that a run repeats itself exactly; a hart
 * that waits for the timer alone makes it jump to mtimecmp (clint_skip).
 */
#ifndef ATLAS_CLINT_H
#define ATLAS_CLINT_H

#include <stdbool.h>
#include <stdint.h>

#include "csr_numbers.h"

#define CLINT_BASE  0x02000000ull
#define CLINT_BYTES 0x10000ull

struct clint {
	uint32_t msip;
	uint64_t mtime, mtimecmp;
	uint64_t *mip; /* the hart's: bits IRQ_MSI and IRQ_MTI are set from here */
};

/* All registers zero but mtimecmp, which is at its end: no interrupt. */
void clint_reset(struct clint *c, uint64_t *mip);

bool clint_read(struct clint *c, uint64_t offset, unsigned bytes, uint64_t *value);
bool clint_write(struct clint *c, uint64_t offset, unsigned bytes, uint64_t value);

static inline void clint_tick(struct clint *c)
{
	if (++c->mtime >= c->mtimecmp)
		*c->mip |= 1u << IRQ_MTI;
}

/* Time passes until the timer interrupt is due; nothing when it is not armed. */
void clint_skip(struct clint *c);

#endif
