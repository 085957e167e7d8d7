/* The registers that the MMU keeps, as the hart shows them: which of them a
 * configuration has, whose fields are whose, and PMP's locks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "encode.h"
#include "rig.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define BIT(n)   (1ull << (n))
#define ONES     0xffffffffffffffffu

/* ---- which there are, and their fields ---------------------------------------- */

static void rv64_fields_of_all_extensions(void **state)
{
	static const struct rig_field rows[] = {
	    {CSR_MENVCFG, BIT(ENVCFG_SSE), BIT(ENVCFG_SSE)},
	    {CSR_SENVCFG, ONES, 3ull << ENVCFG_PMM | BIT(ENVCFG_SSE) | 0xf1},
	    {CSR_MENVCFG, ONES, 7ull << 61 | 3ull << ENVCFG_PMM | BIT(ENVCFG_SSE) | 0xf1},
	    {CSR_MENVCFG, 1ull << ENVCFG_PMM, 3ull << ENVCFG_PMM}, /* no PMM value 1: it stays */
	    {CSR_SENVCFG, 2ull << ENVCFG_PMM, 2ull << ENVCFG_PMM}, /* SSE is zero with menvcfg's */
	    {CSR_SENVCFG, ONES, 3ull << ENVCFG_PMM | 0xf1},
	    {CSR_MSECCFG, 2ull << ENVCFG_PMM | BIT(MSECCFG_RLB),
	     2ull << ENVCFG_PMM | BIT(MSECCFG_RLB)},
	    {CSR_MEDELEG, ONES, 0x4b3fe}, /* a software check is there too */
	    {CSR_SSP, ONES, ONES & ~7ull},
	};

	rig_check_fields(*state, rows, COUNT(rows));
}

static void rv32_fields_of_all_extensions(void **state)
{
	static const struct rig_field rows[] = {
	    {CSR_MENVCFG, ONES, BIT(ENVCFG_SSE) | 0xf1},
	    {CSR_SENVCFG, ONES, BIT(ENVCFG_SSE) | 0xf1},
	    {CSR_MENVCFGH, ONES, BIT(31) | BIT(ENVCFG_ADUE - 32)},
	    {CSR_MSECCFG, BIT(MSECCFG_RLB), BIT(MSECCFG_RLB)},
	    {CSR_MSECCFGH, ONES, 0},
	    {CSR_SSP, ONES, 0xfffffffcu},
	};

	rig_check_fields(*state, rows, COUNT(rows));
}

/* What software set of senvcfg.SSE comes back with menvcfg's. */
static void senvcfg_sse_hides_behind_menvcfgs(void **state)
{
	struct rig *r = *state;

	rig_set_csr(r, CSR_MENVCFG, BIT(ENVCFG_SSE));
	rig_set_csr(r, CSR_SENVCFG, BIT(ENVCFG_SSE));
	rig_set_csr(r, CSR_MENVCFG, 0);
	assert_int_equal(rig_csr(r, CSR_SENVCFG), 0);
	rig_set_csr(r, CSR_SENVCFG, 0);
	rig_set_csr(r, CSR_MENVCFG, BIT(ENVCFG_SSE));
	assert_int_equal(rig_csr(r, CSR_SENVCFG), BIT(ENVCFG_SSE));
}

static bool readable(struct rig *r, unsigned number)
{
	uint64_t value;

	return rig_try_csrr(r, number, &value);
}

static void extensions_bring_their_registers(void **state)
{
	static const struct {
		const char *config;
		bool pmp, mseccfg, mseccfgh, ssp;
	} rows[] = {
	    {"sv32", true, false, false, false},    {"sv32_min", false, false, false, false},
	    {"sv32_max", true, true, true, true},   {"sv39", true, false, false, false},
	    {"sv39_8", false, false, false, false}, {"rva23", true, true, false, true},
	    {"sv57_odd", true, true, false, true}, /* mseccfg for pointer masking alone */
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct rig r;

		rig_open(&r, rows[i].config);
		assert_int_equal(readable(&r, CSR_PMPCFG0), rows[i].pmp);
		assert_int_equal(readable(&r, CSR_PMPCFG0 + 14), rows[i].pmp);
		assert_int_equal(readable(&r, CSR_PMPADDR0 + 63), rows[i].pmp);
		assert_int_equal(readable(&r, CSR_MSECCFG), rows[i].mseccfg);
		assert_int_equal(readable(&r, CSR_MSECCFGH), rows[i].mseccfgh);
		assert_int_equal(readable(&r, CSR_SSP), rows[i].ssp);
		rig_close(&r);
	}
}

/* ---- PMP registers ---------------------------------------------------------------------- */

static void pmp_registers_hold_their_fields(void **state)
{
	static const struct rig_field rv64[] = {
	    {CSR_PMPADDR0, ONES, (1ull << 54) - 1},
	    {CSR_PMPCFG0, 0x1f, 0x1f},
	    {CSR_PMPCFG0, 0x7f00, 0x1f00},     /* bits 6:5 read zero */
	    {CSR_PMPCFG0, 0x021a00, 0x001800}, /* W without R is neither */
	    {CSR_PMPADDR0 + 8, ONES, 0},       /* beyond the eight entries */
	    {CSR_PMPADDR0 + 63, ONES, 0},
	    {CSR_PMPCFG0 + 2, ONES, 0},
	};
	static const struct rig_field rv32[] = {
	    {CSR_PMPADDR0 + 3, ONES, 0xffffffff},
	    {CSR_PMPADDR0 + 4, ONES, 0},
	    {CSR_PMPCFG0, 0x1f000000, 0x1f000000},
	    {CSR_PMPCFG0 + 1, ONES, 0},
	};
	struct rig *r = *state;

	if (r->h->xlen == 64)
		rig_check_fields(r, rv64, COUNT(rv64));
	else
		rig_check_fields(r, rv32, COUNT(rv32));
}

static void locked_pmp_entries_stay(void **state)
{
	struct rig *r = *state;

	rig_set_csr(r, CSR_PMPADDR0, 1);
	rig_set_csr(r, CSR_PMPADDR0 + 1, 2);
	rig_set_csr(r, CSR_PMPCFG0, 0x8900); /* entry 1: locked, TOR, R */
	rig_set_csr(r, CSR_PMPCFG0, 0x1f1f);
	assert_int_equal(rig_csr(r, CSR_PMPCFG0), 0x891f);
	rig_set_csr(r, CSR_PMPADDR0, 9); /* the lower end of a locked range */
	rig_set_csr(r, CSR_PMPADDR0 + 1, 9);
	rig_set_csr(r, CSR_PMPADDR0 + 2, 9);
	assert_int_equal(rig_csr(r, CSR_PMPADDR0), 1);
	assert_int_equal(rig_csr(r, CSR_PMPADDR0 + 1), 2);
	assert_int_equal(rig_csr(r, CSR_PMPADDR0 + 2), 9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    RIG_TEST64_ALL(rv64_fields_of_all_extensions),
	    RIG_TEST32_ALL(rv32_fields_of_all_extensions),
	    RIG_TEST64_ALL(senvcfg_sse_hides_behind_menvcfgs),
	    cmocka_unit_test(extensions_bring_their_registers),
	    RIG_TEST64(pmp_registers_hold_their_fields),
	    RIG_TEST32(pmp_registers_hold_their_fields),
	    RIG_TEST64(locked_pmp_entries_stay),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
