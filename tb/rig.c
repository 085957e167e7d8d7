#include "rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "encode.h"
#include "machine/hart_internal.h"

#define PAGE 4096u

static void write_pmp(struct rig *r, unsigned entry, uint8_t cfg, uint64_t address)
{
	unsigned bytes = r->h->xlen / 8;
	unsigned number = CSR_PMPCFG0 + entry / bytes * (bytes / 4);
	unsigned shift = entry % bytes * 8;
	uint64_t old = rig_csr(r, number) & ~(0xffull << shift);

	rig_set_csr(r, CSR_PMPADDR0 + entry, address);
	rig_set_csr(r, number, old | (uint64_t)cfg << shift);
}

void rig_set_pmp(struct rig *r, unsigned entry, uint8_t cfg, uint64_t address)
{
	const struct mmu_fence everything = {.rs1_x0 = true, .rs2_x0 = true};

	write_pmp(r, entry, cfg, address);
	assert_true(mmu_fence(r->m->mmu, &everything));
}

static void open_memory(struct rig *r)
{
	unsigned entries = mmu_config(r->m->mmu)->pmp_entries;

	if (entries)
		write_pmp(r, entries - 1, PMP_NAPOT << PMP_A | 7, UINT64_MAX);
}

void rig_open(struct rig *r, const char *config)
{
	char err[200] = "";
	const struct machine_options options = {
	    .mmu = {.model = "golden", .config = config},
	    .ram_bytes = RIG_RAM_BYTES,
	};

	r->m = machine_open(&options, err, sizeof(err));
	if (!r->m)
		fail_msg("%s", err);
	r->h = &r->m->hart;
	r->next_table = RIG_TABLES + PAGE;
	r->h->pc = RIG_CODE;
	r->h->csr.mtvec = RIG_HANDLER;
	r->h->csr.stvec = RIG_HANDLER;
	open_memory(r);
}

void rig_close(struct rig *r)
{
	machine_close(r->m);
}

void rig_poke(struct rig *r, uint64_t pa, unsigned bytes, uint64_t value)
{
	assert_true(bus_write(&r->m->bus, pa, bytes, value));
}

uint64_t rig_peek(struct rig *r, uint64_t pa, unsigned bytes)
{
	uint64_t value;

	assert_true(bus_read(&r->m->bus, pa, bytes, &value));
	return value;
}

void rig_step(struct rig *r)
{
	assert_int_equal(r->h->stop, HART_RUNS);
	clint_tick(&r->m->bus.clint);
	hart_step(r->h);
}

void rig_do(struct rig *r, uint32_t insn)
{
	rig_poke(r, r->h->pc, 4, insn);
	rig_step(r);
}

void rig_do_compressed(struct rig *r, uint16_t insn)
{
	rig_poke(r, r->h->pc, 2, insn);
	rig_step(r);
}

uint64_t rig_x(const struct rig *r, unsigned reg)
{
	uint64_t value = r->h->x[reg];

	/* Whatever wrote it, RV32 must have left it sign-extended. */
	assert_int_equal(value, hart_extend(r->h, value));
	return hart_truncate(r->h, value);
}

void rig_set_x(struct rig *r, unsigned reg, uint64_t value)
{
	r->h->x[reg] = hart_extend(r->h, value);
}

static uint8_t enter_m(struct rig *r)
{
	uint8_t priv = r->h->priv;

	r->h->priv = PRIV_M;
	return priv;
}

uint64_t rig_csr(struct rig *r, unsigned number)
{
	uint8_t priv = enter_m(r);
	uint64_t value = 0;

	assert_true(csr_read(r->h, number, &value));
	r->h->priv = priv;
	return value;
}

void rig_set_csr(struct rig *r, unsigned number, uint64_t value)
{
	uint8_t priv = enter_m(r);

	assert_true(csr_write(r->h, number, value));
	r->h->priv = priv;
}

/* Runs insn without paging; everything is as before but for the CSR and x[A0]. */
static bool try(struct rig *r, uint32_t insn)
{
	uint64_t pc = r->h->pc, traps = r->h->traps;
	struct csrs before = r->h->csr;
	uint8_t priv = r->h->priv;
	bool done;

	r->h->pc = RIG_CODE;
	rig_do(r, insn);
	done = r->h->traps == traps;
	if (!done) {
		assert_int_equal(r->h->csr.mcause, CAUSE_ILLEGAL);
		r->h->csr = before;
		r->h->priv = priv;
		r->h->traps = traps;
	}
	r->h->pc = pc;
	return done;
}

bool rig_try_csrr(struct rig *r, unsigned number, uint64_t *value)
{
	uint64_t a0 = r->h->x[A0];
	bool done = try(r, CSRR(A0, number));

	*value = rig_x(r, A0);
	r->h->x[A0] = a0;
	return done;
}

bool rig_try_csrw(struct rig *r, unsigned number, uint64_t value)
{
	uint64_t a0 = r->h->x[A0];
	bool done;

	rig_set_x(r, A0, value);
	done = try(r, CSRW(number, A0));
	r->h->x[A0] = a0;
	return done;
}

void rig_check_fields(struct rig *r, const struct rig_field *fields, size_t count)
{
	for (const struct rig_field *f = fields; f < fields + count; f++) {
		uint64_t value;

		assert_true(rig_try_csrw(r, f->number, f->written));
		assert_true(rig_try_csrr(r, f->number, &value));
		if (value != f->read)
			fail_msg("CSR 0x%x: wrote 0x%llx, read 0x%llx, not 0x%llx", f->number,
				 (unsigned long long)f->written, (unsigned long long)value,
				 (unsigned long long)f->read);
	}
}

void rig_assert_trap_m(struct rig *r, uint64_t cause, uint64_t tval, uint64_t epc)
{
	assert_int_equal(r->h->priv, PRIV_M);
	assert_int_equal(rig_csr(r, CSR_MCAUSE), cause);
	assert_int_equal(rig_csr(r, CSR_MTVAL), tval);
	assert_int_equal(rig_csr(r, CSR_MEPC), epc);
}

void rig_assert_trap_s(struct rig *r, uint64_t cause, uint64_t tval, uint64_t epc)
{
	assert_int_equal(r->h->priv, PRIV_S);
	assert_int_equal(rig_csr(r, CSR_SCAUSE), cause);
	assert_int_equal(rig_csr(r, CSR_STVAL), tval);
	assert_int_equal(rig_csr(r, CSR_SEPC), epc);
}

void rig_assert_no_trap(const struct rig *r)
{
	assert_int_equal(r->h->traps, 0);
}

uint32_t rig_reason(unsigned reason, unsigned level, bool pte)
{
	return reason << SIREG_REASON | level << SIREG_LEVEL | (uint32_t)pte << SIREG_PTE;
}

void rig_assert_reason(const struct rig *r, unsigned reason, unsigned level, bool pte)
{
	assert_int_equal(r->h->csr.reason, rig_reason(reason, level, pte));
}

/* Where the PTE of the last level is. Makes the tables above it that are missing. */
static uint64_t pte_place(struct rig *r, uint64_t va)
{
	bool rv32 = r->h->xlen == 32;
	unsigned bytes = rv32 ? 4 : 8, index_bits = rv32 ? 10 : 9;
	uint64_t table = RIG_TABLES, place;

	for (unsigned level = rv32 ? 1 : 2;; level--) {
		uint64_t index = va >> (12 + level * index_bits) & ((1u << index_bits) - 1);
		uint64_t pte;

		place = table + index * bytes;
		if (level == 0)
			break;
		pte = rig_peek(r, place, bytes);
		if (!(pte & 1)) {
			pte = r->next_table >> 12 << PTE_PPN | 1;
			r->next_table += PAGE;
			rig_poke(r, place, bytes, pte);
		}
		table = pte >> PTE_PPN << 12;
	}
	return place;
}

void rig_map(struct rig *r, uint64_t va, uint64_t pa, uint64_t flags)
{
	rig_poke(r, pte_place(r, va), r->h->xlen / 8, pa >> 12 << PTE_PPN | flags);
}

uint64_t rig_pte(struct rig *r, uint64_t va)
{
	return rig_peek(r, pte_place(r, va), r->h->xlen / 8);
}

void rig_paging(struct rig *r, bool on)
{
	const struct mmu_fence everything = {.rs1_x0 = true, .rs2_x0 = true};
	uint64_t mode = r->h->xlen == 32 ? (uint64_t)SATP_SV32 << 31 : (uint64_t)SATP_SV39 << 60;

	mmu_csr_write(r->m->mmu, CSR_SATP, on ? mode | RIG_TABLES >> 12 : 0);
	assert_true(mmu_fence(r->m->mmu, &everything));
}

void rig_go(struct rig *r, uint8_t priv, uint64_t pc)
{
	r->h->priv = priv;
	r->h->pc = pc;
}

void rig_enter_paged_s(struct rig *r)
{
	rig_map(r, RIG_CODE, RIG_CODE, RIG_S_PAGE);
	rig_paging(r, true);
	rig_go(r, PRIV_S, RIG_CODE);
}

static int setup(void **state, const char *config)
{
	static struct rig r;

	rig_open(&r, config);
	*state = &r;
	return 0;
}

int rig_setup64(void **state)
{
	return setup(state, "sv39");
}

int rig_setup32(void **state)
{
	return setup(state, "sv32");
}

int rig_setup64_all(void **state)
{
	return setup(state, "rva23");
}

int rig_setup32_all(void **state)
{
	return setup(state, "sv32_max");
}

int rig_teardown(void **state)
{
	rig_close(*state);
	return 0;
}
