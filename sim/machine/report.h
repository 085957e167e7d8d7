/* What a run came to, for people and for programs. */
#ifndef ATLAS_REPORT_H
#define ATLAS_REPORT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "mmu.h"
#include "options.h"

struct report {
	const struct run_options *options;
	const char *outcome; /* one word */
	int exit_code;
	uint64_t code; /* that the program gave with its failure, or 0 */
	uint64_t instructions, traps;
	double seconds; /* of wall time */
	struct mmu_counts counts;
	bool counters; /* the RTL has some: */
	uint64_t events[COUNTERS_N];
};

/* Sums over both ports, or of one. */
struct port_sums {
	uint64_t translations, untranslated, hits, misses, walk_cycles, faults;
};
struct port_sums report_port(const struct mmu_counts *counts, enum mmu_port port);
struct port_sums report_total(const struct mmu_counts *counts);

/* A table. */
void report_print(FILE *out, const struct report *r);
/* One JSON object and a newline; without times, so that equal runs give equal files.
 * False when memory or the stream fails. */
bool report_json(FILE *out, const struct report *r);

#endif
