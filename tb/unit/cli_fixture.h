/* For tests of the command line as a person or a script meets it. They run the atlas
 * that stands two folders above the program: main() begins with find_atlas(). */
#ifndef ATLAS_CLI_FIXTURE_H
#define ATLAS_CLI_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "elf_build.h"
#include "encode.h"

/* Prints "hi", then passes. */
static const uint32_t passing[] = {
    LUI(T0, 0x10000), ADDI(T1, ZERO, 'h'),  SB(T1, T0, 0), ADDI(T1, ZERO, 'i'),
    SB(T1, T0, 0),    ADDI(T1, ZERO, '\n'), SB(T1, T0, 0), LUI(T0, 0x100),
    LUI(T1, 0x5),     ADDI(T1, T1, 0x555),  SW(T1, T0, 0), JAL(ZERO, 0),
};
static char atlas[PATH_MAX];

/* What one run came to. */
struct result {
	int code;
	char out[4096], err[4096];
};

static inline void slurp(FILE *f, char *to, size_t size)
{
	rewind(f);
	to[fread(to, 1, size - 1, f)] = 0;
	fclose(f);
}

/* Runs atlas with these words, the last NULL. */
static inline struct result run(const char *const words[])
{
	struct result r = {0};
	char *argv[24] = {atlas};
	FILE *out = tmpfile(), *err = tmpfile();
	int status;
	pid_t child;

	for (unsigned i = 0; words[i]; i++)
		argv[i + 1] = (char *)words[i];
	assert_true(out && err);
	child = fork();
	if (child == 0) {
		if (!freopen("/dev/null", "r", stdin))
			_exit(99);
		dup2(fileno(out), STDOUT_FILENO);
		dup2(fileno(err), STDERR_FILENO);
		execv(atlas, argv);
		_exit(99);
	}
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	r.code = WEXITSTATUS(status);
	if (r.code == 99)
		fail_msg("cannot run %s: build it first", atlas);
	slurp(out, r.out, sizeof(r.out));
	slurp(err, r.err, sizeof(r.err));
	return r;
}

#define RUN(...) run((const char *const[]){__VA_ARGS__, NULL})

static inline unsigned lines(const char *text)
{
	unsigned n = 0;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

/* Nothing on standard output, one line with these words on standard error. */
static inline void assert_complaint(struct result r, int code, const char *words)
{
	if (r.code != code || lines(r.err) != 1 || !strstr(r.err, words) || *r.out)
		fail_msg("exit code %d, not %d, or not one line with '%s':\n%s%s", r.code, code,
			 words, r.out, r.err);
}

static inline char *program64(const uint32_t *code, size_t bytes, const struct elf_symbol *symbols)
{
	struct elf_recipe recipe = elf_recipe(64, code, bytes);

	recipe.symbols = symbols;
	recipe.memory_bytes = 0x2000;
	return elf_build(&recipe, SIZE_MAX);
}

#define PROGRAM(code) program64(code, sizeof(code), NULL)

static inline void discard(char *path)
{
	unlink(path);
	free(path);
}

static inline void find_atlas(void)
{
	ssize_t n = readlink("/proc/self/exe", atlas, sizeof(atlas) - 16);

	for (unsigned up = 0; n > 0 && up < 3; up++)
		for (; n > 0 && atlas[--n] != '/';)
			;
	strcpy(atlas + (n > 0 ? n : 0), "/atlas");
}

#endif
