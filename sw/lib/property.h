/*
 * Properties: checks that take several accesses. Each is one line of output: ok if all
 * that it wanted was so, else the first thing that was not.
 */
#ifndef LIB_PROPERTY_H
#define LIB_PROPERTY_H

#include "space.h"

struct property {
	const char *name;
	void (*holds)(void); /* says by want*() what has to be */
};
#define PROPERTY(name)                                                                             \
	{                                                                                          \
#name, name                                                                        \
	}

/* Checks them in turn, each followed by `after`. With a reason in `lacking`, none is run and
 * all are skipped for it. */
void property_check(const struct property *properties, unsigned n, const char *lacking,
		    void (*after)(void));
/* The property at hand cannot be tried here; what it wanted so far counts. */
void property_skip(const char *why);

/* What has to be so. `what` names it if it is not. */
void want(bool so, const char *what);
void want_equal(xword expected, xword got, const char *what);

/* The access must go through; must give this value, be it loaded or fetched (code_put()). */
void want_done(const struct space *space, struct probe p);
void want_value(const struct space *space, struct probe p, xword value);
/* It must fault, for that reason, by the cause that follows, without a level, and with the
 * probe's address as trap value. Only on machines that tell the reason. */
void want_fault(const struct space *space, struct probe p, unsigned reason);
void want_fault_at(const struct space *space, struct probe p, unsigned reason, xword tval);

#endif
