/* Loads, stores and fetches of the hart, without and with paging: widths, misaligned
 * and page-crossing accesses, and what the bus refuses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "encode.h"
#include "rig.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define ONES     0xffffffffffffffffu

/* PTE flags */
#define S_PAGE    RIG_S_PAGE
#define READ_ONLY (S_PAGE & ~(1 << PTE_W))

/* ---- loads and stores ------------------------------------------------------- */

static void loads_extend_as_their_names_say(void **state)
{
	struct rig *r = *state;
	static const struct {
		uint32_t insn;
		uint64_t expected;
	} rows[] = {
	    {LB(A0, A1, 0), 0xffffffffffffff88u},
	    {LBU(A0, A1, 0), 0x88},
	    {LB(A0, A1, 7), 0x11},
	    {LH(A0, A1, 0), 0xffffffffffff9988u},
	    {LHU(A0, A1, 0), 0x9988},
	    {LW(A0, A1, 0), 0xffffffffbbaa9988u},
	    {LWU(A0, A1, 0), 0xbbaa9988},
	    {LD(A0, A1, 0), 0x11eeddccbbaa9988u},
	    {LD(A0, A1, -8), 0},
	};

	rig_poke(r, RIG_DATA, 8, 0x11eeddccbbaa9988u);
	rig_set_x(r, A1, RIG_DATA);
	for (size_t i = 0; i < COUNT(rows); i++) {
		rig_do(r, rows[i].insn);
		assert_int_equal(rig_x(r, A0), rows[i].expected);
	}
	rig_assert_no_trap(r);
}

static void loads_extend_to_32_bits_on_rv32(void **state)
{
	struct rig *r = *state;

	rig_poke(r, RIG_DATA, 4, 0xbbaa9988u);
	rig_set_x(r, A1, RIG_DATA);
	rig_do(r, LB(A0, A1, 0));
	assert_int_equal(rig_x(r, A0), 0xffffff88u);
	rig_do(r, LHU(A0, A1, 2));
	assert_int_equal(rig_x(r, A0), 0xbbaa);
	rig_do(r, LW(A0, A1, 0));
	assert_int_equal(rig_x(r, A0), 0xbbaa9988u);
}

static void stores_change_their_bytes_only(void **state)
{
	struct rig *r = *state;

	rig_set_x(r, A0, 0x1122334455667788u);
	rig_set_x(r, A1, RIG_DATA);
	rig_poke(r, RIG_DATA, 8, ONES);
	rig_do(r, SB(A0, A1, 1));
	assert_int_equal(rig_peek(r, RIG_DATA, 8), 0xffffffffffff88ffu);
	rig_do(r, SH(A0, A1, 2));
	assert_int_equal(rig_peek(r, RIG_DATA, 8), 0xffffffff778888ffu);
	rig_do(r, SW(A0, A1, 4));
	assert_int_equal(rig_peek(r, RIG_DATA, 8), 0x55667788778888ffu);
	rig_do(r, SD(A0, A1, -8));
	assert_int_equal(rig_peek(r, RIG_DATA - 8, 8), 0x1122334455667788u);
	assert_int_equal(rig_peek(r, RIG_DATA, 8), 0x55667788778888ffu);
}

static void misaligned_accesses_are_done(void **state)
{
	struct rig *r = *state;

	rig_set_x(r, A0, 0x1122334455667788u);
	rig_set_x(r, A1, RIG_DATA);
	rig_do(r, SD(A0, A1, 3));
	assert_int_equal(rig_peek(r, RIG_DATA + 3, 8), 0x1122334455667788u);
	rig_do(r, LW(A2, A1, 5));
	assert_int_equal(rig_x(r, A2), 0x33445566);
	rig_do(r, LHU(A2, A1, 3));
	assert_int_equal(rig_x(r, A2), 0x7788);
	rig_assert_no_trap(r);
}

/* ---- what crosses a page ----------------------------------------------------- */

#define FIRST  0x40000000ull /* two virtual pages side by side ... */
#define SECOND 0x40001000ull
#define FRAME1 0x80020000ull /* ... far apart in memory, in the other order */
#define FRAME2 0x80018000ull

static void page_crossing_goes_to_both_frames(void **state)
{
	struct rig *r = *state;

	for (unsigned first = 1; first < 8; first++) {
		uint64_t value = 0x8877665544332211u * first;

		rig_map(r, FIRST, FRAME1, S_PAGE);
		rig_map(r, SECOND, FRAME2, S_PAGE);
		rig_enter_paged_s(r);
		rig_set_x(r, A0, value);
		rig_set_x(r, A1, SECOND - first);
		rig_do(r, SD(A0, A1, 0));
		for (unsigned i = 0; i < 8; i++) {
			uint64_t pa = i < first ? FRAME1 + 4096 - first + i : FRAME2 + i - first;

			assert_int_equal(rig_peek(r, pa, 1), value >> (8 * i) & 0xff);
		}
		rig_do(r, LD(A2, A1, 0));
		assert_int_equal(rig_x(r, A2), value);
		rig_assert_no_trap(r);
	}
}

static void page_crossing_names_the_half_that_faults(void **state)
{
	struct rig *r = *state;

	rig_map(r, FIRST, FRAME1, S_PAGE);
	rig_map(r, SECOND, FRAME2, 0);
	rig_enter_paged_s(r);
	rig_set_x(r, A1, SECOND - 2);
	rig_do(r, LW(A0, A1, 0));
	rig_assert_trap_m(r, CAUSE_LOAD_PAGE, SECOND, RIG_CODE);

	rig_map(r, FIRST, FRAME1, READ_ONLY);
	rig_map(r, SECOND, FRAME2, S_PAGE);
	rig_paging(r, true);
	rig_go(r, PRIV_S, RIG_CODE);
	rig_do(r, SW(A0, A1, 0));
	rig_assert_trap_m(r, CAUSE_STORE_PAGE, SECOND - 2, RIG_CODE);
}

static void a_store_whose_second_half_faults_writes_nothing(void **state)
{
	struct rig *r = *state;

	rig_map(r, FIRST, FRAME1, S_PAGE);
	rig_map(r, SECOND, FRAME2, READ_ONLY);
	rig_enter_paged_s(r);
	rig_set_x(r, A0, ONES);
	rig_set_x(r, A1, SECOND - 2);
	rig_do(r, SW(A0, A1, 0));
	rig_assert_trap_m(r, CAUSE_STORE_PAGE, SECOND, RIG_CODE);
	assert_int_equal(rig_peek(r, FRAME1 + 4094, 2), 0);

	/* The same when the bus refuses the second half. */
	rig_map(r, SECOND, 0x40000000, S_PAGE);
	rig_paging(r, true);
	rig_go(r, PRIV_S, RIG_CODE);
	rig_do(r, SW(A0, A1, 0));
	rig_assert_trap_m(r, CAUSE_STORE_ACCESS, SECOND, RIG_CODE);
	assert_int_equal(rig_peek(r, FRAME1 + 4094, 2), 0);
}

static void a_load_that_faults_leaves_its_register(void **state)
{
	struct rig *r = *state;

	rig_enter_paged_s(r);
	rig_set_x(r, A0, 1234);
	rig_set_x(r, A1, FIRST);
	rig_do(r, LW(A0, A1, 0));
	rig_assert_trap_m(r, CAUSE_LOAD_PAGE, FIRST, RIG_CODE);
	assert_int_equal(rig_x(r, A0), 1234);
	assert_int_equal(r->h->instret, 0);
}

static void an_instruction_may_cross_a_page(void **state)
{
	struct rig *r = *state;
	uint32_t insn = ADDI(A0, ZERO, 77);

	rig_map(r, FIRST, FRAME1, S_PAGE);
	rig_map(r, SECOND, FRAME2, S_PAGE);
	rig_poke(r, FRAME1 + 4094, 2, insn & 0xffff);
	rig_poke(r, FRAME2, 2, insn >> 16);
	rig_paging(r, true);
	rig_go(r, PRIV_S, SECOND - 2);
	rig_step(r);
	assert_int_equal(rig_x(r, A0), 77);
	assert_int_equal(r->h->pc, SECOND + 2);
	rig_assert_no_trap(r);
}

static void the_second_parcel_faults_at_its_own_address(void **state)
{
	struct rig *r = *state;

	rig_map(r, FIRST, FRAME1, S_PAGE);
	rig_map(r, SECOND, FRAME2, S_PAGE & ~(1 << PTE_X));
	rig_poke(r, FRAME1 + 4094, 2, ADDI(A0, ZERO, 77) & 0xffff);
	rig_paging(r, true);
	rig_go(r, PRIV_S, SECOND - 2);
	rig_step(r);
	rig_assert_trap_m(r, CAUSE_FETCH_PAGE, SECOND, SECOND - 2);
}

static void a_compressed_instruction_at_a_page_end_needs_no_second_page(void **state)
{
	struct rig *r = *state;

	rig_map(r, FIRST, FRAME1, S_PAGE);
	rig_poke(r, FRAME1 + 4094, 2, 0x4529); /* c.li a0,10 */
	rig_paging(r, true);
	rig_go(r, PRIV_S, SECOND - 2);
	rig_step(r);
	assert_int_equal(rig_x(r, A0), 10);
	rig_assert_no_trap(r);
}

/* ---- the bus ------------------------------------------------------------------- */

static void outside_ram_is_an_access_fault(void **state)
{
	struct rig *r = *state;
	static const uint64_t places[] = {0, 0x40000000, RIG_CODE + RIG_RAM_BYTES, ONES << 3};

	for (size_t i = 0; i < COUNT(places); i++) {
		rig_set_x(r, A1, places[i]);
		rig_go(r, PRIV_M, RIG_CODE);
		rig_do(r, LW(A0, A1, 0));
		rig_assert_trap_m(r, CAUSE_LOAD_ACCESS, places[i], RIG_CODE);
		rig_go(r, PRIV_M, RIG_CODE);
		rig_do(r, SW(A0, A1, 0));
		rig_assert_trap_m(r, CAUSE_STORE_ACCESS, places[i], RIG_CODE);
		rig_go(r, PRIV_M, RIG_CODE);
		rig_do(r, AMOADD(AMO_W, A0, A0, A1));
		rig_assert_trap_m(r, CAUSE_STORE_ACCESS, places[i], RIG_CODE);
		rig_go(r, PRIV_M, RIG_CODE);
		rig_do(r, LR(AMO_W, A0, A1));
		rig_assert_trap_m(r, CAUSE_LOAD_ACCESS, places[i], RIG_CODE);
		rig_go(r, PRIV_M, places[i]);
		rig_step(r);
		rig_assert_trap_m(r, CAUSE_FETCH_ACCESS, places[i], places[i]);
	}
}

static void ram_ends_where_it_ends(void **state)
{
	struct rig *r = *state;
	uint64_t end = RIG_CODE + RIG_RAM_BYTES;

	rig_set_x(r, A1, end);
	rig_do(r, LW(A0, A1, -4));
	rig_assert_no_trap(r);
	rig_do(r, LW(A0, A1, -2));
	rig_assert_trap_m(r, CAUSE_LOAD_ACCESS, end, RIG_CODE + 4);
}

static void devices_take_no_code_no_atomics_no_odd_widths(void **state)
{
	struct rig *r = *state;

	rig_set_x(r, A1, UART_BASE);
	rig_do(r, LW(A0, A1, 0));
	rig_assert_trap_m(r, CAUSE_LOAD_ACCESS, UART_BASE, RIG_CODE);
	rig_go(r, PRIV_M, RIG_CODE);
	rig_do(r, AMOSWAP(AMO_W, A0, A0, A1));
	rig_assert_trap_m(r, CAUSE_STORE_ACCESS, UART_BASE, RIG_CODE);
	rig_go(r, PRIV_M, UART_BASE);
	rig_step(r);
	rig_assert_trap_m(r, CAUSE_FETCH_ACCESS, UART_BASE, UART_BASE);
	rig_set_x(r, A1, CLINT_BASE + 0x4002);
	rig_go(r, PRIV_M, RIG_CODE);
	rig_do(r, SW(A0, A1, 0)); /* misaligned */
	rig_assert_trap_m(r, CAUSE_STORE_ACCESS, CLINT_BASE + 0x4002, RIG_CODE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {

	    RIG_TEST64(loads_extend_as_their_names_say),
	    RIG_TEST32(loads_extend_to_32_bits_on_rv32),
	    RIG_TEST64(stores_change_their_bytes_only),
	    RIG_TEST64(misaligned_accesses_are_done),
	    RIG_TEST64(page_crossing_goes_to_both_frames),
	    RIG_TEST64(page_crossing_names_the_half_that_faults),
	    RIG_TEST32(page_crossing_names_the_half_that_faults),
	    RIG_TEST64(a_store_whose_second_half_faults_writes_nothing),
	    RIG_TEST32(a_store_whose_second_half_faults_writes_nothing),
	    RIG_TEST64(a_load_that_faults_leaves_its_register),
	    RIG_TEST64(an_instruction_may_cross_a_page),
	    RIG_TEST32(an_instruction_may_cross_a_page),
	    RIG_TEST64(the_second_parcel_faults_at_its_own_address),
	    RIG_TEST32(the_second_parcel_faults_at_its_own_address),
	    RIG_TEST64(a_compressed_instruction_at_a_page_end_needs_no_second_page),
	    RIG_TEST64(outside_ram_is_an_access_fault),
	    RIG_TEST64(ram_ends_where_it_ends),
	    RIG_TEST64(devices_take_no_code_no_atomics_no_odd_widths),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
