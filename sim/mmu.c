/* The part of sim/mmu.h that is the same for every model. */
#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "mmu_configs.h"
#include "mmu_model.h"

/* ---- configurations ------------------------------------------------------ */

#define MAP(name) static const struct mmu_pma pma_##name[] = {MMU_PMA_##name};
MMU_PMA_MAPS(MAP)
#undef MAP

static const struct mmu_config configs[] = {
#define ROW(name, map, ...) {#name, __VA_ARGS__, sizeof pma_##map / sizeof pma_##map[0], pma_##map},
    MMU_CONFIGS(ROW)
#undef ROW
};

static const size_t n_configs = sizeof configs / sizeof configs[0];

const struct mmu_config *mmu_config_at(size_t i)
{
	return i < n_configs ? &configs[i] : NULL;
}

const struct mmu_config *mmu_config_find(const char *name)
{
	for (size_t i = 0; i < n_configs; i++)
		if (strcmp(configs[i].name, name) == 0)
			return &configs[i];
	return NULL;
}

/* ---- opening ------------------------------------------------------------- */

typedef struct mmu *(*mmu_opener)(const struct mmu_config *, const struct mmu_options *, char *,
				  size_t);

static const struct model {
	const char *name;
	mmu_opener open;
} models[] = {
    {"rtl", verilated_mmu_open},
    {"rtl-axi4", verilated_mmu_open},
    {"rtl-wb", verilated_mmu_open},
    {"golden", golden_mmu_open},
};

static const size_t n_models = sizeof models / sizeof models[0];

static const struct model *model_find(const char *name)
{
	for (size_t i = 0; i < n_models; i++)
		if (strcmp(models[i].name, name) == 0)
			return &models[i];
	return NULL;
}

/* Writes "unknown KIND "NAME" (known: a, b, c)", cut to fit. */
static void report_unknown(char *err, size_t err_size, const char *kind, const char *name,
			   const char *(*known)(size_t))
{
	int at = snprintf(err, err_size, "unknown %s \"%s\" (known:", kind, name);
	for (size_t i = 0; known(i) && at >= 0 && (size_t)at < err_size; i++)
		at += snprintf(err + at, err_size - at, "%s %s", i ? "," : "", known(i));
	if (at >= 0 && (size_t)at < err_size)
		snprintf(err + at, err_size - at, ")");
}

static const char *config_name(size_t i)
{
	return i < n_configs ? configs[i].name : NULL;
}

static const char *model_name(size_t i)
{
	return i < n_models ? models[i].name : NULL;
}

static bool timing_is_valid(const struct mmu_timing *t, char *err, size_t err_size)
{
	if (t->latency_max < t->latency_min) {
		snprintf(err, err_size,
			 "memory latency %u to %u: the longest must not be below the shortest",
			 t->latency_min, t->latency_max);
		return false;
	}
	if (t->stall_percent > 99) {
		snprintf(err, err_size, "memory stalled %u percent of the time: must be 0 to 99",
			 t->stall_percent);
		return false;
	}
	return true;
}

struct mmu *mmu_open(const struct mmu_options *options, char *err, size_t err_size)
{
	const char *model_wanted = options->model ? options->model : "";
	const char *config_wanted = options->config ? options->config : "";

	const struct model *model = model_find(model_wanted);
	if (!model) {
		report_unknown(err, err_size, "model", model_wanted, model_name);
		return NULL;
	}
	const struct mmu_config *config = mmu_config_find(config_wanted);
	if (!config) {
		report_unknown(err, err_size, "configuration", config_wanted, config_name);
		return NULL;
	}
	if (!timing_is_valid(&options->timing, err, err_size))
		return NULL;

	mmu_opener open = options->lockstep ? lockstep_mmu_open : model->open;
	return open(config, options, err, err_size);
}

void mmu_close(struct mmu *m)
{
	if (m)
		m->ops->close(m);
}

const struct mmu_config *mmu_config(const struct mmu *m)
{
	return m->config;
}

/* ---- one cycle at a time ------------------------------------------------- */

static bool request_is_valid(const struct mmu_config *config, const struct mmu_request *r)
{
	return r->access <= ACC_SS_AMO && (r->priv <= PRIV_S || r->priv == PRIV_M) &&
	       r->bytes >= 1 && r->bytes <= 64 && (r->va & 0xfff) + r->bytes <= 0x1000 &&
	       (config->xlen == 64 || r->va >> 32 == 0);
}

void mmu_offer(struct mmu *m, enum mmu_port port, const struct mmu_request *request)
{
	assert(!m->offer[port].standing);
	assert(request_is_valid(m->config, request));
	assert((port == MMU_FETCH) == (request->access == ACC_FETCH));
	m->offer[port].request = *request;
	m->offer[port].standing = true;
}

bool mmu_offered(const struct mmu *m, enum mmu_port port)
{
	return m->offer[port].standing;
}

void mmu_offer_fence(struct mmu *m, const struct mmu_fence *fence)
{
	assert(!m->fence.standing);
	m->fence.fence = *fence;
	m->fence.standing = true;
}

bool mmu_fence_offered(const struct mmu *m)
{
	return m->fence.standing;
}

void mmu_offer_csr(struct mmu *m, unsigned csr, uint64_t value)
{
	assert(!m->csr.standing);
	m->csr.csr = csr;
	m->csr.value = value;
	m->csr.standing = true;
}

uint64_t mmu_csr_read(const struct mmu *m, unsigned csr)
{
	return m->ops->csr_read(m, csr);
}

void mmu_step(struct mmu *m)
{
	m->ops->step(m);
}

const struct mmu_answer *mmu_answer(const struct mmu *m, enum mmu_port port)
{
	return m->answered[port] ? &m->answer[port] : NULL;
}

/* ---- whole operations ---------------------------------------------------- */

bool mmu_translate(struct mmu *m, enum mmu_port port, const struct mmu_request *request,
		   struct mmu_answer *answer)
{
	mmu_offer(m, port, request);
	for (unsigned i = 0; i < MMU_PATIENCE; i++) {
		mmu_step(m);
		if (m->answered[port]) {
			*answer = m->answer[port];
			return true;
		}
	}
	return false;
}

bool mmu_fence(struct mmu *m, const struct mmu_fence *fence)
{
	mmu_offer_fence(m, fence);
	for (unsigned i = 0; i < MMU_PATIENCE; i++) {
		mmu_step(m);
		if (!m->fence.standing)
			return true;
	}
	return false;
}

void mmu_csr_write(struct mmu *m, unsigned csr, uint64_t value)
{
	mmu_offer_csr(m, csr, value);
	mmu_step(m);
}

/* ---- memory, counts, waveform -------------------------------------------- */

void mmu_before_write(struct mmu *m, uint64_t pa, unsigned bytes)
{
	if (m->ops->before_write)
		m->ops->before_write(m, pa, bytes);
}

uint64_t mmu_cycles(const struct mmu *m)
{
	return m->counts.cycles;
}

void mmu_counts(const struct mmu *m, struct mmu_counts *counts)
{
	if (m->ops->counts)
		m->ops->counts(m, counts);
	else
		*counts = m->counts;
}

bool mmu_wave_open(struct mmu *m, const char *path)
{
	return m->ops->wave_open && m->ops->wave_open(m, path);
}

void mmu_wave_on(struct mmu *m, bool on)
{
	if (m->ops->wave_on)
		m->ops->wave_on(m, on);
}

/* ---- for people ---------------------------------------------------------- */

const char *mmu_reason_name(unsigned reason)
{
	switch (reason) {
#define NAME(value, name)                                                                          \
	case value:                                                                                \
		return name;
		MMU_REASONS(NAME)
#undef NAME
	default:
		return "?";
	}
}

const char *mmu_access_name(unsigned access)
{
	static const char *const name[] = {
	    [ACC_LOAD] = "load",
	    [ACC_STORE] = "store",
	    [ACC_FETCH] = "fetch",
	    [ACC_LR] = "lr",
	    [ACC_SC] = "sc",
	    [ACC_AMO] = "amo",
	    [ACC_CBO_ZERO] = "cbo.zero",
	    [ACC_CBO_MANAGE] = "cbo.clean/flush/inval",
	    [ACC_PREFETCH] = "prefetch",
	    [ACC_SS_LOAD] = "shadow-stack load",
	    [ACC_SS_STORE] = "shadow-stack store",
	    [ACC_SS_AMO] = "shadow-stack amo",
	};
	return access < sizeof name / sizeof name[0] ? name[access] : "?";
}

void mmu_print_request(FILE *out, const struct mmu_request *request)
{
	static const char priv[] = "US?M";
	fprintf(out, "%s of %u bytes at 0x%" PRIx64 ", privilege %c, SUM %d, MXR %d, tag 0x%x",
		mmu_access_name(request->access), request->bytes, request->va,
		priv[request->priv & 3], request->sum, request->mxr, request->tag);
}

const char *mmu_memory_name(unsigned memory)
{
	static const char *const name[] = {
	    [MEM_CACHED] = "cached",
	    [MEM_NC] = "not cached",
	    [MEM_IO] = "I/O",
	};
	return memory < sizeof name / sizeof name[0] ? name[memory] : "?";
}

void mmu_print_answer(FILE *out, const struct mmu_answer *answer)
{
	if (answer->fault)
		fprintf(out, "fault %s, cause %u, tval 0x%" PRIx64 ", %s,",
			mmu_reason_name(answer->reason), answer->cause, answer->tval,
			answer->pte ? "on a PTE" : "on the access");
	else
		fprintf(out, "ok, pa 0x%" PRIx64 ", %s,", answer->pa,
			mmu_memory_name(answer->memory));

	/* What must be zero in this kind of answer is shown when it is not. */
	if (answer->fault && (answer->pa || answer->memory))
		fprintf(out, " pa 0x%" PRIx64 ", memory %u,", answer->pa, answer->memory);
	if (!answer->fault && (answer->tval || answer->cause || answer->reason || answer->pte))
		fprintf(out, " tval 0x%" PRIx64 ", cause %u, reason %u, pte %d,", answer->tval,
			answer->cause, answer->reason, answer->pte);

	if (answer->level == LEVEL_NONE)
		fputs(" no level,", out);
	else
		fprintf(out, " level %u,", answer->level);
	fprintf(out, " tag 0x%x", answer->tag);
}
