/*
 * Shadow stacks (Zicfiss): pages that only their own instructions write, and that those
 * instructions do not leave; what becomes of the instructions where it is switched off.
 */
#include "check.h"
#include "context.h"
#include "extensions.h"
#include "pmp.h"
#include "space.h"

#define PAGE  0x40000000ul
#define OTHER 0x40001000ul

#define INSN_ECALL     0x00000073u
#define INSN_PUSH_X1   0xce104073u
#define INSN_POP_X5    0xcdc2c073u
#define INSN_SSRDP_A0  0xcdc04573u
#define INSN_C_MOP_1_5 0x62816081u /* c.sspush x1, c.sspopchk x5 */
#define INSN_R_SSP_A0  0x01102573u /* csrr a0, ssp */
#define INSN_SWAP      0x48b5252fu /* ssamoswap.w a0, a1, (a0) */

static bool there; /* the machine has it: ssp exists */

static const unsigned stack = PT_STACK | PT_U;

static struct probe by(unsigned access, xword va)
{
	return (struct probe){.access = access, .priv = PRIV_U, .va = va};
}

static xword open(struct space *s, enum pt_mode mode, uint64_t flags)
{
	space_open(s, mode, PT_ALL_LEVELS, 1);

	xword frame = space_page(s, PAGE, PT_READ);

	pte_put(s, PAGE, 0, pt_leaf(frame, flags));
	space_use(s);
	return frame;
}

static void close(struct space *s, xword frame)
{
	space_close(s);
	frame_free(frame);
}

/* ---- what they do ------------------------------------------------------------------ */

static void pushes_and_pops(enum pt_mode mode)
{
	struct space s;
	xword frame = open(&s, mode, stack);
	struct probe p = by(ACC_SS_STORE, PAGE + 64);

	p.value = 4711;
	expect_done(&s, "push", p);
	check_equal("push_moves_ssp", PAGE + 64, csr_read(CSR_SSP));
	check_equal("push_stores", 4711, *word_at(frame + 64));
	p.access = ACC_SS_LOAD;
	expect_done(&s, "pop", p);
	check_equal("pop_moves_ssp", PAGE + 64 + sizeof(xword), csr_read(CSR_SSP));
	p.value = 4712;

	struct outcome o = probe(&s, p);

	check("pop_of_another_value", !o.done && o.cause == CAUSE_SOFTWARE_CHECK && o.tval == 3);
	check_equal("and_ssp_stays", PAGE + 64, csr_read(CSR_SSP));
	p.access = ACC_SS_AMO;
	expect_value(&s, "swap", p, 4711);
	check_equal("swap_stores", 4712, *word_at(frame + 64));
	close(&s, frame);
}

/* ---- who may touch what ---------------------------------------------------------------- */

static void stack_pages(enum pt_mode mode)
{
	const struct expected refused = {REASON_SHADOW_STACK, .level = 0};
	struct space s;
	xword frame = open(&s, mode, stack);

	*word_at(frame) = 9;
	expect_value(&s, "load_reads_it", by(ACC_LOAD, PAGE), 9);
	expect_value(&s, "lr_reads_it", by(ACC_LR, PAGE), 9);
	expect_done(&s, "prefetch_may", by(ACC_PREFETCH, PAGE));
	expect_fault(&s, "store", by(ACC_STORE, PAGE), refused);
	expect_fault(&s, "sc", by(ACC_SC, PAGE), refused);
	expect_fault(&s, "amo", by(ACC_AMO, PAGE), refused);
	expect_fault(&s, "cbo_zero", by(ACC_CBO_ZERO, PAGE), refused);
	expect_fault(&s, "cbo_flush", by(ACC_CBO_MANAGE, PAGE), refused);
	expect_fault(&s, "fetch", by(ACC_FETCH, PAGE), refused);
	check_equal("nothing_was_written", 9, *word_at(frame));
	close(&s, frame);
}

static void other_pages(enum pt_mode mode)
{
	static const struct {
		const char *name[3];
		unsigned flags, reason;
	} rows[] = {
	    {{"rw_pop", "rw_push", "rw_swap"}, PT_WRITE | PT_U, REASON_SHADOW_STACK},
	    {{"rwx_pop", "rwx_push", "rwx_swap"}, PT_WRITE | PT_X | PT_U, REASON_SHADOW_STACK},
	    {{"x_pop", "x_push", "x_swap"}, PT_X | PT_A | PT_U, REASON_SHADOW_STACK},
	    {{"rx_pop", "rx_push", "rx_swap"}, PT_EXEC | PT_U, REASON_SHADOW_STACK},
	    {{"r_pop", "r_push", "r_swap"}, PT_READ | PT_U, REASON_NOT_WRITABLE},
	    {{"wx_pop", "wx_push", "wx_swap"},
	     PT_W | PT_X | PT_A | PT_D | PT_U,
	     REASON_PTE_RESERVED},
	    {{"kernels_pop", "kernels_push", "kernels_swap"}, PT_STACK, REASON_SUPERVISOR_PAGE},
	};

	for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct expected e = {rows[i].reason, .level = 0};
		struct space s;
		xword frame = open(&s, mode, rows[i].flags);

		expect_fault(&s, rows[i].name[0], by(ACC_SS_LOAD, PAGE), e);
		expect_fault(&s, rows[i].name[1], by(ACC_SS_STORE, PAGE), e);
		expect_fault(&s, rows[i].name[2], by(ACC_SS_AMO, PAGE), e);
		close(&s, frame);
	}
}

/* A page fault comes before the access fault; a pop needs A, the others D too. */
static void order(enum pt_mode mode)
{
	struct space s;
	xword frame = open(&s, mode, PT_WRITE);

	expect_fault(&s, "supervisor_page_first", by(ACC_SS_STORE, PAGE),
		     (struct expected){REASON_SUPERVISOR_PAGE, .level = 0});
	pte_put(&s, PAGE, 0, pt_leaf(frame, PT_W | PT_U));
	fence_all();
	expect_fault(&s, "shadow_stack_before_accessed", by(ACC_STORE, PAGE),
		     (struct expected){REASON_SHADOW_STACK, .level = 0});
	expect_fault(&s, "pop_needs_a", by(ACC_SS_LOAD, PAGE),
		     (struct expected){REASON_ACCESSED_CLEAR, .level = 0});
	pte_put(&s, PAGE, 0, pt_leaf(frame, PT_W | PT_U | PT_A));
	fence_all();
	*word_at(frame) = 0;
	expect_done(&s, "pop_needs_no_d", by(ACC_SS_LOAD, PAGE));
	expect_fault(&s, "push_needs_d", by(ACC_SS_STORE, PAGE),
		     (struct expected){REASON_DIRTY_CLEAR, .level = 0});
	close(&s, frame);
}

/* Reading and writing must both be allowed, even to a pop. */
static void protection(enum pt_mode mode)
{
	const struct expected e = {REASON_PMP, .level = 0};
	struct space s;
	xword frame = open(&s, mode, stack);
	const char *before = check_skip_all(pmp_entries() < 2 ? "no PMP here" : NULL);

	pmp_set(0, PMPCFG_NAPOT | PMPCFG_R, pmp_napot(frame, 4096));
	expect_fault(&s, "protected_pop", by(ACC_SS_LOAD, PAGE), e);
	expect_fault(&s, "protected_push", by(ACC_SS_STORE, PAGE), e);
	expect_fault(&s, "protected_swap", by(ACC_SS_AMO, PAGE), e);
	pmp_set(0, PMPCFG_OFF, 0);
	check_skip_back(before);
	close(&s, frame);
}

static void bare(void)
{
	const struct expected e = {REASON_SHADOW_STACK, .level = LEVEL_NONE};
	xword frame = frame_alloc();
	struct space s;

	check_group("bare");
	space_open_bare(&s);
	space_use(&s);
	expect_fault(&s, "pop", by(ACC_SS_LOAD, frame), e);
	expect_fault(&s, "push", by(ACC_SS_STORE, frame), e);
	expect_fault(&s, "swap", by(ACC_SS_AMO, frame), e);
	space_close(&s);
	check_group(NULL);
	frame_free(frame);
}

/* ---- switched off ------------------------------------------------------------------------ */

static struct context run(unsigned priv, uint32_t first, uint32_t second)
{
	static uint32_t code[3];
	struct context c = {.priv = priv, .pc = (xword)code, .x = {[REG_RA] = 5, [REG_A0] = 6}};

	((volatile uint32_t *)code)[0] = first;
	((volatile uint32_t *)code)[1] = second;
	((volatile uint32_t *)code)[2] = INSN_ECALL;
	fence_instructions();
	machine_run(&c);
	return c;
}

static bool ecalled(const struct context *c)
{
	return c->cause == CAUSE_ECALL_U || c->cause == CAUSE_ECALL_S;
}

/* They do nothing but write zero, or are not there. */
static void inactive(const char *group, unsigned priv)
{
	check_group(group);

	struct context c = run(priv, INSN_PUSH_X1, INSN_POP_X5);
	check("push_and_pop_do_nothing", ecalled(&c));
	c = run(priv, INSN_C_MOP_1_5, INSN_ECALL);
	check("compressed_do_nothing", ecalled(&c));
	c = run(priv, INSN_SSRDP_A0, INSN_ECALL);
	check("ssrdp_gives_zero", ecalled(&c) && c.x[REG_A0] == 0);
	c = run(priv, INSN_R_SSP_A0, INSN_ECALL);
	check("no_ssp", c.cause == CAUSE_ILLEGAL);
	c = run(priv, INSN_SWAP, INSN_ECALL);
	check("no_swap", c.cause == CAUSE_ILLEGAL);
	check_group(NULL);
}

static void switched_off(enum pt_mode mode)
{
	struct space s;
	xword frame = open(&s, mode, stack);

	probe(&s, by(ACC_LOAD, PAGE)); /* so that a TLB may know it */
	switch_shadow_stack(false);
	expect_fault(&s, "off_is_reserved", by(ACC_LOAD, PAGE),
		     (struct expected){REASON_PTE_RESERVED, .level = 0});
	if (there)
		switch_shadow_stack(true);
	close(&s, frame);
}

static void test(enum pt_mode mode)
{
	pushes_and_pops(mode);
	stack_pages(mode);
	other_pages(mode);
	order(mode);
	protection(mode);
	switched_off(mode);
}

int main(void)
{
	space_start();
	pmp_start();
	there = switch_shadow_stack(true);

	const char *before = check_skip_all(there ? NULL : "no Zicfiss here");

	if (there)
		csr_set(CSR_SENVCFG, (xword)1 << ENVCFG_SSE);
	csr_set(CSR_MENVCFG, ENVCFG_CBIE | ENVCFG_CBCFE | ENVCFG_CBZE);
	csr_set(CSR_SENVCFG, ENVCFG_CBIE | ENVCFG_CBCFE | ENVCFG_CBZE);
	catch_begin(); /* what is skipped may trap all the way */
	for_each_mode(test);
	bare();
	check("no_trap_of_its_own", !catch_end().taken);

	csr_clear(CSR_SENVCFG, (xword)1 << ENVCFG_SSE);
	inactive("off_in_senvcfg", PRIV_U);
	switch_shadow_stack(false);
	inactive("off_in_menvcfg", PRIV_S);
	inactive("off_in_both", PRIV_U);
	check_skip_back(before);
	return check_end();
}
