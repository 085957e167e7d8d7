#include "process.h"

#include "console.h"
#include "frames.h"
#include "machine.h"
#include "space.h"

extern char image_start[], user_start[], user_end[];

static struct {
	struct pt pt;
	bool distinct_asids; /* or else every switch fences */
} kernel;

/* ---- page tables ------------------------------------------------------------- */

static void must(enum pt_result result, const char *what)
{
	if (result == PT_OK)
		return;
	printf("cannot map %s: %s\n", what, pt_result_name(result));
	finish(1);
}

static void identity(struct pt *pt, const char *what, xword from, xword to, unsigned flags)
{
	must(pt_map_range(pt, from, from, to - from, PT_LARGEST, flags | PT_G), what);
}

/* The kernel at its physical addresses: code cannot be written, data cannot be
 * run. What is left of RAM is its to hand out. */
static void map_kernel(struct pt *pt)
{
	xword user = (xword)user_start, end = (xword)user_end;

	identity(pt, "kernel code", (xword)image_start, user, PT_EXEC);
	identity(pt, "user code", user, end, PT_READ);
	identity(pt, "memory", end, RAM_BASE + RAM_BYTES, PT_WRITE);
	identity(pt, "the UART", UART_BASE, UART_BASE + 4096, PT_WRITE);
	identity(pt, "the finisher", FINISHER_BASE, FINISHER_BASE + 4096, PT_WRITE);
}

static void activate(const struct pt *pt, unsigned asid)
{
	csr_write(satp, pt_satp(pt, asid));
	if (!kernel.distinct_asids)
		fence_all();
}

/* ---- the kernel ---------------------------------------------------------------- */

struct start {
	xword (*function)(xword);
	xword argument;
	enum pt_mode mode;
};

static xword start_kernel(xword address)
{
	const struct start *start = (const struct start *)address;

	must(pt_create(&kernel.pt, start->mode, PT_ALL_LEVELS, &frames), "a page table");
	map_kernel(&kernel.pt);
	csr_write(satp, pt_satp(&kernel.pt, 0));
	fence_all();

	xword result = start->function(start->argument);

	csr_write(satp, 0);
	fence_all();
	pt_destroy(&kernel.pt);
	return result;
}

xword kernel_start(enum pt_mode mode, xword (*function)(xword), xword argument)
{
	struct start start = {function, argument, mode};
	const xword faults = 1ul << CAUSE_FETCH_PAGE | 1ul << CAUSE_LOAD_PAGE |
			     1ul << CAUSE_STORE_PAGE | 1ul << CAUSE_FETCH_ACCESS |
			     1ul << CAUSE_LOAD_ACCESS | 1ul << CAUSE_STORE_ACCESS;

	kernel.distinct_asids = asid_bits() >= 4;
	csr_write(medeleg,
		  faults | 1ul << CAUSE_ILLEGAL | 1ul << CAUSE_BREAKPOINT | 1ul << CAUSE_ECALL_U);

	xword result = supervisor_call(start_kernel, (xword)&start);

	csr_write(medeleg, 0);
	return result;
}

/* ---- processes ------------------------------------------------------------------ */

void process_open(struct process *p, const char *name, unsigned asid)
{
	*p = (struct process){.name = name,
			      .asid = asid,
			      .text = USER_TEXT,
			      .stack = USER_STACK + 4096,
			      .context.priv = PRIV_U};
	must(pt_create(&p->pt, kernel.pt.mode, PT_ALL_LEVELS, &frames), "a page table");
	map_kernel(&p->pt);
	must(pt_map_range(&p->pt, USER_TEXT, (xword)user_start, (xword)(user_end - user_start), 0,
			  PT_EXEC | PT_U),
	     "a program");
	process_page(p, USER_STACK, PT_WRITE | PT_U);
}

static uint64_t root_page(const struct process *p)
{
	return pt_page_size(p->pt.mode, pt_levels(p->pt.mode) - 1);
}

xword process_window(const struct process *p, xword pa)
{
	return (xword)(ROOT_WINDOW * root_page(p)) + (pa & (xword)(root_page(p) - 1));
}

/* The root leaves in which from .. to-1 lies, mapped to themselves, if they are not yet. */
static void identity_by_root(struct process *p, xword from, xword to)
{
	unsigned level = pt_levels(p->pt.mode) - 1;

	for (uint64_t va = from & ~(root_page(p) - 1); va < to; va += root_page(p)) {
		enum pt_result result =
		    pt_map(&p->pt, va, va, level, PT_R | PT_W | PT_X | PT_A | PT_D | PT_G);

		must(result == PT_OVERLAP ? PT_OK : result, "the kernel");
	}
}

void process_open_root_leaves(struct process *p, const char *name, unsigned asid)
{
	*p = (struct process){.name = name, .asid = asid, .context.priv = PRIV_U};
	must(pt_create(&p->pt, kernel.pt.mode, PT_ROOT_LEAVES, &frames), "a page table");
	identity_by_root(p, RAM_BASE, RAM_BASE + RAM_BYTES);
	identity_by_root(p, UART_BASE, UART_BASE + 4096);
	identity_by_root(p, FINISHER_BASE, FINISHER_BASE + 4096);
	must(pt_map(&p->pt, ROOT_WINDOW * root_page(p), RAM_BASE & ~(root_page(p) - 1),
		    pt_levels(p->pt.mode) - 1, PT_WRITE | PT_X | PT_U),
	     "the window");
	p->text = process_window(p, (xword)user_start);
	p->stack = process_window(p, frame_alloc()) + 4096;
}

void process_close(struct process *p)
{
	activate(&kernel.pt, 0);
	pt_destroy(&p->pt);
	fence_all();
}

xword process_page(struct process *p, xword va, unsigned flags)
{
	xword pa = frame_alloc();

	must(pt_map(&p->pt, va, pa, 0, flags), "a page");
	return pa;
}

/* ---- running them ------------------------------------------------------------------ */

/* Where a user function returns to. */
__attribute__((section(".user.text"), naked, used)) static void user_return(void)
{
	__asm__("ecall");
}

static xword seen_by(const struct process *p, xword function)
{
	return p->text + (function - (xword)user_start);
}

void process_call(struct process *p, user_function function, xword a, xword b)
{
	p->context.pc = seen_by(p, (xword)function);
	p->context.x[REG_RA] = seen_by(p, (xword)user_return);
	p->context.x[REG_SP] = p->stack;
	p->context.x[REG_A0] = a;
	p->context.x[REG_A1] = b;
}

bool process_run(struct process *p, xword *result)
{
	activate(&p->pt, p->asid);
	supervisor_run(&p->context);
	*result = p->context.x[REG_A0];
	return p->context.cause == CAUSE_ECALL_U;
}

struct reason process_why(const struct process *p)
{
	static const uint8_t access_of[16] = {
	    [CAUSE_LOAD_PAGE] = ACC_LOAD,   [CAUSE_LOAD_ACCESS] = ACC_LOAD,
	    [CAUSE_STORE_PAGE] = ACC_STORE, [CAUSE_STORE_ACCESS] = ACC_STORE,
	    [CAUSE_FETCH_PAGE] = ACC_FETCH, [CAUSE_FETCH_ACCESS] = ACC_FETCH,
	};
	struct pt_access access = {.access = access_of[p->context.cause & 15], .priv = PRIV_U};
	struct pt_walk walk;

	if (reason_exists())
		return reason_read();
	pt_explain(&p->pt, p->context.tval, &access, &walk);
	if (walk.reason == REASON_NONE) /* translated well: so it is what lies behind */
		walk.reason = REASON_BUS_ERROR;
	return (struct reason){walk.reason, walk.level, walk.pte};
}
