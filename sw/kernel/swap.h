/*
 * The swap area: the whole disk, in places of one page each, with a count of what refers to it:
 * entries of page tables, or the frame of which it is a copy.
 */
#ifndef KERNEL_SWAP_H
#define KERNEL_SWAP_H

#include <stdbool.h>
#include <stdint.h>

#include "csr.h"

/* Opens the disk. Without one, there is no place. */
void swap_open(void);
uint32_t swap_total(void);
uint32_t swap_free(void);

/* A place with one reference. False: all are taken. */
bool swap_take(uint32_t *slot);
void swap_share(uint32_t slot);
void swap_drop(uint32_t slot);
unsigned swap_refs(uint32_t slot);
void swap_set_refs(uint32_t slot, unsigned refs);

/* The frame at `pa` to or from there. False: the disk reports an error. */
bool swap_write(uint32_t slot, xword pa);
bool swap_read(uint32_t slot, xword pa);

#endif
