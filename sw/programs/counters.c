/*
 * Event counters: what a known sequence of accesses counts, to the number; who may read
 * them; what a write does.
 *
 * Loads by probe() are the only data accesses below M-mode, so that hits, misses and faults of
 * the data port are theirs alone.
 */
#include "check.h"
#include "context.h"
#include "counter.h"
#include "space.h"

#define PAGE  0x40000000ul
#define PAGES 4

static const unsigned all = PT_WRITE | PT_X | PT_U;

static xword data(unsigned event)
{
	return counter_read(COUNTER_DATA + event);
}

static xword walks(unsigned event)
{
	return counter_read(COUNTER_WALK + event);
}

static void load(const struct space *s, xword va)
{
	probe(s, (struct probe){.access = ACC_LOAD, .va = va});
}

static void store(const struct space *s, xword va)
{
	probe(s, (struct probe){.access = ACC_STORE, .va = va});
}

/* An address space of some pages, of which nothing is in any TLB. */
static void begin(struct space *s, enum pt_mode mode, unsigned flags)
{
	space_open(s, mode, PT_ALL_LEVELS, 1);
	for (unsigned i = 0; i < PAGES; i++)
		space_page(s, PAGE + i * 4096, flags);
	space_use(s);
	counters_zero();
}

static void hits_and_misses(enum pt_mode mode)
{
	struct space s;

	begin(&s, mode, all);
	for (unsigned i = 0; i < 5; i++)
		load(&s, PAGE);
	check_equal("one_page_misses_once", 1, data(EVENT_PORT_MISSES));
	check_equal("and_hits_from_then_on", 4, data(EVENT_PORT_HITS));
	check_equal("one_miss_takes_one_entry", 1, data(EVENT_PORT_FILLS));

	fence_all();
	counters_zero();
	load(&s, PAGE);
	fence_address(PAGE);
	load(&s, PAGE);
	check_equal("each_fence_brings_a_miss", 2, data(EVENT_PORT_MISSES));
	check_equal("after_fences_nothing_hits", 0, data(EVENT_PORT_HITS));
	space_close(&s);
}

static void faults(enum pt_mode mode)
{
	struct space s;

	begin(&s, mode, PT_READ | PT_U);
	load(&s, PAGE);
	store(&s, PAGE);
	load(&s, PAGE + PAGES * 4096);
	check_equal("each_refusal_is_a_fault", 2, data(EVENT_PORT_FAULTS));
	check_equal("a_hit_may_fault", 1, data(EVENT_PORT_HITS));
	check_equal("what_is_not_mapped_takes_no_entry", 1, data(EVENT_PORT_FILLS));
	space_close(&s);
}

static void superpages(enum pt_mode mode)
{
	struct space s;

	space_open(&s, mode, PT_ALL_LEVELS, 1);
	space_map(&s, PAGE, 0x80000000ul, 1, all);
	space_use(&s);
	counters_zero();
	for (unsigned i = 0; i < 3; i++)
		load(&s, PAGE + i * 4096);
	check_equal("a_superpage_misses_once", 1, data(EVENT_PORT_MISSES));
	check_equal("and_hits_as_one_entry", 2, data(EVENT_PORT_HITS_LEVEL1));
	space_close(&s);
}

/* The fetch of the instruction that loads walks too, before the load does. */
static void page_walks(enum pt_mode mode)
{
	struct space s;
	xword fetched;

	begin(&s, mode, all);
	for (unsigned i = 0; i < PAGES; i++)
		load(&s, PAGE + i * 4096);
	fetched = counter_read(COUNTER_FETCH + EVENT_PORT_MISSES);
	check_equal("each_page_misses_once", PAGES, data(EVENT_PORT_MISSES));
	check("each_miss_walks_or_asks_the_l2",
	      walks(EVENT_WALK_STARTS) + data(EVENT_PORT_MISSES_L2) +
		      counter_read(COUNTER_FETCH + EVENT_PORT_MISSES_L2) ==
		  PAGES + fetched);
	check("each_walk_reads_a_pte", walks(EVENT_WALK_PTE_READS) >= walks(EVENT_WALK_STARTS));
	space_close(&s);
}

static void test(enum pt_mode mode)
{
	hits_and_misses(mode);
	faults(mode);
	superpages(mode);
	page_walks(mode);
}

/* ---- without page tables ------------------------------------------------------------ */

/* Four loads, and no other access of data, between the two looks at the counter. */
static void direct(void)
{
	static xword word;
	xword counted;

	csr_write(CSR_SISELECT,
		  (1ul << (XLEN - 1)) + SISELECT_COUNTER0 + COUNTER_DATA + EVENT_PORT_DIRECT);
	__asm__ volatile("csrw " CSR_TEXT(CSR_SIREG) ", zero\n\t"
						     "lw zero, 0(%1)\n\tlw zero, 0(%1)\n\t"
						     "lw zero, 0(%1)\n\tlw zero, 0(%1)\n\t"
						     "csrr %0, " CSR_TEXT(CSR_SIREG)
			 : "=&r"(counted)
			 : "r"(&word)
			 : "memory");
	check_equal("loads_in_m_mode_ask_no_table", 4, counted);
}

static void fences(void)
{
	counter_zero(COUNTER_CORE + EVENT_CORE_FENCES);
	fence_all();
	fence_address(PAGE);
	fence_asid(1);
	check_equal("each_fence_is_counted", 3, counter_read(COUNTER_CORE + EVENT_CORE_FENCES));
}

/* ---- registers ------------------------------------------------------------------------ */

static void control(void)
{
	uint64_t before, after;

	counters_inhibit(true);
	before = counter_read(COUNTER_CORE + EVENT_CORE_CYCLES);
	fence_all();
	after = counter_read(COUNTER_CORE + EVENT_CORE_CYCLES);
	check("inhibited_nothing_counts", before == after && before != 0);
	counters_zero(); /* the same write ends it */
	after = counter_read(COUNTER_CORE + EVENT_CORE_CYCLES);
	check("zeroed_it_counts_again",
	      counter_read(COUNTER_CORE + EVENT_CORE_CYCLES) > after && after < before);
}

#define CSRR_A0_SIREG 0x15102573u /* csrr a0, sireg */
#define CSRR_A0_NEXT  0x15202573u /* csrr a0, sireg2 */
#define INSN_ECALL    0x00000073u

static xword cause_of(unsigned priv, uint32_t insn)
{
	static uint32_t code[2];
	struct context c = {.priv = priv, .pc = (xword)code};

	((volatile uint32_t *)code)[0] = insn;
	((volatile uint32_t *)code)[1] = INSN_ECALL;
	fence_instructions();
	catch_begin(); /* siselect may be none */
	csr_write(CSR_SISELECT, (1ul << (XLEN - 1)) + SISELECT_COUNTER0);
	catch_end();
	machine_run(&c);
	return c.cause;
}

static void privileges(void)
{
	check_equal("supervisor_reads_them", CAUSE_ECALL_S, cause_of(PRIV_S, CSRR_A0_SIREG));
	check_equal("user_does_not", CAUSE_ILLEGAL, cause_of(PRIV_U, CSRR_A0_SIREG));
	csr_set(mstatus, MSTATUS_TVM);
	check_equal("tvm_leaves_them", CAUSE_ECALL_S, cause_of(PRIV_S, CSRR_A0_SIREG));
	csr_clear(mstatus, MSTATUS_TVM);
	check_equal("an_upper_half_is_there_on_rv32", XLEN == 32 ? CAUSE_ECALL_S : CAUSE_ILLEGAL,
		    cause_of(PRIV_S, CSRR_A0_NEXT));
}

int main(void)
{
	space_start();
	if (!counters_exist())
		check_skip_all("no counters here");
	catch_begin(); /* what is skipped may trap all the way */
	for_each_mode(test);
	direct();
	fences();
	control();
	check("no_trap_of_its_own", !catch_end().taken);
	privileges();
	return check_end();
}
