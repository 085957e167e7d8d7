#include "options.h"

#include <inttypes.h>
#include <string.h>

#define DEFAULT_MEMORY (128ull << 20)

enum key {
	KEY_CONFIG = 'c',
	KEY_MODEL = 'm',
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
	KEY_TRACE,
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
    {"trace", KEY_TRACE, "FILE", 0,
     "Record what is translated, for `atlas replay': text if FILE ends with .txt", 3},
    {"quiet", KEY_QUIET, NULL, 0, "No report", 3},
    CLI_HELP_OPTION,
    {0},
};

static const char doc[] =
    "Run a RISC-V program with every fetch, load and store translated by the MMU."
    "\vWhat the program prints goes to standard output, the report to standard error.\n"
    "Exit code: 0 the program passed, 1 it failed or the MMU did, 2 bad options or input, "
    "3 --max-instructions reached.";

struct parse {
	struct cli cli;
	struct run_options *options;
	bool wave_window; /* --wave-from or --wave-to was given */
};

static error_t program(struct parse *p, const char *path)
{
	if (p->options->program)
		return cli_complain(&p->cli, "one program at a time, but '%s' comes after '%s'",
				    path, p->options->program);
	p->options->program = path;
	return 0;
}

/* What holds only when all options are known. */
static error_t check_together(struct parse *p)
{
	const struct run_options *o = p->options;
	bool golden = strcmp(o->model, "golden") == 0;

	if (p->cli.help)
		return 0;
	if (!o->program)
		return cli_complain(&p->cli,
				    "no program given; usage: atlas run [OPTION...] PROGRAM.elf");
	if (o->wave && golden)
		return cli_complain(&p->cli, "--wave: only --model rtl has a waveform");
	if (p->wave_window && !o->wave)
		return cli_complain(&p->cli, "--wave-from and --wave-to need --wave FILE");
	if (o->wave_from > o->wave_to)
		return cli_complain(&p->cli,
				    "--wave-from %" PRIu64 " lies after --wave-to %" PRIu64,
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
		return cli_model(&p->cli, arg, &o->model);
	case KEY_NO_LOCKSTEP:
		o->lockstep = false;
		return 0;
	case KEY_MEM_LATENCY:
		return cli_latency(&p->cli, arg, &o->latency_min, &o->latency_max);
	case KEY_SEED:
		return cli_number(&p->cli, "seed", arg, 0, UINT64_MAX, &o->seed);
	case KEY_MEMORY:
		return cli_memory(&p->cli, arg, &o->memory_bytes);
	case KEY_DISK:
		o->disk = arg;
		return 0;
	case KEY_MAX_INSTRUCTIONS:
		return cli_number(&p->cli, "max-instructions", arg, 1, UINT64_MAX, &o->max_steps);
	case KEY_WAVE:
		o->wave = arg;
		return 0;
	case KEY_WAVE_FROM:
		p->wave_window = true;
		return cli_number(&p->cli, "wave-from", arg, 0, UINT64_MAX, &o->wave_from);
	case KEY_WAVE_TO:
		p->wave_window = true;
		return cli_number(&p->cli, "wave-to", arg, 0, UINT64_MAX, &o->wave_to);
	case KEY_SIGNATURE:
		o->signature = arg;
		return 0;
	case KEY_JSON:
		o->json = arg;
		return 0;
	case KEY_TRACE:
		o->trace = arg;
		return 0;
	case KEY_QUIET:
		o->quiet = true;
		return 0;
	case ARGP_KEY_ARG:
		return program(p, arg);
	case ARGP_KEY_END:
		return check_together(p);
	default:
		return cli_common(key, state);
	}
}

enum parsed parse_run_options(int argc, char **argv, struct run_options *options)
{
	static const struct argp argp = {option_table, parse_option, "PROGRAM.elf", doc, 0, 0, 0};
	struct parse p = {.cli = {.name = "atlas run", .argp = &argp}, .options = options};

	*options = (struct run_options){
	    .config = "sv39",
	    .model = "rtl",
	    .lockstep = true,
	    .wave_to = UINT64_MAX,
	    .memory_bytes = DEFAULT_MEMORY,
	    .max_steps = UINT64_MAX,
	    .latency_min = 1,
	    .latency_max = 1,
	    .seed = 1,
	    .command_line = cli_command_line(argc, argv),
	};
	return cli_parse(&p.cli, argc, argv);
}
