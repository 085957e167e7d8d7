/*
 * Large mappings by few entries: a superpage is mapped by one entry of a higher level, a
 * NAPOT page by 16 equal ones that the TLB keeps as one.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "mmu_pkg.h"
#include "report.h"
#include "system.h"

/* Maps `bytes` by pages of the size that `flag` names, writes both ends and looks. */
static void large(const char *what, size_t bytes, int flag, unsigned level)
{
	char *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | flag, -1, 0);
	struct abi_where first, last;
	bool one;

	if (memory == MAP_FAILED) {
		must(what, false, "%s", strerror(errno));
		return;
	}
	memory[0] = 1;
	memory[bytes - 1] = 2;
	first = where(memory);
	last = where(memory + bytes - 1);
	one = first.bytes == bytes && first.level == level &&
	      last.physical - first.physical == bytes - 1;
	must(what, one && memory[0] == 1 && memory[bytes - 1] == 2, "%lu KiB at level %u",
	     (unsigned long)(first.bytes / 1024), (unsigned)first.level);
	munmap(memory, bytes);
}

int main(void)
{
	statement("one entry can map much memory");
	if (system_info().technique == ABI_SEGMENTS) {
		char *memory = map(1000000, PROT_READ | PROT_WRITE);

		must("maps a million bytes by a segment", where(memory).bytes == 1000000,
		     "one segment of %lu", (unsigned long)where(memory).bytes);
	}
	if (!can(ABI_CAN_SUPERPAGE))
		cannot("maps a superpage", system_info().technique == ABI_ROOT
					       ? "every page is one already"
					       : "there are no pages");
	else if (sizeof(long) == 4)
		large("maps a superpage", 0x400000, MAP_HUGE_4M, 1);
	else
		large("maps a superpage", 0x200000, MAP_HUGE_2M, 1);

	if (can(ABI_CAN_NAPOT))
		large("maps a NAPOT page", 0x10000, MAP_HUGE_64K, 0);
	else
		cannot("maps a NAPOT page", "this machine has none");
	return conclude();
}
