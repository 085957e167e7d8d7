/*
 * Bugs that other MMUs have shipped with, one test a rule, named for the rule that the
 * bug broke, of what RV64 alone has: Svnapot, Svpbmt, Svrsw60t59b and pointer masking.
 * The numbers of the field bugs are those of docs/field-bugs.md.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "scene.h"

#define PAGE_A (SCENE_PAGES + 0x1000)
#define PAGE_B (SCENE_PAGES + 0x2000)
#define NAPOT  (1ull << PTE_N)
#define BLOCK  0x10000ull /* bytes of a NAPOT page */

static uint64_t napot_pte(uint64_t pa, unsigned flags)
{
	return scene_pte(pa | NAPOT_64K << 12, flags) | NAPOT;
}

/* All sixteen PTEs, as software must write them. */
static void map_napot(struct scene *s, uint64_t va, uint64_t pa, unsigned flags)
{
	for (unsigned i = 0; i < 16; i++)
		scene_poke(s, scene_place(s, va + (i << 12), 0), napot_pte(pa, flags));
}

/* ---- Svnapot ------------------------------------------------------------- */

/* Field bug 18: filled from each page, hit in each other, in every offset bit. */
static void a_napot_page_takes_its_low_bits_from_the_address(struct scene *s)
{
	uint64_t va = 5 * BLOCK;

	map_napot(s, va, SCENE_PAGES + 3 * BLOCK, P_RWX);
	for (unsigned i = 0; i < 16; i++) {
		scene_fence_all(s);
		for (unsigned j = 0; j < 16; j++) {
			uint64_t offset = ((i + j) % 16) << 12 | 0x123;
			struct scene_answer got = scene_touch(s, va + offset, ACC_LOAD);
			assert_int_equal(got.answer.pa, SCENE_PAGES + 3 * BLOCK + offset);
			assert_int_equal(got.answer.level, 0);
			assert_int_equal(got.added > 0, j == 0); /* one entry for all */
		}
	}
	scene_expect_fault(s, va + BLOCK, ACC_LOAD, CAUSE_LOAD_PAGE, REASON_PTE_INVALID);
	scene_expect_fault(s, va - 1, ACC_LOAD, CAUSE_LOAD_PAGE, REASON_PTE_INVALID);
}

/* Field bugs 16, 17: an encoding that is reserved faults and leaves no entry. */
static void a_reserved_napot_encoding_is_not_kept(struct scene *s)
{
	for (unsigned low = 0; low < 16; low++) {
		if (low == NAPOT_64K)
			continue;
		scene_poke(s, scene_place(s, 0x1000, 0), scene_pte(low << 12, P_RWX) | NAPOT);
		scene_expect_fault(s, 0x1000, ACC_LOAD, CAUSE_LOAD_PAGE, REASON_PTE_RESERVED);
		map_napot(s, 0, SCENE_PAGES, P_RWX);
		scene_expect_pa(s, 0x1000, ACC_LOAD, SCENE_PAGES + 0x1000);
		scene_fence_all(s);
	}
}

/* Field bug 19. */
static void n_on_a_superpage_or_a_pointer_is_reserved(struct scene *s)
{
	for (unsigned level = 1; level < s->mode.levels; level++) {
		uint64_t place = scene_place(s, 0, level);
		scene_fence_all(s); /* of pointers in that place */
		scene_poke(s, place, napot_pte(0, P_RWX));
		scene_expect_fault(s, 0, ACC_LOAD, CAUSE_LOAD_PAGE, REASON_PTE_RESERVED);
		scene_poke(s, place, scene_pte(scene_table(s), PV) | NAPOT);
		scene_expect_fault(s, 0, ACC_LOAD, CAUSE_LOAD_PAGE, REASON_PTE_RESERVED);
		scene_poke(s, place, 0);
	}
}

/* Field bugs 23, 56: any address in the 64 KiB takes the entry out, none beside them does. */
static void any_address_in_a_napot_page_fences_it(struct scene *s)
{
	uint64_t va = 5 * BLOCK;

	map_napot(s, va, SCENE_PAGES, P_RWX);
	for (uint64_t bit = 1; bit < BLOCK; bit <<= 1) {
		scene_touch(s, va, ACC_LOAD);
		scene_fence_va(s, va + bit);
		scene_expect_miss(s, va, ACC_LOAD);
		scene_fence_va_asid(s, va + bit, 0);
		scene_expect_miss(s, va + 0xf000, ACC_LOAD);
	}
	scene_fence_va(s, va + BLOCK);
	scene_fence_va(s, va - 1);
	scene_fence_va(s, va ^ BLOCK << 1);
	scene_expect_hit(s, va, ACC_LOAD);
}

/* Field bugs 10, 59: a small page where a NAPOT page was, and the other way round, without a
 * fence: a refill drops what it overlaps, so that one entry answers and no two are mixed. */
static void small_and_napot_pages_replace_each_other(struct scene *s)
{
	uint64_t va = 5 * BLOCK, big = SCENE_PAGES + 4 * BLOCK;
	uint64_t place = scene_place(s, va + 0x3000, 0);

	for (unsigned round = 0; round < 3; round++) {
		scene_poke(s, place, scene_pte(PAGE_B, P_RWX));
		scene_expect_pa(s, va + 0x3000, ACC_LOAD, PAGE_B);
		map_napot(s, va, big, P_RWX);
		scene_expect_pa(s, va, ACC_LOAD, big);
		scene_expect_hit(s, va + 0x3000, ACC_LOAD);
		scene_expect_pa(s, va + 0x3000, ACC_LOAD, big + 0x3000);
		scene_poke(s, place, scene_pte(PAGE_B, P_RWX));
		scene_fence_va(s, va + 0x3000);
		scene_expect_pa(s, va + 0x3000, ACC_LOAD, PAGE_B);
		scene_expect_pa(s, va, ACC_LOAD, big);
		scene_fence_all(s);
	}
}

/* The PTE in memory is the raw one: it is compared as it stands, and only one of the sixteen is
 * marked (section 1.5, "NAPOT trap"). */
static void a_napot_pte_is_marked_as_it_stands(struct scene *s)
{
	uint64_t va = 5 * BLOCK, pte = napot_pte(SCENE_PAGES, P_RWX & ~(PA | PD));

	scene_menvcfg(s, SCENE_ADUE);
	map_napot(s, va, SCENE_PAGES, P_RWX & ~(PA | PD));
	struct scene_answer got = scene_touch(s, va + 0x6000, ACC_STORE);
	assert_int_equal(got.answer.pa, SCENE_PAGES + 0x6000);
	assert_int_equal(got.swaps, 1);
	for (unsigned i = 0; i < 16; i++)
		assert_int_equal(scene_peek(s, scene_place(s, va + (i << 12), 0)),
				 i == 6 ? pte | PA | PD : pte);
}

/* riscv-vm.md 1.8: a shadow-stack page may be one of 64 KiB, and of another memory type; IO is
 * not idempotent, as a shadow stack must be. */
static void a_shadow_stack_may_be_napot_and_have_a_memory_type(struct scene *s)
{
	static const unsigned types[] = {[PBMT_PMA] = MEM_CACHED, [PBMT_NC] = MEM_NC};
	uint64_t va = 5 * BLOCK;

	scene_menvcfg(s, SCENE_PBMTE | SCENE_SSE);
	for (unsigned type = PBMT_PMA; type <= PBMT_IO; type++) {
		for (unsigned i = 0; i < 16; i++)
			scene_poke(s, scene_place(s, va + (i << 12), 0),
				   napot_pte(SCENE_PAGES, P_SS) | (uint64_t)type << PTE_PBMT);
		scene_fence_all(s);
		for (unsigned i = 0; type != PBMT_IO && i < 16; i++)
			for (unsigned access = ACC_SS_LOAD; access <= ACC_SS_AMO; access++) {
				uint64_t offset = i << 12 | 0x120;
				struct scene_answer got = scene_touch(s, va + offset, access);
				assert_false(got.answer.fault);
				assert_int_equal(got.answer.pa, SCENE_PAGES + offset);
				assert_int_equal(got.answer.memory, types[type]);
				assert_int_equal(got.added > 0, i == 0 && access == ACC_SS_LOAD);
			}
		scene_expect_fault(s, va, ACC_STORE, CAUSE_STORE_ACCESS, REASON_SHADOW_STACK);
	}
	scene_expect_fault(s, va, ACC_SS_LOAD, CAUSE_STORE_ACCESS, REASON_PMA);
}

/* ---- Svpbmt, Svrsw60t59b ------------------------------------------------- */

/* Field bug 15; spike#992: PBMT on pointers, and 3 on leaves, while PBMTE is on. */
static void pbmt_is_for_leaves_and_below_3(struct scene *s)
{
	scene_menvcfg(s, SCENE_PBMTE);
	for (unsigned level = 0; level < s->mode.levels; level++) {
		uint64_t place = scene_place(s, 0, level);
		for (uint64_t pbmt = 1; pbmt < 4; pbmt++) {
			scene_poke(s, place, scene_pte(scene_table(s), PV) | pbmt << PTE_PBMT);
			scene_expect_fault(s, 0, ACC_LOAD, CAUSE_LOAD_PAGE, REASON_PTE_RESERVED);
		}
		scene_poke(s, place, scene_pte(0, P_RWX) | 3ull << PTE_PBMT);
		scene_expect_fault(s, 0, ACC_LOAD, CAUSE_LOAD_PAGE, REASON_PTE_RESERVED);
		scene_poke(s, place, scene_pte(0, P_RWX) | (uint64_t)PBMT_NC << PTE_PBMT);
		assert_int_equal(scene_touch(s, 0, ACC_LOAD).answer.memory, MEM_NC);
		scene_fence_all(s);
		scene_poke(s, place, 0);
	}
}

/* PBMTE decides at once, on what is in the TLB as well; pages without PBMT know nothing of it. */
static void without_pbmte_a_page_with_pbmt_is_reserved(struct scene *s)
{
	scene_poke(s, scene_place(s, 0x1000, 0),
		   scene_pte(PAGE_A, P_RWX) | (uint64_t)PBMT_IO << PTE_PBMT);
	scene_map(s, 0x2000, PAGE_B, 0, P_RWX);
	for (unsigned round = 0; round < 2; round++) {
		scene_menvcfg(s, SCENE_PBMTE);
		scene_expect_pa(s, 0x1000, ACC_LOAD, PAGE_A);
		scene_expect_pa(s, 0x2000, ACC_LOAD, PAGE_B);
		scene_menvcfg(s, 0);
		scene_expect_fault(s, 0x1000, ACC_LOAD, CAUSE_LOAD_PAGE, REASON_PTE_RESERVED);
		scene_expect_pa(s, 0x2000, ACC_LOAD, PAGE_B);
	}
}

static void bits_60_and_59_are_softwares_in_leaves_and_pointers(struct scene *s)
{
	for (unsigned level = 0; level < s->mode.levels; level++) {
		scene_map(s, 0x1000, PAGE_A, 0, P_RWX);
		uint64_t place = scene_place(s, 0x1000, level), sound = scene_peek(s, place);
		for (uint64_t bits = 1; bits < 4; bits++) {
			scene_poke(s, place, sound | bits << PTE_RSW_HIGH);
			scene_fence_all(s);
			scene_expect_pa(s, 0x1000, ACC_LOAD, PAGE_A);
		}
		scene_poke(s, place, sound);
	}
}

/* ---- pointer masking ----------------------------------------------------- */

static void set_pmm(struct scene *s, unsigned csr, uint64_t pmm)
{
	uint64_t value = pmm << ENVCFG_PMM;

	assert_int_equal(scene_csr(s, csr, value) >> ENVCFG_PMM & 3, pmm);
}

/* Each privilege by its own register, whatever the others hold; both lengths; the address is
 * extended by its own sign, and tval is what came out. */
static void each_privilege_masks_by_its_own_register(struct scene *s)
{
	static const unsigned csrs[] = {CSR_SENVCFG, CSR_MENVCFG, CSR_MSECCFG};
	static const unsigned lengths[] = {[PMM_OFF] = 0, [PMM_7] = 7, [PMM_16] = 16};
	unsigned sign = 11 + s->mode.levels * s->mode.vpn_bits; /* of the mode's addresses */

	scene_map(s, 0x1000, PAGE_A, 0, P_RWX);
	scene_map(s, 0x2000, PAGE_A, 0, P_RWX | PU);
	for (unsigned priv = PRIV_U; priv <= PRIV_M; priv += priv ? 2 : 1)
		for (unsigned pmm = PMM_OFF; pmm <= PMM_16; pmm += pmm ? 1 : 2) {
			unsigned own = priv == PRIV_M ? 2 : priv;
			for (unsigned i = 0; i < 3; i++)
				set_pmm(s, csrs[i],
					i == own ? pmm : (unsigned)(pmm ? PMM_OFF : PMM_16));
			uint64_t va = priv == PRIV_M ? PAGE_A : priv == PRIV_S ? 0x1000 : 0x2000;
			struct mmu_request r = scene_request(va, ACC_LOAD);
			r.priv = priv;
			unsigned length = lengths[pmm];
			if (length)
				r.va ^= 1ull << (64 - length) | 1ull << 63;
			struct mmu_answer a = scene_ask(s, &r).answer;
			assert_int_equal(a.reason, REASON_NONE);
			assert_int_equal(a.pa, PAGE_A);
			if (priv == PRIV_M)
				continue;
			/* The bit below is not masked: it is the sign, of another page if the
			 * mode has addresses as long. */
			uint64_t upper = -1ull << (63 - length);
			r.va = va ^ 1ull << (63 - length);
			a = scene_ask(s, &r).answer;
			assert_int_equal(a.reason, 63 - length > sign ? REASON_NONCANONICAL
								      : REASON_PTE_INVALID);
			assert_int_equal(a.tval, va | upper);
		}
}

/* The upper half: bit 63 - PMLEN is the sign. */
static void the_sign_fills_the_masked_bits(struct scene *s)
{
	uint64_t high = -1ull << 20;

	scene_map(s, high, PAGE_B, 0, P_RWX);
	for (unsigned pmm = PMM_7; pmm <= PMM_16; pmm++) {
		set_pmm(s, CSR_MENVCFG, pmm);
		struct mmu_request r = scene_request(high, ACC_LOAD);
		r.va &= ~0ull >> (pmm == PMM_7 ? 7 : 16);
		scene_expect(s, &r, REASON_NONE);
		r.va = (high + 0x1000) & ~0ull >> (pmm == PMM_7 ? 7 : 16);
		struct mmu_answer a = scene_ask(s, &r).answer;
		assert_int_equal(a.reason, REASON_PTE_INVALID);
		assert_int_equal(a.tval, high + 0x1000);
	}
}

/* In Bare the masked bits are zero, and what remains must be within the physical width. */
static void an_untranslated_address_is_masked_with_zeros(struct scene *s)
{
	struct mmu_request r = scene_request(PAGE_A | 0xffull << 56, ACC_STORE);

	mmu_csr_write(s->mmu, CSR_SATP, 0);
	scene_expect(s, &r, REASON_ADDRESS_TOO_WIDE);
	set_pmm(s, CSR_MENVCFG, PMM_16);
	assert_int_equal(scene_ask(s, &r).answer.pa, PAGE_A);
	r.va |= 1ull << 47; /* the highest that remains */
	assert_int_equal(scene_ask(s, &r).answer.pa, PAGE_A | 1ull << 47);
	r.va &= ~(1ull << 47);
	set_pmm(s, CSR_MENVCFG, PMM_7);
	struct mmu_answer a = scene_ask(s, &r).answer; /* bit 56 remains */
	assert_int_equal(a.reason, REASON_ADDRESS_TOO_WIDE);
	assert_int_equal(a.tval, PAGE_A | 1ull << 56);
}

/* Field bug 96: not with MXR below M-mode, in Bare either; in M-mode MXR means nothing. */
static void masking_is_off_where_mxr_is_in_force(struct scene *s)
{
	struct mmu_request r = scene_request(0x1000 | 1ull << 63, ACC_LOAD);

	set_pmm(s, CSR_MENVCFG, PMM_7);
	set_pmm(s, CSR_MSECCFG, PMM_7);
	scene_map(s, 0x1000, PAGE_A, 0, P_RWX);
	for (unsigned warm = 0; warm < 2; warm++) {
		r.mxr = false;
		scene_expect(s, &r, REASON_NONE);
		r.mxr = true;
		scene_expect(s, &r, REASON_NONCANONICAL);
	}
	mmu_csr_write(s->mmu, CSR_SATP, 0);
	scene_expect(s, &r, REASON_ADDRESS_TOO_WIDE);
	r.priv = PRIV_M;
	scene_expect(s, &r, REASON_NONE);
}

/* Every kind of access but a fetch; a fence's address is not masked. */
static void fetches_and_fences_are_not_masked(struct scene *s)
{
	uint64_t tag = 1ull << 63;

	set_pmm(s, CSR_MENVCFG, PMM_7);
	scene_csr(s, CSR_MENVCFG, mmu_csr_read(s->mmu, CSR_MENVCFG) | 1ull << ENVCFG_SSE);
	scene_map(s, 0x1000, PAGE_A, 0, P_RWX);
	scene_map(s, 0x2000, PAGE_A, 0, P_SS);
	for (unsigned access = 0; access < SCENE_ACCESSES; access++) {
		bool shadow = access >= ACC_SS_LOAD;
		struct mmu_request r = scene_request((shadow ? 0x2000 : 0x1000) | tag, access);
		scene_expect(s, &r, access == ACC_FETCH ? REASON_NONCANONICAL : REASON_NONE);
	}
	scene_fence_va(s, 0x1000 | tag);
	scene_expect_hit(s, 0x1000 | tag, ACC_LOAD);
	scene_fence_va(s, 0x1000);
	scene_expect_miss(s, 0x1000 | tag, ACC_LOAD);
}

/* A scene of Sv32 has none of this. */
static void run_rule(void **state)
{
	const struct scene_rule *rule = *state;

	for (unsigned m = 1; m < SCENE_MODES; m++) {
		struct scene s;
		scene_open(&s, &scene_modes[m], NULL, NULL);
		rule->check(&s);
		scene_close(&s);
	}
}

/* For ONLY, which may name any configuration. */
static bool fits(const struct mmu_config *c)
{
	return scene_memory_is_open(c) && c->xlen == 64 && c->svnapot && c->svrsw60t59b &&
	       c->pointer_masking;
}

int main(void)
{
	static const struct scene_rule rules[] = {
	    SCENE_RULE(a_napot_page_takes_its_low_bits_from_the_address),
	    SCENE_RULE(a_reserved_napot_encoding_is_not_kept),
	    SCENE_RULE(n_on_a_superpage_or_a_pointer_is_reserved),
	    SCENE_RULE(any_address_in_a_napot_page_fences_it),
	    SCENE_RULE(small_and_napot_pages_replace_each_other),
	    SCENE_RULE(a_napot_pte_is_marked_as_it_stands),
	    SCENE_RULE(a_shadow_stack_may_be_napot_and_have_a_memory_type),
	    SCENE_RULE(pbmt_is_for_leaves_and_below_3),
	    SCENE_RULE(without_pbmte_a_page_with_pbmt_is_reserved),
	    SCENE_RULE(bits_60_and_59_are_softwares_in_leaves_and_pointers),
	    SCENE_RULE(each_privilege_masks_by_its_own_register),
	    SCENE_RULE(the_sign_fills_the_masked_bits),
	    SCENE_RULE(an_untranslated_address_is_masked_with_zeros),
	    SCENE_RULE(masking_is_off_where_mxr_is_in_force),
	    SCENE_RULE(fetches_and_fences_are_not_masked),
	};
	enum { RULES = sizeof rules / sizeof rules[0] };
	struct CMUnitTest tests[RULES];

	for (unsigned i = 0; i < RULES; i++)
		tests[i] = (struct CMUnitTest){
		    .name = rules[i].name,
		    .test_func = run_rule,
		    .initial_state = (void *)&rules[i],
		};
	scene_want(fits);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return scene_finish(cmocka_run_group_tests(tests, NULL, NULL));
}
