/*
 * tohost and fromhost, two 64-bit words of RAM by which bare-metal tests talk to
 * whoever runs them (riscv-tests). Writing to tohost:
 *   1                            the test passed
 *   another odd number n         it failed, with code n >> 1
 *   an even address, not 0       a system call: eight 64-bit words there (number,
 *                                arguments). Known is 64, write(fd, address, length)
 *                                in RAM, to the console
 * A system call is answered by its result in word 0, tohost = 0, fromhost = 1.
 */
#ifndef ATLAS_HTIF_H
#define ATLAS_HTIF_H

#include <stdbool.h>
#include <stdint.h>

struct bus;

#define HTIF_NONE (UINT64_MAX - 63) /* the program has no such symbol */

enum htif_state { HTIF_QUIET, HTIF_PASS, HTIF_FAIL, HTIF_UNKNOWN };

struct htif {
	uint64_t tohost, fromhost; /* physical addresses in RAM, or HTIF_NONE */
	enum htif_state state;
	uint64_t code; /* of HTIF_FAIL; for HTIF_UNKNOWN what was written */
};

/* A write there concerns tohost. */
static inline bool htif_watches(const struct htif *h, uint64_t pa, unsigned bytes)
{
	return pa + bytes - 1 - h->tohost < 8 + bytes - 1;
}

/* Looks at what stands in tohost, after a write to it. */
void htif_request(struct bus *b);

#endif
