/*
 * What PTEs were before they were changed: the values that a translation cache
 * may have read and may still hold. Times are the checker's: they grow with
 * every event, so that two events never share one.
 *
 * Only pages in which a PTE was read are followed, from that read on, so that
 * ordinary stores cost one look-up. Equal values of a location are kept once.
 */
#ifndef ATLAS_HISTORY_H
#define ATLAS_HISTORY_H

#include "mmu.h"

struct history;

/* A value that a PTE location held. */
struct held {
	uint64_t value;
	bool error;     /* its read was a bus error; value is then 0 */
	uint64_t until; /* the time of the write that ended it, or HELD_STILL */
};

#define HELD_STILL UINT64_MAX

/* An earlier value of a location, and the one noted before it or NULL. */
struct past {
	struct held held;
	struct past *next;
};

/* NULL without memory. `pte_bytes` is 4 or 8. The memory must outlive h. */
struct history *history_new(struct mmu_memory memory, unsigned pte_bytes);
void history_free(struct history *h); /* NULL is fine */

/* A PTE at pa is read now: its page is followed from here on. */
void history_note_read(struct history *h, uint64_t pa, uint64_t now);

/* The bytes at pa, any number of any alignment, are about to change. */
void history_before_write(struct history *h, uint64_t pa, unsigned bytes, uint64_t now);

/* The PTE at pa was `old` until now. */
void history_replaced(struct history *h, uint64_t pa, uint64_t old, uint64_t now);

/* Forgets all earlier values, and the pages that were last read before `since`. */
void history_forget(struct history *h, uint64_t since);

/* The value that the PTE at pa has now. */
struct held history_present(const struct history *h, uint64_t pa);
/* Its earlier values, owned by h until the next change; NULL: none. */
const struct past *history_past(const struct history *h, uint64_t pa);
/* True when no location has an earlier value. */
bool history_is_empty(const struct history *h);

#endif
