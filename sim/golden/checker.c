#include "checker.h"

#include <assert.h>
#include <stdlib.h>

#include "search.h"

static void *checked(void *p)
{
	if (!p) {
		fputs("lockstep: out of memory\n", stderr);
		exit(2);
	}
	return p;
}

/* ---- the model's memory -------------------------------------------------- */

static bool note_and_read(void *ctx, uint64_t pa, unsigned bytes, uint64_t *value)
{
	struct checker *c = ctx;
	history_note_read(c->history, pa, c->now);
	return c->memory.read(c->memory.ctx, pa, bytes, value);
}

static bool model_reads(void *ctx, uint64_t pa, unsigned bytes, uint64_t *value)
{
	struct checker *c = ctx;
	const struct mmu_pma *region = golden_pma_region(&c->regs.config, pa);
	if (!region || !golden_bit(region->attributes, PMA_PT_READ)) {
		c->read_forbidden = true;
		c->forbidden_pa = pa;
	}
	return note_and_read(c, pa, bytes, value);
}

static bool model_swaps(void *ctx, uint64_t pa, unsigned bytes, uint64_t expected, uint64_t desired,
			uint64_t *old)
{
	struct checker *c = ctx;

	if (!c->memory.swap || !c->memory.swap(c->memory.ctx, pa, bytes, expected, desired, old)) {
		c->swap_error[c->swap_errors++ % SWAP_ERRORS] =
		    (struct swap_error){pa, expected, c->now};
		return false;
	}
	history_note_read(c->history, pa, c->now);
	if (*old != expected)
		return true;
	history_replaced(c->history, pa, expected, ++c->now);
	assert(c->swaps < SWAPS);
	c->swap[c->swaps++] = (struct checker_swap){pa, expected, desired};
	return true;
}

struct mmu_memory checker_memory(struct checker *c)
{
	return (struct mmu_memory){.ctx = c, .read = model_reads, .swap = model_swaps};
}

/* ---- opening and closing ------------------------------------------------- */

struct checker *checker_new(const struct mmu_config *config, struct mmu_memory memory)
{
	struct checker *c = calloc(1, sizeof *c);
	if (!c)
		return NULL;
	c->regs = c->view = golden_reset(config);
	c->memory = memory;
	c->history = history_new(memory, config->xlen / 8);
	if (!c->history) {
		free(c);
		return NULL;
	}
	golden_write_csr(&c->view, CSR_MENVCFGH, ~0ull);
	golden_write_csr(&c->view, CSR_MENVCFG, ~0ull);
	c->menvcfg_ones = c->view.menvcfg;
	c->view = c->regs;
	versions_note(&c->versions, &c->regs.pmp);
	return c;
}

void checker_free(struct checker *c)
{
	if (!c)
		return;
	history_free(c->history);
	fences_free(&c->fences);
	versions_free(&c->versions);
	free(c->roots);
	free(c);
}

/* ---- events -------------------------------------------------------------- */

void checker_before_write(struct checker *c, uint64_t pa, unsigned bytes)
{
	history_before_write(c->history, pa, bytes, ++c->now);
}

void checker_begin_step(struct checker *c)
{
	c->step_began = ++c->now;
	c->step_satp = c->regs.satp;
	c->swaps = 0;
	c->read_forbidden = false;
}

struct checker_request checker_accept(struct checker *c, const struct mmu_request *request)
{
	struct checker_request r = {
	    .request = *request,
	    .satp = c->regs.satp,
	    .senvcfg = c->regs.senvcfg,
	    .menvcfg = c->regs.menvcfg,
	    .mseccfg = c->regs.mseccfg,
	    .since = c->step_began,
	    .accepted = ++c->now,
	    .walked = golden_walks(&c->regs, request),
	};
	if (!r.walked)
		r.only = golden_translate(&c->regs, &c->memory, request, NULL).answer;
	return r;
}

static void note_root(struct checker *c, uint64_t satp)
{
	for (size_t i = 0; i < c->n_roots; i++)
		if (c->roots[i].satp == satp) {
			c->roots[i].until = c->now;
			return;
		}
	if (c->n_roots == c->roots_size) {
		c->roots_size = c->roots_size ? 2 * c->roots_size : 16;
		c->roots = checked(realloc(c->roots, c->roots_size * sizeof *c->roots));
	}
	c->roots[c->n_roots++] = (struct root){satp, c->now};
}

void checker_csr_write(struct checker *c, unsigned csr, uint64_t value)
{
	++c->now;
	uint64_t before = c->regs.satp;
	bool translated = golden_mode(&c->regs)->levels != 0;

	golden_write_csr(&c->regs, csr, value);
	c->view = c->regs;
	if (translated && c->regs.satp != before)
		note_root(c, before);
	versions_note(&c->versions, &c->regs.pmp);
}

uint64_t checker_csr(const struct checker *c, unsigned csr)
{
	return golden_csr_read(&c->regs, csr);
}

/* ---- fences -------------------------------------------------------------- */

static bool has_address(struct checker *c, uint64_t satp, uint64_t va)
{
	c->view.satp = satp;
	return golden_canonical(golden_mode(&c->view), va);
}

void checker_fence(struct checker *c, const struct mmu_fence *fence)
{
	++c->now;
	if (fence->rs1_x0 && fence->rs2_x0) {
		/* What the model read in this very step was read from the memory that
		 * it has after the fence too. */
		history_forget(c->history, c->step_began);
		fences_forget(&c->fences);
		versions_forget(&c->versions);
		c->n_roots = 0;
		return;
	}
	/* A fence ends nothing where nothing but the present is known. */
	if (history_is_empty(c->history) && c->n_roots == 0)
		return;
	/* norm:sfence_vma_invalid_va. In the step of a satp write, either may count. */
	if (!fence->rs1_x0 &&
	    !(has_address(c, c->step_satp, fence->va) && has_address(c, c->regs.satp, fence->va)))
		return;
	fences_note(&c->fences, &c->regs, fence, c->now);
}

/* ---- judging ------------------------------------------------------------- */

const struct golden_regs *checker_regs(struct checker *c, const struct checker_request *request)
{
	c->view.satp = request->satp;
	c->view.senvcfg = request->senvcfg;
	c->view.menvcfg = request->menvcfg;
	c->view.mseccfg = request->mseccfg;
	c->view.segments.ctl = request->walked ? SEGMODE_PAGING : c->regs.segments.ctl;
	return &c->view;
}

struct golden_result checker_explain(struct checker *c, const struct checker_request *request,
				     struct golden_walk *walk)
{
	const struct mmu_memory memory = {.ctx = c, .read = note_and_read};
	return golden_translate(checker_regs(c, request), &memory, &request->request, walk);
}

enum checker_verdict checker_judge(struct checker *c, const struct checker_request *request,
				   const struct mmu_answer *answer)
{
	const struct target target = {.answer = answer};

	if (!request->walked) {
		const struct golden_result right = {.answer = request->only};
		return search_is_target(c, request, &target, &right) ? CHECKER_CURRENT
								     : CHECKER_WRONG;
	}
	struct golden_result present = checker_explain(c, request, NULL);
	if (search_is_target(c, request, &target, &present))
		return CHECKER_CURRENT;
	return search_gives(c, request, &target) ? CHECKER_STALE : CHECKER_WRONG;
}

/* ---- the model's accesses to PTEs ---------------------------------------- */

const struct checker_swap *checker_swap_at(const struct checker *c, unsigned i)
{
	return i < c->swaps && i < SWAPS ? &c->swap[i] : NULL;
}

bool checker_gives_swap(struct checker *c, const struct checker_request *request,
			const struct checker_swap *swap)
{
	const struct target target = {.swap = *swap};
	return request->walked && search_gives(c, request, &target);
}

bool checker_read_forbidden(const struct checker *c, uint64_t *pa)
{
	*pa = c->forbidden_pa;
	return c->read_forbidden;
}
