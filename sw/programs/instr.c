/*
 * What the instructions compute, each against a value worked out by hand from
 * the unprivileged specification: the corners (signs, overflow, shifts by more
 * than the width, division by zero) rather than the plain cases, which every
 * other program depends on anyway.
 */
#include "check.h"
#include "context.h"

#define MIN   ((xword)1 << (XLEN - 1)) /* the most negative number */
#define MAX   (MIN - 1)
#define MINUS (~(xword)0)

/* One instruction of two source registers. */
#define RR(insn, a, b)                                                                             \
	({                                                                                         \
		xword d_;                                                                          \
		__asm__ volatile(insn " %0, %1, %2"                                                \
				 : "=r"(d_)                                                        \
				 : "r"((xword)(a)), "r"((xword)(b)));                              \
		d_;                                                                                \
	})

/* One of a register and an immediate, which stands in the text. */
#define RI(insn, a, imm)                                                                           \
	({                                                                                         \
		xword d_;                                                                          \
		__asm__ volatile(insn " %0, %1, " #imm : "=r"(d_) : "r"((xword)(a)));              \
		d_;                                                                                \
	})

static void arithmetic(void)
{
	check_equal("add_wraps", MIN, RR("add", MAX, 1));
	check_equal("sub_wraps", MAX, RR("sub", MIN, 1));
	check_equal("addi_negative", MINUS, RI("addi", 0, -1));
	check_equal("slt_signed", 1, RR("slt", MIN, MAX));
	check_equal("sltu_unsigned", 0, RR("sltu", MIN, MAX));
	check_equal("sltiu_extends_then_compares_unsigned", 1, RI("sltiu", 5, -1));
	check_equal("xori_not", ~(xword)0x1234, RI("xori", 0x1234, -1));
	check_equal("and", 0x10, RR("and", 0x3c, 0x13));
	check_equal("or", 0x3f, RR("or", 0x3c, 0x13));
	check_equal("lui_sign_extends", (xword)(long)(int32_t)0x80000000, ({
			    xword d;
			    __asm__ volatile("lui %0, 0x80000" : "=r"(d));
			    d;
		    }));
	check_equal("x0_stays_zero", 0, ({
			    xword d;
			    __asm__ volatile("li x0, 7; mv %0, x0" : "=r"(d));
			    d;
		    }));
}

static void shifts(void)
{
	check_equal("sll_takes_low_bits_of_amount", 2, RR("sll", 1, XLEN + 1));
	check_equal("srl_fills_zeroes", MIN >> 4, RR("srl", MIN, 4));
	check_equal("sra_fills_signs", MINUS, RR("sra", MIN, XLEN - 1));
	check_equal("srai_positive", MAX >> 3, RI("srai", MAX, 3));
	check_equal("sll_by_minus_one", MIN, RR("sll", 1, -1));
}

static void multiply_divide(void)
{
	check_equal("mul_low", (xword)0 - 6, RR("mul", -2, 3));
	check_equal("mulh_minus_one_squared", 0, RR("mulh", -1, -1));
	check_equal("mulhu_most_squared", MINUS - 1, RR("mulhu", -1, -1));
	check_equal("mulhsu_minus_one_by_most", MINUS, RR("mulhsu", -1, -1));
	check_equal("mulh_min_squared", MIN >> 1, RR("mulh", MIN, MIN));
	check_equal("div_rounds_to_zero", (xword)0 - 3, RR("div", -7, 2));
	check_equal("rem_has_sign_of_dividend", MINUS, RR("rem", -7, 2));
	check_equal("div_by_zero", MINUS, RR("div", 7, 0));
	check_equal("divu_by_zero", MINUS, RR("divu", 7, 0));
	check_equal("rem_by_zero", 7, RR("rem", 7, 0));
	check_equal("remu_by_zero", 7, RR("remu", 7, 0));
	check_equal("div_overflow", MIN, RR("div", MIN, -1));
	check_equal("rem_overflow", 0, RR("rem", MIN, -1));
	check_equal("divu_is_unsigned", 0, RR("divu", MIN, -1));
	check_equal("remu_is_unsigned", MIN, RR("remu", MIN, -1));
}

#if XLEN == 64
static void words(void)
{
	check_equal("addw_sign_extends", 0xffffffff80000000, RR("addw", 0x7fffffff, 1));
	check_equal("addw_ignores_upper_half", 3, RR("addw", 0x100000001, 0xff00000002));
	check_equal("addiw_sext", 0xffffffff80000000, RI("addiw", 0x80000000, 0));
	check_equal("subw", 0xffffffffffffffff, RR("subw", 0, 1));
	check_equal("sllw", 0xffffffff80000000, RR("sllw", 1, 31));
	check_equal("sllw_amount_of_five_bits", 1, RR("sllw", 1, 32));
	check_equal("srlw", 1, RR("srlw", 0x80000000, 31));
	check_equal("sraw", MINUS, RR("sraw", 0x80000000, 31));
	check_equal("srliw_sign_extends", 0xffffffff80000000, RI("srliw", 0xf80000000, 0));
	check_equal("mulw", 0xffffffff80000000, RR("mulw", 0x40000000, 2));
	check_equal("divw_overflow", 0xffffffff80000000, RR("divw", 0x80000000, -1));
	check_equal("divw_by_zero", MINUS, RR("divw", 7, 0));
	check_equal("divuw_sign_extends", MINUS, RR("divuw", 0xffffffff, 1));
	check_equal("remw_overflow", 0, RR("remw", 0x80000000, -1));
	check_equal("remuw_by_zero", 0xffffffff80000000, RR("remuw", 0x80000000, 0));
}
#endif

static void memory(void)
{
	static volatile uint32_t word[2];
	xword d;

	word[0] = 0x8182f3f4;
	__asm__ volatile("lb %0, 0(%1)" : "=r"(d) : "r"(word));
	check_equal("lb_sign_extends", (xword)0 - 12, d);
	__asm__ volatile("lbu %0, 0(%1)" : "=r"(d) : "r"(word));
	check_equal("lbu", 0xf4, d);
	__asm__ volatile("lh %0, 2(%1)" : "=r"(d) : "r"(word));
	check_equal("lh_sign_extends", (xword)(long)(int16_t)0x8182, d);
	__asm__ volatile("lhu %0, 2(%1)" : "=r"(d) : "r"(word));
	check_equal("lhu", 0x8182, d);
	__asm__ volatile("lw %0, 0(%1)" : "=r"(d) : "r"(word));
	check_equal("lw_sign_extends", (xword)(long)(int32_t)0x8182f3f4, d);
	__asm__ volatile("sb %0, 1(%1)" ::"r"(0x155), "r"(word) : "memory");
	check_equal("sb_changes_one_byte", 0x818255f4, word[0]);
	__asm__ volatile("sh %0, 2(%1)" ::"r"(0x12345), "r"(word) : "memory");
	check_equal("sh_changes_two", 0x234555f4, word[0]);
	__asm__ volatile("lw %0, -4(%1)" : "=r"(d) : "r"(word + 1));
	check_equal("negative_offset", 0x234555f4, d);
#if XLEN == 64
	__asm__ volatile("sd %0, 0(%1)" ::"r"(0x1122334455667788), "r"(word) : "memory");
	check_equal("sd_is_little_endian", 0x11223344, word[1]);
	word[1] = 0x80000000;
	__asm__ volatile("lwu %0, 4(%1)" : "=r"(d) : "r"(word));
	check_equal("lwu", 0x80000000, d);
#endif
}

/* amoNAME old, value, (address): what was there, and what is there now. */
#define AMO(name, insn, before, operand, after)                                                    \
	do {                                                                                       \
		static volatile xword cell_ __attribute__((aligned(8)));                           \
		xword old_;                                                                        \
		cell_ = (xword)(before);                                                           \
		__asm__ volatile(insn " %0, %1, (%2)"                                              \
				 : "=&r"(old_)                                                     \
				 : "r"((xword)(operand)), "r"(&cell_)                              \
				 : "memory");                                                      \
		check(name, old_ == (xword)(before) && cell_ == (xword)(after));                   \
	} while (0)

static void atomics(void)
{
	AMO("amoswap", "amoswap.w", 5, 7, 7);
	AMO("amoadd", "amoadd.w", 5, 7, 12);
	AMO("amoxor", "amoxor.w", 5, 7, 2);
	AMO("amoand", "amoand.w", 5, 6, 4);
	AMO("amoor", "amoor.w", 5, 6, 7);
	AMO("amomax_signed", "amomax.w", 5, -1, 5);
	AMO("amomin_positive", "amomin.w", 5, 3, 3);
	AMO("amominu_unsigned", "amominu.w", 5, -1, 5);
#if XLEN == 32
	AMO("amomin_signed", "amomin.w", 5, -1, -1);
	AMO("amomaxu_unsigned", "amomaxu.w", 5, -1, -1);
#else
	AMO("amomin_word_keeps_upper_half", "amomin.w", 5, -1, 0xffffffff);
	AMO("amoadd_double", "amoadd.d", 0xffffffff, 1, 0x100000000);
	AMO("amoswap_double", "amoswap.d", 1, MINUS, MINUS);
	AMO("amomin_double", "amomin.d", 5, MIN, MIN);
	AMO("amomaxu_double", "amomaxu.d", 5, MIN, MIN);
#endif
}

static xword load_reserved_store(volatile uint32_t *cell, xword value, bool disturb)
{
	xword old, failed;

	if (disturb) {
		/* Without a reservation of its own, a store-conditional must fail. */
		__asm__ volatile("lr.w %0, (%2)\n"
				 "sc.w %1, %0, (%2)\n"
				 "sc.w %1, %3, (%2)"
				 : "=&r"(old), "=&r"(failed)
				 : "r"(cell), "r"(value)
				 : "memory");
		return failed;
	}
	__asm__ volatile("1: lr.w %0, (%2)\n"
			 "sc.w %1, %3, (%2)\n"
			 "bnez %1, 1b"
			 : "=&r"(old), "=&r"(failed)
			 : "r"(cell), "r"(value)
			 : "memory");
	return failed;
}

static void reservations(void)
{
	static volatile uint32_t cell;

	cell = 1;
	check_equal("sc_after_lr_succeeds", 0, load_reserved_store(&cell, 42, false));
	check_equal("sc_stored", 42, cell);
	check("sc_without_lr_fails", load_reserved_store(&cell, 43, true) != 0);
	check_equal("failed_sc_stores_nothing", 42, cell);
}

/* A branch is taken, or not: 1 or 0. */
#define TAKEN(insn, a, b)                                                                          \
	({                                                                                         \
		xword d_;                                                                          \
		__asm__ volatile("li %0, 1\n" insn " %1, %2, 1f\nli %0, 0\n1:"                     \
				 : "=&r"(d_)                                                       \
				 : "r"((xword)(a)), "r"((xword)(b)));                              \
		d_;                                                                                \
	})

static void branches(void)
{
	check_equal("beq", 1, TAKEN("beq", 3, 3));
	check_equal("bne", 0, TAKEN("bne", 3, 3));
	check_equal("blt_signed", 1, TAKEN("blt", MIN, 0));
	check_equal("bltu_unsigned", 0, TAKEN("bltu", MIN, 0));
	check_equal("bge_equal", 1, TAKEN("bge", 4, 4));
	check_equal("bgeu_unsigned", 1, TAKEN("bgeu", MINUS, 1));

	xword link, here;

	__asm__ volatile(".option push\n.option norvc\n"
			 "auipc %1, 0\n"
			 "jal %0, 1f\n"
			 "1:\n"
			 ".option pop"
			 : "=r"(link), "=r"(here));
	check_equal("jal_links", 8, link - here);
	__asm__ volatile(".option push\n.option norvc\n"
			 "auipc %1, 0\n"
			 "addi %0, %1, 13\n" /* the lowest bit is dropped */
			 "jalr %0, 0(%0)\n"
			 ".option pop"
			 : "=&r"(link), "=&r"(here));
	check_equal("jalr_links_and_drops_bit_0", 12, link - here);
}

/* One each of the compressed formats, whose registers and immediates are
 * scattered: the assembler is told to compress, and the sizes are looked at. */
static void compressed(void)
{
	static volatile xword cell[40];
	xword d, size;

	__asm__ volatile(".option push\n.option rvc\n"
			 "la a4, 2f\n"
			 "la a3, 1f\n"
			 "j 1f\n"
			 "1: c.li a5, -17\n"
			 "c.addi a5, 10\n"
			 "c.slli a5, 3\n"
			 "c.srai a5, 1\n"
			 "c.andi a5, -3\n"
			 "c.mv a2, a5\n"
			 "c.add a2, a5\n"
			 "c.sub a2, a5\n"
			 "c.xor a2, a5\n"
			 "c.or a2, a5\n"
			 "c.and a2, a5\n"
			 "2: mv %0, a2\n"
			 "sub %1, a4, a3\n"
			 ".option pop"
			 : "=r"(d), "=r"(size)::"a2", "a3", "a4", "a5");
	check_equal("compressed_arithmetic", (xword)0 - 28, d);
	check_equal("compressed_is_two_bytes", 22, size);

	for (unsigned i = 0; i < 40; i++)
		cell[i] = 100 + i;
	__asm__ volatile("mv a3, %1\nc.lw a2, 124(a3)\nmv %0, a2"
			 : "=r"(d)
			 : "r"(cell)
			 : "a2", "a3");
	check_equal("c_lw_largest_offset", ((volatile uint32_t *)cell)[31], d);
	__asm__ volatile("mv a3, %1\nc.li a2, 21\nc.sw a2, 64(a3)\nlw %0, 64(a3)"
			 : "=r"(d)
			 : "r"(cell)
			 : "a2", "a3", "memory");
	check_equal("c_sw", 21, d);
#if XLEN == 64
	__asm__ volatile("mv a3, %1\nc.ld a2, 248(a3)\nmv %0, a2"
			 : "=r"(d)
			 : "r"(cell)
			 : "a2", "a3");
	check_equal("c_ld_largest_offset", 131, d);
	__asm__ volatile("li a2, 0x7fffffff\nc.addiw a2, 1\nmv %0, a2" : "=r"(d)::"a2");
	check_equal("c_addiw", 0xffffffff80000000, d);
#endif
	__asm__ volatile("c.lui a2, 0xfffe1\nmv %0, a2" : "=r"(d)::"a2");
	check_equal("c_lui_sign_extends", (xword)0 - 0x1f000, d);
	__asm__ volatile("li a2, 0\nli %0, 1\nc.beqz a2, 1f\nli %0, 0\n1:" : "=&r"(d)::"a2");
	check_equal("c_beqz", 1, d);
	__asm__ volatile("li a2, 0\nli %0, 1\nc.bnez a2, 1f\nli %0, 0\n1:" : "=&r"(d)::"a2");
	check_equal("c_bnez", 0, d);
	__asm__ volatile("mv a2, sp\nc.addi16sp sp, -64\nsub %0, a2, sp\nc.addi16sp sp, 64"
			 : "=r"(d)::"a2");
	check_equal("c_addi16sp", 64, d);
}

static void counters(void)
{
	xword cycle = csr_read(cycle), instret = csr_read(instret);

	for (volatile int i = 0; i < 4; i++)
		;
	check("cycle_counts", csr_read(cycle) != cycle);
	check("instret_counts", csr_read(instret) != instret);
}

/* Code is written over code that ran a moment ago. */
static void self_modifying(void)
{
	static uint32_t code[2];
	xword (*function)(void) = (xword(*)(void))code;
	bool right = true;

	for (unsigned i = 0; i < 8; i++) {
		((volatile uint32_t *)code)[0] = 0x00000513 | i << 20; /* li a0, i */
		((volatile uint32_t *)code)[1] = 0x00008067;           /* ret */
		fence_instructions();
		right = right && function() == i;
	}
	check("fence_i", right);
}

int main(void)
{
	arithmetic();
	shifts();
	multiply_divide();
#if XLEN == 64
	words();
#endif
	memory();
	atomics();
	reservations();
	branches();
	compressed();
	counters();
	self_modifying();
	return check_end();
}
