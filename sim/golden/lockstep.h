/* Checking of models that mmu_open() does not know: the tests' own. */
#ifndef ATLAS_LOCKSTEP_H
#define ATLAS_LOCKSTEP_H

#include "mmu_model.h"

/* Opens a model that reads options->memory; as mmu_open(). */
typedef struct mmu *(*lockstep_opener)(const struct mmu_options *options, char *err,
				       size_t err_size);

/*
 * Checks all that the model answers which `open` opens. It gets `options` with
 * lockstep false and a memory in between, so that the checker sees its reads.
 */
struct mmu *lockstep_around(const struct mmu_config *config, const struct mmu_options *options,
			    lockstep_opener open, char *err, size_t err_size);

#endif
