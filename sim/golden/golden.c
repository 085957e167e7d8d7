/*
 * The rules, in the order of the specification: riscv-vm.md section 1.5, whose
 * step numbers stand at each rule. Read golden_translate() first, at the end.
 */
#include "golden.h"

#define LOW_BITS(n) (((uint64_t)1 << (n)) - 1)

enum { PAGE_SHIFT = 12 };

/* ---- satp (section 1.1) -------------------------------------------------- */

static const struct golden_mode bare32 = {"Bare", 0, 10, 4, 22};
static const struct golden_mode bare64 = {"Bare", 0, 9, 8, 44};
static const struct golden_mode sv32 = {"Sv32", 2, 10, 4, 22};
static const struct golden_mode sv39 = {"Sv39", 3, 9, 8, 44};
static const struct golden_mode sv48 = {"Sv48", 4, 9, 8, 44};
static const struct golden_mode sv57 = {"Sv57", 5, 9, 8, 44};

/* The mode that a satp value selects, or NULL for a reserved MODE. */
static const struct golden_mode *mode_of(unsigned xlen, uint64_t satp)
{
	if (xlen == 32)
		return satp >> 31 & 1 ? &sv32 : &bare32;
	switch (satp >> 60) {
	case SATP_BARE:
		return &bare64;
	case SATP_SV39:
		return &sv39;
	case SATP_SV48:
		return &sv48;
	case SATP_SV57:
		return &sv57;
	default:
		return NULL;
	}
}

/* Lowest bit of satp.ASID; the PPN takes all bits below. */
static unsigned asid_shift(const struct golden_regs *regs)
{
	return regs->xlen == 32 ? 22 : 44;
}

static unsigned asid_max_bits(const struct golden_regs *regs)
{
	return regs->xlen == 32 ? 9 : 16;
}

struct golden_regs golden_reset(const struct mmu_config *config)
{
	return (struct golden_regs){
	    .xlen = config->xlen,
	    .levels = config->levels,
	    .asid_bits = config->asid_bits,
	    .pa_bits = config->pa_bits,
	};
}

void golden_write_satp(struct golden_regs *regs, uint64_t value)
{
	if (regs->xlen == 32)
		value &= LOW_BITS(32);

	/* norm:satp_mode_op_unsupported: no field changes. */
	const struct golden_mode *mode = mode_of(regs->xlen, value);
	if (!mode || mode->levels > regs->levels)
		return;

	/* norm:asidlen: the low bits exist first; what does not exist reads zero. */
	uint64_t asid = LOW_BITS(asid_max_bits(regs));
	uint64_t missing = asid & ~LOW_BITS(regs->asid_bits);
	regs->satp = value & ~(missing << asid_shift(regs));
}

const struct golden_mode *golden_mode(const struct golden_regs *regs)
{
	return mode_of(regs->xlen, regs->satp);
}

uint64_t golden_satp_ppn(const struct golden_regs *regs)
{
	return regs->satp & LOW_BITS(asid_shift(regs));
}

uint16_t golden_satp_asid(const struct golden_regs *regs)
{
	return golden_asid(regs, regs->satp >> asid_shift(regs));
}

uint16_t golden_asid(const struct golden_regs *regs, uint16_t asid)
{
	return asid & LOW_BITS(regs->asid_bits);
}

/* ---- addresses (section 1.2) --------------------------------------------- */

unsigned golden_page_shift(const struct golden_mode *mode, unsigned level)
{
	return PAGE_SHIFT + level * mode->vpn_bits;
}

bool golden_canonical(const struct golden_mode *mode, uint64_t va)
{
	unsigned va_bits = golden_page_shift(mode, mode->levels);
	if (mode->levels == 0 || va_bits <= 32)
		return true;
	int64_t upper = (int64_t)va >> (va_bits - 1); /* the sign bit and all above */
	return upper == 0 || upper == -1;
}

/* ---- PTEs (section 1.3) -------------------------------------------------- */

bool golden_is_pointer(uint64_t pte)
{
	return golden_bit(pte, PTE_V) && !golden_bit(pte, PTE_R) && !golden_bit(pte, PTE_W) &&
	       !golden_bit(pte, PTE_X);
}

/* Encodings that are reserved as long as neither Svnapot, Svpbmt nor Zicfiss exists. */
static bool is_reserved(const struct golden_mode *mode, uint64_t pte)
{
	if (golden_bit(pte, PTE_W) && !golden_bit(pte, PTE_R))
		return true;
	if (mode->pte_bytes == 8 && pte >> PTE_RESERVED != 0)
		return true;
	return golden_is_pointer(pte) &&
	       (golden_bit(pte, PTE_D) || golden_bit(pte, PTE_A) || golden_bit(pte, PTE_U));
}

static uint64_t pte_ppn(const struct golden_mode *mode, uint64_t pte)
{
	return pte >> PTE_PPN & LOW_BITS(mode->ppn_bits);
}

/* Step 8 (section 1.6): MXR widens loads only. Gives the reason to refuse, or none. */
static uint8_t refused(const struct mmu_request *request, uint64_t pte)
{
	switch (request->access) {
	case ACC_FETCH:
		return golden_bit(pte, PTE_X) ? REASON_NONE : REASON_NOT_EXECUTABLE;
	case ACC_STORE:
		return golden_bit(pte, PTE_W) ? REASON_NONE : REASON_NOT_WRITABLE;
	default:
		if (golden_bit(pte, PTE_R) || (request->mxr && golden_bit(pte, PTE_X)))
			return REASON_NONE;
		return REASON_NOT_READABLE;
	}
}

/* ---- answers ------------------------------------------------------------- */

static struct mmu_answer translated(const struct mmu_request *request, uint64_t pa, uint8_t level)
{
	return (struct mmu_answer){.pa = pa, .tag = request->tag, .level = level};
}

/* norm:mtval_vaddr_not_paddr: the trap value is the original address, whatever failed. */
static struct mmu_answer fault(const struct mmu_request *request, uint8_t cause, uint8_t reason,
			       uint8_t level, bool pte)
{
	return (struct mmu_answer){
	    .tval = request->va,
	    .tag = request->tag,
	    .fault = true,
	    .cause = cause,
	    .reason = reason,
	    .level = level,
	    .pte = pte,
	};
}

static struct mmu_answer page_fault(const struct mmu_request *request, uint8_t reason,
				    uint8_t level)
{
	static const uint8_t cause[] = {
	    [ACC_LOAD] = CAUSE_LOAD_PAGE,
	    [ACC_STORE] = CAUSE_STORE_PAGE,
	    [ACC_FETCH] = CAUSE_FETCH_PAGE,
	};
	return fault(request, cause[request->access], reason, level, false);
}

/* Of the original access's kind, also when the read of a PTE failed (section 1.4). */
static struct mmu_answer access_fault(const struct mmu_request *request, uint8_t reason,
				      uint8_t level, bool pte)
{
	static const uint8_t cause[] = {
	    [ACC_LOAD] = CAUSE_LOAD_ACCESS,
	    [ACC_STORE] = CAUSE_STORE_ACCESS,
	    [ACC_FETCH] = CAUSE_FETCH_ACCESS,
	};
	return fault(request, cause[request->access], reason, level, pte);
}

/* ---- the function -------------------------------------------------------- */

struct mmu_answer golden_translate(const struct golden_regs *regs, const struct mmu_memory *memory,
				   const struct mmu_request *request, struct golden_walk *walk)
{
	const struct golden_mode *mode = golden_mode(regs);
	const uint64_t va = request->va;

	if (walk)
		walk->length = 0;

	/* P1: M-mode and Bare do not translate; the address is still as wide as it is. */
	if (request->priv == PRIV_M || mode->levels == 0) {
		if (va >> regs->pa_bits != 0)
			return access_fault(request, REASON_ADDRESS_TOO_WIDE, LEVEL_NONE, false);
		return translated(request, va, LEVEL_NONE);
	}

	/* P2, norm:Sv39_va_signext: no PTE is read. */
	if (!golden_canonical(mode, va))
		return page_fault(request, REASON_NONCANONICAL, LEVEL_NONE);

	/* Step 1: the root table. */
	uint64_t table = golden_satp_ppn(regs) << PAGE_SHIFT;
	unsigned level = mode->levels - 1;
	uint64_t pte = 0;

	for (;;) {
		/* Step 2: the PTE's address, all its bits, and the PTE. */
		uint64_t vpn = va >> golden_page_shift(mode, level) & LOW_BITS(mode->vpn_bits);
		uint64_t address = table + vpn * mode->pte_bytes;
		if (address >> regs->pa_bits != 0)
			return access_fault(request, REASON_ADDRESS_TOO_WIDE, level, true);

		bool read = memory->read(memory->ctx, address, mode->pte_bytes, &pte);
		if (walk)
			walk->read[walk->length++] =
			    (struct golden_read){address, pte, level, !read};
		if (!read)
			return access_fault(request, REASON_BUS_ERROR, level, true);

		/* Step 3: is it one at all? */
		if (!golden_bit(pte, PTE_V))
			return page_fault(request, REASON_PTE_INVALID, level);
		if (is_reserved(mode, pte))
			return page_fault(request, REASON_PTE_RESERVED, level);

		/* Step 4: a leaf ends the walk, a pointer goes down a level. */
		if (!golden_is_pointer(pte))
			break;
		if (level == 0)
			return page_fault(request, REASON_LAST_LEVEL_POINTER, level);
		table = pte_ppn(mode, pte) << PAGE_SHIFT;
		level--;
	}

	/* Step 5: a superpage's low PPN bits come from the address, so must be zero. */
	uint64_t offset = LOW_BITS(golden_page_shift(mode, level));
	uint64_t base = pte_ppn(mode, pte) << PAGE_SHIFT;
	if (base & offset)
		return page_fault(request, REASON_SUPERPAGE_MISALIGNED, level);

	/* Step 6 (section 1.6): U pages are U-mode's; SUM opens them to S, never to fetch. */
	bool user = golden_bit(pte, PTE_U);
	if (request->priv == PRIV_U && !user)
		return page_fault(request, REASON_SUPERVISOR_PAGE, level);
	if (request->priv == PRIV_S && user && !(request->sum && request->access != ACC_FETCH))
		return page_fault(request, REASON_USER_PAGE, level);

	/* Step 8: R, W, X. (Step 7 is about shadow stacks.) */
	uint8_t refusal = refused(request, pte);
	if (refusal != REASON_NONE)
		return page_fault(request, refusal, level);

	/* Step 9a, Svade: software sets A and D. */
	if (!golden_bit(pte, PTE_A))
		return page_fault(request, REASON_ACCESSED_CLEAR, level);
	if (request->access == ACC_STORE && !golden_bit(pte, PTE_D))
		return page_fault(request, REASON_DIRTY_CLEAR, level);

	/* Step 10, and F: the access itself must fit the physical width. */
	uint64_t pa = base | (va & offset);
	if (pa >> regs->pa_bits != 0)
		return access_fault(request, REASON_ADDRESS_TOO_WIDE, level, false);
	return translated(request, pa, level);
}
