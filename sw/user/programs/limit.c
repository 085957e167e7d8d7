/*
 * A segment is as long as what is in it, to the byte: whatever its size, the last byte can
 * be used and the next cannot, and an access that begins inside must end there.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "report.h"
#include "system.h"

static const char *named(const char *format, size_t bytes)
{
	static char what[64];

	snprintf(what, sizeof what, format, (unsigned long)bytes);
	return what;
}

/* Where there are pages too, a segment is asked for as a large page is. */
static char *map_segment(size_t bytes)
{
	int flags =
	    MAP_PRIVATE | MAP_ANONYMOUS | (system_info().technique == ABI_BOTH ? MAP_HUGETLB : 0);
	char *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, flags, -1, 0);

	if (memory == MAP_FAILED) {
		must(named("maps %lu bytes", bytes), false, "%s", error_name(errno));
		exit(conclude());
	}
	return memory;
}

/* Maps that many bytes, and tries both sides of their end. */
static void end_of(size_t bytes)
{
	volatile char *memory = map_segment(bytes), *end = memory + bytes;
	struct abi_where place = where(memory);

	must(named("maps %lu bytes", bytes), place.place == ABI_SEGMENT && place.bytes == bytes,
	     "a segment of %lu", (unsigned long)place.bytes);
	granted(named("writes the last of %lu bytes", bytes), attempt_write(end - 1, 1));
	refused(named("reads the byte behind %lu", bytes), attempt_read(end), SEGV_MAPERR, end);
	refused(named("writes the byte behind %lu", bytes), attempt_write(end, 1), SEGV_MAPERR,
		end);
	if (bytes >= sizeof(long)) {
		volatile char *word = end - sizeof(long);
		/* An access across the end of a page is two, and the second is refused. */
		volatile char *at = bytes % 4096 == 0 ? end : word + 1;

		granted(named("reads the last word of %lu bytes", bytes), attempt_read_word(word));
		refused(named("reads a word, the end of %lu bytes within", bytes),
			attempt_read_word(word + 1), SEGV_MAPERR, at);
	}
	munmap((void *)memory, bytes);
}

static void pages_only(void)
{
	size_t page = (size_t)getpagesize();
	char *memory = map(100, PROT_READ | PROT_WRITE);

	cannot("maps 100 bytes and no more",
	       "a page is the least that can be mapped, and all of it is there");
	granted("reads the last byte of that page", attempt_read(memory + page - 1));
	refused("reads the byte behind it", attempt_read(memory + page), SEGV_MAPERR,
		memory + page);
}

int main(void)
{
	static const size_t sizes[] = {1, 100, 4096, 100001};
	unsigned technique = system_info().technique;

	statement("a segment is as long as it must be, to the byte");
	if (technique == ABI_ROOT || technique == ABI_PAGES) {
		pages_only();
		return conclude();
	}
	for (unsigned i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
		end_of(sizes[i]);
	return conclude();
}
