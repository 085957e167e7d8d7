#include "sparse.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE_BYTES = 4096, PAGE_WORDS = PAGE_BYTES / 4 };

struct page {
	uint64_t number; /* physical page number */
	struct page *next;
	bool written;
	bool poisoned[PAGE_WORDS];
	unsigned char bytes[PAGE_BYTES];
};

struct sparse {
	enum sparse_unwritten unwritten;
	struct page *last; /* found last: walks come back to few pages */
	struct page *bucket[1024];
};

static void *checked(void *p)
{
	if (!p) {
		fputs("sparse memory: out of memory\n", stderr);
		exit(2);
	}
	return p;
}

static struct page **bucket_of(struct sparse *s, uint64_t number)
{
	return &s->bucket[(number * 0x9e3779b97f4a7c15) >> 54];
}

static struct page *find(struct sparse *s, uint64_t pa)
{
	uint64_t number = pa / PAGE_BYTES;
	if (s->last && s->last->number == number)
		return s->last;
	for (struct page *p = *bucket_of(s, number); p; p = p->next)
		if (p->number == number)
			return s->last = p;
	return NULL;
}

static struct page *find_or_add(struct sparse *s, uint64_t pa)
{
	struct page *p = find(s, pa);
	if (p)
		return p;
	p = checked(calloc(1, sizeof *p));
	p->number = pa / PAGE_BYTES;
	struct page **bucket = bucket_of(s, p->number);
	p->next = *bucket;
	return *bucket = p;
}

struct sparse *sparse_new(enum sparse_unwritten unwritten)
{
	struct sparse *s = checked(calloc(1, sizeof *s));
	s->unwritten = unwritten;
	return s;
}

void sparse_clear(struct sparse *s)
{
	s->last = NULL;
	for (size_t i = 0; i < sizeof s->bucket / sizeof s->bucket[0]; i++)
		while (s->bucket[i]) {
			struct page *p = s->bucket[i];
			s->bucket[i] = p->next;
			free(p);
		}
}

void sparse_free(struct sparse *s)
{
	if (s)
		sparse_clear(s);
	free(s);
}

struct mmu_memory sparse_memory(struct sparse *s)
{
	return (struct mmu_memory){s, sparse_read, sparse_swap};
}

uint64_t sparse_peek(struct sparse *s, uint64_t pa, unsigned bytes)
{
	assert((bytes == 4 || bytes == 8) && pa % bytes == 0);
	struct page *p = find(s, pa);
	uint64_t value = 0;
	for (unsigned i = bytes; p && i-- > 0;)
		value = value << 8 | p->bytes[pa % PAGE_BYTES + i];
	return value;
}

bool sparse_read(void *ctx, uint64_t pa, unsigned bytes, uint64_t *value)
{
	struct sparse *s = ctx;
	struct page *p = find(s, pa);
	if ((!p || !p->written) && s->unwritten == SPARSE_BUS_ERROR)
		return false;
	for (unsigned i = 0; p && i < bytes; i += 4)
		if (p->poisoned[(pa + i) % PAGE_BYTES / 4])
			return false;
	*value = sparse_peek(s, pa, bytes);
	return true;
}

bool sparse_swap(void *ctx, uint64_t pa, unsigned bytes, uint64_t expected, uint64_t desired,
		 uint64_t *old)
{
	if (!sparse_read(ctx, pa, bytes, old))
		return false;
	if (*old == expected)
		sparse_write(ctx, pa, bytes, desired);
	return true;
}

void sparse_write(struct sparse *s, uint64_t pa, unsigned bytes, uint64_t value)
{
	assert((bytes == 4 || bytes == 8) && pa % bytes == 0);
	struct page *p = find_or_add(s, pa);
	p->written = true;
	for (unsigned i = 0; i < bytes; i++)
		p->bytes[pa % PAGE_BYTES + i] = value >> 8 * i;
}

void sparse_poison(struct sparse *s, uint64_t pa, bool on)
{
	find_or_add(s, pa)->poisoned[pa % PAGE_BYTES / 4] = on;
}
