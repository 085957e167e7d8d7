/* The list of regions of an address space. */
#include "boot.h"
#include "pages.h"
#include "segments.h"
#include "space.h"

struct region *space_find(struct space *s, xword va)
{
	for (unsigned i = 0; i < s->regions; i++)
		if (va >= s->region[i].start && va < s->region[i].end)
			return &s->region[i];
	return NULL;
}

bool space_is_free(const struct space *s, xword start, xword end)
{
	for (unsigned i = 0; i < s->regions; i++)
		if (start < s->region[i].end && end > s->region[i].start)
			return false;
	return true;
}

xword space_room(const struct space *s, xword low, xword high, xword bytes, xword align)
{
	xword gap = uses_pages() ? 0 : FRAME_BYTES, at = round_up(low, align);

	/* Regions are in address order: past each that is in the way. */
	for (unsigned i = 0; i < s->regions; i++) {
		const struct region *r = &s->region[i];

		if (at < r->end + gap && at + bytes + gap > r->start)
			at = round_up(r->end + gap, align);
	}
	return at >= low && at < high && bytes <= high - at ? at : 0;
}

/* ---- changing the list ----------------------------------------------------------- */

static unsigned segments_of(const struct space *s)
{
	unsigned count = 0;

	for (unsigned i = 0; i < s->regions; i++)
		count += s->region[i].backing == BACKED_BY_SEGMENT;
	return count;
}

static bool room_for(const struct space *s, unsigned more, unsigned more_segments)
{
	return s->regions + more <= REGIONS_MAX &&
	       (more_segments == 0 || segments_of(s) + more_segments <= segments_for_process());
}

static struct region *insert(struct space *s, const struct region *region)
{
	unsigned i = s->regions;

	for (; i > 0 && s->region[i - 1].start > region->start; i--)
		s->region[i] = s->region[i - 1];
	s->region[i] = *region;
	s->regions++;
	return &s->region[i];
}

static void take_out(struct space *s, struct region *r)
{
	s->regions--;
	for (; r < &s->region[s->regions]; r++)
		r[0] = r[1];
}

/* Cuts the region that has `at` inside, if one has, so that one ends and one starts there. */
static void cut(struct space *s, xword at)
{
	struct region *r = space_find(s, at);

	if (!r || r->start == at)
		return;

	struct region upper = *r;
	xword offset = at - r->start;

	upper.start = at;
	upper.phys += offset;
	upper.grows = false;
	upper.source += offset;
	upper.source_bytes -= offset < r->source_bytes ? offset : r->source_bytes;
	r->end = at;
	if (r->last > at - 1)
		r->last = at - 1;
	if (r->source_bytes > offset)
		r->source_bytes = offset;
	insert(s, &upper);
}

static xword leaf_bytes(const struct region *r)
{
	switch (r->backing) {
	case BACKED_BY_LARGE:
		return r->napot ? PT_NAPOT_BYTES : (xword)pt_page_size(boot.mode, r->level);
	case BACKED_BY_SEGMENT:
		return FRAME_BYTES;
	default:
		return page_bytes();
	}
}

/* Can the regions be cut at both ends of a range? */
static int may_cut(struct space *s, xword start, xword end)
{
	unsigned cuts = 0, segments = 0;
	const xword at[2] = {start, end};

	for (unsigned i = 0; i < 2; i++) {
		const struct region *r = space_find(s, at[i]);

		if (!r || r->start == at[i])
			continue;
		if ((at[i] - r->start) & (leaf_bytes(r) - 1))
			return -ABI_EINVAL;
		cuts++;
		segments += r->backing == BACKED_BY_SEGMENT;
	}
	/* What is unmapped makes room, but only afterwards. */
	return room_for(s, cuts, segments) ? 0 : -ABI_ENOMEM;
}

/* Segments of the space in use have changed. */
static void reload(const struct space *s)
{
	if (uses_segments() && space_used() == s)
		segments_use(s);
}

/* ---- what the system calls do ---------------------------------------------------- */

int space_map(struct space *s, const struct region *wanted)
{
	bool segment = wanted->backing == BACKED_BY_SEGMENT;

	if (!room_for(s, 1, segment))
		return -ABI_ENOMEM;

	struct region *r = insert(s, wanted);

	r->end = round_up(r->last, leaf_bytes(r));
	if (r->end <= r->last)
		r->end += leaf_bytes(r);
	if (!segment)
		r->last = r->end - 1;
	if (segment && !segment_take(r)) {
		take_out(s, r);
		return -ABI_ENOMEM;
	}
	if (!segment && (r->shared || r->backing == BACKED_BY_LARGE) && !pages_populate(s, r)) {
		pages_drop(s, r, r->start, r->end);
		take_out(s, r);
		return -ABI_ENOMEM;
	}
	reload(s);
	return 0;
}

int space_unmap(struct space *s, xword start, xword end)
{
	int result = may_cut(s, start, end);

	if (result != 0)
		return result;
	cut(s, start);
	cut(s, end);
	for (unsigned i = 0; i < s->regions;) {
		struct region *r = &s->region[i];

		if (r->start < start || r->start >= end) {
			i++;
			continue;
		}
		if (r->backing == BACKED_BY_SEGMENT)
			segment_drop(r, r->start, r->end);
		else
			pages_drop(s, r, r->start, r->end);
		take_out(s, r);
	}
	reload(s);
	return 0;
}

static bool all_mapped(struct space *s, xword start, xword end)
{
	while (start < end) {
		const struct region *r = space_find(s, start);

		if (!r)
			return false;
		start = r->end;
	}
	return true;
}

int space_protect(struct space *s, xword start, xword end, unsigned prot)
{
	if (!all_mapped(s, start, end))
		return -ABI_ENOMEM;

	int result = may_cut(s, start, end);

	if (result != 0)
		return result;
	cut(s, start);
	cut(s, end);
	for (unsigned i = 0; i < s->regions; i++) {
		struct region *r = &s->region[i];

		if (r->start < start || r->start >= end)
			continue;
		r->prot = (uint8_t)prot;
		if (r->backing != BACKED_BY_SEGMENT)
			pages_protect(s, r);
	}
	if (prot & ABI_PROT_EXEC)
		fence_instructions(); /* what was written there is about to run */
	reload(s);
	return 0;
}

int space_extend(struct space *s, struct region *r, xword last)
{
	xword end = round_down(last, page_bytes()) + page_bytes();

	if (r->backing == BACKED_BY_SEGMENT) {
		if (!segment_extend(r, last))
			return -ABI_ENOMEM;
		reload(s);
	} else {
		r->last = end - 1;
		r->end = end;
	}
	return 0;
}
