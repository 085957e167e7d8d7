/*
 * Bugs that other MMUs have shipped with, one test a rule, named for the rule that
 * the bug broke: fences, satp, walks in flight, and contexts that were not latched.
 * The numbers of the field bugs are those of docs/field-bugs.md.
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

static void steps(struct scene *s, unsigned n)
{
	while (n--)
		mmu_step(s->mmu);
}

/* Long enough for all that is under way to end. */
static void settle(struct scene *s)
{
	steps(s, 1000);
	assert_false(mmu_fence_offered(s->mmu));
}

static void offer(struct scene *s, uint64_t va, unsigned access)
{
	struct mmu_request r = scene_request(va, access);
	mmu_offer(s->mmu, scene_port(access), &r);
}

/* A second address space, in which the page of va is another. Its root table. */
static uint64_t other_space(struct scene *s, uint64_t va, uint64_t pa)
{
	uint64_t first = s->root, second = scene_table(s);
	s->root = second;
	scene_map(s, va, pa, 0, P_RWX);
	s->root = first;
	return second;
}

/* ---- fences and walks in flight ------------------------------------------ */

static const struct mmu_fence forms[] = {
    {.rs1_x0 = true, .rs2_x0 = true},
    {.asid = 0, .rs1_x0 = true},
    {.va = 0x1000, .rs2_x0 = true},
    {.va = 0x1000, .asid = 0},
};
enum { FORMS = sizeof forms / sizeof forms[0] };

/* Field bugs 49, 50, 51, 52, 63, 65: the PTE changes and the fence comes in each cycle of a
 * walk in turn, the refill's included. Whatever that walk read, the next one hits nothing old. */
static void a_walk_in_flight_does_not_outlive_a_fence(struct scene *wide)
{
	struct scene s;
	scene_open(&s, &wide->mode, NULL, &(struct mmu_timing){3, 3, 0, 0});
	unsigned walk = s.mode.levels * 4 + 1;

	for (unsigned form = 0; form < FORMS; form++)
		for (unsigned moment = 0; moment <= walk + 2; moment++) {
			scene_map(&s, 0x1000, PAGE_A, 0, P_RWX);
			scene_fence_all(&s);
			offer(&s, 0x1000, ACC_LOAD);
			offer(&s, 0x1000, ACC_FETCH);
			steps(&s, moment);
			scene_map(&s, 0x1000, PAGE_B, 0, P_RWX);
			mmu_offer_fence(s.mmu, &forms[form]);
			settle(&s);
			scene_expect_pa(&s, 0x1000, ACC_LOAD, PAGE_B);
			scene_expect_pa(&s, 0x1000, ACC_FETCH, PAGE_B);
		}
	scene_close(&s);
}

/* Field bug 58: a miss waits for the walker while satp goes to other tables with the same
 * ASID, and a fence follows. Its walk is still the old tables'; its refill must not stay. */
static void a_waiting_miss_does_not_refill_from_fenced_tables(struct scene *s)
{
	scene_needs_whole_walks(s); /* a fence by address leaves pointers */
	scene_map(s, 0x1000, PAGE_A, 0, P_RWX);
	scene_map(s, 0x5000, PAGE_A, 0, P_RWX);
	uint64_t second = other_space(s, 0x1000, PAGE_B);

	for (unsigned form = 0; form < FORMS; form++)
		for (unsigned moment = 1; moment < 12; moment++) {
			scene_satp(s, 0, s->root);
			scene_fence_all(s);
			offer(s, 0x5000, ACC_LOAD);
			offer(s, 0x1000, ACC_FETCH);
			steps(s, moment);
			mmu_csr_write(s->mmu, CSR_SATP, scene_satp_value(s, 0, second));
			mmu_offer_fence(s->mmu, &forms[form]);
			settle(s);
			scene_expect_pa(s, 0x1000, ACC_FETCH, PAGE_B);
		}
}

/* Field bugs 45, 64: a walk that faults, on either port, leaves the next one alone. */
static void a_fault_does_not_stick_to_the_next_walk(struct scene *s)
{
	scene_map(s, 0x1000, PAGE_A, 0, P_RWX);
	scene_map(s, 0x2000, PAGE_B, 0, 0);
	for (unsigned round = 0; round < 4; round++) {
		unsigned bad = round & 1 ? ACC_LOAD : ACC_FETCH;
		unsigned good = round & 1 ? ACC_FETCH : ACC_LOAD;
		scene_fence_all(s);
		scene_poison(s, scene_place(s, 0x2000, 0), round & 2);
		offer(s, 0x2000, bad);
		offer(s, 0x1000, good);
		settle(s);
		scene_expect_hit(s, 0x1000, good);
		scene_expect_pa(s, 0x1000, good, PAGE_A);
		scene_expect_pa(s, 0x1000, bad, PAGE_A);
	}
}

/* ---- what a fence covers ------------------------------------------------- */

/* Field bug 53: the ASID is the fence's, not satp's. */
static void a_fence_by_asid_uses_its_own_asid(struct scene *s)
{
	scene_map(s, 0x1000, PAGE_A, 0, P_RWX);
	for (unsigned asid = 1; asid <= 2; asid++) {
		scene_satp(s, asid, s->root);
		scene_touch(s, 0x1000, ACC_LOAD);
	}
	scene_fence_asid(s, 1);
	scene_expect_hit(s, 0x1000, ACC_LOAD);
	scene_satp(s, 1, s->root);
	scene_expect_miss(s, 0x1000, ACC_LOAD);
	scene_fence_va_asid(s, 0x1000, 2);
	scene_expect_hit(s, 0x1000, ACC_LOAD);
	scene_satp(s, 2, s->root);
	scene_expect_miss(s, 0x1000, ACC_LOAD);
}

/* riscv-vm.md 3.1: rs2 bits that are not implemented are ignored, all of them where there is
 * no ASID (field bug 60, for VMIDs). */
static void asid_bits_that_do_not_exist_are_ignored(struct scene *any)
{
	static const char *const configs[] = {"sv32", "sv48", "sv32_min", "sv57_min", "sv57_odd"};

	for (unsigned i = 0; i < sizeof configs / sizeof configs[0]; i++) {
		struct scene s;
		if (mmu_config_find(configs[i])->xlen / 8 != any->mode.pte_bytes ||
		    mmu_config_find(configs[i])->levels < any->mode.levels)
			continue;
		scene_open(&s, &any->mode, configs[i], NULL);
		scene_map(&s, 0x1000, PAGE_A, 0, P_RWX);
		for (unsigned bit = mmu_config(s.mmu)->asid_bits; bit < 16; bit++) {
			scene_touch(&s, 0x1000, ACC_LOAD);
			scene_fence_asid(&s, 1u << bit);
			scene_expect_miss(&s, 0x1000, ACC_LOAD);
		}
		scene_close(&s);
	}
}

/* Field bugs 57, 62: fences by ASID spare global pages, the others do not. */
static void a_fence_by_asid_spares_global_pages(struct scene *s)
{
	scene_map(s, 0x1000, PAGE_A, 0, P_RWX | PG);
	scene_touch(s, 0x1000, ACC_LOAD);
	scene_fence_asid(s, 0);
	scene_fence_va_asid(s, 0x1000, 0);
	scene_expect_hit(s, 0x1000, ACC_LOAD);
	scene_fence_va(s, 0x1000);
	scene_expect_miss(s, 0x1000, ACC_LOAD);
	scene_fence_all(s);
	scene_expect_miss(s, 0x1000, ACC_LOAD);
}

/* Field bugs 56, 59: each address bit inside the page, at each level and on each port. */
static void any_address_in_a_superpage_fences_it(struct scene *s)
{
	static const unsigned accesses[] = {ACC_LOAD, ACC_FETCH};

	for (unsigned level = 0; level < s->mode.levels; level++)
		for (unsigned i = 0; i < 2; i++) {
			uint64_t size = scene_page_size(s, level), va = size * 2;
			scene_map(s, va, 0, level, P_RWX);
			for (uint64_t bit = 1; bit < size; bit <<= 1) {
				scene_touch(s, va, accesses[i]);
				scene_fence_va(s, va | bit);
				scene_expect_miss(s, va, accesses[i]);
				scene_fence_va_asid(s, va | bit, 0);
				scene_expect_miss(s, va, accesses[i]);
			}
			scene_poke(s, scene_place(s, va, level), 0);
			scene_fence_all(s);
		}
}

/* Field bugs 54, 101: an address that differs in any one bit above the page leaves it there, and
 * so does any other ASID. */
static void a_fence_takes_nothing_that_it_does_not_cover(struct scene *s)
{
	unsigned top = is_rv32(s) ? 32 : 11 + s->mode.levels * s->mode.vpn_bits;

	for (unsigned level = 0; level < s->mode.levels; level++) {
		uint64_t size = scene_page_size(s, level);
		scene_map(s, 0, 0, level, P_RWX);
		scene_touch(s, 0, ACC_LOAD);
		for (uint64_t bit = size; bit < 1ull << top; bit <<= 1) {
			scene_fence_va(s, bit);
			scene_fence_va_asid(s, bit, 0);
			scene_expect_hit(s, 0, ACC_LOAD);
		}
		for (unsigned bit = 0; bit < mmu_config(s->mmu)->asid_bits; bit++) {
			scene_fence_asid(s, 1u << bit);
			scene_fence_va_asid(s, 0, 1u << bit);
			scene_expect_hit(s, 0, ACC_LOAD);
		}
		scene_fence_all(s);
	}
}

/* Field bug 61: addresses of the upper half, with their signs, and those that are in no page. */
static void a_fence_compares_whole_addresses(struct scene *s)
{
	if (is_rv32(s))
		return;
	uint64_t va = UINT64_MAX << 12, deepest = mmu_config(s->mmu)->levels;

	scene_map(s, va, PAGE_A, 0, P_RWX);
	scene_touch(s, va, ACC_LOAD);
	for (unsigned bit = 12 + deepest * 9 - 1; bit < 64; bit++)
		scene_fence_va(s, va ^ 1ull << bit);
	scene_expect_hit(s, va, ACC_LOAD);
	scene_fence_va(s, va);
	scene_expect_miss(s, va, ACC_LOAD);
}

/* Field bug 61: a fence does not need paging to be on. */
static void a_fence_works_while_satp_is_bare(struct scene *s)
{
	for (unsigned form = 0; form < FORMS; form++) {
		scene_map(s, 0x1000, PAGE_A, 0, P_RWX);
		scene_expect_pa(s, 0x1000, ACC_LOAD, PAGE_A);
		scene_map(s, 0x1000, PAGE_B, 0, P_RWX);
		mmu_csr_write(s->mmu, CSR_SATP, 0);
		assert_true(mmu_fence(s->mmu, &forms[form]));
		scene_satp(s, 0, s->root);
		scene_expect_pa(s, 0x1000, ACC_LOAD, PAGE_B);
		scene_fence_all(s);
	}
}

/* Field bug 101: going from one address space to another and back drops neither. */
static void a_write_of_satp_drops_nothing(struct scene *s)
{
	scene_map(s, 0x1000, PAGE_A, 0, P_RWX);
	uint64_t second = other_space(s, 0x1000, PAGE_B);

	scene_expect_pa(s, 0x1000, ACC_LOAD, PAGE_A);
	scene_satp(s, 1, second);
	scene_expect_pa(s, 0x1000, ACC_LOAD, PAGE_B);
	for (unsigned asid = 0; asid < 2; asid++) {
		scene_satp(s, asid, asid ? second : s->root);
		scene_expect_hit(s, 0x1000, ACC_LOAD);
	}
}

/* ---- contexts are latched ------------------------------------------------ */

/* Field bugs 58, 71: satp changes in each cycle of a walk in turn; the answer and the entry are
 * of the address space in which the request was accepted. */
static void a_walk_keeps_the_satp_of_its_acceptance(struct scene *s)
{
	scene_map(s, 0x1000, PAGE_A, 0, P_RWX);
	uint64_t second = other_space(s, 0x1000, PAGE_B);

	for (unsigned moment = 1; moment < 2 * s->mode.levels + 3; moment++) {
		scene_fence_all(s);
		scene_satp(s, 1, s->root);
		offer(s, 0x1000, ACC_LOAD);
		steps(s, moment);
		mmu_csr_write(s->mmu, CSR_SATP, scene_satp_value(s, 2, second));
		settle(s);
		scene_expect_pa(s, 0x1000, ACC_LOAD, PAGE_B);
		scene_satp(s, 1, s->root);
		scene_expect_hit(s, 0x1000, ACC_LOAD);
		scene_expect_pa(s, 0x1000, ACC_LOAD, PAGE_A);
	}
}

/* Field bugs 58, 71: the same of two misses of which one waits for the other's walk. */
static void a_waiting_miss_keeps_the_satp_of_its_acceptance(struct scene *s)
{
	scene_map(s, 0x1000, PAGE_A, 0, P_RWX);
	uint64_t second = other_space(s, 0x1000, PAGE_B);

	for (unsigned moment = 1; moment < 2 * s->mode.levels + 3; moment++) {
		unsigned answers = 0;
		scene_fence_all(s);
		scene_satp(s, 1, s->root);
		offer(s, 0x1000, ACC_LOAD);
		offer(s, 0x1000, ACC_FETCH);
		for (unsigned i = 0; i < 100; i++) {
			if (i == moment)
				mmu_offer_csr(s->mmu, CSR_SATP, scene_satp_value(s, 2, second));
			steps(s, 1);
			for (unsigned port = 0; port < MMU_PORTS; port++)
				if (mmu_answer(s->mmu, port)) {
					assert_int_equal(mmu_answer(s->mmu, port)->pa, PAGE_A);
					answers++;
				}
		}
		assert_int_equal(answers, 2);
		scene_expect_pa(s, 0x1000, ACC_FETCH, PAGE_B);
		scene_expect_pa(s, 0x1000, ACC_LOAD, PAGE_B);
	}
}

/* The next request's context stands on the pins while a walk goes on: privilege, SUM, MXR,
 * access kind and address of that one must not reach this one (field bugs 27, 68, 69, 72). */
static void a_walk_keeps_its_context_from_the_next_request(struct scene *s)
{
	scene_map(s, 0x1000, PAGE_A, 0, P_RWX | PU);
	scene_map(s, 0x2000, PAGE_B, 0, PV | PX | PA);
	struct mmu_request user = scene_request(0x1000, ACC_LOAD);
	struct mmu_request supervisor = scene_request(0x2000, ACC_LOAD);
	user.priv = PRIV_U;
	supervisor.mxr = true;

	for (unsigned order = 0; order < 2; order++) {
		struct mmu_request *first = order ? &supervisor : &user;
		struct mmu_request *second = order ? &user : &supervisor;
		unsigned answers = 0;
		scene_fence_all(s);
		steps(s, 2);
		mmu_offer(s->mmu, MMU_DATA, first);
		steps(s, 1);
		assert_false(mmu_offered(s->mmu, MMU_DATA));
		mmu_offer(s->mmu, MMU_DATA, second);
		for (unsigned i = 0; i < 200; i++) {
			const struct mmu_answer *a = mmu_answer(s->mmu, MMU_DATA);
			if (a) {
				struct mmu_request *r = answers++ ? second : first;
				assert_false(a->fault);
				assert_int_equal(a->tag, r->tag);
				assert_int_equal(a->pa, r == &user ? PAGE_A : PAGE_B);
			}
			steps(s, 1);
		}
		assert_int_equal(answers, 2);
	}
}

/* Field bugs 68, 73, 74, 75, 102: walks of both ports one behind the other, each into its own
 * TLB with its own address, in both orders. */
static void chained_walks_fill_each_its_own_tlb(struct scene *s)
{
	scene_map(s, 0x1000, PAGE_A, 0, PV | PX | PA);
	scene_map(s, 0x2000, PAGE_B, 0, PV | PR | PW | PA | PD);
	for (unsigned order = 0; order < 2; order++) {
		scene_fence_all(s);
		offer(s, order ? 0x1000 : 0x2000, order ? ACC_FETCH : ACC_STORE);
		steps(s, 3);
		offer(s, order ? 0x2000 : 0x1000, order ? ACC_STORE : ACC_FETCH);
		settle(s);
		scene_expect_hit(s, 0x1000, ACC_FETCH);
		scene_expect_hit(s, 0x2000, ACC_STORE);
		scene_expect_miss(s, 0x1000, ACC_LOAD);
		scene_expect_miss(s, 0x2000, ACC_FETCH);
		scene_expect_pa(s, 0x1000, ACC_FETCH, PAGE_A);
		scene_expect_pa(s, 0x2000, ACC_STORE, PAGE_B);
	}
}

int main(void)
{
	static const struct scene_rule rules[] = {
	    SCENE_RULE(a_walk_in_flight_does_not_outlive_a_fence),
	    SCENE_RULE(a_waiting_miss_does_not_refill_from_fenced_tables),
	    SCENE_RULE(a_fault_does_not_stick_to_the_next_walk),
	    SCENE_RULE(a_fence_by_asid_uses_its_own_asid),
	    SCENE_RULE(asid_bits_that_do_not_exist_are_ignored),
	    SCENE_RULE(a_fence_by_asid_spares_global_pages),
	    SCENE_RULE(any_address_in_a_superpage_fences_it),
	    SCENE_RULE(a_fence_takes_nothing_that_it_does_not_cover),
	    SCENE_RULE(a_fence_compares_whole_addresses),
	    SCENE_RULE(a_fence_works_while_satp_is_bare),
	    SCENE_RULE(a_write_of_satp_drops_nothing),
	    SCENE_RULE(a_walk_keeps_the_satp_of_its_acceptance),
	    SCENE_RULE(a_waiting_miss_keeps_the_satp_of_its_acceptance),
	    SCENE_RULE(a_walk_keeps_its_context_from_the_next_request),
	    SCENE_RULE(chained_walks_fill_each_its_own_tlb),
	};

	return scene_run_rules(rules, sizeof rules / sizeof rules[0]);
}
