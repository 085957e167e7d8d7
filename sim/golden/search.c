/* Tries values that PTEs had, path by path, for one on which the rules give what is looked for. */
#include "search.h"
#include "rules.h"

/* ---- what is looked for -------------------------------------------------- */

static bool same(const struct mmu_answer *a, const struct mmu_answer *b)
{
	return a->pa == b->pa && a->tval == b->tval && (a->tag & 0xff) == (b->tag & 0xff) &&
	       a->fault == b->fault && a->cause == b->cause && a->reason == b->reason &&
	       a->level == b->level && a->pte == b->pte && a->memory == b->memory;
}

/* Was this update tried since the request came, and answered with a bus error? */
static bool swap_failed(const struct checker *c, const struct checker_request *request,
			const struct golden_update *update)
{
	for (unsigned i = 0; i < SWAP_ERRORS && i < c->swap_errors; i++) {
		const struct swap_error *e = &c->swap_error[i];
		if (e->pa == update->address && e->expected == update->expected &&
		    e->time >= request->since)
			return true;
	}
	return false;
}

bool search_is_target(const struct checker *c, const struct checker_request *request,
		      const struct target *target, const struct golden_result *result)
{
	const struct golden_update *update = &result->update;

	if (!target->answer)
		return update->needed && update->address == target->swap.pa &&
		       update->expected == target->swap.old &&
		       update->desired == target->swap.value;
	if (!update->needed)
		return same(&result->answer, target->answer);
	/* Before A and D are set in memory the only answer is that they cannot be. */
	struct mmu_answer error =
	    golden_swap_error(&c->view, &request->request, result->answer.level);
	return same(&error, target->answer) && swap_failed(c, request, update);
}

enum { NAPOT_PAGES = 16 };

/* ---- one choice of values ------------------------------------------------ */

/* The value chosen for one PTE of the path. */
struct choice {
	struct held held;
	const struct past *rest; /* the values not yet tried */
	struct held present;
	uint64_t pa; /* the PTE's own */
	unsigned level;
	unsigned sibling; /* not 0: held is a NAPOT leaf that stands this many PTEs further */
};

/* Walks all choices from one root, depth first, for those that give the target. */
struct search {
	struct checker *c;
	const struct checker_request *request;
	const struct target *target;
	const struct golden_mode *mode; /* the root's */
	uint64_t va;                    /* after pointer masking */
	uint64_t root_until;            /* HELD_STILL for the request's own root */
	bool own_root;
	uint16_t own_asid; /* the request's */
	uint8_t reason;    /* of this walk */
	unsigned fixed;    /* choices at the head of the path that this walk repeats */
	unsigned length;   /* PTEs read in this walk */
	struct choice path[GOLDEN_LEVELS];
};

static bool is_invalid(const struct held *held)
{
	return held->error || !golden_bit(held->value, PTE_V);
}

static bool is_pointer(const struct held *held)
{
	return !held->error && golden_is_pointer(held->value);
}

/* A leaf that stands for sixteen pages. */
static bool is_napot(const struct search *s, const struct choice *choice)
{
	return choice->level == 0 && s->c->regs.config.svnapot && !is_invalid(&choice->held) &&
	       !is_pointer(&choice->held) && golden_is_napot(s->mode, choice->held.value) &&
	       (choice->held.value >> PTE_PPN & 0xf) == NAPOT_64K;
}

/* Did PMP, at some time that counts, let the walker read a PTE of the last level there? */
static bool pmp_let_read(const struct search *s, uint64_t pa)
{
	const struct golden_pmp_check check = {
	    .pa = pa,
	    .bytes = s->mode->pte_bytes,
	    .priv = PRIV_S,
	    .need = 1 << PMP_R,
	    .pte = true,
	};
	return versions_give(&s->c->versions, &check, true);
}

/* Where the chosen value stands. */
static uint64_t place(const struct search *s, const struct choice *choice)
{
	return choice->pa ^ choice->sibling * s->mode->pte_bytes;
}

/* Could a walk that ends as is looked for have read this value here? */
static bool is_candidate(const struct search *s, const struct choice *choice)
{
	const struct mmu_answer *answer = s->target->answer;

	if (choice->sibling && !is_napot(s, choice))
		return false;
	if (choice->level == 0 && s->c->regs.config.svnapot && !pmp_let_read(s, place(s, choice)))
		return false;
	if (!answer)
		return is_pointer(&choice->held) ||
		       (choice->pa == s->target->swap.pa && !choice->held.error &&
			choice->held.value == s->target->swap.old);
	if (choice->level > answer->level)
		return is_pointer(&choice->held);
	return choice->level == answer->level;
}

static bool equal(const struct held *a, const struct held *b)
{
	return a->value == b->value && a->error == b->error;
}

static void begin_values(const struct search *s, struct choice *choice, uint64_t pa)
{
	choice->present = history_present(s->c->history, pa);
	choice->rest = history_past(s->c->history, pa);
	choice->held = choice->present;
}

/* On to the next of the other fifteen PTEs: what stands there may stand for this page too. A
 * change of A or D is always of the page's own PTE. */
static bool next_sibling(const struct search *s, struct choice *choice)
{
	if (choice->level != 0 || !s->c->regs.config.svnapot || !s->target->answer ||
	    choice->sibling == NAPOT_PAGES - 1)
		return false;
	choice->sibling++;
	begin_values(s, choice, place(s, choice));
	return true;
}

/* Goes on to the next value; false when all were tried. */
static bool next_value(const struct search *s, struct choice *choice)
{
	for (;;) {
		while (choice->rest) {
			choice->held = choice->rest->held;
			choice->rest = choice->rest->next;
			if (!equal(&choice->held, &choice->present) && is_candidate(s, choice))
				return true;
		}
		if (!next_sibling(s, choice))
			return false;
		if (is_candidate(s, choice))
			return true;
	}
}

/* Begins with the present value, if it is a candidate. */
static bool first_value(const struct search *s, struct choice *choice, uint64_t pa, unsigned level)
{
	choice->pa = pa;
	choice->level = level;
	choice->sibling = 0;
	begin_values(s, choice, pa);
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
	if (depth >= s->fixed && !first_value(s, choice, pa, s->mode->levels - 1 - depth))
		return false;
	s->length++;
	*value = choice->held.value;
	return !choice->held.error;
}

/* A leaf that stands for sixteen pages was perhaps read where another's PTE is. */
static bool may_be_napot(const struct search *s, const struct golden_pmp_check *check)
{
	return s->c->regs.config.svnapot && check->pte && check->level == 0 &&
	       check->need == 1 << PMP_R;
}

static bool any_sibling_was_read(const struct search *s, uint64_t pa)
{
	for (unsigned i = 0; i < NAPOT_PAGES; i++)
		if (pmp_let_read(s, pa ^ i * s->mode->pte_bytes))
			return true;
	return false;
}

/* PMP in a search: as the target wants it, if any state of the registers gives that. */
static bool choose_verdict(void *ctx, const struct golden_pmp_check *check)
{
	const struct search *s = ctx;
	const struct mmu_answer *answer = s->target->answer;
	uint8_t reason = check->attributed ? REASON_PMA : REASON_PMP;
	bool refused_here = answer && answer->reason == reason && answer->level == check->level &&
			    answer->pte == check->pte;

	/* Then is_candidate() asks about the one that is chosen. */
	if (!refused_here && may_be_napot(s, check))
		return any_sibling_was_read(s, check->pa);
	return versions_give(&s->c->versions, check, !refused_here) ? !refused_here : refused_here;
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

/* A reserved encoding, whatever is switched on: it maps nothing. What is reserved only while an
 * extension is off may be held since it was on. */
static bool is_always_reserved(const struct search *s, const struct choice *choice)
{
	struct golden_regs *view = &s->c->view;
	uint64_t menvcfg = view->menvcfg;

	view->menvcfg = s->c->menvcfg_ones;
	bool reserved = pte_is_reserved(view, s->mode, choice->held.value, choice->level);
	view->menvcfg = menvcfg;
	return reserved;
}

/* The first PTE of the path with G, which makes all the path global; NULL: none. A PTE that is
 * no PTE maps nothing, globally or not. */
static const struct choice *first_global(const struct search *s)
{
	for (unsigned i = 0; i < s->length; i++) {
		const struct choice *choice = &s->path[i];
		if (!is_invalid(&choice->held) && golden_bit(choice->held.value, PTE_G) &&
		    !is_always_reserved(s, choice))
			return choice;
	}
	return NULL;
}

static struct fenced fenced(const struct search *s, const struct choice *choice, bool global)
{
	return (struct fenced){
	    .va = s->va,
	    .page_shift = golden_page_shift(s->mode, choice->level) + (is_napot(s, choice) ? 4 : 0),
	    .pointer = is_pointer(&choice->held),
	    .asid = golden_satp_asid(&s->c->view),
	    .global = global,
	};
}

/* The last time from which on this choice counts. */
static uint64_t last_fence(const struct search *s, const struct choice *choice, bool global)
{
	const struct fenced entry = fenced(s, choice, global);

	return fences_last(&s->c->fences, &entry);
}

/*
 * With the ASID of this root, another was in force until then. If a fence by address has
 * removed the global leaf meanwhile, a walk may have read it again, below this root's pointer as a
 * cache still held it for that ASID; and for all others from then on.
 */
static bool read_again_below(const struct search *s, const struct choice *global, uint64_t satp,
			     uint64_t until)
{
	const struct golden_regs *view = &s->c->view;
	const struct fenced pointer = fenced(s, &s->path[0], false);

	if (golden_asid(view, satp >> (view->config.xlen == 32 ? 22 : 44)) != pointer.asid ||
	    global == &s->path[0])
		return false;
	return until > last_fence(s, global, true) &&
	       s->root_until > fences_last_before(&s->c->fences, &pointer, until);
}

static bool was_read_again(const struct search *s, const struct choice *global)
{
	const struct checker *c = s->c;

	for (size_t i = 0; i < c->n_roots; i++)
		if (read_again_below(s, global, c->roots[i].satp, c->roots[i].until))
			return true;
	return read_again_below(s, global, c->regs.satp, HELD_STILL);
}

/* Of another root a cache can only hold what a walk found below it: with the same ASID its
 * first PTE, with another the first that is global. */
static bool root_may_be_held(const struct search *s, const struct choice *global)
{
	bool same_asid = s->own_asid == golden_satp_asid(&s->c->view);
	const struct choice *entry = same_asid ? &s->path[0] : global;

	if (s->length == 0 || is_invalid(&s->path[0].held) || !entry)
		return false;
	return s->root_until > last_fence(s, entry, global) ||
	       (!same_asid && was_read_again(s, global));
}

/* The path gives the target: did every value on it count at one time or other? */
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

/* ---- from root to root --------------------------------------------------- */

static bool root_gives(struct checker *c, const struct checker_request *request,
		       const struct target *target, struct root root)
{
	struct search s = {
	    .c = c,
	    .request = request,
	    .target = target,
	    .root_until = root.until,
	    .own_root = root.satp == request->satp,
	};
	const struct mmu_memory choices = {.ctx = &s, .read = read_choice};
	const struct golden_judge judge = {&s, choose_verdict};
	bool given = false;

	checker_regs(c, request);
	s.va = golden_address(&c->view, &request->request);
	s.own_asid = golden_satp_asid(&c->view);
	c->view.satp = root.satp;
	s.mode = golden_mode(&c->view);
	if (c->versions.n > 1 || c->regs.config.svnapot)
		c->view.judge = &judge;
	do {
		s.length = 0;
		struct golden_result result =
		    golden_translate(&c->view, &choices, &request->request, NULL);
		given = search_is_target(c, request, target, &result) && may_be_held(&s);
	} while (!given && next_path(&s));
	c->view.judge = NULL;
	return given;
}

bool search_gives(struct checker *c, const struct checker_request *request,
		  const struct target *target)
{
	const struct golden_regs *regs = checker_regs(c, request);
	uint64_t va = golden_address(regs, &request->request);

	if (!golden_canonical(golden_mode(regs), va))
		return false;
	if (root_gives(c, request, target, (struct root){request->satp, HELD_STILL}))
		return true;
	if (c->regs.satp != request->satp &&
	    root_gives(c, request, target, (struct root){c->regs.satp, HELD_STILL}))
		return true;
	for (size_t i = 0; i < c->n_roots; i++)
		if (c->roots[i].satp != request->satp && c->roots[i].satp != c->regs.satp &&
		    root_gives(c, request, target, c->roots[i]))
			return true;
	return false;
}
