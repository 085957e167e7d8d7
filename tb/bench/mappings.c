/*
 * One large buffer behind a segment, behind gigapages and behind 4 KiB pages: cycles,
 * misses and PTE reads of the RTL, and the memory that its tables take. Cycles are
 * exact, the same on every machine.
 *
 * The buffer's pages are all used before: mapped, A and D set. Each run begins with an
 * empty TLB; loads come as fast as the port takes them.
 */
#include <argp.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "mmu.h"
#include "rng.h"
#include "sparse.h"

enum { LINE = 64, PAGE = 4096, LOADS = 50000 };

#define CONFIG "rva23"
#define GIB    (1ull << 30)
/* A gigapage's place in both, so that each mapping can hold it */
#define BUFFER_VA   GIB
#define BUFFER_PA   (2 * GIB)
#define TABLES_FROM (3 * GIB)

static const uint64_t sizes[] = {64 << 10, 16 << 20, GIB};
enum { SIZES = sizeof(sizes) / sizeof(sizes[0]) };

enum mapping { SEGMENT, GIGAPAGE, SMALL_PAGES, MAPPINGS };
static const char *const mapping_names[] = {"a segment", "a gigapage", "4 KiB pages"};

enum pattern { SEQUENTIAL, RANDOM, PATTERNS };
static const char *const pattern_names[] = {"line after line", "random"};

struct measured {
	uint64_t cycles, misses, pte_reads;
};

static void die(const char *what)
{
	fprintf(stderr, "mappings: %s\n", what);
	exit(2);
}

/* ---- tables ---------------------------------------------------------------- */

static uint64_t pte(uint64_t pa, unsigned flags)
{
	return pa >> 12 << PTE_PPN | flags | 1u << PTE_V;
}

/* Sv39 for `size` bytes of the buffer. Gives the bytes that the tables take. */
static uint64_t build_tables(struct sparse *memory, enum mapping mapping, uint64_t size)
{
	const unsigned leaf = 1u << PTE_R | 1u << PTE_W | 1u << PTE_U | 1u << PTE_A | 1u << PTE_D;
	const uint64_t root = TABLES_FROM, middle = root + PAGE, last = middle + PAGE;
	const uint64_t slot = root + (BUFFER_VA >> 30) * 8;

	if (mapping == SEGMENT)
		return 0;
	if (mapping == GIGAPAGE) {
		sparse_write(memory, slot, 8, pte(BUFFER_PA, leaf));
		return PAGE;
	}
	sparse_write(memory, slot, 8, pte(middle, 0));
	for (uint64_t page = 0; page < size / PAGE; page++) {
		uint64_t table = last + page / 512 * PAGE;

		sparse_write(memory, middle + page / 512 * 8, 8, pte(table, 0));
		sparse_write(memory, table + page % 512 * 8, 8, pte(BUFFER_PA + page * PAGE, leaf));
	}
	return 2 * PAGE + (size / PAGE + 511) / 512 * PAGE;
}

/* ---- the RTL --------------------------------------------------------------- */

static struct mmu *open_rtl(struct sparse *memory, unsigned latency)
{
	struct mmu_options options = {
	    .model = "rtl",
	    .config = CONFIG,
	    .memory = sparse_memory(memory),
	    .timing = {latency, latency, 0, 1},
	};
	char err[300];
	struct mmu *m = mmu_open(&options, err, sizeof(err));

	if (!m)
		die(err);
	/* Everything is open to S and U. */
	mmu_csr_write(m, CSR_PMPADDR0, UINT64_MAX >> 10);
	mmu_csr_write(m, CSR_PMPCFG0, PMP_NAPOT << PMP_A | 1u << PMP_R | 1u << PMP_W | 1u << PMP_X);
	return m;
}

static void map(struct mmu *m, enum mapping mapping, uint64_t size)
{
	if (mapping != SEGMENT) {
		mmu_csr_write(m, CSR_SATP, (uint64_t)SATP_SV39 << 60 | TABLES_FROM >> 12);
		return;
	}
	mmu_csr_write(m, REG_SEGMENT0 + SEGREG_BASE, BUFFER_VA);
	mmu_csr_write(m, REG_SEGMENT0 + SEGREG_LAST, BUFFER_VA + size - 1);
	mmu_csr_write(m, REG_SEGMENT0 + SEGREG_PHYS, BUFFER_PA);
	mmu_csr_write(m, REG_SEGMENT0 + SEGREG_CFG,
		      1u << SEG_V | 1u << SEG_R | 1u << SEG_W | 1u << SEG_U);
	mmu_csr_write(m, REG_SEGCTL, SEGMODE_BOTH);
}

static uint64_t offset(enum pattern pattern, struct rng *rng, uint64_t i, uint64_t size)
{
	return pattern == RANDOM ? rng_below(rng, size / LINE) * LINE : i * LINE % size;
}

static void check(const struct mmu_answer *a, uint64_t expected)
{
	if (a->fault || a->pa != expected)
		die("a load of the buffer was not answered with its physical address");
}

static struct measured run(struct mmu *m, enum pattern pattern, uint64_t size)
{
	struct rng asked = rng_seeded(1), answered = asked;
	struct mmu_counts before, after;
	uint64_t offers = 0, answers = 0;

	mmu_fence(m, &(struct mmu_fence){.rs1_x0 = true, .rs2_x0 = true});
	mmu_counts(m, &before);
	while (answers < LOADS) {
		if (offers < LOADS && !mmu_offered(m, MMU_DATA)) {
			uint64_t va = BUFFER_VA + offset(pattern, &asked, offers++, size);

			mmu_offer(m, MMU_DATA,
				  &(struct mmu_request){
				      .va = va, .access = ACC_LOAD, .bytes = 8, .priv = PRIV_U});
		}
		mmu_step(m);
		const struct mmu_answer *a = mmu_answer(m, MMU_DATA);
		if (a)
			check(a, BUFFER_PA + offset(pattern, &answered, answers++, size));
	}
	mmu_counts(m, &after);
	return (struct measured){
	    .cycles = after.cycles - before.cycles,
	    .misses = after.port[MMU_DATA].misses - before.port[MMU_DATA].misses,
	    .pte_reads = after.pte_reads - before.pte_reads,
	};
}

/* ---- output ---------------------------------------------------------------- */

struct options {
	bool json;
	unsigned latency;
};

static void print_head(unsigned latency)
{
	printf("%s, Sv39, memory latency %u, %d loads from an empty TLB; cycles a load\n\n", CONFIG,
	       latency, LOADS);
	printf("%-36s", "");
	for (unsigned p = 0; p < PATTERNS; p++)
		printf(" | %s%s", pattern_names[p], p + 1 < PATTERNS ? "            " : "");
	printf("\n%11s  %-11s %11s", "buffer", "behind", "tables");
	for (unsigned p = 0; p < PATTERNS; p++)
		printf(" | %7s %7s %11s", "cycles", "misses", "PTE reads");
	putchar('\n');
}

static void print_row(uint64_t size, enum mapping mapping, uint64_t tables,
		      const struct measured *r)
{
	printf("%7" PRIu64 " KiB  %-11s %7" PRIu64 " KiB", size >> 10, mapping_names[mapping],
	       tables >> 10);
	for (unsigned p = 0; p < PATTERNS; p++)
		printf(" | %7.2f %7" PRIu64 " %11" PRIu64, (double)r[p].cycles / LOADS, r[p].misses,
		       r[p].pte_reads);
	putchar('\n');
}

static json_t *json_row(uint64_t size, enum mapping mapping, uint64_t tables,
			const struct measured *r)
{
	json_t *row = json_pack("{s:I, s:s, s:I}", "buffer", (json_int_t)size, "behind",
				mapping_names[mapping], "tables", (json_int_t)tables);

	for (unsigned p = 0; p < PATTERNS; p++)
		json_object_set_new(row, pattern_names[p],
				    json_pack("{s:I, s:I, s:I, s:i}", "cycles",
					      (json_int_t)r[p].cycles, "misses",
					      (json_int_t)r[p].misses, "pte_reads",
					      (json_int_t)r[p].pte_reads, "loads", LOADS));
	return row;
}

static error_t option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;
	char *end;

	switch (key) {
	case 'j':
		o->json = true;
		return 0;
	case 'l':
		o->latency = (unsigned)strtoul(arg, &end, 10);
		if (*end || o->latency < 1 || o->latency > 1000)
			argp_error(state, "memory latency %s: it must be 1 to 1000 cycles", arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

int main(int argc, char **argv)
{
	static const struct argp_option known[] = {
	    {"json", 'j', NULL, 0, "Print JSON instead of a table", 0},
	    {"latency", 'l', "CYCLES", 0, "From a PTE request to its data (default 10)", 0},
	    {0},
	};
	const struct argp argp = {
	    .options = known,
	    .parser = option,
	    .doc = "Measures one large buffer behind each technique, on the RTL.",
	};
	struct options o = {.latency = 10};
	json_t *rows = json_array();

	argp_parse(&argp, argc, argv, 0, NULL, &o);
	if (!o.json)
		print_head(o.latency);
	for (unsigned s = 0; s < SIZES; s++) {
		for (unsigned k = 0; k < MAPPINGS; k++) {
			struct sparse *memory = sparse_new(SPARSE_BUS_ERROR);
			uint64_t tables = build_tables(memory, k, sizes[s]);
			struct mmu *m = open_rtl(memory, o.latency);
			struct measured r[PATTERNS];

			map(m, k, sizes[s]);
			for (unsigned p = 0; p < PATTERNS; p++)
				r[p] = run(m, p, sizes[s]);
			if (o.json)
				json_array_append_new(rows, json_row(sizes[s], k, tables, r));
			else
				print_row(sizes[s], k, tables, r);
			mmu_close(m);
			sparse_free(memory);
		}
	}
	if (o.json) {
		json_dumpf(rows, stdout, JSON_INDENT(2));
		putchar('\n');
	}
	json_decref(rows);
	return 0;
}
