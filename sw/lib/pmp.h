/*
 * Physical memory protection, for programs in M-mode. At the start entry 0 opens all
 * memory to S and U (crt0.S); pmp_start() hands that to the last entry, so that those
 * before it are free to try things with.
 */
#ifndef LIB_PMP_H
#define LIB_PMP_H

#include "csr.h"

#define PMP_MOST 16 /* entries that these functions reach */

/* Moves the opening, and looks how many entries there are and how fine. */
void pmp_start(void);
unsigned pmp_entries(void); /* 0 to PMP_MOST */
unsigned pmp_open(void);    /* the one that opens all memory: the last */
xword pmp_granule(void);    /* bytes of the smallest region: 4 or more */

/* An entry's address register and then its byte of pmpcfg; fences. Of an entry that
 * does not exist: nothing. */
void pmp_set(unsigned entry, unsigned cfg, xword address);
void pmp_set_cfg(unsigned entry, unsigned cfg);
void pmp_set_address(unsigned entry, xword address);
unsigned pmp_cfg(unsigned entry);
xword pmp_address(unsigned entry);

/* pmpaddr for a naturally aligned region of `bytes`, a power of two of 8 or more. */
static inline xword pmp_napot(xword base, xword bytes)
{
	return base >> 2 | (bytes / 8 - 1);
}

#endif
