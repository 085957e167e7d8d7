/*
 * A random world for lockstep tests: page tables in which everything occurs that
 * software may write, and the addresses, registers and fences that go with them.
 *
 * All is drawn from few values (some tables a level, four indices a table, few places in
 * a page), so that hits, near-misses, aliases, overlapping superpages, and pages and PTEs
 * that a PMP region cuts are frequent. Everything follows from the seed.
 */
#ifndef ATLAS_WORLD_H
#define ATLAS_WORLD_H

#include "mmu.h"
#include "rng.h"
#include "sparse.h"

enum {
	WORLD_TABLES_A_LEVEL = 3,
	WORLD_TABLES = 5 * WORLD_TABLES_A_LEVEL,
	WORLD_INDICES = 4,
	WORLD_PAGES = 6,
	WORLD_OFFSETS = 4,
	WORLD_RECENT = 6,
	WORLD_READS = 8,
	WORLD_POISONED = 2,
	WORLD_WRITES = 24,
	WORLD_CHANGES = 6,
};

/* A write of a register. */
struct world_write {
	unsigned csr;
	uint64_t value;
};

struct world {
	const struct mmu_config *config;
	struct mmu *mmu; /* told before each change; set once it is open */
	struct sparse *ram;
	struct rng rng;
	unsigned vpn_bits, pte_bytes, ppn_bits;
	unsigned tables;
	uint64_t table[WORLD_TABLES]; /* physical address; table i is meant for level i % levels */
	unsigned index[WORLD_INDICES];
	uint64_t page[WORLD_PAGES];     /* page numbers that leaves share */
	unsigned offset[WORLD_OFFSETS]; /* in a page: where regions end, and accesses begin */
	uint16_t asid[WORLD_INDICES];
	uint64_t recent[WORLD_RECENT]; /* addresses */
	uint64_t read[WORLD_READS];    /* PTEs that models read last */
	unsigned reads;
	uint64_t poisoned[WORLD_POISONED];
	unsigned poisons; /* words poisoned so far */
	struct {
		uint64_t pa, pte;
	} changed[WORLD_CHANGES]; /* PTEs as they were at first */
	unsigned changes;
	unsigned pmm[4];       /* written last, by privilege */
	unsigned segment_mode; /* SEGMODE_* written last */
	struct {
		uint64_t base, last;
	} segment[16];          /* written last */
	bool may_lock, may_mml; /* what only a reset takes back may be written */
	struct world_write queue[WORLD_WRITES];
	unsigned queued, taken;
};

/* Tables full of random PTEs; w->mmu is not yet told of anything. The first register
 * writes open PMP, where there is one. */
void world_begin(struct world *w, const struct mmu_config *config, uint64_t seed);
void world_end(struct world *w);
/* The memory as a model is to have it. */
struct mmu_memory world_memory(struct world *w);

/* Fills all tables anew. */
void world_renew(struct world *w);
/* Changes one PTE, often one just read, or whether its read is a bus error. */
void world_change(struct world *w);
/* The PTE that translates va, as memory now has it, and its level; false: there is none. */
bool world_leaf(struct world *w, uint64_t satp, uint64_t va, uint64_t *pte, unsigned *level);

/* Levels of the mode that a satp value selects; 0: Bare. */
unsigned world_levels(const struct world *w, uint64_t satp);
/* A register and a value to write; of satp, some have an unsupported MODE. */
struct world_write world_write(struct world *w, uint64_t satp);
/* Writes that must come before anything else: false if there are none left. */
bool world_write_due(const struct world *w);
struct mmu_request world_request(struct world *w, enum mmu_port port, uint64_t satp);
struct mmu_fence world_fence(struct world *w, uint64_t satp);

/* For the parts of the world: queues the writes that switch everything of menvcfg on, and
 * those that leave PMP with one entry, the last, open to all; draws a page number in a region of
 * PMA with all of these attributes, if any has. */
void world_switch_on(struct world *w);
void world_open_pmp(struct world *w);
/* Queues a write of segctl that turns segments off; those that set some and turn them on; one or
 * several of any of their registers. */
void world_segments_off(struct world *w);
void world_segments_on(struct world *w);
void world_segment_write(struct world *w);
/* An address in one of the segments, or about its end. They are there. */
uint64_t world_segment_va(struct world *w);
/* Queues one write. */
void world_enqueue(struct world *w, unsigned csr, uint64_t value);
/* An address that tables of the deepest mode may map. */
uint64_t world_va(struct world *w);
uint64_t world_page(struct world *w, unsigned attributes);
/* A place that PMP regions begin or end at: in a table, in a page, anywhere. */
uint64_t world_place(struct world *w);

#define LOW_BITS(n) ((n) >= 64 ? UINT64_MAX : ((uint64_t)1 << (n)) - 1)

#endif
