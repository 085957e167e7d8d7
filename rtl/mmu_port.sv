// One request port of the MMU: accepts an access with its whole context, looks
// it up in a TLB of its own, and answers in the next cycle, or after the L2 or a walk.
//
//   cycle T    req_valid && req_ready: context latched, TLB, segments and PMP compare
//   cycle T+1  hit, a segment's, untranslated, or non-canonical: ans_valid
//              else a miss: with an L2 l2_valid, else walk_valid, held until walk_done,
//              which is the answer
//
// What a caller may rely on:
// - One answer for each accepted request; answers cannot be stalled. With one slot they come
//   in order.
// - One request a cycle is accepted as long as the answers come the next cycle, and a slot is
//   free for the next miss (mmu_port_misses.sv).
// - What is latched at acceptance alone decides the answer, PMP held still.
//
// A store that hits a page whose D hardware has to set is a miss. The port accepts
// nothing in the cycle of a fence, while PMP changes, and in the one in which a leaf is
// kept: the refill has the comparators then.

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
	parameter  int                        SLOTS           = 1,   // requests under way, 1 to 9
	parameter  int                        L2              = 0,   // there is one
	parameter  int                        PMA_REGIONS     = 1,
	parameter  logic [PMA_REGIONS*64-1:0] PMA             = {PMA_REGIONS{64'hff1f_ffff_ffff_ffff}},
	localparam int                        W_SEG           = (XLEN == 32) ? 10 : 9,
	localparam int                        W_VPN           = LEVELS * W_SEG,
	localparam int                        W_PPN           = (XLEN == 32) ? 22 : 44,
	localparam int                        W_CONTEXT       = W_VPN + W_PPN + 35,
	localparam int                        W_LEAF          = LEVELS + W_PA - 12 + 21,
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

	// To the walkers: misses by slot, with contexts as mmu_walker.sv has them; all
	// stand from the miss to walk_done or walk_retry
	output logic [SLOTS-1:0]           walk_valid,
	output logic [SLOTS*W_CONTEXT-1:0] walk_context,
	output logic [SLOTS*W_ASID-1:0]    walk_asid,
	output logic [SLOTS-1:0]           walk_plain,    // a fence was taken since the request was accepted
	output logic [SLOTS-1:0]           walk_merges,   // may wait for another's walk of the same page, or be waited for
	output logic                       can_answer,    // this port can take a walk's answer in this cycle

	// From the walkers
	input  logic [SLOTS-1:0]           walk_answers,  // whose the result is, if it is one's: not more than one
	input  logic [SLOTS-1:0]           walk_leaf,     // a walk has a leaf at hand, or has waited to answer
	input  logic [SLOTS-1:0]           walk_done,
	input  logic [SLOTS-1:0]           walk_retry,    // another's walk for the same page is done: look again
	input  mmu_pkg::reason_t           walk_reason,
	input  logic [2:0]                 walk_level,
	input  logic                       walk_pte,
	input  logic [W_PA-13:0]           walk_ppn,
	input  logic                       walk_accessed, // A of the leaf
	input  logic [1:0]                 walk_pbmt,
	input  logic [2:0]                 walk_pmp,      // what PMP allows at walk_ppn
	input  logic [7:0]                 walk_pma,      // and PMA
	// The leaf, in the cycle after walk_done
	input  logic [LEVELS-1:0]          leaf_size,     // as in mmu_tlb.sv
	input  logic [W_PA-13:0]           leaf_ppn,
	input  mmu_pkg::pte_flags_t        leaf_flags,
	input  logic [1:0]                 leaf_pbmt,
	input  logic [7:0]                 leaf_pma,
	output logic                       fill,          // a leaf is being kept: no fence in this cycle

	// The L2: a look-up that it takes is answered two cycles later
	output logic                       l2_valid,
	output logic [W_VPN-1:0]           l2_vpn,
	output logic [W_ASID-1:0]          l2_asid,
	output logic                       l2_dirty,      // an entry with D clear is none
	input  logic                       l2_ready,
	output logic                       l2_busy,       // it has yet to answer: no fence in this cycle
	input  logic                       l2_found,
	input  logic [W_LEAF-1:0]          l2_leaf,       // {size, ppn, flags, pbmt, pmp, pma}
	input  logic [W_LEAF-1:0]          l2_leaf_q,     // the same, a cycle later
	// What a walk found, for the L2: a whole leaf that no region cuts
	output logic                       l2_fill,
	output logic [W_VPN-1:0]           l2_fill_vpn,
	output logic [W_ASID-1:0]          l2_fill_asid,
	output logic [2:0]                 l2_fill_pmp,   // the rest is leaf_*

	// By slot: the request may be a miss, or is one; one that came after a fence which waits
	// may not ask the L2
	output logic [SLOTS-1:0]           looking,
	output logic [SLOTS-1:0]           answered,      // in this cycle
	input  logic [SLOTS-1:0]           hold,

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
// Requests under way, each in its slot

logic             accept, ready, stopped;
logic             relook, fresh, again;
logic             answer_now;
logic             by_l2, by_walk;
logic [SLOTS-1:0] write, relook_slot, told, l2_slot, busy, fenced;  // told: whose the answer is

assign stopped   = fence || pmp_stale || fill;
assign req_ready = !stopped && ready;
assign accept    = req_valid && req_ready;

mmu_port_misses #(.SLOTS (SLOTS), .L2 (L2)) misses (
	.clk, .rst_n, .ready, .accept, .write, .stopped, .relook, .relook_slot, .fresh, .again,
	.answers (answer_now), .told, .answered, .by_l2, .by_walk,
	.walk_valid, .merges (walk_merges), .can_answer, .walk_answers, .walk_leaf, .walk_done, .walk_retry,
	.hold, .l2_valid, .l2_slot, .l2_ready, .l2_found, .l2_busy, .fence, .fenced, .busy
);

assign ans_valid    = answered != '0;
assign walk_plain   = fenced;
assign l2_fill_vpn  = key_vpn;
assign l2_fill_asid = key_asid;

// ----------------------------------------------------------------------------
// Acceptance: everything that the answer depends on is latched

logic [XLEN-1:0] va;
logic            translated;
logic [12:0]     last_byte;
logic [9:0]      first_word, last_word;

// Of the request that is answered
logic [XLEN-1:0]   va_q;
mmu_pkg::access_t  access_q;
logic [1:0]        priv_q;
logic              sum_q, mxr_q, adue_q, pbmte_q, sse_q;
logic              translated_q, noncanonical_q, too_wide_q;
logic [9:0]        first_word_q, last_word_q;

// Of the one for which a leaf is kept, or which is looked up again
logic [SLOTS-1:0]  keyed, told_q;
logic [W_VPN-1:0]  key_vpn;
logic [W_ASID-1:0] key_asid;
logic              key_dirty;

assign keyed = fill ? told_q : relook_slot;

always_ff @(posedge clk)
	told_q <= told;

mmu_port_request #(
	.XLEN (XLEN), .LEVELS (LEVELS), .W_ASID (W_ASID), .W_PA (W_PA), .W_TAG (W_TAG),
	.POINTER_MASKING (POINTER_MASKING), .SLOTS (SLOTS)
) request (
	.clk, .write,
	.req_va, .req_access, .req_size, .req_priv, .req_sum, .req_mxr, .req_tag, .satp_mode, .satp_asid,
	.satp_ppn, .adue, .pbmte, .sse, .pmm_m, .pmm_s, .pmm_u,
	.segments (segctl_mode != mmu_pkg::SEGMODE_PAGING),
	.va, .translated, .last_byte, .first_word, .last_word,
	.told, .va_q, .access_q, .priv_q, .sum_q, .mxr_q, .adue_q, .pbmte_q, .sse_q, .tag_q (ans_tag),
	.translated_q, .noncanonical_q, .too_wide_q, .first_word_q, .last_word_q,
	.keyed, .key_vpn, .key_asid, .key_dirty,
	.asked (l2_slot), .ask_vpn (l2_vpn), .ask_asid (l2_asid), .ask_dirty (l2_dirty),
	.walk_context, .walk_asid
);

// ----------------------------------------------------------------------------
// TLB and L2

logic                hit;
logic [LEVELS-1:0]   hit_size;
logic [2:0]          hit_level;
logic                hit_cut;
logic [W_PPN_PA-1:0] hit_leaf_ppn;
mmu_pkg::pte_flags_t hit_flags;
logic [1:0]          hit_pbmt;
logic [2:0]          hit_pmp;
logic [7:0]          hit_pma;

logic                walk_fill, page_cut;
logic [LEVELS-1:0]   pmp_size_cut, pma_size_cut;
logic [W_PPN_PA-1:0] fill_page;

mmu_port_pages #(
	.XLEN (XLEN), .LEVELS (LEVELS), .W_ASID (W_ASID), .W_PA (W_PA), .ENTRIES (ENTRIES), .L2 (L2)
) pages (
	.clk, .rst_n,
	.look (accept || relook), .again (relook), .look_vpn (va[12 +: W_VPN]), .look_asid (satp_asid),
	.look_dirty (adue && mmu_pkg::acc_dirties(req_access)), .key_vpn, .key_asid, .key_dirty,
	.fresh, .by_l2, .hit, .size (hit_size), .level (hit_level), .cut (hit_cut), .ppn (hit_leaf_ppn),
	.flags (hit_flags), .pbmt (hit_pbmt), .pmp (hit_pmp), .pma (hit_pma), .used (answer_now && looked_up),
	.l2_found, .l2_leaf, .l2_leaf_q,
	.walk_done ((walk_done & ~fenced) != '0), .walk_reason, .walk_accessed, .walk_pmp,
	.leaf_size, .leaf_ppn, .leaf_flags, .leaf_pbmt, .leaf_pma,
	.fill, .walk_fill, .fill_page, .page_cut, .pmp_size_cut, .pma_size_cut, .l2_fill, .l2_fill_pmp,
	.fence, .fence_vpn, .fence_any_va, .fence_asid, .fence_any_asid, .clear (pmp_stale)
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

// Only what is new may be a segment's business.
logic segment_decides;

assign segment_decides = segment_answers && ((SLOTS == 1 && L2 == 0) || (fresh && !again));
assign paged           = translated_q && !segment_decides;

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
	.held (fresh), .held_paged (paged), .held_page (direct_page), .held_first_word (first_word_q),
	.held_last_word (last_word_q), .m_mode (priv_q == mmu_pkg::PRIV_M), .pmp (judged_pmp), .pma (direct_pma),
	.fill (walk_fill), .fill_page, .page_cut, .pmp_size_cut, .pma_size_cut
);

// ----------------------------------------------------------------------------
// Answer. PMP was not asked of what is looked up again: a hit on a page that regions
// cut is a miss then.

logic looked_up;

assign looked_up  = paged && !noncanonical_q;
assign looking    = busy & ~(told & {SLOTS{fresh && !looked_up}});
assign answer_now = fresh && (!looked_up || (hit && !(again && hit_cut)));

mmu_port_answer #(
	.XLEN (XLEN), .LEVELS (LEVELS), .W_PA (W_PA)
) answer (
	.va (va_q), .access (access_q), .priv (priv_q), .sum (sum_q), .mxr (mxr_q), .adue (adue_q),
	.pbmte (pbmte_q), .sse (sse_q),
	.translated (paged), .noncanonical (noncanonical_q), .too_wide (too_wide_q),
	.segment_answers (segment_decides), .segment_reason, .segment_permits, .direct_page, .direct_pma, .judged_pmp,
	.hit_size, .hit_level, .hit_cut, .hit_leaf_ppn, .hit_flags, .hit_pbmt, .hit_pmp, .hit_pma,
	.walk_owns (by_walk), .walk_reason, .walk_level, .walk_pte, .walk_ppn, .walk_pbmt, .walk_pma,
	.ans_pa, .ans_memory, .ans_fault, .ans_cause, .ans_tval, .ans_reason, .ans_pte, .ans_level
);

mmu_port_events #(
	.LEVELS (LEVELS)
) counted (
	.clk, .rst_n, .req_valid, .accept, .looking (fresh && looked_up), .hit, .hit_size,
	.segment_answers (fresh && segment_decides), .answer_now, .by_l2 (by_l2 && l2_found),
	.missing ((looking & ~answered) != '0), .others ((busy & ~told) != '0), .ans_valid, .ans_fault, .fill, .events
);

// ----------------------------------------------------------------------------
// Properties

`MMU_ASSERT(walk_is_for_a_miss, (walk_answers & ~walk_valid) == '0)
`MMU_ASSERT(no_fence_into_a_walk, !((walk_done != '0 || fill || l2_busy) && fence))
`ifdef PROVE_CORE
`include "mmu_port_formal.svh"
`elsif PROVE_LATCHED
`include "mmu_port_state_formal.svh"
`endif

endmodule

`default_nettype wire
