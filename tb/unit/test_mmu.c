/*
 * The interface sim/mmu.h itself, over the golden model: opening, offers and
 * their order within a step, whole operations, counts.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mmu_model.h"
#include "sparse.h"

static struct sparse *memory;

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

static struct mmu_options options_for(const char *model, const char *config)
{
	return (struct mmu_options){
	    .model = model, .config = config, .memory = sparse_memory(memory)};
}

static struct mmu *open_golden(const char *config)
{
	char err[256] = "";
	struct mmu_options options = options_for("golden", config);
	struct mmu *m = mmu_open(&options, err, sizeof err);
	if (!m)
		fail_msg("%s", err);
	return m;
}

/* ---- opening ------------------------------------------------------------- */

/* One line that holds all of the parts. */
static void check_refused(const struct mmu_options *options, const char *a, const char *b)
{
	char err[256] = "";
	assert_null(mmu_open(options, err, sizeof err));
	assert_non_null(strstr(err, a));
	assert_non_null(strstr(err, b));
	assert_null(strchr(err, '\n'));
}

static void unknown_model_is_refused_by_name(void **state)
{
	(void)state;
	struct mmu_options options = options_for("glass", "sv39");
	check_refused(&options, "unknown model \"glass\"", "rtl, rtl-axi4, rtl-wb, golden");
	options.lockstep = true;
	check_refused(&options, "unknown model \"glass\"", "rtl, rtl-axi4, rtl-wb, golden");
	options.model = NULL;
	check_refused(&options, "unknown model \"\"", "rtl, rtl-axi4, rtl-wb, golden");
}

static void unknown_configuration_is_refused_by_name(void **state)
{
	(void)state;
	struct mmu_options options = options_for("golden", "sv40");
	check_refused(&options, "unknown configuration \"sv40\"", "sv32, sv39");
	options.lockstep = true;
	check_refused(&options, "unknown configuration \"sv40\"", "sv57_max");
	options.config = NULL;
	check_refused(&options, "unknown configuration \"\"", "sv39");
}

static void message_is_cut_to_its_room(void **state)
{
	(void)state;
	struct mmu_options options = options_for("golden", "sv40");
	for (size_t room = 1; room < 64; room++) {
		char err[65];
		memset(err, '#', sizeof err);
		assert_null(mmu_open(&options, err, room));
		assert_non_null(memchr(err, '\0', room));
		assert_int_equal(err[room], '#');
	}
}

static void impossible_memory_timing_is_refused(void **state)
{
	(void)state;
	struct mmu_options options = options_for("golden", "sv39");
	options.timing = (struct mmu_timing){.latency_min = 9, .latency_max = 3};
	check_refused(&options, "latency 9 to 3", "must not");
	options.timing = (struct mmu_timing){.stall_percent = 100};
	check_refused(&options, "100 percent", "0 to 99");
}

static void every_configuration_opens(void **state)
{
	(void)state;
	size_t n = 0;
	for (const struct mmu_config *c; (c = mmu_config_at(n)); n++) {
		assert_ptr_equal(mmu_config_find(c->name), c);
		for (unsigned lockstep = 0; lockstep < 2; lockstep++) {
			char err[256];
			struct mmu_options options = options_for("golden", c->name);
			options.lockstep = lockstep;
			struct mmu *m = mmu_open(&options, err, sizeof err);
			assert_non_null(m);
			assert_ptr_equal(mmu_config(m), c);
			assert_int_equal(mmu_csr_read(m, CSR_SATP), 0);
			mmu_close(m);
		}
	}
	assert_true(n >= 3);
	assert_null(mmu_config_find("sv"));
	mmu_close(NULL);
}

static void configuration_table_is_that_of_the_hardware(void **state)
{
	(void)state;
	const struct mmu_config *c = mmu_config_find("sv57_odd");
	assert_non_null(c);
	assert_string_equal(c->name, "sv57_odd");
	assert_int_equal(c->xlen, 64);
	assert_int_equal(c->levels, 5);
	assert_int_equal(c->asid_bits, 1);
	assert_int_equal(c->pa_bits, 33);
	assert_int_equal(c->fetch_entries, 3);
	assert_int_equal(c->data_entries, 2);
	assert_int_equal(c->pmp_entries, 3);
	assert_int_equal(c->pmp_grain, 1);
	assert_true(c->svadu && c->pointer_masking && c->zicfiss);
	assert_false(c->svnapot || c->svpbmt || c->svrsw60t59b || c->smepmp);
	assert_int_equal(c->pma_regions, 8);
	assert_int_equal(c->pma[0].base, 0x80000000);
	assert_int_equal(c->pma[0].size, 0x1000);
	assert_int_equal(c->pma[0].attributes, 0xff & ~(1 << PMA_PT_WRITE));
	assert_int_equal(c->pma[6].attributes, 1 << PMA_R | 1 << PMA_W | 1 << PMA_ATOMIC);
}

/* ---- steps --------------------------------------------------------------- */

/* A configuration without PMP, whose memory is RAM from 0x80000000 on and devices below. */
#define CONFIG "sv39_8"

static const struct mmu_request load = {
    .va = 0x1234, .tag = 7, .access = ACC_LOAD, .bytes = 4, .priv = PRIV_S};

/* One root leaf: VA 0x0 to 0x3fffffff at 0x80000000. */
#define ROOT 0x80000000ull
#define SATP (8ull << 60 | ROOT >> 12)

static void map_a_gigabyte(void)
{
	sparse_write(memory, ROOT, 8, 0x80000000ull >> 12 << 10 | 0xcf);
}

static void both_ports_answer_in_one_step(void **state)
{
	(void)state;
	struct mmu *m = open_golden(CONFIG);
	struct mmu_request fetch = load;
	fetch.access = ACC_FETCH;
	fetch.va = 0x80005678;
	fetch.tag = 9;
	assert_null(mmu_answer(m, MMU_DATA));
	mmu_offer(m, MMU_DATA, &load);
	mmu_offer(m, MMU_FETCH, &fetch);
	assert_true(mmu_offered(m, MMU_DATA) && mmu_offered(m, MMU_FETCH));
	mmu_step(m);
	assert_false(mmu_offered(m, MMU_DATA) || mmu_offered(m, MMU_FETCH));
	assert_int_equal(mmu_answer(m, MMU_DATA)->pa, 0x1234);
	assert_int_equal(mmu_answer(m, MMU_DATA)->tag, 7);
	assert_int_equal(mmu_answer(m, MMU_FETCH)->pa, 0x80005678);
	assert_int_equal(mmu_answer(m, MMU_FETCH)->tag, 9);
	mmu_step(m);
	assert_null(mmu_answer(m, MMU_DATA));
	assert_null(mmu_answer(m, MMU_FETCH));
	mmu_close(m);
}

static void request_in_the_step_of_a_register_write_sees_the_old_value(void **state)
{
	(void)state;
	map_a_gigabyte();
	struct mmu *m = open_golden(CONFIG);
	mmu_offer(m, MMU_DATA, &load);
	mmu_csr_write(m, CSR_SATP, SATP);
	assert_int_equal(mmu_answer(m, MMU_DATA)->pa, 0x1234);
	assert_int_equal(mmu_csr_read(m, CSR_SATP), SATP);

	struct mmu_answer a;
	assert_true(mmu_translate(m, MMU_DATA, &load, &a));
	assert_int_equal(a.pa, 0x80001234);
	assert_int_equal(a.level, 2);
	mmu_close(m);
}

static void unsupported_mode_leaves_satp(void **state)
{
	(void)state;
	struct mmu *m = open_golden(CONFIG);
	mmu_csr_write(m, CSR_SATP, SATP);
	mmu_csr_write(m, CSR_SATP, 9ull << 60 | 1); /* Sv48 is not built in */
	assert_int_equal(mmu_csr_read(m, CSR_SATP), SATP);
	mmu_close(m);
}

/* A model that takes nothing and answers nothing. */
static void stuck_step(struct mmu *m)
{
	m->counts.cycles++;
}

static void stuck_model_ends_in_false(void **state)
{
	(void)state;
	static const struct mmu_ops ops = {.step = stuck_step};
	struct mmu m = {.ops = &ops, .config = mmu_config_find(CONFIG)};
	struct mmu_answer a = {.pa = 42};
	assert_false(mmu_translate(&m, MMU_DATA, &load, &a));
	assert_int_equal(a.pa, 42);
	assert_false(mmu_fence(&m, &(struct mmu_fence){.rs1_x0 = true, .rs2_x0 = true}));
	assert_int_equal(m.counts.cycles, 2 * MMU_PATIENCE);
}

static void model_without_waveform_says_so(void **state)
{
	(void)state;
	struct mmu *m = open_golden(CONFIG);
	assert_false(mmu_wave_open(m, "never.fst"));
	mmu_wave_on(m, true);
	mmu_close(m);
}

static void waveform_that_was_not_asked_for_is_refused(void **state)
{
	(void)state;
	char err[256] = "";
	struct mmu_options options = options_for("rtl", CONFIG);
	struct mmu *m = mmu_open(&options, err, sizeof err);
	if (!m)
		fail_msg("%s", err);
	mmu_wave_on(m, true);
	assert_false(mmu_wave_open(m, "never.fst"));
	mmu_wave_on(m, false);
	mmu_close(m);
}

static void change_of_the_first_and_last_bytes_of_memory_ends(void **state)
{
	(void)state;
	char err[256] = "";
	struct mmu_options options = options_for("golden", CONFIG);
	options.lockstep = true;
	struct mmu *m = mmu_open(&options, err, sizeof err);
	assert_non_null(m);
	mmu_before_write(m, 0, 0);
	mmu_before_write(m, UINT64_MAX - 3, 4);
	mmu_close(m);
}

/* ---- counts -------------------------------------------------------------- */

static void counts_tell_what_happened(void **state)
{
	(void)state;
	for (unsigned lockstep = 0; lockstep < 2; lockstep++) {
		char err[256];
		struct mmu_options options = options_for("golden", CONFIG);
		struct mmu_request user = load;
		struct mmu_answer a;
		struct mmu_counts c;
		options.lockstep = lockstep;
		user.priv = PRIV_U;
		map_a_gigabyte();
		struct mmu *m = mmu_open(&options, err, sizeof err);

		mmu_translate(m, MMU_DATA, &load, &a); /* Bare */
		mmu_csr_write(m, CSR_SATP, SATP);
		mmu_translate(m, MMU_DATA, &load, &a);
		mmu_translate(m, MMU_DATA, &user, &a);
		mmu_fence(m, &(struct mmu_fence){.rs1_x0 = true, .rs2_x0 = true});
		mmu_counts(m, &c);
		assert_int_equal(c.cycles, 5);
		assert_int_equal(c.port[MMU_DATA].translations, 3);
		assert_int_equal(c.port[MMU_DATA].untranslated, 1);
		assert_int_equal(c.port[MMU_DATA].hits, 0);
		assert_int_equal(c.port[MMU_DATA].misses, 2);
		assert_int_equal(c.port[MMU_DATA].walk_cycles, 0);
		assert_int_equal(c.port[MMU_DATA].faults[REASON_SUPERVISOR_PAGE], 1);
		assert_int_equal(c.port[MMU_FETCH].translations, 0);
		assert_int_equal(c.pte_reads, 2);
		assert_int_equal(c.fences, 1);
		assert_int_equal(c.mismatches, 0);
		assert_int_equal(c.stale, 0);
		mmu_close(m);
	}
}

/* ---- for people ---------------------------------------------------------- */

static void reasons_have_the_names_of_the_hardware(void **state)
{
	(void)state;
	assert_string_equal(mmu_reason_name(REASON_PTE_INVALID), "pte_invalid");
	assert_string_equal(mmu_reason_name(REASON_ADDRESS_TOO_WIDE), "address_too_wide");
	assert_string_equal(mmu_reason_name(0x3f), "?");
	assert_string_equal(mmu_reason_name(1000), "?");
}

static void requests_and_answers_print_as_one_line(void **state)
{
	(void)state;
	char text[512] = "";
	FILE *out = fmemopen(text, sizeof text, "w");
	struct mmu_answer fault = {.tval = 0x1234,
				   .tag = 7,
				   .fault = true,
				   .cause = CAUSE_LOAD_ACCESS,
				   .reason = REASON_BUS_ERROR,
				   .level = 1,
				   .pte = true};
	mmu_print_request(out, &load);
	fputs("; ", out);
	mmu_print_answer(out, &fault);
	fputs("; ", out);
	mmu_print_answer(out, &(struct mmu_answer){.pa = 0x56, .level = LEVEL_NONE, .tag = 8});
	fclose(out);
	assert_string_equal(text,
			    "load of 4 bytes at 0x1234, privilege S, SUM 0, MXR 0, tag 0x7; "
			    "fault bus_error, cause 5, tval 0x1234, on a PTE, level 1, tag 0x7; "
			    "ok, pa 0x56, cached, no level, tag 0x8");
}

/* ---- the tests' own memory ----------------------------------------------- */

static void test_memory_keeps_poisons_and_forgets(void **state)
{
	(void)state;
	uint64_t value = 1;
	sparse_write(memory, 0xfffffffffffffff8, 8, 0x1122334455667788);
	assert_true(sparse_read(memory, 0xfffffffffffffffc, 4, &value));
	assert_int_equal(value, 0x11223344);
	assert_true(sparse_read(memory, 0x7000, 8, &value));
	assert_int_equal(value, 0);

	sparse_poison(memory, 0xfffffffffffffffc, true);
	assert_false(sparse_read(memory, 0xfffffffffffffff8, 8, &value));
	assert_true(sparse_read(memory, 0xfffffffffffffff8, 4, &value));
	assert_int_equal(sparse_peek(memory, 0xfffffffffffffff8, 8), 0x1122334455667788);
	sparse_poison(memory, 0xfffffffffffffffc, false);
	assert_true(sparse_read(memory, 0xfffffffffffffff8, 8, &value));
	sparse_clear(memory);
	assert_int_equal(sparse_peek(memory, 0xfffffffffffffff8, 8), 0);

	struct sparse *strict = sparse_new(SPARSE_BUS_ERROR);
	assert_false(sparse_read(strict, 0x8000, 4, &value));
	sparse_write(strict, 0x8ff8, 8, 5);
	assert_true(sparse_read(strict, 0x8000, 4, &value));
	sparse_free(strict);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(unknown_model_is_refused_by_name),
	    TEST(unknown_configuration_is_refused_by_name),
	    TEST(message_is_cut_to_its_room),
	    TEST(impossible_memory_timing_is_refused),
	    TEST(every_configuration_opens),
	    TEST(configuration_table_is_that_of_the_hardware),
	    TEST(both_ports_answer_in_one_step),
	    TEST(request_in_the_step_of_a_register_write_sees_the_old_value),
	    TEST(unsupported_mode_leaves_satp),
	    TEST(stuck_model_ends_in_false),
	    TEST(model_without_waveform_says_so),
	    TEST(waveform_that_was_not_asked_for_is_refused),
	    TEST(change_of_the_first_and_last_bytes_of_memory_ends),
	    TEST(counts_tell_what_happened),
	    TEST(reasons_have_the_names_of_the_hardware),
	    TEST(requests_and_answers_print_as_one_line),
	    TEST(test_memory_keeps_poisons_and_forgets),
	};
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
