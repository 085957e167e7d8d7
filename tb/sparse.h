/*
 * Sparse physical memory for tests: any 64-bit address, 4 KiB pages that come
 * into being when written, words that answer with a bus error on demand.
 */
#ifndef ATLAS_SPARSE_H
#define ATLAS_SPARSE_H

#include "mmu.h"

struct sparse;

/* What a read of a page gives in which nothing was ever written. */
enum sparse_unwritten { SPARSE_ZERO, SPARSE_BUS_ERROR };

/* Never NULL: a test without memory ends with one line on stderr. */
struct sparse *sparse_new(enum sparse_unwritten unwritten);
void sparse_free(struct sparse *s); /* NULL is fine */
/* As new: no page written, no word poisoned. */
void sparse_clear(struct sparse *s);

/* The memory as a model has it. Owned by s. */
struct mmu_memory sparse_memory(struct sparse *s);

/* `bytes` is 4 or 8, pa a multiple of it; little-endian. False is a bus error. */
bool sparse_read(void *s, uint64_t pa, unsigned bytes, uint64_t *value);
/* Compares and swaps, as struct mmu_memory says. */
bool sparse_swap(void *s, uint64_t pa, unsigned bytes, uint64_t expected, uint64_t desired,
		 uint64_t *old);
/* The value, whether or not the word is poisoned. */
uint64_t sparse_peek(struct sparse *s, uint64_t pa, unsigned bytes);
/* Writes, as software does: poisoned words take the value and stay poisoned.
 * Tell the model first (mmu_before_write). */
void sparse_write(struct sparse *s, uint64_t pa, unsigned bytes, uint64_t value);
/* Makes reads and swaps that touch the aligned 4 bytes at pa bus errors, or heals them. */
void sparse_poison(struct sparse *s, uint64_t pa, bool on);

#endif
