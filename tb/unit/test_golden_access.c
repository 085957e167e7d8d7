/*
 * The golden model, the kinds of access: what each may touch, what it needs set,
 * how its faults are called; shadow stacks; pointer masking (riscv-vm.md,
 * sections 1.4, 1.6, 1.8, 1.9 and 2.6).
 */
#include "golden_fixture.h"

enum { KINDS = ACC_SS_AMO + 1 };

/* Exception codes: page fault and access fault; a prefetch traps never. */
static const uint8_t codes[KINDS][2] = {
    [ACC_LOAD] = {13, 5},     [ACC_STORE] = {15, 7},      [ACC_FETCH] = {12, 1},
    [ACC_LR] = {13, 5},       [ACC_SC] = {15, 7},         [ACC_AMO] = {15, 7},
    [ACC_CBO_ZERO] = {15, 7}, [ACC_CBO_MANAGE] = {15, 7}, [ACC_PREFETCH] = {0, 0},
    [ACC_SS_LOAD] = {15, 7},  [ACC_SS_STORE] = {15, 7},   [ACC_SS_AMO] = {15, 7},
};

static bool is_shadow(uint8_t access)
{
	return access >= ACC_SS_LOAD;
}

/* ---- causes -------------------------------------------------------------- */

static void page_faults_have_the_code_of_the_kind(void **state)
{
	(void)state;
	use_all(SV39, true);
	for (uint8_t k = 0; k < KINDS; k++)
		check_fault(ask(0x5000, k), 0x5000, codes[k][0], REASON_PTE_INVALID, 2, false);
}

static void access_faults_have_the_code_of_the_kind(void **state)
{
	(void)state;
	use_all(SV39, true);
	sparse_poison(memory, pte_address(0x5000, 2), true);
	for (uint8_t k = 0; k < KINDS; k++)
		check_fault(ask(0x5000, k), 0x5000, codes[k][1], REASON_BUS_ERROR, 2, true);
}

/* ---- R, W, X ------------------------------------------------------------- */

/* Section 1.4: for each kind and each ordinary leaf, with and without MXR. */
static void rights_of_a_page_by_kind(void **state)
{
	(void)state;
	static const struct {
		uint8_t access;
		const char *pages;     /* that permit it, of R RW X RX RWX */
		const char *mxr_pages; /* the same with MXR */
		uint8_t reason;
	} row[] = {
	    {ACC_LOAD, "R RW RX RWX", "R RW X RX RWX", REASON_NOT_READABLE},
	    {ACC_LR, "R RW RX RWX", "R RW X RX RWX", REASON_NOT_READABLE},
	    {ACC_STORE, "RW RWX", "RW RWX", REASON_NOT_WRITABLE},
	    {ACC_SC, "RW RWX", "RW RWX", REASON_NOT_WRITABLE},
	    {ACC_AMO, "RW RWX", "RW RWX", REASON_NOT_WRITABLE},
	    {ACC_CBO_ZERO, "RW RWX", "RW RWX", REASON_NOT_WRITABLE},
	    {ACC_FETCH, "X RX RWX", "X RX RWX", REASON_NOT_EXECUTABLE},
	    {ACC_CBO_MANAGE, "R RW RX RWX", "R RW X RX RWX", REASON_NOT_READABLE},
	    {ACC_PREFETCH, "R RW X RX RWX", "R RW X RX RWX", REASON_NOT_READABLE},
	};
	static const struct {
		const char *name;
		unsigned flags;
	} pages[] = {{"R", R}, {"RW", R | W}, {"X", X}, {"RX", R | X}, {"RWX", R | W | X}};

	for (unsigned m = 0; m < MODES; m++)
		for (unsigned i = 0; i < sizeof row / sizeof row[0]; i++)
			for (unsigned p = 0; p < 5; p++)
				for (unsigned mxr = 0; mxr < 2; mxr++) {
					char list[40], name[8];
					snprintf(list, sizeof list, " %s ",
						 mxr ? row[i].mxr_pages : row[i].pages);
					snprintf(name, sizeof name, " %s ", pages[p].name);
					use_all(m, true);
					write_menvcfg(sse);
					map(0x1234, 0, pte(0x7000, V | A | D | pages[p].flags));
					struct mmu_answer a =
					    ask_as(0x1234, row[i].access, PRIV_S, false, mxr);
					if (strstr(list, name))
						check_ok(a, 0x7234, 0);
					else
						check_fault(a, 0x1234, codes[row[i].access][0],
							    row[i].reason, 0, false);
				}
}

/* Section 1.6 */
static void user_bit_by_kind(void **state)
{
	(void)state;
	for (uint8_t k = 0; k < KINDS; k++)
		for (unsigned user = 0; user < 2; user++)
			for (unsigned sum = 0; sum < 2; sum++) {
				use_all(SV39, true);
				write_menvcfg(sse);
				unsigned flags = is_shadow(k) ? V | W | A | D : RWX;
				map(0x5000, 0, pte(0x7000, flags | user * U));
				struct mmu_answer a = ask_as(0x5000, k, PRIV_U, sum, false);
				if (user)
					check_ok(a, 0x7000, 0);
				else
					check_fault(a, 0x5000, codes[k][0], REASON_SUPERVISOR_PAGE,
						    0, false);
				a = ask_as(0x5000, k, PRIV_S, sum, false);
				if (!user || (sum && k != ACC_FETCH))
					check_ok(a, 0x7000, 0);
				else
					check_fault(a, 0x5000, codes[k][0], REASON_USER_PAGE, 0,
						    false);
			}
}

/* ---- shadow stacks (section 1.8) ----------------------------------------- */

static void shadow_stack_page_by_kind(void **state)
{
	(void)state;
	for (unsigned m = 0; m < MODES; m++)
		for (uint8_t k = 0; k < KINDS; k++)
			for (unsigned mxr = 0; mxr < 2; mxr++) {
				use_all(m, true);
				write_menvcfg(sse);
				map(0x1234, 0, pte(0x7000, V | W | A | D));
				struct mmu_answer a = ask_as(0x1234, k, PRIV_S, false, mxr);
				if (is_shadow(k) || k == ACC_LOAD || k == ACC_LR ||
				    k == ACC_PREFETCH)
					check_ok(a, 0x7234, 0);
				else
					check_fault(a, 0x1234, codes[k][1], REASON_SHADOW_STACK, 0,
						    false);
			}
}

static void shadow_stack_access_to_other_pages(void **state)
{
	(void)state;
	static const unsigned others[] = {R | W, R | X, X, R | W | X};
	for (uint8_t k = ACC_SS_LOAD; k < KINDS; k++) {
		use_all(SV39, true);
		write_menvcfg(sse);
		map(0x5000, 0, pte(0x7000, V | R | A | D));
		check_fault(ask(0x5000, k), 0x5000, 15, REASON_NOT_WRITABLE, 0, false);
		for (unsigned i = 0; i < 4; i++) {
			map(0x5000, 0, pte(0x7000, V | others[i] | A | D));
			check_fault(ask(0x5000, k), 0x5000, 7, REASON_SHADOW_STACK, 0, false);
		}
	}
}

static void encoding_is_reserved_unless_switched_on(void **state)
{
	(void)state;
	for (unsigned m = 0; m < MODES; m++)
		for (uint8_t k = 0; k < KINDS; k++)
			for (unsigned on = 0; on < 2; on++) {
				use_all(m, true);
				write_menvcfg(on ? sse : 0);
				/* XWR = 110 always is. */
				map(0x1234, 0, pte(0x7000, V | X | W | A | D));
				check_fault(ask(0x1234, k), 0x1234, codes[k][0],
					    REASON_PTE_RESERVED, 0, false);
				map(0x1234, 0, pte(0x7000, V | W | A | D));
				if (!on)
					check_fault(ask(0x1234, k), 0x1234, codes[k][0],
						    REASON_PTE_RESERVED, 0, false);
			}
}

static void no_shadow_stack_without_translation(void **state)
{
	(void)state;
	for (uint8_t k = ACC_SS_LOAD; k < KINDS; k++) {
		use_all(SV39, true);
		built.pa_bits = 33;
		rebuild();
		/* Before the width, PMP and PMA. */
		check_fault(ask_as(1ull << 34, k, PRIV_M, false, false), 1ull << 34, 7,
			    REASON_SHADOW_STACK, LEVEL_NONE, false);
		regs.satp = 0;
		check_fault(ask(0x5000, k), 0x5000, 7, REASON_SHADOW_STACK, LEVEL_NONE, false);
	}
}

/* Steps 3 to 6 come before 7, and 7 before 8 and 9. */
static void shadow_stack_in_the_order_of_rules(void **state)
{
	(void)state;
	use_all(SV39, true);
	write_menvcfg(sse);
	const struct {
		uint64_t value;
		uint8_t cause, reason;
	} row[] = {
	    {1ull << 58 | pte(0x1000, V | W | U), 15, REASON_PTE_RESERVED},
	    {pte(0x1000, V | W | U), 15, REASON_SUPERPAGE_MISALIGNED},
	    {pte(0, V | W | U), 15, REASON_USER_PAGE},
	    {pte(0, V | W), 7, REASON_SHADOW_STACK},
	};
	for (unsigned i = 0; i < sizeof row / sizeof row[0]; i++) {
		map(0x1234, 1, row[i].value);
		check_fault(ask(0x1234, ACC_STORE), 0x1234, row[i].cause, row[i].reason, 1, false);
	}
}

/* ---- A and D ------------------------------------------------------------- */

static void a_and_d_by_kind(void **state)
{
	(void)state;
	static const char d_kinds[] = {ACC_STORE,    ACC_SC,       ACC_AMO,
				       ACC_CBO_ZERO, ACC_SS_STORE, ACC_SS_AMO};
	for (uint8_t k = 0; k < KINDS; k++) {
		bool needs_d = memchr(d_kinds, k, sizeof d_kinds);
		unsigned flags = is_shadow(k) ? V | W : V | R | W | X;
		use_all(SV39, true);
		write_menvcfg(sse);
		map(0x5000, 0, pte(0x7000, flags | D));
		if (k == ACC_PREFETCH)
			check_ok(ask(0x5000, k), 0x7000, 0);
		else
			check_fault(ask(0x5000, k), 0x5000, codes[k][0], REASON_ACCESSED_CLEAR, 0,
				    false);
		map(0x5000, 0, pte(0x7000, flags | A));
		if (needs_d)
			check_fault(ask(0x5000, k), 0x5000, codes[k][0], REASON_DIRTY_CLEAR, 0,
				    false);
		else
			check_ok(ask(0x5000, k), 0x7000, 0);
	}
}

/* ---- pointer masking (section 2.6) --------------------------------------- */

enum { PMM = 32 };

static struct mmu_answer ask_masked(uint64_t va, uint8_t priv, bool mxr)
{
	return ask_as(va, ACC_LOAD, priv, false, mxr);
}

/* norm:pm_ignore_va: as the specification's example. */
static void virtual_address_is_sign_extended(void **state)
{
	(void)state;
	use_all(SV57, true);
	write_csr(CSR_MENVCFG, 2ull << PMM);
	check_fault(ask_masked(0xabffffff12345678, PRIV_S, false), 0xffffffff12345678, 13,
		    REASON_PTE_INVALID, 4, false);
	map(0x00fffffff2345678, 0, pte(0x7000, RWX));
	check_ok(ask_masked(0x54fffffff2345678, PRIV_S, false), 0x7678, 0);
	write_csr(CSR_MENVCFG, 3ull << PMM);
	check_fault(ask_masked(0xabcd7fff12345678, PRIV_S, false), 0x00007fff12345678, 13,
		    REASON_PTE_INVALID, 4, false);
	check_fault(ask_masked(0xabcd8fff12345678, PRIV_S, false), 0xffff8fff12345678, 13,
		    REASON_PTE_INVALID, 4, false);
}

/* norm:pm_ignore_pa */
static void physical_address_is_cut(void **state)
{
	(void)state;
	use_all(SV57, true);
	regs.satp = 0;
	write_csr(CSR_MENVCFG, 3ull << PMM);
	check_ok(ask_masked(0xabcdffff12345678, PRIV_S, false), 0x0000ffff12345678, LEVEL_NONE);
	write_csr(CSR_MSECCFG, 2ull << PMM);
	check_fault(ask_masked(0xabffffff12345678, PRIV_M, false), 0x01ffffff12345678, 5,
		    REASON_ADDRESS_TOO_WIDE, LEVEL_NONE, false);
	/* M-mode is not translated, whatever satp says. */
	regs.satp = mode->satp_mode;
	check_ok(ask_masked(0xaaffffff12345678, PRIV_M, false), 0x00ffffff12345678, LEVEL_NONE);
}

static void effective_privilege_chooses_the_register(void **state)
{
	(void)state;
	static const unsigned csr[] = {
	    [PRIV_U] = CSR_SENVCFG, [PRIV_S] = CSR_MENVCFG, [PRIV_M] = CSR_MSECCFG};
	static const uint8_t privs[] = {PRIV_U, PRIV_S, PRIV_M};
	for (unsigned set = 0; set < 3; set++)
		for (unsigned i = 0; i < 3; i++) {
			use_all(SV39, true);
			regs.satp = 0;
			write_csr(csr[privs[set]], 3ull << PMM);
			uint64_t va = 0x0001000012345678;
			check_ok(ask_masked(va, privs[i], false),
				 set == i ? 0x0000000012345678 : va, LEVEL_NONE);
		}
}

/* norm:pm_mxr_exception; field-bugs.md 96 */
static void mxr_switches_it_off_below_machine_mode(void **state)
{
	(void)state;
	use_all(SV39, true);
	write_csr(CSR_SENVCFG, 3ull << PMM);
	write_csr(CSR_MENVCFG, 3ull << PMM);
	write_csr(CSR_MSECCFG, 3ull << PMM);
	uint64_t va = 0x0001000012345678;
	for (uint8_t priv = PRIV_U; priv <= PRIV_S; priv++)
		check_fault(ask_masked(va, priv, true), va, 13, REASON_NONCANONICAL, LEVEL_NONE,
			    false);
	check_ok(ask_masked(va, PRIV_M, true), 0x12345678, LEVEL_NONE);
	regs.satp = 0;
	for (uint8_t priv = PRIV_U; priv <= PRIV_S; priv++)
		check_ok(ask_masked(va, priv, true), va, LEVEL_NONE);
}

static void every_kind_but_fetch_is_masked(void **state)
{
	(void)state;
	for (uint8_t k = 0; k < KINDS; k++) {
		use_all(SV39, true);
		write_csr(CSR_MENVCFG, 2ull << PMM);
		uint64_t va = 0xaa00000012345678;
		struct mmu_answer a = ask(va, k);
		if (k == ACC_FETCH)
			check_fault(a, va, 12, REASON_NONCANONICAL, LEVEL_NONE, false);
		else
			check_fault(a, 0x12345678, codes[k][0], REASON_PTE_INVALID, 2, false);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(page_faults_have_the_code_of_the_kind),
	    TEST(access_faults_have_the_code_of_the_kind),
	    TEST(rights_of_a_page_by_kind),
	    TEST(user_bit_by_kind),
	    TEST(shadow_stack_page_by_kind),
	    TEST(shadow_stack_access_to_other_pages),
	    TEST(encoding_is_reserved_unless_switched_on),
	    TEST(no_shadow_stack_without_translation),
	    TEST(shadow_stack_in_the_order_of_rules),
	    TEST(a_and_d_by_kind),
	    TEST(virtual_address_is_sign_extended),
	    TEST(physical_address_is_cut),
	    TEST(effective_privilege_chooses_the_register),
	    TEST(mxr_switches_it_off_below_machine_mode),
	    TEST(every_kind_but_fetch_is_masked),
	};
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
