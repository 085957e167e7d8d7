// PMP and PMA as a port asks them: of an access that goes straight to its physical
// page (untranslated, or by a segment), of a hit on a page that regions cut, and of
// the page of a refill. One set of comparators does all of it.
//
//   cycle T    accept
//   cycle T+1  pmp, pma: what they allow, until the next accept
//
// Without segments an address is compared at acceptance. With them its page is known a
// cycle later only, and it is compared as it is answered.

`default_nettype none

module mmu_port_physical #(
	parameter  int                        XLEN        = 64,
	parameter  int                        LEVELS      = 3,
	parameter  int                        W_PA        = 56,
	parameter  int                        SEGMENTS    = 0,
	parameter  int                        PMP_ENTRIES = 8,
	parameter  int                        PMA_REGIONS = 1,
	parameter  logic [PMA_REGIONS*64-1:0] PMA         = {PMA_REGIONS{64'hff1f_ffff_ffff_ffff}},
	localparam int                        N_PMP       = (PMP_ENTRIES == 0) ? 1 : PMP_ENTRIES
) (
	input  logic                      clk,
	input  logic                      rst_n,

	// PMP registers in force, of mmu_pmp_decode.sv
	input  logic                      pmp_stale,
	input  logic [N_PMP-1:0]          pmp_active,
	input  logic [N_PMP*(W_PA-2)-1:0] pmp_first,
	input  logic [N_PMP*(W_PA-2)-1:0] pmp_last,
	input  logic [N_PMP*3-1:0]        pmp_allow_m,
	input  logic [N_PMP*3-1:0]        pmp_allow_su,
	input  logic [2:0]                pmp_none_m,
	input  logic [2:0]                pmp_none_su,

	// Cycle T, an access as if there were no segments
	input  logic                      accept,
	input  logic                      paged,       // by page tables,
	input  logic [XLEN-1:0]           va,          // else the address itself counts
	input  logic [9:0]                first_word,  // in its page
	input  logic [9:0]                last_word,

	// Cycle T+1, the same access
	input  logic                      held,
	input  logic                      held_paged,
	input  logic [W_PA-13:0]          held_page,
	input  logic [9:0]                held_first_word,
	input  logic [9:0]                held_last_word,
	input  logic                      m_mode,
	output logic [2:0]                pmp,         // bits PMP_R, PMP_W, PMP_X
	output logic [7:0]                pma,         // bits PMA_*

	// Refill; no access is held then
	input  logic                      fill,
	input  logic [W_PA-13:0]          fill_page,
	output logic                      page_cut,    // as in mmu_pmp.sv
	output logic [LEVELS-1:0]         pmp_size_cut,
	output logic [LEVELS-1:0]         pma_size_cut
);

// ----------------------------------------------------------------------------
// Of hits only those on a page that regions cut need the verdict.

logic holds_cut_q;

always_ff @(posedge clk or negedge rst_n) begin
	if (!rst_n)
		holds_cut_q <= 1'b0;
	else
		holds_cut_q <= !pmp_stale && (holds_cut_q || (fill && page_cut));
end

// ----------------------------------------------------------------------------
// When to compare

logic             ask, judge, use_held;
logic [W_PA-13:0] direct_page, asked_page;
logic [9:0]       first, last;
logic [7:0]       page_pma;

assign ask = held && (!held_paged || holds_cut_q);

if (SEGMENTS == 0) begin : g_early
	logic [7:0] pma_q;

	assign judge       = accept && (!paged || holds_cut_q);
	assign use_held    = paged;
	assign first       = first_word;
	assign last        = last_word;
	assign pma         = pma_q;

	if (XLEN == 64) begin : g_rv64
		assign direct_page = va[W_PA-1:12];
	end else begin : g_rv32
		assign direct_page = {{(W_PA-XLEN){1'b0}}, va[XLEN-1:12]};
	end

	always_ff @(posedge clk)
		if (accept)
			pma_q <= page_pma;

	logic unused_ok;
	assign unused_ok = &{1'b0, va, held_page, held_first_word, held_last_word};
end else begin : g_late
	assign judge       = ask;
	assign use_held    = held_paged;
	assign direct_page = held_page;
	assign first       = held_first_word;
	assign last        = held_last_word;
	assign pma         = page_pma;

	logic unused_ok;
	assign unused_ok = &{1'b0, accept, paged, va, first_word, last_word};
end

assign asked_page = fill ? fill_page : direct_page;

mmu_pmp #(
	.ENTRIES (PMP_ENTRIES), .W_PA (W_PA), .XLEN (XLEN), .LEVELS (LEVELS), .LATE (SEGMENTS != 0 ? 1 : 0)
) judge_pmp (
	.clk, .active (pmp_active), .first (pmp_first), .last (pmp_last), .allow_m (pmp_allow_m),
	.allow_su (pmp_allow_su), .none_m (pmp_none_m), .none_su (pmp_none_su),
	.judge, .use_held, .page (asked_page), .first_word (first), .last_word (last),
	.relate (fill), .page_cut, .size_cut (pmp_size_cut), .hold (fill && page_cut),
	.ask, .m_mode, .allow (pmp)
);

mmu_pma #(
	.REGIONS (PMA_REGIONS), .PMA (PMA), .W_PA (W_PA), .XLEN (XLEN), .LEVELS (LEVELS)
) judge_pma (
	.page (asked_page), .judge (fill || !use_held), .attributes (page_pma),
	.relate (fill), .size_cut (pma_size_cut)
);

// ----------------------------------------------------------------------------
// Properties

`ifdef PROVE_LATCHED
`include "mmu_port_physical_state_formal.svh"
`endif

endmodule

`default_nettype wire
