/*
 * Physical memory as the hart and the MMU see it: RAM, and devices at the
 * addresses of QEMU's `virt` board. Everything else is a bus error.
 *
 * RAM takes accesses of 1 to 8 bytes at any address; a device takes the aligned
 * accesses of the widths that its header names. PTEs are read and updated in RAM only.
 */
#ifndef ATLAS_BUS_H
#define ATLAS_BUS_H

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "clint.h"
#include "finisher.h"
#include "htif.h"
#include "mmu.h"
#include "plic.h"
#include "uart.h"
#include "virtio_blk.h"

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "RAM is kept in the host's byte order");

#define RAM_BASE 0x80000000ull

struct bus {
	uint8_t *ram;
	uint64_t ram_bytes; /* a multiple of 4096 */
	struct mmu *mmu;    /* told before each change of RAM; not owned; may be NULL */
	struct uart uart;
	struct clint clint;
	struct plic plic;
	struct virtio_blk virtio;
	uint64_t dma_writes; /* by devices into RAM */
	struct finisher finisher;
	struct htif htif;
};

/* Makes a bus with ram_bytes of zeroed RAM. False when the host lacks memory. */
bool bus_init(struct bus *b, uint64_t ram_bytes);
void bus_free(struct bus *b);

/* All of [pa, pa + bytes) is RAM. */
static inline bool bus_is_ram(const struct bus *b, uint64_t pa, uint64_t bytes)
{
	uint64_t offset = pa - RAM_BASE;

	return offset < b->ram_bytes && bytes <= b->ram_bytes - offset;
}

/* One to eight bytes of what bus_is_ram(), little-endian, zero-extended. */
static inline uint64_t ram_read(const struct bus *b, uint64_t pa, unsigned bytes)
{
	const uint8_t *p = b->ram + (pa - RAM_BASE);
	uint64_t value = 0;

	switch (bytes) { /* constant lengths, which the compiler turns into single loads */
	case 1:
		return *p;
	case 2:
		memcpy(&value, p, 2);
		return value;
	case 4:
		memcpy(&value, p, 4);
		return value;
	case 8:
		memcpy(&value, p, 8);
		return value;
	default:
		memcpy(&value, p, bytes);
		return value;
	}
}

/* Writes value's low `bytes` to what bus_is_ram(), and tells MMU and HTIF. */
void ram_write(struct bus *b, uint64_t pa, unsigned bytes, uint64_t value);

/* The same for a device, any number of bytes. They end reservations (hart.h). */
void bus_dma_write(struct bus *b, uint64_t pa, const void *from, uint64_t bytes);

/* RAM, or a device that is there, whatever it makes of such an access. */
bool bus_answers(const struct bus *b, uint64_t pa, uint64_t bytes);

/* bytes is 1, 2, 4 or 8. False is a bus error: nothing has happened. */
bool bus_read(struct bus *b, uint64_t pa, unsigned bytes, uint64_t *value);
bool bus_write(struct bus *b, uint64_t pa, unsigned bytes, uint64_t value);

/* To be called now and then: devices look at the world outside. */
void bus_poll(struct bus *b);

/* The view of struct mmu_memory: ctx is the bus. */
bool bus_read_pte(void *ctx, uint64_t pa, unsigned bytes, uint64_t *value);
bool bus_swap_pte(void *ctx, uint64_t pa, unsigned bytes, uint64_t expected, uint64_t desired,
		  uint64_t *old);

#endif
