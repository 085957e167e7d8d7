/* Between the files of sim/trace; nobody else includes this. */
#ifndef ATLAS_TRACE_INTERNAL_H
#define ATLAS_TRACE_INTERNAL_H

#include "source.h"
#include "trace.h"

#define TRACE_PAGE 4096u

/* A binary trace begins so; what a transfer as text would change is in it. */
#define TRACE_MAGIC                                                                                \
	"\x89"                                                                                     \
	"ATLAS\r\n"
#define TRACE_VERSION 1

enum { TRACE_MAGIC_SIZE = 8, TRACE_ACCESSES = ACC_SS_AMO + 1 };

/*
 * The first byte of a record in binary: bits 3:0 the access, or one of these; of an access
 * bits 6:4 the size, bit 7 that the address is where the last one of its port ended.
 */
enum trace_code {
	CODE_PRIV = 12, /* then a byte: PRIV_* of the accesses that follow */
	CODE_SPACE,     /* then number and ASID */
	CODE_FENCE,     /* then a byte of FENCE_*, the address and the ASID as far as they count */
	CODE_END,       /* then how many records there were */
};

enum { SIZE_SHIFT = 4, SIZE_OTHER = 7, NEXT_SHIFT = 7 };
enum { FENCE_RS1_X0 = 1, FENCE_RS2_X0 = 2 };

/* What a binary record is told apart from: the same in writer and reader. */
struct trace_context {
	uint8_t priv;
	uint64_t next[MMU_PORTS]; /* where the last access of each port ended */
	uint64_t records;
};

struct trace_reader {
	struct trace_source *source;
	char *name;
	enum trace_format format;
	enum trace_result result; /* of the last read, TRACE_RECORD at first */
	uint64_t line;            /* of text: the one read last, from 1 */
	uint64_t records;         /* of ChampSim: instructions */
	struct trace_context context;

	/* A foreign record gives several accesses: those still to come, of `access` from va
	 * to the page's end, at most 64 bytes each. */
	struct {
		uint64_t va, bytes;
		uint8_t access;
	} rest[8];
	unsigned rests, rest_at;

	char err[400];
};

/* Always TRACE_BAD: notes the line, after name and place. */
enum trace_result trace_bad(struct trace_reader *r, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* At the end of the source: TRACE_END, or TRACE_BAD if it ended by an error. */
enum trace_result trace_at_end(struct trace_reader *r);

/* The next line without its newline, cut to fit; false at the end. *cut: it did not fit. */
bool trace_line(struct trace_reader *r, char *line, size_t size, bool *cut);
/* To be given piece by piece. */
void trace_later(struct trace_reader *r, unsigned access, uint64_t va, uint64_t bytes);

enum trace_result trace_read_text(struct trace_reader *r, struct trace_record *record);
enum trace_result trace_read_binary(struct trace_reader *r, struct trace_record *record);
enum trace_result trace_read_lackey(struct trace_reader *r);   /* fills `rest` */
enum trace_result trace_read_champsim(struct trace_reader *r); /* likewise */
/* False, with r->err set: this does not begin as a binary trace that we know. */
bool trace_binary_header(struct trace_reader *r);

void trace_print_text(FILE *out, const struct trace_record *record);
void trace_print_header(FILE *out);
void trace_print_binary(FILE *out, struct trace_context *context,
			const struct trace_record *record);
void trace_print_end(FILE *out, const struct trace_context *context);

static inline enum mmu_port trace_port(unsigned access)
{
	return access == ACC_FETCH ? MMU_FETCH : MMU_DATA;
}

#endif
