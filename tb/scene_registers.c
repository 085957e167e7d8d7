#include "scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define PAGE_SHIFT 12

/* ---- registers and fences ------------------------------------------------ */

uint64_t scene_satp_value(const struct scene *s, unsigned asid, uint64_t root)
{
	if (s->mode.pte_bytes == 4)
		return (uint64_t)s->mode.satp_mode << 31 | (uint64_t)asid << 22 |
		       root >> PAGE_SHIFT;
	return (uint64_t)s->mode.satp_mode << 60 | (uint64_t)asid << 44 | root >> PAGE_SHIFT;
}

void scene_satp(struct scene *s, unsigned asid, uint64_t root)
{
	scene_needs(s, asid >> s->config->asid_bits == 0);
	mmu_csr_write(s->mmu, CSR_SATP, scene_satp_value(s, asid, root));
	assert_int_equal(mmu_csr_read(s->mmu, CSR_SATP), scene_satp_value(s, asid, root));
}

uint64_t scene_csr(struct scene *s, unsigned csr, uint64_t value)
{
	mmu_csr_write(s->mmu, csr, value);
	return mmu_csr_read(s->mmu, csr);
}

void scene_menvcfg(struct scene *s, unsigned on)
{
	uint64_t value = (on & SCENE_ADUE ? 1ull << ENVCFG_ADUE : 0) |
			 (on & SCENE_PBMTE ? 1ull << ENVCFG_PBMTE : 0) |
			 (on & SCENE_SSE ? 1ull << ENVCFG_SSE : 0);

	scene_needs(s, (!(on & SCENE_ADUE) || s->config->svadu) &&
			   (!(on & SCENE_PBMTE) || s->config->svpbmt) &&
			   (!(on & SCENE_SSE) || s->config->zicfiss));
	if (s->config->xlen == 32) {
		assert_int_equal(scene_csr(s, CSR_MENVCFGH, value >> 32), value >> 32);
		value &= UINT32_MAX;
	}
	assert_int_equal(scene_csr(s, CSR_MENVCFG, value), value);
}

/* pmpcfg registers: four entries each; on RV64 the even ones hold eight. */
static unsigned pmpcfg_of(const struct scene *s, unsigned i)
{
	return CSR_PMPCFG0 + (s->config->xlen == 32 ? i / 4 : i / 8 * 2);
}

static unsigned pmpcfg_shift(const struct scene *s, unsigned i)
{
	return i % (s->config->xlen / 8) * 8;
}

unsigned scene_pmp_cfg_read(struct scene *s, unsigned i)
{
	return mmu_csr_read(s->mmu, pmpcfg_of(s, i)) >> pmpcfg_shift(s, i) & 0xff;
}

unsigned scene_pmp_cfg(struct scene *s, unsigned i, unsigned cfg)
{
	unsigned shift = pmpcfg_shift(s, i);
	uint64_t others = mmu_csr_read(s->mmu, pmpcfg_of(s, i)) & ~(0xffull << shift);

	mmu_csr_write(s->mmu, pmpcfg_of(s, i), others | (uint64_t)cfg << shift);
	return scene_pmp_cfg_read(s, i);
}

uint64_t scene_pmp_addr_read(struct scene *s, unsigned i)
{
	return mmu_csr_read(s->mmu, CSR_PMPADDR0 + i);
}

uint64_t scene_pmp_addr(struct scene *s, unsigned i, uint64_t pmpaddr)
{
	return scene_csr(s, CSR_PMPADDR0 + i,
			 s->config->xlen == 32 ? pmpaddr & UINT32_MAX : pmpaddr);
}

void scene_pmp_napot(struct scene *s, unsigned i, unsigned cfg, uint64_t base, uint64_t size)
{
	scene_needs(s, i < s->config->pmp_entries);
	scene_pmp_addr(s, i, size ? (base | (size / 2 - 1)) >> 2 : UINT64_MAX);
	scene_pmp_cfg(s, i, cfg | C_NAPOT);
}

void scene_pmp_tor(struct scene *s, unsigned i, unsigned cfg, uint64_t low, uint64_t high)
{
	scene_needs(s, i + 1 < s->config->pmp_entries);
	scene_pmp_cfg(s, i, 0);
	scene_pmp_addr(s, i, low >> 2);
	scene_pmp_addr(s, i + 1, high >> 2);
	scene_pmp_cfg(s, i + 1, cfg | C_TOR);
}

void scene_pmp_na4(struct scene *s, unsigned i, unsigned cfg, uint64_t pa)
{
	scene_needs(s, i < s->config->pmp_entries && s->config->pmp_grain == 0);
	scene_pmp_addr(s, i, pa >> 2);
	scene_pmp_cfg(s, i, cfg | C_NA4);
}

void scene_segment(struct scene *s, unsigned i, uint64_t base, uint64_t last, uint64_t phys,
		   uint64_t cfg)
{
	const unsigned first = REG_SEGMENT0 + 8 * i;
	const uint64_t all = s->config->xlen == 32 ? UINT32_MAX : UINT64_MAX;

	scene_needs(s, i < s->config->segments);
	mmu_csr_write(s->mmu, first + SEGREG_CFG, 0);
	mmu_csr_write(s->mmu, first + SEGREG_BASE, base & all);
	mmu_csr_write(s->mmu, first + SEGREG_LAST, last & all);
	mmu_csr_write(s->mmu, first + SEGREG_PHYS, phys & all);
	mmu_csr_write(s->mmu, first + SEGREG_PHYSH, phys >> 32);
	mmu_csr_write(s->mmu, first + SEGREG_CFG, cfg);
}

void scene_segctl(struct scene *s, unsigned mode, unsigned asid)
{
	mmu_csr_write(s->mmu, REG_SEGCTL, mode | (uint64_t)asid << SEGCTL_ASID);
}

static void fence(struct scene *s, struct mmu_fence fence)
{
	if (!mmu_fence(s->mmu, &fence))
		fail_msg("the fence is not accepted; to repeat: %s", s->rerun);
}

void scene_fence_all(struct scene *s)
{
	fence(s, (struct mmu_fence){.rs1_x0 = true, .rs2_x0 = true});
}

void scene_fence_va(struct scene *s, uint64_t va)
{
	fence(s, (struct mmu_fence){.va = va, .rs2_x0 = true});
}

void scene_fence_asid(struct scene *s, unsigned asid)
{
	fence(s, (struct mmu_fence){.asid = asid, .rs1_x0 = true});
}

void scene_fence_va_asid(struct scene *s, uint64_t va, unsigned asid)
{
	fence(s, (struct mmu_fence){.va = va, .asid = asid});
}
