/* The few functions of <string.h> that the compiler itself calls. */
#ifndef LIB_MEMORY_H
#define LIB_MEMORY_H

#include <stddef.h>

void *memset(void *to, int byte, size_t bytes);
void *memcpy(void *restrict to, const void *restrict from, size_t bytes);

#endif
