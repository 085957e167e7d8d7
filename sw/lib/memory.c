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

/* All loads before the stores: each waits for nothing, and the loop's own cost is shared. */
static void copy_eight(unsigned long *restrict t, const unsigned long *restrict f)
{
	unsigned long a = f[0], b = f[1], c = f[2], d = f[3], e = f[4], g = f[5], h = f[6],
		      i = f[7];

	t[0] = a;
	t[1] = b;
	t[2] = c;
	t[3] = d;
	t[4] = e;
	t[5] = g;
	t[6] = h;
	t[7] = i;
}

void *memcpy(void *restrict to, const void *restrict from, size_t bytes)
{
	const size_t word = sizeof(unsigned long);
	unsigned char *t = to;
	const unsigned char *f = from;

	if (((uintptr_t)t | (uintptr_t)f) % word == 0) {
		for (; bytes >= 8 * word; bytes -= 8 * word, t += 8 * word, f += 8 * word)
			copy_eight((unsigned long *)(void *)t,
				   (const unsigned long *)(const void *)f);
		for (; bytes >= word; bytes -= word, t += word, f += word)
			*(unsigned long *)(void *)t = *(const unsigned long *)(const void *)f;
	}
	while (bytes-- > 0)
		*t++ = *f++;
	return to;
}
