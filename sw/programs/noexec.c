/*
 * Data is not run, and code need not be readable: X is a permission of its own.
 * MXR lets loads, and only loads, read what can be run.
 */
#include "check.h"
#include "space.h"

#define DATA      0x40000000ul
#define CODE      0x40001000ul /* read and execute */
#define CODE_ONLY 0x40002000ul /* execute only */

static struct probe by(unsigned priv, unsigned access, xword va)
{
	return (struct probe){.access = access, .priv = priv, .va = va, .value = 5};
}

static struct probe with_mxr(struct probe p)
{
	p.mxr = true;
	return p;
}

static void test_as(enum pt_mode mode, unsigned priv, const char *const name[])
{
	const struct expected not_run = {.reason = REASON_NOT_EXECUTABLE, .level = 0};
	const struct expected not_read = {.reason = REASON_NOT_READABLE, .level = 0};
	const struct expected not_written = {.reason = REASON_NOT_WRITABLE, .level = 0};
	unsigned user = priv == PRIV_U ? PT_U : 0;
	struct space s;

	space_open(&s, mode, PT_ALL_LEVELS, 1);
	xword data = space_page(&s, DATA, PT_WRITE | user);
	xword code = space_page(&s, CODE, PT_EXEC | user);
	xword code_only = space_page(&s, CODE_ONLY, PT_X | PT_A | user);

	code_put(data, 1);
	code_put(code, 2);
	code_put(code_only, 3);
	space_use(&s);

	/* A load first: what it leaves in a cache must not let the fetch through. */
	expect_done(&s, name[0], by(priv, ACC_LOAD, DATA));
	expect_fault(&s, name[1], by(priv, ACC_FETCH, DATA), not_run);
	expect_fault(&s, name[2], with_mxr(by(priv, ACC_FETCH, DATA)), not_run);
	expect_value(&s, name[3], by(priv, ACC_FETCH, CODE), 2);
	expect_value(&s, name[4], by(priv, ACC_FETCH, CODE_ONLY), 3);
	expect_fault(&s, name[5], by(priv, ACC_LOAD, CODE_ONLY), not_read);
	expect_value(&s, name[6], with_mxr(by(priv, ACC_LOAD, CODE_ONLY)), *word_at(code_only));
	expect_fault(&s, name[7], by(priv, ACC_LOAD, CODE_ONLY), not_read);
	expect_fault(&s, name[8], with_mxr(by(priv, ACC_STORE, CODE_ONLY)), not_written);
	expect_fault(&s, name[9], by(priv, ACC_STORE, CODE), not_written);
	space_close(&s);
}

static void test(enum pt_mode mode)
{
	static const char *const user[] = {
	    "user_reads_data",
	    "user_cannot_run_data",
	    "user_cannot_run_data_with_mxr",
	    "user_runs_code",
	    "user_runs_execute_only",
	    "user_cannot_read_execute_only",
	    "user_reads_execute_only_with_mxr",
	    "user_cannot_read_it_after_mxr",
	    "user_cannot_write_it_with_mxr",
	    "user_cannot_write_code",
	};
	static const char *const kernel[] = {
	    "kernel_reads_data",
	    "kernel_cannot_run_data",
	    "kernel_cannot_run_data_with_mxr",
	    "kernel_runs_code",
	    "kernel_runs_execute_only",
	    "kernel_cannot_read_execute_only",
	    "kernel_reads_execute_only_with_mxr",
	    "kernel_cannot_read_it_after_mxr",
	    "kernel_cannot_write_it_with_mxr",
	    "kernel_cannot_write_code",
	};

	test_as(mode, PRIV_U, user);
	test_as(mode, PRIV_S, kernel);
}

int main(void)
{
	space_start();
	for_each_mode(test);
	return check_end();
}
