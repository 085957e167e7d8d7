/* The rules by their seams: what golden.c asks of the other files of the model. */
#ifndef ATLAS_RULES_H
#define ATLAS_RULES_H

#include "golden.h"

#define LOW_BITS(n) (((uint64_t)1 << (n)) - 1)

/* ---- access.c: the kinds of access --------------------------------------- */

/* What an access asks of physical memory. */
struct need {
	uint8_t pmp; /* bits PMP_R, PMP_W, PMP_X */
	uint8_t pma; /* bits PMA_* */
	bool any;    /* of R, W and X one that both grant is enough */
};

/* What the mapping says of it: of a leaf, of a segment, or, untranslated, everything. */
struct mapping {
	uint8_t permits; /* bits PMP_R, PMP_W, PMP_X: a load, a store, a fetch would be permitted */
	uint8_t pbmt;    /* PBMT_* */
};

struct kind {
	struct need need;
	bool load;   /* the load causes; neither this nor fetch: the store causes */
	bool a, d;   /* A and D must be set */
	bool write;  /* needs W of an ordinary page */
	bool shadow; /* of the shadow stack */
	bool block;  /* about the whole cache block */
};

extern const struct kind kind_of[];

/* The exception code of a fault (section 4). */
uint8_t cause_of(uint8_t access, uint8_t reason);

/* ---- pte.c: one PTE ------------------------------------------------------ */

/* Step 3: an encoding that is reserved, given the extensions that are in force. */
bool pte_is_reserved(const struct golden_regs *regs, const struct golden_mode *mode, uint64_t pte,
		     unsigned level);
/* The page number; for a NAPOT leaf with VPN[3:0] in the place of the low bits. */
uint64_t pte_ppn(const struct golden_mode *mode, uint64_t pte, uint64_t va);
/* Steps 6 to 8: the reason to refuse the access to this leaf, or none. */
uint8_t pte_refuses(uint64_t pte, const struct mmu_request *request);
/* Of an access that is not refused: would a load, a store, a fetch be permitted (bits PMP_*)? */
uint8_t pte_permits(uint64_t pte, const struct mmu_request *request);
struct mapping pte_mapping(const struct golden_mode *mode, uint64_t pte,
			   const struct mmu_request *request);
/* Svpbmt: the memory type, given that of the PMA. */
uint8_t pte_memory(const struct golden_mode *mode, uint64_t pte, uint8_t pma_memory);

/* ---- segment.c: segments -------------------------------------------------- */

/* A number of the registers of segments, built in or not. */
bool segment_is_register(unsigned csr);
void segment_write(struct golden_regs *regs, unsigned csr, uint64_t value);
uint64_t segment_read(const struct golden_regs *regs, unsigned csr);
/* Rule 4, R W X U with SUM and MXR: must the segment refuse this access? */
bool segment_refuses(const struct golden_segment *s, const struct mmu_request *request);
/* Of an access that is not refused. */
struct mapping segment_mapping(const struct golden_segment *s, const struct mmu_request *request);

/* ---- pmp.c, pma.c -------------------------------------------------------- */

/* Takes over what mseccfg says, with all entries off. */
void pmp_reset(struct golden_pmp *pmp, const struct mmu_config *config);
void pmp_write_cfg(struct golden_regs *regs, unsigned i, uint8_t cfg);
void pmp_write_addr(struct golden_regs *regs, unsigned i, uint64_t addr);
uint64_t pmp_read_addr(const struct golden_pmp *pmp, unsigned i);
bool pmp_any_locked(const struct golden_pmp *pmp);

/* The region's attributes, with PBMT's in their place where it overrides them. */
uint8_t pma_attributes(const struct mmu_config *config, uint64_t pa, uint8_t pbmt);
/* MEM_* as the region gives it. */
uint8_t pma_memory(const struct mmu_config *config, uint64_t pa);

#endif
