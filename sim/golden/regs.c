/* The registers that decide about translation, and their WARL rules (docs/csr.md). */
#include "rules.h"

/* ---- satp (section 1.1) -------------------------------------------------- */

static const struct golden_mode bare32 = {"Bare", 0, 10, 4, 22};
static const struct golden_mode bare64 = {"Bare", 0, 9, 8, 44};
static const struct golden_mode sv32 = {"Sv32", 2, 10, 4, 22};
static const struct golden_mode sv39 = {"Sv39", 3, 9, 8, 44};
static const struct golden_mode sv48 = {"Sv48", 4, 9, 8, 44};
static const struct golden_mode sv57 = {"Sv57", 5, 9, 8, 44};

/* The mode that a satp value selects, or NULL for a reserved MODE. */
static const struct golden_mode *mode_of(unsigned xlen, uint64_t satp)
{
	if (xlen == 32)
		return satp >> 31 & 1 ? &sv32 : &bare32;
	switch (satp >> 60) {
	case SATP_BARE:
		return &bare64;
	case SATP_SV39:
		return &sv39;
	case SATP_SV48:
		return &sv48;
	case SATP_SV57:
		return &sv57;
	default:
		return NULL;
	}
}

/* Lowest bit of satp.ASID; the PPN takes all bits below. */
static unsigned asid_shift(const struct golden_regs *regs)
{
	return regs->config.xlen == 32 ? 22 : 44;
}

static unsigned asid_max_bits(const struct golden_regs *regs)
{
	return regs->config.xlen == 32 ? 9 : 16;
}

static void write_satp(struct golden_regs *regs, uint64_t value)
{
	/* norm:satp_mode_op_unsupported: no field changes. */
	const struct golden_mode *mode = mode_of(regs->config.xlen, value);
	if (!mode || mode->levels > regs->config.levels)
		return;

	/* norm:asidlen: the low bits exist first; what does not exist reads zero. */
	uint64_t asid = LOW_BITS(asid_max_bits(regs));
	uint64_t missing = asid & ~LOW_BITS(regs->config.asid_bits);
	regs->satp = value & ~(missing << asid_shift(regs));
}

const struct golden_mode *golden_mode(const struct golden_regs *regs)
{
	return mode_of(regs->config.xlen, regs->satp);
}

uint64_t golden_satp_ppn(const struct golden_regs *regs)
{
	return regs->satp & LOW_BITS(asid_shift(regs));
}

uint16_t golden_satp_asid(const struct golden_regs *regs)
{
	return golden_asid(regs, regs->satp >> asid_shift(regs));
}

uint16_t golden_asid(const struct golden_regs *regs, uint16_t asid)
{
	return asid & LOW_BITS(regs->config.asid_bits);
}

/* ---- senvcfg, menvcfg, mseccfg ------------------------------------------- */

/* A field of two bits that is there on RV64 with pointer masking. Its value 1 is reserved: a
 * write of it leaves the field (section 2.6). */
static uint64_t pmm_field(const struct golden_regs *regs, uint64_t before, uint64_t value)
{
	const uint64_t field = (uint64_t)3 << ENVCFG_PMM;

	if (!regs->config.pointer_masking || regs->config.xlen == 32)
		return 0;
	return ((value & field) >> ENVCFG_PMM == 1 ? before : value) & field;
}

static uint64_t bit_if(bool exists, uint64_t value, unsigned bit)
{
	return exists ? value & (uint64_t)1 << bit : 0;
}

/* Both halves of RV32's at once. */
static void write_menvcfg(struct golden_regs *regs, uint64_t value)
{
	const struct mmu_config *config = &regs->config;

	regs->menvcfg = bit_if(config->zicfiss, value, ENVCFG_SSE) |
			pmm_field(regs, regs->menvcfg, value) |
			bit_if(config->svadu, value, ENVCFG_ADUE) |
			bit_if(config->svpbmt && config->xlen == 64, value, ENVCFG_PBMTE);
}

static void write_mseccfg(struct golden_regs *regs, uint64_t value)
{
	const bool exists = regs->config.smepmp;
	const uint64_t before = regs->mseccfg;
	uint64_t fields = pmm_field(regs, before, value);

	/* Section 2.9: MML and MMWP stay set. */
	fields |= bit_if(exists, value | before, MSECCFG_MML);
	fields |= bit_if(exists, value | before, MSECCFG_MMWP);
	/* norm:mseccfg_rlb_op_warl: not to be set while any entry is locked. */
	if (golden_bit(before, MSECCFG_RLB) || !pmp_any_locked(&regs->pmp))
		fields |= bit_if(exists, value, MSECCFG_RLB);

	regs->mseccfg = fields;
	regs->pmp.mml = golden_bit(fields, MSECCFG_MML);
	regs->pmp.mmwp = golden_bit(fields, MSECCFG_MMWP);
}

/* ---- pmpcfg -------------------------------------------------------------- */

/* Entries in one pmpcfg register: RV64 has the even ones, of eight each. */
static unsigned cfgs_in_register(const struct golden_regs *regs, unsigned number)
{
	if (regs->config.xlen == 32)
		return 4;
	return number % 2 == 0 ? 8 : 0;
}

static void write_pmpcfg(struct golden_regs *regs, unsigned number, uint64_t value)
{
	for (unsigned i = 0; i < cfgs_in_register(regs, number); i++)
		pmp_write_cfg(regs, 4 * number + i, value >> 8 * i);
}

static uint64_t read_pmpcfg(const struct golden_regs *regs, unsigned number)
{
	uint64_t value = 0;
	for (unsigned i = 0; i < cfgs_in_register(regs, number); i++)
		value |= (uint64_t)regs->pmp.entry[4 * number + i].cfg << 8 * i;
	return value;
}

/* ---- all ----------------------------------------------------------------- */

struct golden_regs golden_reset(const struct mmu_config *config)
{
	struct golden_regs regs = {.config = *config};
	pmp_reset(&regs.pmp, config);
	return regs;
}

static bool is_pmpcfg(unsigned csr)
{
	return csr - CSR_PMPCFG0 < GOLDEN_PMPS / 4;
}

static bool is_pmpaddr(unsigned csr)
{
	return csr - CSR_PMPADDR0 < GOLDEN_PMPS;
}

void golden_write_csr(struct golden_regs *regs, unsigned csr, uint64_t value)
{
	const bool rv32 = regs->config.xlen == 32;

	if (rv32)
		value &= LOW_BITS(32);
	if (is_pmpcfg(csr))
		write_pmpcfg(regs, csr - CSR_PMPCFG0, value);
	else if (is_pmpaddr(csr))
		pmp_write_addr(regs, csr - CSR_PMPADDR0, value);
	else if (segment_is_register(csr))
		segment_write(regs, csr, value);
	else if (csr == REG_COUNTCTL)
		regs->countctl = bit_if(regs->config.counters, value, COUNTCTL_INHIBIT);
	else if (csr == CSR_SATP)
		write_satp(regs, value);
	else if (csr == CSR_SENVCFG)
		regs->senvcfg = pmm_field(regs, regs->senvcfg, value);
	else if (csr == CSR_MENVCFG)
		write_menvcfg(regs, rv32 ? (regs->menvcfg & ~LOW_BITS(32)) | value : value);
	else if (csr == CSR_MENVCFGH && rv32)
		write_menvcfg(regs, (regs->menvcfg & LOW_BITS(32)) | value << 32);
	else if (csr == CSR_MSECCFG)
		write_mseccfg(regs, value);
}

uint64_t golden_csr_read(const struct golden_regs *regs, unsigned csr)
{
	const bool rv32 = regs->config.xlen == 32;

	if (is_pmpcfg(csr))
		return read_pmpcfg(regs, csr - CSR_PMPCFG0);
	if (is_pmpaddr(csr))
		return pmp_read_addr(&regs->pmp, csr - CSR_PMPADDR0);
	if (segment_is_register(csr))
		return segment_read(regs, csr);
	switch (csr) {
	case CSR_SATP:
		return regs->satp;
	case REG_COUNTCTL:
		return regs->countctl;
	case CSR_SENVCFG:
		return regs->senvcfg;
	case CSR_MENVCFG:
		return rv32 ? regs->menvcfg & LOW_BITS(32) : regs->menvcfg;
	case CSR_MENVCFGH:
		return rv32 ? regs->menvcfg >> 32 : 0;
	case CSR_MSECCFG:
		return regs->mseccfg;
	default: /* of mseccfgh no field is kept here */
		return 0;
	}
}
