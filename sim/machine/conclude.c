#include "conclude.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

static void __attribute__((format(printf, 1, 2))) say(const char *format, ...)
{
	va_list args;

	fputs("atlas run: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
}

static void say_trap_loop(const char *program, const struct machine *m)
{
	fprintf(stderr, "atlas run: %s: ", program);
	hart_print_trap_loop(stderr, &m->hart);
	fputc('\n', stderr);
}

void conclude(const struct machine *m, const struct run_options *options, enum outcome outcome,
	      enum stop stop, struct report *report)
{
	const char *program = options->program;

	report->exit_code = EXIT_FAILED;
	switch (outcome) {
	case OUTCOME_PASS:
		report->outcome = "passed";
		report->exit_code = EXIT_PASSED;
		break;
	case OUTCOME_FAIL:
		report->outcome = "failed";
		say("%s: failed with code %" PRIu64, program, m->code);
		break;
	case OUTCOME_TRAP_LOOP:
		report->outcome = "trapped";
		say_trap_loop(program, m);
		break;
	case OUTCOME_HTIF:
		report->outcome = "failed";
		say("%s: wrote 0x%" PRIx64 " to tohost, which is no request known here", program,
		    m->code);
		break;
	case OUTCOME_MISMATCH: /* the checker has printed the mismatch */
		report->outcome = "mismatch";
		say("%s: the RTL gave an answer that the golden model does not allow", program);
		break;
	case OUTCOME_LOCKED:
		report->outcome = "locked";
		say("%s: asked for a reset, but only a new run opens what it has locked in PMP or "
		    "mseccfg",
		    program);
		break;
	case OUTCOME_STUCK:
		report->outcome = "stuck";
		say("%s: the MMU gave no answer for address 0x%" PRIx64 " at pc 0x%" PRIx64
		    " within %u cycles; run again: %s",
		    program, m->hart.trap.tval, m->hart.trap.pc, MMU_PATIENCE,
		    options->command_line);
		break;
	case OUTCOME_RUNNING:
		if (stop == STOP_OUTPUT) { /* said last, as for a program that ended */
			report->outcome = "interrupted";
			break;
		}
		report->outcome = stop == STOP_LIMIT ? "limit" : "interrupted";
		report->exit_code = stop == STOP_LIMIT ? EXIT_LIMIT : EXIT_KILLED;
		say("%s: %s after %" PRIu64 " instructions, at pc 0x%" PRIx64, program,
		    stop == STOP_LIMIT ? "stopped by --max-instructions" : "interrupted", m->steps,
		    m->hart.pc);
		break;
	}
}
