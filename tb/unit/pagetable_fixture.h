/*
 * For the tests of the page-table library: memory for tables, in an array, and
 * the golden model, which reads the same memory and knows nothing of the
 * library.
 */
#ifndef ATLAS_PAGETABLE_FIXTURE_H
#define ATLAS_PAGETABLE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "golden/golden.h"
#include "pagetable.h"

/* ---- memory for tables ------------------------------------------------------- */

#define TABLES_AT 0x80000000ull /* physical address of the first frame */
#define FRAMES    64

static struct {
	union {
		uint32_t pte32[1024];
		uint64_t pte64[512];
	} frame[FRAMES];
	bool used[FRAMES];
	unsigned limit; /* frames that can be had at most */
} ram;

static inline unsigned in_use(void)
{
	unsigned count = 0;

	for (unsigned i = 0; i < FRAMES; i++)
		count += ram.used[i];
	return count;
}

static bool ram_alloc(void *ctx, uint64_t *pa)
{
	(void)ctx;
	for (unsigned i = 0; i < ram.limit; i++) {
		if (ram.used[i])
			continue;
		ram.used[i] = true;
		memset(&ram.frame[i], 0, sizeof ram.frame[i]);
		*pa = TABLES_AT + i * 4096ull;
		return true;
	}
	return false;
}

static void ram_free(void *ctx, uint64_t pa)
{
	uint64_t i = (pa - TABLES_AT) / 4096;

	(void)ctx;
	assert_true(pa % 4096 == 0 && i < FRAMES && ram.used[i]);
	ram.used[i] = false;
}

static void *ram_at(void *ctx, uint64_t pa)
{
	(void)ctx;
	if (pa < TABLES_AT || pa >= TABLES_AT + FRAMES * 4096ull)
		return NULL;
	return &ram.frame[(pa - TABLES_AT) / 4096];
}

static struct pt_memory memory;

#define ALL_EXTENSIONS                                                                             \
	(PT_HAS_NAPOT | PT_HAS_PBMT | PT_HAS_RSW_HIGH | PT_HAS_SHADOW_STACK | PT_HAS_UPDATE)

/* The same memory as the golden model reads it. */
static inline bool golden_read(void *ctx, uint64_t pa, unsigned bytes, uint64_t *value)
{
	char *frame = ram_at(ctx, pa & ~4095ull);

	if (!frame)
		return false;
	*value = 0;
	memcpy(value, frame + (pa & 4095), bytes);
	return true;
}

static inline int fresh_memory(void **state)
{
	(void)state;
	memset(&ram, 0, sizeof ram);
	ram.limit = FRAMES;
	memory =
	    (struct pt_memory){.pa_bits = 56, .alloc = ram_alloc, .free = ram_free, .at = ram_at};
	return 0;
}

/* ---- helpers ------------------------------------------------------------------- */

static const unsigned rw = PT_WRITE | PT_U;

static inline struct pt create(enum pt_mode mode)
{
	struct pt pt;

	memory.pa_bits = mode == PT_SV32 ? 34 : 56;
	assert_int_equal(pt_create(&pt, mode, PT_ALL_LEVELS, &memory), PT_OK);
	return pt;
}

static inline unsigned root_of(enum pt_mode mode)
{
	return pt_levels(mode) - 1;
}

/* Multiples of every page size but the root's, in index 3 of the root. */
static inline uint64_t somewhere(enum pt_mode mode)
{
	return 3 * pt_page_size(mode, root_of(mode));
}

/* A machine with everything that the library knows of, of which it has what the
 * library thinks, and without physical protection. */
static inline struct golden_regs golden_machine(const struct pt *pt)
{
	unsigned has = pt->memory->extensions;
	bool rv32 = pt->mode == PT_SV32;
	struct mmu_config config = *mmu_config_find(rv32 ? "sv32_max" : "sv57_max");
	struct golden_regs regs;

	config.pa_bits = pt->memory->pa_bits;
	config.pmp_entries = 0;
	config.svnapot = !rv32 && has & PT_HAS_NAPOT;
	config.svrsw60t59b = !rv32 && has & PT_HAS_RSW_HIGH;
	regs = golden_reset(&config);
	golden_write_csr(&regs, CSR_SATP, pt_satp(pt, 5));
	golden_write_csr(&regs, CSR_MENVCFG,
			 (has & PT_HAS_SHADOW_STACK ? 1u << ENVCFG_SSE : 0) |
			     (has & PT_HAS_PBMT ? 1ull << ENVCFG_PBMTE : 0) |
			     (has & PT_HAS_UPDATE && !rv32 ? 1ull << ENVCFG_ADUE : 0));
	if (rv32 && has & PT_HAS_UPDATE)
		golden_write_csr(&regs, CSR_MENVCFGH, 1u << (ENVCFG_ADUE - 32));
	return regs;
}

static inline struct mmu_answer golden(const struct pt *pt, uint64_t va, const struct pt_access *a)
{
	const struct mmu_memory mem = {.read = golden_read};
	const struct golden_regs regs = golden_machine(pt);
	const struct mmu_request request = {
	    .va = va,
	    .access = (uint8_t)a->access,
	    .bytes = 4,
	    .priv = (uint8_t)a->priv,
	    .sum = a->sum,
	    .mxr = a->mxr,
	};

	return golden_translate(&regs, &mem, &request, NULL).answer;
}

static const struct pt_access user_load = {.access = ACC_LOAD, .priv = PRIV_U};

static inline void assert_maps(const struct pt *pt, uint64_t va, uint64_t pa, unsigned level)
{
	struct mmu_answer answer = golden(pt, va, &user_load);

	assert_int_equal(answer.reason, REASON_NONE);
	assert_int_equal(answer.pa, pa);
	assert_int_equal(answer.level, level);
}

static inline void assert_unmapped(const struct pt *pt, uint64_t va)
{
	assert_int_equal(golden(pt, va, &user_load).reason, REASON_PTE_INVALID);
}

#define FOR_EACH_MODE(mode) for (enum pt_mode mode = 0; mode < PT_MODES; mode++)

#define TEST(f) cmocka_unit_test_setup(f, fresh_memory)

#endif
