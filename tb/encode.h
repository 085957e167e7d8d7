/*
 * RISC-V instructions as words, so that a test of the hart reads like assembly:
 * ADDI(A0, ZERO, 1). Encodings from the unprivileged specification, "RV32/64G
 * Instruction Set Listings". Immediates are in bytes and may be negative.
 */
#ifndef ATLAS_ENCODE_H
#define ATLAS_ENCODE_H

#include <stdint.h>

enum { ZERO, RA, SP, GP, TP, T0, T1, T2, S0, S1, A0, A1, A2, A3, A4, A5 };

#define ENC_R(opcode, funct7, funct3, rd, rs1, rs2)                                                \
	((uint32_t)(funct7) << 25 | (uint32_t)(rs2) << 20 | (uint32_t)(rs1) << 15 |                \
	 (uint32_t)(funct3) << 12 | (uint32_t)(rd) << 7 | (opcode))
#define ENC_I(opcode, funct3, rd, rs1, imm)                                                        \
	((uint32_t)(imm) << 20 | (uint32_t)(rs1) << 15 | (uint32_t)(funct3) << 12 |                \
	 (uint32_t)(rd) << 7 | (opcode))
#define ENC_S(funct3, rs2, rs1, imm)                                                               \
	ENC_R(0x23, (uint32_t)(imm) >> 5 & 0x7f, funct3, (uint32_t)(imm)&31, rs1, rs2)
#define ENC_B(funct3, rs1, rs2, offset)                                                            \
	(((uint32_t)(offset) >> 12 & 1) << 31 | ((uint32_t)(offset) >> 5 & 0x3f) << 25 |           \
	 (uint32_t)(rs2) << 20 | (uint32_t)(rs1) << 15 | (uint32_t)(funct3) << 12 |                \
	 ((uint32_t)(offset) >> 1 & 0xf) << 8 | ((uint32_t)(offset) >> 11 & 1) << 7 | 0x63)
#define ENC_J(rd, offset)                                                                          \
	(((uint32_t)(offset) >> 20 & 1) << 31 | ((uint32_t)(offset) >> 1 & 0x3ff) << 21 |          \
	 ((uint32_t)(offset) >> 11 & 1) << 20 | ((uint32_t)(offset) >> 12 & 0xff) << 12 |          \
	 (uint32_t)(rd) << 7 | 0x6f)

/* Any R-type word, where the registers do not matter. */
#define ENC_WORD(opcode, funct7, funct3) ENC_R(opcode, funct7, funct3, A2, A0, A1)

/* RV32I and RV64I */
#define LUI(rd, imm)        ((uint32_t)(imm) << 12 | (rd) << 7 | 0x37)
#define AUIPC(rd, imm)      ((uint32_t)(imm) << 12 | (rd) << 7 | 0x17)
#define JAL(rd, offset)     ENC_J(rd, offset)
#define JALR(rd, rs1, imm)  ENC_I(0x67, 0, rd, rs1, imm)
#define BEQ(rs1, rs2, off)  ENC_B(0, rs1, rs2, off)
#define BNE(rs1, rs2, off)  ENC_B(1, rs1, rs2, off)
#define BLT(rs1, rs2, off)  ENC_B(4, rs1, rs2, off)
#define BGE(rs1, rs2, off)  ENC_B(5, rs1, rs2, off)
#define BLTU(rs1, rs2, off) ENC_B(6, rs1, rs2, off)
#define BGEU(rs1, rs2, off) ENC_B(7, rs1, rs2, off)
#define LB(rd, rs1, imm)    ENC_I(0x03, 0, rd, rs1, imm)
#define LH(rd, rs1, imm)    ENC_I(0x03, 1, rd, rs1, imm)
#define LW(rd, rs1, imm)    ENC_I(0x03, 2, rd, rs1, imm)
#define LD(rd, rs1, imm)    ENC_I(0x03, 3, rd, rs1, imm)
#define LBU(rd, rs1, imm)   ENC_I(0x03, 4, rd, rs1, imm)
#define LHU(rd, rs1, imm)   ENC_I(0x03, 5, rd, rs1, imm)
#define LWU(rd, rs1, imm)   ENC_I(0x03, 6, rd, rs1, imm)
#define SB(rs2, rs1, imm)   ENC_S(0, rs2, rs1, imm)
#define SH(rs2, rs1, imm)   ENC_S(1, rs2, rs1, imm)
#define SW(rs2, rs1, imm)   ENC_S(2, rs2, rs1, imm)
#define SD(rs2, rs1, imm)   ENC_S(3, rs2, rs1, imm)
#define ADDI(rd, rs1, imm)  ENC_I(0x13, 0, rd, rs1, imm)
#define SLTI(rd, rs1, imm)  ENC_I(0x13, 2, rd, rs1, imm)
#define SLTIU(rd, rs1, imm) ENC_I(0x13, 3, rd, rs1, imm)
#define XORI(rd, rs1, imm)  ENC_I(0x13, 4, rd, rs1, imm)
#define ORI(rd, rs1, imm)   ENC_I(0x13, 6, rd, rs1, imm)
#define ANDI(rd, rs1, imm)  ENC_I(0x13, 7, rd, rs1, imm)
#define SLLI(rd, rs1, sh)   ENC_I(0x13, 1, rd, rs1, sh)
#define SRLI(rd, rs1, sh)   ENC_I(0x13, 5, rd, rs1, sh)
#define SRAI(rd, rs1, sh)   ENC_I(0x13, 5, rd, rs1, 0x400 | (sh))
#define ADD(rd, rs1, rs2)   ENC_R(0x33, 0x00, 0, rd, rs1, rs2)
#define SUB(rd, rs1, rs2)   ENC_R(0x33, 0x20, 0, rd, rs1, rs2)
#define SLL(rd, rs1, rs2)   ENC_R(0x33, 0x00, 1, rd, rs1, rs2)
#define SLT(rd, rs1, rs2)   ENC_R(0x33, 0x00, 2, rd, rs1, rs2)
#define SLTU(rd, rs1, rs2)  ENC_R(0x33, 0x00, 3, rd, rs1, rs2)
#define XOR(rd, rs1, rs2)   ENC_R(0x33, 0x00, 4, rd, rs1, rs2)
#define SRL(rd, rs1, rs2)   ENC_R(0x33, 0x00, 5, rd, rs1, rs2)
#define SRA(rd, rs1, rs2)   ENC_R(0x33, 0x20, 5, rd, rs1, rs2)
#define OR(rd, rs1, rs2)    ENC_R(0x33, 0x00, 6, rd, rs1, rs2)
#define AND(rd, rs1, rs2)   ENC_R(0x33, 0x00, 7, rd, rs1, rs2)
#define ADDIW(rd, rs1, imm) ENC_I(0x1b, 0, rd, rs1, imm)
#define SLLIW(rd, rs1, sh)  ENC_I(0x1b, 1, rd, rs1, sh)
#define SRLIW(rd, rs1, sh)  ENC_I(0x1b, 5, rd, rs1, sh)
#define SRAIW(rd, rs1, sh)  ENC_I(0x1b, 5, rd, rs1, 0x400 | (sh))
#define ADDW(rd, rs1, rs2)  ENC_R(0x3b, 0x00, 0, rd, rs1, rs2)
#define SUBW(rd, rs1, rs2)  ENC_R(0x3b, 0x20, 0, rd, rs1, rs2)
#define SLLW(rd, rs1, rs2)  ENC_R(0x3b, 0x00, 1, rd, rs1, rs2)
#define SRLW(rd, rs1, rs2)  ENC_R(0x3b, 0x00, 5, rd, rs1, rs2)
#define SRAW(rd, rs1, rs2)  ENC_R(0x3b, 0x20, 5, rd, rs1, rs2)
#define FENCE               0x0ff0000fu
#define FENCE_I             0x0000100fu
#define ECALL               0x00000073u
#define EBREAK              0x00100073u

/* M */
#define MUL(rd, rs1, rs2)    ENC_R(0x33, 1, 0, rd, rs1, rs2)
#define MULH(rd, rs1, rs2)   ENC_R(0x33, 1, 1, rd, rs1, rs2)
#define MULHSU(rd, rs1, rs2) ENC_R(0x33, 1, 2, rd, rs1, rs2)
#define MULHU(rd, rs1, rs2)  ENC_R(0x33, 1, 3, rd, rs1, rs2)
#define DIV(rd, rs1, rs2)    ENC_R(0x33, 1, 4, rd, rs1, rs2)
#define DIVU(rd, rs1, rs2)   ENC_R(0x33, 1, 5, rd, rs1, rs2)
#define REM(rd, rs1, rs2)    ENC_R(0x33, 1, 6, rd, rs1, rs2)
#define REMU(rd, rs1, rs2)   ENC_R(0x33, 1, 7, rd, rs1, rs2)
#define MULW(rd, rs1, rs2)   ENC_R(0x3b, 1, 0, rd, rs1, rs2)
#define DIVW(rd, rs1, rs2)   ENC_R(0x3b, 1, 4, rd, rs1, rs2)
#define DIVUW(rd, rs1, rs2)  ENC_R(0x3b, 1, 5, rd, rs1, rs2)
#define REMW(rd, rs1, rs2)   ENC_R(0x3b, 1, 6, rd, rs1, rs2)
#define REMUW(rd, rs1, rs2)  ENC_R(0x3b, 1, 7, rd, rs1, rs2)

/* A: `width` is AMO_W or AMO_D */
enum { AMO_W = 2, AMO_D = 3 };
#define AMO(funct5, width, rd, rs2, rs1) ENC_R(0x2f, (funct5) << 2, width, rd, rs1, rs2)
#define LR(width, rd, rs1)               AMO(0x02, width, rd, 0, rs1)
#define SC(width, rd, rs2, rs1)          AMO(0x03, width, rd, rs2, rs1)
#define AMOSWAP(width, rd, rs2, rs1)     AMO(0x01, width, rd, rs2, rs1)
#define AMOADD(width, rd, rs2, rs1)      AMO(0x00, width, rd, rs2, rs1)
#define AMOXOR(width, rd, rs2, rs1)      AMO(0x04, width, rd, rs2, rs1)
#define AMOAND(width, rd, rs2, rs1)      AMO(0x0c, width, rd, rs2, rs1)
#define AMOOR(width, rd, rs2, rs1)       AMO(0x08, width, rd, rs2, rs1)
#define AMOMIN(width, rd, rs2, rs1)      AMO(0x10, width, rd, rs2, rs1)
#define AMOMAX(width, rd, rs2, rs1)      AMO(0x14, width, rd, rs2, rs1)
#define AMOMINU(width, rd, rs2, rs1)     AMO(0x18, width, rd, rs2, rs1)
#define AMOMAXU(width, rd, rs2, rs1)     AMO(0x1c, width, rd, rs2, rs1)

/* Zicsr */
#define CSRRW(rd, csr, rs1)  ENC_I(0x73, 1, rd, rs1, csr)
#define CSRRS(rd, csr, rs1)  ENC_I(0x73, 2, rd, rs1, csr)
#define CSRRC(rd, csr, rs1)  ENC_I(0x73, 3, rd, rs1, csr)
#define CSRRWI(rd, csr, imm) ENC_I(0x73, 5, rd, imm, csr)
#define CSRRSI(rd, csr, imm) ENC_I(0x73, 6, rd, imm, csr)
#define CSRRCI(rd, csr, imm) ENC_I(0x73, 7, rd, imm, csr)
#define CSRR(rd, csr)        CSRRS(rd, csr, ZERO)
#define CSRW(csr, rs1)       CSRRW(ZERO, csr, rs1)

/* Privileged */
#define SRET                 0x10200073u
#define MRET                 0x30200073u
#define WFI                  0x10500073u
#define SFENCE_VMA(rs1, rs2) ENC_R(0x73, 9, 0, 0, rs1, rs2)
#define SINVAL_VMA(rs1, rs2) ENC_R(0x73, 11, 0, 0, rs1, rs2)
#define SFENCE_W_INVAL       0x18000073u
#define SFENCE_INVAL_IR      0x18100073u

/* Zicbom, Zicboz, Zicbop: the prefetches' offset is a multiple of 32 */
#define CBO_INVAL(rs1)         ENC_I(0x0f, 2, 0, rs1, 0)
#define CBO_CLEAN(rs1)         ENC_I(0x0f, 2, 0, rs1, 1)
#define CBO_FLUSH(rs1)         ENC_I(0x0f, 2, 0, rs1, 2)
#define CBO_ZERO(rs1)          ENC_I(0x0f, 2, 0, rs1, 4)
#define PREFETCH_I(rs1, bytes) ORI(0, rs1, (bytes) | 0)
#define PREFETCH_R(rs1, bytes) ORI(0, rs1, (bytes) | 1)
#define PREFETCH_W(rs1, bytes) ORI(0, rs1, (bytes) | 3)

/* Zimop, and Zicfiss, which is coded in it */
#define MOP_R(n, rd, rs1)                                                                          \
	ENC_I(0x73, 4, rd, rs1, 0x81c | ((n) >> 4 & 1) << 10 | ((n) >> 2 & 3) << 6 | ((n)&3))
#define MOP_RR(n, rd, rs1, rs2)                                                                    \
	ENC_R(0x73, 0x41 | ((n) >> 2 & 1) << 5 | ((n)&3) << 1, 4, rd, rs1, rs2)
#define SSPUSH(rs2)                    MOP_RR(7, 0, 0, rs2)
#define SSPOPCHK(rs1)                  MOP_R(28, 0, rs1)
#define SSRDP(rd)                      MOP_R(28, rd, 0)
#define SSAMOSWAP(width, rd, rs2, rs1) AMO(0x09, width, rd, rs2, rs1)
#define C_MOP(n)                       (0x6001u | (n) << 7)

#define ILLEGAL 0xffffffffu

#endif
