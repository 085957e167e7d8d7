/*
 * Regions that are backed by pages: what page table entries say about them.
 *
 * An entry is empty (the page was never touched, or is as its source says), a leaf, or a note
 * that the page is on the disk. A frame or a place on the disk that several address spaces
 * refer to is at the same address in each: they got it by fork.
 */
#ifndef KERNEL_PAGES_H
#define KERNEL_PAGES_H

#include "frames.h"
#include "space.h"

/* ---- entries --------------------------------------------------------------------- */

static inline bool entry_present(uint64_t pte)
{
	return pte >> PTE_V & 1;
}

/* A page on the disk: V clear, R set so that place 0 is no empty entry. */
static inline uint64_t entry_on_disk(uint32_t slot)
{
	return (uint64_t)slot << PTE_PPN | PT_R;
}

static inline uint32_t entry_slot(uint64_t pte)
{
	return (uint32_t)(pte >> PTE_PPN);
}

/* The entry for `va`, 0 if there is no table for it. */
uint64_t entry_get(const struct space *s, xword va);
/* Over one that is there already; the TLBs forget the old one. */
void entry_set(struct space *s, xword va, uint64_t pte);

/* A leaf for a base page in the frame at `pa`, accessed and dirty as the flags say (PT_A,
 * PT_D); it may be written if the region may and no other space would see it. */
uint64_t page_entry(const struct region *r, xword pa, uint64_t used);

/* ---- regions --------------------------------------------------------------------- */

/* All pages of it, now. False: no memory, and some are there. */
bool pages_populate(struct space *s, struct region *r);
/* Base pages of zeroes or of the source, one of them. False: no memory. */
bool page_bring(struct space *s, struct region *r, xword va, uint64_t used);
/* What is mapped from start to end goes. */
void pages_drop(struct space *s, const struct region *r, xword start, xword end);
/* After r->prot has changed. */
void pages_protect(struct space *s, const struct region *r);
/* False: no memory, and the child has part of them. */
bool pages_fork(struct space *child, struct space *parent, const struct region *r);

/* A private page that several spaces have becomes this one's own, to be written. False: no
 * memory. */
bool page_unshare(struct space *s, const struct region *r, xword va);

xword pages_weight(const struct space *s, const struct region *r);

#endif
