// Where a PTE leads: to the next table's PTE if it is a pointer, to the access
// itself if it is a leaf.
//
// Purely combinational, and taken from a PTE as it arrives, before it is judged:
// what it gives for a PTE that faults means nothing.

`default_nettype none

module mmu_walker_target #(
	parameter  int XLEN    = 64,
	parameter  int LEVELS  = 3,
	parameter  int W_PA    = 56,
	parameter  int SVNAPOT = 0,
	localparam int W_SEG   = (XLEN == 32) ? 10 : 9,
	localparam int W_VPN   = LEVELS * W_SEG,
	localparam int W_PPN   = (XLEN == 32) ? 22 : 44
) (
	input  logic [XLEN-1:0]  pte,
	input  logic [LEVELS:0]  at_level,    // one-hot; bit LEVELS: above the deepest root
	input  logic [W_VPN-1:0] vpn,
	input  logic [9:0]       first_word,  // of the access, in its page
	input  logic [9:0]       last_word,

	output logic [W_PA-13:0] page,
	output logic [9:0]       first,
	output logic [9:0]       last
);

logic             leaf;
logic             above;
logic [W_PPN-1:0] full_page;
logic [W_SEG-1:0] index;

assign leaf = pte[mmu_pkg::PTE_R] || pte[mmu_pkg::PTE_W] || pte[mmu_pkg::PTE_X];

always_comb begin
	full_page = pte[mmu_pkg::PTE_PPN +: W_PPN];
	above     = 1'b0;
	for (int j = LEVELS - 2; j >= 0; j--) begin
		above = above || at_level[j+1];  // the leaf's level is above j
		full_page[j*W_SEG +: W_SEG] = full_page[j*W_SEG +: W_SEG]
		                            | (vpn[j*W_SEG +: W_SEG] & {W_SEG{leaf && above}});
	end
	if (SVNAPOT != 0 && XLEN == 64 && leaf && at_level[0] && pte[XLEN-1])
		full_page[3:0] = vpn[3:0];
end

always_comb begin
	index = '0;
	for (int i = 0; i < LEVELS; i++)
		index = index | (vpn[i*W_SEG +: W_SEG] & {W_SEG{at_level[i+1]}});
end

assign page = full_page[W_PA-13:0];

if (XLEN == 64) begin : g_rv64
	assign first = leaf ? first_word : {index, 1'b0};
	assign last  = leaf ? last_word  : {index, 1'b1};
end else begin : g_rv32
	assign first = leaf ? first_word : index;
	assign last  = leaf ? last_word  : index;
end

// The rest of a PTE is judged once it is there.
logic unused_ok;
assign unused_ok = &{1'b0, pte, at_level, full_page};

endmodule

`default_nettype wire
