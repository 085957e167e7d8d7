#include "table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct table table_new(const char *question)
{
	struct table t = {question, json_array(), json_array(), {0}};

	if (!t.columns || !t.rows) {
		fputs("bench: out of memory\n", stderr);
		exit(2);
	}
	return t;
}

void table_free(struct table *t)
{
	json_decref(t->columns);
	json_decref(t->rows);
}

void table_column(struct table *t, const char *name, int decimals)
{
	t->decimals[json_array_size(t->columns)] = decimals;
	json_array_append_new(t->columns, json_string(name));
}

void table_row(struct table *t)
{
	json_array_append_new(t->rows, json_array());
}

static void cell(struct table *t, json_t *value)
{
	json_array_append_new(json_array_get(t->rows, json_array_size(t->rows) - 1), value);
}

void table_text(struct table *t, const char *text)
{
	cell(t, json_string(text));
}

void table_number(struct table *t, double value)
{
	cell(t, json_real(value));
}

void table_none(struct table *t)
{
	cell(t, json_null());
}

/* ---- for people ---------------------------------------------------------------- */

static const char *column_name(const struct table *t, size_t c)
{
	return json_string_value(json_array_get(t->columns, c));
}

/* The cell as it is printed, in `buffer` or the table's own. */
static const char *printed(const struct table *t, size_t r, size_t c, char buffer[40])
{
	json_t *value = json_array_get(json_array_get(t->rows, r), c);

	if (json_is_string(value))
		return json_string_value(value);
	if (!json_is_number(value))
		return "-";
	snprintf(buffer, 40, "%.*f", t->decimals[c], json_number_value(value));
	return buffer;
}

static int width(const struct table *t, size_t c)
{
	size_t widest = strlen(column_name(t, c));
	char buffer[40];

	for (size_t r = 0; r < json_array_size(t->rows); r++) {
		size_t n = strlen(printed(t, r, c, buffer));

		widest = n > widest ? n : widest;
	}
	return (int)widest;
}

static bool is_text(const struct table *t, size_t c)
{
	return json_is_string(json_array_get(json_array_get(t->rows, 0), c));
}

/* Text to the left, numbers to the right. */
static void print_cell(FILE *out, const struct table *t, size_t c, const char *text)
{
	bool last = c + 1 == json_array_size(t->columns);
	int w = width(t, c);

	fprintf(out, "%s%*s", c ? "  " : "", is_text(t, c) ? (last ? 0 : -w) : w, text);
}

static void print_text(FILE *out, const struct table *t, const char *command)
{
	size_t columns = json_array_size(t->columns);
	char buffer[40];

	fprintf(out, "%s\n$ %s\n", t->question, command);
	for (size_t c = 0; c < columns; c++)
		print_cell(out, t, c, column_name(t, c));
	fputc('\n', out);
	for (size_t r = 0; r < json_array_size(t->rows); r++) {
		for (size_t c = 0; c < columns; c++)
			print_cell(out, t, c, printed(t, r, c, buffer));
		fputc('\n', out);
	}
	fputc('\n', out);
}

/* ---- for programs ---------------------------------------------------------------- */

static void print_json(FILE *out, const struct table *t, const char *command)
{
	json_t *rows = json_array();

	for (size_t r = 0; r < json_array_size(t->rows); r++) {
		json_t *row = json_object();

		for (size_t c = 0; c < json_array_size(t->columns); c++)
			json_object_set(row, column_name(t, c),
					json_array_get(json_array_get(t->rows, r), c));
		json_array_append_new(rows, row);
	}
	json_t *object =
	    json_pack("{s:s, s:s, s:o}", "question", t->question, "command", command, "rows", rows);

	json_dumpf(object, out, JSON_INDENT(2) | JSON_REAL_PRECISION(8));
	fputc('\n', out);
	json_decref(object);
}

/* ---- both ------------------------------------------------------------------------ */

/* As a shell takes it; free() it. */
static char *command_line(int argc, char **argv)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	for (int i = 0; i < argc; i++) {
		const char *quote = strchr(argv[i], ' ') ? "'" : "";

		if (strcmp(argv[i], "--json") == 0)
			i++;
		else if (strncmp(argv[i], "--json=", 7) != 0)
			fprintf(out, "%s%s%s%s", i ? " " : "", quote, argv[i], quote);
	}
	fclose(out);
	return text;
}

static bool written(FILE *f, const char *name)
{
	bool ok = !ferror(f) && fflush(f) == 0;

	if (!ok)
		fprintf(stderr, "bench: %s: cannot write: %s\n", name, strerror(errno));
	return ok;
}

bool table_print(const struct table *t, int argc, char **argv, const char *json)
{
	bool only_json = json && strcmp(json, "-") == 0, ok = true;
	FILE *f = only_json ? stdout : json ? fopen(json, "w") : NULL;
	char *command = command_line(argc, argv);

	if (json && !f) {
		fprintf(stderr, "bench: %s: cannot write: %s\n", json, strerror(errno));
		ok = false;
	}
	if (f)
		print_json(f, t, command);
	if (f && !only_json) {
		ok = written(f, json);
		fclose(f);
	}
	if (!only_json)
		print_text(stdout, t, command);
	free(command);
	return written(stdout, "standard output") && ok;
}
