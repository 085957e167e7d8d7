/* What a walk adds to a hit, to the cycle: cold, in a region that was walked before, and
 * for a page that has left the L1 TLB. */
#include <stdlib.h>
#include <string.h>

#include "questions.h"
#include "replay/tables.h"

static const unsigned latencies[] = {1, 10, 20, 50};
enum { LATENCIES = sizeof(latencies) / sizeof(latencies[0]), OTHERS = 160 };

static const struct {
	const char *mode;
	uint64_t bytes;
	const char *name;
} rows[] = {
    {"sv32", 4ull << 10, "4K"},     {"sv32", 4ull << 20, "4M"},     {"sv39", 4ull << 10, "4K"},
    {"sv39", 64ull << 10, "64K"},   {"sv39", 2ull << 20, "2M"},     {"sv39", 1ull << 30, "1G"},
    {"sv48", 4ull << 10, "4K"},     {"sv48", 2ull << 20, "2M"},     {"sv48", 1ull << 30, "1G"},
    {"sv48", 512ull << 30, "512G"}, {"sv57", 4ull << 10, "4K"},     {"sv57", 2ull << 20, "2M"},
    {"sv57", 1ull << 30, "1G"},     {"sv57", 512ull << 30, "512G"}, {"sv57", 256ull << 40, "256T"},
};

struct scene {
	struct mmu *mmu;
	struct tables *tables;
	uint64_t page_bytes;
};

/* What an access adds to a hit, and the PTEs that it reads. */
struct cost {
	uint64_t cycles, reads;
};

static struct cost touch(struct scene *s, uint64_t page)
{
	const struct mmu_request request = {
	    .va = page * s->page_bytes, .access = ACC_LOAD, .bytes = 4, .priv = PRIV_U};
	struct mmu_counts before, after;
	struct mmu_answer answer;

	mmu_counts(s->mmu, &before);
	if (!mmu_translate(s->mmu, MMU_DATA, &request, &answer) || answer.fault)
		bench_die("%s: no answer to a load of a page that is mapped",
			  mmu_config(s->mmu)->name);
	mmu_counts(s->mmu, &after);
	for (unsigned i = 0; i < 100; i++) /* refills and prefetches come to their end */
		mmu_step(s->mmu);
	return (struct cost){after.port[MMU_DATA].walk_cycles - before.port[MMU_DATA].walk_cycles,
			     after.pte_reads - before.pte_reads};
}

/* False: this configuration has no memory for such pages. */
static bool open_scene(struct scene *s, const char *config_name, unsigned mode, uint64_t bytes,
		       unsigned latency)
{
	const struct mmu_config *config = mmu_config_find(config_name);
	struct mmu_options options = {
	    .model = "rtl", .config = config_name, .timing = {latency, latency, 0, 1}};
	char err[300];

	s->page_bytes = bytes;
	s->tables = tables_new(config, mode, bytes, err, sizeof(err));
	if (!s->tables)
		return false;
	for (uint64_t page = 0; page < OTHERS; page++)
		if (tables_map(s->tables, 0, page * bytes, true) != TABLES_OK)
			bench_die("%s: no place for its tables", config_name);
	options.memory = tables_memory(s->tables);
	s->mmu = mmu_open(&options, err, sizeof(err));
	if (!s->mmu)
		bench_die("%s", err);
	if (config->pmp_entries) {
		mmu_csr_write(s->mmu, CSR_PMPADDR0, UINT64_MAX >> 10);
		mmu_csr_write(s->mmu, CSR_PMPCFG0, PMP_NAPOT << PMP_A | 7);
	}
	mmu_csr_write(s->mmu, CSR_SATP, tables_satp(s->tables, 0, 0));
	return true;
}

static void close_scene(struct scene *s)
{
	mmu_close(s->mmu);
	tables_free(s->tables);
}

struct costs {
	struct cost cold, walked, left;
};

/* `far` lies in another table of the last level than the pages before it, if it can. */
static bool measure(const char *config, unsigned mode, uint64_t bytes, unsigned latency,
		    struct costs *costs)
{
	struct scene s;

	if (!open_scene(&s, config, mode, bytes, latency))
		return false;
	costs->cold = touch(&s, 0);
	/* Not the very next: that one may be prefetched. */
	costs->walked = touch(&s, 8);
	for (uint64_t page = 16; page < OTHERS; page++)
		touch(&s, page);
	costs->left = touch(&s, 0);
	close_scene(&s);
	return true;
}

static void print_row(struct table *t, const char *config, unsigned row, unsigned mode)
{
	struct costs costs[LATENCIES];

	for (unsigned l = 0; l < LATENCIES; l++)
		if (!measure(config, mode, rows[row].bytes, latencies[l], &costs[l]))
			return;
	table_row(t);
	table_text(t, config);
	table_text(t, rows[row].mode);
	table_text(t, rows[row].name);
	for (unsigned l = 0; l < LATENCIES; l++)
		table_number(t, (double)costs[l].cold.cycles);
	/* Without a walk cache a walk next to another costs the same, and is no answer. */
	for (unsigned l = 0; l < LATENCIES; l++)
		if (costs[l].walked.reads && costs[l].walked.reads < costs[l].cold.reads)
			table_number(t, (double)costs[l].walked.cycles);
		else
			table_none(t);
	if (costs[0].left.reads == 0)
		table_number(t, (double)costs[0].left.cycles);
	else
		table_none(t);
}

struct table walks(const struct bench *b)
{
	struct table t = table_new("Walks: cycles that a miss adds to a hit, by memory latency L; "
				   "cold, in a walked region, from the L2");

	table_column(&t, "config", 0);
	table_column(&t, "mode", 0);
	table_column(&t, "page", 0);
	for (unsigned kind = 0; kind < 2; kind++)
		for (unsigned l = 0; l < LATENCIES; l++) {
			char name[24];

			snprintf(name, sizeof(name), "%s L=%u", kind ? "walked" : "cold",
				 latencies[l]);
			table_column(&t, name, 0);
		}
	table_column(&t, "L2", 0);
	for (size_t i = 0; i < b->n_configs; i++) {
		const struct mmu_config *config = mmu_config_find(b->configs[i]);

		for (unsigned row = 0; row < sizeof(rows) / sizeof(rows[0]); row++) {
			unsigned mode;

			if (tables_mode_find(config, rows[row].mode, &mode) &&
			    tables_page_size_exists(config, mode, rows[row].bytes))
				print_row(&t, b->configs[i], row, mode);
		}
	}
	return t;
}
