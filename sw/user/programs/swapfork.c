/*
 * Pages that several processes have go to the disk once, and come back to all of them: a
 * shared page is one page before and after, a private one is copied when it is written,
 * wherever it was meanwhile.
 */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "report.h"
#include "system.h"

#define PAGES 16

static size_t page;
static volatile char *shared, *private;

/* All that is not being used goes to the disk: this needs twice the frames that there are. */
static void press(void)
{
	size_t pages = 2 * (size_t)system_info().frames_total;
	volatile char *memory = map(pages * page, PROT_READ | PROT_WRITE);

	for (size_t i = 0; i < pages; i++)
		memory[i * page] = 1;
	munmap((void *)memory, pages * page);
}

static unsigned on_disk(volatile char *memory)
{
	unsigned count = 0;

	for (unsigned i = 0; i < PAGES; i++)
		count += where(memory + i * page).place == ABI_SWAPPED;
	return count;
}

static void fill(volatile char *memory, char first)
{
	for (unsigned i = 0; i < PAGES; i++)
		memory[i * page + i] = (char)(first + i);
}

static unsigned intact(volatile char *memory, char first)
{
	unsigned count = 0;

	for (unsigned i = 0; i < PAGES; i++)
		count += memory[i * page + i] == (char)(first + i);
	return count;
}

static void child(void)
{
	press();
	must("pages of both processes are on the disk", on_disk(shared) + on_disk(private) > PAGES,
	     "%u of %u", on_disk(shared) + on_disk(private), 2 * PAGES);
	must("child finds them all", intact(shared, 'a') + intact(private, 'A') == 2 * PAGES,
	     "intact");
	fill(shared, 'k');
	fill(private, 'K');
	press();
	must("child finds what it wrote", intact(shared, 'k') + intact(private, 'K') == 2 * PAGES,
	     "intact");
}

int main(void)
{
	int pid;

	statement("shared pages go to the disk and come back shared");
	if (!can(ABI_CAN_SWAP)) {
		cannot("sends shared pages to the disk", "nothing goes to a disk here");
		return conclude();
	}
	page = system_info().page_bytes;
	shared = map_shared(PAGES * page);
	private = map(PAGES * page, PROT_READ | PROT_WRITE);
	fill(shared, 'a');
	fill(private, 'A');
	pid = start_child();
	if (pid == 0) {
		child();
		exit(conclude_child());
	}
	join_child(pid);
	must("parent finds what the child wrote into the shared ones", intact(shared, 'k') == PAGES,
	     "%u of %u", intact(shared, 'k'), PAGES);
	must("parent finds its own in the private ones", intact(private, 'A') == PAGES, "%u of %u",
	     intact(private, 'A'), PAGES);
	return conclude();
}
