/* `atlas explain` from inside: what a story says about an access, given an image of
 * memory made by the test. The golden model decides; here it is that the story tells its
 * decision, the right PTEs and something to do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "explain/story.h"

#define BASE     0x80000000ull
#define SV39     (8ull << 60 | BASE >> 12)
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

enum { V = 1, R = 2, W = 4, X = 8, U = 16, A = 64, D = 128 };

/* The image's first pages are the tables of levels 2, 1 and 0; index 0 of each leads on. */
static struct {
	char path[32];
	uint64_t word[4][512];
	struct explain_options options;
	struct subject subject;
	struct story story;
	bool open;
} t;

static uint64_t pointer(unsigned page)
{
	return (BASE / 4096 + page) << 10 | V;
}

static uint64_t leaf(uint64_t pa, unsigned flags)
{
	return pa >> 12 << 10 | flags | V;
}

static int setup(void **state)
{
	(void)state;
	memset(&t, 0, sizeof(t));
	strcpy(t.path, "/tmp/atlas-explain.XXXXXX");
	close(mkstemp(t.path));
	t.options = (struct explain_options){
	    .image = t.path,
	    .fault = 1,
	    .at_instruction = UINT64_MAX,
	    .xlen = 64,
	    .base = BASE,
	    .satp = SV39,
	    .access = {.has_va = true, .va = 0x8},
	};
	t.word[0][0] = pointer(1);
	t.word[1][0] = pointer(2);
	t.word[2][0] = leaf(0x90000000, R | W | X | U | A | D);
	return 0;
}

static void forget(void)
{
	if (t.open) {
		story_close(&t.story);
		subject_close(&t.subject);
	}
	t.open = false;
}

static int teardown(void **state)
{
	(void)state;
	forget();
	unlink(t.path);
	return 0;
}

static void tell(void)
{
	char err[200] = "";
	FILE *f = fopen(t.path, "wb");

	forget();
	assert_non_null(f);
	assert_int_equal(fwrite(t.word, sizeof(t.word), 1, f), 1);
	fclose(f);
	if (subject_open(&t.subject, &t.options, err, sizeof(err)) != EXIT_PASSED)
		fail_msg("%s", err);
	story_open(&t.story, &t.subject);
	t.open = true;
}

static void set_csr(unsigned number, uint64_t value)
{
	t.options.csr[t.options.csrs++] = (struct csr_setting){number, value};
}

static void assert_fault(unsigned reason, unsigned level, const char *step)
{
	tell();
	if (t.story.answer.reason != reason || t.story.answer.level != level)
		fail_msg("%s at level %u, not %s at level %u",
			 mmu_reason_name(t.story.answer.reason), t.story.answer.level,
			 mmu_reason_name(reason), level);
	assert_string_equal(t.story.rule.step, step);
	assert_true(t.story.advices >= 1);
}

/* Some piece of advice has these words. */
static void assert_advice(const char *words)
{
	for (unsigned i = 0; i < t.story.advices; i++)
		if (strstr(t.story.advice[i], words))
			return;
	fail_msg("no advice with '%s'", words);
}

static void assert_text(const char *words)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_true(story_print(out, &t.story));
	fclose(out);
	if (!strstr(text, words))
		fail_msg("no '%s' in:\n%s", words, text);
	free(text);
}

/* ---- the rules ---------------------------------------------------------------------------- */

static void an_access_that_passes_is_told_so(void **state)
{
	(void)state;
	tell();
	assert_false(t.story.answer.fault);
	assert_int_equal(t.story.answer.pa, 0x90000008u);
	assert_int_equal(t.story.walk.length, 3);
	assert_text("Decided (step 10): the leaf gives the address\n"
		    "  no fault: physical address 0x90000008, memory cached\n");
	assert_advice("goes through");
}

static void each_level_has_its_index_and_address(void **state)
{
	(void)state;
	t.word[0][3] = pointer(1);
	t.word[1][5] = pointer(2);
	t.word[2][7] = leaf(0x90000000, R | U | A);
	t.options.access.va = 3ull << 30 | 5 << 21 | 7 << 12;
	tell();
	assert_false(t.story.answer.fault);
	assert_text("  level 2, index 3: PTE at 0x80000018\n");
	assert_text("  level 1, index 5: PTE at 0x80001028\n");
	assert_text("  level 0, index 7: PTE at 0x80002038\n");
	assert_text("The access, 8 bytes at 0x90000000\n");
}

static void each_leaf_that_refuses_names_rule_and_remedy(void **state)
{
	static const struct {
		unsigned flags, access, priv, reason;
		const char *step, *advice;
	} rows[] = {
	    {R | U | A, ACC_STORE, PRIV_U, REASON_NOT_WRITABLE, "step 8", "copy-on-write"},
	    {X | U | A, ACC_LOAD, PRIV_U, REASON_NOT_READABLE, "step 8", "MXR"},
	    {R | U | A, ACC_FETCH, PRIV_U, REASON_NOT_EXECUTABLE, "step 8", "W^X"},
	    {R | A, ACC_LOAD, PRIV_U, REASON_SUPERVISOR_PAGE, "step 6", "set U in the PTE"},
	    {R | U | A, ACC_LOAD, PRIV_S, REASON_USER_PAGE, "step 6", "sstatus.SUM"},
	    {X | U | A, ACC_FETCH, PRIV_S, REASON_USER_PAGE, "step 6", "never runs code"},
	    {R | U, ACC_LOAD, PRIV_U, REASON_ACCESSED_CLEAR, "step 9", "set A in the PTE"},
	    {R | W | U, ACC_STORE, PRIV_U, REASON_ACCESSED_CLEAR, "step 9", "set A and D"},
	    {R | W | U | A, ACC_STORE, PRIV_U, REASON_DIRTY_CLEAR, "step 9", "set A and D"},
	    {W | U | A, ACC_LOAD, PRIV_U, REASON_PTE_RESERVED, "step 3", "W without R"},
	};

	(void)state;
	t.options.access.has_access = t.options.access.has_priv = true;
	for (size_t i = 0; i < COUNT(rows); i++) {
		t.word[2][0] = leaf(0x90000000, rows[i].flags);
		t.options.access.access = (uint8_t)rows[i].access;
		t.options.access.priv = (uint8_t)rows[i].priv;
		assert_fault(rows[i].reason, 0, rows[i].step);
		assert_advice(rows[i].advice);
	}
}

static void each_bad_pte_names_rule_and_remedy(void **state)
{
	static const struct {
		unsigned page;
		uint64_t pte;
		unsigned reason, level;
		const char *step, *advice;
	} rows[] = {
	    {0, 0, REASON_PTE_INVALID, 2, "step 3", "a pointer to a table"},
	    {2, 0, REASON_PTE_INVALID, 0, "step 3", "0x80002000 a leaf"},
	    {1, 1ull << 54 | V | R | U | A, REASON_PTE_RESERVED, 1, "step 3", "58:54"},
	    {1, 2ull << 61 | V | R | U | A, REASON_PTE_RESERVED, 1, "step 3", "PBMT is 2"},
	    {1, 1ull << 63 | V | R | U | A, REASON_PTE_RESERVED, 1, "step 3", "64 KiB"},
	    {1, V | A, REASON_PTE_RESERVED, 1, "step 3", "In a pointer"},
	    {2, V | 0x90000ull << 10, REASON_LAST_LEVEL_POINTER, 0, "step 4", "must be a leaf"},
	    {1, V | R | U | A | 0x90001ull << 10, REASON_SUPERPAGE_MISALIGNED, 1, "step 5",
	     "multiple of 0x200."},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		uint64_t before = t.word[rows[i].page][0];

		t.word[rows[i].page][0] = rows[i].pte;
		assert_fault(rows[i].reason, rows[i].level, rows[i].step);
		assert_advice(rows[i].advice);
		t.word[rows[i].page][0] = before;
	}
}

static void an_address_that_is_none_reads_no_pte(void **state)
{
	(void)state;
	t.options.access.va = 1ull << 38;
	assert_fault(REASON_NONCANONICAL, LEVEL_NONE, "before step 1");
	assert_int_equal(t.story.walk.length, 0);
	assert_advice("bits 63 to 38");
}

static void a_table_outside_the_image_is_a_bus_error(void **state)
{
	(void)state;
	t.word[1][0] = 0x90000ull << 10 | V;
	assert_fault(REASON_BUS_ERROR, 0, "step 2");
	assert_advice("pointer of level 1 leads to no memory");
	assert_advice("0x80000000 to 0x80003fff");
	assert_text("level 0, index 0: PTE at 0x90000000\n");
	t.options.satp = 8ull << 60 | 1;
	assert_fault(REASON_BUS_ERROR, 2, "step 2");
	assert_advice("satp's root table");
}

static void an_address_beyond_physical_memory_is_told_from_where(void **state)
{
	(void)state;
	t.options.config = "sv48"; /* 44 physical address bits */
	t.word[1][0] = 1ull << 40 << 10 | V;
	assert_fault(REASON_ADDRESS_TOO_WIDE, 0, "step 2");
	assert_advice("44 bits here: correct the PPN of the pointer");
	t.word[1][0] = pointer(2);
	t.word[2][0] = 1ull << 40 << 10 | V | R | U | A;
	assert_fault(REASON_ADDRESS_TOO_WIDE, 0, "after step 10");
	assert_advice("PPN of the leaf");
}

static void pmp_names_its_entry(void **state)
{
	(void)state;
	t.options.config = "rva23";
	set_csr(CSR_PMPADDR0, 0x90000000 >> 2 | 0x1ff);
	set_csr(CSR_PMPCFG0, PMP_NAPOT << PMP_A | 1 << PMP_X);
	assert_fault(REASON_PMP, 0, "after step 10");
	assert_advice("PMP entry 0 decides");
	assert_text("refused by PMP: PMP entry 0 (NAPOT 0x90000000 to 0x90000fff, -X--)");
	t.options.csr[0].value = BASE >> 2 | 0x1ff; /* the root table */
	assert_fault(REASON_PMP, 2, "step 2");
	assert_true(t.story.answer.pte);
	assert_advice("read and written as S-mode");
}

/* A update of A that PMP forbids is of step 9, not of step 2. */
static void an_update_that_pmp_refuses_is_told_from_a_read(void **state)
{
	(void)state;
	t.options.config = "rva23";
	t.word[2][0] = leaf(0x90000000, R | U);
	set_csr(CSR_MENVCFG, 1ull << ENVCFG_ADUE);
	set_csr(CSR_PMPADDR0, (BASE + 0x2000) >> 2 | 0x1ff);
	set_csr(CSR_PMPCFG0, PMP_NAPOT << PMP_A | 1 << PMP_R);
	assert_fault(REASON_PMP, 0, "step 9");
	assert_text("    its update refused by PMP: ");
}

static void attributes_are_told(void **state)
{
	(void)state;
	t.options.config = "sv39";
	t.word[2][0] = leaf(0x10000000, X | U | A);
	t.options.access.has_access = true;
	t.options.access.access = ACC_FETCH;
	assert_fault(REASON_PMA, 0, "after step 10");
	assert_text("memory rw------\n");
	t.word[2][0] = leaf(0x40000000, X | U | A);
	assert_fault(REASON_PMA, 0, "after step 10");
	assert_advice("nothing at 0x40000008");
}

static void what_hardware_updates_is_shown(void **state)
{
	(void)state;
	t.word[2][0] = leaf(0x90000000, R | U);
	set_csr(CSR_MENVCFG, 1ull << ENVCFG_ADUE);
	tell();
	assert_false(t.story.answer.fault);
	assert_text("hardware makes the PTE at 0x80002000 0x0000000024000053 (step 9");
}

static void pages_have_their_sizes(void **state)
{
	static const struct {
		unsigned page;
		uint64_t pte;
		const char *text;
	} rows[] = {
	    {0, V | R | U | A | 0x80000ull << 10, "leaf, a page of 1 GiB at 0x80000000"},
	    {1, V | R | U | A | 0x80200ull << 10, "leaf, a page of 2 MiB at 0x80200000"},
	    {2, V | R | U | A | 0x80001ull << 10, "leaf, a page of 4 KiB at 0x80001000"},
	    {2, V | R | U | A | 0x80018ull << 10 | 1ull << 63,
	     ", N: leaf, a page of 64 KiB at 0x80010000"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		uint64_t before = t.word[rows[i].page][0];

		t.word[rows[i].page][0] = rows[i].pte;
		tell();
		assert_false(t.story.answer.fault);
		assert_text(rows[i].text);
		t.word[rows[i].page][0] = before;
	}
}

static void pointer_masking_shows_the_masked_address(void **state)
{
	(void)state;
	t.options.access.va = 0xab00000000000008u;
	set_csr(CSR_SENVCFG, (uint64_t)PMM_16 << ENVCFG_PMM);
	tell();
	assert_false(t.story.answer.fault);
	assert_text("Pointer masking makes of the address 0x8\n");
}

/* ---- segments ------------------------------------------------------------------------------ */

static void set_segment(unsigned i, uint64_t base, uint64_t last, uint64_t phys, uint64_t cfg)
{
	set_csr(REG_SEGMENT0 + 8 * i + SEGREG_BASE, base);
	set_csr(REG_SEGMENT0 + 8 * i + SEGREG_LAST, last);
	set_csr(REG_SEGMENT0 + 8 * i + SEGREG_PHYS, phys);
	set_csr(REG_SEGMENT0 + 8 * i + SEGREG_CFG, cfg);
}

static void segments_are_considered_one_by_one(void **state)
{
	(void)state;
	set_csr(REG_SEGCTL, 5 << SEGCTL_ASID | SEGMODE_SEGMENTS);
	set_segment(0, 0x10000, 0x1ffff, 0x90000000, 5 << SEG_ASID | U | R | V);
	set_segment(2, 0, 0xffff, 0x91000000, 4 << SEG_ASID | U | R | V);
	set_segment(3, 0, 0xfff, 0x92000000, 1 << SEG_G | U | R | V);
	set_segment(4, 0, 0xfff, 0x93000000, 1 << SEG_G | U | R | V);
	tell();
	assert_false(t.story.answer.fault);
	assert_int_equal(t.story.answer.pa, 0x92000008u);
	assert_text("segment 0: 0x10000 to 0x1ffff, physical 0x90000000, -U--RV, ASID 5: does not "
		    "hold the address\n");
	assert_text("ASID 4: of another address space\n");
	assert_text("segment 3: 0x0 to 0xfff, physical 0x92000000, GU--RV, ASID 0: holds the "
		    "address, and answers\n");
	assert_text("segment 4: 0x0 to 0xfff, physical 0x93000000, GU--RV, ASID 0: holds the "
		    "address, after one that answers\n");
	assert_text("Decided (segments, rule 5)");
}

static void each_fault_of_a_segment_names_rule_and_remedy(void **state)
{
	static const uint64_t last_page = 0xfffffffffff000; /* of 56 physical address bits */
	const struct {
		uint64_t va, last, phys, cfg;
		unsigned reason;
		const char *step, *advice;
	} rows[] = {
	    {8, 7, 0x90000000, U | R | V, REASON_SEGMENT_MISSING, "segments, rule 2",
	     "segctl.MODE 2"},
	    {8, 10, 0x90000000, U | R | V, REASON_SEGMENT_LIMIT, "segments, rule 3",
	     "ends inside the access"},
	    {8, 99, 0x90000000, R | V, REASON_SEGMENT_PERMISSION, "segments, rule 4",
	     "cfg of segment 0 (R, U)"},
	    {0x1008, 0x1fff, last_page, U | R | V, REASON_ADDRESS_TOO_WIDE, "segments, rule 5",
	     "segment's phys"},
	};

	(void)state;
	set_csr(REG_SEGCTL, SEGMODE_SEGMENTS);
	for (size_t i = 0; i < COUNT(rows); i++) {
		t.options.csrs = 1;
		t.options.access.va = rows[i].va;
		set_segment(0, 0, rows[i].last, rows[i].phys, rows[i].cfg);
		assert_fault(rows[i].reason, LEVEL_NONE, rows[i].step);
		assert_advice(rows[i].advice);
	}
}

static void after_segments_come_page_tables(void **state)
{
	(void)state;
	set_csr(REG_SEGCTL, SEGMODE_BOTH);
	tell();
	assert_int_equal(t.story.walk.length, 3);
	assert_text("Segments, then paging: segctl 0x2, ASID 0\n  none is valid\nPage tables: ");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(an_access_that_passes_is_told_so),
	    TEST(each_level_has_its_index_and_address),
	    TEST(each_leaf_that_refuses_names_rule_and_remedy),
	    TEST(each_bad_pte_names_rule_and_remedy),
	    TEST(an_address_that_is_none_reads_no_pte),
	    TEST(a_table_outside_the_image_is_a_bus_error),
	    TEST(an_address_beyond_physical_memory_is_told_from_where),
	    TEST(pmp_names_its_entry),
	    TEST(an_update_that_pmp_refuses_is_told_from_a_read),
	    TEST(attributes_are_told),
	    TEST(what_hardware_updates_is_shown),
	    TEST(pages_have_their_sizes),
	    TEST(pointer_masking_shows_the_masked_address),
	    TEST(segments_are_considered_one_by_one),
	    TEST(each_fault_of_a_segment_names_rule_and_remedy),
	    TEST(after_segments_come_page_tables),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
