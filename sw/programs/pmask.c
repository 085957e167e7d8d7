/*
 * Pointer masking: the upper 7 or 16 bits of an address are the program's, for loads,
 * stores, atomics and cache blocks; not for fetches. Each privilege has its own switch.
 */
#include "check.h"
#include "context.h"
#include "extensions.h"
#include "space.h"

#if XLEN == 64

#define PAGE 0x40000000ul

static const unsigned all = PT_WRITE | PT_X | PT_U;

static const struct masking {
	unsigned pmm, bits;
	const char *name;
} maskings[] = {{PMM_7, 7, "7"}, {PMM_16, 16, "16"}};

/* Something in all masked bits, and nothing that a sign would give. */
static xword tagged(const struct masking *m, xword va)
{
	const xword tag = 0x5a5a;
	unsigned shift = 64 - m->bits;

	return (va & ~(~(xword)0 << shift)) | tag << shift;
}

/* What hardware makes of it: the sign of the highest bit that is left. */
static xword sign_extended(const struct masking *m, xword va)
{
	return (xword)((long)(va << m->bits) >> m->bits);
}

static const char *name_of(const struct masking *m, const char *what)
{
	return check_name(what, m->bits);
}

/* ---- in an address space --------------------------------------------------------- */

static xword open(struct space *s, enum pt_mode mode)
{
	space_open(s, mode, PT_ALL_LEVELS, 1);

	xword frame = space_page(s, PAGE, all);

	space_page(s, PAGE + 4096, all);
	space_use(s);
	return frame;
}

static void works(enum pt_mode mode, unsigned priv, const struct masking *m)
{
	static const struct {
		unsigned access;
		const char *user, *supervisor;
	} rows[] = {
	    {ACC_LOAD, "user_load", "supervisor_load"},
	    {ACC_STORE, "user_store", "supervisor_store"},
	    {ACC_LR, "user_lr", "supervisor_lr"},
	    {ACC_SC, "user_sc", "supervisor_sc"},
	    {ACC_AMO, "user_amo", "supervisor_amo"},
	    {ACC_CBO_ZERO, "user_cbo_zero", "supervisor_cbo_zero"},
	    {ACC_CBO_MANAGE, "user_cbo_flush", "supervisor_cbo_flush"},
	};
	const struct expected noncanonical = {REASON_NONCANONICAL, .level = LEVEL_NONE};
	struct space s;

	open(&s, mode);
	for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const char *what = priv == PRIV_U ? rows[i].user : rows[i].supervisor;
		struct probe p = {.access = rows[i].access,
				  .priv = priv,
				  .sum = true,
				  .va = tagged(m, PAGE + 0x100)};

		switch_masking(priv, m->pmm);
		expect_done(&s, name_of(m, what), p);
		switch_masking(priv, PMM_OFF);
		/* Off at once, without a fence, whatever a TLB kept. */
		expect_fault(&s, check_name("off", i), p, noncanonical);
	}
	space_close(&s);
}

/* Not for who has another switch, nor for fetches. */
static void others(enum pt_mode mode, const struct masking *m)
{
	struct probe p = {.access = ACC_FETCH, .priv = PRIV_U, .va = tagged(m, PAGE)};
	const struct expected e = {REASON_NONCANONICAL, .level = LEVEL_NONE};
	struct space s;

	open(&s, mode);
	switch_masking(PRIV_U, m->pmm);
	expect_fault(&s, name_of(m, "fetch_is_not_masked"), p, e);
	p.access = ACC_LOAD;
	p.priv = PRIV_S;
	p.sum = true;
	expect_fault(&s, name_of(m, "not_for_supervisor"), p, e);
	switch_masking(PRIV_U, PMM_OFF);
	switch_masking(PRIV_S, m->pmm);
	p.priv = PRIV_U;
	expect_fault(&s, name_of(m, "not_for_user"), p, e);
	/* With MXR an address is an address. */
	p.priv = PRIV_S;
	p.mxr = true;
	expect_fault(&s, name_of(m, "not_with_mxr"), p, e);
	switch_masking(PRIV_S, PMM_OFF);
	space_close(&s);
}

/* A fault names the address that was meant, each half of a crossing its own. */
static void trap_values(enum pt_mode mode, const struct masking *m)
{
	struct probe p = {.access = ACC_LOAD, .priv = PRIV_U, .va = tagged(m, PAGE + 0x2010)};
	struct expected e = {REASON_PTE_INVALID, .level = 0};
	struct space s;

	open(&s, mode);
	switch_masking(PRIV_U, m->pmm);
	e.tval = PAGE + 0x2010;
	expect_fault(&s, name_of(m, "trap_value"), p, e);
	p.va = tagged(m, PAGE + 0x1ffc);
	e.tval = PAGE + 0x2000;
	expect_fault(&s, name_of(m, "trap_value_of_second_half"), p, e);
	p.access = ACC_AMO;
	p.va = tagged(m, PAGE + 0x1001);

	struct outcome o = probe(&s, p);

	check(name_of(m, "misaligned_trap_value"),
	      !o.done && o.cause == CAUSE_STORE_MISALIGNED && o.tval == PAGE + 0x1001);

	/* The sign that is left may make it another address altogether. */
	p.access = ACC_LOAD;
	p.va = tagged(m, ~(xword)0xffff);
	e.tval = sign_extended(m, p.va);
	e.level = pt_levels(mode) - 1;
	expect_fault(&s, name_of(m, "upper_half"), p, e);
	switch_masking(PRIV_U, PMM_OFF);
	space_close(&s);
}

/* ---- without translation ------------------------------------------------------------ */

static void bare(const struct masking *m)
{
	struct probe p = {.access = ACC_LOAD, .priv = PRIV_S};
	xword frame = frame_alloc(), value;
	struct space s;

	space_open_bare(&s);
	space_use(&s);
	*word_at(frame) = 88;
	p.va = tagged(m, frame);
	switch_masking(PRIV_S, m->pmm);
	expect_value(&s, name_of(m, "bare"), p, 88);
	p.va = ~(xword)0;
	p.bytes = 1;

	struct outcome o = probe(&s, p);

	check(name_of(m, "bare_is_zero_extended"),
	      !o.done && o.cause == CAUSE_LOAD_ACCESS && o.tval == ~(xword)0 >> m->bits);
	p.va = tagged(m, frame);
	p.bytes = 0;
	p.mxr = true; /* even here */
	o = probe(&s, p);
	check(name_of(m, "bare_not_with_mxr"),
	      !o.done && o.cause == CAUSE_LOAD_ACCESS && o.tval == p.va);
	switch_masking(PRIV_S, PMM_OFF);
	space_close(&s);

	switch_masking(PRIV_M, m->pmm);
	catch_begin();
	csr_set(mstatus, MSTATUS_MXR);
	value = *word_at(tagged(m, frame));
	csr_clear(mstatus, MSTATUS_MXR);

	struct trap t = catch_end();

	switch_masking(PRIV_M, PMM_OFF);
	check(name_of(m, "machine_even_with_mxr"), !t.taken && value == 88);
	frame_free(frame);
}

static void reserved_value(unsigned priv, const char *name)
{
	switch_masking(priv, PMM_7);

	bool taken = switch_masking(priv, 1);

	check(name, !taken);
	switch_masking(priv, PMM_OFF);
}

static void test(enum pt_mode mode)
{
	for (unsigned i = 0; i < sizeof maskings / sizeof maskings[0]; i++) {
		works(mode, PRIV_U, &maskings[i]);
		works(mode, PRIV_S, &maskings[i]);
		others(mode, &maskings[i]);
		trap_values(mode, &maskings[i]);
	}
}

static bool masks(void)
{
	bool all_of_them = true;

	for (unsigned priv = PRIV_U; priv <= PRIV_M; priv += priv + 1)
		for (unsigned i = 0; i < 2; i++)
			all_of_them = switch_masking(priv, maskings[i].pmm) && all_of_them;
	for (unsigned priv = PRIV_U; priv <= PRIV_M; priv += priv + 1)
		switch_masking(priv, PMM_OFF);
	return all_of_them;
}

int main(void)
{
	space_start();
	csr_set(CSR_MENVCFG, ENVCFG_CBIE | ENVCFG_CBCFE | ENVCFG_CBZE);
	csr_set(CSR_SENVCFG, ENVCFG_CBIE | ENVCFG_CBCFE | ENVCFG_CBZE);
	if (!masks())
		check_skip_all("no pointer masking here");
	for_each_mode(test);
	for (unsigned i = 0; i < sizeof maskings / sizeof maskings[0]; i++)
		bare(&maskings[i]);
	reserved_value(PRIV_U, "no_value_1_for_user");
	reserved_value(PRIV_S, "no_value_1_for_supervisor");
	reserved_value(PRIV_M, "no_value_1_for_machine");
	return check_end();
}

#else

int main(void)
{
	check_skip("pointer_masking", "RV64 only");
	return check_end();
}

#endif
