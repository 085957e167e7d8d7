#include "options.h"

#include <argp.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME "atlas run"

#define KIB (1ull << 10)
#define MIB (1ull << 20)
#define GIB (1ull << 30)

/* RAM is made of pages, and ends where 32 address bits do. */
#define MIN_MEMORY (4 * KIB)
#define MAX_MEMORY (2 * GIB)

enum key {
	KEY_CONFIG = 'c',
	KEY_MODEL = 'm',
	KEY_HELP = 'h',
	KEY_QUIET = 'q',
	KEY_NO_LOCKSTEP = 0x100,
	KEY_WAVE,
	KEY_WAVE_FROM,
	KEY_WAVE_TO,
	KEY_MEMORY,
	KEY_DISK,
	KEY_SIGNATURE,
	KEY_MAX_INSTRUCTIONS,
	KEY_MEM_LATENCY,
	KEY_SEED,
	KEY_JSON,
};

static const struct argp_option option_table[] = {
    {NULL, 0, NULL, 0, "The MMU", 1},
    {"config", KEY_CONFIG, "NAME", 0, "Configuration (default sv39); `atlas configs' lists them",
     1},
    {"model", KEY_MODEL, "rtl|golden", 0, "What translates (default rtl, in lockstep)", 1},
    {"no-lockstep", KEY_NO_LOCKSTEP, NULL, 0, "Do not check the RTL against the golden model", 1},
    {"mem-latency", KEY_MEM_LATENCY, "N|MIN-MAX", 0,
     "Cycles from a PTE's request to its data, drawn evenly (default 1)", 1},
    {"seed", KEY_SEED, "N", 0, "Of what is drawn (default 1)", 1},
    {NULL, 0, NULL, 0, "The machine", 2},
    {"memory", KEY_MEMORY, "SIZE", 0,
     "RAM at 0x80000000: MiB, or a number with K, M or G (default 128M)", 2},
    {"disk", KEY_DISK, "FILE", 0, "Raw image of the virtio disk, read and written", 2},
    {"max-instructions", KEY_MAX_INSTRUCTIONS, "N", 0,
     "Stop after N instructions, those that trap included, with exit code 3", 2},
    {NULL, 0, NULL, 0, "Results", 3},
    {"wave", KEY_WAVE, "FILE", 0, "Write a waveform (FST) of the RTL", 3},
    {"wave-from", KEY_WAVE_FROM, "CYCLE", 0, "... from this clock cycle", 3},
    {"wave-to", KEY_WAVE_TO, "CYCLE", 0, "... to this clock cycle", 3},
    {"signature", KEY_SIGNATURE, "FILE", 0,
     "Write memory from begin_signature to end_signature, a hexadecimal word a line", 3},
    {"json", KEY_JSON, "FILE", 0, "Write the report as JSON; - is standard output", 3},
    {"quiet", KEY_QUIET, NULL, 0, "No report", 3},
    {"help", KEY_HELP, NULL, 0, "Show this help", -1},
    {0},
};

static const char doc[] =
    "Run a RISC-V program with every fetch, load and store translated by the MMU."
    "\vWhat the program prints goes to standard output, the report to standard error.\n"
    "Exit code: 0 the program passed, 1 it failed or the MMU did, 2 bad options or input, "
    "3 --max-instructions reached.";

struct parse {
	struct run_options *options;
	bool help;
	bool complained;
	bool wave_window; /* --wave-from or --wave-to was given */
	const char *culprit;
};

static error_t __attribute__((format(printf, 2, 3)))
complain(struct parse *p, const char *format, ...)
{
	va_list args;

	fputs(NAME ": ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	p->complained = true;
	return EINVAL;
}

/* A whole number, decimal or 0x...; *rest is what follows it. */
static bool read_number(const char *text, uint64_t *value, const char **rest)
{
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*value = strtoull(text, &end, 0);
	*rest = end;
	return errno == 0;
}

static error_t number(struct parse *p, const char *option, const char *text, uint64_t min,
		      uint64_t max, uint64_t *value)
{
	const char *rest;

	if (read_number(text, value, &rest) && !*rest && *value >= min && *value <= max)
		return 0;
	if (max == UINT64_MAX)
		return complain(p, "--%s: '%s' is not a whole number from %" PRIu64 " up", option,
				text, min);
	return complain(p, "--%s: '%s' is not a whole number from %" PRIu64 " to %" PRIu64, option,
			text, min, max);
}

static error_t latency(struct parse *p, const char *text)
{
	struct run_options *o = p->options;
	const char *rest;

	if (read_number(text, &o->latency_min, &rest)) {
		o->latency_max = o->latency_min;
		if (*rest == '-' && !read_number(rest + 1, &o->latency_max, &rest))
			rest = "?";
		if (!*rest && o->latency_min >= 1 && o->latency_max >= o->latency_min &&
		    o->latency_max <= 1000)
			return 0;
	}
	return complain(p, "--mem-latency: '%s' is not N or MIN-MAX, cycles from 1 to 1000", text);
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

static error_t memory(struct parse *p, const char *text)
{
	const char *rest;
	uint64_t count, unit;

	if (read_number(text, &count, &rest)) {
		unit = unit_of(*rest);
		if (unit && (!*rest || !rest[1]) && count <= MAX_MEMORY / unit &&
		    count * unit >= MIN_MEMORY && count * unit % MIN_MEMORY == 0) {
			p->options->memory_bytes = count * unit;
			return 0;
		}
	}
	return complain(p,
			"--memory: '%s' is no size: MiB, or a number with K, M or G, from 4K to "
			"2G and a multiple of 4K",
			text);
}

static error_t model(struct parse *p, const char *name)
{
	if (strcmp(name, "rtl") != 0 && strcmp(name, "golden") != 0)
		return complain(p, "--model: '%s' is not one of rtl, golden", name);
	p->options->model = name;
	return 0;
}

static error_t program(struct parse *p, const char *path)
{
	if (p->options->program)
		return complain(p, "one program at a time, but '%s' comes after '%s'", path,
				p->options->program);
	p->options->program = path;
	return 0;
}

/* What holds only when all options are known. */
static error_t check_together(struct parse *p)
{
	const struct run_options *o = p->options;
	bool golden = strcmp(o->model, "golden") == 0;

	if (p->help)
		return 0;
	if (!o->program)
		return complain(p, "no program given; usage: " NAME " [OPTION...] PROGRAM.elf");
	if (o->wave && golden)
		return complain(p, "--wave: only --model rtl has a waveform");
	if (p->wave_window && !o->wave)
		return complain(p, "--wave-from and --wave-to need --wave FILE");
	if (o->wave_from > o->wave_to)
		return complain(p, "--wave-from %" PRIu64 " lies after --wave-to %" PRIu64,
				o->wave_from, o->wave_to);
	return 0;
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct parse *p = state->input;
	struct run_options *o = p->options;

	switch (key) {
	case KEY_CONFIG:
		o->config = arg;
		return 0;
	case KEY_MODEL:
		return model(p, arg);
	case KEY_NO_LOCKSTEP:
		o->lockstep = false;
		return 0;
	case KEY_MEM_LATENCY:
		return latency(p, arg);
	case KEY_SEED:
		return number(p, "seed", arg, 0, UINT64_MAX, &o->seed);
	case KEY_MEMORY:
		return memory(p, arg);
	case KEY_DISK:
		o->disk = arg;
		return 0;
	case KEY_MAX_INSTRUCTIONS:
		return number(p, "max-instructions", arg, 1, UINT64_MAX, &o->max_steps);
	case KEY_WAVE:
		o->wave = arg;
		return 0;
	case KEY_WAVE_FROM:
		p->wave_window = true;
		return number(p, "wave-from", arg, 0, UINT64_MAX, &o->wave_from);
	case KEY_WAVE_TO:
		p->wave_window = true;
		return number(p, "wave-to", arg, 0, UINT64_MAX, &o->wave_to);
	case KEY_SIGNATURE:
		o->signature = arg;
		return 0;
	case KEY_JSON:
		o->json = arg;
		return 0;
	case KEY_QUIET:
		o->quiet = true;
		return 0;
	case KEY_HELP:
		p->help = true;
		argp_help(state->root_argp, stdout, ARGP_HELP_STD_HELP & ~ARGP_HELP_EXIT_OK,
			  (char *)NAME);
		return 0;
	case ARGP_KEY_ARG:
		return program(p, arg);
	case ARGP_KEY_END:
		return check_together(p);
	case ARGP_KEY_ERROR:
		p->culprit = state->argv[state->next - 1];
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* getopt refused `culprit`: says which of its reasons it had. */
static void complain_of_option(struct parse *p)
{
	const char *name = p->culprit + strspn(p->culprit, "-");
	size_t length = strcspn(name, "=");
	const char *problem = "unknown or ambiguous option";

	for (const struct argp_option *o = option_table; o->key || o->group; o++) {
		bool is_long =
		    o->name && strlen(o->name) == length && strncmp(o->name, name, length) == 0;
		bool is_short = p->culprit[1] != '-' && o->key == name[0];

		if (is_long || is_short)
			problem = o->arg ? "value missing for" : "no value fits";
	}
	complain(p, "%s '%s'; see '" NAME " --help'", problem, p->culprit);
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

/* The defaults are fixed, the seed's too: the same words repeat the same run. */
static char *join(int argc, char **argv)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	print_argument(out, program_invocation_name);
	fputs(" run", out);
	for (int i = 1; i < argc; i++) {
		fputc(' ', out);
		print_argument(out, argv[i]);
	}
	fclose(out);
	return text;
}

enum parsed parse_run_options(int argc, char **argv, struct run_options *options)
{
	static const struct argp argp = {option_table, parse_option, "PROGRAM.elf", doc, 0, 0, 0};
	struct parse p = {.options = options};
	error_t error;
	char *command_line = join(argc, argv);

	*options = (struct run_options){
	    .config = "sv39",
	    .model = "rtl",
	    .lockstep = true,
	    .wave_to = UINT64_MAX,
	    .memory_bytes = 128 * MIB,
	    .max_steps = UINT64_MAX,
	    .latency_min = 1,
	    .latency_max = 1,
	    .seed = 1,
	    .command_line = command_line,
	};
	/* argp's own messages take two lines; these take one. */
	error = argp_parse(&argp, argc, argv, ARGP_NO_ERRS | ARGP_NO_HELP, NULL, &p);
	if (p.help)
		return PARSED_HELP;
	if (!error)
		return PARSED_RUN;
	if (!p.complained)
		complain_of_option(&p);
	return PARSED_BAD;
}
