/*
 * Bugs that other MMUs have shipped with, one test a rule, named for the rule that the
 * bug broke: PMP on accesses, on hits, and on PTEs. The numbers of the field bugs are
 * those of docs/field-bugs.md.
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

static unsigned access_cause(unsigned access)
{
	switch (access) {
	case ACC_FETCH:
		return CAUSE_FETCH_ACCESS;
	case ACC_LOAD:
	case ACC_LR:
		return CAUSE_LOAD_ACCESS;
	case ACC_PREFETCH:
		return CAUSE_NONE;
	default:
		return CAUSE_STORE_ACCESS;
	}
}

static bool is_shadow(unsigned access)
{
	return access == ACC_SS_LOAD || access == ACC_SS_STORE || access == ACC_SS_AMO;
}

/* ---- on the access ------------------------------------------------------- */

/* Field bug 9: two pages, one of them read-only by PMP, filled and hit in turn. */
static void pmp_on_a_hit_is_that_of_the_pages_own_address(struct scene *s)
{
	scene_pmp_napot(s, 0, CR, PAGE_A, 4096);
	scene_map(s, 0x1000, PAGE_A, 0, P_RWX);
	scene_map(s, 0x2000, PAGE_B, 0, P_RWX);
	for (unsigned order = 0; order < 2; order++) {
		scene_fence_all(s);
		scene_touch(s, order ? 0x1000 : 0x2000, ACC_LOAD);
		scene_touch(s, order ? 0x2000 : 0x1000, ACC_LOAD);
		for (unsigned round = 0; round < 2; round++) {
			scene_expect_fault(s, 0x1000, ACC_STORE, CAUSE_STORE_ACCESS, REASON_PMP);
			scene_expect_pa(s, 0x2000, ACC_STORE, PAGE_B);
		}
	}
}

/* Field bugs 34, 36: each kind of access, refused by PMP at its own address and at a PTE of
 * each level, has its own cause. */
static void a_refusal_has_the_cause_of_the_original_access(struct scene *s)
{
	scene_menvcfg(s, SCENE_SSE);
	for (unsigned access = 0; access < SCENE_ACCESSES; access++) {
		uint64_t va = is_shadow(access) ? 0x2000 : 0x1000;
		scene_map(s, va, PAGE_A, 0, is_shadow(access) ? P_SS : P_RWX);
		for (unsigned level = 0; level <= s->mode.levels; level++) {
			bool pte = level < s->mode.levels;
			scene_pmp_napot(s, 0, 0, pte ? scene_place(s, va, level) & ~7ull : PAGE_A,
					pte ? 8 : 64);
			scene_fence_all(s);
			struct mmu_answer a = scene_touch(s, va, access).answer;
			assert_int_equal(a.reason, REASON_PMP);
			assert_int_equal(a.cause, access_cause(access));
			assert_int_equal(a.pte, pte);
			assert_int_equal(a.level, pte ? level : 0);
			assert_int_equal(a.tval, va);
		}
		scene_pmp_cfg(s, 0, 0);
	}
}

/* Field bugs 35, 37, 44: page 0, the page itself and the tables are closed; a page fault still
 * is one, as the page table is asked first. */
static void a_page_fault_comes_before_a_refusal_of_the_access(struct scene *s)
{
	scene_pmp_napot(s, 0, 0, PAGE_A, 4096);
	scene_pmp_napot(s, 1, 0, 0, 4096);
	scene_map(s, 0x1000, PAGE_A, 0, PV | PR | PA);
	for (unsigned warm = 0; warm < 2; warm++) {
		scene_expect_fault(s, 0x1000, ACC_STORE, CAUSE_STORE_PAGE, REASON_NOT_WRITABLE);
		scene_expect_fault(s, 0x2000, ACC_STORE, CAUSE_STORE_PAGE, REASON_PTE_INVALID);
		scene_expect_fault(s, 0x1000, ACC_LOAD, CAUSE_LOAD_ACCESS, REASON_PMP);
		scene_map(s, 0x1000, PAGE_A, 0, PV | PR | PW | PA);
		scene_fence_all(s);
		scene_expect_fault(s, 0x1000, ACC_STORE, CAUSE_STORE_PAGE, REASON_DIRTY_CLEAR);
		scene_map(s, 0x1000, PAGE_A, 0, PV | PR | PA);
		scene_fence_all(s);
	}
}

/* riscv-vm.md 1.6: what PMP lets be fetched alone no MXR makes readable: a page, cold and on a
 * hit, one without translation, a PTE. */
static void mxr_is_nothing_to_pmp(struct scene *s)
{
	struct mmu_request load = scene_request(0x1000, ACC_LOAD), bare;

	load.mxr = true;
	scene_map(s, 0x1000, PAGE_A, 0, PV | PX | PA);
	scene_expect(s, &load, REASON_NONE);
	scene_pmp_napot(s, 0, CX, PAGE_A, 4096);
	scene_fence_all(s);
	for (unsigned warm = 0; warm < 2; warm++) {
		scene_expect(s, &load, REASON_PMP);
		scene_expect_pa(s, 0x1000, ACC_FETCH, PAGE_A);
	}
	for (unsigned level = 0; level < s->mode.levels; level++) {
		scene_pmp_napot(s, 0, CX, scene_place(s, 0x1000, level) & ~7ull, 8);
		scene_fence_all(s);
		struct mmu_answer a = scene_ask(s, &load).answer;
		assert_int_equal(a.reason, REASON_PMP);
		assert_true(a.pte);
		assert_int_equal(a.level, level);
	}
	bare = scene_request(PAGE_A, ACC_LOAD);
	bare.mxr = true;
	scene_pmp_napot(s, 0, CX, PAGE_A, 4096);
	mmu_csr_write(s->mmu, CSR_SATP, 0);
	scene_expect(s, &bare, REASON_PMP);
}

/* Field bugs 70, 78: PMP goes by the privilege of the request, on hits too. */
static void pmp_uses_the_privilege_of_the_request(struct scene *s)
{
	struct mmu_request r = scene_request(PAGE_A, ACC_STORE);

	scene_pmp_napot(s, 0, CR, PAGE_A, 4096);
	r.priv = PRIV_M;
	scene_expect(s, &r, REASON_NONE);
	scene_pmp_cfg(s, 0, CL | CR | C_NAPOT);
	scene_expect(s, &r, REASON_PMP);
	r.access = ACC_LOAD;
	scene_expect(s, &r, REASON_NONE);

	scene_map(s, 0x1000, PAGE_A, 0, P_RWX);
	scene_map(s, 0x2000, PAGE_A, 0, P_RWX | PU);
	for (unsigned warm = 0; warm < 2; warm++)
		for (unsigned priv = PRIV_U; priv <= PRIV_S; priv++) {
			r = scene_request(priv == PRIV_S ? 0x1000 : 0x2000, ACC_STORE);
			r.priv = priv;
			scene_expect(s, &r, REASON_PMP);
			r.access = ACC_LOAD;
			scene_expect(s, &r, REASON_NONE);
		}
}

/* Field bugs 82, 43: every length and place around the ends of a region: an access that a
 * region holds in part only is refused, whatever the region and those behind it permit. */
static void an_access_must_lie_in_the_region_whole(struct scene *s)
{
	enum { LOW = 0x200, HIGH = 0x240 };

	scene_map(s, 0x1000, PAGE_A, 0, P_RWX);
	scene_pmp_tor(s, 0, C_RWX, PAGE_A + LOW, PAGE_A + HIGH);
	for (unsigned bytes = 1; bytes <= 64; bytes = bytes < 8 ? bytes + 1 : bytes * 2)
		for (unsigned at = LOW - 68; at < HIGH + 8; at++) {
			bool none = at + bytes <= LOW || at >= HIGH;
			bool whole = at >= LOW && at + bytes <= HIGH;
			struct mmu_request r = scene_request(0x1000 + at, ACC_LOAD);
			r.bytes = bytes;
			scene_expect(s, &r, none || whole ? REASON_NONE : REASON_PMP);
			r.va = PAGE_A + at;
			r.priv = PRIV_M;
			scene_expect(s, &r, none || whole ? REASON_NONE : REASON_PMP);
		}
}

/* riscv-vm.md 2.8: a TOR region that ends where it begins, or before, matches nothing; the first
 * entry begins at 0. */
static void an_empty_tor_region_matches_nothing(struct scene *s)
{
	static const unsigned lows[] = {0x200, 0x240, 0x7fc, 0xffc};

	scene_map(s, 0x1000, PAGE_A, 0, P_RWX);
	scene_map(s, 0x2000, 0, 0, P_RWX);
	for (unsigned i = 0; i < 4; i++) {
		scene_pmp_tor(s, 0, 0, PAGE_A + lows[i], PAGE_A + 0x200);
		for (unsigned at = 0x1c0; at < 0x280; at += 4) {
			struct mmu_request r = scene_request(0x1000 + at, ACC_LOAD);
			r.bytes = 64;
			scene_expect(s, &r, REASON_NONE);
			r.va = PAGE_A + at;
			r.priv = PRIV_M;
			scene_expect(s, &r, REASON_NONE);
		}
	}
	scene_pmp_cfg(s, 1, 0);
	scene_pmp_addr(s, 0, 0);
	scene_pmp_cfg(s, 0, C_TOR);
	scene_expect_pa(s, 0x1000, ACC_LOAD, PAGE_A);
	scene_expect_pa(s, 0x2000, ACC_LOAD, 0);
}

/* riscv-vm.md 1.9: a cache-block operation is about its whole block, from any address in it. */
static void a_block_operation_must_lie_in_the_region_whole(struct scene *s)
{
	static const unsigned kinds[] = {ACC_CBO_ZERO, ACC_CBO_MANAGE, ACC_PREFETCH};

	scene_map(s, 0x1000, PAGE_A, 0, P_RWX);
	scene_pmp_na4(s, 0, C_RWX, PAGE_A + 0x7c);
	for (unsigned i = 0; i < 3; i++)
		for (unsigned at = 0; at < 0x100; at += 4) {
			struct mmu_request r = scene_request(0x1000 + at + i, kinds[i]);
			scene_expect(s, &r, at / 64 == 1 ? REASON_PMP : REASON_NONE);
		}
}

/* ISA manual #347: a superpage over regions that differ, filled from each of them. */
static void a_superpage_is_protected_page_by_page(struct scene *s)
{
	uint64_t va = scene_page_size(s, 1) * 3, size = scene_page_size(s, 1);

	scene_map(s, va, SCENE_PAGES, 1, P_RWX);
	scene_pmp_napot(s, 0, CR, SCENE_PAGES + 0x10000, 0x1000);
	for (uint64_t bit = 0x1000; bit < size; bit <<= 1) {
		scene_fence_all(s);
		scene_expect_pa(s, va + bit, ACC_LOAD, SCENE_PAGES + bit);
		if (bit != 0x10000)
			scene_expect_pa(s, va + bit, ACC_STORE, SCENE_PAGES + bit);
		scene_expect_fault(s, va + 0x10000, ACC_STORE, CAUSE_STORE_ACCESS, REASON_PMP);
		scene_expect_pa(s, va + 0x10000, ACC_LOAD, SCENE_PAGES + 0x10000);
		scene_expect_fault(s, va + 0x10ffc, ACC_STORE, CAUSE_STORE_ACCESS, REASON_PMP);
		scene_expect_pa(s, va + 0x11000, ACC_STORE, SCENE_PAGES + 0x11000);
	}
}

/* Field bug 56: a superpage kept in pieces goes by any of its addresses. */
static void any_address_of_a_cut_superpage_fences_all_its_pieces(struct scene *s)
{
	uint64_t va = scene_page_size(s, 1) * 3, size = scene_page_size(s, 1);

	scene_map(s, va, SCENE_PAGES, 1, P_RWX);
	scene_pmp_napot(s, 0, CR | CW, SCENE_PAGES + size / 2, size / 4);
	for (uint64_t bit = 0x1000; bit < size; bit <<= 1)
		for (unsigned by_asid = 0; by_asid < 2; by_asid++) {
			scene_touch(s, va, ACC_LOAD);
			scene_touch(s, va + 0x5000, ACC_LOAD);
			if (by_asid)
				scene_fence_va_asid(s, va + bit, 0);
			else
				scene_fence_va(s, va + bit);
			scene_expect_miss(s, va, ACC_LOAD);
			scene_expect_miss(s, va + 0x5000, ACC_LOAD);
		}
	/* And no other does. */
	scene_fence_va(s, va + size);
	scene_fence_va(s, va - 1);
	scene_expect_hit(s, va, ACC_LOAD);
	scene_expect_hit(s, va + 0x5000, ACC_LOAD);
}

/* ---- on PTEs ------------------------------------------------------------- */

/* Field bugs 38, 80: tables that can be read only serve every kind of access; where they cannot
 * be read it is an access fault, and the walk ends. */
static void ptes_are_read_with_read_permission(struct scene *s)
{
	static const unsigned accesses[] = {ACC_LOAD, ACC_STORE, ACC_FETCH, ACC_AMO};

	scene_map(s, 0x1000, PAGE_A, 0, P_RWX);
	for (unsigned i = 0; i < 4; i++) {
		scene_pmp_napot(s, 0, CR, SCENE_ROOT, 0x100000);
		scene_expect_pa(s, 0x1000, accesses[i], PAGE_A);
		scene_pmp_napot(s, 0, CX, SCENE_ROOT, 0x100000);
		scene_expect_fault(s, 0x1000, accesses[i], access_cause(accesses[i]), REASON_PMP);
	}
}

/* As S-mode, whoever accesses: an entry that is M-mode's alone, and the request of M's own. */
static void ptes_are_read_as_s_mode(struct scene *s)
{
	struct mmu_request user = scene_request(0x2000, ACC_LOAD);

	scene_map(s, 0x1000, PAGE_A, 0, P_RWX);
	scene_map(s, 0x2000, PAGE_A, 0, P_RWX | PU);
	user.priv = PRIV_U;
	scene_csr(s, CSR_MSECCFG, M_MML | M_RLB);
	for (unsigned i = 0; i < 2; i++) {
		/* M-mode's alone, then S-mode's alone */
		scene_pmp_napot(s, 0, (i ? 0 : CL) | CR, SCENE_ROOT, 0x100000);
		scene_expect(s, &user, i ? REASON_NONE : REASON_PMP);
	}
}

/* Field bug 82: half of a PTE, either half, in a TOR region, an NA4 and a NAPOT one. */
static void a_pte_must_lie_in_the_region_whole(struct scene *s)
{
	if (is_rv32(s))
		return;
	scene_map(s, 0x1000, PAGE_A, 0, P_RWX);
	for (unsigned level = 0; level < s->mode.levels; level++) {
		uint64_t place = scene_place(s, 0x1000, level);
		for (unsigned half = 0; half < 3; half++) {
			uint64_t low = place + (half == 1 ? 4 : 0);
			uint64_t high = place + (half == 0 ? 4 : 8);
			unsigned reason = half < 2 ? REASON_PMP : REASON_NONE;
			struct mmu_request r = scene_request(0x1000, ACC_LOAD);
			scene_pmp_tor(s, 0, C_RWX, half ? low : 0, high);
			scene_expect(s, &r, reason);
			scene_pmp_cfg(s, 1, 0);
			if (half < 2) {
				scene_pmp_na4(s, 0, C_RWX, low);
				scene_expect(s, &r, REASON_PMP);
			}
			scene_pmp_napot(s, 0, C_RWX, place, 8);
			scene_expect(s, &r, REASON_NONE);
			scene_pmp_cfg(s, 0, 0);
		}
	}
}

/* Field bug 67: what is kept of a verdict goes with the fence after the registers' write, both
 * ways; untranslated accesses see the write at once. */
static void a_fence_makes_a_write_of_pmp_count(struct scene *s)
{
	struct mmu_request machine = scene_request(PAGE_A, ACC_LOAD);
	machine.priv = PRIV_M;

	scene_map(s, 0x1000, PAGE_A, 0, P_RWX);
	for (unsigned round = 0; round < 3; round++) {
		scene_expect_pa(s, 0x1000, ACC_LOAD, PAGE_A);
		scene_pmp_napot(s, 0, CX, PAGE_A, 4096);
		scene_fence_all(s);
		scene_expect_fault(s, 0x1000, ACC_LOAD, CAUSE_LOAD_ACCESS, REASON_PMP);
		scene_pmp_cfg(s, 0, C_NAPOT | CR);
		scene_fence_all(s);
		scene_expect_pa(s, 0x1000, ACC_LOAD, PAGE_A);
		scene_pmp_cfg(s, 0, 0);
	}
	scene_pmp_napot(s, 0, CL | CX, PAGE_A, 4096);
	scene_expect(s, &machine, REASON_PMP);
}

/* For ONLY, which may name any configuration. */
static bool fits(const struct mmu_config *c)
{
	return scene_memory_is_open(c) && c->pmp_entries >= 4 && c->pmp_grain == 0;
}

int main(void)
{
	static const struct scene_rule rules[] = {
	    SCENE_RULE(pmp_on_a_hit_is_that_of_the_pages_own_address),
	    SCENE_RULE(a_refusal_has_the_cause_of_the_original_access),
	    SCENE_RULE(a_page_fault_comes_before_a_refusal_of_the_access),
	    SCENE_RULE(mxr_is_nothing_to_pmp),
	    SCENE_RULE(pmp_uses_the_privilege_of_the_request),
	    SCENE_RULE(an_access_must_lie_in_the_region_whole),
	    SCENE_RULE(an_empty_tor_region_matches_nothing),
	    SCENE_RULE(a_block_operation_must_lie_in_the_region_whole),
	    SCENE_RULE(a_superpage_is_protected_page_by_page),
	    SCENE_RULE(any_address_of_a_cut_superpage_fences_all_its_pieces),
	    SCENE_RULE(ptes_are_read_with_read_permission),
	    SCENE_RULE(ptes_are_read_as_s_mode),
	    SCENE_RULE(a_pte_must_lie_in_the_region_whole),
	    SCENE_RULE(a_fence_makes_a_write_of_pmp_count),
	};

	scene_want(fits);
	return scene_run_rules(rules, sizeof rules / sizeof rules[0]);
}
