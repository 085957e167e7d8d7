/*
 * malloc, free and posix_memalign, from a C library that knows nothing of this kernel: it
 * asks for memory by sbrk(), and sbrk() maps it.
 */
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"
#include "system.h"

#define BLOCKS 40

static unsigned char *block[BLOCKS];
static size_t size[BLOCKS];

static bool is_intact(unsigned n)
{
	for (size_t i = 0; i < size[n]; i++)
		if (block[n][i] != (unsigned char)(n + i))
			return false;
	return true;
}

static bool take(unsigned n)
{
	size[n] = 1 + (size_t)rand() % (n % 8 == 0 ? 4000 : 100);
	block[n] = malloc(size[n]);
	for (size_t i = 0; block[n] && i < size[n]; i++)
		block[n][i] = (unsigned char)(n + i);
	return block[n];
}

/* Takes and gives back at random, and looks at what it gives back. */
static unsigned churn(unsigned times)
{
	unsigned wrong = 0;

	for (unsigned i = 0; i < times; i++) {
		unsigned n = (unsigned)rand() % BLOCKS;

		wrong += !is_intact(n);
		free(block[n]);
		wrong += !take(n);
	}
	for (unsigned n = 0; n < BLOCKS; n++) {
		wrong += !is_intact(n);
		free(block[n]);
	}
	return wrong;
}

static bool aligned_at(size_t alignment)
{
	void *memory = NULL;
	bool ok = posix_memalign(&memory, alignment, 100) == 0 && memory &&
		  (uintptr_t)memory % alignment == 0;

	if (ok)
		memset(memory, 1, 100);
	free(memory);
	return ok;
}

int main(void)
{
	bool aligned = true;
	unsigned taken = 0;
	void *huge;

	statement("malloc, free and posix_memalign rest on mmap");
	srand(1962);
	while (taken < BLOCKS && take(taken))
		taken++;
	must("takes 40 blocks of 1 to 4000 bytes", taken == BLOCKS, "%u", taken);
	must("they lie in the heap",
	     (uintptr_t)block[0] >= ABI_HEAP_BASE && (uintptr_t)block[0] < ABI_HEAP_END, "mapped");
	must("gives back and takes 100 times", churn(100) == 0, "all intact");

	for (size_t alignment = sizeof(void *); alignment <= 0x4000; alignment *= 2)
		aligned = aligned && aligned_at(alignment);
	must("takes memory aligned up to 16 KiB", aligned, "aligned");
	must("asks for an alignment of 3", posix_memalign(&huge, 3, 100) == EINVAL, "EINVAL");

	huge = malloc(ABI_HEAP_END - ABI_HEAP_BASE);
	must("asks for more than all of the heap", !huge && errno == ENOMEM, "ENOMEM");
	huge = malloc(100000);
	must("goes on", huge != NULL, "100000 bytes");
	free(huge);
	return conclude();
}
