// Fully associative translation buffer for leaves of every size, tagged with
// ASIDs. One key port serves look-up, refill and fence, so that one set of
// comparators does; the caller says which it is and never asks for two at once.
//
//    key ──► compare every entry ──► match ──┬─ LOOK:  match_q, next cycle: AND-OR mux ──► answer
//                                            ├─ FILL:  drop what overlaps, write the victim
//                                            └─ FENCE: drop
//
// What a caller may rely on:
// - A look-up's answer stands in the next cycle, and on until the next look-up.
// - At most one entry matches any look-up: a refill drops every entry that
//   overlaps it, of any size, global or not.
// - A fence takes effect at the end of its cycle, exactly as its key says: an entry
//   that holds but a part of its leaf is dropped by any address in the leaf.
// - At most one valid entry is marked as cut.
//
// A size is a vector of LEVELS bits that says which VPN bits are page offset:
// bit 0 the low four (a NAPOT page), bit j all of segment j-1 and below. Each bit
// above 0 implies those below it.
//
// Replacement is pseudo-LRU by one bit an entry: set on use; when all would be
// set, only the last user's stays. Victim: the first invalid entry, else the
// first with a clear bit. `used` comes a cycle after the look-up, off the path
// of the answer.

`default_nettype none
`include "mmu_assert.svh"

module mmu_tlb #(
	parameter  int ENTRIES = 16,  // 1 to 64
	parameter  int XLEN    = 64,
	parameter  int LEVELS  = 3,
	parameter  int W_ASID  = 16,  // at least 1
	parameter  int W_DATA  = 64,  // of what an entry carries for its user
	parameter  int DIRTY   = 0,   // which bit of it says that the page may be written
	localparam int W_SEG   = (XLEN == 32) ? 10 : 9,
	localparam int W_VPN   = LEVELS * W_SEG
) (
	input  logic                clk,
	input  logic                rst_n,

	// Key: what to match, and with how much tolerance
	input  logic [W_VPN-1:0]    key_vpn,
	input  logic                key_any_low,       // the VPN's low four bits do not count
	input  logic [LEVELS-1:0]   key_any_seg,       // bit j: VPN segment j does not count
	input  logic [W_ASID-1:0]   key_asid,
	input  logic                key_any_asid,      // the ASID does not count
	input  logic                key_spare_global,  // global entries do not match by ASID
	input  logic                key_dirty,         // entries whose bit DIRTY is clear do not match

	// At most one a cycle
	input  logic                look,
	input  logic                fill,
	input  logic                fence,
	// Drops every entry, whatever else goes on
	input  logic                clear,

	// Refill, at key_vpn and key_asid
	input  logic [LEVELS-1:0]   fill_size,         // of the entry
	input  logic [LEVELS-1:0]   fill_leaf_size,    // of the leaf: at least the entry's
	input  logic                fill_global,
	input  logic                fill_cut,          // marked: drops the one that was
	input  logic [W_DATA-1:0]   fill_data,

	// Answer to the last look-up
	output logic                hit,
	output logic [LEVELS-1:0]   size,              // of the entry
	output logic [2:0]          level,             // of the leaf
	output logic                cut,
	output logic [W_DATA-1:0]   data,

	// The answer has been used by an access
	input  logic                used
);

initial if (ENTRIES < 1 || ENTRIES > 64)
	$fatal(1, "%m: ENTRIES is %0d; it must be 1 to 64", ENTRIES);

// ----------------------------------------------------------------------------
// Storage. What the answer needs stands in one vector, so that one AND-OR finds
// it all.

localparam int W_WAY  = (ENTRIES == 1) ? 1 : $clog2(ENTRIES);
localparam int W_LEAF = W_DATA + 2*LEVELS;

logic [ENTRIES-1:0] valid_q;
logic [ENTRIES-1:0] cut_q;
logic [ENTRIES-1:0] global_q;
logic [W_VPN-1:0]   vpn_q  [0:ENTRIES-1];
logic [W_ASID-1:0]  asid_q [0:ENTRIES-1];
logic [W_LEAF-1:0]  leaf_q [0:ENTRIES-1];  // {data, leaf's size, entry's size}

// ----------------------------------------------------------------------------
// Match. One clocked block, so that a simulator compares only when asked, and
// the lowest segment first, because it differs most often: what tolerates more
// tolerates the low four bits too. A fence goes by the leaf's size, all else by the
// entry's, which is no larger.

logic [ENTRIES-1:0] match_q;
logic [ENTRIES-1:0] victim;

always_ff @(posedge clk or negedge rst_n) begin : compare
	logic [ENTRIES-1:0] match;
	logic [LEVELS-1:0]  any;
	logic               rest;

	if (!rst_n) begin
		valid_q <= '0;
		match_q <= '0;
	end else if (look || fill || fence || clear) begin
		match = '0;
		for (int i = 0; i < ENTRIES; i++) begin
			if (valid_q[i] && (vpn_q[i][W_SEG-1:0] == key_vpn[W_SEG-1:0] || key_any_low
			                   || leaf_q[i][0] || (fence && leaf_q[i][LEVELS]))) begin
				any  = leaf_q[i][0 +: LEVELS] | (leaf_q[i][LEVELS +: LEVELS] & {LEVELS{fence}});
				rest = key_any_asid
				    || (global_q[i] ? !key_spare_global : asid_q[i] == key_asid);
				for (int j = 1; j < LEVELS - 1; j++)
					rest = rest && (vpn_q[i][j*W_SEG +: W_SEG] == key_vpn[j*W_SEG +: W_SEG]
					                || key_any_seg[j] || any[j+1]);
				match[i] = rest && (!key_dirty || leaf_q[i][2*LEVELS + DIRTY])
				        && (vpn_q[i][W_SEG-1:4] == key_vpn[W_SEG-1:4] || key_any_seg[0] || any[1])
				        && (vpn_q[i][W_VPN-1 -: W_SEG] == key_vpn[W_VPN-1 -: W_SEG]
				            || key_any_seg[LEVELS-1]);
			end
		end

		if (look)
			match_q <= match;
		if (clear)
			valid_q <= '0;
		else if (fence)
			valid_q <= valid_q & ~match;
		else if (fill)
			valid_q <= (valid_q & ~match & ~(cut_q & {ENTRIES{fill_cut}})) | victim;
	end
end

// ----------------------------------------------------------------------------
// Answer: an OR of what matches rather than a priority mux, match is one-hot. With
// `if`, because a simulator then reads one entry only.

logic [W_LEAF-1:0] leaf;
logic [LEVELS-1:0] leaf_size;

always_comb begin
	leaf = '0;
	for (int i = 0; i < ENTRIES; i++)
		if (match_q[i])
			leaf = leaf | leaf_q[i];
end

assign {data, leaf_size, size} = leaf;
assign hit = |match_q;
assign cut = |(match_q & cut_q);

always_comb begin
	level = 3'd0;
	for (int j = 1; j < LEVELS; j++)
		level = level + {2'b00, leaf_size[j]};
end

logic unused_ok;
assign unused_ok = &{1'b0, leaf_size};

// ----------------------------------------------------------------------------
// Replacement

logic [ENTRIES-1:0] recent_q;
logic [ENTRIES-1:0] candidates;

assign candidates = (&valid_q) ? ~recent_q : ~valid_q;
assign victim     = (ENTRIES == 1) ? '1 : (candidates & (~candidates + 1'b1));

always_ff @(posedge clk or negedge rst_n) begin
	if (!rst_n)
		recent_q <= '0;
	else if (fill)
		recent_q <= (&(recent_q | victim)) ? victim : recent_q | victim;
	else if (used)
		recent_q <= (&(recent_q | match_q)) ? match_q : recent_q | match_q;
end

// ----------------------------------------------------------------------------
// Refill. Payload needs no reset: nothing reads it before valid_q says so.

always_ff @(posedge clk) begin : refill
	logic [W_WAY-1:0] way;

	if (fill) begin
		way = '0;
		for (int i = 0; i < ENTRIES; i++)
			way = way | (i[W_WAY-1:0] & {W_WAY{victim[i]}});
		vpn_q[way]  <= key_vpn;
		asid_q[way] <= key_asid;
		leaf_q[way] <= {fill_data, fill_leaf_size, fill_size};
		cut_q       <= (cut_q & ~victim) | (victim & {ENTRIES{fill_cut}});
		global_q    <= (global_q & ~victim) | (victim & {ENTRIES{fill_global}});
	end
end

// ----------------------------------------------------------------------------
// Properties

`MMU_ASSERT(one_operation, !(look && fill) && !(look && fence) && !(fill && fence))
`ifndef FORMAL
`MMU_ASSERT(match_is_onehot0, (match_q & (match_q - 1'b1)) == '0)
`elsif PROVE_IN_MMU_TLB
`include "mmu_tlb_formal.svh"
`endif

endmodule

`default_nettype wire
