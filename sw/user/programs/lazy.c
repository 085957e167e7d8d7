/*
 * Memory comes when it is touched. mmap() promises addresses; the frame behind a page is
 * found when its first access faults, and is full of zeroes, whatever it held before.
 */
#include <sys/mman.h>
#include <unistd.h>

#include "report.h"
#include "system.h"

#define PAGES 64

int main(void)
{
	size_t page = (size_t)getpagesize();
	struct abi_sysinfo before, after;
	bool zero = true;
	char *memory;

	statement("memory comes when it is first touched, and is zero");
	if (!can(ABI_CAN_DEMAND)) {
		cannot("maps 64 pages and touches 3",
		       "a segment is there as a whole or not at all");
		memory = map(PAGES * page, PROT_READ | PROT_WRITE);
		for (size_t i = 0; i < PAGES * page; i += 64)
			zero = zero && memory[i] == 0;
		must("finds only zeroes", zero, "zeroes");
		return conclude();
	}

	before = system_info();
	memory = map(PAGES * page, PROT_READ | PROT_WRITE);
	must("maps 64 pages",
	     where(memory).place == ABI_LATER &&
		 system_info().frames_free + 8 * page / 4096 >= before.frames_free,
	     "no frame yet");

	memory[5 * page] = 1;
	memory[6 * page + page - 1] = 1;
	memory[63 * page + 8] = 1;
	after = system_info();
	must("touches 3 of them", after.demanded - before.demanded == 3, "%d pages brought in",
	     (int)(after.demanded - before.demanded));
	must("looks at a page between them", where(memory + 7 * page).place == ABI_LATER,
	     "still none");
	memory[5 * page] = 0;
	for (size_t i = 5 * page; i < 6 * page; i += sizeof(long))
		zero = zero && *(long *)(memory + i) == 0;
	must("reads a page through", zero, "zeroes");
	return conclude();
}
