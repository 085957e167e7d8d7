#include "versions.h"

#include <stdlib.h>

/* They give the same verdicts. */
static bool same(const struct golden_pmp *a, const struct golden_pmp *b)
{
	if (a->mml != b->mml || a->mmwp != b->mmwp || a->used != b->used)
		return false;
	for (unsigned i = 0; i < a->used; i++) {
		const struct golden_pmp_entry *x = &a->entry[i], *y = &b->entry[i];
		if (x->cfg != y->cfg || x->first != y->first || x->last != y->last)
			return false;
	}
	return true;
}

void versions_note(struct versions *v, const struct golden_pmp *now)
{
	if (v->n && same(&v->pmp[v->n - 1], now))
		return;
	/* A state that comes again is the last now. */
	for (size_t i = 0; i < v->n; i++)
		if (same(&v->pmp[i], now)) {
			v->pmp[i] = v->pmp[v->n - 1];
			v->pmp[v->n - 1] = *now;
			return;
		}
	if (v->n == v->size) {
		v->size = v->size ? 2 * v->size : 8;
		v->pmp = realloc(v->pmp, v->size * sizeof *v->pmp);
		if (!v->pmp) {
			fputs("lockstep: out of memory for the states of PMP\n", stderr);
			exit(2);
		}
	}
	v->pmp[v->n++] = *now;
}

void versions_forget(struct versions *v)
{
	v->pmp[0] = v->pmp[v->n - 1];
	v->n = 1;
}

bool versions_give(const struct versions *v, const struct golden_pmp_check *check, bool verdict)
{
	for (size_t i = v->n; i-- > 0;)
		if (golden_pmp_allows(&v->pmp[i], check) == verdict)
			return true;
	return false;
}

void versions_free(struct versions *v)
{
	free(v->pmp);
}
