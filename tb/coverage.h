/*
 * What a random run came across, and what it must have come across to count: every
 * reason, level, kind of access, memory type, mode of PMP, and the events that are
 * rare unless someone looks after them.
 */
#ifndef ATLAS_COVERAGE_H
#define ATLAS_COVERAGE_H

#include "golden/golden.h"
#include "scene.h"
#include "world.h"

struct coverage {
	uint64_t translations;
	uint64_t by_levels[6]; /* of the mode; 0: Bare */
	uint64_t hits[MMU_PORTS][GOLDEN_LEVELS], walks[MMU_PORTS][GOLDEN_LEVELS];
	uint64_t warm_faults, m_mode;
	uint64_t reasons[64], pte_reasons[64]; /* on the access; on a PTE */
	uint64_t granted[SCENE_ACCESSES], refused[SCENE_ACCESSES];
	uint64_t memory[3];
	uint64_t both_answer, both_hit, both_miss;
	uint64_t under_miss, overtakes, full; /* a hit, a miss answered before an older request;
						 as many under way as may be */
	uint64_t fences[4], fences_in_walk, fences_noncanonical;
	uint64_t satp_in_walk, satp_dropped, pmp_in_walk, changes_in_walk;
	uint64_t swaps, swaps_failed;
	uint64_t masked, unmasked; /* by pointer masking; spared by MXR or as a fetch */
	uint64_t napot_hits, cut_pages, fragments; /* hits on pages that regions cut */
	uint64_t pmp_by_mode[2][4];                /* refused, granted by an entry of that mode */
	uint64_t pmp_none, pmp_partly, pmp_mml;
	uint64_t segment_hits[MMU_PORTS], segment_misses; /* misses: that satp then decides */
	uint64_t segment_overlaps, segment_noncanonical, segment_bare;
	uint64_t segment_reasons[64]; /* of a segment that answers, or of the lack of one */
	uint64_t segment_in_walk;     /* writes of their registers */
	uint64_t mismatches, stale;
};

/* A request as it was taken. */
struct coverage_request {
	struct mmu_request request;
	unsigned levels; /* of the mode in which it was taken */
	uint64_t satp;
	bool just_taken; /* in the step of its answer */
	bool segment;    /* a segment decides, or that there is none */
};

/* Counts a request that is taken, by the registers of that step, and notes in it what they
 * say of segments. */
void coverage_take(struct coverage *c, const struct golden_regs *regs,
		   struct coverage_request *taken);
/* Counts an answer; regs as they are now. */
void coverage_answer(struct coverage *c, struct world *w, const struct golden_regs *regs,
		     enum mmu_port port, const struct coverage_request *taken,
		     const struct mmu_answer *a);

/* True if everything that this configuration has room for occurred; else says on stderr
 * what did not. */
bool coverage_complete(const struct coverage *c, const struct mmu_config *config);
void coverage_print(const struct coverage *c);

#endif
