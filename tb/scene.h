/*
 * A small scene for directed tests of the RTL: one MMU with the golden model in
 * lockstep, memory behind it, and page tables that grow as pages are mapped.
 *
 * Every function fails the running cmocka test when the bench itself fails; each
 * answer is checked by the lockstep besides what the test asks.
 */
#ifndef ATLAS_SCENE_H
#define ATLAS_SCENE_H

#include "mmu.h"
#include "sparse.h"

/* PTE flags as masks, to write a PTE in one line; those up to PU are cfg's of a segment too. */
enum {
	PV = 1 << PTE_V,
	PR = 1 << PTE_R,
	PW = 1 << PTE_W,
	PX = 1 << PTE_X,
	PU = 1 << PTE_U,
	PG = 1 << PTE_G,
	PA = 1 << PTE_A,
	PD = 1 << PTE_D,
	P_SS = PV | PW | PA | PD,            /* a shadow-stack page, where there are such */
	P_RWX = PV | PR | PW | PX | PA | PD, /* a leaf of S-mode's that permits all */
	SGLOBAL = 1 << SEG_G,
	S_RWX = PV | PR | PW | PX | SGLOBAL, /* a segment of S-mode's that permits all */
};

/* A byte of pmpcfg, and mseccfg, likewise. */
enum {
	CR = 1 << PMP_R,
	CW = 1 << PMP_W,
	CX = 1 << PMP_X,
	CL = 1 << PMP_L,
	C_RWX = CR | CW | CX,
	C_OFF = PMP_OFF << PMP_A,
	C_TOR = PMP_TOR << PMP_A,
	C_NA4 = PMP_NA4 << PMP_A,
	C_NAPOT = PMP_NAPOT << PMP_A,
	M_MML = 1 << MSECCFG_MML,
	M_MMWP = 1 << MSECCFG_MMWP,
	M_RLB = 1 << MSECCFG_RLB,
};

#define SCENE_ROOT  0x80000000ull /* the first root table; the others follow it */
#define SCENE_PAGES 0xc0000000ull /* a multiple of 1 GiB, for leaves to point to */

/* A mode of a configuration. */
struct scene_mode {
	const char *name;   /* "sv39" */
	const char *config; /* that has it, with full widths */
	unsigned satp_mode; /* SATP_* */
	unsigned levels;
	unsigned vpn_bits; /* index bits a level */
	unsigned pte_bytes;
};

/* Sv32, Sv39, Sv48, Sv57. With ONLY=configuration in the environment, that configuration's
 * modes, its deepest in place of those that it lacks; what wants another configuration by
 * name is skipped then. */
enum { SCENE_MODES = 4 };
extern struct scene_mode scene_modes[SCENE_MODES]; /* not to be changed */
const struct scene_mode *scene_mode(const char *name);

struct scene {
	struct scene_mode mode;
	const char *model;
	struct mmu *mmu;
	struct sparse *ram;
	const struct mmu_config *config;
	uint64_t root;       /* of the tables that scene_map() grows */
	uint64_t next_table; /* free memory for tables */
	char rerun[300];     /* the command that repeats this test program */
};

/* The model of the scenes that are opened from here on: "rtl" if nobody says otherwise. */
void scene_use_model(const char *name);
/*
 * Opens the mode's configuration, or the one named if `config` is not NULL, with
 * empty tables, satp in force (ASID 0), and the last PMP entry open to all: entries
 * before it decide first. `timing` NULL: latency 1, never stalled.
 */
void scene_open(struct scene *s, const struct scene_mode *mode, const char *config,
		const struct mmu_timing *timing);
/* The same in the model's reset state: Bare, and nothing is open. */
void scene_reset(struct scene *s, const struct scene_mode *mode, const char *config,
		 const struct mmu_timing *timing);
/* Runs a check, in reset and in the deepest mode, on each configuration that fits; NULL: on
 * all. The test fails if none does. */
void scene_on_each(bool (*fits)(const struct mmu_config *c), void (*check)(struct scene *s));
/*
 * What the rule at hand needs of the configuration. With ONLY, a configuration without it
 * skips the rule; else the test fails, as it chose that configuration itself. Registers below
 * ask for what they are part of.
 */
void scene_needs(const struct scene *s, bool there);
/* The same of every scene that the program opens from here on. */
void scene_want(bool (*fits)(const struct mmu_config *c));
/* Every kind of access is allowed everywhere. */
bool scene_memory_is_open(const struct mmu_config *c);
/* That pointers are read anew in every walk: for rules that change one without a fence that
 * covers it, or that count a walk's reads. */
void scene_needs_whole_walks(const struct scene *s);
/* And that one walk is under way at a time, one of a port: for rules about cycles. */
void scene_needs_one_walk(const struct scene *s);
/* Fails the test if the lockstep found a mismatch. */
void scene_close(struct scene *s);
/* For main(): hands on cmocka's result, and tells how to repeat what failed. */
int scene_finish(int failed);

/* One rule, checked in every mode: a test of its own. */
struct scene_rule {
	const char *name;
	void (*check)(struct scene *s); /* in a scene just opened */
};
#define SCENE_RULE(f)                                                                              \
	{                                                                                          \
#f, f                                                                              \
	}

/* Runs the rules as a group of tests; what main() returns. */
int scene_run_rules(const struct scene_rule *rules, size_t n);

/* ---- tables -------------------------------------------------------------- */

/* A new, empty table: its physical address. */
uint64_t scene_table(struct scene *s);
/* Changes one PTE, as software does. */
void scene_poke(struct scene *s, uint64_t pa, uint64_t pte);
uint64_t scene_peek(struct scene *s, uint64_t pa);
/* Makes reads of the PTE at pa a bus error, or heals them. */
void scene_poison(struct scene *s, uint64_t pa, bool on);
/* A PTE for the page at pa. */
uint64_t scene_pte(uint64_t pa, unsigned flags);
/* Where the PTE of that level for va stands; pointers above it are made as needed. */
uint64_t scene_place(struct scene *s, uint64_t va, unsigned level);
/* Maps va with a leaf of that level. */
void scene_map(struct scene *s, uint64_t va, uint64_t pa, unsigned level, unsigned flags);
/* Bytes that a leaf of that level maps. */
uint64_t scene_page_size(const struct scene *s, unsigned level);
/* A number with `index` as the index of that level's table and zeros elsewhere. */
uint64_t scene_index(const struct scene *s, unsigned level, uint64_t index);

/* ---- registers and fences ------------------------------------------------ */

/* Writes a register; what it then reads. */
uint64_t scene_csr(struct scene *s, unsigned csr, uint64_t value);
/* menvcfg := exactly these, of SCENE_*; the test fails if one is not built in. */
enum { SCENE_ADUE = 1, SCENE_PBMTE = 2, SCENE_SSE = 4 };
void scene_menvcfg(struct scene *s, unsigned on);
/* Entry i of PMP, its byte of pmpcfg and its pmpaddr: written, and what it then reads. */
unsigned scene_pmp_cfg(struct scene *s, unsigned i, unsigned cfg);
unsigned scene_pmp_cfg_read(struct scene *s, unsigned i);
uint64_t scene_pmp_addr(struct scene *s, unsigned i, uint64_t pmpaddr);
uint64_t scene_pmp_addr_read(struct scene *s, unsigned i);
/* A segment, all its registers, V last; and segctl. */
void scene_segment(struct scene *s, unsigned i, uint64_t base, uint64_t last, uint64_t phys,
		   uint64_t cfg);
void scene_segctl(struct scene *s, unsigned mode, unsigned asid);
/* A whole region, `cfg` without the mode: NAPOT, size 0 for all addresses; one word (NA4);
 * [low, high) of entries i and i + 1 (TOR). No fence. */
void scene_pmp_napot(struct scene *s, unsigned i, unsigned cfg, uint64_t base, uint64_t size);
void scene_pmp_na4(struct scene *s, unsigned i, unsigned cfg, uint64_t pa);
void scene_pmp_tor(struct scene *s, unsigned i, unsigned cfg, uint64_t low, uint64_t high);
/* satp := the scene's mode with that ASID and root table. */
void scene_satp(struct scene *s, unsigned asid, uint64_t root);
/* The value that scene_satp() writes. */
uint64_t scene_satp_value(const struct scene *s, unsigned asid, uint64_t root);
void scene_fence_all(struct scene *s);
void scene_fence_va(struct scene *s, uint64_t va);
void scene_fence_asid(struct scene *s, unsigned asid);
void scene_fence_va_asid(struct scene *s, uint64_t va, unsigned asid);

/* ---- requests ------------------------------------------------------------ */

/* An S-mode request of that kind at va, SUM and MXR clear. */
struct mmu_request scene_request(uint64_t va, unsigned access);
/* How many kinds of access there are; ACC_* are the numbers below it. */
enum { SCENE_ACCESSES = ACC_SS_AMO + 1 };
/* The port that takes accesses of that kind. */
enum mmu_port scene_port(unsigned access);

/* What was asked, and how it went. */
struct scene_answer {
	struct mmu_answer answer;
	unsigned added; /* cycles more than a hit takes; 0: a hit */
	unsigned reads; /* PTEs read meanwhile */
	unsigned swaps; /* updates of A and D tried meanwhile */
};

/* Asks while nothing else is under way. */
struct scene_answer scene_ask(struct scene *s, const struct mmu_request *request);
/* The same for an S-mode access at va. */
struct scene_answer scene_touch(struct scene *s, uint64_t va, unsigned access);
/* After an answer by a walk: steps past the cycles in which its port takes nothing, that of
 * the answer and that of the refill. */
void scene_pass_refill(struct scene *s);

/* Assert what an S-mode access at va gives. */
void scene_expect_pa(struct scene *s, uint64_t va, unsigned access, uint64_t pa);
void scene_expect_fault(struct scene *s, uint64_t va, unsigned access, unsigned cause,
			unsigned reason);
/* What any request gives: that reason, REASON_NONE if it is to be granted. */
void scene_expect(struct scene *s, const struct mmu_request *request, unsigned reason);
/* That it is answered from the TLB, or is not. */
void scene_expect_hit(struct scene *s, uint64_t va, unsigned access);
void scene_expect_miss(struct scene *s, uint64_t va, unsigned access);

#endif
