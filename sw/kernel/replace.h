/*
 * Replacement: which page leaves memory when a frame is needed. A clock: its hand goes round
 * all frames; a page that was accessed since the hand was last there (A) stays, and A is
 * cleared; one that was not, goes: to the disk if it was written (D), else just so, because
 * what it holds is on the disk already, or in its program's file, or zeroes.
 */
#ifndef KERNEL_REPLACE_H
#define KERNEL_REPLACE_H

#include <stdbool.h>

#include "frames.h"
#include "space.h"

/* Frees one frame at least. False: no page can go. */
bool replace_page(void);

/*
 * A page comes back from the disk, for all spaces that have it, `va` in the one that asked.
 * False: no memory.
 */
bool replace_restore(struct space *s, xword va, uint64_t used);

#endif
