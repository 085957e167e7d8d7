// The L2's larger leaves: mmu_tlb, with the key of whatever mmu_l2 does.

`default_nettype none

module mmu_l2_large #(
	parameter  int ENTRIES = 16,
	parameter  int XLEN    = 64,
	parameter  int LEVELS  = 3,
	parameter  int W_ASID  = 16,
	parameter  int W_DATA  = 63,
	parameter  int DIRTY   = 18,
	parameter  int GLOBAL  = 16,
	localparam int W_SEG   = (XLEN == 32) ? 10 : 9,
	localparam int W_VPN   = LEVELS * W_SEG
) (
	input  logic              clk,
	input  logic              rst_n,

	// At most one of these a cycle, and its key
	input  logic              look,
	input  logic              fill,
	input  logic              fence,
	input  logic [W_VPN-1:0]  vpn,
	input  logic [W_ASID-1:0] asid,
	input  logic              dirty,      // look: only what may be written
	input  logic              any_va,     // fence: every address,
	input  logic              any_asid,   // every ASID and global entries
	input  logic              clear,

	input  logic [LEVELS-1:0] fill_size,
	input  logic [W_DATA-1:0] fill_data,

	// The look-up of the cycle before; what was cleared since is none
	output logic              hit,
	output logic [LEVELS-1:0] size,
	output logic [W_DATA-1:0] data
);

logic              looked_q, cleared_q;
logic              key_any_low, key_any_asid;
logic [LEVELS-1:0] key_any_seg;
logic              tlb_hit;
logic [2:0]        unused_level;
logic              unused_cut;

always_comb begin
	key_any_low  = 1'b0;
	key_any_seg  = '0;
	key_any_asid = 1'b0;
	if (fence) begin
		key_any_low  = any_va;
		key_any_seg  = {LEVELS{any_va}};
		key_any_asid = any_asid;
	end else if (fill) begin
		key_any_low  = fill_size[0];
		key_any_seg  = {1'b0, fill_size[LEVELS-1:1]};
		key_any_asid = fill_data[GLOBAL];
	end
end

mmu_tlb #(
	.ENTRIES (ENTRIES), .XLEN (XLEN), .LEVELS (LEVELS), .W_ASID (W_ASID), .W_DATA (W_DATA), .DIRTY (DIRTY)
) tlb (
	.clk, .rst_n,
	.key_vpn (vpn), .key_any_low, .key_any_seg, .key_asid (asid), .key_any_asid, .key_spare_global (fence),
	.key_dirty (dirty),
	.look, .fill, .fence, .clear,
	.fill_size, .fill_leaf_size (fill_size), .fill_global (fill_data[GLOBAL]), .fill_cut (1'b0), .fill_data,
	.hit (tlb_hit), .size, .level (unused_level), .cut (unused_cut), .data,
	.used (looked_q && hit)
);

assign hit = tlb_hit && !cleared_q;

always_ff @(posedge clk or negedge rst_n) begin
	if (!rst_n)
		looked_q <= 1'b0;
	else
		looked_q <= look;
end

always_ff @(posedge clk)
	cleared_q <= clear;

endmodule

`default_nettype wire
