#include "plic.h"

#include <stddef.h>

enum { PRIORITY = 0, PENDING = 0x1000, ENABLE = 0x2000, CONTEXT = 0x200000 };
enum { ENABLE_STRIDE = 0x80, CONTEXT_STRIDE = 0x1000 };
enum { THRESHOLD = 0, CLAIM = 4 }; /* in a context */
enum { PRIORITY_MASK = 7 };

static bool get(const uint32_t *bits, unsigned source)
{
	return bits[source / 32] >> source % 32 & 1;
}

static void put(uint32_t *bits, unsigned source, bool on)
{
	bits[source / 32] &= ~(1u << source % 32);
	bits[source / 32] |= (uint32_t)on << source % 32;
}

/* The source to claim, 0 for none. */
static unsigned first(const struct plic *p, const struct plic_context *c)
{
	unsigned best = 0;

	for (unsigned s = 1; s < PLIC_SOURCES; s++)
		if (get(p->pending, s) && get(c->enabled, s) && p->priority[s] > p->priority[best])
			best = s;
	return best; /* priority[0] is zero, which never wins */
}

static void update(struct plic *p)
{
	static const uint8_t irq[PLIC_CONTEXTS] = {IRQ_MEI, IRQ_SEI};

	for (unsigned i = 0; i < PLIC_CONTEXTS; i++) {
		const struct plic_context *c = &p->context[i];
		bool on = p->priority[first(p, c)] > c->threshold;

		*p->external = (*p->external & ~(1ull << irq[i])) | (uint64_t)on << irq[i];
	}
}

/* The gateway: one request at a time. */
static void forward(struct plic *p, unsigned source)
{
	if (get(p->line, source) && !get(p->claimed, source))
		put(p->pending, source, true);
}

void plic_reset(struct plic *p, uint64_t *external)
{
	*p = (struct plic){.external = external};
	update(p);
}

void plic_set_line(struct plic *p, unsigned source, bool high)
{
	if (get(p->line, source) == high)
		return;
	put(p->line, source, high);
	forward(p, source);
	update(p);
}

static unsigned claim(struct plic *p, const struct plic_context *c)
{
	unsigned source = first(p, c);

	if (source) {
		put(p->pending, source, false);
		put(p->claimed, source, true);
	}
	return source;
}

static void complete(struct plic *p, const struct plic_context *c, uint64_t source)
{
	if (source >= PLIC_SOURCES || !get(c->enabled, (unsigned)source))
		return;
	put(p->claimed, (unsigned)source, false);
	forward(p, (unsigned)source);
}

/* The i-th word of a table of words at `base`, or past its end a number too large. */
static uint64_t word_of(uint64_t offset, uint64_t base)
{
	return (offset - base) / 4;
}

static uint32_t *enable_at(struct plic *p, uint64_t offset)
{
	uint64_t context = (offset - ENABLE) / ENABLE_STRIDE;
	uint64_t word = (offset - ENABLE) % ENABLE_STRIDE / 4;

	if (offset < ENABLE || context >= PLIC_CONTEXTS || word >= PLIC_WORDS)
		return NULL;
	return &p->context[context].enabled[word];
}

static struct plic_context *context_at(struct plic *p, uint64_t offset)
{
	uint64_t context = (offset - CONTEXT) / CONTEXT_STRIDE;

	return offset >= CONTEXT && context < PLIC_CONTEXTS ? &p->context[context] : NULL;
}

bool plic_read(struct plic *p, uint64_t offset, unsigned bytes, uint64_t *value)
{
	struct plic_context *c = context_at(p, offset);
	uint32_t *enable = enable_at(p, offset);

	if (bytes != 4)
		return false;
	*value = 0;
	if (enable)
		*value = *enable;
	else if (word_of(offset, PRIORITY) < PLIC_SOURCES)
		*value = p->priority[word_of(offset, PRIORITY)];
	else if (word_of(offset, PENDING) < PLIC_WORDS)
		*value = p->pending[word_of(offset, PENDING)];
	else if (c && offset % CONTEXT_STRIDE == THRESHOLD)
		*value = c->threshold;
	else if (c && offset % CONTEXT_STRIDE == CLAIM)
		*value = claim(p, c);
	update(p);
	return true;
}

bool plic_write(struct plic *p, uint64_t offset, unsigned bytes, uint64_t value)
{
	struct plic_context *c = context_at(p, offset);
	uint32_t *enable = enable_at(p, offset);

	if (bytes != 4)
		return false;
	if (enable)
		*enable = (uint32_t)value & (offset % ENABLE_STRIDE == 0 ? ~1u : ~0u);
	else if (offset > PRIORITY && word_of(offset, PRIORITY) < PLIC_SOURCES)
		p->priority[word_of(offset, PRIORITY)] = value & PRIORITY_MASK;
	else if (c && offset % CONTEXT_STRIDE == THRESHOLD)
		c->threshold = value & PRIORITY_MASK;
	else if (c && offset % CONTEXT_STRIDE == CLAIM)
		complete(p, c, value);
	update(p);
	return true;
}
