#include "virtio_blk.h"

#include "kernel_csr.h"
#include "memory.h"
#include "plic.h"
#include "usercopy.h"

/* Registers of virtio-mmio, version 2: byte offsets. */
enum {
	MAGIC = 0x000,
	VERSION = 0x004,
	DEVICE_ID = 0x008,
	DRIVER_FEATURES = 0x020,
	DRIVER_FEATURES_SEL = 0x024,
	QUEUE_SEL = 0x030,
	QUEUE_NUM_MAX = 0x034,
	QUEUE_NUM = 0x038,
	QUEUE_READY = 0x044,
	QUEUE_NOTIFY = 0x050,
	INTERRUPT_STATUS = 0x060,
	INTERRUPT_ACK = 0x064,
	STATUS = 0x070,
	QUEUE_DESC_LOW = 0x080,
	QUEUE_DESC_HIGH = 0x084,
	QUEUE_DRIVER_LOW = 0x090,
	QUEUE_DRIVER_HIGH = 0x094,
	QUEUE_DEVICE_LOW = 0x0a0,
	QUEUE_DEVICE_HIGH = 0x0a4,
	CONFIG_CAPACITY = 0x100
};

#define MAGIC_VALUE  0x74726976 /* "virt" */
#define BLOCK_DEVICE 2

#define ACKNOWLEDGE 1
#define DRIVER      2
#define DRIVER_OK   4
#define FEATURES_OK 8
#define VERSION_1   1u /* feature 32, in the upper word */

enum { DESC_NEXT = 1, DESC_WRITE = 2 };
enum { TYPE_IN = 0, TYPE_OUT = 1 };

/* The virtqueue: room for the three descriptors of one request, and one more because its size
 * is a power of two. */
#define QUEUE_SIZE 4

static struct {
	struct {
		uint64_t address;
		uint32_t length;
		uint16_t flags, next;
	} desc[QUEUE_SIZE];
	struct {
		uint16_t flags, index, ring[QUEUE_SIZE], unused;
	} avail __attribute__((aligned(4)));
	struct {
		uint16_t flags, index;
		struct {
			uint32_t id, length;
		} ring[QUEUE_SIZE];
	} used __attribute__((aligned(4)));
	struct {
		uint32_t type, reserved;
		uint64_t sector;
	} header;
	uint8_t status;
} queue __attribute__((aligned(16)));

static uint64_t sectors;

static volatile uint32_t *reg(unsigned offset)
{
	return (volatile uint32_t *)(DISK_BASE + offset);
}

static void set_address(unsigned low, unsigned high, const void *p)
{
	*reg(low) = (uint32_t)(uintptr_t)p;
	*reg(high) = (uint32_t)((uint64_t)(uintptr_t)p >> 32);
}

bool disk_open(void)
{
	uint32_t magic;

	if (!peek(DISK_BASE + MAGIC, &magic) || magic != MAGIC_VALUE || *reg(VERSION) != 2 ||
	    *reg(DEVICE_ID) != BLOCK_DEVICE)
		return false;
	*reg(STATUS) = 0;
	*reg(STATUS) = ACKNOWLEDGE | DRIVER;
	*reg(DRIVER_FEATURES_SEL) = 0;
	*reg(DRIVER_FEATURES) = 0;
	*reg(DRIVER_FEATURES_SEL) = 1;
	*reg(DRIVER_FEATURES) = VERSION_1;
	*reg(STATUS) = ACKNOWLEDGE | DRIVER | FEATURES_OK;
	if (!(*reg(STATUS) & FEATURES_OK))
		return false;
	*reg(QUEUE_SEL) = 0;
	if (*reg(QUEUE_NUM_MAX) < QUEUE_SIZE)
		return false;
	*reg(QUEUE_NUM) = QUEUE_SIZE;
	set_address(QUEUE_DESC_LOW, QUEUE_DESC_HIGH, &queue.desc);
	set_address(QUEUE_DRIVER_LOW, QUEUE_DRIVER_HIGH, &queue.avail);
	set_address(QUEUE_DEVICE_LOW, QUEUE_DEVICE_HIGH, &queue.used);
	*reg(QUEUE_READY) = 1;
	*reg(STATUS) = ACKNOWLEDGE | DRIVER | FEATURES_OK | DRIVER_OK;
	sectors = (uint64_t)*reg(CONFIG_CAPACITY + 4) << 32 | *reg(CONFIG_CAPACITY);
	plic_enable(PLIC_DISK);
	return sectors > 0;
}

uint64_t disk_sectors(void)
{
	return sectors;
}

static void describe(unsigned i, const void *p, uint32_t bytes, unsigned flags)
{
	queue.desc[i].address = (uintptr_t)p;
	queue.desc[i].length = bytes;
	queue.desc[i].flags = (uint16_t)(flags | (i < 2 ? DESC_NEXT : 0));
	queue.desc[i].next = (uint16_t)(i + 1);
}

/*
 * A request: a header that the device reads, the data, a status byte that it writes. Interrupts
 * are off in the kernel: they only end the wait.
 */
static bool request(uint32_t type, uint64_t sector, xword pa, uint32_t bytes)
{
	uint16_t done = queue.used.index;

	queue.header.type = type;
	queue.header.sector = sector;
	queue.status = 0xff;
	describe(0, &queue.header, sizeof queue.header, 0);
	describe(1, (const void *)pa, bytes, type == TYPE_IN ? DESC_WRITE : 0);
	describe(2, &queue.status, 1, DESC_WRITE);
	queue.avail.ring[queue.avail.index % QUEUE_SIZE] = 0;
	__sync_synchronize();
	queue.avail.index++;
	__sync_synchronize();
	*reg(QUEUE_NOTIFY) = 0;
	while (*(volatile uint16_t *)&queue.used.index == done)
		wait_for_interrupt();
	__sync_synchronize();
	*reg(INTERRUPT_ACK) = *reg(INTERRUPT_STATUS);
	plic_finish();
	return *(volatile uint8_t *)&queue.status == 0;
}

bool disk_read(uint64_t sector, xword pa, uint32_t bytes)
{
	return request(TYPE_IN, sector, pa, bytes);
}

bool disk_write(uint64_t sector, xword pa, uint32_t bytes)
{
	return request(TYPE_OUT, sector, pa, bytes);
}
