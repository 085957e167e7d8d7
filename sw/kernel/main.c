/* The kernel's start and end, in S-mode. */
#include "boot.h"
#include "console.h"
#include "frames.h"
#include "machine.h"
#include "pages.h"
#include "process.h"
#include "sched.h"
#include "segments.h"
#include "selfcheck.h"
#include "statistics.h"
#include "swap.h"
#include "trap.h"
#include "usercopy.h"

_Noreturn void kernel_main(void);

static const char *technique_name(void)
{
	static const char *const names[] = {
	    [ABI_SEGMENTS] = "segments only",
	    [ABI_ROOT] = "one-level tables",
	    [ABI_PAGES] = "multi-level tables",
	    [ABI_BOTH] = "segments and pages",
	};

	return names[boot.technique];
}

/* Code, data, stack, and one more for what the program asks for. */
#define SEGMENTS_NEEDED 4

static void check_machine(void)
{
	if (uses_pages() && !(machine.modes >> boot.mode & 1)) {
		printf("kernel: this machine has no %s: choose another image or configuration\n",
		       pt_mode_name(boot.mode));
		stop(1);
	}
	if (uses_segments() && segments_for_process() < SEGMENTS_NEEDED) {
		printf("kernel: this machine has %u segments, too few: choose another image or "
		       "configuration\n",
		       machine.segments);
		stop(1);
	}
}

/* Does a load go through a page with such an entry at level 0? */
static bool load_through(struct space *s, uint64_t pte)
{
	uint32_t word;

	if (pt_put(&s->pt, ABI_USER_BASE, page_level(), pte) != PT_OK)
		return false;
	space_use(s);

	bool through = peek(ABI_USER_BASE, &word);

	space_use(NULL);
	return through;
}

/* What page tables can do here: found out by trying, on the kernel's own memory. */
static void try_pages(void)
{
	static struct space s;
	const xword pa = round_down((xword)frame_number(0), page_bytes());

	if (!uses_pages() || !space_open(&s, 1))
		return;
	/* Accessed or not, a page can be read: hardware sets A, here or in any case. */
	machine.update = load_through(&s, pt_leaf(pa, PT_R));
	if (machine.update)
		table_memory.extensions |= PT_HAS_UPDATE;
	if (XLEN == 64 && load_through(&s, pt_leaf(pa, PT_READ | PT_N)))
		table_memory.extensions |= PT_HAS_NAPOT;
	space_close(&s);
}

static void banner(void)
{
	printf("kernel: %s", technique_name());
	if (uses_pages())
		printf(", %s", pt_mode_name(boot.mode));
	printf(", %lu frames of 4 KiB", (unsigned long)frames_total());
	if (swap_total() > 0)
		printf(", %lu pages of swap", (unsigned long)swap_total());
	if (uses_pages())
		printf(", A and D set by %s", machine.update ? "hardware" : "the fault handler");
	printf("\n");
}

static bool run(struct process *p)
{
	sched_run();

	int status = process_collect(p);

	return status == ABI_EXITED(ABI_EXIT_OK) || status == ABI_EXITED(ABI_EXIT_CANNOT_EXPRESS);
}

/* Runs them all. True: each ended well. */
static bool run_commands(void)
{
	bool good = true;

	for (const char *c = boot.commands; *c;) {
		if (c[0] == OVERFLOW[0])
			self_overflow();

		struct process *p = process_start(c);

		if (!p || !run(p))
			good = false;
		while (*c && *c != ';')
			c++;
		while (*c == ';' || *c == ' ')
			c++;
	}
	return good;
}

static void report(unsigned long leaked_frames, unsigned long leaked_slots)
{
	printf(
	    "kernel: %llu faults, %llu pages brought in, %llu copied on a write, %llu A or D set "
	    "by the handler\n",
	    (unsigned long long)count.faults, (unsigned long long)count.demanded,
	    (unsigned long long)count.copied, (unsigned long long)count.updated);
	printf("kernel: %llu pages to the disk, %llu back, %llu given up unwritten; %llu switches, "
	       "%llu faults handled by programs, %llu processes killed\n",
	       (unsigned long long)count.swapped_out, (unsigned long long)count.swapped_in,
	       (unsigned long long)count.dropped, (unsigned long long)count.switches,
	       (unsigned long long)count.signals, (unsigned long long)count.killed);
	printf("kernel: leaked frames: %lu, leaked pages of swap: %lu\n", leaked_frames,
	       leaked_slots);
}

void kernel_main(void)
{
	traps_open();
	check_machine();
	frames_open(RAM_BASE + (xword)boot.memory_kib * 1024);
	space_start();
	swap_open();
	try_pages();
	sched_open();
	banner();
	self_check();

	size_t frames = frames_free();
	bool good = run_commands();

	space_use(NULL);

	unsigned long leaked_frames = frames - frames_free();
	unsigned long leaked_slots = swap_total() - swap_free();

	report(leaked_frames, leaked_slots);
	stop(good && leaked_frames == 0 && leaked_slots == 0 ? 0 : 1);
}
