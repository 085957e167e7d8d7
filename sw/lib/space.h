/*
 * Address spaces to experiment with, and single accesses in them.
 *
 * A test program stays in M-mode, whose own addresses are not translated, and
 * so can do anything to page tables without losing its footing. From there it
 * makes one access after another at S or U privilege: a few instructions of
 * probe.S run there, touch one address and trap back, and the program looks at
 * what came of it.
 */
#ifndef LIB_SPACE_H
#define LIB_SPACE_H

#include <stdbool.h>

#include "csr.h"
#include "frames.h"
#include "pagetable.h"
#include "reason.h"

struct space {
	struct pt pt;
	bool bare; /* no translation at all: satp.MODE = Bare */
	unsigned asid;
	xword probe[2]; /* where probe.S is, as seen from PRIV_U and from PRIV_S */
};

/* Once, in M-mode, before all below: memory, the reason register, the width of
 * physical addresses, what PTE bits mean (extensions.h). */
void space_start(void);

/* Bits of an ASID that satp keeps: 0 to 9 (RV32) or 16 (RV64). */
unsigned asid_bits(void);

/* Does this machine have the mode? satp keeps only what exists. */
bool mode_exists(enum pt_mode mode);
/* Calls test(mode) for each mode that exists, its name being the check group. */
void for_each_mode(void (*test)(enum pt_mode mode));

/*
 * An address space with nothing in it but probe.S, at an address between 1 and
 * 2 GiB (SPACE_PROBE). With PT_ROOT_LEAVES that takes two of the root's entries
 * (SPACE_ROOT_U, SPACE_ROOT_S), through which all of RAM, or as much of it as
 * one leaf reaches, is seen by U and by S.
 */
#define SPACE_PROBE  0x7f000000ul
#define SPACE_ROOT_U 1
#define SPACE_ROOT_S 2
void space_open(struct space *space, enum pt_mode mode, enum pt_policy policy, unsigned asid);
/* No translation: S and U use physical addresses. */
void space_open_bare(struct space *space);
void space_close(struct space *space);

/* pt_map() and its like that must succeed: else the program ends as failed. */
void space_map(struct space *space, xword va, xword pa, unsigned level, uint64_t flags);
void space_unmap(struct space *space, xword va, xword bytes);
void space_protect(struct space *space, xword va, xword bytes, uint64_t flags);
/* Maps a fresh page and gives its frame. */
xword space_page(struct space *space, xword va, uint64_t flags);

/* The PTE of a level on the way to `va`, to be read or spoilt by hand. It exists. */
uint64_t pte_get(const struct space *space, xword va, unsigned level);
void pte_put(const struct space *space, xword va, unsigned level, uint64_t pte);

/* Writes satp, and nothing else. */
void space_switch(const struct space *space);
/* As a process switch does it: with a fence only once an ASID was too wide for
 * the machine, which then cannot tell all address spaces apart. */
void space_enter(const struct space *space);
/* Writes satp and fences everything. */
void space_use(const struct space *space);

/* ---- one access -------------------------------------------------------------- */

struct probe {
	unsigned access; /* ACC_* */
	unsigned priv;   /* PRIV_U, PRIV_S */
	bool sum, mxr;
	/* Of a load or store: 1, 2, 4, or 8 with RV64; of LR, SC, AMO: 4 or 8; 0: a word of
	 * the machine's. */
	unsigned bytes;
	xword va;
	/* To be stored; of ACC_SS_LOAD, what is expected there. */
	xword value;
};

/*
 * Of ACC_CBO_MANAGE the instruction is cbo.flush, of ACC_PREFETCH prefetch.r, of the
 * shadow stack's sspopchk x1, sspush x1 and ssamoswap: before the former two, ssp is
 * set so that they use p.va. An AMO is an amoswap, an SC one without its LR.
 */

struct outcome {
	bool done; /* the access went through */
	xword
	    value; /* what was loaded, sign-extended; of a fetch, see code_put(); an SC's result */
	xword cause, tval, pc;
	struct reason why; /* where the register exists */
};

struct outcome probe(const struct space *space, struct probe p);

/* Puts code at a physical address that, when fetched, gives `value` (0 to 2047). */
void code_put(xword pa, unsigned value);

/* ---- checks on one access ------------------------------------------------------ */

/* What a fault must look like. The cause follows from access and reason. */
struct expected {
	unsigned reason, level;
	bool pte;
	xword tval; /* where the fault is, if not at the probe's address (0) */
	/* Machines without our registers may do without this fault: what to say then. */
	const char *optional;
};

/* The access must fault so, twice: cold, and again with whatever caches kept. */
void expect_fault(const struct space *space, const char *name, struct probe p, struct expected e);
/* The same for load, store and fetch at `va`, from U and from S: one check. */
void expect_fault_all(const struct space *space, const char *name, xword va, struct expected e);
/* A load or fetch must give this value. */
void expect_value(const struct space *space, const char *name, struct probe p, xword value);
/* An access must go through. */
void expect_done(const struct space *space, const char *name, struct probe p);

#endif
