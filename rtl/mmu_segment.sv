// Segments for one port: which of them answers a request, what it says, and where it
// leads. Rules and registers: docs/segments.md.
//
//   cycle T    look: every segment compares and adds; of the lowest that holds the
//              address, permissions and the physical page are kept
//   cycle T+1  answers, reason, page; until the next look
//
// What a caller may rely on:
// - The registers count as they are in the cycle of `look`.
// - `page` is that of `held_va` itself where no segment answers: an untranslated
//   access takes it from here too.
// - What is answered without a reason lies wholly in the segment. An access that does
//   not stay in its page is outside.
//
// A segment keeps physical less virtual page number instead of its physical address,
// so that one addition leads there. The sum is never truncated: it has a bit more than
// the wider of the two.

`default_nettype none

module mmu_segment #(
	parameter  int SEGMENTS = 8,   // 0 to 16
	parameter  int XLEN     = 64,
	parameter  int W_ASID   = 16,  // at least 1
	parameter  int W_PA     = 56,
	localparam int N        = (SEGMENTS == 0) ? 1 : SEGMENTS,
	localparam int W_VPAGE  = XLEN - 12,
	localparam int W_OFFSET = ((XLEN == 32) ? 35 : 65) - 12
) (
	input  logic                  clk,

	// Registers in force, of mmu_csr_segment.sv: segment i has the i-th part of each
	input  logic [1:0]            mode,       // SEGMODE_*
	input  logic [W_ASID-1:0]     asid,
	input  logic [N*6-1:0]        seg_cfg,    // bits SEG_V to SEG_G
	input  logic [N*W_ASID-1:0]   seg_asid,
	input  logic [N*W_VPAGE-1:0]  seg_base,   // page number
	input  logic [N*XLEN-1:0]     seg_last,   // byte
	input  logic [N*W_OFFSET-1:0] seg_offset, // physical less virtual page number

	// Request
	input  logic                  look,
	input  logic [XLEN-1:0]       va,         // masked as a virtual address
	input  logic [12:0]           va_end,     // last byte, counted from the start of va's page
	input  logic [1:0]            priv,

	// The request looked up last, as latched
	input  logic [XLEN-1:0]       held_va,
	input  mmu_pkg::access_t      access,
	input  logic [1:0]            held_priv,
	input  logic                  sum,
	input  logic                  mxr,

	// Answer
	output logic                  answers,    // with a segment or for want of one
	output mmu_pkg::reason_t      reason,     // why not, before physical memory is asked
	output logic [2:0]            permits,    // of load, store, fetch, as mmu_perm.sv has it
	output logic [W_PA-13:0]      page
);

if (SEGMENTS == 0) begin : g_none
	assign answers = 1'b0;
	assign permits = 3'b111;
	assign reason  = mmu_pkg::REASON_NONE;
	if (W_VPAGE >= W_PA - 12) begin : g_narrow
		assign page = held_va[W_PA-1:12];
	end else begin : g_wide
		assign page = {{(W_PA-XLEN){1'b0}}, held_va[XLEN-1:12]};
	end

	logic unused_ok;
	assign unused_ok = &{1'b0, clk, mode, asid, seg_cfg, seg_asid, seg_base, seg_last, seg_offset, look, va,
	                     va_end, priv, held_va, access, held_priv, sum, mxr};
end else begin : g_some

// ----------------------------------------------------------------------------
// Comparison. a > b, or with `equal` a >= b, is a carry of a + ~b: the complement of the
// request's address is one for all segments, where a plain comparison would complement
// each segment's register.

function automatic logic above(input logic [XLEN-1:0] a, input logic [XLEN-1:0] not_b, input logic equal);
	logic [XLEN:0] unused_sum;

	{above, unused_sum} = {1'b0, a, equal} + {1'b0, not_b, equal};
endfunction

// ----------------------------------------------------------------------------
// Match. Each segment adds while it compares: PMP has all of the next cycle then.

logic             found_q;    // a segment holds the address,
logic             outside_q;  // but not all of the access
logic             missing_q;  // none does, and nothing else may map
logic [3:0]       allow_q;    // the segment's U, X, W, R
logic [W_PA-13:0] page_q;     // where it leads, or the address's own where none answers,
logic             wide_q;     // unless that is beyond the physical width

always_ff @(posedge clk) begin : compare
	logic                on, mine, holds, found, outside;
	logic [XLEN-1:0]     base, last;
	logic [3:0]          allow;
	logic [W_OFFSET-1:0] own, target;  // pages

	if (look) begin
		on      = mode != mmu_pkg::SEGMODE_PAGING && priv != mmu_pkg::PRIV_M;
		found   = 1'b0;
		outside = 1'b0;
		allow   = '0;
		own     = {{(W_OFFSET-W_VPAGE){1'b0}}, va[XLEN-1:12]};
		target  = '0;
		if (on) begin
			for (int i = 0; i < N; i++) begin
				mine  = seg_cfg[6*i + mmu_pkg::SEG_V]
				     && (seg_cfg[6*i + mmu_pkg::SEG_G] || seg_asid[i*W_ASID +: W_ASID] == asid);
				base  = {seg_base[i*W_VPAGE +: W_VPAGE], 12'h000};
				last  = seg_last[i*XLEN +: XLEN];
				holds = mine && !found && !above(base, ~va, 1'b0) && above(last, ~va, 1'b1);

				found   = found || holds;
				outside = outside || (holds && !above(last, ~{va[XLEN-1:12], va_end[11:0]}, 1'b1));
				allow   = allow | (seg_cfg[6*i + mmu_pkg::SEG_R +: 4] & {4{holds}});
				target  = target | ((own + seg_offset[i*W_OFFSET +: W_OFFSET]) & {W_OFFSET{holds}});
			end
		end
		found_q   <= found;
		outside_q <= outside || va_end[12];
		missing_q <= on && !found && mode == mmu_pkg::SEGMODE_SEGMENTS;
		allow_q   <= allow;
		page_q    <= found ? target[W_PA-13:0] : own[W_PA-13:0];
		wide_q    <= |target[W_OFFSET-1:W_PA-12];
	end
end

assign answers = found_q || missing_q;
assign page    = page_q;

// ----------------------------------------------------------------------------
// Permission: as of a leaf with A and D set

logic user_page, supervisor_page, shadow_stack, not_readable, not_writable, not_executable;
logic accessed_clear, dirty_clear;
logic       refused;
logic [2:0] segment_permits;

mmu_perm perm (
	.pte ({3'b110, allow_q, 1'b1}), .access, .priv (held_priv), .sum, .mxr,
	.user_page, .supervisor_page, .shadow_stack, .not_readable, .not_writable, .not_executable,
	.permits (segment_permits), .accessed_clear, .dirty_clear
);

assign permits = answers ? segment_permits : 3'b111;
assign refused = user_page || supervisor_page || not_readable || not_writable || not_executable;

// ----------------------------------------------------------------------------
// The verdict, in the order of the rules

always_comb begin
	reason = mmu_pkg::REASON_NONE;
	if (missing_q)
		reason = mmu_pkg::REASON_SEGMENT_MISSING;
	else if (outside_q)
		reason = mmu_pkg::REASON_SEGMENT_LIMIT;
	else if (mmu_pkg::acc_is_shadow(access))
		reason = mmu_pkg::REASON_SHADOW_STACK;
	else if (refused)
		reason = mmu_pkg::REASON_SEGMENT_PERMISSION;
	else if (wide_q)
		reason = mmu_pkg::REASON_ADDRESS_TOO_WIDE;
end

// The offset in the page passes through unchanged.
logic unused_ok;
assign unused_ok = &{1'b0, held_va, shadow_stack, accessed_clear, dirty_clear};

// ----------------------------------------------------------------------------
// Properties

`ifdef PROVE_SEGMENT
`include "mmu_segment_formal.svh"
`elsif PROVE_SEGMENT_PLACE
`include "mmu_segment_formal.svh"
`endif

end

`ifdef PROVE_LATCHED
`include "mmu_segment_state_formal.svh"
`endif

endmodule

`default_nettype wire
