/*
 * The rules, in the order of the specification: riscv-vm.md section 1.5, whose
 * step numbers stand at each rule. Read golden_translate() first, at the end.
 */
#include "rules.h"

enum { PAGE_SHIFT = 12 };

/* One translation under way. */
struct access {
	const struct golden_regs *regs;
	const struct mmu_request *request;
	const struct kind *kind;
	uint64_t va; /* after pointer masking */
	struct golden_walk *walk;
};

/* ---- addresses (section 1.2) --------------------------------------------- */

bool golden_canonical(const struct golden_mode *mode, uint64_t va)
{
	unsigned va_bits = golden_page_shift(mode, mode->levels);
	if (mode->levels == 0 || va_bits <= 32)
		return true;
	int64_t upper = (int64_t)va >> (va_bits - 1); /* the sign bit and all above */
	return upper == 0 || upper == -1;
}

bool golden_translates(const struct golden_regs *regs, const struct mmu_request *request)
{
	return golden_segment_mode(regs, request) != SEGMODE_PAGING ||
	       (request->priv != PRIV_M && golden_mode(regs)->levels != 0);
}

bool golden_walks(const struct golden_regs *regs, const struct mmu_request *request)
{
	if (request->priv == PRIV_M || golden_mode(regs)->levels == 0)
		return false;
	switch (golden_segment_mode(regs, request)) {
	case SEGMODE_PAGING:
		return true;
	case SEGMODE_BOTH:
		return golden_segment_at(&regs->segments, golden_address(regs, request)) < 0;
	default:
		return false;
	}
}

/* ---- answers ------------------------------------------------------------- */

/* norm:mtval_vaddr_not_paddr: the trap value is the (masked) virtual address, and the cause is
 * of the original access's kind, also when a PTE's access failed. */
static struct golden_result fault(const struct access *a, uint8_t reason, uint8_t level, bool pte)
{
	return (struct golden_result){.answer = {
					  .tval = a->va,
					  .tag = a->request->tag,
					  .fault = true,
					  .cause = cause_of(a->request->access, reason),
					  .reason = reason,
					  .level = level,
					  .pte = pte,
				      }};
}

static struct golden_result granted(const struct access *a, uint64_t pa, uint8_t level,
				    uint8_t memory)
{
	return (struct golden_result){
	    .answer = {.pa = pa, .tag = a->request->tag, .level = level, .memory = memory}};
}

struct mmu_answer golden_swap_error(const struct golden_regs *regs,
				    const struct mmu_request *request, uint8_t level)
{
	struct access a = {.regs = regs, .request = request, .va = golden_address(regs, request)};
	return fault(&a, REASON_BUS_ERROR, level, true).answer;
}

/* ---- physical memory (section 1.5, steps 2, 9b and F) -------------------- */

/* Both are implicit accesses of S-mode: norm:pmp_check_pagetable_access. */
static const struct need pte_read = {1 << PMP_R, 1 << PMA_PT_READ, false};
static const struct need pte_update = {1 << PMP_W, 1 << PMA_PT_WRITE, false};

static bool pmp_allows(const struct golden_regs *regs, const struct golden_pmp_check *check)
{
	return regs->judge ? regs->judge->allows(regs->judge->ctx, check)
			   : golden_pmp_allows(&regs->pmp, check);
}

/* What an access needs of PMP is compared with what PMA grants. */
_Static_assert(PMP_R == PMA_R && PMP_W == PMA_W && PMP_X == PMA_X, "one set of bits");

static uint8_t judge(const struct golden_regs *regs, const struct need *need, uint8_t pbmt,
		     const struct golden_pmp_check *check)
{
	/* Section 1.2: what is wider than physical memory is nowhere. */
	if (check->pa >> regs->config.pa_bits != 0)
		return REASON_ADDRESS_TOO_WIDE;
	if (!pmp_allows(regs, check))
		return REASON_PMP;

	uint8_t given = pma_attributes(&regs->config, check->pa, pbmt);
	if (!need->any)
		return (given & need->pma) == need->pma ? REASON_NONE : REASON_PMA;

	/* Section 1.9: where one and the same of load, store and fetch passes them all. */
	struct golden_pmp_check both = *check;
	both.need &= given;
	both.attributed = true;
	return both.need != 0 && pmp_allows(regs, &both) ? REASON_NONE : REASON_PMA;
}

/* The reason to refuse one operation on physical memory, or none. */
static uint8_t refused(const struct access *a, const struct need *need, uint8_t pbmt,
		       const struct golden_pmp_check *check)
{
	uint8_t refusal = judge(a->regs, need, pbmt, check);

	if (a->walk)
		a->walk->check[a->walk->checks++] = (struct golden_check){*check, refusal};
	return refusal;
}

static uint8_t pte_refused(const struct access *a, const struct need *need, uint64_t address,
			   unsigned bytes, uint8_t level)
{
	struct golden_pmp_check check = {
	    .pa = address,
	    .bytes = bytes,
	    .priv = PRIV_S,
	    .need = need->pmp,
	    .level = level,
	    .pte = true,
	};
	return refused(a, need, PBMT_PMA, &check);
}

/* Where the access begins, and how long it is: of a cache-block operation, the whole block. */
static uint64_t first_byte(const struct access *a, uint64_t address)
{
	return a->kind->block ? address & ~(uint64_t)(CACHE_BLOCK - 1) : address;
}

static unsigned length(const struct access *a)
{
	return a->kind->block ? CACHE_BLOCK : a->request->bytes;
}

/* Step F: the access itself, whole: one operation, also when it is misaligned. */
static uint8_t access_refused(const struct access *a, uint64_t pa, uint8_t level,
			      struct mapping mapping)
{
	struct golden_pmp_check check = {
	    .pa = first_byte(a, pa),
	    .bytes = length(a),
	    .priv = a->request->priv,
	    .need = a->kind->need.pmp,
	    .any = a->kind->need.any,
	    .level = level,
	};
	if (check.any)
		check.need &= mapping.permits;
	return refused(a, &a->kind->need, mapping.pbmt, &check);
}

/* ---- without translation ------------------------------------------------- */

/* P1: M-mode and Bare, by no segment either. The address is the physical one. */
static struct golden_result untranslated(const struct access *a)
{
	/* Section 1.8: there is no shadow stack without page tables. */
	if (a->kind->shadow)
		return fault(a, REASON_SHADOW_STACK, LEVEL_NONE, false);
	const struct mapping open = {.permits = 1 << PMP_R | 1 << PMP_W | 1 << PMP_X};
	uint8_t refusal = access_refused(a, a->va, LEVEL_NONE, open);
	if (refusal != REASON_NONE)
		return fault(a, refusal, LEVEL_NONE, false);
	return granted(a, a->va, LEVEL_NONE, pma_memory(&a->regs->config, a->va));
}

/* ---- segments (segments.md) ----------------------------------------------- */

/* This segment answers: rules 3 to 6. */
static struct golden_result by_segment(const struct access *a, const struct golden_segment *s)
{
	/* Rule 3: the whole access. The block's first byte is in it if any is: base is a
	 * multiple of the page. */
	if (!golden_segment_holds(s, first_byte(a, a->va), length(a)))
		return fault(a, REASON_SEGMENT_LIMIT, LEVEL_NONE, false);

	/* Rule 4. */
	if (a->kind->shadow)
		return fault(a, REASON_SHADOW_STACK, LEVEL_NONE, false);
	if (segment_refuses(s, a->request))
		return fault(a, REASON_SEGMENT_PERMISSION, LEVEL_NONE, false);

	/* Rule 5. */
	uint64_t pa;
	if (!golden_segment_place(s, a->va, a->regs->config.pa_bits, &pa))
		return fault(a, REASON_ADDRESS_TOO_WIDE, LEVEL_NONE, false);

	/* Rule 6. */
	uint8_t refusal = access_refused(a, pa, LEVEL_NONE, segment_mapping(s, a->request));
	if (refusal != REASON_NONE)
		return fault(a, refusal, LEVEL_NONE, false);
	return granted(a, pa, LEVEL_NONE, pma_memory(&a->regs->config, pa));
}

/* ---- a leaf -------------------------------------------------------------- */

/* A valid leaf was found at `address`: steps 5 to 10 and F. */
static struct golden_result at_leaf(const struct access *a, const struct golden_mode *mode,
				    uint64_t address, uint64_t pte, uint8_t level)
{
	/* Step 5: a superpage's low PPN bits come from the address, so must be zero. */
	uint64_t offset = LOW_BITS(golden_page_shift(mode, level));
	uint64_t base = pte_ppn(mode, pte, a->va) << PAGE_SHIFT;
	if (base & offset)
		return fault(a, REASON_SUPERPAGE_MISALIGNED, level, false);

	/* Steps 6, 7 and 8: U, shadow stacks, R W X. */
	uint8_t refusal = pte_refuses(pte, a->request);
	if (refusal != REASON_NONE)
		return fault(a, refusal, level, false);

	/* Step 9: A and D, as far as the access needs them. */
	bool need_a = a->kind->a && !golden_bit(pte, PTE_A);
	bool need_d = a->kind->d && !golden_bit(pte, PTE_D);
	if (need_a || need_d) {
		/* 9a, norm:menvcfg_adue_op: without it software sets them. */
		if (!golden_bit(a->regs->menvcfg, ENVCFG_ADUE))
			return fault(a, need_a ? REASON_ACCESSED_CLEAR : REASON_DIRTY_CLEAR, level,
				     false);
		/* 9b: the update is a write of the PTE. */
		refusal = pte_refused(a, &pte_update, address, mode->pte_bytes, level);
		if (refusal != REASON_NONE)
			return fault(a, refusal, level, true);
	}

	/* Step 10, and F before 9c: an access that faults changes no PTE. */
	uint64_t pa = base | (a->va & offset);
	refusal = access_refused(a, pa, level, pte_mapping(mode, pte, a->request));
	if (refusal != REASON_NONE)
		return fault(a, refusal, level, false);

	struct golden_result result =
	    granted(a, pa, level, pte_memory(mode, pte, pma_memory(&a->regs->config, pa)));

	/* Step 9c: the whole PTE as memory has it, with A, and with D for a store. */
	if (need_a || need_d)
		result.update = (struct golden_update){
		    .needed = true,
		    .address = address,
		    .expected = pte,
		    .desired = pte | 1 << PTE_A | (need_d ? 1 << PTE_D : 0),
		};
	return result;
}

/* ---- the function -------------------------------------------------------- */

struct golden_result golden_translate(const struct golden_regs *regs,
				      const struct mmu_memory *memory,
				      const struct mmu_request *request, struct golden_walk *walk)
{
	const struct golden_mode *mode = golden_mode(regs);
	const struct access a = {
	    .regs = regs,
	    .request = request,
	    .kind = &kind_of[request->access],
	    .va = golden_address(regs, request), /* P0: pointer masking */
	    .walk = walk,
	};
	if (walk) {
		walk->segment = -1;
		walk->length = walk->checks = 0;
	}

	/* Segments come before satp: rules 1 and 2 of segments.md. */
	unsigned segments = golden_segment_mode(regs, request);
	if (segments != SEGMODE_PAGING) {
		int i = golden_segment_at(&regs->segments, a.va);
		if (walk)
			walk->segment = i;
		if (i >= 0)
			return by_segment(&a, &regs->segments.segment[i]);
		if (segments == SEGMODE_SEGMENTS)
			return fault(&a, REASON_SEGMENT_MISSING, LEVEL_NONE, false);
	}

	/* P1: M-mode and Bare do not translate. */
	if (request->priv == PRIV_M || mode->levels == 0)
		return untranslated(&a);

	/* P2, norm:Sv39_va_signext: no PTE is read. */
	if (!golden_canonical(mode, a.va))
		return fault(&a, REASON_NONCANONICAL, LEVEL_NONE, false);

	/* Step 1: the root table. */
	uint64_t table = golden_satp_ppn(regs) << PAGE_SHIFT;
	unsigned level = mode->levels - 1;

	for (;;) {
		/* Step 2: the PTE's address, all its bits; PMP and PMA; the PTE. */
		uint64_t vpn = a.va >> golden_page_shift(mode, level) & LOW_BITS(mode->vpn_bits);
		uint64_t address = table + vpn * mode->pte_bytes;
		uint64_t pte = 0;
		uint8_t refusal = pte_refused(&a, &pte_read, address, mode->pte_bytes, level);
		if (refusal != REASON_NONE)
			return fault(&a, refusal, level, true);

		bool read = memory->read(memory->ctx, address, mode->pte_bytes, &pte);
		if (walk)
			walk->read[walk->length++] =
			    (struct golden_read){address, pte, level, !read};
		if (!read)
			return fault(&a, REASON_BUS_ERROR, level, true);

		/* Step 3: is it one at all? */
		if (!golden_bit(pte, PTE_V))
			return fault(&a, REASON_PTE_INVALID, level, false);
		if (pte_is_reserved(regs, mode, pte, level))
			return fault(&a, REASON_PTE_RESERVED, level, false);

		/* Step 4: a leaf ends the walk, a pointer goes down a level. */
		if (!golden_is_pointer(pte))
			return at_leaf(&a, mode, address, pte, level);
		if (level == 0)
			return fault(&a, REASON_LAST_LEVEL_POINTER, level, false);
		table = pte_ppn(mode, pte, a.va) << PAGE_SHIFT;
		level--;
	}
}
