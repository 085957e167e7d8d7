/*
 * Large pages and fork: a superpage and a NAPOT page are shared until one writes, and then
 * copied whole; a shared one stays one; no part of one can be given up or protected.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "report.h"
#include "system.h"

static char *map_large(size_t bytes, int flag, int sharing)
{
	char *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			    sharing | MAP_ANONYMOUS | MAP_HUGETLB | flag, -1, 0);

	must("maps a large page", memory != MAP_FAILED, "%lu KiB", (unsigned long)(bytes / 1024));
	if (memory == MAP_FAILED)
		exit(conclude());
	return memory;
}

static void copied_on_a_write(size_t bytes, int flag)
{
	char *memory = map_large(bytes, flag, MAP_PRIVATE);
	uint64_t physical;
	int pid;

	memory[0] = 'a';
	memory[bytes - 1] = 'z';
	physical = where(memory).physical;
	pid = start_child();
	if (pid == 0) {
		must("child has the parent's page", where(memory).physical == physical,
		     "shared by %u", (unsigned)where(memory).sharers);
		memory[bytes / 2] = 'm';
		must("child writes one byte",
		     where(memory).physical != physical && where(memory).bytes == bytes &&
			 memory[0] == 'a' && memory[bytes - 1] == 'z',
		     "all of it copied");
		exit(conclude_child());
	}
	join_child(pid);
	must("parent has its own", where(memory).physical == physical && memory[bytes / 2] == 0,
	     "unchanged");
	memory[1] = 'b';
	must("parent writes it, alone again", where(memory).physical == physical, "not copied");

	must("gives up part of it",
	     munmap(memory, 4096) == -1 && errno == EINVAL && memory[0] == 'a', "EINVAL");
	must("protects part of it",
	     mprotect(memory + 4096, bytes - 4096, PROT_READ) == -1 && errno == EINVAL, "EINVAL");
	must("protects all of it", mprotect(memory, bytes, PROT_READ) == 0, "done");
	refused("writes its last byte", attempt_write(memory + bytes - 1, 1), SEGV_ACCERR,
		memory + bytes - 1);
	must("gives up all of it", munmap(memory, bytes) == 0, "done");
	refused("reads its last byte", attempt_read(memory + bytes - 1), SEGV_MAPERR,
		memory + bytes - 1);
}

static void shared(size_t bytes, int flag)
{
	volatile char *memory = map_large(bytes, flag, MAP_SHARED);
	int pid = start_child();

	if (pid == 0) {
		memory[bytes - 1] = 's';
		exit(conclude_child());
	}
	join_child(pid);
	must("parent reads what the child wrote into a shared one", memory[bytes - 1] == 's', "s");
	munmap((void *)memory, bytes);
}

int main(void)
{
	const size_t super = sizeof(long) == 4 ? 0x400000 : 0x200000;
	const int flag = sizeof(long) == 4 ? MAP_HUGE_4M : MAP_HUGE_2M;

	statement("large pages are shared and copied whole");
	if (can(ABI_CAN_SUPERPAGE)) {
		copied_on_a_write(super, flag);
		shared(super, flag);
	} else {
		cannot("shares a superpage", "there are none beside the pages that all have");
	}
	if (can(ABI_CAN_NAPOT)) {
		copied_on_a_write(0x10000, MAP_HUGE_64K);
		shared(0x10000, MAP_HUGE_64K);
	} else {
		cannot("shares a NAPOT page", "this machine has none");
	}
	return conclude();
}
