/* Zicbom, Zicboz and Zicbop: who may use them, what they do, and how they fault
 * (unpriv/cmo.adoc). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "encode.h"
#include "rig.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define ONES     0xffffffffffffffffu

#define PAGE_VA 0x40000000ull
#define FRAME   0x80020000ull

/* PTE flags */
#define S_PAGE    RIG_S_PAGE
#define READ_ONLY (S_PAGE & ~(1 << PTE_W | 1 << PTE_X))
#define NO_A      (1 << PTE_A)
#define NO_D      (1 << PTE_D)

static void fill(struct rig *r, uint64_t pa, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i += 8)
		rig_poke(r, pa + i, 8, ONES);
}

static void cbo_zero_clears_the_block_around_its_address(void **state)
{
	struct rig *r = *state;

	fill(r, RIG_DATA, 192);
	rig_set_x(r, A1, RIG_DATA + 64 + 37);
	rig_do(r, CBO_ZERO(A1));
	for (unsigned i = 0; i < 192; i += 8)
		assert_int_equal(rig_peek(r, RIG_DATA + i, 8), i / 64 == 1 ? 0 : ONES);
	rig_assert_no_trap(r);
}

static void management_and_prefetches_change_no_memory(void **state)
{
	struct rig *r = *state;
	static const uint32_t insns[] = {CBO_CLEAN(A1),       CBO_FLUSH(A1),
					 CBO_INVAL(A1),       PREFETCH_I(A1, 32),
					 PREFETCH_R(A1, -64), PREFETCH_W(A1, 0)};

	fill(r, RIG_DATA, 128);
	rig_set_x(r, A1, RIG_DATA + 3);
	for (size_t i = 0; i < COUNT(insns); i++)
		rig_do(r, insns[i]);
	for (unsigned i = 0; i < 128; i += 8)
		assert_int_equal(rig_peek(r, RIG_DATA + i, 8), ONES);
	rig_assert_no_trap(r);
}

static void reserved_encodings_are_illegal(void **state)
{
	struct rig *r = *state;
	static const uint32_t insns[] = {ENC_I(0x0f, 2, 0, A1, 3), ENC_I(0x0f, 2, 0, A1, 5),
					 ENC_I(0x0f, 2, A0, A1, 4), ENC_I(0x0f, 3, 0, A1, 0),
					 ENC_I(0x0f, 2, 0, A1, 0x801)};

	rig_set_x(r, A1, RIG_DATA);
	for (size_t i = 0; i < COUNT(insns); i++) {
		rig_go(r, PRIV_M, RIG_CODE);
		rig_do(r, insns[i]);
		rig_assert_trap_m(r, CAUSE_ILLEGAL, insns[i], RIG_CODE);
	}
}

/* `field` is set in menvcfg (bit 0 of `set`) and senvcfg (bit 1); all others are set
 * where it is not. */
static void check_gate(struct rig *r, uint32_t insn, uint8_t field, unsigned set, unsigned priv)
{
	uint8_t others = 0xf0 & ~(field & 0x30 ? 0x30 : field);
	bool in_m = set & 1, in_s = set & 2;
	bool allowed = priv == PRIV_M || (in_m && (priv == PRIV_S || in_s));
	uint64_t traps = r->h->traps;

	rig_set_csr(r, CSR_MENVCFG, in_m ? field : others);
	rig_set_csr(r, CSR_SENVCFG, in_s ? field : others);
	rig_go(r, priv, RIG_CODE);
	rig_do(r, insn);
	assert_int_equal(r->h->traps == traps, allowed);
	if (!allowed)
		rig_assert_trap_m(r, CAUSE_ILLEGAL, insn, RIG_CODE);
}

/* Each instruction by its own field: menvcfg's opens it to S and U, U also needs
 * senvcfg's. */
static void envcfg_opens_them_downwards(void **state)
{
	struct rig *r = *state;
	static const struct {
		uint32_t insn;
		uint8_t field;
	} rows[] = {
	    {CBO_INVAL(A1), 0x10}, /* runs as a flush */
	    {CBO_INVAL(A1), 0x30}, {CBO_CLEAN(A1), 0x40},
	    {CBO_FLUSH(A1), 0x40}, {CBO_ZERO(A1), 0x80},
	};

	rig_set_x(r, A1, RIG_DATA);
	for (size_t i = 0; i < COUNT(rows); i++)
		for (unsigned set = 0; set < 4; set++)
			for (unsigned priv = PRIV_U; priv <= PRIV_M; priv += priv + 1)
				check_gate(r, rows[i].insn, rows[i].field, set, priv);
}

static void enter_with_page(struct rig *r, uint64_t flags)
{
	rig_map(r, PAGE_VA, FRAME, flags);
	rig_enter_paged_s(r);
	rig_set_csr(r, CSR_MENVCFG, rig_csr(r, CSR_MENVCFG) | 0xf0);
}

static void faults_name_the_address_in_rs1(void **state)
{
	struct rig *r = *state;
	static const struct {
		uint32_t insn;
		uint64_t flags;
		uint8_t cause, reason;
	} rows[] = {
	    {CBO_ZERO(A1), READ_ONLY, CAUSE_STORE_PAGE, REASON_NOT_WRITABLE},
	    {CBO_ZERO(A1), 0, CAUSE_STORE_PAGE, REASON_PTE_INVALID},
	    {CBO_ZERO(A1), S_PAGE & ~NO_D, CAUSE_STORE_PAGE, REASON_DIRTY_CLEAR},
	    {CBO_CLEAN(A1), 0, CAUSE_STORE_PAGE, REASON_PTE_INVALID},
	    {CBO_FLUSH(A1), S_PAGE & ~NO_A, CAUSE_STORE_PAGE, REASON_ACCESSED_CLEAR},
	    {CBO_INVAL(A1), S_PAGE | 1 << PTE_U, CAUSE_STORE_PAGE, REASON_USER_PAGE},
	};

	rig_set_x(r, A1, PAGE_VA + 0x7a3);
	for (size_t i = 0; i < COUNT(rows); i++) {
		enter_with_page(r, rows[i].flags);
		rig_do(r, rows[i].insn);
		rig_assert_trap_m(r, rows[i].cause, PAGE_VA + 0x7a3, RIG_CODE);
		rig_assert_reason(r, rows[i].reason, 0, false);
	}
}

/* Reading is enough to write a block back, and D is not its business. */
static void management_needs_no_write_permission(void **state)
{
	struct rig *r = *state;

	rig_set_x(r, A1, PAGE_VA);
	enter_with_page(r, READ_ONLY & ~NO_D);
	rig_do(r, CBO_CLEAN(A1));
	rig_do(r, CBO_FLUSH(A1));
	rig_do(r, CBO_INVAL(A1));
	rig_assert_no_trap(r);
}

static void a_refused_prefetch_does_nothing(void **state)
{
	struct rig *r = *state;
	static const uint64_t flags[] = {0, S_PAGE | 1 << PTE_U, S_PAGE & ~NO_A, 1 << PTE_W | 1};

	for (size_t i = 0; i < COUNT(flags); i++) {
		enter_with_page(r, flags[i]);
		rig_set_x(r, A1, PAGE_VA);
		rig_do(r, PREFETCH_W(A1, 0));
		rig_set_x(r, A1, ONES << 62 ^ 1); /* no address at all */
		rig_do(r, PREFETCH_I(A1, 0));
		assert_int_equal(rig_pte(r, PAGE_VA), FRAME >> 12 << PTE_PPN | flags[i]);
	}
	rig_assert_no_trap(r);
	assert_int_equal(r->h->csr.reason, 0); /* of the last trap, and there was none */
}

/* Devices are not cacheable: zeroing a block is not for them. Outside RAM the bus
 * refuses what is written, and only that. */
static void what_lies_behind_decides_last(void **state)
{
	struct rig *r = *state;

	rig_set_x(r, A1, UART_BASE + 1);
	rig_do(r, CBO_ZERO(A1));
	rig_assert_trap_m(r, CAUSE_STORE_ACCESS, UART_BASE + 1, RIG_CODE);
	rig_assert_reason(r, REASON_PMA, LEVEL_NONE, false);
	rig_go(r, PRIV_M, RIG_CODE);
	rig_do(r, CBO_CLEAN(A1));
	assert_int_equal(r->h->traps, 1);
	rig_set_x(r, A1, 0xf0000001u);
	rig_do(r, CBO_ZERO(A1));
	rig_assert_trap_m(r, CAUSE_STORE_ACCESS, 0xf0000001u, RIG_CODE + 4);
	rig_assert_reason(r, REASON_BUS_ERROR, LEVEL_NONE, false);
}

/* The block is one PMP operation: an entry that ends inside it refuses all of it. */
static void pmp_sees_the_whole_block(void **state)
{
	struct rig *r = *state;

	rig_set_pmp(r, 0, PMP_NAPOT << PMP_A | 7, RIG_DATA >> 2 | 3); /* 32 bytes */
	rig_set_csr(r, CSR_MENVCFG, 0xf0);
	rig_set_x(r, A1, RIG_DATA + 4);
	rig_go(r, PRIV_S, RIG_CODE);
	rig_do(r, CBO_ZERO(A1));
	rig_assert_trap_m(r, CAUSE_STORE_ACCESS, RIG_DATA + 4, RIG_CODE);
	rig_assert_reason(r, REASON_PMP, LEVEL_NONE, false);
	rig_go(r, PRIV_S, RIG_CODE);
	rig_do(r, CBO_CLEAN(A1));
	rig_assert_trap_m(r, CAUSE_STORE_ACCESS, RIG_DATA + 4, RIG_CODE);
	rig_go(r, PRIV_S, RIG_CODE);
	rig_do(r, PREFETCH_W(A1, 0));
	assert_int_equal(r->h->traps, 2);
}

static struct mmu_counts counts(const struct rig *r)
{
	struct mmu_counts c;

	mmu_counts(r->m->mmu, &c);
	return c;
}

static void ori_to_x0_prefetches_in_three_kinds(void **state)
{
	struct rig *r = *state;

	for (unsigned kind = 0; kind < 32; kind++) {
		uint64_t before = counts(r).port[MMU_DATA].translations;
		bool prefetch = kind == 0 || kind == 1 || kind == 3;

		rig_do(r, ORI(ZERO, A1, kind));
		assert_int_equal(counts(r).port[MMU_DATA].translations, before + prefetch);
	}
	rig_assert_no_trap(r);
}

/* Which address it is shows by what is mapped there. */
static void a_prefetch_has_an_offset_of_32_bytes_a_step(void **state)
{
	struct rig *r = *state;
	static const struct {
		uint64_t base;
		uint32_t insn;
		bool mapped;
	} rows[] = {
	    {PAGE_VA + 4096 - 64, PREFETCH_R(A1, 32), true},
	    {PAGE_VA + 4096 - 64, PREFETCH_R(A1, 64), false},
	    {PAGE_VA + 4096 - 2016, PREFETCH_W(A1, 2016), false},
	    {PAGE_VA + 4095 - 2016, PREFETCH_W(A1, 2016), true},
	    {PAGE_VA + 32, PREFETCH_I(A1, -32), true},
	    {PAGE_VA + 31, PREFETCH_I(A1, -32), false},
	    {PAGE_VA + 2048, PREFETCH_I(A1, -2048), true},
	    {PAGE_VA + 2047, PREFETCH_I(A1, -2048), false},
	};

	enter_with_page(r, S_PAGE);
	for (size_t i = 0; i < COUNT(rows); i++) {
		uint64_t before = counts(r).port[MMU_DATA].faults[REASON_PTE_INVALID];

		rig_set_x(r, A1, rows[i].base);
		rig_do(r, rows[i].insn);
		assert_int_equal(counts(r).port[MMU_DATA].faults[REASON_PTE_INVALID],
				 before + !rows[i].mapped);
	}
	rig_assert_no_trap(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    RIG_TEST64(cbo_zero_clears_the_block_around_its_address),
	    RIG_TEST32(cbo_zero_clears_the_block_around_its_address),
	    RIG_TEST64(management_and_prefetches_change_no_memory),
	    RIG_TEST64(reserved_encodings_are_illegal),
	    RIG_TEST64(envcfg_opens_them_downwards),
	    RIG_TEST32(envcfg_opens_them_downwards),
	    RIG_TEST64(faults_name_the_address_in_rs1),
	    RIG_TEST32(faults_name_the_address_in_rs1),
	    RIG_TEST64(management_needs_no_write_permission),
	    RIG_TEST32(management_needs_no_write_permission),
	    RIG_TEST64(a_refused_prefetch_does_nothing),
	    RIG_TEST32(a_refused_prefetch_does_nothing),
	    RIG_TEST64(what_lies_behind_decides_last),
	    RIG_TEST64(pmp_sees_the_whole_block),
	    RIG_TEST32(pmp_sees_the_whole_block),
	    RIG_TEST64(ori_to_x0_prefetches_in_three_kinds),
	    RIG_TEST64(a_prefetch_has_an_offset_of_32_bytes_a_step),
	    RIG_TEST32(a_prefetch_has_an_offset_of_32_bytes_a_step),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
