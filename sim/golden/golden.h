/*
 * The golden model: what the rules of address translation give for one
 * access, as one pure function of registers, memory and request. No state, no
 * cache, no time. Specification: riscv-vm.md, sections 1 (the single-stage
 * algorithm), 2.1 to 2.9 (extensions, PMP) and 4 (causes); segments.md.
 */
#ifndef ATLAS_GOLDEN_H
#define ATLAS_GOLDEN_H

#include "mmu.h"

enum {
	GOLDEN_LEVELS = 5,    /* the most levels that a mode has (Sv57) */
	GOLDEN_PMPS = 64,     /* the most PMP entries */
	GOLDEN_SEGMENTS = 16, /* the most segments */
};

struct golden_regs;

/* The registers of a model that mmu_open() made as "golden" without lockstep; they live as
 * long as it. */
const struct golden_regs *golden_model_regs(const struct mmu *m);

#define GOLDEN_OFFSET UINT64_C(0xfff) /* bits of an address within its page */

/* ---- registers ----------------------------------------------------------- */

/* The registers of physical memory protection. */
struct golden_pmp {
	unsigned entries; /* built in */
	unsigned grain;   /* G */
	bool mml, mmwp;   /* mseccfg's */
	unsigned used;    /* all entries from this one on match nothing */
	struct golden_pmp_entry {
		uint8_t cfg;          /* pmpcfg byte */
		uint64_t addr;        /* pmpaddr, all bits that are stored */
		uint64_t first, last; /* the bytes that it matches; last < first: none */
	} entry[GOLDEN_PMPS];
};

/* One question to PMP: may these bytes be accessed so? */
struct golden_pmp_check {
	uint64_t pa;
	unsigned bytes;
	uint8_t priv;
	uint8_t need; /* of the bits PMP_R, PMP_W, PMP_X: all, or with `any` one of them */
	bool any;
	bool attributed; /* asked again, of what PMA grants of these: if not, PMA refuses */
	uint8_t level;   /* whose it is, as in struct mmu_answer */
	bool pte;
};

/* Answers in the registers' place. */
struct golden_judge {
	void *ctx;
	bool (*allows)(void *ctx, const struct golden_pmp_check *check);
};

/* The registers of segments. Those that are not built in are zero. */
struct golden_segments {
	uint32_t ctl; /* MODE, ASID */
	struct golden_segment {
		uint64_t base, last; /* virtual, inclusive; last < base: empty */
		uint64_t phys;       /* of base */
		uint32_t cfg;        /* bits SEG_* */
	} segment[GOLDEN_SEGMENTS];
};

/* What is built in, and the registers; changed by golden_write_csr() alone. */
struct golden_regs {
	struct mmu_config config;
	uint64_t satp;
	uint64_t senvcfg; /* of these, the fields that decide about translation */
	uint64_t menvcfg; /* RV32: with menvcfgh */
	uint64_t mseccfg;
	struct golden_pmp pmp;
	struct golden_segments segments;
	uint8_t countctl;                 /* of counters, which count what no rule knows */
	const struct golden_judge *judge; /* NULL: pmp decides */
};

/* Reset state: Bare, no PMP entry on, every extension that can be switched off is off. */
struct golden_regs golden_reset(const struct mmu_config *config);

/* The register := value, under its WARL and lock rules (docs/csr.md). A number that is
 * not kept here: nothing. */
void golden_write_csr(struct golden_regs *regs, unsigned csr, uint64_t value);
/* What the register reads, XLEN bits; 0 for a number that is not kept here. */
uint64_t golden_csr_read(const struct golden_regs *regs, unsigned csr);

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
static inline unsigned golden_page_shift(const struct golden_mode *mode, unsigned level)
{
	return 12 + level * mode->vpn_bits;
}

/* The request's address is a virtual one: below M-mode, with satp not Bare or segments on. */
bool golden_translates(const struct golden_regs *regs, const struct mmu_request *request);
/* It is translated by page tables: satp not Bare, and no segment, or lack of one, decides. */
bool golden_walks(const struct golden_regs *regs, const struct mmu_request *request);
/* The request's address after pointer masking: the one that is translated, and told in a trap. */
uint64_t golden_address(const struct golden_regs *regs, const struct mmu_request *request);

/* ---- segments ------------------------------------------------------------ */

/* SEGMODE_* for this request: SEGMODE_PAGING for M-mode, which segments do not concern. */
unsigned golden_segment_mode(const struct golden_regs *regs, const struct mmu_request *request);
/* Rule 1: the number of the segment that answers for this address, or -1. */
int golden_segment_at(const struct golden_segments *segments, uint64_t va);
/* Of rule 1: G, or its ASID is segctl's. */
bool golden_segment_in_space(const struct golden_segments *segments,
			     const struct golden_segment *s);
/* Rule 3: do all of these bytes lie in the segment? bytes >= 1. */
bool golden_segment_holds(const struct golden_segment *s, uint64_t va, unsigned bytes);
/* Rule 5: the physical address of va, which the segment holds; false if it does not fit. */
bool golden_segment_place(const struct golden_segment *s, uint64_t va, unsigned pa_bits,
			  uint64_t *pa);

/* ---- PTEs ---------------------------------------------------------------- */

/* One bit of a PTE, by its number PTE_*. */
static inline bool golden_bit(uint64_t pte, unsigned bit)
{
	return pte >> bit & 1;
}

/* V, and neither R, W nor X: points to the next table. */
static inline bool golden_is_pointer(uint64_t pte)
{
	return (pte & (1 << PTE_V | 1 << PTE_R | 1 << PTE_W | 1 << PTE_X)) == 1 << PTE_V;
}

/* N of a mode that has it; Sv32 has no such bit. */
static inline bool golden_is_napot(const struct golden_mode *mode, uint64_t pte)
{
	return mode->pte_bytes == 8 && golden_bit(pte, PTE_N);
}

/* ---- the function -------------------------------------------------------- */

/* A change of A and D that the access makes: if the PTE still is what was expected. */
struct golden_update {
	bool needed;
	uint64_t address;
	uint64_t expected, desired; /* the PTE as memory has it */
};

struct golden_result {
	struct mmu_answer answer; /* right once the update, if any, was made */
	struct golden_update update;
};

/* One question about physical memory, and the answer. */
struct golden_check {
	struct golden_pmp_check asked;
	uint8_t refusal; /* REASON_NONE, _ADDRESS_TOO_WIDE, _PMP or _PMA */
};

/* What a translation looked at: the PTEs that its walk read, from the root down. */
struct golden_walk {
	int segment; /* the one that answered, or -1 */
	unsigned length;
	struct golden_read {
		uint64_t address;
		uint64_t value; /* undefined with a bus error */
		uint8_t level;
		bool error; /* the read was a bus error */
	} read[GOLDEN_LEVELS];
	/* In the order of the rules: each PTE's read, its update, the access itself. */
	unsigned checks;
	struct golden_check check[GOLDEN_LEVELS + 2];
};

/*
 * Translates. Each field of the answer is as struct mmu_answer says; priv and
 * access of the request must be PRIV_* and ACC_*. `walk`, when not NULL, is
 * filled with what was read. Reads memory through `memory`, changes nothing:
 * the update is for the caller to make.
 */
struct golden_result golden_translate(const struct golden_regs *regs,
				      const struct mmu_memory *memory,
				      const struct mmu_request *request, struct golden_walk *walk);

/* The fault when the update's swap is a bus error. */
struct mmu_answer golden_swap_error(const struct golden_regs *regs,
				    const struct mmu_request *request, uint8_t level);

/* ---- physical memory ----------------------------------------------------- */

/* PMP's verdict by the registers. */
bool golden_pmp_allows(const struct golden_pmp *pmp, const struct golden_pmp_check *check);
/* The entry that decides about these bytes, or -1: none matches any of them. */
int golden_pmp_entry(const struct golden_pmp *pmp, uint64_t pa, unsigned bytes);
/* The PMA region that holds pa, or NULL. */
const struct mmu_pma *golden_pma_region(const struct mmu_config *config, uint64_t pa);

/* ---- for people ---------------------------------------------------------- */

/* The rule that decided: its step in riscv-vm.md, section 1.5, or its number in
 * segments.md, and what it says. Static strings. */
struct golden_rule {
	const char *step, *text;
};
struct golden_rule golden_rule_of(const struct golden_walk *walk, const struct mmu_answer *answer);

/* A PTE as a person reads it. The fields that a mode of 32 bits lacks are zero. */
struct golden_decoded {
	char flags[9];    /* "DAGUXWRV", '-' for what is clear */
	uint64_t ppn;     /* as it stands there */
	const char *kind; /* "invalid", "pointer", "leaf", "shadow-stack leaf" */
	unsigned rsw, rsw_high, pbmt, reserved;
	bool n;
};
struct golden_decoded golden_decode(const struct golden_regs *regs, uint64_t pte);

/* Attributes of a PMA region in the letters of rtl/configs.txt, '-' for what is clear. */
struct golden_attributes {
	char text[9];
};
struct golden_attributes golden_attributes(uint8_t attributes);

/*
 * Prints the walk: with segments on, a line for their mode and one for the segment
 * that answered; a line for satp's mode and root, one a level with the PTE decoded,
 * one for what PMP and PMA were asked last and decided by, one for the update of the PTE
 * if there is one, and one with the rule that decided.
 */
void golden_print_walk(FILE *out, const struct golden_regs *regs, const struct mmu_request *request,
		       const struct golden_walk *walk, const struct golden_result *result);

#endif
