/*
 * Physical memory: the RAM behind the image, in page frames of 4 KiB. Physical
 * addresses are used as pointers, so this is for M-mode, and for S-mode where
 * RAM is mapped to itself.
 */
#ifndef LIB_FRAMES_H
#define LIB_FRAMES_H

#include <stddef.h>
#include <stdint.h>

#include "csr.h"
#include "pagetable.h"

/* For the page-table library. Its pa_bits are the most that the architecture has, until
 * space_start() has seen how many the machine has. */
extern struct pt_memory frames;

/* Once, in M-mode, before anything else. */
void frames_open(void);

/* A frame of zeroes. When there is none left, the program ends as failed. */
xword frame_alloc(void);
void frame_free(xword pa);
size_t frames_in_use(void);

/* A block of `bytes`, a power of two, at a multiple of its size; never freed.
 * Not zeroed. */
xword frame_block(xword bytes);

/* The word at a physical address. */
static inline volatile xword *word_at(xword pa)
{
	return (volatile xword *)pa;
}

#endif
