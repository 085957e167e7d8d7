/* For tests of traces: records in short, readers over text and files, what they give. */
#ifndef ATLAS_TRACE_FIXTURE_H
#define ATLAS_TRACE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "trace/trace.h"

#define ACCESS(access_, va_, bytes_, priv_)                                                        \
	((struct trace_record){.kind = TRACE_ACCESS, .access = {va_, access_, bytes_, priv_}})
#define SPACE(number_, asid_)                                                                      \
	((struct trace_record){.kind = TRACE_SPACE, .space = {number_, asid_}})
#define FENCE_OF(...) ((struct trace_record){.kind = TRACE_FENCE, .fence = {__VA_ARGS__}})

/* Bytes in memory; free() them. */
struct bytes {
	char *data;
	size_t size;
};

static inline struct bytes written(const struct trace_record *records, size_t n,
				   enum trace_format format)
{
	struct bytes b;
	FILE *out = open_memstream(&b.data, &b.size);
	struct trace_writer *w = trace_writer_new(out, format);

	assert_non_null(w);
	for (size_t i = 0; i < n; i++)
		trace_write(w, &records[i]);
	trace_writer_end(w);
	assert_int_equal(fclose(out), 0);
	return b;
}

static inline void assert_same(const struct trace_record *a, const struct trace_record *b)
{
	assert_int_equal(a->kind, b->kind);
	switch (a->kind) {
	case TRACE_ACCESS:
		assert_int_equal(a->access.va, b->access.va);
		assert_int_equal(a->access.access, b->access.access);
		assert_int_equal(a->access.bytes, b->access.bytes);
		assert_int_equal(a->access.priv, b->access.priv);
		break;
	case TRACE_SPACE:
		assert_int_equal(a->space.number, b->space.number);
		assert_int_equal(a->space.asid, b->space.asid);
		break;
	case TRACE_FENCE:
		assert_int_equal(a->fence.rs1_x0, b->fence.rs1_x0);
		assert_int_equal(a->fence.rs2_x0, b->fence.rs2_x0);
		assert_int_equal(a->fence.va, b->fence.va);
		assert_int_equal(a->fence.asid, b->fence.asid);
		break;
	}
}

/* Reads all of r, which is closed, and compares. */
static inline void assert_reads(struct trace_reader *r, const struct trace_record *expected,
				size_t n)
{
	struct trace_record record;

	assert_non_null(r);
	for (size_t i = 0; i < n; i++) {
		if (trace_read(r, &record) != TRACE_RECORD)
			fail_msg("record %zu of %zu: %s", i, n, trace_error(r));
		assert_same(&record, &expected[i]);
	}
	assert_int_equal(trace_read(r, &record), TRACE_END);
	assert_int_equal(trace_read(r, &record), TRACE_END);
	trace_close(r);
}

/* Reads r, NULL if opening it left err, to the line with these words; closes it. */
static inline void assert_bad(struct trace_reader *r, const char *err, const char *words)
{
	struct trace_record record;
	enum trace_result result = TRACE_BAD;
	const char *said = err;

	if (r) {
		while ((result = trace_read(r, &record)) == TRACE_RECORD)
			;
		said = trace_error(r);
	}
	if (result != TRACE_BAD || !strstr(said, words) || strchr(said, '\n'))
		fail_msg("no line with '%s': %s", words, said);
	if (r)
		assert_int_equal(trace_read(r, &record), TRACE_BAD);
	trace_close(r);
}

static inline struct trace_reader *reader_of(const void *data, size_t size,
					     enum trace_format format, char err[300])
{
	*err = 0;
	return trace_open_memory(data, size, "t", format, err, 300);
}

/* A file with these bytes, under a new name: discard() it. */
static inline char *file_of(const void *data, size_t size)
{
	char *path = strdup("/tmp/atlas-trace.XXXXXX");
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, data, size), (ssize_t)size);
	assert_int_equal(close(fd), 0);
	return path;
}

#endif
