/*
 * Numbers of the control and status registers that the hart has (privileged
 * specification, "CSR Listing"), but for those that the MMU keeps: they are in
 * mmu_pkg.h.
 */
#ifndef ATLAS_CSR_NUMBERS_H
#define ATLAS_CSR_NUMBERS_H

enum {
	CSR_SSP = 0x011,

	CSR_CYCLE = 0xc00,
	CSR_TIME = 0xc01,
	CSR_INSTRET = 0xc02,
	CSR_CYCLEH = 0xc80,
	CSR_TIMEH = 0xc81,
	CSR_INSTRETH = 0xc82,

	CSR_SSTATUS = 0x100,
	CSR_SIE = 0x104,
	CSR_STVEC = 0x105,
	CSR_SCOUNTEREN = 0x106,
	CSR_SSCRATCH = 0x140,
	CSR_SEPC = 0x141,
	CSR_SCAUSE = 0x142,
	CSR_STVAL = 0x143,
	CSR_SIP = 0x144,
	CSR_STIMECMP = 0x14d,
	CSR_SISELECT = 0x150,
	CSR_SIREG = 0x151,
	CSR_SIREG2 = 0x152,
	CSR_SIREG3 = 0x153,
	CSR_SIREG4 = 0x155,
	CSR_SIREG5 = 0x156,
	CSR_SIREG6 = 0x157,
	CSR_STIMECMPH = 0x15d,

	CSR_MSTATUS = 0x300,
	CSR_MISA = 0x301,
	CSR_MEDELEG = 0x302,
	CSR_MIDELEG = 0x303,
	CSR_MIE = 0x304,
	CSR_MTVEC = 0x305,
	CSR_MCOUNTEREN = 0x306,
	CSR_MSTATUSH = 0x310,
	CSR_MEDELEGH = 0x312,
	CSR_MCOUNTINHIBIT = 0x320,
	CSR_MHPMEVENT3 = 0x323,
	CSR_MHPMEVENT31 = 0x33f,
	CSR_MSCRATCH = 0x340,
	CSR_MEPC = 0x341,
	CSR_MCAUSE = 0x342,
	CSR_MTVAL = 0x343,
	CSR_MIP = 0x344,
	CSR_MISELECT = 0x350,
	CSR_MIREG = 0x351,
	CSR_MIREG2 = 0x352,
	CSR_MIREG3 = 0x353,
	CSR_MIREG4 = 0x355,
	CSR_MIREG5 = 0x356,
	CSR_MIREG6 = 0x357,
	CSR_MCYCLE = 0xb00,
	CSR_MINSTRET = 0xb02,
	CSR_MHPMCOUNTER3 = 0xb03,
	CSR_MHPMCOUNTER31 = 0xb1f,
	CSR_MCYCLEH = 0xb80,
	CSR_MINSTRETH = 0xb82,
	CSR_MHPMCOUNTER3H = 0xb83,
	CSR_MHPMCOUNTER31H = 0xb9f,
	CSR_MVENDORID = 0xf11,
	CSR_MARCHID = 0xf12,
	CSR_MIMPID = 0xf13,
	CSR_MHARTID = 0xf14,
	CSR_MCONFIGPTR = 0xf15,
};

/* Fields of mstatus that this hart has, by their lowest bit (machine.adoc,
 * "Machine Status"); sstatus shows some of them at the same places. */
enum {
	MSTATUS_SIE = 1,
	MSTATUS_MIE = 3,
	MSTATUS_SPIE = 5,
	MSTATUS_MPIE = 7,
	MSTATUS_SPP = 8,
	MSTATUS_MPP = 11, /* two bits */
	MSTATUS_MPRV = 17,
	MSTATUS_SUM = 18,
	MSTATUS_MXR = 19,
	MSTATUS_TVM = 20,
	MSTATUS_TW = 21,
	MSTATUS_TSR = 22,
	MSTATUS_UXL = 32, /* two bits, RV64 */
	MSTATUS_SXL = 34, /* two bits, RV64 */
};

/* Fields of menvcfg and senvcfg that are the hart's, by their lowest bit (machine.adoc,
 * "Machine Environment Configuration"; cmo.adoc; sstc.adoc); senvcfg.SSE is among them. */
enum {
	ENVCFG_FIOM = 0,
	ENVCFG_CBIE = 4, /* two bits */
	ENVCFG_CBCFE = 6,
	ENVCFG_CBZE = 7,
	ENVCFG_STCE = 63, /* menvcfg; RV32: bit 31 of menvcfgh */
};

/* Interrupts: bit numbers in mip, mie, mideleg, and codes in mcause. */
enum {
	IRQ_SSI = 1, /* supervisor software */
	IRQ_MSI = 3, /* machine software: CLINT msip */
	IRQ_STI = 5, /* supervisor timer: time >= stimecmp with menvcfg.STCE */
	IRQ_MTI = 7, /* machine timer: CLINT mtime >= mtimecmp */
	IRQ_SEI = 9, /* supervisor external */
	IRQ_MEI = 11,
};

/* Exceptions that do not come from the MMU; CAUSE_* of mmu_pkg.h are the rest. */
enum {
	CAUSE_ILLEGAL = 2,
	CAUSE_BREAKPOINT = 3,
	CAUSE_LOAD_MISALIGNED = 4,
	CAUSE_STORE_MISALIGNED = 6,
	CAUSE_ECALL_U = 8,
	CAUSE_ECALL_S = 9,
	CAUSE_ECALL_M = 11,
	CAUSE_SOFTWARE_CHECK = 18,
};

#endif
