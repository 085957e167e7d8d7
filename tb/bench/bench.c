/*
 * How fast the models are, on this machine: one table, or JSON. Speed is shown,
 * never tested: machines differ.
 *
 * Each figure is the best of a few runs of about half a second of processor time.
 */
#include <argp.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "golden/golden.h"
#include "mmu.h"
#include "rng.h"
#include "sparse.h"
#include "table.h"

enum { RUNS = 5, HIT_PAGES = 8, WALK_PAGES = 1 << 16 };

#define ROOT 0x80000000ull

struct figure {
	const char *what;
	const char *unit;
	double value;
	double goal; /* 0: none */
};

static double now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void die(const char *what)
{
	fprintf(stderr, "bench: %s\n", what);
	exit(2);
}

/* ---- tables ---------------------------------------------------------------- */

/* Sv39: `pages` 4 KiB pages from address 0, scattered over the tables' leaves. */
static void build_tables(struct sparse *memory, uint64_t pages)
{
	const uint64_t leaf = 1u << PTE_V | 1u << PTE_R | 1u << PTE_W | 1u << PTE_X | 1u << PTE_U |
			      1u << PTE_A | 1u << PTE_D;
	uint64_t middle = ROOT + 0x1000, last = ROOT + 0x2000;

	sparse_write(memory, ROOT, 8, middle >> 12 << PTE_PPN | 1u << PTE_V);
	for (uint64_t page = 0; page < pages; page++) {
		uint64_t table = last + (page >> 9 << 12);

		if (page % 512 == 0)
			sparse_write(memory, middle + (page >> 9 << 3), 8,
				     table >> 12 << PTE_PPN | 1u << PTE_V);
		sparse_write(memory, table + (page % 512 << 3), 8,
			     (0x90000 + page) << PTE_PPN | leaf);
	}
}

static uint64_t satp(void)
{
	return (uint64_t)SATP_SV39 << 60 | ROOT >> 12;
}

static struct mmu *open_rtl(struct sparse *memory)
{
	struct mmu_options options = {
	    .model = "rtl",
	    .config = "sv39_16",
	    .memory = sparse_memory(memory),
	};
	char err[300];
	struct mmu *m = mmu_open(&options, err, sizeof(err));

	if (!m)
		die(err);
	mmu_csr_write(m, CSR_SATP, satp());
	return m;
}

/* ---- the RTL --------------------------------------------------------------- */

/* Both ports ask in every cycle; the pages are `stride` apart, `pages` of them. */
static void stream(struct mmu *m, uint64_t cycles, uint64_t pages, uint64_t stride)
{
	struct mmu_request fetch = {.access = ACC_FETCH, .bytes = 4, .priv = PRIV_U};
	struct mmu_request data = {.access = ACC_LOAD, .bytes = 8, .priv = PRIV_U};
	uint64_t f = 0, d = pages / 2;

	for (uint64_t i = 0; i < cycles; i++) {
		if (!mmu_offered(m, MMU_FETCH)) {
			fetch.va = f++ % pages * stride << 12;
			mmu_offer(m, MMU_FETCH, &fetch);
		}
		if (!mmu_offered(m, MMU_DATA)) {
			data.va = d++ % pages * stride << 12;
			mmu_offer(m, MMU_DATA, &data);
		}
		mmu_step(m);
	}
}

static uint64_t translations(const struct mmu *m)
{
	struct mmu_counts c;

	mmu_counts(m, &c);
	return c.port[MMU_FETCH].translations + c.port[MMU_DATA].translations;
}

static void bench_rtl(struct sparse *memory, uint64_t pages, uint64_t stride, double *cycles_per_s,
		      double *translations_per_s)
{
	struct mmu *m = open_rtl(memory);
	const uint64_t cycles = 2000000;

	*cycles_per_s = *translations_per_s = 0;
	stream(m, cycles / 10, pages, stride);
	for (int run = 0; run < RUNS; run++) {
		uint64_t before = translations(m);
		double start = now(CLOCK_PROCESS_CPUTIME_ID);

		stream(m, cycles, pages, stride);
		double seconds = now(CLOCK_PROCESS_CPUTIME_ID) - start;
		if ((double)cycles / seconds > *cycles_per_s) {
			*cycles_per_s = (double)cycles / seconds;
			*translations_per_s = (double)(translations(m) - before) / seconds;
		}
	}
	mmu_close(m);
}

/* ---- the golden model ------------------------------------------------------ */

/* Flat memory: what is measured is the walk, not the memory behind it. */
struct flat {
	uint64_t *words;
	uint64_t bytes;
};

static bool flat_read(void *ctx, uint64_t pa, unsigned bytes, uint64_t *value)
{
	const struct flat *flat = ctx;

	if (bytes != 8 || pa < ROOT || pa - ROOT >= flat->bytes)
		return false;
	*value = flat->words[(pa - ROOT) / 8];
	return true;
}

static double bench_golden(struct sparse *memory)
{
	const uint64_t walks = 4000000;
	struct flat flat = {.bytes = 0x2000 + ((uint64_t)WALK_PAGES << 3)};
	struct golden_regs regs = golden_reset(mmu_config_find("sv39"));
	struct mmu_memory port = {.ctx = &flat, .read = flat_read};
	struct rng rng = rng_seeded(1);
	uint64_t faults = 0;
	double best = 0;

	flat.words = malloc(flat.bytes);
	if (!flat.words)
		die("out of memory");
	for (uint64_t i = 0; i < flat.bytes / 8; i++)
		flat.words[i] = sparse_peek(memory, ROOT + 8 * i, 8);
	golden_write_csr(&regs, CSR_SATP, satp());
	/* All eight PMP entries, of which the last lets everything pass. */
	for (unsigned i = 0; i < 7; i++)
		golden_write_csr(&regs, CSR_PMPADDR0 + i, 0x1000 * i);
	golden_write_csr(&regs, CSR_PMPADDR0 + 7, ~0ull);
	golden_write_csr(&regs, CSR_PMPCFG0, 0x1f18181818181818);

	for (int run = 0; run < RUNS; run++) {
		double start = now(CLOCK_PROCESS_CPUTIME_ID);

		for (uint64_t i = 0; i < walks; i++) {
			struct mmu_request request = {
			    .va = rng_below(&rng, WALK_PAGES) << 12,
			    .access = ACC_LOAD,
			    .bytes = 8,
			    .priv = PRIV_U,
			};
			faults += golden_translate(&regs, &port, &request, NULL).answer.fault;
		}
		double rate = (double)walks / (now(CLOCK_PROCESS_CPUTIME_ID) - start);
		if (rate > best)
			best = rate;
	}
	free(flat.words);
	if (faults)
		die("the golden walks were to be three levels each, and some faulted");
	return best;
}

/* ---- the machine ----------------------------------------------------------- */

/* Instructions a second of a whole run, start-up included. */
static double bench_machine(const char *atlas, const char *elf)
{
	char command[4096];
	double best = 0;

	snprintf(command, sizeof(command),
		 "'%s' run '%s' --config sv39 --quiet --json /dev/fd/3 3>&1 >/dev/null", atlas,
		 elf);
	for (int run = 0; run < RUNS; run++) {
		double start = now(CLOCK_MONOTONIC);
		FILE *pipe = popen(command, "r");
		json_error_t error;
		json_t *report = pipe ? json_loadf(pipe, 0, &error) : NULL;
		int status = pipe ? pclose(pipe) : -1;
		double seconds = now(CLOCK_MONOTONIC) - start;

		if (!report || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
			die("the machine's run failed; see for yourself: build/atlas run");
		double rate =
		    (double)json_integer_value(json_object_get(report, "instructions")) / seconds;
		json_decref(report);
		if (rate > best)
			best = rate;
	}
	return best;
}

/* ---- output ---------------------------------------------------------------- */

static struct table table_of(const struct figure *f, size_t n)
{
	struct table t = table_new("Speed: millions a second of processor time, one thread; 16+16 "
				   "entries, Sv39");

	table_column(&t, "what", 0);
	table_column(&t, "of", 0);
	table_column(&t, "measured", 2);
	table_column(&t, "aim", 1);
	for (size_t i = 0; i < n; i++) {
		table_row(&t);
		table_text(&t, f[i].what);
		table_text(&t, f[i].unit);
		table_number(&t, f[i].value / 1e6);
		if (f[i].goal > 0)
			table_number(&t, f[i].goal / 1e6);
		else
			table_none(&t);
	}
	return t;
}

struct options {
	const char *json; /* file, "-" or NULL */
	const char *atlas, *elf;
};

static error_t option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case 'j':
		o->json = arg;
		return 0;
	case ARGP_KEY_ARG:
		if (!o->atlas)
			o->atlas = arg;
		else if (!o->elf)
			o->elf = arg;
		else
			argp_error(state, "one argument too many: %s", arg);
		return 0;
	case ARGP_KEY_END:
		if (!o->elf)
			argp_error(state, "which atlas, and which program for the machine?");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

int main(int argc, char **argv)
{
	static const struct argp_option known[] = {
	    {"json", 'j', "FILE", 0, "Write it there as JSON too; - for JSON alone", 0},
	    {0},
	};
	const struct argp argp = {
	    .options = known,
	    .parser = option,
	    .args_doc = "ATLAS PROGRAM.elf",
	    .doc = "Measures the models' speed.",
	};
	struct options o = {0};
	struct sparse *memory = sparse_new(SPARSE_BUS_ERROR);
	double hit_cycles, hits, miss_cycles, misses;

	argp_parse(&argp, argc, argv, 0, NULL, &o);
	build_tables(memory, WALK_PAGES);
	bench_rtl(memory, HIT_PAGES, 1, &hit_cycles, &hits);
	bench_rtl(memory, WALK_PAGES / 16, 16, &miss_cycles, &misses);

	const struct figure figures[] = {
	    {"RTL, both ports hit", "cycles", hit_cycles, 6e6},
	    {"RTL, both ports hit", "translations", hits, 0},
	    {"RTL, both ports always miss (3 levels, latency 1)", "cycles", miss_cycles, 0},
	    {"RTL, both ports always miss (3 levels, latency 1)", "translations", misses, 0},
	    {"golden model, walks of 3 levels", "walks", bench_golden(memory), 10e6},
	    {"machine, RTL in lockstep", "instructions", bench_machine(o.atlas, o.elf), 1e6},
	};
	const size_t n = sizeof(figures) / sizeof(figures[0]);

	struct table t = table_of(figures, n);
	bool ok = table_print(&t, argc, argv, o.json);

	table_free(&t);
	sparse_free(memory);
	return ok ? 0 : 1;
}
