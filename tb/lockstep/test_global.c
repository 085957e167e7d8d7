/*
 * Global mappings on the RTL, in lockstep: G on the leaf, and G on a pointer, which
 * makes all below it global (specification, "Sv32 page-table entry": the G bit).
 */
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "mmu.h"
#include "sparse.h"

#define ROOT 0x80000000ull
#define VA   0x40201000ull
#define LEAF                                                                                       \
	(0x12345ull << PTE_PPN | 1u << PTE_V | 1u << PTE_R | 1u << PTE_A | 1u << PTE_D |           \
	 1u << PTE_U)

struct bench {
	struct sparse *memory;
	struct mmu *m;
};

/* Three levels; `g` says at which levels of PTE the G bit is set. */
static struct bench open_bench(unsigned g)
{
	struct bench b = {.memory = sparse_new(SPARSE_BUS_ERROR)};
	struct mmu_options options = {
	    .model = "rtl",
	    .config = "sv39",
	    .lockstep = true,
	    .memory = sparse_memory(b.memory),
	};
	char err[200];

	for (unsigned level = 0; level < 3; level++) {
		uint64_t table = ROOT + (2 - level) * 0x1000;
		uint64_t pte = level ? (table + 0x1000) >> 12 << PTE_PPN | 1u << PTE_V : LEAF;

		if (g >> level & 1)
			pte |= 1u << PTE_G;
		sparse_write(b.memory, table + 8 * (VA >> (12 + 9 * level) & 511), 8, pte);
	}
	b.m = mmu_open(&options, err, sizeof(err));
	if (!b.m)
		fail_msg("%s", err);
	return b;
}

static void close_bench(struct bench *b)
{
	struct mmu_counts counts;

	mmu_counts(b->m, &counts);
	assert_int_equal(counts.mismatches, 0);
	mmu_close(b->m);
	sparse_free(b->memory);
}

static void use_asid(struct bench *b, uint64_t asid)
{
	mmu_csr_write(b->m, CSR_SATP, (uint64_t)SATP_SV39 << 60 | asid << 44 | ROOT >> 12);
}

/* Whether a load by this ASID hits. */
static bool hits(struct bench *b, uint64_t asid)
{
	struct mmu_request request = {.va = VA, .access = ACC_LOAD, .bytes = 8, .priv = PRIV_U};
	struct mmu_answer answer;
	struct mmu_counts before, after;

	use_asid(b, asid);
	mmu_counts(b->m, &before);
	assert_true(mmu_translate(b->m, MMU_DATA, &request, &answer));
	mmu_counts(b->m, &after);
	assert_false(answer.fault);
	assert_int_equal(answer.pa, 0x12345000);
	return after.port[MMU_DATA].hits != before.port[MMU_DATA].hits;
}

static void fence_asid(struct bench *b, uint16_t asid)
{
	assert_true(mmu_fence(b->m, &(struct mmu_fence){.rs1_x0 = true, .asid = asid}));
}

static void leaf_without_g_is_its_asids_alone(void **state)
{
	struct bench b = open_bench(0);

	(void)state;
	assert_false(hits(&b, 1));
	assert_true(hits(&b, 1));
	assert_false(hits(&b, 2));
	close_bench(&b);
}

static void check_global(unsigned g)
{
	struct bench b = open_bench(g);

	assert_false(hits(&b, 1));
	assert_true(hits(&b, 2));
	fence_asid(&b, 1);
	assert_true(hits(&b, 1));
	assert_true(mmu_fence(b.m, &(struct mmu_fence){.va = VA, .rs2_x0 = true}));
	assert_false(hits(&b, 2));
	close_bench(&b);
}

static void global_leaf_answers_every_asid(void **state)
{
	(void)state;
	check_global(1u << 0);
}

static void all_below_a_global_pointer_is_global(void **state)
{
	(void)state;
	check_global(1u << 1);
	check_global(1u << 2);
}

/* G of one walk's pointer says nothing of the next walk. */
static void global_pointer_does_not_outlive_its_walk(void **state)
{
	struct bench b = open_bench(1u << 2);
	uint64_t leaf_table = ROOT + 0x2000;

	(void)state;
	assert_false(hits(&b, 1));
	mmu_before_write(b.m, ROOT, 8);
	sparse_write(b.memory, ROOT + 8 * (VA >> 30 & 511), 8,
		     (leaf_table - 0x1000) >> 12 << PTE_PPN | 1u << PTE_V);
	assert_true(mmu_fence(b.m, &(struct mmu_fence){.rs1_x0 = true, .rs2_x0 = true}));
	assert_false(hits(&b, 1));
	assert_false(hits(&b, 2));
	close_bench(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(leaf_without_g_is_its_asids_alone),
	    cmocka_unit_test(global_leaf_answers_every_asid),
	    cmocka_unit_test(all_below_a_global_pointer_is_global),
	    cmocka_unit_test(global_pointer_does_not_outlive_its_walk),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
