/*
 * More memory than there is. The program uses half as many pages again as the machine has
 * frames: pages that were not used for long go to the disk, and come back when they are
 * touched, with everything that was in them.
 */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "report.h"
#include "system.h"

static size_t page, pages;
static volatile uint32_t *memory;

/* Different in each word of each page. */
static uint32_t pattern(size_t n, size_t word)
{
	return (uint32_t)((n * 2654435761u) ^ (word * 40503u));
}

/* Some words all over a page, the first and the last among them. */
static void fill(size_t n)
{
	size_t words = page / 4, first = n * words;

	for (size_t word = 0; word < words; word += 93)
		memory[first + word] = pattern(n, word);
	memory[first + words - 1] = pattern(n, words - 1);
}

static bool is_intact(size_t n)
{
	size_t words = page / 4, first = n * words;

	for (size_t word = 0; word < words; word += 93)
		if (memory[first + word] != pattern(n, word))
			return false;
	return memory[first + words - 1] == pattern(n, words - 1);
}

int main(void)
{
	struct abi_sysinfo before = system_info(), after;
	size_t intact = 0;

	statement("a program can use more memory than there is");
	page = before.page_bytes;
	if (!can(ABI_CAN_DEMAND | ABI_CAN_SWAP)) {
		cannot("uses half as much again as there is",
		       before.technique == ABI_SEGMENTS
			   ? "a segment is in memory as a whole, so all of it must fit"
			   : "only pages of 4 KiB go to a disk, if there is one");
		must("asks for more than there is",
		     mmap(NULL, (size_t)before.frames_total * 4096 + page, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0) == MAP_FAILED,
		     "not given");
		return conclude();
	}

	pages = (size_t)before.frames_total / (page / 4096) * 3 / 2;
	memory = map(pages * page, PROT_READ | PROT_WRITE);
	for (size_t n = 0; n < pages; n++)
		fill(n);
	after = system_info();
	must("writes half as many pages again as there are", after.swapped_out > before.swapped_out,
	     "%u pages, %u out", (unsigned)pages,
	     (unsigned)(after.swapped_out - before.swapped_out));
	for (size_t n = 0; n < pages; n++)
		intact += is_intact(n);
	must("reads them all", intact == pages, "%u intact", (unsigned)intact);

	/* In no order that a replacement could like, some changed on the way. */
	intact = 0;
	srand(1962);
	for (size_t i = 0; i < pages / 2; i++) {
		size_t n = (size_t)rand() % pages;

		intact += is_intact(n);
		if (i % 4 == 0)
			fill(n);
	}
	must("reads half of them in random order", intact == pages / 2, "%u intact",
	     (unsigned)intact);
	after = system_info();
	must("they came back from the disk", after.swapped_in > before.swapped_in, "%u swapped in",
	     (unsigned)(after.swapped_in - before.swapped_in));
	return conclude();
}
