/*
 * Cycles, exactly, with everything that physical memory adds: 16 PMP entries that cut
 * pages and tables, writes of PMP, and updates of A and D. What docs/mmu.md promises about
 * hits and walks holds unchanged; L is the memory's latency, n the PTEs that a walk reads.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "scene.h"

static const unsigned latencies[] = {1, 2, 10, 50};
enum { LATENCIES = sizeof latencies / sizeof latencies[0] };

#define PAGE (SCENE_PAGES + 0x7000)
#define VA   0x5000ull

/* In the page: a word that nobody may touch, and where regions meet. */
enum { CLOSED = 0x100, TOR_LOW = 0x200, TOR_HIGH = 0x300, SMALL = 0x400 };

/*
 * Every entry is in use, in each mode; all but the closed word permits everything. The tables
 * are cut at every 16 bytes from 32 on, so that what a PTE's check compares is never the same.
 */
static void use_every_entry(struct scene *s)
{
	assert_int_equal(s->config->pmp_entries, 16);
	scene_pmp_na4(s, 0, 0, PAGE + CLOSED);
	scene_pmp_tor(s, 1, C_RWX, PAGE + TOR_LOW, PAGE + TOR_HIGH);
	scene_pmp_napot(s, 3, C_RWX, PAGE + SMALL, 8);
	for (unsigned i = 4; i < 15; i++)
		scene_pmp_napot(s, i, C_RWX, SCENE_ROOT + 0x1000 * (i - 4) + 16 * i, 16);
}

static void open_scene(struct scene *s, const struct scene_mode *mode, unsigned latency)
{
	scene_open(s, mode, NULL, &(struct mmu_timing){latency, latency, 0, 0});
	scene_needs_one_walk(s);
	use_every_entry(s);
}

static unsigned walk_cycles(unsigned n, unsigned latency)
{
	return n * (latency + 1) + 1;
}

/* Offsets on all sides of the regions' ends. */
static const unsigned offsets[] = {0,           CLOSED - 4, CLOSED,       CLOSED + 4,
				   TOR_LOW - 4, TOR_LOW,    TOR_HIGH - 4, TOR_HIGH,
				   SMALL - 4,   SMALL,      SMALL + 8,    0xffc};
enum { OFFSETS = sizeof offsets / sizeof offsets[0] };

static struct mmu_request word_at(uint64_t va, unsigned access, unsigned priv)
{
	struct mmu_request r = scene_request(va, access);
	r.bytes = 4;
	r.priv = priv;
	return r;
}

static void check_word(const struct mmu_answer *a, uint64_t pa, bool granted)
{
	assert_non_null(a);
	if (granted)
		assert_int_equal(a->pa, pa);
	assert_int_equal(a->reason, granted ? REASON_NONE : REASON_PMP);
}

/* ---- hits ---------------------------------------------------------------- */

static void a_hit_on_a_page_that_pmp_cuts_is_answered_in_the_next_cycle(void **state)
{
	static const unsigned accesses[] = {ACC_LOAD, ACC_STORE, ACC_FETCH};
	(void)state;

	for (unsigned m = 0; m < SCENE_MODES; m++) {
		struct scene s;
		open_scene(&s, &scene_modes[m], 10);
		scene_map(&s, VA, PAGE, 0, P_RWX);
		for (unsigned a = 0; a < 3; a++) {
			scene_touch(&s, VA, accesses[a]);
			for (unsigned i = 0; i < OFFSETS; i++) {
				struct mmu_request r =
				    word_at(VA + offsets[i], accesses[a], PRIV_S);
				struct scene_answer got = scene_ask(&s, &r);
				assert_int_equal(got.added + got.reads, 0);
				check_word(&got.answer, PAGE + offsets[i], offsets[i] != CLOSED);
			}
		}
		scene_close(&s);
	}
}

static void what_needs_no_table_is_answered_in_the_next_cycle(void **state)
{
	(void)state;
	struct scene s;
	open_scene(&s, scene_mode("sv39"), 10);
	mmu_csr_write(s.mmu, CSR_SATP, 0);
	scene_pmp_cfg(&s, 0, CL | C_NA4); /* against M-mode too */
	for (unsigned i = 0; i < 3 * OFFSETS; i++) {
		unsigned offset = offsets[i / 3];
		static const unsigned privs[] = {PRIV_U, PRIV_S, PRIV_M};
		struct mmu_request r = word_at(PAGE + offset, ACC_STORE, privs[i % 3]);
		struct scene_answer got = scene_ask(&s, &r);
		assert_int_equal(got.added, 0);
		check_word(&got.answer, PAGE + offset, offset != CLOSED);
	}
	scene_close(&s);
}

/* A stream: hits on the page that is cut, M-mode and (`bare`) S-mode without a table between
 * them. Each step must take a request and give an answer on each port. */
static void check_stream(const struct scene_mode *mode, bool bare)
{
	enum { STREAM = 5000 };
	struct scene s;

	open_scene(&s, mode, 1);
	scene_map(&s, VA, PAGE, 0, P_RWX);
	scene_pmp_cfg(&s, 0, CL | C_NA4);
	scene_touch(&s, VA, ACC_LOAD);
	scene_touch(&s, VA, ACC_FETCH);
	if (bare)
		mmu_csr_write(s.mmu, CSR_SATP, 0);
	scene_pass_refill(&s);
	for (unsigned i = 0; i < STREAM; i++) {
		unsigned offset[MMU_PORTS] = {offsets[i % OFFSETS], offsets[i / 3 % OFFSETS]};
		for (unsigned port = 0; port < MMU_PORTS; port++) {
			unsigned access = port == MMU_FETCH ? ACC_FETCH : ACC_LOAD;
			bool m_mode = (i >> port) % 3 == 0;
			struct mmu_request r = word_at((m_mode || bare ? PAGE : VA) + offset[port],
						       access, m_mode ? PRIV_M : PRIV_S);
			mmu_offer(s.mmu, port, &r);
		}
		mmu_step(s.mmu);
		for (unsigned port = 0; port < MMU_PORTS; port++) {
			assert_false(mmu_offered(s.mmu, port));
			check_word(mmu_answer(s.mmu, port), PAGE + offset[port],
				   offset[port] != CLOSED);
		}
	}
	scene_close(&s);
}

static void each_port_answers_every_cycle_with_every_entry_in_use(void **state)
{
	(void)state;
	for (unsigned m = 0; m < SCENE_MODES; m++) {
		check_stream(&scene_modes[m], false);
		check_stream(&scene_modes[m], true);
	}
}

/* ---- walks --------------------------------------------------------------- */

static void expect_walk(struct scene *s, uint64_t va, unsigned access, unsigned n, unsigned latency,
			unsigned reason)
{
	struct mmu_request r = word_at(va, access, PRIV_S);
	struct scene_answer got = scene_ask(s, &r);

	assert_int_equal(got.answer.reason, reason);
	assert_int_equal(got.reads, n);
	assert_int_equal(got.added, walk_cycles(n, latency) + got.swaps * (latency + 2));
}

static void a_walk_past_every_entry_adds_n_times_L_plus_1_and_1(void **state)
{
	(void)state;
	for (unsigned m = 0; m < SCENE_MODES; m++)
		for (unsigned i = 0; i < LATENCIES; i++) {
			unsigned levels = scene_modes[m].levels;
			struct scene s;
			open_scene(&s, &scene_modes[m], latencies[i]);
			for (unsigned level = 0; level < levels; level++) {
				uint64_t size = scene_page_size(&s, level), va = size * 2;
				/* In a leaf over the page that is cut. */
				uint64_t offset = level == 0 ? 0 : PAGE % size;
				scene_map(&s, va, PAGE - offset, level, P_RWX);
				scene_fence_all(&s);
				for (unsigned o = 0; o < OFFSETS; o++) {
					bool closed = offsets[o] == CLOSED;
					scene_fence_all(&s);
					expect_walk(&s, va + offset + offsets[o], ACC_LOAD,
						    levels - level, latencies[i],
						    closed ? REASON_PMP : REASON_NONE);
				}
			}
			scene_close(&s);
		}
}

/* What PMP refuses is not asked for: the PTE's address has no request. */
static void a_pte_that_pmp_refuses_ends_the_walk_before_its_read(void **state)
{
	(void)state;
	for (unsigned m = 0; m < SCENE_MODES; m++)
		for (unsigned i = 0; i < LATENCIES; i++) {
			unsigned levels = scene_modes[m].levels;
			struct scene s;
			open_scene(&s, &scene_modes[m], latencies[i]);
			scene_map(&s, VA, PAGE, 0, P_RWX);
			for (unsigned level = 0; level < levels; level++) {
				uint64_t place = scene_place(&s, VA, level);
				scene_pmp_napot(&s, 0, CX, place & ~7ull, 8);
				expect_walk(&s, VA, ACC_FETCH, levels - 1 - level, latencies[i],
					    REASON_PMP);
			}
			scene_close(&s);
		}
}

/* ---- updates of A and D -------------------------------------------------- */

static void check_update(struct scene *s, unsigned level, unsigned latency, unsigned access,
			 unsigned flags)
{
	uint64_t va = scene_page_size(s, level) * 2;
	unsigned n = s->mode.levels - level;

	scene_map(s, va, level >= 3 ? 0 : SCENE_PAGES, level, flags);
	scene_fence_all(s);
	for (unsigned warm = 0; warm < 2; warm++) {
		struct scene_answer got = scene_touch(s, va, access);
		assert_int_equal(got.answer.reason, REASON_NONE);
		assert_int_equal(got.swaps, !warm);
		assert_int_equal(got.added, warm ? 0 : walk_cycles(n, latency) + latency + 2);
	}
}

static void an_update_of_a_or_d_adds_L_plus_2(void **state)
{
	(void)state;
	for (unsigned m = 0; m < SCENE_MODES; m++)
		for (unsigned i = 0; i < LATENCIES; i++) {
			struct scene s;
			open_scene(&s, &scene_modes[m], latencies[i]);
			scene_menvcfg(&s, SCENE_ADUE);
			for (unsigned level = 0; level < scene_modes[m].levels; level++) {
				check_update(&s, level, latencies[i], ACC_LOAD, P_RWX & ~PA);
				check_update(&s, level, latencies[i], ACC_FETCH, P_RWX & ~PA);
				check_update(&s, level, latencies[i], ACC_STORE, P_RWX & ~PD);
				check_update(&s, level, latencies[i], ACC_AMO, P_RWX & ~(PA | PD));
			}
			scene_close(&s);
		}
}

/* A store to a page in the TLB whose D is clear: the walk of any miss, and the update. */
static void the_first_store_to_a_page_in_the_tlb_walks_once(void **state)
{
	(void)state;
	for (unsigned i = 0; i < LATENCIES; i++) {
		struct scene s;
		open_scene(&s, scene_mode("sv39"), latencies[i]);
		scene_menvcfg(&s, SCENE_ADUE);
		scene_map(&s, VA, PAGE, 0, P_RWX & ~PD);
		scene_touch(&s, VA, ACC_LOAD);
		scene_expect_hit(&s, VA, ACC_LOAD);
		expect_walk(&s, VA, ACC_STORE, 3, latencies[i], REASON_NONE);
		scene_expect_hit(&s, VA, ACC_STORE);
		scene_expect_hit(&s, VA, ACC_LOAD);
		scene_close(&s);
	}
}

/* Another requester clears and sets D in each cycle of the walk in turn: a swap that finds
 * another PTE costs what one that succeeds does, and nothing is read again. */
static void each_further_update_adds_L_plus_2(void **state)
{
	(void)state;
	for (unsigned i = 0; i < LATENCIES; i++) {
		unsigned latency = latencies[i], whole = walk_cycles(3, latency) + 2 * latency + 4;
		unsigned most = 0;
		struct scene s;
		open_scene(&s, scene_mode("sv39"), latency);
		scene_menvcfg(&s, SCENE_ADUE);
		scene_map(&s, VA, PAGE, 0, P_RWX & ~PA);
		uint64_t place = scene_place(&s, VA, 0), pte = scene_peek(&s, place);
		for (unsigned moment = 1; moment < whole; moment++) {
			struct mmu_request r = word_at(VA, ACC_LOAD, PRIV_S);
			struct mmu_counts before, after;
			unsigned added = 0;
			scene_poke(&s, place, pte);
			scene_fence_all(&s);
			mmu_counts(s.mmu, &before);
			mmu_offer(s.mmu, MMU_DATA, &r);
			for (mmu_step(s.mmu); !mmu_answer(s.mmu, MMU_DATA); mmu_step(s.mmu))
				if (++added == moment)
					scene_poke(&s, place, scene_peek(&s, place) ^ PD);
			mmu_counts(s.mmu, &after);
			unsigned swaps = after.pte_swaps - before.pte_swaps;
			assert_int_equal(after.pte_reads - before.pte_reads, 3);
			assert_int_equal(added, walk_cycles(3, latency) + swaps * (latency + 2));
			most = swaps > most ? swaps : most;
		}
		assert_int_equal(most, 2);
		scene_close(&s);
	}
}

/* ---- writes of PMP ------------------------------------------------------- */

/* Steps until the port takes an M-mode load offered with the write of a register. */
static unsigned cycles_until_taken(struct scene *s, unsigned csr, uint64_t value, unsigned *reason)
{
	struct mmu_request r = word_at(PAGE, ACC_LOAD, PRIV_M);
	unsigned steps = 1;

	mmu_offer_csr(s->mmu, csr, value);
	mmu_step(s->mmu);
	mmu_offer(s->mmu, MMU_DATA, &r);
	for (mmu_step(s->mmu); mmu_offered(s->mmu, MMU_DATA); mmu_step(s->mmu))
		steps++;
	*reason = mmu_answer(s->mmu, MMU_DATA)->reason;
	return steps;
}

/* The ports take nothing for a cycle or two, and then see the new registers. */
static void a_write_of_pmp_holds_the_ports_for_two_cycles_at_most(void **state)
{
	(void)state;
	unsigned reason;
	struct scene s;

	open_scene(&s, scene_mode("sv39"), 1);
	scene_pmp_napot(&s, 1, CL | CR, PAGE, 4096);
	scene_pmp_cfg(&s, 3, 0);
	for (unsigned i = 0; i < 2; i++) {
		scene_pmp_napot(&s, 0, CL | CW, PAGE, 4096);
		assert_true(cycles_until_taken(&s, CSR_PMPADDR0 + 2, 0, &reason) <= 3);
	}
	assert_int_equal(cycles_until_taken(&s, CSR_SATP, 0, &reason), 1);
	assert_int_equal(cycles_until_taken(&s, CSR_MENVCFG, 0, &reason), 1);
	scene_close(&s);
}

/* In each cycle of a walk in turn: it begins anew, once, and both ports go on after it. */
static void a_write_of_pmp_makes_a_walk_begin_anew_once(void **state)
{
	(void)state;
	for (unsigned i = 0; i < LATENCIES; i++) {
		unsigned latency = latencies[i], walk = walk_cycles(3, latency), longest = 0;
		struct scene s;
		open_scene(&s, scene_mode("sv39"), latency);
		scene_map(&s, VA, PAGE, 0, P_RWX);
		for (unsigned moment = 0; moment < walk; moment++) {
			struct mmu_request r = word_at(VA, ACC_LOAD, PRIV_S);
			unsigned added = 0;
			scene_fence_all(&s);
			mmu_offer(s.mmu, MMU_DATA, &r);
			for (mmu_step(s.mmu); !mmu_answer(s.mmu, MMU_DATA); mmu_step(s.mmu))
				if (added++ == moment)
					mmu_offer_csr(s.mmu, CSR_PMPADDR0 + 4, moment);
			check_word(mmu_answer(s.mmu, MMU_DATA), PAGE, true);
			assert_in_range(added, walk, 2 * walk + latency + 2);
			longest = added > longest ? added : longest;
			mmu_step(s.mmu);
			mmu_step(s.mmu);
		}
		assert_true(longest > walk + walk / 2);
		scene_close(&s);
	}
}

/* ---- pages and superpages that are cut ----------------------------------- */

/* Of a superpage that PMP cuts, each page is kept by itself, and stays. */
static void a_superpage_that_pmp_cuts_is_kept_page_by_page(void **state)
{
	(void)state;
	for (unsigned m = 0; m < SCENE_MODES; m++) {
		struct scene s;
		open_scene(&s, &scene_modes[m], 1);
		uint64_t va = scene_page_size(&s, 1) * 3;
		scene_map(&s, va, SCENE_PAGES, 1, P_RWX);
		for (unsigned page = 5; page < 8; page++)
			scene_expect_miss(&s, va + (page << 12), ACC_LOAD);
		for (unsigned page = 5; page < 8; page++)
			scene_expect_hit(&s, va + (page << 12), ACC_LOAD);
		scene_fence_va(&s, va); /* by any address in the leaf */
		for (unsigned page = 5; page < 8; page++)
			scene_expect_miss(&s, va + (page << 12), ACC_LOAD);
		scene_close(&s);
	}
}

/* For ONLY, which may name any configuration. */
static bool fits(const struct mmu_config *c)
{
	return c->pmp_entries == 16 && scene_memory_is_open(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_hit_on_a_page_that_pmp_cuts_is_answered_in_the_next_cycle),
	    cmocka_unit_test(what_needs_no_table_is_answered_in_the_next_cycle),
	    cmocka_unit_test(each_port_answers_every_cycle_with_every_entry_in_use),
	    cmocka_unit_test(a_walk_past_every_entry_adds_n_times_L_plus_1_and_1),
	    cmocka_unit_test(a_pte_that_pmp_refuses_ends_the_walk_before_its_read),
	    cmocka_unit_test(an_update_of_a_or_d_adds_L_plus_2),
	    cmocka_unit_test(the_first_store_to_a_page_in_the_tlb_walks_once),
	    cmocka_unit_test(each_further_update_adds_L_plus_2),
	    cmocka_unit_test(a_write_of_pmp_holds_the_ports_for_two_cycles_at_most),
	    cmocka_unit_test(a_write_of_pmp_makes_a_walk_begin_anew_once),
	    cmocka_unit_test(a_superpage_that_pmp_cuts_is_kept_page_by_page),
	};

	scene_want(fits);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return scene_finish(cmocka_run_group_tests(tests, NULL, NULL));
}
