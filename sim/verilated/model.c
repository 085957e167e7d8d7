/*
 * The Verilated RTL behind sim/mmu.h: finds the configuration's shared object,
 * drives its pins, and plays the memory behind its memory port.
 */
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "library.h"
#include "mmu_model.h"
#include "shim.h"

enum { PENDING_MAX = 16, UNDER_WAY = 64, RESET_CYCLES = 2 };

struct pending {
	uint64_t due; /* the cycle in which the data is on the port */
	uint64_t address;
	uint64_t data;
	uint64_t expected, desired; /* of a swap */
	uint8_t tag;
	bool swap;
	bool error;
	bool sampled; /* done when the request was taken, not when answered */
};

/* A request that the RTL has accepted and not answered. */
struct in_flight {
	uint8_t tag;
	bool translated;
	uint64_t accepted; /* cycle */
};

struct verilated {
	struct mmu base;
	void *library;
	void *shim;

	void *(*new_shim)(uint64_t seed);
	void (*delete_shim)(void *shim);
	void (*settle)(void *shim, const struct shim_inputs *in, struct shim_settled *out);
	void (*clock)(void *shim, struct shim_answer *fetch, struct shim_answer *data);
	void (*reset)(void *shim, bool asserted);
	bool (*wave_open)(void *shim, const char *path);
	void (*wave_on)(void *shim, bool on);

	struct mmu_memory memory;
	struct mmu_timing timing;
	uint64_t rng;
	bool wave_opened, recording;
	struct pending pending[PENDING_MAX];
	unsigned pendings;

	struct shim_inputs in;
	struct {
		unsigned n;
		struct in_flight request[UNDER_WAY]; /* oldest first */
	} port[MMU_PORTS];
	bool translating; /* below M-mode: satp is not Bare, or segments are on */
};

/* splitmix64: timing of the memory port only, repeatable from the seed */
static uint64_t draw(struct verilated *v, uint64_t below)
{
	uint64_t z = v->rng += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return (z ^ z >> 31) % below;
}

/* ---- memory port --------------------------------------------------------- */

/* A swap gives what memory holds after it: as desired, or what was found instead. */
static void swap_pte(struct verilated *v, struct pending *p)
{
	unsigned bytes = v->base.config->xlen / 8;
	uint64_t old = 0;

	p->error = !v->memory.swap ||
		   !v->memory.swap(v->memory.ctx, p->address, bytes, p->expected, p->desired, &old);
	p->data = old;
	v->base.counts.pte_swaps++;
	if (p->error)
		return;
	if (old == p->expected)
		p->data = p->desired;
	else
		v->base.counts.pte_swaps_failed++;
}

static void access_pte(struct verilated *v, struct pending *p)
{
	p->data = 0;
	if (p->swap)
		swap_pte(v, p);
	else
		p->error =
		    !v->memory.read(v->memory.ctx, p->address, v->base.config->xlen / 8, &p->data);
}

/* A request is taken in the present cycle. Memory is accessed at either end of the
 * latency, so that a PTE may change under the walk on both sides of it. */
static void memory_request(struct verilated *v, const struct shim_settled *settled)
{
	unsigned spread = v->timing.latency_max - v->timing.latency_min;
	unsigned latency = v->timing.latency_min + (spread ? draw(v, spread + 1) : 0);
	struct pending *p = &v->pending[v->pendings++];

	*p = (struct pending){
	    .due = v->base.counts.cycles + latency,
	    .address = settled->mem_req_addr,
	    .expected = settled->mem_req_expected,
	    .desired = settled->mem_req_desired,
	    .tag = settled->mem_req_tag,
	    .swap = settled->mem_req_swap,
	    .sampled = draw(v, 2),
	};
	if (p->sampled)
		access_pte(v, p);
	v->base.counts.pte_reads += !p->swap;
	if (v->recording && !v->base.counts.wave_walk)
		v->base.counts.wave_walk = v->base.counts.cycles;
}

static void drive_memory(struct verilated *v)
{
	unsigned stall = v->timing.stall_percent;

	v->in.mem_req_ready = v->pendings < PENDING_MAX && !(stall && draw(v, 100) < stall);
	v->in.mem_ans_valid = false;
	for (unsigned i = 0; i < v->pendings; i++) {
		struct pending *p = &v->pending[i];

		if (p->due > v->base.counts.cycles)
			continue;
		if (!p->sampled)
			access_pte(v, p);
		v->in.mem_ans_valid = true;
		v->in.mem_ans_tag = p->tag;
		v->in.mem_ans_data = p->data;
		v->in.mem_ans_error = p->error;
		*p = v->pending[--v->pendings];
		return;
	}
}

/* ---- ports --------------------------------------------------------------- */

static void drive_request(struct verilated *v, enum mmu_port port, struct shim_request *pins)
{
	const struct mmu_request *r = &v->base.offer[port].request;

	pins->valid = v->base.offer[port].standing;
	if (!pins->valid)
		return;
	pins->va = r->va;
	pins->access = r->access;
	pins->size = r->bytes - 1;
	pins->priv = r->priv;
	pins->tag = (uint8_t)r->tag;
	pins->sum = r->sum;
	pins->mxr = r->mxr;
}

/* The oldest with that tag is over; false if there is none: a defect of the RTL, which a
 * lockstep reports. */
static bool retire(struct verilated *v, enum mmu_port port, uint8_t tag, struct in_flight *f)
{
	struct in_flight *request = v->port[port].request;
	unsigned i = 0;

	while (i < v->port[port].n && request[i].tag != tag)
		i++;
	if (i == v->port[port].n)
		return false;
	*f = request[i];
	for (v->port[port].n--; i < v->port[port].n; i++)
		request[i] = request[i + 1];
	return true;
}

static void accept(struct verilated *v, enum mmu_port port, bool ready)
{
	const struct mmu_request *r = &v->base.offer[port].request;

	if (!v->base.offer[port].standing || !ready)
		return;
	v->base.offer[port].standing = false;
	if (v->port[port].n == UNDER_WAY)
		retire(v, port, v->port[port].request[0].tag, &(struct in_flight){0});
	v->port[port].request[v->port[port].n++] = (struct in_flight){
	    .tag = (uint8_t)r->tag,
	    .translated = r->priv != PRIV_M && v->translating,
	    .accepted = v->base.counts.cycles,
	};
}

static void count_answer(struct verilated *v, enum mmu_port port, const struct mmu_answer *a)
{
	struct in_flight f;

	v->base.counts.port[port].translations++;
	v->base.counts.port[port].faults[a->reason & 63]++;
	if (!retire(v, port, (uint8_t)a->tag, &f))
		return;
	uint64_t latency = v->base.counts.cycles - f.accepted;
	if (!f.translated) {
		v->base.counts.port[port].untranslated++;
	} else if (latency == 1) {
		v->base.counts.port[port].hits++;
	} else {
		v->base.counts.port[port].misses++;
		v->base.counts.port[port].walk_cycles += latency - 1;
	}
}

/* The RTL leaves pa open on a fault, and cause and tval without one. */
static void take_answer(struct verilated *v, enum mmu_port port, const struct shim_answer *pins)
{
	struct mmu_answer *a = &v->base.answer[port];

	v->base.answered[port] = pins->valid;
	if (!pins->valid)
		return;
	*a = (struct mmu_answer){
	    .pa = pins->fault ? 0 : pins->pa,
	    .tval = pins->fault ? pins->tval : 0,
	    .tag = pins->tag,
	    .fault = pins->fault,
	    .cause = pins->fault ? pins->cause : 0,
	    .reason = pins->reason,
	    .level = pins->level,
	    .pte = pins->pte,
	    .memory = pins->fault ? 0 : pins->memory,
	};
	count_answer(v, port, a);
}

/* ---- operations ---------------------------------------------------------- */

static uint64_t verilated_csr_read(const struct mmu *m, unsigned csr)
{
	const struct verilated *v = (const struct verilated *)m;
	struct shim_inputs in = v->in;
	struct shim_settled settled;

	in.csr_write = false;
	in.csr_number = (uint16_t)csr;
	v->settle(v->shim, &in, &settled);
	return settled.csr_rdata;
}

static void note_translating(struct verilated *v, unsigned written)
{
	const struct mmu_config *config = v->base.config;

	if (written != CSR_SATP && written != REG_SEGCTL)
		return;
	v->translating =
	    verilated_csr_read(&v->base, CSR_SATP) >> (config->xlen == 32 ? 31 : 60) != 0 ||
	    (config->segments && (verilated_csr_read(&v->base, REG_SEGCTL) & 3) != SEGMODE_PAGING);
}

/* Bits that the pin does not have must not reach a Verilated input. */
static uint16_t asid_mask(const struct verilated *v)
{
	unsigned bits = v->base.config->asid_bits;

	return (1u << (bits ? bits : 1)) - 1;
}

static void verilated_step(struct mmu *m)
{
	struct verilated *v = (struct verilated *)m;
	struct shim_settled settled;
	struct shim_answer answer[MMU_PORTS];

	drive_request(v, MMU_FETCH, &v->in.fetch);
	drive_request(v, MMU_DATA, &v->in.data);
	v->in.csr_write = m->csr.standing;
	v->in.csr_number = m->csr.csr;
	v->in.csr_wdata = m->csr.value;
	m->csr.standing = false;
	v->in.fence_valid = m->fence.standing;
	v->in.fence_rs1_x0 = m->fence.fence.rs1_x0;
	v->in.fence_rs2_x0 = m->fence.fence.rs2_x0;
	v->in.fence_va = m->fence.fence.va;
	v->in.fence_asid = m->fence.fence.asid & asid_mask(v);
	drive_memory(v);

	v->settle(v->shim, &v->in, &settled);
	accept(v, MMU_FETCH, settled.fetch_req_ready);
	accept(v, MMU_DATA, settled.data_req_ready);
	if (m->fence.standing && settled.fence_ready) {
		m->fence.standing = false;
		m->counts.fences++;
	}
	if (settled.mem_req_valid && v->in.mem_req_ready)
		memory_request(v, &settled);

	v->clock(v->shim, &answer[MMU_FETCH], &answer[MMU_DATA]);
	m->counts.cycles++;
	take_answer(v, MMU_FETCH, &answer[MMU_FETCH]);
	take_answer(v, MMU_DATA, &answer[MMU_DATA]);
	if (v->in.csr_write)
		note_translating(v, v->in.csr_number);
}

static bool verilated_wave_open(struct mmu *m, const char *path)
{
	struct verilated *v = (struct verilated *)m;

	if (!v->wave_open || v->wave_opened || !v->wave_open(v->shim, path))
		return false;
	v->wave_opened = v->recording = true;
	return true;
}

static void verilated_wave_on(struct mmu *m, bool on)
{
	struct verilated *v = (struct verilated *)m;

	if (!v->wave_opened)
		return;
	v->recording = on;
	v->wave_on(v->shim, on);
}

static void verilated_close(struct mmu *m)
{
	struct verilated *v = (struct verilated *)m;

	if (v->shim)
		v->delete_shim(v->shim);
	if (v->library)
		dlclose(v->library);
	free(v);
}

static const struct mmu_ops verilated_ops = {
    .step = verilated_step,
    .csr_read = verilated_csr_read,
    .wave_open = verilated_wave_open,
    .wave_on = verilated_wave_on,
    .close = verilated_close,
};

/* ---- opening ------------------------------------------------------------- */

/* The shared object of a model. */
static const char *library_file(const struct mmu_options *options)
{
	if (strcmp(options->model, "rtl-axi4") == 0)
		return "axi4.so";
	if (strcmp(options->model, "rtl-wb") == 0)
		return "wb.so";
	return options->wave ? "wave.so" : "mmu.so";
}

static bool load_library(struct verilated *v, const char *path, bool wave, char *err,
			 size_t err_size)
{
	enum { WITHOUT_WAVE = 5 };
	struct {
		const char *name;
		void *slot;
	} symbols[] = {
	    {"shim_new", &v->new_shim},    {"shim_delete", &v->delete_shim},
	    {"shim_settle", &v->settle},   {"shim_clock", &v->clock},
	    {"shim_reset", &v->reset},     {"shim_wave_open", &v->wave_open},
	    {"shim_wave_on", &v->wave_on},
	};

	v->library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!v->library) {
		snprintf(err, err_size, "%s", dlerror());
		return false;
	}
	size_t needed = wave ? sizeof(symbols) / sizeof(symbols[0]) : WITHOUT_WAVE;
	for (size_t i = 0; i < needed; i++) {
		void *address = dlsym(v->library, symbols[i].name);

		if (!address) {
			snprintf(err, err_size, "%s: no %s in it: remove the file and build again",
				 path, symbols[i].name);
			return false;
		}
		memcpy(symbols[i].slot, &address, sizeof(address));
	}
	return true;
}

static bool timing_ok(const struct mmu_timing *t, char *err, size_t err_size)
{
	if (t->latency_min < 1 || t->latency_max < t->latency_min) {
		snprintf(err, err_size,
			 "memory latency %u to %u cycles: it must be at least 1, and min <= max",
			 t->latency_min, t->latency_max);
		return false;
	}
	if (t->stall_percent > 99) {
		snprintf(err, err_size, "memory stalled %u%% of the cycles: it must be 0 to 99",
			 t->stall_percent);
		return false;
	}
	return true;
}

struct mmu *verilated_mmu_open(const struct mmu_config *config, const struct mmu_options *options,
			       char *err, size_t err_size)
{
	struct verilated *v = calloc(1, sizeof(*v));
	char path[PATH_MAX];

	if (!v) {
		snprintf(err, err_size, "out of memory");
		return NULL;
	}
	v->base.ops = &verilated_ops;
	v->base.config = config;
	v->memory = options->memory;
	v->timing = options->timing;
	v->rng = options->timing.seed;
	if (v->timing.latency_min == 0 && v->timing.latency_max == 0)
		v->timing.latency_min = v->timing.latency_max = 1;

	if (!timing_ok(&v->timing, err, err_size))
		goto fail;
	if (!library_find(config->name, library_file(options), path, sizeof(path))) {
		snprintf(err, err_size,
			 "configuration %s has no Verilated RTL yet: run 'make %s%s'", config->name,
			 strcmp(options->model, "rtl") == 0 ? "rtl CONFIG=" : "rtl-bus CONFIG=",
			 config->name);
		goto fail;
	}
	if (!load_library(v, path, options->wave, err, err_size))
		goto fail;

	v->shim = v->new_shim(options->timing.seed);
	v->reset(v->shim, true);
	for (int i = 0; i < RESET_CYCLES; i++)
		verilated_step(&v->base);
	v->reset(v->shim, false);
	v->base.counts = (struct mmu_counts){0};
	return &v->base;

fail:
	verilated_close(&v->base);
	return NULL;
}
