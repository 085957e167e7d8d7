/*
 * Page frames: all RAM behind the kernel's image, in pieces of 4 KiB, each with a count of the
 * mappings that refer to it. Addresses are physical, which for the kernel are pointers.
 */
#ifndef KERNEL_FRAMES_H
#define KERNEL_FRAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "csr.h"
#include "pagetable.h"

#define FRAME_BYTES 4096ul

struct frame {
	uint32_t next, prev; /* in the list of free frames, by number */
	uint16_t refs;       /* 0: free */
	uint8_t owner;       /* where to look first for a process that maps it */
	/*
	 * Can be given up for another (replace.c): a page of a process, at that address in
	 * every address space that has it.
	 */
	bool replaceable : 1;
	bool dirty : 1;  /* differs from its copy on the disk, beside what D of its PTEs says */
	bool copied : 1; /* the disk has a copy, in `slot` */
	xword va;
	uint32_t slot;
};

/* All RAM from the end of the image to `end`. */
void frames_open(xword end);

/*
 * A frame with one reference, its contents anything. When none is free, one is made so by
 * replacement: any page of any process that is not being used may be gone from memory
 * afterwards. False: nothing can be given up either.
 */
bool frame_take(xword *pa);
/* The same, of zeroes. */
bool frame_take_zeroed(xword *pa);

/*
 * `count` frames side by side, the first at a multiple of `align` bytes (a power of two), one
 * reference each, contents anything. Only what is free already is looked at. False: no such
 * room.
 */
bool frames_take_block(xword count, xword align, xword *pa);

/* One reference more, or less, to each frame of that range; without any it is free. */
void frames_share(xword pa, xword bytes);
void frames_drop(xword pa, xword bytes);

void frame_zero(xword pa, xword bytes);
struct frame *frame_of(xword pa);
xword frame_address(const struct frame *frame);

/* By number, from 0 on, for who looks at all of them. */
struct frame *frame_number(size_t i);
size_t frames_total(void);
size_t frames_free(void);
/* Those with a copy on the disk: as many places there can be had for other pages. */
size_t frames_copied(void);
void frame_set_copied(struct frame *frame, bool copied);

/* Where page tables come from: frames, by replacement too if need be. */
extern struct pt_memory table_memory;

#endif
