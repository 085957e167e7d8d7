/*
 * The golden model, one test a rule (riscv-vm.md, sections 1.1 to 1.6). The
 * expected values stand here as numbers or as plain bit arithmetic, worked out
 * from the specification.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "golden/golden.h"
#include "sparse.h"

/* PTE flags as the specification draws them. */
enum { V = 1, R = 2, W = 4, X = 8, U = 16, G = 32, A = 64, D = 128 };
enum { RWX = V | R | W | X | A | D };

static const struct mode {
	const char *name;
	unsigned xlen, levels, vpn_bits, pte_bytes, va_bits;
	uint64_t satp_mode; /* in place */
} modes[] = {
    {"Sv32", 32, 2, 10, 4, 32, 1ull << 31},
    {"Sv39", 64, 3, 9, 8, 39, 8ull << 60},
    {"Sv48", 64, 4, 9, 8, 48, 9ull << 60},
    {"Sv57", 64, 5, 9, 8, 57, 10ull << 60},
};
enum { SV32, SV39, SV48, SV57, MODES };

static const uint8_t accesses[] = {ACC_LOAD, ACC_STORE, ACC_FETCH};
static const uint8_t page_cause[] = {13, 15, 12};
static const uint8_t access_cause[] = {5, 7, 1};

/* ---- one set of tables --------------------------------------------------- */

/* The table of level l lies at TABLE(l); the root is that of the highest level. */
#define TABLE(level) (0x80000000ull + (uint64_t)(level)*0x1000)

static struct sparse *memory;
static struct golden_regs regs;
static const struct mode *mode;
static struct golden_walk walk;

static int setup(void **state)
{
	(void)state;
	memory = sparse_new(SPARSE_ZERO);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	sparse_free(memory);
	return 0;
}

static uint64_t pte(uint64_t pa, unsigned flags)
{
	return pa >> 12 << 10 | flags;
}

/* Clears memory and selects a mode at its full widths. */
static void use(unsigned which)
{
	mode = &modes[which];
	sparse_clear(memory);
	regs = (struct golden_regs){
	    .xlen = mode->xlen,
	    .levels = mode->xlen == 32 ? 2 : 5,
	    .asid_bits = mode->xlen == 32 ? 9 : 16,
	    .pa_bits = mode->xlen == 32 ? 34 : 56,
	    .satp = mode->satp_mode | TABLE(mode->levels - 1) >> 12,
	};
}

static uint64_t pte_address(uint64_t va, unsigned level)
{
	uint64_t vpn = va >> (12 + level * mode->vpn_bits) & ((1u << mode->vpn_bits) - 1);
	return TABLE(level) + vpn * mode->pte_bytes;
}

static void put(uint64_t va, unsigned level, uint64_t value)
{
	sparse_write(memory, pte_address(va, level), mode->pte_bytes, value);
}

/* Pointers from the root down to `level`, where `value` is put. */
static void map(uint64_t va, unsigned level, uint64_t value)
{
	for (unsigned l = mode->levels - 1; l > level; l--)
		put(va, l, pte(TABLE(l - 1), V));
	put(va, level, value);
}

static struct mmu_answer ask_as(uint64_t va, uint8_t access, uint8_t priv, bool sum, bool mxr)
{
	struct mmu_memory m = sparse_memory(memory);
	struct mmu_request request = {.va = va,
				      .tag = 0x5a,
				      .access = access,
				      .bytes = 1,
				      .priv = priv,
				      .sum = sum,
				      .mxr = mxr};
	return golden_translate(&regs, &m, &request, &walk);
}

static struct mmu_answer ask(uint64_t va, uint8_t access)
{
	return ask_as(va, access, PRIV_S, false, false);
}

static void check_ok(struct mmu_answer a, uint64_t pa, unsigned level)
{
	assert_false(a.fault);
	assert_int_equal(a.pa, pa);
	assert_int_equal(a.level, level);
	assert_int_equal(a.tag, 0x5a);
	assert_int_equal(a.tval | a.cause | a.reason | a.pte, 0);
}

static void check_fault(struct mmu_answer a, uint64_t va, uint8_t cause, uint8_t reason,
			unsigned level, bool on_pte)
{
	assert_true(a.fault);
	assert_string_equal(mmu_reason_name(a.reason), mmu_reason_name(reason));
	assert_int_equal(a.cause, cause);
	assert_int_equal(a.tval, va);
	assert_int_equal(a.level, level);
	assert_int_equal(a.pte, on_pte);
	assert_int_equal(a.tag, 0x5a);
	assert_int_equal(a.pa, 0);
}

/* A page fault of each kind of access, on the access itself. */
static void check_page_fault(uint64_t va, uint8_t reason, unsigned level)
{
	for (unsigned i = 0; i < 3; i++)
		check_fault(ask(va, accesses[i]), va, page_cause[i], reason, level, false);
}

static void check_access_fault(uint64_t va, uint8_t reason, unsigned level, bool on_pte)
{
	for (unsigned i = 0; i < 3; i++)
		check_fault(ask(va, accesses[i]), va, access_cause[i], reason, level, on_pte);
}

/* ---- P1: M-mode and Bare ------------------------------------------------- */

static void bare_gives_the_address_itself(void **state)
{
	(void)state;
	for (unsigned m = 0; m < MODES; m++) {
		use(m);
		regs.satp = 0;
		check_ok(ask(0x12345678, ACC_LOAD), 0x12345678, 7);
		check_ok(ask_as(0xfffff123, ACC_FETCH, PRIV_U, false, false), 0xfffff123, 7);
	}
}

static void m_mode_is_not_translated(void **state)
{
	(void)state;
	for (unsigned m = 0; m < MODES; m++) {
		use(m);
		check_ok(ask_as(0x12345678, ACC_STORE, PRIV_M, false, false), 0x12345678, 7);
		assert_int_equal(walk.length, 0);
	}
}

static void bare_address_beyond_the_width_is_an_access_fault(void **state)
{
	(void)state;
	use(SV39);
	regs.satp = 0;
	check_ok(ask(0x00ffffffffffffff, ACC_LOAD), 0x00ffffffffffffff, 7);
	check_access_fault(0x0100000000000000, REASON_ADDRESS_TOO_WIDE, 7, false);
	check_access_fault(0xffffffffffffffff, REASON_ADDRESS_TOO_WIDE, 7, false);

	regs.pa_bits = 32;
	check_ok(ask(0xffffffff, ACC_LOAD), 0xffffffff, 7);
	check_access_fault(0x100000000, REASON_ADDRESS_TOO_WIDE, 7, false);
	check_fault(ask_as(0x100000000, ACC_LOAD, PRIV_M, false, false), 0x100000000, 5,
		    REASON_ADDRESS_TOO_WIDE, 7, false);
}

/* ---- P2: canonical addresses --------------------------------------------- */

static void upper_address_bits_equal_the_sign(void **state)
{
	(void)state;
	for (unsigned m = SV39; m < MODES; m++) {
		use(m);
		uint64_t half = 1ull << (mode->va_bits - 1); /* the first address that is none */
		uint64_t valid[] = {0, half - 1, -half, UINT64_MAX};
		for (unsigned i = 0; i < 4; i++) {
			map(valid[i], 0, pte(0x90000000, RWX));
			check_ok(ask(valid[i], ACC_LOAD), 0x90000000 | (valid[i] & 0xfff), 0);
		}
		check_page_fault(half, REASON_NONCANONICAL, 7);
		check_page_fault(-half - 1, REASON_NONCANONICAL, 7);
		check_page_fault(1ull << 63, REASON_NONCANONICAL, 7);
		assert_int_equal(walk.length, 0);
	}
}

static void sv32_has_no_upper_address_bits(void **state)
{
	(void)state;
	use(SV32);
	map(0x80000000, 0, pte(0x90000000, RWX));
	map(0xffffffff, 0, pte(0x91000000, RWX));
	check_ok(ask(0x80000000, ACC_LOAD), 0x90000000, 0);
	check_ok(ask(0xffffffff, ACC_LOAD), 0x91000fff, 0);
}

/* ---- steps 1, 2, 4 and 10: walks ----------------------------------------- */

static void sv32_walk_by_hand(void **state)
{
	(void)state;
	use(SV32);
	/* VPN[1] 0x048, VPN[0] 0x345, offset 0x678 */
	sparse_write(memory, 0x80001000 + 0x048 * 4, 4, 0x20000001); /* -> 0x80000000 */
	sparse_write(memory, 0x80000000 + 0x345 * 4, 4, 0xfedcb0c7); /* PPN 0x3fb72c */
	check_ok(ask(0x12345678, ACC_STORE), 0x3fb72c678, 0);
}

static void sv39_walk_by_hand(void **state)
{
	(void)state;
	use(SV39);
	/* VA 0x12345678: VPN 0, 0x91, 0x145 */
	sparse_write(memory, 0x80002000, 8, 0x20000401);            /* -> 0x80001000 */
	sparse_write(memory, 0x80001000 + 0x91 * 8, 8, 0x20000001); /* -> 0x80000000 */
	sparse_write(memory, 0x80000000 + 0x145 * 8, 8, 0x2ab0cf7f3c4f);
	check_ok(ask(0x12345678, ACC_FETCH), 0xaac33dfcf678, 0);
}

static void every_leaf_size_of_every_mode(void **state)
{
	(void)state;
	for (unsigned m = 0; m < MODES; m++)
		for (unsigned level = 0; level < modes[m].levels; level++) {
			use(m);
			uint64_t size = 1ull << (12 + level * mode->vpn_bits);
			uint64_t va = 0x6bcdef12;
			uint64_t pa = mode->xlen == 32 ? 0x380000000 : 0x40000000000000;
			pa = level == 4 ? 0 : pa; /* 256 TiB pages: only multiples of 2^48 */
			map(va, level, pte(pa, RWX));
			for (unsigned i = 0; i < 3; i++)
				check_ok(ask(va, accesses[i]), pa | (va & (size - 1)), level);
			assert_int_equal(walk.length, mode->levels - level);
		}
}

static void all_ppn_bits_count(void **state)
{
	(void)state;
	use(SV32);
	map(0x5000, 0, 0xfffffc00 | RWX);
	check_ok(ask(0x5123, ACC_LOAD), 0x3fffff123, 0);
	use(SV39);
	map(0x5000, 0, 0x003ffffffffffc00 | RWX);
	check_ok(ask(0x5123, ACC_LOAD), 0x00fffffffffff123, 0);

	/* A table at the far end of the physical memory, reached by satp and by a pointer. */
	regs.satp = 8ull << 60 | 0xfffffffffff;
	sparse_write(memory, 0x00fffffffffff000, 8, 0x003ffffffffff800 | V);
	sparse_write(memory, 0x00ffffffffffe000, 8, pte(0x40000000, V | G));
	sparse_write(memory, 0x0000000040000000, 8, pte(0x7000, RWX));
	check_ok(ask(0x9, ACC_LOAD), 0x7009, 0);
}

static void root_beyond_the_width_is_an_access_fault(void **state)
{
	(void)state;
	use(SV32);
	regs.pa_bits = 33;
	regs.satp = 1u << 31 | 0x200000; /* 2^33 */
	check_access_fault(0x1234, REASON_ADDRESS_TOO_WIDE, 1, true);
	for (unsigned m = SV39; m < MODES; m++) {
		use(m);
		regs.pa_bits = 32;
		regs.satp = mode->satp_mode | 0x100000;
		check_access_fault(0x1234, REASON_ADDRESS_TOO_WIDE, mode->levels - 1, true);
	}
}

/* field-bugs.md 25, 26 */
static void pointer_beyond_the_width_is_an_access_fault(void **state)
{
	(void)state;
	for (unsigned m = 0; m < MODES; m++)
		for (unsigned level = 1; level < modes[m].levels; level++) {
			use(m);
			regs.pa_bits = 32;
			map(0x1234, level, pte(0x100000000, V));
			check_access_fault(0x1234, REASON_ADDRESS_TOO_WIDE, level - 1, true);
		}
}

/* field-bugs.md 34, 39 */
static void pte_bus_error_is_an_access_fault_of_the_access(void **state)
{
	(void)state;
	for (unsigned m = 0; m < MODES; m++)
		for (unsigned level = 0; level < modes[m].levels; level++) {
			use(m);
			map(0x1234, level, pte(0, RWX));
			sparse_poison(memory, pte_address(0x1234, level), true);
			check_access_fault(0x1234, REASON_BUS_ERROR, level, true);
		}
}

static void last_level_pointer_faults(void **state)
{
	(void)state;
	for (unsigned m = 0; m < MODES; m++) {
		use(m);
		map(0x1234, 0, pte(0x80000000, V));
		check_page_fault(0x1234, REASON_LAST_LEVEL_POINTER, 0);
		map(0x1234, 0, pte(0x80000000, V | G));
		check_page_fault(0x1234, REASON_LAST_LEVEL_POINTER, 0);
	}
}

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

/* ---- F: the width of the access ------------------------------------------ */

static void leaf_beyond_the_width_is_an_access_fault(void **state)
{
	(void)state;
	for (unsigned m = 0; m < MODES; m++) {
		use(m);
		regs.pa_bits = 32;
		map(0x1234, 0, pte(0xfffff000, RWX));
		check_ok(ask(0x1234, ACC_LOAD), 0xfffff234, 0);
		map(0x1234, 0, pte(0x100000000, RWX));
		check_access_fault(0x1234, REASON_ADDRESS_TOO_WIDE, 0, false);
	}
	/* A superpage that begins within the width and ends beyond it. */
	use(SV57);
	regs.pa_bits = 33;
	map(0x0, 3, pte(0, RWX));
	check_ok(ask(0x1ffffffff, ACC_LOAD), 0x1ffffffff, 3);
	check_access_fault(0x200000000, REASON_ADDRESS_TOO_WIDE, 3, false);
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
		regs.pa_bits = 40;
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

/* ---- satp ---------------------------------------------------------------- */

static void unsupported_mode_drops_the_whole_write(void **state)
{
	(void)state;
	static const unsigned deepest[] = {3, 4, 5};
	use(SV39);
	for (unsigned i = 0; i < 3; i++)
		for (uint64_t m = 0; m < 16; m++) {
			bool exists = m == 0 || (m >= 8 && m <= deepest[i] + 5);
			regs.levels = deepest[i];
			regs.satp = 0x8000000000012345;
			golden_write_satp(&regs, m << 60 | 0x0abc000000054321);
			assert_int_equal(regs.satp, exists ? m << 60 | 0x0abc000000054321
							   : 0x8000000000012345);
		}
}

static void asid_is_cut_and_the_ppn_is_not(void **state)
{
	(void)state;
	use(SV39);
	regs.asid_bits = 1;
	regs.pa_bits = 32;
	golden_write_satp(&regs, 0x8fffffffffffffff);
	assert_int_equal(regs.satp, 0x80001fffffffffff);
	regs.asid_bits = 0;
	golden_write_satp(&regs, 0xafffffffffffffff);
	assert_int_equal(regs.satp, 0xa0000fffffffffff);
	assert_int_equal(golden_satp_asid(&regs), 0);

	use(SV32);
	regs.asid_bits = 4;
	golden_write_satp(&regs, 0xffffffff);
	assert_int_equal(regs.satp, 0x83ffffff);
	golden_write_satp(&regs, 0x123456789abcdef0); /* a register has 32 bits there */
	assert_int_equal(regs.satp, 0x82bcdef0);
}

static void bare_keeps_the_other_bits(void **state)
{
	(void)state;
	use(SV39);
	golden_write_satp(&regs, 0x0123456789abcdef);
	assert_int_equal(regs.satp, 0x0123456789abcdef);
	check_ok(ask(0x1234, ACC_LOAD), 0x1234, 7);
	use(SV32);
	golden_write_satp(&regs, 0x7fffffff);
	assert_int_equal(regs.satp, 0x7fffffff);
	check_ok(ask(0x1234, ACC_LOAD), 0x1234, 7);
}

/* ---- the walk, as recorded and printed ----------------------------------- */

static void walk_is_recorded_and_printed_by_level(void **state)
{
	(void)state;
	use(SV39);
	map(0x12345678, 0, pte(0x7000, V | R | U | A));
	struct mmu_answer a = ask(0x12345678, ACC_LOAD);
	struct mmu_request request = {.va = 0x12345678};
	check_fault(a, 0x12345678, 13, REASON_USER_PAGE, 0, false);
	assert_int_equal(walk.length, 3);
	assert_int_equal(walk.read[1].address, 0x80001488);
	assert_int_equal(walk.read[1].value, 0x20000001);
	assert_int_equal(walk.read[1].level, 1);

	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	golden_print_walk(out, &regs, &request, &walk, &a);
	fclose(out);
	assert_string_equal(
	    text,
	    "  satp 0x8000000000080002: Sv39, ASID 0, root 0x80002000\n"
	    "  level 2: PTE at 0x80002000 = 0x0000000020000401  -------V  PPN 0x80001  pointer\n"
	    "  level 1: PTE at 0x80001488 = 0x0000000020000001  -------V  PPN 0x80000  pointer\n"
	    "  level 0: PTE at 0x80000a28 = 0x0000000000001c53  -A-U--RV  PPN 0x7  leaf\n"
	    "  step 6: a user page, for S-mode\n");
	free(text);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(bare_gives_the_address_itself),
	    TEST(m_mode_is_not_translated),
	    TEST(bare_address_beyond_the_width_is_an_access_fault),
	    TEST(upper_address_bits_equal_the_sign),
	    TEST(sv32_has_no_upper_address_bits),
	    TEST(sv32_walk_by_hand),
	    TEST(sv39_walk_by_hand),
	    TEST(every_leaf_size_of_every_mode),
	    TEST(all_ppn_bits_count),
	    TEST(root_beyond_the_width_is_an_access_fault),
	    TEST(pointer_beyond_the_width_is_an_access_fault),
	    TEST(pte_bus_error_is_an_access_fault_of_the_access),
	    TEST(last_level_pointer_faults),
	    TEST(invalid_pte_faults_whatever_else_it_holds),
	    TEST(write_without_read_is_reserved),
	    TEST(upper_pte_bits_are_reserved),
	    TEST(pointer_with_d_a_or_u_is_reserved),
	    TEST(rsw_and_g_do_not_matter),
	    TEST(every_low_ppn_bit_misaligns_a_superpage),
	    TEST(user_and_supervisor_pages),
	    TEST(read_write_and_execute),
	    TEST(a_clear_faults_every_access),
	    TEST(d_clear_faults_stores_only),
	    TEST(leaf_beyond_the_width_is_an_access_fault),
	    TEST(the_first_rule_decides),
	    TEST(unsupported_mode_drops_the_whole_write),
	    TEST(asid_is_cut_and_the_ppn_is_not),
	    TEST(bare_keeps_the_other_bits),
	    TEST(walk_is_recorded_and_printed_by_level),
	};
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
