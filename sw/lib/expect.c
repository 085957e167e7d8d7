/* Checks on one access. */
#include "check.h"
#include "console.h"
#include "space.h"

static xword expected_cause(const struct probe *p, const struct expected *e)
{
	bool access_fault =
	    pt_reason_class(e->reason) == CLASS_PHYSICAL || e->reason == REASON_SHADOW_STACK;

	switch (p->access) {
	case ACC_FETCH:
		return access_fault ? CAUSE_FETCH_ACCESS : CAUSE_FETCH_PAGE;
	case ACC_LOAD:
	case ACC_LR:
		return access_fault ? CAUSE_LOAD_ACCESS : CAUSE_LOAD_PAGE;
	default:
		return access_fault ? CAUSE_STORE_ACCESS : CAUSE_STORE_PAGE;
	}
}

/* Does a walk in software find the reason that the hardware ought to give? It cannot
 * see the bus error of the access itself, nor what protects physical memory. */
static bool walk_agrees(const struct space *s, const struct probe *p, const struct expected *e,
			xword tval)
{
	struct pt_access access = {p->access, p->priv, p->sum, p->mxr};
	struct pt_walk walk;

	if (s->bare)
		return true;
	pt_explain(&s->pt, tval, &access, &walk);
	if (e->reason == REASON_PMP || e->reason == REASON_PMA)
		return e->pte || walk.reason == REASON_NONE;
	if (e->reason == REASON_BUS_ERROR && !e->pte)
		return walk.reason == REASON_NONE;
	return walk.reason == e->reason && walk.level == e->level && walk.pte == e->pte;
}

static bool fault_as_expected(const char *name, const struct probe *p, const struct expected *e,
			      const struct outcome *o, xword tval)
{
	xword cause = expected_cause(p, e);

	if (o->done) {
		check_failed(name, "expected %s, got no fault", pt_reason_name(e->reason));
	} else if (o->cause != cause) {
		check_failed(name, "expected cause %ld, got %ld (%s)", (long)cause, (long)o->cause,
			     pt_reason_name(o->why.reason));
	} else if (o->tval != tval) {
		check_failed(name, "expected trap value 0x%lx, got 0x%lx", tval, o->tval);
	} else if (reason_exists() && (o->why.reason != e->reason || o->why.level != e->level ||
				       o->why.pte != e->pte)) {
		check_failed(name, "expected %s, level %u, pte %d, got %s, level %u, pte %d",
			     pt_reason_name(e->reason), e->level, e->pte,
			     pt_reason_name(o->why.reason), o->why.level, o->why.pte);
	} else {
		return true;
	}
	return false;
}

enum verdict { AS_EXPECTED, LACKING, WRONG };

/* Says so itself when it is wrong. */
static enum verdict fault(const struct space *s, const char *name, struct probe p,
			  const struct expected *e)
{
	xword tval = e->tval ? e->tval : p.va;

	if (!walk_agrees(s, &p, e, tval)) {
		check_failed(name, "a walk in software finds another reason than %s",
			     pt_reason_name(e->reason));
		return WRONG;
	}
	for (int time = 0; time < 2; time++) {
		struct outcome o = probe(s, p);
		bool other = o.done || o.cause != expected_cause(&p, e);

		if (e->optional && other && !reason_exists())
			return LACKING;
		if (!fault_as_expected(name, &p, e, &o, tval))
			return WRONG;
	}
	return AS_EXPECTED;
}

static void report(const char *name, enum verdict verdict, const struct expected *e)
{
	if (verdict == LACKING)
		check_skip(name, e->optional);
	if (verdict == AS_EXPECTED)
		check(name, true);
}

void expect_fault(const struct space *s, const char *name, struct probe p, struct expected e)
{
	report(name, fault(s, name, p, &e), &e);
}

void expect_fault_all(const struct space *s, const char *name, xword va, struct expected e)
{
	static const uint8_t access[] = {ACC_LOAD, ACC_STORE, ACC_FETCH};
	enum verdict verdict = AS_EXPECTED;

	for (unsigned i = 0; i < 2 * sizeof access && verdict == AS_EXPECTED; i++) {
		struct probe p = {
		    .access = access[i / 2],
		    .priv = i % 2 ? PRIV_U : PRIV_S,
		    .va = va,
		};

		verdict = fault(s, name, p, &e);
	}
	report(name, verdict, &e);
}

static bool went_through(const char *name, const struct outcome *o)
{
	if (!o->done)
		check_failed(name, "expected no fault, got cause %ld (%s) at 0x%lx", (long)o->cause,
			     reason_exists() ? pt_reason_name(o->why.reason) : "?", o->tval);
	return o->done;
}

void expect_value(const struct space *s, const char *name, struct probe p, xword value)
{
	struct outcome o = probe(s, p);

	if (went_through(name, &o))
		check_equal(name, value, o.value);
}

void expect_done(const struct space *s, const char *name, struct probe p)
{
	struct outcome o = probe(s, p);

	if (went_through(name, &o))
		check(name, true);
}
