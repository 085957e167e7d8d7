/*
 * Bugs that other MMUs have shipped with, one test a rule, named for the rule that
 * the bug broke: the format of PTEs, widths of addresses, causes of faults. The
 * numbers of the field bugs are those of docs/field-bugs.md.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "scene.h"

#define PAGE_A (SCENE_PAGES + 0x1000)
#define PAGE_B (SCENE_PAGES + 0x2000)

static bool is_rv32(const struct scene *s)
{
	return s->mode.pte_bytes == 4;
}

static struct mmu_answer ask_as(struct scene *s, uint64_t va, unsigned access, unsigned priv,
				bool sum, bool mxr)
{
	struct mmu_request r = scene_request(va, access);
	r.priv = priv;
	r.sum = sum;
	r.mxr = mxr;
	return scene_ask(s, &r).answer;
}

/* ---- PTE format ---------------------------------------------------------- */

/* Field bug 13. */
static void a_pointer_with_a_d_or_u_is_reserved(struct scene *s)
{
	static const unsigned flags[] = {PA, PD, PU};

	for (unsigned level = 1; level < s->mode.levels; level++) {
		scene_map(s, 0x1000, PAGE_A, 0, P_RWX);
		uint64_t place = scene_place(s, 0x1000, level), sound = scene_peek(s, place);
		for (unsigned i = 0; i < 3; i++) {
			scene_poke(s, place, sound | flags[i]);
			scene_expect_fault(s, 0x1000, ACC_LOAD, CAUSE_LOAD_PAGE,
					   REASON_PTE_RESERVED);
		}
		scene_poke(s, place, sound | PG); /* which is allowed */
		scene_expect_pa(s, 0x1000, ACC_LOAD, PAGE_A);
		scene_fence_all(s);
		scene_poke(s, place, sound);
	}
}

/* Each bit from 54 up that nothing defines there, on leaves and pointers of each level. */
static void check_reserved_upper_bits(struct scene *s)
{
	for (unsigned level = 0; level < s->mode.levels; level++)
		for (unsigned leaf = 0; leaf < 2; leaf++) {
			uint64_t place = scene_place(s, 0, level);
			scene_fence_all(s); /* of pointers in that place */
			uint64_t pte = leaf ? scene_pte(0, P_RWX) : scene_pte(scene_table(s), PV);
			for (unsigned bit = PTE_RESERVED; bit < 64; bit++) {
				if (s->config->svrsw60t59b && (bit == 59 || bit == 60))
					continue;
				scene_poke(s, place, pte | 1ull << bit);
				scene_expect_fault(s, 0, ACC_STORE, CAUSE_STORE_PAGE,
						   REASON_PTE_RESERVED);
			}
			scene_poke(s, place, 0);
		}
}

/* Field bugs 14, 15, 16, 19, 22: a page fault, not an access fault. N and PBMT are among the
 * bits: here they are off, not built in, or on PTEs that cannot have them. */
static void reserved_upper_bits_are_a_page_fault(struct scene *full)
{
	static const char *const without[] = {"sv48", "sv57_odd"};

	if (is_rv32(full))
		return;
	check_reserved_upper_bits(full);
	for (unsigned i = 0; i < 2; i++) {
		struct scene s;
		if (mmu_config_find(without[i])->levels < full->mode.levels)
			continue;
		scene_open(&s, &full->mode, without[i], NULL);
		check_reserved_upper_bits(&s);
		scene_close(&s);
	}
}

/* Field bug 20: each PPN bit that belongs to the page's offset, at each level. */
static void a_misaligned_superpage_is_a_page_fault(struct scene *s)
{
	for (unsigned level = 1; level < s->mode.levels; level++) {
		uint64_t place = scene_place(s, 0, level);
		scene_fence_all(s); /* of pointers in that place */
		for (unsigned bit = 12; bit < 12 + level * s->mode.vpn_bits; bit++) {
			scene_poke(s, place, scene_pte(1ull << bit, P_RWX));
			scene_expect_fault(s, 0, ACC_FETCH, CAUSE_FETCH_PAGE,
					   REASON_SUPERPAGE_MISALIGNED);
		}
		scene_poke(s, place, 0);
	}
}

/* Field bug 21: W without R, with or without X, whatever MXR; the cause follows the access. */
static void a_write_only_leaf_is_reserved(struct scene *s)
{
	static const unsigned causes[] = {CAUSE_LOAD_PAGE, CAUSE_STORE_PAGE, CAUSE_FETCH_PAGE};

	for (unsigned access = 0; access < 3; access++)
		for (unsigned i = 0; i < 4; i++) {
			scene_map(s, 0x1000, PAGE_A, 0, (P_RWX & ~PR) ^ (i & 1 ? PX : 0));
			struct mmu_answer a = ask_as(s, 0x1000, access, PRIV_S, false, i & 2);
			assert_int_equal(a.reason, REASON_PTE_RESERVED);
			assert_int_equal(a.cause, causes[access]);
		}
}

/* Field bug 24: a table that points to itself ends at the last level. */
static void a_pointer_at_the_last_level_ends_the_walk(struct scene *s)
{
	scene_poke(s, s->root, scene_pte(s->root, PV));
	struct scene_answer got = scene_touch(s, 0x123, ACC_LOAD);
	assert_int_equal(got.answer.reason, REASON_LAST_LEVEL_POINTER);
	assert_int_equal(got.answer.cause, CAUSE_LOAD_PAGE);
	assert_int_equal(got.reads, s->mode.levels);
}

/* Field bug 24b: V=0, or W without R, above the last level, over a table that would map. */
static void what_is_no_pointer_is_not_followed(struct scene *s)
{
	for (unsigned level = 1; level < s->mode.levels; level++) {
		scene_map(s, 0x1000, PAGE_A, 0, P_RWX);
		uint64_t place = scene_place(s, 0x1000, level), sound = scene_peek(s, place);
		scene_poke(s, place, sound & ~(uint64_t)PV);
		scene_fence_all(s);
		struct scene_answer invalid = scene_touch(s, 0x1000, ACC_LOAD);
		assert_int_equal(invalid.answer.reason, REASON_PTE_INVALID);
		assert_int_equal(invalid.reads, s->mode.levels - level);
		scene_poke(s, place, sound | PW);
		scene_fence_all(s);
		struct scene_answer reserved = scene_touch(s, 0x1000, ACC_LOAD);
		assert_int_equal(reserved.answer.reason, REASON_PTE_RESERVED);
		assert_int_equal(reserved.reads, s->mode.levels - level);
		scene_poke(s, place, sound);
	}
}

/* ---- widths -------------------------------------------------------------- */

/* Field bugs 25, 26, 37: every PPN bit beyond the physical width, in satp, pointers and leaves,
 * is an access fault of the original access, and a page fault comes first. */
static void no_physical_address_is_truncated(struct scene *wide)
{
	struct scene s; /* the same mode with 32 bits of physical address */
	scene_open(&s, &wide->mode, is_rv32(wide) ? "sv32_min" : "sv57_min", NULL);
	scene_map(&s, 0x1000, PAGE_A, 0, P_RWX);
	uint64_t leaf = scene_place(&s, 0x1000, 0), pointer = scene_place(&s, 0x1000, 1);
	uint64_t sound = scene_peek(&s, pointer);

	for (unsigned bit = 32; bit < (is_rv32(wide) ? 34 : 56); bit++) {
		scene_poke(&s, leaf, scene_pte(PAGE_A | 1ull << bit, P_RWX));
		scene_expect_fault(&s, 0x1000, ACC_STORE, CAUSE_STORE_ACCESS,
				   REASON_ADDRESS_TOO_WIDE);
		scene_poke(&s, leaf, scene_pte(PAGE_A | 1ull << bit, PV | PR | PA));
		scene_expect_fault(&s, 0x1000, ACC_STORE, CAUSE_STORE_PAGE, REASON_NOT_WRITABLE);
		scene_poke(&s, leaf, scene_pte(PAGE_A, P_RWX));

		scene_poke(&s, pointer, sound | 1ull << bit >> 12 << PTE_PPN);
		scene_expect_fault(&s, 0x1000, ACC_FETCH, CAUSE_FETCH_ACCESS,
				   REASON_ADDRESS_TOO_WIDE);
		scene_poke(&s, pointer, sound);

		scene_satp(&s, 0, s.root | 1ull << bit);
		scene_expect_fault(&s, 0x1000, ACC_LOAD, CAUSE_LOAD_ACCESS,
				   REASON_ADDRESS_TOO_WIDE);
		scene_satp(&s, 0, s.root);
		scene_expect_pa(&s, 0x1000, ACC_LOAD, PAGE_A);
		scene_fence_all(&s);
	}
	scene_close(&s);
}

/* Field bugs 28, 31, 32: every bit above the sign, alone, on both sides of the middle. */
static void each_upper_address_bit_is_checked(struct scene *s)
{
	if (is_rv32(s))
		return;
	unsigned sign = 11 + s->mode.levels * s->mode.vpn_bits;
	uint64_t low = 0x1000, high = -1ull << sign | 0x1000;

	scene_map(s, low, PAGE_A, 0, P_RWX);
	scene_map(s, high, PAGE_B, 0, P_RWX);
	scene_expect_pa(s, low, ACC_LOAD, PAGE_A);
	scene_expect_pa(s, high, ACC_LOAD, PAGE_B);
	for (unsigned bit = sign; bit < 64; bit++) {
		scene_expect_fault(s, low ^ 1ull << bit, ACC_LOAD, CAUSE_LOAD_PAGE,
				   REASON_NONCANONICAL);
		scene_expect_fault(s, high ^ 1ull << bit, ACC_FETCH, CAUSE_FETCH_PAGE,
				   REASON_NONCANONICAL);
	}
	/* Field bug 27: the verdict is on this address, not on the one before it. */
	scene_expect_pa(s, low, ACC_LOAD, PAGE_A);
}

/* Field bugs 33, 77: superpage and small page side by side: every offset bit from the address,
 * every other from the PTE, each page with its own size. */
static void the_address_is_composed_for_the_leafs_own_size(struct scene *s)
{
	unsigned top = s->mode.levels - 1;

	for (unsigned level = 0; level <= top; level++) {
		uint64_t size = scene_page_size(s, level), va = size * 9, pa = size * 3;
		scene_map(s, va, pa, level, P_RWX);
		for (uint64_t bit = 1; bit < size; bit <<= 1)
			scene_expect_pa(s, va + bit, ACC_LOAD, pa + bit);
		scene_expect_pa(s, va + size - 1, ACC_FETCH, pa + size - 1);
	}
	for (unsigned round = 0; round < 2; round++)
		for (unsigned level = 0; level <= top; level++)
			assert_int_equal(
			    scene_touch(s, scene_page_size(s, level) * 9, ACC_LOAD).answer.level,
			    level);
}

/* ---- causes -------------------------------------------------------------- */

/* Field bugs 34, 36, 39, 40: a bus error on a PTE of each level is an access fault of the
 * original access, whatever the data beside it says. */
static void a_bus_error_on_a_pte_is_an_access_fault(struct scene *s)
{
	static const unsigned causes[] = {CAUSE_LOAD_ACCESS, CAUSE_STORE_ACCESS,
					  CAUSE_FETCH_ACCESS};

	scene_map(s, 0x1000, PAGE_A, 0, P_RWX);
	for (unsigned level = 0; level < s->mode.levels; level++)
		for (unsigned access = 0; access < 3; access++) {
			uint64_t place = scene_place(s, 0x1000, level);
			scene_fence_all(s);
			scene_poison(s, place, true);
			struct mmu_answer a = scene_touch(s, 0x1000, access).answer;
			assert_int_equal(a.reason, REASON_BUS_ERROR);
			assert_int_equal(a.cause, causes[access]);
			assert_int_equal(a.level, level);
			assert_true(a.pte);
			scene_poison(s, place, false);
			scene_expect_pa(s, 0x1000, access, PAGE_A);
		}
}

/* Field bug 42: the trap value is the address asked for, offset included, on the last page too. */
static void the_trap_value_is_the_virtual_address(struct scene *s)
{
	uint64_t last = is_rv32(s) ? 0xffffffff : UINT64_MAX;

	scene_map(s, last & ~0xfffull, PAGE_A, 0, PV | PR | PA);
	for (unsigned warm = 0; warm < 2; warm++) {
		scene_expect_pa(s, last, ACC_LOAD, PAGE_A + 0xfff);
		scene_expect_fault(s, last, ACC_STORE, CAUSE_STORE_PAGE, REASON_NOT_WRITABLE);
		scene_expect_fault(s, last - 0x1000, ACC_LOAD, CAUSE_LOAD_PAGE, REASON_PTE_INVALID);
	}
}

/* For ONLY, which may name any configuration. */
static bool fits(const struct mmu_config *c)
{
	return scene_memory_is_open(c);
}

int main(void)
{
	static const struct scene_rule rules[] = {
	    SCENE_RULE(a_pointer_with_a_d_or_u_is_reserved),
	    SCENE_RULE(reserved_upper_bits_are_a_page_fault),
	    SCENE_RULE(a_misaligned_superpage_is_a_page_fault),
	    SCENE_RULE(a_write_only_leaf_is_reserved),
	    SCENE_RULE(a_pointer_at_the_last_level_ends_the_walk),
	    SCENE_RULE(what_is_no_pointer_is_not_followed),
	    SCENE_RULE(no_physical_address_is_truncated),
	    SCENE_RULE(each_upper_address_bit_is_checked),
	    SCENE_RULE(the_address_is_composed_for_the_leafs_own_size),
	    SCENE_RULE(a_bus_error_on_a_pte_is_an_access_fault),
	    SCENE_RULE(the_trap_value_is_the_virtual_address),
	};

	scene_want(fits);
	return scene_run_rules(rules, sizeof rules / sizeof rules[0]);
}
