/* The plain-text form: docs/traces.md, "Text". */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

enum { LINE = 200, WORDS = 6 };

static const char *const access_words[TRACE_ACCESSES] = {
    [ACC_FETCH] = "fetch",
    [ACC_LOAD] = "load",
    [ACC_STORE] = "store",
    [ACC_LR] = "lr",
    [ACC_SC] = "sc",
    [ACC_AMO] = "amo",
    [ACC_CBO_ZERO] = "cbo.zero",
    [ACC_CBO_MANAGE] = "cbo",
    [ACC_PREFETCH] = "prefetch",
    [ACC_SS_LOAD] = "ss.load",
    [ACC_SS_STORE] = "ss.store",
    [ACC_SS_AMO] = "ss.amo",
};

/* ---- reading ----------------------------------------------------------------- */

/* Cuts a line into its words; a comment ends it. Gives how many, at most WORDS. */
static unsigned split(char *line, char *word[WORDS])
{
	unsigned n = 0;
	char *save;

	line[strcspn(line, "#")] = '\0';
	for (char *w = strtok_r(line, " \t", &save); w && n < WORDS;
	     w = strtok_r(NULL, " \t", &save))
		word[n++] = w;
	return n;
}

/* Decimal, or hexadecimal with 0x; a leading zero would be octal to some. */
static bool number(const char *text, uint64_t max, uint64_t *value)
{
	bool hexadecimal = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	const char *digits = hexadecimal ? text + 2 : text;

	if (!*digits ||
	    strspn(digits, hexadecimal ? "0123456789abcdefABCDEF" : "0123456789") != strlen(digits))
		return false;
	if (!hexadecimal && digits[0] == '0' && digits[1])
		return false;
	if (strlen(digits) > (hexadecimal ? 16 : 19))
		return false;
	*value = strtoull(digits, NULL, hexadecimal ? 16 : 10);
	return *value <= max;
}

static enum trace_result parse_access(struct trace_reader *r, unsigned access, char *const word[],
				      unsigned words, struct trace_record *record)
{
	uint64_t va, bytes;

	if (words != 4)
		return trace_bad(r, "want '%s ADDRESS SIZE u|s', as in '%s 0x1000 4 u'", word[0],
				 word[0]);
	if (!number(word[1], UINT64_MAX, &va))
		return trace_bad(r, "'%s' is no address: want a decimal number or 0x...", word[1]);
	if (!number(word[2], 64, &bytes) || bytes < 1)
		return trace_bad(r, "'%s' is no size: want 1 to 64 bytes", word[2]);
	if (strcmp(word[3], "u") != 0 && strcmp(word[3], "s") != 0)
		return trace_bad(r, "'%s' is no privilege: want u or s", word[3]);
	if (va % TRACE_PAGE + bytes > TRACE_PAGE)
		return trace_bad(r, "%s bytes at %s cross a 4 KiB page: make two lines of it",
				 word[2], word[1]);
	record->kind = TRACE_ACCESS;
	record->access = (struct trace_access){va, (uint8_t)access, (uint8_t)bytes,
					       word[3][0] == 'u' ? PRIV_U : PRIV_S};
	return TRACE_RECORD;
}

static enum trace_result parse_space(struct trace_reader *r, char *const word[], unsigned words,
				     struct trace_record *record)
{
	uint64_t space, asid;

	if (words != 2 && !(words == 4 && strcmp(word[2], "asid") == 0))
		return trace_bad(r, "want 'space NUMBER' or 'space NUMBER asid NUMBER'");
	if (!number(word[1], UINT32_MAX, &space))
		return trace_bad(r, "'%s' is no number of a space: want 0 to %u", word[1],
				 UINT32_MAX);
	asid = space;
	if (words == 2 && space > UINT16_MAX)
		return trace_bad(r,
				 "space %s needs 'asid NUMBER': by itself its number is its "
				 "ASID, which ends at %u",
				 word[1], UINT16_MAX);
	if (words == 4 && !number(word[3], UINT16_MAX, &asid))
		return trace_bad(r, "'%s' is no ASID: want 0 to %u", word[3], UINT16_MAX);
	record->kind = TRACE_SPACE;
	record->space = (struct trace_space){(uint32_t)space, (uint16_t)asid};
	return TRACE_RECORD;
}

static enum trace_result parse_fence(struct trace_reader *r, char *const word[], unsigned words,
				     struct trace_record *record)
{
	struct mmu_fence fence = {.rs1_x0 = true, .rs2_x0 = true};

	for (unsigned i = 1; i < words; i += 2) {
		uint64_t value;
		bool va = strcmp(word[i], "va") == 0, asid = strcmp(word[i], "asid") == 0;

		if (words % 2 == 0 || (!va && !asid) || (va && !fence.rs1_x0) ||
		    (asid && !fence.rs2_x0))
			return trace_bad(r, "want 'fence', 'fence va ADDRESS', 'fence asid NUMBER' "
					    "or 'fence va ADDRESS asid NUMBER'");
		if (!number(word[i + 1], va ? UINT64_MAX : UINT16_MAX, &value))
			return trace_bad(r, "'%s' is no %s", word[i + 1],
					 va ? "address: want a decimal number or 0x..."
					    : "ASID: want 0 to 65535");
		if (va) {
			fence.rs1_x0 = false;
			fence.va = value;
		} else {
			fence.rs2_x0 = false;
			fence.asid = (uint16_t)value;
		}
	}
	record->kind = TRACE_FENCE;
	record->fence = fence;
	return TRACE_RECORD;
}

static enum trace_result parse(struct trace_reader *r, char *const word[], unsigned words,
			       struct trace_record *record)
{
	for (unsigned access = 0; access < TRACE_ACCESSES; access++)
		if (access_words[access] && strcmp(word[0], access_words[access]) == 0)
			return parse_access(r, access, word, words, record);
	if (strcmp(word[0], "space") == 0)
		return parse_space(r, word, words, record);
	if (strcmp(word[0], "fence") == 0)
		return parse_fence(r, word, words, record);
	return trace_bad(r,
			 "'%.40s' is no record: want fetch, load, store, amo, ..., space or fence "
			 "(docs/traces.md); a foreign trace needs --format",
			 word[0]);
}

/* Bytes that no text has: a binary file under a wrong name. */
static bool is_text(const char *line)
{
	for (; *line; line++)
		if ((uint8_t)*line < ' ' && *line != '\t')
			return false;
	return true;
}

enum trace_result trace_read_text(struct trace_reader *r, struct trace_record *record)
{
	char line[LINE], *word[WORDS];
	bool cut;

	while (trace_line(r, line, sizeof(line), &cut)) {
		if (!is_text(line))
			return trace_bad(r, "this is neither a text nor a binary trace of ours: "
					    "name what it is with --format");
		if (cut && !strchr(line, '#'))
			return trace_bad(r, "the line has more than %d characters", LINE - 1);

		unsigned words = split(line, word);

		if (words)
			return parse(r, word, words, record);
	}
	return trace_at_end(r);
}

/* ---- writing ------------------------------------------------------------------- */

void trace_print_text(FILE *out, const struct trace_record *record)
{
	switch (record->kind) {
	case TRACE_ACCESS:
		fprintf(out, "%s 0x%" PRIx64 " %u %c\n", access_words[record->access.access],
			record->access.va, record->access.bytes,
			record->access.priv == PRIV_U ? 'u' : 's');
		break;
	case TRACE_SPACE:
		fprintf(out, "space %u asid %u\n", record->space.number, record->space.asid);
		break;
	case TRACE_FENCE:
		fputs("fence", out);
		if (!record->fence.rs1_x0)
			fprintf(out, " va 0x%" PRIx64, record->fence.va);
		if (!record->fence.rs2_x0)
			fprintf(out, " asid %u", record->fence.asid);
		fputc('\n', out);
		break;
	}
}
