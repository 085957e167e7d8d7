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

/* ---- one set of tables --------------------------------------------------- */

/* The table of level l lies at TABLE(l); the root is that of the highest level. */
#define TABLE(level) (0x80000000ull + (uint64_t)(level)*0x1000)

static struct sparse *memory;
static struct golden_regs regs;
static const struct mode *mode;
static struct golden_walk walk;

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

/* Clears memory and selects a mode at its full widths. */
static inline void use(unsigned which)
{
	mode = &modes[which];
	sparse_clear(memory);
	regs = (struct golden_regs){
	    .xlen = mode->xlen,
	    .levels = mode->xlen == 32 ? 2 : 5,
	    .asid_bits = mode->xlen == 32 ? 9 : 16,
	    .pa_bits = mode->xlen == 32 ? 34 : 56,
	    .satp = mode->satp_mode | TABLE(mode->levels - 1) >> 12,
	};
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

static inline struct mmu_answer ask_as(uint64_t va, uint8_t access, uint8_t priv, bool sum,
				       bool mxr)
{
	struct mmu_memory m = sparse_memory(memory);
	struct mmu_request request = {.va = va,
				      .tag = 0x5a,
				      .access = access,
				      .bytes = 1,
				      .priv = priv,
				      .sum = sum,
				      .mxr = mxr};
	return golden_translate(&regs, &m, &request, &walk);
}

static inline struct mmu_answer ask(uint64_t va, uint8_t access)
{
	return ask_as(va, access, PRIV_S, false, false);
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
