#include "job.h"

#include "console.h"
#include "process.h"
#include "statistics.h"

static struct job jobs[ABI_PROCESSES];

void job_join(struct process *p, struct job *job)
{
	p->job = job;
	job->members++;
}

/* There are as many jobs as processes, so one is free. */
void job_join_new(struct process *p, const char *name)
{
	struct job *job = jobs;
	unsigned i = 0;

	while (job->members > 0)
		job++;
	*job = (struct job){0};
	for (; i < NAME_BYTES - 1 && name[i]; i++)
		job->name[i] = name[i];
	job_join(p, job);
}

void job_leave(struct process *p)
{
	p->job->members--;
	p->job = NULL;
}

static bool is_member(const struct process *p, const struct job *job)
{
	return process_alive(p) && p->job == job && !p->doomed;
}

static void doom(const struct job *job)
{
	for (unsigned i = 0; i < ABI_PROCESSES; i++) {
		struct process *p = process_number(i);

		if (is_member(p, job)) {
			p->doomed = ABI_SIGKILL;
			count_killed();
		}
	}
}

/* A program that takes no for an answer keeps its processes. */
int job_refuse(struct job *job, int error)
{
	if (++job->refused < ABI_JOB_PATIENCE)
		return error;
	printf("%s: killed with its %u processes: a fork bomb, it asked %u times for more than it "
	       "may have\n",
	       job->name, job->members, job->refused);
	doom(job);
	return error;
}

/* In frames. */
static xword weight_of(const struct job *job)
{
	xword weight = 0;

	for (unsigned i = 0; i < ABI_PROCESSES; i++) {
		const struct process *p = process_number(i);

		if (is_member(p, job))
			weight += space_weight(&p->space);
	}
	return weight;
}

void job_doom_largest(void)
{
	const struct job *largest = NULL;
	xword most = 0;

	for (unsigned j = 0; j < ABI_PROCESSES; j++) {
		xword weight = weight_of(&jobs[j]);

		if (weight > most) {
			most = weight;
			largest = &jobs[j];
		}
	}
	if (!largest)
		return;
	printf("%s: killed with its %u processes: out of memory, and it has most, %lu pages\n",
	       largest->name, largest->members, most);
	doom(largest);
}
