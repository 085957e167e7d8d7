#include "tables.h"

#include <stdlib.h>
#include <string.h>

#define PAGE        4096u
#define NAPOT_BYTES 65536u

/* Bits of a PTE that say 64 KiB: N, and the low PPN bits 1000. */
#define NAPOT_MARK (1ull << PTE_N | 8ull << PTE_PPN)

struct space {
	uint32_t number;
	uint64_t root;
};

struct tables {
	const struct mmu_config *config;
	unsigned mode, levels, index_bits, pte_bytes;
	unsigned leaf_level;
	bool napot;
	uint64_t page_bytes;

	uint64_t base, limit;       /* where tables may be */
	uint64_t data, data_frames; /* where pages may be */
	uint64_t pages;

	uint8_t **table; /* that at base + i * PAGE */
	size_t tables, room;

	struct space *space;
	size_t spaces, space_room, last; /* last: the space found last */
};

/* ---- modes ------------------------------------------------------------------- */

static const struct {
	const char *name;
	unsigned mode, levels, va_bits;
} modes[] = {
    {"sv32", SATP_SV32, 2, 32},
    {"sv39", SATP_SV39, 3, 39},
    {"sv48", SATP_SV48, 4, 48},
    {"sv57", SATP_SV57, 5, 57},
};
enum { MODES = sizeof(modes) / sizeof(modes[0]) };

static unsigned mode_at(unsigned mode)
{
	unsigned i = 0;

	while (i + 1 < MODES && modes[i].mode != mode)
		i++;
	return i;
}

bool tables_mode_find(const struct mmu_config *config, const char *name, unsigned *mode)
{
	for (unsigned i = 0; i < MODES; i++)
		if (strcmp(modes[i].name, name) == 0 && modes[i].levels <= config->levels &&
		    (modes[i].va_bits == 32) == (config->xlen == 32)) {
			*mode = modes[i].mode;
			return true;
		}
	return false;
}

const char *tables_mode_name(unsigned mode)
{
	return modes[mode_at(mode)].name;
}

unsigned tables_va_bits(unsigned mode)
{
	return modes[mode_at(mode)].va_bits;
}

static uint64_t level_bytes(unsigned mode, unsigned level)
{
	return (uint64_t)PAGE << (level * (mode == SATP_SV32 ? 10 : 9));
}

bool tables_page_size_exists(const struct mmu_config *config, unsigned mode, uint64_t bytes)
{
	for (unsigned level = 0; level < modes[mode_at(mode)].levels; level++)
		if (level_bytes(mode, level) == bytes)
			return true;
	return bytes == NAPOT_BYTES && config->svnapot;
}

/* ---- memory ------------------------------------------------------------------ */

static bool overlaps(const struct mmu_pma *a, const struct mmu_pma *b)
{
	return a->base < b->base + b->size && b->base < a->base + a->size;
}

/* The largest region that has all attributes and over which no other goes. */
static const struct mmu_pma *usable_region(const struct mmu_config *config)
{
	const struct mmu_pma *best = NULL;

	for (unsigned i = 0; i < config->pma_regions; i++) {
		const struct mmu_pma *region = &config->pma[i];
		bool alone = region->base >> config->pa_bits == 0 && region->attributes == 0xff;

		for (unsigned j = 0; j < i; j++)
			alone &= !overlaps(region, &config->pma[j]);
		if (alone && (!best || region->size > best->size))
			best = region;
	}
	return best;
}

/* Tables in the lower half of that region, pages in the upper. */
static bool lay_out(struct tables *t, char *err, size_t err_size)
{
	const struct mmu_pma *region = usable_region(t->config);
	uint64_t size, end = 1ull << t->config->pa_bits;

	if (!region) {
		snprintf(err, err_size,
			 "no region of its physical memory allows everything: choose another "
			 "configuration");
		return false;
	}
	size = region->base + region->size > end ? end - region->base : region->size;
	t->base = region->base;
	t->limit = t->data = region->base + size / 2;
	t->data_frames = size / 2 / t->page_bytes;
	if (t->data_frames == 0) {
		snprintf(err, err_size,
			 "its physical memory of %llu MiB has no place for tables and such pages",
			 (unsigned long long)size >> 20);
		return false;
	}
	return true;
}

/* Where the table's entry is in the host's memory; NULL: no table is there. */
static uint8_t *at(const struct tables *t, uint64_t pa)
{
	uint64_t offset = pa - t->base;

	return pa >= t->base && offset / PAGE < t->tables ? t->table[offset / PAGE] + offset % PAGE
							  : NULL;
}

static uint64_t get(const struct tables *t, const uint8_t *entry)
{
	uint64_t value = 0;

	memcpy(&value, entry, t->pte_bytes);
	return value;
}

static bool read_pte(void *ctx, uint64_t pa, unsigned bytes, uint64_t *value)
{
	const struct tables *t = ctx;
	const uint8_t *entry = at(t, pa);

	if (!entry || bytes != t->pte_bytes)
		return false;
	*value = get(t, entry);
	return true;
}

struct mmu_memory tables_memory(struct tables *t)
{
	return (struct mmu_memory){.ctx = t, .read = read_pte};
}

static enum tables_result new_table(struct tables *t, uint64_t *pa)
{
	*pa = t->base + t->tables * PAGE;
	if (*pa >= t->limit)
		return TABLES_FULL;
	if (t->tables == t->room) {
		size_t room = t->room ? 2 * t->room : 64;
		uint8_t **more = realloc(t->table, room * sizeof(*more));

		if (!more)
			return TABLES_NO_MEMORY;
		t->table = more;
		t->room = room;
	}
	t->table[t->tables] = calloc(1, PAGE);
	if (!t->table[t->tables])
		return TABLES_NO_MEMORY;
	t->tables++;
	return TABLES_OK;
}

/* ---- spaces ------------------------------------------------------------------- */

static struct space *find_space(struct tables *t, uint32_t number)
{
	if (t->last < t->spaces && t->space[t->last].number == number)
		return &t->space[t->last];
	for (size_t i = 0; i < t->spaces; i++)
		if (t->space[i].number == number) {
			t->last = i;
			return &t->space[i];
		}
	return NULL;
}

static enum tables_result new_space(struct tables *t, uint32_t number, struct space **space)
{
	enum tables_result result;

	if (t->spaces == t->space_room) {
		size_t room = t->space_room ? 2 * t->space_room : 16;
		struct space *more = realloc(t->space, room * sizeof(*more));

		if (!more)
			return TABLES_NO_MEMORY;
		t->space = more;
		t->space_room = room;
	}
	*space = &t->space[t->spaces];
	(*space)->number = number;
	result = new_table(t, &(*space)->root);
	t->spaces += result == TABLES_OK;
	return result;
}

bool tables_has(struct tables *t, uint32_t number)
{
	return find_space(t, number) != NULL;
}

/* ---- mapping ------------------------------------------------------------------- */

static uint8_t *entry_of(const struct tables *t, uint64_t table, uint64_t va, unsigned level)
{
	unsigned index = va >> (12 + level * t->index_bits) & ((1u << t->index_bits) - 1);

	return at(t, table) + index * t->pte_bytes;
}

static void put(const struct tables *t, uint8_t *entry, uint64_t pte)
{
	memcpy(entry, &pte, t->pte_bytes);
}

static void put_leaf(struct tables *t, uint8_t *entry, bool user)
{
	uint64_t frame = t->data + t->pages++ % t->data_frames * t->page_bytes;
	uint64_t pte = frame >> 12 << PTE_PPN | 1u << PTE_V | 1u << PTE_R | 1u << PTE_W |
		       1u << PTE_X | 1u << PTE_A | 1u << PTE_D | (user ? 1u << PTE_U : 0);

	put(t, entry, t->napot ? pte | NAPOT_MARK : pte);
}

/* A page of 64 KiB is 16 equal entries. */
static void map_leaf(struct tables *t, uint64_t table, uint64_t va, bool user)
{
	unsigned copies = t->napot ? NAPOT_BYTES / PAGE : 1;
	uint8_t *entry = entry_of(t, table, va & ~(t->page_bytes - 1), t->leaf_level);

	if (!get(t, entry))
		put_leaf(t, entry, user);
	else if (user)
		put(t, entry, get(t, entry) | 1u << PTE_U);
	for (unsigned i = 1; i < copies; i++)
		put(t, entry + i * t->pte_bytes, get(t, entry));
}

enum tables_result tables_map(struct tables *t, uint32_t number, uint64_t va, bool user)
{
	struct space *space = find_space(t, number);
	enum tables_result result;
	uint64_t table;

	if (!space) {
		result = new_space(t, number, &space);
		if (result != TABLES_OK)
			return result;
	}
	table = space->root;
	for (unsigned level = t->levels - 1; level > t->leaf_level; level--) {
		uint8_t *entry = entry_of(t, table, va, level);
		uint64_t pte = get(t, entry);

		if (!pte) {
			result = new_table(t, &table);
			if (result != TABLES_OK)
				return result;
			put(t, entry, table >> 12 << PTE_PPN | 1u << PTE_V);
		} else {
			table = pte >> PTE_PPN << 12;
		}
	}
	map_leaf(t, table, va, user);
	return TABLES_OK;
}

uint64_t tables_pa(struct tables *t, uint32_t number, uint64_t va)
{
	uint64_t table = find_space(t, number)->root, pte;

	for (unsigned level = t->levels - 1; level > t->leaf_level; level--)
		table = get(t, entry_of(t, table, va, level)) >> PTE_PPN << 12;
	pte = get(t, entry_of(t, table, va, t->leaf_level)) & ~(1ull << PTE_N);
	return (pte >> PTE_PPN << 12 & ~(t->page_bytes - 1)) | (va & (t->page_bytes - 1));
}

uint64_t tables_satp(struct tables *t, uint32_t number, uint16_t asid)
{
	uint64_t ppn = find_space(t, number)->root >> 12;

	return t->config->xlen == 32 ? 1ull << 31 | (uint64_t)(asid & 0x1ff) << 22 | ppn
				     : (uint64_t)t->mode << 60 | (uint64_t)asid << 44 | ppn;
}

/* ---- opening ------------------------------------------------------------------- */

struct tables *tables_new(const struct mmu_config *config, unsigned mode, uint64_t page_bytes,
			  char *err, size_t err_size)
{
	struct tables *t = calloc(1, sizeof(*t));

	if (!t) {
		snprintf(err, err_size, "no memory for its page tables");
		return NULL;
	}
	t->config = config;
	t->mode = mode;
	t->levels = modes[mode_at(mode)].levels;
	t->index_bits = mode == SATP_SV32 ? 10 : 9;
	t->pte_bytes = config->xlen / 8;
	t->page_bytes = page_bytes;
	t->napot = page_bytes == NAPOT_BYTES;
	while (!t->napot && level_bytes(mode, t->leaf_level) < page_bytes)
		t->leaf_level++;
	if (lay_out(t, err, err_size))
		return t;
	tables_free(t);
	return NULL;
}

void tables_free(struct tables *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < t->tables; i++)
		free(t->table[i]);
	free(t->table);
	free(t->space);
	free(t);
}

uint64_t tables_pages(const struct tables *t)
{
	return t->pages;
}

uint64_t tables_spaces(const struct tables *t)
{
	return t->spaces;
}

uint64_t tables_bytes(const struct tables *t)
{
	return (uint64_t)t->tables * PAGE;
}
