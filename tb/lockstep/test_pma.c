/*
 * Physical memory attributes on the RTL, in lockstep: what each kind of access needs, what
 * PTE reads and updates need, memory types with and without PBMT, pages that hold several
 * regions, and PMP before PMA. On the maps `motley` and `virt` of rtl/configs.txt
 * (riscv-vm.md 1.4, 1.5, 1.7, 2.2; field bugs 79, 81, 87).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "scene.h"

/* A page in each region of `motley`, with its attributes as the map writes them. */
static const struct place {
	uint64_t pa;
	const char *attributes;
} places[] = {
    {0x80000000, "rwxtaci"}, {0x80008000, "rwtui"}, {0x80010000, "rwxtuaci"},
    {0x40200000, "rxci"},    {0x40400000, "wai"},   {0x40000000, "rwxtuaci"},
    {0x00003000, "rwa"},     {0xc0000000, "rwxti"}, {0x80020000, ""},
};
enum { PLACES = sizeof places / sizeof places[0] };

static bool holds(const char *have, const char *need)
{
	while (*need && strchr(have, *need))
		need++;
	return !*need;
}

/* What the kind needs: all of the letters of one alternative. */
static bool permits(const char *have, unsigned access)
{
	static const char *const needs[SCENE_ACCESSES][3] = {
	    [ACC_LOAD] = {"r"},
	    [ACC_STORE] = {"w"},
	    [ACC_FETCH] = {"x"},
	    [ACC_LR] = {"ra"},
	    [ACC_SC] = {"wa"},
	    [ACC_AMO] = {"rwa"},
	    [ACC_CBO_ZERO] = {"wc"},
	    [ACC_CBO_MANAGE] = {"r", "w"},
	    [ACC_PREFETCH] = {"r", "w", "x"},
	    [ACC_SS_LOAD] = {"rwi"},
	    [ACC_SS_STORE] = {"rwi"},
	    [ACC_SS_AMO] = {"rwia"},
	};

	for (unsigned i = 0; i < 3 && needs[access][i]; i++)
		if (holds(have, needs[access][i]))
			return true;
	return false;
}

static unsigned memory_of(const char *have)
{
	return strchr(have, 'c') ? MEM_CACHED : strchr(have, 'i') ? MEM_NC : MEM_IO;
}

static void check_granted(struct scene *s, const struct mmu_request *r, uint64_t pa,
			  const char *attributes)
{
	struct mmu_answer a = scene_ask(s, r).answer;
	bool granted = permits(attributes, r->access);

	assert_int_equal(a.reason, granted ? REASON_NONE : REASON_PMA);
	assert_false(a.pte);
	if (!granted)
		return;
	assert_int_equal(a.pa, pa);
	assert_int_equal(a.memory, memory_of(attributes));
}

/* Runs a check in each mode that has a configuration with `motley`. */
static void on_motley(void (*check)(struct scene *s))
{
	for (unsigned m = 1; m < SCENE_MODES; m++) {
		struct scene s;
		scene_open(&s, &scene_modes[m], "sv57_odd", NULL);
		s.next_table = 0x80010000; /* where PTEs can be read and updated */
		check(&s);
		scene_close(&s);
	}
}

/* ---- accesses ------------------------------------------------------------ */

static void check_kinds_untranslated(struct scene *s)
{
	for (unsigned i = 0; i < PLACES; i++)
		for (unsigned access = 0; access < ACC_SS_LOAD; access++) {
			struct mmu_request r = scene_request(places[i].pa + 0x40, access);
			r.priv = PRIV_M;
			check_granted(s, &r, r.va, places[i].attributes);
		}
}

static void each_kind_needs_its_attributes_untranslated(void **state)
{
	(void)state;
	on_motley(check_kinds_untranslated);
}

/* Each by a walk, then all on what the TLBs hold: attributes are those of the hit's page. */
static void check_kinds_translated(struct scene *s)
{
	enum { STACK = 0x100000 };

	scene_menvcfg(s, SCENE_SSE);
	for (unsigned i = 0; i < PLACES; i++) {
		scene_map(s, 0x1000 * i, places[i].pa, 0, P_RWX);
		scene_map(s, STACK + 0x1000 * i, places[i].pa, 0, P_SS);
	}
	for (unsigned warm = 0; warm < 2; warm++)
		for (unsigned access = 0; access < SCENE_ACCESSES; access++)
			for (unsigned i = 0; i < PLACES; i++) {
				uint64_t va = 0x1000 * i + (access >= ACC_SS_LOAD ? STACK : 0);
				struct mmu_request r = scene_request(va + 0x40, access);
				if (!warm)
					scene_fence_all(s);
				check_granted(s, &r, places[i].pa + 0x40, places[i].attributes);
			}
}

static void each_kind_needs_its_attributes_translated(void **state)
{
	(void)state;
	on_motley(check_kinds_translated);
}

/* A gigabyte that holds two regions, by fills from either. */
static void check_superpage(struct scene *s)
{
	uint64_t va = scene_page_size(s, 2) * 3;

	scene_map(s, va, 0x40000000, 2, P_RWX);
	for (unsigned first = 0; first < 2; first++) {
		scene_fence_all(s);
		for (unsigned i = first; i < first + 4; i++) {
			uint64_t offset = i % 2 ? 0x200000 : 0x1000;
			struct mmu_request r = scene_request(va + offset, ACC_LOAD);
			scene_expect(s, &r, REASON_NONE);
			r.access = ACC_STORE;
			scene_expect(s, &r, i % 2 ? REASON_PMA : REASON_NONE);
		}
	}
}

static void a_superpage_over_several_regions_has_the_attributes_of_each(void **state)
{
	(void)state;
	on_motley(check_superpage);
}

/* PMP is told before PMA; a page fault before both. */
static void check_order(struct scene *s)
{
	struct mmu_request r = scene_request(0x5000, ACC_STORE);

	scene_map(s, 0x5000, 0x40200000, 0, P_RWX);
	scene_expect(s, &r, REASON_PMA);
	scene_pmp_napot(s, 0, CR, 0x40200000, 0x1000);
	scene_fence_all(s);
	scene_expect(s, &r, REASON_PMP);
	scene_map(s, 0x5000, 0x40200000, 0, P_RWX & ~PW);
	scene_fence_all(s);
	scene_expect(s, &r, REASON_NOT_WRITABLE);
}

static void pmp_is_told_before_pma(void **state)
{
	(void)state;
	on_motley(check_order);
}

/* ---- PTEs ---------------------------------------------------------------- */

/* Field bugs 79, 81: the table of each level in turn where no PTE can be read. */
static void check_pte_read(struct scene *s)
{
	static const uint64_t closed[] = {0x00003000, 0x40200000, 0x80020000};

	for (unsigned i = 0; i < 3; i++)
		for (unsigned level = 0; level + 1 < s->mode.levels; level++) {
			uint64_t place = scene_place(s, 0x1000, level + 1);
			uint64_t sound = scene_peek(s, place);
			scene_poke(s, place, scene_pte(closed[i], PV));
			scene_fence_all(s);
			struct scene_answer got = scene_touch(s, 0x1000, ACC_FETCH);
			assert_int_equal(got.answer.reason, REASON_PMA);
			assert_int_equal(got.answer.cause, CAUSE_FETCH_ACCESS);
			assert_int_equal(got.answer.level, level);
			assert_true(got.answer.pte);
			assert_int_equal(got.reads, s->mode.levels - 1 - level);
			scene_poke(s, place, sound);
		}
}

static void a_pte_is_read_only_where_attributes_let_it(void **state)
{
	(void)state;
	on_motley(check_pte_read);
}

/* Field bugs 87, 88: PTEs where A and D cannot be set; nothing changes, nothing is kept. */
static void check_pte_update(struct scene *s)
{
	static const uint64_t tables[] = {0x80000000, 0xc0000000, 0x80008000};
	uint64_t pointer = scene_place(s, 0x1000, 1);

	scene_menvcfg(s, SCENE_ADUE);
	for (unsigned i = 0; i < 3; i++) {
		uint64_t pte = scene_pte(0x40000000, P_RWX & ~PD);
		uint64_t place = tables[i] + 0x100 * s->mode.pte_bytes;
		bool can = i == 2;
		scene_poke(s, pointer, scene_pte(tables[i], PV));
		scene_poke(s, place, pte);
		scene_fence_all(s);
		struct mmu_answer a = scene_touch(s, 0x100000, ACC_STORE).answer;
		assert_int_equal(a.reason, can ? REASON_NONE : REASON_PMA);
		assert_int_equal(a.pte, !can);
		assert_int_equal(scene_peek(s, place), can ? pte | PD : pte);
		if (!can) {
			scene_expect_miss(s, 0x100000, ACC_STORE);
			scene_expect_pa(s, 0x100000, ACC_LOAD, 0x40000000);
			scene_poke(s, place, pte & ~(uint64_t)PA);
			scene_fence_all(s);
			scene_expect_fault(s, 0x100000, ACC_LOAD, CAUSE_LOAD_ACCESS, REASON_PMA);
		}
	}
}

static void a_pte_is_updated_only_where_attributes_let_it(void **state)
{
	(void)state;
	on_motley(check_pte_update);
}

/* ---- memory types -------------------------------------------------------- */

/* On `virt`, RAM and a device: PBMT gives the type, and nothing else (section 1.7). */
static void pbmt_overrides_the_memory_type_alone(void **state)
{
	static const struct {
		uint64_t pa;
		unsigned pma;
		bool executable;
	} where[] = {{0x80005000, MEM_CACHED, true}, {0x10000000, MEM_IO, false}};
	(void)state;

	for (unsigned m = 1; m < SCENE_MODES; m++) {
		struct scene s;
		scene_open(&s, &scene_modes[m], "rva23", NULL);
		scene_menvcfg(&s, SCENE_PBMTE);
		for (unsigned i = 0; i < 2; i++)
			for (uint64_t pbmt = 0; pbmt < 3; pbmt++) {
				unsigned type = pbmt == PBMT_PMA  ? where[i].pma
						: pbmt == PBMT_NC ? MEM_NC
								  : MEM_IO;
				scene_poke(&s, scene_place(&s, 0x7000, 0),
					   scene_pte(where[i].pa, P_RWX) | pbmt << PTE_PBMT);
				scene_fence_all(&s);
				for (unsigned warm = 0; warm < 2; warm++) {
					struct mmu_answer a =
					    scene_touch(&s, 0x7000, ACC_LOAD).answer;
					assert_int_equal(a.memory, type);
					assert_int_equal(
					    scene_touch(&s, 0x7000, ACC_FETCH).answer.reason,
					    where[i].executable ? REASON_NONE : REASON_PMA);
				}
			}
		scene_close(&s);
	}
}

/* Untranslated accesses have the attributes' type. */
static void bare_and_m_mode_have_the_type_of_the_attributes(void **state)
{
	(void)state;
	struct scene s;
	scene_open(&s, scene_mode("sv57"), "rva23", NULL);
	scene_menvcfg(&s, SCENE_PBMTE);
	mmu_csr_write(s.mmu, CSR_SATP, 0);
	for (unsigned priv = PRIV_S; priv <= PRIV_M; priv += 2) {
		struct mmu_request r = scene_request(0x80005000, ACC_LOAD);
		r.priv = priv;
		assert_int_equal(scene_ask(&s, &r).answer.memory, MEM_CACHED);
		r.va = 0x10000000;
		assert_int_equal(scene_ask(&s, &r).answer.memory, MEM_IO);
	}
	scene_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_kind_needs_its_attributes_untranslated),
	    cmocka_unit_test(each_kind_needs_its_attributes_translated),
	    cmocka_unit_test(a_superpage_over_several_regions_has_the_attributes_of_each),
	    cmocka_unit_test(pmp_is_told_before_pma),
	    cmocka_unit_test(a_pte_is_read_only_where_attributes_let_it),
	    cmocka_unit_test(a_pte_is_updated_only_where_attributes_let_it),
	    cmocka_unit_test(pbmt_overrides_the_memory_type_alone),
	    cmocka_unit_test(bare_and_m_mode_have_the_type_of_the_attributes),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return scene_finish(cmocka_run_group_tests(tests, NULL, NULL));
}
