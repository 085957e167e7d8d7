/*
 * For those who write a model: what stands behind sim/mmu.h. A model embeds
 * struct mmu as its first member, fills it in, and implements the operations.
 * The offers live here, so that every model takes them the same way.
 */
#ifndef ATLAS_MMU_MODEL_H
#define ATLAS_MMU_MODEL_H

#include "mmu.h"

struct mmu_ops {
	/*
	 * One cycle. Reads the offers in struct mmu, clears `standing` of those it
	 * takes (csr always), fills answer[] and answered[], advances counts.cycles
	 * by one and keeps the other counts.
	 */
	void (*step)(struct mmu *m);
	uint64_t (*csr_read)(const struct mmu *m, unsigned csr);
	void (*before_write)(struct mmu *m, uint64_t pa, unsigned bytes); /* or NULL */
	bool (*wave_open)(struct mmu *m, const char *path);               /* or NULL */
	void (*wave_on)(struct mmu *m, bool on);                          /* or NULL */
	/* For a model that keeps its counts elsewhere; NULL: those in struct mmu. */
	void (*counts)(const struct mmu *m, struct mmu_counts *counts);
	void (*close)(struct mmu *m); /* frees m */
};

struct mmu {
	const struct mmu_ops *ops;
	const struct mmu_config *config;

	struct {
		bool standing;
		struct mmu_request request;
	} offer[MMU_PORTS];
	struct {
		bool standing;
		struct mmu_fence fence;
	} fence;
	struct {
		bool standing;
		unsigned csr;
		uint64_t value;
	} csr;

	bool answered[MMU_PORTS]; /* after a step: this port answers in this cycle */
	struct mmu_answer answer[MMU_PORTS];

	struct mmu_counts counts;
};

/* The models' constructors. NULL on failure, with one line in err. */
struct mmu *golden_mmu_open(const struct mmu_config *config, const struct mmu_options *options,
			    char *err, size_t err_size);
struct mmu *verilated_mmu_open(const struct mmu_config *config, const struct mmu_options *options,
			       char *err, size_t err_size);
/* Opens the model that options->model names and checks all that it answers. */
struct mmu *lockstep_mmu_open(const struct mmu_config *config, const struct mmu_options *options,
			      char *err, size_t err_size);

#endif
