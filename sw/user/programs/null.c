/*
 * A null pointer is caught: nothing is ever mapped at address zero, nor near it, where
 * the fields and elements of nothing would be.
 */
#include <stddef.h>

#include "report.h"

struct thing {
	char name[200];
	int size;
};

int main(void)
{
	/* Volatile, or the compiler would see what comes of it. */
	struct thing *volatile nothing = NULL;
	int *volatile list = NULL;

	statement("a null pointer is caught");
	refused("reads address 0", attempt_read(nothing), SEGV_MAPERR, nothing);
	refused("writes address 0", attempt_write(nothing, 1), SEGV_MAPERR, nothing);
	refused("calls the function at 0", attempt_run(nothing), SEGV_MAPERR, nothing);
	refused("reads a field of no structure", attempt_read(&nothing->size), SEGV_MAPERR,
		&nothing->size);
	refused("writes element 1000 of no array", attempt_write(&list[1000], 1), SEGV_MAPERR,
		&list[1000]);
	return conclude();
}
