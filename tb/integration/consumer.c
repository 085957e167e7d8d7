/* A program of someone else's, built by pkg-config against the installed libatlas: one page
 * mapped, translated by the model that its argument names, in lockstep with the golden one. */
#include <mmu.h>
#include <string.h>

enum { ROOT = 0x80000000u };

static uint32_t tables[2048]; /* the root, and one table behind it */

static bool read_pte(void *ctx, uint64_t pa, unsigned bytes, uint64_t *value)
{
	(void)ctx;
	if (pa < ROOT || pa - ROOT + bytes > sizeof tables)
		return false;
	*value = tables[(pa - ROOT) / 4];
	return true;
}

int main(int argc, char **argv)
{
	struct mmu_options options = {
	    .model = argc > 1 ? argv[1] : "golden",
	    .config = "sv32_min",
	    .lockstep = true,
	    .memory = {.read = read_pte},
	};
	struct mmu_request request = {
	    .va = 0x400123, .bytes = 1, .priv = PRIV_S, .access = ACC_LOAD};
	struct mmu_fence fence = {.rs1_x0 = true, .rs2_x0 = true};
	struct mmu_answer answer;
	struct mmu_counts counts;
	char err[400];
	struct mmu *m = mmu_open(&options, err, sizeof err);

	if (!m) {
		fprintf(stderr, "%s\n", err);
		return 2;
	}
	tables[1] = (ROOT >> 12 | 1) << PTE_PPN | 1 << PTE_V;
	tables[1024] = 0x12345u << PTE_PPN | 1 << PTE_A | 1 << PTE_R | 1 << PTE_V;
	mmu_csr_write(m, CSR_SATP, 1u << 31 | ROOT >> 12);
	if (!mmu_fence(m, &fence) || !mmu_translate(m, MMU_DATA, &request, &answer))
		return 1;
	mmu_print_answer(stdout, &answer);
	putchar('\n');
	mmu_counts(m, &counts);
	mmu_close(m);
	return answer.fault || answer.pa != 0x12345123 || counts.mismatches;
}
