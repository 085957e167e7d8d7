/* Mapping memory, as POSIX has it; picolibc has no such header. */
#ifndef SYS_MMAN_H
#define SYS_MMAN_H

#include <sys/types.h>

#include "kernel/abi.h"

#define PROT_NONE  ABI_PROT_NONE
#define PROT_READ  ABI_PROT_READ
#define PROT_WRITE ABI_PROT_WRITE
#define PROT_EXEC  ABI_PROT_EXEC

#define MAP_SHARED    ABI_MAP_SHARED
#define MAP_PRIVATE   ABI_MAP_PRIVATE
#define MAP_FIXED     ABI_MAP_FIXED
#define MAP_ANONYMOUS ABI_MAP_ANONYMOUS
#define MAP_POPULATE  ABI_MAP_POPULATE
#define MAP_HUGETLB   ABI_MAP_HUGETLB
#define MAP_HUGE_64K  ABI_MAP_HUGE_64K
#define MAP_HUGE_2M   ABI_MAP_HUGE_2M
#define MAP_HUGE_4M   ABI_MAP_HUGE_4M

#define MAP_FAILED ((void *)-1)

/* There are no files: `fd` is -1 and `offset` 0. MAP_FAILED and errno on error. */
void *mmap(void *address, size_t bytes, int prot, int flags, int fd, off_t offset);
/* 0, or -1 and errno. */
int munmap(void *address, size_t bytes);
int mprotect(void *address, size_t bytes, int prot);

#endif
