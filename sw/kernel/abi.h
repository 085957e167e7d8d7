/*
 * What a user program and the kernel agree upon: system calls, faults delivered to a
 * program, the layout of its memory, and how it gets into the kernel's image. For C and,
 * as far as it is numbers, for assembly; RV32 and RV64 alike.
 *
 * A system call: number in a7, arguments in a0 to a5, `ecall`; the result is in a0, every
 * other register is kept. A result from -4095 to -1 is an error, -ABI_E*. A pointer to
 * memory that the program may not read or write gives -ABI_EFAULT, whatever the call.
 * Numbers, flags and error numbers are those of Linux on RISC-V where Linux has the like.
 */
#ifndef KERNEL_ABI_H
#define KERNEL_ABI_H

/* ---- system calls ---------------------------------------------------------------- */

/*
 * write(fd, from, bytes): to the console, for fd 1 and 2. Bytes written, or EBADF, EFAULT.
 */
#define SYS_WRITE 64
/* exit(code): only the low 8 bits of the code reach the parent. Does not return. */
#define SYS_EXIT 93
/* sched_yield(): the next process that can run, runs. 0. */
#define SYS_SCHED_YIELD 124
/*
 * kill(pid, ABI_SIGKILL): ends that process. 0, ESRCH (no such process), EINVAL (another
 * signal).
 */
#define SYS_KILL 129
/*
 * sigaction(signal, handler, restorer, stack): from now on a fault of that kind calls
 * handler(signal, struct abi_fault *) rather than end the process. Signals: SIGSEGV,
 * SIGBUS, SIGILL. The handler returns to `restorer`, which must call sigreturn (0 for the
 * handler: the default again, which ends the process). `stack`: the handler's first stack
 * pointer, a multiple of 16, or 0 to use the interrupted stack; a handler for overflow of
 * the stack needs one. A fault while a handler runs ends the process. Inherited by fork,
 * forgotten by execve. 0 or EINVAL.
 */
#define SYS_RT_SIGACTION 134
/*
 * sigreturn(pc): from a handler: all registers as they were at the fault, but execution
 * goes on at `pc`. abi_fault.pc repeats the access that faulted (the handler has mended
 * what was wrong); another address leaves it behind. Does not return; outside a handler
 * EINVAL.
 */
#define SYS_RT_SIGRETURN 139
/* getpid(): 1 and up, never used twice. */
#define SYS_GETPID 172
/* sysinfo(struct abi_sysinfo *): 0 or EFAULT. */
#define SYS_SYSINFO 179
/*
 * munmap(address, bytes): address a multiple of the page size, bytes rounded up to it.
 * What was not mapped is no error. 0; EINVAL: misaligned, not user space, or part of a page
 * larger than the page size (MAP_HUGETLB); ENOMEM: the mapping would have to be cut in two
 * and there are too many, which under segments is few.
 */
#define SYS_MUNMAP 215
/*
 * fork(): 0 in the child, the child's pid in the parent. Private memory is the child's own
 * from then on (by copy-on-write where the technique has pages), shared memory stays one.
 * EAGAIN: no process is free, or the program has ABI_JOB_LIMIT already; ENOMEM. A program
 * that goes on asking after ABI_JOB_PATIENCE refusals is ended with all its processes.
 */
#define SYS_CLONE 220
/*
 * execve(name, argv, envp): the process goes on as that program of the kernel's image, from
 * its start. argv: as always, at most ABI_ARGS strings and ABI_ARG_BYTES in all, or NULL;
 * envp is ignored. Only returns on failure: ENOENT, EFAULT, E2BIG, ENOMEM, ENOEXEC.
 */
#define SYS_EXECVE 221
/*
 * mmap(address, bytes, prot, flags): memory of zeroes, in address order after ABI_MMAP_BASE,
 * at the hint `address` if that is free, or with MAP_FIXED exactly there, whatever was
 * mapped before. MAP_ANONYMOUS and one of MAP_PRIVATE and MAP_SHARED are needed (there are
 * no files: further arguments are ignored). Gives the address. EINVAL: flags, bytes 0,
 * misaligned, or not user space; EACCES: PROT_WRITE with PROT_EXEC, which this kernel never
 * gives; ENOMEM: no room; ENOTSUP: a page size that technique or machine has not.
 * Frames come when a page is first touched, but for MAP_POPULATE, MAP_SHARED, MAP_HUGETLB
 * and segments, which take them at once. A mapping right behind one of the same kind enlarges
 * that one rather than be a new one (under segments: with MAP_FIXED, for one segment more).
 */
#define SYS_MMAP 222
/*
 * mprotect(address, bytes, prot): as munmap, but all must be mapped (ENOMEM); EACCES as in
 * mmap.
 */
#define SYS_MPROTECT 226
/*
 * wait(int *status): waits for any child to end, and gives its pid; status (unless NULL):
 * ABI_EXITED(code) or the number of the signal that ended it. ECHILD: there is none.
 */
#define SYS_WAIT4 260

/* ---- system calls of this kernel alone ------------------------------------------- */

/*
 * where(address, struct abi_where *): how the kernel has mapped that address of the caller;
 * for programs that show it. Changes nothing, brings nothing in. 0 or EFAULT.
 */
#define SYS_WHERE 1024

/* ---- errors ---------------------------------------------------------------------- */

#define ABI_ENOENT  2
#define ABI_ESRCH   3
#define ABI_E2BIG   7
#define ABI_ENOEXEC 8
#define ABI_EBADF   9
#define ABI_ECHILD  10
#define ABI_EAGAIN  11
#define ABI_ENOMEM  12
#define ABI_EACCES  13
#define ABI_EFAULT  14
#define ABI_EINVAL  22
#define ABI_ENOSYS  38
#define ABI_ENOTSUP 95

/* ---- mmap ------------------------------------------------------------------------ */

#define ABI_PROT_NONE  0
#define ABI_PROT_READ  1
#define ABI_PROT_WRITE 2 /* implies PROT_READ */
#define ABI_PROT_EXEC  4 /* implies PROT_READ */

#define ABI_MAP_SHARED    0x01
#define ABI_MAP_PRIVATE   0x02
#define ABI_MAP_FIXED     0x10
#define ABI_MAP_ANONYMOUS 0x20
#define ABI_MAP_POPULATE  0x8000
/*
 * Large pages, contiguous in physical memory and never swapped: ABI_MAP_HUGE_* of one size
 * (the length is rounded up to it; ENOTSUP where there is none such), or without a size the
 * largest that the length is a multiple of, down to the page size: a hint. Under segments
 * nothing changes; under segments and pages, without a size, the mapping becomes a segment if
 * one is free.
 */
#define ABI_MAP_HUGETLB    0x40000
#define ABI_MAP_HUGE_SHIFT 26
#define ABI_MAP_HUGE_64K   (16 << ABI_MAP_HUGE_SHIFT) /* one NAPOT page of 16 PTEs */
#define ABI_MAP_HUGE_2M    (21 << ABI_MAP_HUGE_SHIFT) /* Sv39, Sv48, Sv57 */
#define ABI_MAP_HUGE_4M    (22 << ABI_MAP_HUGE_SHIFT) /* Sv32 */

/* ---- how processes end ----------------------------------------------------------- */

#define ABI_SIGILL  4
#define ABI_SIGBUS  7 /* physical memory refuses the access, or it is misaligned */
#define ABI_SIGKILL 9 /* by the kernel: out of memory, a fork bomb; or by kill() */
#define ABI_SIGSEGV 11

/* The status that wait() gives. */
#define ABI_EXITED(code)        (((code)&0xff) << 8)
#define ABI_STATUS_SIGNAL(s)    ((s)&0x7f) /* 0: it called exit() */
#define ABI_STATUS_CODE(s)      ((s) >> 8 & 0xff)
#define ABI_EXIT_OK             0  /* what it set out to show was so */
#define ABI_EXIT_FAILED         1  /* it was not: the run fails */
#define ABI_EXIT_CANNOT_EXPRESS 77 /* the technique has no such thing; the program said why */

/* si_code. Of SIGSEGV: nothing is mapped there; something is, but not for this access. */
#define ABI_SEGV_MAPERR 1
#define ABI_SEGV_ACCERR 2
/* Of SIGBUS: a misaligned atomic, of which the MMU was not asked (REASON_NONE); memory. */
#define ABI_BUS_ADRALN 1
#define ABI_BUS_ADRERR 2
/* Of SIGILL. */
#define ABI_ILL_ILLOPC 1

/* ---- the layout of user space --------------------------------------------------------------
 *
 * Below ABI_USER_BASE and from ABI_USER_END on lies nothing that a program may touch: address
 * zero is never mapped, the kernel is at 0x80000000. With RV64 a program may ask mmap for
 * addresses from ABI_HIGH_BASE on too, up to half of what the mode has (Sv39: 2^38).
 *
 * What lies where is the same under each technique. Alone the size of a page is not: 4 KiB,
 * but 4 MiB under one-level tables, so text and data lie 4 MiB apart.
 */
#define ABI_USER_BASE 0x40000000
#define ABI_TEXT_BASE 0x40000000 /* program header 0: text and constants, R X */
#define ABI_DATA_BASE 0x40400000 /* program header 1: data and bss, R W */
#define ABI_HEAP_BASE 0x48000000 /* for sbrk: MAP_FIXED mappings, each right behind the last */
#define ABI_HEAP_END  0x58000000
#define ABI_MMAP_BASE 0x58000000 /* mmap(NULL) looks for room here */
#define ABI_MMAP_END  0x78000000
#define ABI_STACK_END 0x7fc00000 /* the stack grows down from here */
#define ABI_STACK_MAX 0x00040000 /* to this size (one page of 4 MiB; all at once in segments) */
#define ABI_USER_END  0x80000000
#define ABI_HIGH_BASE 0x100000000

#define ABI_ARGS      16
#define ABI_ARG_BYTES 512

/*
 * Packaging. A user program is an ELF executable (EM_RISCV, of the kernel's width, static),
 * linked with a script that keeps this:
 *   - at most four PT_LOAD headers, in address order, each starting at a multiple of 4 MiB
 *     from ABI_TEXT_BASE and ending below ABI_HEAP_BASE; flags R X, R or R W, never W with X;
 *     two (text with constants; data with bss) keep the program runnable under segments,
 *     which are few, and under pages of 4 MiB;
 *   - file offsets need no alignment; -z max-page-size=4096 keeps the files small;
 *   - at entry a0 = argc, a1 = argv (argv[argc] is NULL; argv[0] is the program's name), sp is
 *     a multiple of 16, all other registers are zero. There is no environment.
 *
 * The build strips the programs and puts them into the kernel's image as a table of names and
 * files (struct kernel_program in program.h). A kernel image starts the command lines it was
 * linked with one after the other, each when the last and all its descendants have ended;
 * words are parted by spaces. In the makefile:
 *
 *	$(call KERNEL_IMAGE,width,image name,technique,program ELFs,command line; command line)
 *
 * The run passes if each command's first process ended with ABI_EXIT_OK or
 * ABI_EXIT_CANNOT_EXPRESS, and no frame was lost.
 */

/* How many processes one program may have at a time, those of programs that it executes not
 * counted, and how often it may be refused one. */
#define ABI_PROCESSES    32
#define ABI_JOB_LIMIT    16
#define ABI_JOB_PATIENCE 64

#ifndef __ASSEMBLER__

#include <stdint.h>

/* What a handler is told. `access`, `reason` and `level` are ACC_*, REASON_* and the level of
 * the PTE that decided (LEVEL_NONE: none), as mmu_pkg.h names them. */
struct abi_fault {
	int32_t signal;    /* ABI_SIG* */
	int32_t code;      /* ABI_SEGV_*, ABI_BUS_*, ABI_ILL_* */
	uintptr_t address; /* that was accessed; of SIGILL the instruction's */
	uintptr_t pc;      /* of the instruction */
	uint32_t access;
	uint32_t reason;
	uint32_t level;
	uint32_t from_register; /* 1: the MMU told the reason; 0: found by walking the tables */
};

enum abi_technique {
	ABI_SEGMENTS, /* segments only */
	ABI_ROOT,     /* one-level tables: Sv32 with 4 MiB leaves */
	ABI_PAGES,    /* multi-level tables */
	ABI_BOTH      /* segments, then pages */
};

/* What the technique can express on this machine: bits of abi_sysinfo.can. */
enum abi_can {
	ABI_CAN_DEMAND = 1,       /* frames come when a page is touched */
	ABI_CAN_COW = 2,          /* fork shares private memory until it is written */
	ABI_CAN_SWAP = 4,         /* there is a disk, and pages go there */
	ABI_CAN_GUARD = 8,        /* an unmapped page of 4 KiB below the stack */
	ABI_CAN_PROTECT = 16,     /* mprotect and munmap of one 4 KiB page, as often as wanted */
	ABI_CAN_SUPERPAGE = 32,   /* MAP_HUGE_2M or MAP_HUGE_4M */
	ABI_CAN_NAPOT = 64,       /* MAP_HUGE_64K */
	ABI_CAN_BYTE_LIMIT = 128, /* a mapping ends at its last byte, not at its last page's */
	ABI_CAN_REASON = 256,     /* the MMU tells why, in a register */
	ABI_CAN_UPDATE = 512      /* the MMU sets A and D itself */
};

struct abi_sysinfo {
	uint32_t technique; /* enum abi_technique */
	uint32_t can;       /* enum abi_can */
	char mode[8];       /* "sv39"; "" under segments only */
	uint32_t page_bytes;
	uint32_t asid_bits;
	uint32_t segments;  /* that the machine has */
	uint32_t processes; /* alive, the caller included */
	/* In frames of 4 KiB. */
	uint32_t frames_total; /* for processes and their tables */
	uint32_t frames_free;
	uint32_t swap_total; /* 0: no disk */
	uint32_t swap_free;  /* copies of pages in memory count as free */
	/* Since the start, of all processes. */
	uint64_t faults;   /* that the MMU raised */
	uint64_t demanded; /* pages brought in on their first touch, of zeroes or of a program */
	uint64_t copied;   /* pages copied on a write */
	uint64_t updated;  /* A or D set by the fault handler */
	uint64_t swapped_out, swapped_in;
	uint64_t dropped;  /* clean pages given up without writing them */
	uint64_t switches; /* from one process to another */
	uint64_t signals;  /* faults delivered to a handler */
	uint64_t killed;   /* processes ended for a fault */
};

enum abi_place {
	ABI_NOWHERE,  /* nothing is mapped */
	ABI_LATER,    /* mapped, but never touched: it has no frame yet */
	ABI_RESIDENT, /* in a frame, by a page */
	ABI_SWAPPED,  /* on the disk */
	ABI_SEGMENT   /* in a segment */
};

struct abi_where {
	uint32_t place;    /* enum abi_place */
	uint32_t prot;     /* ABI_PROT_*, as mapped */
	uint64_t physical; /* of the address, if resident or in a segment */
	uint64_t pte;      /* the entry that decides, or 0 */
	uint64_t bytes;    /* of the page or segment */
	uint32_t level;    /* of that entry */
	uint32_t sharers;  /* processes that have this frame */
	uint32_t slot;     /* on the disk, if swapped */
	uint32_t shared;   /* 1: MAP_SHARED */
};

#endif
#endif
