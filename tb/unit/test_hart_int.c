/* The hart's integer instructions: RV32I, RV64I and M, against results worked out
 * from the unprivileged specification. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "encode.h"
#include "rig.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* An instruction that puts f(A0, A1) into A2. */
struct row {
	const char *name;
	uint32_t insn;
	uint64_t a, b, expected;
};

static void check_rows(const char *config, const struct row *rows, size_t count)
{
	struct rig r;

	rig_open(&r, config);
	for (size_t i = 0; i < count; i++) {
		const struct row *w = &rows[i];
		uint64_t pc = r.h->pc = RIG_CODE;

		rig_set_x(&r, A0, w->a);
		rig_set_x(&r, A1, w->b);
		rig_set_x(&r, A2, 0x5a5a5a5a);
		rig_do(&r, w->insn);
		if (rig_x(&r, A2) != w->expected || r.h->pc != pc + 4 || r.h->traps)
			fail_msg("%s of 0x%llx and 0x%llx: 0x%llx, not 0x%llx", w->name,
				 (unsigned long long)w->a, (unsigned long long)w->b,
				 (unsigned long long)rig_x(&r, A2),
				 (unsigned long long)w->expected);
	}
	rig_close(&r);
}

#define R(OP, a, b, expected)                                                                      \
	{                                                                                          \
#OP, OP(A2, A0, A1), a, b, expected                                                \
	}
#define I(OP, a, imm, expected)                                                                    \
	{                                                                                          \
#OP, OP(A2, A0, imm), a, 0, expected                                               \
	}

#define MIN64 0x8000000000000000u
#define MAX64 0x7fffffffffffffffu
#define ONES  0xffffffffffffffffu

static void rv64_integer(void **state)
{
	static const struct row rows[] = {
	    R(ADD, 1, 2, 3),
	    R(ADD, ONES, 1, 0),
	    R(ADD, 0x7fffffff, 1, 0x80000000),
	    R(SUB, 0, 1, ONES),
	    R(SUB, MIN64, 1, MAX64),
	    R(SLL, 1, 63, MIN64),
	    R(SLL, 3, 64 + 1, 6), /* six bits of shift amount */
	    R(SRL, MIN64, 63, 1),
	    R(SRA, MIN64, 63, ONES),
	    R(SRA, MAX64, 62, 1),
	    R(SLT, ONES, 0, 1),
	    R(SLT, 0, ONES, 0),
	    R(SLT, 5, 5, 0),
	    R(SLTU, ONES, 0, 0),
	    R(SLTU, 0, ONES, 1),
	    R(XOR, 0xff00ff00ff00ff00u, 0x0ff00ff00ff00ff0u, 0xf0f0f0f0f0f0f0f0u),
	    R(OR, 0xff00, 0x00ff, 0xffff),
	    R(AND, 0xff0f, 0x0fff, 0x0f0f),
	    I(ADDI, 1, -2, ONES),
	    I(ADDI, 0, 2047, 2047),
	    I(ADDI, 0, -2048, 0xfffffffffffff800u),
	    I(SLTI, ONES, 0, 1),
	    I(SLTI, 0, -1, 0),
	    I(SLTIU, 0, -1, 1), /* the immediate is sign-extended, then unsigned */
	    I(SLTIU, ONES, -1, 0),
	    I(XORI, 0x55, -1, ~0x55ull),
	    I(ORI, 0xf0, 0x0f, 0xff),
	    I(ANDI, ONES, -16, 0xfffffffffffffff0u),
	    I(SLLI, 1, 63, MIN64),
	    I(SRLI, ONES, 60, 15),
	    I(SRAI, MIN64, 60, 0xfffffffffffffff8u),
	    {"LUI", LUI(A2, 0x80000), 0, 0, 0xffffffff80000000u},
	    {"LUI", LUI(A2, 0x12345), 0, 0, 0x12345000},
	    {"AUIPC", AUIPC(A2, 1), 0, 0, RIG_CODE + 0x1000},
	    {"AUIPC", AUIPC(A2, 0x80000), 0, 0, 0},
	};

	(void)state;
	check_rows("sv39", rows, COUNT(rows));
}

static void rv64_word_forms_sign_extend_32_bit_results(void **state)
{
	static const struct row rows[] = {
	    R(ADDW, 0x7fffffff, 1, 0xffffffff80000000u),
	    R(ADDW, 0x1ffffffffu, 1, 0),
	    R(SUBW, 0, 1, ONES),
	    R(SUBW, 0x100000000u, 1, ONES),
	    R(SLLW, 1, 31, 0xffffffff80000000u),
	    R(SLLW, 1, 32, 1), /* five bits of shift amount */
	    R(SRLW, 0xffffffff80000000u, 31, 1),
	    R(SRLW, 0x80000000u, 0, 0xffffffff80000000u),
	    R(SRAW, 0x80000000u, 31, ONES),
	    R(SRAW, 0xffffffff7fffffffu, 30, 1),
	    I(ADDIW, 0x7fffffff, 1, 0xffffffff80000000u),
	    I(ADDIW, 0xabcdef0180000000u, 0, 0xffffffff80000000u),
	    I(SLLIW, 0x40000000, 1, 0xffffffff80000000u),
	    I(SRLIW, 0xffffffff80000000u, 4, 0x08000000),
	    I(SRLIW, 0x80000000u, 0, 0xffffffff80000000u),
	    I(SRAIW, 0x80000000u, 4, 0xfffffffff8000000u),
	};

	(void)state;
	check_rows("sv39", rows, COUNT(rows));
}

static void rv64_multiply_and_divide(void **state)
{
	static const struct row rows[] = {
	    R(MUL, 0xffffffffu, 0xffffffffu, 0xfffffffe00000001u),
	    R(MUL, MIN64, 2, 0),
	    R(MULH, ONES, ONES, 0),
	    R(MULH, MIN64, MIN64, 0x4000000000000000u),
	    R(MULH, MIN64, 2, ONES),
	    R(MULHU, ONES, ONES, 0xfffffffffffffffeu),
	    R(MULHU, MIN64, 2, 1),
	    R(MULHSU, ONES, ONES, ONES), /* -1 * (2^64 - 1) */
	    R(MULHSU, MIN64, ONES, 0x8000000000000000u),
	    R(MULHSU, 2, MIN64, 1),
	    R(DIV, 7, (uint64_t)-2, (uint64_t)-3), /* towards zero */
	    R(DIV, (uint64_t)-7, 2, (uint64_t)-3),
	    R(DIV, 7, 0, ONES),
	    R(DIV, MIN64, ONES, MIN64),
	    R(DIVU, ONES, 2, MAX64),
	    R(DIVU, 7, 0, ONES),
	    R(DIVU, MIN64, ONES, 0),
	    R(REM, 7, (uint64_t)-2, 1), /* the dividend's sign */
	    R(REM, (uint64_t)-7, 2, ONES),
	    R(REM, (uint64_t)-7, 0, (uint64_t)-7),
	    R(REM, MIN64, ONES, 0),
	    R(REMU, ONES, 16, 15),
	    R(REMU, ONES, 0, ONES),
	    R(MULW, 0x10000, 0x10000, 0),
	    R(MULW, 0x7fffffff, 2, 0xfffffffffffffffeu),
	    R(DIVW, 0x80000000u, 0xffffffffu, 0xffffffff80000000u),
	    R(DIVW, 0x1fffffff9u, 2, (uint64_t)-3), /* only 32 bits count: -7 / 2 */
	    R(DIVW, 5, 0x100000000u, ONES),
	    R(DIVUW, 0xffffffffu, 1, ONES),
	    R(DIVUW, 0x80000000u, 2, 0x40000000),
	    R(DIVUW, 1, 0, ONES),
	    R(REMW, 0xfffffff9u, 2, ONES),
	    R(REMW, 0x80000000u, 0xffffffffu, 0),
	    R(REMW, 0x80000001u, 0, 0xffffffff80000001u),
	    R(REMUW, 0xffffffffu, 0, ONES),
	    R(REMUW, 0xffffffffu, 16, 15),
	};

	(void)state;
	check_rows("sv39", rows, COUNT(rows));
}

static void rv32_integer(void **state)
{
	static const struct row rows[] = {
	    R(ADD, 0xffffffff, 1, 0),
	    R(ADD, 0x7fffffff, 1, 0x80000000),
	    R(SUB, 0, 1, 0xffffffff),
	    R(SLL, 1, 31, 0x80000000),
	    R(SLL, 3, 32 + 1, 6), /* five bits of shift amount */
	    R(SRL, 0x80000000, 31, 1),
	    R(SRL, 0x80000000, 0, 0x80000000),
	    R(SRA, 0x80000000, 31, 0xffffffff),
	    R(SLT, 0x80000000, 0x7fffffff, 1),
	    R(SLTU, 0x80000000, 0x7fffffff, 0),
	    R(SLTU, 0x7fffffff, 0x80000000, 1),
	    R(XOR, 0xffffffff, 0x0f0f0f0f, 0xf0f0f0f0),
	    R(OR, 0x80000000, 1, 0x80000001),
	    R(AND, 0xf0f0f0f0, 0xffff0000, 0xf0f00000),
	    I(ADDI, 0x80000000, -1, 0x7fffffff),
	    I(SLTIU, 0x80000000, -1, 1),
	    I(SLLI, 1, 31, 0x80000000),
	    I(SRLI, 0x80000000, 31, 1),
	    I(SRLI, 0x80000000, 0, 0x80000000),
	    I(SRAI, 0x80000000, 31, 0xffffffff),
	    {"LUI", LUI(A2, 0x80000), 0, 0, 0x80000000},
	    {"AUIPC", AUIPC(A2, 0x80000), 0, 0, 0},
	    R(MUL, 0x10001, 0x10001, 0x20001),
	    R(MULH, 0x80000000, 0x80000000, 0x40000000),
	    R(MULH, 0xffffffff, 2, 0xffffffff),
	    R(MULHU, 0xffffffff, 0xffffffff, 0xfffffffe),
	    R(MULHSU, 0xffffffff, 0xffffffff, 0xffffffff),
	    R(MULHSU, 0x80000000, 0xffffffff, 0x80000000),
	    R(DIV, 0x80000000, 0xffffffff, 0x80000000),
	    R(DIV, 0xfffffff9, 2, 0xfffffffd),
	    R(DIV, 1, 0, 0xffffffff),
	    R(DIVU, 0xfffffff9, 2, 0x7ffffffc),
	    R(DIVU, 1, 0, 0xffffffff),
	    R(REM, 0x80000000, 0xffffffff, 0),
	    R(REM, 0xfffffff9, 2, 0xffffffff),
	    R(REM, 0xfffffff9, 0, 0xfffffff9),
	    R(REMU, 0xfffffff9, 2, 1),
	    R(REMU, 0xfffffff9, 0, 0xfffffff9),
	};

	(void)state;
	check_rows("sv32", rows, COUNT(rows));
}

static void x0_stays_zero(void **state)
{
	struct rig r;

	(void)state;
	rig_open(&r, "sv39");
	rig_do(&r, ADDI(ZERO, ZERO, 5));
	assert_int_equal(rig_x(&r, ZERO), 0);
	rig_do(&r, LUI(ZERO, 5));
	assert_int_equal(rig_x(&r, ZERO), 0);
	rig_close(&r);
}

static void branches_go_when_their_condition_holds(void **state)
{
	static const struct {
		uint32_t insn;
		uint64_t a, b;
		bool taken;
	} rows[] = {
	    {BEQ(A0, A1, -8), 5, 5, true},     {BEQ(A0, A1, -8), 5, 6, false},
	    {BNE(A0, A1, -8), 5, 6, true},     {BNE(A0, A1, -8), 5, 5, false},
	    {BLT(A0, A1, -8), ONES, 0, true},  {BLT(A0, A1, -8), 0, ONES, false},
	    {BLT(A0, A1, -8), 0, 0, false},    {BGE(A0, A1, -8), 0, ONES, true},
	    {BGE(A0, A1, -8), 0, 0, true},     {BGE(A0, A1, -8), ONES, 0, false},
	    {BLTU(A0, A1, -8), 0, ONES, true}, {BLTU(A0, A1, -8), ONES, 0, false},
	    {BGEU(A0, A1, -8), ONES, 0, true}, {BGEU(A0, A1, -8), 0, ONES, false},
	    {BEQ(A0, A1, 4094), 5, 5, true},   {BEQ(A0, A1, -4096), 5, 5, true},
	};
	static const int32_t offsets[COUNT(rows)] = {[14] = 4094, [15] = -4096};
	const char *configs[] = {"sv39", "sv32"};

	(void)state;
	for (unsigned c = 0; c < 2; c++)
		for (size_t i = 0; i < COUNT(rows); i++) {
			int32_t offset = offsets[i] ? offsets[i] : -8;
			uint64_t from = RIG_DATA;
			struct rig r;

			rig_open(&r, configs[c]);
			r.h->pc = from;
			rig_set_x(&r, A0, rows[i].a);
			rig_set_x(&r, A1, rows[i].b);
			rig_do(&r, rows[i].insn);
			assert_int_equal(r.h->pc, rows[i].taken ? from + offset : from + 4);
			rig_close(&r);
		}
}

static void jumps_link_and_go(void **state)
{
	const char *configs[] = {"sv39", "sv32"};

	(void)state;
	for (unsigned c = 0; c < 2; c++) {
		struct rig r;

		rig_open(&r, configs[c]);
		rig_do(&r, JAL(RA, 0x800));
		assert_int_equal(r.h->pc, RIG_CODE + 0x800);
		assert_int_equal(rig_x(&r, RA), RIG_CODE + 4);
		rig_do(&r, JAL(ZERO, -0x800));
		assert_int_equal(r.h->pc, RIG_CODE);

		rig_set_x(&r, A0, RIG_CODE + 0x105);
		rig_do(&r, JALR(A0, A0, -4)); /* the target is read before the link is written */
		assert_int_equal(r.h->pc, RIG_CODE + 0x100); /* bit 0 is cleared */
		assert_int_equal(rig_x(&r, A0), RIG_CODE + 4);
		rig_assert_no_trap(&r);
		rig_close(&r);
	}
}

static void rv32_addresses_wrap_at_32_bits(void **state)
{
	struct rig r;

	(void)state;
	rig_open(&r, "sv32");
	rig_set_x(&r, A0, 0xffffff00);
	rig_do(&r, JALR(ZERO, A0, 0x200));
	assert_int_equal(r.h->pc, 0x100);
	rig_close(&r);
}

static void fences_are_instructions(void **state)
{
	struct rig r;

	(void)state;
	rig_open(&r, "sv39");
	rig_do(&r, FENCE);
	rig_do(&r, FENCE_I);
	rig_assert_no_trap(&r);
	assert_int_equal(r.h->pc, RIG_CODE + 8);
	rig_close(&r);
}

static void check_illegal(const char *config, const uint32_t *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct rig r;

		rig_open(&r, config);
		rig_do(&r, words[i]);
		rig_assert_trap_m(&r, CAUSE_ILLEGAL, words[i], RIG_CODE);
		rig_close(&r);
	}
}

static void reserved_encodings_are_illegal(void **state)
{
	static const uint32_t words[] = {
	    ILLEGAL,
	    ENC_WORD(0x33, 2, 0),    /* OP with an unknown funct7 */
	    ENC_WORD(0x33, 0x20, 1), /* no sll with bit 30 */
	    ENC_WORD(0x3b, 0x20, 1),
	    ENC_WORD(0x3b, 1, 1),    /* no mulhw */
	    ENC_WORD(0x13, 0x20, 1), /* slli with bit 30 */
	    ENC_WORD(0x13, 0x40, 5),
	    ENC_WORD(0x1b, 0x01, 1), /* slliw by 32 */
	    ENC_WORD(0x1b, 0x00, 2),
	    ENC_WORD(0x63, 0, 2), /* branches 2 and 3 */
	    ENC_WORD(0x63, 0, 3),
	    ENC_WORD(0x67, 0, 1), /* jalr with funct3 1 */
	    ENC_WORD(0x03, 0, 7),
	    ENC_WORD(0x23, 0, 4),
	    ENC_WORD(0x0f, 0, 2),
	    ENC_WORD(0x07, 0, 2), /* flw: no F */
	    ENC_WORD(0x73, 0, 4),
	    ENC_WORD(0x2f, 0x0d << 2, 2), /* no such AMO */
	    ENC_WORD(0x2f, 0, 1),         /* amoadd.h */
	    0x10200073 | 1 << 7,          /* sret with rd = x1 */
	    0x10200073 | 1 << 15,
	    0x00200073, /* uret is no more */
	};

	(void)state;
	check_illegal("sv39", words, COUNT(words));
}

static void rv64_instructions_are_illegal_on_rv32(void **state)
{
	static const uint32_t words[] = {
	    ENC_WORD(0x03, 0, 3), /* ld */
	    ENC_WORD(0x03, 0, 6), /* lwu */
	    ENC_WORD(0x23, 0, 3), /* sd */
	    ENC_WORD(0x1b, 0, 0), /* addiw */
	    ENC_WORD(0x3b, 0, 0), /* addw */
	    ENC_WORD(0x3b, 1, 0), /* mulw */
	    ENC_WORD(0x2f, 0, 3), /* amoadd.d */
	    ENC_WORD(0x13, 1, 1), /* slli by 32 */
	    ENC_WORD(0x13, 1, 5),
	};

	(void)state;
	check_illegal("sv32", words, COUNT(words));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(rv64_integer),
	    cmocka_unit_test(rv64_word_forms_sign_extend_32_bit_results),
	    cmocka_unit_test(rv64_multiply_and_divide),
	    cmocka_unit_test(rv32_integer),
	    cmocka_unit_test(x0_stays_zero),
	    cmocka_unit_test(branches_go_when_their_condition_holds),
	    cmocka_unit_test(jumps_link_and_go),
	    cmocka_unit_test(rv32_addresses_wrap_at_32_bits),
	    cmocka_unit_test(fences_are_instructions),
	    cmocka_unit_test(reserved_encodings_are_illegal),
	    cmocka_unit_test(rv64_instructions_are_illegal_on_rv32),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
