// What a port knows of pages: its TLB, refilled by walks and by the L2, and what the L2
// has just told.
//
//   cycle T    look: a new request's page, or with again that of a slot (key)
//   cycle T+1  hit and the leaf, as far as it was looked up in the TLB (fresh)
//
//   cycle T    the L2 answers (by_l2): the leaf is the L2's, and hit has no meaning
//   cycle T+1  fill: it is kept, for the page of key
//
//   cycle T    a walk is done, without a fault
//   cycle T+1  fill, and walk_fill: its leaf is kept, as mmu_port_refill.sv says; if whole and
//              not cut, it is the L2's too (l2_fill)

`default_nettype none

module mmu_port_pages #(
	parameter  int XLEN    = 64,
	parameter  int LEVELS  = 3,
	parameter  int W_ASID  = 16,  // at least 1
	parameter  int W_PA    = 56,
	parameter  int ENTRIES = 16,
	parameter  int L2      = 0,
	localparam int W_SEG   = (XLEN == 32) ? 10 : 9,
	localparam int W_VPN   = LEVELS * W_SEG,
	localparam int W_LEAF  = LEVELS + W_PA - 12 + 21
) (
	input  logic                clk,
	input  logic                rst_n,

	// Look-up; not with fill or fence
	input  logic                look,
	input  logic                again,
	input  logic [W_VPN-1:0]    look_vpn,
	input  logic [W_ASID-1:0]   look_asid,
	input  logic                look_dirty,       // a page with D clear is no hit
	// The page of a slot: to look up again, or to keep a leaf for
	input  logic [W_VPN-1:0]    key_vpn,
	input  logic [W_ASID-1:0]   key_asid,
	input  logic                key_dirty,

	// What is answered now: by what was looked up, or by the L2
	input  logic                fresh,
	input  logic                by_l2,
	output logic                hit,
	output logic [LEVELS-1:0]   size,             // as in mmu_tlb.sv
	output logic [2:0]          level,
	output logic                cut,
	output logic [W_PA-13:0]    ppn,
	output mmu_pkg::pte_flags_t flags,
	output logic [1:0]          pbmt,
	output logic [2:0]          pmp,
	output logic [7:0]          pma,
	input  logic                used,

	// The L2's answer, and its last one: {size, ppn, flags, pbmt, pmp, pma}
	input  logic                l2_found,
	input  logic [W_LEAF-1:0]   l2_leaf,
	input  logic [W_LEAF-1:0]   l2_leaf_q,

	// A walk that is done and may fill, and its leaf in the next cycle, as in mmu_port.sv
	input  logic                walk_done,
	input  mmu_pkg::reason_t    walk_reason,
	input  logic                walk_accessed,
	input  logic [2:0]          walk_pmp,
	input  logic [LEVELS-1:0]   leaf_size,
	input  logic [W_PA-13:0]    leaf_ppn,
	input  mmu_pkg::pte_flags_t leaf_flags,
	input  logic [1:0]          leaf_pbmt,
	input  logic [7:0]          leaf_pma,

	// Refill. walk_fill: regions of PMP or PMA cut that page, or the page of that size
	// that holds it.
	output logic                fill,
	output logic                walk_fill,
	output logic [W_PA-13:0]    fill_page,
	input  logic                page_cut,
	input  logic [LEVELS-1:0]   pmp_size_cut,
	input  logic [LEVELS-1:0]   pma_size_cut,
	output logic                l2_fill,          // the walk's leaf may be used wherever its page is asked for,
	output logic [2:0]          l2_fill_pmp,      // with this of PMP

	// Fence, as in mmu_port.sv
	input  logic                fence,
	input  logic [W_VPN-1:0]    fence_vpn,
	input  logic                fence_any_va,
	input  logic [W_ASID-1:0]   fence_asid,
	input  logic                fence_any_asid,
	input  logic                clear             // drops everything
);

localparam int W_PPN_PA = W_PA - 12;

logic                whole;
logic [LEVELS-1:0]   kept_size;
logic [W_PPN_PA-1:0] kept_ppn;
logic [2:0]          kept_pmp;

mmu_port_refill #(
	.XLEN (XLEN), .LEVELS (LEVELS), .W_PA (W_PA)
) refill (
	.clk, .rst_n, .vpn (key_vpn), .walk_done, .walk_reason, .walk_accessed, .walk_pmp,
	.leaf_size, .leaf_ppn, .fill (walk_fill), .page (fill_page), .pmp_size_cut, .pma_size_cut,
	.whole, .size (kept_size), .ppn (kept_ppn), .pmp (kept_pmp)
);

assign l2_fill     = walk_fill && whole && !page_cut;
assign l2_fill_pmp = kept_pmp;

// ----------------------------------------------------------------------------
// What is kept, and what is told

logic [LEVELS-1:0] fill_leaf_size, tlb_size, told_size;
logic [W_LEAF-1:0] fill_leaf, tlb_leaf, told;
logic [2:0]        tlb_level;
logic              tlb_cut;

if (L2 == 0) begin : g_no_l2
	assign fill           = walk_fill;
	assign fill_leaf      = {kept_size, kept_ppn, leaf_flags, leaf_pbmt, kept_pmp, leaf_pma};
	assign fill_leaf_size = leaf_size;
	assign told           = tlb_leaf;
	assign level          = tlb_level;
	assign cut            = tlb_cut;

	logic unused_ok;
	assign unused_ok = &{1'b0, fresh, by_l2, l2_found, l2_leaf, l2_leaf_q};
end else begin : g_l2
	logic       l2_keep_q;
	logic [2:0] l2_level;

	always_ff @(posedge clk or negedge rst_n) begin
		if (!rst_n)
			l2_keep_q <= 1'b0;
		else
			l2_keep_q <= by_l2 && l2_found;
	end

	assign fill           = walk_fill || l2_keep_q;
	assign fill_leaf      = l2_keep_q ? l2_leaf_q
	                      : {kept_size, kept_ppn, leaf_flags, leaf_pbmt, kept_pmp, leaf_pma};
	assign fill_leaf_size = l2_keep_q ? fill_leaf[W_LEAF-1 -: LEVELS] : leaf_size;

	always_comb begin
		l2_level = 3'd0;
		for (int j = 1; j < LEVELS; j++)
			l2_level = l2_level + {2'b00, l2_leaf[W_LEAF-LEVELS+j]};
	end

	assign told  = (tlb_leaf & {W_LEAF{fresh}}) | (l2_leaf & {W_LEAF{by_l2}});
	assign level = (tlb_level & {3{fresh}}) | (l2_level & {3{by_l2}});
	assign cut   = tlb_cut && fresh;
end

assign {told_size, ppn, flags, pbmt, pmp, pma} = told;
assign size = told_size;

mmu_port_tlb #(
	.XLEN (XLEN), .LEVELS (LEVELS), .W_ASID (W_ASID), .W_PA (W_PA), .ENTRIES (ENTRIES)
) tlb (
	.clk, .rst_n,
	.look, .again, .look_vpn, .look_asid, .look_dirty (again ? key_dirty : look_dirty),
	.fill, .key_vpn, .key_asid,
	.fill_size (fill_leaf[W_LEAF-1 -: LEVELS]), .fill_leaf_size, .fill_cut (walk_fill && page_cut),
	.fill_ppn (fill_leaf[21 +: W_PPN_PA]), .fill_flags (fill_leaf[20:13]), .fill_pbmt (fill_leaf[12:11]),
	.fill_pmp (fill_leaf[10:8]), .fill_pma (fill_leaf[7:0]),
	.fence, .fence_vpn, .fence_any_va, .fence_asid, .fence_any_asid, .clear,
	.hit, .size (tlb_size), .level (tlb_level), .cut (tlb_cut), .ppn (tlb_leaf[21 +: W_PPN_PA]),
	.flags (tlb_leaf[20:13]), .pbmt (tlb_leaf[12:11]), .pmp (tlb_leaf[10:8]), .pma (tlb_leaf[7:0]),
	.used
);

assign tlb_leaf[W_LEAF-1 -: LEVELS] = tlb_size;

endmodule

`default_nettype wire
