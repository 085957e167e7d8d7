#include <dlfcn.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "library.h"

struct wanted {
	const char *name, *file;
	char *path;
	size_t size;
};

static bool is_in(const struct wanted *w, const char *folder, const char *below)
{
	int length = snprintf(w->path, w->size, "%s/%s%s/%s", folder, below, w->name, w->file);

	return length > 0 && (size_t)length < w->size && access(w->path, R_OK) == 0;
}

static bool in_build_folder(const struct wanted *w)
{
	char dir[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", dir, sizeof(dir) - 1);

	if (length < 0)
		return false;
	dir[length] = '\0';
	for (char *d = dirname(dir); strcmp(d, "/") != 0 && strcmp(d, ".") != 0; d = dirname(d))
		if (is_in(w, d, "rtl/"))
			return true;
	return false;
}

static bool installed(const struct wanted *w)
{
	static const char here;
	char file[PATH_MAX];
	Dl_info info;

	if (!dladdr(&here, &info) || !realpath(info.dli_fname, file))
		return false;
	const char *folder = dirname(file);
	return is_in(w, folder, "../lib/atlas/") || is_in(w, folder, "atlas/");
}

bool library_find(const char *name, const char *file, char *path, size_t size)
{
	const struct wanted wanted = {name, file, path, size};
	const char *given = getenv("ATLAS_MODELS");

	if (given && *given)
		return is_in(&wanted, given, "");
	return in_build_folder(&wanted) || installed(&wanted);
}
