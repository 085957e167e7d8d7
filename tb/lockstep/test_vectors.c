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

enum { MSTATUS_MPP = 11, MSTATUS_MPRV = 17, MSTATUS_SUM = 18, MSTATUS_MXR = 19 };

/* What one test runs: a family through a model. */
struct job {
	const char *family;
	const char *config; /* with all modes of the family, and full widths */
	const char *model;
	bool lockstep;
	const struct mmu_timing timing;
};

/* The hart and its memory, as the lines leave them. */
struct run {
	const struct job *job;
	const char *path;
	unsigned line;
	struct mmu *mmu;
	struct sparse *ram;
	unsigned word_bytes;
	uint64_t mstatus;
	int priv, virtualised;
	bool in_case;
	unsigned compared, skipped, wrong;
};

/* ---- lines --------------------------------------------------------------- */

static void refuse(const struct run *r, const char *what)
{
	fail_msg("%s:%u: %s", r->path, r->line, what);
}

/* PTE reads end at the ends of RAM (README, "Conventions"). */
static bool read_ram(void *ctx, uint64_t pa, unsigned bytes, uint64_t *value)
{
	struct run *r = ctx;
	return pa >= RAM_BASE && pa < RAM_BASE + RAM_SIZE && sparse_read(r->ram, pa, bytes, value);
}

static void begin_case(struct run *r, const char *line)
{
	unsigned number;
	char isa[64], modes[64];
	if (sscanf(line, "case %u isa=%63s modes=%63s", &number, isa, modes) != 3)
		refuse(r, "expected: case N isa=I modes=M");
	unsigned xlen = strncmp(isa, "rv32", 4) == 0 ? 32 : 64;
	if (xlen != mmu_config(r->mmu)->xlen)
		refuse(r, "the isa is not of the configuration's width");

	/* Memory changes under the model: say so where it could have looked. */
	mmu_csr_write(r->mmu, CSR_SATP, 0);
	sparse_clear(r->ram);
	assert_true(mmu_fence(r->mmu, &(struct mmu_fence){.rs1_x0 = true, .rs2_x0 = true}));
	r->word_bytes = xlen / 8;
	r->mstatus = 0;
	r->priv = PRIV_M;
	r->virtualised = 0;
	r->in_case = true;
}

static void write_memory(struct run *r, const char *line)
{
	uint64_t pa, value;
	if (sscanf(line, "mem %" SCNx64 " %" SCNx64, &pa, &value) != 2)
		refuse(r, "expected: mem PADDR VALUE");
	if (pa % r->word_bytes != 0 || pa < RAM_BASE || pa >= RAM_BASE + RAM_SIZE)
		refuse(r, "not the address of a word in RAM");
	mmu_before_write(r->mmu, pa, r->word_bytes);
	sparse_write(r->ram, pa, r->word_bytes, value);
}

static void write_csr(struct run *r, const char *line)
{
	char name[16];
	uint64_t value;
	if (sscanf(line, "csr %15s %" SCNx64, name, &value) != 2)
		refuse(r, "expected: csr NAME VALUE");
	if (strcmp(name, "mstatus") == 0) {
		r->mstatus = value;
	} else if (strcmp(name, "satp") == 0) {
		mmu_csr_write(r->mmu, CSR_SATP, value);
		if (mmu_csr_read(r->mmu, CSR_SATP) != value)
			refuse(r, "the model does not keep this legal satp");
	} else {
		refuse(r, "a register that this program does not know");
	}
}

/* ---- queries ------------------------------------------------------------- */

/* False for types of extensions that do not exist yet. */
static bool make_request(const struct run *r, char type, struct mmu_request *request)
{
	bool mprv = r->mstatus >> MSTATUS_MPRV & 1;
	unsigned mpp = r->mstatus >> MSTATUS_MPP & 3;

	request->priv = r->priv;
	request->sum = r->mstatus >> MSTATUS_SUM & 1;
	request->mxr = r->mstatus >> MSTATUS_MXR & 1;
	switch (type) {
	case 'f':
		request->access = ACC_FETCH;
		return !r->virtualised;
	case 'l':
		request->access = ACC_LOAD;
		break;
	case 's':
	case 'a':
		request->access = ACC_STORE;
		break;
	default:
		return false;
	}
	if (r->priv == PRIV_M && mprv)
		request->priv = mpp;
	return !r->virtualised;
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
	if (!make_request(r, type, &request)) {
		r->skipped++;
		return;
	}
	enum mmu_port port = request.access == ACC_FETCH ? MMU_FETCH : MMU_DATA;
	if (!mmu_fence(r->mmu, &(struct mmu_fence){.rs1_x0 = true, .rs2_x0 = true}) ||
	    !mmu_translate(r->mmu, port, &request, &got))
		refuse(r, "the model does not finish");
	r->compared++;
	if (got.fault == want.fault && got.pa == want.pa && got.cause == want.cause &&
	    got.tval == want.tval)
		return;

	if (r->wrong++ < 10) {
		fprintf(stderr, "%s:%u: %s  ", r->path, r->line, line);
		mmu_print_answer(stderr, &got);
		fputc('\n', stderr);
	}
}

static void take_line(struct run *r, const char *line)
{
	bool is_case = strncmp(line, "case ", 5) == 0;
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
	else if (strncmp(line, "x ", 2) == 0)
		ask(r, line);
	else if (sscanf(line, "priv %d %d", &r->priv, &r->virtualised) == 2)
		return;
	else if (strncmp(line, "pmp 0 1f ", 9) == 0)
		return; /* entry 0 allows everything, which is what no PMP does */
	else
		refuse(r, "no line of this format, or one of a later extension");
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
	char path[512], err[256];

	if (access(folder(), R_OK) != 0) {
		fprintf(stderr, "no vectors in %s: skipped (ATLAS_VECTORS names the folder)\n",
			folder());
		skip();
	}
	snprintf(path, sizeof path, "%s/%s.txt.gz", folder(), r.job->family);
	r.path = path;
	r.ram = sparse_new(SPARSE_ZERO);
	struct mmu_options options = {
	    .model = r.job->model,
	    .config = r.job->config,
	    .lockstep = r.job->lockstep,
	    .memory = {&r, read_ram},
	    .timing = r.job->timing,
	};
	options.timing.seed = rng_env_seed();
	r.mmu = mmu_open(&options, err, sizeof err);
	if (!r.mmu)
		fail_msg("%s", err);

	read_lines(&r);

	struct mmu_counts counts;
	mmu_counts(r.mmu, &counts);
	printf("# %s through %s: %u queries compared, %u skipped, %u differ\n", r.job->family,
	       r.job->model, r.compared, r.skipped, r.wrong);
	mmu_close(r.mmu);
	sparse_free(r.ram);
	assert_int_equal(r.wrong, 0);
	assert_int_equal(counts.mismatches, 0);
	assert_true(r.compared > 0);
}

static struct job jobs[] = {
    {"sv32", "sv32_max", "golden", false, {0}},
    {"sv39", "sv57_max", "golden", false, {0}},
    {"sv48", "sv57_max", "golden", false, {0}},
    {"sv57", "sv57_max", "golden", false, {0}},
    {"sv32", "sv32_max", "rtl", true, {1, 12, 20, 0}},
    {"sv39", "sv57_max", "rtl", true, {1, 12, 20, 0}},
    {"sv48", "sv57_max", "rtl", true, {1, 12, 20, 0}},
    {"sv57", "sv57_max", "rtl", true, {1, 12, 20, 0}},
};

int main(void)
{
	enum { JOBS = sizeof jobs / sizeof jobs[0] };
	struct CMUnitTest tests[JOBS];
	char name[JOBS][32];

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
