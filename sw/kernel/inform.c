/* sysinfo and where: what programs may know of their memory, and of the machine's. */
#include "boot.h"
#include "frames.h"
#include "memory.h"
#include "pages.h"
#include "segments.h"
#include "statistics.h"
#include "swap.h"
#include "syscall.h"
#include "usercopy.h"

struct statistics count;

static uint32_t can(void)
{
	bool pages = uses_pages(), small = pages && page_bytes() == FRAME_BYTES;
	uint32_t can = 0;

	if (pages)
		can |= ABI_CAN_DEMAND | ABI_CAN_COW;
	if (small)
		can |= ABI_CAN_GUARD | ABI_CAN_PROTECT | ABI_CAN_SUPERPAGE;
	if (small && table_memory.extensions & PT_HAS_NAPOT)
		can |= ABI_CAN_NAPOT;
	if (swap_total() > 0)
		can |= ABI_CAN_SWAP;
	if (boot.technique == ABI_SEGMENTS)
		can |= ABI_CAN_BYTE_LIMIT;
	if (machine.reason)
		can |= ABI_CAN_REASON;
	if (machine.update && pages)
		can |= ABI_CAN_UPDATE;
	return can;
}

long sys_sysinfo(xword to)
{
	struct abi_sysinfo info = {
	    .technique = boot.technique,
	    .can = can(),
	    .page_bytes = (uint32_t)page_bytes(),
	    .asid_bits = machine.asid_bits,
	    .segments = machine.segments,
	    .processes = processes_alive(),
	    .frames_total = (uint32_t)frames_total(),
	    .frames_free = (uint32_t)frames_free(),
	    .swap_total = swap_total(),
	    .swap_free = swap_free() + (uint32_t)frames_copied(),
	    .faults = count.faults,
	    .demanded = count.demanded,
	    .copied = count.copied,
	    .updated = count.updated,
	    .swapped_out = count.swapped_out,
	    .swapped_in = count.swapped_in,
	    .dropped = count.dropped,
	    .switches = count.switches,
	    .signals = count.signals,
	    .killed = count.killed,
	};

	if (uses_pages()) {
		const char *name = pt_mode_name(boot.mode);

		for (unsigned i = 0; name[i]; i++)
			info.mode[i] = name[i];
	}
	return copy_out(to, &info, sizeof info) ? 0 : -ABI_EFAULT;
}

static void in_page(struct space *s, xword va, struct abi_where *w)
{
	struct pt_walk walk;

	pt_walk(&s->pt, va, &walk);
	w->pte = walk.steps > 0 ? walk.step[walk.steps - 1].pte : 0;
	w->level = walk.level;
	if (!entry_present(w->pte)) {
		w->place = w->pte ? ABI_SWAPPED : ABI_LATER;
		w->slot = w->pte ? entry_slot(w->pte) : 0;
		w->bytes = page_bytes();
		return;
	}
	w->place = ABI_RESIDENT;
	w->physical = walk.pa;
	w->bytes = w->pte & PT_N && boot.mode != PT_SV32 ? PT_NAPOT_BYTES
							 : pt_page_size(boot.mode, walk.level);
	w->sharers = frame_of((xword)pt_pte_address(w->pte))->refs;
}

long sys_where(struct process *p, xword address, xword to)
{
	struct region *r = space_find(&p->space, address);
	struct abi_where w = {0};

	if (r && r->backing == BACKED_BY_SEGMENT) {
		w.place = ABI_SEGMENT;
		w.physical = r->phys + (address - r->start);
		w.bytes = r->last - r->start + 1;
		w.level = LEVEL_NONE;
		w.sharers = frame_of(r->phys)->refs;
	} else if (r) {
		in_page(&p->space, address, &w);
	}
	if (r) {
		w.prot = r->prot;
		w.shared = r->shared;
	}
	return copy_out(to, &w, sizeof w) ? 0 : -ABI_EFAULT;
}
