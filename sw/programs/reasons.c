/*
 * Every reason that a fault can have, provoked one after the other, in every
 * mode and at every level where it can arise: by load, store and fetch, from U
 * and from S, cold and warm.
 */
#include "check.h"
#include "machine.h"
#include "space.h"

/* The page that is spoilt in all ways: far from probe.S, with indices that
 * differ from level to level. */
#define PAGE_32 0x4ad2f000ul
#define PAGE_64 0x3412ad4d2f000ul

static xword page_of(enum pt_mode mode)
{
#if XLEN == 64
	return PAGE_64 & (((xword)1 << (pt_va_bits(mode) - 1)) - 1);
#else
	(void)mode;
	return PAGE_32;
#endif
}

/* A space with PAGE mapped, for whoever `flags` say; and the frame behind it. */
static xword open_with_page(struct space *s, enum pt_mode mode, unsigned flags)
{
	space_open(s, mode, PT_ALL_LEVELS, 1);

	xword frame = space_page(s, page_of(mode), flags);

	code_put(frame, 7);
	space_use(s);
	return frame;
}

static void put_and_fence(const struct space *s, xword va, unsigned level, uint64_t pte)
{
	pte_put(s, va, level, pte);
	fence_all();
}

/* With this PTE at `level`, every access to the page has this reason. */
static void expect_with_pte(const struct space *s, const char *name, unsigned level, uint64_t pte,
			    struct expected e)
{
	xword va = page_of(s->pt.mode);
	uint64_t good = pte_get(s, va, level);

	put_and_fence(s, va, level, pte);
	expect_fault_all(s, name, va, e);
	put_and_fence(s, va, level, good);
}

/* ---- no mapping ------------------------------------------------------------ */

static void noncanonical(enum pt_mode mode)
{
	struct space s;

	if (pt_va_bits(mode) == XLEN)
		return; /* Sv32 has no address that is none */
	xword half = (xword)1 << (pt_va_bits(mode) - 1);
	const xword address[] = {
	    half,                                         /* first behind the lower half */
	    -half - sizeof(xword),                        /* last before the upper half */
	    page_of(mode) | (xword)1 << (XLEN - 1),       /* the top bit alone */
	    page_of(mode) | (xword)1 << pt_va_bits(mode), /* the lowest bit that counts no more */
	    page_of(mode) ^ -(half << 1),                 /* all of them, the sign bit not */
	};
	const struct expected e = {.reason = REASON_NONCANONICAL, .level = LEVEL_NONE};

	open_with_page(&s, mode, PT_WRITE | PT_X | PT_U);
	for (unsigned i = 0; i < sizeof address / sizeof address[0]; i++)
		expect_fault_all(&s, check_name("noncanonical", i), address[i], e);
	space_close(&s);
}

static void pte_invalid(enum pt_mode mode)
{
	struct space s;

	open_with_page(&s, mode, PT_WRITE | PT_X | PT_U);
	for (unsigned level = 0; level < pt_levels(mode); level++) {
		const struct expected e = {.reason = REASON_PTE_INVALID, .level = level};
		uint64_t good = pte_get(&s, page_of(mode), level);

		expect_with_pte(&s, check_name("pte_empty", level), level, 0, e);
		/* Without V, no other bit means anything: not even one that is reserved. */
		expect_with_pte(&s, check_name("pte_invalid", level), level, good & ~1ull, e);
		expect_with_pte(&s, check_name("pte_all_but_valid", level), level, ~1ull, e);
	}
	space_close(&s);
}

static void pte_reserved(enum pt_mode mode)
{
	struct space s;

	open_with_page(&s, mode, PT_WRITE | PT_X | PT_U);
	for (unsigned level = 0; level < pt_levels(mode); level++) {
		const struct expected e = {.reason = REASON_PTE_RESERVED, .level = level};
		uint64_t good = pte_get(&s, page_of(mode), level);
		uint64_t leaf = pt_leaf(0, PT_U | PT_A | PT_D);

		expect_with_pte(&s, check_name("write_only", level), level, leaf | PT_W, e);
		expect_with_pte(&s, check_name("write_and_execute", level), level,
				leaf | PT_W | PT_X, e);
		if (level == 0)
			continue;
		expect_with_pte(&s, check_name("pointer_accessed", level), level, good | PT_A, e);
		expect_with_pte(&s, check_name("pointer_dirty", level), level, good | PT_D, e);
		expect_with_pte(&s, check_name("pointer_user", level), level, good | PT_U, e);
	}
	for (unsigned bit = PTE_RESERVED; XLEN == 64 && bit < 64; bit++) {
		const char *const meaning = "the bit has a meaning here, or is ignored";
		const struct expected e = {
		    .reason = REASON_PTE_RESERVED,
		    .level = bit % 2,
		    .optional = meaning,
		};
		uint64_t good = pte_get(&s, page_of(mode), bit % 2);

		if (PT_RSW_HIGH(3) >> bit & 1 && frames.extensions & PT_HAS_RSW_HIGH)
			check_skip(check_name("reserved_bit", bit), meaning);
		else
			expect_with_pte(&s, check_name("reserved_bit", bit), bit % 2,
					good | (uint64_t)1 << bit, e);
	}
	space_close(&s);
}

static void last_level_pointer(enum pt_mode mode)
{
	const struct expected e = {.reason = REASON_LAST_LEVEL_POINTER, .level = 0};
	struct space s;
	xword frame = open_with_page(&s, mode, PT_WRITE | PT_X | PT_U);

	expect_with_pte(&s, "last_level_pointer", 0, pt_pointer(frame), e);
	space_close(&s);
}

static void superpage_misaligned(enum pt_mode mode)
{
	struct space s;

	open_with_page(&s, mode, PT_WRITE | PT_X | PT_U);
	for (unsigned level = 1; level < pt_levels(mode); level++) {
		const unsigned flags = PT_WRITE | PT_X | PT_U;
		const struct expected e = {.reason = REASON_SUPERPAGE_MISALIGNED, .level = level};
		uint64_t lowest = 4096, highest = pt_page_size(mode, level) / 2;

		expect_with_pte(&s, check_name("superpage_misaligned_least", level), level,
				pt_leaf(lowest, flags), e);
		expect_with_pte(&s, check_name("superpage_misaligned_most", level), level,
				pt_leaf(highest, flags), e);
	}
	space_close(&s);
}

/* ---- the mapping forbids it ------------------------------------------------- */

/* One access, refused by a leaf at every level. */
static void expect_refused(enum pt_mode mode, const char *name, struct probe p, unsigned flags,
			   unsigned reason, const char *optional)
{
	struct space s;

	p.va = page_of(mode);
	open_with_page(&s, mode, flags);
	for (unsigned level = 0; level < pt_levels(mode); level++) {
		const struct expected e = {.reason = reason, .level = level, .optional = optional};
		uint64_t good = pte_get(&s, p.va, level);

		if (level > 0) /* physical address 0 is a multiple of every size */
			put_and_fence(&s, p.va, level, pt_leaf(0, flags));
		expect_fault(&s, check_name(name, level), p, e);
		if (level > 0)
			put_and_fence(&s, p.va, level, good);
	}
	space_close(&s);
}

static void forbidden(enum pt_mode mode)
{
	const struct probe user_load = {.access = ACC_LOAD, .priv = PRIV_U};
	const struct probe user_store = {.access = ACC_STORE, .priv = PRIV_U};
	const struct probe user_fetch = {.access = ACC_FETCH, .priv = PRIV_U};
	const struct probe kernel_load = {.access = ACC_LOAD, .priv = PRIV_S};
	const struct probe kernel_fetch = {.access = ACC_FETCH, .priv = PRIV_S, .sum = true};
	const unsigned all = PT_WRITE | PT_X;

	expect_refused(mode, "user_page_load", kernel_load, all | PT_U, REASON_USER_PAGE, NULL);
	expect_refused(mode, "user_page_fetch", kernel_fetch, all | PT_U, REASON_USER_PAGE, NULL);
	expect_refused(mode, "supervisor_page", user_load, all, REASON_SUPERVISOR_PAGE, NULL);
	expect_refused(mode, "not_readable", user_load, PT_X | PT_A | PT_U, REASON_NOT_READABLE,
		       NULL);
	expect_refused(mode, "not_writable", user_store, PT_EXEC | PT_U, REASON_NOT_WRITABLE, NULL);
	expect_refused(mode, "not_executable", user_fetch, PT_WRITE | PT_U, REASON_NOT_EXECUTABLE,
		       NULL);
}

/* ---- software's turn --------------------------------------------------------- */

static void tracking(enum pt_mode mode)
{
	const struct probe load = {.access = ACC_LOAD, .priv = PRIV_U};
	const struct probe store = {.access = ACC_STORE, .priv = PRIV_U};
	const struct probe fetch = {.access = ACC_FETCH, .priv = PRIV_U};
	const unsigned all = PT_WRITE | PT_X | PT_U;
	const char *const a = "hardware sets A here", *const d = "hardware sets D here";

	expect_refused(mode, "accessed_clear_load", load, all & ~PT_A, REASON_ACCESSED_CLEAR, a);
	expect_refused(mode, "accessed_clear_store", store, all & ~PT_A, REASON_ACCESSED_CLEAR, a);
	expect_refused(mode, "accessed_clear_fetch", fetch, all & ~PT_A, REASON_ACCESSED_CLEAR, a);
	expect_refused(mode, "dirty_clear", store, all & ~PT_D, REASON_DIRTY_CLEAR, d);

	/* With D clear, reading is nobody's business. */
	struct probe p = load;
	struct space s;

	p.va = page_of(mode);
	open_with_page(&s, mode, all & ~PT_D);
	expect_done(&s, "dirty_clear_allows_loads", p);
	p.access = ACC_FETCH;
	expect_value(&s, "dirty_clear_allows_fetches", p, 7);
	space_close(&s);
}

/* ---- physical memory forbids it ---------------------------------------------- */

static void bus_error(enum pt_mode mode)
{
	const unsigned all = PT_WRITE | PT_X;
	const unsigned top = pt_levels(mode) - 1;
	xword va = page_of(mode);
	struct space s;

	/* The access itself: S only, as a page is either U or not. */
	open_with_page(&s, mode, all);
	for (unsigned access = ACC_LOAD; access <= ACC_FETCH; access++) {
		const struct probe p = {.access = access, .priv = PRIV_S, .va = va};
		const struct expected e = {.reason = REASON_BUS_ERROR, .level = 0};
		uint64_t good = pte_get(&s, va, 0);

		put_and_fence(&s, va, 0, pt_leaf(NOWHERE, all));
		expect_fault(&s, check_name("bus_error_access", access), p, e);
		put_and_fence(&s, va, 0, good);
	}

	/* The read of a PTE: of every level, the table above points to nowhere. */
	for (unsigned level = 0; level <= top; level++) {
		const struct expected e = {
		    .reason = REASON_BUS_ERROR,
		    .level = level,
		    .pte = true,
		    .optional = "a PTE's bus error counts as a page fault here",
		};

		if (level < top) {
			expect_with_pte(&s, check_name("bus_error_pte", level), level + 1,
					pt_pointer(NOWHERE), e);
			continue;
		}
		/* Without a root not even probe.S can be fetched, so this is about a fetch. */
		struct space nowhere = s;

		nowhere.pt.root = NOWHERE;
		space_use(&nowhere);
		expect_fault(&nowhere, check_name("bus_error_pte", level),
			     (struct probe){.access = ACC_FETCH, .priv = PRIV_S, .va = va}, e);
	}
	space_close(&s);
}

static void address_too_wide(enum pt_mode mode)
{
	const unsigned all = PT_WRITE | PT_X;
	const unsigned nameable = XLEN == 32 ? 34 : 56;
	struct space s;

	if (frames.pa_bits == nameable) {
		check_skip("address_too_wide", "a PTE cannot name an address that wide");
		return;
	}

	xword va = page_of(mode);

	open_with_page(&s, mode, all);
	for (unsigned bit = frames.pa_bits; bit < nameable; bit++) {
		const uint64_t wide = (uint64_t)1 << bit;
		const struct expected access = {.reason = REASON_ADDRESS_TOO_WIDE, .level = 0};
		const struct expected pte = {
		    .reason = REASON_ADDRESS_TOO_WIDE, .level = 0, .pte = true};
		const struct probe load = {.access = ACC_LOAD, .priv = PRIV_S, .va = va};
		uint64_t good = pte_get(&s, va, 0);

		put_and_fence(&s, va, 0, pt_leaf(pt_pte_address(good) | wide, all));
		expect_fault(&s, check_name("address_too_wide_access", bit), load, access);
		put_and_fence(&s, va, 0, good);

		/* The whole address but for this bit is that of a good table. */
		uint64_t table = pte_get(&s, va, 1);

		expect_with_pte(&s, check_name("address_too_wide_pte", bit), 1,
				pt_pointer(pt_pte_address(table) | wide), pte);
	}
	space_close(&s);
}

static void bare(void)
{
	struct space s;

	check_group("bare");
	space_open_bare(&s);
	space_use(&s);
	expect_fault_all(&s, "bus_error", NOWHERE,
			 (struct expected){.reason = REASON_BUS_ERROR, .level = LEVEL_NONE});
#if XLEN == 64
	const struct expected wide = {.reason = REASON_ADDRESS_TOO_WIDE, .level = LEVEL_NONE};

	for (unsigned bit = frames.pa_bits; bit < XLEN; bit++)
		expect_fault_all(&s, check_name("address_too_wide", bit),
				 RAM_BASE | (xword)1 << bit, wide);
#endif
	space_close(&s);
	check_group(NULL);
}

/* A fault is the last one only until the next. */
static void latest_counts(enum pt_mode mode)
{
	const struct probe load = {.access = ACC_LOAD, .priv = PRIV_U};
	struct probe p = load;
	struct space s;

	if (!reason_exists()) {
		check_skip("reason_is_of_the_last_fault", "no reason register here");
		return;
	}
	open_with_page(&s, mode, PT_WRITE);
	p.va = page_of(mode);
	probe(&s, p);
	unsigned first = reason_read().reason;
	p.va += 4096;
	probe(&s, p);
	unsigned second = reason_read().reason;
	p.va -= 4096;
	p.priv = PRIV_S;
	probe(&s, p); /* goes through: its ecall is no trap of the MMU */
	unsigned third = reason_read().reason;

	check("reason_is_of_the_last_fault",
	      first == REASON_SUPERVISOR_PAGE && second == REASON_PTE_INVALID && third == second);
	space_close(&s);
}

static void test(enum pt_mode mode)
{
	noncanonical(mode);
	pte_invalid(mode);
	pte_reserved(mode);
	last_level_pointer(mode);
	superpage_misaligned(mode);
	forbidden(mode);
	tracking(mode);
	bus_error(mode);
	address_too_wide(mode);
	latest_counts(mode);
}

int main(void)
{
	space_start();
	bare();
	for_each_mode(test);
	return check_end();
}
