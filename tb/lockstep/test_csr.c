/*
 * What the registers of translation hold, on the RTL, in every configuration: their
 * WARL rules (docs/csr.md; riscv-vm.md 1.1, 2.6, 2.8, 2.9). Directed tests with numbers
 * from the specification, then random writes against the golden model's registers.
 * Locks have a program of their own, test_csr_locks.c.
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "golden/golden.h"
#include "rng.h"
#include "scene.h"

#define BIT(n)   (1ull << (n))
#define PMM_MASK (3ull << ENVCFG_PMM)

static bool has_masking(const struct mmu_config *c)
{
	return c->pointer_masking;
}

static bool has_pmp(const struct mmu_config *c)
{
	return c->pmp_entries > 0;
}

static bool has_grain(const struct mmu_config *c)
{
	return c->pmp_entries && c->pmp_grain;
}

static bool has_no_grain(const struct mmu_config *c)
{
	return c->pmp_entries && !c->pmp_grain;
}

static bool has_smepmp(const struct mmu_config *c)
{
	return c->smepmp && c->pmp_entries > 3;
}

static uint64_t ones(const struct scene *s)
{
	return s->config->xlen == 32 ? UINT32_MAX : UINT64_MAX;
}

/* ---- menvcfg, senvcfg, mseccfg ------------------------------------------- */

static void check_fields(struct scene *s)
{
	const struct mmu_config *c = s->config;
	uint64_t pmm = c->pointer_masking ? PMM_MASK : 0;
	uint64_t menvcfg = (c->zicfiss ? BIT(ENVCFG_SSE) : 0) |
			   (c->svpbmt ? BIT(ENVCFG_PBMTE) : 0) | (c->svadu ? BIT(ENVCFG_ADUE) : 0);

	assert_int_equal(scene_csr(s, CSR_SENVCFG, ones(s)), pmm);
	if (c->xlen == 32) {
		assert_int_equal(scene_csr(s, CSR_MENVCFG, ones(s)), menvcfg & UINT32_MAX);
		assert_int_equal(scene_csr(s, CSR_MENVCFGH, ones(s)), menvcfg >> 32);
		assert_int_equal(scene_csr(s, CSR_MSECCFGH, ones(s)), 0);
		assert_int_equal(scene_csr(s, CSR_MENVCFG, 0), 0);
		assert_int_equal(mmu_csr_read(s->mmu, CSR_MENVCFGH), menvcfg >> 32);
	} else {
		assert_int_equal(scene_csr(s, CSR_MENVCFG, ones(s)), menvcfg | pmm);
		assert_int_equal(scene_csr(s, CSR_MENVCFGH, ones(s)), 0);
		assert_int_equal(scene_csr(s, CSR_MSECCFGH, ones(s)), 0);
	}
	assert_int_equal(scene_csr(s, CSR_MENVCFG, 0), 0);
	assert_int_equal(scene_csr(s, CSR_MENVCFGH, 0), 0);
	assert_int_equal(scene_csr(s, CSR_SENVCFG, 0), 0);
	assert_int_equal(scene_csr(s, CSR_MSECCFG, ones(s)),
			 pmm | (c->smepmp ? M_MML | M_MMWP | M_RLB : 0));
}

/* Each field exists with its extension alone; what is not about translation reads as zero. */
static void fields_of_absent_extensions_read_zero(void **state)
{
	(void)state;
	scene_on_each(NULL, check_fields);
}

static void check_each_bit(struct scene *s)
{
	static const unsigned bits[] = {ENVCFG_SSE, ENVCFG_PBMTE, ENVCFG_ADUE};
	unsigned have[] = {s->config->zicfiss, s->config->svpbmt, s->config->svadu};

	for (unsigned i = 0; i < 3; i++) {
		bool high = s->config->xlen == 32 && bits[i] >= 32;
		unsigned csr = high ? CSR_MENVCFGH : CSR_MENVCFG;
		uint64_t bit = BIT(bits[i]) >> (high ? 32 : 0);
		if (s->config->xlen == 32 && bits[i] == ENVCFG_PBMTE)
			continue;
		assert_int_equal(scene_csr(s, csr, bit), have[i] ? bit : 0);
		assert_int_equal(scene_csr(s, csr, ones(s) & ~bit & ~PMM_MASK) & bit, 0);
		assert_int_equal(scene_csr(s, csr, 0), 0);
	}
}

static void each_switch_of_menvcfg_is_a_bit_of_its_own(void **state)
{
	(void)state;
	scene_on_each(NULL, check_each_bit);
}

static void check_reserved_pmm(struct scene *s)
{
	static const unsigned registers[] = {CSR_SENVCFG, CSR_MENVCFG, CSR_MSECCFG};

	for (unsigned i = 0; i < 3; i++)
		for (uint64_t kept = 0; kept < 4; kept++) {
			if (kept == 1)
				continue;
			uint64_t before = kept << ENVCFG_PMM, reserved = BIT(ENVCFG_PMM);
			assert_int_equal(scene_csr(s, registers[i], before), before);
			assert_int_equal(scene_csr(s, registers[i], reserved), before);
		}
	if (s->config->zicfiss)
		assert_int_equal(scene_csr(s, CSR_MENVCFG, BIT(ENVCFG_PMM) | BIT(ENVCFG_SSE)) &
				     ~PMM_MASK,
				 BIT(ENVCFG_SSE));
}

/* The rest of the same write is taken. */
static void a_write_of_the_reserved_pmm_leaves_the_field(void **state)
{
	(void)state;
	scene_on_each(has_masking, check_reserved_pmm);
}

/* ---- pmpcfg, pmpaddr ----------------------------------------------------- */

static void check_layout(struct scene *s)
{
	unsigned n = s->config->pmp_entries, each = s->config->xlen / 8;

	for (unsigned r = 0; r < 16; r++) {
		bool there = each == 4 || r % 2 == 0;
		uint64_t expected = 0;
		for (unsigned j = 0; there && j < each; j++)
			if (r * 4 + j < n)
				expected |= (uint64_t)(C_TOR | CR | (j % 2 ? CX : 0)) << 8 * j;
		uint64_t written = 0;
		for (unsigned j = 0; j < each; j++)
			written |= (uint64_t)(C_TOR | CR | 0x60 | (j % 2 ? CX : 0)) << 8 * j;
		assert_int_equal(scene_csr(s, CSR_PMPCFG0 + r, written), expected);
	}
	for (unsigned i = 0; i < 64; i++) {
		scene_pmp_addr(s, i, 0x12345400 + (uint64_t)i * 0x1000);
		assert_int_equal(scene_pmp_addr_read(s, i),
				 i < n ? 0x12345400 + (uint64_t)i * 0x1000 : 0);
	}
}

/* Four entries a register on RV32; eight in the even ones on RV64, whose odd ones are not
 * there. Bits 6:5 of a byte, and entries beyond those built in, read as zero. */
static void pmpcfg_holds_a_byte_for_each_entry(void **state)
{
	(void)state;
	scene_on_each(NULL, check_layout);
}

static void check_addr_width(struct scene *s)
{
	unsigned bits = s->config->pa_bits - 2;
	uint64_t grain = BIT(s->config->pmp_grain) - 1;

	scene_pmp_addr(s, 0, ones(s));
	assert_int_equal(scene_pmp_addr_read(s, 0), (BIT(bits) - 1) & ~grain);
	for (unsigned bit = s->config->pmp_grain; bit < s->config->xlen; bit++) {
		scene_pmp_addr(s, 0, BIT(bit));
		assert_int_equal(scene_pmp_addr_read(s, 0), bit < bits ? BIT(bit) : 0);
	}
}

/* Bits 55:2 of an address, RV32 33:2; those beyond the physical width read as zero. */
static void pmpaddr_keeps_the_physical_width(void **state)
{
	(void)state;
	scene_on_each(has_pmp, check_addr_width);
}

static void check_write_only(struct scene *s)
{
	for (unsigned rwx = 0; rwx < 8; rwx++) {
		unsigned kept = rwx & CR ? rwx : rwx & ~(unsigned)CW;
		assert_int_equal(scene_pmp_cfg(s, 0, C_TOR | rwx), C_TOR | kept);
	}
}

static void w_without_r_is_stored_as_neither(void **state)
{
	(void)state;
	scene_on_each(has_pmp, check_write_only);
}

static void check_write_only_mml(struct scene *s)
{
	assert_int_equal(scene_csr(s, CSR_MSECCFG, M_MML), M_MML);
	for (unsigned rwx = 0; rwx < 8; rwx++)
		assert_int_equal(scene_pmp_cfg(s, 0, C_TOR | rwx), C_TOR | rwx);
}

static void w_without_r_is_kept_under_mml(void **state)
{
	(void)state;
	scene_on_each(has_smepmp, check_write_only_mml);
}

static void check_na4_off(struct scene *s)
{
	assert_int_equal(scene_pmp_cfg(s, 0, C_NA4 | C_RWX), C_OFF | C_RWX);
	assert_int_equal(scene_pmp_cfg(s, 0, C_NAPOT | C_RWX), C_NAPOT | C_RWX);
	assert_int_equal(scene_pmp_cfg(s, 0, C_NA4 | CR), C_OFF | CR);
}

static void na4_is_stored_as_off_where_the_grain_is_coarser(void **state)
{
	(void)state;
	scene_on_each(has_grain, check_na4_off);
}

static void check_na4(struct scene *s)
{
	for (unsigned a = 0; a < 4; a++)
		assert_int_equal(scene_pmp_cfg(s, 0, a << PMP_A | CX), a << PMP_A | CX);
}

static void every_mode_is_kept_where_the_grain_is_a_word(void **state)
{
	(void)state;
	scene_on_each(has_no_grain, check_na4);
}

static void check_grain(struct scene *s)
{
	unsigned g = s->config->pmp_grain;
	uint64_t zeros = BIT(g) - 1, napot = BIT(g - 1) - 1, wide = BIT(20);

	for (unsigned k = 0; k < 3; k++) {
		uint64_t stored = wide | (k == 0 ? 0 : k == 1 ? zeros : zeros & 0x155);
		scene_pmp_cfg(s, 0, C_OFF);
		scene_pmp_addr(s, 0, stored);
		assert_int_equal(scene_pmp_addr_read(s, 0), wide);
		scene_pmp_cfg(s, 0, C_TOR | CR);
		assert_int_equal(scene_pmp_addr_read(s, 0), wide);
		scene_pmp_cfg(s, 0, C_NAPOT | CR);
		assert_int_equal(scene_pmp_addr_read(s, 0), stored | napot);
		scene_pmp_cfg(s, 0, C_OFF);
		assert_int_equal(scene_pmp_addr_read(s, 0), wide);
	}
}

/* OFF and TOR read the grain's bits as zeros, NAPOT all but the highest as ones; what was
 * written shows again when the mode changes back. */
static void the_grain_shows_in_pmpaddr(void **state)
{
	(void)state;
	scene_on_each(has_grain, check_grain);
}

/* ---- random writes ------------------------------------------------------- */

static const unsigned kept_registers[] = {CSR_SATP,     CSR_SENVCFG, CSR_MENVCFG,
					  CSR_MENVCFGH, CSR_MSECCFG, CSR_MSECCFGH};
enum { KEPT = sizeof kept_registers / sizeof kept_registers[0] };

static unsigned any_register(struct rng *r, const struct mmu_config *c)
{
	unsigned n = c->pmp_entries ? c->pmp_entries : 1, entry = rng_below(r, n + 2) & 63;

	switch (rng_below(r, 8)) {
	case 0:
		return kept_registers[rng_below(r, KEPT)];
	case 1:
		return rng_below(r, 4096);
	case 2:
	case 3:
	case 4:
		return CSR_PMPADDR0 + entry;
	default:
		return CSR_PMPCFG0 + entry / 4;
	}
}

/* Locks and sticky bits are rare, or soon nothing could be written. */
static uint64_t any_value(struct rng *r, const struct mmu_config *c, unsigned csr)
{
	uint64_t value = rng_u64(r);

	if (rng_chance(r, 30))
		value &= rng_u64(r) & rng_u64(r);
	if (csr >= CSR_PMPCFG0 && csr < CSR_PMPADDR0)
		for (unsigned j = 0; j < 8; j++)
			if (rng_chance(r, 97))
				value &= ~((uint64_t)CL << 8 * j);
	if (csr == CSR_MSECCFG && rng_chance(r, 80))
		value &= ~(uint64_t)(M_MML | M_MMWP);
	return c->xlen == 32 ? value & UINT32_MAX : value;
}

static void compare_registers(struct scene *s, const struct golden_regs *regs, unsigned written)
{
	unsigned csr[KEPT + 16 + 64 + 1], n = 0;

	for (unsigned i = 0; i < KEPT; i++)
		csr[n++] = kept_registers[i];
	for (unsigned i = 0; i < 16 + 64; i++)
		csr[n++] = CSR_PMPCFG0 + i;
	csr[n++] = written;
	for (unsigned i = 0; i < n; i++) {
		uint64_t rtl = mmu_csr_read(s->mmu, csr[i]);
		uint64_t golden = golden_csr_read(regs, csr[i]);
		if (rtl != golden)
			fail_msg("%s: register 0x%x reads 0x%" PRIx64 ", golden 0x%" PRIx64
				 ", after a write of 0x%x; to repeat: %s",
				 s->config->name, csr[i], rtl, golden, written, s->rerun);
	}
}

static struct rng rng;

static void check_random(struct scene *s)
{
	enum { WRITES = 400 };
	struct golden_regs regs = golden_reset(s->config);

	for (unsigned i = 0; i < WRITES; i++) {
		unsigned csr = any_register(&rng, s->config);
		uint64_t value = any_value(&rng, s->config, csr);
		mmu_csr_write(s->mmu, csr, value);
		golden_write_csr(&regs, csr, value);
		compare_registers(s, &regs, csr);
	}
}

static void random_writes_leave_what_golden_says(void **state)
{
	(void)state;
	rng = rng_seeded(rng_env_seed());
	for (unsigned round = 0; round < 3; round++)
		scene_on_each(NULL, check_random);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(fields_of_absent_extensions_read_zero),
	    cmocka_unit_test(each_switch_of_menvcfg_is_a_bit_of_its_own),
	    cmocka_unit_test(a_write_of_the_reserved_pmm_leaves_the_field),
	    cmocka_unit_test(pmpcfg_holds_a_byte_for_each_entry),
	    cmocka_unit_test(pmpaddr_keeps_the_physical_width),
	    cmocka_unit_test(w_without_r_is_stored_as_neither),
	    cmocka_unit_test(w_without_r_is_kept_under_mml),
	    cmocka_unit_test(na4_is_stored_as_off_where_the_grain_is_coarser),
	    cmocka_unit_test(every_mode_is_kept_where_the_grain_is_a_word),
	    cmocka_unit_test(the_grain_shows_in_pmpaddr),
	    cmocka_unit_test(random_writes_leave_what_golden_says),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return scene_finish(cmocka_run_group_tests(tests, NULL, NULL));
}
