/* What `atlas replay` is asked to do. */
#ifndef ATLAS_REPLAY_OPTIONS_H
#define ATLAS_REPLAY_OPTIONS_H

#include "cli.h"
#include "replay.h"

struct replay_options {
	const char *trace; /* file, or "-" */
	enum trace_format format;
	const char *convert; /* file to write the trace to instead of replaying it, or NULL */
	uint64_t limit;      /* records at most */
	bool json;
	struct replay_setup setup;
};

/* Parses argv[1 ..] of `atlas replay`; argv[0] is "replay". */
enum parsed parse_replay_options(int argc, char **argv, struct replay_options *options);

#endif
