/*
 * A random world for lockstep tests: page tables in which everything occurs that
 * software may write, and the addresses, registers and fences that go with them.
 *
 * All is drawn from few values (some tables a level, four indices a table), so that
 * hits, near-misses, aliases and overlapping superpages are frequent. Everything
 * follows from the seed.
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
	WORLD_RECENT = 6,
	WORLD_POISONED = 2,
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
	uint64_t page[WORLD_PAGES]; /* page numbers that leaves share */
	uint16_t asid[WORLD_INDICES];
	uint64_t recent[WORLD_RECENT]; /* addresses */
	uint64_t poisoned[WORLD_POISONED];
	unsigned poisons; /* words poisoned so far */
};

/* Tables full of random PTEs; w->mmu is not yet told of anything. */
void world_begin(struct world *w, const struct mmu_config *config, uint64_t seed);
void world_end(struct world *w);

/* Fills all tables anew. */
void world_renew(struct world *w);
/* Changes one PTE, or whether its read is a bus error. */
void world_change(struct world *w);

/* Levels of the mode that a satp value selects; 0: Bare. */
unsigned world_levels(const struct world *w, uint64_t satp);
/* A value to write to satp; some have an unsupported MODE. */
uint64_t world_satp(struct world *w);
struct mmu_request world_request(struct world *w, enum mmu_port port, uint64_t satp);
struct mmu_fence world_fence(struct world *w, uint64_t satp);

#endif
