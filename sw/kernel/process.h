/* Processes: what each has, how they come and go. Who runs is in sched.c. */
#ifndef KERNEL_PROCESS_H
#define KERNEL_PROCESS_H

#include <stdbool.h>

#include "job.h"
#include "space.h"
#include "trap.h"

enum process_state {
	PROCESS_FREE,
	PROCESS_READY,
	PROCESS_WAITING, /* in wait(), for a child to end */
	PROCESS_ZOMBIE   /* ended, its parent has not waited for it yet */
};

#define NAME_BYTES 16

/* Of one signal. */
struct handler {
	xword pc; /* 0: the default, to end the process */
	xword restorer, stack;
};

enum { HANDLER_SEGV, HANDLER_BUS, HANDLER_ILL, HANDLERS };

/* Parent of the processes that the kernel itself starts. */
#define KERNEL_PID (-1)

struct process {
	enum process_state state;
	int pid, parent; /* parent: a pid, 0 if that has ended, or KERNEL_PID */
	int status;      /* of a zombie, as wait() gives it */
	int doomed;      /* a signal that ends it before it runs again, or 0 */
	struct job *job;
	struct context user;
	struct space space;
	struct handler handler[HANDLERS];
	bool handling;        /* a handler runs, and */
	struct context saved; /* this goes on after it */
};

/* The one that runs, or on whose behalf the kernel does. NULL: none. */
extern struct process *current;

struct process *process_number(unsigned i); /* 0 .. ABI_PROCESSES - 1 */
/* Its space, or NULL if it has none. */
struct space *process_space(unsigned i);
/* Neither free nor a zombie. */
bool process_alive(const struct process *p);
unsigned processes_alive(void);

/* Starts a command line: its program, with its words as arguments. NULL: a line says why. */
struct process *process_start(const char *command);
/* Of such a process, when no process is left: its status, as wait() gives it. */
int process_collect(struct process *p);

/* A copy of `parent`; its pid, or -ABI_EAGAIN, -ABI_ENOMEM. */
int process_fork(struct process *parent);

/* Arguments of a program: texts, each with its end, one after the other. */
struct arguments {
	unsigned count;
	size_t bytes;
	char text[ABI_ARG_BYTES];
};

/* `p` goes on as that program. 0 or -ABI_ENOENT, -ABI_ENOEXEC, with the process as it was;
 * if memory runs out in the middle of it, the process is doomed. */
int process_execute(struct process *p, const char *name, const struct arguments *arguments);

/* Ends with that status: a zombie, if it has a parent; its children have none any more. */
void process_end(struct process *p, int status);

/* A zombie child of `parent` is gone; its pid, with its status; 0: none has ended yet;
 * -ABI_ECHILD: there is none. */
int process_reap(struct process *parent, int *status);

/* Ends all doomed processes but `keep`, which may be NULL. */
void process_end_doomed(const struct process *keep);

struct process *process_find(int pid);

#endif
