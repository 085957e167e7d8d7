#include "memory.h"

#include <stdint.h>

/* Pages are what is set and copied most: by words where it can be. */
void *memset(void *to, int byte, size_t bytes)
{
	unsigned char *p = to;
	unsigned long word = (unsigned char)byte * (~0ul / 0xff);

	for (; bytes > 0 && (uintptr_t)p % sizeof word; bytes--)
		*p++ = (unsigned char)byte;
	for (; bytes >= sizeof word; bytes -= sizeof word, p += sizeof word)
		*(unsigned long *)(void *)p = word;
	for (; bytes > 0; bytes--)
		*p++ = (unsigned char)byte;
	return to;
}

void *memcpy(void *restrict to, const void *restrict from, size_t bytes)
{
	const size_t word = sizeof(unsigned long);
	unsigned char *t = to;
	const unsigned char *f = from;

	if (((uintptr_t)t | (uintptr_t)f) % word == 0) {
		for (; bytes >= word; bytes -= word, t += word, f += word)
			*(unsigned long *)(void *)t = *(const unsigned long *)(const void *)f;
	}
	while (bytes-- > 0)
		*t++ = *f++;
	return to;
}
