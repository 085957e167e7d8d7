/*
 * One interface to everything that can be run as an MMU: the golden model, the
 * Verilated RTL, and either of them with the golden model's checker in lockstep.
 * A test or a machine is written once against it.
 *
 * Time. A model moves in clock cycles, one a call of mmu_step(). Between two
 * steps the caller offers what its side of the ports shall drive (requests,
 * a fence, a register write) and reads what the last step gave. An offer stands
 * until the model takes it; it is taken in the step in which valid and ready
 * meet. The answer to a request taken in step k is visible after step k at the
 * earliest (a hit: "the next cycle"), and only until the next step.
 *
 * Order within one step. A request taken in the same step as a register write
 * still sees the old value. After the step in which a fence is taken, no answer
 * uses what it covers.
 *
 * Names of PTE bits, access kinds, causes and reasons come from mmu_pkg.h,
 * which is derived from rtl/mmu_pkg.sv.
 *
 * Not thread-safe: one thread a model. Errors of use (an offer over a standing
 * offer, an access that crosses a page) are caught by assert().
 */
#ifndef ATLAS_MMU_H
#define ATLAS_MMU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "mmu_pkg.h"

struct mmu; /* a model, opened */

enum mmu_port { MMU_FETCH, MMU_DATA, MMU_PORTS };

/* A region of physical memory and what may be done there. */
struct mmu_pma {
	uint64_t base;      /* a multiple of size */
	uint64_t size;      /* bytes, a power of two, at least 4096 */
	uint8_t attributes; /* bits PMA_R to PMA_IDEMPOTENT */
};

/* What a configuration is built with: a line of rtl/configs.txt. */
struct mmu_config {
	const char *name;
	unsigned xlen;          /* 32 or 64 */
	unsigned levels;        /* of the deepest mode: 2 Sv32, 3 Sv39, 4 Sv48, 5 Sv57 */
	unsigned asid_bits;     /* 0 to 9 (RV32) or 16 (RV64) */
	unsigned pa_bits;       /* physical address width: 32 to 34 (RV32) or 56 (RV64) */
	unsigned fetch_entries; /* of the L1 TLB, 1 to 64 */
	unsigned data_entries;
	unsigned pmp_entries;      /* 0 to 64; without any, every access passes PMP */
	unsigned pmp_grain;        /* G: PMP regions are multiples of 2^(G+2) bytes, 0 to 10 */
	bool svadu;                /* menvcfg.ADUE exists */
	bool svnapot;              /* PTE.N; RV64 */
	bool svpbmt;               /* PTE.PBMT and menvcfg.PBMTE; RV64 */
	bool svrsw60t59b;          /* PTE bits 60:59 are software's; RV64 */
	bool pointer_masking;      /* the PMM fields of senvcfg, menvcfg, mseccfg; RV64 */
	bool zicfiss;              /* menvcfg.SSE and shadow-stack pages */
	bool smepmp;               /* mseccfg.MML, MMWP, RLB */
	unsigned segments;         /* 0 to 16; without any, segctl is not there either */
	unsigned walkers;          /* page-table walkers, 1 to 8 */
	unsigned walk_cache;       /* entries of the walk cache, 0 to 64 */
	unsigned misses;           /* of a port under way at once, 1 to 8 */
	bool hit_under_miss;       /* hits are answered while so many are */
	unsigned l2_entries;       /* of 4 KiB in the L2 TLB, 0 or 64 to 4096 */
	unsigned l2_ways;          /* 1 to 8 */
	unsigned l2_large;         /* of larger leaves beside: 1 to 64 with an L2, else 0 */
	bool l2_parity;            /* a wrong bit of the array is found */
	bool counters;             /* of events (docs/counters.md) */
	unsigned pma_regions;      /* 1 to 16 */
	const struct mmu_pma *pma; /* in order of precedence; outside all: no access */
};

/* The configuration of that name, or NULL. */
const struct mmu_config *mmu_config_find(const char *name);
/* The i-th configuration in the order of rtl/configs.txt, or NULL past the end. */
const struct mmu_config *mmu_config_at(size_t i);

/*
 * One access to be translated, with its whole context. It never crosses a
 * 4 KiB page: the caller makes two of one that does.
 */
struct mmu_request {
	uint64_t va;  /* virtual address, before pointer masking; RV32: bits 63:32 are zero */
	uint32_t tag; /* comes back with the answer; bits 7:0 count. Answers of a port may overtake
			 each other: requests under way at once, of which there are at most 64,
			 need different tags */
	uint8_t access; /* ACC_*; ACC_FETCH on MMU_FETCH, any other on MMU_DATA */
	uint8_t bytes;  /* length, 1 to 64. ACC_CBO_* and ACC_PREFETCH are about the whole
			   aligned block of CACHE_BLOCK bytes around va, whatever this says */
	uint8_t priv;   /* effective privilege: PRIV_U, PRIV_S or PRIV_M */
	bool sum;       /* mstatus.SUM */
	bool mxr;       /* mstatus.MXR */
};

struct mmu_answer {
	uint64_t pa;    /* physical address of the first byte; 0 on a fault */
	uint64_t tval;  /* trap value: the request's va after pointer masking; 0 without a fault */
	uint32_t tag;   /* of the request */
	bool fault;     /* of a prefetch: the hint is to be dropped, nothing traps */
	uint8_t cause;  /* CAUSE_*; 0 without a fault, and CAUSE_NONE for a prefetch */
	uint8_t reason; /* REASON_*; REASON_NONE without a fault */
	uint8_t level;  /* of the PTE that decided, or LEVEL_NONE (mmu_pkg.sv) */
	bool pte;       /* the fault arose on the read or update of the PTE of that level */
	uint8_t memory; /* MEM_*: the memory type; 0 on a fault */
};

/* SFENCE.VMA or SINVAL.VMA. rs1_x0 and rs2_x0 tell the form; va and asid count without them. */
struct mmu_fence {
	uint64_t va;   /* rs1's value, all XLEN bits */
	uint16_t asid; /* rs2's value; bits above the implemented ASID are ignored */
	bool rs1_x0;   /* every address, and PTEs of all levels */
	bool rs2_x0;   /* every address space, and global mappings */
};

/*
 * The physical memory, where PTEs are. `read` gives the `bytes` (4 on RV32,
 * 8 on RV64) at `pa`, which is a multiple of `bytes`, little-endian; false is a
 * bus error. It has no side effect, may be called at any time by any model, and
 * gives for one address the same answer until the caller announced a change by
 * mmu_before_write(). Owned by the caller; must outlive the model.
 */
struct mmu_memory {
	void *ctx;
	bool (*read)(void *ctx, uint64_t pa, unsigned bytes, uint64_t *value);
	/*
	 * For Svadu: atomically, if the `bytes` at pa hold `expected`, they become
	 * `desired`; *old is what they held before. False is a bus error: nothing
	 * changed. The caller need not announce this change; models do. NULL: every swap is
	 * a bus error.
	 */
	bool (*swap)(void *ctx, uint64_t pa, unsigned bytes, uint64_t expected, uint64_t desired,
		     uint64_t *old);
};

/* How the memory port behaves to the RTL. The golden model reads in no time. */
struct mmu_timing {
	unsigned latency_min;   /* cycles from a PTE request taken to its data, >= 1 */
	unsigned latency_max;   /* drawn evenly from min to max */
	unsigned stall_percent; /* cycles in which the memory port is not ready, 0 to 99 */
	uint64_t seed;
};

struct mmu_options {
	const char *model;  /* "rtl"; "rtl-axi4" or "rtl-wb": with the memory port over that bus, to
			       a  memory with bad manners (tb/bus); "golden" */
	const char *config; /* a name of rtl/configs.txt */
	bool lockstep;      /* check every answer against the golden model */
	bool wave; /* mmu_wave_open() will be called: a model of the RTL that is a tenth slower */
	struct mmu_memory memory;
	struct mmu_timing timing; /* all zero: latency 1, never stalled */
	const char *rerun; /* printed with a mismatch: the command that repeats it, or NULL */
};

/*
 * Opens a model in its reset state (satp Bare, TLBs empty). NULL on failure,
 * with one line in err[0 .. err_size-1] that says what, where and what to do.
 */
struct mmu *mmu_open(const struct mmu_options *options, char *err, size_t err_size);
void mmu_close(struct mmu *m); /* NULL is fine */

const struct mmu_config *mmu_config(const struct mmu *m);

/* ---- one cycle at a time ------------------------------------------------- */

/* Offers a request on a port that has no standing offer. */
void mmu_offer(struct mmu *m, enum mmu_port port, const struct mmu_request *request);
/* True while the offer on that port has not been taken. */
bool mmu_offered(const struct mmu *m, enum mmu_port port);

/* Offers a fence while none stands. */
void mmu_offer_fence(struct mmu *m, const struct mmu_fence *fence);
bool mmu_fence_offered(const struct mmu *m);

/* Writes a register in the coming step; at most one write a step. satp, senvcfg,
 * menvcfg, mseccfg (RV32: and menvcfgh, mseccfgh), pmpcfg0 to 15 and pmpaddr0 to 63
 * exist; of the configuration registers only the fields that decide about
 * translation (mmu_csr.sv), the others read as zero. Those of segments are
 * REG_SEGMENT0 + 8i + SEGREG_* and REG_SEGCTL, beyond all CSR numbers; of segments that
 * are not built in they read zero. WARL and locks: what cannot be is handled as
 * docs/csr.md says. Counters are REG_COUNTCTL, REG_COUNTER0 + 2k and, RV32, the upper half
 * after it (docs/counters.md). A write to any other number does nothing; numbers have 13 bits. */
void mmu_offer_csr(struct mmu *m, unsigned csr, uint64_t value);
/* The register's present value, XLEN bits. */
uint64_t mmu_csr_read(const struct mmu *m, unsigned csr);

void mmu_step(struct mmu *m);

/* The answer that this port gives in the present cycle, or NULL. Owned by the
 * model, valid until the next mmu_step(). */
const struct mmu_answer *mmu_answer(const struct mmu *m, enum mmu_port port);

/* ---- whole operations, for callers that do one thing at a time ----------- */

/*
 * Each steps until its operation is done; no offer or request may be under way.
 * False, with *answer left alone, when the model did not finish within
 * MMU_PATIENCE cycles: a defect of the model, which the caller reports.
 */
#define MMU_PATIENCE 1000000u
bool mmu_translate(struct mmu *m, enum mmu_port port, const struct mmu_request *request,
		   struct mmu_answer *answer);
bool mmu_fence(struct mmu *m, const struct mmu_fence *fence);
void mmu_csr_write(struct mmu *m, unsigned csr, uint64_t value); /* one step */

/* ---- memory, as others change it ----------------------------------------- */

/*
 * The caller is about to change the bytes at pa (or whether they answer with a
 * bus error). A checker notes the values that caches may still hold; plain
 * models ignore it. Call it before the change.
 */
void mmu_before_write(struct mmu *m, uint64_t pa, unsigned bytes);

/* ---- what happened ------------------------------------------------------- */

struct mmu_counts {
	uint64_t cycles;
	struct {
		uint64_t translations; /* answers, faults included */
		uint64_t untranslated; /* of these: M-mode, or Bare with segments off */
		uint64_t hits;         /* translated, answered in the cycle after acceptance */
		uint64_t misses;       /* translated, answered later (the golden model: all that
					  no segment decides) */
		uint64_t walk_cycles;  /* sum over misses: cycles more than a hit takes */
		uint64_t faults[64];   /* by REASON_* */
	} port[MMU_PORTS];
	uint64_t pte_reads;
	uint64_t pte_swaps;        /* updates of A and D that were tried */
	uint64_t pte_swaps_failed; /* of these: the PTE had changed, and was taken up again */
	uint64_t fences;
	uint64_t wave_walk;  /* first cycle with a PTE read in the recorded waveform; 0: none */
	uint64_t mismatches; /* lockstep: answers that the rules do not allow */
	uint64_t stale;      /* lockstep: right answers from what caches may still hold */
};

void mmu_counts(const struct mmu *m, struct mmu_counts *counts);
/* counts.cycles alone. */
uint64_t mmu_cycles(const struct mmu *m);

/*
 * The counters of the hardware (docs/counters.md), by COUNTER_* + EVENT_*, read through its
 * registers: since reset, or as software left them. False, with all zero, if the
 * configuration has none. The golden model's stay zero.
 */
bool mmu_events(const struct mmu *m, uint64_t events[COUNTERS_N]);
/* "fetch_hits" for COUNTER_FETCH + EVENT_PORT_HITS; NULL for a number without an event. */
const char *mmu_event_name(unsigned counter);
/* What the model has counted of the same event at the RTL's pins; false if it cannot see it
 * there. The two differ by what is under way, and once software has written to counters. */
bool mmu_event_at_pins(const struct mmu_config *config, const struct mmu_counts *counts,
		       unsigned counter, uint64_t *count);

/* ---- waveform ------------------------------------------------------------ */

/*
 * Writes an FST waveform of the RTL from here on, or between two cycles:
 * mmu_wave_open() opens the file and starts, mmu_wave_on() stops and starts.
 * Cycle c begins at 10 c ns.
 * False when the model has no waveform (golden, or options.wave was not set), one
 * is open already, or the file cannot be written; mmu_wave_on() then does nothing.
 */
bool mmu_wave_open(struct mmu *m, const char *path);
void mmu_wave_on(struct mmu *m, bool on);

/* ---- for people ---------------------------------------------------------- */

/* "pte_invalid" for REASON_PTE_INVALID; "?" for a number that is no reason. */
const char *mmu_reason_name(unsigned reason);
/* "store" for ACC_STORE; "cached" for MEM_CACHED; "?" for what is none. */
const char *mmu_access_name(unsigned access);
const char *mmu_memory_name(unsigned memory);
/* One line each, without a newline. */
void mmu_print_request(FILE *out, const struct mmu_request *request);
void mmu_print_answer(FILE *out, const struct mmu_answer *answer);

#endif
