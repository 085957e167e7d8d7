#include "outfile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool fail(struct outfile *f, char *err, size_t err_size)
{
	snprintf(err, err_size, "%s: cannot write: %s", f->path, strerror(errno));
	outfile_abandon(f);
	return false;
}

static bool open_temporary(struct outfile *f)
{
	mode_t mask = umask(0);
	int fd;

	umask(mask);
	if (asprintf(&f->temporary, "%s.XXXXXX", f->path) < 0) {
		f->temporary = NULL;
		return false;
	}
	fd = mkstemp(f->temporary);
	if (fd < 0) {
		int saved = errno;

		free(f->temporary);
		f->temporary = NULL;
		errno = saved;
		return false;
	}
	fchmod(fd, 0666 & ~mask); /* as if created by fopen() */
	f->stream = fdopen(fd, "w");
	return f->stream != NULL;
}

bool outfile_open(struct outfile *f, const char *path, char *err, size_t err_size)
{
	struct stat st;

	*f = (struct outfile){.path = path};
	if (!*path) {
		errno = ENOENT;
		return fail(f, err, err_size);
	}
	if (strcmp(path, "-") == 0) {
		f->stream = stdout;
		return true;
	}
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
		f->stream = fopen(path, "w");
	else
		open_temporary(f);
	return f->stream || fail(f, err, err_size);
}

bool outfile_commit(struct outfile *f, char *err, size_t err_size)
{
	bool written = !ferror(f->stream) && fflush(f->stream) == 0;

	if (f->stream != stdout && fclose(f->stream) != 0)
		written = false;
	f->stream = NULL;
	if (!written || (f->temporary && rename(f->temporary, f->path) != 0))
		return fail(f, err, err_size);
	free(f->temporary);
	f->temporary = NULL;
	return true;
}

void outfile_abandon(struct outfile *f)
{
	if (f->stream && f->stream != stdout)
		fclose(f->stream);
	if (f->temporary)
		unlink(f->temporary);
	free(f->temporary);
	f->stream = NULL;
	f->temporary = NULL;
}
