/* atlas run --trace: the file is a whole trace, or is not there. */
#include "cli_fixture.h"

#include "trace/trace.h"

static const uint32_t endless[] = {JAL(ZERO, 0)};

/* A name in /tmp that nobody has. */
static char *new_name(const char *suffix)
{
	char *path;
	int fd;

	assert_true(asprintf(&path, "/tmp/atlas-cli.XXXXXX%s", suffix) > 0);
	fd = mkstemps(path, (int)strlen(suffix));
	assert_true(fd >= 0);
	close(fd);
	unlink(path);
	return path;
}

static void a_run_leaves_a_trace_that_can_be_read(void **state)
{
	static const char *const suffixes[] = {".atr", ".txt"};
	char *good = PROGRAM(passing), err[300];

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		char *path = new_name(suffixes[i]);
		struct trace_reader *r;
		struct trace_record record;

		assert_int_equal(RUN("run", "-q", "-m", "golden", "--trace", path, good).code, 0);
		r = trace_open(path, i ? TRACE_TEXT : TRACE_BINARY, err, sizeof(err));
		assert_non_null(r);
		assert_int_equal(trace_read(r, &record), TRACE_END); /* it runs in M-mode */
		trace_close(r);
		discard(path);
	}
	discard(good);
}

static void a_run_that_is_stopped_leaves_its_trace(void **state)
{
	char *program = PROGRAM(endless), *path = new_name(".atr");

	(void)state;
	assert_int_equal(
	    RUN("run", "-q", "-m", "golden", "--max-instructions", "9", "--trace", path, program)
		.code,
	    3);
	assert_int_equal(access(path, R_OK), 0);
	discard(path);
	discard(program);
}

static void a_trace_that_cannot_be_written_fails_the_run(void **state)
{
	char *good = PROGRAM(passing);

	(void)state;
	assert_complaint(RUN("run", "-m", "golden", "--trace", "/nonexistent/x", good), 2,
			 "/nonexistent/x: cannot write");
	assert_int_equal(RUN("run", "-q", "-m", "golden", "--trace", "/dev/full", good).code, 1);
	assert_non_null(strstr(RUN("run", "-q", "-m", "golden", "--trace", "/dev/full", good).err,
			       "/dev/full: cannot write"));
	discard(good);
}

static void a_run_that_does_not_begin_leaves_no_trace(void **state)
{
	char *path = new_name(".atr");

	(void)state;
	assert_complaint(RUN("run", "--trace", path, "/nonexistent.elf"), 2, "/nonexistent.elf");
	assert_int_not_equal(access(path, F_OK), 0);
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_run_leaves_a_trace_that_can_be_read),
	    cmocka_unit_test(a_run_that_is_stopped_leaves_its_trace),
	    cmocka_unit_test(a_trace_that_cannot_be_written_fails_the_run),
	    cmocka_unit_test(a_run_that_does_not_begin_leaves_no_trace),
	};

	find_atlas();
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
