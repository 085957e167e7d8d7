// Walk cache: the pointers that walks have followed, so that the next one begins as deep as
// one of them leads.
//
//   cycle T    look, as a walk begins: every entry compares
//   cycle T+1  hit, with the deepest pointer, until the next look
//
// What a caller may rely on:
// - Only what was filled is found, for the ASID, the mode and the VPN above that pointer's
//   table; of a key the last that was filled, and one at most.
// - Never an invalid PTE, nor a leaf, is filled: no invalid PTE is cached.
// - After a fence nothing that it covers is found: all, or all of an ASID but what is global. A
//   fence by address is for leaves and comes not here. `clear` (PMP is written) removes all.
// - A fill in the cycle of a look, or while a hit waits to be used, is dropped.
//
// Entries are written in turn. Global pointers are spared by a fence by ASID, but found
// for their own ASID only.

`default_nettype none

module mmu_walk_cache #(
	parameter  int ENTRIES = 16,
	parameter  int XLEN    = 64,
	parameter  int LEVELS  = 3,
	parameter  int W_ASID  = 16,
	parameter  int W_PA    = 56,
	localparam int W_SEG   = (XLEN == 32) ? 10 : 9,
	localparam int W_VPN   = LEVELS * W_SEG
) (
	input  logic              clk,
	input  logic              rst_n,

	input  logic              look,
	input  logic [W_VPN-1:0]  look_vpn,
	input  logic [W_ASID-1:0] look_asid,
	input  logic [1:0]        look_mode,    // satp.MODE's lower bits
	output logic              hit,
	output logic [LEVELS:0]   level,        // of the pointer, one-hot: 1 leads to the last table
	output logic [W_PA-13:0]  ppn,          // what it points to
	output logic              is_global,    // G was set in it, or above it
	input  logic              waits,        // the hit is not used yet

	input  logic              fill,
	output logic              fills,        // it is not dropped
	input  logic [LEVELS:0]   fill_level,   // not the last: bit 0 is clear
	input  logic [W_VPN-1:0]  fill_vpn,
	input  logic [W_ASID-1:0] fill_asid,
	input  logic [1:0]        fill_mode,
	input  logic [W_PA-13:0]  fill_ppn,
	input  logic              fill_global,

	input  logic              fence,
	input  logic [W_ASID-1:0] fence_asid,
	input  logic              fence_any_asid,
	input  logic              clear
);

localparam int W_TAG  = W_VPN - W_SEG;  // segment 0 is never above a pointer's table
localparam int W_PAGE = W_PA - 12;
localparam int W_NEXT = (ENTRIES == 1) ? 1 : $clog2(ENTRIES);

localparam logic [31:0] LAST_ENTRY = ENTRIES - 1;
localparam logic [W_NEXT-1:0] LAST = LAST_ENTRY[W_NEXT-1:0];

logic [W_VPN-1:0]              key_vpn;
logic [W_ASID-1:0]             key_asid;
logic [1:0]                    key_mode;
logic [W_NEXT-1:0]             next_q;
logic                          rewrites;  // an entry has the key of the fill
logic [ENTRIES-1:0]            valid_q, match, match_q, same;
logic [ENTRIES*(LEVELS+1)-1:0] levels;
logic [ENTRIES*W_PAGE-1:0]     pages;
logic [ENTRIES-1:0]            globals;

assign fills    = fill && !look && !waits;
assign key_vpn  = look ? look_vpn : fill_vpn;
assign key_asid = look ? look_asid : fill_asid;
assign key_mode = look ? look_mode : fill_mode;
assign rewrites = same != '0;

// ----------------------------------------------------------------------------
// Entries

for (genvar i = 0; i < ENTRIES; i++) begin : g_entry
	logic [LEVELS-1:1] level_q;
	logic [W_TAG-1:0]  tag_q;
	logic [W_ASID-1:0] asid_q;
	logic [1:0]        mode_q;
	logic [W_PAGE-1:0] ppn_q;
	logic              global_q;
	logic              writes;
	logic              differs;

	// Of the VPN counts what is above the pointer's table.
	always_comb begin : compare
		logic counts;

		counts  = 1'b0;
		differs = 1'b0;
		for (int s = 1; s < LEVELS; s++) begin
			counts  = counts || level_q[s];
			differs = differs || (counts && tag_q[(s-1)*W_SEG +: W_SEG] != key_vpn[s*W_SEG +: W_SEG]);
		end
	end

	assign match[i] = valid_q[i] && !differs && asid_q == key_asid && (LEVELS <= 3 || mode_q == key_mode);
	assign same[i]  = match[i] && level_q == fill_level[LEVELS-1:1];
	assign writes   = fills && (rewrites ? same[i] : next_q == i[W_NEXT-1:0]);

	always_ff @(posedge clk or negedge rst_n) begin
		if (!rst_n)
			valid_q[i] <= 1'b0;
		else if (clear || (fence && (fence_any_asid || (!global_q && asid_q == fence_asid))))
			valid_q[i] <= 1'b0;
		else if (writes)
			valid_q[i] <= 1'b1;
	end

	always_ff @(posedge clk) begin
		if (writes) begin
			level_q  <= fill_level[LEVELS-1:1];
			tag_q    <= fill_vpn[W_VPN-1:W_SEG];
			asid_q   <= fill_asid;
			mode_q   <= fill_mode;
			ppn_q    <= fill_ppn;
			global_q <= fill_global;
		end
	end

	assign levels[i*(LEVELS+1) +: LEVELS+1] = {1'b0, level_q, 1'b0};
	assign pages[i*W_PAGE +: W_PAGE]        = ppn_q;
	assign globals[i]                       = global_q;
end

always_ff @(posedge clk or negedge rst_n) begin
	if (!rst_n)
		next_q <= '0;
	else if (fills && !rewrites)
		next_q <= (next_q == LAST) ? '0 : next_q + 1'b1;
end

// A walk that begins in the cycle of a fence finds nothing.
always_ff @(posedge clk)
	if (look)
		match_q <= match & {ENTRIES{!fence}};

// ----------------------------------------------------------------------------
// The deepest that matched: one a level at most

logic [LEVELS:0] found;  // levels of those that matched

always_comb begin
	found = '0;
	for (int i = 0; i < ENTRIES; i++)
		if (match_q[i])
			found = found | levels[i*(LEVELS+1) +: LEVELS+1];
end

assign hit   = found != '0;
assign level = found & (~found + 1'b1);

always_comb begin
	ppn       = '0;
	is_global = 1'b0;
	for (int i = 0; i < ENTRIES; i++)
		if (match_q[i] && (levels[i*(LEVELS+1) +: LEVELS+1] & level) != '0) begin
			ppn       = ppn | pages[i*W_PAGE +: W_PAGE];
			is_global = is_global || globals[i];
		end
end

// ----------------------------------------------------------------------------
// Properties

`ifdef PROVE_WALK_CACHE
`include "mmu_walk_cache_formal.svh"
`endif

// The last level has no pointers, and segment 0 is in no key.
logic unused_ok;
assign unused_ok = &{1'b0, key_vpn, key_mode, fill_level, fill_vpn, levels};

endmodule

`default_nettype wire
