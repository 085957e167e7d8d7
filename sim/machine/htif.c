#include "htif.h"

#include "bus.h"

enum { SYSCALL_WRITE = 64 };

static bool write_console(struct bus *b, uint64_t address, uint64_t length)
{
	if (!bus_is_ram(b, address, length))
		return false;
	for (uint64_t i = 0; i < length && b->uart.send; i++)
		b->uart.send(b->uart.ctx, (uint8_t)ram_read(b, address + i, 1));
	return true;
}

static bool system_call(struct bus *b, uint64_t block)
{
	uint64_t length;

	if (!bus_is_ram(b, block, 64) || b->htif.fromhost == HTIF_NONE)
		return false;
	length = ram_read(b, block + 24, 8);
	if (ram_read(b, block, 8) != SYSCALL_WRITE ||
	    !write_console(b, ram_read(b, block + 16, 8), length))
		return false;
	ram_write(b, block, 8, length);
	ram_write(b, b->htif.tohost, 8, 0);
	ram_write(b, b->htif.fromhost, 8, 1);
	return true;
}

void htif_request(struct bus *b)
{
	uint64_t word = ram_read(b, b->htif.tohost, 8);

	if (word == 0)
		return;
	if (word == 1) {
		b->htif.state = HTIF_PASS;
	} else if (word & 1) {
		b->htif.state = HTIF_FAIL;
		b->htif.code = word >> 1;
	} else if (!system_call(b, word)) {
		b->htif.state = HTIF_UNKNOWN;
		b->htif.code = word;
	}
}
