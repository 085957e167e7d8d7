/*
 * The smallest operating system that has processes: a kernel in S-mode, under
 * a page table like everybody else, and processes in U-mode, each with an
 * address space of its own. Every process's page table holds the kernel too, as
 * global pages that only S-mode may touch, so that a trap changes no page table.
 */
#ifndef LIB_PROCESS_H
#define LIB_PROCESS_H

#include "context.h"
#include "pagetable.h"
#include "reason.h"

/* Where a process finds its program and its stack. */
#define USER_TEXT  0x40000000ul
#define USER_STACK 0x4fff0000ul /* one page, growing down from its end */

/* Functions that processes run. They may call each other and use their
 * arguments and stack, but no other variable and no text constant. */
#define USER_FUNCTION __attribute__((section(".user.text"), noinline, used))

struct process {
	const char *name;
	struct pt pt;
	unsigned asid;
	xword text;  /* where it sees user_start */
	xword stack; /* the end of its stack */
	struct context context;
};

/*
 * In M-mode, after space_start(): gives the kernel its traps and starts it. The
 * kernel's result is returned. `mode` is that of all page tables.
 */
xword kernel_start(enum pt_mode mode, xword (*kernel)(xword), xword argument);

/* The rest is for the kernel, in S-mode. */

void process_open(struct process *p, const char *name, unsigned asid);
/* The same with a single table of root leaves. The process sees memory, as much as
 * one leaf reaches, through the root's entry ROOT_WINDOW: physical address
 * `pa` at process_window(p, pa). */
#define ROOT_WINDOW 5
void process_open_root_leaves(struct process *p, const char *name, unsigned asid);
xword process_window(const struct process *p, xword pa);
/* Goes back to the kernel's own page table first. */
void process_close(struct process *p);

/* A fresh page for the process, and its frame. */
xword process_page(struct process *p, xword va, unsigned flags);

/* Points the process at function(a, b); then process_run() runs it. */
typedef xword (*user_function)(xword, xword);
void process_call(struct process *p, user_function function, xword a, xword b);

/* Runs until the function returns (true: *result is its value), or until the
 * process traps: then its context tells how, and running it again repeats the
 * instruction that trapped. */
bool process_run(struct process *p, xword *result);

/* Why the MMU refused the access that stopped the process: from the reason
 * register, or where there is none, from the page table. */
struct reason process_why(const struct process *p);

#endif
