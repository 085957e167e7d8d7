/*
 * Segments: regions that are one piece of physical memory, which the MMU finds by a register
 * rather than by a table. The kernel has the first few, for every process; the others are
 * loaded when a process is.
 */
#ifndef KERNEL_SEGMENTS_H
#define KERNEL_SEGMENTS_H

#include "space.h"

/* The kernel's own segments, and segments on: once. */
void segments_start(void);
/* How many a process may have. */
unsigned segments_for_process(void);
/* Loads those of the space (NULL: none), and makes its ASID the current one. */
void segments_use(const struct space *s);

/* Memory for the region, filled from its source. False: no such piece is free. */
bool segment_take(struct region *r);
void segment_drop(const struct region *r, xword start, xword end);
/* Makes it end at `last`, perhaps elsewhere in memory. False: no such piece. */
bool segment_extend(struct region *r, xword last);
/* A copy of the parent's region in the child's, or the same memory if it is shared. */
bool segment_fork(struct region *child, const struct region *parent);

#endif
