/* User programs in the kernel's image: ELF files and their names. */
#ifndef KERNEL_PROGRAM_H
#define KERNEL_PROGRAM_H

#include <stddef.h>
#include <stdint.h>

#include "space.h"

/* The table that the build puts into the image; the last has no name. */
struct kernel_program {
	const char *name;
	const uint8_t *file, *end;
};

extern const struct kernel_program kernel_programs[];

/* NULL: none has that name. */
const struct kernel_program *program_find(const char *name);

/* Checks that it is an ELF file as abi.h wants them. 0 or -ABI_ENOEXEC. */
int program_check(const struct kernel_program *program);

/* Makes its regions, the stack included, in an empty space. `*entry`: where it starts. 0 or
 * -ABI_ENOMEM. */
int program_map(const struct kernel_program *program, struct space *s, xword *entry);

#endif
