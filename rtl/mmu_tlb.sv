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
// - A fence takes effect at the end of its cycle, exactly as its key says.
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
	parameter  int W_PPN   = 44,  // stored: physical address width less 12
	localparam int W_SEG   = (XLEN == 32) ? 10 : 9,
	localparam int W_VPN   = LEVELS * W_SEG
) (
	input  logic                clk,
	input  logic                rst_n,

	// Key: what to match, and with how much tolerance
	input  logic [W_VPN-1:0]    key_vpn,
	input  logic [LEVELS-1:0]   key_any_seg,       // bit j: VPN segment j does not count
	input  logic [W_ASID-1:0]   key_asid,
	input  logic                key_any_asid,      // the ASID does not count
	input  logic                key_spare_global,  // global entries do not match by ASID

	// At most one a cycle
	input  logic                look,
	input  logic                fill,
	input  logic                fence,

	// Refill: a leaf of V=1, A=1 at key_vpn and key_asid
	input  logic [LEVELS-2:0]   fill_big,          // bit j: VPN segment j is page offset
	input  logic [W_PPN-1:0]    fill_ppn,
	input  mmu_pkg::pte_flags_t fill_flags,

	// Answer to the last look-up
	output logic                hit,
	output logic [LEVELS-2:0]   big,
	output logic [W_PPN-1:0]    ppn,               // low segments of a superpage are zero
	output mmu_pkg::pte_flags_t flags,

	// The answer has been used by an access
	input  logic                used
);

initial if (ENTRIES < 1 || ENTRIES > 64)
	$fatal(1, "%m: ENTRIES is %0d; it must be 1 to 64", ENTRIES);

// ----------------------------------------------------------------------------
// Storage: one array per field, so that a waveform reads as a table

logic [ENTRIES-1:0]  valid_q;
logic [W_VPN-1:0]    vpn_q   [0:ENTRIES-1];
logic [LEVELS-2:0]   big_q   [0:ENTRIES-1];
logic [W_ASID-1:0]   asid_q  [0:ENTRIES-1];
logic [W_PPN-1:0]    ppn_q   [0:ENTRIES-1];
mmu_pkg::pte_flags_t flags_q [0:ENTRIES-1];

// ----------------------------------------------------------------------------
// Match

logic [ENTRIES-1:0] match;

for (genvar i = 0; i < ENTRIES; i++) begin : g_match
	logic              is_global;
	logic              asid_ok;
	logic [LEVELS-1:0] seg_ok;

	assign is_global = flags_q[i][mmu_pkg::PTE_G];
	assign asid_ok   = key_any_asid
	                || (is_global ? !key_spare_global : asid_q[i] == key_asid);

	for (genvar j = 0; j < LEVELS; j++) begin : g_seg
		logic same;
		assign same = vpn_q[i][j*W_SEG +: W_SEG] == key_vpn[j*W_SEG +: W_SEG];
		if (j < LEVELS - 1) begin : g_low
			assign seg_ok[j] = same || key_any_seg[j] || big_q[i][j];
		end else begin : g_top
			assign seg_ok[j] = same || key_any_seg[j];
		end
	end

	assign match[i] = valid_q[i] && asid_ok && (&seg_ok);
end

// ----------------------------------------------------------------------------
// Look-up, second cycle: AND-OR rather than a priority mux, match is one-hot.

logic [ENTRIES-1:0] match_q;

always_ff @(posedge clk) begin
	if (look)
		match_q <= match;
end

assign hit = |match_q;

always_comb begin
	big   = '0;
	ppn   = '0;
	flags = '0;
	for (int i = 0; i < ENTRIES; i++) begin
		big   = big   | (big_q[i]   & {(LEVELS-1){match_q[i]}});
		ppn   = ppn   | (ppn_q[i]   & {W_PPN{match_q[i]}});
		flags = flags | (flags_q[i] & {8{match_q[i]}});
	end
end

// ----------------------------------------------------------------------------
// Replacement

logic [ENTRIES-1:0] recent_q, recent_d;
logic [ENTRIES-1:0] touched;
logic [ENTRIES-1:0] candidates;
logic [ENTRIES-1:0] victim;

assign candidates = (&valid_q) ? ~recent_q : ~valid_q;
assign victim     = (ENTRIES == 1) ? '1 : (candidates & (~candidates + 1'b1));

always_comb begin
	touched = '0;
	if (fill)
		touched = victim;
	else if (used)
		touched = match_q;

	recent_d = recent_q | touched;
	if (&recent_d)
		recent_d = touched;
end

// ----------------------------------------------------------------------------
// State

always_ff @(posedge clk or negedge rst_n) begin
	if (!rst_n) begin
		valid_q  <= '0;
		recent_q <= '0;
	end else begin
		recent_q <= recent_d;
		if (fence)
			valid_q <= valid_q & ~match;
		else if (fill)
			valid_q <= (valid_q & ~match) | victim;
	end
end

// Payload needs no reset: nothing reads it before valid_q says so.
for (genvar i = 0; i < ENTRIES; i++) begin : g_store
	always_ff @(posedge clk) begin
		if (fill && victim[i]) begin
			vpn_q[i]   <= key_vpn;
			big_q[i]   <= fill_big;
			asid_q[i]  <= key_asid;
			ppn_q[i]   <= fill_ppn;
			flags_q[i] <= fill_flags;
		end
	end
end

// ----------------------------------------------------------------------------
// Properties

`MMU_ASSERT(one_operation, !(look && fill) && !(look && fence) && !(fill && fence))
`MMU_ASSERT(match_is_onehot0, !look || (match & (match - 1'b1)) == '0)

endmodule

`default_nettype wire
