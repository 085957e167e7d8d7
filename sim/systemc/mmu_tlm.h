/*
 * The MMU as a SystemC module with TLM-2.0 sockets, at two levels of abstraction behind
 * the same sockets: the Verilated RTL ("rtl"), whose clock cycles become the delay of a
 * transaction, and the golden model ("golden"), loosely timed, which grants DMI.
 *
 *   fetch ──►┌─────┐
 *            │ mmu │──► memory   the translated access, with the physical address
 *   data  ──►│     │──► walk     reads of PTEs; swaps, as writes with extension pte_swap
 *            └─────┘
 *
 * What a caller may rely on:
 * - b_transport() on a target socket translates the payload's address, and hands the
 *   transaction on to `memory` with the physical one; when it returns, the payload has its
 *   virtual address again. An access of 1 to 64 bytes that stays in its page of 4 KiB; of any
 *   other the answer is TLM_BURST_ERROR_RESPONSE, and nothing was done.
 * - A fault answers TLM_ADDRESS_ERROR_RESPONSE; memory has not seen the transaction. Extension
 *   `access`, if the payload carries it, then has cause, trap value and reason.
 * - Delay. RTL: the cycles from acceptance to answer, each of `period`, with PTEs that come
 *   after `latency` cycles; delays of the socket `walk` do not count. Golden: one period, and
 *   the delays of `walk`. The delay of `memory` is its own.
 * - nb_transport and blocking calls may be mixed, as of every simple_target_socket; one
 *   translation at a time.
 * - DMI (golden): granted page by page, for the context of the request that asks. It is
 *   invalidated, whole, by a fence, by a register write, and when `memory` invalidates its own.
 *   Who changes privilege, SUM or MXR drops what it was granted. A page that PMP cuts is not
 *   granted. A write is granted only once a store has set D.
 * - transport_dbg() translates nothing: it answers 0 bytes.
 *
 * Widths, meaning and order of registers, fences and requests: mmu.h. Not thread-safe, as
 * SystemC is not.
 */
#ifndef ATLAS_MMU_TLM_H
#define ATLAS_MMU_TLM_H

#include <cstdint>
#include <string>
#include <systemc>
#include <tlm>
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

extern "C" {
#include "mmu.h"
}

namespace atlas
{

/* What an access has beside address, length and direction. A payload without it is a load, store or
 * fetch (by socket and command) of S-mode. Owned by who sets it. */
struct access : tlm::tlm_extension<access> {
	std::uint8_t kind = ACC_LOAD; /* ACC_*: of socket data only */
	std::uint8_t priv = PRIV_S;   /* effective privilege */
	bool sum = false, mxr = false;
	struct mmu_answer answer = {}; /* filled in: how it was translated */

	tlm::tlm_extension_base *clone() const override
	{
		return new access(*this);
	}
	void copy_from(const tlm::tlm_extension_base &other) override
	{
		*this = static_cast<const access &>(other);
	}
};

/* Makes a write on socket `walk` a compare-and-swap: the target writes the data only if it holds
 * `expected` there, atomically, and puts what it held before into `old`. Little-endian. */
struct pte_swap : tlm::tlm_extension<pte_swap> {
	std::uint64_t expected = 0;
	std::uint64_t old = 0;

	tlm::tlm_extension_base *clone() const override
	{
		return new pte_swap(*this);
	}
	void copy_from(const tlm::tlm_extension_base &other) override
	{
		*this = static_cast<const pte_swap &>(other);
	}
};

struct mmu_tlm : sc_core::sc_module {
	struct options {
		std::string model = "rtl";   /* or "golden" */
		std::string config = "sv39"; /* of rtl/configs.txt */
		bool lockstep = false;       /* check the RTL against the golden model */
		unsigned latency = 1;        /* cycles from a PTE's request to its data (RTL) */
		sc_core::sc_time period{10, sc_core::SC_NS};
	};

	tlm_utils::simple_target_socket<mmu_tlm> fetch, data;
	tlm_utils::simple_initiator_socket<mmu_tlm> walk, memory;

	/* Reports a fatal error of type "atlas" with mmu_open()'s line if there is no such
	 * model or configuration. */
	mmu_tlm(sc_core::sc_module_name name, const options &options);
	~mmu_tlm() override;

	/* Registers and fences take their time: `delay` grows by it. */
	void write_csr(unsigned number, std::uint64_t value, sc_core::sc_time &delay);
	std::uint64_t read_csr(unsigned number) const;
	void do_fence(const struct mmu_fence &fence, sc_core::sc_time &delay);

	/* Another master is about to change memory: lockstep must know. Writes through this
	 * module's sockets are known. */
	void before_write(std::uint64_t pa, unsigned bytes);

	/* Cycles of the RTL, hits, misses, mismatches of lockstep and the rest. */
	struct mmu_counts counts() const;

      private:
	struct mmu *mmu;
	bool timed; /* RTL: by its cycles */
	sc_core::sc_time period, walked;
	tlm::tlm_generic_payload pte; /* reused by each access to a PTE */
	pte_swap swap;

	void fetch_transport(tlm::tlm_generic_payload &trans, sc_core::sc_time &delay);
	void data_transport(tlm::tlm_generic_payload &trans, sc_core::sc_time &delay);
	bool fetch_dmi(tlm::tlm_generic_payload &trans, tlm::tlm_dmi &dmi);
	bool data_dmi(tlm::tlm_generic_payload &trans, tlm::tlm_dmi &dmi);
	void memory_changed(sc_dt::uint64 first, sc_dt::uint64 last);

	void transport(enum mmu_port port, tlm::tlm_generic_payload &trans,
		       sc_core::sc_time &delay);
	bool direct(enum mmu_port port, tlm::tlm_generic_payload &trans, tlm::tlm_dmi &dmi);
	bool allowed(enum mmu_port port, struct mmu_request request, std::uint64_t &pa);
	bool translate(enum mmu_port port, const struct mmu_request &request,
		       struct mmu_answer &answer, sc_core::sc_time &delay);
	void invalidate();
	bool access_pte(std::uint64_t pa, unsigned bytes, std::uint64_t &value, bool write);

	static bool read_pte(void *ctx, std::uint64_t pa, unsigned bytes, std::uint64_t *value);
	static bool swap_pte(void *ctx, std::uint64_t pa, unsigned bytes, std::uint64_t expected,
			     std::uint64_t desired, std::uint64_t *old);
};

} // namespace atlas

#endif
