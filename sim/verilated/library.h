/* Where the Verilated models are. */
#ifndef ATLAS_LIBRARY_H
#define ATLAS_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Finds NAME/FILE, the shared object of a configuration, in the first of these that has it:
 * - the folder that ATLAS_MODELS names, if it is set: no other is searched then;
 * - rtl/ beside the running program, or in a folder above it: a build folder;
 * - ../lib/atlas of the folder of this code, program or libatlas.so, and atlas/ beside it: as
 *   `make install` lays it out.
 * False if there is none, or if its path does not fit.
 */
bool library_find(const char *name, const char *file, char *path, size_t size);

#endif
