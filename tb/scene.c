#include "scene.h"

#include <errno.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "events.h"
#include "rng.h"

#define PAGE_SHIFT 12

struct scene_mode scene_modes[SCENE_MODES] = {
    {"sv32", "open32", SATP_SV32, 2, 10, 4},
    {"sv39", "open57r", SATP_SV39, 3, 9, 8},
    {"sv48", "open57r", SATP_SV48, 4, 9, 8},
    {"sv57", "open57r", SATP_SV57, 5, 9, 8},
};

static const char *only;

static bool has_mode(const struct mmu_config *c, const struct scene_mode *mode)
{
	return c->xlen == 8 * mode->pte_bytes && c->levels >= mode->levels;
}

/* Before main(), whose tests may take modes from the table at once. */
static void __attribute__((constructor)) use_only_configuration(void)
{
	const struct mmu_config *config;

	only = getenv("ONLY");
	if (!only)
		return;
	config = mmu_config_find(only);
	if (!config) {
		fprintf(stderr, "ONLY=%s: no such configuration; 'atlas configs' lists them\n",
			only);
		exit(2);
	}
	scene_modes[config->levels - 2].config = only;
	for (unsigned m = 0; m < SCENE_MODES; m++)
		if (has_mode(config, &scene_modes[m]))
			scene_modes[m].config = only;
		else
			scene_modes[m] = scene_modes[config->levels - 2];
}

const struct scene_mode *scene_mode(const char *name)
{
	for (unsigned i = 0; i < SCENE_MODES; i++)
		if (strcmp(scene_modes[i].name, name) == 0)
			return &scene_modes[i];
	if (!only)
		fail_msg("no mode %s", name);
	skip();
	return NULL;
}

static const char *model = "rtl";

void scene_use_model(const char *name)
{
	model = name;
}

static bool (*wanted)(const struct mmu_config *c);

void scene_reset(struct scene *s, const struct scene_mode *mode, const char *config,
		 const struct mmu_timing *timing)
{
	char err[400] = "";

	if (only && config && strcmp(only, config) != 0)
		skip();
	*s = (struct scene){.mode = *mode, .model = model, .ram = sparse_new(SPARSE_ZERO)};
	snprintf(s->rerun, sizeof s->rerun, "SEED=%" PRIu64 " %s%s%s%s", rng_env_seed(),
		 only ? "ONLY=" : "", only ? only : "", only ? " " : "", program_invocation_name);

	struct mmu_options options = {
	    .model = s->model,
	    .config = config ? config : mode->config,
	    .lockstep = true,
	    .memory = sparse_memory(s->ram),
	    .rerun = s->rerun,
	};
	if (timing)
		options.timing = *timing;
	options.timing.seed = rng_env_seed();
	s->mmu = mmu_open(&options, err, sizeof err);
	if (!s->mmu)
		fail_msg("%s", err);
	s->config = mmu_config(s->mmu);
	scene_needs(s, !wanted || !only || wanted(s->config));
	s->next_table = SCENE_ROOT;
	s->root = scene_table(s);
}

void scene_open(struct scene *s, const struct scene_mode *mode, const char *config,
		const struct mmu_timing *timing)
{
	scene_reset(s, mode, config, timing);
	if (s->config->pmp_entries)
		scene_pmp_napot(s, s->config->pmp_entries - 1, C_RWX, 0, 0);
	scene_satp(s, 0, s->root);
}

void scene_want(bool (*fits)(const struct mmu_config *c))
{
	wanted = fits;
}

bool scene_memory_is_open(const struct mmu_config *c)
{
	return c->pma_regions == 1 && c->pma[0].attributes == 0xff && c->pma[0].base == 0;
}

void scene_needs(const struct scene *s, bool there)
{
	if (there)
		return;
	if (!only)
		fail_msg("configuration %s lacks what this needs", s->config->name);
	skip();
}

void scene_needs_whole_walks(const struct scene *s)
{
	scene_needs(s, !s->config->walk_cache);
}

void scene_needs_one_walk(const struct scene *s)
{
	const struct mmu_config *c = s->config;

	scene_needs(s, !c->walk_cache && c->walkers == 1 && c->misses == 1 && !c->hit_under_miss);
}

void scene_on_each(bool (*fits)(const struct mmu_config *c), void (*check)(struct scene *s))
{
	const struct mmu_config *c;
	unsigned n = 0;

	for (size_t i = 0; (c = mmu_config_at(i)); i++) {
		struct scene s;
		if ((fits && !fits(c)) || (only && strcmp(only, c->name) != 0))
			continue;
		scene_reset(&s, &scene_modes[c->levels - 2], c->name, NULL);
		check(&s);
		scene_close(&s);
		n++;
	}
	if (only && n == 0)
		skip();
	assert_true(n > 0);
}

void scene_close(struct scene *s)
{
	struct mmu_counts counts;
	char differ[200] = "";
	bool agree = events_agree(s->mmu, differ, sizeof differ);
	mmu_counts(s->mmu, &counts);
	mmu_close(s->mmu);
	sparse_free(s->ram);
	if (counts.mismatches)
		fail_msg("%" PRIu64 " mismatches; to repeat: %s", counts.mismatches, s->rerun);
	if (!agree)
		fail_msg("%s; to repeat: %s", differ, s->rerun);
}

int scene_finish(int failed)
{
	if (failed)
		fprintf(stderr, "to repeat: SEED=%" PRIu64 " %s\n", rng_env_seed(),
			program_invocation_name);
	return failed;
}

static void check_in_each_mode(void **state)
{
	const struct scene_rule *rule = *state;

	for (unsigned m = 0; m < SCENE_MODES; m++) {
		struct scene s;
		scene_open(&s, &scene_modes[m], NULL, NULL);
		rule->check(&s);
		scene_close(&s);
	}
}

int scene_run_rules(const struct scene_rule *rules, size_t n)
{
	struct CMUnitTest tests[n];

	for (size_t i = 0; i < n; i++)
		tests[i] = (struct CMUnitTest){
		    .name = rules[i].name,
		    .test_func = check_in_each_mode,
		    .initial_state = (void *)&rules[i],
		};
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return scene_finish(_cmocka_run_group_tests("rules", tests, n, NULL, NULL));
}

/* ---- tables -------------------------------------------------------------- */

uint64_t scene_table(struct scene *s)
{
	uint64_t table = s->next_table;
	s->next_table += 1 << PAGE_SHIFT;
	return table;
}

void scene_poke(struct scene *s, uint64_t pa, uint64_t pte)
{
	mmu_before_write(s->mmu, pa, s->mode.pte_bytes);
	sparse_write(s->ram, pa, s->mode.pte_bytes, pte);
}

uint64_t scene_peek(struct scene *s, uint64_t pa)
{
	return sparse_peek(s->ram, pa, s->mode.pte_bytes);
}

void scene_poison(struct scene *s, uint64_t pa, bool on)
{
	mmu_before_write(s->mmu, pa, s->mode.pte_bytes);
	sparse_poison(s->ram, pa, on);
}

uint64_t scene_pte(uint64_t pa, unsigned flags)
{
	return pa >> PAGE_SHIFT << PTE_PPN | flags;
}

uint64_t scene_place(struct scene *s, uint64_t va, unsigned level)
{
	uint64_t table = s->root;
	for (unsigned i = s->mode.levels - 1;; i--) {
		uint64_t index =
		    va >> (PAGE_SHIFT + i * s->mode.vpn_bits) & ((1u << s->mode.vpn_bits) - 1);
		uint64_t place = table + index * s->mode.pte_bytes;
		if (i == level)
			return place;
		uint64_t pte = scene_peek(s, place);
		if (!(pte & PV)) {
			pte = scene_pte(scene_table(s), PV);
			scene_poke(s, place, pte);
		}
		assert_int_equal(pte & (PR | PW | PX), 0);
		table = pte >> PTE_PPN << PAGE_SHIFT;
	}
}

void scene_map(struct scene *s, uint64_t va, uint64_t pa, unsigned level, unsigned flags)
{
	scene_poke(s, scene_place(s, va, level), scene_pte(pa, flags));
}

uint64_t scene_page_size(const struct scene *s, unsigned level)
{
	return 1ull << (PAGE_SHIFT + level * s->mode.vpn_bits);
}

uint64_t scene_index(const struct scene *s, unsigned level, uint64_t index)
{
	return index << (PAGE_SHIFT + level * s->mode.vpn_bits);
}

/* ---- requests ------------------------------------------------------------ */

struct mmu_request scene_request(uint64_t va, unsigned access)
{
	static uint8_t tag;
	return (struct mmu_request){
	    .va = va,
	    .tag = tag++,
	    .access = access,
	    .bytes = 1,
	    .priv = PRIV_S,
	};
}

enum mmu_port scene_port(unsigned access)
{
	return access == ACC_FETCH ? MMU_FETCH : MMU_DATA;
}

struct scene_answer scene_ask(struct scene *s, const struct mmu_request *request)
{
	enum mmu_port port = scene_port(request->access);
	struct scene_answer got = {0};
	struct mmu_counts before, after;

	mmu_counts(s->mmu, &before);
	mmu_offer(s->mmu, port, request);
	do
		mmu_step(s->mmu);
	while (mmu_offered(s->mmu, port));
	while (!mmu_answer(s->mmu, port)) {
		if (got.added++ > MMU_PATIENCE)
			fail_msg("no answer; to repeat: %s", s->rerun);
		mmu_step(s->mmu);
	}
	got.answer = *mmu_answer(s->mmu, port);
	mmu_counts(s->mmu, &after);
	got.reads = after.pte_reads - before.pte_reads;
	got.swaps = after.pte_swaps - before.pte_swaps;
	assert_int_equal(got.answer.tag, request->tag & 0xff);
	return got;
}

struct scene_answer scene_touch(struct scene *s, uint64_t va, unsigned access)
{
	struct mmu_request request = scene_request(va, access);
	return scene_ask(s, &request);
}

void scene_pass_refill(struct scene *s)
{
	mmu_step(s->mmu);
	mmu_step(s->mmu);
}

void scene_expect_pa(struct scene *s, uint64_t va, unsigned access, uint64_t pa)
{
	struct mmu_answer a = scene_touch(s, va, access).answer;
	if (a.fault)
		fail_msg("0x%" PRIx64 ": fault %s, expected pa 0x%" PRIx64, va,
			 mmu_reason_name(a.reason), pa);
	assert_int_equal(a.pa, pa);
}

void scene_expect_fault(struct scene *s, uint64_t va, unsigned access, unsigned cause,
			unsigned reason)
{
	struct mmu_answer a = scene_touch(s, va, access).answer;
	if (a.reason != reason)
		fail_msg("0x%" PRIx64 ": %s, expected %s", va, mmu_reason_name(a.reason),
			 mmu_reason_name(reason));
	assert_true(a.fault);
	assert_int_equal(a.cause, cause);
	assert_int_equal(a.tval, va);
}

void scene_expect(struct scene *s, const struct mmu_request *request, unsigned reason)
{
	struct mmu_answer a = scene_ask(s, request).answer;
	if (a.reason != reason) {
		mmu_print_request(stderr, request);
		fail_msg(": %s, expected %s; to repeat: %s", mmu_reason_name(a.reason),
			 mmu_reason_name(reason), s->rerun);
	}
	assert_int_equal(a.fault, reason != REASON_NONE);
}

void scene_expect_hit(struct scene *s, uint64_t va, unsigned access)
{
	struct scene_answer a = scene_touch(s, va, access);
	if (a.added || a.reads)
		fail_msg("0x%" PRIx64 ": %u PTEs read, expected a hit", va, a.reads);
}

void scene_expect_miss(struct scene *s, uint64_t va, unsigned access)
{
	struct scene_answer a = scene_touch(s, va, access);
	if (!a.added || !a.reads)
		fail_msg("0x%" PRIx64 ": answered without a walk", va);
}
