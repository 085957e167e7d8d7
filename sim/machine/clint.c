#include "clint.h"

#include <string.h>

enum { MSIP = 0, MTIMECMP = 0x4000, MTIME = 0xbff8 };

static void set_line(struct clint *c, unsigned irq, bool on)
{
	*c->mip = (*c->mip & ~(1ull << irq)) | (uint64_t)on << irq;
}

static void compare(struct clint *c, unsigned irq, uint64_t when)
{
	bool due = c->mtime >= when;

	set_line(c, irq, due);
	if (!due && when < c->next)
		c->next = when;
}

void clint_update(struct clint *c)
{
	c->next = UINT64_MAX;
	set_line(c, IRQ_MSI, c->msip & 1);
	compare(c, IRQ_MTI, c->mtimecmp);
	if (c->sstc)
		compare(c, IRQ_STI, c->stimecmp);
}

void clint_reset(struct clint *c, uint64_t *mip)
{
	*c = (struct clint){.mtimecmp = UINT64_MAX, .mip = mip};
	clint_update(c);
}

void clint_set_stimecmp(struct clint *c, bool on, uint64_t stimecmp)
{
	if (c->sstc && !on)
		set_line(c, IRQ_STI, false);
	c->sstc = on;
	c->stimecmp = stimecmp;
	clint_update(c);
}

void clint_skip(struct clint *c, uint64_t enabled)
{
	uint64_t when = UINT64_MAX;

	if (enabled >> IRQ_MTI & 1)
		when = c->mtimecmp;
	if (c->sstc && (enabled >> IRQ_STI & 1) && c->stimecmp < when)
		when = c->stimecmp;
	if (when != UINT64_MAX && c->mtime < when)
		c->mtime = when;
	clint_update(c);
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
	clint_update(c);
	return true;
}
