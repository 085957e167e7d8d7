// Names and encodings of the MMU, in hardware and in software: the C header
// that model, tests and firmware include is derived from this file
// (mmu_pkg.h, by pkg2h.awk), so that each number is written once.
//
// Only constants, vector types and functions of vectors live here, always
// referred to as mmu_pkg::NAME: the part of a package that all our tools
// accept (Verilator, Yosys 0.23, Icarus 11). The derived header takes each
// `localparam` of this file: NAME = value, value a plain Verilog number.

`default_nettype none

package mmu_pkg;

// ----------------------------------------------------------------------------
// Page-table entry: bit numbers (privileged specification, "Sv32", "Sv39")

localparam int PTE_V = 0;  // valid
localparam int PTE_R = 1;  // readable
localparam int PTE_W = 2;  // writable
localparam int PTE_X = 3;  // executable
localparam int PTE_U = 4;  // reachable from U-mode
localparam int PTE_G = 5;  // in every address space
localparam int PTE_A = 6;  // accessed
localparam int PTE_D = 7;  // dirty

localparam int PTE_RSW      = 8;   // lowest of two bits left to software
localparam int PTE_PPN      = 10;  // lowest bit of the physical page number
localparam int PTE_RESERVED = 54;  // RV64: this bit and those up to PTE_RSW_HIGH are reserved
localparam int PTE_RSW_HIGH = 59;  // lowest of two bits left to software by Svrsw60t59b, else reserved
localparam int PTE_PBMT     = 61;  // lowest of two bits: memory type (Svpbmt), else reserved
localparam int PTE_N        = 63;  // part of a naturally aligned 64 KiB page (Svnapot), else reserved

typedef logic [7:0] pte_flags_t;

// A NAPOT leaf's PPN ends in these four bits, in whose place the VPN's stand.
localparam logic [3:0] NAPOT_64K = 4'h8;

// PTE.PBMT (Svpbmt)
localparam logic [1:0] PBMT_PMA = 2'd0;
localparam logic [1:0] PBMT_NC  = 2'd1;
localparam logic [1:0] PBMT_IO  = 2'd2;

// ----------------------------------------------------------------------------
// Access kinds and privilege modes

typedef logic [3:0] access_t;

localparam logic [3:0] ACC_LOAD       = 4'd0;
localparam logic [3:0] ACC_STORE      = 4'd1;
localparam logic [3:0] ACC_FETCH      = 4'd2;
localparam logic [3:0] ACC_LR         = 4'd3;
localparam logic [3:0] ACC_SC         = 4'd4;   // whether or not it will store
localparam logic [3:0] ACC_AMO        = 4'd5;
localparam logic [3:0] ACC_CBO_ZERO   = 4'd6;
localparam logic [3:0] ACC_CBO_MANAGE = 4'd7;   // cbo.clean, cbo.flush, cbo.inval
localparam logic [3:0] ACC_PREFETCH   = 4'd8;   // prefetch.r, .w, .i: never traps
localparam logic [3:0] ACC_SS_LOAD    = 4'd9;   // sspopchk, c.sspopchk
localparam logic [3:0] ACC_SS_STORE   = 4'd10;  // sspush, c.sspush
localparam logic [3:0] ACC_SS_AMO     = 4'd11;  // ssamoswap.w, ssamoswap.d

// The cache block, in bytes, to which the kinds ACC_CBO_* and ACC_PREFETCH apply.
localparam int CACHE_BLOCK = 64;

localparam logic [1:0] PRIV_U = 2'd0;
localparam logic [1:0] PRIV_S = 2'd1;
localparam logic [1:0] PRIV_M = 2'd3;

// ----------------------------------------------------------------------------
// Registers that mmu_csr keeps: numbers. pmpcfg and pmpaddr are 16 and 64 from
// the first on.

localparam logic [11:0] CSR_SENVCFG   = 12'h10a;
localparam logic [11:0] CSR_SATP      = 12'h180;
localparam logic [11:0] CSR_MENVCFG   = 12'h30a;
localparam logic [11:0] CSR_MENVCFGH  = 12'h31a;  // RV32
localparam logic [11:0] CSR_PMPCFG0   = 12'h3a0;
localparam logic [11:0] CSR_PMPADDR0  = 12'h3b0;
localparam logic [11:0] CSR_MSECCFG   = 12'h747;
localparam logic [11:0] CSR_MSECCFGH  = 12'h757;  // RV32

// satp: MODE values (RV32 has one mode bit: 0 Bare, 1 Sv32)

localparam logic [3:0] SATP_BARE = 4'd0;
localparam logic [3:0] SATP_SV32 = 4'd1;
localparam logic [3:0] SATP_SV39 = 4'd8;
localparam logic [3:0] SATP_SV48 = 4'd9;
localparam logic [3:0] SATP_SV57 = 4'd10;

// menvcfg, senvcfg, mseccfg: bit numbers of what decides about translation
localparam int ENVCFG_SSE   = 3;   // shadow-stack pages exist (menvcfg)
localparam int ENVCFG_PMM   = 32;  // lowest of two bits, pointer masking (also in mseccfg)
localparam int ENVCFG_ADUE  = 61;  // hardware sets A and D (menvcfg)
localparam int ENVCFG_PBMTE = 62;  // PTE.PBMT exists (menvcfg)

localparam int MSECCFG_MML  = 0;  // machine-mode lockdown
localparam int MSECCFG_MMWP = 1;  // machine-mode allow-list policy
localparam int MSECCFG_RLB  = 2;  // rule locking bypass

// PMM values: how many upper address bits are masked
localparam logic [1:0] PMM_OFF = 2'd0;
localparam logic [1:0] PMM_7   = 2'd2;
localparam logic [1:0] PMM_16  = 2'd3;

// ----------------------------------------------------------------------------
// Segments. Their registers stand behind Sscsrind: siselect = 2^(XLEN-1) +
// SISELECT_SEGMENT0 + i selects segment i, + SISELECT_SEGCTL the control register. On
// the register port of mmu_csr, whose CSR numbers end at fff, they follow: that of
// segment i is REG_SEGMENT0 + 8i + SEGREG_*.

localparam logic [11:0] SISELECT_SEGMENT0 = 12'h000;
localparam logic [11:0] SISELECT_SEGCTL   = 12'h100;

localparam logic [12:0] REG_SEGMENT0 = 13'h1000;
localparam logic [12:0] REG_SEGCTL   = 13'h1100;

localparam logic [2:0] SEGREG_BASE  = 3'd0;  // sireg: first virtual byte
localparam logic [2:0] SEGREG_LAST  = 3'd1;  // sireg2: last virtual byte
localparam logic [2:0] SEGREG_PHYS  = 3'd2;  // sireg3: physical address of the first
localparam logic [2:0] SEGREG_CFG   = 3'd3;  // sireg4
localparam logic [2:0] SEGREG_PHYSH = 3'd4;  // sireg5: bits 63:32 of the physical address (RV32)

// cfg: bit numbers
localparam int SEG_V    = 0;
localparam int SEG_R    = 1;
localparam int SEG_W    = 2;
localparam int SEG_X    = 3;
localparam int SEG_U    = 4;
localparam int SEG_G    = 5;
localparam int SEG_ASID = 16;  // lowest of sixteen bits

// segctl: MODE is its low two bits
localparam int SEGCTL_ASID = 16;  // lowest of sixteen bits

localparam logic [1:0] SEGMODE_PAGING   = 2'd0;  // segments are off
localparam logic [1:0] SEGMODE_SEGMENTS = 2'd1;  // nothing else maps
localparam logic [1:0] SEGMODE_BOTH     = 2'd2;  // what no segment holds goes to satp

// ----------------------------------------------------------------------------
// Physical memory protection: bits of a pmpcfg byte, values of its field A

localparam int PMP_R = 0;
localparam int PMP_W = 1;
localparam int PMP_X = 2;
localparam int PMP_A = 3;  // lowest of two bits
localparam int PMP_L = 7;

localparam logic [1:0] PMP_OFF   = 2'd0;
localparam logic [1:0] PMP_TOR   = 2'd1;
localparam logic [1:0] PMP_NA4   = 2'd2;
localparam logic [1:0] PMP_NAPOT = 2'd3;

// ----------------------------------------------------------------------------
// Physical memory attributes: a region is one 64-bit word of the parameter PMA,
// {attributes, 2'b00, address}, address coded as in pmpaddr with NAPOT. The first
// region that holds an address gives its attributes; in none, all are clear.

localparam int PMA_WORD = 64;
localparam int PMA_ATTR = 56;  // lowest of the eight attribute bits

localparam int PMA_R          = 0;  // load
localparam int PMA_W          = 1;  // store
localparam int PMA_X          = 2;  // fetch
localparam int PMA_PT_READ    = 3;  // the walker reads PTEs
localparam int PMA_PT_WRITE   = 4;  // the walker sets A and D
localparam int PMA_ATOMIC     = 5;  // LR, SC, AMO
localparam int PMA_CACHEABLE  = 6;
localparam int PMA_IDEMPOTENT = 7;

// Memory type of an answer: PBMT's, or PMA's where PBMT leaves it
localparam logic [1:0] MEM_CACHED = 2'd0;  // main memory, cacheable
localparam logic [1:0] MEM_NC     = 2'd1;  // not cacheable, idempotent
localparam logic [1:0] MEM_IO     = 2'd2;  // not cacheable, not idempotent, strongly ordered

// ----------------------------------------------------------------------------
// Exception codes (privileged specification, "mcause")

localparam logic [4:0] CAUSE_NONE         = 5'd0;  // of a prefetch that is refused: no trap
localparam logic [4:0] CAUSE_FETCH_ACCESS = 5'd1;
localparam logic [4:0] CAUSE_LOAD_ACCESS  = 5'd5;
localparam logic [4:0] CAUSE_STORE_ACCESS = 5'd7;
localparam logic [4:0] CAUSE_FETCH_PAGE   = 5'd12;
localparam logic [4:0] CAUSE_LOAD_PAGE    = 5'd13;
localparam logic [4:0] CAUSE_STORE_PAGE   = 5'd15;

// ----------------------------------------------------------------------------
// Fault reasons: why, beside the architectural cause. The upper two bits are
// the class that an operating system acts on.

typedef logic [5:0] reason_t;

localparam logic [1:0] CLASS_NO_MAPPING = 2'd0;  // nothing is mapped there
localparam logic [1:0] CLASS_FORBIDDEN  = 2'd1;  // mapped, but not for this access
localparam logic [1:0] CLASS_SOFTWARE   = 2'd2;  // allowed; software tracks use
localparam logic [1:0] CLASS_PHYSICAL   = 2'd3;  // physical protection, the bus or the physical width

localparam logic [5:0] REASON_NONE                 = 6'h00;
localparam logic [5:0] REASON_NONCANONICAL         = 6'h01;
localparam logic [5:0] REASON_PTE_INVALID          = 6'h02;
localparam logic [5:0] REASON_PTE_RESERVED         = 6'h03;
localparam logic [5:0] REASON_LAST_LEVEL_POINTER   = 6'h04;
localparam logic [5:0] REASON_SUPERPAGE_MISALIGNED = 6'h05;
localparam logic [5:0] REASON_SEGMENT_MISSING      = 6'h06;
localparam logic [5:0] REASON_SEGMENT_LIMIT        = 6'h07;
localparam logic [5:0] REASON_USER_PAGE            = 6'h10;
localparam logic [5:0] REASON_SUPERVISOR_PAGE      = 6'h11;
localparam logic [5:0] REASON_NOT_READABLE         = 6'h12;
localparam logic [5:0] REASON_NOT_WRITABLE         = 6'h13;
localparam logic [5:0] REASON_NOT_EXECUTABLE       = 6'h14;
localparam logic [5:0] REASON_SHADOW_STACK         = 6'h15;  // an access fault
localparam logic [5:0] REASON_SEGMENT_PERMISSION   = 6'h16;
localparam logic [5:0] REASON_ACCESSED_CLEAR       = 6'h20;
localparam logic [5:0] REASON_DIRTY_CLEAR          = 6'h21;
localparam logic [5:0] REASON_PMP                  = 6'h30;
localparam logic [5:0] REASON_PMA                  = 6'h31;
localparam logic [5:0] REASON_BUS_ERROR            = 6'h32;
localparam logic [5:0] REASON_ADDRESS_TOO_WIDE     = 6'h33;

// The level that an answer names: of the PTE that decided (0 is the last
// level), or none: no PTE was asked for (Bare, M-mode, non-canonical).
localparam logic [2:0] LEVEL_NONE = 3'd7;

// ----------------------------------------------------------------------------
// The reason register, behind Sscsrind: siselect = 2^(XLEN-1) + this, in sireg.
// Fields by their lowest bit: reason 6 bits wide, level 3, stage 1 (zero: the
// first), PTE access 1 (the fault arose on the read of a PTE, not on the access).

localparam logic [11:0] SISELECT_REASON = 12'h101;

localparam int SIREG_REASON = 0;
localparam int SIREG_LEVEL  = 8;
localparam int SIREG_STAGE  = 11;
localparam int SIREG_PTE    = 12;

// ----------------------------------------------------------------------------
// Event counters (docs/counters.md). Behind Sscsrind: siselect = 2^(XLEN-1) +
// SISELECT_COUNTER0 + k selects counter k, in sireg (RV32: its upper half in sireg2);
// + SISELECT_COUNTCTL the control register. On the register port of mmu_csr: REG_COUNTER0
// + 2k is counter k, and one more its upper half (RV32).

localparam logic [11:0] SISELECT_COUNTCTL = 12'h10f;
localparam logic [11:0] SISELECT_COUNTER0 = 12'h110;

localparam logic [12:0] REG_COUNTCTL = 13'h1110;
localparam logic [12:0] REG_COUNTER0 = 13'h1200;

// countctl: bit numbers
localparam int COUNTCTL_INHIBIT = 0;  // nothing is counted
localparam int COUNTCTL_CLEAR   = 1;  // written 1: every counter becomes zero; reads as zero

// A block hands its events on as a vector of strobes, bit EVENT_<block>_*: an event a
// cycle in which the bit is high. Counter k counts bit k of all of them, each block from
// its first number on: COUNTER_FETCH and COUNTER_DATA (the port's own EVENT_PORT_*),
// COUNTER_WALK, COUNTER_L2, COUNTER_CORE. What can happen n times in one cycle has a bit
// for each digit of n in base 2, so that software sums 1, 2, 4 and 8 times the counters.

localparam int COUNTER_FETCH = 0;
localparam int COUNTER_DATA  = 14;
localparam int COUNTER_WALK  = 28;
localparam int COUNTER_L2    = 48;
localparam int COUNTER_CORE  = 60;
localparam int COUNTERS_N    = 64;

// Of a port
localparam int EVENTS_PORT            = 14;
localparam int EVENT_PORT_REQUESTS    = 0;   // a request is accepted
localparam int EVENT_PORT_DIRECT      = 1;   // an answer without page tables: M-mode, Bare, segments, non-canonical
localparam int EVENT_PORT_SEGMENTS    = 2;   // of these: a segment's, or for want of one
localparam int EVENT_PORT_HITS        = 3;   // an answer, also a fault, by an entry that the L1 held at the first look
localparam int EVENT_PORT_HITS_64K    = 4;   // of these: by an entry that covers 64 KiB (Svnapot),
localparam int EVENT_PORT_HITS_LEVEL1 = 5;   // as much as a leaf of level 1 (2 MiB, RV32: 4 MiB),
localparam int EVENT_PORT_HITS_LEVEL2 = 6;   // as much as a leaf of level 2 or above
localparam int EVENT_PORT_MISSES      = 7;   // a request's first look into the L1 finds nothing
localparam int EVENT_PORT_MISSES_L2   = 8;   // an answer, also a fault, by an entry of the L2
localparam int EVENT_PORT_FAULTS      = 9;   // an answer with a fault, of whatever cause
localparam int EVENT_PORT_FILLS       = 10;  // the L1 takes in an entry
localparam int EVENT_PORT_UNDER_MISS  = 11;  // a hit is answered while a miss of this port is under way
localparam int EVENT_PORT_MISS_CYCLES = 12;  // a cycle in which a miss of this port is under way and none is answered
localparam int EVENT_PORT_REFUSED     = 13;  // a cycle in which a request stands and is not accepted

// Of the walkers
localparam int EVENTS_WALK             = 20;
localparam int EVENT_WALK_STARTS       = 0;   // a walk for a miss starts (begun anew after a write to PMP: the same walk)
localparam int EVENT_WALK_CYCLES       = 1;   // a cycle in which a walker is busy
localparam int EVENT_WALK_PTE_READS    = 2;   // memory takes a read of a PTE
localparam int EVENT_WALK_SWAPS        = 3;   // memory takes a compare-and-swap of a PTE
localparam int EVENT_WALK_SWAPS_FAILED = 4;   // a swap finds neither what it expects nor what it would write
localparam int EVENT_WALK_BUS_ERRORS   = 5;   // a read or swap ends in an error
localparam int EVENT_WALK_STALLS       = 6;   // a cycle in which a request stands and memory does not take it
localparam int EVENT_WALK_RESTARTS     = 7;   // a walk begins anew after a write to PMP
localparam int EVENT_WALK_CACHE_LEVEL0 = 8;   // the walk cache gives a pointer to a table of level 0: one PTE is left to read,
localparam int EVENT_WALK_CACHE_LEVEL1 = 9;   // of level 1,
localparam int EVENT_WALK_CACHE_LEVEL2 = 10;  // of level 2,
localparam int EVENT_WALK_CACHE_LEVEL3 = 11;  // of level 3
localparam int EVENT_WALK_CACHE_MISSES = 12;  // the walk cache is looked up and gives none
localparam int EVENT_WALK_CACHE_FILLS  = 13;  // the walk cache takes in a pointer
localparam int EVENT_WALK_MERGES       = 14;  // a walk ends for whose page other misses wait, which look up again
localparam int EVENT_WALK_WAITS        = 15;  // a cycle in which a miss stands and every walker is busy with others'
localparam int EVENT_WALK_BUSY1        = 16;  // the number of busy walkers: digits of weight 1,
localparam int EVENT_WALK_BUSY2        = 17;  // 2,
localparam int EVENT_WALK_BUSY4        = 18;  // 4,
localparam int EVENT_WALK_BUSY8        = 19;  // 8

// Of the L2
localparam int EVENTS_L2                  = 12;
localparam int EVENT_L2_HITS              = 0;   // a look-up is answered by an entry of 4 KiB,
localparam int EVENT_L2_HITS_LARGE        = 1;   // or by a larger one,
localparam int EVENT_L2_MISSES            = 2;   // or by none
localparam int EVENT_L2_FILLS             = 3;   // an entry is taken in, demanded or prefetched
localparam int EVENT_L2_FILLS_DROPPED     = 4;   // an entry that would be is not: the queue is full, or its set is not swept yet
localparam int EVENT_L2_EVICTIONS         = 5;   // a fill takes the place of another page's valid entry
localparam int EVENT_L2_PARITY_ERRORS     = 6;   // an entry whose parity is wrong is dropped, whatever found it
localparam int EVENT_L2_PREFETCHES        = 7;   // a walk for a prefetch starts
localparam int EVENT_L2_PREFETCHES_USED   = 8;   // a look-up is answered by a prefetched entry, for the first time
localparam int EVENT_L2_PREFETCHES_WASTED = 9;   // a fill takes the place of a prefetched entry that no look-up used
localparam int EVENT_L2_WAITS             = 10;  // a cycle in which a look-up stands and is not taken

// Of the core as a whole
localparam int EVENTS_CORE            = 4;
localparam int EVENT_CORE_CYCLES      = 0;  // every cycle
localparam int EVENT_CORE_FENCES      = 1;  // a fence is accepted
localparam int EVENT_CORE_FENCE_WAITS = 2;  // a cycle in which a fence stands and is not accepted
localparam int EVENT_CORE_PMP_WRITES  = 3;  // a write that may change what PMP says: all TLBs are emptied

// For tests of the L2's parity: a write of n makes the next fill of the L2 write its bit n
// wrong (docs/l2.md). On the register port only, never behind Sscsrind; reads as zero.
localparam logic [12:0] REG_L2_FLIP = 13'h1120;

// ----------------------------------------------------------------------------
// What the kinds of access are. The exception code of a fault follows the reason
// (access or page fault) and the original access (fetch, load or store).

function automatic logic acc_is_load(input access_t access);
	acc_is_load = access == ACC_LOAD || access == ACC_LR;
endfunction

// Needs W of an ordinary page
function automatic logic acc_is_store(input access_t access);
	acc_is_store = access == ACC_STORE || access == ACC_SC || access == ACC_AMO || access == ACC_CBO_ZERO;
endfunction

function automatic logic acc_is_shadow(input access_t access);
	acc_is_shadow = access == ACC_SS_LOAD || access == ACC_SS_STORE || access == ACC_SS_AMO;
endfunction

// Sets D. A cache-block operation other than cbo.zero does not, nor does a read
// of the shadow stack.
function automatic logic acc_dirties(input access_t access);
	acc_dirties = acc_is_store(access) || access == ACC_SS_STORE || access == ACC_SS_AMO;
endfunction

function automatic logic [4:0] fault_cause(input reason_t reason, input access_t access);
	if (access == ACC_PREFETCH)
		fault_cause = CAUSE_NONE;
	else if (reason[5:4] == CLASS_PHYSICAL || reason == REASON_SHADOW_STACK)
		fault_cause = (access == ACC_FETCH) ? CAUSE_FETCH_ACCESS
		            : acc_is_load(access)   ? CAUSE_LOAD_ACCESS
		            : CAUSE_STORE_ACCESS;
	else
		fault_cause = (access == ACC_FETCH) ? CAUSE_FETCH_PAGE
		            : acc_is_load(access)   ? CAUSE_LOAD_PAGE
		            : CAUSE_STORE_PAGE;
endfunction

endpackage

`default_nettype wire
