/*
 * For tests of the golden model: one set of tables in each mode, an access, and
 * checks of all fields of its answer.
 */
#ifndef ATLAS_GOLDEN_FIXTURE_H
#define ATLAS_GOLDEN_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "golden/golden.h"
#include "sparse.h"

/* PTE flags as the specification draws them. */
enum { V = 1, R = 2, W = 4, X = 8, U = 16, G = 32, A = 64, D = 128 };
enum { RWX = V | R | W | X | A | D };

static const struct mode {
	const char *name;
	unsigned xlen, levels, vpn_bits, pte_bytes, va_bits;
	uint64_t satp_mode; /* in place */
} modes[] = {
    {"Sv32", 32, 2, 10, 4, 32, 1ull << 31},
    {"Sv39", 64, 3, 9, 8, 39, 8ull << 60},
    {"Sv48", 64, 4, 9, 8, 48, 9ull << 60},
    {"Sv57", 64, 5, 9, 8, 57, 10ull << 60},
};
enum { SV32, SV39, SV48, SV57, MODES };

static const uint8_t accesses[] = {ACC_LOAD, ACC_STORE, ACC_FETCH};
static const uint8_t page_cause[] = {13, 15, 12};
static const uint8_t access_cause[] = {5, 7, 1};

/* All of physical memory, for every use. */
static const struct mmu_pma everything = {0, 1ull << 56, 0xff};

/* ---- one set of tables --------------------------------------------------- */

/* The table of level l lies at TABLE(l); the root is that of the highest level. */
#define TABLE(level) (0x80000000ull + (uint64_t)(level)*0x1000)

static struct sparse *memory;
static struct mmu_config built;
static struct golden_regs regs;
static const struct mode *mode;
static struct golden_walk walk;
static struct golden_result result; /* of the last question */

static inline int setup(void **state)
{
	(void)state;
	memory = sparse_new(SPARSE_ZERO);
	return 0;
}

static inline int teardown(void **state)
{
	(void)state;
	sparse_free(memory);
	return 0;
}

static inline uint64_t pte(uint64_t pa, unsigned flags)
{
	return pa >> 12 << 10 | flags;
}

/* Resets the registers to what is in `built`, and turns the mode's tables on. */
static inline void rebuild(void)
{
	regs = golden_reset(&built);
	regs.satp = mode->satp_mode | TABLE(mode->levels - 1) >> 12;
}

/* Clears memory and selects a mode at its full widths, without any extension. */
static inline void use(unsigned which)
{
	mode = &modes[which];
	sparse_clear(memory);
	built = (struct mmu_config){
	    .xlen = mode->xlen,
	    .levels = mode->xlen == 32 ? 2 : 5,
	    .asid_bits = mode->xlen == 32 ? 9 : 16,
	    .pa_bits = mode->xlen == 32 ? 34 : 56,
	    .pma_regions = 1,
	    .pma = &everything,
	};
	rebuild();
}

static inline void write_csr(unsigned csr, uint64_t value)
{
	golden_write_csr(&regs, csr, value);
}

static inline uint64_t read_csr(unsigned csr)
{
	return golden_csr_read(&regs, csr);
}

/* The same with every extension that the width has, none of them switched on, and 16 PMP
 * entries; `open` opens them for all. */
static inline void use_all(unsigned which, bool open)
{
	use(which);
	bool rv64 = mode->xlen == 64;
	built.svadu = built.zicfiss = built.smepmp = true;
	built.svnapot = built.svpbmt = built.svrsw60t59b = built.pointer_masking = rv64;
	built.pmp_entries = 16;
	rebuild();
	if (!open)
		return;
	/* The last one, so that a test has those before it. */
	write_csr(CSR_PMPADDR0 + 15, ~0ull);
	write_csr(rv64 ? CSR_PMPCFG0 + 2 : CSR_PMPCFG0 + 3, rv64 ? 0x1full << 56 : 0x1full << 24);
}

/* menvcfg, both halves. */
static inline void write_menvcfg(uint64_t value)
{
	write_csr(CSR_MENVCFG, value);
	write_csr(CSR_MENVCFGH, value >> 32);
}

static const uint64_t sse = 1ull << ENVCFG_SSE;
static const uint64_t adue = 1ull << ENVCFG_ADUE;
static const uint64_t pbmte = 1ull << ENVCFG_PBMTE;

/* pmpaddr and pmpcfg byte of one entry. */
static inline void write_pmp(unsigned i, uint8_t cfg, uint64_t addr)
{
	unsigned each = mode->xlen / 8; /* entries in one register */
	unsigned csr = CSR_PMPCFG0 + i / each * (each / 4);
	unsigned shift = 8 * (i % each);

	write_csr(CSR_PMPADDR0 + i, addr);
	write_csr(csr, (read_csr(csr) & ~(0xffull << shift)) | (uint64_t)cfg << shift);
}

static inline uint8_t read_pmpcfg(unsigned i)
{
	unsigned each = mode->xlen / 8;
	return read_csr(CSR_PMPCFG0 + i / each * (each / 4)) >> 8 * (i % each);
}

static inline uint64_t pte_address(uint64_t va, unsigned level)
{
	uint64_t vpn = va >> (12 + level * mode->vpn_bits) & ((1u << mode->vpn_bits) - 1);
	return TABLE(level) + vpn * mode->pte_bytes;
}

static inline void put(uint64_t va, unsigned level, uint64_t value)
{
	sparse_write(memory, pte_address(va, level), mode->pte_bytes, value);
}

/* Pointers from the root down to `level`, where `value` is put. */
static inline void map(uint64_t va, unsigned level, uint64_t value)
{
	for (unsigned l = mode->levels - 1; l > level; l--)
		put(va, l, pte(TABLE(l - 1), V));
	put(va, level, value);
}

static inline struct mmu_answer ask_request(struct mmu_request request)
{
	struct mmu_memory m = sparse_memory(memory);
	request.tag = 0x5a;
	result = golden_translate(&regs, &m, &request, &walk);
	return result.answer;
}

static inline struct mmu_answer ask_as(uint64_t va, uint8_t access, uint8_t priv, bool sum,
				       bool mxr)
{
	return ask_request((struct mmu_request){
	    .va = va, .access = access, .bytes = 1, .priv = priv, .sum = sum, .mxr = mxr});
}

static inline struct mmu_answer ask(uint64_t va, uint8_t access)
{
	return ask_as(va, access, PRIV_S, false, false);
}

/* An untranslated access of S-mode (Bare) or M-mode. */
static inline uint8_t reason_of(uint64_t pa, unsigned bytes, uint8_t access, uint8_t priv)
{
	regs.satp = 0;
	struct mmu_answer a = ask_request(
	    (struct mmu_request){.va = pa, .access = access, .bytes = bytes, .priv = priv});
	assert_int_equal(a.fault, a.reason != REASON_NONE);
	assert_int_equal(a.level, LEVEL_NONE);
	assert_false(a.pte);
	return a.reason;
}

static inline void check_ok(struct mmu_answer a, uint64_t pa, unsigned level)
{
	assert_false(a.fault);
	assert_int_equal(a.pa, pa);
	assert_int_equal(a.level, level);
	assert_int_equal(a.tag, 0x5a);
	assert_int_equal(a.tval | a.cause | a.reason | a.pte, 0);
}

static inline void check_fault(struct mmu_answer a, uint64_t va, uint8_t cause, uint8_t reason,
			       unsigned level, bool on_pte)
{
	assert_true(a.fault);
	assert_string_equal(mmu_reason_name(a.reason), mmu_reason_name(reason));
	assert_int_equal(a.cause, cause);
	assert_int_equal(a.tval, va);
	assert_int_equal(a.level, level);
	assert_int_equal(a.pte, on_pte);
	assert_int_equal(a.tag, 0x5a);
	assert_int_equal(a.pa, 0);
}

/* A page fault of each kind of access, on the access itself. */
static inline void check_page_fault(uint64_t va, uint8_t reason, unsigned level)
{
	for (unsigned i = 0; i < 3; i++)
		check_fault(ask(va, accesses[i]), va, page_cause[i], reason, level, false);
}

static inline void check_access_fault(uint64_t va, uint8_t reason, unsigned level, bool on_pte)
{
	for (unsigned i = 0; i < 3; i++)
		check_fault(ask(va, accesses[i]), va, access_cause[i], reason, level, on_pte);
}

#endif
