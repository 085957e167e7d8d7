/* What drivers that break the rules of the queue come to: the device wants a reset, and
 * after it works as before (virtio 1.1, section 2.1.1). */
#include "rng.h"
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

/* ---- drivers that do anything --------------------------------------------------------------- */

/* An address that is often right, sometimes at an edge, sometimes anything. */
static uint64_t any_address(struct rng *rng)
{
	static const uint64_t places[] = {
	    DESC, AVAIL, USED, HEADER, BUFFER, RAM_BASE, RAM_BASE + RIG_RAM_BYTES - 64, UART_BASE};

	if (rng_chance(rng, 5))
		return rng_u64(rng);
	return places[rng_below(rng, 8)] + (rng_chance(rng, 30) ? rng_below(rng, 64) : 0);
}

static void any_descriptor(struct rig *r, struct rng *rng, unsigned i)
{
	uint32_t bytes =
	    rng_chance(rng, 90) ? (uint32_t)rng_below(rng, 2000) : (uint32_t)rng_u64(rng);

	describe(r, i, any_address(rng), bytes, rng_chance(rng, 95) ? rng_below(rng, 4) : 0xffff,
		 rng_chance(rng, 95) ? rng_below(rng, QUEUE) : 0xffff);
}

/* A request that is right but for one descriptor, or for none. */
static void any_request(struct rig *r, struct rng *rng)
{
	static const uint32_t types[] = {IN, OUT, FLUSH, GET_ID, UNKNOWN};

	header(r, types[rng_below(rng, 5)], rng_below(rng, 2 * SECTORS));
	describe(r, 0, HEADER, 16, NEXT, 1);
	describe(r, 1, BUFFER, (uint32_t)rng_below(rng, 4) * SECTOR_BYTES,
		 NEXT | (rng_chance(rng, 50) ? WRITE : 0), 2);
	describe(r, 2, STATUS_, 1, WRITE, 0);
	if (rng_chance(rng, 50))
		any_descriptor(r, rng, (unsigned)rng_below(rng, 3));
	submit(r, rng_chance(rng, 95) ? 0 : (unsigned)rng_below(rng, 2 * QUEUE));
}

static void begin_anew(struct rig *r)
{
	start(r);
	submitted = 0;
	rig_poke(r, AVAIL, 4, 0);
}

static void any_action(struct rig *r, struct rng *rng)
{
	if (reg(r, 0x070) & NEEDS_RESET && rng_chance(rng, 80))
		begin_anew(r);
	else if (rng_chance(rng, 10))
		set_reg(r, 4 * rng_below(rng, 64),
			rng_chance(rng, 50) ? rng_below(rng, 16) : rng_u64(rng));
	else if (rng_chance(rng, 5))
		set_address(r, 0x080 + 0x10 * rng_below(rng, 3), any_address(rng));
	else
		any_request(r, rng);
}

/* Under the sanitizers that also means: it touches no memory but RAM. */
static void whatever_a_driver_does_the_device_can_be_reset(void **state)
{
	struct rig *r = *state;
	uint64_t seed = rng_env_seed();
	struct rng rng = rng_seeded(seed);
	unsigned served = 0;

	for (unsigned round = 0; round < 100; round++) {
		begin_anew(r);
		for (unsigned i = 0; i < 100; i++) {
			uint64_t before = used(r);

			any_action(r, &rng);
			served += used(r) != before;
		}
		begin_anew(r);
		if (request(r, IN, 0, SECTOR_BYTES) != OK)
			fail_msg("round %u, SEED=%llu", round, (unsigned long long)seed);
	}

	assert_true(served > 100); /* else it was all refused, and the test shows little */
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
	    DISK_TEST(whatever_a_driver_does_the_device_can_be_reset),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
