/* System calls: abi.h says what each does. */
#ifndef KERNEL_SYSCALL_H
#define KERNEL_SYSCALL_H

#include "process.h"

/* The process, the current one, asks by `ecall`: pc is at it. */
void syscall(struct process *p);

/* In map.c: those about memory. Results as in abi.h. */
long sys_mmap(struct process *p, xword address, xword bytes, xword prot, xword flags);
long sys_munmap(struct process *p, xword address, xword bytes);
long sys_mprotect(struct process *p, xword address, xword bytes, xword prot);
/* In inform.c. */
long sys_sysinfo(xword to);
long sys_where(struct process *p, xword address, xword to);

#endif
