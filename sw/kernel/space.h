/*
 * Address spaces. A space is a list of regions, each a range of addresses that a program may
 * use, with what it may do there; and what tells the MMU so: a page table, segments, or both.
 * The list is the truth; a page table holds of it what is in memory just now (pages.h), and a
 * segment has all of it or none (segments.h).
 */
#ifndef KERNEL_SPACE_H
#define KERNEL_SPACE_H

#include <stdbool.h>
#include <stdint.h>

#include "abi.h"
#include "csr.h"
#include "pagetable.h"

/* What a region is made of. */
enum backing {
	BACKED_BY_PAGES,  /* base pages, one by one, when they are touched */
	BACKED_BY_LARGE,  /* superpages or NAPOT pages, all at once, never swapped */
	BACKED_BY_SEGMENT /* one piece of physical memory */
};

struct region {
	xword start, end; /* multiples of the page size; a segment's: of 4 KiB */
	xword last;       /* last byte that may be used: end - 1, but in a segment any byte */
	uint8_t prot;     /* ABI_PROT_* */
	bool shared;      /* with children, as it is, rather than copied on a write */
	bool grows;       /* the stack: downwards, when the page below is touched */
	uint8_t backing;  /* enum backing */
	uint8_t level;    /* of leaves of BACKED_BY_LARGE; */
	bool napot;       /* or 64 KiB, of level 0 */
	xword phys;       /* of a segment */
	/* What untouched pages hold: so many bytes from there, then zeroes. */
	const uint8_t *source;
	xword source_bytes;
};

#define REGIONS_MAX 32

struct space {
	struct pt pt; /* where the technique has pages */
	bool open;
	unsigned asid;
	unsigned regions; /* in address order, never overlapping */
	struct region region[REGIONS_MAX];
};

/* ---- sizes ----------------------------------------------------------------------- */

/* The base page: 4 KiB at level 0, or 4 MiB under one-level tables. */
unsigned page_level(void);
xword page_bytes(void);
static inline xword round_down(xword value, xword unit)
{
	return value & ~(unit - 1);
}
static inline xword round_up(xword value, xword unit)
{
	return round_down(value + unit - 1, unit);
}

/* True: start .. start + bytes - 1 lies where programs may have memory. */
bool is_user_range(xword start, xword bytes);

/* ---- spaces ---------------------------------------------------------------------- */

/* Makes the kernel's own mappings, and switches to them: once, before all others. */
void space_start(void);

/* An empty space. False: no memory. */
bool space_open(struct space *s, unsigned asid);
/* Gives back all that it has. It must not be the one in use. */
void space_close(struct space *s);
/* The MMU translates by it from now on. NULL: by the kernel's own, with no user. */
void space_use(const struct space *s);
/* The space in use. */
const struct space *space_used(void);

/* ---- regions: results are 0 or -ABI_E* ------------------------------------------- */

struct region *space_find(struct space *s, xword va);

/*
 * A region of what `*wanted` says: start, last (end follows), prot, shared, grows, backing,
 * level, napot, source; nothing may be there yet. Takes what that backing takes at once.
 * ENOMEM.
 */
int space_map(struct space *s, const struct region *wanted);

/* The first free range for `bytes` between low and high, aligned; 0: there is none. Under
 * segments only, something stays free on either side, so that what runs over the end of one
 * faults; pages side by side are one region, of which there may be any number. */
xword space_room(const struct space *s, xword low, xword high, xword bytes, xword align);
bool space_is_free(const struct space *s, xword start, xword end);

/* Both take whole pages. EINVAL: part of a large page. ENOMEM: too many regions (or, for
 * space_protect(), something not mapped). Then nothing has changed. */
int space_unmap(struct space *s, xword start, xword end);
int space_protect(struct space *s, xword start, xword end, unsigned prot);

/* Lets a region end further on, where nothing is mapped. ENOMEM. */
int space_extend(struct space *s, struct region *r, xword last);

/* The child, just opened, gets what the parent has. ENOMEM: and the child is to be closed. */
int space_fork(struct space *child, struct space *parent);

/* Frames of 4 KiB and pages on the disk that the space has. */
xword space_weight(const struct space *s);

#endif
