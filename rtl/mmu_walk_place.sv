// The place to which a PTE leads that a walker takes up, and what PMP and PMA say of it:
// one set of comparators for all walkers, one PTE a cycle.
//
//   cycle T    judge: the PTE and its walk's address; pma is that of the place
//   cycle T+1  pmp, with ask; until the next judge

`default_nettype none

module mmu_walk_place #(
	parameter  int                        XLEN        = 64,
	parameter  int                        LEVELS      = 3,
	parameter  int                        W_PA        = 56,
	parameter  int                        SVNAPOT     = 0,
	parameter  int                        PMP_ENTRIES = 8,
	parameter  int                        PMA_REGIONS = 1,
	parameter  logic [PMA_REGIONS*64-1:0] PMA         = {PMA_REGIONS{64'hff1f_ffff_ffff_ffff}},
	localparam int                        W_SEG       = (XLEN == 32) ? 10 : 9,
	localparam int                        W_VPN       = LEVELS * W_SEG,
	localparam int                        N_PMP       = (PMP_ENTRIES == 0) ? 1 : PMP_ENTRIES
) (
	input  logic                      clk,

	// PMP registers in force, of mmu_pmp_decode.sv
	input  logic [N_PMP-1:0]          pmp_active,
	input  logic [N_PMP*(W_PA-2)-1:0] pmp_first,
	input  logic [N_PMP*(W_PA-2)-1:0] pmp_last,
	input  logic [N_PMP*3-1:0]        pmp_allow_su,
	input  logic [2:0]                pmp_none_su,

	// As in mmu_walker_target.sv
	input  logic                      judge,
	input  logic [XLEN-1:0]           pte,
	input  logic [LEVELS:0]           at_level,
	input  logic [W_VPN-1:0]          vpn,
	input  logic [9:0]                first_word,
	input  logic [9:0]                last_word,
	output logic [7:0]                pma,

	input  logic                      ask,
	output logic [2:0]                pmp
);

logic [W_PA-13:0] target_page;
logic [9:0]       target_first, target_last;

mmu_walker_target #(
	.XLEN (XLEN), .LEVELS (LEVELS), .W_PA (W_PA), .SVNAPOT (SVNAPOT)
) target (
	.pte, .at_level, .vpn, .first_word, .last_word,
	.page (target_page), .first (target_first), .last (target_last)
);

logic              unused_page_cut;
logic [LEVELS-1:0] unused_pmp_size_cut, unused_pma_size_cut;

mmu_pmp #(
	.ENTRIES (PMP_ENTRIES), .W_PA (W_PA), .XLEN (XLEN), .LEVELS (LEVELS)
) judge_pmp (
	.clk, .active (pmp_active), .first (pmp_first), .last (pmp_last), .allow_m ({N_PMP{3'b000}}),
	.allow_su (pmp_allow_su), .none_m (3'b000), .none_su (pmp_none_su),
	.judge, .use_held (1'b0),
	.page (target_page), .first_word (target_first), .last_word (target_last),
	.relate (1'b0), .page_cut (unused_page_cut), .size_cut (unused_pmp_size_cut), .hold (1'b0),
	.ask, .m_mode (1'b0), .allow (pmp)
);

mmu_pma #(
	.REGIONS (PMA_REGIONS), .PMA (PMA), .W_PA (W_PA), .XLEN (XLEN), .LEVELS (LEVELS)
) judge_pma (
	.page (target_page), .judge, .attributes (pma), .relate (1'b0), .size_cut (unused_pma_size_cut)
);

// ----------------------------------------------------------------------------
// Properties

`ifdef PROVE_PLACE
`include "mmu_walk_place_formal.svh"
`elsif PROVE_LATCHED
`include "mmu_walk_place_state_formal.svh"
`endif

logic unused_ok;
assign unused_ok = &{1'b0, unused_page_cut, unused_pmp_size_cut, unused_pma_size_cut};

endmodule

`default_nettype wire
