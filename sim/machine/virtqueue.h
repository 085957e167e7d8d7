/*
 * A split virtqueue (virtio 1.1, section 2.6) from the device's side: takes what the
 * driver makes available, and gives it back used. Nothing in the guest's memory is
 * trusted: each address is checked to be RAM, and each chain to end.
 */
#ifndef ATLAS_VIRTQUEUE_H
#define ATLAS_VIRTQUEUE_H

#include <stdbool.h>
#include <stdint.h>

struct bus;

enum { VIRTQUEUE_MAX = 1024 }; /* the most descriptors */

struct virtqueue {
	uint32_t size; /* descriptors: a power of two up to VIRTQUEUE_MAX; 0: not set */
	bool ready;
	uint64_t descriptors, driver, device; /* physical addresses of the three parts */
	uint16_t next_available, next_used;   /* free-running */
};

/* One request: its buffers in the order of its chain, first those that the device
 * reads, then those that it writes. All of them are RAM. */
struct chain {
	uint16_t head;
	unsigned count;
	uint64_t readable, writable; /* bytes of each kind */
	struct buffer {
		uint64_t pa;
		uint32_t bytes;
		bool device_writes;
	} buffer[VIRTQUEUE_MAX];
};

enum virtqueue_next {
	VIRTQUEUE_EMPTY,
	VIRTQUEUE_CHAIN,
	VIRTQUEUE_BROKEN, /* a ring or buffer outside RAM, a chain that is a loop, ... */
};

/* The next chain that the driver has made available. */
enum virtqueue_next virtqueue_take(struct virtqueue *q, const struct bus *b, struct chain *c);

/* Gives a chain back, of which the device wrote the first `written` bytes. True: the
 * driver wants to be interrupted. */
bool virtqueue_give(struct virtqueue *q, struct bus *b, const struct chain *c, uint32_t written);

/* Copies from the readable buffers, `at` bytes from the start of all of them, or into
 * the writable ones; the range must lie inside. */
void chain_read(const struct chain *c, const struct bus *b, uint64_t at, void *to, uint64_t bytes);
void chain_write(const struct chain *c, struct bus *b, uint64_t at, const void *from,
		 uint64_t bytes);

#endif
