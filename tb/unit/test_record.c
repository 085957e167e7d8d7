/* What a hart records as an address trace, and what not: compared as text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "encode.h"
#include "machine/record.h"
#include "rig.h"

#define VA  0x40000000ull
#define NOP ADDI(ZERO, ZERO, 0)

struct recording {
	char *text;
	size_t size;
	FILE *out;
};

static void record(struct rig *r, struct recording *t)
{
	t->out = open_memstream(&t->text, &t->size);
	r->h->recorder = recorder_new(t->out, TRACE_TEXT);
	assert_non_null(r->h->recorder);
	recorder_registers(r->h->recorder, r->h);
}

static void assert_recorded(struct rig *r, struct recording *t, const char *expected)
{
	recorder_end(r->h->recorder);
	r->h->recorder = NULL;
	fclose(t->out);
	assert_string_equal(t->text, expected);
	free(t->text);
}

/* As if the instruction stood at RIG_CODE, in S-mode. */
static void do_at_code(struct rig *r, uint32_t insn)
{
	rig_go(r, PRIV_S, RIG_CODE);
	rig_do(r, insn);
}

static void fetches_loads_and_stores_are_recorded(void **state)
{
	struct rig *r = *state;
	struct recording t;

	rig_map(r, VA, RIG_DATA, RIG_S_PAGE);
	rig_enter_paged_s(r);
	rig_set_x(r, A1, VA);
	record(r, &t);
	do_at_code(r, LW(A0, A1, 8));
	do_at_code(r, SB(A0, A1, 1));
	do_at_code(r, AMOADD(AMO_W, A0, A0, A1));
	assert_recorded(r, &t,
			"fetch 0x80000000 4 s\nload 0x40000008 4 s\n"
			"fetch 0x80000000 4 s\nstore 0x40000001 1 s\n"
			"fetch 0x80000000 4 s\namo 0x40000000 4 s\n");
}

static void an_access_across_pages_is_two(void **state)
{
	struct rig *r = *state;
	struct recording t;

	rig_map(r, VA, RIG_DATA, RIG_S_PAGE);
	rig_map(r, VA + 0x1000, RIG_DATA, RIG_S_PAGE);
	rig_enter_paged_s(r);
	rig_set_x(r, A1, VA + 0xffd);
	record(r, &t);
	do_at_code(r, LW(A0, A1, 0));
	assert_recorded(r, &t, "fetch 0x80000000 4 s\nload 0x40000ffd 3 s\nload 0x40001000 1 s\n");
}

static void what_is_not_translated_is_not_recorded(void **state)
{
	struct rig *r = *state;
	struct recording t;

	record(r, &t);
	rig_set_x(r, A1, RIG_DATA);
	rig_do(r, LW(A0, A1, 0)); /* M-mode */
	rig_go(r, PRIV_S, RIG_CODE);
	rig_do(r, LW(A0, A1, 0)); /* Bare */
	assert_recorded(r, &t, "");
}

static void what_faults_is_not_recorded(void **state)
{
	struct rig *r = *state;
	struct recording t;

	rig_enter_paged_s(r);
	rig_set_x(r, A1, VA);
	record(r, &t);
	do_at_code(r, LW(A0, A1, 0));
	assert_recorded(r, &t, "fetch 0x80000000 4 s\n");
}

static void fences_are_recorded_in_their_form(void **state)
{
	struct rig *r = *state;
	struct recording t;

	record(r, &t);
	rig_set_x(r, A1, VA);
	rig_set_x(r, A0, 5);
	rig_do(r, SFENCE_VMA(ZERO, ZERO));
	rig_do(r, SFENCE_VMA(A1, ZERO));
	rig_do(r, SFENCE_VMA(ZERO, A0));
	rig_do(r, SFENCE_VMA(A1, A0));
	assert_recorded(r, &t,
			"fence\nfence va 0x40000000\nfence asid 5\nfence va 0x40000000 asid 5\n");
}

/* The number is that of a satp's first use; a space in which nothing happens is none. */
static void each_satp_is_a_space(void **state)
{
	struct rig *r = *state;
	struct recording t;
	uint64_t satp;

	rig_enter_paged_s(r);
	satp = rig_csr(r, CSR_SATP);
	record(r, &t);
	do_at_code(r, NOP);
	rig_set_x(r, A1, satp | 3ull << 44);
	do_at_code(r, CSRW(CSR_SATP, A1));
	rig_set_x(r, A1, satp | 4ull << 44);
	do_at_code(r, CSRW(CSR_SATP, A1));
	rig_set_x(r, A1, satp);
	do_at_code(r, CSRW(CSR_SATP, A1));
	do_at_code(r, NOP);
	rig_set_x(r, A1, satp | 3ull << 44);
	do_at_code(r, CSRW(CSR_SATP, A1));
	do_at_code(r, NOP);
	assert_recorded(r, &t,
			"fetch 0x80000000 4 s\nfetch 0x80000000 4 s\n"
			"space 1 asid 3\nfetch 0x80000000 4 s\n"
			"space 2 asid 4\nfetch 0x80000000 4 s\n"
			"space 0 asid 0\nfetch 0x80000000 4 s\nfetch 0x80000000 4 s\n"
			"space 1 asid 3\nfetch 0x80000000 4 s\n");
}

static void asids_of_rv32_are_told_too(void **state)
{
	struct rig *r = *state;
	struct recording t;

	rig_enter_paged_s(r);
	rig_set_csr(r, CSR_SATP, rig_csr(r, CSR_SATP) | 5u << 22);
	record(r, &t);
	do_at_code(r, NOP);
	assert_recorded(r, &t, "space 0 asid 5\nfetch 0x80000000 4 s\n");
}

static void addresses_are_those_after_masking(void **state)
{
	struct rig *r = *state;
	struct recording t;

	rig_map(r, VA, RIG_DATA, RIG_S_PAGE);
	rig_enter_paged_s(r);
	rig_set_csr(r, CSR_MENVCFG, (uint64_t)PMM_7 << ENVCFG_PMM);
	rig_set_x(r, A1, VA | 0x7full << 57);
	record(r, &t);
	do_at_code(r, LW(A0, A1, 0));
	assert_recorded(r, &t, "fetch 0x80000000 4 s\nload 0x40000000 4 s\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    RIG_TEST64(fetches_loads_and_stores_are_recorded),
	    RIG_TEST64(an_access_across_pages_is_two),
	    RIG_TEST64(what_is_not_translated_is_not_recorded),
	    RIG_TEST64(what_faults_is_not_recorded),
	    RIG_TEST64(fences_are_recorded_in_their_form),
	    RIG_TEST64(each_satp_is_a_space),
	    RIG_TEST32(asids_of_rv32_are_told_too),
	    RIG_TEST64_ALL(addresses_are_those_after_masking),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
