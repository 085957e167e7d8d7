/*
 * Large mappings by little: a superpage is one entry of a higher level, a NAPOT page 16
 * equal ones that the TLB keeps as one, a segment no entry at all.
 */
#include <errno.h>
#include <stdio.h>
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
		must(what, false, "%s", error_name(errno));
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

static bool can_have_segments(void)
{
	unsigned technique = system_info().technique;

	return technique == ABI_SEGMENTS || technique == ABI_BOTH;
}

static void segment(size_t bytes)
{
	char *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);
	struct abi_where place;

	if (memory == MAP_FAILED) {
		must("maps a million bytes by a segment", false, "%s", error_name(errno));
		return;
	}
	place = where(memory);
	memory[0] = 1;
	memory[bytes - 1] = 2;
	must("maps a million bytes by a segment",
	     place.place == ABI_SEGMENT && place.bytes == bytes && memory[0] == 1, "%lu bytes",
	     (unsigned long)place.bytes);
	munmap(memory, bytes);
}

int main(void)
{
	statement("one entry, or one segment, can map much memory");
	if (can_have_segments())
		segment(1000000);
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
		cannot("maps a NAPOT page", system_info().technique == ABI_SEGMENTS
						? "there are no pages"
						: "Svnapot needs RV64, and pages of 4 KiB beside");
	return conclude();
}
