#include "syscall.h"

#include "console.h"
#include "memory.h"
#include "sched.h"
#include "signal.h"
#include "statistics.h"
#include "usercopy.h"

static long sys_write(xword fd, xword from, xword bytes)
{
	char piece[64];

	if (fd != 1 && fd != 2)
		return -ABI_EBADF;
	if (bytes > 0 && !is_user_range(from, bytes))
		return -ABI_EFAULT;
	for (xword done = 0; done < bytes;) {
		xword part = bytes - done < sizeof piece ? bytes - done : sizeof piece;

		if (!copy_in(piece, from + done, part))
			return done > 0 ? (long)done : -ABI_EFAULT;
		for (xword i = 0; i < part; i++)
			putchar(piece[i]);
		done += part;
	}
	return (long)bytes;
}

/* Waits by asking again: the process sleeps at its `ecall` until a child ends. */
static long sys_wait(struct process *p, xword to)
{
	int status = 0;

	if (to && !copy_out(to, &status, sizeof status))
		return -ABI_EFAULT;

	int result = process_reap(p, &status);

	if (result == 0) {
		p->state = PROCESS_WAITING;
		p->user.pc -= 4;
		return (long)p->user.x[REG_A0];
	}
	if (result > 0 && to)
		copy_out(to, &status, sizeof status);
	return result;
}

static long sys_kill(xword pid, xword signal)
{
	struct process *target = process_find((int)pid);

	if (signal != ABI_SIGKILL)
		return -ABI_EINVAL;
	if (!target)
		return -ABI_ESRCH;
	target->doomed = ABI_SIGKILL;
	return 0;
}

/* ---- execve ---------------------------------------------------------------------- */

static long add_text(struct arguments *a, xword from)
{
	long length = copy_in_text(a->text + a->bytes, from, sizeof a->text - a->bytes);

	if (length < 0)
		return length == -1 ? -ABI_EFAULT : -ABI_E2BIG;
	a->bytes += (size_t)length + 1;
	a->count++;
	return 0;
}

static long collect(struct arguments *a, xword argv)
{
	for (;; argv += sizeof(xword)) {
		xword text;
		long result;

		if (!copy_in(&text, argv, sizeof text))
			return -ABI_EFAULT;
		if (text == 0)
			return 0;
		if (a->count == ABI_ARGS)
			return -ABI_E2BIG;
		result = add_text(a, text);
		if (result != 0)
			return result;
	}
}

static long sys_execve(struct process *p, xword name_at, xword argv)
{
	struct arguments a = {0};
	char name[NAME_BYTES];
	long length = copy_in_text(name, name_at, sizeof name);

	if (length < 0)
		return length == -1 ? -ABI_EFAULT : -ABI_ENOENT;

	long result = argv ? collect(&a, argv) : add_text(&a, name_at);

	if (result == 0)
		result = process_execute(p, name, &a);
	return result == 0 ? (long)p->user.x[REG_A0] : result;
}

/* ---- all of them ----------------------------------------------------------------- */

static long dispatch(struct process *p, xword number, const xword *a)
{
	switch (number) {
	case SYS_WRITE:
		return sys_write(a[0], a[1], a[2]);
	case SYS_EXIT:
		process_end(p, ABI_EXITED((int)a[0]));
		return 0;
	case SYS_SCHED_YIELD:
		sched_yield();
		return 0;
	case SYS_KILL:
		return sys_kill(a[0], a[1]);
	case SYS_RT_SIGACTION:
		return signal_action(p, (int)a[0], a[1], a[2], a[3]);
	case SYS_RT_SIGRETURN:
		return signal_return(p, a[0]);
	case SYS_GETPID:
		return p->pid;
	case SYS_SYSINFO:
		return sys_sysinfo(a[0]);
	case SYS_MUNMAP:
		return sys_munmap(p, a[0], a[1]);
	case SYS_CLONE:
		return process_fork(p);
	case SYS_EXECVE:
		return sys_execve(p, a[0], a[1]);
	case SYS_MMAP:
		return sys_mmap(p, a[0], a[1], a[2], a[3]);
	case SYS_MPROTECT:
		return sys_mprotect(p, a[0], a[1], a[2]);
	case SYS_WAIT4:
		return sys_wait(p, a[0]);
	case SYS_WHERE:
		return sys_where(p, a[0], a[1]);
	default:
		return -ABI_ENOSYS;
	}
}

/* The result goes to a0 even of what has changed all registers: those calls give a0 as it is to
 * be. A process that has ended has none. */
void syscall(struct process *p)
{
	xword arguments[4];

	memcpy(arguments, &p->user.x[REG_A0], sizeof arguments);
	p->user.pc += 4;

	long result = dispatch(p, p->user.x[REG_A7], arguments);

	p->user.x[REG_A0] = (xword)result;
}
