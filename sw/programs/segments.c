/*
 * Segments without page tables: what lies in one, what its end cuts off, who may do what
 * in it, whose it is. Each check is a property of segments that several accesses show.
 */
#include "check.h"
#include "context.h"
#include "extensions.h"
#include "machine.h"
#include "pmp.h"
#include "property.h"
#include "segment.h"

extern char probe_page[];

/* Data is at BASE; S and U have the code of probe.S through the two segments above. */
#define BASE    0x40000000ul
#define PROBE_S 0x7f000000ul
#define PROBE_U 0x7f001000ul
#define BYTES   0x4000ul

enum { DATA, PROBE_OF_U, PROBE_OF_S, NEEDED };

static const xword rwx = SEGMENT_V | SEGMENT_R | SEGMENT_W | SEGMENT_X | SEGMENT_G;
static struct space space = {.bare = true, .probe = {[PRIV_U] = PROBE_U, [PRIV_S] = PROBE_S}};
static xword memory; /* BYTES of it, each word holding its own offset */

static struct probe access_of(unsigned access, xword va)
{
	return (struct probe){.access = access, .priv = PRIV_S, .va = va};
}

static struct probe load(xword va)
{
	return access_of(ACC_LOAD, va);
}

static struct probe bytes_of(unsigned access, unsigned bytes, xword va)
{
	struct probe p = access_of(access, va);

	p.bytes = bytes;
	return p;
}

static void map(unsigned i, xword base, xword last, xword cfg)
{
	segment_set(i, (struct segment){base, last, memory, cfg});
}

static void map_probe(void)
{
	const xword cfg = SEGMENT_V | SEGMENT_X | SEGMENT_G, page = (xword)probe_page;

	segment_set(PROBE_OF_S, (struct segment){PROBE_S, PROBE_S + 0xfff, page, cfg});
	segment_set(PROBE_OF_U, (struct segment){PROBE_U, PROBE_U + 0xfff, page, cfg | SEGMENT_U});
}

static void start_again(void)
{
	segment_switch(SEGMODE_SEGMENTS, 0);
	map(DATA, BASE, BASE + BYTES - 1, rwx);
	map_probe();
	for (xword i = 0; i < BYTES; i += sizeof(xword))
		*word_at(memory + i) = i;
}

/* ---- registers --------------------------------------------------------------------- */

static void registers_keep_their_fields(void)
{
	struct segment s;

	segment_set(DATA, (struct segment){~0ul, ~0ul, ~0ull, ~0ul & ~SEGMENT_R});
	s = segment_get(DATA);
	want_equal(~0xffful, s.base, "base");
	want_equal(~0ul, s.last, "last");
	want(s.phys == (XLEN == 32 ? 0x3fffff000ull : 0xfffffffffff000ull), "phys");
	want_equal(SEGMENT_V | SEGMENT_X | SEGMENT_U | SEGMENT_G, s.cfg & 0xffff, "cfg");
	want_equal(((xword)1 << asid_bits()) - 1, s.cfg >> SEG_ASID, "cfg.ASID");
}

static void reserved_mode_changes_nothing(void)
{
	segment_switch(SEGMODE_SEGMENTS, asid_bits() ? 1 : 0);

	xword before = segment_control();

	segment_switch(3, 0);
	want_equal(before, segment_control(), "segctl");
}

/* ---- where a segment lies ------------------------------------------------------------ */

static void whole_segment_is_mapped(void)
{
	for (xword i = 0; i < BYTES; i += 0x7f8)
		want_value(&space, load(BASE + i), i);
	want_value(&space, bytes_of(ACC_LOAD, 1, BASE + BYTES - 1), 0);
	want_done(&space, bytes_of(ACC_STORE, 1, BASE + BYTES - 1));
	code_put(memory + 0x100, 321);
	want_value(&space, access_of(ACC_FETCH, BASE + 0x100), 321);
}

static void nothing_else_is_mapped(void)
{
	static const uint8_t accesses[] = {ACC_LOAD, ACC_STORE, ACC_FETCH, ACC_LR, ACC_AMO};

	for (unsigned i = 0; i < sizeof accesses; i++) {
		want_fault(&space, access_of(accesses[i], BASE - 0x1000), REASON_SEGMENT_MISSING);
		want_fault(&space, access_of(accesses[i], BASE + BYTES), REASON_SEGMENT_MISSING);
		want_fault(&space, access_of(accesses[i], memory), REASON_SEGMENT_MISSING);
	}
}

static void length_is_exact_to_the_byte(void)
{
	for (xword last = BASE + 0x800; last < BASE + 0x808; last++) {
		map(DATA, BASE, last, rwx);
		for (unsigned bytes = 1; bytes <= sizeof(xword); bytes *= 2) {
			want_done(&space, bytes_of(ACC_LOAD, bytes, last - bytes + 1));
			want_done(&space, bytes_of(ACC_STORE, bytes, last - bytes + 1));
			if (bytes == 1)
				continue;
			want_fault(&space, bytes_of(ACC_LOAD, bytes, last - bytes + 2),
				   REASON_SEGMENT_LIMIT);
			want_fault(&space, bytes_of(ACC_STORE, bytes, last - bytes + 2),
				   REASON_SEGMENT_LIMIT);
		}
		want_fault(&space, bytes_of(ACC_LOAD, 1, last + 1), REASON_SEGMENT_MISSING);
	}
}

static void cache_block_must_lie_inside(void)
{
	map(DATA, BASE, BASE + 0x7e, rwx);
	want_done(&space, access_of(ACC_CBO_ZERO, BASE + 0x3f));
	want_fault(&space, access_of(ACC_CBO_ZERO, BASE + 0x40), REASON_SEGMENT_LIMIT);
	want_fault(&space, access_of(ACC_CBO_MANAGE, BASE + 0x7e), REASON_SEGMENT_LIMIT);
	want_done(&space, access_of(ACC_PREFETCH, BASE + 0x7e));
	want_value(&space, load(BASE + 0x40), 0x40);
	want_value(&space, load(BASE), 0);
}

static void empty_segment_maps_nothing(void)
{
	map(DATA, BASE, BASE - 1, rwx);
	want_fault(&space, load(BASE), REASON_SEGMENT_MISSING);
	want_fault(&space, bytes_of(ACC_LOAD, 1, BASE - 1), REASON_SEGMENT_MISSING);
	map(DATA, BASE, 0, rwx);
	want_fault(&space, load(BASE), REASON_SEGMENT_MISSING);
	want_fault(&space, bytes_of(ACC_LOAD, 1, 0), REASON_SEGMENT_MISSING);
}

/* The lowest-numbered; what it refuses or cuts off is refused. */
static void first_of_two_answers(void)
{
	map(DATA, BASE, BASE + 0x1003, SEGMENT_V | SEGMENT_R | SEGMENT_G);
	segment_set(PROBE_OF_U, (struct segment){BASE, BASE + BYTES - 1, memory + 0x1000, rwx});
	want_value(&space, load(BASE + 8), 8);
	want_value(&space, load(BASE + 0x1008), 0x2008);
	want_fault(&space, access_of(ACC_STORE, BASE + 8), REASON_SEGMENT_PERMISSION);
	want_done(&space, access_of(ACC_STORE, BASE + 0x1008));
	want_fault(&space, bytes_of(ACC_LOAD, 4, BASE + 0x1002), REASON_SEGMENT_LIMIT);
}

/* An access in two pages is two, each with a segment of its own; within a page it is one. */
static void touching_segments_take_a_half_each(void)
{
	const struct segment second = {BASE + 0x1000, BASE + 0x1fff, memory + 0x2000, rwx};

	map(DATA, BASE, BASE + 0xfff, rwx);
	segment_set(PROBE_OF_U, second);
	*(volatile uint32_t *)(memory + 0xffc) = 0x11223344;
	*(volatile uint32_t *)(memory + 0x2000) = 0x55667788;
	want_value(&space, bytes_of(ACC_LOAD, 4, BASE + 0xffe), 0x77881122);
	map(DATA, BASE, BASE + 0xffd, rwx);
	want_fault(&space, bytes_of(ACC_LOAD, 4, BASE + 0xffe), REASON_SEGMENT_MISSING);
	want_fault(&space, bytes_of(ACC_LOAD, 4, BASE + 0xffc), REASON_SEGMENT_LIMIT);
}

static void address_space_does_not_wrap_around(void)
{
	const xword top = ~0xffful;

	map(DATA, top, ~0ul, rwx);
	want_value(&space, load(~0ul - (sizeof(xword) - 1)), 0x1000 - sizeof(xword));
	want_done(&space, access_of(ACC_CBO_ZERO, ~0ul));
	want_fault_at(&space, bytes_of(ACC_LOAD, 4, ~0ul - 1), REASON_SEGMENT_MISSING, 0);
}

/* ---- who may do what ------------------------------------------------------------------- */

static void permission(xword cfg, unsigned access, bool allowed)
{
	map(DATA, BASE, BASE + BYTES - 1, SEGMENT_V | SEGMENT_G | cfg);
	if (allowed)
		want_done(&space, access_of(access, BASE + 0x200));
	else
		want_fault(&space, access_of(access, BASE + 0x200), REASON_SEGMENT_PERMISSION);
}

static void read_write_and_execute_are_apart(void)
{
	for (unsigned i = 0; i < 8; i++) {
		xword cfg = (xword)i << SEG_R;
		bool r = cfg & SEGMENT_R, w = r && cfg & SEGMENT_W;

		permission(cfg, ACC_LOAD, r);
		permission(cfg, ACC_LR, r);
		permission(cfg, ACC_STORE, w);
		permission(cfg, ACC_AMO, w);
		permission(cfg, ACC_CBO_ZERO, w);
		permission(cfg, ACC_CBO_MANAGE, r);
		code_put(memory + 0x200, 1);
		permission(cfg, ACC_FETCH, cfg & SEGMENT_X);
	}
}

static void user_and_supervisor_are_apart(void)
{
	struct probe p = load(BASE);

	p.priv = PRIV_U;
	want_fault(&space, p, REASON_SEGMENT_PERMISSION);
	map(DATA, BASE, BASE + BYTES - 1, rwx | SEGMENT_U);
	want_value(&space, p, 0);
	p.priv = PRIV_S;
	want_fault(&space, p, REASON_SEGMENT_PERMISSION);
	p.sum = true;
	want_value(&space, p, 0);
	p.access = ACC_FETCH;
	want_fault(&space, p, REASON_SEGMENT_PERMISSION);
}

static void mxr_reads_what_runs(void)
{
	struct probe p = load(BASE + 0x300);

	map(DATA, BASE, BASE + BYTES - 1, SEGMENT_V | SEGMENT_X | SEGMENT_G);
	want_fault(&space, p, REASON_SEGMENT_PERMISSION);
	p.mxr = true;
	want_value(&space, p, 0x300);
}

static void no_shadow_stack_in_it(void)
{
	if (!switch_shadow_stack(true)) {
		property_skip("no Zicfiss here");
		return;
	}
	want_fault(&space, access_of(ACC_SS_AMO, BASE), REASON_SHADOW_STACK);
	want_fault(&space, access_of(ACC_SS_LOAD, BASE), REASON_SHADOW_STACK);
	switch_shadow_stack(false);
}

/* ---- whose it is ------------------------------------------------------------------------ */

/* No fence between them, and no segment rewritten. */
static void address_spaces_see_their_own(void)
{
	if (asid_bits() == 0) {
		property_skip("no ASIDs here");
		return;
	}
	const xword own = SEGMENT_V | SEGMENT_R | SEGMENT_W;

	segment_set(DATA, (struct segment){BASE, BASE + 0xfff, memory, own | SEGMENT_ASID(0)});
	segment_set(PROBE_OF_U,
		    (struct segment){BASE, BASE + 0x1fff, memory + 0x1000, own | SEGMENT_ASID(1)});
	for (unsigned round = 0; round < 4; round++) {
		segment_switch(SEGMODE_SEGMENTS, round % 2);
		want_value(&space, load(BASE + 8), round % 2 ? 0x1008 : 8);
		if (round % 2)
			want_value(&space, load(BASE + 0x1008), 0x2008);
		else
			want_fault(&space, load(BASE + 0x1008), REASON_SEGMENT_MISSING);
	}
}

static void change_is_seen_at_once(void)
{
	want_value(&space, load(BASE + 8), 8);
	segment_set(DATA, (struct segment){BASE, BASE + 0xfff, memory + 0x1000, rwx});
	want_value(&space, load(BASE + 8), 0x1008);
	segment_set(DATA, (struct segment){BASE, BASE + 0xfff, memory, 0});
	want_fault(&space, load(BASE + 8), REASON_SEGMENT_MISSING);
}

/* ---- physical memory ----------------------------------------------------------------- */

static void address_is_never_truncated(void)
{
	const uint64_t end = (uint64_t)1 << frames.pa_bits;

	/* Below the code of probe.S, and above it to the end. */
	segment_set(DATA, (struct segment){BASE, PROBE_S - 1, end - 0x1000, rwx});
	want_fault(&space, load(BASE + 0x1000), REASON_ADDRESS_TOO_WIDE);
	want_fault(&space, access_of(ACC_STORE, BASE + BYTES), REASON_ADDRESS_TOO_WIDE);
	segment_set(DATA, (struct segment){PROBE_U + 0x1000, ~0ul, end - 0x1000, rwx});
	want_fault(&space, access_of(ACC_FETCH, ~0xffful), REASON_ADDRESS_TOO_WIDE);
}

static void pmp_judges_where_it_leads(void)
{
	if (pmp_entries() < 2) {
		property_skip("no two PMP entries here");
		return;
	}
	pmp_set(0, PMPCFG_R | PMPCFG_NAPOT, pmp_napot(memory + 0x1000, 0x1000));
	want_done(&space, access_of(ACC_STORE, BASE + 0xff8));
	want_value(&space, load(BASE + 0x1008), 0x1008);
	want_fault(&space, access_of(ACC_STORE, BASE + 0x1008), REASON_PMP);
	want_fault(&space, access_of(ACC_FETCH, BASE + 0x1100), REASON_PMP);
	pmp_set(0, 0, 0);
}

/* ---- a supervisor of its own ------------------------------------------------------------ */

/* In S-mode, whose code and stack are in a segment that maps RAM to itself. */
static xword supervisor(xword nothing)
{
	(void)nothing;
	segment_switch(SEGMODE_SEGMENTS, 0);

	xword seen = *(volatile xword *)(BASE + 8);

	catch_begin();
	*(volatile xword *)(BASE + 0x1000);

	struct trap t = catch_end();

	segment_switch(SEGMODE_PAGING, 0);
	return seen == 8 && t.taken && t.cause == CAUSE_LOAD_PAGE && t.tval == BASE + 0x1000;
}

static xword supervisor_without(xword nothing)
{
	(void)nothing;
	catch_begin();
	segment_control();
	return catch_end().cause;
}

static void supervisor_lives_in_segments(void)
{
	csr_write(medeleg, 1ul << CAUSE_LOAD_PAGE | 1ul << CAUSE_ILLEGAL);
	segment_switch(SEGMODE_PAGING, 0);
	segment_set(PROBE_OF_S,
		    (struct segment){RAM_BASE, RAM_BASE + RAM_BYTES - 1, RAM_BASE, rwx});
	map(DATA, BASE, BASE + 0xfff, rwx);
	want_equal(1, supervisor_call(supervisor, 0), "what the supervisor saw");
	csr_write(medeleg, 0);
}

static void tvm_takes_them_from_supervisor(void)
{
	csr_write(medeleg, 1ul << CAUSE_ILLEGAL);
	segment_switch(SEGMODE_PAGING, 0);
	csr_set(mstatus, MSTATUS_TVM);
	want_equal(CAUSE_ILLEGAL, supervisor_call(supervisor_without, 0), "cause");
	csr_clear(mstatus, MSTATUS_TVM);
	csr_write(medeleg, 0);
}

int main(void)
{
	static const struct property properties[] = {
	    PROPERTY(registers_keep_their_fields),
	    PROPERTY(reserved_mode_changes_nothing),
	    PROPERTY(whole_segment_is_mapped),
	    PROPERTY(nothing_else_is_mapped),
	    PROPERTY(length_is_exact_to_the_byte),
	    PROPERTY(cache_block_must_lie_inside),
	    PROPERTY(empty_segment_maps_nothing),
	    PROPERTY(first_of_two_answers),
	    PROPERTY(touching_segments_take_a_half_each),
	    PROPERTY(address_space_does_not_wrap_around),
	    PROPERTY(read_write_and_execute_are_apart),
	    PROPERTY(user_and_supervisor_are_apart),
	    PROPERTY(mxr_reads_what_runs),
	    PROPERTY(no_shadow_stack_in_it),
	    PROPERTY(address_spaces_see_their_own),
	    PROPERTY(change_is_seen_at_once),
	    PROPERTY(address_is_never_truncated),
	    PROPERTY(pmp_judges_where_it_leads),
	    PROPERTY(supervisor_lives_in_segments),
	    PROPERTY(tvm_takes_them_from_supervisor),
	};
	const char *lacking = NULL;

	space_start();
	pmp_start();
	memory = frame_block(BYTES);
	if (segment_count() < NEEDED)
		lacking = "no segments here";
	else
		start_again();
	csr_set(CSR_MENVCFG, ENVCFG_CBIE | ENVCFG_CBCFE | ENVCFG_CBZE);
	property_check(properties, sizeof properties / sizeof properties[0], lacking, start_again);
	return check_end();
}
