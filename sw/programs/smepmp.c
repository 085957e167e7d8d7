/*
 * Protection of M-mode from itself (Smepmp): the whole truth table of what a region
 * allows to M, S and U once mseccfg.MML is set, what has no region, and what can no
 * longer be written. Nothing of it can be taken back, so the order matters.
 */
#include "check.h"
#include "console.h"
#include "context.h"
#include "extensions.h"
#include "pmp.h"
#include "space.h"

#define MML  ((xword)1 << MSECCFG_MML)
#define MMWP ((xword)1 << MSECCFG_MMWP)
#define RLB  ((xword)1 << MSECCFG_RLB)

extern char image_start[], user_start[], probe_page[];

static const char *const privilege_name[] = {[PRIV_U] = "user", [PRIV_S] = "supervisor"};

/* ---- accesses ---------------------------------------------------------------------- */

static xword area; /* a page of RAM, which entry 0 is about */

static bool machine_load(xword va)
{
	xword value;

	catch_begin();
	__asm__ volatile("lw %0, (%1)" : "=r"(value) : "r"(va) : "memory");
	return !catch_end().taken;
}

static bool machine_store(xword va)
{
	catch_begin();
	__asm__ volatile("sw zero, 64(%0)" ::"r"(va) : "memory");
	return !catch_end().taken;
}

/* A call: what may not be run returns by a trap. */
static bool machine_fetch(xword va)
{
	catch_begin();
	((void (*)(void))va)();
	return !catch_end().taken;
}

static bool lower(const struct space *s, unsigned priv, unsigned access)
{
	struct probe p = {
	    .access = access, .priv = priv, .va = access == ACC_STORE ? area + 64 : area};
	struct outcome o = probe(s, p);

	/* The code at `area` is M-mode's; it returns, to nowhere that may be run. */
	return o.done || (access == ACC_FETCH && o.pc != area);
}

/* ---- the truth table ---------------------------------------------------------------- */

enum { R = PMPCFG_R, W = PMPCFG_W, X = PMPCFG_X };

/* By the bits L R W X, in the specification's order (smepmp.adoc). */
static const struct {
	unsigned machine, lower;
} truth[16] = {
    {0, 0}, {0, X}, {R | W, R}, {R | W, R | W}, {0, R}, {0, R | X}, {0, R | W}, {0, R | W | X},
    {0, 0}, {X, 0}, {X, X},     {R | X, X},     {R, 0}, {R | X, 0}, {R | W, 0}, {R, R},
};

static unsigned cfg_of(unsigned lrwx)
{
	return (lrwx & 8 ? PMPCFG_L : 0) | (lrwx & 4 ? R : 0) | (lrwx & 2 ? W : 0) |
	       (lrwx & 1 ? X : 0);
}

static unsigned machine_may(void)
{
	return (machine_load(area) ? R : 0) | (machine_store(area) ? W : 0) |
	       (machine_fetch(area) ? X : 0);
}

static unsigned lower_may(const struct space *s, unsigned priv)
{
	return (lower(s, priv, ACC_LOAD) ? R : 0) | (lower(s, priv, ACC_STORE) ? W : 0) |
	       (lower(s, priv, ACC_FETCH) ? X : 0);
}

static void truth_table(const struct space *s)
{
	for (unsigned lrwx = 0; lrwx < 16; lrwx++) {
		pmp_set(0, cfg_of(lrwx) | PMPCFG_NAPOT, pmp_napot(area, 4096));
		check_equal(check_name("machine", lrwx), truth[lrwx].machine, machine_may());
		for (unsigned priv = PRIV_U; priv <= PRIV_S; priv++)
			check_equal(check_name(privilege_name[priv], lrwx), truth[lrwx].lower,
				    lower_may(s, priv));
	}
	pmp_set(0, PMPCFG_OFF, 0);
}

/* ---- what M-mode needs to go on ------------------------------------------------------- */

/*
 * With MML, what M-mode runs and uses must be M-mode's: the program's code, and all the
 * rest as data, by the entry that was open to all.
 */
static void prepare(void)
{
	pmp_set(1, PMPCFG_L | PMPCFG_NAPOT | R | X, pmp_napot((xword)probe_page, 4096));
	pmp_set(2, PMPCFG_OFF, (xword)image_start >> 2);
	pmp_set(3, PMPCFG_L | PMPCFG_TOR | R | X, (xword)user_start >> 2);
	pmp_set(pmp_open(), PMPCFG_L | PMPCFG_NAPOT | R | W, ~(xword)0);
}

/* Only with MML may W stand without R: the probes for everybody to run, the rest of memory
 * as everybody's data. */
static void share_the_rest(void)
{
	pmp_set(1, PMPCFG_L | PMPCFG_NAPOT | W, pmp_napot((xword)probe_page, 4096));
	pmp_set(pmp_open(), PMPCFG_NAPOT | W | X, ~(xword)0);
}

/* ---- checks, in this order --------------------------------------------------------------- */

static void before_mml(void)
{
	check_equal("all_clear_at_the_start", 0, csr_read(CSR_MSECCFG) & (MML | MMWP | RLB));
	pmp_set(0, PMPCFG_NAPOT | W, pmp_napot(area, 4096));
	check_equal("w_without_r_is_neither", PMPCFG_NAPOT, pmp_cfg(0));
	pmp_set(0, PMPCFG_OFF, 0);
	csr_write(CSR_MSECCFG, RLB);
	check("rlb_while_nothing_is_locked", csr_read(CSR_MSECCFG) & RLB);
	pmp_set(0, PMPCFG_L | PMPCFG_NAPOT | R, pmp_napot(area, 4096));
	check("locked_entries_bind_machine", machine_load(area) && !machine_store(area));
	pmp_set(0, PMPCFG_OFF, 0);
	check_equal("rlb_opens_locks", PMPCFG_OFF, pmp_cfg(0));
}

static void with_mml(const struct space *s)
{
	prepare();
	csr_set(CSR_MSECCFG, MML);
	share_the_rest();
	csr_clear(CSR_MSECCFG, MML);
	check("mml_stays", csr_read(CSR_MSECCFG) & MML);
	truth_table(s);

	/* The rest is data: of all, and M-mode runs none of it. */
	check("rest_is_data", machine_load(area) && machine_store(area) && !machine_fetch(area));
	check("supervisor_runs_none_either", !lower(s, PRIV_S, ACC_FETCH));
	pmp_set(0, PMPCFG_NAPOT | R | W, pmp_napot(area, 4096));
	check("supervisors_are_not_machines", !machine_load(area) && lower(s, PRIV_S, ACC_LOAD));
	pmp_set(0, PMPCFG_OFF, 0);
}

/* Without RLB no rule may come that lets M-mode run more. */
static void without_rlb(void)
{
	bool right = true;

	csr_clear(CSR_MSECCFG, RLB);
	check("rlb_is_cleared", !(csr_read(CSR_MSECCFG) & RLB));
	csr_set(CSR_MSECCFG, RLB);
	check("rlb_does_not_come_back", !(csr_read(CSR_MSECCFG) & RLB));
	for (unsigned lrwx = 0; lrwx < 16; lrwx++) {
		bool refused = lrwx == 9 || lrwx == 10 || lrwx == 11 || lrwx == 13;

		if (lrwx >= 8 && !refused)
			continue; /* would be locked for good */
		pmp_set_cfg(0, PMPCFG_OFF);
		pmp_set(0, cfg_of(lrwx) | PMPCFG_NAPOT, pmp_napot(area, 4096));
		right = right && pmp_cfg(0) == (refused ? PMPCFG_OFF : cfg_of(lrwx) | PMPCFG_NAPOT);
	}
	check("no_more_code_for_machine", right);
	pmp_set_cfg(0, PMPCFG_OFF);
	pmp_set_cfg(3, PMPCFG_OFF);
	check_equal("locked_again", PMPCFG_L | PMPCFG_TOR | R | X, pmp_cfg(3));
}

/* Nothing but what an entry allows: without the last, not even data. The stack must
 * stay; it and the program's data lie in the image. */
static void allow_list(void)
{
	extern char image_end[];

	csr_set(CSR_MSECCFG, MMWP);
	csr_clear(CSR_MSECCFG, MMWP);
	check("mmwp_stays", csr_read(CSR_MSECCFG) & MMWP);
	/* What is left to all ends with the image; kind before address, as the stack must be
	 * there all the time. Then the devices, in the lower half of 32 bits. */
	pmp_set_cfg(pmp_open(), PMPCFG_TOR | W | X);
	pmp_set_address(pmp_open(), ((xword)image_end + 4095) >> 12 << 10);
	pmp_set(0, PMPCFG_L | PMPCFG_NAPOT | R | W, pmp_napot(0, 0x80000000ul));
	check_equal("more_data_for_machine", PMPCFG_L | PMPCFG_NAPOT | R | W, pmp_cfg(0));
	check("no_region_no_access", !machine_load(area) && !machine_store(area));
	check("no_region_no_fetch", !machine_fetch(area));
}

static const char *const every_name[] = {
    "all_clear_at_the_start",      "w_without_r_is_neither", "rlb_while_nothing_is_locked",
    "locked_entries_bind_machine", "rlb_opens_locks",        "mml_stays",
};

static const char *const later_name[] = {
    "rest_is_data",
    "supervisor_runs_none_either",
    "supervisors_are_not_machines",
    "rlb_is_cleared",
    "rlb_does_not_come_back",
    "no_more_code_for_machine",
    "locked_again",
    "mmwp_stays",
    "more_data_for_machine",
    "no_region_no_access",
    "no_region_no_fetch",
};

/* Without mseccfg none of this can be tried: locks would hold for good. */
static void skip_all(void)
{
	const char *const why = "no Smepmp here";

	for (unsigned i = 0; i < sizeof every_name / sizeof every_name[0]; i++)
		check_skip(every_name[i], why);
	for (unsigned lrwx = 0; lrwx < 16; lrwx++) {
		check_skip(check_name("machine", lrwx), why);
		check_skip(check_name("user", lrwx), why);
		check_skip(check_name("supervisor", lrwx), why);
	}
	for (unsigned i = 0; i < sizeof later_name / sizeof later_name[0]; i++)
		check_skip(later_name[i], why);
}

static bool has_smepmp(void)
{
	if (pmp_entries() < 5 || !mseccfg_exists())
		return false;
	csr_write(CSR_MSECCFG, RLB);
	bool has = csr_read(CSR_MSECCFG) & RLB;
	csr_write(CSR_MSECCFG, 0);
	return has;
}

/* ret: what M-mode calls at `area`. */
static void put_return(void)
{
	*(volatile uint32_t *)area = 0x00008067;
	fence_instructions();
}

int main(void)
{
	struct space s;

	space_start();
	pmp_start();
	if (!has_smepmp()) {
		skip_all();
		return check_end();
	}
	area = frame_block(4096);
	put_return();
	space_open_bare(&s);
	space_use(&s);
	before_mml();
	with_mml(&s);
	without_rlb();
	allow_list();
	return check_end();
}
