/*
 * The vectors of an independent simulator, through each model: one test a
 * family and model. The vectors lie beside the repository; ATLAS_VECTORS names
 * another folder. Their README defines the format.
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
#include <zlib.h>

#include "mmu.h"
#include "rng.h"
#include "sparse.h"

#define RAM_BASE 0x80000000ull
#define RAM_SIZE 0x1000000ull

enum {
	MSTATUS_MPP = 11,
	MSTATUS_MPRV = 17,
	MSTATUS_SUM = 18,
	MSTATUS_MXR = 19,
	MSTATUS_MPV = 39, /* RV32: in mstatush, bit 7 */
};
enum { PMPS = 16, CHANGES = 8 };

/* What one test runs: a family through a model. */
struct job {
	const char *family;
	const char *model;
	bool lockstep;
	const struct mmu_timing timing;
};

struct change {
	uint64_t pa, value;
};

/* The hart and its memory, as the lines leave them. */
struct run {
	const struct job *job;
	const char *path;
	unsigned line;
	const char *config; /* of the case */
	struct mmu *mmu;    /* open, with the registers below, unless stale */
	bool stale;
	struct sparse *ram;
	unsigned word_bytes;
	uint64_t mstatus, mstatush, satp, senvcfg, menvcfg, menvcfgh, mseccfg;
	uint8_t pmpcfg[PMPS];
	uint64_t pmpaddr[PMPS];
	int priv, virtualised;
	bool in_case;
	/* the query above, until all its chg lines are read */
	bool asked, unlike_memory;
	unsigned swaps, changes;
	struct change swap[CHANGES], change[CHANGES];
	unsigned compared, skipped, wrong;
	uint64_t mismatches;
};

/* ---- lines --------------------------------------------------------------- */

static void refuse(const struct run *r, const char *what)
{
	fail_msg("%s:%u: %s", r->path, r->line, what);
}

/* PTE accesses end at the ends of RAM (README, "Conventions"). */
static bool in_ram(uint64_t pa)
{
	return pa >= RAM_BASE && pa < RAM_BASE + RAM_SIZE;
}

static bool read_ram(void *ctx, uint64_t pa, unsigned bytes, uint64_t *value)
{
	struct run *r = ctx;
	return in_ram(pa) && sparse_read(r->ram, pa, bytes, value);
}

/* Notes what hardware changes, to be compared with the chg lines. */
static bool swap_ram(void *ctx, uint64_t pa, unsigned bytes, uint64_t expected, uint64_t desired,
		     uint64_t *old)
{
	struct run *r = ctx;
	if (!in_ram(pa) || !sparse_read(r->ram, pa, bytes, old))
		return false;
	if (*old != expected)
		return true;
	sparse_write(r->ram, pa, bytes, desired);
	if (r->swaps == CHANGES)
		refuse(r, "more updates than any walk makes");
	r->swap[r->swaps++] = (struct change){pa, desired};
	return true;
}

static void close_mmu(struct run *r)
{
	struct mmu_counts counts;
	if (!r->mmu)
		return;
	mmu_counts(r->mmu, &counts);
	r->mismatches += counts.mismatches;
	mmu_close(r->mmu);
	r->mmu = NULL;
}

/*
 * The values are as Spike held them, past all locks: written here to a model in
 * reset, addresses first, under RLB where the configuration has it, and mseccfg last.
 */
static void write_registers(struct run *r)
{
	unsigned each = r->word_bytes;

	if (r->mseccfg)
		mmu_csr_write(r->mmu, CSR_MSECCFG, 1 << MSECCFG_RLB);
	if (r->mseccfg)
		mmu_csr_write(r->mmu, CSR_MSECCFG, r->mseccfg | 1 << MSECCFG_RLB);
	for (unsigned i = 0; i < PMPS; i++)
		mmu_csr_write(r->mmu, CSR_PMPADDR0 + i, r->pmpaddr[i]);
	for (unsigned i = 0; i < PMPS; i += each) {
		uint64_t value = 0;
		for (unsigned j = 0; j < each; j++)
			value |= (uint64_t)r->pmpcfg[i + j] << 8 * j;
		mmu_csr_write(r->mmu, CSR_PMPCFG0 + i / 4, value);
		if (mmu_csr_read(r->mmu, CSR_PMPCFG0 + i / 4) != value)
			refuse(r, "the model does not keep this legal pmpcfg");
	}
	if (r->mseccfg)
		mmu_csr_write(r->mmu, CSR_MSECCFG, r->mseccfg);
	mmu_csr_write(r->mmu, CSR_SENVCFG, r->senvcfg);
	mmu_csr_write(r->mmu, CSR_MENVCFG, r->menvcfg);
	if (r->word_bytes == 4)
		mmu_csr_write(r->mmu, CSR_MENVCFGH, r->menvcfgh);
	mmu_csr_write(r->mmu, CSR_SATP, r->satp);
	if (mmu_csr_read(r->mmu, CSR_SATP) != r->satp)
		refuse(r, "the model does not keep this legal satp");
}

static void open_mmu(struct run *r)
{
	char err[256];
	struct mmu_options options = {
	    .model = r->job->model,
	    .config = r->config,
	    .lockstep = r->job->lockstep,
	    .memory = {r, read_ram, swap_ram},
	    .timing = r->job->timing,
	};
	options.timing.seed = rng_env_seed();
	close_mmu(r);
	r->mmu = mmu_open(&options, err, sizeof err);
	if (!r->mmu)
		fail_msg("%s", err);
	write_registers(r);
	r->stale = false;
}

/* The configuration with just the extensions that registers cannot switch off. */
static const char *config_for(const char *isa)
{
	if (strncmp(isa, "rv32", 4) == 0)
		return "open32";
	if (strstr(isa, "svrsw60t59b"))
		return "open57r";
	return strstr(isa, "svnapot") ? "open57n" : "open57";
}

static void begin_case(struct run *r, const char *line)
{
	unsigned number;
	char isa[80], modes[64];
	if (sscanf(line, "case %u isa=%79s modes=%63s", &number, isa, modes) != 3)
		refuse(r, "expected: case N isa=I modes=M");
	close_mmu(r);
	r->config = config_for(isa);
	r->stale = true;
	sparse_clear(r->ram);
	r->word_bytes = mmu_config_find(r->config)->xlen / 8;
	r->mstatus = r->mstatush = r->satp = r->senvcfg = r->menvcfg = r->menvcfgh = r->mseccfg = 0;
	memset(r->pmpcfg, 0, sizeof r->pmpcfg);
	memset(r->pmpaddr, 0, sizeof r->pmpaddr);
	r->priv = PRIV_M;
	r->virtualised = 0;
	r->in_case = true;
	r->unlike_memory = false;
}

static void store(struct run *r, uint64_t pa, uint64_t value)
{
	if (pa % r->word_bytes != 0 || !in_ram(pa))
		refuse(r, "not the address of a word in RAM");
	if (r->mmu)
		mmu_before_write(r->mmu, pa, r->word_bytes);
	sparse_write(r->ram, pa, r->word_bytes, value);
}

static void write_memory(struct run *r, const char *line)
{
	uint64_t pa, value;
	if (sscanf(line, "mem %" SCNx64 " %" SCNx64, &pa, &value) != 2)
		refuse(r, "expected: mem PADDR VALUE");
	store(r, pa, value);
}

static void write_pmp(struct run *r, const char *line)
{
	unsigned i, cfg;
	uint64_t addr;
	if (sscanf(line, "pmp %u %x %" SCNx64, &i, &cfg, &addr) != 3 || i >= PMPS)
		refuse(r, "expected: pmp I CFG ADDR");
	r->pmpcfg[i] = cfg;
	r->pmpaddr[i] = addr;
	r->stale = true;
}

static void write_csr(struct run *r, const char *line)
{
	/* Those of the hypervisor matter to virtualised queries only, which are skipped. */
	static const char *const hypervisor[] = {"hstatus", "vsstatus", "vsatp",
						 "hgatp",   "henvcfg",  "henvcfgh"};
	const struct {
		const char *name;
		uint64_t *value;
	} known[] = {
	    {"mstatus", &r->mstatus}, {"mstatush", &r->mstatush}, {"satp", &r->satp},
	    {"senvcfg", &r->senvcfg}, {"menvcfg", &r->menvcfg},   {"menvcfgh", &r->menvcfgh},
	    {"mseccfg", &r->mseccfg},
	};
	char name[16];
	uint64_t value;
	if (sscanf(line, "csr %15s %" SCNx64, name, &value) != 2)
		refuse(r, "expected: csr NAME VALUE");
	for (unsigned i = 0; i < sizeof known / sizeof known[0]; i++)
		if (strcmp(name, known[i].name) == 0) {
			*known[i].value = value;
			r->stale = true;
			return;
		}
	for (unsigned i = 0; i < sizeof hypervisor / sizeof hypervisor[0]; i++)
		if (strcmp(name, hypervisor[i]) == 0)
			return;
	refuse(r, "a register that this program does not know");
}

/* ---- queries ------------------------------------------------------------- */

static bool kind_of(char type, uint8_t *access)
{
	static const struct {
		char type;
		uint8_t access;
	} kinds[] = {
	    {'f', ACC_FETCH}, {'l', ACC_LOAD},       {'s', ACC_STORE},    {'a', ACC_AMO},
	    {'r', ACC_LR},    {'c', ACC_CBO_MANAGE}, {'p', ACC_SS_STORE},
	};
	for (unsigned i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (kinds[i].type == type) {
			*access = kinds[i].access;
			return true;
		}
	return false;
}

/* False for what is virtualised: by mode, by type, or by MPRV with MPV. */
static bool make_request(const struct run *r, char type, struct mmu_request *request)
{
	bool mprv = r->priv == PRIV_M && (r->mstatus >> MSTATUS_MPRV & 1);
	bool mpv = r->word_bytes == 8 ? r->mstatus >> MSTATUS_MPV & 1 : r->mstatush >> 7 & 1;
	unsigned mpp = r->mstatus >> MSTATUS_MPP & 3;

	request->priv = r->priv;
	request->sum = r->mstatus >> MSTATUS_SUM & 1;
	request->mxr = r->mstatus >> MSTATUS_MXR & 1;
	if (!kind_of(type, &request->access) || r->virtualised)
		return false;
	if (request->access != ACC_FETCH && mprv) {
		request->priv = mpp;
		return !(mpv && mpp != PRIV_M);
	}
	return true;
}

/* What the line expects, as far as the vectors know it. */
static struct mmu_answer expected(const struct run *r, const char *result)
{
	struct mmu_answer e = {0};
	unsigned cause;
	if (sscanf(result, "ok %" SCNx64, &e.pa) == 1)
		return e;
	if (sscanf(result, "trap %u %" SCNx64, &cause, &e.tval) != 2)
		refuse(r, "expected: ok PA, or trap CAUSE TVAL ...");
	e.fault = true;
	e.cause = cause;
	return e;
}

static void report(struct run *r, const char *line, const struct mmu_answer *got)
{
	if (r->wrong++ >= 10)
		return;
	fprintf(stderr, "%s:%u: %s  ", r->path, r->line, line);
	mmu_print_answer(stderr, got);
	fputc('\n', stderr);
}

static void ask(struct run *r, const char *line)
{
	struct mmu_request request = {.tag = r->line};
	struct mmu_answer got;
	unsigned bytes;
	char type;
	int at = 0;
	if (sscanf(line, "x %" SCNx64 " %c %u = %n", &request.va, &type, &bytes, &at) != 3 || !at)
		refuse(r, "expected: x VA TYPE LEN = RESULT");
	request.bytes = bytes;

	struct mmu_answer want = expected(r, line + at);
	r->swaps = r->changes = 0;
	r->asked = make_request(r, type, &request);
	if (!r->asked) {
		r->skipped++;
		return;
	}
	enum mmu_port port = request.access == ACC_FETCH ? MMU_FETCH : MMU_DATA;
	if (r->stale)
		open_mmu(r);
	if (!mmu_fence(r->mmu, &(struct mmu_fence){.rs1_x0 = true, .rs2_x0 = true}) ||
	    !mmu_translate(r->mmu, port, &request, &got))
		refuse(r, "the model does not finish");
	r->compared++;
	if (got.fault != want.fault || got.pa != want.pa || got.cause != want.cause ||
	    got.tval != want.tval)
		report(r, line, &got);
}

static void note_change(struct run *r, const char *line)
{
	struct change c;
	if (sscanf(line, "chg %" SCNx64 " %" SCNx64, &c.pa, &c.value) != 2 || r->changes == CHANGES)
		refuse(r, "expected: chg PADDR VALUE, after a query");
	r->change[r->changes++] = c;
}

/* All chg lines of the query are read: hardware must have changed just that. What it
 * did not is done here, so that one difference does not bring others. */
static void finish_query(struct run *r)
{
	bool same = r->swaps == r->changes;
	for (unsigned i = 0; same && i < r->changes; i++)
		same = r->swap[i].pa == r->change[i].pa && r->swap[i].value == r->change[i].value;
	if (r->asked && !same && !(r->unlike_memory && r->swaps == 0)) {
		if (r->wrong++ < 10)
			fprintf(stderr,
				"%s:%u: before this line: memory changed %u times, not %u\n",
				r->path, r->line, r->swaps, r->changes);
	}
	for (unsigned i = 0; !same && i < r->changes; i++)
		store(r, r->change[i].pa, r->change[i].value);
	r->asked = false;
	r->unlike_memory = false;
	r->swaps = r->changes = 0;
}

static void take_line(struct run *r, const char *line)
{
	bool is_case = strncmp(line, "case ", 5) == 0;
	if (strncmp(line, "chg ", 4) == 0) {
		note_change(r, line);
		return;
	}
	if (r->asked || r->changes)
		finish_query(r);
	/* A swap is never for an access that faults: the vectors' hardware made one. */
	if (strncmp(line, "# choice ad_before_access_fault", 31) == 0)
		r->unlike_memory = true;
	if (line[0] == '#' || line[0] == '\n')
		return;
	if (!strchr(line, '\n'))
		refuse(r, "a line that is too long or cut off");
	if (!is_case && !r->in_case)
		refuse(r, "a line before the first case");

	if (is_case)
		begin_case(r, line);
	else if (strncmp(line, "mem ", 4) == 0)
		write_memory(r, line);
	else if (strncmp(line, "csr ", 4) == 0)
		write_csr(r, line);
	else if (strncmp(line, "pmp ", 4) == 0)
		write_pmp(r, line);
	else if (strncmp(line, "x ", 2) == 0)
		ask(r, line);
	else if (sscanf(line, "priv %d %d", &r->priv, &r->virtualised) != 2)
		refuse(r, "no line of this format");
}

/* ---- one family through one model ---------------------------------------- */

static const char *folder(void)
{
	const char *named = getenv("ATLAS_VECTORS");
	return named ? named : "../shared/vectors";
}

static void read_lines(struct run *r)
{
	char line[256];
	gzFile file = gzopen(r->path, "rb");
	if (!file)
		fail_msg("%s: %s", r->path, strerror(errno));
	while (gzgets(file, line, sizeof line)) {
		r->line++;
		take_line(r, line);
	}
	int error;
	const char *what = gzerror(file, &error);
	if (error != Z_OK && error != Z_STREAM_END)
		fail_msg("%s:%u: %s", r->path, r->line, what);
	gzclose(file);
}

static void every_answer_is_the_simulators(void **state)
{
	struct run r = {.job = *state};
	char path[512];

	if (access(folder(), R_OK) != 0) {
		fprintf(stderr, "no vectors in %s: skipped (ATLAS_VECTORS names the folder)\n",
			folder());
		skip();
	}
	snprintf(path, sizeof path, "%s/%s.txt.gz", folder(), r.job->family);
	r.path = path;
	r.ram = sparse_new(SPARSE_ZERO);

	read_lines(&r);

	if (r.asked || r.changes)
		finish_query(&r);
	close_mmu(&r);
	printf("# %s through %s: %u queries compared, %u skipped, %u differ\n", r.job->family,
	       r.job->model, r.compared, r.skipped, r.wrong);
	sparse_free(r.ram);
	assert_int_equal(r.wrong, 0);
	assert_int_equal(r.mismatches, 0);
	assert_true(r.compared > 0);
}

#define THROUGH_ALL(family)                                                                        \
	{family, "golden", false, {0}},                                                            \
	{                                                                                          \
		family, "rtl", true,                                                               \
		{                                                                                  \
			1, 12, 20, 0                                                               \
		}                                                                                  \
	}

static struct job jobs[] = {
    THROUGH_ALL("sv32"),    THROUGH_ALL("sv39"),        THROUGH_ALL("sv48"),
    THROUGH_ALL("sv57"),    THROUGH_ALL("svadu"),       THROUGH_ALL("svnapot_svpbmt"),
    THROUGH_ALL("pmp"),     THROUGH_ALL("smepmp"),      THROUGH_ALL("ssnpm"),
    THROUGH_ALL("zicfiss"), THROUGH_ALL("svrsw60t59b"), THROUGH_ALL("cmo_lr"),
};

int main(void)
{
	enum { JOBS = sizeof jobs / sizeof jobs[0] };
	struct CMUnitTest tests[JOBS];
	char name[JOBS][40];

	for (unsigned i = 0; i < JOBS; i++) {
		snprintf(name[i], sizeof name[i], "%s_through_%s", jobs[i].family, jobs[i].model);
		tests[i] = (struct CMUnitTest){
		    .name = name[i],
		    .test_func = every_answer_is_the_simulators,
		    .initial_state = &jobs[i],
		};
	}
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
