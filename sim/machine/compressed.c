/* The C extension (unpriv/c-st-ext.adoc): each 16-bit instruction as the 32-bit
 * one that it stands for. Hints become instructions that write x0; reserved
 * encodings, and those of the absent F and D, become 0, which is illegal. */
#include "hart_internal.h"

#define BITS(v, high, low) ((v) >> (low) & ((1u << ((high) - (low) + 1)) - 1))

enum { SP = 2, RA = 1 };
enum {
	OP_LOAD = 0x03,
	OP_IMM = 0x13,
	OP_IMM_32 = 0x1b,
	OP_STORE = 0x23,
	OP_OP = 0x33,
	OP_LUI = 0x37,
	OP_OP_32 = 0x3b,
	OP_BRANCH = 0x63,
	OP_JALR = 0x67,
	OP_JAL = 0x6f,
};

static uint32_t i_type(unsigned opcode, unsigned funct3, unsigned rd, unsigned rs1, uint32_t imm)
{
	return imm << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | opcode;
}

static uint32_t r_type(unsigned opcode, unsigned funct7, unsigned funct3, unsigned rd, unsigned rs1,
		       unsigned rs2)
{
	return funct7 << 25 | rs2 << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | opcode;
}

static uint32_t s_type(unsigned funct3, unsigned rs1, unsigned rs2, uint32_t imm)
{
	return BITS(imm, 11, 5) << 25 | rs2 << 20 | rs1 << 15 | funct3 << 12 |
	       BITS(imm, 4, 0) << 7 | OP_STORE;
}

static uint32_t branch(unsigned funct3, unsigned rs1, uint32_t imm)
{
	return BITS(imm, 12, 12) << 31 | BITS(imm, 10, 5) << 25 | rs1 << 15 | funct3 << 12 |
	       BITS(imm, 4, 1) << 8 | BITS(imm, 11, 11) << 7 | OP_BRANCH;
}

static uint32_t jal(unsigned rd, uint32_t imm)
{
	return BITS(imm, 20, 20) << 31 | BITS(imm, 10, 1) << 21 | BITS(imm, 11, 11) << 20 |
	       BITS(imm, 19, 12) << 12 | rd << 7 | OP_JAL;
}

/* The immediate of most quadrant-1 instructions: bit 12 is the sign. */
static uint32_t imm6(uint32_t c)
{
	uint32_t imm = BITS(c, 12, 12) << 5 | BITS(c, 6, 2);

	return imm & 0x20 ? imm | ~0x3fu : imm;
}

static uint32_t jump_offset(uint32_t c)
{
	uint32_t imm = BITS(c, 12, 12) << 11 | BITS(c, 11, 11) << 4 | BITS(c, 10, 9) << 8 |
		       BITS(c, 8, 8) << 10 | BITS(c, 7, 7) << 6 | BITS(c, 6, 6) << 7 |
		       BITS(c, 5, 3) << 1 | BITS(c, 2, 2) << 5;

	return imm & 0x800 ? imm | ~0xfffu : imm;
}

static uint32_t branch_offset(uint32_t c)
{
	uint32_t imm = BITS(c, 12, 12) << 8 | BITS(c, 11, 10) << 3 | BITS(c, 6, 5) << 6 |
		       BITS(c, 4, 3) << 1 | BITS(c, 2, 2) << 5;

	return imm & 0x100 ? imm | ~0x1ffu : imm;
}

static uint32_t quadrant0(uint32_t c, unsigned xlen)
{
	unsigned rd = 8 + BITS(c, 4, 2), rs1 = 8 + BITS(c, 9, 7);
	uint32_t word = BITS(c, 12, 10) << 3 | BITS(c, 6, 6) << 2 | BITS(c, 5, 5) << 6;
	uint32_t dword = BITS(c, 12, 10) << 3 | BITS(c, 6, 5) << 6;
	uint32_t imm;

	switch (BITS(c, 15, 13)) {
	case 0: /* c.addi4spn */
		imm = BITS(c, 12, 11) << 4 | BITS(c, 10, 7) << 6 | BITS(c, 6, 6) << 2 |
		      BITS(c, 5, 5) << 3;
		return imm ? i_type(OP_IMM, 0, rd, SP, imm) : 0;
	case 2: /* c.lw */
		return i_type(OP_LOAD, 2, rd, rs1, word);
	case 3: /* c.ld */
		return xlen == 64 ? i_type(OP_LOAD, 3, rd, rs1, dword) : 0;
	case 6: /* c.sw */
		return s_type(2, rs1, rd, word);
	case 7: /* c.sd */
		return xlen == 64 ? s_type(3, rs1, rd, dword) : 0;
	default:
		return 0;
	}
}

/* c.srli, c.srai, c.andi, and the register-register operations. */
static uint32_t arithmetic(uint32_t c, unsigned xlen)
{
	static const uint8_t funct3[] = {0, 4, 6, 7}; /* sub, xor, or, and */
	unsigned rd = 8 + BITS(c, 9, 7), rs2 = 8 + BITS(c, 4, 2), which = BITS(c, 6, 5);
	uint32_t shamt = BITS(c, 12, 12) << 5 | BITS(c, 6, 2);

	switch (BITS(c, 11, 10)) {
	case 0:
	case 1:
		if (xlen == 32 && shamt >= 32)
			return 0;
		return i_type(OP_IMM, 5, rd, rd, shamt | BITS(c, 10, 10) << 10);
	case 2:
		return i_type(OP_IMM, 7, rd, rd, imm6(c));
	default:
		if (!BITS(c, 12, 12))
			return r_type(OP_OP, which == 0 ? 0x20 : 0, funct3[which], rd, rd, rs2);
		if (xlen == 32 || which > 1)
			return 0;
		return r_type(OP_OP_32, which == 0 ? 0x20 : 0, 0, rd, rd, rs2);
	}
}

static uint32_t lui_or_addi16sp(uint32_t c, unsigned rd)
{
	uint32_t imm;

	if (!BITS(c, 12, 12) && !BITS(c, 6, 2)) /* c.mop.1 to c.mop.15 (zcmop.adoc) */
		return rd < 16 && rd % 2 ? expand_c_mop(rd) : 0;
	if (rd != SP)
		return imm6(c) << 12 | rd << 7 | OP_LUI;
	imm = BITS(c, 12, 12) << 9 | BITS(c, 6, 6) << 4 | BITS(c, 5, 5) << 6 | BITS(c, 4, 3) << 7 |
	      BITS(c, 2, 2) << 5;
	return i_type(OP_IMM, 0, SP, SP, imm & 0x200 ? imm | ~0x3ffu : imm);
}

static uint32_t quadrant1(uint32_t c, unsigned xlen)
{
	unsigned rd = BITS(c, 11, 7);

	switch (BITS(c, 15, 13)) {
	case 0: /* c.addi, c.nop */
		return i_type(OP_IMM, 0, rd, rd, imm6(c));
	case 1: /* c.jal (RV32), c.addiw (RV64) */
		if (xlen == 32)
			return jal(RA, jump_offset(c));
		return rd ? i_type(OP_IMM_32, 0, rd, rd, imm6(c)) : 0;
	case 2: /* c.li */
		return i_type(OP_IMM, 0, rd, 0, imm6(c));
	case 3:
		return lui_or_addi16sp(c, rd);
	case 4:
		return arithmetic(c, xlen);
	case 5: /* c.j */
		return jal(0, jump_offset(c));
	default: /* c.beqz, c.bnez */
		return branch(BITS(c, 13, 13), 8 + BITS(c, 9, 7), branch_offset(c));
	}
}

/* c.jr, c.mv, c.ebreak, c.jalr, c.add */
static uint32_t jump_or_move(unsigned link_or_add, unsigned rd, unsigned rs2)
{
	if (rs2)
		return r_type(OP_OP, 0, 0, rd, link_or_add ? rd : 0, rs2);
	if (rd)
		return i_type(OP_JALR, 0, link_or_add ? RA : 0, rd, 0);
	return link_or_add ? 0x00100073 : 0;
}

static uint32_t quadrant2(uint32_t c, unsigned xlen)
{
	unsigned rd = BITS(c, 11, 7), rs2 = BITS(c, 6, 2);
	uint32_t imm;

	switch (BITS(c, 15, 13)) {
	case 0: /* c.slli */
		imm = BITS(c, 12, 12) << 5 | BITS(c, 6, 2);
		return xlen == 32 && imm >= 32 ? 0 : i_type(OP_IMM, 1, rd, rd, imm);
	case 2: /* c.lwsp */
		imm = BITS(c, 12, 12) << 5 | BITS(c, 6, 4) << 2 | BITS(c, 3, 2) << 6;
		return rd ? i_type(OP_LOAD, 2, rd, SP, imm) : 0;
	case 3: /* c.ldsp */
		imm = BITS(c, 12, 12) << 5 | BITS(c, 6, 5) << 3 | BITS(c, 4, 2) << 6;
		return rd && xlen == 64 ? i_type(OP_LOAD, 3, rd, SP, imm) : 0;
	case 4:
		return jump_or_move(BITS(c, 12, 12), rd, rs2);
	case 6: /* c.swsp */
		return s_type(2, SP, rs2, BITS(c, 12, 9) << 2 | BITS(c, 8, 7) << 6);
	case 7: /* c.sdsp */
		imm = BITS(c, 12, 10) << 3 | BITS(c, 9, 7) << 6;
		return xlen == 64 ? s_type(3, SP, rs2, imm) : 0;
	default:
		return 0;
	}
}

uint32_t expand_compressed(uint16_t insn, unsigned xlen)
{
	switch (insn & 3) {
	case 0:
		return quadrant0(insn, xlen);
	case 1:
		return quadrant1(insn, xlen);
	default:
		return quadrant2(insn, xlen);
	}
}
