/*
 * Random lockstep of RTL and golden model: random page tables (tb/world.h), contexts
 * and registers, PMP and its locks, PTEs changed at any moment, between read and update
 * too, fences of all forms at any moment, memory from quick to slow, stalled and with
 * bus errors, both ports at once, each with as many requests as it takes. The lockstep judges
 * each answer; here we drive, watch which request is answered, and in the end see that
 * everything that matters did occur.
 *
 * From the environment: SEED; N, translations a configuration (default 800000);
 * ONLY, one configuration's name; MODEL, one of sim/mmu.h (default rtl).
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

#include "coverage.h"
#include "events.h"
#include "world.h"

enum { DEFAULT_N = 800000, LIVES = 4, DRAIN = 100000, PHASE = 1500, UNDER_WAY = 64 };

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
	struct golden_regs regs; /* as after the last step */
	struct coverage *c;
	struct rates rates;
	uint64_t cycle;
	struct {
		struct mmu_request offered;
		unsigned under_way;
		struct coverage_request taken[UNDER_WAY]; /* and not answered; oldest first */
		bool hit;                                 /* answers what it took in this step */
	} port[MMU_PORTS];
	char rerun[400];
};

static bool thousandth(struct run *r, unsigned rate)
{
	return rng_below(&r->world.rng, 1000) < rate;
}

static bool walking(const struct run *r)
{
	return r->port[MMU_FETCH].under_way || r->port[MMU_DATA].under_way;
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
	if (rng_chance(rng, 40))
		world_open_pmp(&r->world);
	if (rng_chance(rng, 30))
		world_segments_off(&r->world);
	else if (rng_chance(rng, 50))
		world_segments_on(&r->world);
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

static void count_write(struct run *r, struct world_write write)
{
	unsigned mode = write.value >> 60;
	bool pmp = write.csr >= CSR_PMPCFG0 && write.csr < CSR_PMPADDR0 + 64;

	r->c->pmp_in_walk += pmp && walking(r);
	r->c->segment_in_walk += write.csr >= REG_SEGMENT0 && walking(r);
	if (write.csr != CSR_SATP)
		return;
	r->c->satp_in_walk += walking(r);
	if (r->config->xlen == 64 && mode != SATP_BARE &&
	    (mode < SATP_SV39 || mode - SATP_SV39 + 3 > r->config->levels))
		r->c->satp_dropped++;
}

/* The registers as golden has them follow in step(). */
static bool offer_write(struct run *r, struct world_write *write)
{
	unsigned rate = r->rates.write;

	/* Bare, and segments alone, answer each cycle: they must not last, or they are most of
	 * what is counted. */
	if (!world_levels(&r->world, r->regs.satp) ||
	    (r->regs.segments.ctl & 3) == SEGMODE_SEGMENTS)
		rate = 100;
	if (!world_write_due(&r->world) && !thousandth(r, rate))
		return false;
	*write = world_write(&r->world, r->regs.satp);
	mmu_offer_csr(r->mmu, write->csr, write->value);
	count_write(r, *write);
	return true;
}

static bool has_tag(const struct run *r, enum mmu_port port, uint8_t tag)
{
	for (unsigned i = 0; i < r->port[port].under_way; i++)
		if (r->port[port].taken[i].request.tag == tag)
			return true;
	return false;
}

/* The largest leaves are rare, and would hardly ever be hit without asking twice in a row. */
static struct mmu_request any_request(struct run *r, enum mmu_port port)
{
	const struct mmu_request *last = &r->port[port].offered;
	unsigned level;
	uint64_t pte;

	if (last->bytes && rng_chance(&r->world.rng, 50) &&
	    world_leaf(&r->world, r->regs.satp, last->va, &pte, &level) && level >= 3)
		return *last;
	return world_request(&r->world, port, r->regs.satp);
}

static void offer(struct run *r)
{
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
		offer_fence(r, world_fence(&r->world, r->regs.satp));
	for (unsigned port = 0; port < MMU_PORTS; port++)
		if (!mmu_offered(r->mmu, port) && rng_chance(&r->world.rng, r->rates.offer)) {
			uint8_t tag = (uint8_t)r->port[port].offered.tag + 1;
			r->port[port].offered = any_request(r, port);
			while (has_tag(r, port, tag))
				tag++;
			r->port[port].offered.tag = tag;
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
	unsigned n = r->port[port].under_way;
	struct coverage_request *taken = &r->port[port].taken[n];

	for (unsigned i = 0; i < n; i++)
		r->port[port].taken[i].just_taken = false;
	if (!was_offered || mmu_offered(r->mmu, port))
		return;
	if (n == r->config->misses + r->config->hit_under_miss)
		fail_run(r, "a request is taken beyond those that may be under way");
	r->port[port].under_way++;
	*taken = (struct coverage_request){
	    .just_taken = true,
	    .request = r->port[port].offered,
	    .satp = r->regs.satp,
	    .levels = world_levels(&r->world, r->regs.satp),
	};
	coverage_take(r->c, &r->regs, taken);
}

static void follow_answer(struct run *r, enum mmu_port port)
{
	const struct mmu_answer *a = mmu_answer(r->mmu, port);
	struct coverage_request *taken = r->port[port].taken;
	unsigned i = 0;

	r->port[port].hit = false;
	if (!a)
		return;
	while (i < r->port[port].under_way && a->tag != taken[i].request.tag)
		i++;
	if (i == r->port[port].under_way)
		fail_run(r, "an answer to nothing");
	r->port[port].hit = taken[i].just_taken;
	r->c->under_miss += i > 0 && taken[i].just_taken;
	r->c->overtakes += i > 0 && !taken[i].just_taken;
	coverage_answer(r->c, &r->world, &r->regs, port, &taken[i], a);
	for (r->port[port].under_way--; i < r->port[port].under_way; i++)
		taken[i] = taken[i + 1];
}

static void step(struct run *r)
{
	bool was_offered[MMU_PORTS], writes;
	struct world_write write;

	writes = offer_write(r, &write);
	for (unsigned port = 0; port < MMU_PORTS; port++)
		was_offered[port] = mmu_offered(r->mmu, port);
	mmu_step(r->mmu);
	for (unsigned port = 0; port < MMU_PORTS; port++) {
		follow_taken(r, port, was_offered[port]);
		follow_answer(r, port);
	}
	if (writes)
		golden_write_csr(&r->regs, write.csr, write.value);
	if (mmu_answer(r->mmu, MMU_FETCH) && mmu_answer(r->mmu, MMU_DATA)) {
		r->c->both_answer++;
		r->c->both_hit += r->port[MMU_FETCH].hit && r->port[MMU_DATA].hit;
	}
	r->c->both_miss += r->port[MMU_FETCH].under_way && r->port[MMU_DATA].under_way;
	for (unsigned port = 0; port < MMU_PORTS; port++)
		r->c->full +=
		    r->port[port].under_way == r->config->misses + r->config->hit_under_miss;
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

static const char *model(void)
{
	const char *name = getenv("MODEL");

	return name && *name ? name : "rtl";
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

/* One world and one model, from reset on: what is locked ends with them. */
static void live(struct run *r, const struct mmu_timing *timing, uint64_t seed, uint64_t until,
		 uint64_t n)
{
	struct coverage *c = r->c;
	struct mmu_counts counts;
	char err[400] = "";

	world_begin(&r->world, r->config, seed);
	struct mmu_options options = {
	    .model = model(),
	    .config = r->config->name,
	    .lockstep = true,
	    .memory = world_memory(&r->world),
	    .timing = *timing,
	    .rerun = r->rerun,
	};
	options.timing.seed = rng_env_seed();
	r->mmu = r->world.mmu = mmu_open(&options, err, sizeof err);
	if (!r->mmu)
		fail_msg("%s", err);
	r->regs = golden_reset(r->config);

	do {
		offer(r);
		step(r);
		show_progress(r, n);
	} while (c->translations < until);
	drain(r);

	/* Behind a bus, memory sees more requests than the MMU makes. */
	bool agree = strcmp(model(), "rtl") != 0 || events_agree(r->mmu, err, sizeof err);
	mmu_counts(r->mmu, &counts);
	c->mismatches += counts.mismatches;
	c->stale += counts.stale;
	c->swaps += counts.pte_swaps;
	c->swaps_failed += counts.pte_swaps_failed;
	mmu_close(r->mmu);
	world_end(&r->world);
	if (counts.mismatches)
		fail_run(r, "mismatches");
	if (!agree)
		fail_run(r, err);
}

static void rtl_answers_as_golden(void **state)
{
	const struct mmu_config *config = mmu_config_find(*state);
	const char *only = only_config();
	uint64_t n = env_number("N", DEFAULT_N), until = 0;
	static struct run r;
	struct coverage c = {0};

	if (only && strcmp(only, config->name) != 0)
		skip();
	for (unsigned i = 0; i < LIVES * sizeof manners / sizeof manners[0]; i++) {
		const struct manner *manner = &manners[i / LIVES];
		until += n * manner->share / 100 / LIVES;
		r = (struct run){.config = config, .c = &c};
		snprintf(r.rerun, sizeof r.rerun,
			 "SEED=%" PRIu64 " N=%" PRIu64 " ONLY=%s MODEL=%s %s", rng_env_seed(), n,
			 config->name, model(), program_invocation_name);
		live(&r, &manner->timing, seed_for(config->name, i), until, n);
	}
	coverage_print(&c);
	assert_true(coverage_complete(&c, config));
}

int main(void)
{
	static char *configs[] = {"sv32",     "sv32_min", "sv32_max", "sv39",  "sv48",   "sv57_min",
				  "sv57_max", "sv57_odd", "sv57_w44", "rva23", "open57r"};
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
