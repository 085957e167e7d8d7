/*
 * What virtual memory does for a program, shown one thing after the other by a
 * small kernel in S-mode and its processes in U-mode (lib/process.h). Whatever
 * does not come out as it must ends the run as failed.
 */
#include "console.h"
#include "frames.h"
#include "machine.h"
#include "memory.h"
#include "process.h"
#include "space.h"

#define DATA  0x50000000ul /* a page of each process's own */
#define FIXED 0x50001000ul /* read-only */
#define LARGE 0x60000000ul /* a superpage */
#define MANY  0x70000000ul /* more pages than frames */

/* ---- what the processes run --------------------------------------------------- */

USER_FUNCTION static xword peek(xword address, xword unused)
{
	(void)unused;
	return *(volatile xword *)address;
}

USER_FUNCTION static xword poke(xword address, xword value)
{
	*(volatile xword *)address = value;
	return value;
}

USER_FUNCTION static xword jump(xword address, xword unused)
{
	(void)unused;
	return ((xword(*)(void))address)();
}

/* Writes n*n into the n-th of many pages, then adds up what is there. */
USER_FUNCTION static xword sum_of_squares(xword address, xword pages)
{
	xword sum = 0;

	for (xword n = 0; n < pages; n++)
		*(volatile xword *)(address + n * 4096) = n * n;
	for (xword n = 0; n < pages; n++)
		sum += *(volatile xword *)(address + n * 4096);
	return sum;
}

/* ---- telling ---------------------------------------------------------------------- */

static void title(const char *text)
{
	static unsigned number;

	printf("\n%u. %s\n", ++number, text);
}

static _Noreturn void surprise(const char *expected)
{
	printf("\n   That is not as it must be: expected %s.\n\nFAILED\n", expected);
	finish(1);
}

static const char *cause_name(xword cause)
{
	switch (cause) {
	case CAUSE_FETCH_PAGE:
		return "instruction page fault";
	case CAUSE_LOAD_PAGE:
		return "load page fault";
	case CAUSE_STORE_PAGE:
		return "store page fault";
	case CAUSE_FETCH_ACCESS:
		return "instruction access fault";
	case CAUSE_LOAD_ACCESS:
		return "load access fault";
	case CAUSE_STORE_ACCESS:
		return "store access fault";
	default:
		return "another trap";
	}
}

/* The process does it, and nothing stops it. */
static xword does(struct process *p, const char *what, user_function f, xword a, xword b)
{
	xword result;

	process_call(p, f, a, b);
	printf("   %s %-30s", p->name, what);
	if (!process_run(p, &result)) {
		printf("%s at 0x%lx", cause_name(p->context.cause), p->context.tval);
		surprise("no fault");
	}
	printf("%lu\n", result);
	return result;
}

static void does_with(struct process *p, const char *what, user_function f, xword a, xword b,
		      xword expected)
{
	if (does(p, what, f, a, b) != expected)
		surprise("another value");
}

/* The process tries, and is stopped for this reason. */
static void is_refused(struct process *p, const char *what, user_function f, xword a,
		       unsigned reason)
{
	static const char *const means[] = {
	    [CLASS_NO_MAPPING] = "nothing is there",
	    [CLASS_FORBIDDEN] = "there, but not for this",
	    [CLASS_SOFTWARE] = "the kernel's turn",
	    [CLASS_PHYSICAL] = "no such memory",
	};
	xword result;

	process_call(p, f, a, 1);
	printf("   %s %-30s", p->name, what);
	if (process_run(p, &result))
		surprise("a fault");

	struct reason why = process_why(p);

	printf("refused: %s, %s (%s)\n", cause_name(p->context.cause), pt_reason_name(why.reason),
	       means[pt_reason_class(why.reason)]);
	if (why.reason != reason || p->context.tval != a)
		surprise(pt_reason_name(reason));
}

static void print_flags(uint64_t pte)
{
	static const char letter[] = "DAGUXWRV";

	for (int bit = 7; bit >= 0; bit--)
		putchar(pte >> bit & 1 ? letter[7 - bit] : '-');
}

/* The tables that the MMU goes through for one address. */
static void print_walk(const struct process *p, xword va)
{
	struct pt_walk walk;

	pt_walk(&p->pt, va, &walk);
	printf("   %s: 0x%lx\n", p->name, va);
	for (unsigned i = 0; i < walk.steps; i++) {
		uint64_t pte = walk.step[i].pte;
		bool leaf = pte & (PT_R | PT_X);

		printf("      level %u, entry %4u: ", walk.step[i].level,
		       pt_index(p->pt.mode, va, walk.step[i].level));
		print_flags(pte);
		printf("  %s 0x%llx\n", leaf ? "page " : "table",
		       (unsigned long long)pt_pte_address(pte));
	}
	if (walk.reason != REASON_NONE)
		surprise("a mapping");
	printf("      = physical 0x%llx\n", (unsigned long long)walk.pa);
}

/* ---- what is shown ------------------------------------------------------------------ */

static void own_memory(struct process *a, struct process *b)
{
	title("Each process has memory of its own");
	process_page(a, DATA, PT_WRITE | PT_U);
	process_page(b, DATA, PT_WRITE | PT_U);
	does_with(a, "writes at 0x50000000:", poke, DATA, 1962, 1962);
	does_with(b, "writes at 0x50000000:", poke, DATA, 2026, 2026);
	does_with(a, "reads it again:", peek, DATA, 0, 1962);
	does_with(b, "reads it again:", peek, DATA, 0, 2026);
	puts("   The same address, two pages. The page tables tell:");
	print_walk(a, DATA);
	print_walk(b, DATA);
}

static void protection(struct process *a)
{
	xword fixed = process_page(a, FIXED, PT_READ | PT_U);

	*word_at(fixed) = 42;
	title("A process touches only what is its own, and only as it may");
	is_refused(a, "reads the kernel:", peek, RAM_BASE, REASON_SUPERVISOR_PAGE);
	is_refused(a, "writes the kernel:", poke, RAM_BASE, REASON_SUPERVISOR_PAGE);
	is_refused(a, "jumps into the kernel:", jump, RAM_BASE, REASON_SUPERVISOR_PAGE);
	does_with(a, "reads a read-only page:", peek, FIXED, 0, 42);
	is_refused(a, "writes a read-only page:", poke, FIXED, REASON_NOT_WRITABLE);
	is_refused(a, "runs its data:", jump, DATA, REASON_NOT_EXECUTABLE);
	is_refused(a, "writes its own program:", poke, USER_TEXT, REASON_NOT_WRITABLE);
	is_refused(a, "follows a null pointer:", peek, 0, REASON_PTE_INVALID);
	is_refused(a, "reads past its page:", peek, FIXED + 4096, REASON_PTE_INVALID);
}

static void superpage(struct process *a)
{
	xword bytes = (xword)pt_page_size(a->pt.mode, 1);
	xword block = frame_block(bytes);

	title("One entry can map much: a superpage");
	if (pt_map(&a->pt, LARGE, block, 1, PT_WRITE | PT_U) != PT_OK)
		surprise("a superpage mapped");
	does_with(a, "writes its first word:", poke, LARGE, 1, 1);
	does_with(a, "writes its last word:", poke, LARGE + bytes - sizeof(xword), 2, 2);
	printf("   One entry, %lu KiB:\n", bytes / 1024);
	print_walk(a, LARGE + bytes - sizeof(xword));
	if (*word_at(block + bytes - sizeof(xword)) != 2)
		surprise("the word in physical memory");
}

static void root_leaves(void)
{
	struct process c;

	title("A page table can be a single page: root leaves only");
	process_open_root_leaves(&c, "C", 3);

	xword word = frame_alloc();

	does_with(&c, "writes through its window:", poke, process_window(&c, word), 77, 77);
	print_walk(&c, process_window(&c, word));
	is_refused(&c, "reads the kernel:", peek, RAM_BASE, REASON_SUPERVISOR_PAGE);
	if (*word_at(word) != 77)
		surprise("the word in physical memory");
	printf("   The library refuses it a small page: %s.\n",
	       pt_result_name(pt_map(&c.pt, DATA, word, 0, PT_READ | PT_U)));
	process_close(&c);
}

static void fences(struct process *a)
{
	xword old = frame_alloc(), new = frame_alloc(), va = DATA + 0x8000;

	*word_at(old) = 1;
	*word_at(new) = 2;
	title("The TLB remembers; a fence makes it look again");
	if (pt_map(&a->pt, va, old, 0, PT_READ | PT_U) != PT_OK)
		surprise("a page mapped");
	does_with(a, "reads a page:", peek, va, 0, 1);
	pt_unmap(&a->pt, va, 4096);
	pt_map(&a->pt, va, new, 0, PT_READ | PT_U);
	fence_address_asid(va, a->asid);
	does_with(a, "after it moved, and a fence:", peek, va, 0, 2);
	pt_unmap(&a->pt, va, 4096);
	fence_address_asid(va, a->asid);
	is_refused(a, "after it was taken away:", peek, va, REASON_PTE_INVALID);
}

/* ---- more addresses than memory ----------------------------------------------------- */

#define PAGES  32
#define FRAMES 4

static struct {
	xword frame[FRAMES];
	unsigned owner[FRAMES]; /* PAGES: nobody yet */
	xword aside[PAGES];     /* where a page is kept while it has no frame; 0: never was */
	unsigned next, faults;
} pager;

/* Gives page `n` the frame whose turn it is; what was in it is put aside. */
static void bring_in(struct process *p, unsigned n)
{
	unsigned slot = pager.next++ % FRAMES, victim = pager.owner[slot];
	xword frame = pager.frame[slot];

	if (victim != PAGES) {
		pt_unmap(&p->pt, MANY + victim * 4096, 4096);
		fence_address_asid(MANY + victim * 4096, p->asid);
		if (!pager.aside[victim])
			pager.aside[victim] = frame_alloc();
		memcpy((void *)pager.aside[victim], (void *)frame, 4096);
	}
	if (pager.aside[n])
		memcpy((void *)frame, (void *)pager.aside[n], 4096);
	else
		memset((void *)frame, 0, 4096);
	pager.owner[slot] = n;
	if (pt_map(&p->pt, MANY + n * 4096, frame, 0, PT_WRITE | PT_U) != PT_OK)
		surprise("a page mapped");
}

static void more_than_memory(struct process *b)
{
	xword sum, expected = 0;

	title("A process can use more addresses than there is memory");
	for (unsigned i = 0; i < FRAMES; i++) {
		pager.frame[i] = frame_alloc();
		pager.owner[i] = PAGES;
	}
	process_call(b, sum_of_squares, MANY, PAGES);
	while (!process_run(b, &sum)) {
		xword n = (b->context.tval - MANY) / 4096;

		if (pt_reason_class(process_why(b).reason) != CLASS_NO_MAPPING || n >= PAGES)
			surprise("a page that is not in memory");
		bring_in(b, (unsigned)n);
		pager.faults++;
	}
	for (xword n = 0; n < PAGES; n++)
		expected += n * n;
	printf("   B used %u pages through %u frames; %u page faults, and it never knew.\n", PAGES,
	       FRAMES, pager.faults);
	printf("   B's sum of squares: %lu\n", sum);
	if (sum != expected)
		surprise("another sum");
}

static xword kernel(xword unused)
{
	struct process a, b;

	(void)unused;
	process_open(&a, "A", 1);
	process_open(&b, "B", 2);
	own_memory(&a, &b);
	protection(&a);
	superpage(&a);
	root_leaves();
	fences(&a);
	more_than_memory(&b);
	process_close(&a);
	process_close(&b);
	return 0;
}

int main(void)
{
	space_start();

	enum pt_mode mode = XLEN == 32 ? PT_SV32 : PT_SV39;

	printf("Virtual memory at work: RV%d, %s, a kernel and its processes\n", XLEN,
	       pt_mode_name(mode));
	kernel_start(mode, kernel, 0);
	puts("\nAll of it as it must be.");
	return 0;
}
