/*
 * The golden model, one test a rule: PTE encodings, permission and order
 * (riscv-vm.md, sections 1.3, 1.5 and 1.6). The expected values stand here as numbers or as
 * plain bit arithmetic, worked out from the specification.
 */
#include "golden_fixture.h"

/* ---- step 3: what is no PTE ---------------------------------------------- */

/* field-bugs.md 24b: the other bits of an invalid PTE mean nothing. */
static void invalid_pte_faults_whatever_else_it_holds(void **state)
{
	(void)state;
	for (unsigned m = 0; m < MODES; m++)
		for (unsigned level = 0; level < modes[m].levels; level++) {
			use(m);
			map(0x1234, level, 0);
			check_page_fault(0x1234, REASON_PTE_INVALID, level);
			map(0x1234, level, pte(TABLE(0), 0));
			check_page_fault(0x1234, REASON_PTE_INVALID, level);
			map(0x1234, level, ~1ull);
			check_page_fault(0x1234, REASON_PTE_INVALID, level);
		}
}

/* field-bugs.md 21, 24b */
static void write_without_read_is_reserved(void **state)
{
	(void)state;
	for (unsigned m = 0; m < MODES; m++)
		for (unsigned level = 0; level < modes[m].levels; level++)
			for (unsigned x = 0; x <= X; x += X) {
				use(m);
				map(0x1234, level, pte(TABLE(0), V | W | x | A | D));
				check_page_fault(0x1234, REASON_PTE_RESERVED, level);
			}
}

/* field-bugs.md 14, 15, 22 */
static void upper_pte_bits_are_reserved(void **state)
{
	(void)state;
	for (unsigned m = SV39; m < MODES; m++)
		for (unsigned level = 0; level < modes[m].levels; level++)
			for (unsigned bit = 54; bit < 64; bit++) {
				use(m);
				map(0x1234, level, 1ull << bit | pte(0, RWX));
				check_page_fault(0x1234, REASON_PTE_RESERVED, level);
				map(0x1234, level, 1ull << bit | pte(TABLE(0), V));
				check_page_fault(0x1234, REASON_PTE_RESERVED, level);
			}
}

/* field-bugs.md 13 */
static void pointer_with_d_a_or_u_is_reserved(void **state)
{
	(void)state;
	static const unsigned flags[] = {D, A, U};
	for (unsigned m = 0; m < MODES; m++)
		for (unsigned level = 0; level < modes[m].levels; level++)
			for (unsigned i = 0; i < 3; i++) {
				use(m);
				map(0x1234, level, pte(TABLE(0), V | flags[i]));
				check_page_fault(0x1234, REASON_PTE_RESERVED, level);
			}
}

/* Svrsw60t59b, on leaves and pointers. */
static void bits_60_and_59_are_softwares_with_svrsw60t59b(void **state)
{
	(void)state;
	for (unsigned m = SV39; m < MODES; m++)
		for (unsigned bit = 54; bit <= 60; bit++) {
			use_all(m, true);
			map(0x1234, 0, 1ull << bit | pte(0x7000, RWX));
			put(0x1234, 1, (bit >= 59) * (1ull << bit) | pte(TABLE(0), V));
			if (bit >= 59)
				check_ok(ask(0x1234, ACC_LOAD), 0x7234, 0);
			else
				check_page_fault(0x1234, REASON_PTE_RESERVED, 0);
		}
}

/* norm:ptenapot; VPN[3:0] stands in the place of PPN[3:0]. */
static void napot_page_takes_four_bits_of_the_address(void **state)
{
	(void)state;
	for (unsigned m = SV39; m < MODES; m++) {
		use_all(m, true);
		for (uint64_t page = 0; page < 16; page++)
			map(0x30000 + page * 0x1000, 0, 1ull << 63 | pte(0x78000, RWX));
		for (uint64_t page = 0; page < 16; page++)
			check_ok(ask(0x30234 + page * 0x1000, ACC_STORE), 0x70234 + page * 0x1000,
				 0);
	}
}

/* norm:Svnapot_reserved_encoding_fault; field-bugs.md 15, 16, 19 */
static void napot_of_another_size_or_level_is_reserved(void **state)
{
	(void)state;
	for (unsigned m = SV39; m < MODES; m++) {
		use_all(m, true);
		for (uint64_t low = 0; low < 16; low++) {
			map(0x1234, 0, 1ull << 63 | pte(0x70000 | low << 12, RWX));
			if (low == 8)
				check_ok(ask(0x1234, ACC_LOAD), 0x71234, 0);
			else
				check_page_fault(0x1234, REASON_PTE_RESERVED, 0);
		}
		map(0x1234, 0, 1ull << 63 | pte(0x80008000, V)); /* a pointer */
		check_page_fault(0x1234, REASON_PTE_RESERVED, 0);
		for (unsigned level = 1; level < modes[m].levels; level++) {
			map(0x1234, level, 1ull << 63 | pte(0, RWX));
			check_page_fault(0x1234, REASON_PTE_RESERVED, level);
			map(0x1234, level, 1ull << 63 | pte(0x8000, RWX));
			check_page_fault(0x1234, REASON_PTE_RESERVED, level);
			map(0x1234, level, 1ull << 63 | pte(0x80008000, V));
			check_page_fault(0x1234, REASON_PTE_RESERVED, level);
		}
		built.svnapot = false;
		built.pmp_entries = 0;
		rebuild();
		map(0x1234, 0, 1ull << 63 | pte(0x78000, RWX));
		check_page_fault(0x1234, REASON_PTE_RESERVED, 0);
	}
}

/* Sections 1.7 and 2.2; field-bugs.md 15 */
static void pbmt_gives_the_memory_type_when_switched_on(void **state)
{
	(void)state;
	static const uint8_t memory_of[] = {MEM_CACHED, MEM_NC, MEM_IO};
	for (unsigned m = SV39; m < MODES; m++)
		for (unsigned level = 0; level < modes[m].levels; level++)
			for (uint64_t type = 0; type < 4; type++)
				for (unsigned on = 0; on < 2; on++) {
					use_all(m, true);
					write_menvcfg(on ? pbmte : 0);
					map(0x234, level, type << 61 | pte(0, RWX));
					if (type == 0 || (on && type < 3)) {
						struct mmu_answer a = ask(0x234, ACC_LOAD);
						check_ok(a, 0x234, level);
						assert_int_equal(a.memory, memory_of[type]);
					} else {
						check_page_fault(0x234, REASON_PTE_RESERVED, level);
					}
					if (level == 0 || type == 0)
						continue;
					map(0x234, level, type << 61 | pte(TABLE(0), V));
					check_page_fault(0x234, REASON_PTE_RESERVED, level);
				}
}

static void rsw_and_g_do_not_matter(void **state)
{
	(void)state;
	for (unsigned m = 0; m < MODES; m++) {
		use(m);
		map(0x1234, 0, pte(0x7000, RWX | G | 0x300));
		put(0x1234, 1, pte(TABLE(0), V | G | 0x300));
		check_ok(ask(0x1234, ACC_STORE), 0x7234, 0);
	}
}

/* ---- step 5 -------------------------------------------------------------- */

/* field-bugs.md 20 */
static void every_low_ppn_bit_misaligns_a_superpage(void **state)
{
	(void)state;
	for (unsigned m = 0; m < MODES; m++)
		for (unsigned level = 1; level < modes[m].levels; level++)
			for (unsigned bit = 12; bit < 12 + level * modes[m].vpn_bits; bit++) {
				use(m);
				map(0x1234, level, pte(1ull << bit, RWX));
				check_page_fault(0x1234, REASON_SUPERPAGE_MISALIGNED, level);
			}
}

/* ---- steps 6, 8 and 9: permission ---------------------------------------- */

/* The U bit (section 1.6). field-bugs.md 6, 7: SUM never lets S-mode execute U pages. */
static void user_and_supervisor_pages(void **state)
{
	(void)state;
	static const struct {
		uint8_t priv;
		bool sum;
		unsigned u;
		uint8_t access, reason;
	} row[] = {
	    {PRIV_U, 0, U, ACC_LOAD, REASON_NONE},
	    {PRIV_U, 0, U, ACC_STORE, REASON_NONE},
	    {PRIV_U, 0, U, ACC_FETCH, REASON_NONE},
	    {PRIV_U, 0, 0, ACC_LOAD, REASON_SUPERVISOR_PAGE},
	    {PRIV_U, 0, 0, ACC_STORE, REASON_SUPERVISOR_PAGE},
	    {PRIV_U, 0, 0, ACC_FETCH, REASON_SUPERVISOR_PAGE},
	    {PRIV_U, 1, 0, ACC_LOAD, REASON_SUPERVISOR_PAGE},
	    {PRIV_S, 0, 0, ACC_LOAD, REASON_NONE},
	    {PRIV_S, 1, 0, ACC_STORE, REASON_NONE},
	    {PRIV_S, 1, 0, ACC_FETCH, REASON_NONE},
	    {PRIV_S, 0, U, ACC_LOAD, REASON_USER_PAGE},
	    {PRIV_S, 0, U, ACC_STORE, REASON_USER_PAGE},
	    {PRIV_S, 0, U, ACC_FETCH, REASON_USER_PAGE},
	    {PRIV_S, 1, U, ACC_LOAD, REASON_NONE},
	    {PRIV_S, 1, U, ACC_STORE, REASON_NONE},
	    {PRIV_S, 1, U, ACC_FETCH, REASON_USER_PAGE},
	};
	for (unsigned m = 0; m < MODES; m++)
		for (unsigned i = 0; i < sizeof row / sizeof row[0]; i++) {
			use(m);
			map(0x1234, 0, pte(0x7000, RWX | row[i].u));
			struct mmu_answer a =
			    ask_as(0x1234, row[i].access, row[i].priv, row[i].sum, false);
			if (row[i].reason == REASON_NONE)
				check_ok(a, 0x7234, 0);
			else
				check_fault(a, 0x1234, page_cause[row[i].access], row[i].reason, 0,
					    false);
		}
}

/* R, W, X and MXR, for the five encodings of a leaf. */
static void read_write_and_execute(void **state)
{
	(void)state;
	static const struct {
		unsigned rwx;
		bool load, load_mxr, store, fetch;
	} row[] = {
	    {R, 1, 1, 0, 0},     {R | W, 1, 1, 1, 0},     {X, 0, 1, 0, 1},
	    {R | X, 1, 1, 0, 1}, {R | W | X, 1, 1, 1, 1},
	};
	static const uint8_t reason[] = {REASON_NOT_READABLE, REASON_NOT_WRITABLE,
					 REASON_NOT_EXECUTABLE};
	for (unsigned m = 0; m < MODES; m++)
		for (unsigned i = 0; i < sizeof row / sizeof row[0]; i++)
			for (unsigned mxr = 0; mxr < 2; mxr++) {
				use(m);
				map(0x1234, 0, pte(0x7000, V | A | D | row[i].rwx));
				bool allowed[] = {mxr ? row[i].load_mxr : row[i].load, row[i].store,
						  row[i].fetch};
				for (unsigned k = 0; k < 3; k++) {
					struct mmu_answer a =
					    ask_as(0x1234, accesses[k], PRIV_S, false, mxr);
					if (allowed[k])
						check_ok(a, 0x7234, 0);
					else
						check_fault(a, 0x1234, page_cause[k], reason[k], 0,
							    false);
				}
			}
}

static void a_clear_faults_every_access(void **state)
{
	(void)state;
	for (unsigned m = 0; m < MODES; m++)
		for (unsigned level = 0; level < modes[m].levels; level++) {
			use(m);
			map(0x1234, level, pte(0, V | R | W | X | D));
			check_page_fault(0x1234, REASON_ACCESSED_CLEAR, level);
			map(0x1234, level, pte(0, V | R | W | X)); /* A before D */
			check_page_fault(0x1234, REASON_ACCESSED_CLEAR, level);
		}
}

static void d_clear_faults_stores_only(void **state)
{
	(void)state;
	for (unsigned m = 0; m < MODES; m++)
		for (unsigned level = 0; level < modes[m].levels; level++) {
			use(m);
			map(0x234, level, pte(0, V | R | W | X | A));
			check_ok(ask(0x234, ACC_LOAD), 0x234, level);
			check_ok(ask(0x234, ACC_FETCH), 0x234, level);
			check_fault(ask(0x234, ACC_STORE), 0x234, 15, REASON_DIRTY_CLEAR, level,
				    false);
		}
}

/* ---- the order ----------------------------------------------------------- */

/* A PTE with several faults: the first rule decides. Each row lacks one fault more. */
static void the_first_rule_decides(void **state)
{
	(void)state;
	const uint64_t wide = 1ull << 40, odd = 1ull << 12;
	const struct {
		uint64_t value;
		uint8_t reason;
	} row[] = {
	    {1ull << 60 | pte(wide | odd, W | U), REASON_PTE_INVALID},
	    {1ull << 60 | pte(wide | odd, V | R | U), REASON_PTE_RESERVED},
	    {pte(wide | odd, V | R | U), REASON_SUPERPAGE_MISALIGNED},
	    {pte(wide, V | R | U), REASON_USER_PAGE},
	    {pte(wide, V | R), REASON_NOT_WRITABLE},
	    {pte(wide, V | R | W), REASON_ACCESSED_CLEAR},
	    {pte(wide, V | R | W | A), REASON_DIRTY_CLEAR},
	};
	for (unsigned i = 0; i < sizeof row / sizeof row[0]; i++) {
		use(SV39);
		regs.config.pa_bits = 40;
		map(0x1234, 1, row[i].value);
		check_fault(ask(0x1234, ACC_STORE), 0x1234, 15, row[i].reason, 1, false);
	}
	/* field-bugs.md 37: and the access fault last. */
	map(0x1234, 1, pte(wide, V | R | W | A | D));
	check_fault(ask(0x1234, ACC_STORE), 0x1234, 7, REASON_ADDRESS_TOO_WIDE, 1, false);
	/* Without a valid address no table is looked at. */
	regs.satp = 8ull << 60 | 0xfffffffffff;
	check_fault(ask(1ull << 40, ACC_LOAD), 1ull << 40, 13, REASON_NONCANONICAL, 7, false);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(invalid_pte_faults_whatever_else_it_holds),
	    TEST(write_without_read_is_reserved),
	    TEST(upper_pte_bits_are_reserved),
	    TEST(pointer_with_d_a_or_u_is_reserved),
	    TEST(bits_60_and_59_are_softwares_with_svrsw60t59b),
	    TEST(napot_page_takes_four_bits_of_the_address),
	    TEST(napot_of_another_size_or_level_is_reserved),
	    TEST(pbmt_gives_the_memory_type_when_switched_on),
	    TEST(rsw_and_g_do_not_matter),
	    TEST(every_low_ppn_bit_misaligns_a_superpage),
	    TEST(user_and_supervisor_pages),
	    TEST(read_write_and_execute),
	    TEST(a_clear_faults_every_access),
	    TEST(d_clear_faults_stores_only),
	    TEST(the_first_rule_decides),
	};
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
