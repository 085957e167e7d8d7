/*
 * Properties of the RTL's blocks that no answer of the lockstep shows: satp's WARL
 * rules, the reset state, tags, and which entry a full TLB gives up.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "scene.h"

static struct scene opened(const char *mode, const char *config)
{
	struct scene s;
	scene_open(&s, scene_mode(mode), config, NULL);
	return s;
}

/* ---- satp (riscv-vm.md 1.1) ---------------------------------------------- */

static uint64_t satp_after(struct scene *s, uint64_t value)
{
	mmu_csr_write(s->mmu, CSR_SATP, value);
	return mmu_csr_read(s->mmu, CSR_SATP);
}

/* Every MODE over one that is kept: 3 to 5 levels. */
static void an_unsupported_mode_drops_the_whole_write(void **state)
{
	static const char *const configs[] = {"sv39", "sv48", "sv57_max"};
	(void)state;

	for (unsigned i = 0; i < 3; i++) {
		struct scene s = opened("sv39", configs[i]);
		for (uint64_t mode = 0; mode < 16; mode++) {
			uint64_t before =
			    satp_after(&s, (uint64_t)SATP_SV39 << 60 | 1ull << 44 | 7);
			uint64_t written = mode << 60 | 0x55ull << 44 | 0xabcdef;
			bool kept =
			    mode == SATP_BARE || (mode >= SATP_SV39 && mode <= SATP_SV39 + i);
			assert_int_equal(satp_after(&s, written), kept ? written : before);
		}
		scene_close(&s);
	}
}

static void an_asid_keeps_its_implemented_bits(void **state)
{
	static const struct {
		const char *mode, *config;
	} jobs[] = {{"sv32", "sv32_min"}, {"sv32", "sv32_max"}, {"sv39", "sv39"},
		    {"sv39", "sv48"},     {"sv39", "sv57_min"}, {"sv39", "sv57_odd"}};
	(void)state;

	for (unsigned i = 0; i < sizeof jobs / sizeof jobs[0]; i++) {
		struct scene s = opened(jobs[i].mode, jobs[i].config);
		const struct mmu_config *config = mmu_config(s.mmu);
		unsigned most = config->xlen == 32 ? 0x1ff : 0xffff;
		uint64_t all = scene_satp_value(&s, most, 0);
		unsigned have = (1u << config->asid_bits) - 1;
		assert_int_equal(satp_after(&s, all), scene_satp_value(&s, have, 0));
		assert_int_equal(satp_after(&s, scene_satp_value(&s, 0, 0)),
				 scene_satp_value(&s, 0, 0));
		scene_close(&s);
	}
}

/* Beyond the physical width too: the walk's access fault tells, not another address. */
static void a_root_keeps_all_its_bits(void **state)
{
	(void)state;
	struct scene s = opened("sv32", "sv32_min"), t = opened("sv39", "sv57_min");
	uint64_t all32 = scene_satp_value(&s, 0, 0x3fffff000), all64 = (1ull << 44) - 1;

	assert_int_equal(satp_after(&s, all32), all32);
	assert_int_equal(satp_after(&t, (uint64_t)SATP_SV57 << 60 | all64),
			 (uint64_t)SATP_SV57 << 60 | all64);
	scene_close(&s);
	scene_close(&t);
}

static void a_register_that_is_not_there_is_zero_and_unwritable(void **state)
{
	(void)state;
	struct scene s = opened("sv39", NULL);
	uint64_t satp = mmu_csr_read(s.mmu, CSR_SATP);

	for (unsigned bit = 0; bit < 12; bit++) {
		unsigned other = CSR_SATP ^ 1u << bit;
		mmu_csr_write(s.mmu, other, scene_satp_value(&s, 3, 0));
		assert_int_equal(mmu_csr_read(s.mmu, other), 0);
		assert_int_equal(mmu_csr_read(s.mmu, CSR_SATP), satp);
	}
	scene_close(&s);
}

/* mmu.h: a request taken in the step of a register write still sees the old value. */
static void a_write_counts_from_the_next_cycle(void **state)
{
	(void)state;
	struct scene s = opened("sv39", NULL);
	struct mmu_request r = scene_request(0x1234, ACC_LOAD);

	mmu_csr_write(s.mmu, CSR_SATP, 0);
	mmu_offer_csr(s.mmu, CSR_SATP, scene_satp_value(&s, 0, s.root));
	assert_int_equal(scene_ask(&s, &r).answer.pa, 0x1234);
	assert_int_equal(scene_ask(&s, &r).answer.reason, REASON_PTE_INVALID);
	scene_close(&s);
}

/* ---- reset --------------------------------------------------------------- */

/* All registers are random before reset (SEED), so what is read here was reset. */
static void check_registers_after_reset(struct scene *s)
{
	static const unsigned registers[] = {CSR_SATP,     CSR_SENVCFG, CSR_MENVCFG,
					     CSR_MENVCFGH, CSR_MSECCFG, CSR_MSECCFGH};

	for (unsigned i = 0; i < sizeof registers / sizeof registers[0]; i++)
		assert_int_equal(mmu_csr_read(s->mmu, registers[i]), 0);
	for (unsigned i = 0; i < 16 + 64; i++)
		assert_int_equal(mmu_csr_read(s->mmu, CSR_PMPCFG0 + i), 0);
}

static void after_reset_every_register_is_zero(void **state)
{
	(void)state;
	scene_on_each(NULL, check_registers_after_reset);
}

static void check_nothing_is_cached(struct scene *s)
{
	struct mmu_request r = scene_request(0x80000123, ACC_LOAD);

	for (unsigned i = 0; i < 50; i++) {
		assert_null(mmu_answer(s->mmu, MMU_FETCH));
		assert_null(mmu_answer(s->mmu, MMU_DATA));
		mmu_step(s->mmu);
	}
	/* PMP, where there is one, gives M-mode everything and S-mode nothing. */
	scene_expect(s, &r, s->config->pmp_entries ? REASON_PMP : REASON_NONE);
	r.priv = PRIV_M;
	scene_expect(s, &r, REASON_NONE);

	/* An empty table: any entry that was there already would answer. */
	if (s->config->pmp_entries)
		scene_pmp_napot(s, 0, C_RWX, 0, 0);
	scene_satp(s, 0, s->root);
	for (unsigned i = 0; i < 64; i++)
		scene_expect_fault(s, (uint64_t)i << 12, ACC_LOAD, CAUSE_LOAD_PAGE,
				   REASON_PTE_INVALID);
}

static void after_reset_nothing_is_translated_or_cached(void **state)
{
	(void)state;
	scene_on_each(NULL, check_nothing_is_cached);
}

/* ---- tags ---------------------------------------------------------------- */

/* Each of the 256, with a hit and with a walk, on each port. */
static void an_answer_has_the_tag_of_its_request(void **state)
{
	(void)state;
	struct scene s = opened("sv39", NULL);

	scene_map(&s, 0x1000, SCENE_PAGES, 0, P_RWX);
	for (unsigned access = 0; access < 3; access += 2)
		for (unsigned tag = 0; tag < 256; tag++) {
			struct mmu_request hit = scene_request(0x1000, access);
			struct mmu_request walk = scene_request(0x2000, access);
			hit.tag = tag;
			walk.tag = 255 - tag;
			assert_int_equal(scene_ask(&s, &hit).answer.tag, tag);
			assert_int_equal(scene_ask(&s, &walk).answer.tag, 255 - tag);
		}
	scene_close(&s);
}

/* ---- replacement --------------------------------------------------------- */

static const char *const shapes[] = {"sv57_odd", "sv48", "sv39", "rva23", "sv57_max", "sv57_min"};
enum { SHAPES = sizeof shapes / sizeof shapes[0] };

static unsigned entries_of(const struct scene *s, unsigned access)
{
	const struct mmu_config *c = mmu_config(s->mmu);
	return access == ACC_FETCH ? c->fetch_entries : c->data_entries;
}

static void map_pages(struct scene *s, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		scene_map(s, (uint64_t)i << 12, SCENE_PAGES, 0, P_RWX);
}

static void as_many_pages_as_entries_all_stay(void **state)
{
	(void)state;
	for (unsigned i = 0; i < SHAPES; i++)
		for (unsigned access = 0; access < 3; access += 2) {
			struct scene s = opened("sv39", shapes[i]);
			unsigned entries = entries_of(&s, access);
			map_pages(&s, entries);
			for (unsigned page = 0; page < entries; page++)
				scene_expect_miss(&s, (uint64_t)page << 12, access);
			for (unsigned round = 0; round < 5; round++)
				for (unsigned page = 0; page < entries; page++)
					scene_expect_hit(&s, (uint64_t)page << 12, access);
			scene_close(&s);
		}
}

/* A page used before each refill outlives any number of refills; with one entry it cannot. */
static void a_page_in_constant_use_stays(void **state)
{
	(void)state;
	for (unsigned i = 0; i < SHAPES; i++)
		for (unsigned access = 0; access < 3; access += 2) {
			struct scene s = opened("sv39", shapes[i]);
			unsigned entries = entries_of(&s, access);
			map_pages(&s, 4 * entries + 1);
			scene_touch(&s, 0, access);
			for (unsigned page = 1; entries > 1 && page <= 4 * entries; page++) {
				scene_expect_miss(&s, (uint64_t)page << 12, access);
				scene_expect_hit(&s, 0, access);
			}
			scene_close(&s);
		}
}

/* Pages of the first n that are in the TLB. Their PTEs are gone, so that no look fills. */
static unsigned resident(struct scene *s, unsigned n)
{
	unsigned hits = 0;

	for (unsigned page = 0; page < n; page++)
		scene_poke(s, scene_place(s, (uint64_t)page << 12, 0), 0);
	for (unsigned page = 0; page < n; page++)
		hits += !scene_touch(s, (uint64_t)page << 12, ACC_LOAD).answer.fault;
	return hits;
}

/* Without an L2, from which a look would fill */
static const char *const alone[] = {"sv57_w44", "sv48_w36", "sv39",
				    "sv39_8",   "open57r",  "sv57_min"};
enum { ALONE = sizeof alone / sizeof alone[0] };

static void a_refill_takes_one_entry(void **state)
{
	(void)state;
	for (unsigned i = 0; i < ALONE; i++)
		for (unsigned more = 1; more <= 70; more += 23) {
			struct scene s = opened("sv39", alone[i]);
			unsigned entries = entries_of(&s, ACC_LOAD);
			map_pages(&s, entries + more);
			for (unsigned page = 0; page < entries + more; page++)
				scene_touch(&s, (uint64_t)page << 12, ACC_LOAD);
			scene_expect_hit(&s, (uint64_t)(entries + more - 1) << 12, ACC_LOAD);
			assert_int_equal(resident(&s, entries + more), entries);
			scene_close(&s);
		}
}

/* Whichever page a fence took out, the next refill costs no other its place. */
static void a_refill_takes_a_free_entry_first(void **state)
{
	(void)state;
	for (unsigned i = 0; i < ALONE; i++) {
		struct scene s = opened("sv39", alone[i]);
		unsigned entries = entries_of(&s, ACC_LOAD);
		for (unsigned gone = 0; gone < entries; gone++) {
			map_pages(&s, entries + 1);
			scene_fence_all(&s);
			for (unsigned page = 0; page < entries; page++)
				scene_touch(&s, (uint64_t)page << 12, ACC_LOAD);
			scene_fence_va(&s, (uint64_t)gone << 12);
			scene_expect_miss(&s, (uint64_t)entries << 12, ACC_LOAD);
			assert_int_equal(resident(&s, entries), entries - 1);
		}
		scene_close(&s);
	}
}

/* ---- several models ------------------------------------------------------ */

/* Of one configuration, closed in either order. */
static void two_models_do_not_disturb_each_other(void **state)
{
	(void)state;
	for (unsigned order = 0; order < 2; order++) {
		struct scene a = opened("sv39", NULL), b = opened("sv39", NULL);
		scene_map(&a, 0x1000, SCENE_PAGES, 0, P_RWX);
		scene_expect_pa(&a, 0x1000, ACC_LOAD, SCENE_PAGES);
		scene_expect_fault(&b, 0x1000, ACC_LOAD, CAUSE_LOAD_PAGE, REASON_PTE_INVALID);
		scene_close(order ? &a : &b);
		if (order)
			scene_expect_fault(&b, 0x1000, ACC_LOAD, CAUSE_LOAD_PAGE,
					   REASON_PTE_INVALID);
		else
			scene_expect_hit(&a, 0x1000, ACC_LOAD);
		scene_close(order ? &b : &a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_unsupported_mode_drops_the_whole_write),
	    cmocka_unit_test(an_asid_keeps_its_implemented_bits),
	    cmocka_unit_test(a_root_keeps_all_its_bits),
	    cmocka_unit_test(a_register_that_is_not_there_is_zero_and_unwritable),
	    cmocka_unit_test(a_write_counts_from_the_next_cycle),
	    cmocka_unit_test(after_reset_every_register_is_zero),
	    cmocka_unit_test(after_reset_nothing_is_translated_or_cached),
	    cmocka_unit_test(an_answer_has_the_tag_of_its_request),
	    cmocka_unit_test(as_many_pages_as_entries_all_stay),
	    cmocka_unit_test(a_page_in_constant_use_stays),
	    cmocka_unit_test(a_refill_takes_one_entry),
	    cmocka_unit_test(a_refill_takes_a_free_entry_first),
	    cmocka_unit_test(two_models_do_not_disturb_each_other),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return scene_finish(cmocka_run_group_tests(tests, NULL, NULL));
}
