/* The integer instructions: RV32I, RV64I (unpriv/rv32.adoc, rv64.adoc) and the M
 * extension (unpriv/m-st-ext.adoc). */
#include "hart_internal.h"

#define RD(i)     ((i) >> 7 & 31)
#define FUNCT3(i) ((i) >> 12 & 7)
#define RS1(i)    ((i) >> 15 & 31)
#define RS2(i)    ((i) >> 20 & 31)
#define FUNCT7(i) ((i) >> 25)

enum {
	OP_LOAD = 0x03,
	OP_MISC_MEM = 0x0f,
	OP_IMM = 0x13,
	OP_AUIPC = 0x17,
	OP_IMM_32 = 0x1b,
	OP_STORE = 0x23,
	OP_AMO = 0x2f,
	OP_OP = 0x33,
	OP_LUI = 0x37,
	OP_OP_32 = 0x3b,
	OP_BRANCH = 0x63,
	OP_JALR = 0x67,
	OP_JAL = 0x6f,
	OP_SYSTEM = 0x73,
};

static uint64_t imm_i(uint32_t i)
{
	return (uint64_t)(int64_t)((int32_t)i >> 20);
}

static uint64_t imm_s(uint32_t i)
{
	return (uint64_t)(int64_t)(((int32_t)i >> 25) * 32 | (int32_t)RD(i));
}

static uint64_t imm_u(uint32_t i)
{
	return (uint64_t)(int64_t)(int32_t)(i & 0xfffff000u);
}

static uint64_t imm_b(uint32_t i)
{
	uint32_t imm = (i >> 31) * 0xfffff000u | (i >> 7 & 1) << 11 | (i >> 25 & 0x3f) << 5 |
		       (i >> 8 & 0xf) << 1;

	return (uint64_t)(int64_t)(int32_t)imm;
}

static uint64_t imm_j(uint32_t i)
{
	uint32_t imm =
	    (i >> 31) * 0xfff00000u | (i & 0xff000) | (i >> 20 & 1) << 11 | (i >> 21 & 0x3ff) << 1;

	return (uint64_t)(int64_t)(int32_t)imm;
}

static bool write_rd(struct hart *h, uint32_t insn, uint64_t value)
{
	h->x[RD(insn)] = value;
	return true;
}

static uint64_t sext32(uint64_t value)
{
	return (uint64_t)(int64_t)(int32_t)value;
}

static void jump(struct hart *h, uint64_t target)
{
	h->next_pc = hart_truncate(h, target & ~(uint64_t)1);
}

static bool load(struct hart *h, uint32_t insn)
{
	unsigned funct3 = FUNCT3(insn);
	uint64_t va = hart_truncate(h, h->x[RS1(insn)] + imm_i(insn));
	uint64_t value;

	if (funct3 == 7 || (h->xlen == 32 && (funct3 == 3 || funct3 == 6)))
		return hart_illegal(h);
	if (!hart_load(h, ACC_LOAD, va, 1u << (funct3 & 3), &value))
		return false;
	switch (funct3) {
	case 0:
		value = (uint64_t)(int64_t)(int8_t)value;
		break;
	case 1:
		value = (uint64_t)(int64_t)(int16_t)value;
		break;
	case 2:
		value = sext32(value);
		break;
	}
	return write_rd(h, insn, value);
}

static bool store(struct hart *h, uint32_t insn)
{
	unsigned funct3 = FUNCT3(insn);
	uint64_t va = hart_truncate(h, h->x[RS1(insn)] + imm_s(insn));

	if (funct3 > (h->xlen == 64 ? 3u : 2u))
		return hart_illegal(h);
	return hart_store(h, ACC_STORE, va, 1u << funct3, h->x[RS2(insn)]);
}

static bool branch(struct hart *h, uint32_t insn)
{
	uint64_t a = h->x[RS1(insn)], b = h->x[RS2(insn)];
	bool taken;

	switch (FUNCT3(insn)) {
	case 0:
		taken = a == b;
		break;
	case 1:
		taken = a != b;
		break;
	case 4:
		taken = (int64_t)a < (int64_t)b;
		break;
	case 5:
		taken = (int64_t)a >= (int64_t)b;
		break;
	case 6:
		taken = a < b;
		break;
	case 7:
		taken = a >= b;
		break;
	default:
		return hart_illegal(h);
	}
	if (taken)
		jump(h, h->pc + imm_b(insn));
	return true;
}

static uint64_t shift_right(const struct hart *h, uint64_t a, unsigned by, bool arithmetic)
{
	/* RV32 registers are sign-extended, which the arithmetic shift wants. */
	if (arithmetic)
		return (uint64_t)((int64_t)a >> by);
	return hart_extend(h, hart_truncate(h, a) >> by);
}

static bool op_imm(struct hart *h, uint32_t insn)
{
	uint64_t a = h->x[RS1(insn)], imm = imm_i(insn);
	unsigned shamt = insn >> 20 & (h->xlen - 1u);
	unsigned upper = (insn >> 20 & 0xfff) & ~(h->xlen - 1u); /* above the shift amount */

	switch (FUNCT3(insn)) {
	case 0:
		return write_rd(h, insn, hart_extend(h, a + imm));
	case 1:
		if (upper != 0)
			return hart_illegal(h);
		return write_rd(h, insn, hart_extend(h, a << shamt));
	case 2:
		return write_rd(h, insn, (int64_t)a < (int64_t)imm);
	case 3:
		return write_rd(h, insn, a < imm);
	case 4:
		return write_rd(h, insn, a ^ imm);
	case 5:
		if (upper != 0 && upper != 0x400)
			return hart_illegal(h);
		return write_rd(h, insn, shift_right(h, a, shamt, upper != 0));
	case 6:
		if (RD(insn) == 0)
			return hart_prefetch(h, insn);
		return write_rd(h, insn, a | imm);
	default:
		return write_rd(h, insn, a & imm);
	}
}

static bool op_imm_32(struct hart *h, uint32_t insn)
{
	uint64_t a = h->x[RS1(insn)];
	unsigned shamt = RS2(insn), funct7 = FUNCT7(insn);

	if (h->xlen == 32)
		return hart_illegal(h);
	switch (FUNCT3(insn)) {
	case 0:
		return write_rd(h, insn, sext32(a + imm_i(insn)));
	case 1:
		if (funct7 == 0)
			return write_rd(h, insn, sext32(a << shamt));
		break;
	case 5:
		if (funct7 == 0)
			return write_rd(h, insn, sext32((uint32_t)a >> shamt));
		if (funct7 == 0x20)
			return write_rd(h, insn, (uint64_t)(int64_t)((int32_t)a >> shamt));
		break;
	}
	return hart_illegal(h);
}

/* The upper XLEN bits of a product; on RV32 both factors come as 64-bit numbers
 * of 32 significant bits. */
static uint64_t multiply_high(const struct hart *h, __int128 a, __int128 b)
{
	return hart_extend(h, (uint64_t)(a * b >> h->xlen));
}

/* Division by zero and overflow give results, not traps (m-st-ext.adoc). -1 as a
 * divisor is negation, which also answers the overflow. */
static uint64_t divide(int64_t a, int64_t b)
{
	if (b == 0)
		return UINT64_MAX;
	return b == -1 ? 0 - (uint64_t)a : (uint64_t)(a / b);
}

static uint64_t remainder_of(int64_t a, int64_t b)
{
	if (b == 0)
		return (uint64_t)a;
	return b == -1 ? 0 : (uint64_t)(a % b);
}

static bool multiply_divide(struct hart *h, uint32_t insn)
{
	uint64_t a = h->x[RS1(insn)], b = h->x[RS2(insn)];
	uint64_t ua = hart_truncate(h, a), ub = hart_truncate(h, b);

	switch (FUNCT3(insn)) {
	case 0:
		return write_rd(h, insn, hart_extend(h, a * b));
	case 1:
		return write_rd(h, insn, multiply_high(h, (int64_t)a, (int64_t)b));
	case 2:
		return write_rd(h, insn, multiply_high(h, (int64_t)a, ub));
	case 3: /* unsigned, so that the 128-bit product of RV64 does not overflow */
		return write_rd(h, insn,
				hart_extend(h, (uint64_t)((unsigned __int128)ua * ub >> h->xlen)));
	case 4:
		return write_rd(h, insn, hart_extend(h, divide((int64_t)a, (int64_t)b)));
	case 5:
		return write_rd(h, insn, hart_extend(h, ub ? ua / ub : UINT64_MAX));
	case 6:
		return write_rd(h, insn, remainder_of((int64_t)a, (int64_t)b));
	default:
		return write_rd(h, insn, hart_extend(h, ub ? ua % ub : ua));
	}
}

static bool op(struct hart *h, uint32_t insn)
{
	uint64_t a = h->x[RS1(insn)], b = h->x[RS2(insn)];
	unsigned shamt = b & (h->xlen - 1u);

	if (FUNCT7(insn) == 1)
		return multiply_divide(h, insn);
	switch (FUNCT7(insn) << 3 | FUNCT3(insn)) {
	case 0:
		return write_rd(h, insn, hart_extend(h, a + b));
	case 0x100:
		return write_rd(h, insn, hart_extend(h, a - b));
	case 1:
		return write_rd(h, insn, hart_extend(h, a << shamt));
	case 2:
		return write_rd(h, insn, (int64_t)a < (int64_t)b);
	case 3:
		return write_rd(h, insn, a < b);
	case 4:
		return write_rd(h, insn, a ^ b);
	case 5:
		return write_rd(h, insn, shift_right(h, a, shamt, false));
	case 0x105:
		return write_rd(h, insn, shift_right(h, a, shamt, true));
	case 6:
		return write_rd(h, insn, a | b);
	case 7:
		return write_rd(h, insn, a & b);
	default:
		return hart_illegal(h);
	}
}

static bool op_32(struct hart *h, uint32_t insn)
{
	uint32_t a = (uint32_t)h->x[RS1(insn)], b = (uint32_t)h->x[RS2(insn)];

	if (h->xlen == 32)
		return hart_illegal(h);
	switch (FUNCT7(insn) << 3 | FUNCT3(insn)) {
	case 0:
		return write_rd(h, insn, sext32(a + b));
	case 0x100:
		return write_rd(h, insn, sext32(a - b));
	case 1:
		return write_rd(h, insn, sext32(a << (b & 31)));
	case 5:
		return write_rd(h, insn, sext32(a >> (b & 31)));
	case 0x105:
		return write_rd(h, insn, (uint64_t)(int64_t)((int32_t)a >> (b & 31)));
	case 8:
		return write_rd(h, insn, sext32(a * b));
	case 8 | 4:
		return write_rd(h, insn, sext32(divide((int32_t)a, (int32_t)b)));
	case 8 | 5:
		return write_rd(h, insn, sext32(b ? a / b : UINT32_MAX));
	case 8 | 6:
		return write_rd(h, insn, remainder_of((int32_t)a, (int32_t)b));
	case 8 | 7:
		return write_rd(h, insn, sext32(b ? a % b : a));
	default:
		return hart_illegal(h);
	}
}

static bool jalr(struct hart *h, uint32_t insn)
{
	uint64_t target = h->x[RS1(insn)] + imm_i(insn), link = h->next_pc;

	if (FUNCT3(insn) != 0)
		return hart_illegal(h);
	jump(h, target);
	return write_rd(h, insn, hart_extend(h, link));
}

static bool jal(struct hart *h, uint32_t insn)
{
	uint64_t link = h->next_pc;

	jump(h, h->pc + imm_j(insn));
	return write_rd(h, insn, hart_extend(h, link));
}

/* fence and fence.i order nothing that is not ordered already: one hart, no
 * cache, fetches always from memory. */
static bool misc_mem(struct hart *h, uint32_t insn)
{
	if (FUNCT3(insn) == 2)
		return hart_cache_block(h, insn);
	return FUNCT3(insn) <= 1 || hart_illegal(h);
}

static bool dispatch(struct hart *h, uint32_t insn)
{
	switch (insn & 0x7f) {
	case OP_LOAD:
		return load(h, insn);
	case OP_STORE:
		return store(h, insn);
	case OP_IMM:
		return op_imm(h, insn);
	case OP_OP:
		return op(h, insn);
	case OP_BRANCH:
		return branch(h, insn);
	case OP_JAL:
		return jal(h, insn);
	case OP_JALR:
		return jalr(h, insn);
	case OP_LUI:
		return write_rd(h, insn, imm_u(insn));
	case OP_AUIPC:
		return write_rd(h, insn, hart_extend(h, h->pc + imm_u(insn)));
	case OP_IMM_32:
		return op_imm_32(h, insn);
	case OP_OP_32:
		return op_32(h, insn);
	case OP_AMO:
		return hart_atomic(h, insn);
	case OP_MISC_MEM:
		return misc_mem(h, insn);
	case OP_SYSTEM:
		return hart_system(h, insn);
	default:
		return hart_illegal(h);
	}
}

bool hart_execute(struct hart *h, uint32_t insn)
{
	bool done = dispatch(h, insn);

	h->x[0] = 0;
	return done;
}
