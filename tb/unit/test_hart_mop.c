/* Zimop and Zcmop: instructions that do nothing but write zero, until an extension takes
 * their encodings (unpriv/zimop.adoc). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "encode.h"
#include "rig.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void each_mop_writes_zero(void **state)
{
	struct rig *r = *state;

	/* Where the shadow stack is active, only its own encodings are anything else. */
	rig_set_csr(r, CSR_MENVCFG, 1ull << ENVCFG_SSE);
	rig_set_csr(r, CSR_SSP, 0x1000);
	rig_go(r, PRIV_S, RIG_CODE);
	for (unsigned n = 0; n < 32; n++) {
		rig_set_x(r, A0, 1);
		rig_do(r, MOP_R(n, A0, A1));
		assert_int_equal(rig_x(r, A0), 0);
	}
	for (unsigned n = 0; n < 8; n++) {
		rig_set_x(r, A0, 1);
		rig_do(r, MOP_RR(n, A0, A1, A2));
		assert_int_equal(rig_x(r, A0), 0);
	}
	rig_do(r, MOP_R(28, 0, A1)); /* only x1 and x5 are popped and pushed */
	rig_do(r, MOP_RR(7, 0, 0, A1));
	rig_do(r, MOP_RR(7, 0, A1, RA));
	assert_int_equal(rig_csr(r, CSR_SSP), 0x1000);
	rig_assert_no_trap(r);
}

static void each_c_mop_does_nothing(void **state)
{
	struct rig *r = *state;

	for (unsigned n = 1; n < 16; n += 2) {
		for (unsigned i = 1; i < 32; i++)
			rig_set_x(r, i, i);
		rig_do_compressed(r, C_MOP(n));
		for (unsigned i = 1; i < 32; i++)
			assert_int_equal(rig_x(r, i), i);
	}
	rig_assert_no_trap(r);
	for (unsigned n = 0; n < 32; n += n < 16 ? 2 : 1) { /* the rest is reserved */
		rig_go(r, PRIV_M, RIG_CODE);
		rig_do_compressed(r, (uint16_t)C_MOP(n));
		rig_assert_trap_m(r, CAUSE_ILLEGAL, C_MOP(n), RIG_CODE);
	}
}

static void other_words_beside_them_are_illegal(void **state)
{
	struct rig *r = *state;
	const uint32_t r_type = MOP_R(0, A0, A1), rr_type = MOP_RR(0, A0, A1, A2);
	const uint32_t insns[] = {
	    0x00004073,         0x40004073,         r_type ^ 1u << 22, r_type ^ 1u << 24,
	    r_type ^ 1u << 28,  r_type ^ 1u << 29,  r_type ^ 1u << 31, rr_type ^ 1u << 28,
	    rr_type ^ 1u << 29, rr_type ^ 1u << 31,
	};

	for (size_t i = 0; i < COUNT(insns); i++) {
		rig_go(r, PRIV_M, RIG_CODE);
		rig_do(r, insns[i]);
		rig_assert_trap_m(r, CAUSE_ILLEGAL, insns[i], RIG_CODE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    RIG_TEST64_ALL(each_mop_writes_zero),
	    RIG_TEST32_ALL(each_mop_writes_zero),
	    RIG_TEST64(each_c_mop_does_nothing),
	    RIG_TEST64(other_words_beside_them_are_illegal),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
