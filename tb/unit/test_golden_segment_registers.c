/* What the registers of segments keep (segments.md, "State"; docs/csr.md). */
#include "segment_fixture.h"

#define ONES 0xffffffffffffffffu

static uint64_t written(unsigned csr, uint64_t value)
{
	write_csr(csr, value);
	return read_csr(csr);
}

static void all_are_zero_at_reset(void **state)
{
	(void)state;
	for (unsigned m = SV32; m < MODES; m++) {
		use_segments(m, SEGMODE_PAGING);
		for (unsigned i = 0; i < 16; i++)
			for (unsigned which = 0; which < 8; which++)
				assert_int_equal(read_csr(segment_register(i, which)), 0);
		assert_int_equal(read_csr(REG_SEGCTL), 0);
	}
}

static void base_is_a_multiple_of_the_page(void **state)
{
	(void)state;
	use_segments(SV39, SEGMODE_PAGING);
	assert_int_equal(written(segment_register(3, SEGREG_BASE), ONES), ONES & ~0xfffull);
	use_segments(SV32, SEGMODE_PAGING);
	assert_int_equal(written(segment_register(3, SEGREG_BASE), ONES), 0xfffff000);
}

static void last_is_any_byte(void **state)
{
	(void)state;
	use_segments(SV39, SEGMODE_PAGING);
	assert_int_equal(written(segment_register(15, SEGREG_LAST), ONES), ONES);
	assert_int_equal(written(segment_register(15, SEGREG_LAST), 1), 1);
	use_segments(SV32, SEGMODE_PAGING);
	assert_int_equal(written(segment_register(15, SEGREG_LAST), ONES), 0xffffffff);
}

static void phys_has_56_bits_on_rv64_whatever_the_width(void **state)
{
	(void)state;
	use_segments(SV39, SEGMODE_PAGING);
	built.pa_bits = 33;
	rebuild();
	assert_int_equal(written(segment_register(0, SEGREG_PHYS), ONES), 0xfffffffffff000);
	assert_int_equal(written(segment_register(0, SEGREG_PHYSH), ONES), 0);
	assert_int_equal(read_csr(segment_register(0, SEGREG_PHYS)), 0xfffffffffff000);
}

static void phys_has_34_bits_in_two_halves_on_rv32(void **state)
{
	(void)state;
	use_segments(SV32, SEGMODE_PAGING);
	built.pa_bits = 32;
	rebuild();
	assert_int_equal(written(segment_register(0, SEGREG_PHYS), ONES), 0xfffff000);
	assert_int_equal(read_csr(segment_register(0, SEGREG_PHYSH)), 0);
	assert_int_equal(written(segment_register(0, SEGREG_PHYSH), ONES), 3);
	assert_int_equal(written(segment_register(0, SEGREG_PHYS), 0x1000), 0x1000);
	assert_int_equal(read_csr(segment_register(0, SEGREG_PHYSH)), 3);
	assert_int_equal(written(segment_register(0, SEGREG_PHYSH), 2), 2);
	assert_int_equal(read_csr(segment_register(0, SEGREG_PHYS)), 0x1000);
}

static void cfg_keeps_its_fields_alone(void **state)
{
	(void)state;
	use_segments(SV39, SEGMODE_PAGING);
	assert_int_equal(written(segment_register(1, SEGREG_CFG), ONES), 0xffff003f);
	use_segments(SV32, SEGMODE_PAGING);
	assert_int_equal(written(segment_register(1, SEGREG_CFG), ONES), 0x01ff003f);
	built.asid_bits = 0;
	rebuild();
	assert_int_equal(written(segment_register(1, SEGREG_CFG), ONES), 0x3f);
}

static void cfg_stores_w_without_r_as_neither(void **state)
{
	(void)state;
	use_segments(SV39, SEGMODE_PAGING);
	for (unsigned cfg = 0; cfg < 64; cfg++) {
		unsigned kept = cfg & R ? cfg : cfg & ~(unsigned)W;
		assert_int_equal(written(segment_register(2, SEGREG_CFG), cfg), kept);
	}
}

static void segctl_keeps_mode_and_the_implemented_asid(void **state)
{
	(void)state;
	use_segments(SV39, SEGMODE_PAGING);
	assert_int_equal(written(REG_SEGCTL, ONES & ~1ull), 0xffff0002);
	built.asid_bits = 3;
	rebuild();
	assert_int_equal(written(REG_SEGCTL, ONES & ~2ull), 0x00070001);
	use_segments(SV32, SEGMODE_PAGING);
	assert_int_equal(written(REG_SEGCTL, ONES & ~1ull), 0x01ff0002);
}

static void segctl_drops_a_write_of_mode_3_whole(void **state)
{
	(void)state;
	use_segments(SV39, SEGMODE_PAGING);
	write_csr(REG_SEGCTL, ASID(5) | SEGMODE_BOTH);
	assert_int_equal(written(REG_SEGCTL, ASID(9) | 3), ASID(5) | SEGMODE_BOTH);
}

static void segments_that_are_not_built_in_stay_zero(void **state)
{
	(void)state;
	use_segments(SV39, SEGMODE_PAGING);
	for (built.segments = 0; built.segments <= 16; built.segments++) {
		rebuild();
		for (unsigned i = 0; i < 16; i++)
			for (unsigned which = 0; which < 8; which++) {
				uint64_t value = written(segment_register(i, which), 0x1001);
				bool there = i < built.segments && which <= SEGREG_CFG;
				assert_int_equal(value != 0, there);
			}
		assert_int_equal(written(REG_SEGCTL, 1), built.segments > 0);
	}
}

static void numbers_between_and_beyond_are_no_registers(void **state)
{
	(void)state;
	static const unsigned others[] = {REG_SEGMENT0 - 1, REG_SEGMENT0 + 128,   REG_SEGCTL - 1,
					  REG_SEGCTL + 1,   REG_SEGMENT0 + 0x800, 0x1fff};

	use_segments(SV39, SEGMODE_PAGING);
	struct golden_regs before = regs;
	for (unsigned i = 0; i < sizeof others / sizeof *others; i++)
		assert_int_equal(written(others[i], ONES), 0);
	assert_memory_equal(&before, &regs, sizeof regs);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(all_are_zero_at_reset),
	    TEST(base_is_a_multiple_of_the_page),
	    TEST(last_is_any_byte),
	    TEST(phys_has_56_bits_on_rv64_whatever_the_width),
	    TEST(phys_has_34_bits_in_two_halves_on_rv32),
	    TEST(cfg_keeps_its_fields_alone),
	    TEST(cfg_stores_w_without_r_as_neither),
	    TEST(segctl_keeps_mode_and_the_implemented_asid),
	    TEST(segctl_drops_a_write_of_mode_3_whole),
	    TEST(segments_that_are_not_built_in_stay_zero),
	    TEST(numbers_between_and_beyond_are_no_registers),
	};
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
