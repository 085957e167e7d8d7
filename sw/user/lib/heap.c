/*
 * What picolibc's malloc() gets its memory from. The heap is one range of addresses that
 * grows at its end, by mappings: by some pages at a time, so that few of malloc()'s
 * requests need a system call.
 */
#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#define STEP 0x10000

static uintptr_t top = ABI_HEAP_BASE; /* end of what was given away */
static uintptr_t end = ABI_HEAP_BASE; /* end of what is mapped */

static int grow(size_t bytes)
{
	size_t unit = STEP;

	if ((size_t)getpagesize() > unit)
		unit = (size_t)getpagesize();
	bytes = (bytes + unit - 1) / unit * unit;
	if (bytes > ABI_HEAP_END - end ||
	    mmap((void *)end, bytes, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED)
		return -1;
	end += bytes;
	return 0;
}

/* Memory that malloc() gives back is kept for the next time: the heap never shrinks. */
void *sbrk(ptrdiff_t bytes)
{
	uintptr_t old = top;

	if (bytes < 0 || (size_t)bytes > ABI_HEAP_END - top ||
	    (top + (size_t)bytes > end && grow(top + (size_t)bytes - end) != 0)) {
		errno = ENOMEM;
		return (void *)-1;
	}
	top += (size_t)bytes;
	return (void *)old;
}
