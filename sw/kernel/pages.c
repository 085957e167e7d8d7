#include "pages.h"

#include "boot.h"
#include "csr.h"
#include "memory.h"
#include "statistics.h"
#include "swap.h"

/* ---- entries --------------------------------------------------------------------- */

uint64_t entry_get(const struct space *s, xword va)
{
	struct pt_entry entry;

	return pt_get(&s->pt, va, &entry) == PT_OK ? entry.pte : 0;
}

static unsigned leaf_level(const struct region *r)
{
	return r->backing == BACKED_BY_LARGE ? r->level : page_level();
}

static xword leaf_bytes(const struct region *r)
{
	return r->backing == BACKED_BY_LARGE && r->napot
		   ? PT_NAPOT_BYTES
		   : (xword)pt_page_size(boot.mode, leaf_level(r));
}

/* The entry at one level, which may be that of a large page; no fence. */
static bool put(struct space *s, xword va, unsigned level, uint64_t pte)
{
	return pt_put(&s->pt, va, level, pte) == PT_OK;
}

void entry_set(struct space *s, xword va, uint64_t pte)
{
	put(s, va, page_level(), pte);
	fence_address_asid(va, s->asid);
}

/* What of a region its leaves say: no access at all is a page of the kernel's, so that the MMU
 * tells it from a page that is not there. */
static uint64_t leaf_flags(const struct region *r)
{
	uint64_t flags = PT_R;

	if (r->prot != ABI_PROT_NONE)
		flags |= PT_U;
	if (r->prot & ABI_PROT_WRITE)
		flags |= PT_W;
	if (r->prot & ABI_PROT_EXEC)
		flags |= PT_X;
	return flags;
}

uint64_t page_entry(const struct region *r, xword pa, uint64_t used)
{
	uint64_t flags = leaf_flags(r);

	if (!r->shared && frame_of(pa)->refs > 1)
		flags &= ~(uint64_t)PT_W;
	if (r->backing == BACKED_BY_LARGE && r->napot)
		flags |= PT_N;
	return pt_leaf(pa, flags | used);
}

/* One page of whatever size: of 64 KiB, 16 entries alike. */
static void leaf_put(struct space *s, const struct region *r, xword va, uint64_t pte)
{
	xword step = (xword)pt_page_size(boot.mode, leaf_level(r));

	for (xword at = va; at < va + leaf_bytes(r); at += step)
		put(s, at, leaf_level(r), pte);
}

/* Memory for one page of a region. */
static bool take_page(const struct region *r, xword *pa)
{
	xword bytes = leaf_bytes(r);

	return bytes == FRAME_BYTES ? frame_take(pa)
				    : frames_take_block(bytes / FRAME_BYTES, bytes, pa);
}

/* ---- bringing pages in ----------------------------------------------------------- */

/* What a page holds that was never written. */
static void fill(const struct region *r, xword va, xword pa, xword bytes)
{
	xword offset = va - r->start, have = 0;

	if (offset < r->source_bytes) {
		have = r->source_bytes - offset < bytes ? r->source_bytes - offset : bytes;
		memcpy((void *)pa, r->source + offset, have);
	}
	if (have % FRAME_BYTES != 0) {
		xword rest = FRAME_BYTES - have % FRAME_BYTES;

		memset((void *)(pa + have), 0, rest);
		have += rest;
	}
	frame_zero(pa + have, bytes - have);
	if (r->prot & ABI_PROT_EXEC)
		fence_instructions();
}

/* A frame that a page has just got: may be given up again, if it is of the size to be. */
static void enrol(const struct region *r, xword va, xword pa)
{
	struct frame *f = frame_of(pa);

	f->va = va;
	f->replaceable = r->backing == BACKED_BY_PAGES && page_bytes() == FRAME_BYTES;
	/* Who else has a shared page would not know that it is to be made of zeroes again. */
	f->dirty = r->shared;
}

bool page_bring(struct space *s, struct region *r, xword va, uint64_t used)
{
	xword bytes = leaf_bytes(r), pa;

	va = round_down(va, bytes);
	if (!put(s, va, leaf_level(r), entry_get(s, va)) || !take_page(r, &pa))
		return false;
	fill(r, va, pa, bytes);
	enrol(r, va, pa);
	leaf_put(s, r, va, page_entry(r, pa, used));
	fence_address_asid(va, s->asid);
	count.demanded++;
	return true;
}

bool pages_populate(struct space *s, struct region *r)
{
	/* Large pages are never given up, so nothing is to be learned of their use. */
	uint64_t used = r->backing == BACKED_BY_LARGE ? PT_A | PT_D : 0;

	for (xword va = r->start; va < r->end; va += leaf_bytes(r))
		if (!entry_get(s, va) && !page_bring(s, r, va, used))
			return false;
	return true;
}

/* ---- walking a region ------------------------------------------------------------ */

/* The first entry at or after `va` that is not empty, in whatever table. */
static bool next_entry(const struct space *s, xword *va, xword end, uint64_t *pte)
{
	while (*va < end) {
		struct pt_entry entry;

		if (pt_get(&s->pt, *va, &entry) != PT_OK)
			return false;
		if (entry.pte) {
			*pte = entry.pte;
			return true;
		}

		xword step = (xword)pt_page_size(boot.mode, entry.level);

		if (step >= end - round_down(*va, step))
			return false;
		*va = round_down(*va, step) + step;
	}
	return false;
}

static void drop_leaf(const struct region *r, uint64_t pte)
{
	xword pa = (xword)pt_pte_address(pte);

	if (pte & PT_D)
		frame_of(pa)->dirty = true;
	frames_drop(pa, leaf_bytes(r));
}

void pages_drop(struct space *s, const struct region *r, xword start, xword end)
{
	/* The reach of a table of the lowest level; with one table alone, none is ever freed. */
	xword va = start, reach = page_level() == 0 ? (xword)pt_page_size(boot.mode, 1) : 0;
	uint64_t pte;

	while (next_entry(s, &va, end, &pte)) {
		leaf_put(s, r, va, 0);
		if (entry_present(pte))
			drop_leaf(r, pte);
		else
			swap_drop(entry_slot(pte));

		xword next = va + leaf_bytes(r), reached = round_down(va, reach) + reach;

		if (reach && !next_entry(s, &next, reached < end ? reached : end, &pte))
			pt_prune(&s->pt, va); /* that was the last of this table */
		va = next;
	}
	/* Tables may be gone, so a fence by address would not do. */
	fence_asid(s->asid);
}

void pages_protect(struct space *s, const struct region *r)
{
	uint64_t pte;

	for (xword va = r->start; next_entry(s, &va, r->end, &pte); va += leaf_bytes(r))
		if (entry_present(pte))
			leaf_put(s, r, va,
				 page_entry(r, (xword)pt_pte_address(pte), pte & (PT_A | PT_D)));
	fence_asid(s->asid);
}

/* ---- fork ------------------------------------------------------------------------ */

bool pages_fork(struct space *child, struct space *parent, const struct region *r)
{
	bool enough = true;
	uint64_t pte;

	for (xword va = r->start; enough && next_entry(parent, &va, r->end, &pte);
	     va += leaf_bytes(r)) {
		/* First what may need memory, and may move the parent's page to the disk. */
		enough = put(child, va, leaf_level(r), 0);
		if (!enough)
			break;
		pte = entry_get(parent, va);
		if (!entry_present(pte)) {
			if (pte)
				swap_share(entry_slot(pte));
			leaf_put(child, r, va, pte);
			continue;
		}

		xword pa = (xword)pt_pte_address(pte);

		frames_share(pa, leaf_bytes(r));
		pte = page_entry(r, pa, pte & (PT_A | PT_D));
		leaf_put(child, r, va, pte);
		leaf_put(parent, r, va, pte);
	}
	fence_asid(parent->asid);
	return enough;
}

bool page_unshare(struct space *s, const struct region *r, xword va)
{
	uint64_t pte = entry_get(s, va);
	xword old = (xword)pt_pte_address(pte), new;

	va = round_down(va, leaf_bytes(r));
	if (frame_of(old)->refs > 1) {
		if (!take_page(r, &new))
			return false;
		pte = entry_get(s, va);
		if (!entry_present(pte)) {
			/* Given up meanwhile; the access is repeated, and brings it back. */
			frames_drop(new, leaf_bytes(r));
			return true;
		}
		memcpy((void *)new, (const void *)old, leaf_bytes(r));
		enrol(r, va, new);
		drop_leaf(r, pte);
		old = new;
		count.copied++;
	}
	leaf_put(s, r, va, page_entry(r, old, PT_A | PT_D));
	/* Of 64 KiB, each of 16 addresses may be known to a TLB. */
	fence_asid(s->asid);
	return true;
}

xword pages_weight(const struct space *s, const struct region *r)
{
	xword weight = 0;
	uint64_t pte;

	for (xword va = r->start; next_entry(s, &va, r->end, &pte); va += leaf_bytes(r))
		weight += leaf_bytes(r) / FRAME_BYTES;
	return weight;
}
