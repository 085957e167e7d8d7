/* Inside the page-table library: reaching one PTE. */
#ifndef PAGETABLE_TABLE_H
#define PAGETABLE_TABLE_H

#include "pagetable.h"

#define TABLE_BYTES 4096u

static inline unsigned pte_bytes(const struct pt *pt)
{
	return pt->mode == PT_SV32 ? 4 : 8;
}

static inline unsigned pte_count(const struct pt *pt)
{
	return TABLE_BYTES / pte_bytes(pt);
}

static inline unsigned root_level(const struct pt *pt)
{
	return pt_levels(pt->mode) - 1;
}

/* Where entry `index` of the table at `table` is. */
static inline uint64_t pte_address(const struct pt *pt, uint64_t table, unsigned index)
{
	return table + (uint64_t)index * pte_bytes(pt);
}

static inline bool pte_valid(uint64_t pte)
{
	return pte >> PTE_V & 1;
}

/* W alone is a leaf too: a shadow stack, or reserved. */
static inline bool pte_leaf(uint64_t pte)
{
	return pte & (PT_R | PT_W | PT_X);
}

static inline bool pte_is_pointer(uint64_t pte)
{
	return pte_valid(pte) && !pte_leaf(pte);
}

static inline bool has(const struct pt *pt, enum pt_extension extension)
{
	return pt->memory->extensions & extension;
}

/* The page of a leaf at that level with these flags, or that PTE. */
static inline uint64_t page_bytes(const struct pt *pt, unsigned level, uint64_t flags)
{
	return flags & PT_N ? PT_NAPOT_BYTES : pt_page_size(pt->mode, level);
}

/* False: there is no memory at `pa`. A walk of the MMU meets a whole PTE or
 * none, so each is read and written in one access of its own width. */
bool pte_read(const struct pt *pt, uint64_t pa, uint64_t *pte);
bool pte_write(const struct pt *pt, uint64_t pa, uint64_t pte);

#endif
