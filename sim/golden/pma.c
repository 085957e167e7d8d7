/* Physical memory attributes: the first region that holds an address gives them. */
#include "rules.h"

const struct mmu_pma *golden_pma_region(const struct mmu_config *config, uint64_t pa)
{
	for (unsigned i = 0; i < config->pma_regions; i++)
		if (pa - config->pma[i].base < config->pma[i].size)
			return &config->pma[i];
	return NULL;
}

static uint8_t attributes(const struct mmu_config *config, uint64_t pa)
{
	const struct mmu_pma *region = golden_pma_region(config, pa);
	return region ? region->attributes : 0;
}

/* Regions are of whole pages, and no access crosses one: its first byte speaks for all.
 * Sections 1.7 and 2.2: PBMT decides what is idempotent; whether there are atomics or cbo.zero
 * stays with the region. */
uint8_t pma_attributes(const struct mmu_config *config, uint64_t pa, uint8_t pbmt)
{
	uint8_t given = attributes(config, pa);

	if (pbmt == PBMT_PMA)
		return given;
	given &= (uint8_t) ~(1u << PMA_IDEMPOTENT);
	return pbmt == PBMT_NC ? given | 1 << PMA_IDEMPOTENT : given;
}

uint8_t pma_memory(const struct mmu_config *config, uint64_t pa)
{
	uint8_t given = attributes(config, pa);
	return golden_bit(given, PMA_CACHEABLE)    ? MEM_CACHED
	       : golden_bit(given, PMA_IDEMPOTENT) ? MEM_NC
						   : MEM_IO;
}
