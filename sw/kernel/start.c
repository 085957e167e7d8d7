/*
 * The part in M-mode: finds out what the machine has, hands traps, memory and timer down to
 * S-mode, and, where S-mode has no timer of its own (Sstc), passes that of M-mode on.
 */
#include "boot.h"
#include "console.h"
#include "csr.h"
#include "kernel_csr.h"
#include "machine.h"
#include "timer.h"

struct machine_facts machine;
xword machine_trapped; /* machine_skip was here */

void machine_start(void);
void machine_next_tick(void);
_Noreturn void machine_defect(xword cause, xword pc, xword address);
void machine_skip(void);
void machine_timer(void);

/* True if the statement goes through without a trap. */
#define WORKS(statement)                                                                           \
	({                                                                                         \
		machine_trapped = 0;                                                               \
		statement;                                                                         \
		*(volatile xword *)&machine_trapped == 0;                                          \
	})

/* Switches a bit of menvcfg on, which on RV32 is two registers; tells whether it is now. */
static bool switch_on(unsigned bit)
{
	xword mask = (xword)1 << bit % XLEN, value = 0;

	if (XLEN == 32 && bit >= 32)
		return WORKS(csr_set(CSR_MENVCFGH, mask); value = csr_read(CSR_MENVCFGH)) &&
		       value & mask;
	return WORKS(csr_set(CSR_MENVCFG, mask); value = csr_read(CSR_MENVCFG)) && value & mask;
}

/* Without an entry that allows it, physical memory protection refuses S and U everything. */
static void open_memory(void)
{
	(void)WORKS(csr_write(CSR_PMPADDR0, -1ul));
	(void)WORKS(csr_write(CSR_PMPCFG0, PMPCFG_NAPOT | PMPCFG_RWX));
}

static void count_asid_bits(xword kept)
{
	for (machine.asid_bits = 0; kept & 1; kept >>= 1)
		machine.asid_bits++;
}

/* satp keeps a value only if it has the mode. M-mode's own addresses it does not touch. */
static void try_modes(void)
{
	static const struct pt_memory none;

	for (enum pt_mode mode = 0; mode < PT_MODES; mode++) {
		struct pt pt = {.mode = mode, .memory = &none};
		xword satp = (xword)pt_satp(&pt, 0xffff);

		if ((mode == PT_SV32) != (XLEN == 32))
			continue;
		csr_write(CSR_SATP, satp);

		xword kept = csr_read(CSR_SATP);
		unsigned mode_shift = XLEN == 32 ? 31 : 60, asid_shift = XLEN == 32 ? 22 : 44;

		csr_write(CSR_SATP, 0);
		if (kept >> mode_shift != satp >> mode_shift)
			continue;
		machine.modes |= 1u << mode;
		if (mode == boot.mode && uses_pages())
			count_asid_bits(kept >> asid_shift & (XLEN == 32 ? 0x1ff : 0xffff));
	}
}

static void try_segments(void)
{
	const xword on = 1ul << SEG_V | 1ul << SEG_R;
	xword kept = 0;

	for (unsigned i = 0; i < SEGMENTS_MAX; i++) {
		if (!WORKS(csr_write(CSR_SISELECT, SELECT_CUSTOM + SISELECT_SEGMENT0 + i);
			   csr_write(CSR_SIREG4, on); kept = csr_read(CSR_SIREG4);
			   csr_write(CSR_SIREG4, 0)))
			return;
		if (kept != on)
			return;
		machine.segments++;
	}
	if (uses_pages())
		return;
	/* With MODE 0 nothing is switched on yet. */
	csr_write(CSR_SISELECT, SELECT_CUSTOM + SISELECT_SEGCTL);
	csr_write(CSR_SIREG, 0xfffful << SEGCTL_ASID);
	count_asid_bits(csr_read(CSR_SIREG) >> SEGCTL_ASID);
	csr_write(CSR_SIREG, 0);
}

/* cbo.zero: of how many bytes? */
static void try_zero_block(void)
{
	static unsigned char bytes[512] __attribute__((aligned(256)));
	unsigned cleared = 0;

	for (unsigned i = 0; i < sizeof bytes; i++)
		bytes[i] = 1;
	if (!WORKS(block_zero(bytes + 256)) || !switch_on(ENVCFG_CBZE_BIT))
		return;
	while (cleared < 256 && bytes[256 + cleared] == 0)
		cleared++;
	machine.zero_block = cleared;
}

static void delegate(void)
{
	csr_write(medeleg, ~(1ul << CAUSE_ECALL_S));
	csr_write(mideleg, 1ul << IRQ_S_SOFTWARE | 1ul << IRQ_S_TIMER | 1ul << IRQ_S_EXTERNAL);
	csr_write(mcounteren, 7); /* cycle, time, instret */
	csr_write(scounteren, 7);
	csr_clear(mstatus, MSTATUS_MPP | MSTATUS_MIE | MSTATUS_SIE | MSTATUS_SUM | MSTATUS_MXR);
	csr_set(mstatus, (xword)PRIV_S << MSTATUS_MPP_SHIFT);
}

void machine_start(void)
{
	open_memory();
	try_modes();
	machine.reason = WORKS(csr_write(CSR_SISELECT, SELECT_CUSTOM + SISELECT_REASON);
			       (void)csr_read(CSR_SIREG));
	try_segments();
	try_zero_block();
	machine.timer = switch_on(ENVCFG_STCE_BIT) && WORKS((void)csr_read(CSR_STIMECMP));
	if (!boot.software_update)
		(void)switch_on(ENVCFG_ADUE);
	delegate();
	csr_write(mtvec, (xword)machine_timer);
}

void machine_next_tick(void)
{
	timer_set(time_now() + TICK);
}

void machine_defect(xword cause, xword pc, xword address)
{
	printf("machine: trap %ld at pc 0x%lx, address 0x%lx: a defect of the kernel\n",
	       (long)cause, pc, address);
	finish(1);
}
