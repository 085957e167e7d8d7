#include "frames.h"

#include "console.h"
#include "machine.h"
#include "memory.h"

extern char image_end[];

/* Frames are taken from below, blocks from above; between the two lies what
 * nobody has had yet. Freed frames are a list, linked through their first word. */
static xword low, high, freed;
static size_t in_use;

static bool take(xword *pa)
{
	if (freed) {
		*pa = freed;
		freed = *word_at(freed);
	} else if (low < high) {
		*pa = low;
		low += 4096;
	} else {
		return false;
	}
	memset((void *)*pa, 0, 4096);
	in_use++;
	return true;
}

static bool table_alloc(void *ctx, uint64_t *pa)
{
	xword frame;

	(void)ctx;
	if (!take(&frame))
		return false;
	*pa = frame;
	return true;
}

static void table_free(void *ctx, uint64_t pa)
{
	(void)ctx;
	frame_free((xword)pa);
}

static void *table_at(void *ctx, uint64_t pa)
{
	(void)ctx;
	if (pa < RAM_BASE || pa >= RAM_BASE + RAM_BYTES)
		return NULL;
	return (void *)(xword)pa;
}

struct pt_memory frames = {
    .pa_bits = XLEN == 32 ? 34 : 56,
    .alloc = table_alloc,
    .free = table_free,
    .at = table_at,
};

void frames_open(void)
{
	low = ((xword)image_end + 4095) & ~(xword)4095;
	high = RAM_BASE + RAM_BYTES;
}

static _Noreturn void no_memory(void)
{
	puts("out of memory");
	finish(1);
}

xword frame_alloc(void)
{
	xword pa;

	if (!take(&pa))
		no_memory();
	return pa;
}

void frame_free(xword pa)
{
	*word_at(pa) = freed;
	freed = pa;
	in_use--;
}

size_t frames_in_use(void)
{
	return in_use;
}

xword frame_block(xword bytes)
{
	xword block = (high - bytes) & ~(bytes - 1);

	if (block < low || block > high)
		no_memory();
	high = block;
	return block;
}
