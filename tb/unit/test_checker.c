/*
 * The checker, over a model that answers what the test tells it to: for each
 * rule on what a cache may hold, an answer that it must accept and one that it
 * must refuse (riscv-vm.md, section 3; sim/golden/checker.h).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "golden/lockstep.h"
#include "sparse.h"

enum { V = 1, R = 2, W = 4, X = 8, U = 16, G = 32, A = 64, D = 128 };
enum { LEAF = V | R | W | X | A | D };

/* ---- the scripted model -------------------------------------------------- */

static struct script {
	struct mmu mmu;
	uint64_t satp;
	bool busy;               /* takes no request */
	bool fence_busy;         /* takes no fence */
	bool reads;              /* VA's PTEs, in every step */
	bool answers[MMU_PORTS]; /* in the coming step */
	struct mmu_answer answer[MMU_PORTS];
} * model;

static struct mmu_memory seen; /* memory as the model has it */

static void read_ptes(void);

static void script_step(struct mmu *m)
{
	struct script *s = (struct script *)m;
	if (s->reads)
		read_ptes();
	for (enum mmu_port port = 0; port < MMU_PORTS; port++) {
		m->offer[port].standing &= s->busy;
		m->answered[port] = s->answers[port];
		m->answer[port] = s->answer[port];
		s->answers[port] = false;
	}
	m->fence.standing &= s->fence_busy;
	if (m->csr.standing)
		s->satp = m->csr.value;
	m->csr.standing = false;
	m->counts.cycles++;
}

static uint64_t script_csr_read(const struct mmu *m, unsigned csr)
{
	(void)csr;
	return ((const struct script *)m)->satp;
}

static void script_close(struct mmu *m)
{
	free(m);
}

static struct mmu *script_open(const struct mmu_options *options, char *err, size_t err_size)
{
	static const struct mmu_ops ops = {
	    .step = script_step, .csr_read = script_csr_read, .close = script_close};
	(void)err, (void)err_size;
	model = calloc(1, sizeof *model);
	model->mmu.ops = &ops;
	model->mmu.config = mmu_config_find(options->config);
	seen = options->memory;
	return &model->mmu;
}

/* ---- the world ----------------------------------------------------------- */

/* Sv39 tables, two of each level; VA is mapped through the first of them. */
#define VA           0x40201000ull /* VPN 1, 1, 1 */
#define ROOT         0x80000000ull
#define ROOT_B       0x80001000ull
#define MID          0x80002000ull
#define MID_B        0x80003000ull
#define LAST         0x80004000ull
#define LAST_B       0x80005000ull
#define PAGE         0x90000000ull
#define PAGE_B       0x91000000ull
#define ENTRY(table) ((table) + 8) /* VA's PTE in it */

#define SV39(root, asid) (8ull << 60 | (uint64_t)(asid) << 44 | (root) >> 12)
#define SV48(root, asid) (9ull << 60 | (uint64_t)(asid) << 44 | (root) >> 12)

enum { ASID = 5, OTHER_ASID = 6 };

static struct sparse *memory;
static struct mmu *mmu;
static FILE *reports; /* what the checker writes to stderr */
static int real_stderr;

static uint64_t pte(uint64_t pa, unsigned flags)
{
	return pa >> 12 << 10 | flags;
}

static void write_pte(uint64_t pa, uint64_t value)
{
	mmu_before_write(mmu, pa, 8);
	sparse_write(memory, pa, 8, value);
}

static void poison(uint64_t pa, bool on)
{
	mmu_before_write(mmu, pa, 8);
	sparse_poison(memory, pa, on);
}

static void set_satp(uint64_t value)
{
	mmu_csr_write(mmu, CSR_SATP, value);
}

static int setup(void **state)
{
	(void)state;
	char err[200];
	memory = sparse_new(SPARSE_ZERO);
	struct mmu_options options = {
	    .model = "script",
	    .config = "sv57_max",
	    .memory = sparse_memory(memory),
	    .timing.seed = 4711,
	    .rerun = "make this again",
	};
	mmu = lockstep_around(mmu_config_find("sv57_max"), &options, script_open, err, sizeof err);
	write_pte(ENTRY(ROOT), pte(MID, V));
	write_pte(ENTRY(MID), pte(LAST, V));
	write_pte(ENTRY(LAST), pte(PAGE, LEAF));
	set_satp(SV39(ROOT, ASID));

	fflush(stderr);
	real_stderr = dup(STDERR_FILENO);
	reports = tmpfile();
	dup2(fileno(reports), STDERR_FILENO);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fflush(stderr);
	dup2(real_stderr, STDERR_FILENO);
	close(real_stderr);
	fclose(reports);
	mmu_close(mmu);
	sparse_free(memory);
	return 0;
}

/* ---- questions and answers ----------------------------------------------- */

static const struct mmu_request load = {
    .va = VA, .tag = 0x11, .access = ACC_LOAD, .bytes = 8, .priv = PRIV_S};

static void take(const struct mmu_request *request)
{
	mmu_offer(mmu, MMU_DATA, request);
	mmu_step(mmu);
	assert_false(mmu_offered(mmu, MMU_DATA));
}

static struct mmu_answer ok(uint64_t pa, unsigned level)
{
	return (struct mmu_answer){.pa = pa, .tag = load.tag, .level = level};
}

static struct mmu_answer page_fault(uint8_t reason, unsigned level)
{
	return (struct mmu_answer){
	    .tval = VA,
	    .tag = load.tag,
	    .fault = true,
	    .cause = CAUSE_LOAD_PAGE,
	    .reason = reason,
	    .level = level,
	};
}

static struct mmu_answer bus_error(unsigned level)
{
	struct mmu_answer a = page_fault(REASON_BUS_ERROR, level);
	a.cause = CAUSE_LOAD_ACCESS;
	a.pte = true;
	return a;
}

enum verdict { CURRENT, STALE, REFUSED };

/* Lets the model answer in a step, and tells how the checker took it. */
static enum verdict answer_on(enum mmu_port port, struct mmu_answer a)
{
	struct mmu_counts before, after;
	mmu_counts(mmu, &before);
	model->answers[port] = true;
	model->answer[port] = a;
	mmu_step(mmu);
	mmu_counts(mmu, &after);
	assert_true(after.mismatches - before.mismatches + after.stale - before.stale <= 1);
	return after.mismatches > before.mismatches ? REFUSED
	       : after.stale > before.stale         ? STALE
						    : CURRENT;
}

static enum verdict answer(struct mmu_answer a)
{
	return answer_on(MMU_DATA, a);
}

/* A load of VA, taken, then answered. */
static enum verdict given(struct mmu_answer a)
{
	take(&load);
	return answer(a);
}

/* The model reads VA's PTEs, as a walk does. */
static void read_ptes(void)
{
	uint64_t value;
	for (uint64_t table = ROOT; table <= LAST; table += 0x2000)
		assert_true(seen.read(seen.ctx, ENTRY(table), 8, &value));
}

static void warm_up(void)
{
	read_ptes();
	assert_int_equal(given(ok(PAGE, 0)), CURRENT);
}

/* The model has read VA's leaf; then it changed to another page. */
static void make_leaf_stale(void)
{
	warm_up();
	write_pte(ENTRY(LAST), pte(PAGE_B, LEAF));
}

static void fence(bool rs1_x0, uint64_t va, bool rs2_x0, unsigned asid)
{
	assert_true(mmu_fence(
	    mmu, &(struct mmu_fence){.rs1_x0 = rs1_x0, .va = va, .rs2_x0 = rs2_x0, .asid = asid}));
}

static void fence_all(void)
{
	fence(true, 0, true, 0);
}

static void fence_asid(unsigned asid)
{
	fence(true, 0, false, asid);
}

static void fence_va(uint64_t va)
{
	fence(false, va, true, 0);
}

static void fence_va_asid(uint64_t va, unsigned asid)
{
	fence(false, va, false, asid);
}

#define ACCEPTED(v) assert_int_equal(v, CURRENT)
#define HELD(v)     assert_int_equal(v, STALE)
#define WRONG(v)    assert_int_equal(v, REFUSED)

/* ---- the answer itself --------------------------------------------------- */

static void present_memory_is_right(void **state)
{
	(void)state;
	ACCEPTED(given(ok(PAGE, 0)));
	write_pte(ENTRY(LAST), 0);
	fence_all();
	ACCEPTED(given(page_fault(REASON_PTE_INVALID, 0)));
	WRONG(given(ok(PAGE, 0)));
}

static void every_field_counts(void **state)
{
	(void)state;
	struct mmu_answer right = ok(PAGE, 0), a;
	ACCEPTED(given(right));
#define WITH(field, wrong)                                                                         \
	a = right;                                                                                 \
	a.field = wrong;                                                                           \
	WRONG(given(a));
	WITH(pa, PAGE + 1)
	WITH(pa, 0)
	WITH(tval, VA)
	WITH(fault, true)
	WITH(cause, 1)
	WITH(reason, 1)
	WITH(level, 1)
	WITH(level, LEVEL_NONE)
	WITH(pte, true)

	write_pte(ENTRY(LAST), pte(PAGE, V | R));
	fence_all();
	right = page_fault(REASON_ACCESSED_CLEAR, 0);
	ACCEPTED(given(right));
	WITH(pa, PAGE)
	WITH(tval, 0)
	WITH(tval, PAGE)
	WITH(fault, false)
	WITH(cause, CAUSE_STORE_PAGE)
	WITH(cause, CAUSE_LOAD_ACCESS)
	WITH(reason, REASON_DIRTY_CLEAR)
	WITH(level, 2)
	WITH(pte, true)
#undef WITH
}

static void eight_bits_of_the_tag_come_back(void **state)
{
	(void)state;
	struct mmu_answer a = ok(PAGE, 0);
	a.tag = load.tag | 0x100;
	ACCEPTED(given(a));
	a.tag = load.tag ^ 1;
	WRONG(given(a));
	ACCEPTED(given(ok(PAGE, 0))); /* the refused answer ended its request */
}

static void answers_may_overtake(void **state)
{
	(void)state;
	struct mmu_request second = load;
	second.va = VA + 8;
	second.tag = 0x22;
	struct mmu_answer a = ok(PAGE + 8, 0);
	a.tag = 0x22;
	take(&load);
	take(&second);
	ACCEPTED(answer(a));
	ACCEPTED(answer(ok(PAGE, 0)));
	take(&load);
	take(&second);
	a.pa = PAGE; /* the other one's */
	WRONG(answer(a));
}

static void answer_without_a_request_is_refused(void **state)
{
	(void)state;
	WRONG(answer(ok(PAGE, 0)));
	take(&load);
	WRONG(answer_on(MMU_FETCH, ok(PAGE, 0))); /* the other port's */
	ACCEPTED(answer(ok(PAGE, 0)));
	WRONG(answer(ok(PAGE, 0))); /* twice */
}

static void lost_request_is_a_mismatch(void **state)
{
	(void)state;
	struct mmu_counts counts;
	take(&load);
	for (unsigned i = 0; i < 1000; i++)
		mmu_step(mmu);
	mmu_counts(mmu, &counts);
	assert_int_equal(counts.mismatches, 0);
	for (unsigned i = 0; i < 200000; i++)
		mmu_step(mmu);
	mmu_counts(mmu, &counts);
	assert_int_equal(counts.mismatches, 1);
}

static void satp_must_read_as_the_rules_write_it(void **state)
{
	(void)state;
	struct mmu_counts counts;
	set_satp(SV48(ROOT, ASID));
	mmu_counts(mmu, &counts);
	assert_int_equal(counts.mismatches, 0);
	set_satp(15ull << 60); /* the scripted model keeps any MODE */
	mmu_counts(mmu, &counts);
	assert_int_equal(counts.mismatches, 1);
}

/* ---- leaves and the four fences ------------------------------------------ */

static void stale_leaf_is_held_until_a_fence(void **state)
{
	(void)state;
	make_leaf_stale();
	HELD(given(ok(PAGE, 0)));
	ACCEPTED(given(ok(PAGE_B, 0)));
	WRONG(given(ok(0x92000000, 0)));
}

static void what_nobody_read_is_not_held(void **state)
{
	(void)state;
	fence_all();
	write_pte(ENTRY(LAST), pte(PAGE_B, LEAF));
	WRONG(given(ok(PAGE, 0)));
}

static void each_fence_that_covers_a_leaf_ends_it(void **state)
{
	(void)state;
	make_leaf_stale();
	fence_all();
	WRONG(given(ok(PAGE, 0)));
	ACCEPTED(given(ok(PAGE_B, 0)));

	write_pte(ENTRY(LAST), pte(PAGE, LEAF));
	HELD(given(ok(PAGE_B, 0)));
	fence_asid(ASID);
	WRONG(given(ok(PAGE_B, 0)));

	write_pte(ENTRY(LAST), pte(PAGE_B, LEAF));
	HELD(given(ok(PAGE, 0)));
	fence_va(VA);
	WRONG(given(ok(PAGE, 0)));

	write_pte(ENTRY(LAST), pte(PAGE, LEAF));
	HELD(given(ok(PAGE_B, 0)));
	fence_va_asid(VA + 0xfff, ASID);
	WRONG(given(ok(PAGE_B, 0)));
}

static void fences_of_something_else_leave_a_leaf(void **state)
{
	(void)state;
	make_leaf_stale();
	fence_asid(OTHER_ASID);
	fence_va(VA + 0x1000);
	fence_va(VA - 1);
	fence_va(VA | 1ull << 38 | -(1ull << 38)); /* canonical, and another page */
	fence_va_asid(VA, OTHER_ASID);
	fence_va_asid(VA + 0x1000, ASID);
	HELD(given(ok(PAGE, 0)));
	fence_va_asid(VA, ASID);
	WRONG(given(ok(PAGE, 0)));
}

static void fence_of_an_impossible_address_covers_nothing(void **state)
{
	(void)state;
	make_leaf_stale();
	fence_va(VA | 1ull << 38);
	fence_va(VA | 1ull << 63);
	fence_va_asid(VA | 1ull << 45, ASID);
	HELD(given(ok(PAGE, 0)));
}

static void fence_in_the_step_of_the_answer_counts(void **state)
{
	(void)state;
	make_leaf_stale();
	take(&load);
	mmu_offer_fence(mmu, &(struct mmu_fence){.rs1_x0 = true, .rs2_x0 = true});
	WRONG(answer(ok(PAGE, 0)));
}

static void fence_counts_from_when_it_is_taken(void **state)
{
	(void)state;
	make_leaf_stale();
	model->fence_busy = true;
	mmu_offer_fence(mmu, &(struct mmu_fence){.rs1_x0 = true, .rs2_x0 = true});
	HELD(given(ok(PAGE, 0)));
	model->fence_busy = false;
	take(&load);
	WRONG(answer(ok(PAGE, 0)));
}

static void request_in_flight_over_a_fence_uses_what_is_held_since(void **state)
{
	(void)state;
	make_leaf_stale();
	take(&load);
	fence_va(VA);
	WRONG(answer(ok(PAGE, 0)));
	take(&load);
	fence_all();
	ACCEPTED(answer(ok(PAGE_B, 0)));
}

/* What a model reads in the very step of a full fence, it may hold afterwards. */
static void values_are_followed_from_the_step_of_a_fence(void **state)
{
	(void)state;
	warm_up();
	fence_all();
	write_pte(ENTRY(LAST), pte(PAGE_B, LEAF));
	WRONG(given(ok(PAGE, 0)));

	model->reads = true;
	fence_all();
	model->reads = false;
	write_pte(ENTRY(LAST), pte(PAGE, LEAF));
	HELD(given(ok(PAGE_B, 0)));
}

static void value_written_again_is_present_again(void **state)
{
	(void)state;
	make_leaf_stale();
	write_pte(ENTRY(LAST), pte(PAGE, LEAF));
	ACCEPTED(given(ok(PAGE, 0)));
	HELD(given(ok(PAGE_B, 0)));
	fence_va(VA);
	ACCEPTED(given(ok(PAGE, 0)));
	WRONG(given(ok(PAGE_B, 0)));
	write_pte(ENTRY(LAST), pte(PAGE_B, LEAF));
	HELD(given(ok(PAGE, 0)));
}

static void stores_of_any_size_are_followed(void **state)
{
	(void)state;
	warm_up();
	/* One byte of the PTE: R, W, X and A go. */
	mmu_before_write(mmu, ENTRY(LAST), 1);
	sparse_write(memory, ENTRY(LAST), 4, pte(PAGE, V | R));
	ACCEPTED(given(page_fault(REASON_ACCESSED_CLEAR, 0)));
	HELD(given(ok(PAGE, 0)));
	/* A line of 64 bytes that holds the PTE. */
	mmu_before_write(mmu, LAST, 64);
	sparse_write(memory, ENTRY(LAST), 8, pte(PAGE_B, LEAF));
	HELD(given(page_fault(REASON_ACCESSED_CLEAR, 0)));
}

static void stale_permission_may_fault(void **state)
{
	(void)state;
	write_pte(ENTRY(LAST), pte(PAGE, V | R));
	ACCEPTED(given(page_fault(REASON_ACCESSED_CLEAR, 0)));
	write_pte(ENTRY(LAST), pte(PAGE, LEAF));
	HELD(given(page_fault(REASON_ACCESSED_CLEAR, 0)));
	fence_va(VA);
	WRONG(given(page_fault(REASON_ACCESSED_CLEAR, 0)));
}

/* ---- invalid values ------------------------------------------------------ */

static void stale_invalid_pte_is_refused(void **state)
{
	(void)state;
	write_pte(ENTRY(LAST), 0);
	ACCEPTED(given(page_fault(REASON_PTE_INVALID, 0)));
	write_pte(ENTRY(LAST), pte(PAGE, LEAF));
	WRONG(given(page_fault(REASON_PTE_INVALID, 0)));
}

static void invalid_pte_counts_while_the_request_is_in_flight(void **state)
{
	(void)state;
	write_pte(ENTRY(LAST), 0);
	ACCEPTED(given(page_fault(REASON_PTE_INVALID, 0)));
	take(&load);
	write_pte(ENTRY(LAST), pte(PAGE, LEAF));
	HELD(answer(page_fault(REASON_PTE_INVALID, 0)));

	/* Valid, invalid, valid again, all in flight. */
	take(&load);
	write_pte(ENTRY(LAST), 0);
	write_pte(ENTRY(LAST), pte(PAGE_B, LEAF));
	HELD(answer(page_fault(REASON_PTE_INVALID, 0)));

	take(&load);
	write_pte(ENTRY(LAST), 0);
	write_pte(ENTRY(LAST), pte(PAGE, LEAF));
	fence_va(VA);
	WRONG(answer(page_fault(REASON_PTE_INVALID, 0)));
}

static void stale_bus_error_is_refused(void **state)
{
	(void)state;
	poison(ENTRY(LAST), true);
	ACCEPTED(given(bus_error(0)));
	take(&load);
	poison(ENTRY(LAST), false);
	HELD(answer(bus_error(0)));
	WRONG(given(bus_error(0)));
	poison(ENTRY(LAST), true);
	HELD(given(ok(PAGE, 0)));
	fence_va(VA);
	WRONG(given(ok(PAGE, 0)));
}

/* ---- pointers ------------------------------------------------------------ */

/* VA's table of last PTEs changed; both tables hold a leaf for it. */
static void make_pointer_stale(void)
{
	write_pte(ENTRY(LAST_B), pte(PAGE_B, LEAF));
	warm_up();
	write_pte(ENTRY(MID), pte(LAST_B, V));
	ACCEPTED(given(ok(PAGE_B, 0)));
	HELD(given(ok(PAGE, 0)));
}

static void pointer_survives_fences_by_address(void **state)
{
	(void)state;
	make_pointer_stale();
	fence_va(VA);
	fence_va_asid(VA, ASID);
	HELD(given(ok(PAGE, 0)));
	/* The leaf below it does not. */
	write_pte(ENTRY(LAST), pte(0x92000000, LEAF));
	HELD(given(ok(PAGE, 0)));
	HELD(given(ok(0x92000000, 0)));
	fence_va(VA);
	WRONG(given(ok(PAGE, 0)));
	HELD(given(ok(0x92000000, 0)));
}

static void fences_of_all_addresses_end_a_pointer(void **state)
{
	(void)state;
	make_pointer_stale();
	fence_asid(OTHER_ASID);
	HELD(given(ok(PAGE, 0)));
	fence_asid(ASID);
	WRONG(given(ok(PAGE, 0)));
	write_pte(ENTRY(MID), pte(LAST, V));
	HELD(given(ok(PAGE_B, 0)));
	fence_all();
	WRONG(given(ok(PAGE_B, 0)));
}

static void stale_pointer_may_lead_to_a_present_fault(void **state)
{
	(void)state;
	make_pointer_stale();
	write_pte(ENTRY(LAST), 0);
	HELD(given(page_fault(REASON_PTE_INVALID, 0)));
	WRONG(given(page_fault(REASON_PTE_INVALID, 1)));
	write_pte(ENTRY(LAST), pte(PAGE, LEAF));
	WRONG(given(page_fault(REASON_PTE_INVALID, 0)));
}

static void values_are_chosen_pte_by_pte(void **state)
{
	(void)state;
	make_pointer_stale();
	write_pte(ENTRY(ROOT), pte(MID_B, V));
	write_pte(ENTRY(MID_B), pte(LAST, V));
	write_pte(ENTRY(LAST), pte(0x92000000, LEAF));
	ACCEPTED(given(ok(0x92000000, 0))); /* new, new, new */
	HELD(given(ok(PAGE, 0)));           /* new or old pointers, old leaf */
	HELD(given(ok(PAGE_B, 0)));         /* old, present, present */
	WRONG(given(ok(0x93000000, 0)));
}

/* ---- superpages ---------------------------------------------------------- */

static void superpage_is_fenced_by_any_address_inside(void **state)
{
	(void)state;
	write_pte(ENTRY(MID), pte(0x80000000, LEAF));
	ACCEPTED(given(ok(0x80001000, 1)));
	write_pte(ENTRY(MID), pte(0xa0000000, LEAF));
	HELD(given(ok(0x80001000, 1)));
	fence_va(0x40400000); /* the next 2 MiB */
	fence_va(0x401fffff); /* the last byte before */
	HELD(given(ok(0x80001000, 1)));
	fence_va(0x403ff123);
	WRONG(given(ok(0x80001000, 1)));

	write_pte(ENTRY(ROOT), pte(0, LEAF));
	HELD(given(ok(0xa0001000, 1)));
	ACCEPTED(given(ok(0x00201000, 2)));
	write_pte(ENTRY(ROOT), pte(0x40000000, LEAF));
	HELD(given(ok(0x00201000, 2)));
	fence_va(0x7fffffff);
	WRONG(given(ok(0x00201000, 2)));
	/* The pointer that stood there before, and the leaf below: not so. */
	fence_va(VA);
	WRONG(given(ok(0xa0000000, 1)));
}

/* ---- global mappings ----------------------------------------------------- */

static void global_leaf_survives_fences_by_asid(void **state)
{
	(void)state;
	write_pte(ENTRY(LAST), pte(PAGE, LEAF | G));
	ACCEPTED(given(ok(PAGE, 0)));
	write_pte(ENTRY(LAST), pte(PAGE_B, LEAF));
	fence_asid(ASID);
	fence_va_asid(VA, ASID);
	HELD(given(ok(PAGE, 0)));
	fence_va(VA);
	WRONG(given(ok(PAGE, 0)));

	write_pte(ENTRY(LAST), pte(PAGE, LEAF | G));
	HELD(given(ok(PAGE_B, 0)));
	fence_asid(ASID);
	WRONG(given(ok(PAGE_B, 0)));
	write_pte(ENTRY(LAST), 0);
	fence_asid(ASID);
	HELD(given(ok(PAGE, 0)));
	fence_all();
	WRONG(given(ok(PAGE, 0)));
}

static void global_pointer_makes_what_is_below_global(void **state)
{
	(void)state;
	write_pte(ENTRY(ROOT), pte(MID, V | G));
	ACCEPTED(given(ok(PAGE, 0)));
	write_pte(ENTRY(LAST), pte(PAGE_B, LEAF));
	fence_asid(ASID);
	HELD(given(ok(PAGE, 0)));
	fence_va(VA);
	WRONG(given(ok(PAGE, 0)));
}

/* field-bugs.md 62: the G bit of an invalid PTE means nothing. */
static void g_of_an_invalid_pte_means_nothing(void **state)
{
	(void)state;
	write_pte(ENTRY(LAST_B), G);
	warm_up();
	write_pte(ENTRY(MID), pte(LAST_B, V));
	ACCEPTED(given(page_fault(REASON_PTE_INVALID, 0)));
	write_pte(ENTRY(MID), pte(LAST, V));
	HELD(given(page_fault(REASON_PTE_INVALID, 0)));
	fence_asid(ASID);
	WRONG(given(page_fault(REASON_PTE_INVALID, 0)));
}

/* ---- roots --------------------------------------------------------------- */

/* satp names another root; below it, VA is another page. */
static void change_root(unsigned asid)
{
	write_pte(ENTRY(ROOT_B), pte(MID_B, V));
	write_pte(ENTRY(MID_B), pte(LAST_B, V));
	write_pte(ENTRY(LAST_B), pte(PAGE_B, LEAF));
	warm_up();
	set_satp(SV39(ROOT_B, asid));
	ACCEPTED(given(ok(PAGE_B, 0)));
}

static void old_root_is_held_with_the_same_asid(void **state)
{
	(void)state;
	change_root(ASID);
	HELD(given(ok(PAGE, 0)));
	fence_asid(OTHER_ASID);
	HELD(given(ok(PAGE, 0)));
	fence_va(VA);
	HELD(given(ok(PAGE, 0))); /* the leaf read again, below a pointer that stays */
	fence_asid(ASID);
	WRONG(given(ok(PAGE, 0)));
}

static void full_fence_ends_an_old_root(void **state)
{
	(void)state;
	change_root(ASID);
	fence_all();
	WRONG(given(ok(PAGE, 0)));
	ACCEPTED(given(ok(PAGE_B, 0)));
}

static void root_of_another_asid_is_refused(void **state)
{
	(void)state;
	change_root(OTHER_ASID);
	WRONG(given(ok(PAGE, 0)));
	set_satp(SV39(ROOT, OTHER_ASID));
	HELD(given(ok(PAGE_B, 0)));
	ACCEPTED(given(ok(PAGE, 0)));
}

static void global_mapping_of_another_root_is_held(void **state)
{
	(void)state;
	write_pte(ENTRY(LAST), pte(PAGE, LEAF | G));
	change_root(OTHER_ASID);
	HELD(given(ok(PAGE, 0)));
	fence_asid(ASID);
	fence_asid(OTHER_ASID);
	HELD(given(ok(PAGE, 0)));
	fence_va(VA); /* no pointer that leads there again is global */
	WRONG(given(ok(PAGE, 0)));
}

static void global_pointer_of_another_root_is_held(void **state)
{
	(void)state;
	write_pte(ENTRY(MID), pte(LAST, V | G));
	change_root(OTHER_ASID);
	HELD(given(ok(PAGE, 0)));
	fence_asid(ASID);
	fence_asid(OTHER_ASID);
	fence_va(VA);
	HELD(given(ok(PAGE, 0))); /* the leaf, read again below the pointer */
	fence_all();
	WRONG(given(ok(PAGE, 0)));
}

static void old_root_gives_no_present_invalid_root_pte(void **state)
{
	(void)state;
	change_root(ASID);
	write_pte(ENTRY(ROOT), 0);
	WRONG(given(page_fault(REASON_PTE_INVALID, 2)));
	HELD(given(ok(PAGE, 0)));
	write_pte(ENTRY(MID), 0); /* below a pointer that may be held */
	HELD(given(page_fault(REASON_PTE_INVALID, 1)));
}

static void leaf_in_an_old_root_ends_with_a_fence_by_address(void **state)
{
	(void)state;
	write_pte(ENTRY(ROOT), pte(0, LEAF));
	ACCEPTED(given(ok(0x00201000, 2)));
	set_satp(SV39(ROOT_B, ASID));
	HELD(given(ok(0x00201000, 2)));
	fence_va(VA + 0x12345);
	WRONG(given(ok(0x00201000, 2)));
}

/* A mode of another depth: below its root the same tables, one level lower. */
static void old_mode_is_held_for_its_own_addresses(void **state)
{
	(void)state;
	const uint64_t root48 = 0x80007000;
	write_pte(root48, pte(ROOT, V));
	set_satp(SV48(root48, ASID));
	fence_all();
	ACCEPTED(given(ok(PAGE, 0)));

	set_satp(SV39(ROOT_B, ASID)); /* empty */
	HELD(given(ok(PAGE, 0)));
	ACCEPTED(given(page_fault(REASON_PTE_INVALID, 2)));
	fence_asid(ASID);
	WRONG(given(ok(PAGE, 0)));

	/* An address that only the old mode has is none of the present mode's. */
	struct mmu_request high = load;
	high.va = 1ull << 39 | VA;
	write_pte(root48 + 8, pte(ROOT, V));
	set_satp(SV48(root48, ASID));
	take(&high);
	ACCEPTED(answer(ok(PAGE, 0)));
	set_satp(SV39(ROOT_B, ASID));
	take(&high);
	WRONG(answer(ok(PAGE, 0)));
}

static void request_keeps_the_satp_of_its_acceptance(void **state)
{
	(void)state;
	write_pte(ENTRY(ROOT_B), pte(0, LEAF));
	warm_up();
	mmu_offer(mmu, MMU_DATA, &load);
	set_satp(SV39(ROOT_B, OTHER_ASID)); /* the same step */
	ACCEPTED(answer(ok(PAGE, 0)));
	take(&load);
	set_satp(SV39(ROOT, ASID)); /* the next step */
	fence_all();
	ACCEPTED(answer(ok(0x00201000, 2)));
	take(&load);
	set_satp(SV39(ROOT_B, OTHER_ASID));
	WRONG(answer(ok(0x00201000, 2)));
}

static void untranslated_answers_know_no_cache(void **state)
{
	(void)state;
	struct mmu_request machine = load;
	machine.priv = PRIV_M;
	make_leaf_stale();
	take(&machine);
	WRONG(answer(ok(PAGE, 0)));
	take(&machine);
	ACCEPTED(answer(ok(VA, LEVEL_NONE)));
	set_satp(0);
	WRONG(given(ok(PAGE, 0)));
	ACCEPTED(given(ok(VA, LEVEL_NONE)));
}

/* ---- reports ------------------------------------------------------------- */

static char *reported(void)
{
	static char text[65536];
	fflush(stderr);
	rewind(reports);
	text[fread(text, 1, sizeof text - 1, reports)] = '\0';
	return text;
}

static void report_tells_all_that_is_needed(void **state)
{
	(void)state;
	WRONG(given(ok(PAGE_B, 0)));
	const char *text = reported();
	static const char *const parts[] = {
	    "lockstep: mismatch at cycle ",
	    ", seed 4711: ",
	    "model:   ok, pa 0x91000000, level 0",
	    "golden:  ok, pa 0x90000000, level 0",
	    "request: load of 8 bytes at 0x40201000, privilege S",
	    "Sv39, ASID 5, root 0x80000000",
	    "level 2: PTE at 0x80000008",
	    "level 1: PTE at 0x80002008",
	    "level 0: PTE at 0x80004008",
	    "to repeat: make this again",
	};
	for (unsigned i = 0; i < sizeof parts / sizeof parts[0]; i++)
		if (!strstr(text, parts[i]))
			fail_msg("not in the report: %s", parts[i]);
}

static void ten_mismatches_are_told_and_all_are_counted(void **state)
{
	(void)state;
	struct mmu_counts counts;
	for (unsigned i = 0; i < 25; i++)
		WRONG(given(ok(PAGE_B, 0)));
	mmu_counts(mmu, &counts);
	assert_int_equal(counts.mismatches, 25);
	unsigned told = 0;
	for (const char *at = reported(); (at = strstr(at, "lockstep: mismatch")); at++)
		told++;
	assert_int_equal(told, 10);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(present_memory_is_right),
	    TEST(every_field_counts),
	    TEST(eight_bits_of_the_tag_come_back),
	    TEST(answers_may_overtake),
	    TEST(answer_without_a_request_is_refused),
	    TEST(lost_request_is_a_mismatch),
	    TEST(satp_must_read_as_the_rules_write_it),
	    TEST(stale_leaf_is_held_until_a_fence),
	    TEST(what_nobody_read_is_not_held),
	    TEST(each_fence_that_covers_a_leaf_ends_it),
	    TEST(fences_of_something_else_leave_a_leaf),
	    TEST(fence_of_an_impossible_address_covers_nothing),
	    TEST(fence_in_the_step_of_the_answer_counts),
	    TEST(fence_counts_from_when_it_is_taken),
	    TEST(request_in_flight_over_a_fence_uses_what_is_held_since),
	    TEST(values_are_followed_from_the_step_of_a_fence),
	    TEST(value_written_again_is_present_again),
	    TEST(stores_of_any_size_are_followed),
	    TEST(stale_permission_may_fault),
	    TEST(stale_invalid_pte_is_refused),
	    TEST(invalid_pte_counts_while_the_request_is_in_flight),
	    TEST(stale_bus_error_is_refused),
	    TEST(pointer_survives_fences_by_address),
	    TEST(fences_of_all_addresses_end_a_pointer),
	    TEST(stale_pointer_may_lead_to_a_present_fault),
	    TEST(values_are_chosen_pte_by_pte),
	    TEST(superpage_is_fenced_by_any_address_inside),
	    TEST(global_leaf_survives_fences_by_asid),
	    TEST(global_pointer_makes_what_is_below_global),
	    TEST(g_of_an_invalid_pte_means_nothing),
	    TEST(old_root_is_held_with_the_same_asid),
	    TEST(full_fence_ends_an_old_root),
	    TEST(root_of_another_asid_is_refused),
	    TEST(global_mapping_of_another_root_is_held),
	    TEST(global_pointer_of_another_root_is_held),
	    TEST(old_root_gives_no_present_invalid_root_pte),
	    TEST(leaf_in_an_old_root_ends_with_a_fence_by_address),
	    TEST(old_mode_is_held_for_its_own_addresses),
	    TEST(request_keeps_the_satp_of_its_acceptance),
	    TEST(untranslated_answers_know_no_cache),
	    TEST(report_tells_all_that_is_needed),
	    TEST(ten_mismatches_are_told_and_all_are_counted),
	};
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
