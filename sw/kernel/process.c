#include "process.h"

#include "console.h"
#include "memory.h"
#include "program.h"
#include "statistics.h"
#include "usercopy.h"

struct process *current;

static struct process processes[ABI_PROCESSES];
static int last_pid;

struct process *process_number(unsigned i)
{
	return &processes[i];
}

struct space *process_space(unsigned i)
{
	return processes[i].space.open ? &processes[i].space : NULL;
}

bool process_alive(const struct process *p)
{
	return p->state == PROCESS_READY || p->state == PROCESS_WAITING;
}

unsigned processes_alive(void)
{
	unsigned count = 0;

	for (unsigned i = 0; i < ABI_PROCESSES; i++)
		count += process_alive(&processes[i]);
	return count;
}

struct process *process_find(int pid)
{
	for (unsigned i = 0; i < ABI_PROCESSES; i++)
		if (process_alive(&processes[i]) && processes[i].pid == pid)
			return &processes[i];
	return NULL;
}

/* ---- coming ---------------------------------------------------------------------- */

static struct process *free_process(void)
{
	for (unsigned i = 0; i < ABI_PROCESSES; i++)
		if (processes[i].state == PROCESS_FREE)
			return &processes[i];
	return NULL;
}

/* Its address space's number: 0 is the kernel's. */
static unsigned asid_of(const struct process *p)
{
	return (unsigned)(p - processes) + 1;
}

/*
 * The arguments at the top of the stack: the texts, above an array of their addresses. The space
 * is the one in use.
 */
static bool push_arguments(struct process *p, const struct arguments *a)
{
	xword texts = (ABI_STACK_END - a->bytes) & ~15ul;
	xword array = (texts - (a->count + 1) * sizeof(xword)) & ~15ul;
	size_t at = 0;

	for (unsigned i = 0; i <= a->count; i++) {
		xword address = i < a->count ? texts + at : 0;

		if (!copy_out(array + i * sizeof(xword), &address, sizeof address))
			return false;
		while (i < a->count && a->text[at++])
			;
	}
	if (!copy_out(texts, a->text, a->bytes))
		return false;
	p->user.x[REG_SP] = array;
	p->user.x[REG_A0] = a->count;
	p->user.x[REG_A1] = array;
	return true;
}

/* The process, whose space was just opened, gets a program. */
static int load(struct process *p, const struct kernel_program *program,
		const struct arguments *arguments)
{
	struct process *caller = current;
	xword entry;
	int result = program_map(program, &p->space, &entry);

	p->user = (struct context){.pc = entry};
	for (unsigned i = 0; i < HANDLERS; i++)
		p->handler[i] = (struct handler){0};
	p->handling = false;
	if (result != 0)
		return result;
	current = p;
	space_use(&p->space);
	if (!push_arguments(p, arguments))
		result = -ABI_ENOMEM;
	current = caller;
	return result;
}

int process_execute(struct process *p, const char *name, const struct arguments *arguments)
{
	const struct kernel_program *program = program_find(name);

	if (!program)
		return -ABI_ENOENT;

	int result = program_check(program);

	if (result != 0)
		return result;
	space_use(NULL);
	if (p->space.open)
		space_close(&p->space);
	if (p->job)
		job_leave(p);
	job_join_new(p, program->name);
	if (!space_open(&p->space, asid_of(p)) || load(p, program, arguments) != 0) {
		printf("pid %d (%s): killed: no memory to start it\n", p->pid, p->job->name);
		p->doomed = ABI_SIGKILL;
		count_killed();
	}
	return 0;
}

struct process *process_start(const char *command)
{
	struct arguments a = {0};

	for (const char *c = command; *c && *c != ';' && a.bytes < sizeof a.text - 1; c++) {
		if (*c == ' ')
			continue;
		a.text[a.bytes++] = *c;
		if (c[1] == 0 || c[1] == ' ' || c[1] == ';') {
			a.text[a.bytes++] = 0;
			a.count++;
		}
	}

	struct process *p = free_process();

	*p = (struct process){.state = PROCESS_READY, .pid = ++last_pid, .parent = KERNEL_PID};

	int result = a.count <= ABI_ARGS ? process_execute(p, a.text, &a) : -ABI_E2BIG;

	if (result != 0) {
		printf("kernel: cannot start '%s': %s\n", a.text,
		       result == -ABI_ENOENT ? "no such program in this image"
					     : "no ELF file as abi.h wants it");
		p->state = PROCESS_FREE;
		return NULL;
	}
	return p;
}

/* ---- fork ------------------------------------------------------------------------ */

int process_fork(struct process *parent)
{
	struct process *child = free_process();

	if (!child || parent->job->members >= ABI_JOB_LIMIT)
		return job_refuse(parent->job, -ABI_EAGAIN);

	*child = (struct process){.pid = ++last_pid, .parent = parent->pid, .user = parent->user};
	memcpy(child->handler, parent->handler, sizeof child->handler);
	child->handling = parent->handling;
	child->saved = parent->saved;
	if (!space_open(&child->space, asid_of(child)))
		return job_refuse(parent->job, -ABI_ENOMEM);

	int result = space_fork(&child->space, &parent->space);

	if (result != 0) {
		space_close(&child->space);
		return job_refuse(parent->job, result);
	}
	child->user.x[REG_A0] = 0;
	child->state = PROCESS_READY;
	job_join(child, parent->job);
	return child->pid;
}

/* ---- going ----------------------------------------------------------------------- */

void process_end(struct process *p, int status)
{
	if (space_used() == &p->space)
		space_use(NULL);
	if (p->space.open)
		space_close(&p->space);
	job_leave(p);
	p->status = status;
	p->state =
	    p->parent == KERNEL_PID || process_find(p->parent) ? PROCESS_ZOMBIE : PROCESS_FREE;
	for (unsigned i = 0; i < ABI_PROCESSES; i++) {
		struct process *other = &processes[i];

		if (other->state != PROCESS_FREE && other->parent == p->pid) {
			other->parent = 0;
			if (other->state == PROCESS_ZOMBIE)
				other->state = PROCESS_FREE;
		}
		if (other->state == PROCESS_WAITING && other->pid == p->parent)
			other->state = PROCESS_READY;
	}
}

int process_collect(struct process *p)
{
	p->state = PROCESS_FREE;
	return p->status;
}

int process_reap(struct process *parent, int *status)
{
	bool children = false;

	for (unsigned i = 0; i < ABI_PROCESSES; i++) {
		struct process *p = &processes[i];

		if (p->state == PROCESS_FREE || p->parent != parent->pid)
			continue;
		children = true;
		if (p->state == PROCESS_ZOMBIE) {
			*status = p->status;
			p->state = PROCESS_FREE;
			return p->pid;
		}
	}
	return children ? 0 : -ABI_ECHILD;
}

void process_end_doomed(const struct process *keep)
{
	for (unsigned i = 0; i < ABI_PROCESSES; i++) {
		struct process *p = &processes[i];

		if (process_alive(p) && p->doomed && p != keep)
			process_end(p, p->doomed);
	}
}
