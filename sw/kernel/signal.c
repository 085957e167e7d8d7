#include "signal.h"

#include "console.h"
#include "statistics.h"
#include "usercopy.h"

static struct handler *handler_of(struct process *p, int signal)
{
	switch (signal) {
	case ABI_SIGSEGV:
		return &p->handler[HANDLER_SEGV];
	case ABI_SIGBUS:
		return &p->handler[HANDLER_BUS];
	case ABI_SIGILL:
		return &p->handler[HANDLER_ILL];
	default:
		return NULL;
	}
}

/* ---- the end --------------------------------------------------------------------- */

static const char *code_name(const struct abi_fault *f)
{
	if (f->signal == ABI_SIGSEGV)
		return f->code == ABI_SEGV_MAPERR ? "SIGSEGV, SEGV_MAPERR" : "SIGSEGV, SEGV_ACCERR";
	if (f->signal == ABI_SIGBUS)
		return f->code == ABI_BUS_ADRALN ? "SIGBUS, BUS_ADRALN" : "SIGBUS, BUS_ADRERR";
	return "SIGILL, ILL_ILLOPC";
}

static const char *access_name(const struct abi_fault *f)
{
	if (f->signal == ABI_SIGILL)
		return "instruction";
	return f->access == ACC_FETCH ? "fetch" : f->access == ACC_LOAD ? "load" : "store";
}

static void print_reason(const struct abi_fault *f)
{
	if (f->reason == REASON_NONE)
		return;
	printf(", reason %s", pt_reason_name(f->reason));
	if (f->level != LEVEL_NONE)
		printf(" at level %u", (unsigned)f->level);
	if (!f->from_register)
		printf(" (found by walking the tables)");
}

static void kill(struct process *p, const struct abi_fault *f, const char *where)
{
	printf("pid %d (%s): killed%s: %s: %s at address 0x%lx, pc 0x%lx", p->pid, p->job->name,
	       where, code_name(f), access_name(f), (unsigned long)f->address,
	       (unsigned long)f->pc);
	print_reason(f);
	printf("\n");
	p->doomed = f->signal;
	count.killed++;
}

/* ---- the handler ----------------------------------------------------------------- */

static void deliver(struct process *p, const struct abi_fault *f)
{
	const struct handler *h = handler_of(p, f->signal);
	xword sp;

	if (h->pc == 0) {
		kill(p, f, "");
		return;
	}
	if (p->handling) {
		kill(p, f, " in its own fault handler");
		return;
	}
	sp = (h->stack ? h->stack : p->user.x[REG_SP]) - sizeof *f;
	sp &= ~15ul;
	if (!copy_out(sp, f, sizeof *f)) {
		kill(p, f, ", no stack for its fault handler");
		return;
	}
	p->handling = true;
	p->saved = p->user;
	p->user.pc = h->pc;
	p->user.x[REG_RA] = h->restorer;
	p->user.x[REG_SP] = sp;
	p->user.x[REG_A0] = (xword)f->signal;
	p->user.x[REG_A1] = sp;
	count.signals++;
}

void signal_refusal(struct process *p, const struct refusal *r, enum fault_outcome outcome)
{
	struct abi_fault f = {
	    .signal = outcome == FAULT_PHYSICAL ? ABI_SIGBUS : ABI_SIGSEGV,
	    .code = outcome == FAULT_PHYSICAL     ? ABI_BUS_ADRERR
		    : outcome == FAULT_NO_MAPPING ? ABI_SEGV_MAPERR
						  : ABI_SEGV_ACCERR,
	    .address = r->address,
	    .pc = p->user.pc,
	    .access = r->access,
	    .reason = r->reason,
	    .level = r->level,
	    .from_register = r->from_register,
	};

	deliver(p, &f);
}

/* A misaligned atomic: the address is the program's own fault, not that of memory. */
static bool misaligned(const struct context *c, struct abi_fault *f)
{
	if (c->cause != CAUSE_LOAD_MISALIGNED && c->cause != CAUSE_STORE_MISALIGNED)
		return false;
	f->signal = ABI_SIGBUS;
	f->code = ABI_BUS_ADRALN;
	f->address = c->tval;
	f->access = c->cause == CAUSE_LOAD_MISALIGNED ? ACC_LOAD : ACC_STORE;
	return true;
}

void signal_exception(struct process *p)
{
	struct abi_fault f = {
	    .signal = ABI_SIGILL,
	    .code = ABI_ILL_ILLOPC,
	    .address = p->user.pc,
	    .pc = p->user.pc,
	    .level = LEVEL_NONE,
	};

	misaligned(&p->user, &f);
	deliver(p, &f);
}

long signal_action(struct process *p, int signal, xword handler, xword restorer, xword stack)
{
	struct handler *h = handler_of(p, signal);

	if (!h || stack % 16 != 0)
		return -ABI_EINVAL;
	*h = (struct handler){.pc = handler, .restorer = restorer, .stack = stack};
	return 0;
}

long signal_return(struct process *p, xword pc)
{
	if (!p->handling)
		return -ABI_EINVAL;
	p->handling = false;
	p->user = p->saved;
	p->user.pc = pc;
	return (long)p->user.x[REG_A0];
}
