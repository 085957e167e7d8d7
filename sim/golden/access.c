/* The kinds of access, one row each, and the addresses that they are about. */
#include "rules.h"

enum {
	PMP_READ = 1 << PMP_R,
	PMP_WRITE = 1 << PMP_W,
	PMP_EXECUTE = 1 << PMP_X,

	LOAD = 1 << PMA_R,
	STORE = 1 << PMA_W,
	FETCH = 1 << PMA_X,
	ATOMIC = 1 << PMA_ATOMIC,
	CACHEABLE = 1 << PMA_CACHEABLE,
	IDEMPOTENT = 1 << PMA_IDEMPOTENT,
	ALL_OF = false,
	ANY_OF = true,
};

/*
 * Sections 1.4 (the table of instructions), 1.8 and 1.9. A read of the shadow
 * stack is a read: it needs A alone. norm:cbm_access, norm:cbz_access,
 * norm:cbp_access: the cache-block operations.
 */
const struct kind kind_of[] = {
    [ACC_LOAD] = {.need = {PMP_READ, LOAD, ALL_OF}, .load = true, .a = true},
    [ACC_LR] = {.need = {PMP_READ, LOAD | ATOMIC, ALL_OF}, .load = true, .a = true},
    [ACC_FETCH] = {.need = {PMP_EXECUTE, FETCH, ALL_OF}, .a = true},
    [ACC_STORE] = {.need = {PMP_WRITE, STORE, ALL_OF}, .a = true, .d = true, .write = true},
    [ACC_SC] = {.need = {PMP_WRITE, STORE | ATOMIC, ALL_OF}, .a = true, .d = true, .write = true},
    [ACC_AMO] = {.need = {PMP_WRITE, LOAD | STORE | ATOMIC, ALL_OF},
		 .a = true,
		 .d = true,
		 .write = true},
    [ACC_CBO_ZERO] = {.need = {PMP_WRITE, STORE | CACHEABLE, ALL_OF},
		      .a = true,
		      .d = true,
		      .write = true,
		      .block = true},
    [ACC_CBO_MANAGE] = {.need = {PMP_READ | PMP_WRITE, LOAD | STORE, ANY_OF},
			.a = true,
			.block = true},
    [ACC_PREFETCH] = {.need = {PMP_READ | PMP_WRITE | PMP_EXECUTE, LOAD | STORE | FETCH, ANY_OF},
		      .block = true},
    [ACC_SS_LOAD] = {.need = {PMP_READ | PMP_WRITE, LOAD | STORE | IDEMPOTENT, ALL_OF},
		     .a = true,
		     .shadow = true},
    [ACC_SS_STORE] = {.need = {PMP_READ | PMP_WRITE, LOAD | STORE | IDEMPOTENT, ALL_OF},
		      .a = true,
		      .d = true,
		      .shadow = true},
    [ACC_SS_AMO] = {.need = {PMP_READ | PMP_WRITE, LOAD | STORE | IDEMPOTENT | ATOMIC, ALL_OF},
		    .a = true,
		    .d = true,
		    .shadow = true},
};

/* The upper two bits of a reason's low six are its class (software.md). */
static bool is_access_fault(uint8_t reason)
{
	return reason >> 4 == CLASS_PHYSICAL || reason == REASON_SHADOW_STACK;
}

uint8_t cause_of(uint8_t access, uint8_t reason)
{
	bool physical = is_access_fault(reason);

	if (access == ACC_PREFETCH)
		return CAUSE_NONE;
	if (access == ACC_FETCH)
		return physical ? CAUSE_FETCH_ACCESS : CAUSE_FETCH_PAGE;
	if (kind_of[access].load)
		return physical ? CAUSE_LOAD_ACCESS : CAUSE_LOAD_PAGE;
	return physical ? CAUSE_STORE_ACCESS : CAUSE_STORE_PAGE;
}

/* ---- pointer masking (section 2.6) --------------------------------------- */

/* PMLEN, by the register that governs the effective privilege. */
static unsigned masked_bits(const struct golden_regs *regs, uint8_t priv)
{
	uint64_t reg = priv == PRIV_M   ? regs->mseccfg
		       : priv == PRIV_S ? regs->menvcfg
					: regs->senvcfg;
	switch (reg >> ENVCFG_PMM & 3) {
	case PMM_7:
		return 7;
	case PMM_16:
		return 16;
	default:
		return 0;
	}
}

uint64_t golden_address(const struct golden_regs *regs, const struct mmu_request *request)
{
	const uint64_t va = request->va;

	/* Explicit accesses only; RV64 only. */
	if (request->access == ACC_FETCH || regs->config.xlen == 32)
		return va;
	/* norm:pm_mxr_exception: not with MXR in effect below M, translated or not. */
	if (request->mxr && request->priv != PRIV_M)
		return va;
	unsigned pmlen = masked_bits(regs, request->priv);
	if (pmlen == 0)
		return va;
	/* norm:pm_ignore_va: the highest bit that counts is repeated upwards. */
	if (golden_translates(regs, request))
		return (uint64_t)((int64_t)(va << pmlen) >> pmlen);
	/* norm:pm_ignore_pa: a physical address is zero there. */
	return va << pmlen >> pmlen;
}
