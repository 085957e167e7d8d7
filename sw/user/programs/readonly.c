/*
 * What is only to be read is not written: a program's text, its constants, and memory
 * that it made read-only itself.
 */
#include <sys/mman.h>
#include <unistd.h>

#include "report.h"

static const char constant = 17;

int main(void)
{
	char *text = (char *)main, *own;
	size_t page = (size_t)getpagesize();

	statement("read-only memory is not written");
	refused("writes its own text", attempt_write(text, 0), SEGV_ACCERR, text);
	refused("writes a constant", attempt_write((char *)&constant, 18), SEGV_ACCERR, &constant);
	gives("reads the constant", attempt_read(&constant), 17);

	own = map(page, PROT_READ | PROT_WRITE);
	granted("writes 42 to memory of its own", attempt_write(own, 42));
	must("makes it read-only", mprotect(own, page, PROT_READ) == 0, "done");
	refused("writes to it again", attempt_write(own, 43), SEGV_ACCERR, own);
	gives("reads it", attempt_read(own), 42);
	must("makes it writable", mprotect(own, page, PROT_READ | PROT_WRITE) == 0, "done");
	granted("writes 44 to it", attempt_write(own, 44));
	gives("reads that", attempt_read(own), 44);
	must("forbids itself everything there", mprotect(own, page, PROT_NONE) == 0, "done");
	refused("reads what it may not", attempt_read(own), SEGV_ACCERR, own);
	return conclude();
}
