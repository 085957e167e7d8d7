#include "virtqueue.h"

#include "bus.h"

enum { DESCRIPTOR_BYTES = 16, USED_BYTES = 8, RING = 4 /* both rings' first element */ };
enum { DESC_NEXT = 1, DESC_WRITE = 2 }; /* flags of a descriptor */
enum { AVAILABLE_NO_INTERRUPT = 1 };

static bool is_part(const struct bus *b, uint64_t pa, uint64_t bytes, unsigned alignment)
{
	return pa % alignment == 0 && bus_is_ram(b, pa, bytes);
}

/* Before each use: the driver may have named other addresses meanwhile. */
static bool usable(const struct virtqueue *q, const struct bus *b)
{
	return q->ready && q->size > 0 &&
	       is_part(b, q->descriptors, (uint64_t)DESCRIPTOR_BYTES * q->size, 16) &&
	       is_part(b, q->driver, RING + 2ull * q->size, 2) &&
	       is_part(b, q->device, RING + (uint64_t)USED_BYTES * q->size, 4);
}

/* Adds one descriptor. False: it is not as it must be. *next is its successor, or its
 * own number if it is the last. */
static bool add(struct chain *c, const struct virtqueue *q, const struct bus *b, uint16_t number,
		uint16_t *next)
{
	uint64_t at = q->descriptors + (uint64_t)DESCRIPTOR_BYTES * number;
	unsigned flags = (unsigned)ram_read(b, at + 12, 2);
	struct buffer buffer = {
	    .pa = ram_read(b, at, 8),
	    .bytes = (uint32_t)ram_read(b, at + 8, 4),
	    .device_writes = flags & DESC_WRITE,
	};

	if (flags & ~(unsigned)(DESC_NEXT | DESC_WRITE))
		return false; /* an indirect table, which was not offered */
	if (!bus_is_ram(b, buffer.pa, buffer.bytes))
		return false;
	if (!buffer.device_writes && c->writable)
		return false;
	if (buffer.device_writes)
		c->writable += buffer.bytes;
	else
		c->readable += buffer.bytes;
	c->buffer[c->count++] = buffer;
	*next = flags & DESC_NEXT ? (uint16_t)ram_read(b, at + 14, 2) : number;
	return true;
}

enum virtqueue_next virtqueue_take(struct virtqueue *q, const struct bus *b, struct chain *c)
{
	uint16_t available, number, next;

	if (!usable(q, b))
		return VIRTQUEUE_BROKEN;
	available = (uint16_t)ram_read(b, q->driver + 2, 2);
	if (available == q->next_available)
		return VIRTQUEUE_EMPTY;
	if ((uint16_t)(available - q->next_available) > q->size)
		return VIRTQUEUE_BROKEN;

	next = (uint16_t)ram_read(b, q->driver + RING + 2ull * (q->next_available % q->size), 2);
	c->head = next;
	c->count = 0;
	c->readable = c->writable = 0;
	do {
		number = next;
		/* A chain that is longer than there are descriptors is a loop. */
		if (number >= q->size || c->count == q->size || !add(c, q, b, number, &next))
			return VIRTQUEUE_BROKEN;
	} while (next != number);
	q->next_available++;
	return VIRTQUEUE_CHAIN;
}

static void write_number(struct bus *b, uint64_t pa, uint32_t value, unsigned bytes)
{
	bus_dma_write(b, pa, &value, bytes);
}

bool virtqueue_give(struct virtqueue *q, struct bus *b, const struct chain *c, uint32_t written)
{
	uint64_t at = q->device + RING + (uint64_t)USED_BYTES * (q->next_used % q->size);

	write_number(b, at, c->head, 4);
	write_number(b, at + 4, written, 4);
	write_number(b, q->device + 2, ++q->next_used, 2);
	return !(ram_read(b, q->driver, 2) & AVAILABLE_NO_INTERRUPT);
}

/* Calls `copy` for each piece of the buffers of one kind that the range covers. */
static void for_each_piece(const struct chain *c, bool device_writes, uint64_t at, uint64_t bytes,
			   void (*copy)(void *ctx, uint64_t pa, uint64_t bytes), void *ctx)
{
	for (unsigned i = 0; i < c->count && bytes; i++) {
		const struct buffer *buffer = &c->buffer[i];
		uint64_t n = buffer->bytes - at;

		if (buffer->device_writes != device_writes)
			continue;
		if (at >= buffer->bytes) {
			at -= buffer->bytes;
			continue;
		}
		if (n > bytes)
			n = bytes;
		copy(ctx, buffer->pa + at, n);
		at = 0;
		bytes -= n;
	}
}

struct reading {
	const struct bus *bus;
	uint8_t *to;
};

static void read_piece(void *ctx, uint64_t pa, uint64_t bytes)
{
	struct reading *r = ctx;

	memcpy(r->to, r->bus->ram + (pa - RAM_BASE), bytes);
	r->to += bytes;
}

void chain_read(const struct chain *c, const struct bus *b, uint64_t at, void *to, uint64_t bytes)
{
	struct reading r = {b, to};

	for_each_piece(c, false, at, bytes, read_piece, &r);
}

struct writing {
	struct bus *bus;
	const uint8_t *from;
};

static void write_piece(void *ctx, uint64_t pa, uint64_t bytes)
{
	struct writing *w = ctx;

	bus_dma_write(w->bus, pa, w->from, bytes);
	w->from += bytes;
}

void chain_write(const struct chain *c, struct bus *b, uint64_t at, const void *from,
		 uint64_t bytes)
{
	struct writing w = {b, from};

	for_each_piece(c, true, at, bytes, write_piece, &w);
}
