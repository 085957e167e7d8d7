/* Registers and instructions that only the kernel uses; the others are in csr.h. */
#ifndef KERNEL_CSR_H
#define KERNEL_CSR_H

#include "csr.h"

/* Numbers that the assembler does not know by name. */
#define CSR_STIMECMP  0x14d
#define CSR_STIMECMPH 0x15d
#define CSR_SIREG2    0x152
#define CSR_SIREG3    0x153
#define CSR_SIREG4    0x155
#define CSR_SIREG5    0x156

#define IRQ_S_EXTERNAL 9

#define ENVCFG_CBZE_BIT 7
#define ENVCFG_STCE_BIT 63

/* Select values of our own have the top bit set. */
#define SELECT_CUSTOM (1ul << (XLEN - 1))
#define SEGMENTS_MAX  16u

/* cbo.zero: clears the cache block at that address. */
static inline void block_zero(void *at)
{
	__asm__ volatile(".insn i 0x0f, 2, x0, %0, 4" ::"r"(at) : "memory");
}

static inline void wait_for_interrupt(void)
{
	__asm__ volatile("wfi" ::: "memory");
}

#endif
