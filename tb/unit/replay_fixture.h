/* For tests of replays: a setup, records added one by one, what the run came to. */
#ifndef ATLAS_REPLAY_FIXTURE_H
#define ATLAS_REPLAY_FIXTURE_H

#include "trace_fixture.h"

#include "replay/replay.h"

static inline struct replay *replay_of(const struct replay_setup *setup)
{
	char err[300];
	struct replay *r = replay_new(setup, err, sizeof(err));

	if (!r)
		fail_msg("%s", err);
	return r;
}

static inline void add(struct replay *r, struct trace_record record)
{
	assert_true(replay_add(r, &record));
}

static inline void add_load(struct replay *r, uint64_t va)
{
	add(r, ACCESS(ACC_LOAD, va, 8, PRIV_U));
}

/* Runs it to a good end and frees it. */
static inline struct replay_result result_of(struct replay *r)
{
	struct replay_result result;

	if (replay_run(r) != REPLAY_DONE)
		fail_msg("%s", replay_error(r));
	replay_result(r, &result);
	replay_free(r);
	return result;
}

static inline void assert_refused(struct replay *r, const char *words)
{
	assert_int_equal(replay_run(r), REPLAY_REFUSED);
	if (!strstr(replay_error(r), words))
		fail_msg("not '%s': %s", words, replay_error(r));
	replay_free(r);
}

static inline uint64_t faults(const struct replay_result *result)
{
	uint64_t n = 0;

	for (unsigned port = 0; port < MMU_PORTS; port++)
		for (unsigned reason = 1; reason < 64; reason++)
			n += result->counts.port[port].faults[reason];
	return n;
}

#endif
