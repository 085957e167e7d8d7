/*
 * What the tests of the L2 TLB share: scenes of the configurations that have one, and a way
 * to make an L1 forget what the L2 still holds.
 *
 * Pages of 4 KiB under test stand in the L2's sets 0 to L2_SETS_FREE - 1; what makes an L1
 * forget stands in the others.
 */
#ifndef ATLAS_L2_SCENE_H
#define ATLAS_L2_SCENE_H

#include "scene.h"

enum { L2_SETS_FREE = 3 };

/* What a look-up in the L2 costs, found or not. */
enum { L2_CYCLES = 2 };

/* Checks each configuration with an L2 that `fits` (NULL: all): in its deepest mode, PMP
 * open, memory of that latency. The test fails if none does. */
void l2_on_each(bool (*fits)(const struct mmu_config *c), unsigned latency,
		void (*check)(struct scene *s));

/* The i-th page of L2_SETS_FREE * n to use in a test: each L2_SETS_FREE share their sets with
 * the next, and no page is one that l2_forget() uses. */
uint64_t l2_page(const struct scene *s, unsigned i);

/* Maps l2_page(i) with these flags, each to a place of its own; its address. */
uint64_t l2_map(struct scene *s, unsigned i, unsigned flags);
/* Where it goes. */
uint64_t l2_place(unsigned i);

/* The port of that access has nothing left in its L1 but pages that no test uses. In the
 * scene's root and ASID 0. */
void l2_forget(struct scene *s, unsigned access);

/* That this access is answered by the L1's miss and the L2's hit; by a walk behind the L2. */
void l2_expect_held(struct scene *s, uint64_t va, unsigned access);
void l2_expect_walk(struct scene *s, uint64_t va, unsigned access);

/* Lets fills and the cleaning after a fence by address end. */
void l2_settle(struct scene *s);
/* Lets every sweep end. */
void l2_rest(struct scene *s);

#endif
