/*
 * Physical memory protection: every kind of region, its edges, what counts as an access,
 * which entry decides; for S and U, and for M-mode itself. What is locked stays so, and
 * comes last. Page tables are the business of pmpwalk.
 */
#include "pmp.h"
#include "check.h"
#include "context.h"
#include "space.h"

static xword area; /* two pages of RAM, of which regions are made */

/* The smallest region that all kinds but NA4 can have: granule or 8 bytes. */
static xword unit(void)
{
	return pmp_granule() > 8 ? pmp_granule() : 8;
}

static struct probe by(unsigned access, xword va, unsigned bytes)
{
	return (struct probe){.access = access, .priv = PRIV_S, .va = va, .bytes = bytes};
}

static bool done(const struct space *s, struct probe p)
{
	return probe(s, p).done;
}

/* A byte's load is refused inside [from, to) and nowhere beside it. */
static bool refused_between(const struct space *s, xword from, xword to)
{
	return done(s, by(ACC_LOAD, from - 1, 1)) && !done(s, by(ACC_LOAD, from, 1)) &&
	       !done(s, by(ACC_LOAD, (from + to) / 2, 1)) && !done(s, by(ACC_LOAD, to - 1, 1)) &&
	       done(s, by(ACC_LOAD, to, 1));
}

static void all_off(void)
{
	for (unsigned i = 0; i < 3; i++)
		pmp_set(i, PMPCFG_OFF, 0);
}

/* ---- permissions ------------------------------------------------------------------ */

static void permissions(const struct space *s)
{
	static const struct {
		const char *name[3];
		unsigned cfg;
	} rows[] = {
	    {{"none_load", "none_store", "none_fetch"}, 0},
	    {{"r_load", "r_store", "r_fetch"}, PMPCFG_R},
	    {{"x_load", "x_store", "x_fetch"}, PMPCFG_X},
	    {{"rx_load", "rx_store", "rx_fetch"}, PMPCFG_R | PMPCFG_X},
	    {{"rw_load", "rw_store", "rw_fetch"}, PMPCFG_R | PMPCFG_W},
	    {{"rwx_load", "rwx_store", "rwx_fetch"}, PMPCFG_RWX},
	};
	static const unsigned need[] = {PMPCFG_R, PMPCFG_W, PMPCFG_X};
	const struct expected e = {REASON_PMP, .level = LEVEL_NONE};

	for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		pmp_set(0, PMPCFG_NAPOT | rows[i].cfg, pmp_napot(area, 4096));
		for (unsigned access = ACC_LOAD; access <= ACC_FETCH; access++) {
			struct probe p = by(access, area, 0);

			p.priv = i % 2 ? PRIV_U : PRIV_S;
			code_put(area, 5);
			if (rows[i].cfg & need[access])
				expect_done(s, rows[i].name[access], p);
			else
				expect_fault(s, rows[i].name[access], p, e);
		}
	}
	all_off();
}

/* Whoever writes is a store; LR is a load. */
static void kinds(const struct space *s)
{
	const struct expected e = {REASON_PMP, .level = LEVEL_NONE};

	pmp_set(0, PMPCFG_NAPOT | PMPCFG_R, pmp_napot(area, 4096));
	expect_done(s, "lr_reads", by(ACC_LR, area, 0));
	expect_fault(s, "amo_writes", by(ACC_AMO, area, 0), e);
	if (done(s, by(ACC_SC, area, 0)) && !reason_exists())
		check_skip("failing_sc_writes", "an SC that fails is no store here");
	else
		expect_fault(s, "failing_sc_writes", by(ACC_SC, area, 0), e);
	all_off();
}

/* ---- regions ---------------------------------------------------------------------- */

static void napot(const struct space *s)
{
	for (xword bytes = unit(), i = 3; bytes <= 4096; bytes *= 2) {
		for (i = 3; bytes >> i != 1; i++)
			;
		pmp_set(0, PMPCFG_NAPOT, pmp_napot(area + 4096, bytes));
		check(check_name("napot", (unsigned)i),
		      refused_between(s, area + 4096, area + 4096 + bytes));
	}
	all_off();
}

static void na4(const struct space *s)
{
	if (pmp_granule() > 4) {
		check_skip("na4", "no regions that small");
		check("na4_is_off", (pmp_set(0, PMPCFG_NA4, 0), pmp_cfg(0) == PMPCFG_OFF));
	} else {
		pmp_set(0, PMPCFG_NA4, (area + 4096) >> 2);
		check("na4", refused_between(s, area + 4096, area + 4096 + 4));
		check("na4_is_off", true);
	}
	all_off();
}

static void tor(const struct space *s)
{
	xword u = unit();

	pmp_set(0, PMPCFG_OFF, (area + u) >> 2);
	pmp_set(1, PMPCFG_TOR, (area + 3 * u) >> 2);
	check("tor", refused_between(s, area + u, area + 3 * u));
	/* The bound below is an address, whatever its entry is: here a region of its own. */
	pmp_set(0, PMPCFG_NAPOT | PMPCFG_R, (area + u) >> 2);
	check("tor_above_another_kind", refused_between(s, area + 2 * u, area + 3 * u));
	pmp_set(0, PMPCFG_OFF, (area + 3 * u) >> 2);
	check("tor_empty",
	      done(s, by(ACC_LOAD, area + 3 * u, 1)) && done(s, by(ACC_LOAD, area + 3 * u - 1, 1)));
	pmp_set(0, PMPCFG_OFF, (area + 5 * u) >> 2);
	check("tor_upside_down", done(s, by(ACC_LOAD, area + 4 * u, 1)));

	/* Entry 0 begins at address 0. */
	pmp_set(0, PMPCFG_TOR | PMPCFG_RWX, (area + u) >> 2);
	pmp_set(1, PMPCFG_NAPOT, pmp_napot(area, 4096));
	check("tor_from_zero",
	      done(s, by(ACC_LOAD, area + u - 1, 1)) && !done(s, by(ACC_LOAD, area + u, 1)));
	all_off();
}

static void granularity(void)
{
	xword all_ones = ~(xword)0;

	/* What a region's size hides comes back with its kind (machine.adoc). */
	pmp_set(0, PMPCFG_NAPOT, all_ones);
	bool ones = (pmp_address(0) & (pmp_granule() / 8)) == pmp_granule() / 8;

	pmp_set_cfg(0, PMPCFG_OFF);
	bool zeroes = (pmp_address(0) & (pmp_granule() / 4 - 1)) == 0;

	check("address_reads_ones_as_napot", ones);
	check("address_reads_zeroes_as_off", zeroes);
	all_off();
}

/* ---- which entry decides ------------------------------------------------------------- */

static void priority(const struct space *s)
{
	xword u = unit();

	pmp_set(0, PMPCFG_NAPOT | PMPCFG_R, pmp_napot(area, u));
	pmp_set(1, PMPCFG_NAPOT, pmp_napot(area, 4096));
	check("lowest_entry_allows",
	      done(s, by(ACC_LOAD, area, 1)) && !done(s, by(ACC_LOAD, area + u, 1)));
	pmp_set(0, PMPCFG_NAPOT, pmp_napot(area, u));
	pmp_set(1, PMPCFG_NAPOT | PMPCFG_R, pmp_napot(area, 4096));
	check("lowest_entry_refuses",
	      !done(s, by(ACC_LOAD, area, 1)) && done(s, by(ACC_LOAD, area + u, 1)));
	all_off();
}

/* An entry that matches a part of an access refuses all of it, though all would allow. */
static void partial(const struct space *s)
{
	const struct expected e = {REASON_PMP, .level = LEVEL_NONE};
	const unsigned word = sizeof(xword);
	xword end = area + unit();

	pmp_set(0, PMPCFG_NAPOT | PMPCFG_RWX, pmp_napot(area, unit()));
	expect_fault(s, "partial_load", by(ACC_LOAD, end - word / 2, word), e);
	expect_fault(s, "partial_store", by(ACC_STORE, end - 1, 2), e);
	expect_done(s, "inside", by(ACC_LOAD, end - word, word));
	expect_done(s, "beside", by(ACC_STORE, end, word));
	all_off();
}

/* ---- M-mode ------------------------------------------------------------------------------- */

/* A load and a store of M-mode, with the eyes of `priv`. */
static bool machine_load(unsigned priv, xword va, struct trap *t)
{
	xword bits = (xword)priv << MSTATUS_MPP_SHIFT | MSTATUS_MPRV, value;

	catch_begin();
	csr_clear(mstatus, MSTATUS_MPP);
	__asm__ volatile(".option push\n.option norvc\n"
			 "csrs mstatus, %2\n"
			 "lw %0, (%1)\n"
			 "csrc mstatus, %2\n"
			 ".option pop"
			 : "=&r"(value)
			 : "r"(va), "r"(bits)
			 : "memory");
	*t = catch_end();
	return !t->taken;
}

static bool machine_store(xword va, struct trap *t)
{
	catch_begin();
	__asm__ volatile("sw zero, (%0)" ::"r"(va) : "memory");
	*t = catch_end();
	return !t->taken;
}

static void no_entry(const struct space *s)
{
	const struct expected e = {REASON_PMP, .level = LEVEL_NONE,
				   .optional = "leaving M-mode traps here"};
	struct probe p = by(ACC_FETCH, area, 0);
	struct trap t;

	pmp_set_cfg(pmp_open(), PMPCFG_OFF);
	expect_fault(s, "no_entry_refuses_supervisor", p, e);
	p.priv = PRIV_U;
	expect_fault(s, "no_entry_refuses_user", p, e);
	check("no_entry_allows_machine", machine_load(PRIV_M, area, &t));
	pmp_set_cfg(pmp_open(), PMPCFG_NAPOT | PMPCFG_RWX);
}

static void machine(void)
{
	struct trap t;

	pmp_set(0, PMPCFG_NAPOT, pmp_napot(area, 4096));
	check("machine_is_free", machine_load(PRIV_M, area, &t) && machine_store(area, &t));
	check("mprv_is_not",
	      !machine_load(PRIV_S, area, &t) && t.cause == CAUSE_LOAD_ACCESS && t.tval == area);
	check("mprv_as_user", !machine_load(PRIV_U, area, &t) && t.cause == CAUSE_LOAD_ACCESS);
	all_off();
}

/* A call of what may not be run comes back with a trap. */
static void machine_fetch(const char *name)
{
	catch_begin();
	((void (*)(void))area)();
	struct trap t = catch_end();

	check(name, t.taken && t.cause == CAUSE_FETCH_ACCESS && t.tval == area && t.pc == area);
}

/* From here on nothing can be taken back. */
static void locks(const struct space *s)
{
	struct trap t;
	xword end = area + unit();

	pmp_set(0, PMPCFG_OFF, area >> 2);
	pmp_set(1, PMPCFG_L | PMPCFG_TOR | PMPCFG_R, end >> 2);
	check("locked_load", machine_load(PRIV_M, area, &t));
	check("locked_store",
	      !machine_store(area, &t) && t.cause == CAUSE_STORE_ACCESS && t.tval == area);
	machine_fetch("locked_fetch");
	check("locked_partial", !machine_load(PRIV_M, end - 2, &t) &&
				    t.cause == CAUSE_LOAD_ACCESS && t.tval == end - 2);
	check("locked_for_all", !done(s, by(ACC_STORE, area, 0)));
	pmp_set(1, PMPCFG_NAPOT | PMPCFG_RWX, ~(xword)0);
	check("locked_cfg", pmp_cfg(1) == (PMPCFG_L | PMPCFG_TOR | PMPCFG_R));
	check("locked_address", pmp_address(1) == end >> 2);
	pmp_set_address(0, 0);
	check("locked_bound_below", pmp_address(0) == area >> 2);
	pmp_set_cfg(0, PMPCFG_R | PMPCFG_NAPOT);
	check("not_locked_below", pmp_cfg(0) == (PMPCFG_R | PMPCFG_NAPOT));
	pmp_set_cfg(0, PMPCFG_OFF);
	pmp_set(2, PMPCFG_L, area >> 2); /* off, and locked all the same */
	pmp_set(2, PMPCFG_RWX, 0);
	check("locked_off", pmp_cfg(2) == PMPCFG_L && pmp_address(2) == area >> 2);
}

int main(void)
{
	struct space s;

	space_start();
	pmp_start();
	if (pmp_entries() < 4) {
		check_skip("pmp", "no PMP here");
		return check_end();
	}
	area = frame_block(8192);
	space_open_bare(&s);
	space_use(&s);
	permissions(&s);
	kinds(&s);
	napot(&s);
	na4(&s);
	tor(&s);
	granularity();
	priority(&s);
	partial(&s);
	no_entry(&s);
	machine();
	locks(&s);
	return check_end();
}
