#include "property.h"

#include "check.h"

#include <stddef.h>

static const char *name; /* of the property at hand */
static bool failed;
static const char *skipped;

/* The first that is not as it has to be is told. */
#define FAIL(...)                                                                                  \
	do {                                                                                       \
		if (!failed)                                                                       \
			check_failed(name, __VA_ARGS__);                                           \
		failed = true;                                                                     \
	} while (0)

void property_check(const struct property *properties, unsigned n, const char *lacking,
		    void (*after)(void))
{
	for (unsigned i = 0; i < n; i++) {
		name = properties[i].name;
		failed = false;
		skipped = lacking;
		if (!lacking) {
			properties[i].holds();
			after();
		}
		if (failed)
			continue;
		if (skipped)
			check_skip(name, skipped);
		else
			check(name, true);
	}
}

void property_skip(const char *why)
{
	skipped = why;
}

void want(bool so, const char *what)
{
	if (!so)
		FAIL("%s", what);
}

void want_equal(xword expected, xword got, const char *what)
{
	if (expected != got)
		FAIL("%s: expected 0x%lx, got 0x%lx", what, expected, got);
}

static struct outcome try(const struct space *s, const struct probe *p)
{
	struct outcome o = probe(s, *p);

	if (!o.done)
		FAIL("access %u at 0x%lx: expected no fault, got cause %ld (%s)", p->access, p->va,
		     (long)o.cause, pt_reason_name(o.why.reason));
	return o;
}

void want_done(const struct space *s, struct probe p)
{
	try(s, &p);
}

void want_value(const struct space *s, struct probe p, xword value)
{
	struct outcome o = try(s, &p);

	if (o.done && o.value != value)
		FAIL("access %u at 0x%lx: expected 0x%lx, got 0x%lx", p.access, p.va, value,
		     o.value);
}

static xword cause_of(unsigned access, unsigned reason)
{
	bool physical = pt_reason_class(reason) == CLASS_PHYSICAL || reason == REASON_SHADOW_STACK;

	if (access == ACC_FETCH)
		return physical ? CAUSE_FETCH_ACCESS : CAUSE_FETCH_PAGE;
	if (access == ACC_LOAD || access == ACC_LR)
		return physical ? CAUSE_LOAD_ACCESS : CAUSE_LOAD_PAGE;
	return physical ? CAUSE_STORE_ACCESS : CAUSE_STORE_PAGE;
}

void want_fault_at(const struct space *s, struct probe p, unsigned reason, xword tval)
{
	struct outcome o = probe(s, p);

	if (o.done)
		FAIL("access %u at 0x%lx: expected %s, got no fault", p.access, p.va,
		     pt_reason_name(reason));
	else if (o.why.reason != reason || o.cause != cause_of(p.access, reason))
		FAIL("access %u at 0x%lx: expected %s, got %s, cause %ld", p.access, p.va,
		     pt_reason_name(reason), pt_reason_name(o.why.reason), (long)o.cause);
	else if (o.tval != tval || o.why.level != LEVEL_NONE || o.why.pte)
		FAIL("access %u: expected trap value 0x%lx, got 0x%lx, level %u", p.access, tval,
		     o.tval, o.why.level);
}

void want_fault(const struct space *s, struct probe p, unsigned reason)
{
	want_fault_at(s, p, reason, p.va);
}
