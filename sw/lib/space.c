#include "space.h"

#include "check.h"
#include "console.h"
#include "extensions.h"
#include "machine.h"

extern char probe_page[];

/*
 * How wide is a physical address? Only a machine that tells why it refused lets
 * software see it: from the address that is too wide on, it says so.
 */
static unsigned physical_bits(void)
{
	const xword page = 0x40000000;
	unsigned bits = frames.pa_bits;
	struct space s;

	space_open(&s, XLEN == 32 ? PT_SV32 : PT_SV39, PT_ALL_LEVELS, 0);
	for (; bits > 32; bits--) {
		space_map(&s, page, 0, 0, PT_READ);
		pte_put(&s, page, 0, pt_leaf((uint64_t)1 << (bits - 1), PT_READ));
		space_use(&s);
		struct outcome o =
		    probe(&s, (struct probe){.access = ACC_LOAD, .priv = PRIV_S, .va = page});
		space_unmap(&s, page, 4096);
		if (o.done || o.why.reason != REASON_ADDRESS_TOO_WIDE)
			break;
	}
	space_close(&s);
	return bits;
}

void space_start(void)
{
	frames_open();
	reason_probe();

	/* Asked everywhere, so that every machine uses the same frames for the same things. */
	unsigned bits = physical_bits();

	if (reason_exists())
		frames.pa_bits = bits;
	extensions_probe();
}

unsigned asid_bits(void)
{
	const unsigned shift = XLEN == 32 ? 22 : 44, most = XLEN == 32 ? 9 : 16;
	struct pt empty = {.mode = XLEN == 32 ? PT_SV32 : PT_SV39};
	unsigned bits = 0;

	csr_write(satp, pt_satp(&empty, ~0u));
	for (xword asid = csr_read(satp) >> shift; bits < most && asid & 1; asid >>= 1)
		bits++;
	csr_write(satp, 0);
	return bits;
}

bool mode_exists(enum pt_mode mode)
{
	struct pt empty = {.mode = mode};

	if ((mode == PT_SV32) != (XLEN == 32))
		return false;

	xword value = (xword)pt_satp(&empty, 0);

	csr_write(satp, value);
	bool exists = csr_read(satp) == value;
	csr_write(satp, 0);
	return exists;
}

void for_each_mode(void (*test)(enum pt_mode mode))
{
	for (enum pt_mode mode = 0; mode < PT_MODES; mode++) {
		if (!mode_exists(mode))
			continue;
		check_group(pt_mode_name(mode));
		test(mode);
	}
	check_group(NULL);
}

/* ---- page tables --------------------------------------------------------------- */

static void must(enum pt_result result, const char *what, xword va)
{
	if (result == PT_OK)
		return;
	printf("cannot %s 0x%lx: %s\n", what, va, pt_result_name(result));
	finish(1);
}

/* Two root leaves onto the memory that probe.S lies in, one for U, one for S. */
static void map_probe_by_root(struct space *s)
{
	unsigned level = pt_levels(s->pt.mode) - 1;
	uint64_t size = pt_page_size(s->pt.mode, level);
	xword base = (xword)((uint64_t)RAM_BASE & ~(size - 1));
	xword offset = (xword)probe_page - base;
	xword user = (xword)(SPACE_ROOT_U * size), supervisor = (xword)(SPACE_ROOT_S * size);

	space_map(s, user, base, level, PT_R | PT_W | PT_X | PT_U | PT_A | PT_D);
	space_map(s, supervisor, base, level, PT_R | PT_W | PT_X | PT_A | PT_D);
	s->probe[PRIV_U] = user + offset;
	s->probe[PRIV_S] = supervisor + offset;
}

static void map_probe_by_pages(struct space *s)
{
	s->probe[PRIV_U] = SPACE_PROBE;
	s->probe[PRIV_S] = SPACE_PROBE + 4096;
	space_map(s, s->probe[PRIV_U], (xword)probe_page, 0, PT_EXEC | PT_U);
	space_map(s, s->probe[PRIV_S], (xword)probe_page, 0, PT_EXEC);
}

void space_open(struct space *s, enum pt_mode mode, enum pt_policy policy, unsigned asid)
{
	*s = (struct space){.asid = asid};
	must(pt_create(&s->pt, mode, policy, &frames), "make a page table", 0);
	if (policy == PT_ROOT_LEAVES)
		map_probe_by_root(s);
	else
		map_probe_by_pages(s);
}

void space_open_bare(struct space *s)
{
	*s = (struct space){.bare = true, .probe = {(xword)probe_page, (xword)probe_page}};
}

void space_close(struct space *s)
{
	csr_write(satp, 0);
	fence_all();
	if (!s->bare)
		pt_destroy(&s->pt);
}

void space_map(struct space *s, xword va, xword pa, unsigned level, uint64_t flags)
{
	must(pt_map(&s->pt, va, pa, level, flags), "map", va);
}

void space_unmap(struct space *s, xword va, xword bytes)
{
	must(pt_unmap(&s->pt, va, bytes), "unmap", va);
}

void space_protect(struct space *s, xword va, xword bytes, uint64_t flags)
{
	must(pt_protect(&s->pt, va, bytes, flags), "protect", va);
}

xword space_page(struct space *s, xword va, uint64_t flags)
{
	xword pa = frame_alloc();

	space_map(s, va, pa, 0, flags);
	return pa;
}

static volatile xword *pte_pointer(const struct space *s, xword va, unsigned level)
{
	struct pt_walk walk;

	pt_walk(&s->pt, va, &walk);
	for (unsigned i = 0; i < walk.steps; i++) {
		if (walk.step[i].level == level)
			return word_at((xword)walk.step[i].pte_pa);
	}
	printf("no PTE of level %u on the way to 0x%lx\n", level, va);
	finish(1);
}

uint64_t pte_get(const struct space *s, xword va, unsigned level)
{
	return *pte_pointer(s, va, level);
}

void pte_put(const struct space *s, xword va, unsigned level, uint64_t pte)
{
	*pte_pointer(s, va, level) = (xword)pte;
}

void space_switch(const struct space *s)
{
	csr_write(satp, s->bare ? 0 : (xword)pt_satp(&s->pt, s->asid));
}

/* An ASID that does not fit is cut, so that it may be another's: from then on
 * neither of the two can be entered without a fence. */
void space_enter(const struct space *s)
{
	static bool cut;

	if (s->asid >> asid_bits())
		cut = true;
	space_switch(s);
	if (cut)
		fence_all();
}

void space_use(const struct space *s)
{
	space_switch(s);
	fence_all();
}
