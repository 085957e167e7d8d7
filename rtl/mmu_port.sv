// One request port of the MMU: accepts an access with its whole context, looks
// it up in a TLB of its own, and answers in the next cycle or after a walk.
//
//   cycle T    req_valid && req_ready: context latched, TLB compares
//   cycle T+1  hit, untranslated, or non-canonical: ans_valid
//              else a miss: walk_valid, held until walk_done, which is the answer
//
// What a caller may rely on:
// - Answers come in order, one for each accepted request, and cannot be stalled.
// - One request a cycle is accepted as long as the answers come the next cycle.
// - What is latched at acceptance alone decides the answer.
//
// The port accepts nothing while it misses, in the cycle of a fence, and in the
// cycle of the walk's answer (the refill has the comparators then).

`default_nettype none
`include "mmu_assert.svh"

module mmu_port #(
	parameter  int XLEN      = 64,
	parameter  int LEVELS    = 3,
	parameter  int W_ASID    = 16,  // at least 1
	parameter  int W_PA      = 56,
	parameter  int ENTRIES   = 16,
	parameter  int W_TAG     = 8,
	localparam int W_SEG     = (XLEN == 32) ? 10 : 9,
	localparam int W_VPN     = LEVELS * W_SEG,
	localparam int W_PPN     = (XLEN == 32) ? 22 : 44,
	localparam int W_CONTEXT = W_VPN + W_PPN + 10
) (
	input  logic                 clk,
	input  logic                 rst_n,

	// Request and its context (mmu_core.sv has the meanings)
	input  logic                 req_valid,
	output logic                 req_ready,
	input  logic [XLEN-1:0]      req_va,
	input  logic [1:0]           req_access,
	input  logic [1:0]           req_priv,
	input  logic                 req_sum,
	input  logic                 req_mxr,
	input  logic [W_TAG-1:0]     req_tag,
	input  logic [3:0]           satp_mode,
	input  logic [W_ASID-1:0]    satp_asid,
	input  logic [W_PPN-1:0]     satp_ppn,

	// Answer
	output logic                 ans_valid,
	output logic [W_TAG-1:0]     ans_tag,
	output logic [W_PA-1:0]      ans_pa,
	output logic                 ans_fault,
	output logic [4:0]           ans_cause,
	output logic [XLEN-1:0]      ans_tval,
	output mmu_pkg::reason_t     ans_reason,
	output logic                 ans_pte,
	output logic [2:0]           ans_level,

	// To the walker: a miss, with its context as mmu_walker.sv has it; both
	// stand from the miss to walk_done
	output logic                 walk_valid,
	output logic [W_CONTEXT-1:0] walk_context,

	// From the walker. While walk_owns, it works for this port.
	input  logic                 walk_owns,
	input  logic                 walk_done,
	input  mmu_pkg::reason_t     walk_reason,
	input  logic [2:0]           walk_level,
	input  logic                 walk_pte,
	input  logic [LEVELS-2:0]    walk_big,
	input  logic [W_PA-13:0]     walk_leaf_ppn,
	input  logic [W_PA-13:0]     walk_ppn,
	input  mmu_pkg::pte_flags_t  walk_flags,

	// Fence: one cycle
	input  logic                 fence,
	input  logic [W_VPN-1:0]     fence_vpn,
	input  logic                 fence_any_va,
	input  logic [W_ASID-1:0]    fence_asid,
	input  logic                 fence_any_asid
);

localparam int W_PPN_PA = W_PA - 12;

// ----------------------------------------------------------------------------
// Acceptance: everything that the answer depends on is latched

logic accept;
logic answer_now;
logic busy_q;

assign req_ready = !fence && (!busy_q || answer_now);
assign accept    = req_valid && req_ready;

logic translated, noncanonical, too_wide;

mmu_va #(
	.XLEN (XLEN), .LEVELS (LEVELS), .W_PA (W_PA)
) judge_va (
	.va (req_va), .priv (req_priv), .mode (satp_mode),
	.translated, .noncanonical, .too_wide
);

logic [XLEN-1:0]   va_q;
logic [1:0]        access_q, priv_q;
logic              sum_q, mxr_q;
logic [W_TAG-1:0]  tag_q;
logic [3:0]        mode_q;
logic [W_ASID-1:0] asid_q;
logic [W_PPN-1:0]  root_q;
logic              translated_q, noncanonical_q, too_wide_q;

always_ff @(posedge clk or negedge rst_n) begin
	if (!rst_n)
		busy_q <= 1'b0;
	else
		busy_q <= accept || (busy_q && !ans_valid);
end

always_ff @(posedge clk) begin
	if (accept) begin
		va_q           <= req_va;
		access_q       <= req_access;
		priv_q         <= req_priv;
		sum_q          <= req_sum;
		mxr_q          <= req_mxr;
		tag_q          <= req_tag;
		mode_q         <= satp_mode;
		asid_q         <= satp_asid;
		root_q         <= satp_ppn;
		translated_q   <= translated;
		noncanonical_q <= noncanonical;
		too_wide_q     <= too_wide;
	end
end

assign walk_context = {va_q[12 +: W_VPN], root_q, mode_q, access_q, priv_q, sum_q, mxr_q};

// ----------------------------------------------------------------------------
// TLB: the key is the request's, the walk's or the fence's

logic                fill, used, hit;
logic [LEVELS-2:0]   hit_big;
logic [2:0]          hit_level;
logic [W_PPN_PA-1:0] hit_leaf_ppn;
mmu_pkg::pte_flags_t hit_flags;
logic [W_VPN-1:0]    key_vpn;
logic [LEVELS-1:0]   key_any_seg;
logic [W_ASID-1:0]   key_asid;
logic                key_any_asid;

// A miss may wait for its walk while satp changes and a fence comes: its refill,
// from the old tables, would then outlive the fence. Such a walk only answers.
logic fenced_q;

always_ff @(posedge clk)
	fenced_q <= !accept && (fence || fenced_q);

assign fill = walk_done && walk_reason == mmu_pkg::REASON_NONE && !fenced_q;

always_comb begin
	key_vpn      = req_va[12 +: W_VPN];
	key_any_seg  = '0;
	key_asid     = satp_asid;
	key_any_asid = 1'b0;
	if (walk_owns) begin
		key_vpn      = va_q[12 +: W_VPN];
		key_any_seg  = {1'b0, walk_big};
		key_asid     = asid_q;
		key_any_asid = walk_flags[mmu_pkg::PTE_G];
	end else if (fence) begin
		key_vpn      = fence_vpn;
		key_any_seg  = {LEVELS{fence_any_va}};
		key_asid     = fence_asid;
		key_any_asid = fence_any_asid;
	end
end

mmu_tlb #(
	.ENTRIES (ENTRIES), .XLEN (XLEN), .LEVELS (LEVELS), .W_ASID (W_ASID), .W_PPN (W_PPN_PA)
) tlb (
	.clk, .rst_n,
	.key_vpn, .key_any_seg, .key_asid, .key_any_asid, .key_spare_global (fence),
	.look (accept), .fill, .fence,
	.fill_big (walk_big), .fill_ppn (walk_leaf_ppn), .fill_flags (walk_flags),
	.hit, .big (hit_big), .level (hit_level), .ppn (hit_leaf_ppn), .flags (hit_flags),
	.used
);

mmu_pkg::reason_t    hit_reason;
logic [W_PPN_PA-1:0] hit_ppn;

mmu_leaf #(
	.XLEN (XLEN), .LEVELS (LEVELS), .W_PA (W_PA)
) judge_hit (
	.flags (hit_flags), .leaf_ppn ({{(W_PPN-W_PPN_PA){1'b0}}, hit_leaf_ppn}), .big (hit_big),
	.vpn (va_q[12 +: W_VPN]), .access (access_q), .priv (priv_q), .sum (sum_q), .mxr (mxr_q),
	.reason (hit_reason), .ppn (hit_ppn)
);

// ----------------------------------------------------------------------------
// Answer

logic looked_up;

assign looked_up  = translated_q && !noncanonical_q;
assign answer_now = busy_q && (!looked_up || hit);
assign used       = busy_q && looked_up && hit;
assign walk_valid = busy_q && looked_up && !hit;

always_comb begin
	ans_reason = hit_reason;
	ans_level  = hit_level;
	if (walk_owns) begin
		ans_reason = walk_reason;
		ans_level  = walk_level;
	end else if (!looked_up) begin
		ans_reason = noncanonical_q ? mmu_pkg::REASON_NONCANONICAL
		           : too_wide_q     ? mmu_pkg::REASON_ADDRESS_TOO_WIDE
		           : mmu_pkg::REASON_NONE;
		ans_level  = mmu_pkg::LEVEL_NONE;
	end
end

assign ans_valid = answer_now || walk_done;
assign ans_tag   = tag_q;
assign ans_pte   = walk_owns && walk_pte;
assign ans_tval  = va_q;
assign ans_fault = ans_reason != mmu_pkg::REASON_NONE;
assign ans_cause = mmu_pkg::fault_cause(ans_reason[5:4], access_q);

logic [W_PPN_PA-1:0] bare_ppn;

if (XLEN == 64) begin : g_bare_rv64
	assign bare_ppn = va_q[W_PA-1:12];
end else begin : g_bare_rv32
	assign bare_ppn = {{(W_PA-XLEN){1'b0}}, va_q[XLEN-1:12]};
end

assign ans_pa = {walk_owns ? walk_ppn : translated_q ? hit_ppn : bare_ppn, va_q[11:0]};

// ----------------------------------------------------------------------------
// Properties

`MMU_ASSERT(walk_is_for_a_miss, !walk_owns || walk_valid)
`MMU_ASSERT(no_fence_into_a_walk, !(walk_owns && fence))
`ifdef PROVE_CORE
`include "mmu_port_formal.svh"
`endif

endmodule

`default_nettype wire
