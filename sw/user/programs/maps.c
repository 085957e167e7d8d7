/*
 * mmap, munmap, mprotect: memory is mapped, unmapped and protected page by page, and what
 * makes no sense is refused and changes nothing.
 */
#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "report.h"
#include "system.h"

#define ANYWHERE ((char *)(ABI_MMAP_BASE + 0x10000000)) /* a multiple of each page size */

static size_t page;

static char *map_at(char *address, size_t bytes, int prot, int flags)
{
	return mmap(address, bytes, prot, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);
}

static void page_by_page(void)
{
	char *memory = map(3 * page, PROT_READ | PROT_WRITE);
	char *second = memory + page, *third = memory + 2 * page;

	memory[0] = *second = *third = 'a';
	must("unmaps the second of three pages", munmap(second, page) == 0, "done");
	refused("reads the second", attempt_read(second), SEGV_MAPERR, second);
	must("reads the other two", *memory == 'a' && *third == 'a', "a, a");
	must("maps the second anew",
	     map_at(second, page, PROT_READ, MAP_FIXED) == second && *second == 0, "zero");
	must("protects the third", mprotect(third, page, PROT_READ) == 0, "done");
	refused("writes the third", attempt_write(third, 'b'), SEGV_ACCERR, third);
	granted("writes the first", attempt_write(memory, 'b'));
	munmap(memory, 3 * page);
	refused("reads the first after unmapping all", attempt_read(memory), SEGV_MAPERR, memory);
}

static void fails(const char *what, bool failed, int with)
{
	must(what, failed && errno == with, "%s", failed ? error_name(errno) : "done");
}

static void nonsense(void)
{
	const int rw = PROT_READ | PROT_WRITE;
	char *memory = map(page, rw);

	*memory = 42;
	fails("maps no bytes", map_at(NULL, 0, rw, 0) == MAP_FAILED, EINVAL);
	fails("maps at half a page", map_at(ANYWHERE + 100, page, rw, MAP_FIXED) == MAP_FAILED,
	      EINVAL);
	fails("maps over the kernel",
	      map_at((char *)ABI_USER_END, page, rw, MAP_FIXED) == MAP_FAILED, EINVAL);
	fails("maps address 0", map_at(NULL, page, rw, MAP_FIXED) == MAP_FAILED, EINVAL);
	fails("maps all addresses", map_at(NULL, ~page, rw, 0) == MAP_FAILED, ENOMEM);
	fails("protects what is not mapped", mprotect(ANYWHERE, page, PROT_READ) != 0, ENOMEM);
	fails("asks to write and run", mprotect(memory, page, PROT_WRITE | PROT_EXEC) != 0, EACCES);
	must("unmaps what is not mapped", munmap(ANYWHERE, page) == 0, "done");
	gives("still has what it had", attempt_read(memory), 42);
	munmap(memory, page);
}

int main(void)
{
	char *memory;

	statement("memory is mapped, unmapped and protected as the program says");
	page = (size_t)getpagesize();
	if (system_info().technique == ABI_SEGMENTS)
		cannot("unmaps the second of three pages",
		       "a segment has no parts; it would take two to go round the hole");
	else
		page_by_page();
	if (system_info().technique == ABI_ROOT)
		cannot("protects 4 KiB alone", "a page is 4 MiB");

	memory = map_at(ANYWHERE, page, PROT_READ | PROT_WRITE, 0);
	must("maps where it asks to", memory == ANYWHERE, "there");
	granted("writes the last byte", attempt_write(memory + page - 1, 1));
	refused("writes beyond", attempt_write(memory + page, 1), SEGV_MAPERR, memory + page);
	must("gives it back", munmap(memory, page) == 0, "done");
	nonsense();
	return conclude();
}
