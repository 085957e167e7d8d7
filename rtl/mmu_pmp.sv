// PMP for one that asks: judges an access in the cycle of `judge`, and tells in
// the next what is allowed. It also remembers one page that regions cut, so that an
// access to that page is judged as quickly, its offset alone deciding.
//
//   cycle T    judge: page and offsets compared with every entry
//   cycle T+1  allow, until the next judge; with LATE in cycle T itself, and in no other
//
// The lowest-numbered entry that overlaps the access decides, and must hold all of
// it. Specification: "Physical Memory Protection", priority and matching.
//
// What a caller may rely on: the decoded registers (mmu_pmp_decode.sv) must not be
// stale at the end of a cycle with `judge` or `hold`, nor change before the last use
// of `allow`. ENTRIES = 0: everything is allowed.

`default_nettype none

module mmu_pmp #(
	parameter  int ENTRIES = 8,   // 0 to 64
	parameter  int W_PA    = 56,
	parameter  int XLEN    = 64,
	parameter  int LEVELS  = 3,
	parameter  int LATE    = 0,   // 1: the verdict is wanted in the cycle of `judge`
	localparam int N       = (ENTRIES == 0) ? 1 : ENTRIES,
	localparam int W       = W_PA - 2,
	localparam int W_SEG   = (XLEN == 32) ? 10 : 9
) (
	input  logic              clk,

	// Registers, decoded
	input  logic [N-1:0]      active,
	input  logic [N*W-1:0]    first,
	input  logic [N*W-1:0]    last,
	input  logic [N*3-1:0]    allow_m,
	input  logic [N*3-1:0]    allow_su,
	input  logic [2:0]        none_m,
	input  logic [2:0]        none_su,

	// An access to `page`, or with use_held to the page that is held
	input  logic              judge,
	input  logic              use_held,
	input  logic [W_PA-13:0]  page,
	input  logic [9:0]        first_word,  // of the access, in its page
	input  logic [9:0]        last_word,
	// With relate, of `page` in this cycle; else clear
	input  logic              relate,
	output logic              page_cut,    // a region begins or ends inside it
	output logic [LEVELS-1:0] size_cut,    // or inside a larger page that holds it: 64 KiB (bit 0), level j (bit j)
	// With relate: `page` is held from the next cycle on
	input  logic              hold,

	// Of the access judged last, with ask; else clear
	input  logic              ask,
	input  logic              m_mode,      // its effective privilege is M
	output logic [2:0]        allow        // bits PMP_R, PMP_W, PMP_X
);

if (ENTRIES == 0) begin : g_none
	assign page_cut = 1'b0;
	assign size_cut = '0;
	assign allow    = 3'b111;

	logic unused_ok;
	assign unused_ok = &{1'b0, clk, active, first, last, allow_m, allow_su, none_m, none_su, judge,
	                     use_held, page, first_word, last_word, relate, hold, ask, m_mode};
end else begin : g_some

// ----------------------------------------------------------------------------
// The page: which regions touch it, and which begin or end in it. Only on demand,
// for the simulator's sake.

logic [N-1:0] touch, begins, ends;

always_comb begin : relation
	logic [W_PA-13:0] lo, hi;  // pages

	lo     = '0;
	hi     = '0;
	touch  = '0;
	begins = '0;
	ends   = '0;
	if (relate || (judge && !use_held)) begin
		for (int i = 0; i < N; i++) begin
			lo = first[i*W + 10 +: W_PA-12];
			hi = last[i*W + 10 +: W_PA-12];
			touch[i]  = active[i] && page >= lo && page <= hi;
			begins[i] = page == lo;
			ends[i]   = page == hi;
		end
	end
end

always_comb begin : cuts
	logic [W-1:0] lo, hi;

	lo       = '0;
	hi       = '0;
	page_cut = 1'b0;
	size_cut = '0;
	if (relate) begin
		for (int i = 0; i < N; i++) begin
			lo = first[i*W +: W];
			hi = last[i*W +: W];
			page_cut = page_cut || (touch[i] && ((begins[i] && lo[9:0] != '0)
			                                     || (ends[i] && hi[9:0] != '1)));
			size_cut[0] = size_cut[0]
			           || (active[i] && page[W_PA-13:4] == lo[W-1:14] && lo[13:0] != '0)
			           || (active[i] && page[W_PA-13:4] == hi[W-1:14] && hi[13:0] != '1);
			for (int s = 1; s < LEVELS; s++)
				size_cut[s] = size_cut[s]
				           || (active[i] && (page >> (s*W_SEG)) == (lo[W-1:10] >> (s*W_SEG))
				               && (lo & ~({W{1'b1}} << (10 + s*W_SEG))) != '0)
				           || (active[i] && (page >> (s*W_SEG)) == (hi[W-1:10] >> (s*W_SEG))
				               && (~hi & ~({W{1'b1}} << (10 + s*W_SEG))) != '0);
		end
	end
end

// ----------------------------------------------------------------------------
// The access in its page

logic [N-1:0] touch_q, begins_q, ends_q;  // of the page that is held
logic [N-1:0] overlap, covered;           // of the access that is judged
logic [N-1:0] overlaps, covers;           // of the one that is asked about

always_ff @(posedge clk) begin
	if (relate && hold) begin
		touch_q  <= touch;
		begins_q <= begins;
		ends_q   <= ends;
	end
end

always_comb begin : compare
	logic       t, b, e;
	logic [9:0] lo, hi;

	t       = 1'b0;
	b       = 1'b0;
	e       = 1'b0;
	lo      = '0;
	hi      = '0;
	overlap = '0;
	covered = '0;
	if (judge) begin
		for (int i = 0; i < N; i++) begin
			t  = use_held ? touch_q[i] : touch[i];
			b  = use_held ? begins_q[i] : begins[i];
			e  = use_held ? ends_q[i] : ends[i];
			lo = first[i*W +: 10];
			hi = last[i*W +: 10];
			overlap[i] = t && (!b || last_word >= lo) && (!e || first_word <= hi);
			covered[i] = t && (!b || first_word >= lo) && (!e || last_word <= hi);
		end
	end
end

if (LATE != 0) begin : g_late
	assign overlaps = overlap;
	assign covers   = covered;
end else begin : g_early
	logic [N-1:0] overlap_q, covered_q;

	always_ff @(posedge clk) begin
		if (judge) begin
			overlap_q <= overlap;
			covered_q <= covered;
		end
	end

	assign overlaps = overlap_q;
	assign covers   = covered_q;
end

// ----------------------------------------------------------------------------
// Verdict

always_comb begin
	allow = 3'b000;
	if (ask) begin
		allow = m_mode ? none_m : none_su;
		for (int i = N - 1; i >= 0; i--)
			if (overlaps[i])
				allow = (m_mode ? allow_m[3*i +: 3] : allow_su[3*i +: 3]) & {3{covers[i]}};
	end
end

// ----------------------------------------------------------------------------
// Properties

`ifdef PROVE_VERDICT
`include "mmu_pmp_formal.svh"
`endif

end

endmodule

`default_nettype wire
