/*
 * Cache-block operations: which permission each needs, what it does to A and D, which
 * address a fault names; and that a prefetch never traps.
 */
#include "check.h"
#include "context.h"
#include "extensions.h"
#include "pmp.h"
#include "space.h"

#define PAGE 0x40000000ul
#define HERE (PAGE + 0x7a3) /* in the middle of a block */

#define INSN_ECALL 0x00000073u
#define INVAL_A0   0x0005200fu
#define CLEAN_A0   0x0015200fu
#define FLUSH_A0   0x0025200fu
#define ZERO_A0    0x0045200fu

static const unsigned all = PT_WRITE | PT_X | PT_U;

static struct probe by(unsigned access)
{
	return (struct probe){.access = access, .priv = PRIV_U, .va = HERE};
}

/* One space for all checks of a mode, and the frame behind its page. */
static struct space s;
static xword frame;

static void open(enum pt_mode mode)
{
	space_open(&s, mode, PT_ALL_LEVELS, 1);
	frame = space_page(&s, PAGE, PT_READ);
	space_use(&s);
}

/* The page anew with these flags; 0: not mapped. */
static void page(uint64_t flags)
{
	pte_put(&s, PAGE, 0, flags ? pt_leaf(frame, flags) : 0);
	fence_all();
}

/* ---- what it does ------------------------------------------------------------------ */

static void zeroes(void)
{
	volatile uint8_t *byte = (volatile uint8_t *)frame;
	bool right = true;

	page(all);
	for (unsigned i = 0; i < 4096; i++)
		byte[i] = 0xa5;
	probe(&s, by(ACC_CBO_ZERO));
	for (unsigned i = 0; i < 4096; i++)
		right =
		    right && byte[i] == (i / CACHE_BLOCK == (HERE & 4095) / CACHE_BLOCK ? 0 : 0xa5);
	check("zero_clears_its_block", right);
	byte[0x7a3] = 0xa5;
	probe(&s, by(ACC_CBO_MANAGE));
	check("flush_changes_nothing", byte[0x7a3] == 0xa5);
}

/* ---- permissions ------------------------------------------------------------------------ */

struct row {
	const char *name;
	unsigned access;
	uint64_t flags;
	unsigned reason; /* REASON_NONE: goes through */
};

static void check_row(const struct row *r)
{
	page(r->flags);
	if (r->reason == REASON_NONE)
		expect_done(&s, r->name, by(r->access));
	else
		expect_fault(&s, r->name, by(r->access), (struct expected){r->reason, .level = 0});
}

static void permissions(void)
{
	static const struct row rows[] = {
	    {"zero_rw", ACC_CBO_ZERO, PT_WRITE | PT_U, REASON_NONE},
	    {"zero_r", ACC_CBO_ZERO, PT_READ | PT_U, REASON_NOT_WRITABLE},
	    {"zero_x", ACC_CBO_ZERO, PT_X | PT_A | PT_U, REASON_NOT_WRITABLE},
	    {"zero_kernels", ACC_CBO_ZERO, PT_WRITE, REASON_SUPERVISOR_PAGE},
	    {"zero_nothing", ACC_CBO_ZERO, 0, REASON_PTE_INVALID},
	    {"zero_not_accessed", ACC_CBO_ZERO, PT_R | PT_W | PT_U, REASON_ACCESSED_CLEAR},
	    {"zero_not_dirty", ACC_CBO_ZERO, PT_R | PT_W | PT_A | PT_U, REASON_DIRTY_CLEAR},
	    {"flush_rw", ACC_CBO_MANAGE, PT_WRITE | PT_U, REASON_NONE},
	    {"flush_r", ACC_CBO_MANAGE, PT_READ | PT_U, REASON_NONE},
	    {"flush_rx", ACC_CBO_MANAGE, PT_EXEC | PT_U, REASON_NONE},
	    {"flush_x", ACC_CBO_MANAGE, PT_X | PT_A | PT_U, REASON_NOT_READABLE},
	    {"flush_kernels", ACC_CBO_MANAGE, PT_WRITE, REASON_SUPERVISOR_PAGE},
	    {"flush_nothing", ACC_CBO_MANAGE, 0, REASON_PTE_INVALID},
	    {"flush_not_accessed", ACC_CBO_MANAGE, PT_R | PT_U, REASON_ACCESSED_CLEAR},
	    {"flush_not_dirty", ACC_CBO_MANAGE, PT_R | PT_W | PT_A | PT_U, REASON_NONE},
	    {"prefetch_r", ACC_PREFETCH, PT_READ | PT_U, REASON_NONE},
	    {"prefetch_x", ACC_PREFETCH, PT_X | PT_A | PT_U, REASON_NONE},
	    {"prefetch_kernels", ACC_PREFETCH, PT_WRITE, REASON_NONE},
	    {"prefetch_nothing", ACC_PREFETCH, 0, REASON_NONE},
	    {"prefetch_not_accessed", ACC_PREFETCH, PT_R | PT_U, REASON_NONE},
	};

	for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++)
		check_row(&rows[i]);

	/* With MXR a load may read what can be run, and so may these. */
	struct probe p = by(ACC_CBO_MANAGE);

	p.mxr = true;
	page(PT_X | PT_A | PT_U);
	expect_done(&s, "flush_x_with_mxr", p);
}

static void update(void)
{
	static const struct {
		const char *name;
		unsigned access, set;
	} rows[] = {
	    {"zero_sets_both", ACC_CBO_ZERO, PT_A | PT_D},
	    {"flush_sets_a", ACC_CBO_MANAGE, PT_A},
	    {"prefetch_sets_nothing", ACC_PREFETCH, 0},
	};
	bool have = switch_update(true);
	const char *before = check_skip_all(have ? NULL : "no Svadu here");

	for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		page(PT_R | PT_W | PT_U);
		probe(&s, by(rows[i].access));
		check(rows[i].name,
		      pte_get(&s, PAGE, 0) == pt_leaf(frame, PT_R | PT_W | PT_U | rows[i].set));
	}
	switch_update(false);
	check_skip_back(before);
}

/* The whole block counts. */
static void protection(void)
{
	const struct expected e = {REASON_PMP, .level = 0};
	xword block = frame + ((HERE & 4095) & ~(xword)(CACHE_BLOCK - 1));
	const char *before = check_skip_all(pmp_entries() < 2 ? "no PMP here" : NULL);

	page(all);
	pmp_set(0, PMPCFG_NAPOT | PMPCFG_R, pmp_napot(block, CACHE_BLOCK));
	expect_fault(&s, "protected_zero", by(ACC_CBO_ZERO), e);
	expect_done(&s, "protected_flush", by(ACC_CBO_MANAGE));
	pmp_set(0, PMPCFG_NAPOT | PMPCFG_X, pmp_napot(block, CACHE_BLOCK));
	expect_fault(&s, "unreadable_flush", by(ACC_CBO_MANAGE), e);
	pmp_set(0, PMPCFG_NAPOT | PMPCFG_RWX, pmp_napot(block, CACHE_BLOCK / 2));
	expect_fault(&s, "half_a_block_zero", by(ACC_CBO_ZERO), e);
	expect_fault(&s, "half_a_block_flush", by(ACC_CBO_MANAGE), e);
	expect_done(&s, "half_a_block_prefetch", by(ACC_PREFETCH));
	pmp_set(0, PMPCFG_OFF, 0);
	check_skip_back(before);
}

/* ---- who may ---------------------------------------------------------------------------- */

/* A block of its own, for what clears one. */
static _Alignas(CACHE_BLOCK) uint8_t victim[CACHE_BLOCK];

static bool legal(unsigned priv, uint32_t insn)
{
	static uint32_t code[2];
	struct context c = {.priv = priv, .pc = (xword)code, .x = {[REG_A0] = (xword)victim}};

	((volatile uint32_t *)code)[0] = insn;
	((volatile uint32_t *)code)[1] = INSN_ECALL;
	fence_instructions();
	machine_run(&c);
	return c.cause == CAUSE_ECALL_U || c.cause == CAUSE_ECALL_S;
}

static void set_enables(xword m, xword s)
{
	csr_clear(CSR_MENVCFG, ENVCFG_CBIE | ENVCFG_CBCFE | ENVCFG_CBZE);
	csr_clear(CSR_SENVCFG, ENVCFG_CBIE | ENVCFG_CBCFE | ENVCFG_CBZE);
	csr_set(CSR_MENVCFG, m);
	csr_set(CSR_SENVCFG, s);
}

static void enables(const char *name, uint32_t insn, xword field)
{
	const xword every = ENVCFG_CBIE | ENVCFG_CBCFE | ENVCFG_CBZE;
	bool right = true;

	set_enables(every & ~field, every & ~field);
	right = right && !legal(PRIV_S, insn) && !legal(PRIV_U, insn);
	set_enables(field, 0);
	right = right && legal(PRIV_S, insn) && !legal(PRIV_U, insn);
	set_enables(0, field);
	right = right && !legal(PRIV_S, insn) && !legal(PRIV_U, insn);
	set_enables(field, field);
	right = right && legal(PRIV_S, insn) && legal(PRIV_U, insn);
	check(name, right);
	set_enables(every, every);
}

static void test(enum pt_mode mode)
{
	open(mode);
	zeroes();
	permissions();
	update();
	protection();
	space_close(&s);
	frame_free(frame);
}

int main(void)
{
	space_start();
	pmp_start();
	catch_begin();
	__asm__ volatile(".insn i 0x0f, 2, x0, %0, 1" ::"r"(victim) : "memory"); /* cbo.clean */
	if (catch_end().taken)
		check_skip_all("no cache-block operations here");
	enables("inval_has_its_enable", INVAL_A0, ENVCFG_CBIE);
	enables("clean_has_its_enable", CLEAN_A0, ENVCFG_CBCFE);
	enables("flush_has_its_enable", FLUSH_A0, ENVCFG_CBCFE);
	enables("zero_has_its_enable", ZERO_A0, ENVCFG_CBZE);
	for_each_mode(test);
	return check_end();
}
