/* What drivers that break the rules of the queue come to: the device wants a reset, and
 * after it works as before (virtio 1.1, section 2.1.1). */
#include "virtio_fixture.h"

static void assert_broken(struct rig *r)
{
	uint64_t before = used(r);

	assert_int_equal(reg(r, 0x070) & NEEDS_RESET, NEEDS_RESET);
	assert_int_equal(reg(r, 0x060) & 2, 2);
	submit(r, 0); /* until it is reset it does nothing more */
	assert_int_equal(used(r), before);
	start(r);
	assert_int_equal(reg(r, 0x070), 0xf);
	assert_int_equal(reg(r, 0x060), 0);
	submitted = 0;
	rig_poke(r, AVAIL + 2, 2, 0);
	assert_int_equal(request(r, IN, 0, SECTOR_BYTES), OK);
}

/* ---- drivers that break the rules -------------------------------------------------------------
 */

static void a_buffer_outside_ram_breaks_the_queue(void **state)
{
	static const struct {
		uint64_t pa;
		uint32_t bytes;
	} rows[] = {{0, 512},
		    {UART_BASE, 512},
		    {RAM_BASE - 1, 512},
		    {RAM_BASE + RIG_RAM_BYTES - 511, 512},
		    {UINT64_MAX, 512},
		    {BUFFER, UINT32_MAX}};
	struct rig *r = *state;

	start(r);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		header(r, IN, 0);
		describe(r, 0, HEADER, 16, NEXT, 1);
		describe(r, 1, rows[i].pa, rows[i].bytes, NEXT | WRITE, 2);
		describe(r, 2, STATUS_, 1, WRITE, 0);
		submit(r, 0);
		assert_int_equal(rig_peek(r, STATUS_, 1), UNTOUCHED);
		assert_broken(r);
	}
}

static void a_loop_of_descriptors_breaks_the_queue(void **state)
{
	struct rig *r = *state;

	start(r);
	describe(r, 0, HEADER, 16, NEXT, 1);
	describe(r, 1, HEADER, 16, NEXT, 0);
	submit(r, 0);
	assert_broken(r);
	describe(r, 5, STATUS_, 1, NEXT | WRITE, 5); /* its own successor */
	submit(r, 5);
	assert_broken(r);
}

static void descriptors_that_do_not_exist_break_the_queue(void **state)
{
	struct rig *r = *state;

	start(r);
	for (unsigned i = 0; i < 2; i++) { /* a chain right behind the table */
		header(r, FLUSH, 0);
		describe(r, QUEUE, HEADER, 16, NEXT, QUEUE + 1);
		describe(r, QUEUE + 1, STATUS_, 1, WRITE, 0);
		describe(r, 0, HEADER, 16, NEXT, QUEUE + 1);
		submit(r, i ? QUEUE : 0);
		assert_broken(r);
	}
	describe(r, 0, HEADER, 16, NEXT, 0xffff);
	submit(r, 0);
	assert_broken(r);
}

/* They were not offered. */
static void indirect_descriptors_break_the_queue(void **state)
{
	struct rig *r = *state;

	start(r);
	header(r, IN, 0);
	describe(r, 0, HEADER, 16, NEXT, 1);
	describe(r, 1, BUFFER, SECTOR_BYTES, NEXT | WRITE | INDIRECT, 2);
	describe(r, 2, STATUS_, 1, WRITE, 0);
	submit(r, 0);
	assert_broken(r);
}

static void a_readable_buffer_after_a_writable_one_breaks_the_queue(void **state)
{
	struct rig *r = *state;

	start(r);
	header(r, IN, 0);
	describe(r, 0, HEADER, 16, NEXT, 1);
	describe(r, 1, STATUS_, 1, NEXT | WRITE, 2);
	describe(r, 2, BUFFER, 512, 0, 0);
	submit(r, 0);
	assert_broken(r);
}

static void a_request_without_header_or_status_breaks_the_queue(void **state)
{
	struct rig *r = *state;

	start(r);
	describe(r, 0, HEADER, 15, NEXT, 1);
	describe(r, 1, STATUS_, 1, WRITE, 0);
	submit(r, 0);
	assert_broken(r);
	describe(r, 0, HEADER, 16, 0, 0);
	submit(r, 0);
	assert_broken(r);
}

static void rings_in_bad_places_break_the_queue(void **state)
{
	static const struct {
		uint64_t offset, address;
	} rows[] = {{0x080, 0},
		    {0x080, DESC + 8},
		    {0x090, AVAIL + 1},
		    {0x090, RAM_BASE + RIG_RAM_BYTES - 4},
		    {0x0a0, USED + 2},
		    {0x0a0, UART_BASE},
		    {0x0a0, UINT64_MAX - 3}};
	struct rig *r = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		start(r);
		set_address(r, rows[i].offset, rows[i].address);
		set_reg(r, 0x050, 0);
		assert_broken(r);
	}
}

static void more_than_fits_the_ring_breaks_the_queue(void **state)
{
	struct rig *r = *state;

	start(r);
	assert_int_equal(request(r, IN, 0, SECTOR_BYTES), OK); /* all elements name this one */
	rig_poke(r, AVAIL + 2, 2, 1 + QUEUE + 1);
	set_reg(r, 0x050, 0);
	assert_broken(r);
}

static void a_queue_of_no_valid_size_is_not_used(void **state)
{
	static const uint32_t sizes[] = {3, 2048, 0x80000000u};
	struct rig *r = *state;

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		start(r);
		set_reg(r, 0x070, 0);
		negotiate(r, BIT(32));
		set_reg(r, 0x038, sizes[i]);
		set_address(r, 0x080, DESC);
		set_address(r, 0x090, AVAIL);
		set_address(r, 0x0a0, USED);
		set_reg(r, 0x044, 1);
		set_reg(r, 0x070, 0xf);
		set_reg(r, 0x050, 0);
		assert_broken(r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    DISK_TEST(a_buffer_outside_ram_breaks_the_queue),
	    DISK_TEST(a_loop_of_descriptors_breaks_the_queue),
	    DISK_TEST(descriptors_that_do_not_exist_break_the_queue),
	    DISK_TEST(indirect_descriptors_break_the_queue),
	    DISK_TEST(a_readable_buffer_after_a_writable_one_breaks_the_queue),
	    DISK_TEST(a_request_without_header_or_status_breaks_the_queue),
	    DISK_TEST(rings_in_bad_places_break_the_queue),
	    DISK_TEST(more_than_fits_the_ring_breaks_the_queue),
	    DISK_TEST(a_queue_of_no_valid_size_is_not_used),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
