#include "bus.h"

#include <sys/mman.h>

struct device {
	uint64_t base, bytes;
	bool (*read)(struct bus *b, uint64_t offset, unsigned bytes, uint64_t *value);
	bool (*write)(struct bus *b, uint64_t offset, unsigned bytes, uint64_t value);
};

static void connect_uart(struct bus *b)
{
	plic_set_line(&b->plic, PLIC_UART, uart_interrupt(&b->uart));
}

static bool read_uart(struct bus *b, uint64_t offset, unsigned bytes, uint64_t *value)
{
	bool done = uart_read(&b->uart, offset, bytes, value);

	connect_uart(b);
	return done;
}

static bool write_uart(struct bus *b, uint64_t offset, unsigned bytes, uint64_t value)
{
	bool done = uart_write(&b->uart, offset, bytes, value);

	connect_uart(b);
	return done;
}

static bool read_plic(struct bus *b, uint64_t offset, unsigned bytes, uint64_t *value)
{
	return plic_read(&b->plic, offset, bytes, value);
}

static bool write_plic(struct bus *b, uint64_t offset, unsigned bytes, uint64_t value)
{
	return plic_write(&b->plic, offset, bytes, value);
}

static bool read_clint(struct bus *b, uint64_t offset, unsigned bytes, uint64_t *value)
{
	return clint_read(&b->clint, offset, bytes, value);
}

static bool write_clint(struct bus *b, uint64_t offset, unsigned bytes, uint64_t value)
{
	return clint_write(&b->clint, offset, bytes, value);
}

static bool read_finisher(struct bus *b, uint64_t offset, unsigned bytes, uint64_t *value)
{
	return finisher_read(&b->finisher, offset, bytes, value);
}

static bool write_finisher(struct bus *b, uint64_t offset, unsigned bytes, uint64_t value)
{
	return finisher_write(&b->finisher, offset, bytes, value);
}

static bool read_virtio(struct bus *b, uint64_t offset, unsigned bytes, uint64_t *value)
{
	return virtio_blk_read(&b->virtio, offset, bytes, value);
}

static bool write_virtio(struct bus *b, uint64_t offset, unsigned bytes, uint64_t value)
{
	bool done = virtio_blk_write(&b->virtio, b, offset, bytes, value);

	plic_set_line(&b->plic, PLIC_VIRTIO, b->virtio.interrupt != 0);
	return done;
}

static const struct device devices[] = {
    {UART_BASE, UART_BYTES, read_uart, write_uart},
    {PLIC_BASE, PLIC_BYTES, read_plic, write_plic},
    {VIRTIO_BASE, VIRTIO_BYTES, read_virtio, write_virtio},
    {CLINT_BASE, CLINT_BYTES, read_clint, write_clint},
    {FINISHER_BASE, FINISHER_BYTES, read_finisher, write_finisher},
};

static const struct device *device_at(uint64_t pa, unsigned bytes)
{
	if (pa & (bytes - 1))
		return NULL;
	for (unsigned i = 0; i < sizeof(devices) / sizeof(devices[0]); i++)
		if (pa - devices[i].base < devices[i].bytes)
			return &devices[i];
	return NULL;
}

bool bus_answers(const struct bus *b, uint64_t pa, uint64_t bytes)
{
	return bus_is_ram(b, pa, bytes) || device_at(pa, 1);
}

bool bus_init(struct bus *b, uint64_t ram_bytes)
{
	memset(b, 0, sizeof(*b));
	b->ram = mmap(NULL, ram_bytes, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (b->ram == MAP_FAILED) {
		b->ram = NULL;
		return false;
	}
	b->ram_bytes = ram_bytes;
	b->htif.tohost = HTIF_NONE;
	b->htif.fromhost = HTIF_NONE;
	return true;
}

void bus_free(struct bus *b)
{
	if (b->ram)
		munmap(b->ram, b->ram_bytes);
	b->ram = NULL;
}

void ram_write(struct bus *b, uint64_t pa, unsigned bytes, uint64_t value)
{
	if (b->mmu)
		mmu_before_write(b->mmu, pa, bytes);
	memcpy(b->ram + (pa - RAM_BASE), &value, bytes);
	if (htif_watches(&b->htif, pa, bytes))
		htif_request(b);
}

void bus_dma_write(struct bus *b, uint64_t pa, const void *from, uint64_t bytes)
{
	if (b->mmu)
		mmu_before_write(b->mmu, pa, (unsigned)bytes);
	memcpy(b->ram + (pa - RAM_BASE), from, bytes);
	b->dma_writes++;
	if (htif_watches(&b->htif, pa, (unsigned)bytes))
		htif_request(b);
}

bool bus_read(struct bus *b, uint64_t pa, unsigned bytes, uint64_t *value)
{
	const struct device *d;

	if (bus_is_ram(b, pa, bytes)) {
		*value = ram_read(b, pa, bytes);
		return true;
	}
	d = device_at(pa, bytes);
	return d && d->read(b, pa - d->base, bytes, value);
}

bool bus_write(struct bus *b, uint64_t pa, unsigned bytes, uint64_t value)
{
	const struct device *d;

	if (bus_is_ram(b, pa, bytes)) {
		ram_write(b, pa, bytes, value);
		return true;
	}
	d = device_at(pa, bytes);
	return d && d->write(b, pa - d->base, bytes, value);
}

void bus_poll(struct bus *b)
{
	uart_poll(&b->uart);
	connect_uart(b);
}

bool bus_read_pte(void *ctx, uint64_t pa, unsigned bytes, uint64_t *value)
{
	const struct bus *b = ctx;

	if (!bus_is_ram(b, pa, bytes))
		return false;
	*value = ram_read(b, pa, bytes);
	return true;
}

bool bus_swap_pte(void *ctx, uint64_t pa, unsigned bytes, uint64_t expected, uint64_t desired,
		  uint64_t *old)
{
	struct bus *b = ctx;

	if (!bus_read_pte(b, pa, bytes, old))
		return false;
	if (*old == expected)
		memcpy(b->ram + (pa - RAM_BASE), &desired, bytes);
	return true;
}
