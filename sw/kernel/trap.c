#include "trap.h"

#include "boot.h"
#include "console.h"
#include "fault.h"
#include "kernel_csr.h"
#include "machine.h"
#include "process.h"
#include "usercopy.h"

void trap_entry(void);
void kernel_trap(struct context *c);
_Noreturn void kernel_stack_overflow(xword pc, xword address);

void traps_open(void)
{
	csr_write(sscratch, 0);
	csr_write(stvec, (xword)trap_entry);
}

/* The kernel lies at its physical addresses, so it does without translation too. */
void stop(int code)
{
	csr_write(satp, 0);
	if (uses_segments()) {
		csr_write(CSR_SISELECT, SELECT_CUSTOM + SISELECT_SEGCTL);
		csr_write(CSR_SIREG, SEGMODE_PAGING);
	}
	finish(code);
}

void defect(const char *what, xword pc, xword address)
{
	printf("kernel: %s: pc 0x%lx, address 0x%lx: a defect of the kernel\n", what, pc, address);
	stop(1);
}

void kernel_stack_overflow(xword pc, xword address)
{
	defect("its stack is too small", pc, address);
}

/* ---- why the MMU refused --------------------------------------------------------- */

bool cause_is_refusal(xword cause)
{
	switch (cause) {
	case CAUSE_FETCH_PAGE:
	case CAUSE_LOAD_PAGE:
	case CAUSE_STORE_PAGE:
	case CAUSE_FETCH_ACCESS:
	case CAUSE_LOAD_ACCESS:
	case CAUSE_STORE_ACCESS:
		return true;
	default:
		return false;
	}
}

static bool is_access_fault(xword cause)
{
	return cause == CAUSE_FETCH_ACCESS || cause == CAUSE_LOAD_ACCESS ||
	       cause == CAUSE_STORE_ACCESS;
}

static unsigned access_of(xword cause)
{
	switch (cause) {
	case CAUSE_FETCH_PAGE:
	case CAUSE_FETCH_ACCESS:
		return ACC_FETCH;
	case CAUSE_LOAD_PAGE:
	case CAUSE_LOAD_ACCESS:
		return ACC_LOAD;
	default:
		return ACC_STORE;
	}
}

static void ask_register(struct refusal *r)
{
	csr_write(CSR_SISELECT, SELECT_CUSTOM + SISELECT_REASON);

	xword value = csr_read(CSR_SIREG);

	r->reason = value >> SIREG_REASON & 0x3f;
	r->level = value >> SIREG_LEVEL & 7;
	r->from_register = true;
}

/* What the tables cannot tell, an access fault can only come from: physical memory. */
static void ask_tables(struct refusal *r, xword cause, bool user)
{
	const struct pt_access access = {
	    .access = r->access, .priv = user ? PRIV_U : PRIV_S, .sum = !user};
	struct pt_walk walk;

	r->level = LEVEL_NONE;
	r->reason = is_access_fault(cause) ? REASON_PMA : REASON_NONE;
	if (!current || !uses_pages())
		return;
	pt_explain(&current->space.pt, r->address, &access, &walk);
	if (walk.reason != REASON_NONE && !is_access_fault(cause)) {
		r->reason = walk.reason;
		r->level = walk.level;
	}
}

struct refusal refusal_of(xword cause, xword address, bool user)
{
	struct refusal r = {.access = access_of(cause), .address = address};

	if (machine.reason)
		ask_register(&r);
	else
		ask_tables(&r, cause, user);
	return r;
}

/* ---- traps of the kernel itself -------------------------------------------------- */

/* True: the access may be repeated. */
static bool resolve(const struct context *c)
{
	struct refusal r = refusal_of(c->cause, c->tval, false);

	if (!current || !is_user_range(c->tval, 1))
		return false;

	enum fault_outcome outcome = fault_handle(&current->space, &r);

	if (outcome == FAULT_NO_MEMORY) {
		job_doom_largest();
		process_end_doomed(current);
		return !current->doomed;
	}
	return outcome == FAULT_RESOLVED;
}

/*
 * Only where the kernel touches memory of a process, or a device that may not exist, may it be
 * refused anything. Meanwhile SUM is off again.
 */
void kernel_trap(struct context *c)
{
	xword landing = copy_landing(c->pc), sum = csr_read(sstatus) & MSTATUS_SUM;

	if (!cause_is_refusal(c->cause) || !landing) {
		printf("kernel: trap %ld\n", (long)c->cause);
		defect("trapped itself", c->pc, c->tval);
	}
	csr_clear(sstatus, MSTATUS_SUM);
	if (!resolve(c))
		c->pc = landing;
	csr_set(sstatus, sum);
}
