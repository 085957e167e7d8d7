// One request port of the MMU: accepts an access with its whole context, looks
// it up in a TLB of its own, and answers in the next cycle or after a walk.
//
//   cycle T    req_valid && req_ready: context latched, TLB, segments and PMP compare
//   cycle T+1  hit, a segment's, untranslated, or non-canonical: ans_valid
//              else a miss: walk_valid, held until walk_done, which is the answer
//
// What a caller may rely on:
// - Answers come in order, one for each accepted request, and cannot be stalled.
// - One request a cycle is accepted as long as the answers come the next cycle.
// - What is latched at acceptance alone decides the answer, PMP held still.
//
// A store that hits a page whose D hardware has to set is a miss. The port accepts
// nothing while it misses, in the cycle of a fence, while PMP changes, and, if the
// walk's leaf is kept, in the cycle after its answer: the refill has the comparators then.

`default_nettype none
`include "mmu_assert.svh"

module mmu_port #(
	parameter  int                        XLEN            = 64,
	parameter  int                        LEVELS          = 3,
	parameter  int                        W_ASID          = 16,  // at least 1
	parameter  int                        W_PA            = 56,
	parameter  int                        ENTRIES         = 16,
	parameter  int                        W_TAG           = 8,
	parameter  int                        PMP_ENTRIES     = 8,
	parameter  int                        POINTER_MASKING = 0,
	parameter  int                        SEGMENTS        = 0,
	parameter  int                        PMA_REGIONS     = 1,
	parameter  logic [PMA_REGIONS*64-1:0] PMA             = {PMA_REGIONS{64'hff1f_ffff_ffff_ffff}},
	localparam int                        W_SEG           = (XLEN == 32) ? 10 : 9,
	localparam int                        W_VPN           = LEVELS * W_SEG,
	localparam int                        W_PPN           = (XLEN == 32) ? 22 : 44,
	localparam int                        W_CONTEXT       = W_VPN + W_PPN + 35,
	localparam int                        N_PMP           = (PMP_ENTRIES == 0) ? 1 : PMP_ENTRIES,
	localparam int                        N_SEG           = (SEGMENTS == 0) ? 1 : SEGMENTS,
	localparam int                        W_VPAGE         = XLEN - 12,
	localparam int                        W_OFFSET        = ((XLEN == 32) ? 35 : 65) - 12
) (
	input  logic                      clk,
	input  logic                      rst_n,

	// Request and its context (mmu_core.sv has the meanings)
	input  logic                      req_valid,
	output logic                      req_ready,
	input  logic [XLEN-1:0]           req_va,
	input  mmu_pkg::access_t          req_access,
	input  logic [5:0]                req_size,
	input  logic [1:0]                req_priv,
	input  logic                      req_sum,
	input  logic                      req_mxr,
	input  logic [W_TAG-1:0]          req_tag,
	input  logic [3:0]                satp_mode,
	input  logic [W_ASID-1:0]         satp_asid,
	input  logic [W_PPN-1:0]          satp_ppn,
	input  logic                      adue,
	input  logic                      pbmte,
	input  logic                      sse,
	input  logic [1:0]                pmm_m,
	input  logic [1:0]                pmm_s,
	input  logic [1:0]                pmm_u,

	// PMP registers in force, of mmu_pmp_decode.sv
	input  logic                      pmp_stale,
	input  logic [N_PMP-1:0]          pmp_active,
	input  logic [N_PMP*(W_PA-2)-1:0] pmp_first,
	input  logic [N_PMP*(W_PA-2)-1:0] pmp_last,
	input  logic [N_PMP*3-1:0]        pmp_allow_m,
	input  logic [N_PMP*3-1:0]        pmp_allow_su,
	input  logic [2:0]                pmp_none_m,
	input  logic [2:0]                pmp_none_su,

	// Segment registers in force
	input  logic [1:0]                segctl_mode,
	input  logic [W_ASID-1:0]         segctl_asid,
	input  logic [N_SEG*6-1:0]        seg_cfg,
	input  logic [N_SEG*W_ASID-1:0]   seg_asid,
	input  logic [N_SEG*W_VPAGE-1:0]  seg_base,
	input  logic [N_SEG*XLEN-1:0]     seg_last,
	input  logic [N_SEG*W_OFFSET-1:0] seg_offset,

	// Answer
	output logic                      ans_valid,
	output logic [W_TAG-1:0]          ans_tag,
	output logic [W_PA-1:0]           ans_pa,
	output logic [1:0]                ans_memory,
	output logic                      ans_fault,
	output logic [4:0]                ans_cause,
	output logic [XLEN-1:0]           ans_tval,
	output mmu_pkg::reason_t          ans_reason,
	output logic                      ans_pte,
	output logic [2:0]                ans_level,

	// To the walker: a miss, with its context as mmu_walker.sv has it; both
	// stand from the miss to walk_done
	output logic                      walk_valid,
	output logic [W_CONTEXT-1:0]      walk_context,
	output logic [W_ASID-1:0]         walk_asid,
	output logic                      walk_plain,     // a fence was taken since the request was accepted

	// From the walker. While walk_owns, it works for this port.
	input  logic                      walk_owns,
	input  logic                      walk_done,
	input  mmu_pkg::reason_t          walk_reason,
	input  logic [2:0]                walk_level,
	input  logic                      walk_pte,
	input  logic [W_PA-13:0]          walk_ppn,
	input  logic                      walk_accessed,  // A of the leaf
	input  logic [1:0]                walk_pbmt,
	input  logic [2:0]                walk_pmp,       // what PMP allows at walk_ppn
	input  logic [7:0]                walk_pma,       // and PMA
	// The leaf, in the cycle after walk_done
	input  logic [LEVELS-1:0]         fill_leaf_size, // as in mmu_tlb.sv
	input  logic [W_PA-13:0]          fill_leaf_ppn,
	input  mmu_pkg::pte_flags_t       fill_flags,
	input  logic [1:0]                fill_pbmt,
	input  logic [7:0]                fill_pma,
	output logic                      fill,           // the leaf is being kept: no fence in this cycle

	// The request accepted last is looked up or walked for
	output logic                      looking,

	// Fence: one cycle
	input  logic                      fence,
	input  logic [W_VPN-1:0]          fence_vpn,
	input  logic                      fence_any_va,
	input  logic [W_ASID-1:0]         fence_asid,
	input  logic                      fence_any_asid,

	output logic [mmu_pkg::EVENTS_PORT-1:0] events  // to be counted: EVENT_PORT_*
);

localparam int W_PPN_PA = W_PA - 12;

// ----------------------------------------------------------------------------
// Acceptance: everything that the answer depends on is latched

logic accept;
logic answer_now;
logic busy_q;

assign req_ready = !fence && !pmp_stale && !fill && (!busy_q || answer_now);
assign accept    = req_valid && req_ready;

logic [XLEN-1:0] va;
logic            translated;
logic [12:0]     last_byte;
logic [9:0]      first_word, last_word;

logic [XLEN-1:0]   va_q;
mmu_pkg::access_t  access_q;
logic [1:0]        priv_q;
logic              sum_q, mxr_q, adue_q, pbmte_q, sse_q;
logic [W_ASID-1:0] asid_q;
logic              translated_q, noncanonical_q, too_wide_q;
logic [9:0]        first_word_q, last_word_q;

mmu_port_request #(
	.XLEN (XLEN), .LEVELS (LEVELS), .W_ASID (W_ASID), .W_PA (W_PA), .W_TAG (W_TAG),
	.POINTER_MASKING (POINTER_MASKING)
) request (
	.clk, .accept,
	.req_va, .req_access, .req_size, .req_priv, .req_sum, .req_mxr, .req_tag, .satp_mode, .satp_asid,
	.satp_ppn, .adue, .pbmte, .sse, .pmm_m, .pmm_s, .pmm_u,
	.segments (segctl_mode != mmu_pkg::SEGMODE_PAGING),
	.va, .translated, .last_byte, .first_word, .last_word,
	.va_q, .access_q, .priv_q, .sum_q, .mxr_q, .adue_q, .pbmte_q, .sse_q, .tag_q (ans_tag), .asid_q,
	.translated_q, .noncanonical_q, .too_wide_q, .first_word_q, .last_word_q, .walk_context
);

always_ff @(posedge clk or negedge rst_n) begin
	if (!rst_n)
		busy_q <= 1'b0;
	else
		busy_q <= accept || (busy_q && !ans_valid);
end

// ----------------------------------------------------------------------------
// TLB, and what it keeps of a leaf

logic              hit;
logic [LEVELS-1:0] hit_size;
logic [2:0]        hit_level;
logic              hit_cut;

logic [W_PPN_PA-1:0] hit_leaf_ppn;
mmu_pkg::pte_flags_t hit_flags;
logic [1:0]          hit_pbmt;
logic [2:0]          hit_pmp;
logic [7:0]          hit_pma;
logic                page_cut;

logic [LEVELS-1:0]   pmp_size_cut, pma_size_cut;
logic [LEVELS-1:0]   fill_size;
logic [W_PPN_PA-1:0] fill_page, fill_ppn;
logic [2:0]          fill_pmp;

logic fenced_q;

always_ff @(posedge clk)
	fenced_q <= !accept && (fence || fenced_q);

mmu_port_refill #(
	.XLEN (XLEN), .LEVELS (LEVELS), .W_PA (W_PA)
) refill (
	.clk, .rst_n, .vpn (va_q[12 +: W_VPN]), .fenced (fenced_q),
	.walk_done, .walk_reason, .walk_accessed, .walk_pmp, .leaf_size (fill_leaf_size), .leaf_ppn (fill_leaf_ppn),
	.fill, .page (fill_page), .pmp_size_cut, .pma_size_cut,
	.size (fill_size), .ppn (fill_ppn), .pmp (fill_pmp)
);

mmu_port_tlb #(
	.XLEN (XLEN), .LEVELS (LEVELS), .W_ASID (W_ASID), .W_PA (W_PA), .ENTRIES (ENTRIES)
) tlb (
	.clk, .rst_n,
	.look (accept), .look_vpn (va[12 +: W_VPN]), .look_asid (satp_asid),
	.look_dirty (adue && mmu_pkg::acc_dirties(req_access)),
	.fill, .fill_vpn (va_q[12 +: W_VPN]), .fill_asid (asid_q),
	.fill_size, .fill_leaf_size,
	.fill_cut (page_cut), .fill_ppn, .fill_flags, .fill_pbmt, .fill_pmp, .fill_pma,
	.fence, .fence_vpn, .fence_any_va, .fence_asid, .fence_any_asid, .clear (pmp_stale),
	.hit, .size (hit_size), .level (hit_level), .cut (hit_cut), .ppn (hit_leaf_ppn),
	.flags (hit_flags), .pbmt (hit_pbmt), .pmp (hit_pmp), .pma (hit_pma),
	.used (answer_now && looked_up)
);

// ----------------------------------------------------------------------------
// Segments: what one answers, or the want of one, is no business of page tables

logic                segment_answers;
mmu_pkg::reason_t    segment_reason;
logic [2:0]          segment_permits;
logic [W_PPN_PA-1:0] direct_page;
logic                paged;

mmu_segment #(
	.SEGMENTS (SEGMENTS), .XLEN (XLEN), .W_ASID (W_ASID), .W_PA (W_PA)
) segment (
	.clk, .mode (segctl_mode), .asid (segctl_asid), .seg_cfg, .seg_asid, .seg_base, .seg_last, .seg_offset,
	.look (accept), .va, .va_end (last_byte), .priv (req_priv),
	.held_va (va_q), .access (access_q), .held_priv (priv_q), .sum (sum_q), .mxr (mxr_q),
	.answers (segment_answers), .reason (segment_reason), .permits (segment_permits), .page (direct_page)
);

assign paged = translated_q && !segment_answers;

// ----------------------------------------------------------------------------
// Physical memory: a hit is judged as its refill was, unless regions of PMP cut its
// page; what no page table translates is judged as it comes

logic [2:0] judged_pmp;
logic [7:0] direct_pma;

mmu_port_physical #(
	.XLEN (XLEN), .LEVELS (LEVELS), .W_PA (W_PA), .SEGMENTS (SEGMENTS), .PMP_ENTRIES (PMP_ENTRIES),
	.PMA_REGIONS (PMA_REGIONS), .PMA (PMA)
) physical (
	.clk, .rst_n, .pmp_stale, .pmp_active, .pmp_first, .pmp_last, .pmp_allow_m, .pmp_allow_su,
	.pmp_none_m, .pmp_none_su,
	.accept, .paged (translated), .va, .first_word, .last_word,
	.held (busy_q), .held_paged (paged), .held_page (direct_page), .held_first_word (first_word_q),
	.held_last_word (last_word_q), .m_mode (priv_q == mmu_pkg::PRIV_M), .pmp (judged_pmp), .pma (direct_pma),
	.fill, .fill_page, .page_cut, .pmp_size_cut, .pma_size_cut
);

// ----------------------------------------------------------------------------
// Answer

logic looked_up;

assign looked_up  = paged && !noncanonical_q;
assign looking    = busy_q && looked_up;
assign answer_now = busy_q && (!looked_up || hit);
assign walk_valid = looking && !hit;
assign walk_asid  = asid_q;
assign walk_plain = fenced_q;

mmu_port_answer #(
	.XLEN (XLEN), .LEVELS (LEVELS), .W_PA (W_PA)
) answer (
	.va (va_q), .access (access_q), .priv (priv_q), .sum (sum_q), .mxr (mxr_q), .adue (adue_q),
	.pbmte (pbmte_q), .sse (sse_q),
	.translated (paged), .noncanonical (noncanonical_q), .too_wide (too_wide_q),
	.segment_answers, .segment_reason, .segment_permits, .direct_page, .direct_pma, .judged_pmp,
	.hit_size, .hit_level, .hit_cut, .hit_leaf_ppn, .hit_flags, .hit_pbmt, .hit_pmp, .hit_pma,
	.walk_owns, .walk_reason, .walk_level, .walk_pte, .walk_ppn, .walk_pbmt, .walk_pma,
	.ans_pa, .ans_memory, .ans_fault, .ans_cause, .ans_tval, .ans_reason, .ans_pte, .ans_level
);

assign ans_valid = answer_now || walk_done;

mmu_port_events #(
	.LEVELS (LEVELS)
) counted (
	.clk, .rst_n, .req_valid, .accept, .looking, .hit, .hit_size, .segment_answers (busy_q && segment_answers),
	.answer_now, .ans_valid, .ans_fault, .fill, .events
);

// ----------------------------------------------------------------------------
// Properties

`MMU_ASSERT(walk_is_for_a_miss, !walk_owns || walk_valid)
`MMU_ASSERT(no_fence_into_a_walk, !((walk_owns || fill) && fence))
`ifdef PROVE_CORE
`include "mmu_port_formal.svh"
`elsif PROVE_LATCHED
`include "mmu_port_state_formal.svh"
`endif

endmodule

`default_nettype wire
