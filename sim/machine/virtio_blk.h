/*
 * A virtio block device behind virtio-mmio, and the empty slots beside it, as QEMU's
 * `virt` has them with -global virtio-mmio.force-legacy=false (virtio 1.1, sections
 * 4.2 and 5.2): version 2, one queue, features VERSION_1, FLUSH and SEG_MAX; requests
 * IN, OUT, FLUSH and GET_ID. A request is done when the write of QueueNotify is.
 *
 * Registers take aligned accesses of 4 bytes, the configuration space of 1, 2 or 4.
 * Slots without a disk read zero but for magic number, version and vendor.
 *
 * A driver that breaks the rules of the queue is told by DEVICE_NEEDS_RESET in the
 * status register and a configuration interrupt; until it resets the device, nothing
 * more happens.
 */
#ifndef ATLAS_VIRTIO_BLK_H
#define ATLAS_VIRTIO_BLK_H

#include <stdbool.h>
#include <stdint.h>

#include "disk.h"
#include "virtqueue.h"

#define VIRTIO_BASE       0x10001000ull
#define VIRTIO_SLOT_BYTES 0x1000ull
#define VIRTIO_SLOTS      8ull /* the first is the disk's, if there is one */
#define VIRTIO_BYTES      (VIRTIO_SLOTS * VIRTIO_SLOT_BYTES)

struct virtio_blk {
	struct disk *disk; /* NULL: all slots are empty; not owned */
	uint8_t status;
	uint8_t interrupt; /* InterruptStatus: the line is high while it is not zero */
	uint32_t device_features_sel, driver_features_sel, queue_sel;
	uint64_t driver_features;
	struct virtqueue queue;
};

/* As after power-on; the disk stays. */
void virtio_blk_reset(struct virtio_blk *v);

/* offset is from VIRTIO_BASE. False: a bus error. A write may start requests, which
 * read and write the bus's RAM. */
bool virtio_blk_read(const struct virtio_blk *v, uint64_t offset, unsigned bytes, uint64_t *value);
bool virtio_blk_write(struct virtio_blk *v, struct bus *b, uint64_t offset, unsigned bytes,
		      uint64_t value);

#endif
