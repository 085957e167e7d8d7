// The pins of the Verilated module mmu behind plain C functions (shim.h).
// Compiled once a configuration; nothing here knows which.
#include <cstdio>
#include <verilated.h>
#ifdef SHIM_WAVE
#include <verilated_fst_c.h>
#endif

#include "Vmmu.h"
#include "shim.h"

namespace
{

struct Shim {
	VerilatedContext context;
	Vmmu *top;
#ifdef SHIM_WAVE
	VerilatedFstC *wave;
	bool wave_on;
#endif

	// Half a cycle of 10 ns. Time runs on where nothing is recorded.
	void half()
	{
#ifdef SHIM_WAVE
		if (wave && wave_on)
			wave->dump(context.time());
#endif
		context.timeInc(5);
	}
};

} // namespace

void *shim_new(uint64_t seed)
{
	Shim *s = new Shim();
	s->context.randReset(2);
	s->context.randSeed(static_cast<int>(seed & 0x7ffffffe) + 1);
#ifdef SHIM_WAVE
	s->context.traceEverOn(true);
#endif
	s->context.fatalOnError(true);
	s->top = new Vmmu(&s->context, "mmu");
	s->top->clk = 0;
	s->top->eval();
	return s;
}

void shim_delete(void *shim)
{
	Shim *s = static_cast<Shim *>(shim);
	// Verilator takes what it tears down off the thread's context: of two
	// models, that may be the one of the other, already gone.
	Verilated::threadContextp(&s->context);
	s->top->final();
#ifdef SHIM_WAVE
	if (s->wave) {
		s->wave->close();
		delete s->wave;
	}
#endif
	delete s->top;
	delete s;
}

void shim_reset(void *shim, bool asserted)
{
	Shim *s = static_cast<Shim *>(shim);
	s->top->rst_n = !asserted;
	s->context.time(0);
}

void shim_settle(void *shim, const struct shim_inputs *in, struct shim_settled *out)
{
	Shim *s = static_cast<Shim *>(shim);
	Vmmu *t = s->top;

	t->fetch_req_valid = in->fetch.valid;
	t->fetch_req_va = in->fetch.va;
	t->fetch_req_size = in->fetch.size;
	t->fetch_req_priv = in->fetch.priv;
	t->fetch_req_tag = in->fetch.tag;
	t->data_req_valid = in->data.valid;
	t->data_req_va = in->data.va;
	t->data_req_access = in->data.access;
	t->data_req_size = in->data.size;
	t->data_req_priv = in->data.priv;
	t->data_req_sum = in->data.sum;
	t->data_req_mxr = in->data.mxr;
	t->data_req_tag = in->data.tag;
	t->csr_write = in->csr_write;
	t->csr_number = in->csr_number;
	t->csr_wdata = in->csr_wdata;
	t->fence_valid = in->fence_valid;
	t->fence_rs1_x0 = in->fence_rs1_x0;
	t->fence_rs2_x0 = in->fence_rs2_x0;
	t->fence_va = in->fence_va;
	t->fence_asid = in->fence_asid;
	t->mem_req_ready = in->mem_req_ready;
	t->mem_ans_valid = in->mem_ans_valid;
	t->mem_ans_tag = in->mem_ans_tag;
	t->mem_ans_data = in->mem_ans_data;
	t->mem_ans_error = in->mem_ans_error;
	t->clk = 0;
	t->eval();

	out->fetch_req_ready = t->fetch_req_ready;
	out->data_req_ready = t->data_req_ready;
	out->fence_ready = t->fence_ready;
	out->mem_req_valid = t->mem_req_valid;
	out->mem_req_swap = t->mem_req_swap;
	out->mem_req_tag = t->mem_req_tag;
	out->mem_req_addr = t->mem_req_addr;
	out->mem_req_expected = t->mem_req_expected;
	out->mem_req_desired = t->mem_req_desired;
	out->csr_rdata = t->csr_rdata;
}

void shim_clock(void *shim, struct shim_answer *fetch, struct shim_answer *data)
{
	Shim *s = static_cast<Shim *>(shim);
	Vmmu *t = s->top;

	// A waveform has the settled inputs before the edge that takes them.
	s->half();
	t->clk = 1;
	t->eval();
	s->half();

	fetch->valid = t->fetch_ans_valid;
	fetch->pa = t->fetch_ans_pa;
	fetch->tval = t->fetch_ans_tval;
	fetch->tag = t->fetch_ans_tag;
	fetch->cause = t->fetch_ans_cause;
	fetch->reason = t->fetch_ans_reason;
	fetch->level = t->fetch_ans_level;
	fetch->fault = t->fetch_ans_fault;
	fetch->pte = t->fetch_ans_pte;
	fetch->memory = t->fetch_ans_memory;
	data->valid = t->data_ans_valid;
	data->pa = t->data_ans_pa;
	data->tval = t->data_ans_tval;
	data->tag = t->data_ans_tag;
	data->cause = t->data_ans_cause;
	data->reason = t->data_ans_reason;
	data->level = t->data_ans_level;
	data->fault = t->data_ans_fault;
	data->pte = t->data_ans_pte;
	data->memory = t->data_ans_memory;
}

#ifdef SHIM_WAVE
bool shim_wave_open(void *shim, const char *path)
{
	Shim *s = static_cast<Shim *>(shim);
	if (FILE *f = std::fopen(path, "wb"))
		std::fclose(f);
	else
		return false;
	s->wave = new VerilatedFstC();
	s->top->trace(s->wave, 99);
	s->wave->open(path);
	s->wave_on = true;
	return s->wave->isOpen();
}

void shim_wave_on(void *shim, bool on)
{
	static_cast<Shim *>(shim)->wave_on = on;
}
#endif
