#include "virtio_blk.h"

#include <string.h>

/* Registers (virtio 1.1, section 4.2.2) */
enum {
	MAGIC = 0x000,
	VERSION = 0x004,
	DEVICE_ID = 0x008,
	VENDOR_ID = 0x00c,
	DEVICE_FEATURES = 0x010,
	DEVICE_FEATURES_SEL = 0x014,
	DRIVER_FEATURES = 0x020,
	DRIVER_FEATURES_SEL = 0x024,
	QUEUE_SEL = 0x030,
	QUEUE_NUM_MAX = 0x034,
	QUEUE_NUM = 0x038,
	QUEUE_READY = 0x044,
	QUEUE_NOTIFY = 0x050,
	INTERRUPT_STATUS = 0x060,
	INTERRUPT_ACK = 0x064,
	STATUS = 0x070,
	QUEUE_DESC_LOW = 0x080,
	QUEUE_DESC_HIGH = 0x084,
	QUEUE_DRIVER_LOW = 0x090,
	QUEUE_DRIVER_HIGH = 0x094,
	QUEUE_DEVICE_LOW = 0x0a0,
	QUEUE_DEVICE_HIGH = 0x0a4,
	CONFIG = 0x100,
};

#define MAGIC_VALUE  0x74726976u /* "virt" */
#define VENDOR_VALUE 0x554d4551u /* "QEMU": some drivers want no other */
enum { VERSION_VALUE = 2, DEVICE_BLOCK = 2 };

enum { INTERRUPT_USED = 1, INTERRUPT_CONFIG = 2 };
enum { STATUS_DRIVER_OK = 0x04, STATUS_FEATURES_OK = 0x08, STATUS_NEEDS_RESET = 0x40 };

enum { F_SEG_MAX = 2, F_FLUSH = 9, F_VERSION_1 = 32 };
#define FEATURES (1ull << F_SEG_MAX | 1ull << F_FLUSH | 1ull << F_VERSION_1)

/* Configuration space (section 5.2.4), as far as the features go. */
struct config {
	uint64_t capacity; /* sectors */
	uint32_t size_max; /* VIRTIO_BLK_F_SIZE_MAX: not offered */
	uint32_t seg_max;
};

/* Requests (section 5.2.6) */
struct header {
	uint32_t type, reserved;
	uint64_t sector;
};
enum { T_IN = 0, T_OUT = 1, T_FLUSH = 4, T_GET_ID = 8 };
enum { S_OK = 0, S_IOERR = 1, S_UNSUPP = 2 };
enum { ID_BYTES = 20 };

void virtio_blk_reset(struct virtio_blk *v)
{
	*v = (struct virtio_blk){.disk = v->disk};
}

/* ---- requests ---------------------------------------------------------------------- */

struct request {
	struct disk *disk;
	struct bus *bus;
	const struct chain *chain;
	uint64_t at;    /* byte on the disk */
	uint64_t bytes; /* of data */
};

static uint8_t transfer(const struct request *r, bool to_disk)
{
	uint8_t sector[SECTOR_BYTES];

	if (r->bytes % SECTOR_BYTES != 0 || !disk_holds(r->disk, r->at, r->bytes))
		return S_IOERR;
	for (uint64_t i = 0; i < r->bytes; i += SECTOR_BYTES) {
		if (to_disk) {
			chain_read(r->chain, r->bus, sizeof(struct header) + i, sector,
				   SECTOR_BYTES);
			if (!disk_write(r->disk, r->at + i, sector, SECTOR_BYTES))
				return S_IOERR;
		} else {
			if (!disk_read(r->disk, r->at + i, sector, SECTOR_BYTES))
				return S_IOERR;
			chain_write(r->chain, r->bus, i, sector, SECTOR_BYTES);
		}
	}
	return S_OK;
}

static uint8_t get_id(const struct request *r)
{
	static const char id[ID_BYTES] = "atlas";

	chain_write(r->chain, r->bus, 0, id, r->bytes < ID_BYTES ? r->bytes : ID_BYTES);
	return S_OK;
}

/* Fills in *written, the bytes that the request's buffers got. False: it is no request,
 * having no place for its header or its status. */
static bool serve(struct virtio_blk *v, struct bus *b, const struct chain *c, uint32_t *written)
{
	struct header header;
	struct request r = {.disk = v->disk, .bus = b, .chain = c};
	uint8_t status;

	if (c->readable < sizeof(header) || c->writable < 1)
		return false;
	chain_read(c, b, 0, &header, sizeof(header));
	r.at =
	    header.sector > UINT64_MAX / SECTOR_BYTES ? UINT64_MAX : header.sector * SECTOR_BYTES;
	r.bytes = header.type == T_OUT ? c->readable - sizeof(header) : c->writable - 1;
	switch (header.type) {
	case T_IN:
	case T_OUT:
		status = transfer(&r, header.type == T_OUT);
		break;
	case T_FLUSH:
		status = disk_flush(v->disk) ? S_OK : S_IOERR;
		break;
	case T_GET_ID:
		status = get_id(&r);
		break;
	default:
		status = S_UNSUPP;
		break;
	}
	chain_write(c, b, c->writable - 1, &status, 1);
	*written = (uint32_t)c->writable;
	return true;
}

static void break_off(struct virtio_blk *v)
{
	v->status |= STATUS_NEEDS_RESET;
	v->interrupt |= INTERRUPT_CONFIG;
}

static void notify(struct virtio_blk *v, struct bus *b)
{
	const uint8_t wanted = STATUS_DRIVER_OK | STATUS_FEATURES_OK;
	struct chain chain;
	enum virtqueue_next next;
	uint32_t written;

	if ((v->status & (wanted | STATUS_NEEDS_RESET)) != wanted)
		return;
	while ((next = virtqueue_take(&v->queue, b, &chain)) == VIRTQUEUE_CHAIN) {
		if (!serve(v, b, &chain, &written)) {
			next = VIRTQUEUE_BROKEN;
			break;
		}
		if (virtqueue_give(&v->queue, b, &chain, written))
			v->interrupt |= INTERRUPT_USED;
	}
	if (next == VIRTQUEUE_BROKEN)
		break_off(v);
}

/* ---- registers --------------------------------------------------------------------- */

static bool read_config(const struct virtio_blk *v, uint64_t at, unsigned bytes, uint64_t *value)
{
	const struct config config = {
	    .capacity = v->disk->bytes / SECTOR_BYTES,
	    .seg_max = VIRTQUEUE_MAX - 2, /* without header and status */
	};

	if (bytes > 4)
		return false;
	if (at + bytes <= sizeof(config))
		memcpy(value, (const uint8_t *)&config + at, bytes);
	return true;
}

static uint32_t half(uint64_t value, uint32_t select)
{
	return select > 1 ? 0 : (uint32_t)(value >> 32 * select);
}

static uint32_t read_register(const struct virtio_blk *v, uint64_t offset)
{
	bool queue = v->queue_sel == 0;

	switch (offset) {
	case DEVICE_ID:
		return DEVICE_BLOCK;
	case DEVICE_FEATURES:
		return half(FEATURES, v->device_features_sel);
	case QUEUE_NUM_MAX:
		return queue ? VIRTQUEUE_MAX : 0;
	case QUEUE_READY:
		return queue && v->queue.ready;
	case INTERRUPT_STATUS:
		return v->interrupt;
	case STATUS:
		return v->status;
	default:
		return 0;
	}
}

bool virtio_blk_read(const struct virtio_blk *v, uint64_t offset, unsigned bytes, uint64_t *value)
{
	bool occupied = v->disk && offset < VIRTIO_SLOT_BYTES;

	offset %= VIRTIO_SLOT_BYTES;
	*value = 0;
	if (offset >= CONFIG)
		return occupied ? read_config(v, offset - CONFIG, bytes, value) : bytes <= 4;
	switch (offset) {
	case MAGIC:
		*value = MAGIC_VALUE;
		break;
	case VERSION:
		*value = VERSION_VALUE;
		break;
	case VENDOR_ID:
		*value = VENDOR_VALUE;
		break;
	default:
		*value = occupied ? read_register(v, offset) : 0;
		break;
	}
	return bytes == 4;
}

/* FEATURES_OK stays clear when the driver wants what was not offered, or will not have
 * VERSION_1, without which the queue would look otherwise. */
static void write_status(struct virtio_blk *v, uint8_t status)
{
	bool acceptable =
	    !(v->driver_features & ~FEATURES) && (v->driver_features >> F_VERSION_1 & 1);

	if (status == 0) {
		virtio_blk_reset(v);
		return;
	}
	if (!acceptable)
		status &= (uint8_t)~STATUS_FEATURES_OK;
	v->status = status | (v->status & STATUS_NEEDS_RESET);
}

static void set_half(uint64_t *value, uint32_t select, uint32_t word)
{
	if (select <= 1)
		*value = (*value & ~(0xffffffffull << 32 * select)) | (uint64_t)word << 32 * select;
}

static void write_queue(struct virtqueue *q, uint64_t offset, uint32_t value)
{
	switch (offset) {
	case QUEUE_NUM:
		if (value <= VIRTQUEUE_MAX && (value & (value - 1)) == 0)
			q->size = value;
		break;
	case QUEUE_READY:
		q->ready = value & 1;
		break;
	case QUEUE_DESC_LOW:
	case QUEUE_DESC_HIGH:
		set_half(&q->descriptors, offset == QUEUE_DESC_HIGH, value);
		break;
	case QUEUE_DRIVER_LOW:
	case QUEUE_DRIVER_HIGH:
		set_half(&q->driver, offset == QUEUE_DRIVER_HIGH, value);
		break;
	case QUEUE_DEVICE_LOW:
	case QUEUE_DEVICE_HIGH:
		set_half(&q->device, offset == QUEUE_DEVICE_HIGH, value);
		break;
	}
}

static void write_register(struct virtio_blk *v, struct bus *b, uint64_t offset, uint32_t value)
{
	switch (offset) {
	case DEVICE_FEATURES_SEL:
		v->device_features_sel = value;
		break;
	case DRIVER_FEATURES:
		if (!(v->status & STATUS_FEATURES_OK))
			set_half(&v->driver_features, v->driver_features_sel, value);
		break;
	case DRIVER_FEATURES_SEL:
		v->driver_features_sel = value;
		break;
	case QUEUE_SEL:
		v->queue_sel = value;
		break;
	case QUEUE_NOTIFY:
		if (value == 0)
			notify(v, b);
		break;
	case INTERRUPT_ACK:
		v->interrupt &= (uint8_t)~value;
		break;
	case STATUS:
		write_status(v, (uint8_t)value);
		break;
	default:
		if (v->queue_sel == 0)
			write_queue(&v->queue, offset, value);
		break;
	}
}

bool virtio_blk_write(struct virtio_blk *v, struct bus *b, uint64_t offset, unsigned bytes,
		      uint64_t value)
{
	bool occupied = v->disk && offset < VIRTIO_SLOT_BYTES;

	offset %= VIRTIO_SLOT_BYTES;
	if (offset >= CONFIG)
		return bytes <= 4; /* nothing there can be changed */
	if (occupied && bytes == 4)
		write_register(v, b, offset, (uint32_t)value);
	return bytes == 4;
}
