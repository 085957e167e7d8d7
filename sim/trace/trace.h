/*
 * Address traces: what a program asked of an MMU, one record after the other. Two forms of
 * our own, plain text and compact binary, are read and written; two foreign ones are read.
 * docs/traces.md describes them all.
 */
#ifndef ATLAS_TRACE_H
#define ATLAS_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "mmu.h"

enum trace_kind {
	TRACE_ACCESS,
	TRACE_SPACE, /* what follows is in that address space, until the next of these */
	TRACE_FENCE,
};

/* Never in M-mode, never across a 4 KiB page. */
struct trace_access {
	uint64_t va;    /* after pointer masking; RV32: bits 63:32 are zero */
	uint8_t access; /* ACC_* */
	uint8_t bytes;  /* 1 to 64 */
	uint8_t priv;   /* PRIV_U or PRIV_S */
};

struct trace_space {
	uint32_t number; /* a trace begins in space 0 with ASID 0 */
	uint16_t asid;   /* that the program gave it */
};

struct trace_record {
	enum trace_kind kind;
	union {
		struct trace_access access;
		struct trace_space space;
		struct mmu_fence fence; /* what does not count (va with rs1_x0 ...) is zero */
	};
};

enum trace_format {
	TRACE_AUTO, /* to read: binary or text, by how it begins */
	TRACE_TEXT,
	TRACE_BINARY,
	TRACE_LACKEY,   /* valgrind --tool=lackey --trace-mem=yes; only read */
	TRACE_CHAMPSIM, /* 64 bytes an instruction; only read */
};

/* By its name on the command line: "auto", "text", "binary", "lackey", "champsim". False:
 * there is none of that name. */
bool trace_format_find(const char *name, enum trace_format *format);
/* What a file of that name is to be written as: text if it ends with .txt, else binary. */
enum trace_format trace_format_of_file(const char *path);

/* ---- reading ----------------------------------------------------------------- */

struct trace_reader;

enum trace_result { TRACE_RECORD, TRACE_END, TRACE_BAD };

/* Opens a file, or standard input for "-". NULL on failure, with one line in err. */
struct trace_reader *trace_open(const char *path, enum trace_format format, char *err,
				size_t err_size);
/* The same for bytes in memory, which stay the caller's. `name` is for messages. */
struct trace_reader *trace_open_memory(const void *data, size_t size, const char *name,
				       enum trace_format format, char *err, size_t err_size);
void trace_close(struct trace_reader *r); /* NULL is fine */

/* TRACE_RECORD fills in *record. After TRACE_END or TRACE_BAD the same comes again. */
enum trace_result trace_read(struct trace_reader *r, struct trace_record *record);
/* After TRACE_BAD: one line that says where, what, and what to do. Owned by r. */
const char *trace_error(const struct trace_reader *r);

/* ---- writing ----------------------------------------------------------------- */

struct trace_writer;

/* Writes to `out`, which stays the caller's. NULL: no memory. */
struct trace_writer *trace_writer_new(FILE *out, enum trace_format format);
/* Failures of `out` are remembered there: ferror(). */
void trace_write(struct trace_writer *w, const struct trace_record *record);
/* Marks the end, without which a binary trace is refused as cut off; frees w. NULL is
 * fine. */
void trace_writer_end(struct trace_writer *w);

#endif
