#include "fences.h"

#include <stdlib.h>

static bool same_form(const struct mmu_fence *a, const struct mmu_fence *b)
{
	return a->rs1_x0 == b->rs1_x0 && a->rs2_x0 == b->rs2_x0 && a->va == b->va &&
	       a->asid == b->asid;
}

void fences_note(struct fences *f, const struct golden_regs *regs, const struct mmu_fence *fence,
		 uint64_t time)
{
	struct mmu_fence form = {
	    .va = fence->rs1_x0 ? 0 : fence->va,
	    .asid = fence->rs2_x0 ? 0 : golden_asid(regs, fence->asid),
	    .rs1_x0 = fence->rs1_x0,
	    .rs2_x0 = fence->rs2_x0,
	};

	/* The same fence again, as a loop over one page gives it, needs no new place. */
	if (f->n && same_form(&f->fence[f->n - 1].form, &form)) {
		f->fence[f->n - 1].time = time;
		return;
	}
	if (f->n == f->size) {
		f->size = f->size ? 2 * f->size : 64;
		f->fence = realloc(f->fence, f->size * sizeof *f->fence);
		if (!f->fence) {
			fputs("lockstep: out of memory for the fences taken\n", stderr);
			exit(2);
		}
	}
	f->fence[f->n++] = (struct fence){form, time};
}

static bool covers(const struct mmu_fence *form, const struct fenced *entry)
{
	if (!form->rs2_x0 && (entry->global || form->asid != entry->asid))
		return false;
	if (form->rs1_x0)
		return true;
	return !entry->pointer && (form->va ^ entry->va) >> entry->page_shift == 0;
}

uint64_t fences_last_before(const struct fences *f, const struct fenced *entry, uint64_t time)
{
	for (size_t i = f->n; i-- > 0;)
		if (f->fence[i].time < time && covers(&f->fence[i].form, entry))
			return f->fence[i].time;
	return 0;
}

uint64_t fences_last(const struct fences *f, const struct fenced *entry)
{
	return fences_last_before(f, entry, UINT64_MAX);
}

void fences_forget(struct fences *f)
{
	f->n = 0;
}

void fences_free(struct fences *f)
{
	free(f->fence);
}
