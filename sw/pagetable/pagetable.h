/*
 * Page tables of RISC-V: Sv32, Sv39, Sv48 and Sv57 (privileged specification,
 * chapter "Supervisor-Level ISA", sections "Sv32" to "Sv57").
 *
 * A page table is a tree of 4 KiB tables. Each entry (PTE) is empty, or points
 * to the table one level down, or is a leaf: it maps a page. A leaf at level 0
 * maps 4 KiB; one at a higher level maps a superpage, as large as everything
 * that a table below would map. Level numbers count down to 0; the root is at
 * level pt_levels() - 1.
 *
 * The library only needs memory to keep the tables in. Where that is, and how
 * to reach it, its user says in struct pt_memory, so that the same code runs in
 * a kernel, where a physical address may be a pointer, and in a test on any
 * other computer, where it is an index into an array.
 *
 * What it never does is fence. After pt_unmap() and pt_protect(), and after
 * pt_map() over something that was just unmapped, the user fences (SFENCE.VMA)
 * before relying on the change, and before the allocator hands out a freed
 * frame for another use: until then a TLB may know the old entry.
 *
 * Units: addresses and sizes in bytes. Virtual addresses are as software sees
 * them: with RV32 below 2^32, with RV64 the copies of the sign bit included.
 */
#ifndef PAGETABLE_H
#define PAGETABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mmu_pkg.h"

enum pt_mode { PT_SV32, PT_SV39, PT_SV48, PT_SV57, PT_MODES };

enum pt_result {
	PT_OK,
	PT_BAD_ADDRESS, /* not a virtual address of this mode, or the range leaves its half */
	PT_BAD_FLAGS,   /* neither R nor X, or W without R, or a bit that is no flag */
	PT_BAD_LEVEL,   /* the mode has no such level */
	PT_MISALIGNED,  /* address or size is no multiple of the page size */
	PT_TOO_WIDE,    /* the physical address has more bits than the machine */
	PT_OVERLAP,     /* something is mapped there already */
	PT_NOT_MAPPED,  /* nothing is mapped at some address of the range */
	PT_WOULD_SPLIT, /* the range ends inside a larger page */
	PT_ROOT_ONLY,   /* a table of root leaves was asked for a smaller page */
	PT_NO_MEMORY,   /* the allocator gave no frame for a table */
	PT_NO_TABLE     /* a PTE points to a table where there is no memory */
};

/* "ok", "misaligned" ...: for messages. */
const char *pt_result_name(enum pt_result result);

/*
 * What a leaf allows, as bits of its PTE. A and D are those that software keeps
 * where hardware does not set them (Svade): without PT_A the first access
 * faults, without PT_D the first store, so that an operating system learns of it.
 */
#define PT_R (1u << PTE_R)
#define PT_W (1u << PTE_W)
#define PT_X (1u << PTE_X)
#define PT_U (1u << PTE_U)
#define PT_G (1u << PTE_G)
#define PT_A (1u << PTE_A)
#define PT_D (1u << PTE_D)

/* The usual ones, accessed and dirty from the start. */
#define PT_READ  (PT_R | PT_A)
#define PT_WRITE (PT_R | PT_W | PT_A | PT_D)
#define PT_EXEC  (PT_R | PT_X | PT_A)

/* The memory that tables live in. Owned by the caller; outlives the tables. */
struct pt_memory {
	void *ctx;
	unsigned pa_bits; /* of a physical address: 32 to 34 (Sv32) or 56 */
	/* A page frame of zeroes: its physical address, a multiple of 4096. False: none left. */
	bool (*alloc)(void *ctx, uint64_t *pa);
	void (*free)(void *ctx, uint64_t pa);
	/* Where the table at `pa`, a multiple of 4096, can be read and written; NULL: no memory. */
	void *(*at)(void *ctx, uint64_t pa);
};

enum pt_policy {
	PT_ALL_LEVELS, /* tables at every level, pages of every size */
	/*
	 * One table, the root, whose leaves are the largest pages of the mode: the
	 * page table that takes 4 KiB and one memory access, and never grows.
	 * What does not fit such pages is refused (PT_ROOT_ONLY).
	 */
	PT_ROOT_LEAVES
};

struct pt {
	enum pt_mode mode;
	enum pt_policy policy;
	uint64_t root; /* physical address of the root table */
	const struct pt_memory *memory;
};

/* ---- the modes ------------------------------------------------------------ */

const char *pt_mode_name(enum pt_mode mode); /* "sv39" */
unsigned pt_levels(enum pt_mode mode);       /* 2 to 5 */
unsigned pt_va_bits(enum pt_mode mode);      /* 32, 39, 48, 57 */
uint64_t pt_page_size(enum pt_mode mode, unsigned level);
unsigned pt_index(enum pt_mode mode, uint64_t va, unsigned level); /* VPN[level] */
bool pt_canonical(enum pt_mode mode, uint64_t va);

/* A PTE's value, for those who write one by hand. */
uint64_t pt_leaf(uint64_t pa, unsigned flags);
uint64_t pt_pointer(uint64_t table_pa);
uint64_t pt_pte_address(uint64_t pte); /* the physical address that its PPN names */

/* ---- making tables -------------------------------------------------------- */

/* Allocates the root. PT_OK or PT_NO_MEMORY. */
enum pt_result pt_create(struct pt *pt, enum pt_mode mode, enum pt_policy policy,
			 const struct pt_memory *memory);

/* Gives all tables back, not the pages that they map. */
void pt_destroy(struct pt *pt);

/* The value for satp. `asid` is cut to the 9 or 16 bits that satp has. */
uint64_t pt_satp(const struct pt *pt, unsigned asid);

/*
 * Maps one page: a leaf at `level` from `va` to `pa`, both multiples of
 * pt_page_size(). The part of a page that lies beyond the physical width
 * faults when it is used (address_too_wide). On failure nothing has changed.
 */
enum pt_result pt_map(struct pt *pt, uint64_t va, uint64_t pa, unsigned level, unsigned flags);

/*
 * Maps va .. va+size-1 to pa .. pa+size-1 with leaves of one level, or at each
 * address of the largest that fit (PT_LARGEST). On failure nothing has changed.
 */
#define PT_LARGEST 0xffu
enum pt_result pt_map_range(struct pt *pt, uint64_t va, uint64_t pa, uint64_t size, unsigned level,
			    unsigned flags);

/*
 * Both need every address of the range mapped, and whole pages: a larger page
 * that the range covers in part is refused (PT_WOULD_SPLIT), and nothing has
 * changed. pt_unmap() frees tables that became empty, except the root.
 * pt_protect() replaces all flags.
 */
enum pt_result pt_unmap(struct pt *pt, uint64_t va, uint64_t size);
enum pt_result pt_protect(struct pt *pt, uint64_t va, uint64_t size, unsigned flags);

/* ---- walking them --------------------------------------------------------- */

struct pt_access {
	unsigned access; /* ACC_LOAD, ACC_STORE or ACC_FETCH */
	unsigned priv;   /* PRIV_U or PRIV_S */
	bool sum;
	bool mxr;
};

#define PT_MAX_LEVELS 5

struct pt_walk {
	unsigned steps; /* PTEs read, 0 to 5; the last one decided */
	struct {
		unsigned level;
		uint64_t pte_pa; /* where the PTE is */
		uint64_t pte;
	} step[PT_MAX_LEVELS];
	unsigned reason; /* REASON_NONE: the access is allowed */
	unsigned level;  /* of the PTE that decided, or LEVEL_NONE */
	bool pte;        /* the fault arose on the read of that PTE */
	uint64_t pa;     /* translated address; 0 with a reason */
};

/*
 * Does in software what the MMU does (section "Virtual Address Translation
 * Process"), without changing a thing: for machines whose MMU does not tell why
 * it refused. What it cannot see is what lies behind the translated address: an
 * access fault where it finds no reason is a bus error of the access itself.
 */
void pt_explain(const struct pt *pt, uint64_t va, const struct pt_access *access,
		struct pt_walk *walk);

/* The same without permissions: where is `va`, by which leaf? Or why nowhere? */
void pt_walk(const struct pt *pt, uint64_t va, struct pt_walk *walk);

/* CLASS_* of a reason: what an operating system does about it. */
unsigned pt_reason_class(unsigned reason);
/* "pte_invalid" for REASON_PTE_INVALID; "?" for a number that is no reason. */
const char *pt_reason_name(unsigned reason);

#endif
