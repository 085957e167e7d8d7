/*
 * Any model with the checker beside it, itself a model: it hands on what is
 * offered, follows what the model takes, and judges all that it answers.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "checker.h"
#include "lockstep.h"

enum {
	REPORTS = 10,   /* mismatches told in full; more are counted */
	UNDER_WAY = 64, /* requests of a port, taken and unanswered */
};

struct under_way {
	struct checker_request request;
	uint64_t taken; /* cycle of its acceptance */
	uint64_t since; /* cycle from which on patience counts */
};

struct lockstep {
	struct mmu mmu;
	struct mmu *model;
	struct checker *checker;
	struct {
		unsigned n;
		struct under_way request[UNDER_WAY]; /* oldest first */
	} port[MMU_PORTS];
	uint64_t fence_came; /* cycle before the one in which it was first offered */
	uint64_t patience;   /* cycles */
	uint64_t mismatches, stale;
	uint64_t seed;
	const char *rerun;
};

/* ---- reports ------------------------------------------------------------- */

/* Counts a mismatch; true when it is to be told, with the first line already told. */
static bool begin_report(struct lockstep *l, const char *what)
{
	l->mismatches++;
	if (l->mismatches == REPORTS + 1)
		fputs("lockstep: more mismatches follow; they are only counted\n", stderr);
	if (l->mismatches > REPORTS)
		return false;
	fprintf(stderr, "lockstep: mismatch at cycle %" PRIu64 ", seed %" PRIu64 ": %s\n",
		l->model->counts.cycles, l->seed, what);
	return true;
}

static void end_report(const struct lockstep *l)
{
	if (l->rerun)
		fprintf(stderr, "  to repeat: %s\n", l->rerun);
}

static void print_model(const struct mmu_answer *answer)
{
	fputs("  model:   ", stderr);
	mmu_print_answer(stderr, answer);
	fputc('\n', stderr);
}

static void print_golden(struct lockstep *l, const struct checker_request *request)
{
	struct golden_walk walk;
	struct golden_result golden = checker_explain(l->checker, request, &walk);

	/* Without a walk, registers as they were at acceptance have decided. */
	if (!request->walked)
		golden.answer = request->only;
	fputs("  request: ", stderr);
	mmu_print_request(stderr, &request->request);
	fputs("\n  golden:  ", stderr);
	mmu_print_answer(stderr, &golden.answer);
	fputs("\n", stderr);
	golden_print_walk(stderr, checker_regs(l->checker, request), &request->request, &walk,
			  &golden);
}

static void report(struct lockstep *l, const char *what, const struct checker_request *request,
		   const struct mmu_answer *answer)
{
	if (!begin_report(l, what))
		return;
	if (answer)
		print_model(answer);
	if (request)
		print_golden(l, request);
	end_report(l);
}

static void report_csr(struct lockstep *l, unsigned csr, uint64_t read)
{
	if (!begin_report(l, "a register after a write"))
		return;
	fprintf(stderr,
		"  written: 0x%" PRIx64
		" to register 0x%03x\n  register 0x%03x\n  model:   0x%" PRIx64
		"\n  golden:  0x%" PRIx64 "\n",
		l->mmu.csr.value, l->mmu.csr.csr, csr, read, checker_csr(l->checker, csr));
	end_report(l);
}

static void report_swap(struct lockstep *l, const struct checker_swap *swap)
{
	if (!begin_report(l, "an update that no request gives"))
		return;
	fprintf(stderr, "  PTE at 0x%" PRIx64 ": 0x%" PRIx64 " became 0x%" PRIx64 "\n", swap->pa,
		swap->old, swap->value);
	for (enum mmu_port port = 0; port < MMU_PORTS; port++)
		for (unsigned i = 0; i < l->port[port].n; i++)
			print_golden(l, &l->port[port].request[i].request);
	end_report(l);
}

static void report_read(struct lockstep *l, uint64_t pa)
{
	if (!begin_report(l, "a PTE read where no page table may lie"))
		return;
	fprintf(stderr, "  at 0x%" PRIx64 "\n", pa);
	end_report(l);
}

/* ---- requests under way -------------------------------------------------- */

static void retire(struct lockstep *l, enum mmu_port port, unsigned i)
{
	struct under_way *request = l->port[port].request;
	l->port[port].n--;
	for (; i < l->port[port].n; i++)
		request[i] = request[i + 1];
}

static void report_lost(struct lockstep *l, enum mmu_port port)
{
	report(l, "a request that was taken is not answered", &l->port[port].request[0].request,
	       NULL);
	retire(l, port, 0);
}

static void accept(struct lockstep *l, enum mmu_port port)
{
	if (l->port[port].n == UNDER_WAY)
		report_lost(l, port);
	l->port[port].request[l->port[port].n++] = (struct under_way){
	    checker_accept(l->checker, &l->mmu.offer[port].request),
	    l->model->counts.cycles,
	    l->model->counts.cycles,
	};
}

static void judge(struct lockstep *l, enum mmu_port port, const struct mmu_answer *answer)
{
	struct under_way *request = l->port[port].request;
	unsigned n = l->port[port].n;
	if (n == 0) {
		report(l, "an answer without a request", NULL, answer);
		return;
	}

	/* Answers may overtake each other; with an unknown tag it is the oldest's. */
	unsigned i = 0;
	while (i < n && (request[i].request.request.tag ^ answer->tag) & 0xff)
		i++;
	if (i == n) {
		report(l, "an answer with a tag that no request has", &request[0].request, answer);
		retire(l, port, 0);
		return;
	}

	switch (checker_judge(l->checker, &request[i].request, answer)) {
	case CHECKER_CURRENT:
		break;
	case CHECKER_STALE:
		l->stale++;
		break;
	case CHECKER_WRONG:
		report(l, "an answer that no PTE value in force gives", &request[i].request,
		       answer);
		break;
	}
	retire(l, port, i);
}

/* ---- one step ------------------------------------------------------------ */

static void hand_on_offers(struct lockstep *l)
{
	for (enum mmu_port port = 0; port < MMU_PORTS; port++)
		if (l->mmu.offer[port].standing && !l->model->offer[port].standing)
			l->model->offer[port] = l->mmu.offer[port];
	if (l->mmu.fence.standing && !l->model->fence.standing) {
		l->model->fence = l->mmu.fence;
		l->fence_came = l->model->counts.cycles;
	}
	l->model->csr = l->mmu.csr;
}

static void follow_requests(struct lockstep *l)
{
	for (enum mmu_port port = 0; port < MMU_PORTS; port++)
		if (l->mmu.offer[port].standing && !l->model->offer[port].standing) {
			accept(l, port);
			l->mmu.offer[port].standing = false;
		}
}

static bool is_given(struct lockstep *l, const struct checker_swap *swap)
{
	for (enum mmu_port port = 0; port < MMU_PORTS; port++)
		for (unsigned i = 0; i < l->port[port].n; i++)
			if (checker_gives_swap(l->checker, &l->port[port].request[i].request, swap))
				return true;
	return false;
}

static void follow_ptes(struct lockstep *l)
{
	const struct checker_swap *swap;
	uint64_t pa;

	for (unsigned i = 0; (swap = checker_swap_at(l->checker, i)); i++)
		if (!is_given(l, swap))
			report_swap(l, swap);
	if (checker_read_forbidden(l->checker, &pa))
		report_read(l, pa);
}

/* Golden counts no events. */
static bool is_counter(const struct lockstep *l, unsigned csr)
{
	return l->model->config->counters && csr - REG_COUNTER0 < 2 * COUNTERS_N;
}

/* True if the model reads as golden does. */
static bool compare_csr(struct lockstep *l, unsigned csr)
{
	uint64_t read = mmu_csr_read(l->model, csr);
	if (read == checker_csr(l->checker, csr) || is_counter(l, csr))
		return true;
	report_csr(l, csr, read);
	return false;
}

/* After a write: what was written, and all that it could have changed beside. One report
 * is enough. */
static void compare_csrs(struct lockstep *l, unsigned written)
{
	static const unsigned few[] = {CSR_SATP,     CSR_SENVCFG, CSR_MENVCFG,
				       CSR_MENVCFGH, CSR_MSECCFG, CSR_MSECCFGH};
	bool protection = written >= CSR_PMPCFG0 && written < REG_SEGMENT0;
	unsigned segments = written >= REG_SEGMENT0 ? l->model->config->segments : 0;

	if (!compare_csr(l, written))
		return;
	for (unsigned i = 0; i < sizeof few / sizeof few[0]; i++)
		if (!compare_csr(l, few[i]))
			return;
	for (unsigned i = 0; protection && i < GOLDEN_PMPS / 4; i++)
		if (!compare_csr(l, CSR_PMPCFG0 + i))
			return;
	for (unsigned i = 0; protection && i < GOLDEN_PMPS; i++)
		if (!compare_csr(l, CSR_PMPADDR0 + i))
			return;
	for (unsigned i = 0; i < segments; i++)
		for (unsigned which = SEGREG_BASE; which <= SEGREG_PHYSH; which++)
			if (!compare_csr(l, REG_SEGMENT0 + 8 * i + which))
				return;
	if (segments)
		compare_csr(l, REG_SEGCTL);
}

static void follow_csr(struct lockstep *l)
{
	if (!l->mmu.csr.standing)
		return;
	l->mmu.csr.standing = false;
	checker_csr_write(l->checker, l->mmu.csr.csr, l->mmu.csr.value);
	compare_csrs(l, l->mmu.csr.csr);
}

static void follow_fence(struct lockstep *l)
{
	if (!l->mmu.fence.standing || l->model->fence.standing)
		return;
	l->mmu.fence.standing = false;
	checker_fence(l->checker, &l->mmu.fence.fence);
	for (enum mmu_port port = 0; port < MMU_PORTS; port++)
		for (unsigned i = 0; i < l->port[port].n; i++) {
			struct under_way *request = &l->port[port].request[i];
			/* It goes by satp and envcfg as latched, which software may have changed
			 * before the fence: section 3.4. */
			if (request->taken <= l->fence_came)
				report(l,
				       "a fence is done, a request from before it is not answered",
				       &request->request, NULL);
			/* Walks in flight may begin anew. */
			request->since = l->model->counts.cycles;
		}
}

static void step(struct mmu *m)
{
	struct lockstep *l = (struct lockstep *)m;

	hand_on_offers(l);
	checker_begin_step(l->checker);
	mmu_step(l->model);
	m->counts.cycles = l->model->counts.cycles;

	follow_requests(l);
	follow_ptes(l);
	follow_csr(l);
	follow_fence(l);
	for (enum mmu_port port = 0; port < MMU_PORTS; port++) {
		m->answered[port] = l->model->answered[port];
		if (m->answered[port]) {
			m->answer[port] = l->model->answer[port];
			judge(l, port, &m->answer[port]);
		}
		if (l->port[port].n &&
		    m->counts.cycles - l->port[port].request[0].since > l->patience)
			report_lost(l, port);
	}
}

/* ---- the rest of a model ------------------------------------------------- */

static uint64_t csr_read(const struct mmu *m, unsigned csr)
{
	return mmu_csr_read(((const struct lockstep *)m)->model, csr);
}

static void before_write(struct mmu *m, uint64_t pa, unsigned bytes)
{
	struct lockstep *l = (struct lockstep *)m;
	checker_before_write(l->checker, pa, bytes);
	mmu_before_write(l->model, pa, bytes);
}

static bool wave_open(struct mmu *m, const char *path)
{
	return mmu_wave_open(((struct lockstep *)m)->model, path);
}

static void wave_on(struct mmu *m, bool on)
{
	mmu_wave_on(((struct lockstep *)m)->model, on);
}

static void counts(const struct mmu *m, struct mmu_counts *counts)
{
	const struct lockstep *l = (const struct lockstep *)m;
	mmu_counts(l->model, counts);
	counts->mismatches = l->mismatches;
	counts->stale = l->stale;
}

static void lockstep_close(struct mmu *m)
{
	struct lockstep *l = (struct lockstep *)m;
	mmu_close(l->model);
	checker_free(l->checker);
	free(l);
}

/* Far beyond any walk: a model that needs longer has lost the request. */
static uint64_t patience_for(const struct mmu_timing *timing)
{
	return 100000 + 1000 * (uint64_t)timing->latency_max;
}

struct mmu *lockstep_around(const struct mmu_config *config, const struct mmu_options *options,
			    lockstep_opener open, char *err, size_t err_size)
{
	static const struct mmu_ops ops = {
	    .step = step,
	    .csr_read = csr_read,
	    .before_write = before_write,
	    .wave_open = wave_open,
	    .wave_on = wave_on,
	    .counts = counts,
	    .close = lockstep_close,
	};
	struct lockstep *l = calloc(1, sizeof *l);
	if (l)
		l->checker = checker_new(config, options->memory);
	if (!l || !l->checker) {
		snprintf(err, err_size, "lockstep: out of memory");
		free(l);
		return NULL;
	}

	struct mmu_options plain = *options;
	plain.lockstep = false;
	plain.memory = checker_memory(l->checker);
	l->model = open(&plain, err, err_size);
	if (!l->model) {
		checker_free(l->checker);
		free(l);
		return NULL;
	}
	l->mmu.ops = &ops;
	l->mmu.config = config;
	l->patience = patience_for(&options->timing);
	l->seed = options->timing.seed;
	l->rerun = options->rerun;
	return &l->mmu;
}

struct mmu *lockstep_mmu_open(const struct mmu_config *config, const struct mmu_options *options,
			      char *err, size_t err_size)
{
	return lockstep_around(config, options, mmu_open, err, err_size);
}
