/* mmap, munmap, mprotect. */
#include "boot.h"
#include "frames.h"
#include "pages.h"
#include "segments.h"
#include "syscall.h"

#define ACCESS           (ABI_PROT_READ | ABI_PROT_WRITE | ABI_PROT_EXEC)
#define HUGE_SIZE(flags) ((flags) >> ABI_MAP_HUGE_SHIFT & 0x3f) /* log2, 0: any */

/* Ranges are cut by this: a segment's by 4 KiB. */
static xword map_unit(void)
{
	return boot.technique == ABI_SEGMENTS ? FRAME_BYTES : page_bytes();
}

/* 0, or why not. */
static int check_prot(xword prot)
{
	if (prot & ~(xword)ACCESS)
		return -ABI_EINVAL;
	return (prot & ABI_PROT_WRITE) && (prot & ABI_PROT_EXEC) ? -ABI_EACCES : 0;
}

/* The stack's own range, to where it may grow, and the guard page below. */
static bool meets_stack(xword start, xword bytes)
{
	xword low = ABI_STACK_END - round_up(ABI_STACK_MAX, page_bytes()) - page_bytes();

	return start < ABI_STACK_END && start + bytes > low;
}

/* ---- of which size --------------------------------------------------------------- */

/* The kinds of page to try for a mapping, best first. */
struct kind {
	enum backing backing;
	unsigned level;
	bool napot;
	xword bytes;
};

enum { KINDS_MAX = 4 };

static unsigned kinds_of(xword bytes, xword flags, struct kind *kinds)
{
	const struct kind segment = {BACKED_BY_SEGMENT, 0, false, FRAME_BYTES};
	const struct kind base = {BACKED_BY_PAGES, page_level(), false, page_bytes()};
	bool large = flags & ABI_MAP_HUGETLB;
	unsigned n = 0, log = HUGE_SIZE(flags);

	if (boot.technique == ABI_SEGMENTS) {
		kinds[n++] = segment;
		return n;
	}
	if (large && log == 0 && boot.technique == ABI_BOTH)
		kinds[n++] = segment;
	if (large && page_level() == 0) {
		xword super = (xword)pt_page_size(boot.mode, 1);

		if (log == 0 ? bytes % super == 0 : (xword)1 << log == super)
			kinds[n++] = (struct kind){BACKED_BY_LARGE, 1, false, super};
		if (table_memory.extensions & PT_HAS_NAPOT &&
		    (log == 0 ? bytes % PT_NAPOT_BYTES == 0 : 1u << log == PT_NAPOT_BYTES))
			kinds[n++] = (struct kind){BACKED_BY_LARGE, 0, true, PT_NAPOT_BYTES};
	}
	if (!large || log == 0 || (xword)1 << log == base.bytes)
		kinds[n++] = base;
	return n;
}

/* ---- where ----------------------------------------------------------------------- */

/* True: the mapping is just more of the one before it, and that one now. */
static bool extend(struct space *s, const struct region *wanted, xword bytes)
{
	struct region *r = space_find(s, wanted->start - 1);

	return r && r->end == wanted->start && r->prot == wanted->prot && !r->shared &&
	       !wanted->shared && !r->grows && r->backing == wanted->backing &&
	       r->backing != BACKED_BY_LARGE && r->source_bytes == 0 &&
	       space_extend(s, r, wanted->start + bytes - 1) == 0;
}

static long place(struct space *s, struct region *r, xword hint, xword bytes, xword flags,
		  const struct kind *kind)
{
	xword length = round_up(bytes, kind->bytes);

	if (flags & ABI_MAP_FIXED) {
		if (hint % kind->bytes != 0 || !is_user_range(hint, length) ||
		    meets_stack(hint, length))
			return -ABI_EINVAL;
		r->start = hint;
		return space_unmap(s, hint, hint + length);
	}
	if (hint % kind->bytes == 0 && is_user_range(hint, length) && !meets_stack(hint, length) &&
	    space_is_free(s, hint, hint + length))
		r->start = hint;
	else
		r->start = space_room(s, ABI_MMAP_BASE, ABI_MMAP_END, length, kind->bytes);
	return r->start ? 0 : -ABI_ENOMEM;
}

static long map_as(struct process *p, struct region *r, xword hint, xword bytes, xword flags,
		   const struct kind *kind)
{
	long result = place(&p->space, r, hint, bytes, flags, kind);

	if (result != 0)
		return result;
	r->backing = (uint8_t)kind->backing;
	r->level = (uint8_t)kind->level;
	r->napot = kind->napot;
	r->last = r->start + bytes - 1;
	if ((uses_pages() || flags & ABI_MAP_FIXED) && !(flags & ABI_MAP_POPULATE) &&
	    extend(&p->space, r, bytes))
		return (long)r->start;
	result = space_map(&p->space, r);
	if (result != 0)
		return result;

	struct region *made = space_find(&p->space, r->start);

	if (flags & (ABI_MAP_POPULATE | ABI_MAP_HUGETLB) && made->backing == BACKED_BY_PAGES &&
	    !pages_populate(&p->space, made)) {
		space_unmap(&p->space, made->start, made->end);
		return -ABI_ENOMEM;
	}
	return (long)r->start;
}

long sys_mmap(struct process *p, xword address, xword bytes, xword prot, xword flags)
{
	const xword sharing = flags & (ABI_MAP_SHARED | ABI_MAP_PRIVATE);
	struct region r = {.prot = (uint8_t)prot, .shared = sharing == ABI_MAP_SHARED};
	struct kind kinds[KINDS_MAX];
	int checked = check_prot(prot);

	if (checked != 0)
		return checked;
	if (bytes == 0 || !(flags & ABI_MAP_ANONYMOUS) ||
	    (sharing != ABI_MAP_SHARED && sharing != ABI_MAP_PRIVATE))
		return -ABI_EINVAL;
	if (bytes > (xword)1 << (XLEN == 64 ? 56 : 31))
		return -ABI_ENOMEM;

	unsigned n = kinds_of(bytes, flags, kinds);
	long result = -ABI_ENOTSUP;

	for (unsigned i = 0; i < n; i++) {
		result = map_as(p, &r, address, bytes, flags, &kinds[i]);
		/* Without room for a large page, a smaller may do. */
		if (result >= 0 || result < -4095 ||
		    (result != -ABI_ENOMEM && result != -ABI_EINVAL))
			break;
	}
	return result;
}

/* ---- munmap, mprotect ------------------------------------------------------------ */

static bool is_range(xword address, xword bytes)
{
	return address % map_unit() == 0 && is_user_range(address, bytes);
}

long sys_munmap(struct process *p, xword address, xword bytes)
{
	if (!is_range(address, bytes))
		return -ABI_EINVAL;
	return space_unmap(&p->space, address, round_up(address + bytes, map_unit()));
}

long sys_mprotect(struct process *p, xword address, xword bytes, xword prot)
{
	int checked = check_prot(prot);

	if (checked != 0)
		return checked;
	if (!is_range(address, bytes))
		return -ABI_EINVAL;
	return space_protect(&p->space, address, round_up(address + bytes, map_unit()),
			     (unsigned)prot);
}
