/* Traces that other tools write: docs/traces.md, "Foreign traces". All of it is U-mode in
 * one address space. */
#include <stdlib.h>
#include <string.h>

#include "internal.h"

/* ---- Valgrind's lackey ----------------------------------------------------------- */

/* "I  04016b80,3", " L 1ffeffe7e,8", " S ...", " M ..."; addresses are hexadecimal. */
enum trace_result trace_read_lackey(struct trace_reader *r)
{
	static const char want[] = "want 'I  ADDRESS,SIZE', or ' L', ' S' or ' M' before them, as "
				   "valgrind --tool=lackey --trace-mem=yes prints";
	char line[120], *end;
	bool cut;

	while (trace_line(r, line, sizeof(line), &cut)) {
		uint64_t va, bytes;
		char kind = line[0] == ' ' ? line[1] : line[0];

		/* Valgrind's own words, and those of the program between the lines */
		if (line[0] == '=' || line[0] == '-' || line[0] == '\0')
			continue;
		if (cut || !kind || !strchr("ILSM", kind) || (kind == 'I') != (line[0] == 'I') ||
		    line[1 + (kind != 'I')] != ' ')
			return trace_bad(r, "%s", want);

		const char *at = line + 1 + (kind != 'I');

		at += strspn(at, " ");
		if (!*at || strchr("+-,", *at))
			return trace_bad(r, "%s", want);
		va = strtoull(at, &end, 16);
		if (*end != ',' || end - at > 16 || end[1] < '0' || end[1] > '9')
			return trace_bad(r, "%s", want);
		bytes = strtoull(end + 1, &end, 10);
		if (*end || bytes < 1 || bytes > TRACE_PAGE)
			return trace_bad(r, "%s; a size is 1 to %u", want, TRACE_PAGE);
		if (kind != 'S')
			trace_later(r, kind == 'I' ? ACC_FETCH : ACC_LOAD, va, bytes);
		if (kind == 'S' || kind == 'M')
			trace_later(r, ACC_STORE, va, bytes);
		return TRACE_RECORD;
	}
	return trace_at_end(r);
}

/* ---- ChampSim --------------------------------------------------------------------- */

enum { INSTRUCTION = 64, DESTINATIONS = 2, SOURCES = 4, MEMORY = 16 };

static uint64_t little_endian(const uint8_t *at)
{
	uint64_t value = 0;

	for (unsigned i = 8; i--;)
		value = value << 8 | at[i];
	return value;
}

/* Address of the instruction (8 bytes), branch, taken, two and four registers, two
 * addresses stored to, four loaded from; 0 is none. The trace tells no sizes. */
enum trace_result trace_read_champsim(struct trace_reader *r)
{
	uint8_t raw[INSTRUCTION];

	for (unsigned i = 0; i < INSTRUCTION; i++) {
		int c = trace_source_byte(r->source);

		if (c < 0 && i == 0)
			return trace_at_end(r);
		if (c < 0 && trace_source_error(r->source))
			return trace_at_end(r);
		if (c < 0)
			return trace_bad(r,
					 "ends within instruction %llu: it was cut off, or is "
					 "no trace of 64 bytes an instruction",
					 (unsigned long long)r->records + 1);
		raw[i] = (uint8_t)c;
	}
	r->records++;
	/* An access there would begin before the page's end. */
	trace_later(r, ACC_FETCH, little_endian(raw) & ~3ull, 4);
	for (unsigned i = DESTINATIONS; i < DESTINATIONS + SOURCES; i++) {
		uint64_t va = little_endian(raw + MEMORY + 8 * i);

		if (va)
			trace_later(r, ACC_LOAD, va & ~7ull, 8);
	}
	for (unsigned i = 0; i < DESTINATIONS; i++) {
		uint64_t va = little_endian(raw + MEMORY + 8 * i);

		if (va)
			trace_later(r, ACC_STORE, va & ~7ull, 8);
	}
	return TRACE_RECORD;
}
