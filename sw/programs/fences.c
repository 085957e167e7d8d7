/*
 * All four forms of SFENCE.VMA do what they must: what a page table says after
 * a change is what every access sees after a fence that covers the change,
 * whatever a TLB knew. (What a fence does not cover may be seen either way, so
 * nothing here depends on it.)
 */
#include "check.h"
#include "context.h"
#include "space.h"

static void form_all(xword va, xword asid)
{
	(void)va, (void)asid;
	fence_all();
}

static void form_address(xword va, xword asid)
{
	(void)asid;
	fence_address(va);
}

static void form_asid(xword va, xword asid)
{
	(void)va;
	fence_asid(asid);
}

static const struct form {
	const char *name;
	void (*fence)(xword va, xword asid);
	bool pointers; /* covers PTEs of all levels, not only leaves */
	bool globals;  /* covers global mappings */
} forms[] = {
    {"all", form_all, true, true},
    {"address", form_address, false, true},
    {"asid", form_asid, true, false},
    {"address_asid", fence_address_asid, false, false},
};

/* Two places in physical memory with different words and different code. */
static xword place[2]; /* 4 MiB each */
#define BLOCK_BYTES 0x400000ul
#define CODE_OFFSET 2048u

static const unsigned all = PT_WRITE | PT_X | PT_U;

/* What an address space shows at `va`: 0 or 1 for a place, -1 for a fault, -2
 * when load and fetch do not agree. The offset is that of the page's word. */
static int seen(const struct space *s, xword va)
{
	struct outcome load =
	    probe(s, (struct probe){.access = ACC_LOAD, .priv = PRIV_U, .va = va});
	struct outcome fetch =
	    probe(s, (struct probe){.access = ACC_FETCH, .priv = PRIV_U, .va = va + CODE_OFFSET});

	if (!load.done && !fetch.done)
		return -1;
	if (!load.done || !fetch.done || load.value != fetch.value)
		return -2;
	return (int)load.value;
}

static void open(struct space *s, enum pt_mode mode, unsigned asid)
{
	space_open(s, mode, PT_ALL_LEVELS, asid);
}

/* A page moves to another frame. */
static bool page_moves(enum pt_mode mode, const struct form *f, xword va, unsigned asid)
{
	struct space s;
	bool ok;

	open(&s, mode, asid);
	space_map(&s, va, place[0], 0, all);
	space_use(&s);
	ok = seen(&s, va) == 0;
	pte_put(&s, va, 0, pt_leaf(place[1], all));
	f->fence(va, asid);
	ok = ok && seen(&s, va) == 1;
	space_close(&s);
	return ok;
}

/* A superpage moves; the fence names an address somewhere inside it. */
static bool superpage_moves(enum pt_mode mode, const struct form *f)
{
	const xword va = 0x40000000, inside = va + 0x12345;
	xword size = (xword)pt_page_size(mode, 1);
	xword places[] = {va, va + 0x5000, va + size - 4096};
	struct space s;
	bool ok = true;

	open(&s, mode, 3);
	space_map(&s, va, place[0], 1, all);
	space_use(&s);
	for (unsigned i = 0; i < 3; i++)
		ok = ok && seen(&s, places[i]) == 0;
	pte_put(&s, va, 1, pt_leaf(place[1], all));
	f->fence(inside, 3);
	for (unsigned i = 0; i < 3; i++)
		ok = ok && seen(&s, places[i]) == 1;
	space_close(&s);
	return ok;
}

/* A superpage gives way to a table of pages, and the other way round. */
static bool size_changes(enum pt_mode mode, const struct form *f)
{
	const xword va = 0x40000000;
	xword size = (xword)pt_page_size(mode, 1);
	struct space s;
	bool ok;

	open(&s, mode, 3);
	space_map(&s, va, place[0], 1, all);
	space_use(&s);
	ok = seen(&s, va) == 0;
	space_unmap(&s, va, size);
	space_map(&s, va, place[1], 0, all);
	f->fence(va, 3);
	ok = ok && seen(&s, va) == 1;
	space_unmap(&s, va, 4096);
	space_map(&s, va, place[0], 1, all);
	f->fence(va, 3);
	ok = ok && seen(&s, va) == 0;
	space_close(&s);
	return ok;
}

/* A page is taken away: the access faults. */
static bool page_goes(enum pt_mode mode, const struct form *f)
{
	const xword va = 0x40000000;
	struct space s;
	bool ok;

	open(&s, mode, 3);
	space_map(&s, va, place[0], 0, all);
	space_use(&s);
	ok = seen(&s, va) == 0;
	space_unmap(&s, va, 4096);
	f->fence(va, 3);
	ok = ok && seen(&s, va) == -1;
	space_close(&s);
	return ok;
}

/* A large page is taken away, known to the TLB by several places in it; the fence
 * names another one. Its first byte may lie before RAM, the places do not. */
static bool large_page_goes(enum pt_mode mode, const struct form *f, unsigned level)
{
	uint64_t size = pt_page_size(mode, level);
	xword base = (xword)(place[0] & ~(size - 1));
	xword va = (xword)(5 * pt_page_size(mode, pt_levels(mode) - 1));
	xword first = va + (place[0] - base);
	xword places[] = {first, first + BLOCK_BYTES / 4, first + BLOCK_BYTES / 2 - 4096};
	struct space s;
	bool ok = true;

	open(&s, mode, 3);
	space_map(&s, va, base, level, all);
	space_use(&s);
	for (unsigned i = 0; i < 3; i++)
		ok = ok && seen(&s, places[i]) == 0;
	space_unmap(&s, va, (xword)size);
	f->fence((xword)(va + size - 8), 3);
	for (unsigned i = 0; i < 3; i++)
		ok = ok && seen(&s, places[i]) == -1;
	space_close(&s);
	return ok;
}

/* Permissions are taken away: write, then everything that U may do. */
static bool permission_goes(enum pt_mode mode, const struct form *f)
{
	const xword va = 0x40000000;
	const struct probe store = {.access = ACC_STORE, .priv = PRIV_U, .va = va + 64, .value = 1};
	struct space s;
	bool ok;

	open(&s, mode, 3);
	space_map(&s, va, place[0], 0, all);
	space_use(&s);
	ok = probe(&s, store).done;
	space_protect(&s, va, 4096, PT_EXEC | PT_U);
	f->fence(va, 3);
	ok = ok && !probe(&s, store).done && seen(&s, va) == 0;
	space_protect(&s, va, 4096, PT_WRITE | PT_X);
	f->fence(va, 3);
	ok = ok && seen(&s, va) == -1;
	space_close(&s);
	return ok;
}

/* A pointer moves to another table: only the forms for all levels cover it. */
static bool table_moves(enum pt_mode mode, const struct form *f, unsigned level)
{
	xword entry = (xword)pt_page_size(mode, pt_levels(mode) - 1);
	xword va = 5 * entry + 0x3000, other = 6 * entry + 0x3000;
	struct space s;
	bool ok;

	open(&s, mode, 3);
	space_map(&s, va, place[0], 0, all);
	space_map(&s, other, place[1], 0, all);
	space_use(&s);
	ok = seen(&s, va) == 0 && seen(&s, other) == 1;

	/* The two exchange what hangs below this level. Both addresses have the same
	 * indices below the root, so that in the other's table each finds its own. */
	uint64_t mine = pte_get(&s, va, level), theirs = pte_get(&s, other, level);

	pte_put(&s, va, level, theirs);
	pte_put(&s, other, level, mine);
	f->fence(va, 3);
	ok = ok && seen(&s, va) == 1 && seen(&s, other) == 0;

	pte_put(&s, va, level, mine);
	pte_put(&s, other, level, theirs);
	space_close(&s);
	return ok;
}

/* A global page moves, in two address spaces at once. */
static bool global_moves(enum pt_mode mode, const struct form *f)
{
	const xword va = 0x40000000;
	struct space first, second;
	bool ok;

	open(&first, mode, 3);
	open(&second, mode, 4);
	space_map(&first, va, place[0], 0, all | PT_G);
	space_map(&second, va, place[0], 0, all | PT_G);
	space_use(&first);
	ok = seen(&first, va) == 0;
	space_switch(&second);
	fence_asid(4);
	ok = ok && seen(&second, va) == 0;
	pte_put(&first, va, 0, pt_leaf(place[1], all | PT_G));
	pte_put(&second, va, 0, pt_leaf(place[1], all | PT_G));
	f->fence(va, 0);
	ok = ok && seen(&second, va) == 1;
	space_switch(&first);
	f->fence(SPACE_PROBE, 0); /* probe.S of the second, if ASIDs are narrow */
	f->fence(SPACE_PROBE + 4096, 0);
	ok = ok && seen(&first, va) == 1;
	space_close(&first);
	space_close(&second);
	return ok;
}

/* An ASID is given to another address space: one fence is enough. */
static bool asid_is_reused(enum pt_mode mode, const struct form *f)
{
	struct space first, second;
	bool ok = true;

	open(&first, mode, 3);
	open(&second, mode, 3);
	for (xword i = 0; i < 8; i++) {
		space_map(&first, 0x40000000 + i * 4096, place[0], 0, all);
		space_map(&second, 0x40000000 + i * 4096, place[1], 0, all);
	}
	space_use(&first);
	for (xword i = 0; i < 8; i++)
		ok = ok && seen(&first, 0x40000000 + i * 4096) == 0;
	space_switch(&second);
	f->fence(0, 3);
	for (xword i = 0; i < 8; i++)
		ok = ok && seen(&second, 0x40000000 + i * 4096) == 1;
	space_close(&first);
	space_close(&second);
	return ok;
}

/* The fence waits for the stores before it: no store may slip behind. */
static bool many_moves(enum pt_mode mode, const struct form *f)
{
	const xword va = 0x40000000;
	struct space s;
	bool ok = true;

	open(&s, mode, 3);
	space_map(&s, va, place[0], 0, all);
	space_use(&s);
	for (int i = 0; i < 16; i++) {
		pte_put(&s, va, 0, pt_leaf(place[i & 1], all));
		f->fence(va, 3);
		ok = ok && seen(&s, va) == (i & 1);
	}
	space_close(&s);
	return ok;
}

static struct {
	const char *form;
	char text[64];
} line;

/* "all_page_moves" */
static const char *name(const char *what)
{
	char *p = line.text, *end = line.text + sizeof line.text - 1;

	for (const char *c = line.form; *c && p < end;)
		*p++ = *c++;
	*p++ = '_';
	while (*what && p < end)
		*p++ = *what++;
	*p = 0;
	return line.text;
}

static void test(enum pt_mode mode)
{
	for (unsigned i = 0; i < sizeof forms / sizeof forms[0]; i++) {
		const struct form *f = &forms[i];

		line.form = f->name;
		check(name("page_moves"), page_moves(mode, f, 0x40000000, 3));
		/* Zero in a register is an address, and an ASID, like any other. */
		check(name("page_at_zero_moves"), page_moves(mode, f, 0, 3));
		check(name("page_of_asid_zero_moves"), page_moves(mode, f, 0x40000000, 0));
		check(name("superpage_moves"), superpage_moves(mode, f));
		check(name("page_goes"), page_goes(mode, f));
		for (unsigned level = 1; level < pt_levels(mode); level++)
			check(check_name(name("large_page_goes"), level),
			      large_page_goes(mode, f, level));
		check(name("permission_goes"), permission_goes(mode, f));
		check(name("many_moves"), many_moves(mode, f));
		if (f->pointers) {
			check(name("size_changes"), size_changes(mode, f));
			check(name("asid_is_reused"), asid_is_reused(mode, f));
			for (unsigned level = 1; level < pt_levels(mode); level++)
				check(check_name(name("table_moves"), level),
				      table_moves(mode, f, level));
		}
		if (f->globals)
			check(name("global_moves"), global_moves(mode, f));
	}

	/* An address that none is: nothing happens, and no trap. */
	catch_begin();
	fence_address((xword)1 << (XLEN - 2));
	fence_address_asid((xword)1 << (XLEN - 2), 3);
	check("noncanonical_address_is_no_error", !catch_end().taken);
}

/* Every page of both places shows which it is. */
static void mark(unsigned which)
{
	for (xword offset = 0; offset < BLOCK_BYTES; offset += 4096) {
		*word_at(place[which] + offset) = which;
		code_put(place[which] + offset + CODE_OFFSET, which);
	}
}

int main(void)
{
	space_start();
	for (unsigned i = 0; i < 2; i++) {
		place[i] = frame_block(BLOCK_BYTES);
		mark(i);
	}
	for_each_mode(test);
	return check_end();
}
