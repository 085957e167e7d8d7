/*
 * What is settled before the kernel runs: what this image was built for, and what the machine
 * turned out to have.
 */
#ifndef KERNEL_BOOT_H
#define KERNEL_BOOT_H

#include <stdbool.h>

#include "abi.h"
#include "pagetable.h"

/* Compiled into the image (choice.c): one image, one choice. */
struct boot_choice {
	enum abi_technique technique;
	enum pt_mode mode;    /* but under segments only */
	unsigned memory_kib;  /* of RAM, from 0x80000000 on, that the kernel uses */
	bool software_update; /* A and D set by the fault handler, even where hardware could */
	const char *commands; /* command lines, parted by ';', their words by spaces */
};

extern const struct boot_choice boot;

/* Found out by trying, in M-mode. */
struct machine_facts {
	bool timer;         /* Sstc: S-mode has a timer of its own */
	bool reason;        /* the register that tells why the MMU refused */
	bool update;        /* the MMU sets A and D; found out by the first page table */
	unsigned modes;     /* bit (1 << enum pt_mode) */
	unsigned asid_bits; /* of the chosen mode's satp, or of segctl */
	unsigned segments;
	unsigned zero_block; /* bytes that cbo.zero clears; 0: there is none */
};

extern struct machine_facts machine;

/* Does the technique have page tables? Segments? */
static inline bool uses_pages(void)
{
	return boot.technique != ABI_SEGMENTS;
}

static inline bool uses_segments(void)
{
	return boot.technique == ABI_SEGMENTS || boot.technique == ABI_BOTH;
}

#endif
