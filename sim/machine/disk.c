#include "disk.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

struct refusal {
	const char *path;
	char *err;
	size_t err_size;
};

static bool __attribute__((format(printf, 2, 3)))
refuse(const struct refusal *r, const char *format, ...)
{
	int used = snprintf(r->err, r->err_size, "%s: ", r->path);
	va_list args;

	va_start(args, format);
	if (used >= 0 && (size_t)used < r->err_size)
		vsnprintf(r->err + used, r->err_size - (size_t)used, format, args);
	va_end(args);
	return false;
}

static bool open_image(struct disk *d, const struct refusal *r)
{
	struct stat st;

	/* Not blocking: a FIFO would wait for somebody at its other end. */
	d->fd = open(r->path, O_RDWR | O_CLOEXEC | O_NONBLOCK);
	if (d->fd < 0 || fstat(d->fd, &st) != 0)
		return refuse(r, "cannot open as a disk, to read and write: %s", strerror(errno));
	if (!S_ISREG(st.st_mode))
		return refuse(r, "cannot be a disk: not a regular file");
	if (flock(d->fd, LOCK_EX | LOCK_NB) != 0)
		return refuse(r, errno == EWOULDBLOCK
				     ? "another run has it as its disk; give this one a copy"
				     : "cannot lock it as a disk");
	d->bytes = (uint64_t)st.st_size;
	if (d->bytes == 0 || d->bytes % SECTOR_BYTES != 0)
		return refuse(r,
			      "%" PRIu64 " bytes are no whole number of sectors of %d; "
			      "lengthen it with truncate -s %%%d, or make a new one with "
			      "truncate -s 16M",
			      d->bytes, SECTOR_BYTES, SECTOR_BYTES);
	return true;
}

struct disk *disk_open(const char *path, char *err, size_t err_size)
{
	const struct refusal r = {path, err, err_size};
	struct disk *d = malloc(sizeof(*d));

	if (!d) {
		refuse(&r, "%s", strerror(errno));
		return NULL;
	}
	if (!open_image(d, &r)) {
		disk_close(d);
		return NULL;
	}
	return d;
}

void disk_close(struct disk *d)
{
	if (d && d->fd >= 0)
		close(d->fd);
	free(d);
}

bool disk_holds(const struct disk *d, uint64_t at, uint64_t length)
{
	return at <= d->bytes && length <= d->bytes - at;
}

bool disk_read(struct disk *d, uint64_t at, void *to, size_t length)
{
	uint8_t *p = to;

	while (length) {
		ssize_t n = pread(d->fd, p, length, (off_t)at);

		if (n == 0 || (n < 0 && errno != EINTR))
			return false;
		if (n < 0)
			continue;
		p += n;
		at += (uint64_t)n;
		length -= (size_t)n;
	}
	return true;
}

bool disk_write(struct disk *d, uint64_t at, const void *from, size_t length)
{
	const uint8_t *p = from;

	while (length) {
		ssize_t n = pwrite(d->fd, p, length, (off_t)at);

		if (n < 0 && errno != EINTR)
			return false;
		if (n < 0)
			continue;
		p += n;
		at += (uint64_t)n;
		length -= (size_t)n;
	}
	return true;
}

bool disk_flush(struct disk *d)
{
	return fdatasync(d->fd) == 0;
}
