/*
 * Jobs: a program and the processes forked by it together, so that what a program does by
 * many processes is its doing. A process that goes on as another program leaves its job for
 * one of its own.
 */
#ifndef KERNEL_JOB_H
#define KERNEL_JOB_H

#define NAME_BYTES 16

struct process;

struct job {
	unsigned members; /* 0: free */
	unsigned refused; /* forks */
	char name[NAME_BYTES];
};

void job_join(struct process *p, struct job *job);
void job_join_new(struct process *p, const char *name);
void job_leave(struct process *p);

/* A fork is not possible: gives `error`, but dooms the job if it has been told so too often. */
int job_refuse(struct job *job, int error);

/* Out of memory: dooms the job that has most. All its processes: it could make another for
 * each one that is ended. */
void job_doom_largest(void);

#endif
