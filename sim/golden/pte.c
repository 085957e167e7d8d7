/* One PTE: its format (section 1.3) and what its leaf permits (1.6 to 1.9). */
#include "rules.h"

/* ---- format -------------------------------------------------------------- */

/* XWR = 010. */
static bool is_shadow_stack(uint64_t pte)
{
	return golden_bit(pte, PTE_W) && !golden_bit(pte, PTE_R) && !golden_bit(pte, PTE_X);
}

static unsigned pbmt_of(uint64_t pte)
{
	return pte >> PTE_PBMT & 3;
}

/* Bits 63:54, which Sv32 does not have. */
static bool upper_bits_are_reserved(const struct golden_regs *regs, uint64_t pte, unsigned level)
{
	const struct mmu_config *config = &regs->config;
	bool pointer = golden_is_pointer(pte);

	/* norm:Sv39_pte_future_rsv: bits 58:54 always, */
	if (pte >> PTE_RESERVED & LOW_BITS(PTE_RSW_HIGH - PTE_RESERVED))
		return true;
	/* and 60:59 unless Svrsw60t59b leaves them to software. */
	if (pte >> PTE_RSW_HIGH & 3 && !config->svrsw60t59b)
		return true;

	/* Section 2.2: PBMT is zero without Svpbmt switched on by norm:menvcfg_pbmte_op,
	 * never 3, and zero in a pointer (norm:Svpbmt_nonleaf_pte_pbmt_must_be_zero). */
	bool pbmte = config->svpbmt && golden_bit(regs->menvcfg, ENVCFG_PBMTE);
	if (pbmt_of(pte) != PBMT_PMA && (!pbmte || pointer))
		return true;
	if (pbmt_of(pte) == 3)
		return true;

	/* Section 2.1, norm:Svnapot_reserved_encoding_fault: N is of the last level's leaves,
	 * and 64 KiB is the only size. */
	if (!golden_bit(pte, PTE_N))
		return false;
	if (!config->svnapot || pointer || level != 0)
		return true;
	return (pte >> PTE_PPN & 0xf) != NAPOT_64K;
}

bool pte_is_reserved(const struct golden_regs *regs, const struct golden_mode *mode, uint64_t pte,
		     unsigned level)
{
	/* W without R, unless norm:ss_page_enc gives XWR = 010 a meaning. */
	bool sse = golden_bit(regs->menvcfg, ENVCFG_SSE);
	if (golden_bit(pte, PTE_W) && !golden_bit(pte, PTE_R) && !(sse && is_shadow_stack(pte)))
		return true;
	/* D, A and U of a pointer. */
	if (golden_is_pointer(pte) &&
	    (golden_bit(pte, PTE_D) || golden_bit(pte, PTE_A) || golden_bit(pte, PTE_U)))
		return true;
	return mode->pte_bytes == 8 && upper_bits_are_reserved(regs, pte, level);
}

uint64_t pte_ppn(const struct golden_mode *mode, uint64_t pte, uint64_t va)
{
	uint64_t ppn = pte >> PTE_PPN & LOW_BITS(mode->ppn_bits);

	/* norm:ptenapot: the page is the address's one of the sixteen. */
	if (golden_is_napot(mode, pte))
		return (ppn & ~(uint64_t)0xf) | (va >> 12 & 0xf);
	return ppn;
}

uint8_t pte_memory(const struct golden_mode *mode, uint64_t pte, uint8_t pma_memory)
{
	/* Section 1.7: PBMT, if not zero, overrides the PMA. */
	if (mode->pte_bytes == 4 || pbmt_of(pte) == PBMT_PMA)
		return pma_memory;
	return pbmt_of(pte) == PBMT_NC ? MEM_NC : MEM_IO;
}

/* ---- permission ---------------------------------------------------------- */

/* Step 6 (section 1.6): U pages are U-mode's; SUM opens them to S, never to a fetch. */
static uint8_t user_refuses(uint64_t pte, const struct mmu_request *request)
{
	bool user = golden_bit(pte, PTE_U);

	if (request->priv == PRIV_U && !user)
		return REASON_SUPERVISOR_PAGE;
	if (request->priv == PRIV_S && user && (!request->sum || request->access == ACC_FETCH))
		return REASON_USER_PAGE;
	return REASON_NONE;
}

/* Step 7 (section 1.8) on a page that is one of the shadow stack: loads may read it. */
static uint8_t shadow_stack_refuses(const struct mmu_request *request)
{
	switch (request->access) {
	case ACC_SS_LOAD:
	case ACC_SS_STORE:
	case ACC_SS_AMO:
	case ACC_LOAD:
	case ACC_LR:
	case ACC_PREFETCH:
		return REASON_NONE;
	default: /* norm:ssmp_ss_page_illegeal_access */
		return REASON_SHADOW_STACK;
	}
}

/* Steps 7 and 8 for a shadow-stack access to any other page. */
static uint8_t ordinary_page_refuses_shadow(uint64_t pte)
{
	bool read_only =
	    golden_bit(pte, PTE_R) && !golden_bit(pte, PTE_W) && !golden_bit(pte, PTE_X);

	return read_only ? REASON_NOT_WRITABLE : REASON_SHADOW_STACK;
}

/* Step 8: R, W, X. MXR widens loads (and what is permitted as one is), nothing else; S never
 * fetches from U. On a page of the shadow stack only loads are. */
uint8_t pte_permits(uint64_t pte, const struct mmu_request *request)
{
	bool r = golden_bit(pte, PTE_R), w = golden_bit(pte, PTE_W), x = golden_bit(pte, PTE_X);

	if (is_shadow_stack(pte))
		return 1 << PMP_R;
	uint8_t permits = w ? 1 << PMP_W : 0;
	if (r || (request->mxr && x))
		permits |= 1 << PMP_R;
	if (x && !(request->priv == PRIV_S && golden_bit(pte, PTE_U)))
		permits |= 1 << PMP_X;
	return permits;
}

static uint8_t ordinary_page_refuses(uint64_t pte, const struct mmu_request *request)
{
	uint8_t permits = pte_permits(pte, request);

	if (kind_of[request->access].write)
		return golden_bit(permits, PMP_W) ? REASON_NONE : REASON_NOT_WRITABLE;
	switch (request->access) {
	case ACC_FETCH:
		return golden_bit(permits, PMP_X) ? REASON_NONE : REASON_NOT_EXECUTABLE;
	case ACC_CBO_MANAGE: /* norm:cbm_access: as a load or a store is */
		return permits & (1 << PMP_R | 1 << PMP_W) ? REASON_NONE : REASON_NOT_READABLE;
	case ACC_PREFETCH: /* norm:cbp_access: as any of the three is */
		return permits ? REASON_NONE : REASON_NOT_READABLE;
	default:
		return golden_bit(permits, PMP_R) ? REASON_NONE : REASON_NOT_READABLE;
	}
}

struct mapping pte_mapping(const struct golden_mode *mode, uint64_t pte,
			   const struct mmu_request *request)
{
	return (struct mapping){.permits = pte_permits(pte, request),
				.pbmt = mode->pte_bytes == 8 ? pbmt_of(pte) : PBMT_PMA};
}

uint8_t pte_refuses(uint64_t pte, const struct mmu_request *request)
{
	uint8_t refusal = user_refuses(pte, request);

	if (refusal != REASON_NONE)
		return refusal;
	if (is_shadow_stack(pte))
		return shadow_stack_refuses(request);
	if (kind_of[request->access].shadow)
		return ordinary_page_refuses_shadow(pte);
	return ordinary_page_refuses(pte, request);
}
