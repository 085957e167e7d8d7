/*
 * Address-space identifiers: how many bits there are, that address spaces with
 * different ones stay apart without a fence, and that global pages are in all.
 */
#include "check.h"
#include "space.h"

#define PRIVATE 0x40000000ul
#define GLOBAL  0x40001000ul
#define SPACES  8

static const unsigned all = PT_WRITE | PT_X | PT_U;

static const unsigned shift = XLEN == 32 ? 22 : 44;
static const unsigned most = XLEN == 32 ? 9 : 16;

static xword value_at(const struct space *s, xword va)
{
	struct outcome o = probe(s, (struct probe){.access = ACC_LOAD, .priv = PRIV_U, .va = va});

	return o.done ? o.value : ~(xword)0;
}

/* What satp keeps of an ASID, in this mode. */
static xword kept(enum pt_mode mode, unsigned asid)
{
	struct pt empty = {.mode = mode};

	csr_write(satp, pt_satp(&empty, asid));
	xword value = csr_read(satp) >> shift & (((xword)1 << most) - 1);
	csr_write(satp, 0);
	return value;
}

/* The bits that exist are the lowest ones, the others read as zero, and each
 * that exists can be written by itself. */
static void width(enum pt_mode mode)
{
	unsigned bits = asid_bits();
	bool single = true;

	check_equal("bits_are_the_lowest", ((xword)1 << bits) - 1, kept(mode, ~0u));
	for (unsigned bit = 0; bit < most; bit++)
		single = single && kept(mode, 1u << bit) == (bit < bits ? 1u << bit : 0);
	check("each_bit_by_itself", single);
	check_equal("zero", 0, kept(mode, 0));
}

/* A write of a mode that does not exist changes nothing: not even the ASID. */
static void unsupported_mode(enum pt_mode mode)
{
	struct pt table = {.mode = mode, .root = 0x12345000};

	csr_write(satp, pt_satp(&table, 1));
	xword before = csr_read(satp);
#if XLEN == 64
	for (xword reserved = 1; reserved < 8; reserved++)
		csr_write(satp, reserved << 60 | (xword)2 << shift | 0x54321);
	for (xword reserved = 11; reserved < 14; reserved++)
		csr_write(satp, reserved << 60 | (xword)2 << shift | 0x54321);
	check_equal("unsupported_mode_changes_nothing", before, csr_read(satp));
#else
	check_equal("satp_keeps_its_value", before, csr_read(satp));
#endif
	csr_write(satp, 0);
}

/* Many spaces, round and round, each with its own at the same address. The
 * ASIDs differ in one bit each, from the lowest to the highest that there is. */
static void apart(enum pt_mode mode)
{
	unsigned bits = asid_bits();
	struct space s[SPACES];
	xword global = frame_alloc();
	bool own = true, common = true;

	*word_at(global) = 4711;
	for (unsigned i = 0; i < SPACES; i++) {
		unsigned bit = bits > SPACES - 1 && i == SPACES - 1 ? bits - 1 : i - 1;

		space_open(&s[i], mode, PT_ALL_LEVELS, i == 0 ? 0 : 1u << bit);
		*word_at(space_page(&s[i], PRIVATE, all)) = 1000 + i;
		space_map(&s[i], GLOBAL, global, 0, all | PT_G);
	}
	fence_all();
	for (unsigned round = 0; round < 4; round++) {
		for (unsigned i = 0; i < SPACES; i++) {
			space_enter(&s[i]);
			own = own && value_at(&s[i], PRIVATE) == 1000 + i;
			common = common && value_at(&s[i], GLOBAL) == 4711;
		}
		fence_asid(s[round].asid); /* one may forget, all go on */
	}
	check("spaces_stay_apart", own);
	check("global_page_is_in_all", common);

	for (unsigned i = 0; i < SPACES; i++)
		space_close(&s[i]);
	frame_free(global);
}

/* A global pointer makes all below it global. */
static void global_pointer(enum pt_mode mode)
{
	struct space first, second;
	xword shared = frame_alloc();

	*word_at(shared) = 99;
	space_open(&first, mode, PT_ALL_LEVELS, 1);
	space_open(&second, mode, PT_ALL_LEVELS, 2);
	/* A half of the addresses that nothing else is in. */
	const xword va = -(xword)0x10000000;

	space_map(&first, va, shared, 0, all);
	space_map(&second, va, shared, 0, all);

	unsigned root = pt_levels(mode) - 1;

	pte_put(&first, va, root, pte_get(&first, va, root) | PT_G);
	pte_put(&second, va, root, pte_get(&second, va, root) | PT_G);
	space_use(&first);
	check_equal("below_a_global_pointer", 99, value_at(&first, va));
	space_enter(&second);
	check_equal("below_it_elsewhere", 99, value_at(&second, va));
	space_close(&first);
	space_close(&second);
	frame_free(shared);
}

static void test(enum pt_mode mode)
{
	width(mode);
	unsupported_mode(mode);
	apart(mode);
	global_pointer(mode);
}

int main(void)
{
	space_start();
	for_each_mode(test);
	return check_end();
}
