#include "report.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>

#define REASONS 64

struct port_sums report_port(const struct mmu_counts *counts, enum mmu_port port)
{
	struct port_sums s = {
	    .translations = counts->port[port].translations,
	    .untranslated = counts->port[port].untranslated,
	    .hits = counts->port[port].hits,
	    .misses = counts->port[port].misses,
	    .walk_cycles = counts->port[port].walk_cycles,
	};

	for (unsigned i = REASON_NONE + 1; i < REASONS; i++)
		s.faults += counts->port[port].faults[i];
	return s;
}

struct port_sums report_total(const struct mmu_counts *counts)
{
	struct port_sums total = {0};

	for (enum mmu_port port = 0; port < MMU_PORTS; port++) {
		struct port_sums s = report_port(counts, port);

		total.translations += s.translations;
		total.untranslated += s.untranslated;
		total.hits += s.hits;
		total.misses += s.misses;
		total.walk_cycles += s.walk_cycles;
		total.faults += s.faults;
	}
	return total;
}

/* ---- for people ------------------------------------------------------------ */

#define COLUMNS 3 /* fetch, data, total */

static void print_counts(FILE *out, const char *name, const uint64_t value[COLUMNS])
{
	fprintf(out, "  %-22s %14" PRIu64 " %14" PRIu64 " %14" PRIu64 "\n", name, value[0],
		value[1], value[2]);
}

static void print_ratios(FILE *out, const char *name, const char *unit,
			 const uint64_t over[COLUMNS], const uint64_t under[COLUMNS], double scale)
{
	fprintf(out, "  %-22s", name);
	for (unsigned i = 0; i < COLUMNS; i++)
		if (under[i])
			fprintf(out, " %*.2f%s", 14 - (int)strlen(unit),
				scale * (double)over[i] / (double)under[i], unit);
		else
			fprintf(out, " %14s", "-");
	fputc('\n', out);
}

/* Rates mean something only for a model that has TLBs and takes time. */
static void print_ports(FILE *out, const struct mmu_counts *counts, bool rates)
{
	const struct port_sums s[COLUMNS] = {
	    report_port(counts, MMU_FETCH),
	    report_port(counts, MMU_DATA),
	    report_total(counts),
	};
	uint64_t translations[COLUMNS], untranslated[COLUMNS], hits[COLUMNS], misses[COLUMNS];
	uint64_t looked_up[COLUMNS], walk_cycles[COLUMNS], faults[COLUMNS];

	for (unsigned i = 0; i < COLUMNS; i++) {
		translations[i] = s[i].translations;
		untranslated[i] = s[i].untranslated;
		hits[i] = s[i].hits;
		misses[i] = s[i].misses;
		looked_up[i] = s[i].hits + s[i].misses;
		walk_cycles[i] = s[i].walk_cycles;
		faults[i] = s[i].faults;
	}
	fprintf(out, "\n  %-22s %14s %14s %14s\n", "", "fetch", "data", "total");
	print_counts(out, "translations", translations);
	print_counts(out, "  in M-mode or Bare", untranslated);
	print_counts(out, "  hits", hits);
	print_counts(out, "  misses (walks)", misses);
	if (rates) {
		print_ratios(out, "hit rate", "%", hits, looked_up, 100);
		print_ratios(out, "cycles per walk", "", walk_cycles, misses, 1);
	}
	print_counts(out, "faults", faults);
}

static void print_faults(FILE *out, const struct mmu_counts *counts)
{
	for (unsigned reason = REASON_NONE + 1; reason < REASONS; reason++) {
		uint64_t fetch = counts->port[MMU_FETCH].faults[reason];
		uint64_t data = counts->port[MMU_DATA].faults[reason];
		const uint64_t value[COLUMNS] = {fetch, data, fetch + data};
		char name[40];

		if (!value[2])
			continue;
		snprintf(name, sizeof(name), "  %s", mmu_reason_name(reason));
		print_counts(out, name, value);
	}
}

static void print_one(FILE *out, const char *name, uint64_t value)
{
	fprintf(out, "  %-22s %14" PRIu64 "\n", name, value);
}

/* The hardware's own counters beside what its pins tell. */
static void print_events(FILE *out, const struct report *r)
{
	uint64_t at_pins;

	fprintf(out, "\n  %-22s %14s %14s\n", "event counters", "hardware", "at the pins");
	for (unsigned k = 0; k < COUNTERS_N; k++) {
		if (!mmu_event_name(k) || !r->events[k])
			continue;
		fprintf(out, "  %-22s %14" PRIu64, mmu_event_name(k), r->events[k]);
		if (mmu_event_at_pins(mmu_config_find(r->options->config), &r->counts, k, &at_pins))
			fprintf(out, " %14" PRIu64, at_pins);
		fputc('\n', out);
	}
}

void report_print(FILE *out, const struct report *r)
{
	const struct run_options *o = r->options;
	bool rtl = strcmp(o->model, "rtl") == 0;

	fprintf(out, "\n%s: %s\n", o->program, r->outcome);
	fprintf(out, "%s, model %s%s, PTE latency %" PRIu64, o->config, o->model,
		rtl && o->lockstep ? " in lockstep with golden" : "", o->latency_min);
	if (o->latency_max != o->latency_min)
		fprintf(out, " to %" PRIu64, o->latency_max);
	fprintf(out, ", seed %" PRIu64 "\n\n", o->seed);

	print_one(out, "instructions", r->instructions);
	print_one(out, "traps", r->traps);
	print_one(out, "cycles of the MMU", r->counts.cycles);
	if (r->seconds > 0)
		fprintf(out, "  %-22s %14.3f\n", "million instr. a second",
			(double)r->instructions / r->seconds / 1e6);
	print_ports(out, &r->counts, rtl);
	print_faults(out, &r->counts);
	fputc('\n', out);
	print_one(out, "PTE reads", r->counts.pte_reads);
	if (r->counts.pte_swaps) {
		print_one(out, "PTE updates (A and D)", r->counts.pte_swaps);
		print_one(out, "  tried again", r->counts.pte_swaps_failed);
	}
	print_one(out, "fences", r->counts.fences);
	if (rtl && o->lockstep) {
		print_one(out, "mismatches", r->counts.mismatches);
		print_one(out, "stale answers allowed", r->counts.stale);
	}
	if (r->counters)
		print_events(out, r);
}

/* ---- for programs ---------------------------------------------------------- */

static json_t *json_number(uint64_t value)
{
	return json_integer((json_int_t)value);
}

static json_t *json_faults(const uint64_t faults[REASONS])
{
	json_t *object = json_object();

	for (unsigned reason = REASON_NONE + 1; reason < REASONS; reason++)
		if (faults[reason])
			json_object_set_new(object, mmu_reason_name(reason),
					    json_number(faults[reason]));
	return object;
}

static json_t *json_port(const struct mmu_counts *counts, enum mmu_port port)
{
	struct port_sums s = report_port(counts, port);
	json_t *object = json_object();

	json_object_set_new(object, "translations", json_number(s.translations));
	json_object_set_new(object, "untranslated", json_number(s.untranslated));
	json_object_set_new(object, "hits", json_number(s.hits));
	json_object_set_new(object, "misses", json_number(s.misses));
	json_object_set_new(object, "walk_cycles", json_number(s.walk_cycles));
	json_object_set_new(object, "faults", json_number(s.faults));
	json_object_set_new(object, "faults_by_reason", json_faults(counts->port[port].faults));
	return object;
}

static json_t *json_events(const uint64_t events[COUNTERS_N])
{
	json_t *object = json_object();

	for (unsigned k = 0; k < COUNTERS_N; k++)
		if (mmu_event_name(k))
			json_object_set_new(object, mmu_event_name(k), json_number(events[k]));
	return object;
}

static json_t *json_report(const struct report *r)
{
	const struct run_options *o = r->options;
	bool lockstep = strcmp(o->model, "rtl") == 0 && o->lockstep;
	json_t *object = json_object();

	json_object_set_new(object, "program", json_string(o->program));
	json_object_set_new(object, "outcome", json_string(r->outcome));
	json_object_set_new(object, "exit_code", json_integer(r->exit_code));
	json_object_set_new(object, "code", json_number(r->code));
	json_object_set_new(object, "config", json_string(o->config));
	json_object_set_new(object, "model", json_string(o->model));
	json_object_set_new(object, "lockstep", json_boolean(lockstep));
	json_object_set_new(object, "seed", json_number(o->seed));
	json_object_set_new(object, "latency_min", json_number(o->latency_min));
	json_object_set_new(object, "latency_max", json_number(o->latency_max));
	json_object_set_new(object, "instructions", json_number(r->instructions));
	json_object_set_new(object, "traps", json_number(r->traps));
	json_object_set_new(object, "cycles", json_number(r->counts.cycles));
	json_object_set_new(object, "fetch", json_port(&r->counts, MMU_FETCH));
	json_object_set_new(object, "data", json_port(&r->counts, MMU_DATA));
	json_object_set_new(object, "pte_reads", json_number(r->counts.pte_reads));
	json_object_set_new(object, "pte_swaps", json_number(r->counts.pte_swaps));
	json_object_set_new(object, "pte_swaps_failed", json_number(r->counts.pte_swaps_failed));
	json_object_set_new(object, "fences", json_number(r->counts.fences));
	json_object_set_new(object, "mismatches", json_number(r->counts.mismatches));
	json_object_set_new(object, "stale", json_number(r->counts.stale));
	if (r->counters)
		json_object_set_new(object, "events", json_events(r->events));
	if (o->wave && r->counts.wave_walk)
		json_object_set_new(object, "wave_walk", json_number(r->counts.wave_walk));
	return object;
}

bool report_json(FILE *out, const struct report *r)
{
	json_t *object = json_report(r);
	bool ok = object && json_dumpf(object, out, JSON_INDENT(2)) == 0 && fputc('\n', out) != EOF;

	json_decref(object);
	return ok;
}
