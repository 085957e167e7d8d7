/*
 * Accesses that lie in two pages are two translations. Each half is checked by
 * itself, the trap value is the first byte that faults, and nothing is written
 * unless both halves may be.
 */
#include "check.h"
#include "context.h"
#include "space.h"

#define FIRST  0x40000000ul
#define SECOND 0x40001000ul

static const unsigned all = PT_WRITE | PT_X | PT_U;

static struct probe load(xword va, unsigned bytes)
{
	return (struct probe){.access = ACC_LOAD, .priv = PRIV_U, .va = va, .bytes = bytes};
}

static struct probe store(xword va, unsigned bytes, xword value)
{
	return (struct probe){
	    .access = ACC_STORE, .priv = PRIV_U, .va = va, .bytes = bytes, .value = value};
}

static uint8_t byte_at(xword pa)
{
	return *(volatile uint8_t *)pa;
}

static void fill(xword pa, uint8_t first)
{
	for (xword i = 0; i < 4096; i++)
		((volatile uint8_t *)pa)[i] = (uint8_t)(first + i);
}

/* Both frames of the crossing: not neighbours, so that the address cannot just
 * run on from one into the other. */
static xword frame[2];

static void open(struct space *s, enum pt_mode mode, unsigned second_flags)
{
	space_open(s, mode, PT_ALL_LEVELS, 1);
	frame[1] = frame_alloc();
	frame[0] = frame_alloc();
	space_map(s, FIRST, frame[0], 0, all);
	if (second_flags)
		space_map(s, SECOND, frame[1], 0, second_flags);
	fill(frame[0], 0x10);
	fill(frame[1], 0x80);
	space_use(s);
}

static void close(struct space *s)
{
	space_close(s);
	frame_free(frame[0]);
	frame_free(frame[1]);
}

/* The word that lies with `bytes - n` bytes in the first page and n in the second. */
static xword expected_word(unsigned bytes, unsigned n)
{
	xword value = 0;

	for (unsigned i = bytes; i-- > 0;) {
		unsigned before = bytes - n;
		uint8_t byte = i < before ? byte_at(frame[0] + 4096 - before + i)
					  : byte_at(frame[1] + i - before);

		value = value << 8 | byte;
	}
	unsigned unused = XLEN - 8 * bytes;

	return (xword)((long)(value << unused) >> unused);
}

static void data_through(enum pt_mode mode)
{
	bool loads = true, stores = true;
	struct space s;

	open(&s, mode, all);
	for (unsigned bytes = 2; bytes <= sizeof(xword); bytes *= 2) {
		for (unsigned n = 1; n < bytes; n++) {
			struct outcome o = probe(&s, load(SECOND - bytes + n, bytes));

			loads = loads && o.done && o.value == expected_word(bytes, n);
			o = probe(&s, store(SECOND - bytes + n, bytes, (xword)0x7162534455667788));
			stores = stores && o.done &&
				 expected_word(bytes, n) == (xword)((long)((xword)0x7162534455667788
									   << (XLEN - 8 * bytes)) >>
								    (XLEN - 8 * bytes));
		}
	}
	check("loads", loads);
	check("stores", stores);
	close(&s);
}

/* The second page refuses: the fault is at its first byte, not at the access's. */
static void second_faults(enum pt_mode mode)
{
	const unsigned bytes = sizeof(xword);
	struct expected nothing = {.reason = REASON_PTE_INVALID, .level = 0, .tval = SECOND};
	struct expected read_only = {.reason = REASON_NOT_WRITABLE, .level = 0, .tval = SECOND};
	struct expected supervisor = {.reason = REASON_SUPERVISOR_PAGE, .level = 0, .tval = SECOND};
	struct space s;

	open(&s, mode, 0);
	expect_fault(&s, "load_second_missing", load(SECOND - 1, bytes), nothing);
	expect_fault(&s, "store_second_missing", store(SECOND - 1, bytes, 0), nothing);
	expect_fault(&s, "load_second_missing_by_a_byte", load(SECOND - bytes + 1, bytes), nothing);
	check("missing_wrote_nothing", byte_at(frame[0] + 4095) == (uint8_t)(0x10 + 4095));
	close(&s);

	open(&s, mode, PT_READ | PT_U);
	expect_done(&s, "load_second_read_only", load(SECOND - 2, bytes));
	expect_fault(&s, "store_second_read_only", store(SECOND - 2, bytes, 0), read_only);
	check("read_only_wrote_nothing", byte_at(frame[0] + 4094) == (uint8_t)(0x10 + 4094) &&
					     byte_at(frame[0] + 4095) == (uint8_t)(0x10 + 4095) &&
					     byte_at(frame[1]) == 0x80);
	close(&s);

	open(&s, mode, PT_WRITE);
	expect_fault(&s, "load_second_kernels", load(SECOND - 2, bytes), supervisor);
	close(&s);
}

/* The first page refuses: the fault is at the access's own address. */
static void first_faults(enum pt_mode mode)
{
	const unsigned bytes = sizeof(xword);
	const struct expected read_only = {.reason = REASON_NOT_WRITABLE, .level = 0};
	const struct expected nothing = {.reason = REASON_PTE_INVALID, .level = 0};
	struct space s;

	open(&s, mode, all);
	space_protect(&s, FIRST, 4096, PT_READ | PT_U);
	fence_address(FIRST);
	expect_fault(&s, "store_first_read_only", store(SECOND - 1, bytes, 0), read_only);
	check("first_wrote_nothing", byte_at(frame[1]) == 0x80);
	space_unmap(&s, FIRST, 4096);
	fence_address(FIRST);
	expect_fault(&s, "load_first_missing", load(SECOND - 1, bytes), nothing);
	expect_fault(&s, "store_first_missing", store(SECOND - 1, bytes, 0), nothing);
	close(&s);
}

/* An instruction of four bytes with half of it in each page. The pages' places
 * in physical memory are not next to each other, so code_put() cannot be used. */
static void put_code_across(void)
{
	volatile uint16_t *first = (volatile uint16_t *)(frame[0] + 4094);
	volatile uint16_t *second = (volatile uint16_t *)frame[1];
	const uint32_t li = 0x00000513 | 1234u << 20; /* li a0, 1234 */

	*first = (uint16_t)li;
	second[0] = (uint16_t)(li >> 16);
	second[1] = 0x0073; /* ecall */
	second[2] = 0x0000;
	fence_instructions();
}

static void fetch(enum pt_mode mode)
{
	const struct probe p = {.access = ACC_FETCH, .priv = PRIV_U, .va = SECOND - 2};
	const struct expected no_exec = {
	    .reason = REASON_NOT_EXECUTABLE, .level = 0, .tval = SECOND};
	const struct expected nothing = {.reason = REASON_PTE_INVALID, .level = 0, .tval = SECOND};
	struct space s;

	open(&s, mode, all);
	put_code_across();
	expect_value(&s, "fetch", p, 1234);

	space_protect(&s, SECOND, 4096, PT_WRITE | PT_U);
	fence_address(SECOND);
	expect_fault(&s, "fetch_second_not_executable", p, no_exec);
	check_equal("instruction_starts_in_first", SECOND - 2, probe(&s, p).pc);

	space_unmap(&s, SECOND, 4096);
	fence_address(SECOND);
	expect_fault(&s, "fetch_second_missing", p, nothing);

	/* A compressed instruction that ends with the page does not need the next one:
	 * it is the one after it that faults. */
	*(volatile uint16_t *)(frame[0] + 4094) = 0x0505; /* c.addi a0, 1 */
	fence_instructions();

	struct outcome o = probe(&s, p);

	check("compressed_does_not_cross", !o.done && o.cause == CAUSE_FETCH_PAGE &&
					       o.pc == SECOND && o.tval == SECOND &&
					       o.value == SECOND - 2 + 1);
	close(&s);
}

/* From the last byte of the addresses to the first: two pages like any other. */
static void around_the_top(enum pt_mode mode)
{
	struct space s;

	space_open(&s, mode, PT_ALL_LEVELS, 1);
	frame[0] = space_page(&s, -(xword)4096, all);
	frame[1] = space_page(&s, 0, all);
	fill(frame[0], 0x10);
	fill(frame[1], 0x80);
	space_use(&s);
	expect_value(&s, "load_around_the_top", load(-(xword)1, 2), (xword)(long)(int16_t)0x800f);
	close(&s);
}

static void test(enum pt_mode mode)
{
	data_through(mode);
	second_faults(mode);
	first_faults(mode);
	fetch(mode);
	around_the_top(mode);
}

int main(void)
{
	space_start();
	for_each_mode(test);
	return check_end();
}
