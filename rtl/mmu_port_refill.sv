// The refill of a port's TLB: whether the leaf that a walk found is kept, and what of it.
//
//   cycle T    the walk is done, and answers
//   cycle T+1  fill: the leaf's page goes to the comparators of PMP and PMA, and
//              what they say of it decides how much is written
//
// A cycle late, so that the walker's judgement of the PTE does not reach into the
// TLB.

`default_nettype none

module mmu_port_refill #(
	parameter  int XLEN   = 64,
	parameter  int LEVELS = 3,
	parameter  int W_PA   = 56,
	localparam int W_SEG  = (XLEN == 32) ? 10 : 9,
	localparam int W_VPN  = LEVELS * W_SEG,
	localparam int W_PPN  = (XLEN == 32) ? 22 : 44
) (
	input  logic                clk,
	input  logic                rst_n,

	// Cycle T: the walk, unless a fence was taken since its request was accepted
	input  logic                walk_done,
	input  mmu_pkg::reason_t    walk_reason,
	input  logic                walk_accessed,
	input  logic [2:0]          walk_pmp,
	// Cycle T+1: its page and its leaf
	input  logic [W_VPN-1:0]    vpn,
	input  logic [LEVELS-1:0]   leaf_size,
	input  logic [W_PA-13:0]    leaf_ppn,

	// Cycle T+1. Regions of PMP or PMA begin or end inside the page of that size that
	// holds `page`.
	output logic                fill,
	output logic [W_PA-13:0]    page,           // of the access
	input  logic [LEVELS-1:0]   pmp_size_cut,
	input  logic [LEVELS-1:0]   pma_size_cut,

	// What is written
	output logic                whole,          // all of the leaf
	output logic [LEVELS-1:0]   size,           // of the entry
	output logic [W_PA-13:0]    ppn,
	output logic [2:0]          pmp
);

// ----------------------------------------------------------------------------
// Whether. A miss may wait for its walk while satp changes and a fence comes: its
// refill, from the old tables, would then outlive the fence. Such a walk only answers,
// as does one for a prefetch that found A clear.

always_ff @(posedge clk or negedge rst_n) begin
	if (!rst_n)
		fill <= 1'b0;
	else
		fill <= walk_done && walk_reason == mmu_pkg::REASON_NONE && walk_accessed;
end

always_ff @(posedge clk)
	if (walk_done)
		pmp <= walk_pmp;

// ----------------------------------------------------------------------------
// The page of the access. A superpage may be larger than the physical address space.

logic [W_PPN-1:0] leads;

always_comb begin
	leads            = '0;
	leads[W_PA-13:0] = leaf_ppn;
	if (leaf_size[0])
		leads[3:0] = vpn[3:0];
	for (int s = 1; s < LEVELS; s++)
		leads[(s-1)*W_SEG +: W_SEG] = leads[(s-1)*W_SEG +: W_SEG]
		                            | (vpn[(s-1)*W_SEG +: W_SEG] & {W_SEG{leaf_size[s]}});
end

assign page = leads[W_PA-13:0];

// ----------------------------------------------------------------------------
// How much. Of a leaf in which PMP or PMA differ from place to place, only that page
// is kept.

logic fragment;

always_comb begin
	fragment = 1'b0;
	for (int s = 0; s < LEVELS; s++)
		fragment = fragment || (leaf_size[s] && !(s < LEVELS-1 && leaf_size[(s < LEVELS-1) ? s+1 : s])
		                        && (pmp_size_cut[s] || pma_size_cut[s]));
end

assign whole = !fragment;

assign size = fragment ? '0 : leaf_size;
assign ppn  = fragment ? page : leaf_ppn;

// The VPN's top segment is never page offset.
logic unused_ok;
assign unused_ok = &{1'b0, vpn, leads};

endmodule

`default_nettype wire
