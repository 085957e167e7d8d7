/* A table of figures: printed for people, or as JSON for programs. */
#ifndef ATLAS_TABLE_H
#define ATLAS_TABLE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

struct table {
	const char *question; /* what it answers, one line */
	json_t *columns;      /* their names */
	json_t *rows;         /* arrays of strings, numbers and null */
	int decimals[32];     /* of each column */
};

/* Ends the program when there is no memory. */
struct table table_new(const char *question);
void table_free(struct table *t);

/* All columns come before the first row. `decimals` of its numbers. */
void table_column(struct table *t, const char *name, int decimals);

/* Begins a row, then its cells, from the left. */
void table_row(struct table *t);
void table_text(struct table *t, const char *text);
void table_number(struct table *t, double value);
void table_none(struct table *t); /* does not apply */

/*
 * Prints the table to standard output, with argv as the command that does so, and to the file
 * `json`, if not NULL, also as {"question", "command", "rows": [{column: value, ...}, ...]};
 * "-" is standard output, and then there is no table. In argv, --json and its value are left
 * out. False, with a line on standard error, when something could not be written.
 */
bool table_print(const struct table *t, int argc, char **argv, const char *json);

#endif
