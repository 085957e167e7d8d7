/*
 * The user cannot touch the kernel's pages. The kernel touches the user's only
 * when it says so (SUM), and never runs them, whatever it says.
 */
#include "check.h"
#include "space.h"

#define USER   0x40000000ul
#define KERNEL 0x40001000ul

static struct probe by(unsigned priv, unsigned access, xword va)
{
	return (struct probe){.access = access, .priv = priv, .va = va, .value = 5};
}

static struct probe with_sum(struct probe p)
{
	p.sum = true;
	return p;
}

static void test(enum pt_mode mode)
{
	const struct expected kernels = {.reason = REASON_SUPERVISOR_PAGE, .level = 0};
	const struct expected users = {.reason = REASON_USER_PAGE, .level = 0};
	struct space s;

	space_open(&s, mode, PT_ALL_LEVELS, 1);
	xword user = space_page(&s, USER, PT_WRITE | PT_X | PT_U);
	xword kernel = space_page(&s, KERNEL, PT_WRITE | PT_X);

	code_put(user, 1);
	code_put(kernel, 2);
	space_use(&s);

	expect_fault(&s, "user_cannot_read_kernel", by(PRIV_U, ACC_LOAD, KERNEL), kernels);
	expect_fault(&s, "user_cannot_write_kernel", by(PRIV_U, ACC_STORE, KERNEL), kernels);
	expect_fault(&s, "user_cannot_run_kernel", by(PRIV_U, ACC_FETCH, KERNEL), kernels);
	expect_fault(&s, "sum_is_nothing_to_the_user", with_sum(by(PRIV_U, ACC_LOAD, KERNEL)),
		     kernels);
	expect_value(&s, "user_runs_its_own", by(PRIV_U, ACC_FETCH, USER), 1);

	expect_fault(&s, "kernel_cannot_read_user", by(PRIV_S, ACC_LOAD, USER), users);
	expect_fault(&s, "kernel_cannot_write_user", by(PRIV_S, ACC_STORE, USER), users);
	expect_fault(&s, "kernel_cannot_run_user", by(PRIV_S, ACC_FETCH, USER), users);
	expect_value(&s, "kernel_runs_its_own", by(PRIV_S, ACC_FETCH, KERNEL), 2);

	/* The same page, cached from the accesses before, now with SUM. */
	expect_done(&s, "kernel_reads_user_with_sum", with_sum(by(PRIV_S, ACC_LOAD, USER)));
	expect_fault(&s, "kernel_never_runs_user", with_sum(by(PRIV_S, ACC_FETCH, USER)), users);
	expect_done(&s, "kernel_writes_user_with_sum", with_sum(by(PRIV_S, ACC_STORE, USER)));
	check_equal("kernel_wrote", 5, *word_at(user));
	expect_fault(&s, "no_longer_without_sum", by(PRIV_S, ACC_LOAD, USER), users);
	space_close(&s);
}

int main(void)
{
	space_start();
	for_each_mode(test);
	return check_end();
}
