/*
 * Segments: pieces of virtual memory of any length that the MMU translates without page
 * tables (docs/segments.md). They are ours, so other machines do not have them.
 *
 * For M-mode, and for S-mode while mstatus.TVM is clear. No fence is needed: a write
 * takes effect with the next access.
 */
#ifndef LIB_SEGMENT_H
#define LIB_SEGMENT_H

#include "csr.h"

#define SEGMENTS_MOST 16

struct segment {
	xword base;    /* first virtual byte; the low 12 bits read as zero */
	xword last;    /* last virtual byte; below base: the segment is empty */
	uint64_t phys; /* physical address of base; the low 12 bits read as zero */
	xword cfg;     /* SEGMENT_*, SEGMENT_ASID(n) */
};

/* cfg. W without R is stored as neither. */
#define SEGMENT_V       (1ul << SEG_V)
#define SEGMENT_R       (1ul << SEG_R)
#define SEGMENT_W       (1ul << SEG_W)
#define SEGMENT_X       (1ul << SEG_X)
#define SEGMENT_U       (1ul << SEG_U)
#define SEGMENT_G       (1ul << SEG_G)
#define SEGMENT_ASID(n) ((xword)(n) << SEG_ASID)

/* How many there are, 0 on a machine without; found out by trying, with traps that are
 * caught here (context.h). */
unsigned segment_count(void);

/* Segment i, which exists, or the program traps. It is off while its registers change:
 * nothing that it maps may be needed meanwhile, this code least of all. */
void segment_set(unsigned i, struct segment segment);
/* As the registers keep it. */
struct segment segment_get(unsigned i);

/* segctl: SEGMODE_*, and the address space whose segments count beside the global ones.
 * The lowest-numbered segment that holds an address answers for it. */
void segment_switch(unsigned mode, unsigned asid);
xword segment_control(void);

#endif
