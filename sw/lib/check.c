#include "check.h"

#include <stdarg.h>
#include <stddef.h>

#include "console.h"

static const char *group;
static const char *lacking; /* why all checks are skipped, or NULL */
static unsigned checks, failures;

void check_group(const char *name)
{
	group = name;
}

const char *check_name(const char *name, unsigned number)
{
	static char text[64];
	char *p = text;

	while (*name && p < text + sizeof text - 5)
		*p++ = *name++;
	*p++ = '_';
	if (number >= 10)
		*p++ = '0' + number / 10 % 10;
	*p++ = '0' + number % 10;
	*p = 0;
	return text;
}

static void begin_line(const char *name)
{
	checks++;
	if (group)
		printf("check %s/%s: ", group, name);
	else
		printf("check %s: ", name);
}

/* One of the checks that are skipped? Then its line is printed. */
static bool skipped(const char *name)
{
	if (lacking)
		check_skip(name, lacking);
	return lacking;
}

const char *check_skip_all(const char *why)
{
	const char *before = lacking;

	if (!before)
		lacking = why;
	return before;
}

void check_skip_back(const char *before)
{
	lacking = before;
}

void check(const char *name, bool ok)
{
	if (skipped(name))
		return;
	begin_line(name);
	failures += !ok;
	puts(ok ? "ok" : "FAILED");
}

void check_equal(const char *name, xword expected, xword got)
{
	if (expected == got)
		check(name, true);
	else
		check_failed(name, "expected 0x%lx, got 0x%lx", expected, got);
}

void check_skip(const char *name, const char *why)
{
	begin_line(name);
	printf("skipped (%s)\n", lacking ? lacking : why);
}

void check_failed(const char *name, const char *format, ...)
{
	va_list args;

	if (skipped(name))
		return;
	begin_line(name);
	failures++;
	printf("FAILED ");
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
}

int check_end(void)
{
	if (failures == 0 && checks > 0) {
		puts("passed");
		return 0;
	}
	printf("FAILED %u of %u checks\n", failures, checks);
	return 1;
}
