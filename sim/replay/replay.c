#include "replay.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "tables.h"

struct replay {
	struct replay_setup setup;
	const struct mmu_config *config;

	/* the records so far, as a binary trace */
	struct trace_writer *writer;
	FILE *out;
	char *data;
	size_t size;
	uint64_t records, accesses;
	uint64_t any, all; /* bits 63:31 that some, and all, addresses have */

	unsigned mode;
	struct tables *tables;
	struct mmu *mmu;
	uint64_t *owner;
	struct engine_totals totals;
	char err[400];
};

static bool __attribute__((format(printf, 2, 3))) fail(struct replay *r, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(r->err, sizeof(r->err), format, args);
	va_end(args);
	return false;
}

const char *replay_error(const struct replay *r)
{
	return r->err;
}

/* ---- taking the trace in ------------------------------------------------------- */

struct replay *replay_new(const struct replay_setup *setup, char *err, size_t err_size)
{
	const struct mmu_config *config = mmu_config_find(setup->config);
	struct replay *r;

	if (!config) {
		snprintf(err, err_size, "unknown configuration '%s'; 'atlas configs' lists them",
			 setup->config);
		return NULL;
	}
	r = calloc(1, sizeof(*r));
	if (r && (r->owner = malloc(ENGINE_ASIDS * sizeof(*r->owner))) &&
	    (r->out = open_memstream(&r->data, &r->size)))
		r->writer = trace_writer_new(r->out, TRACE_BINARY);
	if (!r || !r->writer) {
		snprintf(err, err_size, "no memory to keep a trace");
		replay_free(r);
		return NULL;
	}
	r->setup = *setup;
	r->config = config;
	r->all = UINT64_MAX;
	for (unsigned i = 0; i < ENGINE_ASIDS; i++)
		r->owner[i] = ENGINE_NOBODY;
	if (!r->setup.page_bytes)
		r->setup.page_bytes = 4096;
	if (!r->setup.window)
		r->setup.window = 16;
	if (!r->setup.repeat)
		r->setup.repeat = 1;
	return r;
}

void replay_free(struct replay *r)
{
	if (!r)
		return;
	mmu_close(r->mmu);
	tables_free(r->tables);
	trace_writer_end(r->writer);
	if (r->out)
		fclose(r->out);
	free(r->owner);
	free(r->data);
	free(r);
}

bool replay_add(struct replay *r, const struct trace_record *record)
{
	trace_write(r->writer, record);
	r->records++;
	if (record->kind == TRACE_ACCESS) {
		r->accesses++;
		r->any |= record->access.va;
		r->all &= record->access.va;
	}
	return !ferror(r->out) ||
	       fail(r, "no memory to keep more than %" PRIu64 " records", r->records);
}

/* The whole trace again. Never NULL but for want of memory, which r->err then says. */
static struct trace_reader *again(struct replay *r)
{
	return trace_open_memory(r->data, r->size, "the trace as kept", TRACE_BINARY, r->err,
				 sizeof(r->err));
}

/* ---- what it needs --------------------------------------------------------------- */

static uint64_t cut(const struct replay *r, uint64_t va)
{
	unsigned spare = 64 - tables_va_bits(r->mode);

	return r->config->xlen == 32 ? (uint32_t)va : (uint64_t)((int64_t)(va << spare) >> spare);
}

/* With 64 bits both halves may be in use: each address must be its own sign-extension. */
static bool fits(struct replay *r, unsigned mode)
{
	unsigned bits = tables_va_bits(mode);
	struct trace_reader *reader;
	struct trace_record record;
	bool all = true;

	if (bits == 32)
		return r->any >> 32 == 0;
	if (r->any >> (bits - 1) == 0 || (int64_t)r->all >> (bits - 1) == -1)
		return true;
	r->mode = mode;
	reader = again(r);
	while (reader && all && trace_read(reader, &record) == TRACE_RECORD)
		all = record.kind != TRACE_ACCESS || cut(r, record.access.va) == record.access.va;
	trace_close(reader);
	return all;
}

static bool choose_mode(struct replay *r)
{
	static const char *const names[] = {"sv32", "sv39", "sv48", "sv57"};
	const char *given = r->setup.mode;
	unsigned mode, deepest = SATP_BARE;

	for (unsigned i = 0; i < 4; i++) {
		if ((given && strcmp(given, names[i]) != 0) ||
		    !tables_mode_find(r->config, names[i], &mode))
			continue;
		deepest = mode;
		if (fits(r, mode)) {
			r->mode = mode;
			return true;
		}
	}
	if (deepest == SATP_BARE)
		return fail(r, "configuration %s has no mode '%s'", r->config->name, given);
	r->mode = deepest;
	return r->setup.cut ||
	       fail(r,
		    "the trace has addresses wider than %s: choose another mode or configuration, "
		    "or cut them (--cut-addresses)",
		    tables_mode_name(deepest));
}

static bool map_pages(struct replay *r)
{
	struct trace_reader *reader = again(r);
	enum tables_result result = TABLES_OK;
	struct trace_record record;
	uint32_t space = 0;

	while (reader && result == TABLES_OK && trace_read(reader, &record) == TRACE_RECORD) {
		if (record.kind == TRACE_SPACE)
			space = record.space.number;
		if (record.kind == TRACE_ACCESS)
			result = tables_map(r->tables, space, cut(r, record.access.va),
					    record.access.priv == PRIV_U);
	}
	trace_close(reader);
	switch (result) {
	case TABLES_OK:
		return reader != NULL;
	case TABLES_FULL:
		return fail(
		    r,
		    "the physical memory of configuration %s has no place for the tables of "
		    "%" PRIu64 " pages: choose larger pages or another configuration",
		    r->config->name, tables_pages(r->tables));
	case TABLES_NO_MEMORY:
		break;
	}
	return fail(r, "no memory for the tables of %" PRIu64 " pages", tables_pages(r->tables));
}

/* Everything is open to S and U. */
static void open_pmp(struct replay *r)
{
	if (r->config->pmp_entries == 0)
		return;
	mmu_csr_write(r->mmu, CSR_PMPADDR0, UINT64_MAX >> 10);
	mmu_csr_write(r->mmu, CSR_PMPCFG0,
		      PMP_NAPOT << PMP_A | 1u << PMP_R | 1u << PMP_W | 1u << PMP_X);
}

static bool prepare(struct replay *r)
{
	const struct replay_setup *s = &r->setup;
	char err[300];

	trace_writer_end(r->writer);
	r->writer = NULL;
	if (fflush(r->out) != 0)
		return fail(r, "no memory to keep %" PRIu64 " records", r->records);
	if (r->accesses == 0)
		return fail(r, "the trace has no accesses that are to be translated");
	if (!choose_mode(r))
		return false;
	if (!tables_page_size_exists(r->config, r->mode, s->page_bytes))
		return fail(r, "%s of configuration %s has no pages of %" PRIu64 " KiB",
			    tables_mode_name(r->mode), r->config->name, s->page_bytes >> 10);
	r->tables = tables_new(r->config, r->mode, s->page_bytes, err, sizeof(err));
	if (!r->tables)
		return fail(r, "configuration %s: %s", r->config->name, err);
	if (!map_pages(r))
		return false;

	const struct mmu_options options = {
	    .model = s->model,
	    .config = s->config,
	    .memory = tables_memory(r->tables),
	    .timing = s->timing,
	};

	r->mmu = mmu_open(&options, r->err, sizeof(r->err));
	if (r->mmu)
		open_pmp(r);
	return r->mmu != NULL;
}

/* ---- running --------------------------------------------------------------------- */

static enum replay_end run_once(struct replay *r, unsigned run)
{
	struct engine_job job = {
	    .mmu = r->mmu,
	    .tables = r->tables,
	    .reader = again(r),
	    .window = r->setup.window,
	    .records = r->records,
	    .va_spare = r->config->xlen == 32 ? 32 : 64 - tables_va_bits(r->mode),
	    .owner = r->owner,
	    .run = run,
	    .runs = r->setup.repeat,
	    .interrupted = r->setup.interrupted,
	    .ctx = r->setup.ctx,
	};
	enum replay_end end =
	    job.reader ? engine_run(&job, &r->totals, r->err, sizeof(r->err)) : REPLAY_REFUSED;

	trace_close(job.reader);
	return end;
}

enum replay_end replay_run(struct replay *r)
{
	enum replay_end end = REPLAY_DONE;

	if (!prepare(r))
		return REPLAY_REFUSED;
	for (unsigned run = 0; run < r->setup.repeat && end == REPLAY_DONE; run++)
		end = run_once(r, run);
	return end;
}

void replay_result(const struct replay *r, struct replay_result *result)
{
	*result = (struct replay_result){
	    .config = r->config,
	    .mode = tables_mode_name(r->mode),
	    .window = r->setup.window,
	    .repeat = r->setup.repeat,
	    .records = r->records,
	    .accesses = r->accesses,
	    .page_bytes = r->setup.page_bytes,
	    .fences_added = r->totals.fences_added,
	    .counts = r->totals.counts,
	    .seconds = r->totals.seconds,
	};
	result->has_events = r->totals.has_events && strcmp(r->setup.model, "rtl") == 0;
	memcpy(result->events, r->totals.events, sizeof(result->events));
	if (r->tables) {
		result->spaces = tables_spaces(r->tables);
		result->pages = tables_pages(r->tables);
		result->table_bytes = tables_bytes(r->tables);
	}
}
