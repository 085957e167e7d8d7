/*
 * A segment is as long as what is in it, to the byte: whatever its size, the last byte can
 * be used and the next cannot, and an access that begins inside must end there.
 */
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "report.h"
#include "system.h"

/* Maps that many bytes, and tries both sides of their end. */
static void end_of(size_t bytes)
{
	volatile char *memory = map(bytes, PROT_READ | PROT_WRITE);
	char what[64];

	snprintf(what, sizeof what, "maps %lu bytes", (unsigned long)bytes);
	must(what, where(memory).bytes == bytes, "a segment of %lu",
	     (unsigned long)where(memory).bytes);
	granted("writes the last of them", attempt_write(memory + bytes - 1, 1));
	refused("reads the byte behind", attempt_read(memory + bytes), SEGV_MAPERR, memory + bytes);
	refused("writes the byte behind", attempt_write(memory + bytes, 1), SEGV_MAPERR,
		memory + bytes);
	if (bytes >= sizeof(long)) {
		volatile char *last = memory + bytes - sizeof(long);

		granted("reads the last whole word", attempt_read_word(last));
		/* What crosses a page reaches the MMU as two accesses. */
		volatile char *page = (char *)((uintptr_t)(memory + bytes) & ~(uintptr_t)4095);

		refused("reads a word that ends one byte behind", attempt_read_word(last + 1),
			SEGV_MAPERR, page > last + 1 ? page : last + 1);
	}
	munmap((void *)memory, bytes);
}

int main(void)
{
	static const size_t sizes[] = {1, 100, 4096, 4097, 100001};

	statement("a segment is as long as it must be, to the byte");
	if (!can(ABI_CAN_BYTE_LIMIT)) {
		char *memory = map(100, PROT_READ | PROT_WRITE);
		size_t page = (size_t)getpagesize();

		cannot("maps 100 bytes and reads byte 100",
		       "a page is the least that can be mapped, and all of it is there");
		granted("reads the last byte of that page", attempt_read(memory + page - 1));
		refused("reads the byte behind it", attempt_read(memory + page), SEGV_MAPERR,
			memory + page);
		return conclude();
	}
	for (unsigned i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
		end_of(sizes[i]);
	return conclude();
}
