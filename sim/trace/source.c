#include "source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

enum { BUFFER = 1 << 16 };

enum packing { PLAIN, GZIP, ZSTD };

struct trace_source {
	int fd; /* -1: memory */
	enum packing packing;

	/* unpacked, and not yet taken: data[at .. end-1] */
	const uint8_t *data;
	size_t at, end;

	/* as read, and not yet unpacked: in[in_at .. in_end-1] */
	size_t in_at, in_end;
	bool in_ended;
	bool between; /* no packed piece is open: here the file may end */
	z_stream gzip;
	ZSTD_DStream *zstd;

	char error[200];
	uint8_t in[BUFFER], out[BUFFER];
};

static bool fail(struct trace_source *s, const char *what)
{
	snprintf(s->error, sizeof(s->error), "%s", what);
	s->at = s->end = 0;
	return false;
}

/* ---- reading --------------------------------------------------------------- */

/* Adds to what `in` holds from in_at on, which is moved to its start. */
static bool read_more(struct trace_source *s)
{
	ssize_t n;

	memmove(s->in, s->in + s->in_at, s->in_end - s->in_at);
	s->in_end -= s->in_at;
	s->in_at = 0;
	do
		n = read(s->fd, s->in + s->in_end, BUFFER - s->in_end);
	while (n < 0 && errno == EINTR);
	if (n < 0) {
		snprintf(s->error, sizeof(s->error), "cannot read: %s", strerror(errno));
		return false;
	}
	s->in_end += (size_t)n;
	s->in_ended = n == 0;
	return true;
}

/* ---- unpacking --------------------------------------------------------------- */

/* Both unpack what they can from in to out, and give how many bytes. 0 is an error if
 * s->error is set, else more is to be read. */
static size_t gunzip(struct trace_source *s)
{
	int result;

	if (s->between) {
		inflateReset(&s->gzip);
		s->between = false;
	}
	s->gzip.next_in = s->in + s->in_at;
	s->gzip.avail_in = (uInt)(s->in_end - s->in_at);
	s->gzip.next_out = s->out;
	s->gzip.avail_out = BUFFER;
	result = inflate(&s->gzip, Z_NO_FLUSH);
	s->in_at = s->in_end - s->gzip.avail_in;
	s->between = result == Z_STREAM_END;
	if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) {
		fail(s, "the gzip data is damaged: pack it anew");
		return 0;
	}
	return BUFFER - s->gzip.avail_out;
}

static size_t unzstd(struct trace_source *s)
{
	ZSTD_inBuffer in = {s->in + s->in_at, s->in_end - s->in_at, 0};
	ZSTD_outBuffer out = {s->out, BUFFER, 0};
	size_t result = ZSTD_decompressStream(s->zstd, &out, &in);

	if (ZSTD_isError(result)) {
		fail(s, "the zstd data is damaged: pack it anew");
		return 0;
	}
	s->in_at += in.pos;
	s->between = result == 0;
	return out.pos;
}

static size_t unpack(struct trace_source *s)
{
	size_t n = s->packing == GZIP ? gunzip(s) : unzstd(s);

	s->data = s->out;
	s->at = 0;
	s->end = n;
	return n;
}

static bool fill_packed(struct trace_source *s)
{
	for (;;) {
		/* What did not fit into `out` comes without more input. */
		if (!s->between && unpack(s))
			return true;
		if (s->error[0])
			return false;
		if (s->in_at < s->in_end) {
			if (unpack(s))
				return true;
			if (s->error[0])
				return false;
		}
		if (s->in_ended)
			return s->between ? false
					  : fail(s, "the packed data ends too early: is the file "
						    "whole?");
		if (!read_more(s))
			return false;
	}
}

static bool fill_plain(struct trace_source *s)
{
	if (s->in_at == s->in_end && !s->in_ended && !read_more(s))
		return false;
	s->data = s->in;
	s->at = s->in_at;
	s->end = s->in_end;
	s->in_at = s->in_end;
	return s->at < s->end;
}

static bool fill(struct trace_source *s)
{
	if (s->fd < 0 || s->error[0])
		return false;
	return s->packing == PLAIN ? fill_plain(s) : fill_packed(s);
}

int trace_source_peek(struct trace_source *s)
{
	return s->at < s->end || fill(s) ? s->data[s->at] : -1;
}

int trace_source_byte(struct trace_source *s)
{
	return s->at < s->end || fill(s) ? s->data[s->at++] : -1;
}

const char *trace_source_error(const struct trace_source *s)
{
	return s->error[0] ? s->error : NULL;
}

/* ---- opening ----------------------------------------------------------------- */

static bool begins_with(const struct trace_source *s, const char *magic, size_t size)
{
	return s->in_end >= size && memcmp(s->in, magic, size) == 0;
}

/* Four bytes tell; a pipe may give them one by one. */
static bool detect(struct trace_source *s)
{
	while (s->in_end < 4 && !s->in_ended)
		if (!read_more(s))
			return false;
	s->in_ended = false; /* a terminal's end comes again when asked again */
	s->between = true;
	if (begins_with(s, "\x1f\x8b", 2)) {
		s->packing = GZIP;
		if (inflateInit2(&s->gzip, 15 + 16) != Z_OK)
			return fail(s, "no memory for unpacking it");
	} else if (begins_with(s, "\x28\xb5\x2f\xfd", 4)) {
		s->packing = ZSTD;
		s->zstd = ZSTD_createDStream();
		if (!s->zstd)
			return fail(s, "no memory for unpacking it");
	}
	return true;
}

struct trace_source *trace_source_open(const char *path, char *err, size_t err_size)
{
	struct trace_source *s = calloc(1, sizeof(*s));

	if (!s) {
		snprintf(err, err_size, "%s: no memory to read it", path);
		return NULL;
	}
	s->fd = strcmp(path, "-") == 0 ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
	if (s->fd < 0) {
		snprintf(err, err_size, "%s: cannot open: %s", path, strerror(errno));
		free(s);
		return NULL;
	}
	if (!detect(s)) {
		snprintf(err, err_size, "%s: %s", path, s->error);
		trace_source_close(s);
		return NULL;
	}
	return s;
}

struct trace_source *trace_source_memory(const void *data, size_t size)
{
	struct trace_source *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->fd = -1;
	s->data = data;
	s->end = size;
	return s;
}

void trace_source_close(struct trace_source *s)
{
	if (!s)
		return;
	if (s->packing == GZIP)
		inflateEnd(&s->gzip);
	ZSTD_freeDStream(s->zstd);
	if (s->fd >= 0)
		close(s->fd);
	free(s);
}
