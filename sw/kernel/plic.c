#include "plic.h"

#include <stdint.h>

#include "kernel_csr.h"

/* Context 1 is S-mode of hart 0. */
#define ENABLE    (PLIC_BASE + 0x2080)
#define THRESHOLD (PLIC_BASE + 0x201000)
#define CLAIM     (PLIC_BASE + 0x201004)

static volatile uint32_t *word(unsigned long address)
{
	return (volatile uint32_t *)address;
}

void plic_enable(unsigned source)
{
	*word(PLIC_BASE + 4 * source) = 1;
	*word(ENABLE) |= 1u << source;
	*word(THRESHOLD) = 0;
	csr_set(sie, 1ul << IRQ_S_EXTERNAL);
}

void plic_finish(void)
{
	uint32_t source = *word(CLAIM);

	if (source)
		*word(CLAIM) = source;
}
