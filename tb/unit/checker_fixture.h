/*
 * For tests of the checker: a model that answers what the test tells it to, the
 * checker around it, and tables that map one address.
 */
#ifndef ATLAS_CHECKER_FIXTURE_H
#define ATLAS_CHECKER_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "golden/golden.h"
#include "golden/lockstep.h"
#include "sparse.h"

enum { V = 1, R = 2, W = 4, X = 8, U = 16, G = 32, A = 64, D = 128 };
enum { LEAF = V | R | W | X | A | D };

static const uint64_t sse = 1ull << ENVCFG_SSE;
static const uint64_t adue = 1ull << ENVCFG_ADUE;
static const uint64_t pbmte = 1ull << ENVCFG_PBMTE;

/* ---- the scripted model -------------------------------------------------- */

static struct script {
	struct mmu mmu;
	struct golden_regs regs;
	uint64_t misread; /* bits that every register reads wrong */
	bool busy;        /* takes no request */
	bool fence_busy;  /* takes no fence */
	bool reads;       /* VA's PTEs, in every step */
	unsigned swaps;   /* in the coming step */
	struct {
		uint64_t pa, expected, desired;
	} swap[2];
	bool answers[MMU_PORTS]; /* in the coming step */
	struct mmu_answer answer[MMU_PORTS];
} * model;

static const struct mmu_config *config;
static struct mmu_memory seen; /* memory as the model has it */

static inline void read_ptes(void);

static inline void script_step(struct mmu *m)
{
	struct script *s = (struct script *)m;
	uint64_t old;
	if (s->reads)
		read_ptes();
	for (unsigned i = 0; i < s->swaps; i++)
		seen.swap(seen.ctx, s->swap[i].pa, 8, s->swap[i].expected, s->swap[i].desired,
			  &old);
	s->swaps = 0;
	for (enum mmu_port port = 0; port < MMU_PORTS; port++) {
		m->offer[port].standing &= s->busy;
		m->answered[port] = s->answers[port];
		m->answer[port] = s->answer[port];
		s->answers[port] = false;
	}
	m->fence.standing &= s->fence_busy;
	if (m->csr.standing)
		golden_write_csr(&s->regs, m->csr.csr, m->csr.value);
	m->csr.standing = false;
	m->counts.cycles++;
}

static inline uint64_t script_csr_read(const struct mmu *m, unsigned csr)
{
	const struct script *s = (const struct script *)m;
	return golden_csr_read(&s->regs, csr) ^ s->misread;
}

static inline void script_close(struct mmu *m)
{
	free(m);
}

static inline struct mmu *script_open(const struct mmu_options *options, char *err, size_t err_size)
{
	static const struct mmu_ops ops = {
	    .step = script_step, .csr_read = script_csr_read, .close = script_close};
	(void)err, (void)err_size;
	model = calloc(1, sizeof *model);
	model->mmu.ops = &ops;
	model->mmu.config = config;
	model->regs = golden_reset(model->mmu.config);
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

static inline uint64_t pte(uint64_t pa, unsigned flags)
{
	return pa >> 12 << 10 | flags;
}

static inline void write_pte(uint64_t pa, uint64_t value)
{
	mmu_before_write(mmu, pa, 8);
	sparse_write(memory, pa, 8, value);
}

static inline void poison(uint64_t pa, bool on)
{
	mmu_before_write(mmu, pa, 8);
	sparse_poison(memory, pa, on);
}

static inline void set_satp(uint64_t value)
{
	mmu_csr_write(mmu, CSR_SATP, value);
}

/* Entry 0 opens all memory to every mode; that it was closed is fenced. */
static inline void open_pmp(void)
{
	mmu_csr_write(mmu, CSR_PMPADDR0, ~0ull);
	mmu_csr_write(mmu, CSR_PMPCFG0, 0x1f);
	assert_true(mmu_fence(mmu, &(struct mmu_fence){.rs1_x0 = true, .rs2_x0 = true}));
}

static inline void set_menvcfg(uint64_t value)
{
	mmu_csr_write(mmu, CSR_MENVCFG, value);
}

/* The checker around the script, in a configuration of RV64, and VA mapped. */
static inline void open_checker(const struct mmu_config *built)
{
	char err[200];
	struct mmu_options options = {
	    .model = "script",
	    .config = built->name,
	    .memory = sparse_memory(memory),
	    .timing.seed = 4711,
	    .rerun = "make this again",
	};
	config = built;
	mmu = lockstep_around(config, &options, script_open, err, sizeof err);
	assert_non_null(mmu);
	open_pmp();
	write_pte(ENTRY(ROOT), pte(MID, V));
	write_pte(ENTRY(MID), pte(LAST, V));
	write_pte(ENTRY(LAST), pte(PAGE, LEAF));
}

static inline int setup(void **state)
{
	(void)state;
	memory = sparse_new(SPARSE_ZERO);
	open_checker(mmu_config_find("sv57_max"));
	set_satp(SV39(ROOT, ASID));

	fflush(stderr);
	real_stderr = dup(STDERR_FILENO);
	reports = tmpfile();
	dup2(fileno(reports), STDERR_FILENO);
	return 0;
}

static inline int teardown(void **state)
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

static const struct mmu_request store = {
    .va = VA, .tag = 0x11, .access = ACC_STORE, .bytes = 8, .priv = PRIV_S};

static inline void take(const struct mmu_request *request)
{
	mmu_offer(mmu, MMU_DATA, request);
	mmu_step(mmu);
	assert_false(mmu_offered(mmu, MMU_DATA));
}

static inline struct mmu_answer ok(uint64_t pa, unsigned level)
{
	return (struct mmu_answer){.pa = pa, .tag = load.tag, .level = level};
}

static inline struct mmu_answer page_fault(uint8_t reason, unsigned level)
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

static inline struct mmu_answer store_fault(uint8_t reason, uint8_t cause, unsigned level)
{
	struct mmu_answer a = page_fault(reason, level);
	a.cause = cause;
	return a;
}

static inline struct mmu_answer pmp_fault(unsigned level, bool pte)
{
	struct mmu_answer a = page_fault(REASON_PMP, level);
	a.cause = CAUSE_LOAD_ACCESS;
	a.pte = pte;
	return a;
}

static inline struct mmu_answer bus_error(unsigned level)
{
	struct mmu_answer a = page_fault(REASON_BUS_ERROR, level);
	a.cause = CAUSE_LOAD_ACCESS;
	a.pte = true;
	return a;
}

enum verdict { CURRENT, STALE, REFUSED };

/* Lets the model answer in a step, and tells how the checker took it. */
static inline enum verdict answer_on(enum mmu_port port, struct mmu_answer a)
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

static inline enum verdict answer(struct mmu_answer a)
{
	return answer_on(MMU_DATA, a);
}

/* A load of VA, taken, then answered. */
static inline enum verdict given(struct mmu_answer a)
{
	take(&load);
	return answer(a);
}

/* The model reads VA's PTEs, as a walk does. */
static inline void read_ptes(void)
{
	uint64_t value;
	for (uint64_t table = ROOT; table <= LAST; table += 0x2000)
		assert_true(seen.read(seen.ctx, ENTRY(table), 8, &value));
}

/* In the coming step the model sets bits of the PTE at pa, from what it is now. */
static inline void swap_next(uint64_t pa, uint64_t bits)
{
	uint64_t now = sparse_peek(memory, pa, 8);
	model->swap[model->swaps].pa = pa;
	model->swap[model->swaps].expected = now;
	model->swap[model->swaps++].desired = now | bits;
}

/* Makes a step; true if it brought no mismatch. */
static inline bool step_is_right(void)
{
	struct mmu_counts before, after;
	mmu_counts(mmu, &before);
	mmu_step(mmu);
	mmu_counts(mmu, &after);
	return after.mismatches == before.mismatches;
}

/* The same with such a change. */
static inline bool swap_is_right(uint64_t pa, uint64_t bits)
{
	swap_next(pa, bits);
	return step_is_right();
}

static inline void warm_up(void)
{
	read_ptes();
	assert_int_equal(given(ok(PAGE, 0)), CURRENT);
}

/* The model has read VA's leaf; then it changed to another page. */
static inline void make_leaf_stale(void)
{
	warm_up();
	write_pte(ENTRY(LAST), pte(PAGE_B, LEAF));
}

static inline void fence(bool rs1_x0, uint64_t va, bool rs2_x0, unsigned asid)
{
	assert_true(mmu_fence(
	    mmu, &(struct mmu_fence){.rs1_x0 = rs1_x0, .va = va, .rs2_x0 = rs2_x0, .asid = asid}));
}

static inline void fence_all(void)
{
	fence(true, 0, true, 0);
}

static inline void fence_asid(unsigned asid)
{
	fence(true, 0, false, asid);
}

static inline void fence_va(uint64_t va)
{
	fence(false, va, true, 0);
}

static inline void fence_va_asid(uint64_t va, unsigned asid)
{
	fence(false, va, false, asid);
}

#define ACCEPTED(v) assert_int_equal(v, CURRENT)
#define HELD(v)     assert_int_equal(v, STALE)
#define WRONG(v)    assert_int_equal(v, REFUSED)

#endif
