/*
 * Single events to look at in a waveform (make wave SCENE=NAME): each says at which port and
 * address it takes place, and between which clock cycles; run again with the same seed, it
 * does so in the same ones.
 *
 * scene [NAME]: that one, or all that the technique has.
 */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "report.h"
#include "system.h"

static size_t page;
static volatile unsigned long began, ended;

static unsigned long cycle(void)
{
	unsigned long now;

	__asm__ volatile("rdcycle %0" : "=r"(now)::"memory");
	return now;
}

static void tell(const char *name, const char *port, const volatile void *address)
{
	printf("%s: %s: %s %#lx, cycles %lu to %lu\n", program_name, name, port,
	       (unsigned long)address, began, ended);
}

/* ---- one access each, with nothing else at the data port behind it ----------------------- */

static uintptr_t load(uintptr_t address)
{
	began = cycle();
	__asm__ volatile("lbu zero, (%0)" ::"r"(address) : "memory");
	ended = cycle();
	return 0;
}

static uintptr_t load_word(uintptr_t address)
{
	began = cycle();
	__asm__ volatile("lw zero, (%0)" ::"r"(address) : "memory");
	ended = cycle();
	return 0;
}

static uintptr_t store(uintptr_t address)
{
	began = cycle();
	__asm__ volatile("sb zero, (%0)" ::"r"(address) : "memory");
	ended = cycle();
	return 0;
}

/* What is read first is in the TLB when it is written. */
static uintptr_t load_and_store(uintptr_t address)
{
	load(address);
	return store(address);
}

static uintptr_t run(uintptr_t address)
{
	began = cycle();
	((void (*)(void))address)();
	return 0;
}

/* The access must be refused; the scene ends soon after it. */
static void refusal(const char *name, const char *port, uintptr_t (*access)(uintptr_t),
		    volatile void *address)
{
	struct attempt attempt = attempt_call(access, (uintptr_t)address);

	ended = began + 1000;
	must(name, !attempt.done, "refused");
	tell(name, port, address);
}

static char *fresh(int prot, int flags)
{
	char *memory = mmap(NULL, page, prot, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);

	if (memory == MAP_FAILED)
		must("maps a page", false, "not mapped");
	return memory;
}

/* ---- the scenes: docs/virtual-memory.md says what each shows ------------------------------- */

static void null(const char *name)
{
	refusal(name, "data", load, NULL);
}

static void kernel(const char *name)
{
	refusal(name, "data", load, (void *)ABI_USER_END);
}

static void readonly(const char *name)
{
	char *memory = fresh(PROT_READ | PROT_WRITE, 0);

	*memory = 1;
	mprotect(memory, page, PROT_READ);
	refusal(name, "data", load_and_store, memory);
}

static void noexec(const char *name)
{
	static int variable;

	refusal(name, "fetch", run, &variable);
}

/* The page is in memory, but not in the TLB; once more, and it is. */
static void walk(const char *name)
{
	char *memory = fresh(PROT_READ | PROT_WRITE, MAP_POPULATE);

	load((uintptr_t)memory);
	tell(name, "data", memory);
}

static void hit(const char *name)
{
	char *memory = fresh(PROT_READ | PROT_WRITE, 0);

	load((uintptr_t)memory);
	load((uintptr_t)memory);
	tell(name, "data", memory);
}

/* Refused, brought in by the kernel, and tried again. */
static void lazy(const char *name)
{
	char *memory = fresh(PROT_READ | PROT_WRITE, 0);

	load((uintptr_t)memory);
	tell(name, "data", memory);
}

/* A page that was read is written for the first time: D is set in its entry. */
static void dirty(const char *name)
{
	char *memory = fresh(PROT_READ | PROT_WRITE, 0);

	load((uintptr_t)memory);
	store((uintptr_t)memory);
	tell(name, "data", memory);
}

/* Written by a child while its parent has it too. */
static void cow(const char *name)
{
	char *memory = fresh(PROT_READ | PROT_WRITE, 0);
	int pid;

	*memory = 1;
	pid = start_child();
	if (pid == 0) {
		load((uintptr_t)memory);
		store((uintptr_t)memory);
		tell(name, "data", memory);
		exit(0);
	}
	join_child(pid);
}

/* The parent reads an address, then the child the same; both have written before. */
static void both(const char *name, int flag)
{
	volatile char *memory =
	    mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_ANONYMOUS | flag, -1, 0);
	int pid;

	must("maps a page", memory != MAP_FAILED, "done");
	*memory = 1;
	pid = start_child();
	*memory = 2;
	sched_yield();
	if (pid == 0) {
		/* Until the parent waits: then it alone is left to run. */
		for (int i = 0; i < 3; i++)
			sched_yield();
		load((uintptr_t)memory);
		tell(name, "data", memory);
		exit(0);
	}
	load((uintptr_t)memory);
	tell(name, "data", memory);
	join_child(pid);
}

static void isolate(const char *name)
{
	both(name, MAP_PRIVATE);
}

static void share(const char *name)
{
	both(name, MAP_SHARED);
}

static void superpage(const char *name)
{
	size_t bytes = sizeof(long) == 4 ? 0x400000 : 0x200000;
	char *memory = mmap(NULL, bytes, PROT_READ,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB |
				(sizeof(long) == 4 ? MAP_HUGE_4M : MAP_HUGE_2M),
			    -1, 0);

	must("maps a superpage", memory != MAP_FAILED, "done");
	load((uintptr_t)memory + 0x12345);
	tell(name, "data", memory + 0x12345);
}

static void segment(const char *name)
{
	char *memory = mmap(NULL, 100, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);

	must("maps a segment", memory != MAP_FAILED && where(memory).place == ABI_SEGMENT, "done");
	load((uintptr_t)memory + 99);
	tell(name, "data", memory + 99);
	munmap(memory, 100);
}

static void limit(const char *name)
{
	char *memory = mmap(NULL, 102, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);

	must("maps a segment", memory != MAP_FAILED && where(memory).place == ABI_SEGMENT, "done");
	refusal(name, "data", load_word, memory + 100);
	munmap(memory, 102);
}

/* ---- which ------------------------------------------------------------------------------------
 */

enum { SEGMENTS = 1, PAGES = 2, ANY = SEGMENTS | PAGES };

static const struct {
	const char *name;
	void (*scene)(const char *);
	unsigned needs;
} scenes[] = {
    {"null", null, ANY},         {"kernel", kernel, ANY},         {"readonly", readonly, ANY},
    {"noexec", noexec, ANY},     {"walk", walk, PAGES},           {"hit", hit, PAGES},
    {"lazy", lazy, PAGES},       {"dirty", dirty, PAGES},         {"cow", cow, PAGES},
    {"isolate", isolate, PAGES}, {"share", share, PAGES},         {"segment", segment, SEGMENTS},
    {"limit", limit, SEGMENTS},  {"superpage", superpage, PAGES},
};

static unsigned has(void)
{
	unsigned technique = system_info().technique;

	return technique == ABI_SEGMENTS ? SEGMENTS : technique == ABI_BOTH ? ANY : PAGES;
}

int main(int argc, char **argv)
{
	const char *wanted = argc > 1 ? argv[1] : NULL;

	statement("events to look at in a waveform");
	page = (size_t)getpagesize();
	for (unsigned i = 0; i < sizeof scenes / sizeof scenes[0]; i++) {
		if (wanted ? strcmp(wanted, scenes[i].name) != 0 : !(scenes[i].needs & has()))
			continue;
		if (scenes[i].scene == superpage && !can(ABI_CAN_SUPERPAGE))
			continue;
		scenes[i].scene(scenes[i].name);
	}
	return conclude();
}
