/* A walk, for people: what was read, decoded, and which rule decided. */
#include "golden.h"

#include <inttypes.h>

static const char *rule_of(const struct mmu_answer *answer)
{
	switch (answer->reason) {
	case REASON_NONE:
		return answer->level == LEVEL_NONE ? "not translated: M-mode or Bare"
						   : "step 10: the leaf gives the address";
	case REASON_NONCANONICAL:
		return "before step 1: the upper address bits are not all equal";
	case REASON_PTE_INVALID:
		return "step 3: V is clear";
	case REASON_PTE_RESERVED:
		return "step 3: a reserved encoding";
	case REASON_LAST_LEVEL_POINTER:
		return "step 4: a pointer at the last level";
	case REASON_SUPERPAGE_MISALIGNED:
		return "step 5: low PPN bits of a superpage are set";
	case REASON_USER_PAGE:
		return "step 6: a user page, for S-mode";
	case REASON_SUPERVISOR_PAGE:
		return "step 6: a supervisor page, for U-mode";
	case REASON_NOT_READABLE:
		return "step 8: R is clear";
	case REASON_NOT_WRITABLE:
		return "step 8: W is clear";
	case REASON_NOT_EXECUTABLE:
		return "step 8: X is clear";
	case REASON_ACCESSED_CLEAR:
		return "step 9: A is clear";
	case REASON_DIRTY_CLEAR:
		return "step 9: D is clear, for a store";
	case REASON_BUS_ERROR:
		return "step 2: the read of the PTE is a bus error";
	case REASON_ADDRESS_TOO_WIDE:
		return answer->pte ? "step 2: the PTE lies beyond the physical width"
				   : "after step 10: the address lies beyond the physical width";
	default:
		return "no rule";
	}
}

static void print_pte(FILE *out, const struct golden_mode *mode, const struct golden_read *read)
{
	fprintf(out, "  level %u: PTE at 0x%" PRIx64, read->level, read->address);
	if (read->error) {
		fputs(" bus error\n", out);
		return;
	}

	static const char letter[] = "VRWXUGAD";
	char flags[sizeof letter];
	for (unsigned bit = PTE_V; bit <= PTE_D; bit++)
		flags[PTE_D - bit] = golden_bit(read->value, bit) ? letter[bit] : '-';
	flags[PTE_D + 1] = '\0';

	uint64_t ppn = read->value >> PTE_PPN & (((uint64_t)1 << mode->ppn_bits) - 1);
	const char *kind = !golden_bit(read->value, PTE_V)  ? "invalid"
			   : golden_is_pointer(read->value) ? "pointer"
							    : "leaf";
	fprintf(out, " = 0x%0*" PRIx64 "  %s  PPN 0x%" PRIx64, 2 * (int)mode->pte_bytes,
		read->value, flags, ppn);
	if (mode->pte_bytes == 8 && read->value >> PTE_RESERVED)
		fprintf(out, "  bits 63:54 0x%" PRIx64, read->value >> PTE_RESERVED);
	fprintf(out, "  %s\n", kind);
}

void golden_print_walk(FILE *out, const struct golden_regs *regs, const struct mmu_request *request,
		       const struct golden_walk *walk, const struct mmu_answer *answer)
{
	const struct golden_mode *mode = golden_mode(regs);

	fprintf(out, "  satp 0x%0*" PRIx64 ": %s", (int)regs->xlen / 4, regs->satp, mode->name);
	if (mode->levels)
		fprintf(out, ", ASID %u, root 0x%" PRIx64, golden_satp_asid(regs),
			golden_satp_ppn(regs) << 12);
	fputc('\n', out);

	for (unsigned i = 0; i < walk->length; i++)
		print_pte(out, mode, &walk->read[i]);

	fprintf(out, "  %s", rule_of(answer));
	if (!answer->fault)
		fprintf(out, ": 0x%" PRIx64 " -> 0x%" PRIx64, request->va, answer->pa);
	fputc('\n', out);
}
