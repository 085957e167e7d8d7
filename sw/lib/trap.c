/* The C side of trap.S. */
#include "console.h"
#include "context.h"
#include "machine.h"

void machine_enter(struct context *context);
void supervisor_enter(struct context *context);
void machine_own_trap(struct context *context);
void supervisor_own_trap(struct context *context);
void supervisor_trap(void);
void supervisor_return(void);

extern char supervisor_stack[];

void machine_run(struct context *context)
{
	csr_clear(mstatus, MSTATUS_MPP);
	csr_set(mstatus, context->priv << MSTATUS_MPP_SHIFT);
	machine_enter(context);
}

void supervisor_run(struct context *context)
{
	csr_clear(sstatus, MSTATUS_SPP);
	supervisor_enter(context);
}

xword supervisor_call(xword (*function)(xword), xword argument)
{
	struct context c = {
	    .pc = (xword)function,
	    .priv = PRIV_S,
	    .x = {[REG_RA] = (xword)supervisor_return,
		  [REG_SP] = (xword)supervisor_stack,
		  [REG_A0] = argument},
	};

	csr_write(stvec, (xword)supervisor_trap);
	csr_write(sscratch, 0);
	machine_run(&c);
	if (c.cause != CAUSE_ECALL_S || c.pc != (xword)supervisor_return) {
		printf("supervisor code at 0x%lx: trap %ld reached M-mode, address 0x%lx\n", c.pc,
		       (long)c.cause, c.tval);
		finish(1);
	}
	return c.x[REG_A0];
}

/* ---- traps of the code itself ---------------------------------------------- */

static struct {
	bool armed;
	struct trap trap;
} catching;

void catch_begin(void)
{
	catching.armed = true;
	catching.trap = (struct trap){0};
}

struct trap catch_end(void)
{
	catching.armed = false;
	return catching.trap;
}

/* Four bytes, or two of a compressed instruction. */
static unsigned instruction_bytes(xword pc)
{
	return (*(volatile uint16_t *)pc & 3) == 3 ? 4 : 2;
}

static void own_trap(struct context *c, const char *level)
{
	if (!catching.armed) {
		printf("%s code at 0x%lx trapped: cause 0x%lx, address 0x%lx\n", level, c->pc,
		       c->cause, c->tval);
		finish(1);
	}
	if (!catching.trap.taken)
		catching.trap = (struct trap){true, c->cause, c->tval, c->pc};
	if (c->cause == CAUSE_FETCH_ACCESS || c->cause == CAUSE_FETCH_PAGE)
		c->pc = c->x[REG_RA];
	else if (!(c->cause & CAUSE_INTERRUPT))
		c->pc += instruction_bytes(c->pc);
}

void machine_own_trap(struct context *c)
{
	/* mret to M-mode leaves MPP at U, so that MPRV would stand for another privilege. */
	csr_clear(mstatus, MSTATUS_MPRV);
	if (c->cause & CAUSE_INTERRUPT)
		csr_clear(mie, 1ul << (c->cause & 31));
	own_trap(c, "machine");
}

void supervisor_own_trap(struct context *c)
{
	if (c->cause & CAUSE_INTERRUPT)
		csr_clear(sie, 1ul << (c->cause & 31));
	own_trap(c, "supervisor");
}
