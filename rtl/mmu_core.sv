// The MMU without registers of its own: for a core that keeps satp itself.
// Two request ports with an L1 TLB each, one walker, and the fence.
//
//  fetch ──► mmu_port ──┐ miss             ┌── mmu_port ◄── data
//            mmu_tlb    ├──► mmu_walks  ◄──┤   mmu_tlb
//                       ▼      mmu_walker  ▼
//             fence: both TLBs   └──► memory port (PTEs)
//
// What a caller may rely on (docs/mmu.md has the timing diagrams):
// - Requests are accepted on valid and ready. A hit, an untranslated access and
//   a non-canonical address are answered in the next cycle, one a cycle a port,
//   both ports at once. Answers carry the tag and have no ready; with one request of a port
//   under way at a time (MISSES=1, HIT_UNDER_MISS=0) they come in order.
// - satp and the envcfg fields are sampled when a request is accepted; later changes
//   do not touch it. PMP registers are live: a write holds up acceptance for its
//   cycle and the next, empties the TLBs, and begins the walk under way anew.
// - A walk that reads n PTEs, each L cycles from its request taken to its data,
//   adds n(L+1)+1 cycles to a hit's one, and L+2 for each swap that sets A or D. A
//   miss that finds the walker busy waits for at most one other walk: ports take turns.
// - A fence is accepted once what was accepted before it came is answered, and no walk
//   is under way nor its leaf being kept; it is done with the cycle of its acceptance:
//   later answers use nothing that it covers. It waits for at most one walk of each port
//   and its refill. While it waits no port is held up; in its cycle no port accepts.
//   Fences leave every other cycle to the ports, and a walk waits for at most one.
// - A request for memory stands unchanged until it is taken, and never leaves
//   the physical width nor goes where PMP and PMA forbid. At most one is without an
//   answer. A swap comes only for an access that will not fault, and sets A and D only.

`default_nettype none
`include "mmu_assert.svh"

module mmu_core #(
	parameter  int                        XLEN            = 64,  // 32: Bare, Sv32; 64: Bare, Sv39 and up
	parameter  int                        LEVELS          = 3,   // of the deepest mode: 2 (Sv32), 3 (Sv39), 4 (Sv48), 5 (Sv57)
	parameter  int                        W_ASID          = 16,  // 0 to 9 (RV32) or 16
	parameter  int                        W_PA            = 56,  // physical address, 32 to 34 (RV32) or 56
	parameter  int                        FETCH_ENTRIES   = 16,  // of the L1 TLBs, 1 to 64
	parameter  int                        DATA_ENTRIES    = 16,
	parameter  int                        PMP_ENTRIES     = 8,   // 0 to 64
	parameter  int                        PMP_GRAIN       = 0,   // 0 to 10: regions are multiples of 2^(PMP_GRAIN+2) bytes
	parameter  int                        SVADU           = 0,   // extensions: 1 if there
	parameter  int                        SVNAPOT         = 0,
	parameter  int                        SVPBMT          = 0,
	parameter  int                        SVRSW60T59B     = 0,
	parameter  int                        POINTER_MASKING = 0,
	parameter  int                        ZICFISS         = 0,
	parameter  int                        SMEPMP          = 0,
	parameter  int                        SEGMENTS        = 0,   // 0 to 16
	parameter  int                        WALKERS         = 1,   // page-table walkers, 1 to 8
	parameter  int                        WALK_CACHE      = 0,   // entries of the walk cache, 0 to 64
	parameter  int                        MISSES          = 1,   // misses of a port under way at once, 1 to 8
	parameter  int                        HIT_UNDER_MISS  = 0,   // 1: hits are answered while MISSES are under way
	parameter  int                        L2_ENTRIES      = 0,   // of 4 KiB in the L2 TLB, 0 or 64 to 4096
	parameter  int                        L2_WAYS         = 1,   // 1 to 8, sets a power of two
	parameter  int                        L2_LARGE        = 0,   // entries of larger leaves, 1 to 64 with an L2
	parameter  int                        L2_PARITY       = 0,
	parameter  int                        PMA_REGIONS     = 1,   // 1 to 16, in order of precedence, as mmu_pkg.sv says
	parameter  logic [PMA_REGIONS*64-1:0] PMA             = {PMA_REGIONS{64'hff1f_ffff_ffff_ffff}},
	parameter  int                        W_TAG           = 8,   // of requests, at least 1
	parameter  int                        W_MEM_TAG       = 2 + $clog2(WALKERS),  // of memory requests, at least 1 more than walkers need
	localparam int                        W_ASID_P        = (W_ASID == 0) ? 1 : W_ASID,
	localparam int                        W_PPN           = (XLEN == 32) ? 22 : 44,
	localparam int                        N_PMP           = (PMP_ENTRIES == 0) ? 1 : PMP_ENTRIES,
	localparam int                        N_SEG           = (SEGMENTS == 0) ? 1 : SEGMENTS,
	localparam int                        W_VPAGE         = XLEN - 12,
	localparam int                        W_OFFSET        = ((XLEN == 32) ? 35 : 65) - 12
) (
	input  logic                      clk,
	input  logic                      rst_n,

	// Fetch requests, and their answers
	input  logic                      fetch_req_valid,
	output logic                      fetch_req_ready,
	input  logic [XLEN-1:0]           fetch_req_va,
	input  logic [5:0]                fetch_req_size,    // bytes less one; an access stays in its page
	input  logic [1:0]                fetch_req_priv,    // effective privilege
	input  logic [W_TAG-1:0]          fetch_req_tag,
	output logic                      fetch_ans_valid,
	output logic [W_TAG-1:0]          fetch_ans_tag,
	output logic [W_PA-1:0]           fetch_ans_pa,      // without a fault,
	output logic [1:0]                fetch_ans_memory,  // and the memory type, MEM_*
	output logic                      fetch_ans_fault,
	output logic [4:0]                fetch_ans_cause,   // with a fault: mcause,
	output logic [XLEN-1:0]           fetch_ans_tval,    // mtval,
	output mmu_pkg::reason_t          fetch_ans_reason,  // why,
	output logic                      fetch_ans_pte,     // and whether on the read or update of a PTE
	output logic [2:0]                fetch_ans_level,   // of the PTE that decided, or LEVEL_NONE

	// Data requests, and their answers
	input  logic                      data_req_valid,
	output logic                      data_req_ready,
	input  logic [XLEN-1:0]           data_req_va,       // before pointer masking
	input  mmu_pkg::access_t          data_req_access,   // any but ACC_FETCH
	input  logic [5:0]                data_req_size,     // ignored for ACC_CBO_* and ACC_PREFETCH
	input  logic [1:0]                data_req_priv,
	input  logic                      data_req_sum,
	input  logic                      data_req_mxr,
	input  logic [W_TAG-1:0]          data_req_tag,
	output logic                      data_ans_valid,
	output logic [W_TAG-1:0]          data_ans_tag,
	output logic [W_PA-1:0]           data_ans_pa,
	output logic [1:0]                data_ans_memory,
	output logic                      data_ans_fault,    // of a prefetch: drop it, nothing traps
	output logic [4:0]                data_ans_cause,
	output logic [XLEN-1:0]           data_ans_tval,
	output mmu_pkg::reason_t          data_ans_reason,
	output logic                      data_ans_pte,
	output logic [2:0]                data_ans_level,

	// satp in force
	input  logic [3:0]                satp_mode,         // SATP_BARE or a mode of at most LEVELS levels
	input  logic [W_ASID_P-1:0]       satp_asid,         // ignored if W_ASID is 0
	input  logic [W_PPN-1:0]          satp_ppn,

	// Fields of menvcfg, senvcfg, mseccfg in force; zero for what is not there
	input  logic                      adue,              // hardware sets A and D
	input  logic                      pbmte,
	input  logic                      sse,
	input  logic [1:0]                pmm_m,             // PMM of mseccfg: M-mode's,
	input  logic [1:0]                pmm_s,             // of menvcfg: S-mode's,
	input  logic [1:0]                pmm_u,             // of senvcfg: U-mode's
	input  logic                      mml,
	input  logic                      mmwp,

	// PMP registers in force: entry i has bits 8i+7:8i of pmp_cfg, and its address in
	// words of 4 bytes. pmp_write: these, mml or mmwp change at the end of this cycle.
	input  logic                      pmp_write,
	input  logic [N_PMP*8-1:0]        pmp_cfg,
	input  logic [N_PMP*(W_PA-2)-1:0] pmp_addr,

	// Segment registers in force: segment i has the i-th part of each
	input  logic [1:0]                segctl_mode,       // SEGMODE_*
	input  logic [W_ASID_P-1:0]       segctl_asid,
	input  logic [N_SEG*6-1:0]        seg_cfg,           // bits SEG_V to SEG_G
	input  logic [N_SEG*W_ASID_P-1:0] seg_asid,
	input  logic [N_SEG*W_VPAGE-1:0]  seg_base,          // number of the first virtual page
	input  logic [N_SEG*XLEN-1:0]     seg_last,          // last virtual byte
	input  logic [N_SEG*W_OFFSET-1:0] seg_offset,        // number of the first physical page less seg_base

	// SFENCE.VMA, SINVAL.VMA: register numbers decide rs1_x0 and rs2_x0, not values
	input  logic                      fence_valid,
	output logic                      fence_ready,
	input  logic                      fence_rs1_x0,
	input  logic                      fence_rs2_x0,
	input  logic [XLEN-1:0]           fence_va,
	input  logic [W_ASID_P-1:0]       fence_asid,

	// Memory: reads of PTEs, and compare-and-swaps, XLEN bits wide and aligned
	output logic                      mem_req_valid,
	input  logic                      mem_req_ready,
	output logic                      mem_req_swap,      // if memory holds expected, it becomes desired
	output logic [W_PA-1:0]           mem_req_addr,
	output logic [XLEN-1:0]           mem_req_expected,
	output logic [XLEN-1:0]           mem_req_desired,
	output logic [W_MEM_TAG-1:0]      mem_req_tag,
	input  logic                      mem_ans_valid,
	input  logic [W_MEM_TAG-1:0]      mem_ans_tag,
	input  logic [XLEN-1:0]           mem_ans_data,      // what memory holds, after a swap that was done
	input  logic                      mem_ans_error,

	// To test the L2's parity: bit l2_flip_bit of its next entry of 4 KiB is written wrong
	input  logic                      l2_flip,
	input  logic [7:0]                l2_flip_bit,

	// What happens, for counters: mmu_pkg.sv, "Event counters"
	output logic [mmu_pkg::COUNTERS_N-1:0] events
);

localparam int W_SEG     = (XLEN == 32) ? 10 : 9;
localparam int W_VPN     = LEVELS * W_SEG;
localparam int W_VA      = 12 + W_VPN;
localparam int W_CONTEXT = W_VPN + W_PPN + 35;
localparam int W_LEAF    = LEVELS + W_PA - 12 + 21;

mmu_check #(
	.XLEN (XLEN), .LEVELS (LEVELS), .W_ASID (W_ASID), .W_PA (W_PA), .PMP_ENTRIES (PMP_ENTRIES),
	.PMP_GRAIN (PMP_GRAIN), .SVADU (SVADU), .SVNAPOT (SVNAPOT), .SVPBMT (SVPBMT),
	.SVRSW60T59B (SVRSW60T59B), .POINTER_MASKING (POINTER_MASKING), .ZICFISS (ZICFISS),
	.SMEPMP (SMEPMP), .SEGMENTS (SEGMENTS), .WALKERS (WALKERS), .WALK_CACHE (WALK_CACHE),
	.MISSES (MISSES), .HIT_UNDER_MISS (HIT_UNDER_MISS), .L2_ENTRIES (L2_ENTRIES), .L2_WAYS (L2_WAYS),
	.L2_LARGE (L2_LARGE), .L2_PARITY (L2_PARITY), .PMA_REGIONS (PMA_REGIONS), .PMA (PMA),
	.W_TAG (W_TAG), .W_MEM_TAG (W_MEM_TAG)
) check ();

logic [W_ASID_P-1:0] asid;
logic [W_ASID_P-1:0] fence_asid_used;

assign asid            = (W_ASID == 0) ? '0 : satp_asid;
assign fence_asid_used = (W_ASID == 0) ? '0 : fence_asid;

// ----------------------------------------------------------------------------
// Fence

localparam int SLOTS = MISSES + HIT_UNDER_MISS;
localparam int N     = 2 * SLOTS;
localparam int L2    = (L2_ENTRIES != 0) ? 1 : 0;
localparam int ALONE = (WALKERS == 1 && SLOTS == 1 && L2 == 0) ? 1 : 0;  // a walk of a port at a time

logic             fence;
logic [W_VPN-1:0] fence_vpn;
logic             walk_busy;
logic [1:0]       fill, can_answer;  // by port
logic             l2_fence_ready;
logic             refilling, l2_looks;
logic [1:0]       l2_valid, l2_dirty, l2_ready, l2_busy, l2_fill;
logic [N-1:0]     looking, answered, hold;

assign fence_vpn = fence_va[12 +: W_VPN];
assign refilling = fill != '0;
assign l2_looks  = l2_busy != '0;

mmu_fence #(
	.XLEN (XLEN), .W_VA (W_VA), .N (N), .DRAINS (1 - ALONE)
) fences (
	.clk, .rst_n, .valid (fence_valid), .ready (fence_ready), .rs1_x0 (fence_rs1_x0), .va (fence_va), .fence,
	.looking, .answered, .walk_busy, .refilling, .l2_busy (l2_looks), .l2_ready (l2_fence_ready), .hold
);

// ----------------------------------------------------------------------------
// Ports

// By slot, the fetch port's first
logic [N-1:0]           walk_valid, miss_valid, walk_plain, walk_merges;
logic [N*W_CONTEXT-1:0] walk_context;
logic [N*W_ASID_P-1:0]  walk_asid;
logic                   hold_all;
logic [N-1:0]           walk_owns, walk_answers, walk_leaf, walk_done, walk_retry;

logic [W_VPN-1:0]       fetch_l2_vpn, data_l2_vpn, fetch_l2_fill_vpn, data_l2_fill_vpn;
logic [W_ASID_P-1:0]    fetch_l2_asid, data_l2_asid, fetch_l2_fill_asid, data_l2_fill_asid;
logic [2:0]             fetch_l2_fill_pmp, data_l2_fill_pmp;
logic                   l2_found;
logic [W_LEAF-1:0]      l2_leaf, l2_leaf_q;  // {size, ppn, flags, pbmt, pmp, pma}

mmu_pkg::reason_t     walk_reason;
logic [2:0]           walk_level;
logic                 walk_pte;
logic [W_PA-13:0]     walk_ppn;
logic                 walk_accessed;
logic [1:0]           walk_pbmt;
logic [2:0]           walk_pmp;
logic [7:0]           walk_pma;
logic [LEVELS-1:0]    leaf_size;
logic [W_PA-13:0]     leaf_ppn;
mmu_pkg::pte_flags_t  leaf_flags;
logic [1:0]           leaf_pbmt;
logic [7:0]           leaf_pma;

logic [mmu_pkg::EVENTS_PORT-1:0] fetch_events, data_events;
logic [mmu_pkg::EVENTS_WALK-1:0] walk_events;
logic [mmu_pkg::EVENTS_L2-1:0]   l2_events;
logic [mmu_pkg::EVENTS_CORE-1:0] core_events;

logic                      pmp_stale;
logic [N_PMP-1:0]          pmp_active;
logic [N_PMP*(W_PA-2)-1:0] pmp_first, pmp_last;
logic [N_PMP*3-1:0]        pmp_allow_m, pmp_allow_su;
logic [2:0]                pmp_none_m, pmp_none_su;

mmu_pmp_decode #(
	.ENTRIES (N_PMP), .GRAIN (PMP_GRAIN), .SMEPMP (SMEPMP), .W_PA (W_PA)
) pmp_decode (
	.clk, .rst_n, .write (pmp_write), .cfg (pmp_cfg), .addr (pmp_addr), .mml, .mmwp,
	.stale (pmp_stale), .active (pmp_active), .first (pmp_first), .last (pmp_last),
	.allow_m (pmp_allow_m), .allow_su (pmp_allow_su), .none_m (pmp_none_m), .none_su (pmp_none_su)
);

mmu_port #(
	.XLEN (XLEN), .LEVELS (LEVELS), .W_ASID (W_ASID_P), .W_PA (W_PA),
	.ENTRIES (FETCH_ENTRIES), .W_TAG (W_TAG), .PMP_ENTRIES (PMP_ENTRIES),
	.POINTER_MASKING (0), .SEGMENTS (SEGMENTS), .SLOTS (SLOTS), .L2 (L2), .PMA_REGIONS (PMA_REGIONS), .PMA (PMA)
) fetch (
	.clk, .rst_n,
	.req_valid (fetch_req_valid), .req_ready (fetch_req_ready), .req_va (fetch_req_va),
	.req_access (mmu_pkg::ACC_FETCH), .req_size (fetch_req_size), .req_priv (fetch_req_priv),
	.req_sum (1'b0), .req_mxr (1'b0), .req_tag (fetch_req_tag),
	.satp_mode, .satp_asid (asid), .satp_ppn, .adue, .pbmte, .sse, .pmm_m, .pmm_s, .pmm_u,
	.pmp_stale, .pmp_active, .pmp_first, .pmp_last, .pmp_allow_m, .pmp_allow_su, .pmp_none_m,
	.pmp_none_su,
	.segctl_mode, .segctl_asid, .seg_cfg, .seg_asid, .seg_base, .seg_last, .seg_offset,
	.ans_valid (fetch_ans_valid), .ans_tag (fetch_ans_tag), .ans_pa (fetch_ans_pa), .ans_memory (fetch_ans_memory),
	.ans_fault (fetch_ans_fault), .ans_cause (fetch_ans_cause), .ans_tval (fetch_ans_tval),
	.ans_reason (fetch_ans_reason), .ans_pte (fetch_ans_pte), .ans_level (fetch_ans_level),
	.walk_valid (walk_valid[0 +: SLOTS]), .walk_context (walk_context[0*W_CONTEXT +: SLOTS*W_CONTEXT]),
	.walk_asid (walk_asid[0*W_ASID_P +: SLOTS*W_ASID_P]), .walk_plain (walk_plain[0 +: SLOTS]),
	.walk_merges (walk_merges[0 +: SLOTS]),
	.can_answer (can_answer[0]), .walk_answers (walk_answers[0 +: SLOTS]), .walk_leaf (walk_leaf[0 +: SLOTS]),
	.walk_done (walk_done[0 +: SLOTS]), .walk_retry (walk_retry[0 +: SLOTS]), .walk_reason, .walk_level, .walk_pte,
	.walk_ppn, .walk_accessed, .walk_pbmt, .walk_pmp, .walk_pma,
	.leaf_size, .leaf_ppn, .leaf_flags, .leaf_pbmt, .leaf_pma, .fill (fill[0]),
	.l2_valid (l2_valid[0]), .l2_vpn (fetch_l2_vpn), .l2_asid (fetch_l2_asid), .l2_dirty (l2_dirty[0]),
	.l2_ready (l2_ready[0]), .l2_busy (l2_busy[0]), .l2_found, .l2_leaf, .l2_leaf_q,
	.l2_fill (l2_fill[0]), .l2_fill_vpn (fetch_l2_fill_vpn), .l2_fill_asid (fetch_l2_fill_asid),
	.l2_fill_pmp (fetch_l2_fill_pmp),
	.looking (looking[0 +: SLOTS]), .answered (answered[0 +: SLOTS]), .hold (hold[0 +: SLOTS]),
	.fence, .fence_vpn, .fence_any_va (fence_rs1_x0),
	.fence_asid (fence_asid_used), .fence_any_asid (fence_rs2_x0),
	.events (fetch_events)
);

mmu_port #(
	.XLEN (XLEN), .LEVELS (LEVELS), .W_ASID (W_ASID_P), .W_PA (W_PA),
	.ENTRIES (DATA_ENTRIES), .W_TAG (W_TAG), .PMP_ENTRIES (PMP_ENTRIES),
	.POINTER_MASKING (POINTER_MASKING), .SEGMENTS (SEGMENTS), .SLOTS (SLOTS), .L2 (L2), .PMA_REGIONS (PMA_REGIONS), .PMA (PMA)
) data (
	.clk, .rst_n,
	.req_valid (data_req_valid), .req_ready (data_req_ready), .req_va (data_req_va),
	.req_access (data_req_access), .req_size (data_req_size), .req_priv (data_req_priv),
	.req_sum (data_req_sum), .req_mxr (data_req_mxr), .req_tag (data_req_tag),
	.satp_mode, .satp_asid (asid), .satp_ppn, .adue, .pbmte, .sse, .pmm_m, .pmm_s, .pmm_u,
	.pmp_stale, .pmp_active, .pmp_first, .pmp_last, .pmp_allow_m, .pmp_allow_su, .pmp_none_m,
	.pmp_none_su,
	.segctl_mode, .segctl_asid, .seg_cfg, .seg_asid, .seg_base, .seg_last, .seg_offset,
	.ans_valid (data_ans_valid), .ans_tag (data_ans_tag), .ans_pa (data_ans_pa), .ans_memory (data_ans_memory),
	.ans_fault (data_ans_fault), .ans_cause (data_ans_cause), .ans_tval (data_ans_tval),
	.ans_reason (data_ans_reason), .ans_pte (data_ans_pte), .ans_level (data_ans_level),
	.walk_valid (walk_valid[SLOTS +: SLOTS]), .walk_context (walk_context[SLOTS*W_CONTEXT +: SLOTS*W_CONTEXT]),
	.walk_asid (walk_asid[SLOTS*W_ASID_P +: SLOTS*W_ASID_P]), .walk_plain (walk_plain[SLOTS +: SLOTS]),
	.walk_merges (walk_merges[SLOTS +: SLOTS]),
	.can_answer (can_answer[1]), .walk_answers (walk_answers[SLOTS +: SLOTS]), .walk_leaf (walk_leaf[SLOTS +: SLOTS]),
	.walk_done (walk_done[SLOTS +: SLOTS]), .walk_retry (walk_retry[SLOTS +: SLOTS]), .walk_reason, .walk_level, .walk_pte,
	.walk_ppn, .walk_accessed, .walk_pbmt, .walk_pmp, .walk_pma,
	.leaf_size, .leaf_ppn, .leaf_flags, .leaf_pbmt, .leaf_pma, .fill (fill[1]),
	.l2_valid (l2_valid[1]), .l2_vpn (data_l2_vpn), .l2_asid (data_l2_asid), .l2_dirty (l2_dirty[1]),
	.l2_ready (l2_ready[1]), .l2_busy (l2_busy[1]), .l2_found, .l2_leaf, .l2_leaf_q,
	.l2_fill (l2_fill[1]), .l2_fill_vpn (data_l2_fill_vpn), .l2_fill_asid (data_l2_fill_asid),
	.l2_fill_pmp (data_l2_fill_pmp),
	.looking (looking[SLOTS +: SLOTS]), .answered (answered[SLOTS +: SLOTS]), .hold (hold[SLOTS +: SLOTS]),
	.fence, .fence_vpn, .fence_any_va (fence_rs1_x0),
	.fence_asid (fence_asid_used), .fence_any_asid (fence_rs2_x0),
	.events (data_events)
);

// ----------------------------------------------------------------------------
// L2. A look-up that is taken is answered two cycles later.

mmu_core_l2 #(
	.XLEN (XLEN), .LEVELS (LEVELS), .W_ASID (W_ASID_P), .W_PA (W_PA),
	.ENTRIES (L2_ENTRIES), .WAYS (L2_WAYS), .LARGE (L2_LARGE), .PARITY (L2_PARITY)
) l2 (
	.clk, .rst_n, .look_valid (l2_valid), .look_ready (l2_ready), .look_vpn ({data_l2_vpn, fetch_l2_vpn}),
	.look_asid ({data_l2_asid, fetch_l2_asid}), .look_dirty (l2_dirty),
	.found (l2_found), .leaf (l2_leaf), .leaf_q (l2_leaf_q),
	.fill (l2_fill), .fill_vpn ({data_l2_fill_vpn, fetch_l2_fill_vpn}),
	.fill_asid ({data_l2_fill_asid, fetch_l2_fill_asid}), .fill_pmp ({data_l2_fill_pmp, fetch_l2_fill_pmp}),
	.fill_size (leaf_size), .fill_ppn (leaf_ppn), .fill_flags (leaf_flags), .fill_pbmt (leaf_pbmt), .fill_pma (leaf_pma),
	.fence, .fence_ready (l2_fence_ready), .fence_vpn, .fence_any_va (fence_rs1_x0), .fence_asid (fence_asid_used),
	.fence_any_asid (fence_rs2_x0), .clear (pmp_stale),
	.flip (l2_flip), .flip_bit (l2_flip_bit), .events (l2_events)
);

// ----------------------------------------------------------------------------
// Walks

// One walker's result is its owner's all the time; of several, that of the one which is done.
assign miss_valid   = (ALONE != 0) ? walk_valid : walk_valid & ~hold;
assign hold_all     = ALONE != 0 && hold[0];
assign walk_answers = (WALKERS == 1) ? walk_owns : walk_done;

mmu_walks #(
	.XLEN (XLEN), .LEVELS (LEVELS), .W_ASID (W_ASID_P), .W_PA (W_PA), .WALKERS (WALKERS),
	.WALK_CACHE (WALK_CACHE), .MISSES (SLOTS), .W_MEM_TAG (W_MEM_TAG),
	.PMP_ENTRIES (PMP_ENTRIES), .SVADU (SVADU), .SVNAPOT (SVNAPOT), .SVPBMT (SVPBMT),
	.SVRSW60T59B (SVRSW60T59B), .ZICFISS (ZICFISS), .PMA_REGIONS (PMA_REGIONS), .PMA (PMA)
) walks (
	.clk, .rst_n,
	.miss_valid, .miss_context (walk_context),
	.miss_asid (walk_asid), .miss_plain (walk_plain), .miss_merges (walk_merges),
	.can_answer ({{SLOTS{can_answer[1]}}, {SLOTS{can_answer[0]}}}), .hold (hold_all),
	.busy (walk_busy), .owns (walk_owns), .done (walk_done), .retry (walk_retry), .leaf (walk_leaf),
	.reason (walk_reason), .level (walk_level), .on_pte (walk_pte), .ppn (walk_ppn),
	.accessed (walk_accessed), .pbmt (walk_pbmt), .pmp (walk_pmp), .pma (walk_pma),
	.fill_size (leaf_size), .fill_leaf_ppn (leaf_ppn), .fill_flags (leaf_flags),
	.fill_pbmt (leaf_pbmt), .fill_pma (leaf_pma),
	.pmp_stale, .pmp_active, .pmp_first, .pmp_last, .pmp_allow_su, .pmp_none_su,
	.fence, .fence_any_va (fence_rs1_x0), .fence_asid (fence_asid_used), .fence_any_asid (fence_rs2_x0),
	.mem_req_valid, .mem_req_ready, .mem_req_swap, .mem_req_addr, .mem_req_expected,
	.mem_req_desired, .mem_req_tag,
	.mem_ans_valid, .mem_ans_tag, .mem_ans_data, .mem_ans_error, .events (walk_events)
);

// ----------------------------------------------------------------------------
// Events

// In the order of COUNTER_*, and of EVENT_CORE_*
assign core_events = {pmp_write, fence_valid && !fence_ready, fence_valid && fence_ready, 1'b1};
assign events      = {core_events, l2_events, walk_events, data_events, fetch_events};

// ----------------------------------------------------------------------------
// Properties

`ifdef PROVE_CORE
`include "mmu_core_formal.svh"
`endif

endmodule

`default_nettype wire
