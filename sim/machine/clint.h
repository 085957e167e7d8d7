/*
 * The core-local interruptor of one hart: software interrupt and timer, at the
 * places of SiFive's. Aligned accesses of 4 or 8 bytes; what is not a register
 * reads zero and ignores writes.
 *
 * mtime counts steps of the hart, so that a run repeats itself exactly; a hart
 * that waits for a timer alone makes it jump to when that is due (clint_skip).
 *
 * Sstc's comparison is made here too, since time is here: the register is the hart's.
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
	uint64_t stimecmp; /* compared when sstc is set: clint_set_stimecmp() */
	bool sstc;
	uint64_t next; /* mtime when the next comparison comes true */
	uint64_t *mip; /* the hart's: bits IRQ_MSI, IRQ_MTI, with sstc IRQ_STI, are set from here */
};

/* All registers zero but mtimecmp, which is at its end: no interrupt; sstc off. */
void clint_reset(struct clint *c, uint64_t *mip);

bool clint_read(struct clint *c, uint64_t offset, unsigned bytes, uint64_t *value);
bool clint_write(struct clint *c, uint64_t offset, unsigned bytes, uint64_t value);

/* Brings mip and `next` up to date with the registers. */
void clint_update(struct clint *c);

static inline void clint_tick(struct clint *c)
{
	if (++c->mtime >= c->next)
		clint_update(c);
}

/* The hart's stimecmp, and menvcfg.STCE. While `on`, IRQ_STI is the comparison's and
 * nobody else's; turned off, it is clear. */
void clint_set_stimecmp(struct clint *c, bool on, uint64_t stimecmp);

/* Time passes until the first of the timer interrupts in `enabled` (bits IRQ_MTI,
 * IRQ_STI, as in mie) is due; nothing when none of them is armed. */
void clint_skip(struct clint *c, uint64_t enabled);

#endif
