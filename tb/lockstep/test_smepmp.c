/*
 * The truth table of PMP and Smepmp, whole: L R W X of the entry that decides, privilege,
 * access kind, MML and MMWP, and accesses that match no entry or only half; untranslated,
 * translated by a walk and by a hit, and for PTEs themselves. RTL in lockstep with golden,
 * and against the table as the specification prints it (riscv-vm.md, sections 2.8, 2.9).
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "scene.h"

#define PAGE   (SCENE_PAGES + 0x5000)
#define TABLES 0x10000ull /* bytes from SCENE_ROOT that hold tables, opened to S-mode */

/* Entries: the one that is examined, and the tables'. */
enum { EXAMINED = 0, OTHER = 3 };

/* ---- the table ----------------------------------------------------------- */

/* With MML, by L R W X as a number: what M-mode may do, what S and U may. */
static const struct {
	const char *m, *su;
} with_mml[16] = {
    {"", ""}, {"", "x"}, {"rw", "r"}, {"rw", "rw"}, {"", "r"}, {"", "rx"}, {"", "rw"}, {"", "rwx"},
    {"", ""}, {"x", ""}, {"x", "x"},  {"rx", "x"},  {"r", ""}, {"rx", ""}, {"rw", ""}, {"r", "r"},
};

enum match { WHOLE, HALF, NONE };

/* What is in force. */
struct setting {
	bool mml, mmwp;
	unsigned lrwx; /* of the entry: L 8, R 4, W 2, X 1 */
	enum match match;
};

static void letters(char out[4], unsigned rwx)
{
	snprintf(out, 4, "%s%s%s", rwx & 4 ? "r" : "", rwx & 2 ? "w" : "", rwx & 1 ? "x" : "");
}

/* The permissions that this privilege has there, as letters. */
static void granted(char out[4], const struct setting *set, unsigned priv)
{
	bool m = priv == PRIV_M, locked = set->lrwx & 8;

	out[0] = '\0';
	if (set->match == HALF)
		return;
	if (set->match == NONE) {
		if (m && !set->mmwp)
			letters(out, set->mml ? 6 : 7);
	} else if (set->mml) {
		strcpy(out, m ? with_mml[set->lrwx].m : with_mml[set->lrwx].su);
	} else if (m && !locked) {
		letters(out, 7);
	} else {
		letters(out, set->lrwx & 7);
	}
}

static bool has(const char *granted, const char *needed, bool any)
{
	unsigned n = 0;

	for (const char *c = needed; *c; c++)
		n += strchr(granted, *c) != NULL;
	return any ? n > 0 : n == strlen(needed);
}

static bool pmp_permits(const struct setting *set, unsigned priv, unsigned access)
{
	static const struct {
		const char *needs;
		bool any;
	} kind[SCENE_ACCESSES] = {
	    [ACC_LOAD] = {"r", false},      [ACC_STORE] = {"w", false},
	    [ACC_FETCH] = {"x", false},     [ACC_LR] = {"r", false},
	    [ACC_SC] = {"w", false},        [ACC_AMO] = {"w", false},
	    [ACC_CBO_ZERO] = {"w", false},  [ACC_CBO_MANAGE] = {"rw", true},
	    [ACC_PREFETCH] = {"rwx", true}, [ACC_SS_LOAD] = {"rw", false},
	    [ACC_SS_STORE] = {"rw", false}, [ACC_SS_AMO] = {"rw", false},
	};
	char may[4];

	granted(may, set, priv);
	return has(may, kind[access].needs, kind[access].any);
}

/* ---- arranging it -------------------------------------------------------- */

static unsigned cfg_of(unsigned lrwx)
{
	return (lrwx & 8 ? CL : 0) | (lrwx & 4 ? CR : 0) | (lrwx & 2 ? CW : 0) |
	       (lrwx & 1 ? CX : 0);
}

/* RLB stays set, so that every byte can be written; it has no part in any verdict. */
static void open_with(struct scene *s, const struct scene_mode *mode, bool mml, bool mmwp)
{
	unsigned bits = M_RLB | (mml ? M_MML : 0) | (mmwp ? M_MMWP : 0);

	scene_reset(s, mode, NULL, NULL);
	assert_int_equal(scene_csr(s, CSR_MSECCFG, bits), bits);
	scene_pmp_napot(s, OTHER, CR | CW, SCENE_ROOT, TABLES);
	scene_menvcfg(s, SCENE_SSE | SCENE_ADUE);
}

/* The entry over the whole of [base, base + bytes), over one half of it, or off. */
static void arrange(struct scene *s, const struct setting *set, uint64_t base, unsigned bytes,
		    bool upper_half)
{
	unsigned cfg = cfg_of(set->lrwx);
	uint64_t middle = base + bytes / 2;

	if (set->match == WHOLE)
		scene_pmp_napot(s, EXAMINED, cfg, base, bytes);
	else if (set->match == NONE)
		scene_pmp_cfg(s, EXAMINED, cfg | C_OFF);
	else if (bytes == 8)
		scene_pmp_na4(s, EXAMINED, cfg, upper_half ? middle : base);
	else
		scene_pmp_napot(s, EXAMINED, cfg, upper_half ? middle : base, bytes / 2);
	/* Only with MML is there W without R. */
	if (!set->mml && (set->lrwx & 6) == 2)
		cfg &= ~(unsigned)CW;
	assert_int_equal(scene_pmp_cfg_read(s, EXAMINED) & ~(3 << PMP_A), cfg);
}

/* The setting as it is stored. */
static struct setting stored(const struct setting *set)
{
	struct setting as_stored = *set;

	if (!set->mml && (set->lrwx & 6) == 2)
		as_stored.lrwx &= ~2u;
	return as_stored;
}

/* Runs `check` for every value of the setting, in Sv32 and Sv39. */
static void for_each_setting(void (*prepare)(struct scene *s),
			     void (*check)(struct scene *s, const struct setting *set))
{
	static const char *const modes[] = {"sv32", "sv39"};

	for (unsigned i = 0; i < 2 * 4; i++) {
		struct setting set = {.mml = i & 1, .mmwp = i & 2};
		struct scene s;
		open_with(&s, scene_mode(modes[i >> 2]), set.mml, set.mmwp);
		prepare(&s);
		for (set.match = WHOLE; set.match <= NONE; set.match++)
			for (set.lrwx = 0; set.lrwx < 16; set.lrwx++)
				check(&s, &set);
		scene_close(&s);
	}
}

/* ---- untranslated -------------------------------------------------------- */

static void in_bare(struct scene *s)
{
	mmu_csr_write(s->mmu, CSR_SATP, 0);
}

static void check_untranslated(struct scene *s, const struct setting *set)
{
	static const uint8_t privs[] = {PRIV_U, PRIV_S, PRIV_M};
	struct setting now = stored(set);

	for (unsigned half = 0; half < (set->match == HALF ? 2 : 1); half++) {
		arrange(s, set, PAGE + 0x40, 0x40, half);
		for (unsigned i = 0; i < 3 * ACC_SS_LOAD; i++) {
			struct mmu_request r = scene_request(PAGE + 0x40, i / 3);
			r.priv = privs[i % 3];
			r.bytes = 64;
			scene_expect(
			    s, &r, pmp_permits(&now, r.priv, r.access) ? REASON_NONE : REASON_PMP);
		}
	}
}

static void untranslated_accesses_follow_the_table(void **state)
{
	(void)state;
	for_each_setting(in_bare, check_untranslated);
}

/* ---- translated ---------------------------------------------------------- */

enum { S_PAGE = 0x1000, U_PAGE = 0x2000, S_STACK = 0x3000, U_STACK = 0x4000 };

static void map_pages(struct scene *s)
{
	scene_satp(s, 0, s->root);
	scene_map(s, S_PAGE, PAGE, 0, P_RWX);
	scene_map(s, U_PAGE, PAGE, 0, P_RWX | PU);
	scene_map(s, S_STACK, PAGE, 0, P_SS);
	scene_map(s, U_STACK, PAGE, 0, P_SS | PU);
	assert_true(s->next_table <= SCENE_ROOT + TABLES);
}

static struct mmu_request translated(unsigned access, unsigned priv, unsigned offset)
{
	bool stack = access >= ACC_SS_LOAD;
	uint64_t page = priv == PRIV_S ? (stack ? S_STACK : S_PAGE) : (stack ? U_STACK : U_PAGE);
	struct mmu_request r = scene_request(page + offset, access);

	r.priv = priv;
	return r;
}

static void check_access(struct scene *s, const struct setting *set, unsigned access, unsigned priv,
			 bool warm)
{
	struct mmu_request r = translated(access, priv, 0x40);
	bool permitted = pmp_permits(set, priv, access);

	r.bytes = 64;
	if (!warm)
		scene_fence_all(s);
	scene_expect(s, &r, permitted ? REASON_NONE : REASON_PMP);
	if (permitted)
		assert_int_equal(scene_ask(s, &r).added, 0);
}

/* First each by a walk, then all of them on what is in the TLBs. */
static void check_translated(struct scene *s, const struct setting *set)
{
	struct setting now = stored(set);

	for (unsigned half = 0; half < (set->match == HALF ? 2 : 1); half++) {
		/* A half match cuts the block at offset 0x40 into halves. */
		if (set->match == HALF)
			arrange(s, set, PAGE + 0x40, 0x40, half);
		else
			arrange(s, set, PAGE, 4096, false);
		for (unsigned i = 0; i < 2 * 2 * SCENE_ACCESSES; i++)
			check_access(s, &now, i / 2 % SCENE_ACCESSES, i % 2 ? PRIV_S : PRIV_U,
				     i >= 2 * SCENE_ACCESSES);
	}
}

static void translated_accesses_follow_the_table(void **state)
{
	(void)state;
	for_each_setting(map_pages, check_translated);
}

/* ---- PTEs ---------------------------------------------------------------- */

/*
 * The PTE of the access, for which the entry decides: it is read as S-mode reads, and set
 * as S-mode stores, whoever accesses and however. A PTE of four bytes cannot be cut.
 */
static void check_pte(struct scene *s, const struct setting *set)
{
	struct setting now = stored(set);
	uint64_t leaf = scene_place(s, S_PAGE, 0);

	if (set->match == NONE || (set->match == HALF && s->mode.pte_bytes == 4))
		return; /* the tables' entry decides */
	/* The page itself is open to all. */
	scene_pmp_napot(s, OTHER - 1, set->mml ? CW | CX : C_RWX, PAGE, 4096);
	for (unsigned half = 0; half < (set->match == HALF ? 2 : 1); half++) {
		arrange(s, set, leaf & ~7ull, 8, half);
		bool read = pmp_permits(&now, PRIV_S, ACC_LOAD);
		bool updated = read && pmp_permits(&now, PRIV_S, ACC_STORE);
		for (unsigned a = 0; a < 2; a++) {
			struct mmu_request r = scene_request(S_PAGE, ACC_LOAD);
			uint64_t pte = scene_pte(PAGE, P_RWX & ~(a ? PA : 0));
			bool ok = a ? updated : read;
			scene_poke(s, leaf, pte);
			scene_fence_all(s);
			struct mmu_answer got = scene_ask(s, &r).answer;
			assert_int_equal(got.reason, ok ? REASON_NONE : REASON_PMP);
			assert_int_equal(got.pte, !ok);
			assert_int_equal(scene_peek(s, leaf), ok ? pte | PA : pte);
		}
	}
}

static void ptes_follow_the_table_as_s_mode(void **state)
{
	(void)state;
	for_each_setting(map_pages, check_pte);
}

/* For ONLY, which may name any configuration. */
static bool fits(const struct mmu_config *c)
{
	return c->smepmp && c->pmp_entries >= 4;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(untranslated_accesses_follow_the_table),
	    cmocka_unit_test(translated_accesses_follow_the_table),
	    cmocka_unit_test(ptes_follow_the_table_as_s_mode),
	};

	scene_want(fits);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return scene_finish(cmocka_run_group_tests(tests, NULL, NULL));
}
