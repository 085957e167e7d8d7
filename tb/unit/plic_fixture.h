/* The interrupt controller, as a test drives it. */
#ifndef ATLAS_PLIC_FIXTURE_H
#define ATLAS_PLIC_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "encode.h"
#include "rig.h"

#define BIT(n) (1ull << (n))

enum { M = 0, S = 1 }; /* contexts */

static inline uint64_t peek(struct rig *r, uint64_t offset)
{
	return rig_peek(r, PLIC_BASE + offset, 4);
}

static inline void poke(struct rig *r, uint64_t offset, uint64_t value)
{
	rig_poke(r, PLIC_BASE + offset, 4, value);
}

static inline void set_priority(struct rig *r, unsigned source, unsigned priority)
{
	poke(r, 4 * source, priority);
}

static inline void enable(struct rig *r, unsigned context, unsigned source)
{
	uint64_t word = 0x2000 + 0x80 * context + source / 32 * 4;

	poke(r, word, peek(r, word) | BIT(source % 32));
}

static inline void disable(struct rig *r, unsigned context, unsigned source)
{
	uint64_t word = 0x2000 + 0x80 * context + source / 32 * 4;

	poke(r, word, peek(r, word) & ~BIT(source % 32));
}

static inline void set_threshold(struct rig *r, unsigned context, unsigned threshold)
{
	poke(r, 0x200000 + 0x1000 * context, threshold);
}

static inline uint64_t claim(struct rig *r, unsigned context)
{
	return peek(r, 0x200004 + 0x1000 * context);
}

static inline void complete(struct rig *r, unsigned context, unsigned source)
{
	poke(r, 0x200004 + 0x1000 * context, source);
}

static inline void line(struct rig *r, unsigned source, bool high)
{
	plic_set_line(&r->m->bus.plic, source, high);
}

static inline uint64_t pending(struct rig *r, unsigned source)
{
	return peek(r, 0x1000 + source / 32 * 4) >> source % 32 & 1;
}

static inline uint64_t external(struct rig *r)
{
	return rig_csr(r, CSR_MIP) & (BIT(IRQ_SEI) | BIT(IRQ_MEI));
}

#endif
