/*
 * A machine on the test bench: machine words go into RAM, the hart steps, and its
 * registers are there to see. The MMU behind it is the golden model.
 *
 * After rig_open() the hart stands in M-mode at RIG_CODE, with both trap vectors at
 * RIG_HANDLER, where nothing but zeros stand: a test looks at the trap before the
 * handler runs. The last PMP entry, if there is one, opens all memory to S and U. Every function
 * fails the running test when the bench itself fails.
 */
#ifndef ATLAS_RIG_H
#define ATLAS_RIG_H

#include <stdbool.h>
#include <stdint.h>

#include "machine/machine.h"

#define RIG_RAM_BYTES (8ull << 20)
#define RIG_CODE      0x80000000ull
#define RIG_HANDLER   0x80001000ull
#define RIG_DATA      0x80010000ull
#define RIG_TABLES    0x80100000ull /* page tables, the root first */

struct rig {
	struct machine *m;
	struct hart *h;
	uint64_t next_table;
};

void rig_open(struct rig *r, const char *config);
void rig_close(struct rig *r);

/* Physical memory, as software would change it. */
void rig_poke(struct rig *r, uint64_t pa, unsigned bytes, uint64_t value);
uint64_t rig_peek(struct rig *r, uint64_t pa, unsigned bytes);

/* Puts that instruction at the pc, which must be a physical address, and steps. */
void rig_do(struct rig *r, uint32_t insn);
/* The same for a 16-bit instruction. */
void rig_do_compressed(struct rig *r, uint16_t insn);

/* One step; fetches from wherever the pc stands. */
void rig_step(struct rig *r);

/* A register as XLEN bits: RV32 zero-extended. */
uint64_t rig_x(const struct rig *r, unsigned reg);
void rig_set_x(struct rig *r, unsigned reg, uint64_t value);

/* CSRs past all checks of mode and lock, to arrange and inspect. */
uint64_t rig_csr(struct rig *r, unsigned number);
void rig_set_csr(struct rig *r, unsigned number, uint64_t value);
/* The same by instructions in the hart's present mode; false when they trap. The pc
 * stays, and so do the registers. */
bool rig_try_csrr(struct rig *r, unsigned number, uint64_t *value);
bool rig_try_csrw(struct rig *r, unsigned number, uint64_t value);

/* Writes each register by an instruction, and wants to read this of it. */
struct rig_field {
	uint16_t number;
	uint64_t written, read;
};
void rig_check_fields(struct rig *r, const struct rig_field *fields, size_t count);

/* One PMP entry: its byte of pmpcfg and its pmpaddr; the others stay. Fences. */
void rig_set_pmp(struct rig *r, unsigned entry, uint8_t cfg, uint64_t address);

/* That the step before trapped into M (or S) with this cause, trap value and epc. */
void rig_assert_trap_m(struct rig *r, uint64_t cause, uint64_t tval, uint64_t epc);
void rig_assert_trap_s(struct rig *r, uint64_t cause, uint64_t tval, uint64_t epc);
/* That the hart has not trapped since it was opened. */
void rig_assert_no_trap(const struct rig *r);
/* The reason register, as rig_reason() puts it together. */
uint32_t rig_reason(unsigned reason, unsigned level, bool pte);
void rig_assert_reason(const struct rig *r, unsigned reason, unsigned level, bool pte);

/* Maps the page of va to that of pa in the tables at RIG_TABLES, with these PTE flags
 * (V among them, A and D where they matter): Sv32 on RV32, Sv39 on RV64. */
void rig_map(struct rig *r, uint64_t va, uint64_t pa, uint64_t flags);
/* The PTE of the last level for va, where rig_map() has been. */
uint64_t rig_pte(struct rig *r, uint64_t va);
/* Turns these tables on, or paging off, and fences everything. */
void rig_paging(struct rig *r, bool on);
/* Sets mode and pc. */
void rig_go(struct rig *r, uint8_t priv, uint64_t pc);
/* S-mode with these tables on, at RIG_CODE, which is mapped to itself. */
void rig_enter_paged_s(struct rig *r);

/* PTE flags of a page that S may use in every way. */
enum { RIG_S_PAGE = 1 << PTE_V | 1 << PTE_R | 1 << PTE_W | 1 << PTE_X | 1 << PTE_A | 1 << PTE_D };

/* A test of this bench: *state is a struct rig, opened for sv39 or sv32; those of all
 * extensions, for rva23 or sv32_max. */
#define RIG_TEST64(name)     cmocka_unit_test_setup_teardown(name, rig_setup64, rig_teardown)
#define RIG_TEST32(name)     cmocka_unit_test_setup_teardown(name, rig_setup32, rig_teardown)
#define RIG_TEST64_ALL(name) cmocka_unit_test_setup_teardown(name, rig_setup64_all, rig_teardown)
#define RIG_TEST32_ALL(name) cmocka_unit_test_setup_teardown(name, rig_setup32_all, rig_teardown)
int rig_setup64(void **state);
int rig_setup32(void **state);
int rig_setup64_all(void **state);
int rig_setup32_all(void **state);
int rig_teardown(void **state);

#endif
