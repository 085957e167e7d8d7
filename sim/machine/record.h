/*
 * Records what a hart has translated as an address trace (trace/trace.h): each access that
 * a page table or a segment decided and that did not fault, each fence, and the address
 * space they are in. A space is a value of satp; the first is number 0. Without a recorder
 * (NULL) the functions do nothing.
 */
#ifndef ATLAS_RECORD_H
#define ATLAS_RECORD_H

#include "trace/trace.h"

struct hart;
struct recorder;

/* Writes to `out`, which stays the caller's and remembers failures (ferror()). NULL: no
 * memory. */
struct recorder *recorder_new(FILE *out, enum trace_format format);
/* Ends the trace and frees r. NULL is fine. */
void recorder_end(struct recorder *r);

/* The MMU answered this request of h->mmu without a fault. */
void recorder_access(struct recorder *r, const struct hart *h, const struct mmu_request *request);
void recorder_fence(struct recorder *r, const struct mmu_fence *fence);
/* A register of the MMU may have changed. */
void recorder_registers(struct recorder *r, const struct hart *h);

#endif
