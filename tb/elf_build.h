/*
 * Small ELF executables, made byte by byte, so that a test can spoil any part.
 * One loadable segment, and optionally a symbol table.
 */
#ifndef ATLAS_ELF_BUILD_H
#define ATLAS_ELF_BUILD_H

#include <stddef.h>
#include <stdint.h>

struct elf_symbol {
	const char *name;
	uint64_t value;
};

struct elf_recipe {
	unsigned xlen;    /* 32 or 64 */
	uint16_t type;    /* ET_EXEC for a good one */
	uint16_t machine; /* EM_RISCV for a good one */
	uint64_t entry;
	uint64_t va, pa;       /* of the segment */
	uint64_t memory_bytes; /* 0: as large as its data */
	const void *data;
	size_t data_bytes;
	const struct elf_symbol *symbols; /* the last has no name; NULL: no symbol table */
};

/* A good recipe for code at the start of RAM; change what the test needs. */
struct elf_recipe elf_recipe(unsigned xlen, const uint32_t *code, size_t code_bytes);

/* Writes the first `limit` bytes of the file (SIZE_MAX: all) to a new file in the
 * temporary directory. Returns its path, which the caller unlinks and frees. Ends the
 * program when that fails. */
char *elf_build(const struct elf_recipe *recipe, size_t limit);

#endif
