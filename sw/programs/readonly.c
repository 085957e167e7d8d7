/* A page can be protected from writing, for the user and the kernel alike. */
#include "check.h"
#include "space.h"

#define PAGE 0x40000000ul

static void test(enum pt_mode mode)
{
	struct space s;

	space_open(&s, mode, PT_ALL_LEVELS, 1);
	xword user = space_page(&s, PAGE, PT_READ | PT_U);
	xword kernel = space_page(&s, PAGE + 4096, PT_READ);

	*word_at(user) = 11;
	*word_at(kernel) = 22;
	space_use(&s);

	struct probe load = {.access = ACC_LOAD, .priv = PRIV_U, .va = PAGE};
	struct probe store = {.access = ACC_STORE, .priv = PRIV_U, .va = PAGE, .value = 99};
	const struct expected refused = {REASON_NOT_WRITABLE, .level = 0};

	expect_value(&s, "user_reads", load, 11);
	expect_fault(&s, "user_cannot_write", store, refused);
	store.priv = PRIV_S;
	store.sum = true;
	expect_fault(&s, "kernel_cannot_write_user_page", store, refused);

	load.priv = PRIV_S;
	load.va = store.va = PAGE + 4096;
	expect_value(&s, "kernel_reads", load, 22);
	expect_fault(&s, "kernel_cannot_write", store, refused);
	check("nothing_was_written", *word_at(user) == 11 && *word_at(kernel) == 22);

	/* Copy on write: the fault is the moment to give the writer a page of its own. */
	space_protect(&s, PAGE + 4096, 4096, PT_WRITE);
	fence_address(PAGE + 4096);
	expect_done(&s, "writes_after_protect", store);
	check_equal("written", 99, *word_at(kernel));

	space_protect(&s, PAGE + 4096, 4096, PT_READ);
	fence_address(PAGE + 4096);
	expect_fault(&s, "read_only_again", store, refused);
	space_close(&s);
}

int main(void)
{
	space_start();
	for_each_mode(test);
	return check_end();
}
