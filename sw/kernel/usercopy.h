/*
 * The only way from the kernel to memory of a process: in no other place is SUM set. The
 * process is the one in use. Pages that are not there are brought in, as for the process
 * itself; what it could not do, the kernel does not do for it.
 */
#ifndef KERNEL_USERCOPY_H
#define KERNEL_USERCOPY_H

#include <stdbool.h>
#include <stddef.h>

#include "csr.h"

/* False: some byte of it cannot be read, or written; the others may have been copied. */
bool copy_in(void *to, xword from, size_t bytes);
bool copy_out(xword to, const void *from, size_t bytes);
/* A text with its end, of less than `room` bytes without it. Its length, or -1: a byte cannot
 * be read, or -2: it is longer. */
long copy_in_text(char *to, xword from, size_t room);

/*
 * What the kernel itself may do at an address: read a word, write the one that is there, run the
 * instruction there, which is to return by t1. False: it is refused.
 */
bool peek(xword address, uint32_t *value);
bool poke(xword address);
bool peek_run(xword address);

/* For trap.c: where a trap at that pc of the kernel goes on if nothing could be done about it;
 * 0: it is no such place, and a defect. */
xword copy_landing(xword pc);

#endif
