#include "run.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "conclude.h"
#include "image.h"
#include "machine.h"
#include "options.h"
#include "outfile.h"
#include "record.h"
#include "report.h"

/* Steps between looks at clock, keyboard and limit. */
#define SLICE 16384

struct run {
	struct run_options options;
	struct image *image;
	struct machine *machine;
	struct outfile signature, json, trace;
	struct recorder *recorder;
	enum { WAVE_NONE, WAVE_BEFORE, WAVE_DURING } wave;
	int output_error; /* errno of the first failure of standard output, or 0 */
	bool limited;     /* --max-instructions came first */
	bool line_open;   /* the console stands in the middle of a line */
	bool live;        /* a person watches standard error */
	bool status_shown;
	double started, status_at; /* seconds */
	uint64_t status_steps;
	char err[512];
};

static volatile sig_atomic_t interrupted;

static void on_interrupt(int signal_number)
{
	(void)signal_number;
	interrupted = 1;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool __attribute__((format(printf, 1, 2))) say(const char *format, ...)
{
	va_list args;

	fputs("atlas run: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	return false;
}

/* ---- console and status line ----------------------------------------------- */

static void erase_status(struct run *r)
{
	if (r->status_shown)
		fputs("\r\033[K", stderr);
	r->status_shown = false;
}

static void note_output(struct run *r, bool written)
{
	if (!written && !r->output_error)
		r->output_error = errno;
}

static void console(void *ctx, uint8_t c)
{
	struct run *r = ctx;

	erase_status(r);
	note_output(r, putchar_unlocked(c) != EOF);
	r->line_open = c != '\n';
}

/* Once a second, and never into a line that the program has begun. */
static void show_status(struct run *r)
{
	double time = now(), since = time - r->status_at;

	if (!r->live || since < 1 || (r->line_open && isatty(STDOUT_FILENO)))
		return;
	fprintf(stderr, "\r%" PRIu64 " instructions, %.2f million a second\033[K",
		r->machine->hart.instret,
		(double)(r->machine->steps - r->status_steps) / since / 1e6);
	fflush(stderr);
	r->status_shown = true;
	r->status_at = time;
	r->status_steps = r->machine->steps;
}

/* ---- what has to be there before anything runs ------------------------------ */

static bool check_signature_symbols(struct run *r)
{
	const struct image *image = r->image;
	const struct bus ram = {.ram_bytes = r->options.memory_bytes};
	uint64_t bytes = image->end_signature - image->begin_signature;

	if (image->begin_signature == NO_SYMBOL || image->end_signature == NO_SYMBOL)
		return say("%s: no symbols begin_signature and end_signature, which --signature "
			   "needs",
			   r->options.program);
	if (image->end_signature < image->begin_signature || bytes % 4 != 0 ||
	    (bytes && !bus_is_ram(&ram, image->begin_signature, bytes)))
		return say("%s: begin_signature to end_signature is not a range of words in RAM",
			   r->options.program);
	return true;
}

static bool open_program(struct run *r)
{
	const struct run_options *o = &r->options;
	const struct mmu_config *config = mmu_config_find(o->config);

	if (!config)
		return say("unknown configuration '%s'; 'atlas configs' lists them", o->config);
	r->image = image_read(o->program, r->err, sizeof(r->err));
	if (!r->image ||
	    !image_fits(r->image, o->program, config, o->memory_bytes, r->err, sizeof(r->err)))
		return say("%s", r->err);
	return true;
}

/* The FST writer removes what has the name: a device or a pipe would be gone. */
static bool check_wave_place(const char *path)
{
	struct stat st;

	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
		return say("%s: cannot write a waveform there: not a regular file", path);
	return true;
}

static bool open_trace(struct run *r)
{
	const char *path = r->options.trace;

	if (!outfile_open(&r->trace, path, r->err, sizeof(r->err)))
		return say("%s", r->err);
	r->recorder = recorder_new(r->trace.stream, trace_format_of_file(path));
	return r->recorder || say("%s: no memory to record a trace", path);
}

static bool open_results(struct run *r)
{
	const struct run_options *o = &r->options;

	if (o->wave && !check_wave_place(o->wave))
		return false;
	if (o->signature && !check_signature_symbols(r))
		return false;
	if (o->signature && !outfile_open(&r->signature, o->signature, r->err, sizeof(r->err)))
		return say("%s", r->err);
	if (o->json && !outfile_open(&r->json, o->json, r->err, sizeof(r->err)))
		return say("%s", r->err);
	return !o->trace || open_trace(r);
}

static bool open_machine(struct run *r)
{
	const struct run_options *o = &r->options;
	const struct machine_options options = {
	    .mmu =
		{
		    .model = o->model,
		    .config = o->config,
		    .lockstep = o->lockstep && strcmp(o->model, "rtl") == 0,
		    .wave = o->wave != NULL,
		    .timing =
			{
			    .latency_min = (unsigned)o->latency_min,
			    .latency_max = (unsigned)o->latency_max,
			    .seed = o->seed,
			},
		    .rerun = o->command_line,
		},
	    .ram_bytes = o->memory_bytes,
	    .recorder = r->recorder,
	    .disk = o->disk,
	    .image = r->image,
	    .console = console,
	    .console_ctx = r,
	    .has_input = true,
	    .input = STDIN_FILENO,
	};

	r->machine = machine_open(&options, r->err, sizeof(r->err));
	if (!r->machine)
		return say("%s", r->err);
	if (o->wave && !mmu_wave_open(r->machine->mmu, o->wave))
		return say("%s: cannot write a waveform there", o->wave);
	/* It records from the start; steer_wave() says from when it should. */
	if (o->wave)
		mmu_wave_on(r->machine->mmu, false);
	r->wave = o->wave ? WAVE_BEFORE : WAVE_NONE;
	return true;
}

/* ---- running ---------------------------------------------------------------- */

/* Starts and ends the recording, to the exactness of one step. */
static void steer_wave(struct run *r)
{
	struct mmu_counts counts;

	mmu_counts(r->machine->mmu, &counts);
	if (r->wave == WAVE_BEFORE && counts.cycles >= r->options.wave_from) {
		mmu_wave_on(r->machine->mmu, true);
		r->wave = WAVE_DURING;
	}
	if (r->wave == WAVE_DURING && counts.cycles > r->options.wave_to) {
		mmu_wave_on(r->machine->mmu, false);
		r->wave = WAVE_NONE;
	}
}

static uint64_t slice(struct run *r)
{
	bool to_the_end = r->wave == WAVE_DURING && r->options.wave_to == UINT64_MAX;
	uint64_t steps = r->wave == WAVE_NONE || to_the_end ? SLICE : 1;
	uint64_t left = r->options.max_steps - r->machine->steps;

	return steps < left ? steps : left;
}

static enum outcome run_program(struct run *r)
{
	enum outcome outcome = OUTCOME_RUNNING;
	unsigned since_look = 0;

	r->started = r->status_at = now();
	while (outcome == OUTCOME_RUNNING && !interrupted && !r->limited && !r->output_error) {
		if (r->wave != WAVE_NONE)
			steer_wave(r);
		outcome = machine_run(r->machine, slice(r));
		r->limited =
		    outcome == OUTCOME_RUNNING && r->machine->steps >= r->options.max_steps;
		if (r->wave == WAVE_NONE || ++since_look == SLICE) {
			since_look = 0;
			note_output(r, fflush(stdout) == 0);
			show_status(r);
		}
	}
	erase_status(r);
	note_output(r, fflush(stdout) == 0);
	return outcome;
}

/* ---- the end ---------------------------------------------------------------- */

/* Words of four bytes, lowest address first: what RISC-V's architecture tests compare. */
static bool write_signature(struct run *r)
{
	const struct image *image = r->image;

	for (uint64_t pa = image->begin_signature; pa < image->end_signature; pa += 4)
		fprintf(r->signature.stream, "%08" PRIx64 "\n", ram_read(&r->machine->bus, pa, 4));
	return outfile_commit(&r->signature, r->err, sizeof(r->err)) || say("%s", r->err);
}

static bool write_trace(struct run *r)
{
	recorder_end(r->recorder);
	r->recorder = NULL;
	return outfile_commit(&r->trace, r->err, sizeof(r->err)) || say("%s", r->err);
}

static bool write_json(struct run *r, const struct report *report)
{
	if (!report_json(r->json.stream, report)) {
		outfile_abandon(&r->json);
		return say("%s: cannot write the report", r->options.json);
	}
	return outfile_commit(&r->json, r->err, sizeof(r->err)) || say("%s", r->err);
}

static int finish(struct run *r, enum outcome outcome)
{
	struct report report = {
	    .options = &r->options,
	    .instructions = r->machine->hart.instret,
	    .traps = r->machine->hart.traps,
	    .seconds = now() - r->started,
	};
	bool ended = outcome == OUTCOME_PASS || outcome == OUTCOME_FAIL;
	bool written = true;

	if (outcome == OUTCOME_FAIL)
		report.code = r->machine->code;
	mmu_counts(r->machine->mmu, &report.counts);
	report.counters =
	    strcmp(r->options.model, "golden") != 0 && mmu_events(r->machine->mmu, report.events);
	conclude(r->machine, &r->options, outcome,
		 r->output_error ? STOP_OUTPUT
		 : r->limited    ? STOP_LIMIT
				 : STOP_INTERRUPT,
		 &report);
	if (!r->options.quiet)
		report_print(stderr, &report);
	if (r->options.signature && ended)
		written &= write_signature(r);
	if (r->options.trace)
		written &= write_trace(r);
	if (r->options.json)
		written &= write_json(r, &report);
	note_output(r, fflush(stdout) == 0);
	if (r->output_error)
		written = say("cannot write to standard output: %s", strerror(r->output_error));
	if (!written && report.exit_code == EXIT_PASSED)
		return EXIT_FAILED;
	return report.exit_code;
}

static void close_run(struct run *r)
{
	machine_close(r->machine);
	recorder_end(r->recorder);
	outfile_abandon(&r->signature);
	outfile_abandon(&r->json);
	outfile_abandon(&r->trace);
	image_free(r->image);
	free(r->options.command_line);
}

/* A run that is told to stop, or whose reader goes away, still leaves its results whole
 * or not at all. What the caller has ignored (nohup) stays so. */
static void catch_signals(void)
{
	static const int stops[] = {SIGINT, SIGTERM, SIGHUP};
	const struct sigaction stop = {.sa_handler = on_interrupt, .sa_flags = SA_RESETHAND};
	struct sigaction old;

	for (unsigned i = 0; i < sizeof(stops) / sizeof(stops[0]); i++)
		if (sigaction(stops[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
			sigaction(stops[i], &stop, NULL);
	signal(SIGPIPE, SIG_IGN);
}

int atlas_run(int argc, char **argv)
{
	struct run r = {.live = false};
	int code = EXIT_BAD;

	switch (parse_run_options(argc, argv, &r.options)) {
	case PARSED_HELP:
		code = EXIT_PASSED;
		break;
	case PARSED_BAD:
		break;
	case PARSED_RUN:
		catch_signals();
		r.live = !r.options.quiet && isatty(STDERR_FILENO);
		if (!open_program(&r) || !open_results(&r) || !open_machine(&r))
			break;
		code = finish(&r, run_program(&r));
		break;
	}
	close_run(&r);
	return code;
}
