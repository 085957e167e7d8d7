#include "segments.h"

#include "boot.h"
#include "frames.h"
#include "kernel_csr.h"
#include "machine.h"
#include "memory.h"
#include "plic.h"
#include "trap.h"
#include "virtio_blk.h"

extern char kernel_text[], kernel_data[];

/* Of the kernel: code and constants; data and RAM; devices. Global, so that they answer in every
 * process, and not for users. No page at address zero. */
enum { KERNEL_SEGMENTS = 3 };

unsigned segments_for_process(void)
{
	return uses_segments() && machine.segments > KERNEL_SEGMENTS
		   ? machine.segments - KERNEL_SEGMENTS
		   : 0;
}

static void select(unsigned i)
{
	csr_write(CSR_SISELECT, SELECT_CUSTOM + SISELECT_SEGMENT0 + i);
}

static void load(unsigned i, const struct region *r, xword flags)
{
	select(i);
	csr_write(CSR_SIREG4, 0);
	csr_write(CSR_SIREG, r->start);
	csr_write(CSR_SIREG2, r->last);
	csr_write(CSR_SIREG3, r->phys);
#if XLEN == 32
	csr_write(CSR_SIREG5, 0);
#endif
	csr_write(CSR_SIREG4, flags | 1ul << SEG_V);
}

static void load_kernel(unsigned i, xword start, xword end, xword flags)
{
	const struct region r = {.start = start, .last = end - 1, .phys = start};

	load(i, &r, flags | 1ul << SEG_G);
}

static xword permissions(const struct region *r)
{
	xword flags = 1ul << SEG_R;

	if (r->prot & ABI_PROT_WRITE)
		flags |= 1ul << SEG_W;
	if (r->prot & ABI_PROT_EXEC)
		flags |= 1ul << SEG_X;
	if (r->prot != ABI_PROT_NONE)
		flags |= 1ul << SEG_U;
	return flags;
}

static void switch_to(unsigned asid)
{
	xword mode = boot.technique == ABI_SEGMENTS ? SEGMODE_SEGMENTS : SEGMODE_BOTH;

	csr_write(CSR_SISELECT, SELECT_CUSTOM + SISELECT_SEGCTL);
	csr_write(CSR_SIREG, mode | (xword)asid << SEGCTL_ASID);
}

void segments_start(void)
{
	const xword read = 1ul << SEG_R, write = 1ul << SEG_W, run = 1ul << SEG_X;

	load_kernel(0, (xword)kernel_text, (xword)kernel_data, read | run);
	load_kernel(1, (xword)kernel_data, RAM_BASE + (xword)boot.memory_kib * 1024, read | write);
	load_kernel(2, PLIC_BASE, DISK_BASE + 0x1000, read | write);
	switch_to(0);
}

void segments_use(const struct space *s)
{
	unsigned i = KERNEL_SEGMENTS;

	for (unsigned k = 0; s && k < s->regions; k++) {
		const struct region *r = &s->region[k];

		if (r->backing == BACKED_BY_SEGMENT)
			load(i++, r, permissions(r) | (xword)s->asid << SEG_ASID);
	}
	for (; i < machine.segments; i++) {
		select(i);
		csr_write(CSR_SIREG4, 0);
	}
	switch_to(s ? s->asid : 0);
}

/* ---- their memory ---------------------------------------------------------------- */

static bool take(xword start, xword end, xword *pa)
{
	return frames_take_block((end - start) / FRAME_BYTES, FRAME_BYTES, pa);
}

bool segment_take(struct region *r)
{
	xword bytes = r->end - r->start;
	xword have = r->source_bytes < bytes ? r->source_bytes : bytes;

	if (!take(r->start, r->end, &r->phys))
		return false;
	if (have > 0)
		memcpy((void *)r->phys, r->source, have);
	if (have % FRAME_BYTES != 0) {
		xword rest = FRAME_BYTES - have % FRAME_BYTES;

		memset((void *)(r->phys + have), 0, rest);
		have += rest;
	}
	frame_zero(r->phys + have, bytes - have);
	if (r->prot & ABI_PROT_EXEC)
		fence_instructions();
	return true;
}

void segment_drop(const struct region *r, xword start, xword end)
{
	frames_drop(r->phys + (start - r->start), end - start);
}

bool segment_extend(struct region *r, xword last)
{
	xword end = round_down(last, FRAME_BYTES) + FRAME_BYTES, pa, bytes = r->end - r->start;

	if (end == r->end) {
		r->last = last;
		return true;
	}
	if (!take(r->start, end, &pa))
		return false;
	memcpy((void *)pa, (const void *)r->phys, bytes);
	frame_zero(pa + bytes, end - r->end);
	segment_drop(r, r->start, r->end);
	r->phys = pa;
	r->end = end;
	r->last = last;
	return true;
}

bool segment_fork(struct region *child, const struct region *parent)
{
	if (parent->shared || !(parent->prot & ABI_PROT_WRITE)) {
		frames_share(parent->phys, parent->end - parent->start);
		return true;
	}
	if (!take(child->start, child->end, &child->phys))
		return false;
	memcpy((void *)child->phys, (const void *)parent->phys, child->end - child->start);
	return true;
}
