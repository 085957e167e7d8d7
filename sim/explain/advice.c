/* What software could do about each kind of fault. Of the rules only what is needed to
 * name a PTE's odd bits is repeated here; what decided, the golden model has said. */
#include "story.h"

#include <inttypes.h>
#include <stdarg.h>

/* One more piece. Without memory for it, it is missing. */
static void __attribute__((format(printf, 2, 3))) advise(struct story *s, const char *format, ...)
{
	char *text = NULL;
	va_list args;

	va_start(args, format);
	if (vasprintf(&text, format, args) >= 0 && s->advices < STORY_ADVICE)
		s->advice[s->advices++] = text;
	va_end(args);
}

static const struct golden_read *last_read(const struct story *s)
{
	return s->walk.length ? &s->walk.read[s->walk.length - 1] : NULL;
}

static const char *letter_for(unsigned access)
{
	switch (access) {
	case ACC_FETCH:
		return "X";
	case ACC_LOAD:
	case ACC_LR:
	case ACC_CBO_MANAGE:
	case ACC_PREFETCH:
		return "R";
	case ACC_SS_LOAD:
	case ACC_SS_STORE:
	case ACC_SS_AMO:
		return "W without R (a shadow-stack page)";
	default:
		return "R and W";
	}
}

static void advise_fence(struct story *s)
{
	advise(s, "After a change of a valid PTE fence: sfence.vma with this address and ASID, "
		  "for a TLB may hold the old one.");
}

static void advise_signal(struct story *s)
{
	const struct fault_class *class = story_class(s->answer.reason);

	if (!class->signal)
		return;
	if (s->subject->request.priv == PRIV_U)
		advise(s,
		       "If the program had no business there, end it or deliver %s with the "
		       "address 0x%" PRIx64 ".",
		       class->signal, s->answer.tval);
	else if (s->subject->request.priv == PRIV_S)
		advise(s, "In S-mode it is a defect of the kernel, unless it was copying from or "
			  "to a program: then fail the call (EFAULT).");
	else
		advise(s, "In M-mode it is a defect of that software.");
}

/* ---- no mapping ------------------------------------------------------------------- */

static void advise_noncanonical(struct story *s)
{
	const struct golden_mode *mode = golden_mode(s->subject->regs);
	unsigned top = golden_page_shift(mode, mode->levels) - 1;

	advise(s,
	       "No page table of %s maps this address: bits 63 to %u must all be equal. "
	       "Correct the pointer, or use a mode of more levels.",
	       mode->name, top);
	advise(s, "If the upper bits are a tag, pointer masking ignores them where it exists "
		  "(senvcfg, menvcfg and mseccfg, field PMM).");
}

static void advise_invalid(struct story *s)
{
	const struct golden_read *pte = last_read(s);

	if (pte->level)
		advise(s,
		       "Map something: make the PTE at 0x%" PRIx64
		       " a pointer to a table of the level below, or a leaf (a superpage).",
		       pte->address);
	else
		advise(s, "Map something: make the PTE at 0x%" PRIx64 " a leaf.", pte->address);
	advise(s, "The leaf needs V, %s%s and A, and D too for what writes.",
	       letter_for(s->subject->request.access),
	       s->subject->request.priv == PRIV_U ? ", U" : "");
	advise(s, "Demand paging, lazily zeroed pages, growing stacks and pages on the disk all "
		  "begin here; the other bits of an invalid PTE are software's, to say where "
		  "the page is.");
	advise(s, "From invalid to valid needs no fence here: no invalid PTE is kept in a TLB "
		  "(Svvptc).");
}

static void advise_reserved(struct story *s)
{
	const struct golden_regs *regs = s->subject->regs;
	const struct golden_read *pte = last_read(s);
	const struct golden_decoded d = golden_decode(regs, pte->value);
	bool pointer = golden_is_pointer(pte->value);

	if (golden_bit(pte->value, PTE_W) && !golden_bit(pte->value, PTE_R))
		advise(s, "W without R is reserved%s: set R, or clear W.",
		       golden_bit(pte->value, PTE_X) ? ""
						     : " (a shadow stack only with menvcfg.SSE)");
	if (d.reserved)
		advise(s, "Clear bits 58:54, which have no meaning yet.");
	if (d.rsw_high && !regs->config.svrsw60t59b)
		advise(s, "Clear bits 60:59, which are software's only with Svrsw60t59b.");
	if (d.pbmt == 3 || (d.pbmt && !golden_bit(regs->menvcfg, ENVCFG_PBMTE)))
		advise(s, "PBMT is %u: 1 and 2 need Svpbmt and menvcfg.PBMTE, 3 is reserved.",
		       d.pbmt);
	if (d.n && !pointer)
		advise(s, "N stands for a page of 64 KiB (Svnapot): at level 0, with the low four "
			  "PPN bits 1000; elsewhere clear it.");
	if (pointer)
		advise(s, "In a pointer D, A, U, N and PBMT must be clear.");
}

static void advise_misaligned(struct story *s)
{
	const struct golden_read *pte = last_read(s);
	uint64_t pages = story_page_bytes(s, pte) >> 12;

	advise(s,
	       "A leaf at level %u maps 0x%" PRIx64 " bytes and must begin at a multiple of "
	       "that: its PPN at a multiple of 0x%" PRIx64 ". Move the page, or map it by "
	       "smaller ones.",
	       pte->level, story_page_bytes(s, pte), pages);
	advise(s, "If the PTE was meant as a pointer, R, W and X must be clear.");
}

/* ---- the mapping forbids it --------------------------------------------------------- */

static void advise_user_page(struct story *s)
{
	if (s->subject->request.access == ACC_FETCH)
		advise(s, "S-mode never runs code of a page with U, whatever SUM is: return to "
			  "the program by sret with SPP = 0, or map the code without U.");
	else
		advise(s, "S-mode reaches user pages only with sstatus.SUM: set it around the "
			  "copy, and only there.");
}

static void advise_not_writable(struct story *s)
{
	advise(s, "If the page is shared until somebody writes (copy-on-write), give the process "
		  "a copy, and set W and D in the PTE of that.");
	advise(s, "If it should be writable, set W (and D) in the PTE at 0x%" PRIx64 ".",
	       last_read(s)->address);
}

static void advise_shadow_stack(struct story *s)
{
	if (s->answer.level == LEVEL_NONE)
		advise(s, "Shadow stacks live in pages only: turn on page tables, and map one "
			  "with W, and neither R nor X.");
	else
		advise(s, "Only shadow-stack instructions write a shadow-stack page, and they "
			  "write nothing else: correct ssp, or the mapping.");
}

static void advise_permission(struct story *s)
{
	advise(s, "Set what is missing in cfg of segment %d (%s%s), if the program may do that.",
	       s->walk.segment, letter_for(s->subject->request.access),
	       s->subject->request.priv == PRIV_U ? ", U" : "");
	advise(s, "A segment has one set of permissions for all of it: what needs others for a "
		  "part, such as copy-on-write, needs pages (segctl.MODE 2).");
}

/* ---- software's turn ------------------------------------------------------------------- */

static void advise_mark(struct story *s)
{
	const struct golden_read *pte = last_read(s);
	bool writes = s->answer.reason == REASON_DIRTY_CLEAR || s->answer.cause == CAUSE_STORE_PAGE;

	advise(s,
	       "Note the use, set %s in the PTE at 0x%" PRIx64 ", and return: the access is "
	       "made again.",
	       writes ? "A and D" : "A", pte->address);
	if (s->subject->regs->config.svadu)
		advise(s, "With menvcfg.ADUE hardware does it by itself.");
	advise_fence(s);
}

/* ---- physical memory forbids it ---------------------------------------------------------- */

static void advise_pmp(struct story *s)
{
	const struct golden_pmp_check *asked = &s->walk.check[s->walk.checks - 1].asked;
	int i = golden_pmp_entry(&s->subject->regs->pmp, asked->pa, asked->bytes);

	if (i < 0)
		advise(s, "No PMP entry matches: M-mode must add one that lets S and U there.");
	else
		advise(s,
		       "PMP entry %d decides, which M-mode alone can change (and then fences); "
		       "it must match all of the bytes and give the permission.",
		       i);
	if (s->answer.pte)
		advise(s, "Page tables are read and written as S-mode: keep them where S-mode "
			  "may go.");
}

static void advise_pma(struct story *s)
{
	const struct golden_pmp_check *asked = &s->walk.check[s->walk.checks - 1].asked;

	if (!golden_pma_region(&s->subject->regs->config, asked->pa))
		advise(s, "The memory map has nothing at 0x%" PRIx64 ": correct the mapping.",
		       asked->pa);
	else if (s->answer.pte)
		advise(s, "Keep page tables in main memory: the attributes of this region are "
			  "built in.");
	else
		advise(s, "The attributes of this region are built in. Devices take plain loads "
			  "and stores: no code, no atomics, no cache-block operations.");
}

static void advise_bus_error(struct story *s)
{
	const struct golden_read *pte = last_read(s);

	if (!s->answer.pte)
		advise(s,
		       "No memory and no device takes this access at 0x%" PRIx64 ": correct "
		       "the mapping, the address, or the width of the access.",
		       s->result.answer.pa);
	else if (s->walk.length > 1)
		advise(s, "The pointer of level %u leads to no memory: correct its PPN.",
		       pte->level + 1u);
	else
		advise(s, "satp's root table is in no memory: correct its PPN.");
	if (!s->subject->machine && s->answer.pte)
		advise(s, "The image has only 0x%" PRIx64 " to 0x%" PRIx64 "; is --base right?",
		       s->subject->image.base, s->subject->image.base + s->subject->image.size - 1);
}

static void advise_too_wide(struct story *s)
{
	const char *culprit = "address";

	if (s->walk.segment >= 0)
		culprit = "segment's phys";
	else if (s->walk.length > 0)
		culprit = s->answer.pte ? "PPN of the pointer" : "PPN of the leaf";
	else if (s->answer.pte)
		culprit = "PPN in satp";
	advise(s, "Physical addresses have %u bits here: correct the %s.",
	       s->subject->regs->config.pa_bits, culprit);
}

/* ---- all ------------------------------------------------------------------------------------ */

static void advise_by_reason(struct story *s)
{
	switch (s->answer.reason) {
	case REASON_NONCANONICAL:
		advise_noncanonical(s);
		break;
	case REASON_PTE_INVALID:
		advise_invalid(s);
		break;
	case REASON_PTE_RESERVED:
		advise_reserved(s);
		break;
	case REASON_LAST_LEVEL_POINTER:
		advise(s, "At level 0 a PTE must be a leaf: set R or X, or clear V.");
		break;
	case REASON_SUPERPAGE_MISALIGNED:
		advise_misaligned(s);
		break;
	case REASON_SEGMENT_MISSING:
		advise(s, "Give the program a segment that holds the address, or lengthen one: "
			  "base <= address <= last, V, and G or segctl's ASID.");
		advise(s, "With segctl.MODE 2 the page tables would be asked next.");
		break;
	case REASON_SEGMENT_LIMIT:
		advise(s,
		       "Segment %d ends inside the access: lengthen it (last), or correct the "
		       "address.",
		       s->walk.segment);
		break;
	case REASON_USER_PAGE:
		advise_user_page(s);
		return;
	case REASON_SUPERVISOR_PAGE:
		advise(s,
		       "The page is the supervisor's. If the program should have it, set U in "
		       "the PTE at 0x%" PRIx64 ".",
		       last_read(s)->address);
		advise_fence(s);
		break;
	case REASON_SHADOW_STACK:
		advise_shadow_stack(s);
		break;
	case REASON_NOT_READABLE:
		advise(s, "Set R in the PTE at 0x%" PRIx64 "; or, to read code, mstatus.MXR.",
		       last_read(s)->address);
		advise_fence(s);
		break;
	case REASON_NOT_WRITABLE:
		advise_not_writable(s);
		advise_fence(s);
		break;
	case REASON_NOT_EXECUTABLE:
		advise(
		    s,
		    "Data is not code (W^X). If it is meant to run, set X in the PTE at 0x%" PRIx64
		    ", and clear W.",
		    last_read(s)->address);
		advise_fence(s);
		break;
	case REASON_SEGMENT_PERMISSION:
		advise_permission(s);
		break;
	case REASON_ACCESSED_CLEAR:
	case REASON_DIRTY_CLEAR:
		advise_mark(s);
		return;
	case REASON_PMP:
		advise_pmp(s);
		break;
	case REASON_PMA:
		advise_pma(s);
		break;
	case REASON_BUS_ERROR:
		advise_bus_error(s);
		break;
	case REASON_ADDRESS_TOO_WIDE:
		advise_too_wide(s);
		break;
	default:
		return;
	}
	advise_signal(s);
}

void story_advise(struct story *s)
{
	if (s->answer.fault)
		advise_by_reason(s);
	else
		advise(s, "Nothing: the access goes through.");
}
