/*
 * Every mode and every size of page translates right: a word stored at a
 * physical address is what is read through the page table, and the other way
 * round; single-level tables of root leaves too.
 */
#include "check.h"
#include "machine.h"
#include "space.h"

#define PLACES 4

/* 4 MiB of RAM at a multiple of 4 MiB: all of a page of level 1, in any mode. */
#define BLOCK_BYTES 0x400000ul
static xword block;

/*
 * The page of that size in which the block lies, and places in it that are RAM:
 * its first and last word, and between. A page larger than RAM begins before it.
 */
struct page {
	xword base; /* physical */
	xword offset[PLACES];
};

static struct page page_of_level(enum pt_mode mode, unsigned level)
{
	uint64_t size = pt_page_size(mode, level);
	struct page p = {.base = (xword)(block & ~(size - 1))};
	xword start = block - p.base; /* where the block begins in the page */
	xword reach = size < BLOCK_BYTES ? (xword)size : BLOCK_BYTES;

	p.offset[0] = start;
	p.offset[1] = start + reach / 2 - sizeof(xword);
	p.offset[2] = start + reach / 4 * 3;
	p.offset[3] = start + reach - sizeof(xword);
	return p;
}

static void fill(const struct page *p)
{
	for (unsigned i = 0; i < PLACES; i++)
		*word_at(p->base + p->offset[i]) = ~(p->base + p->offset[i]);
}

static bool reads_right(const struct space *s, xword va, const struct page *p)
{
	for (unsigned i = 0; i < PLACES; i++) {
		struct outcome o = probe(
		    s, (struct probe){.access = ACC_LOAD, .priv = PRIV_U, .va = va + p->offset[i]});

		if (!o.done || o.value != ~(p->base + p->offset[i]))
			return false;
	}
	return true;
}

static bool writes_right(const struct space *s, xword va, const struct page *p)
{
	for (unsigned i = 0; i < PLACES; i++) {
		xword value = va + p->offset[i] + 1;
		struct outcome o = probe(s, (struct probe){.access = ACC_STORE,
							   .priv = PRIV_U,
							   .va = va + p->offset[i],
							   .value = value});

		if (!o.done || *word_at(p->base + p->offset[i]) != value)
			return false;
	}
	return true;
}

/* Code of 8 bytes ends at the last byte that is looked at. */
static bool runs_right(const struct space *s, xword va, const struct page *p)
{
	for (unsigned i = 0; i < PLACES; i++) {
		xword offset = (p->offset[i] + sizeof(xword) - 8);

		offset = i == 0 ? p->offset[i] : offset;
		code_put(p->base + offset, 100 + i);

		struct outcome o = probe(
		    s, (struct probe){.access = ACC_FETCH, .priv = PRIV_U, .va = va + offset});

		if (!o.done || o.value != 100 + i)
			return false;
	}
	return true;
}

static void check_page(const struct space *s, xword va, unsigned level, const char *const name[3])
{
	struct page p = page_of_level(s->pt.mode, level);

	fill(&p);
	check(check_name(name[0], level), reads_right(s, va, &p));
	check(check_name(name[1], level), writes_right(s, va, &p));
	check(check_name(name[2], level), runs_right(s, va, &p));
}

static const char *const lower_half[] = {"load_level", "store_level", "fetch_level"};
static const char *const upper_half[] = {"load_level_upper", "store_level_upper",
					 "fetch_level_upper"};
static const char *const root_leaf[] = {"load_root_leaf", "store_root_leaf", "fetch_root_leaf"};

static const unsigned all = PT_WRITE | PT_X | PT_U;

/* One page of every level at the same time, in both halves of the addresses. */
static void every_level(enum pt_mode mode)
{
	unsigned root = pt_levels(mode) - 1;
	struct space s;

	space_open(&s, mode, PT_ALL_LEVELS, 1);
	for (unsigned level = 0; level <= root; level++) {
		xword base = page_of_level(mode, level).base;
		xword entry = (xword)pt_page_size(mode, root);
		xword va = (xword)(level + 3) * entry;

		/* The highest index below the root, so that no bit of it is left out. */
		if (level < root)
			va += entry - (xword)pt_page_size(mode, level);
		space_map(&s, va, base, level, all);
		space_map(&s, -(xword)(level + 3) * entry, base, level, all);
	}
	space_use(&s);
	for (unsigned level = 0; level <= root; level++) {
		xword entry = (xword)pt_page_size(mode, root);
		xword va = (xword)(level + 3) * entry;

		if (level < root)
			va += entry - (xword)pt_page_size(mode, level);
		check_page(&s, va, level, lower_half);
		check_page(&s, -(xword)(level + 3) * entry, level, upper_half);
	}
	space_close(&s);
}

static void root_leaves(enum pt_mode mode)
{
	unsigned root = pt_levels(mode) - 1;
	xword va = (xword)(pt_page_size(mode, root) * 5);
	size_t before = frames_in_use();
	struct space s;

	space_open(&s, mode, PT_ROOT_LEAVES, 1);
	space_map(&s, va, page_of_level(mode, root).base, root, all);
	space_use(&s);
	check_page(&s, va, root, root_leaf);
	check_equal("root_leaves_take_one_table", 1, frames_in_use() - before);
	check_equal("root_leaves_refuse_small_pages", PT_ROOT_ONLY,
		    pt_map(&s.pt, va * 2, block, 0, all));
	space_close(&s);
	check_equal("all_tables_given_back", before, frames_in_use());
}

/* A superpage gives way to small pages, in reverse order of its frames. */
static void split(enum pt_mode mode)
{
	const xword va = 0x40000000;
	xword size = (xword)pt_page_size(mode, 1);
	bool before = true, after = true;
	struct space s;

	for (xword i = 0; i < 8; i++)
		*word_at(block + i * 4096) = i;

	space_open(&s, mode, PT_ALL_LEVELS, 1);
	space_map(&s, va, block, 1, all);
	space_use(&s);
	for (xword i = 0; i < 8; i++)
		before &=
		    probe(&s, (struct probe){.access = ACC_LOAD, .va = va + i * 4096}).value == i;
	space_unmap(&s, va, size);
	for (xword i = 0; i < 8; i++)
		space_map(&s, va + i * 4096, block + (7 - i) * 4096, 0, all);
	fence_all();
	for (xword i = 0; i < 8; i++)
		after &= probe(&s, (struct probe){.access = ACC_LOAD, .va = va + i * 4096}).value ==
			 7 - i;
	check("superpage_whole", before);
	check("superpage_split_into_pages", after);
	space_close(&s);
}

static void test(enum pt_mode mode)
{
	every_level(mode);
	root_leaves(mode);
	split(mode);
}

static void bare(void)
{
	struct space s;

	space_open_bare(&s);
	space_use(&s);
	*word_at(block) = 12345;
	check_group("bare");
	expect_value(&s, "user_reads_physical",
		     (struct probe){.access = ACC_LOAD, .priv = PRIV_U, .va = block}, 12345);
	expect_value(&s, "supervisor_reads_physical",
		     (struct probe){.access = ACC_LOAD, .priv = PRIV_S, .va = block}, 12345);
	check_group(NULL);
	space_close(&s);
}

int main(void)
{
	space_start();
	block = frame_block(BLOCK_BYTES);
	bare();
	for_each_mode(test);
	return check_end();
}
