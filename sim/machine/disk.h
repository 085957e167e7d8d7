/*
 * A file of the host as a disk: a raw image of sectors of 512 bytes, that what the
 * program writes goes to at once. It is locked, so that two runs do not write to one.
 */
#ifndef ATLAS_DISK_H
#define ATLAS_DISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SECTOR_BYTES = 512 };

struct disk {
	int fd;
	uint64_t bytes; /* a multiple of SECTOR_BYTES, not 0 */
};

/* NULL, with one line in err that begins with path, when the file cannot be read and
 * written, is no regular file, or has another size. */
struct disk *disk_open(const char *path, char *err, size_t err_size);
void disk_close(struct disk *d); /* NULL is fine */

/* All of [at, at + length) lies on the disk. */
bool disk_holds(const struct disk *d, uint64_t at, uint64_t length);

/* What disk_holds(). False: the host failed, and part of it may have been done. */
bool disk_read(struct disk *d, uint64_t at, void *to, size_t length);
bool disk_write(struct disk *d, uint64_t at, const void *from, size_t length);
/* What was written is on the host's medium. */
bool disk_flush(struct disk *d);

#endif
