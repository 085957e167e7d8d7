/*
 * Page tables for the pages of a trace, in a memory of their own: every page that is asked
 * for is mapped readable, writable and executable, accessed and dirty, to a frame of its
 * own as long as there are any, then to one that others have too. docs/replay.md, "Mapping".
 */
#ifndef ATLAS_REPLAY_TABLES_H
#define ATLAS_REPLAY_TABLES_H

#include "mmu.h"

struct tables;

/* `mode` is SATP_*, one that the configuration has; `page_bytes` a page of that mode, or
 * 64 KiB with Svnapot. NULL, with words in err that follow a name, when there is no memory
 * that the configuration lets everybody use. */
struct tables *tables_new(const struct mmu_config *config, unsigned mode, uint64_t page_bytes,
			  char *err, size_t err_size);
void tables_free(struct tables *t); /* NULL is fine */

enum tables_result { TABLES_OK, TABLES_FULL, TABLES_NO_MEMORY };

/* Maps the page of va in that space, for U-mode if `user` was set for any access to it. */
enum tables_result tables_map(struct tables *t, uint32_t space, uint64_t va, bool user);

bool tables_has(struct tables *t, uint32_t space); /* something is mapped there */

/* For what is mapped: the value of satp, and the physical address. */
uint64_t tables_satp(struct tables *t, uint32_t space, uint16_t asid);
uint64_t tables_pa(struct tables *t, uint32_t space, uint64_t va);

uint64_t tables_pages(const struct tables *t);  /* mapped, of page_bytes each */
uint64_t tables_spaces(const struct tables *t); /* that have pages */
uint64_t tables_bytes(const struct tables *t);  /* of all tables */

/* The memory that the tables are in, for a model; there is nothing else in it. */
struct mmu_memory tables_memory(struct tables *t);

/* ---- modes ------------------------------------------------------------------- */

/* SATP_* by its name, "sv39"; false: the configuration has none of that name. */
bool tables_mode_find(const struct mmu_config *config, const char *name, unsigned *mode);
const char *tables_mode_name(unsigned mode);
/* The bits of a virtual address: 32, 39, 48 or 57. */
unsigned tables_va_bits(unsigned mode);
/* Whether the configuration's mode has pages of that size. */
bool tables_page_size_exists(const struct mmu_config *config, unsigned mode, uint64_t bytes);

#endif
