#include "checker.h"

#include <stdlib.h>

#include "fences.h"
#include "history.h"

/* A satp value that was in force, and when it ceased to be. */
struct root {
	uint64_t satp;
	uint64_t until;
};

struct checker {
	struct golden_regs regs;
	struct mmu_memory memory;
	uint64_t now;        /* the last event's time */
	uint64_t step_began; /* time */
	uint64_t step_satp;  /* satp before the step */
	struct history *history;
	struct fences fences;
	size_t n_roots, roots_size;
	struct root *roots; /* earlier ones; the present one is in regs */
};

static void *checked(void *p)
{
	if (!p) {
		fputs("lockstep: out of memory\n", stderr);
		exit(2);
	}
	return p;
}

static bool read_and_note(void *ctx, uint64_t pa, unsigned bytes, uint64_t *value)
{
	struct checker *c = ctx;
	history_note_read(c->history, pa, c->now);
	return c->memory.read(c->memory.ctx, pa, bytes, value);
}

struct checker *checker_new(const struct mmu_config *config, struct mmu_memory memory)
{
	struct checker *c = calloc(1, sizeof *c);
	if (!c)
		return NULL;
	c->regs = golden_reset(config);
	c->memory = memory;
	c->history = history_new(memory, config->xlen / 8);
	if (!c->history) {
		free(c);
		return NULL;
	}
	return c;
}

void checker_free(struct checker *c)
{
	if (!c)
		return;
	history_free(c->history);
	fences_free(&c->fences);
	free(c->roots);
	free(c);
}

struct mmu_memory checker_memory(struct checker *c)
{
	return (struct mmu_memory){c, read_and_note};
}

uint64_t checker_satp(const struct checker *c)
{
	return c->regs.satp;
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
}

struct checker_request checker_accept(struct checker *c, const struct mmu_request *request)
{
	return (struct checker_request){*request, c->regs.satp, ++c->now};
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
	if (csr != CSR_SATP)
		return;
	++c->now;
	uint64_t before = c->regs.satp;
	bool translated = golden_mode(&c->regs)->levels != 0;
	golden_write_satp(&c->regs, value);
	if (translated && c->regs.satp != before)
		note_root(c, before);
}

static bool has_address(const struct checker *c, uint64_t satp, uint64_t va)
{
	struct golden_regs regs = c->regs;
	regs.satp = satp;
	return golden_canonical(golden_mode(&regs), va);
}

void checker_fence(struct checker *c, const struct mmu_fence *fence)
{
	++c->now;
	if (fence->rs1_x0 && fence->rs2_x0) {
		/* What the model read in this very step was read from the memory that
		 * it has after the fence too. */
		history_forget(c->history, c->step_began);
		fences_forget(&c->fences);
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

/* ---- one choice of values ------------------------------------------------ */

/* The value chosen for one PTE of the path. */
struct choice {
	struct held held;
	const struct past *rest; /* the values not yet tried */
	struct held present;
	unsigned level;
};

/* Walks all choices from one root, depth first, for those that give the answer. */
struct search {
	struct checker *c;
	const struct checker_request *request;
	const struct mmu_answer *answer;
	struct golden_regs regs; /* with the root's satp */
	uint64_t root_until;     /* HELD_STILL for the request's own root */
	bool own_root;
	unsigned fixed;  /* choices at the head of the path that this walk repeats */
	unsigned length; /* PTEs read in this walk */
	struct choice path[GOLDEN_LEVELS];
};

static bool is_invalid(const struct held *held)
{
	return held->error || !golden_bit(held->value, PTE_V);
}

/* Could a walk that decides at the answer's level have read this value here? */
static bool is_candidate(const struct search *s, const struct choice *choice)
{
	if (choice->level > s->answer->level && !choice->held.error)
		return golden_is_pointer(choice->held.value);
	return choice->level == s->answer->level;
}

static bool equal(const struct held *a, const struct held *b)
{
	return a->value == b->value && a->error == b->error;
}

/* Goes on to the next earlier value; false when all were tried. */
static bool next_value(const struct search *s, struct choice *choice)
{
	while (choice->rest) {
		choice->held = choice->rest->held;
		choice->rest = choice->rest->next;
		if (!equal(&choice->held, &choice->present) && is_candidate(s, choice))
			return true;
	}
	return false;
}

/* Begins with the present value, if it is a candidate. */
static bool first_value(const struct search *s, struct choice *choice, uint64_t pa, unsigned level)
{
	choice->level = level;
	choice->present = history_present(s->c->history, pa);
	choice->rest = history_past(s->c->history, pa);
	choice->held = choice->present;
	return is_candidate(s, choice) || next_value(s, choice);
}

/*
 * The memory that golden_translate() reads in a search. Without a candidate it
 * ends the walk, by a bus error at a level that is not the answer's.
 */
static bool read_choice(void *ctx, uint64_t pa, unsigned bytes, uint64_t *value)
{
	struct search *s = ctx;
	(void)bytes;

	unsigned depth = s->length;
	struct choice *choice = &s->path[depth];
	if (depth >= s->fixed &&
	    !first_value(s, choice, pa, golden_mode(&s->regs)->levels - 1 - depth))
		return false;
	s->length++;
	*value = choice->held.value;
	return !choice->held.error;
}

/* Moves the deepest choice that has another value; false when the search is done. */
static bool next_path(struct search *s)
{
	for (unsigned depth = s->length; depth-- > 0;)
		if (next_value(s, &s->path[depth])) {
			s->fixed = depth + 1;
			return true;
		}
	return false;
}

/* ---- may a cache hold it? ------------------------------------------------ */

/* The first PTE of the path with G, which makes all the path global; NULL: none. A PTE that is
 * no PTE maps nothing, globally or not. */
static const struct choice *first_global(const struct search *s)
{
	for (unsigned i = 0; i < s->length; i++) {
		const struct choice *choice = &s->path[i];
		bool last = i + 1 == s->length;
		if (is_invalid(&choice->held) || (last && s->answer->reason == REASON_PTE_RESERVED))
			continue;
		if (golden_bit(choice->held.value, PTE_G))
			return choice;
	}
	return NULL;
}

/* The last time from which on this choice counts. */
static uint64_t last_fence(const struct search *s, const struct choice *choice, bool global)
{
	const struct golden_mode *mode = golden_mode(&s->regs);
	struct fenced entry = {
	    .va = s->request->request.va,
	    .page_shift = golden_page_shift(mode, choice->level),
	    .pointer = !choice->held.error && golden_is_pointer(choice->held.value),
	    .asid = golden_satp_asid(&s->regs),
	    .global = global,
	};
	return fences_last(&s->c->fences, &entry);
}

/* Of another root a cache can only hold what a walk found below it: with the same ASID its
 * first PTE, with another the first that is global. */
static bool root_may_be_held(const struct search *s, const struct choice *global)
{
	struct golden_regs own = checker_regs(s->c, s->request);
	bool same_asid = golden_satp_asid(&own) == golden_satp_asid(&s->regs);
	const struct choice *entry = same_asid ? &s->path[0] : global;

	if (s->length == 0 || is_invalid(&s->path[0].held) || !entry)
		return false;
	return s->root_until > last_fence(s, entry, global);
}

/* The path gives the answer: did every value on it count at one time or other? */
static bool may_be_held(const struct search *s)
{
	const struct choice *global = first_global(s);

	if (!s->own_root && !root_may_be_held(s, global))
		return false;
	for (unsigned i = 0; i < s->length; i++) {
		const struct choice *choice = &s->path[i];
		if (is_invalid(&choice->held) && choice->held.until <= s->request->accepted)
			return false;
		if (choice->held.until <= last_fence(s, choice, global))
			return false;
	}
	return true;
}

/* ---- judging ------------------------------------------------------------- */

static bool same(const struct mmu_answer *a, const struct mmu_answer *b)
{
	return a->pa == b->pa && a->tval == b->tval && (a->tag & 0xff) == (b->tag & 0xff) &&
	       a->fault == b->fault && a->cause == b->cause && a->reason == b->reason &&
	       a->level == b->level && a->pte == b->pte;
}

static bool root_gives(struct checker *c, const struct checker_request *request,
		       const struct mmu_answer *answer, struct root root)
{
	struct search s = {
	    .c = c,
	    .request = request,
	    .answer = answer,
	    .regs = c->regs,
	    .root_until = root.until,
	    .own_root = root.satp == request->satp,
	};
	struct mmu_memory choices = {&s, read_choice};

	s.regs.satp = root.satp;
	do {
		s.length = 0;
		struct mmu_answer given =
		    golden_translate(&s.regs, &choices, &request->request, NULL);
		if (same(&given, answer) && may_be_held(&s))
			return true;
	} while (next_path(&s));
	return false;
}

/* Do values that a cache may hold give the answer? */
static bool cache_gives(struct checker *c, const struct checker_request *request,
			const struct mmu_answer *answer)
{
	struct golden_regs regs = checker_regs(c, request);
	const struct golden_mode *mode = golden_mode(&regs);
	if (request->request.priv == PRIV_M || mode->levels == 0 ||
	    !golden_canonical(mode, request->request.va))
		return false;

	if (root_gives(c, request, answer, (struct root){request->satp, HELD_STILL}))
		return true;
	if (c->regs.satp != request->satp &&
	    root_gives(c, request, answer, (struct root){c->regs.satp, HELD_STILL}))
		return true;
	for (size_t i = 0; i < c->n_roots; i++)
		if (c->roots[i].satp != request->satp && c->roots[i].satp != c->regs.satp &&
		    root_gives(c, request, answer, c->roots[i]))
			return true;
	return false;
}

struct golden_regs checker_regs(const struct checker *c, const struct checker_request *request)
{
	struct golden_regs regs = c->regs;
	regs.satp = request->satp;
	return regs;
}

struct mmu_answer checker_explain(struct checker *c, const struct checker_request *request,
				  struct golden_walk *walk)
{
	struct golden_regs regs = checker_regs(c, request);
	struct mmu_memory memory = checker_memory(c);
	return golden_translate(&regs, &memory, &request->request, walk);
}

enum checker_verdict checker_judge(struct checker *c, const struct checker_request *request,
				   const struct mmu_answer *answer)
{
	struct mmu_answer present = checker_explain(c, request, NULL);
	if (same(&present, answer))
		return CHECKER_CURRENT;
	return cache_gives(c, request, answer) ? CHECKER_STALE : CHECKER_WRONG;
}
