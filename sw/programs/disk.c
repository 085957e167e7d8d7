/*
 * The virtio disk (virtio 1.1, version 2 of virtio-mmio): found, set up, written and
 * read back, by polling and by its interrupt; and what it says to bad requests. The
 * disk is a scratch one of at least 64 sectors.
 */
#include "check.h"
#include "context.h"
#include "machine.h"
#include "memory.h"
#include "space.h"

#define VIRTIO_BASE    0x10001000ul
#define PLIC_BASE      0x0c000000ul
#define DISK_SOURCE    1
#define IRQ_M_EXTERNAL 11

#define SECTOR 512
#define QUEUE  8

enum { T_IN = 0, T_OUT = 1, T_FLUSH = 4, T_UNKNOWN = 77 };
enum { S_OK = 0, S_IOERR = 1, S_UNSUPP = 2, S_NONE = 0xff };
enum { DESC_NEXT = 1, DESC_WRITE = 2 };

static struct {
	uint64_t pa;
	uint32_t bytes;
	uint16_t flags, next;
} descriptors[QUEUE] __attribute__((aligned(16)));
static volatile struct {
	uint16_t flags, index, ring[QUEUE];
} available __attribute__((aligned(2)));
static volatile struct {
	uint16_t flags, index;
	struct {
		uint32_t head, bytes;
	} ring[QUEUE];
} used __attribute__((aligned(4)));

static struct {
	uint32_t type, reserved;
	uint64_t sector;
} header;
static volatile uint8_t status;
static uint8_t data[4 * SECTOR];
static void *buffer = data;

static uint32_t get(unsigned offset)
{
	return *(volatile uint32_t *)(VIRTIO_BASE + offset);
}

static void set(unsigned offset, uint32_t value)
{
	*(volatile uint32_t *)(VIRTIO_BASE + offset) = value;
}

static void set_address(unsigned offset, const volatile void *p)
{
	uint64_t pa = (xword)p;

	set(offset, (uint32_t)pa);
	set(offset + 4, (uint32_t)(pa >> 32));
}

static bool find(void)
{
	return get(0x000) == 0x74726976 && get(0x004) == 2 && get(0x008) == 2;
}

static void set_up(void)
{
	set(0x070, 0);
	set(0x070, 1);
	set(0x070, 3);
	set(0x014, 1);
	check("offers_version_1", get(0x010) & 1);
	set(0x014, 0);
	check("offers_flush", get(0x010) >> 9 & 1);
	set(0x024, 0);
	set(0x020, 1u << 9);
	set(0x024, 1);
	set(0x020, 1);
	set(0x070, 0xb);
	check("accepts_the_features", get(0x070) == 0xb);
	set(0x030, 0);
	check("has_a_queue", get(0x034) >= QUEUE && !get(0x044));
	set(0x038, QUEUE);
	set_address(0x080, descriptors);
	set_address(0x090, &available);
	set_address(0x0a0, &used);
	set(0x044, 1);
	set(0x070, 0xf);
	check("is_ready", get(0x070) == 0xf && get(0x044) == 1);
}

static void describe(unsigned i, const volatile void *p, uint32_t bytes, unsigned flags)
{
	descriptors[i].pa = (xword)p;
	descriptors[i].bytes = bytes;
	descriptors[i].flags = (uint16_t)flags;
	descriptors[i].next = (uint16_t)(i + 1);
}

static void start(uint32_t type, uint64_t sector, uint32_t bytes)
{
	header.type = type;
	header.sector = sector;
	status = S_NONE;
	describe(0, &header, sizeof header, DESC_NEXT);
	if (bytes)
		describe(1, buffer, bytes, DESC_NEXT | (type == T_OUT ? 0 : DESC_WRITE));
	describe(bytes ? 2 : 1, &status, 1, DESC_WRITE);
	available.ring[available.index % QUEUE] = 0;
	__asm__ volatile("fence" ::: "memory");
	available.index++;
	__asm__ volatile("fence" ::: "memory");
	set(0x050, 0);
}

static uint8_t request(uint32_t type, uint64_t sector, uint32_t bytes)
{
	start(type, sector, bytes);
	while (used.index != available.index)
		;
	__asm__ volatile("fence" ::: "memory");
	set(0x064, get(0x060));
	return status;
}

static void fill(unsigned seed, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		data[i] = (uint8_t)(seed + i * 7 + i / 256);
}

static bool holds(unsigned seed, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		if (data[i] != (uint8_t)(seed + i * 7 + i / 256))
			return false;
	return true;
}

static void transfers(void)
{
	uint64_t sectors = get(0x100) | (uint64_t)get(0x104) << 32;

	check("has_a_capacity", sectors >= 64);
	fill(1, sizeof data);
	check_equal("writes", S_OK, request(T_OUT, 3, sizeof data));
	fill(2, SECTOR);
	check_equal("writes_the_last_sector", S_OK, request(T_OUT, sectors - 1, SECTOR));
	check_equal("flushes", S_OK, request(T_FLUSH, 0, 0));
	memset(data, 0, sizeof data);
	check_equal("reads", S_OK, request(T_IN, 3, sizeof data));
	check("reads_what_was_written", holds(1, sizeof data));
	check_equal("bytes_used", sizeof data + 1, used.ring[(used.index - 1) % QUEUE].bytes);
	check("reads_the_last_sector",
	      request(T_IN, sectors - 1, SECTOR) == S_OK && holds(2, SECTOR));
	check_equal("reads_no_further", S_IOERR, request(T_IN, sectors, SECTOR));
	check_equal("reads_not_over_the_end", S_IOERR, request(T_IN, sectors - 1, 2 * SECTOR));
	check_equal("writes_no_further", S_IOERR, request(T_OUT, sectors, SECTOR));
	check_equal("knows_no_other_request", S_UNSUPP, request(T_UNKNOWN, 0, SECTOR));
	check("still_ready", get(0x070) == 0xf);
}

static volatile uint32_t *plic(unsigned offset)
{
	return (volatile uint32_t *)(PLIC_BASE + offset);
}

/* The disk writes a PTE over another that caches hold: until the fence either may
 * answer, after it the new one. */
static void table_from_disk(enum pt_mode mode)
{
	const xword va = 0x40000000; /* the first PTE of its table */
	const struct probe p = {.access = ACC_LOAD, .priv = PRIV_S, .va = va};
	struct space s;

	space_open(&s, mode, PT_ALL_LEVELS, 1);
	*word_at(space_page(&s, va, PT_READ)) = 42;

	xword other = frame_alloc();
	uint64_t pte = pt_leaf(other, PT_READ);

	*word_at(other) = 43;
	memset(data, 0, SECTOR);
	memcpy(data, &pte, mode == PT_SV32 ? 4 : 8);
	request(T_OUT, 0, SECTOR);
	space_use(&s);
	expect_value(&s, "before_the_disk_writes", p, 42);
	buffer = (void *)(xword)pt_pte_address(pte_get(&s, va, 1));
	request(T_IN, 0, SECTOR);
	buffer = data;

	struct outcome o = probe(&s, p);

	check("before_the_fence_either", o.done && (o.value == 42 || o.value == 43));
	fence_all();
	expect_value(&s, "after_the_fence_the_new_one", p, 43);
	space_close(&s);
	frame_free(other);
}

/* The earlier requests, which were polled, have left one pending. */
static void interrupt(void)
{
	uint32_t source;

	*plic(4 * DISK_SOURCE) = 1;
	*plic(0x2000) = 1u << DISK_SOURCE;
	*plic(0x200000) = 0;
	while ((source = *plic(0x200004)) != 0) {
		check_equal("polling_leaves_one_pending", DISK_SOURCE, source);
		*plic(0x200004) = source;
	}
	start(T_IN, 0, SECTOR);
	while (!(csr_read(mip) >> IRQ_M_EXTERNAL & 1))
		;
	check_equal("interrupts", DISK_SOURCE, *plic(0x200004));
	check_equal("says_why", 1, get(0x060));
	set(0x064, 1);
	check_equal("is_acknowledged", 0, get(0x060));
	*plic(0x200004) = DISK_SOURCE;
	check("and_is_quiet", !(csr_read(mip) >> IRQ_M_EXTERNAL & 1));
	check_equal("nothing_more_to_claim", 0, *plic(0x200004));
}

static void empty_slot(void)
{
	const unsigned next = 0x1000;

	check("the_next_slot_is_there", get(next) == 0x74726976 && get(next + 4) == 2);
	check_equal("the_next_slot_is_empty", 0, get(next + 8));
}

int main(void)
{
	space_start();
	if (!find()) {
		check_skip_all("no disk here");
		check("found", true);
		return check_end();
	}
	check("found", true);
	set_up();
	transfers();
	interrupt();
	empty_slot();
	for_each_mode(table_from_disk);
	return check_end();
}
