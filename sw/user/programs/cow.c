/*
 * fork() copies nothing: parent and child read the same frames, write-protected, and only
 * the page that one of them writes is copied, at that moment, for it alone.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "report.h"
#include "system.h"

#define PAGES 4

static char *memory;
static size_t page;

static bool page_is(unsigned n, int value)
{
	return memory[n * page] == value && memory[(n + 1) * page - 1] == value;
}

static int child(const uint64_t *physical)
{
	uint64_t copied;

	must("child reads the parent's frame",
	     page_is(1, 'a') && where(memory + page).physical == physical[1], "shared by %d",
	     (int)where(memory + page).sharers);
	copied = system_info().copied;
	memory[page] = 'c';
	must("child writes one page", system_info().copied - copied == 1, "%d copied",
	     (int)(system_info().copied - copied));
	must("it has a frame of its own now",
	     where(memory + page).physical != physical[1] && memory[2 * page - 1] == 'a',
	     "same contents");
	must("the page beside it is still the parent's",
	     where(memory + 2 * page).physical == physical[2], "shared by %d",
	     (int)where(memory + 2 * page).sharers);
	return conclude_child();
}

int main(void)
{
	uint64_t physical[PAGES];
	int pid;

	statement("fork shares memory until one writes to it");
	if (!can(ABI_CAN_COW)) {
		cannot("writes one page that it shares with its parent",
		       "a segment is copied whole or not at all, so fork copies everything");
		return conclude();
	}
	page = (size_t)getpagesize();
	memory = map(PAGES * page, PROT_READ | PROT_WRITE);
	for (unsigned n = 0; n < PAGES; n++) {
		memory[n * page] = memory[(n + 1) * page - 1] = 'a';
		physical[n] = where(memory + n * page).physical;
	}
	pid = start_child();
	if (pid == 0)
		exit(child(physical));
	join_child(pid);
	must("parent still has its page", page_is(1, 'a'), "a");
	memory[page] = 'p';
	must("parent writes it, alone again", where(memory + page).physical == physical[1],
	     "nothing copied");
	return conclude();
}
