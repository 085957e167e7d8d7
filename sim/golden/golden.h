/*
 * The golden model: what the rules of address translation give for one
 * access, as one pure function of registers, memory and request. No state, no
 * cache, no time. Specification: riscv-vm.md, sections 1.1 to 1.6 (satp, table
 * geometry, PTE bits, the single-stage algorithm, U, SUM and MXR), Svade only.
 */
#ifndef ATLAS_GOLDEN_H
#define ATLAS_GOLDEN_H

#include "mmu.h"

enum { GOLDEN_LEVELS = 5 }; /* the most levels that a mode has (Sv57) */

/* What is built in, and the registers. */
struct golden_regs {
	unsigned xlen;      /* 32 or 64 */
	unsigned levels;    /* of the deepest mode: 2 on RV32, 3 to 5 on RV64 */
	unsigned asid_bits; /* 0 to 9 or 16 */
	unsigned pa_bits;   /* 32 to 34 or 56 */
	uint64_t satp;      /* XLEN bits, always a value that golden_write_satp() left */
};

/* Reset state: Bare. */
struct golden_regs golden_reset(const struct mmu_config *config);

/* satp := value under its WARL rules (section 1.1): an unsupported MODE drops the whole
 * write, the ASID is cut to asid_bits, everything else is kept as written. */
void golden_write_satp(struct golden_regs *regs, uint64_t value);

/* ---- the translation mode ------------------------------------------------ */

/* Geometry of the mode that satp selects (section 1.2). */
struct golden_mode {
	const char *name;   /* "Sv39" */
	unsigned levels;    /* 0: Bare */
	unsigned vpn_bits;  /* index bits a level: 10 or 9 */
	unsigned pte_bytes; /* 4 or 8 */
	unsigned ppn_bits;  /* of satp and PTEs: 22 or 44 */
};

const struct golden_mode *golden_mode(const struct golden_regs *regs);
uint64_t golden_satp_ppn(const struct golden_regs *regs);
uint16_t golden_satp_asid(const struct golden_regs *regs);
/* An ASID as the implemented bits see it. */
uint16_t golden_asid(const struct golden_regs *regs, uint16_t asid);

/* True when va is a valid address of that mode. Bare and Sv32 know no other. */
bool golden_canonical(const struct golden_mode *mode, uint64_t va);
/* Lowest address bit that a leaf of that level translates: 12 for level 0. */
unsigned golden_page_shift(const struct golden_mode *mode, unsigned level);

/* ---- PTEs ---------------------------------------------------------------- */

/* One bit of a PTE, by its number PTE_*. */
static inline bool golden_bit(uint64_t pte, unsigned bit)
{
	return pte >> bit & 1;
}

/* V, and neither R, W nor X: points to the next table. */
bool golden_is_pointer(uint64_t pte);

/* ---- the function -------------------------------------------------------- */

/* The PTEs that a walk read, from the root down. */
struct golden_walk {
	unsigned length;
	struct golden_read {
		uint64_t address;
		uint64_t value; /* undefined with a bus error */
		uint8_t level;
		bool error; /* the read was a bus error */
	} read[GOLDEN_LEVELS];
};

/*
 * Translates. Each field of the answer is as struct mmu_answer says; priv and
 * access of the request must be PRIV_* and ACC_*. `walk`, when not NULL, is
 * filled with what was read. Reads memory through `memory`, changes nothing.
 */
struct mmu_answer golden_translate(const struct golden_regs *regs, const struct mmu_memory *memory,
				   const struct mmu_request *request, struct golden_walk *walk);

/*
 * Prints the walk, one line for the mode and root, one a level with the PTE
 * decoded, and one with the rule that decided.
 */
void golden_print_walk(FILE *out, const struct golden_regs *regs, const struct mmu_request *request,
		       const struct golden_walk *walk, const struct mmu_answer *answer);

#endif
