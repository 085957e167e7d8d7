/* The compact form: docs/traces.md, "Binary". */
#include <inttypes.h>
#include <string.h>

#include "internal.h"

/* Sizes that bits 6:4 give; others follow in a byte. */
static const uint8_t sizes[SIZE_OTHER] = {1, 2, 4, 8, 16, 32, 64};

static unsigned size_code(unsigned bytes)
{
	unsigned code = 0;

	while (code < SIZE_OTHER && sizes[code] != bytes)
		code++;
	return code;
}

/* ---- numbers: seven bits a byte, the lowest first, bit 7 if more follow --------- */

static void put_number(FILE *out, uint64_t value)
{
	for (; value >= 0x80; value >>= 7)
		putc((int)(value & 0x7f) | 0x80, out);
	putc((int)value, out);
}

static bool get_number(struct trace_reader *r, uint64_t *value)
{
	*value = 0;
	for (unsigned shift = 0; shift < 64; shift += 7) {
		int c = trace_source_byte(r->source);

		if (c < 0 || (shift == 63 && c > 1))
			return false;
		*value |= (uint64_t)(c & 0x7f) << shift;
		if (!(c & 0x80))
			return true;
	}
	return false;
}

/* Small differences of either sign as small numbers: 0, -1, 1, -2 ... */
static uint64_t fold(uint64_t difference)
{
	return difference << 1 ^ -(difference >> 63);
}

static uint64_t unfold(uint64_t folded)
{
	return folded >> 1 ^ -(folded & 1);
}

/* ---- reading ------------------------------------------------------------------- */

static enum trace_result cut_off(struct trace_reader *r)
{
	if (trace_source_error(r->source))
		return trace_at_end(r);
	if (trace_source_peek(r->source) < 0)
		return trace_bad(r,
				 "ends after %" PRIu64 " records without its end mark: it was "
				 "cut off, record it again",
				 r->context.records);
	return trace_bad(r, "record %" PRIu64 " is none that version %d has: the file is damaged",
			 r->context.records + 1, TRACE_VERSION);
}

static enum trace_result damaged(struct trace_reader *r, const char *what)
{
	return trace_bad(r, "record %" PRIu64 ": %s: the file is damaged", r->context.records + 1,
			 what);
}

bool trace_binary_header(struct trace_reader *r)
{
	for (unsigned i = 0; i < TRACE_MAGIC_SIZE; i++)
		if (trace_source_byte(r->source) != (uint8_t)TRACE_MAGIC[i]) {
			if (trace_source_error(r->source))
				trace_at_end(r);
			else
				trace_bad(r, "does not begin as a binary trace: damaged, or "
					     "not one; name what it is with --format");
			return false;
		}

	int version = trace_source_byte(r->source);

	if (version == TRACE_VERSION)
		return true;
	if (version < 0)
		cut_off(r);
	else
		trace_bad(r,
			  "version %d of the binary form, and only %d is known here: use the "
			  "atlas that wrote it",
			  version, TRACE_VERSION);
	return false;
}

static enum trace_result read_access(struct trace_reader *r, int head, struct trace_record *record)
{
	unsigned access = head & 0xf, code = head >> SIZE_SHIFT & 7;
	uint64_t *next = &r->context.next[trace_port(access)], folded = 0;
	int bytes = code < SIZE_OTHER ? sizes[code] : trace_source_byte(r->source);

	if (bytes < 0 || (!(head >> NEXT_SHIFT) && !get_number(r, &folded)))
		return cut_off(r);

	uint64_t va = *next + unfold(folded);

	if (bytes < 1 || bytes > 64 || va % TRACE_PAGE + (unsigned)bytes > TRACE_PAGE)
		return damaged(r, "an access of no length, or across a page");
	record->kind = TRACE_ACCESS;
	record->access =
	    (struct trace_access){va, (uint8_t)access, (uint8_t)bytes, r->context.priv};
	*next = va + (unsigned)bytes;
	return TRACE_RECORD;
}

static enum trace_result read_space(struct trace_reader *r, struct trace_record *record)
{
	uint64_t number, asid;

	if (!get_number(r, &number) || !get_number(r, &asid))
		return cut_off(r);
	if (number > UINT32_MAX || asid > UINT16_MAX)
		return damaged(r, "a space or an ASID that is too large");
	record->kind = TRACE_SPACE;
	record->space = (struct trace_space){(uint32_t)number, (uint16_t)asid};
	return TRACE_RECORD;
}

static enum trace_result read_fence(struct trace_reader *r, struct trace_record *record)
{
	int form = trace_source_byte(r->source);
	uint64_t va = 0, asid = 0;

	if (form < 0 || (!(form & FENCE_RS1_X0) && !get_number(r, &va)) ||
	    (!(form & FENCE_RS2_X0) && !get_number(r, &asid)))
		return cut_off(r);
	if (form > (FENCE_RS1_X0 | FENCE_RS2_X0) || asid > UINT16_MAX)
		return damaged(r, "a fence that is none");
	record->kind = TRACE_FENCE;
	record->fence = (struct mmu_fence){
	    .va = va,
	    .asid = (uint16_t)asid,
	    .rs1_x0 = form & FENCE_RS1_X0,
	    .rs2_x0 = form & FENCE_RS2_X0,
	};
	return TRACE_RECORD;
}

static enum trace_result read_end(struct trace_reader *r)
{
	uint64_t records;

	if (!get_number(r, &records))
		return cut_off(r);
	if (records != r->context.records)
		return trace_bad(r,
				 "holds %" PRIu64 " records, and its end mark says %" PRIu64
				 ": the file is damaged",
				 r->context.records, records);
	if (trace_source_byte(r->source) >= 0)
		return trace_bad(r, "goes on after its end mark: one trace a file");
	return trace_at_end(r);
}

static enum trace_result read_privilege(struct trace_reader *r)
{
	int priv = trace_source_byte(r->source);

	if (priv < 0)
		return cut_off(r);
	if (priv != PRIV_U && priv != PRIV_S)
		return damaged(r, "a privilege that is neither U nor S");
	r->context.priv = (uint8_t)priv;
	return TRACE_RECORD;
}

static enum trace_result read_record(struct trace_reader *r, struct trace_record *record)
{
	int head = trace_source_byte(r->source);

	while (head == CODE_PRIV) {
		enum trace_result result = read_privilege(r);

		if (result != TRACE_RECORD)
			return result;
		head = trace_source_byte(r->source);
	}
	if (head < 0)
		return cut_off(r);
	if ((head & 0xf) < TRACE_ACCESSES)
		return read_access(r, head, record);
	switch (head) {
	case CODE_SPACE:
		return read_space(r, record);
	case CODE_FENCE:
		return read_fence(r, record);
	case CODE_END:
		return read_end(r);
	default:
		return damaged(r, "none that there is");
	}
}

enum trace_result trace_read_binary(struct trace_reader *r, struct trace_record *record)
{
	enum trace_result result = read_record(r, record);

	r->context.records += result == TRACE_RECORD;
	return result;
}

/* ---- writing ------------------------------------------------------------------- */

void trace_print_header(FILE *out)
{
	fwrite(TRACE_MAGIC, 1, TRACE_MAGIC_SIZE, out);
	putc(TRACE_VERSION, out);
}

static void print_access(FILE *out, struct trace_context *context, const struct trace_access *a)
{
	uint64_t *next = &context->next[trace_port(a->access)];
	unsigned code = size_code(a->bytes);
	bool follows = a->va == *next;

	if (a->priv != context->priv) {
		putc(CODE_PRIV, out);
		putc(a->priv, out);
		context->priv = a->priv;
	}
	putc(a->access | (int)code << SIZE_SHIFT | follows << NEXT_SHIFT, out);
	if (code == SIZE_OTHER)
		putc(a->bytes, out);
	if (!follows)
		put_number(out, fold(a->va - *next));
	*next = a->va + a->bytes;
}

static void print_fence(FILE *out, const struct mmu_fence *f)
{
	putc(CODE_FENCE, out);
	putc((f->rs1_x0 ? FENCE_RS1_X0 : 0) | (f->rs2_x0 ? FENCE_RS2_X0 : 0), out);
	if (!f->rs1_x0)
		put_number(out, f->va);
	if (!f->rs2_x0)
		put_number(out, f->asid);
}

void trace_print_binary(FILE *out, struct trace_context *context, const struct trace_record *record)
{
	switch (record->kind) {
	case TRACE_ACCESS:
		print_access(out, context, &record->access);
		break;
	case TRACE_SPACE:
		putc(CODE_SPACE, out);
		put_number(out, record->space.number);
		put_number(out, record->space.asid);
		break;
	case TRACE_FENCE:
		print_fence(out, &record->fence);
		break;
	}
	context->records++;
}

void trace_print_end(FILE *out, const struct trace_context *context)
{
	putc(CODE_END, out);
	put_number(out, context->records);
}
