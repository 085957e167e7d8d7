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
localparam int PTE_RESERVED = 54;  // RV64: this bit and all above are reserved

typedef logic [7:0] pte_flags_t;

// ----------------------------------------------------------------------------
// Access kinds and privilege modes. An LR is a load; an SC or AMO is a store.

localparam logic [1:0] ACC_LOAD  = 2'd0;
localparam logic [1:0] ACC_STORE = 2'd1;
localparam logic [1:0] ACC_FETCH = 2'd2;

localparam logic [1:0] PRIV_U = 2'd0;
localparam logic [1:0] PRIV_S = 2'd1;
localparam logic [1:0] PRIV_M = 2'd3;

// ----------------------------------------------------------------------------
// satp: number, MODE values (RV32 has one mode bit: 0 Bare, 1 Sv32)

localparam logic [11:0] CSR_SATP = 12'h180;

localparam logic [3:0] SATP_BARE = 4'd0;
localparam logic [3:0] SATP_SV32 = 4'd1;
localparam logic [3:0] SATP_SV39 = 4'd8;
localparam logic [3:0] SATP_SV48 = 4'd9;
localparam logic [3:0] SATP_SV57 = 4'd10;

// ----------------------------------------------------------------------------
// Exception codes (privileged specification, "mcause")

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
localparam logic [1:0] CLASS_PHYSICAL   = 2'd3;  // the bus or the physical width

localparam logic [5:0] REASON_NONE                 = 6'h00;
localparam logic [5:0] REASON_NONCANONICAL         = 6'h01;
localparam logic [5:0] REASON_PTE_INVALID          = 6'h02;
localparam logic [5:0] REASON_PTE_RESERVED         = 6'h03;
localparam logic [5:0] REASON_LAST_LEVEL_POINTER   = 6'h04;
localparam logic [5:0] REASON_SUPERPAGE_MISALIGNED = 6'h05;
localparam logic [5:0] REASON_USER_PAGE            = 6'h10;
localparam logic [5:0] REASON_SUPERVISOR_PAGE      = 6'h11;
localparam logic [5:0] REASON_NOT_READABLE         = 6'h12;
localparam logic [5:0] REASON_NOT_WRITABLE         = 6'h13;
localparam logic [5:0] REASON_NOT_EXECUTABLE       = 6'h14;
localparam logic [5:0] REASON_ACCESSED_CLEAR       = 6'h20;
localparam logic [5:0] REASON_DIRTY_CLEAR          = 6'h21;
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
// PTE flags

// A leaf maps a page; anything else that is valid points to the next table.
function automatic logic pte_is_leaf(input pte_flags_t f);
	pte_is_leaf = f[PTE_R] || f[PTE_X];
endfunction

// ----------------------------------------------------------------------------
// The exception code of a fault: the reason's class decides between access and page
// fault, the original access between fetch, load and store.

function automatic logic [4:0] fault_cause(input logic [1:0] reason_class, input logic [1:0] access);
	if (reason_class == CLASS_PHYSICAL)
		fault_cause = (access == ACC_FETCH) ? CAUSE_FETCH_ACCESS
		            : (access == ACC_STORE) ? CAUSE_STORE_ACCESS
		            : CAUSE_LOAD_ACCESS;
	else
		fault_cause = (access == ACC_FETCH) ? CAUSE_FETCH_PAGE
		            : (access == ACC_STORE) ? CAUSE_STORE_PAGE
		            : CAUSE_LOAD_PAGE;
endfunction

endpackage

`default_nettype wire
