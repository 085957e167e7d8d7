/*
 * The bytes of a trace, wherever they come from: a file, standard input or memory; as
 * they are, or packed by gzip or zstd, which is told by how they begin.
 */
#ifndef ATLAS_TRACE_SOURCE_H
#define ATLAS_TRACE_SOURCE_H

#include <stddef.h>
#include <stdint.h>

struct trace_source;

/* "-" is standard input. NULL, with one line in err, when it cannot be opened. */
struct trace_source *trace_source_open(const char *path, char *err, size_t err_size);
/* Bytes as they are, never unpacked; they stay the caller's and must outlive it. NULL: no
 * memory. */
struct trace_source *trace_source_memory(const void *data, size_t size);
void trace_source_close(struct trace_source *s); /* NULL is fine */

/* The next byte, or -1: at the end, or after trace_source_error() has come. */
int trace_source_byte(struct trace_source *s);
/* The next byte, left where it is, or -1. */
int trace_source_peek(struct trace_source *s);

/* What went wrong with reading or unpacking, without the file's name; NULL: nothing. */
const char *trace_source_error(const struct trace_source *s);

#endif
