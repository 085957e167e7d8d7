/* The explanation for people. */
#include "story.h"

#include <inttypes.h>
#include <string.h>

static void print_size(FILE *out, uint64_t bytes)
{
	static const char *const unit[] = {"bytes", "KiB", "MiB", "GiB", "TiB"};
	unsigned i = 0;

	for (; i < 4 && bytes >= 1024; i++)
		bytes >>= 10;
	fprintf(out, "%" PRIu64 " %s", bytes, unit[i]);
}

static void print_title(FILE *out, const struct story *s)
{
	const struct subject *t = s->subject;

	fprintf(out, "%s", t->name);
	if (t->fault)
		fprintf(out, ": fault %" PRIu64 ",", t->fault);
	else if (t->machine)
		fputs(": stopped", out);
	if (t->machine)
		fprintf(out, " at pc 0x%" PRIx64 ", after %" PRIu64 " instructions", t->pc,
			t->machine->steps);
	fprintf(out, "; configuration %s\n\n", t->config);
}

static void print_request(FILE *out, const struct mmu_request *r)
{
	static const char priv[] = "US?M";

	fprintf(out, "%s of %u bytes at 0x%" PRIx64 ", privilege %c%s%s\n\n",
		mmu_access_name(r->access), r->bytes, r->va, priv[r->priv & 3],
		r->sum ? ", SUM" : "", r->mxr ? ", MXR" : "");
}

/* ---- physical memory ------------------------------------------------------------------ */

static void print_pmp(FILE *out, const struct golden_pmp *pmp, const struct golden_pmp_check *asked)
{
	static const char *const match[] = {"OFF", "TOR", "NA4", "NAPOT"};
	int i = golden_pmp_entry(pmp, asked->pa, asked->bytes);

	if (pmp->entries == 0)
		return;
	if (i < 0) {
		fputs("no PMP entry; ", out);
		return;
	}
	const struct golden_pmp_entry *e = &pmp->entry[i];
	fprintf(out, "PMP entry %d (%s 0x%" PRIx64 " to 0x%" PRIx64 ", %c%c%c%c); ", i,
		match[e->cfg >> PMP_A & 3], e->first, e->last,
		golden_bit(e->cfg, PMP_L) ? 'L' : '-', golden_bit(e->cfg, PMP_X) ? 'X' : '-',
		golden_bit(e->cfg, PMP_W) ? 'W' : '-', golden_bit(e->cfg, PMP_R) ? 'R' : '-');
}

/* The verdict on one access to physical memory, after the words that say what it is. */
static void print_check(FILE *out, const struct story *s, const struct golden_check *check)
{
	const struct golden_regs *regs = s->subject->regs;
	const struct mmu_pma *region = golden_pma_region(&regs->config, check->asked.pa);

	if (check->refusal == REASON_ADDRESS_TOO_WIDE) {
		fprintf(out, "refused: beyond the %u physical address bits\n",
			regs->config.pa_bits);
		return;
	}
	fputs(check->refusal == REASON_PMP   ? "refused by PMP: "
	      : check->refusal == REASON_PMA ? "refused by its attributes: "
					     : "allowed: ",
	      out);
	print_pmp(out, &regs->pmp, &check->asked);
	if (region)
		fprintf(out, "memory %s\n", golden_attributes(region->attributes).text);
	else
		fputs("no region of memory\n", out);
}

/* ---- segments ---------------------------------------------------------------------------- */

static void print_segment(FILE *out, const struct story *s, unsigned i, uint64_t va)
{
	static const char letter[] = "VRWXUG";
	const struct golden_segments *all = &s->subject->regs->segments;
	const struct golden_segment *segment = &all->segment[i];

	fprintf(out, "  segment %u: 0x%" PRIx64 " to 0x%" PRIx64 ", physical 0x%" PRIx64 ", ", i,
		segment->base, segment->last, segment->phys);
	for (unsigned bit = SEG_G + 1; bit-- > SEG_V;)
		fputc(golden_bit(segment->cfg, bit) ? letter[bit] : '-', out);
	fprintf(out, ", ASID %u: ", segment->cfg >> SEG_ASID);
	if (!golden_segment_in_space(all, segment))
		fputs("of another address space\n", out);
	else if (!golden_segment_holds(segment, va, 1))
		fputs("does not hold the address\n", out);
	else
		fputs((int)i == s->walk.segment ? "holds the address, and answers\n"
						: "holds the address, after one that answers\n",
		      out);
}

static void print_segments(FILE *out, const struct story *s)
{
	const struct golden_regs *regs = s->subject->regs;
	unsigned mode = golden_segment_mode(regs, &s->subject->request), valid = 0;
	uint64_t va = golden_address(regs, &s->subject->request);

	if (mode == SEGMODE_PAGING)
		return;
	fprintf(out, "Segments%s: segctl 0x%" PRIx32 ", ASID %u\n",
		mode == SEGMODE_BOTH ? ", then paging" : " only", regs->segments.ctl,
		regs->segments.ctl >> SEGCTL_ASID);
	for (unsigned i = 0; i < regs->config.segments; i++)
		if (golden_bit(regs->segments.segment[i].cfg, SEG_V)) {
			print_segment(out, s, i, va);
			valid++;
		}
	if (!valid)
		fputs("  none is valid\n", out);
}

/* ---- page tables --------------------------------------------------------------------------- */

static void print_extras(FILE *out, const struct golden_decoded *d)
{
	static const char *const type[] = {"", ", PBMT NC", ", PBMT IO", ", PBMT 3"};

	if (d->rsw)
		fprintf(out, ", RSW %u", d->rsw);
	fprintf(out, "%s%s", d->n ? ", N" : "", type[d->pbmt]);
	if (d->rsw_high)
		fprintf(out, ", bits 60:59 %u", d->rsw_high);
	if (d->reserved)
		fprintf(out, ", bits 58:54 0x%x", d->reserved);
}

static void print_meaning(FILE *out, const struct story *s, const struct golden_read *read,
			  const struct golden_decoded *d)
{
	uint64_t pa = d->ppn << 12, bytes;

	fprintf(out, ": %s", d->kind);
	if (golden_is_pointer(read->value)) {
		fprintf(out, " to the table at 0x%" PRIx64, pa);
	} else if (golden_bit(read->value, PTE_V)) {
		bytes = story_page_bytes(s, read);
		fputs(", a page of ", out);
		print_size(out, bytes);
		fprintf(out, " at 0x%" PRIx64, d->n ? pa & ~(bytes - 1) : pa);
	}
	fputc('\n', out);
}

static void print_pte(FILE *out, const struct story *s, const struct golden_read *read)
{
	const struct golden_regs *regs = s->subject->regs;
	const struct golden_decoded d = golden_decode(regs, read->value);

	if (read->error) {
		fputs("    reading it is a bus error: no memory is there\n", out);
		return;
	}
	fprintf(out, "    0x%0*" PRIx64 "  %s  PPN 0x%" PRIx64,
		2 * (int)golden_mode(regs)->pte_bytes, read->value, d.flags, d.ppn);
	print_extras(out, &d);
	print_meaning(out, s, read, &d);
}

/* What was asked of physical memory, in order; after the check of a PTE's read, what
 * was read. */
static void print_checks(FILE *out, const struct story *s)
{
	const struct golden_read *read = s->walk.read;

	for (unsigned i = 0; i < s->walk.checks; i++) {
		const struct golden_check *check = &s->walk.check[i];
		const struct golden_pmp_check *asked = &check->asked;

		if (!asked->pte) {
			fprintf(out, "The access, %u bytes at 0x%" PRIx64 "\n    ", asked->bytes,
				asked->pa);
			print_check(out, s, check);
		} else if (story_is_update(check)) {
			fputs("    its update ", out);
			print_check(out, s, check);
		} else {
			fprintf(out, "  level %u, index %" PRIu64 ": PTE at 0x%" PRIx64 "\n    ",
				asked->level, story_index(s, asked->level), asked->pa);
			print_check(out, s, check);
			if (check->refusal == REASON_NONE)
				print_pte(out, s, read++);
		}
	}
}

static void print_walk(FILE *out, const struct story *s)
{
	const struct golden_regs *regs = s->subject->regs;
	const struct golden_mode *mode = golden_mode(regs);
	uint64_t va = golden_address(regs, &s->subject->request);

	if (va != s->subject->request.va)
		fprintf(out, "Pointer masking makes of the address 0x%" PRIx64 "\n", va);
	print_segments(out, s);
	if (golden_walks(regs, &s->subject->request))
		fprintf(out,
			"Page tables: satp 0x%0*" PRIx64 ", %s, ASID %u, root table at 0x%" PRIx64
			"\n",
			(int)regs->config.xlen / 4, regs->satp, mode->name, golden_satp_asid(regs),
			golden_satp_ppn(regs) << 12);
	else if (!golden_translates(regs, &s->subject->request))
		fprintf(out, "Not translated: %s\n",
			s->subject->request.priv == PRIV_M ? "M-mode" : "satp is Bare");
	print_checks(out, s);
}

/* ---- the end -----------------------------------------------------------------------------------
 */

static void print_fault(FILE *out, const struct story *s)
{
	const struct mmu_answer *a = &s->answer;
	const struct fault_class *class = story_class(a->reason);

	if (a->cause == CAUSE_NONE)
		fputs("  no exception: a prefetch that is refused does nothing\n", out);
	else
		fprintf(out, "  %s (cause %u), trap value 0x%" PRIx64 "\n",
			hart_cause_name(a->cause), a->cause, a->tval);
	fprintf(out, "  reason %s%s", mmu_reason_name(a->reason), a->pte ? ", on the PTE" : "");
	if (a->level != LEVEL_NONE)
		fprintf(out, ", level %u", a->level);
	fprintf(out, "\n  %s", class->kind);
	if (class->signal)
		fprintf(out, " (%s)", class->signal);
	fputc('\n', out);
}

static void print_success(FILE *out, const struct story *s)
{
	const struct golden_update *update = &s->result.update;

	fprintf(out, "  no fault: physical address 0x%" PRIx64 ", memory %s\n", s->answer.pa,
		mmu_memory_name(s->answer.memory));
	if (update->needed)
		fprintf(out,
			"  hardware makes the PTE at 0x%" PRIx64 " 0x%0*" PRIx64
			" (step 9, menvcfg.ADUE)\n",
			update->address, 2 * (int)golden_mode(s->subject->regs)->pte_bytes,
			update->desired);
}

/* An item of a list, its lines broken between words. */
static void print_item(FILE *out, const char *text)
{
	enum { WIDTH = 92 };
	const char *lead = "  - ";

	while (strlen(text) > WIDTH) {
		int length = WIDTH;

		while (length > 0 && text[length] != ' ')
			length--;
		if (length == 0)
			break;
		fprintf(out, "%s%.*s\n", lead, length, text);
		text += length + 1;
		lead = "    ";
	}
	fprintf(out, "%s%s\n", lead, text);
}

bool story_print(FILE *out, const struct story *s)
{
	print_title(out, s);
	print_request(out, &s->subject->request);
	print_walk(out, s);
	fprintf(out, "\nDecided (%s): %s\n", s->rule.step, s->rule.text);
	if (s->answer.fault)
		print_fault(out, s);
	else
		print_success(out, s);
	fputs("\nWhat software could do\n", out);
	for (unsigned i = 0; i < s->advices; i++)
		print_item(out, s->advice[i]);
	return fflush(out) == 0 && !ferror(out);
}
