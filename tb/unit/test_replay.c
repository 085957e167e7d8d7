/* What a replay makes of a trace: pages, spaces, modes, fences, and what it refuses. On
 * the golden model, which reads all PTEs of every access. */
#include "replay_fixture.h"

#include "replay/engine.h"

static const struct replay_setup golden39 = {.model = "golden", .config = "sv39"};
static const struct replay_setup golden57 = {.model = "golden", .config = "rva23"};
static const struct replay_setup golden32 = {.model = "golden", .config = "sv32"};

/* ---- mapping ------------------------------------------------------------------- */

static void accesses_go_to_their_ports_and_walk_three_levels(void **state)
{
	struct replay *r = replay_of(&golden39);
	struct replay_result result;

	(void)state;
	for (unsigned i = 0; i < 10; i++)
		add(r, ACCESS(ACC_FETCH, 0x1000 + 4 * i, 4, PRIV_U));
	for (unsigned i = 0; i < 5; i++)
		add(r, ACCESS(ACC_STORE, 0x7000 + 8 * i, 8, PRIV_U));
	result = result_of(r);
	assert_int_equal(result.counts.port[MMU_FETCH].translations, 10);
	assert_int_equal(result.counts.port[MMU_DATA].translations, 5);
	assert_int_equal(result.counts.pte_reads, 3 * 15);
	assert_int_equal(result.accesses, 15);
	assert_int_equal(result.pages, 2);
	assert_int_equal(result.table_bytes, 3 * 4096);
	assert_int_equal(faults(&result), 0);
}

static void every_kind_of_access_is_allowed(void **state)
{
	struct replay *r = replay_of(&golden39);
	struct replay_result result;

	(void)state;
	for (unsigned access = 0; access <= ACC_SS_AMO; access++)
		for (unsigned priv = PRIV_U; priv <= PRIV_S; priv++)
			add(r, ACCESS(access, 0x100000 * priv + 0x1000 * access, 8, priv));
	result = result_of(r);
	assert_int_equal(faults(&result), 0);
	assert_int_equal(result.pages, 2 * (ACC_SS_AMO + 1));
}

/* S may load from a user page, but never fetch. */
static void a_page_of_both_privileges_is_the_users(void **state)
{
	struct replay *r = replay_of(&golden39);
	struct replay_result result;

	(void)state;
	add(r, ACCESS(ACC_LOAD, 0x1000, 8, PRIV_S));
	add(r, ACCESS(ACC_LOAD, 0x1000, 8, PRIV_U));
	add(r, ACCESS(ACC_FETCH, 0x1000, 4, PRIV_S));
	result = result_of(r);
	assert_int_equal(faults(&result), 1);
	assert_int_equal(result.counts.port[MMU_FETCH].faults[REASON_USER_PAGE], 1);
}

static void larger_pages_are_fewer_and_walk_fewer_levels(void **state)
{
	static const struct {
		uint64_t page_bytes, pages, reads;
	} rows[] = {{4096, 64, 3}, {65536, 4, 3}, {2 << 20, 1, 2}, {1 << 30, 1, 1}};

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		struct replay_setup setup = golden39;
		struct replay *r;
		struct replay_result result;

		setup.page_bytes = rows[i].page_bytes;
		r = replay_of(&setup);
		for (uint64_t page = 0; page < 64; page++)
			add_load(r, 0x40000000 + page * 4096);
		result = result_of(r);
		assert_int_equal(result.pages, rows[i].pages);
		assert_int_equal(result.counts.pte_reads, 64 * rows[i].reads);
		assert_int_equal(faults(&result), 0);
	}
}

static void each_space_has_its_own_pages(void **state)
{
	struct replay *r = replay_of(&golden39);
	struct replay_result result;

	(void)state;
	add_load(r, 0x1000);
	add(r, SPACE(9, 9));
	add_load(r, 0x1000);
	add_load(r, 0x2000);
	add(r, SPACE(0, 0));
	add_load(r, 0x1008);
	result = result_of(r);
	assert_int_equal(result.spaces, 2);
	assert_int_equal(result.pages, 3);
	assert_int_equal(result.counts.port[MMU_DATA].translations, 4);
}

/* More pages than the upper half of the RAM has: some share their frames. */
static void pages_beyond_the_memory_share_frames(void **state)
{
	struct replay_setup setup = golden39;
	struct replay *r;
	struct replay_result result;

	(void)state;
	setup.page_bytes = 1 << 30;
	r = replay_of(&setup);
	for (uint64_t i = 0; i < 100; i++)
		add_load(r, i << 30);
	result = result_of(r);
	assert_int_equal(result.pages, 100);
	assert_int_equal(faults(&result), 0);
}

/* ---- modes --------------------------------------------------------------------- */

static void the_mode_is_the_least_that_has_all_addresses(void **state)
{
	static const struct {
		uint64_t va;
		const char *mode;
	} rows[] = {
	    {0x3fffffffff, "sv39"},       {0x4000000000, "sv48"},
	    {0x7fffffffffff, "sv48"},     {0x800000000000, "sv57"},
	    {0xffffffc000000000, "sv39"}, {0xffffffbfffffffff, "sv48"},
	    {0xffff7fffffffffff, "sv57"},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct replay *r = replay_of(&golden57);
		struct replay_result result;

		add_load(r, 0x1000);
		add_load(r, UINT64_MAX - 7);
		add_load(r, rows[i].va & ~7ull);
		result = result_of(r);
		assert_string_equal(result.mode, rows[i].mode);
		assert_int_equal(faults(&result), 0);
	}
}

static void a_mode_that_is_asked_for_is_taken(void **state)
{
	struct replay_setup setup = golden57;
	struct replay *r;
	struct replay_result result;

	(void)state;
	setup.mode = "sv57";
	r = replay_of(&setup);
	add_load(r, 0x1000);
	result = result_of(r);
	assert_string_equal(result.mode, "sv57");
	assert_int_equal(result.counts.pte_reads, 5);

	setup.config = "sv39";
	r = replay_of(&setup);
	add_load(r, 0x1000);
	assert_refused(r, "has no mode 'sv57'");
}

static void wide_addresses_are_refused_or_cut(void **state)
{
	static const struct replay_setup *const setups[] = {&golden39, &golden32};

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		struct replay_setup setup = *setups[i];
		struct replay *r = replay_of(&setup);
		struct replay_result result;

		add_load(r, 0x7fff12345678);
		assert_refused(r, "wider than");
		setup.cut = true;
		r = replay_of(&setup);
		add_load(r, 0x7fff12345678);
		add(r, FENCE_OF(.va = 0x7fff12345678, .rs2_x0 = true));
		result = result_of(r);
		assert_int_equal(faults(&result), 0);
	}
}

/* ---- fences ---------------------------------------------------------------------- */

static uint64_t fences_added(const struct replay_setup *setup, const struct trace_record *records,
			     size_t n, uint64_t *fences)
{
	struct replay *r = replay_of(setup);
	struct replay_result result;

	for (size_t i = 0; i < n; i++)
		add(r, records[i]);
	result = result_of(r);
	*fences = result.counts.fences;
	return result.fences_added;
}

#define LOAD       ACCESS(ACC_LOAD, 0x1000, 8, PRIV_U)
#define ADDED(...) ADDED_ON(&golden39, __VA_ARGS__)
#define ADDED_ON(setup, ...)                                                                       \
	fences_added(setup, (const struct trace_record[]){__VA_ARGS__},                            \
		     sizeof((const struct trace_record[]){__VA_ARGS__}) /                          \
			 sizeof(struct trace_record),                                              \
		     &fences)

static void spaces_that_share_an_asid_are_fenced_apart(void **state)
{
	uint64_t fences;

	(void)state;
	assert_int_equal(ADDED(LOAD, SPACE(1, 1), LOAD, SPACE(0, 0), LOAD), 0);
	assert_int_equal(fences, 0);
	assert_int_equal(ADDED(LOAD, SPACE(1, 0), LOAD, SPACE(1, 0), LOAD, SPACE(0, 0), LOAD), 2);
	assert_int_equal(fences, 2);
}

static void fences_of_the_trace_are_enough(void **state)
{
	uint64_t fences;
	const struct trace_record all = FENCE_OF(.rs1_x0 = true, .rs2_x0 = true);
	const struct trace_record of0 = FENCE_OF(.rs1_x0 = true, .asid = 0);
	const struct trace_record of1 = FENCE_OF(.rs1_x0 = true, .asid = 1);
	const struct trace_record page = FENCE_OF(.va = 0x1000, .rs2_x0 = true);

	(void)state;
	assert_int_equal(ADDED(LOAD, all, SPACE(1, 0), LOAD), 0);
	assert_int_equal(ADDED(LOAD, of0, SPACE(1, 0), LOAD), 0);
	assert_int_equal(fences, 1);
	assert_int_equal(ADDED(LOAD, of1, SPACE(1, 0), LOAD), 1);
	assert_int_equal(ADDED(LOAD, page, SPACE(1, 0), LOAD), 1);
	assert_int_equal(fences, 2);
}

static void asids_are_cut_to_the_bits_that_there_are(void **state)
{
	uint64_t fences;
	static const struct replay_setup none = {.model = "golden", .config = "sv32_min"};

	(void)state;
	assert_int_equal(ADDED_ON(&golden32, SPACE(1, 1), LOAD, SPACE(2, 513), LOAD), 1);
	assert_int_equal(ADDED_ON(&golden32, SPACE(1, 1), LOAD, SPACE(2, 512), LOAD), 0);
	assert_int_equal(ADDED_ON(&none, SPACE(1, 1), LOAD, SPACE(2, 2), LOAD), 1);
}

static void a_space_without_accesses_is_passed_over(void **state)
{
	uint64_t fences;

	(void)state;
	assert_int_equal(ADDED(LOAD, SPACE(1, 0), SPACE(0, 0), LOAD), 0);
}

/* ---- what is refused --------------------------------------------------------------- */

static void what_cannot_be_replayed_is_refused(void **state)
{
	struct replay_setup setup = golden39;
	struct replay *r = replay_of(&setup);
	char err[300];

	(void)state;
	assert_refused(r, "no accesses");

	setup.page_bytes = 4 << 20;
	r = replay_of(&setup);
	add_load(r, 0);
	assert_refused(r, "no pages of 4096 KiB");

	setup.config = "sv39_16";
	setup.model = "nonsense";
	setup.page_bytes = 0;
	r = replay_of(&setup);
	add_load(r, 0);
	assert_refused(r, "unknown model");

	setup = golden39;
	setup.config = "sv57_min";
	r = replay_of(&setup);
	add_load(r, 0);
	assert_refused(r, "no region of its physical memory");

	setup.config = "sv99";
	assert_null(replay_new(&setup, err, sizeof(err)));
	assert_non_null(strstr(err, "unknown configuration 'sv99'"));
}

static bool at_once(void *ctx, double part)
{
	*(unsigned *)ctx += 1;
	assert_true(part > 0 && part <= 1);
	return true;
}

static void a_replay_can_be_interrupted(void **state)
{
	struct replay_setup setup = golden39;
	struct replay *r;
	unsigned asked = 0;

	(void)state;
	setup.interrupted = at_once;
	setup.ctx = &asked;
	r = replay_of(&setup);
	for (unsigned i = 0; i < 100000; i++)
		add_load(r, 0x1000);
	assert_int_equal(replay_run(r), REPLAY_INTERRUPTED);
	assert_int_equal(asked, 1);
	replay_free(r);
}

/* ---- wrong answers ------------------------------------------------------------------ */

/* A memory in which every leaf names the next page's frame. */
static bool read_wrong(void *ctx, uint64_t pa, unsigned bytes, uint64_t *value)
{
	struct mmu_memory memory = tables_memory(ctx);

	if (!memory.read(memory.ctx, pa, bytes, value))
		return false;
	if (*value >> PTE_R & 1)
		*value += 1ull << PTE_PPN;
	return true;
}

static void a_wrong_address_ends_the_replay(void **state)
{
	char err[300];
	struct tables *tables =
	    tables_new(mmu_config_find("sv39"), SATP_SV39, 4096, err, sizeof(err));
	struct mmu_options options = {
	    .model = "golden", .config = "sv39_16", .memory = {tables, read_wrong, NULL}};
	const struct trace_record load = LOAD;
	struct bytes trace = written(&load, 1, TRACE_BINARY);
	uint64_t *owner = malloc(ENGINE_ASIDS * sizeof(*owner));
	struct engine_totals totals;
	struct engine_job job = {
	    .mmu = mmu_open(&options, err, sizeof(err)),
	    .tables = tables,
	    .reader = reader_of(trace.data, trace.size, TRACE_BINARY, err),
	    .window = 1,
	    .records = 1,
	    .va_spare = 25,
	    .runs = 1,
	    .owner = owner,
	};

	(void)state;
	assert_int_equal(tables_map(tables, 0, 0x1000, true), TABLES_OK);
	memset(owner, 0xff, ENGINE_ASIDS * sizeof(*owner));
	assert_non_null(job.mmu);
	assert_int_equal(engine_run(&job, &totals, err, sizeof(err)), REPLAY_WRONG);
	assert_non_null(strstr(err, "answered a load at 0x1000 in space 0 with 0xc0001000, but its "
				    "page is at 0xc0000000"));
	trace_close(job.reader);
	mmu_close(job.mmu);
	tables_free(tables);
	free(owner);
	free(trace.data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(accesses_go_to_their_ports_and_walk_three_levels),
	    cmocka_unit_test(every_kind_of_access_is_allowed),
	    cmocka_unit_test(a_page_of_both_privileges_is_the_users),
	    cmocka_unit_test(larger_pages_are_fewer_and_walk_fewer_levels),
	    cmocka_unit_test(each_space_has_its_own_pages),
	    cmocka_unit_test(pages_beyond_the_memory_share_frames),
	    cmocka_unit_test(the_mode_is_the_least_that_has_all_addresses),
	    cmocka_unit_test(a_mode_that_is_asked_for_is_taken),
	    cmocka_unit_test(wide_addresses_are_refused_or_cut),
	    cmocka_unit_test(spaces_that_share_an_asid_are_fenced_apart),
	    cmocka_unit_test(fences_of_the_trace_are_enough),
	    cmocka_unit_test(asids_are_cut_to_the_bits_that_there_are),
	    cmocka_unit_test(a_space_without_accesses_is_passed_over),
	    cmocka_unit_test(what_cannot_be_replayed_is_refused),
	    cmocka_unit_test(a_replay_can_be_interrupted),
	    cmocka_unit_test(a_wrong_address_ends_the_replay),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
