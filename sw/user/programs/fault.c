/*
 * Two kinds of faults: a page fault (nothing is mapped there, SEGV_MAPERR) and a protection
 * fault (something is, but not for this access, SEGV_ACCERR). The program is told which, and
 * where, and may mend what was wrong: then the access is done after all.
 */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "report.h"

#define UNMAPPED ((volatile char *)(ABI_MMAP_END - 0x1000000))

static size_t page;
static volatile int mended;

/* Maps what is missing, allows what is forbidden; the access is then tried again. */
static void mend(int signal, siginfo_t *info, void *context)
{
	void *start = (void *)((uintptr_t)info->si_addr & ~(page - 1));

	(void)signal;
	(void)context;
	mended++;
	if (info->si_code == SEGV_MAPERR)
		mmap(start, page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	else
		mprotect(start, page, PROT_READ | PROT_WRITE);
}

static void told(volatile char *memory)
{
	refused("reads what was never mapped", attempt_read(UNMAPPED), SEGV_MAPERR, UNMAPPED);
	refused("runs what was never mapped", attempt_run(UNMAPPED), SEGV_MAPERR, UNMAPPED);
	refused("writes what may only be read", attempt_write(memory + 5, 1), SEGV_ACCERR,
		memory + 5);
	refused("runs it", attempt_run(memory + 6), SEGV_ACCERR, memory + 6);
	munmap((void *)memory, page);
	refused("reads what was unmapped", attempt_read(memory + 7), SEGV_MAPERR, memory + 7);
	if (sizeof(long) == 8) {
		volatile char *odd = (volatile char *)((uintptr_t)1 << 31 << 31);

		refused("reads an address too large for any page table", attempt_read(odd),
			SEGV_MAPERR, odd);
	}
}

static uintptr_t add_atomically(uintptr_t address)
{
	__asm__ volatile("amoadd.w zero, zero, (%0)" ::"r"(address) : "memory");
	return 0;
}

/* Neither: the MMU was not even asked. */
static void misaligned(volatile char *memory)
{
	struct attempt a = attempt_call(add_atomically, (uintptr_t)memory + 2);

	must("adds atomically to half a word and another",
	     !a.done && a.fault.si_signo == SIGBUS && a.fault.si_code == BUS_ADRALN &&
		 a.fault.si_addr == memory + 2,
	     "%s", a.done ? "done" : "misaligned");
}

int main(void)
{
	struct sigaction action = {.sa_flags = SA_SIGINFO, .sa_sigaction = mend};
	volatile char *memory;

	statement("a page fault and a protection fault are told apart");
	page = (size_t)getpagesize();
	memory = map(page, PROT_READ);
	told(memory);

	sigaction(SIGSEGV, &action, NULL);
	must("reads what its handler then maps", memory[9] == 0 && mended == 1, "0, 1 fault");
	memory[10] = 'x';
	must("writes what its handler then allows", memory[10] == 'x' && mended == 2, "x, 1 fault");
	misaligned(memory);
	return conclude();
}
