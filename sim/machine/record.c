#include "record.h"

#include <stdlib.h>

#include "hart_internal.h"

struct recorder {
	struct trace_writer *writer;
	bool translating; /* below M-mode */
	uint64_t satp;
	uint64_t *satps; /* the spaces met so far: number i is satps[i] */
	uint32_t spaces;
	struct trace_space current; /* as the trace's last record of a space says */
	bool lost;                  /* no memory for one space more: its accesses are left out */
};

struct recorder *recorder_new(FILE *out, enum trace_format format)
{
	struct recorder *r = calloc(1, sizeof(*r));

	if (!r)
		return NULL;
	r->writer = trace_writer_new(out, format);
	if (!r->writer) {
		free(r);
		return NULL;
	}
	return r;
}

void recorder_end(struct recorder *r)
{
	if (!r)
		return;
	trace_writer_end(r->writer);
	free(r->satps);
	free(r);
}

/* The number of the space of the present satp; a new one if it was never met. */
static uint32_t number_of_space(struct recorder *r)
{
	uint32_t number = 0;

	while (number < r->spaces && r->satps[number] != r->satp)
		number++;
	if (number == r->spaces) {
		uint64_t *more = realloc(r->satps, (number + 1) * sizeof(*more));

		r->lost = !more;
		if (!more)
			return number;
		r->satps = more;
		r->satps[r->spaces++] = r->satp;
	}
	return number;
}

static uint16_t asid_of(const struct hart *h, uint64_t satp)
{
	return h->xlen == 32 ? satp >> 22 & 0x1ff : satp >> 44 & 0xffff;
}

static void enter_space(struct recorder *r, const struct hart *h)
{
	struct trace_space space = r->current;

	if (r->spaces && r->satps[space.number] == r->satp)
		return;
	space.number = number_of_space(r);
	space.asid = asid_of(h, r->satp);
	if (space.number != r->current.number || space.asid != r->current.asid)
		trace_write(r->writer, &(struct trace_record){.kind = TRACE_SPACE, .space = space});
	r->current = space;
}

void recorder_access(struct recorder *r, const struct hart *h, const struct mmu_request *request)
{
	struct trace_record record = {
	    .kind = TRACE_ACCESS,
	    .access = {request->va, request->access, request->bytes, request->priv},
	};

	if (!r || !r->translating || request->priv == PRIV_M)
		return;
	if (mmu_config(h->mmu)->pointer_masking)
		record.access.va = hart_masked(h, request->access, request->va);
	enter_space(r, h);
	trace_write(r->writer, &record);
}

void recorder_fence(struct recorder *r, const struct mmu_fence *fence)
{
	struct trace_record record = {.kind = TRACE_FENCE, .fence = *fence};

	if (!r)
		return;
	if (fence->rs1_x0)
		record.fence.va = 0;
	if (fence->rs2_x0)
		record.fence.asid = 0;
	trace_write(r->writer, &record);
}

void recorder_registers(struct recorder *r, const struct hart *h)
{
	bool segments;

	if (!r)
		return;
	segments = mmu_config(h->mmu)->segments &&
		   (mmu_csr_read(h->mmu, REG_SEGCTL) & 3) != SEGMODE_PAGING;
	r->satp = mmu_csr_read(h->mmu, CSR_SATP);
	r->translating = segments || r->satp >> (h->xlen == 32 ? 31 : 60) != 0;
}
