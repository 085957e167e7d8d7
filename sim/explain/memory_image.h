/* A file with the bytes of physical memory, from an address on. */
#ifndef ATLAS_MEMORY_IMAGE_H
#define ATLAS_MEMORY_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct memory_image {
	const uint8_t *bytes; /* NULL: not open */
	uint64_t base, size;  /* all of it lies below 2^56 */
};

/* False, with one line in err, when there is no such file, or it does not fit. */
bool memory_image_open(struct memory_image *m, const char *path, uint64_t base, char *err,
		       size_t err_size);
void memory_image_close(struct memory_image *m); /* fine when it is not open */

/* For struct mmu_memory: ctx is the image. What lies outside is a bus error. */
bool memory_image_read(void *ctx, uint64_t pa, unsigned bytes, uint64_t *value);

#endif
