/*
 * Match, limit and placement of segments against their definition byte by byte:
 * exhaustively over a few address bits, at either end of the address space, where 64 and
 * 32 bits wrap around, and in its middle.
 */
#include "golden_fixture.h"

enum { BITS = 5, SPACE = 1 << BITS, LONGEST = 9 };

/* Where the few addresses lie. Those after the last of them are outside, by every rule. */
static const uint64_t origins[] = {0, 0xffffffffffffffffu - (SPACE - 1), 0xffffffffu - (SPACE - 1),
				   0x7fffffffffffffffu - SPACE / 2};

/* The bytes of a segment, counted out from base to last. */
static void count_out(bool in[SPACE], unsigned base, unsigned last)
{
	memset(in, 0, SPACE * sizeof *in);
	for (unsigned byte = base; byte <= last; byte++)
		in[byte] = true;
}

/* Every byte of the access is one of them. */
static bool all_in(const bool in[SPACE], unsigned va, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		if (va + i >= SPACE || !in[va + i])
			return false;
	return true;
}

static void check_holds(uint64_t origin, unsigned base, unsigned last)
{
	const struct golden_segment s = {.base = origin + base, .last = origin + last};
	bool in[SPACE];

	count_out(in, base, last);
	for (unsigned va = 0; va < SPACE; va++)
		for (unsigned bytes = 1; bytes <= LONGEST; bytes++)
			assert_true(golden_segment_holds(&s, origin + va, bytes) ==
				    all_in(in, va, bytes));
}

static void limit_is_every_byte_of_the_access(void **state)
{
	(void)state;
	for (unsigned o = 0; o < sizeof origins / sizeof *origins; o++)
		for (unsigned base = 0; base < SPACE; base++)
			for (unsigned last = 0; last < SPACE; last++)
				check_holds(origins[o], base, last);
}

/* Three segments that overlap, touch, lie apart or are empty: which are on, and whose? */
enum { FEW_BITS = 2, FEW = 1 << FEW_BITS, SEGMENTS = 3, ON = 1, GLOBAL = 2, OURS = 4 };

struct small {
	unsigned base, last, flags;
};

static struct small small_of(unsigned code)
{
	return (struct small){code % FEW, code / FEW % FEW, code / FEW / FEW};
}

static int first_that_answers(const struct small s[SEGMENTS], unsigned va)
{
	for (int i = 0; i < SEGMENTS; i++)
		for (unsigned byte = s[i].base; byte <= s[i].last; byte++)
			if (byte == va && s[i].flags & ON && s[i].flags & (GLOBAL | OURS))
				return i;
	return -1;
}

static void check_at(uint64_t origin, const struct small s[SEGMENTS])
{
	struct golden_segments segments = {.ctl = 7u << SEGCTL_ASID | SEGMODE_BOTH};

	for (unsigned i = 0; i < SEGMENTS; i++)
		segments.segment[i] = (struct golden_segment){
		    .base = origin + s[i].base,
		    .last = origin + s[i].last,
		    .cfg = (s[i].flags & ON ? 1u << SEG_V : 0) |
			   (s[i].flags & GLOBAL ? 1u << SEG_G : 0) |
			   (s[i].flags & OURS ? 7u : 6u) << SEG_ASID,
		};
	for (unsigned va = 0; va < FEW; va++)
		assert_true(golden_segment_at(&segments, origin + va) == first_that_answers(s, va));
}

static void match_is_the_first_that_holds_the_byte(void **state)
{
	(void)state;
	const uint64_t top = 0xffffffffffffffffu - (FEW - 1);
	enum { CODES = FEW * FEW * 8 };

	for (unsigned a = 0; a < CODES; a++)
		for (unsigned b = 0; b < CODES; b++)
			for (unsigned c = 0; c < CODES; c++) {
				const struct small s[] = {small_of(a), small_of(b), small_of(c)};
				check_at((a + b + c) % 2 ? top : 0, s);
			}
}

/* Counts from base to va, and from phys as far, until physical memory ends. */
static bool step_to(unsigned base, unsigned va, uint64_t phys, unsigned pa_bits, uint64_t *pa)
{
	*pa = phys;
	for (unsigned byte = base; byte < va; byte++)
		++*pa;
	return *pa < 1ull << pa_bits;
}

static void place_is_as_far_from_phys_as_the_byte_from_base(void **state)
{
	(void)state;
	for (unsigned o = 0; o < sizeof origins / sizeof *origins; o++)
		for (unsigned base = 0; base < SPACE; base++)
			for (unsigned va = base; va < SPACE; va++)
				for (unsigned phys = 0; phys < 4 * SPACE; phys++)
					for (unsigned bits = BITS - 1; bits < BITS + 3; bits++) {
						const struct golden_segment s = {
						    .base = origins[o] + base, .phys = phys};
						uint64_t right, pa = 0;
						bool fits = step_to(base, va, phys, bits, &right);
						assert_true(
						    golden_segment_place(&s, origins[o] + va, bits,
									 &pa) == fits);
						assert_true(!fits || pa == right);
					}
}

/* Where phys + offset is more than 64 bits hold. */
static void place_is_never_truncated(void **state)
{
	(void)state;
	const struct golden_segment top = {.base = 0, .phys = 0xfffffffffff000};
	uint64_t pa;

	for (uint64_t va = 0; va < 0x1000; va++)
		assert_true(golden_segment_place(&top, va, 56, &pa) && pa == top.phys + va);
	for (unsigned bit = 12; bit < 64; bit++) {
		assert_false(golden_segment_place(&top, 1ull << bit, 56, &pa));
		assert_false(golden_segment_place(&top, ~0ull << bit, 56, &pa));
	}
	assert_false(golden_segment_place(&top, 0 - top.phys, 56, &pa)); /* 2^64 in all */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(limit_is_every_byte_of_the_access),
	    cmocka_unit_test(match_is_the_first_that_holds_the_byte),
	    cmocka_unit_test(place_is_as_far_from_phys_as_the_byte_from_base),
	    cmocka_unit_test(place_is_never_truncated),
	};
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
