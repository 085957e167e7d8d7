/*
 * What the commands of atlas have in common: options by argp(3), one line for what is
 * wrong with them, exit codes.
 *
 * A command's parser calls cli_common() for the keys that it does not know itself, and
 * begins its input structure with a struct cli.
 */
#ifndef ATLAS_CLI_H
#define ATLAS_CLI_H

#include <argp.h>
#include <stdbool.h>
#include <stdint.h>

/* Exit codes of atlas. */
enum {
	EXIT_PASSED = 0,
	EXIT_FAILED = 1,   /* the program failed, or the MMU did */
	EXIT_BAD = 2,      /* bad options or input: nothing ran */
	EXIT_LIMIT = 3,    /* --max-instructions was reached */
	EXIT_KILLED = 130, /* interrupted from the keyboard */
};

struct cli {
	const char *name; /* "atlas run" */
	const struct argp *argp;
	bool help;           /* it was asked for, and printed */
	bool complained;     /* the line was printed */
	const char *culprit; /* the word that getopt refused */
};

#define CLI_KEY_HELP 'h'
#define CLI_HELP_OPTION                                                                            \
	{                                                                                          \
		"help", CLI_KEY_HELP, NULL, 0, "Show this help", -1                                \
	}

enum parsed { PARSED_RUN, PARSED_HELP, PARSED_BAD };

/* Parses argv[1 ..]; c is the input of its parser. PARSED_HELP: the help has been
 * printed. PARSED_BAD: one line has been printed to standard error. */
enum parsed cli_parse(struct cli *c, int argc, char **argv);

/* Help and getopt's refusals. */
error_t cli_common(int key, struct argp_state *state);

/* Prints one line, and gives EINVAL. */
error_t cli_complain(struct cli *c, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A whole number, decimal or 0x...; *rest is what follows it. False: there is none, or
 * it is larger than 64 bits. */
bool cli_read_number(const char *text, uint64_t *value, const char **rest);
/* The argument of --option, which must be one from min to max. */
error_t cli_number(struct cli *c, const char *option, const char *text, uint64_t min, uint64_t max,
		   uint64_t *value);
/* The argument of --mem-latency: N or MIN-MAX, cycles from 1 to 1000. */
error_t cli_latency(struct cli *c, const char *text, uint64_t *min, uint64_t *max);
/* The argument of --model: "rtl" or "golden". */
error_t cli_model(struct cli *c, const char *name, const char **model);
/* The argument of --memory: a size in bytes, a multiple of 4 KiB up to 2 GiB. */
error_t cli_memory(struct cli *c, const char *text, uint64_t *bytes);

/* The same words as a shell takes them, for "run it again". free() it; NULL: no memory. */
char *cli_command_line(int argc, char **argv);

#endif
