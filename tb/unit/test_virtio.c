/* The virtio disk as a driver sees it (virtio 1.1, sections 2.6, 4.2.2, 5.2): registers
 * and requests. */
#include "virtio_fixture.h"

/* ---- registers -------------------------------------------------------------------------- */

static void the_device_says_what_it_is(void **state)
{
	struct rig *r = *state;

	assert_int_equal(reg(r, 0x000), 0x74726976);
	assert_int_equal(reg(r, 0x004), 2);
	assert_int_equal(reg(r, 0x008), 2);
	assert_int_equal(reg(r, 0x00c), 0x554d4551);
	assert_int_equal(reg(r, 0x034), 1024);
	set_reg(r, 0x030, 1); /* there is no second queue */
	assert_int_equal(reg(r, 0x034), 0);
	set_reg(r, 0x014, 0);
	assert_int_equal(reg(r, 0x010), BIT(9) | BIT(2));
	set_reg(r, 0x014, 1);
	assert_int_equal(reg(r, 0x010), 1);
	set_reg(r, 0x014, 2);
	assert_int_equal(reg(r, 0x010), 0);
}

static void an_empty_slot_has_no_device(void **state)
{
	struct rig *r = *state;

	for (unsigned slot = 1; slot < 8; slot++) {
		assert_int_equal(reg(r, 0x1000 * slot + 0x000), 0x74726976);
		assert_int_equal(reg(r, 0x1000 * slot + 0x004), 2);
		assert_int_equal(reg(r, 0x1000 * slot + 0x008), 0);
		assert_int_equal(reg(r, 0x1000 * slot + 0x034), 0);
		assert_int_equal(reg(r, 0x1000 * slot + 0x100), 0);
		set_reg(r, 0x1000 * slot + 0x070, 1);
		assert_int_equal(reg(r, 0x1000 * slot + 0x070), 0);
	}
	r->m->bus.virtio.disk = NULL;
	assert_int_equal(reg(r, 0x000), 0x74726976);
	assert_int_equal(reg(r, 0x008), 0);
	assert_int_equal(reg(r, 0x100), 0);
	set_reg(r, 0x070, 1);
	assert_int_equal(reg(r, 0x070), 0);
}

static void capacity_is_in_the_configuration_space(void **state)
{
	struct rig *r = *state;

	assert_int_equal(reg(r, 0x100), SECTORS);
	assert_int_equal(reg(r, 0x104), 0);
	assert_int_equal(reg(r, 0x10c), 1022); /* seg_max */
	assert_int_equal(reg(r, 0x110), 0);
	assert_int_equal(rig_peek(r, VIRTIO_BASE + 0x100, 1), SECTORS);
	assert_int_equal(rig_peek(r, VIRTIO_BASE + 0x100, 2), SECTORS);
	set_reg(r, 0x100, 1); /* and is not to be changed */
	assert_int_equal(reg(r, 0x100), SECTORS);
}

static void registers_take_four_bytes(void **state)
{
	struct rig *r = *state;
	uint64_t value;

	for (unsigned bytes = 1; bytes <= 8; bytes *= 2) {
		assert_int_equal(bus_read(&r->m->bus, VIRTIO_BASE, bytes, &value), bytes == 4);
		assert_int_equal(bus_write(&r->m->bus, VIRTIO_BASE + 0x70, bytes, 0), bytes == 4);
	}
	assert_false(bus_read(&r->m->bus, VIRTIO_BASE + 0x100, 8, &value));
	assert_false(bus_read(&r->m->bus, VIRTIO_BASE + VIRTIO_BYTES, 4, &value));
}

static void features_that_were_not_offered_are_refused(void **state)
{
	struct rig *r = *state;

	negotiate(r, BIT(32));
	assert_int_equal(reg(r, 0x070), 0xb);
	negotiate(r, BIT(32) | BIT(28));
	assert_int_equal(reg(r, 0x070), 3);
	negotiate(r, BIT(9)); /* a legacy driver: its queue would look otherwise */
	assert_int_equal(reg(r, 0x070), 3);
}

static void nothing_happens_before_the_driver_is_ready(void **state)
{
	struct rig *r = *state;

	start(r);
	set_reg(r, 0x070, 0xb);
	assert_int_equal(request(r, IN, 0, SECTOR_BYTES), UNTOUCHED);
	set_reg(r, 0x070, 0xf);
	set_reg(r, 0x050, 1); /* another queue */
	assert_int_equal(used(r), 0);
	set_reg(r, 0x050, 0);
	assert_int_equal(used(r), 1);
}

static void a_reset_of_the_device_forgets_the_queue(void **state)
{
	struct rig *r = *state;

	start(r);
	assert_int_equal(request(r, IN, 0, SECTOR_BYTES), OK);
	assert_int_equal(reg(r, 0x044), 1);
	set_reg(r, 0x070, 0);
	assert_int_equal(reg(r, 0x070), 0);
	assert_int_equal(reg(r, 0x044), 0);
	assert_int_equal(reg(r, 0x060), 0);
	assert_int_equal(reg(r, 0x008), 2);
}

/* ---- requests ------------------------------------------------------------------------------ */

static void what_is_written_reaches_the_file(void **state)
{
	struct rig *r = *state;
	uint8_t sector[SECTOR_BYTES];

	start(r);
	fill_buffer(r, 3, SECTOR_BYTES);
	assert_int_equal(request(r, OUT, 5, SECTOR_BYTES), OK);
	read_file(5 * SECTOR_BYTES, sector, sizeof(sector));
	assert_true(holds(sector, 3, SECTOR_BYTES));
	read_file(4 * SECTOR_BYTES, sector, sizeof(sector));
	assert_int_equal(sector[SECTOR_BYTES - 1], 0);
	read_file(6 * SECTOR_BYTES, sector, sizeof(sector));
	assert_int_equal(sector[0], 0);
}

static void what_is_read_is_what_was_written(void **state)
{
	struct rig *r = *state;

	start(r);
	fill_buffer(r, 9, 3 * SECTOR_BYTES);
	assert_int_equal(request(r, OUT, 1, 3 * SECTOR_BYTES), OK);
	fill_buffer(r, 0, 4 * SECTOR_BYTES);
	assert_int_equal(request(r, IN, 1, 3 * SECTOR_BYTES), OK);
	assert_true(holds(buffer(r), 9, 3 * SECTOR_BYTES));
	/* Nothing behind the buffer. */
	assert_int_equal(buffer(r)[3 * SECTOR_BYTES], pattern(0, 3 * SECTOR_BYTES));
	assert_int_equal(rig_peek(r, USED + 4 + 8 * 1, 4), 0);                        /* head */
	assert_int_equal(rig_peek(r, USED + 4 + 8 * 1 + 4, 4), 3 * SECTOR_BYTES + 1); /* bytes */
}

/* Two chains in turn: each element of both rings tells one from the other. */
static void the_ring_goes_round(void **state)
{
	struct rig *r = *state;

	start(r);
	for (unsigned i = 0; i < 3 * QUEUE; i++) {
		const unsigned head = i % 3 ? 0 : 4,
			       bytes = i % 3 ? 2 * SECTOR_BYTES : SECTOR_BYTES;
		const uint64_t element = USED + 4 + 8 * (i % QUEUE);

		header(r, IN, 0);
		describe(r, 0, HEADER, 16, NEXT, 1);
		describe(r, 1, BUFFER, 2 * SECTOR_BYTES, NEXT | WRITE, 2);
		describe(r, 2, STATUS_, 1, WRITE, 0);
		describe(r, 4, HEADER, 16, NEXT, 5);
		describe(r, 5, BUFFER, SECTOR_BYTES, NEXT | WRITE, 2);
		submit(r, head);
		assert_int_equal(used(r), i + 1);
		assert_int_equal(rig_peek(r, element, 4), head);
		assert_int_equal(rig_peek(r, element + 4, 4), bytes + 1);
		assert_int_equal(rig_peek(r, STATUS_, 1), OK);
	}
}

static void several_requests_are_served_at_once(void **state)
{
	struct rig *r = *state;

	start(r);
	header(r, IN, 0);
	for (unsigned i = 0; i < 2; i++) {
		describe(r, 3 * i, HEADER, 16, NEXT, 3 * i + 1);
		describe(r, 3 * i + 1, BUFFER + 0x1000 * i, SECTOR_BYTES, NEXT | WRITE, 3 * i + 2);
		describe(r, 3 * i + 2, STATUS_ + i, 1, WRITE, 0);
		rig_poke(r, AVAIL + 4 + 2 * i, 2, 3 * i);
	}
	submitted = 1;
	rig_poke(r, STATUS_ + 1, 1, UNTOUCHED);
	rig_poke(r, AVAIL + 2, 2, 2);
	set_reg(r, 0x050, 0);
	assert_int_equal(used(r), 2);
	assert_int_equal(rig_peek(r, USED + 4, 4), 0);
	assert_int_equal(rig_peek(r, USED + 12, 4), 3);
	assert_int_equal(rig_peek(r, STATUS_, 2), OK);
}

/* Header, data and status may be cut anywhere (section 2.6.4). */
static void buffers_may_be_cut_anywhere(void **state)
{
	struct rig *r = *state;

	start(r);
	fill_buffer(r, 9, SECTOR_BYTES);
	header(r, OUT, 2);
	describe(r, 0, HEADER, 5, NEXT, 4);
	describe(r, 4, HEADER + 5, 11, NEXT, 1);
	describe(r, 1, BUFFER, 101, NEXT, 3);
	describe(r, 3, BUFFER + 101, 0, NEXT, 7);
	describe(r, 7, BUFFER + 101, SECTOR_BYTES - 101, NEXT, 2);
	describe(r, 2, STATUS_, 1, WRITE, 0);
	submit(r, 0);
	assert_int_equal(rig_peek(r, STATUS_, 1), OK);

	/* A sector that begins inside one buffer and ends in the next. */
	fill_buffer(r, 9, 2 * SECTOR_BYTES);
	header(r, OUT, 2);
	describe(r, 0, HEADER, 16, NEXT, 1);
	describe(r, 1, BUFFER, 700, NEXT, 3);
	describe(r, 3, BUFFER + 700, 2 * SECTOR_BYTES - 700, NEXT, 2);
	describe(r, 2, STATUS_, 1, WRITE, 0);
	submit(r, 0);
	assert_int_equal(rig_peek(r, STATUS_, 1), OK);
	fill_buffer(r, 0, 2 * SECTOR_BYTES);
	assert_int_equal(request(r, IN, 2, 2 * SECTOR_BYTES), OK);
	assert_true(holds(buffer(r), 9, 2 * SECTOR_BYTES));

	/* The status at the end of the buffer that takes the data. */
	header(r, IN, 2);
	fill_buffer(r, 0, SECTOR_BYTES + 4);
	describe(r, 0, HEADER, 16, NEXT, 1);
	describe(r, 1, BUFFER, 3, NEXT | WRITE, 2);
	describe(r, 2, BUFFER + 3, SECTOR_BYTES - 3 + 1, WRITE, 0);
	submit(r, 0);
	assert_true(holds(buffer(r), 9, SECTOR_BYTES));
	assert_int_equal(buffer(r)[SECTOR_BYTES], OK);
	assert_int_equal(buffer(r)[SECTOR_BYTES + 1], pattern(0, SECTOR_BYTES + 1));
}

static void what_lies_past_the_end_is_an_error(void **state)
{
	struct rig *r = *state;

	start(r);
	assert_int_equal(request(r, IN, SECTORS - 1, SECTOR_BYTES), OK);
	assert_int_equal(request(r, IN, SECTORS - 1, 2 * SECTOR_BYTES), IOERR);
	assert_int_equal(request(r, IN, SECTORS, SECTOR_BYTES), IOERR);
	assert_int_equal(request(r, OUT, SECTORS, SECTOR_BYTES), IOERR);
	assert_int_equal(request(r, IN, UINT64_MAX, SECTOR_BYTES), IOERR);
	assert_int_equal(request(r, IN, 1ull << 55, SECTOR_BYTES), IOERR); /* times 512: 0 */
	assert_int_equal(reg(r, 0x070), 0xf);
}

static void parts_of_sectors_are_an_error(void **state)
{
	struct rig *r = *state;

	start(r);
	assert_int_equal(request(r, IN, 0, 100), IOERR);
	assert_int_equal(request(r, OUT, 0, SECTOR_BYTES + 1), IOERR);
}

static void flush_and_unknown_requests_answer(void **state)
{
	struct rig *r = *state;

	start(r);
	header(r, FLUSH, 0);
	describe(r, 0, HEADER, 16, NEXT, 1);
	describe(r, 1, STATUS_, 1, WRITE, 0);
	submit(r, 0);
	assert_int_equal(rig_peek(r, STATUS_, 1), OK);
	assert_int_equal(request(r, UNKNOWN, 0, SECTOR_BYTES), UNSUPP);
}

static void the_disk_has_a_name(void **state)
{
	struct rig *r = *state;

	start(r);
	fill_buffer(r, 1, 21);
	assert_int_equal(request(r, GET_ID, 0, 21), OK); /* 20 bytes of which */
	assert_string_equal((const char *)buffer(r), "atlas");
	assert_int_equal(buffer(r)[19], 0);
	assert_int_equal(buffer(r)[20], pattern(1, 20));
	fill_buffer(r, 1, 21);
	assert_int_equal(request(r, GET_ID, 0, 3), OK); /* as much of it as fits */
	assert_memory_equal(buffer(r), "atl", 3);
	assert_int_equal(buffer(r)[3], pattern(1, 3));
}

static void a_used_buffer_interrupts(void **state)
{
	struct rig *r = *state;

	rig_poke(r, PLIC_BASE + 4, 4, 1);
	rig_poke(r, PLIC_BASE + 0x2080, 4, 2);
	start(r);
	assert_int_equal(request(r, IN, 0, SECTOR_BYTES), OK);
	assert_int_equal(reg(r, 0x060), 1);
	assert_int_equal(rig_csr(r, CSR_MIP), BIT(IRQ_SEI));
	assert_int_equal(rig_peek(r, PLIC_BASE + 0x201004, 4), PLIC_VIRTIO);
	set_reg(r, 0x064, 1);
	assert_int_equal(reg(r, 0x060), 0);
	rig_poke(r, PLIC_BASE + 0x201004, 4, PLIC_VIRTIO);
	assert_int_equal(rig_csr(r, CSR_MIP), 0);

	rig_poke(r, AVAIL, 2, 1); /* VIRTQ_AVAIL_F_NO_INTERRUPT */
	assert_int_equal(request(r, IN, 0, SECTOR_BYTES), OK);
	assert_int_equal(reg(r, 0x060), 0);
}

static void a_devices_write_ends_a_reservation(void **state)
{
	struct rig *r = *state;

	start(r);
	rig_set_x(r, A1, RIG_DATA + 0x8000);
	rig_do(r, LR(3, A0, A1));
	assert_int_equal(request(r, IN, 0, SECTOR_BYTES), OK);
	rig_do(r, SC(3, A2, A0, A1));
	assert_int_equal(rig_x(r, A2), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    DISK_TEST(the_device_says_what_it_is),
	    DISK_TEST(an_empty_slot_has_no_device),
	    DISK_TEST(capacity_is_in_the_configuration_space),
	    DISK_TEST(registers_take_four_bytes),
	    DISK_TEST(features_that_were_not_offered_are_refused),
	    DISK_TEST(nothing_happens_before_the_driver_is_ready),
	    DISK_TEST(a_reset_of_the_device_forgets_the_queue),
	    DISK_TEST(what_is_written_reaches_the_file),
	    DISK_TEST(what_is_read_is_what_was_written),
	    DISK_TEST(the_ring_goes_round),
	    DISK_TEST(several_requests_are_served_at_once),
	    DISK_TEST(buffers_may_be_cut_anywhere),
	    DISK_TEST(what_lies_past_the_end_is_an_error),
	    DISK_TEST(parts_of_sectors_are_an_error),
	    DISK_TEST(flush_and_unknown_requests_answer),
	    DISK_TEST(the_disk_has_a_name),
	    DISK_TEST(a_used_buffer_interrupts),
	    DISK_TEST(a_devices_write_ends_a_reservation),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
