// The walker's judgement of the PTE at hand: steps 2 to 10 of the specification's
// "Virtual Address Translation Process", in their order.
//
// Purely combinational. Besides the reason it tells what comes next: `leads`, a
// sound pointer whose table may be read; `update`, a leaf that permits the access
// once A or D is set in memory; neither, the end of the walk.

`default_nettype none

module mmu_walker_judge #(
	parameter  int XLEN        = 64,
	parameter  int LEVELS      = 3,
	parameter  int W_PA        = 56,
	parameter  int SVADU       = 0,
	parameter  int SVNAPOT     = 0,
	parameter  int SVPBMT      = 0,
	parameter  int SVRSW60T59B = 0,
	parameter  int ZICFISS     = 0,
	localparam int W_SEG       = (XLEN == 32) ? 10 : 9,
	localparam int W_VPN       = LEVELS * W_SEG,
	localparam int W_PPN       = (XLEN == 32) ? 22 : 44
) (
	// The PTE, and how it was come by
	input  logic [XLEN-1:0]     pte,
	input  logic                error,         // its read or swap was a bus error
	input  logic [LEVELS:0]     at_level,      // one-hot; bit LEVELS: above the deepest root
	input  logic                global_above,  // G was set in a pointer on the way
	input  logic                pte_pmp_w,     // PMP and PMA let the PTE be written
	input  logic                pte_pma_w,

	// The access
	input  logic [W_VPN-1:0]    vpn,
	input  mmu_pkg::access_t    access,
	input  logic [1:0]          priv,
	input  logic                sum,
	input  logic                mxr,
	input  logic                adue,
	input  logic                pbmte,
	input  logic                sse,

	// What PMP and PMA allow where the PTE leads
	input  logic [2:0]          pmp,
	input  logic [7:0]          pma,

	output mmu_pkg::reason_t    reason,
	output logic [2:0]          level,         // of the PTE that decided
	output logic                on_pte,        // the fault arose on that PTE's read or update
	output logic                leads,
	output logic                update,

	// The leaf
	output logic [LEVELS-1:0]   size,          // as in mmu_tlb.sv
	output logic [W_PA-13:0]    leaf_ppn,
	output logic [W_PA-13:0]    ppn,
	output mmu_pkg::pte_flags_t flags,
	output logic [1:0]          pbmt
);

localparam int W_PPN_PA = W_PA - 12;

// ----------------------------------------------------------------------------
// Format

logic              leaf, napot, invalid, reserved, last_level_pointer, superpage_misaligned;
logic [LEVELS-2:0] big;

mmu_pte #(
	.XLEN (XLEN), .LEVELS (LEVELS), .SVNAPOT (SVNAPOT), .SVPBMT (SVPBMT),
	.SVRSW60T59B (SVRSW60T59B), .ZICFISS (ZICFISS)
) judge_format (
	.pte, .at_level (at_level[LEVELS-1:0]), .pbmte, .sse,
	.leaf, .big, .napot, .pbmt, .invalid, .reserved, .last_level_pointer, .superpage_misaligned
);

assign size = {big, big[0] || napot};

// ----------------------------------------------------------------------------
// Permission of a leaf, and the page of the access

logic [W_PPN-1:0]    pte_ppn;
mmu_pkg::reason_t    leaf_reason;
logic [2:0]          permits;
logic                leaf_update;
logic                access_too_wide, table_too_wide;
logic                pmp_denied, pma_denied;

always_comb begin
	flags = pte[7:0];
	flags[mmu_pkg::PTE_G] = pte[mmu_pkg::PTE_G] || global_above;
end

assign pte_ppn  = pte[mmu_pkg::PTE_PPN +: W_PPN];
assign leaf_ppn = pte_ppn[W_PPN_PA-1:0];

mmu_leaf #(
	.XLEN (XLEN), .LEVELS (LEVELS), .W_PA (W_PA)
) judge_leaf (
	.flags, .leaf_ppn (pte_ppn), .big, .napot,
	.vpn, .access, .priv, .sum, .mxr, .adue (SVADU != 0 && adue),
	.reason (leaf_reason), .permits, .update (leaf_update), .ppn, .too_wide (access_too_wide)
);

mmu_physical judge_physical (
	.access, .permits, .pbmt, .pmp, .pma, .pmp_denied, .pma_denied
);

if (W_PPN > W_PPN_PA) begin : g_narrow
	assign table_too_wide = |pte_ppn[W_PPN-1:W_PPN_PA];
end else begin : g_full
	assign table_too_wide = 1'b0;
end

// ----------------------------------------------------------------------------
// The first rule that objects decides

always_comb begin
	reason = mmu_pkg::REASON_NONE;
	on_pte = 1'b0;
	if (error) begin
		reason = mmu_pkg::REASON_BUS_ERROR;
		on_pte = 1'b1;
	end else if (invalid)
		reason = mmu_pkg::REASON_PTE_INVALID;
	else if (reserved)
		reason = mmu_pkg::REASON_PTE_RESERVED;
	else if (last_level_pointer)
		reason = mmu_pkg::REASON_LAST_LEVEL_POINTER;
	else if (!leaf) begin
		on_pte = 1'b1;
		if (table_too_wide)
			reason = mmu_pkg::REASON_ADDRESS_TOO_WIDE;
		else if (!pmp[mmu_pkg::PMP_R])
			reason = mmu_pkg::REASON_PMP;
		else if (!pma[mmu_pkg::PMA_PT_READ])
			reason = mmu_pkg::REASON_PMA;
	end else if (superpage_misaligned)
		reason = mmu_pkg::REASON_SUPERPAGE_MISALIGNED;
	else if (leaf_reason != mmu_pkg::REASON_NONE)
		reason = leaf_reason;
	else if (leaf_update && !pte_pmp_w) begin
		reason = mmu_pkg::REASON_PMP;
		on_pte = 1'b1;
	end else if (leaf_update && !pte_pma_w) begin
		reason = mmu_pkg::REASON_PMA;
		on_pte = 1'b1;
	end else if (access_too_wide)
		reason = mmu_pkg::REASON_ADDRESS_TOO_WIDE;
	else if (pmp_denied)
		reason = mmu_pkg::REASON_PMP;
	else if (pma_denied)
		reason = mmu_pkg::REASON_PMA;
end

// What comes next does not wait for the reason's priorities.
logic malformed, table_forbidden, leaf_forbidden;

assign malformed       = error || invalid || reserved;
assign table_forbidden = last_level_pointer || table_too_wide || !pmp[mmu_pkg::PMP_R]
                      || !pma[mmu_pkg::PMA_PT_READ];
assign leaf_forbidden  = superpage_misaligned || access_too_wide || pmp_denied || pma_denied
                      || !pte_pmp_w || !pte_pma_w;

assign leads  = !leaf && !malformed && !table_forbidden;
assign update = leaf && leaf_update && !malformed && !leaf_forbidden;

// ----------------------------------------------------------------------------
// The level that decided: the present PTE's, or that of the PTE out of reach

logic [LEVELS-1:0] decided_level;

assign decided_level = (on_pte && !error && !leaf) ? at_level[LEVELS:1] : at_level[LEVELS-1:0];

always_comb begin
	level = 3'd0;
	for (int i = 0; i < LEVELS; i++)
		level = level | (i[2:0] & {3{decided_level[i]}});
end

endmodule

`default_nettype wire
