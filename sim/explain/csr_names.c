#include "csr_names.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "cli.h"
#include "mmu_pkg.h"

struct name {
	const char *prefix;
	unsigned first;
	unsigned count; /* a number below this follows; 0: none does */
};

/* A name that begins with another comes before it. */
static const struct name names[] = {
    {"menvcfgh", CSR_MENVCFGH, 0}, {"menvcfg", CSR_MENVCFG, 0},   {"senvcfg", CSR_SENVCFG, 0},
    {"mseccfg", CSR_MSECCFG, 0},   {"pmpcfg", CSR_PMPCFG0, 16},   {"pmpaddr", CSR_PMPADDR0, 64},
    {"segctl", REG_SEGCTL, 0},     {"segment", REG_SEGMENT0, 16},
};

static const struct name fields[] = {
    {".base", SEGREG_BASE, 0}, {".last", SEGREG_LAST, 0}, {".physh", SEGREG_PHYSH, 0},
    {".phys", SEGREG_PHYS, 0}, {".cfg", SEGREG_CFG, 0},
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* The one that text begins with, or NULL. */
static const struct name *find(const struct name *in, size_t count, const char *text)
{
	for (size_t i = 0; i < count; i++)
		if (strncasecmp(text, in[i].prefix, strlen(in[i].prefix)) == 0)
			return &in[i];
	return NULL;
}

bool csr_by_name(const char *text, unsigned *number, const char **rest)
{
	const struct name *name = find(names, COUNT(names), text), *field;
	uint64_t n = 0;

	if (!name)
		return false;
	*rest = text + strlen(name->prefix);
	if (name->count && (!cli_read_number(*rest, &n, rest) || n >= name->count))
		return false;
	*number = name->first + (unsigned)n;
	if (name->first != REG_SEGMENT0)
		return true;
	field = find(fields, COUNT(fields), *rest);
	if (!field)
		return false;
	*rest += strlen(field->prefix);
	*number = REG_SEGMENT0 + 8 * (unsigned)n + field->first;
	return true;
}
