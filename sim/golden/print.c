/* A walk, for people: what was read, decoded, and which rule decided. */
#include "rules.h"

#include <inttypes.h>

/* ---- PTEs ---------------------------------------------------------------- */

static const char *kind_of_pte(const struct golden_regs *regs, uint64_t pte)
{
	bool shadow = golden_bit(pte, PTE_W) && !golden_bit(pte, PTE_R) && !golden_bit(pte, PTE_X);

	if (!golden_bit(pte, PTE_V))
		return "invalid";
	if (golden_is_pointer(pte))
		return "pointer";
	return shadow && golden_bit(regs->menvcfg, ENVCFG_SSE) ? "shadow-stack leaf" : "leaf";
}

struct golden_decoded golden_decode(const struct golden_regs *regs, uint64_t pte)
{
	static const char letter[] = "VRWXUGAD";
	const struct golden_mode *mode = golden_mode(regs);
	struct golden_decoded d = {
	    .ppn = pte >> PTE_PPN & LOW_BITS(mode->ppn_bits),
	    .kind = kind_of_pte(regs, pte),
	    .rsw = pte >> PTE_RSW & 3,
	};

	for (unsigned bit = PTE_V; bit <= PTE_D; bit++)
		d.flags[PTE_D - bit] = golden_bit(pte, bit) ? letter[bit] : '-';
	if (mode->pte_bytes == 8) {
		d.n = golden_bit(pte, PTE_N);
		d.pbmt = pte >> PTE_PBMT & 3;
		d.rsw_high = pte >> PTE_RSW_HIGH & 3;
		d.reserved = pte >> PTE_RESERVED & LOW_BITS(PTE_RSW_HIGH - PTE_RESERVED);
	}
	return d;
}

static void print_pte(FILE *out, const struct golden_regs *regs, const struct golden_read *read)
{
	static const char *const type[] = {"", "  PBMT NC", "  PBMT IO", "  PBMT 3"};
	const struct golden_decoded d = golden_decode(regs, read->value);

	fprintf(out, "  level %u: PTE at 0x%" PRIx64, read->level, read->address);
	if (read->error) {
		fputs(" bus error\n", out);
		return;
	}
	fprintf(out, " = 0x%0*" PRIx64 "  %s  PPN 0x%" PRIx64,
		2 * (int)golden_mode(regs)->pte_bytes, read->value, d.flags, d.ppn);
	if (d.rsw)
		fprintf(out, "  RSW %u", d.rsw);
	fprintf(out, "%s%s", d.n ? "  N" : "", type[d.pbmt]);
	if (d.rsw_high)
		fprintf(out, "  bits 60:59 %u", d.rsw_high);
	if (d.reserved)
		fprintf(out, "  bits 58:54 0x%x", d.reserved);
	fprintf(out, "  %s\n", d.kind);
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

struct golden_attributes golden_attributes(uint8_t attributes)
{
	static const char letter[] = "rwxtuaci"; /* as in rtl/configs.txt */
	struct golden_attributes a = {""};

	for (unsigned bit = PMA_R; bit <= PMA_IDEMPOTENT; bit++)
		a.text[bit - PMA_R] = golden_bit(attributes, bit) ? letter[bit] : '-';
	return a;
}

static void print_pma(FILE *out, const struct mmu_config *config, uint64_t pa)
{
	const struct mmu_pma *region = golden_pma_region(config, pa);

	if (!region)
		fputs(", no PMA region", out);
	else
		fprintf(out, ", PMA region 0x%" PRIx64 " to 0x%" PRIx64 ", %s", region->base,
			region->base + region->size - 1,
			golden_attributes(region->attributes).text);
}

/* The last check that PMP and PMA were asked for. */
static void print_checked(FILE *out, const struct golden_regs *regs, const struct golden_walk *walk)
{
	unsigned i = walk->checks;

	while (i > 0 && walk->check[i - 1].refusal == REASON_ADDRESS_TOO_WIDE)
		i--;
	if (i == 0)
		return;
	const struct golden_pmp_check *asked = &walk->check[i - 1].asked;
	fprintf(out, "  %u bytes at 0x%" PRIx64, asked->bytes, asked->pa);
	print_pmp(out, &regs->pmp, asked->pa, asked->bytes);
	print_pma(out, &regs->config, asked->pa);
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
	const struct golden_rule rule = golden_rule_of(walk, &result->answer);
	fprintf(out, "  %s: %s", rule.step, rule.text);
	if (!result->answer.fault)
		fprintf(out, ": 0x%" PRIx64 " -> 0x%" PRIx64, va, result->answer.pa);
	fputc('\n', out);
}
