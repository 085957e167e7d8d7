#include "hart_internal.h"

#include <string.h>

void hart_reset(struct hart *h, struct mmu *mmu, struct bus *bus, uint64_t pc)
{
	memset(h, 0, sizeof(*h));
	h->xlen = mmu_config(mmu)->xlen;
	h->mmu = mmu;
	h->bus = bus;
	h->pc = pc;
	h->priv = PRIV_M;
	h->reservation = NO_RESERVATION;
	h->csr.stimecmp = UINT64_MAX;
}

void hart_step(struct hart *h)
{
	uint32_t insn;
	bool done;

	if (h->stop != HART_RUNS)
		return;
	if ((hart_pending(h) & h->csr.mie) && hart_take_interrupt(h))
		return;

	done = hart_fetch(h);
	if (done) {
		if ((h->insn & 3) == 3) {
			h->next_pc = hart_truncate(h, h->pc + 4);
			insn = h->insn;
		} else {
			h->next_pc = hart_truncate(h, h->pc + 2);
			insn = expand_compressed((uint16_t)h->insn, h->xlen);
		}
		done = hart_execute(h, insn);
	}
	if (done) {
		h->pc = h->next_pc;
		h->instret++;
	} else if (h->stop == HART_RUNS) {
		hart_take_exception(h);
	}
}
