/* Traces of our own forms: what is read, what is refused and how, and that what is
 * written is read again. */
#include "trace_fixture.h"

#include "rng.h"

static const struct trace_record all_kinds[] = {
    ACCESS(ACC_FETCH, 0x80000000, 4, PRIV_S),
    ACCESS(ACC_FETCH, 0x80000004, 2, PRIV_S),
    ACCESS(ACC_LOAD, 0x1000, 8, PRIV_U),
    ACCESS(ACC_STORE, 0xfff, 1, PRIV_U),
    ACCESS(ACC_LOAD, 0xffffffffffffffc0, 64, PRIV_U),
    ACCESS(ACC_LOAD, 0, 3, PRIV_U),
    SPACE(7, 3),
    ACCESS(ACC_LR, 0x2000, 4, PRIV_U),
    ACCESS(ACC_SC, 0x2000, 4, PRIV_U),
    ACCESS(ACC_AMO, 0x2008, 8, PRIV_S),
    SPACE(UINT32_MAX, UINT16_MAX),
    ACCESS(ACC_CBO_ZERO, 0x3000, 1, PRIV_U),
    ACCESS(ACC_CBO_MANAGE, 0x3040, 1, PRIV_U),
    ACCESS(ACC_PREFETCH, 0x3080, 1, PRIV_U),
    ACCESS(ACC_SS_LOAD, 0x4000, 8, PRIV_U),
    ACCESS(ACC_SS_STORE, 0x4008, 8, PRIV_U),
    ACCESS(ACC_SS_AMO, 0x4010, 8, PRIV_U),
    FENCE_OF(.rs1_x0 = true, .rs2_x0 = true),
    FENCE_OF(.va = 0x123456789abcdef0, .rs2_x0 = true),
    FENCE_OF(.asid = 65535, .rs1_x0 = true),
    FENCE_OF(.va = 0x1000, .asid = 3),
};
enum { ALL = sizeof(all_kinds) / sizeof(all_kinds[0]) };

/* ---- written and read -------------------------------------------------------- */

static void check_round_trip(const struct trace_record *records, size_t n)
{
	static const enum trace_format formats[] = {TRACE_TEXT, TRACE_BINARY};
	char err[300];

	for (unsigned f = 0; f < 2; f++) {
		struct bytes b = written(records, n, formats[f]);

		assert_reads(reader_of(b.data, b.size, TRACE_AUTO, err), records, n);
		assert_reads(reader_of(b.data, b.size, formats[f], err), records, n);
		free(b.data);
	}
}

static void every_kind_of_record_is_read_as_it_was_written(void **state)
{
	(void)state;
	check_round_trip(all_kinds, ALL);
}

static void random_accesses_are_read_as_they_were_written(void **state)
{
	enum { RECORDS = 5000 };
	struct trace_record *records = malloc(RECORDS * sizeof(*records));
	struct rng rng = rng_seeded(rng_env_seed());

	(void)state;
	for (unsigned i = 0; i < RECORDS; i++) {
		uint64_t bytes = rng_between(&rng, 1, 64),
			 va = rng_u64(&rng) >> rng_below(&rng, 64);

		va = (va & ~0xfffull) + rng_below(&rng, 4097 - bytes);
		records[i] = ACCESS((uint8_t)rng_below(&rng, 12), va, (uint8_t)bytes,
				    (uint8_t)rng_below(&rng, 2));
	}
	check_round_trip(records, RECORDS);
	free(records);
}

static void a_fetch_that_follows_the_last_takes_one_byte(void **state)
{
	struct trace_record records[100];
	struct bytes one, hundred;

	(void)state;
	for (unsigned i = 0; i < 100; i++)
		records[i] = ACCESS(ACC_FETCH, 0x7f001000 + 4 * i, 4, PRIV_U);
	one = written(records, 1, TRACE_BINARY);
	hundred = written(records, 100, TRACE_BINARY);
	assert_int_equal(hundred.size - one.size, 99);
	free(one.data);
	free(hundred.data);
}

static void a_file_whose_name_ends_with_txt_is_text(void **state)
{
	(void)state;
	assert_int_equal(trace_format_of_file("a.txt"), TRACE_TEXT);
	assert_int_equal(trace_format_of_file("a.atr"), TRACE_BINARY);
	assert_int_equal(trace_format_of_file("txt"), TRACE_BINARY);
	assert_int_equal(trace_format_of_file("-"), TRACE_BINARY);
}

/* ---- text --------------------------------------------------------------------- */

static void text_has_comments_blank_lines_and_both_kinds_of_numbers(void **state)
{
	static const char text[] =
	    "# a comment as long as anyone likes ................................."
	    "....................................................................."
	    ".....................................................................\n"
	    "\n"
	    "fetch 4096 4 u   # behind a record\r\n"
	    "\tload\t0X1fFf  1 s\n"
	    "space 5\n"
	    "store 0xffffffffffffffff 1 u";
	static const struct trace_record expected[] = {
	    ACCESS(ACC_FETCH, 4096, 4, PRIV_U),
	    ACCESS(ACC_LOAD, 0x1fff, 1, PRIV_S),
	    SPACE(5, 5),
	    ACCESS(ACC_STORE, UINT64_MAX, 1, PRIV_U),
	};
	char err[300];

	(void)state;
	assert_reads(reader_of(text, sizeof(text) - 1, TRACE_AUTO, err), expected, 4);
}

static void an_empty_text_has_no_records(void **state)
{
	char err[300];

	(void)state;
	assert_reads(reader_of("", 0, TRACE_AUTO, err), NULL, 0);
}

static void a_bad_line_is_told_with_its_number_and_what_is_wanted(void **state)
{
	static const struct {
		const char *line, *words;
	} rows[] = {
	    {"fetsh 0x1000 4 u", "'fetsh' is no record"},
	    {"FETCH 0x1000 4 u", "'FETCH' is no record"},
	    {"I  04016b80,3", "--format"},
	    {"load 0x1000 4", "want 'load ADDRESS SIZE u|s'"},
	    {"load 0x1000 4 u 5", "want 'load ADDRESS SIZE u|s'"},
	    {"load 0x 4 u", "'0x' is no address"},
	    {"load 1000h 4 u", "'1000h' is no address"},
	    {"load -1 4 u", "'-1' is no address"},
	    {"load 010 4 u", "'010' is no address"},
	    {"load 0x10000000000000000 4 u", "is no address"},
	    {"load 0x1000 0 u", "'0' is no size"},
	    {"load 0x1000 65 u", "'65' is no size"},
	    {"load 0x1000 4 m", "'m' is no privilege"},
	    {"load 0xffd 4 u", "cross a 4 KiB page: make two lines"},
	    {"space", "want 'space NUMBER'"},
	    {"space 1 as 2", "want 'space NUMBER'"},
	    {"space x", "'x' is no number of a space"},
	    {"space 4294967296", "is no number of a space"},
	    {"space 65536", "needs 'asid NUMBER'"},
	    {"space 1 asid 65536", "'65536' is no ASID"},
	    {"fence all", "want 'fence'"},
	    {"fence va", "want 'fence'"},
	    {"fence va 1 va 2", "want 'fence'"},
	    {"fence va q", "'q' is no address"},
	    {"fence asid 70000", "'70000' is no ASID"},
	    {"fence va 1 asid 2 x", "want 'fence'"},
	    {"load\x01 0 1 u", "neither a text nor a binary trace"},
	};
	char text[400], err[300], place[] = "t:3: ";

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int n =
		    snprintf(text, sizeof(text), "load 0 1 u\n\n%s\nload 0 1 u\n", rows[i].line);

		assert_bad(reader_of(text, (size_t)n, TRACE_AUTO, err), err, rows[i].words);
		assert_bad(reader_of(text, (size_t)n, TRACE_AUTO, err), err, place);
	}
	memset(text, ' ', 300);
	assert_bad(reader_of(text, 300, TRACE_TEXT, err), err, "more than 199 characters");
}

/* ---- binary ------------------------------------------------------------------- */

static void a_binary_trace_that_is_cut_anywhere_is_refused(void **state)
{
	struct bytes b = written(all_kinds, ALL, TRACE_BINARY);
	char err[300];

	(void)state;
	for (size_t size = 1; size < b.size; size++)
		assert_bad(reader_of(b.data, size, TRACE_BINARY, err), err, "t: ");
	assert_bad(reader_of(b.data, b.size - 2, TRACE_BINARY, err), err, "it was cut off");
	assert_bad(reader_of(b.data, 0, TRACE_BINARY, err), err, "does not begin as");
	free(b.data);
}

static void a_binary_trace_of_another_kind_is_refused(void **state)
{
	static const struct {
		const char *bytes;
		size_t size;
		const char *words;
	} rows[] = {
	    {"\x89XTLAS\r\n\x01\x0f\x00", 11, "does not begin as a binary trace"},
	    {"\x89"
	     "ATLAS\n\n\x01\x0f\x00",
	     11, "does not begin as a binary trace"},
	    {"\x89"
	     "ATLAS\r\n\x02\x0f\x00",
	     11, "version 2 of the binary form"},
	    {"\x89"
	     "ATLAS\r\n\x01\x1f\x00",
	     11, "none that there is"},
	    {"\x89"
	     "ATLAS\r\n\x01\x0c\x02\x0f\x00",
	     13, "neither U nor S"},
	    {"\x89"
	     "ATLAS\r\n\x01\x70\x00\x00\x0f\x01",
	     14, "of no length"},
	    {"\x89"
	     "ATLAS\r\n\x01\x30\x01\x0f\x01",
	     13, "across a page"},
	    {"\x89"
	     "ATLAS\r\n\x01\x0e\x04\x00\x00\x0f\x01",
	     15, "a fence that is none"},
	    {"\x89"
	     "ATLAS\r\n\x01\x0d\x00\x80\x80\x04\x0f\x01",
	     15, "too large"},
	    {"\x89"
	     "ATLAS\r\n\x01\x30\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02\x0f\x01",
	     22, "damaged"},
	    {"\x89"
	     "ATLAS\r\n\x01\x0f\x01",
	     11, "end mark says 1"},
	    {"\x89"
	     "ATLAS\r\n\x01\x0f\x00\x00",
	     12, "goes on after its end mark"},
	};
	char err[300];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_bad(reader_of(rows[i].bytes, rows[i].size, TRACE_AUTO, err), err,
			   rows[i].words);
}

/* Every byte, changed: refused, or read as something else, but never a crash. */
static void a_damaged_binary_trace_ends(void **state)
{
	struct bytes b = written(all_kinds, ALL, TRACE_BINARY);
	struct trace_record record;
	char err[300];

	(void)state;
	for (size_t at = 0; at < b.size; at++)
		for (unsigned value = 0; value < 256; value++) {
			char old = b.data[at];
			struct trace_reader *r;

			b.data[at] = (char)value;
			r = reader_of(b.data, b.size, TRACE_BINARY, err);
			while (r && trace_read(r, &record) == TRACE_RECORD)
				;
			trace_close(r);
			b.data[at] = old;
		}
	free(b.data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_kind_of_record_is_read_as_it_was_written),
	    cmocka_unit_test(random_accesses_are_read_as_they_were_written),
	    cmocka_unit_test(a_fetch_that_follows_the_last_takes_one_byte),
	    cmocka_unit_test(a_file_whose_name_ends_with_txt_is_text),
	    cmocka_unit_test(text_has_comments_blank_lines_and_both_kinds_of_numbers),
	    cmocka_unit_test(an_empty_text_has_no_records),
	    cmocka_unit_test(a_bad_line_is_told_with_its_number_and_what_is_wanted),
	    cmocka_unit_test(a_binary_trace_that_is_cut_anywhere_is_refused),
	    cmocka_unit_test(a_binary_trace_of_another_kind_is_refused),
	    cmocka_unit_test(a_damaged_binary_trace_ends),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
