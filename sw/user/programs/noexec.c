/*
 * Data is not run, and what is run is not written (W^X): a program that is tricked into
 * writing where it should not has not thereby been given code to run. One that makes code
 * on purpose writes it first and then gives up writing.
 */
#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "report.h"

/* li a0, 7; ret: the program that the data spells. */
static const uint16_t seven[] = {0x451d, 0x8082};
static uint16_t variable[2];

static void copy_code(uint16_t *to)
{
	for (unsigned i = 0; i < sizeof seven / sizeof seven[0]; i++)
		((volatile uint16_t *)to)[i] = seven[i];
}

int main(void)
{
	uint16_t stack[2];
	size_t page = (size_t)getpagesize();
	uint16_t *code = map(page, PROT_READ | PROT_WRITE);
	void *both;

	statement("data is not run, and code is not written");
	copy_code(variable);
	copy_code(stack);
	copy_code(code);
	refused("runs a variable", attempt_run(variable), SEGV_ACCERR, variable);
	refused("runs its stack", attempt_run(stack), SEGV_ACCERR, stack);
	refused("runs memory that it wrote", attempt_run(code), SEGV_ACCERR, code);
	must("gives up writing there, to run it", mprotect(code, page, PROT_READ | PROT_EXEC) == 0,
	     "done");
	gives("runs it", attempt_run(code), 7);
	refused("writes to it again", attempt_write(code, 0), SEGV_ACCERR, code);

	both = mmap(NULL, page, PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	must("asks for memory to write and to run", both == MAP_FAILED && errno == EACCES, "%s",
	     both == MAP_FAILED ? "EACCES" : "given");
	return conclude();
}
