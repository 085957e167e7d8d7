#include "explain.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <signal.h>
#include <string.h>

#include "options.h"
#include "story.h"

static int say(int code, const char *line)
{
	fprintf(stderr, "atlas explain: %s\n", line);
	return code;
}

static int written(bool ok)
{
	if (ok)
		return EXIT_PASSED;
	fprintf(stderr, "atlas explain: cannot write to standard output: %s\n", strerror(errno));
	return EXIT_FAILED;
}

static int explain_one(const struct explain_options *o)
{
	struct subject subject;
	char err[512] = "";
	int code = subject_open(&subject, o, err, sizeof(err));

	if (code == EXIT_PASSED) {
		struct story story;

		story_open(&story, &subject);
		code = written(o->json ? story_json(stdout, &story) : story_print(stdout, &story));
		story_close(&story);
	} else {
		say(code, err);
	}
	subject_close(&subject);
	return code;
}

/* ---- --list -------------------------------------------------------------------------- */

static void list_line(void *ctx, const struct subject *s)
{
	static const char priv[] = "US?M";
	const struct mmu_request *r = &s->request;
	const struct mmu_answer *a = &s->machine->hart.fault.answer;

	(void)ctx;
	printf("%6" PRIu64 "  instruction %-10" PRIu64 " pc 0x%-12" PRIx64 " %c %-8s 0x%-16" PRIx64
	       " %s\n",
	       s->fault, s->machine->steps, s->pc, priv[r->priv & 3], mmu_access_name(r->access),
	       r->va, mmu_reason_name(a->reason));
}

static void list_entry(void *ctx, const struct subject *s)
{
	static const char *const priv[] = {"U", "S", "?", "M"};
	const struct mmu_request *r = &s->request;
	const struct mmu_answer *a = &s->machine->hart.fault.answer;

	json_array_append_new(
	    ctx,
	    json_pack("{s:I, s:I, s:o, s:s, s:s, s:o, s:s}", "fault_number", (json_int_t)s->fault,
		      "instructions", (json_int_t)s->machine->steps, "pc",
		      json_sprintf("0x%" PRIx64, s->pc), "priv", priv[r->priv & 3], "access",
		      mmu_access_name(r->access), "va", json_sprintf("0x%" PRIx64, r->va), "reason",
		      mmu_reason_name(a->reason)));
}

static int list(const struct explain_options *o)
{
	struct subject subject;
	char err[512] = "";
	json_t *array = o->json ? json_array() : NULL;
	int code = subject_each_fault(&subject, o, o->json ? list_entry : list_line, array, err,
				      sizeof(err));
	bool ok = true;

	if (code != EXIT_PASSED)
		say(code, err);
	else if (o->json)
		ok = json_dumpf(array, stdout, JSON_INDENT(2)) == 0 && putchar('\n') != EOF;
	json_decref(array);
	subject_close(&subject);
	return code != EXIT_PASSED ? code : written(ok && fflush(stdout) == 0);
}

int atlas_explain(int argc, char **argv)
{
	struct explain_options options;

	switch (parse_explain_options(argc, argv, &options)) {
	case PARSED_HELP:
		return EXIT_PASSED;
	case PARSED_RUN:
		signal(SIGPIPE, SIG_IGN);
		return options.list ? list(&options) : explain_one(&options);
	default:
		return EXIT_BAD;
	}
}
