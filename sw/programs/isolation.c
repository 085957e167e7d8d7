/*
 * Two processes: the same virtual addresses, different memory. Neither sees
 * what the other has, and a switch between them needs no fence, because each
 * has an ASID of its own.
 */
#include "check.h"
#include "space.h"

#define SHARED_NAME 0x40000000ul /* in both, different frames */
#define CODE        0x40001000ul
#define ONLY_FIRST  0x50000000ul

static struct probe load(xword va)
{
	return (struct probe){.access = ACC_LOAD, .priv = PRIV_U, .va = va};
}

static struct probe store(xword va, xword value)
{
	return (struct probe){.access = ACC_STORE, .priv = PRIV_U, .va = va, .value = value};
}

static struct probe run(xword va)
{
	return (struct probe){.access = ACC_FETCH, .priv = PRIV_U, .va = va};
}

static void open_process(struct space *s, enum pt_mode mode, unsigned asid, xword *data)
{
	space_open(s, mode, PT_ALL_LEVELS, asid);
	*data = space_page(s, SHARED_NAME, PT_WRITE | PT_U);
	code_put(space_page(s, CODE, PT_EXEC | PT_U), 100 + asid);
}

static void test(enum pt_mode mode)
{
	struct space first, second;
	xword data1, data2;

	open_process(&first, mode, 1, &data1);
	open_process(&second, mode, 2, &data2);
	*word_at(space_page(&first, ONLY_FIRST, PT_WRITE | PT_U)) = 77;
	fence_all();

	space_enter(&first);
	expect_done(&first, "first_writes", store(SHARED_NAME, 111));
	space_enter(&second);
	expect_value(&second, "second_does_not_see_it", load(SHARED_NAME), 0);
	expect_done(&second, "second_writes", store(SHARED_NAME, 222));
	space_enter(&first);
	expect_value(&first, "first_keeps_its_own", load(SHARED_NAME), 111);
	expect_value(&first, "first_runs_its_code", run(CODE), 101);
	space_enter(&second);
	expect_value(&second, "second_keeps_its_own", load(SHARED_NAME), 222);
	expect_value(&second, "second_runs_its_code", run(CODE), 102);
	check("two_frames", *word_at(data1) == 111 && *word_at(data2) == 222);

	/* What only the first has mapped is nothing to the second: no mapping, not a
	 * mapping that forbids. In every mode its last-level table is what is missing:
	 * all above that the page shares with SHARED_NAME. */
	const struct expected nothing = {
	    .reason = REASON_PTE_INVALID,
	    .level = 1,
	};

	space_enter(&first);
	expect_value(&first, "first_has_a_page_more", load(ONLY_FIRST), 77);
	space_enter(&second);
	expect_fault(&second, "second_cannot_read_it", load(ONLY_FIRST), nothing);
	expect_fault(&second, "second_cannot_write_it", store(ONLY_FIRST, 1), nothing);
	expect_fault(&second, "second_cannot_run_it", run(ONLY_FIRST), nothing);

	/* Many switches, so that each finds the other's entries in the TLB. */
	bool apart = true;
	for (int i = 0; i < 20; i++) {
		const struct space *s = i % 2 ? &second : &first;

		space_enter(s);
		apart = apart && probe(s, load(SHARED_NAME)).value == (i % 2 ? 222u : 111u);
	}
	check("apart_through_20_switches", apart);

	space_close(&first);
	space_close(&second);
}

int main(void)
{
	space_start();
	for_each_mode(test);
	return check_end();
}
