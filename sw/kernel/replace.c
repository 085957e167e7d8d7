#include "replace.h"

#include "console.h"
#include "csr.h"
#include "pages.h"
#include "process.h"
#include "statistics.h"
#include "swap.h"
#include "trap.h"

/* ---- who has a page -------------------------------------------------------------- */

typedef bool entry_test(uint64_t pte, uint64_t wanted);

static bool in_frame(uint64_t pte, uint64_t pa)
{
	return entry_present(pte) && pt_pte_address(pte) == pa;
}

static bool on_disk(uint64_t pte, uint64_t entry)
{
	return pte == entry;
}

/* A search for the spaces whose entry for `va` passes, starting with one process. */
struct search {
	unsigned first, done;
	unsigned left; /* to be found still */
	xword va;
	entry_test *test;
	uint64_t wanted;
};

static struct space *next_sharer(struct search *l)
{
	while (l->left > 0 && l->done < ABI_PROCESSES) {
		struct space *s = process_space((l->first + l->done++) % ABI_PROCESSES);

		if (s && l->test(entry_get(s, l->va), l->wanted)) {
			l->left--;
			return s;
		}
	}
	return NULL;
}

static struct search sharers_of(const struct frame *f)
{
	return (struct search){.first = f->owner,
			       .left = f->refs,
			       .va = f->va,
			       .test = in_frame,
			       .wanted = frame_address(f)};
}

/* ---- leaving memory -------------------------------------------------------------- */

/* Was the page used since it was last asked? Collects D in frame->dirty. */
static bool test_and_clear_use(struct frame *f)
{
	struct search search = sharers_of(f);
	bool accessed = false;
	struct space *s;

	while ((s = next_sharer(&search))) {
		uint64_t pte = entry_get(s, f->va);

		f->owner = (uint8_t)((search.first + search.done - 1) % ABI_PROCESSES);
		f->dirty |= pte >> PTE_D & 1;
		if (pte & PT_A) {
			accessed = true;
			entry_set(s, f->va, pte & ~(uint64_t)PT_A);
		}
	}
	return accessed;
}

static void set_entries(struct frame *f, uint64_t pte)
{
	struct search search = sharers_of(f);
	struct space *s;

	while ((s = next_sharer(&search)))
		entry_set(s, f->va, pte);
}

/* With no room on the disk, a page in memory does without its copy there. */
static bool release_copy(void)
{
	for (size_t i = 0; frames_copied() > 0 && i < frames_total(); i++) {
		struct frame *f = frame_number(i);

		if (f->refs > 0 && f->copied) {
			swap_drop(f->slot);
			frame_set_copied(f, false);
			f->dirty = true;
			return true;
		}
	}
	return false;
}

/* Where the page is to be found from now on: false, there is no room on the disk. */
static bool save(struct frame *f, uint64_t *entry)
{
	*entry = 0;
	if (!f->dirty && !f->copied) {
		count.dropped++;
		return true;
	}
	if (!f->copied && !swap_take(&f->slot) && !(release_copy() && swap_take(&f->slot)))
		return false;
	frame_set_copied(f, true);
	*entry = entry_on_disk(f->slot);
	if (!f->dirty)
		count.dropped++;
	return true;
}

static bool give_up(struct frame *f)
{
	uint64_t entry;
	xword pa = frame_address(f);

	if (!save(f, &entry))
		return false;
	/* First no TLB may know the page any more, then what it holds is final. */
	set_entries(f, entry);
	if (f->dirty) {
		if (!swap_write(f->slot, pa))
			defect("the disk refuses a write", 0, pa);
		count.swapped_out++;
	}
	if (entry) {
		/* The place now belongs to the entries, no longer to the frame. */
		swap_set_refs(f->slot, f->refs);
		frame_set_copied(f, false);
	}
	while (f->refs > 0)
		frames_drop(pa, FRAME_BYTES);
	return true;
}

bool replace_page(void)
{
	static size_t hand;

	/* In two rounds every A is clear; in a third, what is found is what can go. */
	for (size_t steps = 3 * frames_total(); steps > 0; steps--) {
		struct frame *f = frame_number(hand);

		hand = (hand + 1) % frames_total();
		if (f->refs > 0 && f->replaceable && !test_and_clear_use(f) && give_up(f))
			return true;
	}
	return false;
}

/* ---- coming back ----------------------------------------------------------------- */

bool replace_restore(struct space *asking, xword va, uint64_t used)
{
	uint64_t entry;
	xword pa;

	va = round_down(va, FRAME_BYTES);
	if (!frame_take(&pa))
		return false;
	entry = entry_get(asking, va);

	uint32_t slot = entry_slot(entry);
	struct frame *f = frame_of(pa);
	struct search search = {
	    .left = swap_refs(slot), .va = va, .test = on_disk, .wanted = entry};
	struct space *s;

	if (!swap_read(slot, pa))
		defect("the disk refuses a read", 0, slot);
	count.swapped_in++;
	f->va = va;
	f->refs = (uint16_t)search.left; /* before the entries are made: it decides about W */
	while ((s = next_sharer(&search))) {
		const struct region *r = space_find(s, va);

		entry_set(s, va, page_entry(r, pa, s == asking ? used : 0));
		if (r->prot & ABI_PROT_EXEC)
			fence_instructions();
	}
	f->replaceable = true;
	swap_set_refs(slot, 1);
	f->slot = slot;
	frame_set_copied(f, true); /* which saves writing it again, if it does not change */
	return true;
}
