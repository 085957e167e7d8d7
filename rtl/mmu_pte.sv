// Judges the format of one PTE as the walk reads it: steps 3, 4 and 5 of the
// specification's "Virtual Address Translation Process", one output each, in
// their order of precedence.
//
// Purely combinational. A PTE that no output objects to is a leaf (`leaf`) or
// points to the next table. What belongs to an extension that is absent, or that
// the registers switch off, is reserved.

`default_nettype none

module mmu_pte #(
	parameter  int XLEN        = 64,  // 32: Sv32 format; 64: Sv39, Sv48, Sv57
	parameter  int LEVELS      = 3,   // of the deepest mode: 2 (Sv32), 3, 4 or 5
	parameter  int SVNAPOT     = 0,
	parameter  int SVPBMT      = 0,
	parameter  int SVRSW60T59B = 0,
	parameter  int ZICFISS     = 0,
	localparam int W_SEG       = (XLEN == 32) ? 10 : 9
) (
	input  logic [XLEN-1:0]   pte,
	input  logic [LEVELS-1:0] at_level,  // one-hot: bit i, the PTE is of level i
	input  logic              pbmte,     // menvcfg.PBMTE
	input  logic              sse,       // menvcfg.SSE

	output logic              leaf,
	output logic [LEVELS-2:0] big,       // bit j: the leaf's level is above j, VPN segment j is page offset
	output logic              napot,     // a 64 KiB leaf
	output logic [1:0]        pbmt,

	// At most one is set
	output logic              invalid,
	output logic              reserved,
	output logic              last_level_pointer,
	output logic              superpage_misaligned
);

mmu_pkg::pte_flags_t flags;
logic                pointer;

assign flags   = pte[7:0];
assign pointer = !flags[mmu_pkg::PTE_R] && !flags[mmu_pkg::PTE_W] && !flags[mmu_pkg::PTE_X];
assign leaf    = !pointer;

// ----------------------------------------------------------------------------
// Step 3: V, then everything reserved

logic write_only;
logic pointer_flags;
logic upper_bits, bad_napot, bad_pbmt;

// Without R, W alone marks a shadow-stack page where there are any.
assign write_only    = flags[mmu_pkg::PTE_W] && !flags[mmu_pkg::PTE_R]
                    && !(ZICFISS != 0 && sse && !flags[mmu_pkg::PTE_X]);
assign pointer_flags = pointer && (flags[mmu_pkg::PTE_D] || flags[mmu_pkg::PTE_A] || flags[mmu_pkg::PTE_U]);

if (XLEN == 64) begin : g_upper
	assign upper_bits = |pte[mmu_pkg::PTE_RSW_HIGH-1:mmu_pkg::PTE_RESERVED]
	                 || (SVRSW60T59B == 0 && |pte[mmu_pkg::PTE_RSW_HIGH +: 2]);
	assign bad_napot  = pte[mmu_pkg::PTE_N]
	                 && !(SVNAPOT != 0 && leaf && at_level[0]
	                      && pte[mmu_pkg::PTE_PPN +: 4] == mmu_pkg::NAPOT_64K);
	assign bad_pbmt   = pte[mmu_pkg::PTE_PBMT +: 2] != mmu_pkg::PBMT_PMA
	                 && !(SVPBMT != 0 && pbmte && leaf && !(&pte[mmu_pkg::PTE_PBMT +: 2]));
	assign napot      = SVNAPOT != 0 && pte[mmu_pkg::PTE_N];
	assign pbmt       = (SVPBMT != 0) ? pte[mmu_pkg::PTE_PBMT +: 2] : mmu_pkg::PBMT_PMA;
end else begin : g_no_upper
	assign upper_bits = 1'b0;
	assign bad_napot  = 1'b0;
	assign bad_pbmt   = 1'b0;
	assign napot      = 1'b0;
	assign pbmt       = mmu_pkg::PBMT_PMA;
end

assign invalid  = !flags[mmu_pkg::PTE_V];
assign reserved = !invalid && (write_only || pointer_flags || upper_bits || bad_napot || bad_pbmt);

// ----------------------------------------------------------------------------
// Step 4: a pointer needs a level below. Step 5: a superpage starts at a
// multiple of its size.

logic sound;
logic misaligned;

always_comb begin
	for (int j = 0; j < LEVELS - 1; j++) begin
		big[j] = 1'b0;
		for (int i = 0; i < LEVELS; i++)
			big[j] = big[j] || (i > j && at_level[i]);
	end
end

always_comb begin
	misaligned = 1'b0;
	for (int j = 0; j < LEVELS - 1; j++)
		misaligned = misaligned || (big[j] && pte[mmu_pkg::PTE_PPN + j*W_SEG +: W_SEG] != '0);
end

assign sound                = !invalid && !reserved;
assign last_level_pointer   = sound && pointer && at_level[0];
assign superpage_misaligned = sound && leaf && misaligned;

// RSW belongs to software; G does not matter to the format; the PPN's upper
// part does not to alignment.
logic unused_ok;
assign unused_ok = &{1'b0, pte, pbmte, sse};

endmodule

`default_nettype wire
