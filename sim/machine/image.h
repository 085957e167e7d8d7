/*
 * A program: a statically linked RISC-V ELF executable, checked as a whole before
 * anything of it is used. Segments go to their physical addresses; a symbol's
 * physical address is found through the segment that holds it.
 */
#ifndef ATLAS_IMAGE_H
#define ATLAS_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bus.h"
#include "mmu.h"

#define NO_SYMBOL UINT64_MAX

struct segment {
	uint64_t va, pa;
	uint64_t file_bytes, memory_bytes; /* file_bytes <= memory_bytes, which is not 0 */
	const uint8_t *data;               /* file_bytes of it, in the image's file */
};

struct image {
	unsigned xlen; /* 32 or 64 */
	uint64_t entry;
	struct segment *segments;
	size_t segment_count;
	/* Physical addresses of symbols, or NO_SYMBOL */
	uint64_t tohost, fromhost;
	uint64_t begin_signature, end_signature;
	uint8_t *file; /* its whole contents */
	size_t file_bytes;
};

/* Reads and checks the file at path. On failure NULL, and in err one line that
 * begins with path. */
struct image *image_read(const char *path, char *err, size_t err_size);
void image_free(struct image *image); /* NULL is fine */

/* Whether it runs on this configuration, with that much RAM; if not, one line as
 * above in err. */
bool image_fits(const struct image *image, const char *path, const struct mmu_config *config,
		uint64_t ram_bytes, char *err, size_t err_size);

/* Copies the segments of an image that fits into RAM, zeroes what the file does not
 * hold, and points HTIF at tohost and fromhost. Tells b->mmu, if there is one. */
void image_load(const struct image *image, struct bus *b);

#endif
