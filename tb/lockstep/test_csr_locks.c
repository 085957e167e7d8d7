/*
 * What locks the registers of PMP, on the RTL, in every configuration: L of an entry,
 * and of Smepmp the bits MML, MMWP and RLB (riscv-vm.md 2.8, 2.9; docs/csr.md).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "scene.h"

static bool has_two_entries(const struct mmu_config *c)
{
	return c->pmp_entries > 2;
}

static bool has_smepmp(const struct mmu_config *c)
{
	return c->smepmp && c->pmp_entries > 3;
}

static bool has_pmp_without_smepmp(const struct mmu_config *c)
{
	return c->pmp_entries && !c->smepmp;
}

/* The same configuration once more, in reset. */
static void reset(struct scene *s)
{
	struct scene_mode mode = s->mode;
	const struct mmu_config *config = s->config;

	scene_close(s);
	scene_reset(s, &mode, config->name, NULL);
}

/* ---- locks --------------------------------------------------------------- */

static void check_lock(struct scene *s)
{
	static const unsigned modes[] = {C_OFF, C_NAPOT};
	unsigned per = s->config->xlen / 8;

	for (unsigned i = 0; i < 2; i++) {
		uint64_t held = 0x1000 << i;
		scene_pmp_addr(s, i, held);
		held = scene_pmp_addr_read(s, i);
		assert_int_equal(scene_pmp_cfg(s, i, CL | modes[i] | CR), CL | modes[i] | CR);
		held = scene_pmp_addr_read(s, i);
		scene_pmp_addr(s, i, 0x4000);
		assert_int_equal(scene_pmp_addr_read(s, i), held);
		assert_int_equal(scene_pmp_cfg(s, i, 0), CL | modes[i] | CR);
		assert_int_equal(scene_pmp_cfg(s, i, CL | C_TOR | C_RWX), CL | modes[i] | CR);
	}
	/* The other bytes of the same write are taken. */
	uint64_t all = 0;
	for (unsigned j = 0; j < per; j++)
		all |= (uint64_t)(C_TOR | C_RWX) << 8 * j;
	mmu_csr_write(s->mmu, CSR_PMPCFG0, all);
	assert_int_equal(scene_pmp_cfg_read(s, 0), CL | C_OFF | CR);
	assert_int_equal(scene_pmp_cfg_read(s, 1), CL | C_NAPOT | CR);
	assert_int_equal(scene_pmp_cfg_read(s, 2), C_TOR | C_RWX);
	scene_pmp_addr(s, 2, 0x8000);
	assert_int_equal(scene_pmp_addr_read(s, 2), 0x8000);
}

static void a_locked_entry_keeps_its_byte_and_its_address(void **state)
{
	(void)state;
	scene_on_each(has_two_entries, check_lock);
}

static void check_lock_tor(struct scene *s)
{
	for (unsigned a = 0; a < 4; a++) {
		reset(s);
		unsigned mode = a << PMP_A;
		if (mode == C_NA4 && s->config->pmp_grain)
			mode = C_OFF;
		scene_pmp_addr(s, 0, 0x1000);
		scene_pmp_addr(s, 1, 0x2000);
		assert_int_equal(scene_pmp_cfg(s, 1, CL | mode | CR), CL | mode | CR);
		scene_pmp_addr(s, 0, 0x4000);
		assert_int_equal(scene_pmp_addr_read(s, 0), mode == C_TOR ? 0x1000 : 0x4000);
		assert_int_equal(scene_pmp_cfg(s, 0, C_TOR | CX),
				 C_TOR | CX); /* its byte is free */
	}
}

/* With any other mode, and without the lock, the address before it is free. */
static void a_locked_tor_entry_keeps_the_address_before_it(void **state)
{
	(void)state;
	scene_on_each(has_two_entries, check_lock_tor);
}

static void check_unlocked_tor(struct scene *s)
{
	scene_pmp_addr(s, 0, 0x1000);
	scene_pmp_cfg(s, 1, C_TOR | CR);
	scene_pmp_addr(s, 0, 0x2000);
	assert_int_equal(scene_pmp_addr_read(s, 0), 0x2000);
}

static void an_unlocked_tor_entry_keeps_nothing(void **state)
{
	(void)state;
	scene_on_each(has_two_entries, check_unlocked_tor);
}

/* ---- Smepmp -------------------------------------------------------------- */

static void check_sticky(struct scene *s)
{
	static const unsigned bits[] = {M_MML, M_MMWP};

	for (unsigned i = 0; i < 2; i++) {
		reset(s);
		assert_int_equal(scene_csr(s, CSR_MSECCFG, bits[i]), bits[i]);
		assert_int_equal(scene_csr(s, CSR_MSECCFG, 0), bits[i]);
		assert_int_equal(scene_csr(s, CSR_MSECCFG, M_RLB), bits[i] | M_RLB);
		assert_int_equal(scene_csr(s, CSR_MSECCFG, 0), bits[i]);
		assert_int_equal(scene_csr(s, CSR_MSECCFG, M_MML | M_MMWP), M_MML | M_MMWP);
	}
}

static void mml_and_mmwp_stay_set(void **state)
{
	(void)state;
	scene_on_each(has_smepmp, check_sticky);
}

static void check_rlb(struct scene *s)
{
	static const unsigned modes[] = {C_OFF, C_TOR};
	unsigned last = s->config->pmp_entries - 1;

	assert_int_equal(scene_csr(s, CSR_MSECCFG, M_RLB), M_RLB);
	assert_int_equal(scene_csr(s, CSR_MSECCFG, 0), 0);
	assert_int_equal(scene_csr(s, CSR_MSECCFG, M_RLB), M_RLB);
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(scene_pmp_cfg(s, last, CL | modes[i] | CR), CL | modes[i] | CR);
		assert_int_equal(scene_csr(s, CSR_MSECCFG, M_RLB),
				 M_RLB); /* as it is set already */
	}
	assert_int_equal(scene_pmp_cfg(s, last, C_OFF), C_OFF);
	assert_int_equal(scene_pmp_cfg(s, last, CL | C_OFF), CL | C_OFF);
	assert_int_equal(scene_csr(s, CSR_MSECCFG, 0), 0);
	assert_int_equal(scene_csr(s, CSR_MSECCFG, M_RLB), 0);
	assert_int_equal(scene_pmp_cfg(s, last, C_OFF), CL | C_OFF);
}

/* RLB can be set while no entry is locked, one that is off included, and cleared always. */
static void rlb_cannot_be_set_once_an_entry_is_locked(void **state)
{
	(void)state;
	scene_on_each(has_smepmp, check_rlb);
}

static void check_bypass(struct scene *s)
{
	assert_int_equal(scene_csr(s, CSR_MSECCFG, M_RLB), M_RLB);
	scene_pmp_addr(s, 0, 0x1000);
	scene_pmp_addr(s, 1, 0x2000);
	assert_int_equal(scene_pmp_cfg(s, 1, CL | C_TOR | CR), CL | C_TOR | CR);
	scene_pmp_addr(s, 0, 0x4000);
	scene_pmp_addr(s, 1, 0x8000);
	assert_int_equal(scene_pmp_addr_read(s, 0), 0x4000);
	assert_int_equal(scene_pmp_addr_read(s, 1), 0x8000);
	assert_int_equal(scene_pmp_cfg(s, 1, C_TOR | CX), C_TOR | CX);
}

static void rlb_opens_what_is_locked(void **state)
{
	(void)state;
	scene_on_each(has_smepmp, check_bypass);
}

/* R W X of a byte, in the order that the specification writes them. */
static unsigned rwx(unsigned value)
{
	return (value & 4 ? CR : 0) | (value & 2 ? CW : 0) | (value & 1 ? CX : 0);
}

static void check_executable(struct scene *s)
{
	for (unsigned mode = 0; mode < 2; mode++)
		for (unsigned bypass = 0; bypass < 2; bypass++)
			for (unsigned value = 0; value < 8; value++) {
				reset(s);
				unsigned byte = CL | (mode ? C_TOR : C_OFF) | rwx(value);
				bool refused = !bypass && (value == 1 || value == 2 || value == 3 ||
							   value == 5);
				mmu_csr_write(s->mmu, CSR_MSECCFG, M_MML | (bypass ? M_RLB : 0));
				scene_pmp_cfg(s, 0, C_TOR | CR | CX);
				scene_pmp_cfg(s, 1, C_TOR | CX);
				/* together with a byte that is taken */
				mmu_csr_write(s->mmu, CSR_PMPCFG0,
					      (uint64_t)(C_TOR | C_RWX) << 8 | byte);
				assert_int_equal(scene_pmp_cfg_read(s, 0),
						 refused ? (unsigned)(C_TOR | CR | CX) : byte);
				assert_int_equal(scene_pmp_cfg_read(s, 1), C_TOR | C_RWX);
			}
}

/* Whatever the mode, for that entry alone; the shared read-only one (RWX) may be added. */
static void under_mml_no_rule_is_added_that_m_could_execute(void **state)
{
	(void)state;
	scene_on_each(has_smepmp, check_executable);
}

static void check_absent(struct scene *s)
{
	assert_int_equal(scene_csr(s, CSR_MSECCFG, M_MML | M_MMWP | M_RLB), 0);
	assert_int_equal(scene_pmp_cfg(s, 0, CL | C_TOR | CX), CL | C_TOR | CX);
	assert_int_equal(scene_csr(s, CSR_MSECCFG, M_RLB), 0);
	assert_int_equal(scene_pmp_cfg(s, 0, 0), CL | C_TOR | CX);
}

static void without_smepmp_no_lock_is_bypassed(void **state)
{
	(void)state;
	scene_on_each(has_pmp_without_smepmp, check_absent);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_locked_entry_keeps_its_byte_and_its_address),
	    cmocka_unit_test(a_locked_tor_entry_keeps_the_address_before_it),
	    cmocka_unit_test(an_unlocked_tor_entry_keeps_nothing),
	    cmocka_unit_test(mml_and_mmwp_stay_set),
	    cmocka_unit_test(rlb_cannot_be_set_once_an_entry_is_locked),
	    cmocka_unit_test(rlb_opens_what_is_locked),
	    cmocka_unit_test(under_mml_no_rule_is_added_that_m_could_execute),
	    cmocka_unit_test(without_smepmp_no_lock_is_bypassed),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return scene_finish(cmocka_run_group_tests(tests, NULL, NULL));
}
