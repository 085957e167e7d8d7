#include "options.h"

#include <string.h>

enum key {
	KEY_CONFIG = 'c',
	KEY_MODEL = 'm',
	KEY_PAGE_SIZE = 'p',
	KEY_MEM_LATENCY = 0x100,
	KEY_SEED,
	KEY_MODE,
	KEY_WINDOW,
	KEY_REPEAT,
	KEY_FORMAT,
	KEY_LIMIT,
	KEY_CUT,
	KEY_CONVERT,
	KEY_JSON,
};

static const struct argp_option option_table[] = {
    {NULL, 0, NULL, 0, "The MMU", 1},
    {"config", KEY_CONFIG, "NAME", 0, "Configuration (default sv39); `atlas configs' lists them",
     1},
    {"model", KEY_MODEL, "rtl|golden", 0, "What translates (default rtl)", 1},
    {"mem-latency", KEY_MEM_LATENCY, "N|MIN-MAX", 0,
     "Cycles from a PTE's request to its data, drawn evenly (default 1)", 1},
    {"seed", KEY_SEED, "N", 0, "Of what is drawn (default 1)", 1},
    {NULL, 0, NULL, 0, "The accesses", 2},
    {"page-size", KEY_PAGE_SIZE, "SIZE", 0,
     "Of every page: 4K (default), 64K (Svnapot), 2M, 1G, 512G, 256T; Sv32: 4K, 4M", 2},
    {"mode", KEY_MODE, "NAME", 0,
     "sv32, sv39, sv48 or sv57 (default: the least that has all addresses)", 2},
    {"cut-addresses", KEY_CUT, NULL, 0, "Cut addresses to the mode's width, not refuse them", 2},
    {"window", KEY_WINDOW, "N", 0,
     "Accesses unanswered at once, 1 to 64 (default 16); 1 is a core that waits", 2},
    {"repeat", KEY_REPEAT, "N", 0, "Run it N times and count the last, with warm TLBs", 2},
    {NULL, 0, NULL, 0, "The trace", 3},
    {"format", KEY_FORMAT, "NAME", 0,
     "auto (default: text or binary of ours), text, binary, lackey, champsim", 3},
    {"limit", KEY_LIMIT, "N", 0, "Only the first N records", 3},
    {"convert", KEY_CONVERT, "FILE", 0,
     "Write the trace to FILE instead, as text if its name ends with .txt, else binary", 3},
    {NULL, 0, NULL, 0, "Results", 4},
    {"json", KEY_JSON, NULL, 0, "Print the report as JSON", 4},
    CLI_HELP_OPTION,
    {0},
};

static const char doc[] =
    "Put an address trace (- for standard input) through a configuration, as fast as its ports "
    "take it; print cycles, hits, misses and walks."
    "\vExit code: 0 all answers were right, 1 one was not, 2 bad options or input.";

struct parse {
	struct cli cli;
	struct replay_options *options;
};

/* 4K, 2M ...; the unit in capitals or not. */
static error_t page_size(struct parse *p, const char *text)
{
	static const char units[] = "kmgtKMGT";
	const char *rest, *unit;
	uint64_t count;

	if (cli_read_number(text, &count, &rest) && *rest && !rest[1] &&
	    (unit = strchr(units, *rest)) && count >= 1 && count <= 512) {
		p->options->setup.page_bytes = count << (10 * ((unit - units) % 4 + 1));
		return 0;
	}
	return cli_complain(&p->cli, "--page-size: '%s' is none of 4K, 64K, 2M, 4M, 1G, 512G, 256T",
			    text);
}

static error_t mode(struct parse *p, const char *name)
{
	static const char *const names[] = {"sv32", "sv39", "sv48", "sv57"};

	for (unsigned i = 0; i < 4; i++)
		if (strcmp(name, names[i]) == 0) {
			p->options->setup.mode = name;
			return 0;
		}
	return cli_complain(&p->cli, "--mode: '%s' is not one of sv32, sv39, sv48, sv57", name);
}

static error_t number(struct parse *p, const char *option, const char *text, uint64_t max,
		      unsigned *value)
{
	uint64_t n;
	error_t error = cli_number(&p->cli, option, text, 1, max, &n);

	if (!error)
		*value = (unsigned)n;
	return error;
}

static error_t latency(struct parse *p, const char *text)
{
	struct mmu_timing *timing = &p->options->setup.timing;
	uint64_t min, max;
	error_t error = cli_latency(&p->cli, text, &min, &max);

	if (!error) {
		timing->latency_min = (unsigned)min;
		timing->latency_max = (unsigned)max;
	}
	return error;
}

static error_t trace(struct parse *p, const char *path)
{
	if (p->options->trace)
		return cli_complain(&p->cli, "one trace at a time, but '%s' comes after '%s'", path,
				    p->options->trace);
	p->options->trace = path;
	return 0;
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct parse *p = state->input;
	struct replay_options *o = p->options;

	switch (key) {
	case KEY_CONFIG:
		o->setup.config = arg;
		return 0;
	case KEY_MODEL:
		return cli_model(&p->cli, arg, &o->setup.model);
	case KEY_MEM_LATENCY:
		return latency(p, arg);
	case KEY_SEED:
		return cli_number(&p->cli, "seed", arg, 0, UINT64_MAX, &o->setup.timing.seed);
	case KEY_PAGE_SIZE:
		return page_size(p, arg);
	case KEY_MODE:
		return mode(p, arg);
	case KEY_CUT:
		o->setup.cut = true;
		return 0;
	case KEY_WINDOW:
		return number(p, "window", arg, REPLAY_MAX_WINDOW, &o->setup.window);
	case KEY_REPEAT:
		return number(p, "repeat", arg, 1000, &o->setup.repeat);
	case KEY_FORMAT:
		if (trace_format_find(arg, &o->format))
			return 0;
		return cli_complain(&p->cli,
				    "--format: '%s' is none of auto, text, binary, lackey, "
				    "champsim",
				    arg);
	case KEY_LIMIT:
		return cli_number(&p->cli, "limit", arg, 1, UINT64_MAX, &o->limit);
	case KEY_CONVERT:
		o->convert = arg;
		return 0;
	case KEY_JSON:
		o->json = true;
		return 0;
	case ARGP_KEY_ARG:
		return trace(p, arg);
	case ARGP_KEY_END:
		if (!p->cli.help && !o->trace)
			return cli_complain(&p->cli, "no trace given; usage: atlas replay "
						     "[OPTION...] TRACE");
		return 0;
	default:
		return cli_common(key, state);
	}
}

enum parsed parse_replay_options(int argc, char **argv, struct replay_options *options)
{
	static const struct argp argp = {option_table, parse_option, "TRACE", doc, 0, 0, 0};
	struct parse p = {.cli = {.name = "atlas replay", .argp = &argp}, .options = options};

	*options = (struct replay_options){
	    .limit = UINT64_MAX,
	    .setup =
		{
		    .config = "sv39",
		    .model = "rtl",
		    .timing = {.latency_min = 1, .latency_max = 1, .seed = 1},
		},
	};
	return cli_parse(&p.cli, argc, argv);
}
