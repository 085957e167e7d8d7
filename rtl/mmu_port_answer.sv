// The answer of a port: from the walk, from the TLB's hit, from a segment, or from the
// address itself where nothing is translated.
//
// Purely combinational. The checks are those of the specification's "Virtual
// Address Translation Process", in its order; docs/rules.md lists them.

`default_nettype none

module mmu_port_answer #(
	parameter  int XLEN   = 64,
	parameter  int LEVELS = 3,
	parameter  int W_PA   = 56,
	localparam int W_SEG  = (XLEN == 32) ? 10 : 9,
	localparam int W_VPN  = LEVELS * W_SEG,
	localparam int W_PPN  = (XLEN == 32) ? 22 : 44
) (
	// The request, as latched
	input  logic [XLEN-1:0]     va,
	input  mmu_pkg::access_t    access,
	input  logic [1:0]          priv,
	input  logic                sum,
	input  logic                mxr,
	input  logic                adue,
	input  logic                pbmte,
	input  logic                sse,

	// Before any table
	input  logic                translated,       // by page tables
	input  logic                noncanonical,     // if it is
	input  logic                too_wide,         // if it is not
	input  logic                segment_answers,  // it is not
	input  mmu_pkg::reason_t    segment_reason,
	input  logic [2:0]          segment_permits,  // of load, store, fetch
	input  logic [W_PA-13:0]    direct_page,      // where it goes, untranslated or by a segment
	input  logic [7:0]          direct_pma,
	input  logic [2:0]          judged_pmp,       // the same, or of a hit on a page that regions cut

	// The TLB's hit
	input  logic [LEVELS-1:0]   hit_size,
	input  logic [2:0]          hit_level,
	input  logic                hit_cut,
	input  logic [W_PA-13:0]    hit_leaf_ppn,
	input  mmu_pkg::pte_flags_t hit_flags,
	input  logic [1:0]          hit_pbmt,
	input  logic [2:0]          hit_pmp,
	input  logic [7:0]          hit_pma,

	// The walk
	input  logic                walk_owns,
	input  mmu_pkg::reason_t    walk_reason,
	input  logic [2:0]          walk_level,
	input  logic                walk_pte,
	input  logic [W_PA-13:0]    walk_ppn,
	input  logic [1:0]          walk_pbmt,
	input  logic [7:0]          walk_pma,

	output logic [W_PA-1:0]     ans_pa,
	output logic [1:0]          ans_memory,
	output logic                ans_fault,
	output logic [4:0]          ans_cause,
	output logic [XLEN-1:0]     ans_tval,
	output mmu_pkg::reason_t    ans_reason,
	output logic                ans_pte,
	output logic [2:0]          ans_level
);

localparam int W_PPN_PA = W_PA - 12;

// ----------------------------------------------------------------------------
// The leaf that hit. The registers may have switched off since what it uses.

mmu_pkg::reason_t    leaf_reason;
logic [W_PPN_PA-1:0] hit_ppn;
logic                hit_too_wide;
logic [2:0]          hit_permits;
logic                leaf_update;
logic                switched_off;

mmu_leaf #(
	.XLEN (XLEN), .LEVELS (LEVELS), .W_PA (W_PA)
) judge_hit (
	.flags (hit_flags), .leaf_ppn ({{(W_PPN-W_PPN_PA){1'b0}}, hit_leaf_ppn}),
	.big (hit_size[LEVELS-1:1]), .napot (hit_size[0]),
	.vpn (va[12 +: W_VPN]), .access, .priv, .sum, .mxr, .adue,
	.reason (leaf_reason), .permits (hit_permits), .update (leaf_update), .ppn (hit_ppn), .too_wide (hit_too_wide)
);

assign switched_off = (!pbmte && hit_pbmt != mmu_pkg::PBMT_PMA)
                   || (!sse && hit_flags[mmu_pkg::PTE_W] && !hit_flags[mmu_pkg::PTE_R]);

// ----------------------------------------------------------------------------
// Physical memory

logic [7:0] pma;
logic [2:0] pmp;
logic       pmp_denied, pma_denied;

assign pma = translated ? hit_pma : direct_pma;
assign pmp = (translated && !hit_cut) ? hit_pmp : judged_pmp;

mmu_physical judge_physical (
	.access, .permits (translated ? hit_permits : segment_permits),
	.pbmt (translated ? hit_pbmt : mmu_pkg::PBMT_PMA), .pmp, .pma, .pmp_denied, .pma_denied
);

// ----------------------------------------------------------------------------
// Reason and place

logic bare_shadow_stack;

assign bare_shadow_stack = !translated && mmu_pkg::acc_is_shadow(access);

always_comb begin
	ans_reason = mmu_pkg::REASON_NONE;
	if (walk_owns)
		ans_reason = walk_reason;
	else if (segment_answers && segment_reason != mmu_pkg::REASON_NONE)
		ans_reason = segment_reason;
	else if (translated && noncanonical)
		ans_reason = mmu_pkg::REASON_NONCANONICAL;
	else if (bare_shadow_stack)
		ans_reason = mmu_pkg::REASON_SHADOW_STACK;
	else if (translated && switched_off)
		ans_reason = mmu_pkg::REASON_PTE_RESERVED;
	else if (translated && leaf_reason != mmu_pkg::REASON_NONE)
		ans_reason = leaf_reason;
	else if (translated ? hit_too_wide : too_wide && !segment_answers)
		ans_reason = mmu_pkg::REASON_ADDRESS_TOO_WIDE;
	else if (pmp_denied)
		ans_reason = mmu_pkg::REASON_PMP;
	else if (pma_denied)
		ans_reason = mmu_pkg::REASON_PMA;
end

assign ans_level = walk_owns ? walk_level
                 : (translated && !noncanonical) ? hit_level
                 : mmu_pkg::LEVEL_NONE;
assign ans_pte   = walk_owns && walk_pte;
assign ans_tval  = va;
assign ans_fault = ans_reason != mmu_pkg::REASON_NONE;
assign ans_cause = mmu_pkg::fault_cause(ans_reason, access);

// ----------------------------------------------------------------------------
// Address and memory type

logic [1:0] pbmt;
logic [7:0] type_pma;

assign ans_pa     = {walk_owns ? walk_ppn : translated ? hit_ppn : direct_page, va[11:0]};
assign pbmt       = walk_owns ? walk_pbmt : translated ? hit_pbmt : mmu_pkg::PBMT_PMA;
assign type_pma   = walk_owns ? walk_pma : pma;
assign ans_memory = (pbmt == mmu_pkg::PBMT_NC)           ? mmu_pkg::MEM_NC
                  : (pbmt == mmu_pkg::PBMT_IO)           ? mmu_pkg::MEM_IO
                  : type_pma[mmu_pkg::PMA_CACHEABLE]     ? mmu_pkg::MEM_CACHED
                  : type_pma[mmu_pkg::PMA_IDEMPOTENT]    ? mmu_pkg::MEM_NC
                  : mmu_pkg::MEM_IO;

// A hit that still needs an update of D is no hit (mmu_port.sv).
logic unused_ok;
assign unused_ok = &{1'b0, leaf_update, type_pma};

endmodule

`default_nettype wire
