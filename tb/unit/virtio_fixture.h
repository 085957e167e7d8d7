/* A small driver for the virtio disk, for tests of both sides' manners. The disk is a
 * file of SECTORS sectors, all zero at first. */
#ifndef ATLAS_VIRTIO_FIXTURE_H
#define ATLAS_VIRTIO_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "encode.h"
#include "rig.h"

#define BIT(n) (1ull << (n))

enum { SECTORS = 8, QUEUE = 8 };

/* The queue's parts and some buffers, apart from each other. */
#define DESC    (RIG_DATA + 0x0000)
#define AVAIL   (RIG_DATA + 0x1000)
#define USED    (RIG_DATA + 0x2000)
#define HEADER  (RIG_DATA + 0x3000)
#define STATUS_ (RIG_DATA + 0x3100)
#define BUFFER  (RIG_DATA + 0x4000)

enum { NEXT = 1, WRITE = 2, INDIRECT = 4 };
enum { IN = 0, OUT = 1, FLUSH = 4, GET_ID = 8, UNKNOWN = 99 };
enum { OK = 0, IOERR = 1, UNSUPP = 2, UNTOUCHED = 0xee };
enum { NEEDS_RESET = 0x40 };

static char path[32];
static uint16_t submitted;

static inline uint32_t reg(struct rig *r, uint64_t offset)
{
	return (uint32_t)rig_peek(r, VIRTIO_BASE + offset, 4);
}

static inline void set_reg(struct rig *r, uint64_t offset, uint64_t value)
{
	rig_poke(r, VIRTIO_BASE + offset, 4, value);
}

static inline void set_address(struct rig *r, uint64_t offset, uint64_t value)
{
	set_reg(r, offset, value & 0xffffffff);
	set_reg(r, offset + 4, value >> 32);
}

static inline int plug_in(void **state)
{
	char err[200] = "";
	struct rig *r;
	int fd;

	if (rig_setup64(state) != 0)
		return -1;
	r = *state;
	strcpy(path, "/tmp/atlas-disk.XXXXXX");
	fd = mkstemp(path);
	if (fd < 0 || ftruncate(fd, SECTORS * SECTOR_BYTES) != 0)
		return -1;
	close(fd);
	r->m->disk = disk_open(path, err, sizeof(err));
	r->m->bus.virtio.disk = r->m->disk;
	submitted = 0;
	return r->m->disk ? 0 : -1;
}

static inline int pull_out(void **state)
{
	unlink(path);
	return rig_teardown(state);
}

/* ---- the driver ----------------------------------------------------------------------- */

static inline void negotiate(struct rig *r, uint64_t features)
{
	set_reg(r, 0x070, 0);
	set_reg(r, 0x070, 1);
	set_reg(r, 0x070, 3);
	set_reg(r, 0x024, 0);
	set_reg(r, 0x020, features & 0xffffffff);
	set_reg(r, 0x024, 1);
	set_reg(r, 0x020, features >> 32);
	set_reg(r, 0x070, 0xb);
}

static inline void start(struct rig *r)
{
	negotiate(r, BIT(32) | BIT(9));
	assert_int_equal(reg(r, 0x070), 0xb);
	set_reg(r, 0x030, 0);
	set_reg(r, 0x038, QUEUE);
	set_address(r, 0x080, DESC);
	set_address(r, 0x090, AVAIL);
	set_address(r, 0x0a0, USED);
	set_reg(r, 0x044, 1);
	set_reg(r, 0x070, 0xf);
}

static inline void describe(struct rig *r, unsigned i, uint64_t pa, uint32_t bytes, unsigned flags,
			    unsigned next)
{
	rig_poke(r, DESC + 16 * i, 8, pa);
	rig_poke(r, DESC + 16 * i + 8, 4, bytes);
	rig_poke(r, DESC + 16 * i + 12, 2, flags);
	rig_poke(r, DESC + 16 * i + 14, 2, next);
}

/* Makes the chain that begins there available, and tells the device. */
static inline void submit(struct rig *r, unsigned head)
{
	rig_poke(r, AVAIL + 4 + 2 * (submitted % QUEUE), 2, head);
	rig_poke(r, AVAIL + 2, 2, ++submitted);
	set_reg(r, 0x050, 0);
}

static inline uint64_t used(struct rig *r)
{
	return rig_peek(r, USED + 2, 2);
}

static inline void header(struct rig *r, uint32_t type, uint64_t sector)
{
	rig_poke(r, HEADER, 4, type);
	rig_poke(r, HEADER + 4, 4, 0);
	rig_poke(r, HEADER + 8, 8, sector);
	rig_poke(r, STATUS_, 1, UNTOUCHED);
}

/* The usual three descriptors. Gives the status byte, UNTOUCHED if there was none. */
static inline uint64_t request(struct rig *r, uint32_t type, uint64_t sector, uint32_t bytes)
{
	header(r, type, sector);
	describe(r, 0, HEADER, 16, NEXT, 1);
	describe(r, 1, BUFFER, bytes, NEXT | (type == OUT ? 0 : WRITE), 2);
	describe(r, 2, STATUS_, 1, WRITE, 0);
	submit(r, 0);
	return rig_peek(r, STATUS_, 1);
}

/* What the tests write: no two sectors alike. */
static inline uint8_t pattern(uint8_t first, unsigned i)
{
	return (uint8_t)(first + i * 7 + i / 256);
}

static inline void fill_buffer(struct rig *r, uint8_t first, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		rig_poke(r, BUFFER + i, 1, pattern(first, i));
}

static inline bool holds(const uint8_t *p, uint8_t first, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		if (p[i] != pattern(first, i))
			return false;
	return true;
}

static inline const uint8_t *buffer(struct rig *r)
{
	return r->m->bus.ram + (BUFFER - RAM_BASE);
}

static inline void read_file(uint64_t at, void *to, size_t bytes)
{
	FILE *f = fopen(path, "rb");

	assert_non_null(f);
	assert_int_equal(fseek(f, (long)at, SEEK_SET), 0);
	assert_int_equal(fread(to, 1, bytes, f), bytes);
	fclose(f);
}

#define DISK_TEST(name) cmocka_unit_test_setup_teardown(name, plug_in, pull_out)

#endif
