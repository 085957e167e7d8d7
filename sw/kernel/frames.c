#include "frames.h"

#include "boot.h"
#include "kernel_csr.h"
#include "machine.h"
#include "memory.h"
#include "replace.h"
#include "swap.h"
#include "trap.h"

#define NO_FRAME UINT32_MAX

extern char kernel_end[];

/* The table of frames stands before the first of them. The free ones are a ring, so that any
 * can leave it. */
static struct frame *table;
static xword first;
static uint32_t total, free_count, copied_count, free_head = NO_FRAME;

struct frame *frame_number(size_t i)
{
	return &table[i];
}

size_t frames_total(void)
{
	return total;
}

size_t frames_free(void)
{
	return free_count;
}

size_t frames_copied(void)
{
	return copied_count;
}

void frame_set_copied(struct frame *frame, bool copied)
{
	copied_count += copied;
	copied_count -= frame->copied;
	frame->copied = copied;
}

struct frame *frame_of(xword pa)
{
	xword number = (pa - first) / FRAME_BYTES;

	if (pa < first || number >= total)
		defect("no frame has this address", 0, pa);
	return &table[number];
}

xword frame_address(const struct frame *frame)
{
	return first + (xword)(frame - table) * FRAME_BYTES;
}

/* ---- the ring of free frames ----------------------------------------------------- */

/* Low ones are handed out first, so that above them large blocks stay whole. */
static void ring_add(uint32_t i)
{
	if (free_head == NO_FRAME) {
		table[i].next = table[i].prev = i;
	} else {
		uint32_t next = free_head, prev = table[free_head].prev;

		table[i].next = next;
		table[i].prev = prev;
		table[prev].next = table[next].prev = i;
	}
	if (i < free_head)
		free_head = i;
	free_count++;
}

static void ring_remove(uint32_t i)
{
	uint32_t next = table[i].next, prev = table[i].prev;

	table[prev].next = next;
	table[next].prev = prev;
	if (free_head == i)
		free_head = next == i ? NO_FRAME : next;
	free_count--;
}

void frames_open(xword end)
{
	xword start = ((xword)kernel_end + 15) & ~15ul;

	table = (struct frame *)start;
	total = (uint32_t)((end - start) / (FRAME_BYTES + sizeof *table));
	/* Rounding up costs at most the last frame. */
	first = (start + total * sizeof *table + FRAME_BYTES - 1) & ~(FRAME_BYTES - 1);
	total = (uint32_t)((end - first) / FRAME_BYTES);
	for (uint32_t i = total; i-- > 0;) {
		table[i] = (struct frame){0};
		ring_add(i);
	}
}

/* ---- taking and giving back ------------------------------------------------------ */

static void hand_out(uint32_t i)
{
	ring_remove(i);
	table[i] = (struct frame){.refs = 1};
}

bool frame_take(xword *pa)
{
	if (free_head == NO_FRAME && !replace_page())
		return false;
	*pa = frame_address(&table[free_head]);
	hand_out(free_head);
	return true;
}

void frame_zero(xword pa, xword bytes)
{
	if (machine.zero_block == 0) {
		memset((void *)pa, 0, bytes);
		return;
	}
	for (xword at = pa; at < pa + bytes; at += machine.zero_block)
		block_zero((void *)at);
}

bool frame_take_zeroed(xword *pa)
{
	if (!frame_take(pa))
		return false;
	frame_zero(*pa, FRAME_BYTES);
	return true;
}

/* Blocks are looked for from above, single frames taken from below, so that they keep out of
 * each other's way for a while. */
bool frames_take_block(xword count, xword align, xword *pa)
{
	xword room = (xword)total * FRAME_BYTES, bytes = count * FRAME_BYTES;

	if (count == 0 || count > total)
		return false;
	for (xword at = (first + room - bytes) & ~(align - 1); at >= first; at -= align) {
		uint32_t start = (uint32_t)((at - first) / FRAME_BYTES), used = 0;

		while (used < count && table[start + used].refs == 0)
			used++;
		if (used == count) {
			for (uint32_t i = 0; i < count; i++)
				hand_out(start + i);
			*pa = at;
			return true;
		}
	}
	return false;
}

void frames_share(xword pa, xword bytes)
{
	for (struct frame *f = frame_of(pa); bytes > 0; f++, bytes -= FRAME_BYTES)
		f->refs++;
}

void frames_drop(xword pa, xword bytes)
{
	for (struct frame *f = frame_of(pa); bytes > 0; f++, bytes -= FRAME_BYTES) {
		if (f->refs == 0)
			defect("a free frame is given back", 0, frame_address(f));
		if (--f->refs > 0)
			continue;
		if (f->copied) {
			swap_drop(f->slot);
			frame_set_copied(f, false);
		}
		ring_add((uint32_t)(f - table));
	}
}

/* ---- page tables ----------------------------------------------------------------- */

static bool table_alloc(void *ctx, uint64_t *pa)
{
	xword frame;

	(void)ctx;
	if (!frame_take_zeroed(&frame))
		return false;
	*pa = frame;
	return true;
}

static void table_free(void *ctx, uint64_t pa)
{
	(void)ctx;
	frames_drop((xword)pa, FRAME_BYTES);
}

static void *table_at(void *ctx, uint64_t pa)
{
	(void)ctx;
	return pa < first || pa >= first + (xword)total * FRAME_BYTES ? NULL : (void *)(xword)pa;
}

struct pt_memory table_memory = {
    .pa_bits = XLEN == 32 ? 34 : 56,
    .alloc = table_alloc,
    .free = table_free,
    .at = table_at,
};
