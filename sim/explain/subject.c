#include "subject.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define PAGE 4096u

struct complaint {
	char *err;
	size_t size;
};

static int __attribute__((format(printf, 3, 4)))
complain(const struct complaint *c, int code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(c->err, c->size, format, args);
	va_end(args);
	return code;
}

/* ---- the access --------------------------------------------------------------------- */

static unsigned usual_length(const struct subject *s, unsigned access)
{
	return access == ACC_FETCH ? 4 : s->regs->config.xlen / 8;
}

/* What was asked for, over what `request` has already. */
static int apply_access(struct subject *s, const struct asked_access *a, const struct complaint *c)
{
	struct mmu_request *r = &s->request;

	if (!a->has_va)
		return EXIT_PASSED;
	if (s->regs->config.xlen == 32 && a->va >> 32)
		return complain(c, EXIT_BAD, "--va 0x%" PRIx64 ": wider than the 32 bits of %s",
				a->va, s->config);
	r->va = a->va;
	if (a->has_access) {
		r->access = a->access;
		r->bytes = (uint8_t)usual_length(s, a->access);
	}
	if (a->has_bytes)
		r->bytes = (uint8_t)a->bytes;
	if (a->has_priv)
		r->priv = a->priv;
	r->sum |= a->sum;
	r->mxr |= a->mxr;
	if (r->va % PAGE + r->bytes > PAGE)
		return complain(c, EXIT_BAD,
				"--va 0x%" PRIx64 ": %u bytes there cross a page, which is two "
				"accesses; ask for each, with --bytes",
				r->va, r->bytes);
	return EXIT_PASSED;
}

/* ---- a program ------------------------------------------------------------------------ */

static int load_program(struct subject *s, const struct explain_options *o,
			const struct complaint *c)
{
	const char *name = o->config ? o->config : "sv39";
	const struct mmu_config *config = mmu_config_find(name);
	struct machine_options options = {
	    .mmu = {.model = "golden", .config = name},
	    .ram_bytes = o->memory_bytes,
	    .disk = o->disk,
	};

	if (!config)
		return complain(c, EXIT_BAD,
				"unknown configuration '%s'; 'atlas configs' lists them", name);
	s->config = name;
	s->program = image_read(o->program, c->err, c->size);
	if (!s->program ||
	    !image_fits(s->program, o->program, config, o->memory_bytes, c->err, c->size))
		return EXIT_BAD;
	options.image = s->program;
	s->machine = machine_open(&options, c->err, c->size);
	if (!s->machine)
		return EXIT_BAD;
	s->regs = golden_model_regs(s->machine->mmu);
	s->memory = (struct mmu_memory){.ctx = &s->machine->bus, .read = bus_read_pte};
	return EXIT_PASSED;
}

static void take_fault(struct subject *s)
{
	const struct hart *h = &s->machine->hart;

	s->fault = h->fault.count;
	s->pc = h->trap.pc;
	s->request = h->fault.request;
	s->bus_refused = h->fault.answer.reason == REASON_BUS_ERROR && !h->fault.answer.pte;
}

static void take_moment(struct subject *s)
{
	const struct hart *h = &s->machine->hart;

	s->pc = h->pc;
	s->request = (struct mmu_request){
	    .access = ACC_LOAD,
	    .bytes = (uint8_t)usual_length(s, ACC_LOAD),
	    .priv = h->priv,
	    .sum = h->csr.mstatus >> MSTATUS_SUM & 1,
	    .mxr = h->csr.mstatus >> MSTATUS_MXR & 1,
	};
}

static const char *how_it_ended(enum outcome outcome)
{
	switch (outcome) {
	case OUTCOME_PASS:
		return "passed";
	case OUTCOME_FAIL:
	case OUTCOME_HTIF:
		return "failed";
	case OUTCOME_TRAP_LOOP:
		return "stopped in a trap that nothing handles";
	default:
		return "ended";
	}
}

static int ended(const struct subject *s, const struct explain_options *o, enum outcome outcome,
		 const struct complaint *c)
{
	const struct machine *m = s->machine;

	if (outcome == OUTCOME_RUNNING)
		return complain(c, EXIT_LIMIT,
				"%s: stopped by --max-instructions after %" PRIu64
				" instructions and %" PRIu64 " faults",
				s->name, m->steps, m->hart.fault.count);
	if (o->at_instruction != UINT64_MAX)
		return complain(c, EXIT_FAILED,
				"%s: %s after %" PRIu64
				" instructions, before instruction %" PRIu64,
				s->name, how_it_ended(outcome), m->steps, o->at_instruction);
	return complain(c, EXIT_FAILED,
			"%s: %s after %" PRIu64 " faults: there is no fault %" PRIu64
			"; --list shows those there are",
			s->name, how_it_ended(outcome), m->hart.fault.count, o->fault);
}

/* One step at a time, so as to stop at the very instruction. */
static int run_program(struct subject *s, const struct explain_options *o,
		       const struct complaint *c)
{
	struct machine *m = s->machine;
	enum outcome outcome = OUTCOME_RUNNING;

	while (outcome == OUTCOME_RUNNING && m->steps < o->max_steps) {
		if (m->steps == o->at_instruction) {
			take_moment(s);
			return EXIT_PASSED;
		}
		outcome = machine_run(m, 1);
		if (o->at_instruction == UINT64_MAX && m->hart.fault.count == o->fault) {
			take_fault(s);
			return EXIT_PASSED;
		}
	}
	return ended(s, o, outcome, c);
}

int subject_each_fault(struct subject *s, const struct explain_options *o,
		       void (*fault)(void *ctx, const struct subject *s), void *ctx, char *err,
		       size_t err_size)
{
	const struct complaint c = {err, err_size};
	enum outcome outcome = OUTCOME_RUNNING;
	uint64_t seen = 0;
	int code;

	*s = (struct subject){.name = o->program};
	code = load_program(s, o, &c);
	while (code == EXIT_PASSED && outcome == OUTCOME_RUNNING &&
	       s->machine->steps < o->max_steps) {
		outcome = machine_run(s->machine, 1);
		if (s->machine->hart.fault.count != seen) {
			seen = s->machine->hart.fault.count;
			take_fault(s);
			fault(ctx, s);
		}
	}
	return code;
}

/* ---- an image -------------------------------------------------------------------------- */

/* Every extension, all memory alike, no PMP: what the page tables say decides. */
static struct mmu_config open_config(unsigned xlen)
{
	static const struct mmu_pma everything = {
	    .base = 0, .size = 1ull << 56, .attributes = 0xff};
	bool rv64 = xlen == 64;

	return (struct mmu_config){
	    .name = "with every extension",
	    .xlen = xlen,
	    .levels = rv64 ? 5 : 2,
	    .asid_bits = rv64 ? 16 : 9,
	    .pa_bits = rv64 ? 56 : 34,
	    .svadu = true,
	    .svnapot = rv64,
	    .svpbmt = rv64,
	    .svrsw60t59b = rv64,
	    .pointer_masking = rv64,
	    .zicfiss = true,
	    .segments = GOLDEN_SEGMENTS,
	    .pma_regions = 1,
	    .pma = &everything,
	};
}

static int choose_config(struct subject *s, const struct explain_options *o,
			 const struct complaint *c)
{
	const struct mmu_config *named = o->config ? mmu_config_find(o->config) : NULL;

	if (o->config && !named)
		return complain(c, EXIT_BAD,
				"unknown configuration '%s'; 'atlas configs' lists them",
				o->config);
	if (named && named->xlen != o->xlen)
		return complain(c, EXIT_BAD, "configuration %s is RV%u, but --xlen is %u",
				named->name, named->xlen, (unsigned)o->xlen);
	s->own_config = named ? *named : open_config((unsigned)o->xlen);
	s->config = s->own_config.name;
	s->own_regs = golden_reset(&s->own_config);
	s->regs = &s->own_regs;
	return EXIT_PASSED;
}

/* What boot software does: the last entry lets everybody everywhere. */
static void open_pmp(struct golden_regs *regs)
{
	unsigned i = regs->config.pmp_entries - 1, a_register = regs->config.xlen / 8;

	if (regs->config.pmp_entries == 0)
		return;
	golden_write_csr(regs, CSR_PMPADDR0 + i, UINT64_MAX);
	golden_write_csr(regs, CSR_PMPCFG0 + i / a_register * (a_register / 4),
			 (uint64_t)(PMP_NAPOT << PMP_A | 7) << i % a_register * 8);
}

static int set_registers(struct subject *s, const struct explain_options *o,
			 const struct complaint *c)
{
	struct golden_regs *regs = &s->own_regs;
	unsigned mode = (unsigned)(o->satp >> (o->xlen == 64 ? 60 : 31));

	if (o->xlen == 32 && o->satp >> 32)
		return complain(c, EXIT_BAD, "--satp 0x%" PRIx64 ": wider than the 32 bits of %s",
				o->satp, s->config);
	open_pmp(regs);
	for (unsigned i = 0; i < o->csrs; i++)
		golden_write_csr(regs, o->csr[i].number, o->csr[i].value);
	golden_write_csr(regs, CSR_SATP, o->satp);
	if (mode != 0 && golden_mode(regs)->levels == 0)
		return complain(c, EXIT_BAD,
				"--satp 0x%" PRIx64 ": MODE %u is none that configuration %s has",
				o->satp, mode, s->config);
	return EXIT_PASSED;
}

static int load_image(struct subject *s, const struct explain_options *o, const struct complaint *c)
{
	int code = choose_config(s, o, c);

	if (code == EXIT_PASSED)
		code = set_registers(s, o, c);
	if (code == EXIT_PASSED &&
	    !memory_image_open(&s->image, o->image, o->base, c->err, c->size))
		code = EXIT_BAD;
	s->memory = (struct mmu_memory){.ctx = &s->image, .read = memory_image_read};
	s->request = (struct mmu_request){
	    .access = ACC_LOAD, .bytes = (uint8_t)(o->xlen / 8), .priv = PRIV_U};
	return code;
}

/* ---- both ---------------------------------------------------------------------------------- */

int subject_open(struct subject *s, const struct explain_options *o, char *err, size_t err_size)
{
	const struct complaint c = {err, err_size};
	int code;

	*s = (struct subject){.name = o->program ? o->program : o->image};
	if (o->program) {
		code = load_program(s, o, &c);
		if (code == EXIT_PASSED)
			code = run_program(s, o, &c);
	} else {
		code = load_image(s, o, &c);
	}
	if (code == EXIT_PASSED)
		code = apply_access(s, &o->access, &c);
	if (o->access.has_va)
		s->bus_refused = false; /* that was another access */
	return code;
}

void subject_close(struct subject *s)
{
	machine_close(s->machine);
	image_free(s->program);
	memory_image_close(&s->image);
}
