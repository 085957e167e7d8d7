/* Between the files that make up the hart; nobody else includes this. */
#ifndef ATLAS_HART_INTERNAL_H
#define ATLAS_HART_INTERNAL_H

#include "hart.h"

/* Notes what the instruction under way raises. Always false, so that a function
 * that can trap ends with `return hart_raise(...)`. */
static inline bool hart_raise(struct hart *h, unsigned cause, uint64_t tval)
{
	h->trap = (struct trap){.pc = h->pc, .tval = tval, .cause = cause};
	return false;
}

static inline bool hart_illegal(struct hart *h)
{
	return hart_raise(h, CAUSE_ILLEGAL, h->insn);
}

/* A value as a register of this hart holds it: RV32 sign-extended. */
static inline uint64_t hart_extend(const struct hart *h, uint64_t value)
{
	return h->xlen == 32 ? (uint64_t)(int64_t)(int32_t)value : value;
}

/* A value as an address or a CSR: XLEN bits, zero above. */
static inline uint64_t hart_truncate(const struct hart *h, uint64_t value)
{
	return h->xlen == 32 ? (uint32_t)value : value;
}

static inline bool hart_status(const struct hart *h, unsigned bit)
{
	return h->csr.mstatus >> bit & 1;
}

/* mip as it counts. */
static inline uint64_t hart_pending(const struct hart *h)
{
	return h->csr.mip | h->csr.external;
}

/* trap.c */
void hart_take_exception(struct hart *h);
bool hart_take_interrupt(struct hart *h); /* true: one was taken */
bool hart_mret(struct hart *h);
bool hart_sret(struct hart *h);

/* A part of an access that lies in one page. */
struct piece {
	uint64_t va, pa;
	uint8_t bytes;
	uint8_t level; /* of the leaf that mapped it, or LEVEL_NONE */
};

/* access.c: false means that an exception was raised, or h->stop set. Values are
 * zero-extended; bytes is 1, 2, 4 or 8. */
bool hart_fetch(struct hart *h);
bool hart_load(struct hart *h, unsigned access, uint64_t va, unsigned bytes, uint64_t *value);
bool hart_store(struct hart *h, unsigned access, uint64_t va, unsigned bytes, uint64_t value);
/* Asks the MMU for p->va and fills in pa and level. */
bool hart_translate(struct hart *h, unsigned access, struct piece *p);
/* The same as a prefetch, of which nothing comes but what the MMU remembers. */
bool hart_hint(struct hart *h, struct piece *p);
/* The bus refuses an access whose translation succeeded. Always false. */
bool hart_bus_fault(struct hart *h, unsigned access, const struct piece *p);
/* The address of an access of that kind as trap values show it: after pointer masking. */
uint64_t hart_masked(const struct hart *h, unsigned access, uint64_t va);

/* atomic.c */
bool hart_atomic(struct hart *h, uint32_t insn); /* opcode AMO */

/* cache_block.c */
bool hart_cache_block(struct hart *h, uint32_t insn); /* opcode MISC-MEM, funct3 2 */
bool hart_prefetch(struct hart *h, uint32_t insn);    /* ori with rd = x0 */

/* shadow_stack.c */
bool hart_may_be_operation(struct hart *h, uint32_t insn); /* opcode SYSTEM, funct3 4 */
uint32_t expand_c_mop(unsigned n);                         /* c.mop.N as a 32-bit one */
bool csr_ssp_read(const struct hart *h, uint64_t *value);  /* as csr_read() */
bool csr_ssp_write(struct hart *h, uint64_t value);

/* execute.c: insn is a 32-bit instruction; compressed ones are expanded first. */
bool hart_execute(struct hart *h, uint32_t insn);

/* compressed.c: the 32-bit equivalent; 0, which is illegal, for what is none. */
uint32_t expand_compressed(uint16_t insn, unsigned xlen);

/* system.c: opcode SYSTEM. */
bool hart_system(struct hart *h, uint32_t insn);

/* csr.c: false when there is no such register, or not for this mode; nothing is
 * raised. Values are XLEN bits, zero above. */
bool csr_read(struct hart *h, unsigned number, uint64_t *value);
bool csr_write(struct hart *h, unsigned number, uint64_t value);
/* What CSRRS and CSRRC change, given what they read. */
uint64_t csr_changeable(const struct hart *h, unsigned number, uint64_t read);

/* csr_counter.c: the same, for the counters. */
bool csr_is_counter(unsigned number);
bool csr_counter_read(struct hart *h, unsigned number, uint64_t *value);
bool csr_counter_write(struct hart *h, unsigned number, uint64_t value);
void csr_inhibit_counters(struct hart *h, uint32_t mcountinhibit);

/* csr_timer.c: the same, for stimecmp and stimecmph (Sstc). */
bool csr_is_timer(unsigned number);
bool csr_timer_read(const struct hart *h, unsigned number, uint64_t *value);
bool csr_timer_write(struct hart *h, unsigned number, uint64_t value);
/* menvcfg.STCE: stimecmp raises STIP. */
bool csr_timer_on(const struct hart *h);
/* After a write of stimecmp or menvcfg. */
void csr_timer_changed(struct hart *h);

/* csr_mmu.c: the same, for what the MMU keeps but for satp. */
bool csr_is_mmus(unsigned number);
bool csr_mmu_read(const struct hart *h, unsigned number, uint64_t *value);
bool csr_mmu_write(struct hart *h, unsigned number, uint64_t value);

/* csr_indirect.c: the same, for the aliases sireg to sireg6 and mireg to mireg6. */
bool csr_is_indirect(unsigned number);
bool csr_indirect_read(const struct hart *h, unsigned number, uint64_t *value);
bool csr_indirect_write(struct hart *h, unsigned number, uint64_t value);
/* Zicfiss is there and active in the present mode (xSSE of unpriv/cfi.adoc). */
bool hart_shadow_stack(const struct hart *h);

#endif
