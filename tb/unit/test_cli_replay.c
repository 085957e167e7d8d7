/* atlas replay on the command line: exit codes, one line for each error, what it prints,
 * and traces from a pipe. */
#include "cli_fixture.h"

#include <jansson.h>

#include "trace_fixture.h"

#define REPLAY(...) RUN("replay", "-m", "golden", __VA_ARGS__)

static char *text_file(const char *text)
{
	return file_of(text, strlen(text));
}

static const char good[] = "fetch 0x1000 4 u\nload 0x2000 8 u\nspace 3\nstore 0x2000 4 s\n";

static void bad_options_give_one_line_and_code_2(void **state)
{
	static const char *const rows[][3] = {
	    {"--config", "sv99", "unknown configuration 'sv99'"},
	    {"--model", "spike", "'spike' is not one of"},
	    {"--mem-latency", "0", "--mem-latency"},
	    {"--page-size", "4", "--page-size: '4' is none of"},
	    {"--page-size", "4X", "'4X'"},
	    {"--page-size", "4KB", "'4KB'"},
	    {"--page-size", "8K", "has no pages of 8 KiB"},
	    {"--mode", "sv64", "--mode: 'sv64'"},
	    {"--window", "0", "--window"},
	    {"--window", "65", "--window"},
	    {"--repeat", "0", "--repeat"},
	    {"--format", "xml", "--format: 'xml'"},
	    {"--limit", "0", "--limit"},
	    {"--frob", "1", "--frob"},
	};
	char *trace = text_file(good);

	(void)state;
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_complaint(RUN("replay", "-m", "golden", rows[i][0], rows[i][1], trace), 2,
				 rows[i][2]);
	assert_complaint(RUN("replay"), 2, "no trace given");
	assert_complaint(REPLAY(trace, trace), 2, "one trace at a time");
	discard(trace);
}

static void bad_traces_give_one_line_and_code_2(void **state)
{
	char *bad = text_file("load 0x1000 8 u\nlaod 0x1000 8 u\n"), *empty = text_file(""), *place;

	(void)state;
	assert_true(asprintf(&place, "%s:2: 'laod' is no record", bad) > 0);
	assert_complaint(REPLAY(bad), 2, place);
	assert_complaint(REPLAY(empty), 2, "no accesses");
	assert_complaint(REPLAY("/nonexistent.atr"), 2, "/nonexistent.atr: cannot open");
	assert_complaint(REPLAY("--format", "binary", bad), 2, "does not begin as");
	free(place);
	discard(bad);
	discard(empty);
}

static void the_report_counts_by_port(void **state)
{
	char *trace = text_file(good);
	struct result r = REPLAY(trace);

	(void)state;
	assert_int_equal(r.code, 0);
	assert_string_equal(r.err, "");
	assert_non_null(strstr(r.out, "translations                        1              2"));
	assert_non_null(strstr(r.out, "address spaces                      2"));
	discard(trace);
}

static void json_says_the_same(void **state)
{
	char *trace = text_file(good);
	struct result r = REPLAY("--json", "-c", "rva23", "--mode", "sv48", trace);
	json_t *json = json_loads(r.out, 0, NULL);
	const char *mode;
	int fetches, loads, pages, reads;

	(void)state;
	assert_int_equal(r.code, 0);
	assert_int_equal(json_unpack(json, "{s:{s:i}, s:{s:i}, s:i, s:i, s:s}", "fetch",
				     "translations", &fetches, "data", "translations", &loads,
				     "pages", &pages, "pte_reads", &reads, "mode", &mode),
			 0);
	assert_int_equal(fetches, 1);
	assert_int_equal(loads, 2);
	assert_int_equal(pages, 3);
	assert_int_equal(reads, 12);
	assert_string_equal(mode, "sv48");
	json_decref(json);
	discard(trace);
}

static void a_limit_takes_only_the_first_records(void **state)
{
	char *trace = text_file("load 0 1 u\nload 0 1 u\nload 0 1 u\nnonsense\n");

	(void)state;
	assert_non_null(
	    strstr(REPLAY("--limit", "2", trace).out, "accesses                            2"));
	discard(trace);
}

static void a_trace_may_come_through_a_pipe(void **state)
{
	static const char *const packers[] = {"cat", "gzip -c"};

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		char *trace = text_file(good), *command;

		assert_true(asprintf(&command,
				     "%s < '%s' | '%s' replay -m golden - | grep -q 'spaces  *2$'",
				     packers[i], trace, atlas) > 0);
		assert_int_equal(system(command), 0);
		free(command);
		discard(trace);
	}
}

static void convert_writes_the_other_form_or_nothing(void **state)
{
	char *text = text_file(good), *binary = text_file(""), *again, *bad;
	char buffer[400];
	FILE *f;

	(void)state;
	assert_true(asprintf(&again, "%s.txt", text) > 0);
	assert_int_equal(RUN("replay", "--convert", binary, text).code, 0);
	assert_int_equal(RUN("replay", "--convert", again, binary).code, 0);
	f = fopen(again, "r");
	assert_non_null(f);
	slurp(f, buffer, sizeof(buffer));
	assert_string_equal(buffer, "fetch 0x1000 4 u\nload 0x2000 8 u\nspace 3 asid 3\n"
				    "store 0x2000 4 s\n");
	unlink(again);
	bad = text_file("load 0 1 u\nnonsense\n");
	assert_complaint(RUN("replay", "--convert", again, bad), 2, "'nonsense' is no record");
	assert_int_not_equal(access(again, F_OK), 0);
	assert_complaint(RUN("replay", "--convert", "/nonexistent/x", text), 2, "cannot write");
	free(again);
	discard(text);
	discard(binary);
	discard(bad);
}

static void a_configuration_that_is_not_built_is_told_with_the_command(void **state)
{
	char *trace = text_file(good), folder[] = "/tmp/atlas-cli.XXXXXX", *copy, *command;

	(void)state;
	assert_non_null(mkdtemp(folder));
	assert_true(asprintf(&copy, "%s/atlas", folder) > 0);
	assert_true(asprintf(&command,
			     "cp '%s' '%s' && '%s' replay -c sv39 '%s' 2>&1 | grep -qF \"run 'make "
			     "rtl CONFIG=sv39'\"",
			     atlas, copy, copy, trace) > 0);
	assert_int_equal(system(command), 0);
	discard(copy);
	assert_int_equal(rmdir(folder), 0);
	free(command);
	discard(trace);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(bad_options_give_one_line_and_code_2),
	    cmocka_unit_test(bad_traces_give_one_line_and_code_2),
	    cmocka_unit_test(the_report_counts_by_port),
	    cmocka_unit_test(json_says_the_same),
	    cmocka_unit_test(a_limit_takes_only_the_first_records),
	    cmocka_unit_test(a_trace_may_come_through_a_pipe),
	    cmocka_unit_test(convert_writes_the_other_form_or_nothing),
	    cmocka_unit_test(a_configuration_that_is_not_built_is_told_with_the_command),
	};

	find_atlas();
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
