/*
 * Counters of the hardware against what the model behind sim/mmu.h counts at its pins.
 */
#ifndef ATLAS_TB_EVENTS_H
#define ATLAS_TB_EVENTS_H

#include "mmu.h"

/*
 * Steps until all that was accepted is answered, then compares. True if they agree, if the
 * configuration has no counters, or if the test itself wrote to them; false with one line
 * that says which does not. The caller offers nothing meanwhile, and no offer stands.
 */
bool events_agree(struct mmu *m, char *differ, size_t differ_size);

#endif
