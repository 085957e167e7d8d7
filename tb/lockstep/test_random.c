/*
 * Random lockstep of RTL and golden model: random page tables (tb/world.h),
 * contexts and satp, PTEs changed at any moment, fences of all forms at any
 * moment, memory from quick to slow, stalled and with bus errors, both ports at
 * once. The lockstep judges each answer; here we drive, watch the order of
 * answers, and in the end see that everything that matters did occur.
 *
 * From the environment: SEED; N, translations a configuration (default 400000);
 * ONLY, one configuration's name.
 */
#include <errno.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "golden/golden.h"
#include "scene.h"
#include "world.h"

enum { DEFAULT_N = 400000, DRAIN = 100000, PHASE = 1500 };

/* ---- what occurred ------------------------------------------------------- */

struct coverage {
	uint64_t translations;
	uint64_t by_levels[6]; /* of the mode; 0: Bare */
	uint64_t hits[MMU_PORTS][GOLDEN_LEVELS], walks[MMU_PORTS][GOLDEN_LEVELS];
	uint64_t warm_faults, reasons[64], m_mode;
	uint64_t both_answer, both_hit, both_miss;
	uint64_t fences[4], fences_in_walk, fences_noncanonical;
	uint64_t satp_in_walk, satp_dropped, changes_in_walk;
	uint64_t mismatches, stale;
};

struct way {
	const char *what;
	uint64_t count;
};

/* True if it did; else says what did not. */
static bool occurred(const char *config, const char *what, uint64_t count)
{
	if (count == 0)
		fprintf(stderr, "%s: never seen: %s\n", config, what);
	return count != 0;
}

static bool levels_occurred(const struct mmu_config *config, const struct coverage *c)
{
	char what[60];
	bool all = true;

	for (unsigned port = 0; port < MMU_PORTS; port++)
		for (unsigned level = 0; level < config->levels; level++) {
			snprintf(what, sizeof what, "a hit on port %u, level %u", port, level);
			all &= occurred(config->name, what, c->hits[port][level]);
			snprintf(what, sizeof what, "a walk on port %u, level %u", port, level);
			all &= occurred(config->name, what, c->walks[port][level]);
		}
	for (unsigned levels = config->xlen == 32 ? 2 : 3; levels <= config->levels; levels++) {
		snprintf(what, sizeof what, "a mode of %u levels", levels);
		all &= occurred(config->name, what, c->by_levels[levels]);
	}
	return all;
}

/* What the widths leave no room for cannot occur. */
static bool reason_is_possible(const struct mmu_config *config, unsigned reason)
{
	if (reason == REASON_NONCANONICAL)
		return config->xlen == 64;
	if (reason == REASON_ADDRESS_TOO_WIDE)
		return config->xlen == 64 || config->pa_bits < 34;
	return true;
}

static bool reasons_occurred(const struct mmu_config *config, const struct coverage *c)
{
	static const unsigned reasons[] = {
#define VALUE(value, name) value,
	    MMU_REASONS(VALUE)
#undef VALUE
	};
	bool all = true;

	for (unsigned i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
		if (reason_is_possible(config, reasons[i]))
			all &= occurred(config->name, mmu_reason_name(reasons[i]),
					c->reasons[reasons[i]]);
	return all;
}

static bool everything_occurred(const struct mmu_config *config, const struct coverage *c)
{
	const struct way ways[] = {
	    {"a fault on a hit", c->warm_faults},
	    {"an access in M-mode", c->m_mode},
	    {"an access in Bare", c->by_levels[0]},
	    {"answers on both ports in one cycle", c->both_answer},
	    {"hits on both ports in one cycle", c->both_hit},
	    {"misses on both ports at once", c->both_miss},
	    {"a fence by address and ASID", c->fences[0]},
	    {"a fence by address", c->fences[1]},
	    {"a fence by ASID", c->fences[2]},
	    {"a fence of everything", c->fences[3]},
	    {"a fence offered during a walk", c->fences_in_walk},
	    {"a write of satp during a walk", c->satp_in_walk},
	    {"a change of a PTE during a walk", c->changes_in_walk},
	    {"an answer from what a cache still held", c->stale},
	};
	bool all = levels_occurred(config, c) & reasons_occurred(config, c);

	for (unsigned i = 0; i < sizeof ways / sizeof ways[0]; i++)
		all &= occurred(config->name, ways[i].what, ways[i].count);
	if (config->xlen == 64) {
		all &= occurred(config->name, "a write of satp that is dropped", c->satp_dropped);
		all &= occurred(config->name, "a fence of a non-canonical address",
				c->fences_noncanonical);
	}
	return all;
}

/* ---- one run ------------------------------------------------------------- */

/* How much of each is going on; changes from phase to phase. */
struct rates {
	unsigned offer;                /* percent of the free cycles */
	unsigned change, fence, write; /* of a thousand cycles */
};

struct run {
	const struct mmu_config *config;
	struct world world;
	struct mmu *mmu;
	struct coverage *c;
	struct rates rates;
	uint64_t cycle;
	struct {
		struct mmu_request offered, taken;
		unsigned levels; /* of the mode in which it was taken */
		bool busy;       /* taken and not answered */
		bool just_taken; /* in the last step */
	} port[MMU_PORTS];
	uint64_t satp; /* before the step */
	char rerun[400];
};

static bool thousandth(struct run *r, unsigned rate)
{
	return rng_below(&r->world.rng, 1000) < rate;
}

static bool walking(const struct run *r)
{
	return r->port[MMU_FETCH].busy || r->port[MMU_DATA].busy;
}

static void begin_phase(struct run *r)
{
	static const unsigned offers[] = {100, 100, 60, 15}, changes[] = {0, 2, 10, 60},
			      fences[] = {0, 3, 15, 250}, writes[] = {0, 2, 10, 40};
	struct rng *rng = &r->world.rng;

	r->rates = (struct rates){
	    .offer = offers[rng_below(rng, 4)],
	    .change = changes[rng_below(rng, 4)],
	    .fence = fences[rng_below(rng, 4)],
	    .write = writes[rng_below(rng, 4)],
	};
	if (rng_chance(rng, 20))
		world_renew(&r->world);
}

static void offer_fence(struct run *r, struct mmu_fence fence)
{
	struct mmu_request as_request = {.va = fence.va};

	mmu_offer_fence(r->mmu, &fence);
	r->c->fences[fence.rs1_x0 * 2 + fence.rs2_x0]++;
	r->c->fences_in_walk += walking(r);
	if (r->config->xlen == 64) {
		int64_t upper = (int64_t)as_request.va >> (11 + 9 * r->config->levels);
		r->c->fences_noncanonical += !fence.rs1_x0 && upper != 0 && upper != -1;
	}
}

static void offer_satp(struct run *r)
{
	uint64_t value = world_satp(&r->world);
	unsigned mode = value >> 60;

	mmu_offer_csr(r->mmu, CSR_SATP, value);
	r->c->satp_in_walk += walking(r);
	if (r->config->xlen == 64 && mode != SATP_BARE &&
	    (mode < SATP_SV39 || mode - SATP_SV39 + 3 > r->config->levels))
		r->c->satp_dropped++;
}

static void offer(struct run *r)
{
	r->satp = mmu_csr_read(r->mmu, CSR_SATP);
	if (r->cycle++ % PHASE == 0) {
		begin_phase(r);
		/* So that what a cache may hold, which the checker keeps, stays small. */
		if (!mmu_fence_offered(r->mmu))
			offer_fence(r, (struct mmu_fence){.rs1_x0 = true, .rs2_x0 = true});
	}
	if (thousandth(r, r->rates.change)) {
		world_change(&r->world);
		r->c->changes_in_walk += walking(r);
	}
	if (!mmu_fence_offered(r->mmu) && thousandth(r, r->rates.fence))
		offer_fence(r, world_fence(&r->world, r->satp));
	/* Bare answers each cycle: it must not last, or it is most of what is counted. */
	if (thousandth(r, world_levels(&r->world, r->satp) ? r->rates.write : 100))
		offer_satp(r);
	for (unsigned port = 0; port < MMU_PORTS; port++)
		if (!mmu_offered(r->mmu, port) && rng_chance(&r->world.rng, r->rates.offer)) {
			r->port[port].offered = world_request(&r->world, port, r->satp);
			mmu_offer(r->mmu, port, &r->port[port].offered);
		}
}

/* ---- answers ------------------------------------------------------------- */

static void fail_run(const struct run *r, const char *what)
{
	fail_msg("%s, cycle %" PRIu64 ": %s; to repeat: %s", r->config->name, r->cycle, what,
		 r->rerun);
}

static void follow_taken(struct run *r, enum mmu_port port, bool was_offered)
{
	r->port[port].just_taken = was_offered && !mmu_offered(r->mmu, port);
	if (!r->port[port].just_taken)
		return;
	if (r->port[port].busy)
		fail_run(r, "a request is taken before the one ahead of it is answered");
	r->port[port].busy = true;
	r->port[port].taken = r->port[port].offered;
	r->port[port].levels = world_levels(&r->world, r->satp);
}

static void count_answer(struct run *r, enum mmu_port port, const struct mmu_answer *a)
{
	struct coverage *c = r->c;
	bool m_mode = r->port[port].taken.priv == PRIV_M;

	c->translations++;
	c->by_levels[r->port[port].levels] += !m_mode;
	c->m_mode += m_mode;
	c->reasons[a->reason]++;
	if (a->level == LEVEL_NONE)
		return;
	if (a->fault)
		c->warm_faults += r->port[port].just_taken;
	else if (r->port[port].just_taken)
		c->hits[port][a->level]++;
	else
		c->walks[port][a->level]++;
}

static void follow_answer(struct run *r, enum mmu_port port)
{
	const struct mmu_answer *a = mmu_answer(r->mmu, port);

	if (!a)
		return;
	if (!r->port[port].busy)
		fail_run(r, "an answer to nothing");
	if (a->tag != (r->port[port].taken.tag & 0xff))
		fail_run(r, "the answer has not its request's tag");
	count_answer(r, port, a);
	r->port[port].busy = false;
}

static void step(struct run *r)
{
	bool was_offered[MMU_PORTS];

	for (unsigned port = 0; port < MMU_PORTS; port++)
		was_offered[port] = mmu_offered(r->mmu, port);
	mmu_step(r->mmu);
	for (unsigned port = 0; port < MMU_PORTS; port++) {
		follow_taken(r, port, was_offered[port]);
		follow_answer(r, port);
	}
	if (mmu_answer(r->mmu, MMU_FETCH) && mmu_answer(r->mmu, MMU_DATA)) {
		r->c->both_answer++;
		r->c->both_hit += r->port[MMU_FETCH].just_taken && r->port[MMU_DATA].just_taken;
	}
	r->c->both_miss += r->port[MMU_FETCH].busy && r->port[MMU_DATA].busy;
}

/* All that is under way comes to its end, with nothing new. */
static void drain(struct run *r)
{
	for (unsigned i = 0; i < DRAIN; i++) {
		if (!walking(r) && !mmu_offered(r->mmu, MMU_FETCH) &&
		    !mmu_offered(r->mmu, MMU_DATA) && !mmu_fence_offered(r->mmu))
			return;
		step(r);
	}
	fail_run(r, "a request or fence that never ends");
}

/* ---- runs ---------------------------------------------------------------- */

/* The memory's manners, and the share of the translations that each gets, in percent. */
static const struct manner {
	struct mmu_timing timing;
	unsigned share;
} manners[] = {
    {{1, 1, 0, 0}, 40},  {{1, 3, 20, 0}, 25}, {{1, 50, 30, 0}, 20},
    {{2, 9, 70, 0}, 10}, {{50, 50, 0, 0}, 5},
};

static uint64_t env_number(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);
	char *end;

	if (!text || !*text)
		return otherwise;
	errno = 0;
	uint64_t value = strtoull(text, &end, 0);
	if (errno || *end || value == 0) {
		fprintf(stderr, "%s=%s: must be a number from 1\n", name, text);
		exit(2);
	}
	return value;
}

/* The configuration that ONLY names, or NULL. */
static const char *only_config(void)
{
	const char *only = getenv("ONLY");

	return only && *only ? only : NULL;
}

static void show_progress(const struct run *r, uint64_t n)
{
	if (r->cycle % 65536 == 0 && isatty(STDERR_FILENO))
		fprintf(stderr, "\r%-10s %3u%% ", r->config->name,
			(unsigned)(100 * r->c->translations / n));
}

/* Another world for each run, all from the one seed. */
static uint64_t seed_for(const char *name, unsigned which)
{
	uint64_t seed = rng_env_seed() * 31 + which;

	while (*name)
		seed = seed * 131 + (unsigned char)*name++;
	return seed;
}

static void run_manner(const struct mmu_config *config, struct coverage *c, uint64_t until,
		       uint64_t n, unsigned which)
{
	static struct run r;
	struct mmu_counts counts;
	char err[400] = "";

	r = (struct run){.config = config, .c = c};
	snprintf(r.rerun, sizeof r.rerun, "SEED=%" PRIu64 " N=%" PRIu64 " ONLY=%s %s",
		 rng_env_seed(), n, config->name, program_invocation_name);
	world_begin(&r.world, config, seed_for(config->name, which));
	struct mmu_options options = {
	    .model = "rtl",
	    .config = config->name,
	    .lockstep = true,
	    .memory = sparse_memory(r.world.ram),
	    .timing = manners[which].timing,
	    .rerun = r.rerun,
	};
	options.timing.seed = rng_env_seed();
	r.mmu = r.world.mmu = mmu_open(&options, err, sizeof err);
	if (!r.mmu)
		fail_msg("%s", err);

	do {
		offer(&r);
		step(&r);
		show_progress(&r, n);
	} while (c->translations < until);
	drain(&r);

	mmu_counts(r.mmu, &counts);
	c->mismatches += counts.mismatches;
	c->stale += counts.stale;
	mmu_close(r.mmu);
	world_end(&r.world);
	if (counts.mismatches)
		fail_run(&r, "mismatches");
}

static void rtl_answers_as_golden(void **state)
{
	const struct mmu_config *config = mmu_config_find(*state);
	const char *only = only_config();
	uint64_t n = env_number("N", DEFAULT_N), until = 0;
	struct coverage c = {0};

	if (only && strcmp(only, config->name) != 0)
		skip();
	for (unsigned i = 0; i < sizeof manners / sizeof manners[0]; i++) {
		until += n * manners[i].share / 100;
		run_manner(config, &c, until, n, i);
	}
	printf("# %" PRIu64 " translations (Sv32 %" PRIu64 ", Sv39 %" PRIu64 ", Sv48 %" PRIu64
	       ", Sv57 %" PRIu64 "), %" PRIu64 " right from what a cache still held\n",
	       c.translations, c.by_levels[2], c.by_levels[3], c.by_levels[4], c.by_levels[5],
	       c.stale);
	assert_true(everything_occurred(config, &c));
}

int main(void)
{
	static char *configs[] = {"sv32",     "sv32_min", "sv32_max", "sv39", "sv48",
				  "sv57_min", "sv57_max", "sv57_odd", "rva23"};
	enum { CONFIGS = sizeof configs / sizeof configs[0] };
	struct CMUnitTest tests[CONFIGS];
	const char *only = only_config();
	bool known = !only;

	for (unsigned i = 0; i < CONFIGS; i++)
		known |= only && strcmp(only, configs[i]) == 0;
	if (!known) {
		fprintf(stderr, "ONLY=%s: not a configuration that this test runs\n", only);
		return 2;
	}
	for (unsigned i = 0; i < CONFIGS; i++)
		tests[i] = (struct CMUnitTest){
		    .name = configs[i],
		    .test_func = rtl_answers_as_golden,
		    .initial_state = configs[i],
		};
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return scene_finish(cmocka_run_group_tests(tests, NULL, NULL));
}
