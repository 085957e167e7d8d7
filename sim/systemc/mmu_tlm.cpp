#include "mmu_tlm.h"

using sc_core::sc_time;
using sc_core::SC_ZERO_TIME;
using tlm::tlm_generic_payload;

namespace atlas
{

namespace
{

const std::uint64_t PAGE = 4096;

/* False if the MMU takes no access of that shape. */
bool to_request(enum mmu_port port, tlm_generic_payload &trans, struct mmu_request &request)
{
	const access *context = trans.get_extension<access>();
	std::uint64_t va = trans.get_address();
	unsigned bytes = trans.get_data_length();

	if (bytes < 1 || bytes > 64 || va % PAGE + bytes > PAGE)
		return false;
	request = mmu_request();
	request.va = va;
	request.bytes = bytes;
	request.priv = context ? context->priv : PRIV_S;
	request.sum = context && context->sum;
	request.mxr = context && context->mxr;
	if (port == MMU_FETCH)
		request.access = ACC_FETCH;
	else if (context && context->kind != ACC_LOAD)
		request.access = context->kind;
	else
		request.access = trans.is_write() ? ACC_STORE : ACC_LOAD;
	return true;
}

} // namespace

mmu_tlm::mmu_tlm(sc_core::sc_module_name name, const options &options)
    : sc_module(name), fetch("fetch"), data("data"), walk("walk"), memory("memory"),
      timed(options.model != "golden"), period(options.period)
{
	struct mmu_options open = {};
	char err[400] = "";

	fetch.register_b_transport(this, &mmu_tlm::fetch_transport);
	fetch.register_get_direct_mem_ptr(this, &mmu_tlm::fetch_dmi);
	data.register_b_transport(this, &mmu_tlm::data_transport);
	data.register_get_direct_mem_ptr(this, &mmu_tlm::data_dmi);
	memory.register_invalidate_direct_mem_ptr(this, &mmu_tlm::memory_changed);

	open.model = options.model.c_str();
	open.config = options.config.c_str();
	open.lockstep = options.lockstep;
	open.memory = {this, read_pte, swap_pte};
	open.timing.latency_min = open.timing.latency_max = options.latency;
	mmu = mmu_open(&open, err, sizeof err);
	if (!mmu)
		SC_REPORT_FATAL("atlas", err);
}

mmu_tlm::~mmu_tlm()
{
	mmu_close(mmu);
	pte.clear_extension(&swap);
}

/* ---- accesses ------------------------------------------------------------- */

bool mmu_tlm::translate(enum mmu_port port, const struct mmu_request &request,
			struct mmu_answer &answer, sc_time &delay)
{
	std::uint64_t before = timed ? mmu_cycles(mmu) : 0;

	walked = SC_ZERO_TIME;
	if (!mmu_translate(mmu, port, &request, &answer)) {
		SC_REPORT_ERROR("atlas", "the model does not answer: a defect of it");
		return false;
	}
	delay += timed ? (mmu_cycles(mmu) - before) * period : period + walked;
	return true;
}

void mmu_tlm::transport(enum mmu_port port, tlm_generic_payload &trans, sc_time &delay)
{
	access *context = trans.get_extension<access>();
	std::uint64_t va = trans.get_address();
	struct mmu_request request;
	struct mmu_answer answer = {};

	if (!to_request(port, trans, request)) {
		trans.set_response_status(tlm::TLM_BURST_ERROR_RESPONSE);
		return;
	}
	if (!translate(port, request, answer, delay)) {
		trans.set_response_status(tlm::TLM_GENERIC_ERROR_RESPONSE);
		return;
	}
	if (context)
		context->answer = answer;
	if (answer.fault) {
		trans.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
		return;
	}
	if (trans.is_write())
		mmu_before_write(mmu, answer.pa, trans.get_data_length());
	trans.set_address(answer.pa);
	memory->b_transport(trans, delay);
	trans.set_address(va);
	/* Memory's word for itself is not the MMU's. */
	trans.set_dmi_allowed(!timed && trans.is_dmi_allowed());
}

void mmu_tlm::fetch_transport(tlm_generic_payload &trans, sc_time &delay)
{
	transport(MMU_FETCH, trans, delay);
}

void mmu_tlm::data_transport(tlm_generic_payload &trans, sc_time &delay)
{
	transport(MMU_DATA, trans, delay);
}

/* ---- DMI ------------------------------------------------------------------- */

/* Of the whole page: PMP may cut it, so each of its blocks is asked about. */
bool mmu_tlm::allowed(enum mmu_port port, struct mmu_request request, std::uint64_t &pa)
{
	bool cut = mmu_config(mmu)->pmp_entries != 0;
	struct mmu_answer answer;
	sc_time unused;

	request.va -= request.va % PAGE;
	request.bytes = 64;
	for (std::uint64_t at = 0; at < (cut ? PAGE : 1); at += 64) {
		struct mmu_request block = request;

		block.va += at;
		if (!translate(port, block, answer, unused) || answer.fault)
			return false;
		if (at == 0)
			pa = answer.pa;
	}
	return true;
}

bool mmu_tlm::direct(enum mmu_port port, tlm_generic_payload &trans, tlm::tlm_dmi &dmi)
{
	std::uint64_t va = trans.get_address(), first = va - va % PAGE, pa;
	struct mmu_request request;

	dmi.init();
	dmi.set_start_address(first);
	dmi.set_end_address(first + PAGE - 1);
	if (timed || !to_request(port, trans, request) || !allowed(port, request, pa))
		return false;

	trans.set_address(pa);
	bool granted = memory->get_direct_mem_ptr(trans, dmi);
	trans.set_address(va);
	if (!granted || dmi.get_start_address() > pa || dmi.get_end_address() < pa + PAGE - 1)
		return false;
	dmi.set_dmi_ptr(dmi.get_dmi_ptr() + (pa - dmi.get_start_address()));
	dmi.set_start_address(first);
	dmi.set_end_address(first + PAGE - 1);

	/* What was asked for, and no more: a load says nothing of stores. A store may be read back
	 * only if a load may. */
	struct mmu_request load = request;

	load.access = ACC_LOAD;
	if (!trans.is_write())
		dmi.set_granted_access(tlm::tlm_dmi::DMI_ACCESS_READ);
	else if (allowed(port, load, pa))
		dmi.set_granted_access(tlm::tlm_dmi::DMI_ACCESS_READ_WRITE);
	else
		dmi.set_granted_access(tlm::tlm_dmi::DMI_ACCESS_WRITE);
	dmi.set_read_latency(dmi.get_read_latency() + period);
	dmi.set_write_latency(dmi.get_write_latency() + period);
	return true;
}

bool mmu_tlm::fetch_dmi(tlm_generic_payload &trans, tlm::tlm_dmi &dmi)
{
	return direct(MMU_FETCH, trans, dmi);
}

bool mmu_tlm::data_dmi(tlm_generic_payload &trans, tlm::tlm_dmi &dmi)
{
	return direct(MMU_DATA, trans, dmi);
}

void mmu_tlm::invalidate()
{
	if (timed)
		return;
	fetch->invalidate_direct_mem_ptr(0, ~(sc_dt::uint64)0);
	data->invalidate_direct_mem_ptr(0, ~(sc_dt::uint64)0);
}

/* Which virtual pages lie there is not kept: all of them might. */
void mmu_tlm::memory_changed(sc_dt::uint64, sc_dt::uint64)
{
	invalidate();
}

/* ---- registers, fences ------------------------------------------------------ */

void mmu_tlm::write_csr(unsigned number, std::uint64_t value, sc_time &delay)
{
	mmu_csr_write(mmu, number, value);
	delay += period;
	invalidate();
}

std::uint64_t mmu_tlm::read_csr(unsigned number) const
{
	return mmu_csr_read(mmu, number);
}

void mmu_tlm::do_fence(const struct mmu_fence &fence, sc_time &delay)
{
	std::uint64_t before = mmu_cycles(mmu);

	if (!mmu_fence(mmu, &fence))
		SC_REPORT_ERROR("atlas", "the model does not finish a fence: a defect of it");
	delay += timed ? (mmu_cycles(mmu) - before) * period : period;
	invalidate();
}

void mmu_tlm::before_write(std::uint64_t pa, unsigned bytes)
{
	mmu_before_write(mmu, pa, bytes);
}

struct mmu_counts mmu_tlm::counts() const
{
	struct mmu_counts c;

	mmu_counts(mmu, &c);
	return c;
}

/* ---- PTEs ------------------------------------------------------------------- */

bool mmu_tlm::access_pte(std::uint64_t pa, unsigned bytes, std::uint64_t &value, bool write)
{
	pte.set_command(write ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND);
	pte.set_address(pa);
	pte.set_data_ptr(reinterpret_cast<unsigned char *>(&value));
	pte.set_data_length(bytes);
	pte.set_streaming_width(bytes);
	pte.set_byte_enable_ptr(nullptr);
	pte.set_dmi_allowed(false);
	pte.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
	if (write)
		pte.set_extension(&swap);
	else
		pte.clear_extension(&swap);
	walk->b_transport(pte, walked);
	return pte.is_response_ok();
}

bool mmu_tlm::read_pte(void *ctx, std::uint64_t pa, unsigned bytes, std::uint64_t *value)
{
	*value = 0;
	return static_cast<mmu_tlm *>(ctx)->access_pte(pa, bytes, *value, false);
}

bool mmu_tlm::swap_pte(void *ctx, std::uint64_t pa, unsigned bytes, std::uint64_t expected,
		       std::uint64_t desired, std::uint64_t *old)
{
	mmu_tlm *self = static_cast<mmu_tlm *>(ctx);

	self->swap.expected = expected;
	if (!self->access_pte(pa, bytes, desired, true))
		return false;
	*old = self->swap.old;
	return true;
}

} // namespace atlas
