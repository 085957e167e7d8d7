/* The interrupt controller as programs see it (RISC-V PLIC specification 1.0.0). */
#include "plic_fixture.h"

/* ---- registers --------------------------------------------------------------------- */

static void registers_keep_what_exists_of_them(void **state)
{
	static const struct {
		uint32_t offset, written, read;
	} rows[] = {
	    {0, 7, 0}, /* no source 0 */
	    {4 * 1, 0xffffffff, 7},
	    {4 * 95, 5, 5},
	    {4 * 96, 5, 0},
	    {0x1000, 0xffffffff, 0}, /* pending is read-only */
	    {0x2000, 0xffffffff, 0xfffffffe},
	    {0x2008, 0xffffffff, 0xffffffff},
	    {0x200c, 0xffffffff, 0},
	    {0x2080, 0x12345678, 0x12345678},
	    {0x2100, 0xffffffff, 0}, /* no third context */
	    {0x200000, 0xffffffff, 7},
	    {0x201000, 3, 3},
	    {0x202000, 3, 0},
	    {0x5ffffc, 3, 0},
	};
	struct rig *r = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		poke(r, rows[i].offset, rows[i].written);
		if (peek(r, rows[i].offset) != rows[i].read)
			fail_msg("0x%x reads 0x%llx", rows[i].offset,
				 (unsigned long long)peek(r, rows[i].offset));
	}
}

static void accesses_are_of_four_bytes(void **state)
{
	struct rig *r = *state;
	uint64_t value;

	for (unsigned bytes = 1; bytes <= 8; bytes *= 2) {
		assert_int_equal(bus_read(&r->m->bus, PLIC_BASE, bytes, &value), bytes == 4);
		assert_int_equal(bus_write(&r->m->bus, PLIC_BASE, bytes, 0), bytes == 4);
	}
	assert_false(bus_read(&r->m->bus, PLIC_BASE + 2, 4, &value));
	assert_false(bus_read(&r->m->bus, PLIC_BASE + PLIC_BYTES, 4, &value));
}

/* ---- from a line to the hart ----------------------------------------------------------- */

static void a_line_reaches_the_contexts_that_enable_it(void **state)
{
	struct rig *r = *state;

	set_priority(r, 5, 1);
	line(r, 5, true);
	assert_int_equal(pending(r, 5), 1);
	assert_int_equal(external(r), 0);
	enable(r, S, 5);
	assert_int_equal(external(r), BIT(IRQ_SEI));
	enable(r, M, 5);
	assert_int_equal(external(r), BIT(IRQ_SEI) | BIT(IRQ_MEI));
	disable(r, S, 5);
	assert_int_equal(external(r), BIT(IRQ_MEI));
}

static void sources_of_every_word_arrive(void **state)
{
	static const uint8_t sources[] = {1, 31, 32, 64, 95};
	struct rig *r = *state;

	for (size_t i = 0; i < sizeof(sources); i++) {
		set_priority(r, sources[i], 1);
		enable(r, S, sources[i]);
		line(r, sources[i], true);
		assert_int_equal(external(r), BIT(IRQ_SEI));
		assert_int_equal(claim(r, S), sources[i]);
		line(r, sources[i], false);
		complete(r, S, sources[i]);
		assert_int_equal(external(r), 0);
	}
}

static void priority_0_never_interrupts(void **state)
{
	struct rig *r = *state;

	enable(r, S, 5);
	line(r, 5, true);
	assert_int_equal(pending(r, 5), 1);
	assert_int_equal(external(r), 0);
	assert_int_equal(claim(r, S), 0);
}

static void a_threshold_masks_what_does_not_exceed_it(void **state)
{
	struct rig *r = *state;

	set_priority(r, 5, 3);
	enable(r, S, 5);
	line(r, 5, true);
	for (unsigned threshold = 0; threshold <= 7; threshold++) {
		set_threshold(r, S, threshold);
		set_threshold(r, M, 7 - threshold); /* the other context's says nothing */
		assert_int_equal(external(r), threshold < 3 ? BIT(IRQ_SEI) : 0);
	}
	assert_int_equal(claim(r, S), 5); /* which no threshold hinders */
}

static void the_highest_priority_is_claimed_then_the_lowest_number(void **state)
{
	struct rig *r = *state;
	static const struct {
		uint8_t source, priority;
	} rows[] = {{3, 2}, {5, 7}, {40, 7}, {2, 1}};
	static const uint8_t order[] = {5, 40, 3, 2, 0};

	for (size_t i = 0; i < 4; i++) {
		set_priority(r, rows[i].source, rows[i].priority);
		enable(r, S, rows[i].source);
		line(r, rows[i].source, true);
	}
	for (size_t i = 0; i < sizeof(order); i++)
		assert_int_equal(claim(r, S), order[i]);
	assert_int_equal(external(r), 0);
}

/* ---- claim and completion --------------------------------------------------------------- */

static void a_claim_takes_the_request_from_all_contexts(void **state)
{
	struct rig *r = *state;

	set_priority(r, 5, 1);
	enable(r, S, 5);
	enable(r, M, 5);
	line(r, 5, true);
	assert_int_equal(claim(r, M), 5);
	assert_int_equal(pending(r, 5), 0);
	assert_int_equal(external(r), 0);
	assert_int_equal(claim(r, S), 0);
}

static void a_line_that_stays_high_asks_again_after_completion(void **state)
{
	struct rig *r = *state;

	set_priority(r, 5, 1);
	enable(r, S, 5);
	line(r, 5, true);
	assert_int_equal(claim(r, S), 5);
	line(r, 5, false);
	line(r, 5, true); /* not before the completion, whatever the line does */
	assert_int_equal(pending(r, 5), 0);
	complete(r, S, 5);
	assert_int_equal(external(r), BIT(IRQ_SEI));
	assert_int_equal(claim(r, S), 5);
	line(r, 5, false);
	complete(r, S, 5);
	assert_int_equal(external(r), 0);
	assert_int_equal(claim(r, S), 0);
}

static void a_request_outlives_its_line(void **state)
{
	struct rig *r = *state;

	set_priority(r, 5, 1);
	enable(r, S, 5);
	line(r, 5, true);
	line(r, 5, false);
	assert_int_equal(external(r), BIT(IRQ_SEI));
	assert_int_equal(claim(r, S), 5);
}

static void a_completion_needs_the_source_enabled_there(void **state)
{
	struct rig *r = *state;

	set_priority(r, 5, 1);
	enable(r, S, 5);
	line(r, 5, true);
	assert_int_equal(claim(r, S), 5);
	complete(r, M, 5); /* not enabled for M */
	complete(r, S, 0);
	complete(r, S, 96);
	complete(r, S, 0xffffffff);
	assert_int_equal(pending(r, 5), 0);
	complete(r, S, 5);
	assert_int_equal(pending(r, 5), 1);
}

/* ---- mip ----------------------------------------------------------------------------------- */

static void the_hart_takes_it(void **state)
{
	struct rig *r = *state;

	rig_set_csr(r, CSR_MIDELEG, BIT(IRQ_SEI));
	rig_set_csr(r, CSR_MIE, BIT(IRQ_SEI));
	rig_go(r, PRIV_U, RIG_CODE);
	set_priority(r, 5, 1);
	enable(r, S, 5);
	line(r, 5, true);
	assert_int_equal(rig_csr(r, CSR_SIP), BIT(IRQ_SEI));
	rig_step(r);
	rig_assert_trap_s(r, 1ull << (r->h->xlen - 1) | IRQ_SEI, 0, RIG_CODE);
}

static void software_writes_neither_external_interrupt_away(void **state)
{
	struct rig *r = *state;

	set_priority(r, 5, 1);
	enable(r, S, 5);
	enable(r, M, 5);
	line(r, 5, true);
	rig_set_csr(r, CSR_MIP, 0);
	assert_int_equal(external(r), BIT(IRQ_SEI) | BIT(IRQ_MEI));
	line(r, 5, false);
	claim(r, M);
	rig_set_csr(r, CSR_MIP, BIT(IRQ_SEI) | BIT(IRQ_MEI)); /* SEIP has a bit for M to set */
	assert_int_equal(external(r), BIT(IRQ_SEI));
}

/* csrrs and csrrc of other bits do not turn the controller's SEIP into software's. */
static void the_controllers_seip_takes_no_part_in_changes(void **state)
{
	struct rig *r = *state;

	set_priority(r, 5, 1);
	enable(r, S, 5);
	line(r, 5, true);
	rig_set_x(r, A1, BIT(IRQ_SSI));
	rig_do(r, CSRRS(A0, CSR_MIP, A1));
	assert_int_equal(rig_x(r, A0), BIT(IRQ_SEI)); /* yet it is read */
	rig_do(r, CSRRC(A0, CSR_MIP, A1));
	line(r, 5, false);
	claim(r, S);
	assert_int_equal(rig_csr(r, CSR_MIP), 0);
}

static void a_reset_forgets_everything(void **state)
{
	struct rig *r = *state;

	set_priority(r, 5, 1);
	enable(r, S, 5);
	set_threshold(r, S, 1);
	line(r, 5, true);
	rig_set_x(r, A0, 0x7777);
	rig_set_x(r, A1, FINISHER_BASE);
	rig_poke(r, RIG_CODE, 4, SW(A0, A1, 0));
	assert_int_equal(machine_run(r->m, 1), OUTCOME_RUNNING);
	assert_int_equal(peek(r, 4 * 5), 0);
	assert_int_equal(pending(r, 5), 0);
	assert_int_equal(peek(r, 0x2080), 0);
	assert_int_equal(peek(r, 0x201000), 0);
	assert_int_equal(external(r), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    RIG_TEST64(registers_keep_what_exists_of_them),
	    RIG_TEST64(accesses_are_of_four_bytes),
	    RIG_TEST64(a_line_reaches_the_contexts_that_enable_it),
	    RIG_TEST64(sources_of_every_word_arrive),
	    RIG_TEST64(priority_0_never_interrupts),
	    RIG_TEST64(a_threshold_masks_what_does_not_exceed_it),
	    RIG_TEST64(the_highest_priority_is_claimed_then_the_lowest_number),
	    RIG_TEST64(a_claim_takes_the_request_from_all_contexts),
	    RIG_TEST64(a_line_that_stays_high_asks_again_after_completion),
	    RIG_TEST64(a_request_outlives_its_line),
	    RIG_TEST64(a_completion_needs_the_source_enabled_there),
	    RIG_TEST64(the_hart_takes_it),
	    RIG_TEST32(the_hart_takes_it),
	    RIG_TEST64(software_writes_neither_external_interrupt_away),
	    RIG_TEST64(the_controllers_seip_takes_no_part_in_changes),
	    RIG_TEST64(a_reset_forgets_everything),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
