/* The explanation of a subject, before it is printed one way or the other. */
#ifndef ATLAS_EXPLAIN_STORY_H
#define ATLAS_EXPLAIN_STORY_H

#include <stdio.h>

#include "subject.h"

enum { STORY_ADVICE = 8 }; /* the most pieces of advice */

struct story {
	const struct subject *subject;
	struct golden_walk walk;
	struct golden_result result;
	struct mmu_answer answer; /* the result's, or the bus's refusal after it */
	struct golden_rule rule;
	char *advice[STORY_ADVICE]; /* each a sentence or some; owned */
	unsigned advices;
};

/* Translates, and finds what there is to say. The subject outlives the story. */
void story_open(struct story *s, const struct subject *subject);
void story_close(struct story *s);

/* advice.c: what software could do about it. */
void story_advise(struct story *s);

/* What an operating system makes of a class of faults (spec/software.md). */
struct fault_class {
	const char *name;   /* "mapping forbids it" */
	const char *kind;   /* "a protection fault" */
	const char *signal; /* "SIGSEGV, SEGV_ACCERR"; NULL: none */
};
const struct fault_class *story_class(unsigned reason);

/* What a leaf at this level maps. */
uint64_t story_page_bytes(const struct story *s, const struct golden_read *leaf);
/* The index into the table of that level. */
uint64_t story_index(const struct story *s, unsigned level);
/* The check is of a PTE's update, not of its read. */
bool story_is_update(const struct golden_check *check);

/* For people, and for programs. False when memory or the stream fails. */
bool story_print(FILE *out, const struct story *s);
bool story_json(FILE *out, const struct story *s);

#endif
