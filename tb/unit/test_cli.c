/* The command line as a person or a script meets it: exit codes, one line for each
 * error, what goes to which stream, and the result files. */
#include "cli_fixture.h"

#include <jansson.h>
#include <sys/stat.h>

/* Fails with code 3. */
static const uint32_t failing[] = {
    LUI(T0, 0x100), LUI(T1, 0x33), ADDI(T1, T1, 0x333), SW(T1, T0, 0), JAL(ZERO, 0),
};
/* Prints "A" for ever. */
static const uint32_t writing[] = {
    LUI(T0, 0x10000),
    ADDI(T1, ZERO, 'A'),
    SB(T1, T0, 0),
    JAL(ZERO, -4),
};
static const uint32_t endless[] = {JAL(ZERO, 0)};
static const uint32_t trapping[] = {LW(A0, ZERO, 0)}; /* mtvec is 0, where nothing is */
/* Stores 0x123 to begin_signature + 4 and passes through tohost. */
static const uint32_t signing[] = {
    AUIPC(T0, 1),      ADDI(T1, ZERO, 0x123), SW(T1, T0, 4),
    ADDI(T1, ZERO, 1), SW(T1, T0, 0x40),      JAL(ZERO, 0),
};
static const struct elf_symbol signing_symbols[] = {
    {"begin_signature", 0x80001000u},
    {"end_signature", 0x8000100cu},
    {"tohost", 0x80001040u},
    {NULL, 0},
};

/* ---- bad input --------------------------------------------------------------------- */

static void bad_words_give_one_line_and_code_2(void **state)
{
	(void)state;
	assert_complaint(run((const char *const[]){NULL}), 2, "no command");
	assert_complaint(RUN("walk"), 2, "unknown command 'walk'");
	assert_complaint(RUN("configs", "x"), 2, "takes no arguments");
	assert_complaint(RUN("run"), 2, "no program given");
	assert_complaint(RUN("run", "a", "b"), 2, "one program at a time");
	assert_complaint(RUN("run", "--dusk", "d", "p"), 2, "--dusk");
	assert_complaint(RUN("run", "-Z", "p"), 2, "-Z");
	assert_complaint(RUN("run", "p", "--config"), 2, "value missing for '--config'");
	assert_complaint(RUN("run", "--quiet=1", "p"), 2, "--quiet=1");
	assert_complaint(RUN("run", "--config", "sv99", "p"), 2, "unknown configuration 'sv99'");
	assert_complaint(RUN("run", "--model", "spike", "p"), 2, "'spike' is not one of");
}

static void bad_numbers_give_one_line_and_code_2(void **state)
{
	static const char *const rows[][2] = {
	    {"--max-instructions", "0"},
	    {"--seed", "one"},
	    {"--seed", "99999999999999999999999"},
	    {"--mem-latency", "0"},
	    {"--mem-latency", "5-2"},
	    {"--mem-latency", "3-"},
	    {"--mem-latency", "1-2-3"},
	    {"--mem-latency", "9999"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_complaint(RUN("run", rows[i][0], rows[i][1], "p"), 2, rows[i][0]);
}

static void options_that_do_not_go_together_are_refused(void **state)
{
	(void)state;
	assert_complaint(RUN("run", "--model", "golden", "--wave", "w", "p"), 2, "--wave");
	assert_complaint(RUN("run", "--wave-from", "1", "p"), 2, "need --wave");
	assert_complaint(RUN("run", "--wave", "w", "--wave-from", "9", "--wave-to", "3", "p"), 2,
			 "lies after");
}

static void bad_programs_give_one_line_with_their_path(void **state)
{
	char *good = PROGRAM(passing);

	(void)state;
	assert_complaint(RUN("run", "/nonexistent.elf"), 2, "/nonexistent.elf: cannot open");
	assert_complaint(RUN("run", "-c", "sv32", good), 2, "64-bit program");
	assert_complaint(RUN("run", "-c", "sv32", good), 2, good);
	assert_complaint(RUN("run", "--model", "golden", "--signature", "s", good), 2,
			 "begin_signature");
	discard(good);
}

static void results_that_cannot_be_written_are_refused_before_the_run(void **state)
{
	char *good = PROGRAM(passing);

	(void)state;
	assert_complaint(RUN("run", "-m", "golden", "--json", "/nonexistent/x", good), 2,
			 "/nonexistent/x: cannot write");
	assert_complaint(RUN("run", "-m", "golden", "--json=", good), 2, ": cannot write");
	discard(good);
}

static void a_waveform_does_not_replace_a_pipe(void **state)
{
	char folder[] = "/tmp/atlas-cli.XXXXXX", *good = PROGRAM(passing), *fifo;
	struct stat st;

	(void)state;
	assert_non_null(mkdtemp(folder));
	assert_true(asprintf(&fifo, "%s/fifo", folder) > 0);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	assert_complaint(RUN("run", "--wave", fifo, good), 2, "not a regular file");
	assert_int_equal(stat(fifo, &st), 0);
	assert_true(S_ISFIFO(st.st_mode));
	discard(fifo);
	assert_int_equal(rmdir(folder), 0);
	discard(good);
}

/* A shell runs "atlas run" in an empty folder, `before` and `after` the words; returns
 * its exit code. The folder must be empty again, but for a file `left` if not NULL. */
static int run_in_shell(const char *before, const char *after, const char *program,
			const char *left)
{
	char folder[] = "/tmp/atlas-cli.XXXXXX", *command, *path;
	int status;

	assert_non_null(mkdtemp(folder));
	assert_true(asprintf(&command,
			     "cd %s && %s '%s' run -q -m golden --json report '%s' 2> /dev/null %s",
			     folder, before, atlas, program, after) > 0);
	assert_true(asprintf(&path, "%s/%s", folder, left ? left : "none") > 0);
	status = system(command);
	if (left) {
		FILE *f = fopen(path, "r");

		assert_non_null(f);
		assert_int_equal(fgetc(f), '{'); /* JSON, and nothing that was printed */
		fclose(f);
		unlink(path);
	}
	assert_int_equal(rmdir(folder), 0);
	free(path);
	free(command);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void a_closed_standard_output_fails_and_leaves_the_report_alone(void **state)
{
	char *good = PROGRAM(passing);

	(void)state;
	assert_int_equal(run_in_shell("", ">&-", good, "report"), 1);
	discard(good);
}

static void an_endless_writer_ends_when_its_reader_goes(void **state)
{
	char *path = PROGRAM(writing);

	(void)state;
	assert_int_equal(run_in_shell("timeout 20", "| true", path, "report"), 0);
	discard(path);
}

static void a_run_that_is_terminated_leaves_a_whole_report(void **state)
{
	char *path = PROGRAM(endless);

	(void)state;
	assert_int_equal(run_in_shell("timeout -s TERM 1", "", path, "report"), 124);
	discard(path);
}

/* ---- runs ------------------------------------------------------------------------------ */

static void a_passing_program_gives_0_and_only_its_output(void **state)
{
	char *path = PROGRAM(passing);
	struct result r = RUN("run", "--model", "golden", path);

	(void)state;
	assert_int_equal(r.code, 0);
	assert_string_equal(r.out, "hi\n");
	assert_non_null(strstr(r.err, "passed"));
	assert_non_null(strstr(r.err, "translations"));
	assert_null(strchr(r.err, '\r')); /* no status line: this is no terminal */
	r = RUN("run", "--model", "golden", "--quiet", path);
	assert_int_equal(r.code, 0);
	assert_string_equal(r.out, "hi\n");
	assert_string_equal(r.err, "");
	discard(path);
}

static void rv32_programs_run_too(void **state)
{
	struct elf_recipe recipe = elf_recipe(32, passing, sizeof(passing));
	char *path = elf_build(&recipe, SIZE_MAX);
	struct result r = RUN("run", "--model", "golden", "-q", "-c", "sv32", path);

	(void)state;
	assert_int_equal(r.code, 0);
	assert_string_equal(r.out, "hi\n");
	discard(path);
}

static void a_failing_program_gives_1_and_its_code(void **state)
{
	char *path = PROGRAM(failing);

	(void)state;
	assert_complaint(RUN("run", "-m", "golden", "-q", path), 1, "failed with code 3");
	discard(path);
}

static void an_endless_program_is_stopped_with_3(void **state)
{
	char *path = PROGRAM(endless);

	(void)state;
	assert_complaint(RUN("run", "-m", "golden", "-q", "--max-instructions", "1000", path), 3,
			 "stopped by --max-instructions after 1000 instructions, at pc 0x80000000");
	discard(path);
}

static void an_unhandled_fault_gives_1_and_names_pc_address_cause(void **state)
{
	char *path = PROGRAM(trapping);

	(void)state;
	assert_complaint(RUN("run", "-m", "golden", "-q", path), 1,
			 "load access fault (cause 5) at pc 0x80000000, address 0x0");
	discard(path);
}

static void help_and_configs_go_to_standard_output(void **state)
{
	struct result r = RUN("--help");

	(void)state;
	assert_int_equal(r.code, 0);
	assert_non_null(strstr(r.out, "Usage: atlas"));
	assert_string_equal(r.err, "");
	r = RUN("run", "--help");
	assert_int_equal(r.code, 0);
	assert_non_null(strstr(r.out, "--max-instructions"));
	assert_string_equal(r.err, "");
	r = RUN("configs");
	assert_int_equal(r.code, 0);
	assert_non_null(strstr(r.out, "\nsv39 "));
	assert_non_null(strstr(r.out, "Svadu, Svnapot, Svpbmt\n"));
	assert_non_null(strstr(r.out, "pointer masking, Zicfiss\n"));
}

/* ---- result files ------------------------------------------------------------------------ */

static void the_signature_is_words_in_hexadecimal(void **state)
{
	char *path = program64(signing, sizeof(signing), signing_symbols);
	char *file = PROGRAM(endless); /* any file: it is replaced */
	char text[100];
	struct result r = RUN("run", "-m", "golden", "-q", "--signature", file, path);

	(void)state;
	assert_int_equal(r.code, 0);
	slurp(fopen(file, "r"), text, sizeof(text));
	assert_string_equal(text, "00000000\n00000123\n00000000\n");
	discard(file);
	discard(path);
}

static void a_run_that_does_not_end_leaves_the_old_signature(void **state)
{
	char *path = program64(endless, sizeof(endless), signing_symbols);
	char *file = PROGRAM(endless);
	struct stat before, after;
	struct result r;

	(void)state;
	assert_int_equal(stat(file, &before), 0);
	r = RUN("run", "-m", "golden", "-q", "--max-instructions", "5", "--signature", file, path);
	assert_int_equal(r.code, 3);
	assert_int_equal(stat(file, &after), 0);
	assert_int_equal(before.st_ino, after.st_ino);
	assert_int_equal(before.st_size, after.st_size);
	discard(file);
	discard(path);
}

static json_int_t member(const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);

	if (!json_is_integer(value))
		fail_msg("no number '%s' in the report", name);
	return json_integer_value(value);
}

static void the_json_report_counts_what_the_program_did(void **state)
{
	char *path = PROGRAM(endless);
	struct result r = RUN("run", "-m", "golden", "-q", "--json", "-", "--max-instructions",
			      "10", "--seed", "5", path);
	json_error_t error;
	json_t *report = json_loads(r.out, 0, &error);

	(void)state;
	assert_int_equal(r.code, 3);
	if (!report)
		fail_msg("%s: %s", error.text, r.out);
	assert_string_equal(json_string_value(json_object_get(report, "program")), path);
	assert_string_equal(json_string_value(json_object_get(report, "outcome")), "limit");
	assert_int_equal(member(report, "exit_code"), 3);
	assert_int_equal(member(report, "instructions"), 10);
	assert_int_equal(member(report, "seed"), 5);
	assert_int_equal(member(json_object_get(report, "fetch"), "translations"), 10);
	assert_int_equal(member(json_object_get(report, "fetch"), "faults"), 0);
	assert_int_equal(member(json_object_get(report, "data"), "translations"), 0);
	assert_int_equal(member(report, "pte_swaps"), 0);
	assert_int_equal(member(report, "pte_swaps_failed"), 0);
	json_decref(report);
	discard(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(bad_words_give_one_line_and_code_2),
	    cmocka_unit_test(bad_numbers_give_one_line_and_code_2),
	    cmocka_unit_test(options_that_do_not_go_together_are_refused),
	    cmocka_unit_test(bad_programs_give_one_line_with_their_path),
	    cmocka_unit_test(results_that_cannot_be_written_are_refused_before_the_run),
	    cmocka_unit_test(a_waveform_does_not_replace_a_pipe),
	    cmocka_unit_test(a_closed_standard_output_fails_and_leaves_the_report_alone),
	    cmocka_unit_test(an_endless_writer_ends_when_its_reader_goes),
	    cmocka_unit_test(a_run_that_is_terminated_leaves_a_whole_report),
	    cmocka_unit_test(a_passing_program_gives_0_and_only_its_output),
	    cmocka_unit_test(rv32_programs_run_too),
	    cmocka_unit_test(a_failing_program_gives_1_and_its_code),
	    cmocka_unit_test(an_endless_program_is_stopped_with_3),
	    cmocka_unit_test(an_unhandled_fault_gives_1_and_names_pc_address_cause),
	    cmocka_unit_test(help_and_configs_go_to_standard_output),
	    cmocka_unit_test(the_signature_is_words_in_hexadecimal),
	    cmocka_unit_test(a_run_that_does_not_end_leaves_the_old_signature),
	    cmocka_unit_test(the_json_report_counts_what_the_program_did),
	};

	find_atlas();
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
