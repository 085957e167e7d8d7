/* A file as physical memory. */
#include "memory_image.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define PHYSICAL_END (1ull << 56)

static bool refuse(char *err, size_t err_size, const char *path, const char *what)
{
	snprintf(err, err_size, "%s: %s", path, what);
	return false;
}

static bool map(struct memory_image *m, int fd, const char *path, char *err, size_t err_size)
{
	struct stat st;
	void *bytes;

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return refuse(err, err_size, path, "not a regular file with the bytes of memory");
	if (st.st_size == 0)
		return refuse(err, err_size, path, "empty: no memory to explain");
	m->size = (uint64_t)st.st_size;
	if (m->base >= PHYSICAL_END || m->size > PHYSICAL_END - m->base) {
		snprintf(err, err_size,
			 "%s: 0x%" PRIx64 " bytes from --base 0x%" PRIx64
			 " on end beyond 56 address bits",
			 path, m->size, m->base);
		return false;
	}
	bytes = mmap(NULL, m->size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (bytes == MAP_FAILED)
		return refuse(err, err_size, path, strerror(errno));
	m->bytes = bytes;
	return true;
}

bool memory_image_open(struct memory_image *m, const char *path, uint64_t base, char *err,
		       size_t err_size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	bool done;

	*m = (struct memory_image){.base = base};
	if (fd < 0) {
		snprintf(err, err_size, "%s: cannot open: %s", path, strerror(errno));
		return false;
	}
	done = map(m, fd, path, err, err_size);
	close(fd);
	return done;
}

void memory_image_close(struct memory_image *m)
{
	if (m->bytes)
		munmap((void *)m->bytes, m->size);
	m->bytes = NULL;
}

bool memory_image_read(void *ctx, uint64_t pa, unsigned bytes, uint64_t *value)
{
	const struct memory_image *m = ctx;
	uint64_t at = pa - m->base;

	if (at >= m->size || bytes > m->size - at)
		return false;
	*value = 0;
	memcpy(value, m->bytes + at, bytes);
	return true;
}
