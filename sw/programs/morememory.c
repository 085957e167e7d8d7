/*
 * A process can use more addresses than there is memory: 64 pages, 4 frames. The
 * kernel gives a page a frame when it is touched, and takes it from another,
 * whose contents it keeps aside. The process never knows.
 */
#include "check.h"
#include "context.h"
#include "memory.h"
#include "space.h"

#define PAGES     64
#define FRAMES    4
#define FIRST     0x40000000ul
#define USER_CODE 0x30000000ul

/* Runs at U privilege: fills each page with a word of its own, then adds up
 * what it finds, from the last page to the first. Needs no memory but that. */
__attribute__((section(".user.text"), noinline)) static void user_program(xword first, xword pages)
{
	xword sum = 0;

	for (xword i = 0; i < pages; i++)
		*(volatile xword *)(first + i * 4096 + 8 * i) = i * i + 1;
	for (xword i = pages; i-- > 0;)
		sum += *(volatile xword *)(first + i * 4096 + 8 * i);
	__asm__ volatile("mv a0, %0; ecall" ::"r"(sum) : "a0");
	__builtin_unreachable();
}

extern char user_start[], user_end[];

/* What became of each page of the process. */
static struct {
	xword frame; /* 0: not in memory */
	xword aside; /* where its contents are kept; 0: never written */
} page[PAGES];

static unsigned next_victim; /* frames are taken in turn */
static unsigned owner[FRAMES];
static xword frame[FRAMES];
static unsigned loaded, evicted, saved;

static void evict(struct space *s, unsigned slot)
{
	unsigned victim = owner[slot];
	xword va = FIRST + victim * 4096;
	bool dirty = pte_get(s, va, 0) & PT_D;

	space_unmap(s, va, 4096);
	fence_address_asid(va, s->asid);
	if (dirty) {
		if (!page[victim].aside)
			page[victim].aside = frame_alloc();
		memcpy((void *)page[victim].aside, (void *)frame[slot], 4096);
		saved++;
	}
	page[victim].frame = 0;
	evicted++;
}

/* Brings page `n` in, as clean; the first store to it makes it dirty. */
static void bring_in(struct space *s, unsigned n, unsigned flags)
{
	unsigned slot = next_victim++ % FRAMES;

	if (owner[slot] != PAGES)
		evict(s, slot);
	if (page[n].aside)
		memcpy((void *)frame[slot], (void *)page[n].aside, 4096);
	else
		memset((void *)frame[slot], 0, 4096);
	owner[slot] = n;
	page[n].frame = frame[slot];
	space_map(s, FIRST + n * 4096, frame[slot], 0, flags);
	loaded++;
}

/* Serves a page fault of the process. False: it is none that it may have. */
static bool serve(struct space *s, const struct context *c)
{
	bool store = c->cause == CAUSE_STORE_PAGE;
	xword n = (c->tval - FIRST) / 4096;
	const unsigned flags = PT_R | PT_W | PT_U | PT_A;

	if ((c->cause != CAUSE_LOAD_PAGE && !store) || c->tval < FIRST || n >= PAGES)
		return false;
	if (page[n].frame == 0) {
		bring_in(s, (unsigned)n, flags | (store ? PT_D : 0));
	} else if (store) {
		/* Mapped, and clean until now. */
		space_protect(s, FIRST + n * 4096, 4096, flags | PT_D);
		fence_address_asid(FIRST + n * 4096, s->asid);
	} else {
		return false;
	}
	return true;
}

static void start(void)
{
	loaded = evicted = saved = next_victim = 0;
	for (unsigned i = 0; i < FRAMES; i++) {
		owner[i] = PAGES;
		frame[i] = frame_alloc();
	}
	for (unsigned i = 0; i < PAGES; i++)
		page[i].frame = page[i].aside = 0;
}

static void stop(void)
{
	for (unsigned i = 0; i < FRAMES; i++)
		frame_free(frame[i]);
	for (unsigned i = 0; i < PAGES; i++) {
		if (page[i].aside)
			frame_free(page[i].aside);
	}
}

static void test(enum pt_mode mode)
{
	struct space s;
	struct context c = {
	    .priv = PRIV_U,
	    .pc = USER_CODE + ((xword)user_program - (xword)user_start),
	    .x = {[REG_A0] = FIRST, [REG_A1] = PAGES},
	};
	xword sum = 0;
	unsigned faults = 0;

	start();
	space_open(&s, mode, PT_ALL_LEVELS, 5);
	if (pt_map_range(&s.pt, USER_CODE, (xword)user_start, (xword)(user_end - user_start),
			 PT_LARGEST, PT_EXEC | PT_U) != PT_OK)
		check_failed("map_program", "pt_map_range");
	space_use(&s);

	machine_run(&c);
	while (c.cause != CAUSE_ECALL_U && serve(&s, &c)) {
		faults++;
		machine_run(&c); /* the instruction that faulted, once more */
	}
	check_equal("ends_by_itself", CAUSE_ECALL_U, c.cause);
	for (xword i = 0; i < PAGES; i++)
		sum += i * i + 1;
	check_equal("sum", sum, c.x[REG_A0]);

	/* In the first pass every page is new; in the second the last FRAMES are
	 * still there, and all others come in once more. */
	check_equal("pages_brought_in", 2 * PAGES - FRAMES, loaded);
	check_equal("pages_evicted", loaded - FRAMES, evicted);
	check_equal("faults", loaded, faults);
	check_equal("saved_only_when_written", PAGES, saved);
	space_close(&s);
	stop();
}

int main(void)
{
	space_start();
	for_each_mode(test);
	return check_end();
}
