#include "history.h"

#include <stdlib.h>
#include <string.h>

enum { PAGE_SHIFT = 12 };

struct page {
	uint64_t number;     /* physical page number */
	uint64_t last_read;  /* time of the last PTE read in it */
	struct past **words; /* one list a PTE, newest first; NULL: no PTE changed */
	struct page *next;   /* in the bucket */
};

struct history {
	struct mmu_memory memory;
	unsigned pte_bytes;
	size_t n_pages;
	size_t n_past;
	struct page *last; /* found last */
	size_t n_buckets;  /* a power of two */
	struct page **bucket;
};

/* The checker cannot go on without its memory of things, nor report it upwards. */
static void *checked(void *p)
{
	if (!p) {
		fputs("lockstep: out of memory for the history of PTEs\n", stderr);
		exit(2);
	}
	return p;
}

struct history *history_new(struct mmu_memory memory, unsigned pte_bytes)
{
	struct history *h = calloc(1, sizeof *h);
	if (!h)
		return NULL;
	h->memory = memory;
	h->pte_bytes = pte_bytes;
	h->n_buckets = 256;
	h->bucket = calloc(h->n_buckets, sizeof *h->bucket);
	if (!h->bucket) {
		free(h);
		return NULL;
	}
	return h;
}

static size_t words_a_page(const struct history *h)
{
	return ((size_t)1 << PAGE_SHIFT) / h->pte_bytes;
}

/* ---- pages --------------------------------------------------------------- */

static size_t slot(const struct history *h, uint64_t number)
{
	return (number * 0x9e3779b97f4a7c15 >> 32) & (h->n_buckets - 1);
}

static struct page *find(const struct history *h, uint64_t number)
{
	for (struct page *p = h->bucket[slot(h, number)]; p; p = p->next)
		if (p->number == number)
			return p;
	return NULL;
}

static void insert(struct history *h, struct page *p)
{
	struct page **bucket = &h->bucket[slot(h, p->number)];
	p->next = *bucket;
	*bucket = p;
}

static void grow(struct history *h)
{
	struct page **old = h->bucket;
	size_t n_old = h->n_buckets;

	h->n_buckets *= 2;
	h->bucket = checked(calloc(h->n_buckets, sizeof *h->bucket));
	for (size_t i = 0; i < n_old; i++)
		for (struct page *p = old[i], *next; p; p = next) {
			next = p->next;
			insert(h, p);
		}
	free(old);
}

void history_note_read(struct history *h, uint64_t pa, uint64_t now)
{
	uint64_t number = pa >> PAGE_SHIFT;
	struct page *p = h->last && h->last->number == number ? h->last : find(h, number);
	if (!p) {
		if (h->n_pages == h->n_buckets)
			grow(h);
		p = checked(calloc(1, sizeof *p));
		p->number = number;
		insert(h, p);
		h->n_pages++;
	}
	p->last_read = now;
	h->last = p;
}

/* ---- values -------------------------------------------------------------- */

struct held history_present(const struct history *h, uint64_t pa)
{
	struct held held = {.until = HELD_STILL};
	held.error = !h->memory.read(h->memory.ctx, pa, h->pte_bytes, &held.value);
	if (held.error)
		held.value = 0;
	return held;
}

const struct past *history_past(const struct history *h, uint64_t pa)
{
	struct page *p = find(h, pa >> PAGE_SHIFT);
	if (!p || !p->words)
		return NULL;
	return p->words[(pa & 0xfff) / h->pte_bytes];
}

/* The PTE at pa held that value until its time. */
static void note_end(struct history *h, struct page *p, uint64_t pa, struct held held)
{
	if (!p->words)
		p->words = checked(calloc(words_a_page(h), sizeof(struct past *)));
	struct past **list = &p->words[(pa & 0xfff) / h->pte_bytes];
	for (struct past *past = *list; past; past = past->next)
		if (past->held.value == held.value && past->held.error == held.error) {
			past->held.until = held.until;
			return;
		}

	struct past *past = checked(malloc(sizeof *past));
	past->held = held;
	past->next = *list;
	*list = past;
	h->n_past++;
}

void history_before_write(struct history *h, uint64_t pa, unsigned bytes, uint64_t now)
{
	uint64_t at = pa & ~(uint64_t)(h->pte_bytes - 1);
	for (uint64_t left = bytes ? pa - at + bytes : 0; left;
	     left -= left < h->pte_bytes ? left : h->pte_bytes, at += h->pte_bytes) {
		struct page *p = find(h, at >> PAGE_SHIFT);
		if (!p)
			continue;
		struct held held = history_present(h, at);
		held.until = now;
		note_end(h, p, at, held);
	}
}

void history_replaced(struct history *h, uint64_t pa, uint64_t old, uint64_t now)
{
	struct page *p = find(h, pa >> PAGE_SHIFT);
	if (p)
		note_end(h, p, pa, (struct held){.value = old, .until = now});
}

bool history_is_empty(const struct history *h)
{
	return h->n_past == 0;
}

/* ---- forgetting ---------------------------------------------------------- */

static void forget_values(struct history *h, struct page *p)
{
	for (size_t i = 0; p->words && i < words_a_page(h); i++)
		for (struct past *past = p->words[i], *next; past; past = next) {
			next = past->next;
			free(past);
		}
	free(p->words);
	p->words = NULL;
}

void history_forget(struct history *h, uint64_t since)
{
	if (h->n_pages == 0)
		return;
	h->last = NULL;
	for (size_t i = 0; i < h->n_buckets; i++)
		for (struct page **link = &h->bucket[i]; *link;) {
			struct page *p = *link;
			forget_values(h, p);
			if (p->last_read >= since) {
				link = &p->next;
				continue;
			}
			*link = p->next;
			free(p);
			h->n_pages--;
		}
	h->n_past = 0;
}

void history_free(struct history *h)
{
	if (!h)
		return;
	history_forget(h, UINT64_MAX);
	free(h->bucket);
	free(h);
}
