#include "cli.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KIB (1ull << 10)
#define MIB (1ull << 20)
#define GIB (1ull << 30)

/* RAM is made of pages, and ends where 32 address bits do. */
#define MIN_MEMORY (4 * KIB)
#define MAX_MEMORY (2 * GIB)

error_t cli_complain(struct cli *c, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "%s: ", c->name);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	c->complained = true;
	return EINVAL;
}

bool cli_read_number(const char *text, uint64_t *value, const char **rest)
{
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*value = strtoull(text, &end, 0);
	*rest = end;
	return errno == 0;
}

error_t cli_number(struct cli *c, const char *option, const char *text, uint64_t min, uint64_t max,
		   uint64_t *value)
{
	const char *rest;

	if (cli_read_number(text, value, &rest) && !*rest && *value >= min && *value <= max)
		return 0;
	if (max == UINT64_MAX)
		return cli_complain(c, "--%s: '%s' is not a whole number from %" PRIu64 " up",
				    option, text, min);
	return cli_complain(c, "--%s: '%s' is not a whole number from %" PRIu64 " to %" PRIu64,
			    option, text, min, max);
}

error_t cli_latency(struct cli *c, const char *text, uint64_t *min, uint64_t *max)
{
	const char *rest;

	if (cli_read_number(text, min, &rest)) {
		*max = *min;
		if (*rest == '-' && !cli_read_number(rest + 1, max, &rest))
			rest = "?";
		if (!*rest && *min >= 1 && *max >= *min && *max <= 1000)
			return 0;
	}
	return cli_complain(c, "--mem-latency: '%s' is not N or MIN-MAX, cycles from 1 to 1000",
			    text);
}

error_t cli_model(struct cli *c, const char *name, const char **model)
{
	if (strcmp(name, "rtl") != 0 && strcmp(name, "golden") != 0)
		return cli_complain(c, "--model: '%s' is not one of rtl, golden", name);
	*model = name;
	return 0;
}

static uint64_t unit_of(char suffix)
{
	switch (suffix) {
	case '\0':
	case 'M':
		return MIB;
	case 'K':
		return KIB;
	case 'G':
		return GIB;
	default:
		return 0;
	}
}

error_t cli_memory(struct cli *c, const char *text, uint64_t *bytes)
{
	const char *rest;
	uint64_t count, unit;

	if (cli_read_number(text, &count, &rest)) {
		unit = unit_of(*rest);
		if (unit && (!*rest || !rest[1]) && count <= MAX_MEMORY / unit &&
		    count * unit >= MIN_MEMORY && count * unit % MIN_MEMORY == 0) {
			*bytes = count * unit;
			return 0;
		}
	}
	return cli_complain(c,
			    "--memory: '%s' is no size: MiB, or a number with K, M or G, from 4K "
			    "to 2G and a multiple of 4K",
			    text);
}

error_t cli_common(int key, struct argp_state *state)
{
	struct cli *c = state->input;

	switch (key) {
	case CLI_KEY_HELP:
		c->help = true;
		argp_help(state->root_argp, stdout, ARGP_HELP_STD_HELP & ~ARGP_HELP_EXIT_OK,
			  (char *)c->name);
		return 0;
	case ARGP_KEY_ERROR:
		c->culprit = state->argv[state->next - 1];
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* getopt refused `culprit`: says which of its reasons it had. */
static void complain_of_option(struct cli *c)
{
	const char *name = c->culprit + strspn(c->culprit, "-");
	size_t length = strcspn(name, "=");
	const char *problem = "unknown or ambiguous option";

	for (const struct argp_option *o = c->argp->options; o->key || o->group; o++) {
		bool is_long =
		    o->name && strlen(o->name) == length && strncmp(o->name, name, length) == 0;
		bool is_short = c->culprit[1] != '-' && o->key == name[0];

		if (is_long || is_short)
			problem = o->arg ? "value missing for" : "no value fits";
	}
	cli_complain(c, "%s '%s'; see '%s --help'", problem, c->culprit, c->name);
}

enum parsed cli_parse(struct cli *c, int argc, char **argv)
{
	/* argp's own messages take two lines; these take one. */
	error_t error = argp_parse(c->argp, argc, argv, ARGP_NO_ERRS | ARGP_NO_HELP, NULL, c);

	if (c->help)
		return PARSED_HELP;
	if (!error)
		return PARSED_RUN;
	if (!c->complained)
		complain_of_option(c);
	return PARSED_BAD;
}

/* One argument, quoted for a shell where that is needed. */
static void print_argument(FILE *out, const char *arg)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_-+=./:,@%";

	if (*arg && strspn(arg, plain) == strlen(arg)) {
		fputs(arg, out);
		return;
	}
	fputc('\'', out);
	for (; *arg; arg++)
		if (*arg == '\'')
			fputs("'\\''", out);
		else
			fputc(*arg, out);
	fputc('\'', out);
}

char *cli_command_line(int argc, char **argv)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	print_argument(out, program_invocation_name);
	for (int i = 0; i < argc; i++) {
		fputc(' ', out);
		print_argument(out, argv[i]);
	}
	fclose(out);
	return text;
}
