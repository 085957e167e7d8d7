/* Making page tables: map, unmap, protect. */
#include "pagetable.h"

#include "table.h"

/* The PTE that decides what happens to an address: a leaf, or an empty one. */
struct spot {
	uint64_t pte_pa;
	uint64_t pte;
	unsigned level;
};

static void *pte_pointer(const struct pt *pt, uint64_t pa)
{
	char *table = pt->memory->at(pt->memory->ctx, pa & ~(uint64_t)(TABLE_BYTES - 1));

	return table ? table + (pa & (TABLE_BYTES - 1)) : NULL;
}

bool pte_read(const struct pt *pt, uint64_t pa, uint64_t *pte)
{
	volatile void *p = pte_pointer(pt, pa);

	if (!p)
		return false;
	*pte = pt->mode == PT_SV32 ? *(volatile uint32_t *)p : *(volatile uint64_t *)p;
	return true;
}

bool pte_write(const struct pt *pt, uint64_t pa, uint64_t pte)
{
	volatile void *p = pte_pointer(pt, pa);

	if (!p)
		return false;
	if (pt->mode == PT_SV32)
		*(volatile uint32_t *)p = (uint32_t)pte;
	else
		*(volatile uint64_t *)p = pte;
	return true;
}

/* ---- the tree -------------------------------------------------------------- */

enum pt_result pt_create(struct pt *pt, enum pt_mode mode, enum pt_policy policy,
			 const struct pt_memory *memory)
{
	*pt = (struct pt){.mode = mode, .policy = policy, .memory = memory};
	return memory->alloc(memory->ctx, &pt->root) ? PT_OK : PT_NO_MEMORY;
}

/* Most of a table is zero: it is looked for once, not each of its PTEs. */
static void free_table(struct pt *pt, uint64_t table, unsigned level)
{
	const volatile void *ptes = level > 0 ? pte_pointer(pt, table) : NULL;

	for (unsigned i = 0; ptes && i < pte_count(pt); i++) {
		uint64_t pte = pt->mode == PT_SV32 ? ((const volatile uint32_t *)ptes)[i]
						   : ((const volatile uint64_t *)ptes)[i];

		if (pte_is_pointer(pte))
			free_table(pt, pt_pte_address(pte), level - 1);
	}
	pt->memory->free(pt->memory->ctx, table);
}

void pt_destroy(struct pt *pt)
{
	free_table(pt, pt->root, root_level(pt));
	*pt = (struct pt){.mode = pt->mode, .memory = pt->memory};
}

/* Goes down to the PTE that decides about `va`, but not below `lowest`: there
 * it may find a pointer. */
static enum pt_result find(const struct pt *pt, uint64_t va, unsigned lowest, struct spot *spot)
{
	uint64_t table = pt->root;

	for (unsigned level = root_level(pt);; level--) {
		spot->level = level;
		spot->pte_pa = pte_address(pt, table, pt_index(pt->mode, va, level));
		if (!pte_read(pt, spot->pte_pa, &spot->pte))
			return PT_NO_TABLE;
		if (level == lowest || !pte_is_pointer(spot->pte))
			return PT_OK;
		table = pt_pte_address(spot->pte);
	}
}

static bool table_empty(const struct pt *pt, uint64_t table)
{
	for (unsigned i = 0; i < pte_count(pt); i++) {
		uint64_t pte;

		if (!pte_read(pt, pte_address(pt, table, i), &pte) || pte)
			return false;
	}
	return true;
}

void pt_prune(struct pt *pt, uint64_t va)
{
	for (unsigned level = 1; level < pt_levels(pt->mode); level++) {
		struct spot above;

		if (find(pt, va, level, &above) != PT_OK)
			return;
		if (above.level != level || !pte_is_pointer(above.pte))
			continue; /* nothing hangs here; perhaps further up */
		uint64_t table = pt_pte_address(above.pte);

		if (!table_empty(pt, table))
			return;
		pte_write(pt, above.pte_pa, 0);
		pt->memory->free(pt->memory->ctx, table);
	}
}

/* ---- one page -------------------------------------------------------------- */

/* The bits that a leaf may have on this machine. */
static uint64_t known_flags(const struct pt *pt)
{
	uint64_t known = PT_R | PT_W | PT_X | PT_U | PT_G | PT_A | PT_D | PT_RSW(3);

	if (pt->mode == PT_SV32)
		return known;
	if (has(pt, PT_HAS_NAPOT))
		known |= PT_N;
	if (has(pt, PT_HAS_PBMT))
		known |= PT_NC | PT_IO;
	if (has(pt, PT_HAS_RSW_HIGH))
		known |= PT_RSW_HIGH(3);
	return known;
}

static enum pt_result check_flags(const struct pt *pt, uint64_t flags)
{
	bool shadow_stack = has(pt, PT_HAS_SHADOW_STACK);

	if (flags & ~known_flags(pt) || (flags & (PT_NC | PT_IO)) == (PT_NC | PT_IO))
		return PT_BAD_FLAGS;
	switch (flags & (PT_R | PT_W | PT_X)) {
	case 0:
	case PT_W | PT_X:
		return PT_BAD_FLAGS;
	case PT_W:
		return shadow_stack ? PT_OK : PT_BAD_FLAGS;
	default:
		return PT_OK;
	}
}

static enum pt_result check_page(const struct pt *pt, uint64_t va, uint64_t pa, unsigned level,
				 uint64_t flags)
{
	if (level >= pt_levels(pt->mode) || (level > 0 && flags & PT_N))
		return PT_BAD_LEVEL;
	if (pt->policy == PT_ROOT_LEAVES && level != root_level(pt))
		return PT_ROOT_ONLY;
	if (!pt_canonical(pt->mode, va))
		return PT_BAD_ADDRESS;
	if ((va | pa) & (page_bytes(pt, level, flags) - 1))
		return PT_MISALIGNED;
	if (pa >> pt->memory->pa_bits)
		return PT_TOO_WIDE;
	return check_flags(pt, flags);
}

/* One PTE, or the 16 of a 64 KiB page, which lie side by side. */
static enum pt_result write_leaf(struct pt *pt, uint64_t pte_pa, uint64_t pa, uint64_t flags)
{
	unsigned count = flags & PT_N ? PT_NAPOT_BYTES / 4096 : 1;

	for (unsigned i = 0; i < count; i++) {
		uint64_t old;

		if (!pte_read(pt, pte_pa + i * pte_bytes(pt), &old))
			return PT_NO_TABLE;
		if (pte_valid(old))
			return PT_OVERLAP;
	}
	for (unsigned i = 0; i < count; i++)
		pte_write(pt, pte_pa + i * pte_bytes(pt), pt_leaf(pa, flags));
	return PT_OK;
}

/* Makes the tables down to `level`, and finds the place there. */
static enum pt_result make(struct pt *pt, uint64_t va, unsigned level, struct spot *spot)
{
	for (;;) {
		enum pt_result result = find(pt, va, level, spot);

		if (result != PT_OK || spot->level == level)
			return result;
		if (pte_valid(spot->pte))
			return PT_OVERLAP;

		uint64_t table;

		if (!pt->memory->alloc(pt->memory->ctx, &table)) {
			pt_prune(pt, va);
			return PT_NO_MEMORY;
		}
		pte_write(pt, spot->pte_pa, pt_pointer(table));
	}
}

enum pt_result pt_map(struct pt *pt, uint64_t va, uint64_t pa, unsigned level, uint64_t flags)
{
	enum pt_result result = check_page(pt, va, pa, level, flags);
	struct spot spot;

	if (result == PT_OK)
		result = make(pt, va, level, &spot);
	return result == PT_OK ? write_leaf(pt, spot.pte_pa, pa, flags) : result;
}

/* ---- single entries -------------------------------------------------------- */

enum pt_result pt_get(const struct pt *pt, uint64_t va, struct pt_entry *entry)
{
	struct spot spot;

	if (!pt_canonical(pt->mode, va))
		return PT_BAD_ADDRESS;

	enum pt_result result = find(pt, va, 0, &spot);

	*entry = (struct pt_entry){.pte = spot.pte, .level = spot.level};
	return result;
}

enum pt_result pt_put(struct pt *pt, uint64_t va, unsigned level, uint64_t pte)
{
	struct spot spot;

	if (!pt_canonical(pt->mode, va))
		return PT_BAD_ADDRESS;
	if (level >= pt_levels(pt->mode))
		return PT_BAD_LEVEL;

	enum pt_result result = make(pt, va, level, &spot);

	if (result == PT_OK)
		pte_write(pt, spot.pte_pa, pte);
	return result;
}

/* ---- ranges ---------------------------------------------------------------- */

/* Both ends are addresses of the mode, and on the same side of the gap between
 * its halves. */
static enum pt_result check_range(const struct pt *pt, uint64_t va, uint64_t size)
{
	uint64_t last = va + size - 1;

	if (size == 0 || (va | size) & 0xfff)
		return PT_MISALIGNED;
	if (last < va || !pt_canonical(pt->mode, va) || !pt_canonical(pt->mode, last) ||
	    va >> 63 != last >> 63)
		return PT_BAD_ADDRESS;
	return PT_OK;
}

/* The largest page that starts at both addresses and does not exceed `size`. */
static unsigned largest_level(const struct pt *pt, uint64_t va, uint64_t pa, uint64_t size)
{
	unsigned level = root_level(pt);

	for (; level > 0; level--) {
		uint64_t page = pt_page_size(pt->mode, level);

		if (page <= size && !((va | pa) & (page - 1)))
			break;
	}
	return level;
}

enum pt_result pt_map_range(struct pt *pt, uint64_t va, uint64_t pa, uint64_t size, unsigned level,
			    uint64_t flags)
{
	enum pt_result result = check_range(pt, va, size);
	uint64_t done = 0;

	if (result == PT_OK && level != PT_LARGEST) {
		if (level >= pt_levels(pt->mode))
			result = PT_BAD_LEVEL;
		else if (size & (page_bytes(pt, level, flags) - 1))
			result = PT_MISALIGNED;
	} else if (flags & PT_N) {
		result = PT_BAD_LEVEL;
	}
	while (result == PT_OK && done < size) {
		unsigned l = level != PT_LARGEST
				 ? level
				 : largest_level(pt, va + done, pa + done, size - done);

		result = pt_map(pt, va + done, pa + done, l, flags);
		if (result == PT_OK)
			done += page_bytes(pt, l, flags);
	}
	if (result != PT_OK && done > 0)
		pt_unmap(pt, va, done);
	return result;
}

/* Is every address of the range mapped, by pages that lie in it as a whole? */
static enum pt_result check_mapped(const struct pt *pt, uint64_t va, uint64_t size)
{
	enum pt_result result = check_range(pt, va, size);
	uint64_t page = 0;

	for (uint64_t done = 0; result == PT_OK && done < size; done += page) {
		struct spot spot;

		result = find(pt, va + done, 0, &spot);
		if (result != PT_OK)
			return result;
		if (!pte_valid(spot.pte) || !pte_leaf(spot.pte))
			return PT_NOT_MAPPED;
		page = page_bytes(pt, spot.level, spot.pte);
		if ((va + done) & (page - 1) || page > size - done)
			return PT_WOULD_SPLIT;
	}
	return result;
}

enum pt_result pt_unmap(struct pt *pt, uint64_t va, uint64_t size)
{
	enum pt_result result = check_mapped(pt, va, size);
	uint64_t done = 0;

	while (result == PT_OK && done < size) {
		struct spot spot;

		result = find(pt, va + done, 0, &spot);
		pte_write(pt, spot.pte_pa, 0);
		pt_prune(pt, va + done);
		done += pt_page_size(pt->mode, spot.level);
	}
	return result;
}

enum pt_result pt_protect(struct pt *pt, uint64_t va, uint64_t size, uint64_t flags)
{
	enum pt_result result = flags & PT_N ? PT_BAD_FLAGS : check_flags(pt, flags);
	uint64_t done = 0;

	if (result == PT_OK)
		result = check_mapped(pt, va, size);
	while (result == PT_OK && done < size) {
		struct spot spot;

		result = find(pt, va + done, 0, &spot);
		pte_write(pt, spot.pte_pa,
			  pt_leaf(pt_pte_address(spot.pte), flags | (spot.pte & PT_N)));
		done += pt_page_size(pt->mode, spot.level);
	}
	return result;
}
