/*
 * Invalidation in parts (Svinval): between SFENCE.W.INVAL and SFENCE.INVAL.IR, each form
 * of SINVAL.VMA does what the SFENCE.VMA of that form does; and who may use them.
 */
#include "check.h"
#include "context.h"
#include "space.h"

#define PAGE  0x40000000ul
#define PAGES 4

static const unsigned all = PT_WRITE | PT_X | PT_U;

/* Each covers the leaves of PAGE to PAGE + 4 pages in address space 1. */
static void by_nothing(void)
{
	fence_invalidate_all();
}

static void by_address(void)
{
	for (unsigned i = 0; i < PAGES; i++)
		fence_invalidate_address(PAGE + i * 4096);
}

static void by_asid(void)
{
	fence_invalidate_asid(1);
}

static void by_both(void)
{
	for (unsigned i = 0; i < PAGES; i++)
		fence_invalidate_address_asid(PAGE + i * 4096, 1);
}

static const struct form {
	const char *moves, *unmaps, *protects, *spares;
	void (*invalidate)(void);
} forms[] = {
    {"all_moves", "all_unmaps", "all_protects", "all_lets_others_be", by_nothing},
    {"address_moves", "address_unmaps", "address_protects", "address_lets_others_be", by_address},
    {"asid_moves", "asid_unmaps", "asid_protects", "asid_lets_others_be", by_asid},
    {"both_moves", "both_unmaps", "both_protects", "both_lets_others_be", by_both},
};

static xword frame[2 * PAGES];

static void invalidate(const struct form *f)
{
	fence_invalidate_begin();
	f->invalidate();
	fence_invalidate_end();
}

/* Every page loads `value`, `value` + 1, ... */
static bool loads(const struct space *s, xword value)
{
	bool ok = true;

	for (unsigned i = 0; i < PAGES; i++) {
		struct outcome o =
		    probe(s, (struct probe){.access = ACC_LOAD, .va = PAGE + i * 4096});

		ok = ok && o.done && o.value == value + i;
	}
	return ok;
}

static bool faults(const struct space *s, unsigned access)
{
	bool ok = true;

	for (unsigned i = 0; i < PAGES; i++)
		ok = ok && !probe(s, (struct probe){.access = access, .va = PAGE + i * 4096}).done;
	return ok;
}

/* Points the pages at frame[first] and the following ones. */
static void point(const struct space *s, unsigned first, unsigned flags)
{
	for (unsigned i = 0; i < PAGES; i++)
		pte_put(s, PAGE + i * 4096, 0, flags ? pt_leaf(frame[first + i], flags) : 0);
}

static void test_form(enum pt_mode mode, const struct form *f)
{
	struct space s;

	space_open(&s, mode, PT_ALL_LEVELS, 1);
	for (unsigned i = 0; i < 2 * PAGES; i++) {
		frame[i] = frame_alloc();
		*word_at(frame[i]) = 100 + i;
		if (i < PAGES)
			space_map(&s, PAGE + i * 4096, frame[i], 0, all);
	}
	space_use(&s);

	bool before = loads(&s, 100);

	point(&s, PAGES, all);
	invalidate(f);
	check(f->moves, before && loads(&s, 100 + PAGES));
	point(&s, 0, PT_READ | PT_U);
	invalidate(f);
	check(f->protects, loads(&s, 100) && faults(&s, ACC_STORE) && faults(&s, ACC_FETCH));
	point(&s, 0, 0);
	invalidate(f);
	check(f->unmaps, faults(&s, ACC_LOAD));
	point(&s, 0, all);
	check(f->spares, loads(&s, 100)); /* what was invalid needs no fence to appear */
	space_close(&s);
	for (unsigned i = 0; i < 2 * PAGES; i++)
		frame_free(frame[i]);
}

static void test(enum pt_mode mode)
{
	for (unsigned i = 0; i < sizeof forms / sizeof forms[0]; i++)
		test_form(mode, &forms[i]);
}

/* ---- who may ---------------------------------------------------------------------- */

#define SINVAL     0x16b50073u /* sinval.vma a0, a1 */
#define W_INVAL    0x18000073u
#define INVAL_IR   0x18100073u
#define INSN_ECALL 0x00000073u

static xword cause_of(unsigned priv, uint32_t insn)
{
	static uint32_t code[2];
	struct context c = {.priv = priv, .pc = (xword)code};

	((volatile uint32_t *)code)[0] = insn;
	((volatile uint32_t *)code)[1] = INSN_ECALL;
	fence_instructions();
	machine_run(&c);
	return c.cause;
}

static void user_cannot(const char *name, uint32_t insn)
{
	xword cause = cause_of(PRIV_U, insn);

	if (cause == CAUSE_ECALL_U && !reason_exists())
		check_skip(name, "anybody may here");
	else
		check_equal(name, CAUSE_ILLEGAL, cause);
}

static void privileges(void)
{
	check_equal("user_cannot_sinval", CAUSE_ILLEGAL, cause_of(PRIV_U, SINVAL));
	user_cannot("user_cannot_w_inval", W_INVAL);
	user_cannot("user_cannot_inval_ir", INVAL_IR);
	check_equal("supervisor_sinval", CAUSE_ECALL_S, cause_of(PRIV_S, SINVAL));
	check_equal("supervisor_w_inval", CAUSE_ECALL_S, cause_of(PRIV_S, W_INVAL));
	check_equal("supervisor_inval_ir", CAUSE_ECALL_S, cause_of(PRIV_S, INVAL_IR));
	csr_set(mstatus, MSTATUS_TVM);
	check_equal("tvm_takes_sinval_away", CAUSE_ILLEGAL, cause_of(PRIV_S, SINVAL));
	check_equal("tvm_leaves_w_inval", CAUSE_ECALL_S, cause_of(PRIV_S, W_INVAL));
	check_equal("tvm_leaves_inval_ir", CAUSE_ECALL_S, cause_of(PRIV_S, INVAL_IR));
	csr_clear(mstatus, MSTATUS_TVM);
}

int main(void)
{
	space_start();
	catch_begin();
	fence_invalidate_begin();
	if (catch_end().taken)
		check_skip_all("no Svinval here");
	catch_begin(); /* what is skipped may trap all the way */
	for_each_mode(test);
	check("no_trap_of_its_own", !catch_end().taken);
	privileges();
	return check_end();
}
