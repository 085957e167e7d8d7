/*
 * Event counters of the MMU (docs/counters.md): counter COUNTER_* + EVENT_* of mmu_pkg.h.
 * They are ours, so other machines do not have them. For M- and S-mode.
 */
#ifndef LIB_COUNTER_H
#define LIB_COUNTER_H

#include <stdbool.h>

#include "csr.h"

/* Whether there are counters that count; found out by trying, with traps that are caught
 * here (context.h). */
bool counters_exist(void);

/* All events up to the instruction before. RV32: both halves, of one moment. */
uint64_t counter_read(unsigned counter);
/* It counts from here on. */
void counter_zero(unsigned counter);
/* All of them. */
void counters_zero(void);
/* While inhibited nothing is counted, and what was counted stays. */
void counters_inhibit(bool on);

#endif
