/* Whole address spaces: making, using, copying them. Regions are in region.c. */
#include "space.h"

#include "boot.h"
#include "frames.h"
#include "kernel_csr.h"
#include "machine.h"
#include "pages.h"
#include "plic.h"
#include "segments.h"
#include "trap.h"
#include "virtio_blk.h"

extern char kernel_text[], kernel_constants[], kernel_data[];

/*
 * What the kernel has in every address space with pages: its image and RAM, and devices, each
 * at its physical address. Not the page at address zero, of 4 MiB neither: the test finisher,
 * which lies there, is used with translation off (stop() in trap.c).
 */
static struct kernel_range {
	xword start, end;
	unsigned flags;
} kernel_ranges[] = {
    {UART_BASE, UART_BASE + 0x1000, PT_WRITE},
    {DISK_BASE, DISK_BASE + 0x1000, PT_WRITE},
    {PLIC_BASE, PLIC_BASE + PLIC_BYTES, PT_WRITE},
    {RAM_BASE, 0, PT_EXEC}, /* code, constants, data: their ends are known at run time */
    {0, 0, PT_READ},
    {0, 0, PT_WRITE},
};
enum { CODE = 3, CONSTANTS, DATA, KERNEL_RANGES };

static struct space kernel_space;
static const struct space *used;

unsigned page_level(void)
{
	return boot.technique == ABI_ROOT ? pt_levels(boot.mode) - 1 : 0;
}

xword page_bytes(void)
{
	return boot.technique == ABI_ROOT ? (xword)pt_page_size(boot.mode, page_level())
					  : FRAME_BYTES;
}

bool is_user_range(xword start, xword bytes)
{
	xword last = start + bytes - 1;

	if (bytes == 0 || last < start)
		return false;
	if (start >= ABI_USER_BASE && last < ABI_USER_END)
		return true;
#if XLEN == 64
	unsigned bits = uses_pages() ? pt_va_bits(boot.mode) : pt_va_bits(PT_SV39);

	return start >= ABI_HIGH_BASE && last >> (bits - 1) == 0;
#else
	return false;
#endif
}

/* ---- the kernel's mappings ------------------------------------------------------- */

static void kernel_map(const struct kernel_range *range)
{
	xword start = round_down(range->start, page_bytes());
	xword end = round_up(range->end, page_bytes());
	unsigned level = boot.technique == ABI_ROOT ? page_level() : PT_LARGEST;
	enum pt_result result =
	    pt_map_range(&kernel_space.pt, start, start, end - start, level, range->flags | PT_G);

	/* Devices close together may lie in one page. */
	if (result != PT_OK && result != PT_OVERLAP)
		defect(pt_result_name(result), 0, start);
}

void space_start(void)
{
	kernel_ranges[CODE].end = (xword)kernel_constants;
	kernel_ranges[CONSTANTS].start = (xword)kernel_constants;
	kernel_ranges[CONSTANTS].end = (xword)kernel_data;
	kernel_ranges[DATA].start = (xword)kernel_data;
	kernel_ranges[DATA].end = RAM_BASE + (xword)boot.memory_kib * 1024;

	if (uses_segments())
		segments_start();
	if (uses_pages()) {
		enum pt_policy policy = boot.technique == ABI_ROOT ? PT_ROOT_LEAVES : PT_ALL_LEVELS;

		if (pt_create(&kernel_space.pt, boot.mode, policy, &table_memory) != PT_OK)
			defect("no memory for the kernel's page table", 0, 0);
		for (unsigned i = 0; i < KERNEL_RANGES && !uses_segments(); i++)
			kernel_map(&kernel_ranges[i]);
	}
	space_use(NULL);
}

/*
 * A process's table has the kernel's tables below the level where user space and kernel part:
 * those of Sv32's 4 MiB, else those of the gigabytes.
 */
static unsigned graft_level(void)
{
	return boot.mode == PT_SV32 ? 1 : 2;
}

static bool graft_one(struct space *s, xword va, bool graft)
{
	struct pt_walk walk;
	uint64_t pte = 0;

	pt_walk(&kernel_space.pt, va, &walk);
	for (unsigned i = 0; i < walk.steps && graft; i++)
		if (walk.step[i].level == graft_level())
			pte = walk.step[i].pte;
	return pt_put(&s->pt, va, graft_level(), pte) == PT_OK;
}

static bool graft_kernel(struct space *s, bool graft)
{
	xword step = (xword)pt_page_size(boot.mode, graft_level());

	if (uses_segments())
		return true; /* the kernel is in segments */
	for (unsigned i = 0; i < KERNEL_RANGES; i++)
		for (xword va = round_down(kernel_ranges[i].start, step); va < kernel_ranges[i].end;
		     va += step)
			if (!graft_one(s, va, graft))
				return false;
	return true;
}

/* ---- spaces ---------------------------------------------------------------------- */

bool space_open(struct space *s, unsigned asid)
{
	*s = (struct space){.open = true, .asid = asid >> machine.asid_bits ? 0 : asid};
	if (uses_pages()) {
		if (pt_create(&s->pt, boot.mode, kernel_space.pt.policy, &table_memory) != PT_OK) {
			s->open = false;
			return false;
		}
		if (!graft_kernel(s, true)) {
			space_close(s);
			return false;
		}
		/* Whoever had this number before. */
		fence_asid(s->asid);
	}
	return true;
}

void space_close(struct space *s)
{
	while (s->regions > 0) {
		struct region *r = &s->region[s->regions - 1];

		if (r->backing == BACKED_BY_SEGMENT)
			segment_drop(r, r->start, r->end);
		else
			pages_drop(s, r, r->start, r->end);
		s->regions--;
	}
	if (uses_pages()) {
		graft_kernel(s, false);
		pt_destroy(&s->pt);
		fence_asid(s->asid);
	}
	s->open = false;
}

const struct space *space_used(void)
{
	return used;
}

void space_use(const struct space *s)
{
	used = s;
	if (uses_segments())
		segments_use(s);
	if (!uses_pages())
		return;
	if (!s)
		s = &kernel_space;
	csr_write(satp, (xword)pt_satp(&s->pt, s->asid));
	if (s->asid == 0)
		fence_all(); /* a number that several have tells nothing apart */
}

int space_fork(struct space *child, struct space *parent)
{
	for (unsigned i = 0; i < parent->regions; i++) {
		const struct region *r = &parent->region[i];

		child->region[i] = *r;
		if (r->backing == BACKED_BY_SEGMENT && !segment_fork(&child->region[i], r))
			return -ABI_ENOMEM;
		child->regions++;
		if (r->backing != BACKED_BY_SEGMENT && !pages_fork(child, parent, r))
			return -ABI_ENOMEM;
	}
	return 0;
}

xword space_weight(const struct space *s)
{
	xword weight = 0;

	for (unsigned i = 0; i < s->regions; i++) {
		const struct region *r = &s->region[i];

		if (r->backing == BACKED_BY_SEGMENT)
			weight += (r->end - r->start) / FRAME_BYTES;
		else
			weight += pages_weight(s, r);
	}
	return weight;
}
