/*
 * An example platform: an initiator, the MMU, a memory. The initiator walks over mapped
 * pages at random, sometimes to where nothing is mapped or where it may not write, remaps
 * pages and fences; every translation is compared with the golden model's, and every load with
 * what was stored.
 *
 * Usage: platform [--model rtl|golden] [--config NAME] [--lockstep] [--dmi] [--accesses N]
 *                 [--pages N] [--allowed] [--json]
 * --pages: over so many of the pages (1 to 64); --allowed: only what faults nowhere.
 * Exit code: 0 all was right, 1 it was not, 2 bad options.
 */
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <getopt.h>
#include <memory>
#include <vector>

#include "mmu_tlm.h"

using sc_core::sc_time;
using tlm::tlm_generic_payload;

namespace
{

const std::uint64_t RAM = 0x80000000u, PAGE = 4096;
const unsigned PAGES = 64, RAM_PAGES = 256;
const std::uint64_t FIRST_VA = 0x40000000u;

struct memory : sc_core::sc_module {
	tlm_utils::simple_target_socket<memory> accesses, ptes;
	std::vector<unsigned char> bytes;

	explicit memory(sc_core::sc_module_name name)
	    : sc_module(name), accesses("accesses"), ptes("ptes"), bytes(RAM_PAGES * PAGE)
	{
		accesses.register_b_transport(this, &memory::transport);
		accesses.register_get_direct_mem_ptr(this, &memory::direct);
		ptes.register_b_transport(this, &memory::transport);
	}

	bool holds(std::uint64_t pa, std::uint64_t length) const
	{
		return pa >= RAM && pa - RAM + length <= bytes.size();
	}

	void transport(tlm_generic_payload &trans, sc_time &delay)
	{
		std::uint64_t pa = trans.get_address(), length = trans.get_data_length();
		atlas::pte_swap *swap = trans.get_extension<atlas::pte_swap>();

		if (!holds(pa, length)) {
			trans.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
			return;
		}
		unsigned char *here = &bytes[pa - RAM];
		if (swap) {
			swap->old = 0;
			std::memcpy(&swap->old, here, length);
		}
		if (trans.is_read())
			std::memcpy(trans.get_data_ptr(), here, length);
		else if (!swap || swap->old == swap->expected)
			std::memcpy(here, trans.get_data_ptr(), length);
		delay += sc_time(20, sc_core::SC_NS);
		trans.set_dmi_allowed(true);
		trans.set_response_status(tlm::TLM_OK_RESPONSE);
	}

	bool direct(tlm_generic_payload &, tlm::tlm_dmi &dmi)
	{
		dmi.set_dmi_ptr(bytes.data());
		dmi.set_start_address(RAM);
		dmi.set_end_address(RAM + bytes.size() - 1);
		dmi.allow_read_write();
		return true;
	}

	std::uint64_t word(std::uint64_t pa) const
	{
		std::uint64_t value;

		std::memcpy(&value, &bytes[pa - RAM], sizeof value);
		return value;
	}

	void set_word(std::uint64_t pa, std::uint64_t value)
	{
		std::memcpy(&bytes[pa - RAM], &value, sizeof value);
	}
};

struct initiator : sc_core::sc_module {
	tlm_utils::simple_initiator_socket<initiator> fetch, data;
	atlas::mmu_tlm &mmu;
	memory &ram;
	unsigned long accesses, faults = 0, direct = 0, wrong = 0;
	unsigned pages = PAGES;
	bool use_dmi, allowed_only = false;
	double seconds = 0;

	SC_HAS_PROCESS(initiator);
	initiator(sc_core::sc_module_name name, atlas::mmu_tlm &mmu, memory &ram,
		  unsigned long accesses, bool use_dmi)
	    : sc_module(name), fetch("fetch"), data("data"), mmu(mmu), ram(ram), accesses(accesses),
	      use_dmi(use_dmi)
	{
		data.register_invalidate_direct_mem_ptr(this, &initiator::drop_dmi);
		SC_THREAD(run);
	}

      private:
	std::uint64_t seed = 1;
	tlm::tlm_dmi dmi[PAGES];
	bool granted[PAGES] = {};
	std::uint64_t frame[PAGES]; /* where each page is mapped; 0: nowhere */
	atlas::access context;

	unsigned draw(unsigned below)
	{
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		return (seed >> 33) % below;
	}

	void drop_dmi(sc_dt::uint64, sc_dt::uint64)
	{
		std::memset(granted, 0, sizeof granted);
	}

	/* One table of each level; page i is mapped to a frame of its own. Every eighth is
	 * read-only, every ninth is not mapped. */
	std::uint64_t pte_of(unsigned page) const
	{
		return RAM + 2 * PAGE + 8 * page;
	}
	bool writable(unsigned page) const
	{
		return page % 8 != 0;
	}

	void map(unsigned page, std::uint64_t pa)
	{
		std::uint64_t flags = 1 << PTE_V | 1 << PTE_R | 1 << PTE_A | 1 << PTE_D |
				      (writable(page) ? 1 << PTE_W : 0);

		frame[page] = page % 9 ? pa : 0;
		mmu.before_write(pte_of(page), 8);
		ram.set_word(pte_of(page), frame[page] ? pa >> 12 << PTE_PPN | flags : 0);
	}

	void build(sc_time &delay)
	{
		ram.set_word(RAM + 8, (RAM + PAGE) >> 12 << PTE_PPN | 1 << PTE_V);
		ram.set_word(RAM + PAGE, (RAM + 2 * PAGE) >> 12 << PTE_PPN | 1 << PTE_V);
		for (unsigned page = 0; page < PAGES; page++)
			map(page, RAM + (16 + page) * PAGE);
		mmu.write_csr(CSR_PMPADDR0, ~(std::uint64_t)0 >> 10, delay);
		mmu.write_csr(CSR_PMPCFG0, 0x1f, delay);
		mmu.write_csr(CSR_SATP, (std::uint64_t)SATP_SV39 << 60 | RAM >> 12, delay);
		fence(delay);
	}

	void fence(sc_time &delay)
	{
		struct mmu_fence all = {};

		all.rs1_x0 = all.rs2_x0 = true;
		mmu.do_fence(all, delay);
	}

	/* What the tables say, found here by hand. */
	void check(unsigned page, bool write, std::uint64_t offset, bool ok)
	{
		bool want = frame[page] && (!write || writable(page));

		if (ok != want || (ok && context.answer.pa != frame[page] + offset) ||
		    (!ok && context.answer.reason !=
				(frame[page] ? REASON_NOT_WRITABLE : REASON_PTE_INVALID)))
			wrong++;
		faults += !ok;
	}

	void by_transport(unsigned page, std::uint64_t offset, bool write, sc_time &delay)
	{
		tlm_generic_payload trans;
		std::uint64_t value = seed;

		trans.set_command(write ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND);
		trans.set_address(FIRST_VA + page * PAGE + offset);
		trans.set_data_ptr(reinterpret_cast<unsigned char *>(&value));
		trans.set_data_length(8);
		trans.set_streaming_width(8);
		trans.set_extension(&context);
		data->b_transport(trans, delay);
		check(page, write, offset, trans.is_response_ok());
		if (trans.is_response_ok() && value != ram.word(frame[page] + offset))
			wrong++;
		if (use_dmi && trans.is_response_ok() && trans.is_dmi_allowed())
			granted[page] = data->get_direct_mem_ptr(trans, dmi[page]);
		trans.clear_extension(&context);
	}

	bool by_dmi(unsigned page, std::uint64_t offset, bool write, sc_time &delay)
	{
		if (!granted[page] ||
		    !(write ? dmi[page].is_write_allowed() : dmi[page].is_read_allowed()))
			return false;
		unsigned char *here = dmi[page].get_dmi_ptr() + offset;
		if (here != &ram.bytes[frame[page] + offset - RAM])
			wrong++;
		if (write)
			std::memcpy(here, &seed, 8);
		else
			wrong += std::memcmp(here, &ram.bytes[frame[page] + offset - RAM], 8) != 0;
		delay += write ? dmi[page].get_write_latency() : dmi[page].get_read_latency();
		direct++;
		return true;
	}

	void run()
	{
		const sc_time quantum(1, sc_core::SC_US);
		sc_time delay;

		build(delay);
		std::clock_t start = std::clock(); /* whatever else the machine does */
		for (unsigned long i = 0; i < accesses; i++) {
			unsigned page = draw(pages);
			std::uint64_t offset = 8 * draw(PAGE / 8);
			bool write = draw(2);

			if (allowed_only && !frame[page])
				page = 1;
			write = write && (!allowed_only || writable(page));
			if (!by_dmi(page, offset, write, delay))
				by_transport(page, offset, write, delay);
			/* A page gets another frame; until the fence the old one may answer. */
			if (i % 65536 == 65535) {
				map(page, RAM + (16 + PAGES + draw(RAM_PAGES - 16 - PAGES)) * PAGE);
				fence(delay);
			}
			if (delay > quantum) {
				wait(delay);
				delay = sc_core::SC_ZERO_TIME;
			}
		}
		wait(delay);
		seconds = (double)(std::clock() - start) / CLOCKS_PER_SEC;
		sc_core::sc_stop();
	}
};

struct arguments {
	atlas::mmu_tlm::options mmu;
	bool dmi = false, json = false;
	bool allowed = false;
	unsigned long accesses = 1000000, pages = PAGES;
};

bool number(const char *option, const char *text, unsigned long most, unsigned long &value)
{
	char *end;

	value = std::strtoul(text, &end, 10);
	if (*end == '\0' && *text != '-' && value >= 1 && value <= most)
		return true;
	std::fprintf(stderr, "platform: %s: '%s' is no number from 1 to %lu\n", option, text, most);
	return false;
}

bool parse(int argc, char **argv, arguments &a)
{
	static const struct option known[] = {{"model", required_argument, nullptr, 'm'},
					      {"config", required_argument, nullptr, 'c'},
					      {"dmi", no_argument, nullptr, 'd'},
					      {"accesses", required_argument, nullptr, 'n'},
					      {"pages", required_argument, nullptr, 'p'},
					      {"allowed", no_argument, nullptr, 'a'},
					      {"lockstep", no_argument, nullptr, 'l'},
					      {"json", no_argument, nullptr, 'j'},
					      {nullptr, 0, nullptr, 0}};
	int option;

	while ((option = getopt_long(argc, argv, "", known, nullptr)) != -1)
		switch (option) {
		case 'm':
			a.mmu.model = optarg;
			break;
		case 'c':
			a.mmu.config = optarg;
			break;
		case 'd':
			a.dmi = true;
			break;
		case 'j':
			a.json = true;
			break;
		case 'a':
			a.allowed = true;
			break;
		case 'l':
			a.mmu.lockstep = true;
			break;
		case 'n':
			if (!number("--accesses", optarg, ~0ul, a.accesses))
				return false;
			break;
		case 'p':
			if (!number("--pages", optarg, PAGES, a.pages))
				return false;
			break;
		default:
			return false;
		}
	if (optind < argc) {
		std::fprintf(stderr, "platform: '%s': takes options only\n", argv[optind]);
		return false;
	}
	if (a.dmi && a.mmu.model != "golden") {
		std::fprintf(stderr, "platform: --dmi: only --model golden grants it\n");
		return false;
	}
	return true;
}

} // namespace

int sc_main(int argc, char **argv)
{
	arguments a;

	if (!parse(argc, argv, a))
		return 2;
	sc_core::sc_report_handler::set_actions(sc_core::SC_FATAL, sc_core::SC_THROW);
	sc_core::sc_report_handler::set_actions("/OSCI/SystemC", sc_core::SC_DO_NOTHING);
	std::unique_ptr<atlas::mmu_tlm> mmu;
	try {
		mmu.reset(new atlas::mmu_tlm("mmu", a.mmu));
	} catch (const sc_core::sc_report &report) {
		std::fprintf(stderr, "platform: %s\n", report.get_msg());
		return 2;
	}
	memory ram("ram");
	initiator cpu("cpu", *mmu, ram, a.accesses, a.dmi);

	cpu.pages = a.pages;
	cpu.allowed_only = a.allowed;

	cpu.fetch.bind(mmu->fetch);
	cpu.data.bind(mmu->data);
	mmu->memory.bind(ram.accesses);
	mmu->walk.bind(ram.ptes);
	sc_core::sc_start();

	struct mmu_counts counts = mmu->counts();
	double rate = a.accesses / cpu.seconds / 1e6;
	if (a.json)
		std::printf("{\"model\": \"%s\", \"dmi\": %s, \"accesses\": %lu, \"direct\": %lu, "
			    "\"faults\": %lu, "
			    "\"wrong\": %lu, \"cycles\": %llu, \"simulated_ns\": %.0f, "
			    "\"millions_a_second\": %.2f}\n",
			    a.mmu.model.c_str(), a.dmi ? "true" : "false", a.accesses, cpu.direct,
			    cpu.faults, cpu.wrong, (unsigned long long)counts.cycles,
			    sc_core::sc_time_stamp().to_seconds() * 1e9, rate);
	else
		std::printf(
		    "%s%s: %lu accesses, %lu of them by DMI, %lu faults, %lu wrong; %s simulated; "
		    "%.2f M accesses/s\n",
		    a.mmu.model.c_str(), a.dmi ? " with DMI" : "", a.accesses, cpu.direct,
		    cpu.faults, cpu.wrong, sc_core::sc_time_stamp().to_string().c_str(), rate);
	return cpu.wrong != 0 || counts.mismatches != 0;
}

/* The library's own would print its banner into the results. */
int main(int argc, char **argv)
{
	setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", 1);
	return sc_core::sc_elab_and_sim(argc, argv);
}
