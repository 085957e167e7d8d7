/*
 * What a machine has beyond the ratified base, found out by trying; and switching on
 * and off what has a switch in menvcfg. All for M-mode.
 *
 * frames.extensions (PT_HAS_*, pagetable.h) follows: with it pt_map() knows what it
 * may make, and pt_explain() what the MMU will say.
 */
#ifndef LIB_EXTENSIONS_H
#define LIB_EXTENSIONS_H

#include <stdbool.h>

#include "csr.h"

/* Once, by space_start(): what is there and has no switch (Svnapot, Svrsw60t59b). */
void extensions_probe(void);

/*
 * Each writes its bit of menvcfg and fences everything. False, and nothing has changed:
 * the machine does not have it. They are off at the start.
 */
bool switch_update(bool on);       /* ADUE: hardware sets A and D (Svadu) */
bool switch_pbmt(bool on);         /* PBMTE: memory types in PTEs (Svpbmt) */
bool switch_shadow_stack(bool on); /* SSE: shadow-stack pages (Zicfiss) */

/* The PMM fields of mseccfg, menvcfg and senvcfg (pointer masking), whose privilege is
 * PRIV_M, PRIV_S, PRIV_U: sets it to PMM_*. False: not possible here. */
bool switch_masking(unsigned priv, unsigned pmm);

/* Does the register exist, in M-mode? */
bool mseccfg_exists(void);

#endif
