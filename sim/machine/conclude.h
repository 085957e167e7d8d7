/* How a run of atlas ended: in words, and as an exit code. */
#ifndef ATLAS_CONCLUDE_H
#define ATLAS_CONCLUDE_H

#include "machine.h"
#include "options.h"
#include "report.h"

/* Why a program was stopped that did not end by itself. */
enum stop {
	STOP_LIMIT,     /* --max-instructions */
	STOP_INTERRUPT, /* a signal */
	STOP_OUTPUT,    /* standard output failed: said elsewhere */
};

/* Says in one line why the program ended, but for the best of reasons; fills in the
 * report's word and exit code. `stop` counts with OUTCOME_RUNNING. */
void conclude(const struct machine *m, const struct run_options *options, enum outcome outcome,
	      enum stop stop, struct report *report);

#endif
