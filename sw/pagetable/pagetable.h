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
	PT_BAD_FLAGS,   /* flags that no leaf may have, or that this machine does not know */
	PT_BAD_LEVEL,   /* the mode has no such level, or PT_N is not for it */
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

/* Two bits that hardware leaves to software: n is 0 to 3. */
#define PT_RSW(n) ((unsigned)(n) << PTE_RSW)

/*
 * With RV64 and what the machine has (enum pt_extension): one of 16 PTEs that map a
 * naturally aligned 64 KiB; the memory type, not cacheable or I/O; two more bits for
 * software.
 */
#define PT_N           ((uint64_t)1 << PTE_N)
#define PT_NC          ((uint64_t)PBMT_NC << PTE_PBMT)
#define PT_IO          ((uint64_t)PBMT_IO << PTE_PBMT)
#define PT_RSW_HIGH(n) ((uint64_t)(n) << PTE_RSW_HIGH)

/* The usual ones, accessed and dirty from the start. */
#define PT_READ  (PT_R | PT_A)
#define PT_WRITE (PT_R | PT_W | PT_A | PT_D)
#define PT_EXEC  (PT_R | PT_X | PT_A)
/* W without R: a shadow stack (Zicfiss), which only its own instructions write. */
#define PT_STACK (PT_W | PT_A | PT_D)

#define PT_NAPOT_BYTES 65536u

/* What a machine has beyond the ratified base, and has switched on. */
enum pt_extension {
	PT_HAS_NAPOT = 1,        /* Svnapot: PT_N */
	PT_HAS_PBMT = 2,         /* Svpbmt, with menvcfg.PBMTE: PT_NC, PT_IO */
	PT_HAS_RSW_HIGH = 4,     /* Svrsw60t59b: PT_RSW_HIGH */
	PT_HAS_SHADOW_STACK = 8, /* Zicfiss, with menvcfg.SSE: PT_STACK */
	PT_HAS_UPDATE = 16       /* Svadu, with menvcfg.ADUE: hardware sets A and D */
};

/* The memory that tables live in. Owned by the caller; outlives the tables. */
struct pt_memory {
	void *ctx;
	unsigned pa_bits;    /* of a physical address: 32 to 34 (Sv32) or 56 */
	unsigned extensions; /* PT_HAS_*; may change while tables exist, as the machine's do */
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
uint64_t pt_leaf(uint64_t pa, uint64_t flags);
uint64_t pt_pointer(uint64_t table_pa);
/* The physical address that its PPN names; with PT_N, that of the 64 KiB page. */
uint64_t pt_pte_address(uint64_t pte);

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
 * faults when it is used (address_too_wide). With PT_N the level is 0, the page
 * PT_NAPOT_BYTES, and 16 equal PTEs are written. On failure nothing has changed.
 */
enum pt_result pt_map(struct pt *pt, uint64_t va, uint64_t pa, unsigned level, uint64_t flags);

/*
 * Maps va .. va+size-1 to pa .. pa+size-1 with leaves of one level, or at each
 * address of the largest that fit (PT_LARGEST, which does not go with PT_N). On
 * failure nothing has changed.
 */
#define PT_LARGEST 0xffu
enum pt_result pt_map_range(struct pt *pt, uint64_t va, uint64_t pa, uint64_t size, unsigned level,
			    uint64_t flags);

/*
 * Both need every address of the range mapped, and whole pages: a larger page
 * that the range covers in part is refused (PT_WOULD_SPLIT), and nothing has
 * changed. pt_unmap() frees tables that became empty, except the root.
 * pt_protect() replaces all flags but PT_N, which it does not take: a page keeps
 * its size.
 */
enum pt_result pt_unmap(struct pt *pt, uint64_t va, uint64_t size);
enum pt_result pt_protect(struct pt *pt, uint64_t va, uint64_t size, uint64_t flags);

/* ---- single entries --------------------------------------------------------- */

/*
 * For an operating system that keeps more in a table than leaves. An entry without V is
 * nothing to the MMU; all its other bits are software's, to note there where a page is that
 * is not in memory. The functions above take such an entry for an empty place that pt_map()
 * may fill, but never free a table that holds one.
 */
struct pt_entry {
	uint64_t pte;
	unsigned level; /* where the walk to it ended: below lies nothing */
};

/* The entry that decides about `va`: a leaf, or one without V. PT_OK, PT_BAD_ADDRESS or
 * PT_NO_TABLE. */
enum pt_result pt_get(const struct pt *pt, uint64_t va, struct pt_entry *entry);

/*
 * Puts any value in the place of the entry for `va` at `level`, over whatever was there (a
 * table that hung there is its owner's to free), and makes the tables above it: also with
 * the value that it has, so that a later pt_put() needs no memory. PT_OVERLAP: a larger page
 * is in the way.
 */
enum pt_result pt_put(struct pt *pt, uint64_t va, unsigned level, uint64_t pte);

/* Frees the tables on the way to `va` that have become empty, but not the root. */
void pt_prune(struct pt *pt, uint64_t va);

/* ---- walking them --------------------------------------------------------- */

struct pt_access {
	unsigned access; /* ACC_* */
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
 * Process"), without changing a thing, not even A or D: for machines whose MMU does
 * not tell why it refused. `va` is the address after pointer masking. What it cannot
 * see is physical protection (PMP, PMA; but no shadow stack lies in what a PTE makes I/O)
 * and what lies behind the translated address: an access fault where it finds no reason
 * comes from there.
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
