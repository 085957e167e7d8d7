/* The registers of the MMU by name (docs/csr.md). */
#ifndef ATLAS_CSR_NAMES_H
#define ATLAS_CSR_NAMES_H

#include <stdbool.h>

/* The register that text begins with: a name, in any case, such as pmpaddr3 or
 * segment0.base. *number is as mmu_offer_csr() takes it, *rest what follows the name.
 * False: there is no such register in any configuration. */
bool csr_by_name(const char *text, unsigned *number, const char **rest);

#endif
