/*
 * Control and status registers, by name or by number, and the bits of them
 * that the programs use (privileged specification, chapters 2, 3 and 12).
 */
#ifndef LIB_CSR_H
#define LIB_CSR_H

#include "mmu_pkg.h"

/* Numbers of those whose names the assembler may not know, and which the MMU does not
 * keep: mmu_pkg.h has the others. */
#define CSR_SSP       0x011
#define CSR_STIMECMP  0x14d
#define CSR_SISELECT  0x150
#define CSR_SIREG     0x151
#define CSR_SIREG2    0x152
#define CSR_SIREG3    0x153
#define CSR_SIREG4    0x155
#define CSR_SIREG5    0x156
#define CSR_STIMECMPH 0x15d /* RV32 */

#define MSTATUS_MPP_SHIFT 11

#define MSTATUS_SIE  (1ul << 1)
#define MSTATUS_MIE  (1ul << 3)
#define MSTATUS_SPIE (1ul << 5)
#define MSTATUS_SPP  (1ul << 8)
#define MSTATUS_MPP  (3ul << MSTATUS_MPP_SHIFT)
#define MSTATUS_MPRV (1ul << 17)
#define MSTATUS_SUM  (1ul << 18)
#define MSTATUS_MXR  (1ul << 19)
#define MSTATUS_TVM  (1ul << 20)
#define MSTATUS_TW   (1ul << 21)
#define MSTATUS_TSR  (1ul << 22)

/* Fields of menvcfg and senvcfg that open cache-block instructions to lower modes. */
#define ENVCFG_CBIE  (3ul << 4) /* cbo.inval, as which it runs */
#define ENVCFG_CBCFE (1ul << 6) /* cbo.clean, cbo.flush */
#define ENVCFG_CBZE  (1ul << 7) /* cbo.zero */

/* A byte of pmpcfg. */
#define PMPCFG_R     (1 << PMP_R)
#define PMPCFG_W     (1 << PMP_W)
#define PMPCFG_X     (1 << PMP_X)
#define PMPCFG_RWX   (PMPCFG_R | PMPCFG_W | PMPCFG_X)
#define PMPCFG_OFF   0
#define PMPCFG_TOR   (PMP_TOR << PMP_A)
#define PMPCFG_NA4   (PMP_NA4 << PMP_A)
#define PMPCFG_NAPOT (PMP_NAPOT << PMP_A)
#define PMPCFG_L     (1 << PMP_L)

/* Interrupts, as bits of mip, mie and mideleg. */
#define IRQ_S_SOFTWARE 1
#define IRQ_M_SOFTWARE 3
#define IRQ_S_TIMER    5
#define IRQ_M_TIMER    7

/* Causes that the MMU has no part in; the others are CAUSE_* in mmu_pkg.h. */
#define CAUSE_FETCH_MISALIGNED 0
#define CAUSE_ILLEGAL          2
#define CAUSE_BREAKPOINT       3
#define CAUSE_LOAD_MISALIGNED  4
#define CAUSE_STORE_MISALIGNED 6
#define CAUSE_ECALL_U          8
#define CAUSE_ECALL_S          9
#define CAUSE_ECALL_M          11
#define CAUSE_SOFTWARE_CHECK   18

#ifdef __ASSEMBLER__

/* A word of the machine's own width. */
#if __riscv_xlen == 64
#define LX   ld
#define SX   sd
#define WORD 8
#else
#define LX   lw
#define SX   sw
#define WORD 4
#endif

#else

#include <stdbool.h>
#include <stdint.h>

/* A register: XLEN bits, unsigned. */
typedef unsigned long xword;

#define XLEN            __riscv_xlen
#define CAUSE_INTERRUPT (1ul << (XLEN - 1))

#define CSR_TEXT_(x) #x
#define CSR_TEXT(x)  CSR_TEXT_(x)

#define csr_read(csr)                                                                              \
	({                                                                                         \
		xword value_;                                                                      \
		__asm__ volatile("csrr %0, " CSR_TEXT(csr) : "=r"(value_)::"memory");              \
		value_;                                                                            \
	})

#define csr_write(csr, value)                                                                      \
	__asm__ volatile("csrw " CSR_TEXT(csr) ", %0" ::"r"((xword)(value)) : "memory")
#define csr_set(csr, bits)                                                                         \
	__asm__ volatile("csrs " CSR_TEXT(csr) ", %0" ::"r"((xword)(bits)) : "memory")
#define csr_clear(csr, bits)                                                                       \
	__asm__ volatile("csrc " CSR_TEXT(csr) ", %0" ::"r"((xword)(bits)) : "memory")

/* The four forms of SFENCE.VMA. Which it is, the register numbers tell, not the
 * values: an address of 0 in a register is an address. */
static inline void fence_all(void)
{
	__asm__ volatile("sfence.vma zero, zero" ::: "memory");
}

static inline void fence_address(xword va)
{
	__asm__ volatile("sfence.vma %0, zero" ::"r"(va) : "memory");
}

static inline void fence_asid(xword asid)
{
	__asm__ volatile("sfence.vma zero, %0" ::"r"(asid) : "memory");
}

static inline void fence_address_asid(xword va, xword asid)
{
	__asm__ volatile("sfence.vma %0, %1" ::"r"(va), "r"(asid) : "memory");
}

/* Svinval: the same in three parts. */
static inline void fence_invalidate_begin(void)
{
	__asm__ volatile(".word 0x18000073" ::: "memory"); /* sfence.w.inval */
}

static inline void fence_invalidate_all(void)
{
	__asm__ volatile(".word 0x16000073" ::: "memory"); /* sinval.vma zero, zero */
}

static inline void fence_invalidate_address(xword va)
{
	__asm__ volatile(".insn r 0x73, 0, 0x0b, x0, %0, x0" ::"r"(va) : "memory");
}

static inline void fence_invalidate_asid(xword asid)
{
	__asm__ volatile(".insn r 0x73, 0, 0x0b, x0, x0, %0" ::"r"(asid) : "memory");
}

static inline void fence_invalidate_address_asid(xword va, xword asid)
{
	__asm__ volatile(".insn r 0x73, 0, 0x0b, x0, %0, %1" ::"r"(va), "r"(asid) : "memory");
}

static inline void fence_invalidate_end(void)
{
	__asm__ volatile(".word 0x18100073" ::: "memory"); /* sfence.inval.ir */
}

/* After code was written to memory, before it runs. */
static inline void fence_instructions(void)
{
	__asm__ volatile("fence.i" ::: "memory");
}

#endif
#endif
