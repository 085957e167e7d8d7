/*
 * The disk: a virtio block device behind virtio-mmio (virtio 1.2, sections 4.2 and 5.2), at the
 * place of the first of QEMU's `virt`. One request at a time; the kernel waits for it.
 */
#ifndef KERNEL_VIRTIO_BLK_H
#define KERNEL_VIRTIO_BLK_H

#include <stdbool.h>
#include <stdint.h>

#include "csr.h"

#define DISK_BASE 0x10001000ul

/* Looks for the disk and makes it ready. True if there is one. */
bool disk_open(void);
/* In sectors of 512 bytes. */
uint64_t disk_sectors(void);

/* `bytes`, a multiple of 512, from or to memory at physical address `pa`. False: the disk
 * reports an error. */
bool disk_read(uint64_t sector, xword pa, uint32_t bytes);
bool disk_write(uint64_t sector, xword pa, uint32_t bytes);

#endif
