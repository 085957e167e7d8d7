/*
 * Judges an MMU's answers, knowing what translation caches may still hold.
 *
 * An answer is right if the rules of translation give it for some choice, PTE
 * by PTE, among the values that each location held since the last fence that
 * covers that entry; invalid values (V clear, and bus errors) count only if
 * they were current at some moment between acceptance and answer. Nothing else
 * is accepted, and nothing legal is refused. (riscv-vm.md, section 3.)
 *
 * - SFENCE.VMA by address covers leaves of any size that contain the address;
 *   pointers stay. An address that the mode does not have covers nothing.
 * - SFENCE.VMA by ASID spares global mappings: G on the leaf or on any pointer
 *   on the path.
 * - A NAPOT leaf may stand for all sixteen pages, also those whose PTEs differ.
 * - Changing satp invalidates nothing: a walk may have started at any root that
 *   was in force with the same ASID since a covering fence, and, for a global
 *   mapping, at any root at all. Below such a root stands what a cache can hold:
 *   its first PTE is valid, and the address is one of the request's own mode.
 * - PMP may refuse or allow, check by check, as any state of its registers since
 *   the last fence of everything does; without a walk, as that of acceptance.
 * - Whether a segment answers, and how, the registers at acceptance decide alone.
 * - A and D that an access needs are set in memory before its answer, where
 *   hardware sets them, and are set for a request under way only.
 * - All else that is in registers counts as it was at acceptance.
 *
 * The rules themselves are golden_translate(); this only chooses what it reads.
 * The ordinary case, an answer that the present gives, costs one walk.
 */
#ifndef ATLAS_CHECKER_H
#define ATLAS_CHECKER_H

#include "golden.h"

struct checker;

enum checker_verdict {
	CHECKER_CURRENT, /* present memory and registers give it */
	CHECKER_STALE,   /* values that a cache may still hold give it */
	CHECKER_WRONG,   /* the rules do not give it */
};

/* A request that the model took, with what was latched then. */
struct checker_request {
	struct mmu_request request;
	uint64_t satp, senvcfg, menvcfg, mseccfg;
	uint64_t since;         /* time at which the step began that took it */
	uint64_t accepted;      /* time */
	bool walked;            /* by page tables, which caches may hold */
	struct mmu_answer only; /* the only right answer, if not walked */
};

/* A change that the model made to a PTE. */
struct checker_swap {
	uint64_t pa, old, value;
};

/* In reset state: Bare, nothing cached. NULL without memory. `memory` outlives it. */
struct checker *checker_new(const struct mmu_config *config, struct mmu_memory memory);
void checker_free(struct checker *c); /* NULL is fine */

/* The memory for the model under test: what it reads and changes here is followed. */
struct mmu_memory checker_memory(struct checker *c);
/* The caller is about to change bytes, or whether they answer. */
void checker_before_write(struct checker *c, uint64_t pa, unsigned bytes);

/*
 * One step of the model, in this order: begin, before the model moves; then for
 * what it did in the step: accept each request taken, judge its accesses to
 * PTEs, the register write, the fence; then judge each answer.
 */
void checker_begin_step(struct checker *c);
struct checker_request checker_accept(struct checker *c, const struct mmu_request *request);
/* The i-th change that the model made in this step, or NULL past the last. */
const struct checker_swap *checker_swap_at(const struct checker *c, unsigned i);
/* Does this request, under way, make that change? */
bool checker_gives_swap(struct checker *c, const struct checker_request *request,
			const struct checker_swap *swap);
/* True if the model in this step read a PTE at *pa, where no page table may lie. */
bool checker_read_forbidden(const struct checker *c, uint64_t *pa);
void checker_csr_write(struct checker *c, unsigned csr, uint64_t value);
void checker_fence(struct checker *c, const struct mmu_fence *fence);
enum checker_verdict checker_judge(struct checker *c, const struct checker_request *request,
				   const struct mmu_answer *answer);

/* The register as it must read now. */
uint64_t checker_csr(const struct checker *c, unsigned csr);
/* What the present gives for the request, and on which path. */
struct golden_result checker_explain(struct checker *c, const struct checker_request *request,
				     struct golden_walk *walk);
/* The registers as the request sees them, with segments off if page tables translate it; PMP's
 * and segments' are the present ones. Until the next call. */
const struct golden_regs *checker_regs(struct checker *c, const struct checker_request *request);

#endif
