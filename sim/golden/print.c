/* A walk, for people: what was read, decoded, and which rule decided. */
#include "rules.h"

#include <inttypes.h>

/* A segment answered. */
static const char *segment_rule_of(const struct mmu_answer *answer)
{
	switch (answer->reason) {
	case REASON_NONE:
		return "segments, rule 5: the segment gives the address";
	case REASON_SEGMENT_LIMIT:
		return "segments, rule 3: the access ends beyond the segment";
	case REASON_SHADOW_STACK:
		return "segments, rule 4: no shadow stack lies in a segment";
	case REASON_SEGMENT_PERMISSION:
		return "segments, rule 4: R, W, X or U forbids it";
	case REASON_ADDRESS_TOO_WIDE:
		return "segments, rule 5: the address lies beyond the physical width";
	case REASON_PMP:
		return "segments, rule 6: PMP refuses the access";
	case REASON_PMA:
		return "segments, rule 6: the memory is not for this access";
	default:
		return "no rule";
	}
}

static const char *rule_of(const struct mmu_answer *answer)
{
	switch (answer->reason) {
	case REASON_NONE:
		return answer->level == LEVEL_NONE ? "not translated: M-mode or Bare"
						   : "step 10: the leaf gives the address";
	case REASON_SEGMENT_MISSING:
		return "segments, rule 2: no segment holds the address";
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
	case REASON_SHADOW_STACK:
		return answer->level == LEVEL_NONE ? "not translated: no shadow stack"
						   : "step 7: shadow-stack page against access";
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
	case REASON_PMP:
		return answer->pte ? "step 2 or 9: PMP refuses the access to the PTE"
				   : "after step 10: PMP refuses the access";
	case REASON_PMA:
		return answer->pte ? "step 2 or 9: the PTE's memory is not for page tables"
				   : "after step 10: the memory is not for this access";
	default:
		return "no rule";
	}
}

/* ---- PTEs ---------------------------------------------------------------- */

static void print_upper_bits(FILE *out, uint64_t pte)
{
	static const char *const type[] = {"", "  PBMT NC", "  PBMT IO", "  PBMT 3"};
	uint64_t reserved = pte >> PTE_RESERVED & LOW_BITS(PTE_RSW_HIGH - PTE_RESERVED);

	if (golden_bit(pte, PTE_N))
		fputs("  N", out);
	fputs(type[pte >> PTE_PBMT & 3], out);
	if (pte >> PTE_RSW_HIGH & 3)
		fprintf(out, "  bits 60:59 %u", (unsigned)(pte >> PTE_RSW_HIGH & 3));
	if (reserved)
		fprintf(out, "  bits 58:54 0x%" PRIx64, reserved);
}

static const char *kind_of_pte(const struct golden_regs *regs, uint64_t pte)
{
	bool shadow = golden_bit(pte, PTE_W) && !golden_bit(pte, PTE_R) && !golden_bit(pte, PTE_X);

	if (!golden_bit(pte, PTE_V))
		return "invalid";
	if (golden_is_pointer(pte))
		return "pointer";
	return shadow && golden_bit(regs->menvcfg, ENVCFG_SSE) ? "shadow-stack leaf" : "leaf";
}

static void print_pte(FILE *out, const struct golden_regs *regs, const struct golden_read *read)
{
	const struct golden_mode *mode = golden_mode(regs);

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

	uint64_t ppn = read->value >> PTE_PPN & LOW_BITS(mode->ppn_bits);
	fprintf(out, " = 0x%0*" PRIx64 "  %s  PPN 0x%" PRIx64, 2 * (int)mode->pte_bytes,
		read->value, flags, ppn);
	if (read->value >> PTE_RSW & 3)
		fprintf(out, "  RSW %u", (unsigned)(read->value >> PTE_RSW & 3));
	if (mode->pte_bytes == 8)
		print_upper_bits(out, read->value);
	fprintf(out, "  %s\n", kind_of_pte(regs, read->value));
}

/* ---- segments ------------------------------------------------------------ */

static void print_segment(FILE *out, const struct golden_regs *regs, int i)
{
	static const char letter[] = "VRWXUG";
	const struct golden_segment *s = &regs->segments.segment[i];

	fprintf(out, "  segment %d: 0x%" PRIx64 " to 0x%" PRIx64 ", physical 0x%" PRIx64 ", ", i,
		s->base, s->last, s->phys);
	for (unsigned bit = SEG_G + 1; bit-- > SEG_V;)
		fputc(golden_bit(s->cfg, bit) ? letter[bit] : '-', out);
	fprintf(out, ", ASID %u\n", s->cfg >> SEG_ASID);
}

static void print_segments(FILE *out, const struct golden_regs *regs,
			   const struct mmu_request *request, const struct golden_walk *walk)
{
	unsigned mode = golden_segment_mode(regs, request);

	if (mode == SEGMODE_PAGING)
		return;
	fprintf(out, "  segctl 0x%" PRIx32 ": segments%s, ASID %u\n", regs->segments.ctl,
		mode == SEGMODE_BOTH ? ", then paging" : " only",
		regs->segments.ctl >> SEGCTL_ASID);
	if (walk->segment >= 0)
		print_segment(out, regs, walk->segment);
}

/* ---- physical memory ----------------------------------------------------- */

static void print_pmp(FILE *out, const struct golden_pmp *pmp, uint64_t pa, unsigned bytes)
{
	static const char *const match[] = {"OFF", "TOR", "NA4", "NAPOT"};
	int i = golden_pmp_entry(pmp, pa, bytes);

	if (pmp->entries == 0)
		return;
	if (i < 0) {
		fputs(", no PMP entry", out);
		return;
	}
	const struct golden_pmp_entry *e = &pmp->entry[i];
	fprintf(out, ", PMP entry %d (%s 0x%" PRIx64 " to 0x%" PRIx64 ", %c%c%c%c)", i,
		match[e->cfg >> PMP_A & 3], e->first, e->last,
		golden_bit(e->cfg, PMP_L) ? 'L' : '-', golden_bit(e->cfg, PMP_X) ? 'X' : '-',
		golden_bit(e->cfg, PMP_W) ? 'W' : '-', golden_bit(e->cfg, PMP_R) ? 'R' : '-');
}

static void print_pma(FILE *out, const struct mmu_config *config, uint64_t pa)
{
	static const char letter[] = "rwxtuaci"; /* as in rtl/configs.txt */
	const struct mmu_pma *region = golden_pma_region(config, pa);

	if (!region) {
		fputs(", no PMA region", out);
		return;
	}
	fprintf(out, ", PMA region 0x%" PRIx64 " to 0x%" PRIx64 ", ", region->base,
		region->base + region->size - 1);
	for (unsigned bit = PMA_R; bit <= PMA_IDEMPOTENT; bit++)
		fputc(golden_bit(region->attributes, bit) ? letter[bit] : '-', out);
}

static void print_checked(FILE *out, const struct golden_regs *regs, const struct golden_walk *walk)
{
	if (walk->checked_bytes == 0)
		return;
	fprintf(out, "  %u bytes at 0x%" PRIx64, walk->checked_bytes, walk->checked);
	print_pmp(out, &regs->pmp, walk->checked, walk->checked_bytes);
	print_pma(out, &regs->config, walk->checked);
	fputc('\n', out);
}

/* ---- the walk ------------------------------------------------------------ */

void golden_print_walk(FILE *out, const struct golden_regs *regs, const struct mmu_request *request,
		       const struct golden_walk *walk, const struct golden_result *result)
{
	const struct golden_mode *mode = golden_mode(regs);
	const struct golden_update *update = &result->update;
	uint64_t va = golden_address(regs, request);

	print_segments(out, regs, request, walk);
	fprintf(out, "  satp 0x%0*" PRIx64 ": %s", (int)regs->config.xlen / 4, regs->satp,
		mode->name);
	if (mode->levels)
		fprintf(out, ", ASID %u, root 0x%" PRIx64, golden_satp_asid(regs),
			golden_satp_ppn(regs) << 12);
	if (va != request->va)
		fprintf(out, ", address masked to 0x%" PRIx64, va);
	fputc('\n', out);

	for (unsigned i = 0; i < walk->length; i++)
		print_pte(out, regs, &walk->read[i]);
	print_checked(out, regs, walk);

	if (update->needed)
		fprintf(out, "  step 9: PTE at 0x%" PRIx64 " becomes 0x%0*" PRIx64 "\n",
			update->address, 2 * (int)mode->pte_bytes, update->desired);
	fprintf(out, "  %s",
		walk->segment >= 0 ? segment_rule_of(&result->answer) : rule_of(&result->answer));
	if (!result->answer.fault)
		fprintf(out, ": 0x%" PRIx64 " -> 0x%" PRIx64, va, result->answer.pa);
	fputc('\n', out);
}
