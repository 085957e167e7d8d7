/*
 * One RISC-V hart: RV32 or RV64 IMAC, Zicsr, Zifencei, Zicntr, Zicbom, Zicboz,
 * Zicbop, Zimop, Zcmop, Svinval, Sstc, Sscsrind with the fault-reason register
 * (spec/software.md, "Registers") and, where the MMU has them, segments
 * (spec/segments.md); Zicfiss where the MMU has it; modes M, S and U.
 *
 * Every fetch, load and store is translated by the MMU behind sim/mmu.h, in
 * all modes; the hart itself knows nothing of page tables, and the registers that
 * decide about translation and protection are the MMU's (csr_mmu.c). Traps are precise:
 * an instruction that traps has changed neither memory nor a register, except for what
 * hardware sets with menvcfg.ADUE (spec/riscv-vm.md 1.5): A and D stay set by each
 * translation that succeeded before the trap, such as that of a page-crossing access's
 * first half when the second faults.
 *
 * Choices where the architecture leaves them: misaligned loads and stores are
 * done, page-crossing ones as two translations before the first byte moves;
 * misaligned LR, SC and AMO raise the misaligned exceptions before translation;
 * ebreak puts its address in xtval; wfi below S, or with TW below M, is illegal;
 * a trap ends a reservation; each unimplemented CSR or select is illegal.
 */
#ifndef ATLAS_HART_H
#define ATLAS_HART_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "bus.h"
#include "csr_numbers.h"
#include "mmu.h"

/* A counter that software may write and stop, over one that only runs. */
struct counter {
	uint64_t offset; /* running: value = raw + offset, modulo 2^64 */
	uint64_t held;   /* stopped: the value */
	bool stopped;
};

struct csrs {
	uint64_t mstatus; /* RV64 layout; without the constant UXL and SXL */
	uint64_t medeleg, mideleg, mie;
	uint64_t mip;      /* but for what the PLIC drives: */
	uint64_t external; /* bits IRQ_SEI, IRQ_MEI; what is read and interrupts is both */
	uint64_t mtvec, mscratch, mepc, mcause, mtval;
	uint64_t stvec, sscratch, sepc, scause, stval;
	uint64_t miselect, siselect;
	uint32_t mcounteren, scounteren, mcountinhibit;
	/* the hart's own fields, FIOM to CBZE, menvcfg.STCE (bit 63, RV32 too), senvcfg.SSE */
	uint64_t menvcfg, senvcfg;
	uint64_t stimecmp; /* 64 bits on RV32 too */
	uint64_t ssp;      /* shadow-stack pointer (Zicfiss) */
	struct counter cycle, instret;
	uint32_t reason; /* SIREG_* fields: the last trap that the MMU caused */
};

struct trap {
	uint64_t pc;   /* of the instruction */
	uint64_t tval; /* what goes to xtval */
	uint8_t cause; /* exception code */
};

/* The last trap that the MMU caused, or the bus after it: what was asked, and what came
 * of it. */
struct memory_fault {
	uint64_t count; /* of them all */
	struct mmu_request request;
	struct mmu_answer answer;
};

/* Why the hart cannot go on. */
enum hart_stop {
	HART_RUNS,
	HART_TRAP_LOOP, /* a trap at the first instruction of its own handler */
	HART_MMU_STUCK, /* the model did not answer within MMU_PATIENCE cycles */
};

struct hart {
	uint64_t x[32]; /* RV32: sign-extended to 64 bits; x[0] is 0 */
	uint64_t pc;    /* RV32: bits 63:32 are zero */
	uint64_t next_pc;
	uint32_t insn; /* the instruction under way, as it stands in memory */
	uint8_t xlen;  /* 32 or 64 */
	uint8_t priv;  /* PRIV_U, PRIV_S or PRIV_M */
	bool waiting;  /* the last instruction was a wfi; the machine clears it */
	enum hart_stop stop;

	struct csrs csr;

	uint64_t reservation; /* physical address that LR reserved, or NO_RESERVATION */
	uint8_t reserved_bytes;
	uint64_t reserved_at; /* the bus's dma_writes then: a device's write ends it */

	uint64_t instret; /* instructions retired */
	uint64_t traps;   /* taken, interrupts included */

	struct memory_fault fault;
	struct trap trap;     /* what the instruction under way raised */
	struct trap previous; /* the exception taken before that one */

	struct mmu *mmu;           /* not owned */
	struct recorder *recorder; /* of what is translated (record.h); NULL: none. Not owned */
	struct bus *bus;           /* not owned */
};

#define NO_RESERVATION UINT64_MAX

/* Puts the hart into its reset state, at pc, in M-mode; mmu and bus stay the
 * caller's and must outlive it. xlen is that of the MMU's configuration. */
void hart_reset(struct hart *h, struct mmu *mmu, struct bus *bus, uint64_t pc);

/* Takes a pending interrupt, or runs one instruction, or takes the trap that it
 * raises. Does nothing once h->stop is set. */
void hart_step(struct hart *h);

/* For HART_TRAP_LOOP: one line without a newline that names pc, address, cause. */
void hart_print_trap_loop(FILE *out, const struct hart *h);

/* "load page fault" for 13; "exception" for a code that this hart never raises. */
const char *hart_cause_name(unsigned cause);

#endif
