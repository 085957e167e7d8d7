#include "report.h"

#include <inttypes.h>
#include <string.h>

#include "machine/report.h"

#define REASONS 64
#define COLUMNS 3 /* fetch, data, total */

struct columns {
	struct port_sums port[COLUMNS];
};

static struct columns sums(const struct replay_result *r)
{
	return (struct columns){{
	    report_port(&r->counts, MMU_FETCH),
	    report_port(&r->counts, MMU_DATA),
	    report_total(&r->counts),
	}};
}

static double ratio(uint64_t over, uint64_t under)
{
	return under ? (double)over / (double)under : 0;
}

/* ---- for people ------------------------------------------------------------------ */

static void line(FILE *out, const char *name, uint64_t value)
{
	fprintf(out, "  %-22s %14" PRIu64 "\n", name, value);
}

static void line3(FILE *out, const char *name, uint64_t fetch, uint64_t data, uint64_t total)
{
	fprintf(out, "  %-22s %14" PRIu64 " %14" PRIu64 " %14" PRIu64 "\n", name, fetch, data,
		total);
}

static void print_page_size(FILE *out, uint64_t bytes)
{
	static const char units[] = "BKMGT";
	unsigned unit = 0;

	for (; bytes >= 1024; bytes >>= 10)
		unit++;
	fprintf(out, "%" PRIu64 "%c", bytes, units[unit]);
}

static void print_head(FILE *out, const struct replay_options *o, const struct replay_result *r)
{
	const struct mmu_timing *t = &o->setup.timing;

	fprintf(out, "%s: %s, %s, model %s, pages of ", o->trace, r->config->name, r->mode,
		o->setup.model);
	print_page_size(out, r->page_bytes);
	fprintf(out, ", PTE latency %u", t->latency_min);
	if (t->latency_max != t->latency_min)
		fprintf(out, " to %u, seed %" PRIu64, t->latency_max, t->seed);
	fputs("\n\n", out);
}

/* The golden model takes no time and has no TLB. */
static void print_ports(FILE *out, const struct replay_result *r, bool rtl)
{
	const struct columns c = sums(r);
	const struct port_sums *f = &c.port[0], *d = &c.port[1], *t = &c.port[2];

	fprintf(out, "\n  %-22s %14s %14s %14s\n", "", "fetch", "data", "total");
	line3(out, "translations", f->translations, d->translations, t->translations);
	if (rtl) {
		line3(out, "  hits", f->hits, d->hits, t->hits);
		line3(out, "  misses", f->misses, d->misses, t->misses);
		fprintf(out, "  %-22s", "hit rate");
		for (unsigned i = 0; i < COLUMNS; i++)
			fprintf(out, " %13.3f%%",
				100 * ratio(c.port[i].hits, c.port[i].hits + c.port[i].misses));
		fprintf(out, "\n  %-22s", "cycles a miss adds");
		for (unsigned i = 0; i < COLUMNS; i++)
			fprintf(out, " %14.2f", ratio(c.port[i].walk_cycles, c.port[i].misses));
		fputc('\n', out);
	}
	line3(out, "faults", f->faults, d->faults, t->faults);
	for (unsigned reason = REASON_NONE + 1; reason < REASONS; reason++) {
		uint64_t fetch = r->counts.port[MMU_FETCH].faults[reason];
		uint64_t data = r->counts.port[MMU_DATA].faults[reason];
		char name[40];

		snprintf(name, sizeof(name), "  %s", mmu_reason_name(reason));
		if (fetch + data)
			line3(out, name, fetch, data, fetch + data);
	}
}

static void print_events(FILE *out, const struct replay_result *r)
{
	if (!r->has_events)
		return;
	fputs("\n  counters of the hardware that are not 0\n", out);
	for (unsigned i = 0; i < COUNTERS_N; i++)
		if (r->events[i] && mmu_event_name(i))
			line(out, mmu_event_name(i), r->events[i]);
}

void replay_print(FILE *out, const struct replay_options *o, const struct replay_result *r)
{
	bool rtl = strcmp(o->setup.model, "rtl") == 0;

	print_head(out, o, r);
	line(out, "records", r->records);
	line(out, "accesses", r->accesses);
	line(out, "address spaces", r->spaces);
	line(out, "pages", r->pages);
	line(out, "KiB of page tables", r->table_bytes >> 10);
	if (rtl) {
		line(out, "cycles", r->counts.cycles);
		fprintf(out, "  %-22s %14.4f\n", "translations a cycle",
			ratio(report_total(&r->counts).translations, r->counts.cycles));
	}
	print_ports(out, r, rtl);
	fputc('\n', out);
	line(out, "PTE reads", r->counts.pte_reads);
	line(out, "fences", r->counts.fences);
	if (r->fences_added)
		line(out, "  for a shared ASID", r->fences_added);
	print_events(out, r);
}

/* ---- for programs ----------------------------------------------------------------- */

static json_t *number(uint64_t value)
{
	return json_integer((json_int_t)value);
}

static json_t *json_port(const struct mmu_counts *counts, enum mmu_port port)
{
	struct port_sums s = report_port(counts, port);
	json_t *faults = json_object();

	for (unsigned reason = REASON_NONE + 1; reason < REASONS; reason++)
		if (counts->port[port].faults[reason])
			json_object_set_new(faults, mmu_reason_name(reason),
					    number(counts->port[port].faults[reason]));
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "translations", number(s.translations),
			 "hits", number(s.hits), "misses", number(s.misses), "miss_cycles",
			 number(s.walk_cycles), "faults", number(s.faults), "faults_by_reason",
			 faults);
}

static json_t *json_events(const struct replay_result *r)
{
	json_t *events = json_object();

	for (unsigned i = 0; i < COUNTERS_N; i++)
		if (mmu_event_name(i))
			json_object_set_new(events, mmu_event_name(i), number(r->events[i]));
	return events;
}

json_t *replay_json(const struct replay_options *o, const struct replay_result *r)
{
	const struct mmu_timing *t = &o->setup.timing;
	json_t *object = json_object();

	json_object_set_new(object, "trace", json_string(o->trace));
	json_object_set_new(object, "config", json_string(r->config->name));
	json_object_set_new(object, "model", json_string(o->setup.model));
	json_object_set_new(object, "mode", json_string(r->mode));
	json_object_set_new(object, "page_bytes", number(r->page_bytes));
	json_object_set_new(object, "latency_min", json_integer(t->latency_min));
	json_object_set_new(object, "latency_max", json_integer(t->latency_max));
	json_object_set_new(object, "seed", number(t->seed));
	json_object_set_new(object, "window", json_integer(r->window));
	json_object_set_new(object, "repeat", json_integer(r->repeat));
	json_object_set_new(object, "records", number(r->records));
	json_object_set_new(object, "accesses", number(r->accesses));
	json_object_set_new(object, "spaces", number(r->spaces));
	json_object_set_new(object, "pages", number(r->pages));
	json_object_set_new(object, "table_bytes", number(r->table_bytes));
	json_object_set_new(object, "cycles", number(r->counts.cycles));
	json_object_set_new(
	    object, "translations_a_cycle",
	    json_real(ratio(report_total(&r->counts).translations, r->counts.cycles)));
	json_object_set_new(object, "fetch", json_port(&r->counts, MMU_FETCH));
	json_object_set_new(object, "data", json_port(&r->counts, MMU_DATA));
	json_object_set_new(object, "pte_reads", number(r->counts.pte_reads));
	json_object_set_new(object, "fences", number(r->counts.fences));
	json_object_set_new(object, "fences_added", number(r->fences_added));
	if (r->has_events)
		json_object_set_new(object, "events", json_events(r));
	return object;
}
