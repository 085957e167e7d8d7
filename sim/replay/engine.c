#include "engine.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	TAGS = 256,
	LOOK_EVERY = 1 << 14, /* records between looks at the caller */
};

struct port {
	struct trace_access queue[REPLAY_MAX_WINDOW]; /* taken from the trace, not yet offered */
	unsigned first, queued;
	struct trace_access sent[TAGS]; /* by tag: offered and not answered */
	bool under_way[TAGS];
	unsigned flying;
	uint8_t tag; /* of the next offer */
};

struct engine {
	const struct engine_job *job;
	struct engine_totals *totals;
	struct port port[MMU_PORTS];
	bool rv32;
	uint16_t asid_mask;
	struct trace_space space;

	struct trace_record held; /* a record that waits until nothing is under way */
	bool holds, ended;
	uint64_t taken; /* records */
	unsigned idle;  /* cycles since anything came from the model */
	enum replay_end end;
	char *err;
	size_t err_size;
};

static enum replay_end stop(struct engine *e, enum replay_end end)
{
	e->end = end;
	return end;
}

static uint64_t cut(const struct engine *e, uint64_t va)
{
	unsigned spare = e->job->va_spare;

	return e->rv32 ? (uint32_t)va : (uint64_t)((int64_t)(va << spare) >> spare);
}

/* ---- spaces and fences ------------------------------------------------------------ */

static bool fence(struct engine *e, const struct mmu_fence *f)
{
	if (f->rs1_x0 && f->rs2_x0)
		for (unsigned i = 0; i <= e->asid_mask; i++)
			e->job->owner[i] = ENGINE_NOBODY;
	else if (f->rs1_x0)
		e->job->owner[f->asid & e->asid_mask] = ENGINE_NOBODY;
	if (mmu_fence(e->job->mmu, f))
		return true;
	snprintf(e->err, e->err_size, "the model has not done a fence within %u cycles",
		 MMU_PATIENCE);
	stop(e, REPLAY_WRONG);
	return false;
}

/* The ASID may be another space's too, for the trace says so or it is cut to the bits that
 * there are: then it is fenced, as an operating system would. */
static bool enter_space(struct engine *e)
{
	uint16_t asid = e->space.asid & e->asid_mask;
	uint64_t *owner = &e->job->owner[asid];

	mmu_csr_write(e->job->mmu, CSR_SATP, tables_satp(e->job->tables, e->space.number, asid));
	if (*owner != ENGINE_NOBODY && *owner != e->space.number) {
		e->totals->fences_added++;
		if (!fence(e, &(struct mmu_fence){.asid = asid, .rs1_x0 = true}))
			return false;
	}
	*owner = e->space.number;
	return true;
}

static bool do_held(struct engine *e)
{
	struct mmu_fence f = e->held.fence;

	e->holds = false;
	switch (e->held.kind) {
	case TRACE_SPACE:
		e->space = e->held.space;
		/* One in which nothing is accessed has no tables. */
		return !tables_has(e->job->tables, e->space.number) || enter_space(e);
	case TRACE_FENCE:
		f.va = cut(e, f.va);
		if (!fence(e, &f))
			return false;
		break;
	case TRACE_ACCESS:
		break;
	}
	return true;
}

/* ---- accesses ----------------------------------------------------------------------- */

/* Shadow stacks are read-only to others: what is replayed is the same access to a page. */
static uint8_t plain(uint8_t access)
{
	switch (access) {
	case ACC_SS_LOAD:
		return ACC_LOAD;
	case ACC_SS_STORE:
		return ACC_STORE;
	case ACC_SS_AMO:
		return ACC_AMO;
	default:
		return access;
	}
}

static unsigned unanswered(const struct engine *e)
{
	const struct port *f = &e->port[MMU_FETCH], *d = &e->port[MMU_DATA];

	return f->queued + f->flying + d->queued + d->flying;
}

static void enqueue(struct engine *e, struct trace_access a)
{
	struct port *p = &e->port[a.access == ACC_FETCH ? MMU_FETCH : MMU_DATA];

	a.va = cut(e, a.va);
	a.access = plain(a.access);
	p->queue[(p->first + p->queued++) % REPLAY_MAX_WINDOW] = a;
}

static void look_up(struct engine *e)
{
	double part = (double)e->taken / (double)e->job->records;

	if (e->taken % LOOK_EVERY == 0 && e->job->interrupted &&
	    e->job->interrupted(e->job->ctx, (e->job->run + part) / e->job->runs))
		stop(e, REPLAY_INTERRUPTED);
}

static void take_records(struct engine *e)
{
	while (!e->holds && !e->ended && unanswered(e) < e->job->window) {
		switch (trace_read(e->job->reader, &e->held)) {
		case TRACE_RECORD:
			e->taken++;
			look_up(e);
			if (e->held.kind == TRACE_ACCESS)
				enqueue(e, e->held.access);
			else
				e->holds = true;
			break;
		case TRACE_BAD: /* it was read before */
		case TRACE_END:
			e->ended = true;
			break;
		}
	}
}

static void offer(struct engine *e, enum mmu_port port)
{
	struct port *p = &e->port[port];
	const struct trace_access *a = &p->queue[p->first];

	if (!p->queued || mmu_offered(e->job->mmu, port))
		return;
	while (p->under_way[p->tag])
		p->tag++;
	mmu_offer(e->job->mmu, port,
		  &(struct mmu_request){
		      .va = a->va,
		      .tag = p->tag,
		      .access = a->access,
		      .bytes = a->bytes,
		      .priv = a->priv,
		      .sum = true,
		  });
	p->sent[p->tag] = *a;
	p->under_way[p->tag++] = true;
	p->flying++;
	p->first = (p->first + 1) % REPLAY_MAX_WINDOW;
	p->queued--;
	e->idle = 0;
}

static bool is_right(struct engine *e, const struct mmu_answer *answer,
		     const struct trace_access *a)
{
	return answer->fault || answer->pa == tables_pa(e->job->tables, e->space.number, a->va);
}

static void take_answer(struct engine *e, enum mmu_port port)
{
	const struct mmu_answer *answer = mmu_answer(e->job->mmu, port);
	struct port *p = &e->port[port];

	if (!answer)
		return;

	const struct trace_access *a = &p->sent[answer->tag % TAGS];

	if (!p->under_way[answer->tag % TAGS]) {
		snprintf(e->err, e->err_size,
			 "the model answered what was not asked, with tag %u, on the %s port: this "
			 "is a defect of it",
			 answer->tag, port == MMU_FETCH ? "fetch" : "data");
		stop(e, REPLAY_WRONG);
	} else if (!is_right(e, answer, a)) {
		snprintf(e->err, e->err_size,
			 "the model answered a %s at 0x%" PRIx64 " in space %u with 0x%" PRIx64
			 ", but its page is at 0x%" PRIx64 ": this is a defect of it",
			 mmu_access_name(a->access), a->va, e->space.number, answer->pa,
			 tables_pa(e->job->tables, e->space.number, a->va));
		stop(e, REPLAY_WRONG);
	}
	p->under_way[answer->tag % TAGS] = false;
	p->flying--;
	e->idle = 0;
}

static void cycle(struct engine *e)
{
	offer(e, MMU_FETCH);
	offer(e, MMU_DATA);
	mmu_step(e->job->mmu);
	take_answer(e, MMU_FETCH);
	take_answer(e, MMU_DATA);
	if (++e->idle > MMU_PATIENCE) {
		snprintf(e->err, e->err_size, "the model has not answered for %u cycles",
			 MMU_PATIENCE);
		stop(e, REPLAY_WRONG);
	}
}

static void run(struct engine *e)
{
	while (e->end == REPLAY_DONE) {
		take_records(e);
		if (unanswered(e) && e->end == REPLAY_DONE)
			cycle(e);
		else if (e->holds)
			do_held(e);
		else
			return;
	}
}

/* ---- counts -------------------------------------------------------------------------- */

/* All fields of struct mmu_counts are uint64_t. */
static void subtract(struct mmu_counts *after, const struct mmu_counts *before)
{
	uint64_t *a = (uint64_t *)after;
	const uint64_t *b = (const uint64_t *)before;

	_Static_assert(sizeof(*after) % sizeof(*a) == 0, "mmu_counts is an array of counts");
	for (size_t i = 0; i < sizeof(*after) / sizeof(*a); i++)
		a[i] -= b[i];
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

enum replay_end engine_run(const struct engine_job *job, struct engine_totals *totals, char *err,
			   size_t err_size)
{
	struct engine *e = calloc(1, sizeof(*e));
	const struct mmu_config *config = mmu_config(job->mmu);
	struct mmu_counts before;
	uint64_t events[COUNTERS_N];
	enum replay_end end;
	double started = now();

	*totals = (struct engine_totals){0};
	if (!e) {
		snprintf(err, err_size, "no memory to run it");
		return REPLAY_REFUSED;
	}
	e->job = job;
	e->totals = totals;
	e->err = err;
	e->err_size = err_size;
	e->rv32 = config->xlen == 32;
	e->asid_mask = (uint16_t)((1u << config->asid_bits) - 1);

	mmu_counts(job->mmu, &before);
	mmu_events(job->mmu, events);
	if (!tables_has(job->tables, 0) || enter_space(e))
		run(e);
	mmu_counts(job->mmu, &totals->counts);
	subtract(&totals->counts, &before);
	totals->has_events = mmu_events(job->mmu, totals->events);
	for (unsigned i = 0; i < COUNTERS_N; i++)
		totals->events[i] -= events[i];
	totals->seconds = now() - started;
	end = e->end;
	free(e);
	return end;
}
