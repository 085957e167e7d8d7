#include "command.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "machine/outfile.h"
#include "options.h"
#include "report.h"

struct command {
	struct replay_options options;
	struct trace_reader *reader;
	bool live;  /* a person watches standard error */
	bool shown; /* the status line */
	struct timespec shown_at;
	char err[500];
};

static volatile sig_atomic_t stopped;

static void on_stop(int signal_number)
{
	(void)signal_number;
	stopped = 1;
}

static bool __attribute__((format(printf, 1, 2))) say(const char *format, ...)
{
	va_list args;

	fputs("atlas replay: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	return false;
}

/* ---- status line --------------------------------------------------------------- */

static void erase_status(struct command *c)
{
	if (c->shown)
		fputs("\r\033[K", stderr);
	c->shown = false;
}

static bool look(void *ctx, double part)
{
	struct command *c = ctx;
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	if (c->live && t.tv_sec != c->shown_at.tv_sec) {
		fprintf(stderr, "\r%.0f%% of the trace replayed\033[K", 100 * part);
		fflush(stderr);
		c->shown = true;
		c->shown_at = t;
	}
	return stopped;
}

/* ---- reading the trace ----------------------------------------------------------- */

/* Hands every record on. False: a line was said. */
static bool read_all(struct command *c, bool (*take)(void *ctx, const struct trace_record *record),
		     void *ctx)
{
	struct trace_record record;
	uint64_t records = 0;

	while (records++ < c->options.limit) {
		switch (trace_read(c->reader, &record)) {
		case TRACE_RECORD:
			if (stopped)
				return say("interrupted");
			if (!take(ctx, &record))
				return false;
			break;
		case TRACE_END:
			return true;
		case TRACE_BAD:
			return say("%s", trace_error(c->reader));
		}
	}
	return true;
}

/* ---- another form ----------------------------------------------------------------- */

struct conversion {
	struct outfile file;
	struct trace_writer *writer;
};

static bool convert_record(void *ctx, const struct trace_record *record)
{
	struct conversion *to = ctx;

	trace_write(to->writer, record);
	return true;
}

static int convert(struct command *c)
{
	const char *path = c->options.convert;
	struct conversion to = {0};
	int code = EXIT_BAD;

	if (!outfile_open(&to.file, path, c->err, sizeof(c->err))) {
		say("%s", c->err);
		return EXIT_BAD;
	}
	to.writer = trace_writer_new(to.file.stream, trace_format_of_file(path));
	if (!to.writer) {
		say("%s: no memory to write it", path);
	} else if (read_all(c, convert_record, &to)) {
		trace_writer_end(to.writer);
		to.writer = NULL;
		code = outfile_commit(&to.file, c->err, sizeof(c->err)) ? EXIT_PASSED : EXIT_FAILED;
		if (code != EXIT_PASSED)
			say("%s", c->err);
	}
	trace_writer_end(to.writer);
	outfile_abandon(&to.file);
	return stopped ? EXIT_KILLED : code;
}

/* ---- replaying -------------------------------------------------------------------- */

static bool add_record(void *ctx, const struct trace_record *record)
{
	struct replay *r = ctx;

	return replay_add(r, record) || say("%s", replay_error(r));
}

static bool print(const struct command *c, const struct replay *r)
{
	struct replay_result result;
	bool printed = true;

	replay_result(r, &result);
	if (c->options.json) {
		json_t *json = replay_json(&c->options, &result);

		printed = json && json_dumpf(json, stdout, JSON_INDENT(2)) == 0;
		putchar('\n');
		json_decref(json);
	} else {
		replay_print(stdout, &c->options, &result);
	}
	if (fflush(stdout) != 0 || !printed)
		return say("cannot write to standard output: %s", strerror(errno));
	return true;
}

static int run(struct command *c, struct replay *r)
{
	enum replay_end end = replay_run(r);

	erase_status(c);
	switch (end) {
	case REPLAY_DONE:
		return print(c, r) ? EXIT_PASSED : EXIT_FAILED;
	case REPLAY_REFUSED:
		say("%s: %s", c->options.trace, replay_error(r));
		return EXIT_BAD;
	case REPLAY_WRONG:
		say("%s: %s", c->options.trace, replay_error(r));
		return EXIT_FAILED;
	case REPLAY_INTERRUPTED:
		say("interrupted");
		break;
	}
	return EXIT_KILLED;
}

static int replay(struct command *c)
{
	struct replay *r;
	int code = EXIT_BAD;

	c->options.setup.interrupted = look;
	c->options.setup.ctx = c;
	r = replay_new(&c->options.setup, c->err, sizeof(c->err));
	if (!r) {
		say("%s", c->err);
		return EXIT_BAD;
	}
	if (read_all(c, add_record, r))
		code = run(c, r);
	replay_free(r);
	return stopped ? EXIT_KILLED : code;
}

static void catch_signals(void)
{
	static const int stops[] = {SIGINT, SIGTERM, SIGHUP};
	const struct sigaction stop = {.sa_handler = on_stop, .sa_flags = SA_RESETHAND};
	struct sigaction old;

	for (unsigned i = 0; i < sizeof(stops) / sizeof(stops[0]); i++)
		if (sigaction(stops[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
			sigaction(stops[i], &stop, NULL);
	signal(SIGPIPE, SIG_IGN);
}

int atlas_replay(int argc, char **argv)
{
	struct command c = {.live = isatty(STDERR_FILENO)};
	int code;

	switch (parse_replay_options(argc, argv, &c.options)) {
	case PARSED_HELP:
		return EXIT_PASSED;
	case PARSED_BAD:
		return EXIT_BAD;
	case PARSED_RUN:
		break;
	}
	catch_signals();
	c.reader = trace_open(c.options.trace, c.options.format, c.err, sizeof(c.err));
	if (!c.reader) {
		say("%s", c.err);
		return EXIT_BAD;
	}
	code = c.options.convert ? convert(&c) : replay(&c);
	trace_close(c.reader);
	return code;
}
