/*
 * Thousands of random mmap, munmap, mprotect, fork, reads and writes. Beside the memory the
 * program keeps a list of what must be where: each access that should go through finds the
 * contents that were last written there, each that should not is refused for the right
 * reason.
 *
 * stress [STEPS [SEED]]: the same seed does the same.
 */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "report.h"
#include "system.h"

#define BASE      ((char *)(ABI_MMAP_BASE + 0x4000000))
#define SLOTS_MAX 24

/* A slot is a piece of the address space, some pages long, that is always treated as one. */
struct slot {
	bool mapped, shared;
	int prot;
	unsigned seed; /* of its contents; 0: zeroes */
};

static struct slot slots[SLOTS_MAX];
static unsigned slots_used, slot_pages;
static size_t page, slot_bytes;
static unsigned long count_map, count_unmap, count_protect, count_fork, count_read, count_write,
    count_refused;

static char *at(unsigned n)
{
	return BASE + n * slot_bytes;
}

/* In a process of its own random numbers are as before: parent and child know of each other
 * what they will do. */
static unsigned below(unsigned n)
{
	return (unsigned)(rand() >> 4) % n;
}

static _Noreturn void wrong(unsigned n, const char *what)
{
	printf("%s: slot %u at %p (mapped %d, prot %d, shared %d, seed %u): %s\n", program_name, n,
	       at(n), slots[n].mapped, slots[n].prot, slots[n].shared, slots[n].seed, what);
	must("random steps", false, "%s", what);
	exit(conclude());
}

/* ---- contents ------------------------------------------------------------------------ */

static unsigned expected(unsigned seed, unsigned p, unsigned word)
{
	return seed == 0 ? 0 : (seed * 2654435761u) ^ (p << 20) ^ word;
}

#define WORDS_STEP 177 /* how far apart the words are that count */

static void fill(unsigned n, unsigned seed)
{
	for (unsigned p = 0; p < slot_pages; p++) {
		volatile unsigned *words = (unsigned *)(at(n) + p * page);

		for (unsigned w = 0; w < 4096 / sizeof *words; w += WORDS_STEP)
			words[w] = expected(seed, p, w);
	}
	slots[n].seed = seed;
}

static void check_contents(unsigned n)
{
	for (unsigned p = 0; p < slot_pages; p++) {
		const volatile unsigned *words = (unsigned *)(at(n) + p * page);

		for (unsigned w = 0; w < 4096 / sizeof *words; w += WORDS_STEP)
			if (words[w] != expected(slots[n].seed, p, w))
				wrong(n, "other contents");
	}
}

/* ---- steps ------------------------------------------------------------------------------ */

static void expect_refusal(unsigned n, bool write)
{
	char *address = at(n) + below((unsigned)slot_bytes);
	struct attempt a = write ? attempt_write(address, 1) : attempt_read(address);
	int code = slots[n].mapped ? SEGV_ACCERR : SEGV_MAPERR;

	if (a.done)
		wrong(n, "not refused");
	if (a.fault.si_code != code || a.fault.si_addr != address)
		wrong(n, "refused for another reason");
	count_refused++;
}

static void step_read(unsigned n)
{
	if (slots[n].mapped && slots[n].prot & PROT_READ)
		check_contents(n);
	else
		expect_refusal(n, false);
	count_read++;
}

static void step_write(unsigned n)
{
	if (slots[n].mapped && slots[n].prot & PROT_WRITE)
		fill(n, 1 + below(1000000));
	else
		expect_refusal(n, true);
	count_write++;
}

static int random_prot(void)
{
	static const int prots[] = {
	    PROT_NONE,
	    PROT_READ,
	    PROT_READ | PROT_WRITE,
	    PROT_READ | PROT_WRITE,
	    PROT_READ | PROT_WRITE,
	};

	return prots[below(sizeof prots / sizeof prots[0])];
}

/* How many slots from n on a step is about. */
static unsigned random_run(unsigned n)
{
	unsigned run = 1 + below(4);

	return n + run > slots_used ? slots_used - n : run;
}

static void step_map(unsigned n)
{
	unsigned run = random_run(n);
	bool shared = below(4) == 0;
	int prot = random_prot(),
	    flags = MAP_ANONYMOUS | MAP_FIXED | (shared ? MAP_SHARED : MAP_PRIVATE);

	if (mmap(at(n), run * slot_bytes, prot, flags, -1, 0) != at(n))
		wrong(n, "not mapped");
	for (unsigned i = n; i < n + run; i++)
		slots[i] = (struct slot){.mapped = true, .shared = shared, .prot = prot};
	count_map++;
}

static void step_unmap(unsigned n)
{
	unsigned run = random_run(n);

	if (munmap(at(n), run * slot_bytes) != 0)
		wrong(n, "not unmapped");
	for (unsigned i = n; i < n + run; i++)
		slots[i] = (struct slot){.mapped = false};
	count_unmap++;
}

static void step_protect(unsigned n)
{
	unsigned run = random_run(n);
	int prot = random_prot();
	bool all = true;

	for (unsigned i = n; i < n + run; i++)
		all = all && slots[i].mapped;
	if ((mprotect(at(n), run * slot_bytes, prot) == 0) != all)
		wrong(n, all ? "not protected" : "protected, though not all is mapped");
	for (unsigned i = n; i < n + run && all; i++)
		slots[i].prot = prot;
	count_protect++;
}

/* The child looks at everything, writes what it may, some of it shared, and looks again;
 * the parent meanwhile writes what is its own. */
static void step_fork(void)
{
	unsigned seed = 1 + below(1000000);
	int pid = start_child();

	if (pid == 0) {
		for (unsigned n = 0; n < slots_used; n++) {
			step_read(n);
			if (slots[n].prot & PROT_WRITE)
				fill(n, seed + n);
		}
		sched_yield();
		for (unsigned n = 0; n < slots_used; n++)
			step_read(n);
		exit(conclude_child());
	}
	for (unsigned n = 0; n < slots_used; n += 2)
		if (!slots[n].shared)
			step_write(n);
	join_child(pid);
	for (unsigned n = 0; n < slots_used; n++)
		if (slots[n].shared && slots[n].prot & PROT_WRITE)
			slots[n].seed = seed + n;
	count_fork++;
}

static void step(void)
{
	unsigned n = below(slots_used), what = below(100);

	if (what < 35)
		step_read(n);
	else if (what < 70)
		step_write(n);
	else if (what < 82)
		step_map(n);
	else if (what < 90)
		step_unmap(n);
	else if (what < 99)
		step_protect(n);
	else
		step_fork();
}

/* ---- the whole ------------------------------------------------------------------------------ */

/* As many slots as the technique has mappings for. */
static void choose_slots(void)
{
	struct abi_sysinfo info = system_info();

	page = info.page_bytes;
	slot_pages = info.technique == ABI_PAGES || info.technique == ABI_BOTH ? 4 : 1;
	slots_used = info.technique == ABI_SEGMENTS ? 1
		     : info.technique == ABI_ROOT   ? 3
						    : SLOTS_MAX;
	slot_bytes = page * slot_pages;
}

int main(int argc, char **argv)
{
	unsigned steps = argc > 1 ? (unsigned)atoi(argv[1]) : 1000;
	unsigned seed = argc > 2 ? (unsigned)atoi(argv[2]) : 1;

	statement("every access finds what was last written, or is refused");
	choose_slots();
	srand(seed);
	for (unsigned i = 0; i < steps; i++)
		step();
	for (unsigned n = 0; n < slots_used; n++)
		step_read(n);
	munmap(BASE, slots_used * slot_bytes);

	printf("%s: %lu maps, %lu unmaps, %lu protections, %lu forks, %lu reads, %lu writes, "
	       "%lu of them refused\n",
	       program_name, count_map, count_unmap, count_protect, count_fork, count_read,
	       count_write, count_refused);
	must("random steps", count_refused > 0 || steps < 100, "%u, seed %u", steps, seed);
	return conclude();
}
