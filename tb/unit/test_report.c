/* What `atlas run` ends with: counters of the hardware beside what the pins tell. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "machine/report.h"

static const struct run_options options = {
    .program = "prog.elf", .model = "rtl", .config = "open57r", .latency_min = 1, .latency_max = 1};

static struct report counted(void)
{
	struct report r = {.options = &options, .outcome = "passed", .counters = true};

	r.counts.port[MMU_DATA].misses = 7;
	r.events[COUNTER_DATA + EVENT_PORT_MISSES] = 7;
	r.events[COUNTER_DATA + EVENT_PORT_HITS] = 40;
	r.events[COUNTER_CORE + EVENT_CORE_FENCES] = 3;
	return r;
}

static char *printed(const struct report *r, bool json)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	if (json)
		assert_true(report_json(out, r));
	else
		report_print(out, r);
	fclose(out);
	return text;
}

/* The line that begins with that name, blanks squeezed. */
static void assert_line(const char *text, const char *name, const char *expected)
{
	const char *at = strstr(text, name);
	char line[200] = "";
	size_t n = 0;

	assert_non_null(at);
	for (; *at != '\n' && n < sizeof line - 1; at++)
		if (*at != ' ' || (n && line[n - 1] != ' '))
			line[n++] = *at;
	assert_string_equal(line, expected);
}

static void counters_stand_beside_what_the_pins_tell(void **state)
{
	struct report r = counted();
	char *text = printed(&r, false);

	(void)state;
	assert_line(text, "data_misses", "data_misses 7 7");
	assert_line(text, "data_hits", "data_hits 40");
	assert_line(text, "core_fences", "core_fences 3 0");
	assert_null(strstr(text, "fetch_hits")); /* zero */
	free(text);
}

static void json_has_every_counter(void **state)
{
	struct report r = counted();
	char *text = printed(&r, true);
	json_t *report = json_loads(text, 0, NULL), *events = json_object_get(report, "events");
	unsigned named = 0;

	(void)state;
	for (unsigned k = 0; k < COUNTERS_N; k++)
		named += !!mmu_event_name(k);
	assert_int_equal(json_object_size(events), named);
	assert_int_equal(json_integer_value(json_object_get(events, "data_misses")), 7);
	assert_int_equal(json_integer_value(json_object_get(events, "core_fences")), 3);
	assert_int_equal(json_integer_value(json_object_get(events, "fetch_hits")), 0);
	json_decref(report);
	free(text);
}

static void without_counters_nothing_is_said_of_them(void **state)
{
	struct report r = counted();
	char *text, *json;

	(void)state;
	r.counters = false;
	text = printed(&r, false);
	json = printed(&r, true);
	assert_null(strstr(text, "event counters"));
	assert_null(strstr(json, "events"));
	free(text);
	free(json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(counters_stand_beside_what_the_pins_tell),
	    cmocka_unit_test(json_has_every_counter),
	    cmocka_unit_test(without_counters_nothing_is_said_of_them),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
