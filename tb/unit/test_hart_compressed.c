/* The C extension: each 16-bit instruction against the 32-bit one that the
 * specification names for it, and the reserved encodings. The pairs are what the GNU
 * assembler makes of the two texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "encode.h"
#include "machine/hart_internal.h"
#include "rig.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

struct pair {
	const char *name;
	uint16_t compressed;
	uint32_t full;
};

static const struct pair both[] = {
    {"c.addi4spn a0,sp,4", 0x0048, 0x00410513},    /* addi a0,sp,4 */
    {"c.addi4spn s0,sp,1020", 0x1fe0, 0x3fc10413}, /* addi s0,sp,1020 */
    {"c.lw a0,124(a1)", 0x5de8, 0x07c5a503},       /* lw a0,124(a1) */
    {"c.lw s0,4(s1)", 0x40c0, 0x0044a403},         /* lw s0,4(s1) */
    {"c.sw a0,64(a1)", 0xc1a8, 0x04a5a023},        /* sw a0,64(a1) */
    {"c.nop", 0x0001, 0x00000013},                 /* addi zero,zero,0 */
    {"c.addi t0,-32", 0x1281, 0xfe028293},         /* addi t0,t0,-32 */
    {"c.li a0,31", 0x457d, 0x01f00513},            /* addi a0,zero,31 */
    {"c.li t6,-1", 0x5ffd, 0xfff00f93},            /* addi t6,zero,-1 */
    {"c.addi16sp sp,496", 0x617d, 0x1f010113},     /* addi sp,sp,496 */
    {"c.addi16sp sp,-512", 0x7101, 0xe0010113},    /* addi sp,sp,-512 */
    {"c.lui a0,1", 0x6505, 0x00001537},            /* lui a0,1 */
    {"c.lui t0,0xfffe0", 0x7281, 0xfffe02b7},      /* lui t0,0xfffe0 */
    {"c.srli a0,31", 0x817d, 0x01f55513},          /* srli a0,a0,31 */
    {"c.srai s1,1", 0x8485, 0x4014d493},           /* srai s1,s1,1 */
    {"c.andi a0,-1", 0x997d, 0xfff57513},          /* andi a0,a0,-1 */
    {"c.sub a0,a1", 0x8d0d, 0x40b50533},           /* sub a0,a0,a1 */
    {"c.xor a0,a1", 0x8d2d, 0x00b54533},           /* xor a0,a0,a1 */
    {"c.or a0,a1", 0x8d4d, 0x00b56533},            /* or a0,a0,a1 */
    {"c.and a0,a1", 0x8d6d, 0x00b57533},           /* and a0,a0,a1 */
    {"c.j .+2046", 0xaffd, 0x7fe0006f},            /* jal zero,.+2046 */
    {"c.j .-2048", 0xb001, 0x801ff06f},            /* jal zero,.-2048 */
    {"c.j .+1364", 0xab91, 0x5540006f},            /* jal zero,.+1364 */
    {"c.beqz a0,.+254", 0xcd7d, 0x0e050f63},       /* beq a0,zero,.+254 */
    {"c.bnez a5,.-256", 0xf381, 0xf00790e3},       /* bne a5,zero,.-256 */
    {"c.slli t6,31", 0x0ffe, 0x01ff9f93},          /* slli t6,t6,31 */
    {"c.lwsp a0,252(sp)", 0x557e, 0x0fc12503},     /* lw a0,252(sp) */
    {"c.jr ra", 0x8082, 0x00008067},               /* jalr zero,0(ra) */
    {"c.mv a0,t6", 0x857e, 0x01f00533},            /* add a0,zero,t6 */
    {"c.ebreak", 0x9002, 0x00100073},              /* ebreak */
    {"c.jalr t0", 0x9282, 0x000280e7},             /* jalr ra,0(t0) */
    {"c.add a0,t6", 0x957e, 0x01f50533},           /* add a0,a0,t6 */
    {"c.swsp t6,252(sp)", 0xdffe, 0x0ff12e23},     /* sw t6,252(sp) */
};

static const struct pair rv64_only[] = {
    {"c.ld a0,248(a1)", 0x7de8, 0x0f85b503},   /* ld a0,248(a1) */
    {"c.sd s0,8(a5)", 0xe780, 0x0087b423},     /* sd s0,8(a5) */
    {"c.addiw a0,-1", 0x357d, 0xfff5051b},     /* addiw a0,a0,-1 */
    {"c.srli a0,63", 0x917d, 0x03f55513},      /* srli a0,a0,63 */
    {"c.srai a0,32", 0x9501, 0x42055513},      /* srai a0,a0,32 */
    {"c.slli a0,63", 0x157e, 0x03f51513},      /* slli a0,a0,63 */
    {"c.subw a0,a1", 0x9d0d, 0x40b5053b},      /* subw a0,a0,a1 */
    {"c.addw s1,a5", 0x9cbd, 0x00f484bb},      /* addw s1,s1,a5 */
    {"c.ldsp t6,504(sp)", 0x7ffe, 0x1f813f83}, /* ld t6,504(sp) */
    {"c.sdsp ra,504(sp)", 0xff86, 0x1e113c23}, /* sd ra,504(sp) */
};

static const struct pair rv32_only[] = {
    {"c.jal .+2046", 0x2ffd, 0x7fe000ef}, /* jal ra,.+2046 */
    {"c.jal .-2", 0x3ffd, 0xfffff0ef},    /* jal ra,.-2 */
};

static void check_pairs(const struct pair *pairs, size_t count, unsigned xlen)
{
	for (size_t i = 0; i < count; i++) {
		uint32_t full = expand_compressed(pairs[i].compressed, xlen);

		if (full != pairs[i].full)
			fail_msg("RV%u %s: 0x%08x, not 0x%08x", xlen, pairs[i].name, full,
				 pairs[i].full);
	}
}

static void instructions_of_both_widths(void **state)
{
	(void)state;
	check_pairs(both, COUNT(both), 64);
	check_pairs(both, COUNT(both), 32);
}

static void instructions_of_rv64(void **state)
{
	(void)state;
	check_pairs(rv64_only, COUNT(rv64_only), 64);
}

static void instructions_of_rv32(void **state)
{
	(void)state;
	check_pairs(rv32_only, COUNT(rv32_only), 32);
}

static void reserved_encodings_are_illegal(void **state)
{
	static const uint16_t reserved[] = {
	    0x0000, /* defined illegal */
	    0x0004, /* c.addi4spn with immediate 0, rd s1 */
	    0x2000, /* c.fld: no D */
	    0x8000, /* quadrant 0, funct3 4 */
	    0x6101, /* c.addi16sp with immediate 0 */
	    0x6501, /* c.lui with immediate 0 */
	    0x4002, /* c.lwsp to x0 */
	    0x8002, /* c.jr x0 */
	    0x2002, /* c.fldsp */
	    0x9c41, /* quadrant 1, arithmetic 6: neither c.subw nor c.addw */
	    0x9c61,
	};

	(void)state;
	for (size_t i = 0; i < COUNT(reserved); i++) {
		assert_int_equal(expand_compressed(reserved[i], 64), 0);
		assert_int_equal(expand_compressed(reserved[i], 32), 0);
	}
	assert_int_equal(expand_compressed(0x2001, 64), 0); /* c.addiw to x0 */
	assert_int_equal(expand_compressed(0x6002, 64), 0); /* c.ldsp to x0 */
}

static void wide_forms_are_illegal_on_rv32(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rv64_only); i++) {
		if (i == 2) /* c.addiw's encoding is c.jal there */
			continue;
		assert_int_equal(expand_compressed(rv64_only[i].compressed, 32), 0);
	}
}

static void the_pc_moves_by_two(void **state)
{
	struct rig r;

	(void)state;
	rig_open(&r, "sv39");
	rig_do_compressed(&r, 0x4529); /* c.li a0,10 */
	assert_int_equal(r.h->pc, RIG_CODE + 2);
	assert_int_equal(rig_x(&r, A0), 10);
	rig_do(&r, ADDI(A0, A0, 1)); /* four bytes at an address that is no multiple of four */
	assert_int_equal(r.h->pc, RIG_CODE + 6);
	assert_int_equal(rig_x(&r, A0), 11);
	rig_set_x(&r, A1, RIG_CODE + 0x40);
	rig_do_compressed(&r, 0x9582); /* c.jalr a1 */
	assert_int_equal(r.h->pc, RIG_CODE + 0x40);
	assert_int_equal(rig_x(&r, RA), RIG_CODE + 8);
	rig_close(&r);
}

static void an_illegal_one_gives_its_16_bits_as_trap_value(void **state)
{
	struct rig r;

	(void)state;
	rig_open(&r, "sv39");
	rig_poke(&r, RIG_CODE, 4, 0xffff8002); /* c.jr x0, other bits behind it */
	rig_step(&r);
	rig_assert_trap_m(&r, CAUSE_ILLEGAL, 0x8002, RIG_CODE);
	rig_close(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(instructions_of_both_widths),
	    cmocka_unit_test(instructions_of_rv64),
	    cmocka_unit_test(instructions_of_rv32),
	    cmocka_unit_test(reserved_encodings_are_illegal),
	    cmocka_unit_test(wide_forms_are_illegal_on_rv32),
	    cmocka_unit_test(the_pc_moves_by_two),
	    cmocka_unit_test(an_illegal_one_gives_its_16_bits_as_trap_value),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
