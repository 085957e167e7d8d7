#include "swap.h"

#include "boot.h"
#include "frames.h"
#include "trap.h"
#include "virtio_blk.h"

/* More of the disk is not used: 128 MiB. */
#define SLOTS_MAX 32768u

#define SECTORS_PER_PAGE (FRAME_BYTES / 512)

static uint8_t refs[SLOTS_MAX];
static uint32_t total, free_count, hand;

void swap_open(void)
{
	/* Segments go to the disk as a whole or not at all, and so do pages of 4 MiB: not
	 * here. */
	if (boot.technique == ABI_SEGMENTS || boot.technique == ABI_ROOT || !disk_open())
		return;

	uint64_t places = disk_sectors() / SECTORS_PER_PAGE;

	total = places < SLOTS_MAX ? (uint32_t)places : SLOTS_MAX;
	free_count = total;
}

uint32_t swap_total(void)
{
	return total;
}

uint32_t swap_free(void)
{
	return free_count;
}

bool swap_take(uint32_t *slot)
{
	if (free_count == 0)
		return false;
	while (refs[hand] > 0)
		hand = (hand + 1) % total;
	refs[hand] = 1;
	free_count--;
	*slot = hand;
	hand = (hand + 1) % total;
	return true;
}

unsigned swap_refs(uint32_t slot)
{
	return refs[slot];
}

void swap_set_refs(uint32_t slot, unsigned count)
{
	refs[slot] = (uint8_t)count;
}

void swap_share(uint32_t slot)
{
	refs[slot]++;
}

void swap_drop(uint32_t slot)
{
	if (slot >= total || refs[slot] == 0)
		defect("a free place on the disk is given back", 0, slot);
	if (--refs[slot] == 0)
		free_count++;
}

bool swap_write(uint32_t slot, xword pa)
{
	return disk_write((uint64_t)slot * SECTORS_PER_PAGE, pa, FRAME_BYTES);
}

bool swap_read(uint32_t slot, xword pa)
{
	return disk_read((uint64_t)slot * SECTORS_PER_PAGE, pa, FRAME_BYTES);
}
