#include "clint.h"

#include <string.h>

enum { MSIP = 0, MTIMECMP = 0x4000, MTIME = 0xbff8 };

static void update(struct clint *c)
{
	*c->mip &= ~(1ull << IRQ_MSI | 1ull << IRQ_MTI);
	*c->mip |= (uint64_t)(c->msip & 1) << IRQ_MSI;
	*c->mip |= (uint64_t)(c->mtime >= c->mtimecmp) << IRQ_MTI;
}

void clint_reset(struct clint *c, uint64_t *mip)
{
	*c = (struct clint){.mtimecmp = UINT64_MAX, .mip = mip};
	update(c);
}

void clint_skip(struct clint *c)
{
	if (c->mtimecmp != UINT64_MAX && c->mtime < c->mtimecmp)
		c->mtime = c->mtimecmp;
	update(c);
}

/* The 64-bit register of which offset names a part, or NULL. */
static uint64_t *register_at(struct clint *c, uint64_t offset)
{
	switch (offset & ~7ull) {
	case MTIMECMP:
		return &c->mtimecmp;
	case MTIME:
		return &c->mtime;
	default:
		return NULL;
	}
}

bool clint_read(struct clint *c, uint64_t offset, unsigned bytes, uint64_t *value)
{
	const uint64_t *r = register_at(c, offset);

	if (bytes != 4 && bytes != 8)
		return false;
	*value = 0;
	if (r)
		memcpy(value, (const uint8_t *)r + (offset & 7), bytes);
	else if (offset == MSIP)
		*value = c->msip;
	return true;
}

bool clint_write(struct clint *c, uint64_t offset, unsigned bytes, uint64_t value)
{
	uint64_t *r = register_at(c, offset);

	if (bytes != 4 && bytes != 8)
		return false;
	if (r)
		memcpy((uint8_t *)r + (offset & 7), &value, bytes);
	else if (offset == MSIP)
		c->msip = value & 1;
	update(c);
	return true;
}
