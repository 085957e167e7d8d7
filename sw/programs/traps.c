/*
 * Traps themselves: what the hart notes, to whom it goes, and how it comes
 * back. No page tables here, except that MPRV borrows a lower privilege's view.
 */
#include "check.h"
#include "context.h"
#include "machine.h"
#include "space.h"

/* Code of a few words, run at a lower privilege without translation. */
#define CODE_WORDS 4

static struct context run_words(unsigned priv, const uint32_t *words)
{
	static uint32_t code[CODE_WORDS];
	struct context c = {.priv = priv, .pc = (xword)code};

	for (unsigned i = 0; i < CODE_WORDS; i++)
		((volatile uint32_t *)code)[i] = words[i];
	fence_instructions();
	machine_run(&c);
	c.pc -= (xword)code; /* so that it does not depend on where this is */
	return c;
}

#define INSN_ECALL   0x00000073u
#define INSN_EBREAK  0x00100073u
#define INSN_MRET    0x30200073u
#define INSN_SRET    0x10200073u
#define INSN_SFENCE  0x12000073u
#define INSN_NOP     0x00000013u
#define INSN_ILLEGAL 0x00000000u
#define INSN_R_SATP  0x180022f3u /* csrr t0, satp */
#define INSN_R_SSTAT 0x100022f3u /* csrr t0, sstatus */
#define INSN_R_MSTAT 0x300022f3u /* csrr t0, mstatus */
#define INSN_W_CYCLE 0xc0001073u /* csrw cycle, zero */

static void expect_trap(const char *name, unsigned priv, uint32_t insn, xword cause)
{
	const uint32_t words[CODE_WORDS] = {INSN_NOP, insn, INSN_ECALL, INSN_ECALL};
	struct context c = run_words(priv, words);

	if (c.cause != cause || c.pc != 4)
		check_failed(name, "expected cause %ld at 4, got %ld at %ld", (long)cause,
			     (long)c.cause, (long)c.pc);
	else
		check(name, true);
}

static void expect_no_trap(const char *name, unsigned priv, uint32_t insn)
{
	const uint32_t words[CODE_WORDS] = {INSN_NOP, insn, INSN_ECALL, INSN_ECALL};
	struct context c = run_words(priv, words);

	check(name, (c.cause == CAUSE_ECALL_S || c.cause == CAUSE_ECALL_U) && c.pc == 8);
}

static void causes(void)
{
	expect_trap("ecall_from_user", PRIV_U, INSN_ECALL, CAUSE_ECALL_U);
	expect_trap("ecall_from_supervisor", PRIV_S, INSN_ECALL, CAUSE_ECALL_S);
	expect_trap("ebreak", PRIV_U, INSN_EBREAK, CAUSE_BREAKPOINT);
	expect_trap("illegal_instruction", PRIV_U, INSN_ILLEGAL, CAUSE_ILLEGAL);
	expect_trap("user_cannot_mret", PRIV_U, INSN_MRET, CAUSE_ILLEGAL);
	expect_trap("user_cannot_sret", PRIV_U, INSN_SRET, CAUSE_ILLEGAL);
	expect_trap("user_cannot_fence", PRIV_U, INSN_SFENCE, CAUSE_ILLEGAL);
	expect_trap("user_cannot_read_satp", PRIV_U, INSN_R_SATP, CAUSE_ILLEGAL);
	expect_trap("user_cannot_read_sstatus", PRIV_U, INSN_R_SSTAT, CAUSE_ILLEGAL);
	expect_trap("supervisor_cannot_mret", PRIV_S, INSN_MRET, CAUSE_ILLEGAL);
	expect_trap("supervisor_cannot_read_mstatus", PRIV_S, INSN_R_MSTAT, CAUSE_ILLEGAL);
	expect_trap("supervisor_cannot_write_cycle", PRIV_S, INSN_W_CYCLE, CAUSE_ILLEGAL);
	expect_no_trap("supervisor_may_fence", PRIV_S, INSN_SFENCE);
	expect_no_trap("supervisor_may_read_satp", PRIV_S, INSN_R_SATP);

	csr_set(mstatus, MSTATUS_TVM);
	expect_trap("tvm_takes_satp_away", PRIV_S, INSN_R_SATP, CAUSE_ILLEGAL);
	expect_trap("tvm_takes_fences_away", PRIV_S, INSN_SFENCE, CAUSE_ILLEGAL);
	csr_clear(mstatus, MSTATUS_TVM);
	csr_set(mstatus, MSTATUS_TSR);
	expect_trap("tsr_takes_sret_away", PRIV_S, INSN_SRET, CAUSE_ILLEGAL);
	csr_clear(mstatus, MSTATUS_TSR);
}

/* All registers come back as they were left, and go in as they were set. */
static void registers(void)
{
	const uint32_t words[CODE_WORDS] = {INSN_ECALL, INSN_ECALL, INSN_ECALL, INSN_ECALL};
	static uint32_t code[CODE_WORDS];
	struct context c = {.priv = PRIV_U, .pc = (xword)code};
	bool kept = true;

	for (unsigned i = 0; i < CODE_WORDS; i++)
		((volatile uint32_t *)code)[i] = words[i];
	fence_instructions();
	for (unsigned i = 1; i < 32; i++)
		c.x[i] = ~(xword)0 / 3 * i;
	machine_run(&c);
	for (unsigned i = 1; i < 32; i++)
		kept = kept && c.x[i] == ~(xword)0 / 3 * i;
	check("registers_are_kept", kept);
}

/* ---- in M-mode itself -------------------------------------------------------- */

static void misaligned(void)
{
	xword word[2] = {0, 0}, value = 1;
	struct trap t;

	catch_begin();
	__asm__ volatile(".option push\n.option norvc\nlr.w %0, (%1)\n.option pop"
			 : "=&r"(value)
			 : "r"((xword)word + 2)
			 : "memory");
	t = catch_end();
	check("misaligned_lr",
	      t.taken && (t.cause == CAUSE_LOAD_MISALIGNED || t.cause == CAUSE_LOAD_ACCESS) &&
		  t.tval == (xword)word + 2);

	catch_begin();
	__asm__ volatile(".option push\n.option norvc\namoadd.w %0, %0, (%1)\n.option pop"
			 : "+&r"(value)
			 : "r"((xword)word + 2)
			 : "memory");
	t = catch_end();
	if (t.cause == CAUSE_LOAD_MISALIGNED && !reason_exists())
		check_skip("misaligned_amo", "an AMO counts as a load here");
	else
		check("misaligned_amo",
		      t.taken && t.tval == (xword)word + 2 &&
			  (t.cause == CAUSE_STORE_MISALIGNED || t.cause == CAUSE_STORE_ACCESS));

	catch_begin();
	__asm__ volatile(".option push\n.option norvc\nlw %0, 1(%1)\n.option pop"
			 : "=&r"(value)
			 : "r"(word)
			 : "memory");
	check("misaligned_load_works", !catch_end().taken && value == 0);
}

static void no_memory(void)
{
	xword value = 1;
	struct trap t;

	catch_begin();
	__asm__ volatile("lw %0, (%1)" : "=r"(value) : "r"(NOWHERE) : "memory");
	t = catch_end();
	check("load_from_nowhere", t.taken && t.cause == CAUSE_LOAD_ACCESS && t.tval == NOWHERE);

	catch_begin();
	__asm__ volatile("sw %0, (%1)" ::"r"(value), "r"(NOWHERE) : "memory");
	t = catch_end();
	check("store_to_nowhere", t.taken && t.cause == CAUSE_STORE_ACCESS && t.tval == NOWHERE);
}

/* ---- delegation --------------------------------------------------------------- */

/* In S-mode: runs a user context and tells what came back to S. */
static xword supervise(xword user)
{
	struct context *c = (struct context *)user;

	supervisor_run(c);
	return c->cause;
}

static void delegation(void)
{
	static uint32_t code[] = {INSN_EBREAK, INSN_ECALL};
	struct context c = {.priv = PRIV_U, .pc = (xword)code};

	fence_instructions();
	csr_write(medeleg, 1ul << CAUSE_BREAKPOINT | 1ul << CAUSE_ECALL_U | 1ul << CAUSE_LOAD_PAGE |
			       1ul << CAUSE_ECALL_M);
	if (csr_read(medeleg) & 1ul << CAUSE_ECALL_M && !reason_exists())
		check_skip("ecall_from_machine_cannot_be_delegated", "its bit can be set here");
	else
		check("ecall_from_machine_cannot_be_delegated",
		      !(csr_read(medeleg) & 1ul << CAUSE_ECALL_M));

	check_equal("ebreak_goes_to_supervisor", CAUSE_BREAKPOINT,
		    supervisor_call(supervise, (xword)&c));
	check("with_its_address", c.pc == (xword)code && c.priv == PRIV_U);
	c.pc += 4;
	check_equal("ecall_goes_to_supervisor", CAUSE_ECALL_U,
		    supervisor_call(supervise, (xword)&c));

	/* What S-mode does itself goes to S-mode too, and M-mode hears nothing. */
	csr_write(medeleg, 0);
	machine_run(&c);
	check_equal("undelegated_comes_to_machine", CAUSE_ECALL_U, c.cause);
}

/* A trap is never taken at a lower privilege than it arose: M-mode's stay in M. */
static void machine_keeps_its_own(void)
{
	csr_write(medeleg, 1ul << CAUSE_BREAKPOINT);
	csr_write(mcause, 0);
	catch_begin();
	__asm__ volatile("ebreak" ::: "memory");
	catch_end();
	check_equal("machine_keeps_its_own", CAUSE_BREAKPOINT, csr_read(mcause));
	csr_write(medeleg, 0);
}

static xword breakpoint_in_supervisor(xword unused)
{
	(void)unused;
	catch_begin();
	__asm__ volatile("ebreak" ::: "memory");

	struct trap t = catch_end();

	return t.taken ? t.cause : 99;
}

static void own_trap_of_supervisor(void)
{
	csr_write(medeleg, 1ul << CAUSE_BREAKPOINT);
	check_equal("supervisor_handles_its_own", CAUSE_BREAKPOINT,
		    supervisor_call(breakpoint_in_supervisor, 0));
	csr_write(medeleg, 0);
}

/* ---- interrupts ----------------------------------------------------------------- */

/* j . : only an interrupt ends it. */
static struct context run_forever(void)
{
	static uint32_t code[] = {0x0000006f};
	struct context c = {.priv = PRIV_U, .pc = (xword)code};

	fence_instructions();
	machine_run(&c);
	return c;
}

static void timer(void)
{
	uint64_t start = time_now(), when = start + 500;

	timer_set(when);
	csr_write(mie, 1ul << IRQ_M_TIMER);
	struct context c = run_forever();
	csr_write(mie, 0);

	check_equal("timer_interrupts_user", CAUSE_INTERRUPT | IRQ_M_TIMER, c.cause);
	check("not_before_its_time", time_now() >= when);
	check("timer_is_pending", csr_read(mip) >> IRQ_M_TIMER & 1);
	timer_off();
	check("timer_off_is_not_pending", !(csr_read(mip) >> IRQ_M_TIMER & 1));
}

static void software(void)
{
	software_interrupt(1);
	csr_write(mie, 1ul << IRQ_M_SOFTWARE);
	struct context c = run_forever();
	csr_write(mie, 0);

	check_equal("software_interrupts_user", CAUSE_INTERRUPT | IRQ_M_SOFTWARE, c.cause);
	software_interrupt(0);

	/* In M-mode itself MIE decides. */
	catch_begin();
	software_interrupt(1);
	csr_write(mie, 1ul << IRQ_M_SOFTWARE);
	check("masked_in_machine_mode", !catch_end().taken);
	catch_begin();
	csr_set(mstatus, MSTATUS_MIE);
	for (volatile int i = 0; i < 10; i++)
		;
	csr_clear(mstatus, MSTATUS_MIE);
	struct trap t = catch_end();
	software_interrupt(0);
	check_equal("taken_in_machine_mode", CAUSE_INTERRUPT | IRQ_M_SOFTWARE, t.cause);
	csr_write(mie, 0);
}

static xword supervisor_software_interrupt(xword unused)
{
	(void)unused;
	catch_begin();
	csr_set(sie, 1ul << IRQ_S_SOFTWARE);
	csr_set(sip, 1ul << IRQ_S_SOFTWARE);
	csr_set(sstatus, MSTATUS_SIE);
	for (volatile int i = 0; i < 10; i++)
		;
	csr_clear(sstatus, MSTATUS_SIE);
	csr_clear(sip, 1ul << IRQ_S_SOFTWARE);

	struct trap t = catch_end();

	return t.taken ? t.cause : 99;
}

static void delegated_interrupt(void)
{
	csr_write(mideleg, 1ul << IRQ_S_SOFTWARE);
	check_equal("delegated_interrupt", CAUSE_INTERRUPT | IRQ_S_SOFTWARE,
		    supervisor_call(supervisor_software_interrupt, 0));
	csr_write(mideleg, 0);
}

/* ---- MPRV ------------------------------------------------------------------------ */

/* A load in M-mode with the eyes of another privilege. */
static bool mprv_load(unsigned priv, xword va, xword *value)
{
	xword bits = (xword)priv << MSTATUS_MPP_SHIFT | MSTATUS_MPRV;

	catch_begin();
	csr_clear(mstatus, MSTATUS_MPP);
	__asm__ volatile(".option push\n.option norvc\n"
			 "csrs mstatus, %2\n"
			 "lw %0, (%1)\n"
			 "csrc mstatus, %2\n"
			 ".option pop"
			 : "=&r"(*value)
			 : "r"(va), "r"(bits)
			 : "memory");
	return !catch_end().taken;
}

static void mprv(enum pt_mode mode)
{
	const xword user = 0x40000000, kernel = 0x40001000;
	struct space s;
	xword value;

	space_open(&s, mode, PT_ALL_LEVELS, 1);
	*word_at(space_page(&s, user, PT_READ | PT_U)) = 41;
	*word_at(space_page(&s, kernel, PT_READ)) = 42;
	space_use(&s);
	check("mprv_user_reads_user", mprv_load(PRIV_U, user, &value) && value == 41);
	check("mprv_user_cannot_read_kernel", !mprv_load(PRIV_U, kernel, &value));
	check("mprv_supervisor_reads_kernel", mprv_load(PRIV_S, kernel, &value) && value == 42);
	check("mprv_supervisor_cannot_read_user", !mprv_load(PRIV_S, user, &value));
	csr_set(mstatus, MSTATUS_SUM);
	check("mprv_supervisor_with_sum", mprv_load(PRIV_S, user, &value) && value == 41);
	csr_clear(mstatus, MSTATUS_SUM);
	value = 0;
	check("mprv_machine_is_untranslated",
	      mprv_load(PRIV_M, (xword)word_at((xword)&value), &value));
	space_close(&s);
}

int main(void)
{
	space_start();
	causes();
	registers();
	misaligned();
	no_memory();
	delegation();
	own_trap_of_supervisor();
	machine_keeps_its_own();
	timer();
	software();
	delegated_interrupt();
	for_each_mode(mprv);
	return check_end();
}
