#include "options.h"

#include <string.h>
#include <strings.h>

#include "csr_names.h"
#include "mmu_pkg.h"

#define DEFAULT_MEMORY (128ull << 20)
#define DEFAULT_BASE   0x80000000ull

enum key {
	KEY_CONFIG = 'c',
	KEY_FAULT = 0x200,
	KEY_AT_INSTRUCTION,
	KEY_LIST,
	KEY_MEMORY,
	KEY_DISK,
	KEY_MAX_INSTRUCTIONS,
	KEY_VA,
	KEY_ACCESS,
	KEY_PRIV,
	KEY_BYTES,
	KEY_SUM,
	KEY_MXR,
	KEY_IMAGE,
	KEY_BASE,
	KEY_SATP,
	KEY_XLEN,
	KEY_CSR,
	KEY_JSON,
};

static const struct argp_option option_table[] = {
    {NULL, 0, NULL, 0, "A program, stopped", 1},
    {"fault", KEY_FAULT, "N", 0, "... at its N-th fault (default 1)", 1},
    {"at-instruction", KEY_AT_INSTRUCTION, "N", 0,
     "... after N instructions, those that trap included; needs --va", 1},
    {"list", KEY_LIST, NULL, 0, "... nowhere: list its faults, a line each", 1},
    {"max-instructions", KEY_MAX_INSTRUCTIONS, "N", 0, "Give up after N instructions", 1},
    {"memory", KEY_MEMORY, "SIZE", 0, "As for atlas run (default 128M)", 1},
    {"disk", KEY_DISK, "FILE", 0, "As for atlas run", 1},
    {NULL, 0, NULL, 0, "Or an image of memory", 2},
    {"image", KEY_IMAGE, "FILE", 0, "Raw bytes of physical memory", 2},
    {"base", KEY_BASE, "ADDRESS", 0, "Physical address of the first (default 0x80000000)", 2},
    {"satp", KEY_SATP, "VALUE", 0, "The register satp", 2},
    {"xlen", KEY_XLEN, "32|64", 0, "Width of registers (default 64)", 2},
    {"csr", KEY_CSR, "NAME=VALUE", 0,
     "Another register: menvcfg, menvcfgh, senvcfg, mseccfg, pmpcfgN, pmpaddrN, segctl, "
     "segmentN.base, .last, .phys, .physh, .cfg; may be given again",
     2},
    {NULL, 0, NULL, 0, "The access (default: the one that faulted)", 3},
    {"va", KEY_VA, "ADDRESS", 0, "Virtual address", 3},
    {"access", KEY_ACCESS, "KIND", 0,
     "load, store, fetch, lr, sc, amo, cbo.zero, cbo.clean, prefetch, ss-load, ss-store, ss-amo",
     3},
    {"priv", KEY_PRIV, "u|s|m", 0, "Effective privilege", 3},
    {"bytes", KEY_BYTES, "N", 0, "Length: 1, 2, 4 or 8", 3},
    {"sum", KEY_SUM, NULL, 0, "With mstatus.SUM", 3},
    {"mxr", KEY_MXR, NULL, 0, "With mstatus.MXR", 3},
    {NULL, 0, NULL, 0, "General", 4},
    {"config", KEY_CONFIG, "NAME", 0,
     "Configuration (default sv39; an image: every extension, all memory alike)", 4},
    {"json", KEY_JSON, NULL, 0, "JSON instead of text", 4},
    CLI_HELP_OPTION,
    {0},
};

static const char doc[] =
    "Explain one address translation: the walk level by level, the rule that decided, and "
    "what software could do."
    "\vExit code: 0 explained, 1 the program ended before, 2 bad options or input, "
    "3 --max-instructions reached.";

struct parse {
	struct cli cli;
	struct explain_options *options;
	/* The last option that was given of those that only fit a program, or an image, or
	 * an address of one's own; NULL: none. */
	const char *of_program, *of_image, *of_access;
	bool has_fault, has_satp;
};

struct word {
	const char *name;
	unsigned value;
};

/* False: none of them. */
static bool find_word(const struct word *words, size_t count, const char *text, unsigned *value)
{
	for (size_t i = 0; i < count; i++)
		if (strcasecmp(words[i].name, text) == 0) {
			*value = words[i].value;
			return true;
		}
	return false;
}

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static error_t access_kind(struct parse *p, const char *text)
{
	static const struct word kinds[] = {
	    {"load", ACC_LOAD},
	    {"store", ACC_STORE},
	    {"fetch", ACC_FETCH},
	    {"lr", ACC_LR},
	    {"sc", ACC_SC},
	    {"amo", ACC_AMO},
	    {"cbo.zero", ACC_CBO_ZERO},
	    {"cbo.clean", ACC_CBO_MANAGE},
	    {"prefetch", ACC_PREFETCH},
	    {"ss-load", ACC_SS_LOAD},
	    {"ss-store", ACC_SS_STORE},
	    {"ss-amo", ACC_SS_AMO},
	};
	unsigned value;

	if (!find_word(kinds, COUNT(kinds), text, &value))
		return cli_complain(&p->cli, "--access: '%s' is no kind of access; see '%s --help'",
				    text, p->cli.name);
	p->options->access.has_access = true;
	p->options->access.access = (uint8_t)value;
	return 0;
}

static error_t privilege(struct parse *p, const char *text)
{
	static const struct word modes[] = {{"u", PRIV_U}, {"s", PRIV_S}, {"m", PRIV_M}};
	unsigned value;

	if (!find_word(modes, COUNT(modes), text, &value))
		return cli_complain(&p->cli, "--priv: '%s' is not one of u, s, m", text);
	p->options->access.has_priv = true;
	p->options->access.priv = (uint8_t)value;
	return 0;
}

static error_t length(struct parse *p, const char *text)
{
	struct asked_access *a = &p->options->access;
	error_t error = cli_number(&p->cli, "bytes", text, 1, 8, &a->bytes);

	a->has_bytes = true;
	if (!error && (a->bytes & (a->bytes - 1)))
		return cli_complain(&p->cli, "--bytes: '%s' is not one of 1, 2, 4, 8", text);
	return error;
}

static error_t width(struct parse *p, const char *text)
{
	if (strcmp(text, "32") != 0 && strcmp(text, "64") != 0)
		return cli_complain(&p->cli, "--xlen: '%s' is not one of 32, 64", text);
	p->options->xlen = text[0] == '3' ? 32 : 64;
	return 0;
}

static error_t setting(struct parse *p, const char *text)
{
	struct explain_options *o = p->options;
	const char *rest;
	unsigned number;
	uint64_t value;

	if (o->csrs == EXPLAIN_CSRS)
		return cli_complain(&p->cli, "--csr: more than %d of them", EXPLAIN_CSRS);
	if (!csr_by_name(text, &number, &rest) || *rest != '=' ||
	    !cli_read_number(rest + 1, &value, &rest) || *rest)
		return cli_complain(&p->cli,
				    "--csr: '%s' is no register of the MMU and its value, such as "
				    "menvcfg=0x2000000000000000",
				    text);
	o->csr[o->csrs++] = (struct csr_setting){number, value};
	return 0;
}

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
	const struct explain_options *o = p->options;
	struct cli *c = &p->cli;

	if (c->help)
		return 0;
	if (o->program && o->image)
		return cli_complain(c, "either a program or --image, not both");
	if (!o->program && !o->image)
		return cli_complain(c, "no program given; usage: atlas explain [OPTION...] "
				       "PROGRAM.elf, or --image FILE --satp VALUE --va ADDRESS");
	if (o->image && p->of_program)
		return cli_complain(c, "--%s is for a program, not for an image", p->of_program);
	if (o->program && p->of_image)
		return cli_complain(c, "--%s is for an image, not for a program", p->of_image);
	if (o->image && (!p->has_satp || !o->access.has_va))
		return cli_complain(c, "--image needs --satp VALUE and --va ADDRESS");
	if (o->at_instruction != UINT64_MAX && p->has_fault)
		return cli_complain(c, "either --fault or --at-instruction, not both");
	if (o->at_instruction != UINT64_MAX && !o->access.has_va)
		return cli_complain(c, "--at-instruction needs --va ADDRESS");
	if (p->of_access && !o->access.has_va)
		return cli_complain(c, "--%s needs --va ADDRESS", p->of_access);
	if (o->list && (p->has_fault || o->access.has_va || o->at_instruction != UINT64_MAX))
		return cli_complain(c, "--list explains nothing: leave --fault, --at-instruction "
				       "and --va away");
	return 0;
}

static error_t parse_of_program(int key, char *arg, struct parse *p)
{
	struct explain_options *o = p->options;

	switch (key) {
	case KEY_FAULT:
		p->of_program = "fault";
		p->has_fault = true;
		return cli_number(&p->cli, "fault", arg, 1, UINT64_MAX, &o->fault);
	case KEY_AT_INSTRUCTION:
		p->of_program = "at-instruction";
		return cli_number(&p->cli, "at-instruction", arg, 0, UINT64_MAX - 1,
				  &o->at_instruction);
	case KEY_LIST:
		p->of_program = "list";
		o->list = true;
		return 0;
	case KEY_MAX_INSTRUCTIONS:
		p->of_program = "max-instructions";
		return cli_number(&p->cli, "max-instructions", arg, 1, UINT64_MAX, &o->max_steps);
	case KEY_MEMORY:
		p->of_program = "memory";
		return cli_memory(&p->cli, arg, &o->memory_bytes);
	case KEY_DISK:
		p->of_program = "disk";
		o->disk = arg;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static error_t parse_of_image(int key, char *arg, struct parse *p)
{
	struct explain_options *o = p->options;

	switch (key) {
	case KEY_IMAGE:
		o->image = arg;
		return 0;
	case KEY_BASE:
		p->of_image = "base";
		return cli_number(&p->cli, "base", arg, 0, UINT64_MAX, &o->base);
	case KEY_SATP:
		p->of_image = "satp";
		p->has_satp = true;
		return cli_number(&p->cli, "satp", arg, 0, UINT64_MAX, &o->satp);
	case KEY_XLEN:
		p->of_image = "xlen";
		return width(p, arg);
	case KEY_CSR:
		p->of_image = "csr";
		return setting(p, arg);
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static error_t parse_of_access(int key, char *arg, struct parse *p)
{
	struct asked_access *a = &p->options->access;

	switch (key) {
	case KEY_VA:
		a->has_va = true;
		return cli_number(&p->cli, "va", arg, 0, UINT64_MAX, &a->va);
	case KEY_ACCESS:
		p->of_access = "access";
		return access_kind(p, arg);
	case KEY_PRIV:
		p->of_access = "priv";
		return privilege(p, arg);
	case KEY_BYTES:
		p->of_access = "bytes";
		return length(p, arg);
	case KEY_SUM:
		p->of_access = "sum";
		a->sum = true;
		return 0;
	case KEY_MXR:
		p->of_access = "mxr";
		a->mxr = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	static error_t (*const groups[])(int key, char *arg, struct parse *p) = {
	    parse_of_program, parse_of_image, parse_of_access};
	struct parse *p = state->input;

	for (size_t i = 0; i < COUNT(groups); i++) {
		error_t error = groups[i](key, arg, p);

		if (error != ARGP_ERR_UNKNOWN)
			return error;
	}
	switch (key) {
	case KEY_CONFIG:
		p->options->config = arg;
		return 0;
	case KEY_JSON:
		p->options->json = true;
		return 0;
	case ARGP_KEY_ARG:
		return program(p, arg);
	case ARGP_KEY_END:
		return check_together(p);
	default:
		return cli_common(key, state);
	}
}

enum parsed parse_explain_options(int argc, char **argv, struct explain_options *options)
{
	static const struct argp argp = {option_table,
					 parse_option,
					 "PROGRAM.elf\n--image FILE --satp VALUE --va ADDRESS",
					 doc,
					 0,
					 0,
					 0};
	struct parse p = {.cli = {.name = "atlas explain", .argp = &argp}, .options = options};

	*options = (struct explain_options){
	    .fault = 1,
	    .at_instruction = UINT64_MAX,
	    .max_steps = UINT64_MAX,
	    .memory_bytes = DEFAULT_MEMORY,
	    .xlen = 64,
	    .base = DEFAULT_BASE,
	};
	return cli_parse(&p.cli, argc, argv);
}
