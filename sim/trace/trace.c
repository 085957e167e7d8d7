#include "trace.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

static const struct {
	const char *name;
	enum trace_format format;
} formats[] = {
    {"auto", TRACE_AUTO},     {"text", TRACE_TEXT},         {"binary", TRACE_BINARY},
    {"lackey", TRACE_LACKEY}, {"champsim", TRACE_CHAMPSIM},
};

bool trace_format_find(const char *name, enum trace_format *format)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (strcmp(name, formats[i].name) == 0) {
			*format = formats[i].format;
			return true;
		}
	return false;
}

enum trace_format trace_format_of_file(const char *path)
{
	size_t length = strlen(path);

	return length >= 4 && strcmp(path + length - 4, ".txt") == 0 ? TRACE_TEXT : TRACE_BINARY;
}

/* ---- errors -------------------------------------------------------------------- */

enum trace_result trace_bad(struct trace_reader *r, const char *format, ...)
{
	va_list args;
	int at;

	if (r->line)
		at = snprintf(r->err, sizeof(r->err), "%s:%llu: ", r->name,
			      (unsigned long long)r->line);
	else
		at = snprintf(r->err, sizeof(r->err), "%s: ", r->name);
	if (at < 0 || (size_t)at >= sizeof(r->err))
		return TRACE_BAD;
	va_start(args, format);
	vsnprintf(r->err + at, sizeof(r->err) - (size_t)at, format, args);
	va_end(args);
	return TRACE_BAD;
}

enum trace_result trace_at_end(struct trace_reader *r)
{
	const char *error = trace_source_error(r->source);

	return error ? trace_bad(r, "%s", error) : TRACE_END;
}

const char *trace_error(const struct trace_reader *r)
{
	return r->err;
}

/* ---- pieces -------------------------------------------------------------------- */

bool trace_line(struct trace_reader *r, char *line, size_t size, bool *cut)
{
	size_t n = 0;
	int c = trace_source_byte(r->source);

	if (c < 0)
		return false;
	r->line++;
	for (*cut = false; c >= 0 && c != '\n'; c = trace_source_byte(r->source)) {
		if (n + 1 < size)
			line[n++] = (char)c;
		else
			*cut = true;
	}
	if (c < 0 && trace_source_error(r->source))
		return false; /* half a line */
	if (n && line[n - 1] == '\r')
		n--;
	line[n] = '\0';
	return true;
}

void trace_later(struct trace_reader *r, unsigned access, uint64_t va, uint64_t bytes)
{
	r->rest[r->rests].access = (uint8_t)access;
	r->rest[r->rests].va = va;
	r->rest[r->rests].bytes = bytes;
	r->rests++;
}

/* The next piece of what a foreign record left to give. False: nothing is left. */
static bool next_piece(struct trace_reader *r, struct trace_record *record)
{
	if (r->rest_at == r->rests) {
		r->rest_at = r->rests = 0;
		return false;
	}

	uint64_t va = r->rest[r->rest_at].va, left = r->rest[r->rest_at].bytes;
	uint64_t bytes = TRACE_PAGE - va % TRACE_PAGE;

	if (bytes > left)
		bytes = left;
	if (bytes > 64)
		bytes = 64;
	*record = (struct trace_record){
	    .kind = TRACE_ACCESS,
	    .access = {va, r->rest[r->rest_at].access, (uint8_t)bytes, PRIV_U},
	};
	r->rest[r->rest_at].va += bytes;
	r->rest[r->rest_at].bytes -= bytes;
	r->rest_at += left == bytes;
	return true;
}

static enum trace_result read_foreign(struct trace_reader *r, struct trace_record *record)
{
	while (!next_piece(r, record)) {
		enum trace_result result =
		    r->format == TRACE_LACKEY ? trace_read_lackey(r) : trace_read_champsim(r);
		if (result != TRACE_RECORD)
			return result;
	}
	return TRACE_RECORD;
}

enum trace_result trace_read(struct trace_reader *r, struct trace_record *record)
{
	if (r->result != TRACE_RECORD)
		return r->result;
	switch (r->format) {
	case TRACE_BINARY:
		r->result = trace_read_binary(r, record);
		break;
	case TRACE_LACKEY:
	case TRACE_CHAMPSIM:
		r->result = read_foreign(r, record);
		break;
	case TRACE_AUTO:
	case TRACE_TEXT:
		r->result = trace_read_text(r, record);
		break;
	}
	return r->result;
}

/* ---- opening ------------------------------------------------------------------- */

static struct trace_reader *reader_new(struct trace_source *source, const char *name,
				       enum trace_format format, char *err, size_t err_size)
{
	struct trace_reader *r = calloc(1, sizeof(*r));

	if (!r || !(r->name = strdup(name))) {
		snprintf(err, err_size, "%s: no memory to read it", name);
		trace_source_close(source);
		free(r);
		return NULL;
	}
	r->source = source;
	r->format = format;
	r->result = TRACE_RECORD;
	if (format == TRACE_AUTO)
		r->format = trace_source_peek(source) == (uint8_t)TRACE_MAGIC[0] ? TRACE_BINARY
										 : TRACE_TEXT;
	if (r->format == TRACE_BINARY && !trace_binary_header(r)) {
		snprintf(err, err_size, "%s", r->err);
		trace_close(r);
		return NULL;
	}
	return r;
}

struct trace_reader *trace_open(const char *path, enum trace_format format, char *err,
				size_t err_size)
{
	struct trace_source *source = trace_source_open(path, err, err_size);
	const char *name = strcmp(path, "-") == 0 ? "standard input" : path;

	return source ? reader_new(source, name, format, err, err_size) : NULL;
}

struct trace_reader *trace_open_memory(const void *data, size_t size, const char *name,
				       enum trace_format format, char *err, size_t err_size)
{
	struct trace_source *source = trace_source_memory(data, size);

	if (source)
		return reader_new(source, name, format, err, err_size);
	snprintf(err, err_size, "%s: no memory to read it", name);
	return NULL;
}

void trace_close(struct trace_reader *r)
{
	if (!r)
		return;
	trace_source_close(r->source);
	free(r->name);
	free(r);
}

/* ---- writing ------------------------------------------------------------------- */

struct trace_writer {
	FILE *out;
	enum trace_format format;
	struct trace_context context;
};

struct trace_writer *trace_writer_new(FILE *out, enum trace_format format)
{
	struct trace_writer *w = calloc(1, sizeof(*w));

	if (!w)
		return NULL;
	w->out = out;
	w->format = format;
	if (format == TRACE_BINARY)
		trace_print_header(out);
	return w;
}

void trace_write(struct trace_writer *w, const struct trace_record *record)
{
	if (w->format == TRACE_BINARY)
		trace_print_binary(w->out, &w->context, record);
	else
		trace_print_text(w->out, record);
}

void trace_writer_end(struct trace_writer *w)
{
	if (!w)
		return;
	if (w->format == TRACE_BINARY)
		trace_print_end(w->out, &w->context);
	free(w);
}
