// Hands the ports' misses to the walkers, and their results back.
//
// Each port has MISSES slots for its misses; at most one walk starts in a cycle. The ports
// take turns: when both miss, a walker goes to the one that did not have the last, and
// among a port's slots it goes round, so that a miss waits for at most one walk of each
// other slot. So do the walkers at the memory port and where answers are given.
//
// Walkers share one set of comparators of PMP and PMA: a PTE from memory goes first,
// then what begins anew or goes on from the walk cache, then a new walk.

`default_nettype none
`include "mmu_assert.svh"

module mmu_walks #(
	parameter  int                        XLEN        = 64,
	parameter  int                        LEVELS      = 3,
	parameter  int                        W_ASID      = 16,  // at least 1
	parameter  int                        W_PA        = 56,
	parameter  int                        MISSES      = 1,   // slots of a port, 1 to 8
	parameter  int                        WALKERS     = 1,   // 1 to 8
	parameter  int                        WALK_CACHE  = 0,   // entries, 0 to 64
	parameter  int                        W_MEM_TAG   = 2 + $clog2(WALKERS),  // at least 1 more than walkers need
	parameter  int                        PMP_ENTRIES = 8,
	parameter  int                        SVADU       = 0,
	parameter  int                        SVNAPOT     = 0,
	parameter  int                        SVPBMT      = 0,
	parameter  int                        SVRSW60T59B = 0,
	parameter  int                        ZICFISS     = 0,
	parameter  int                        PMA_REGIONS = 1,
	parameter  logic [PMA_REGIONS*64-1:0] PMA         = {PMA_REGIONS{64'hff1f_ffff_ffff_ffff}},
	localparam int                        N           = 2 * MISSES,
	localparam int                        W_SEG       = (XLEN == 32) ? 10 : 9,
	localparam int                        W_VPN       = LEVELS * W_SEG,
	localparam int                        W_PPN       = (XLEN == 32) ? 22 : 44,
	localparam int                        W_BEGIN     = W_VPN + W_PPN + 4,
	localparam int                        W_CONTEXT   = W_BEGIN + 31,
	localparam int                        N_PMP       = (PMP_ENTRIES == 0) ? 1 : PMP_ENTRIES
) (
	input  logic                      clk,
	input  logic                      rst_n,

	// Misses, the fetch port's in slots 0 to MISSES-1, the data port's in those after. A miss
	// stands with its context (as mmu_walker.sv has it) and all else until its walk is done or it
	// is told to look again, and is over in the next cycle.
	input  logic [N-1:0]              miss_valid,
	input  logic [N*W_CONTEXT-1:0]    miss_context,
	input  logic [N*W_ASID-1:0]       miss_asid,
	input  logic [N-1:0]              miss_plain,   // a fence was taken since: nothing of the walk cache, nor for it
	input  logic [N-1:0]              miss_merges,  // may wait for a walk for the same page, and be waited for
	input  logic [N-1:0]              can_answer,   // its port can take its answer in this cycle
	input  logic                      hold,         // no walk starts in this cycle

	// Walks under way, and the result, as in mmu_walker.sv. At most one is done in a cycle.
	output logic                      busy,
	output logic [N-1:0]              owns,
	output logic [N-1:0]              done,
	output logic [N-1:0]              leaf,         // its walk has a leaf at hand, or has waited to answer
	output logic [N-1:0]              retry,        // in a cycle of `done`: look again for what that walk found
	output mmu_pkg::reason_t          reason,
	output logic [2:0]                level,
	output logic                      on_pte,
	output logic [W_PA-13:0]          ppn,
	output logic                      accessed,     // A of the leaf
	output logic [1:0]                pbmt,
	output logic [2:0]                pmp,
	output logic [7:0]                pma,
	// In the cycle after `done`: the leaf
	output logic [LEVELS-1:0]         fill_size,
	output logic [W_PA-13:0]          fill_leaf_ppn,
	output mmu_pkg::pte_flags_t       fill_flags,
	output logic [1:0]                fill_pbmt,
	output logic [7:0]                fill_pma,

	// PMP registers in force, of mmu_pmp_decode.sv
	input  logic                      pmp_stale,
	input  logic [N_PMP-1:0]          pmp_active,
	input  logic [N_PMP*(W_PA-2)-1:0] pmp_first,
	input  logic [N_PMP*(W_PA-2)-1:0] pmp_last,
	input  logic [N_PMP*3-1:0]        pmp_allow_su,
	input  logic [2:0]                pmp_none_su,

	// Fence: one cycle without a walk under way. Of the walk cache it removes nothing
	// by address: that is for leaves.
	input  logic                      fence,
	input  logic                      fence_any_va,
	input  logic [W_ASID-1:0]         fence_asid,
	input  logic                      fence_any_asid,

	// Memory. The tag is the walker's number above a number of its own.
	output logic                      mem_req_valid,
	input  logic                      mem_req_ready,
	output logic                      mem_req_swap,
	output logic [W_PA-1:0]           mem_req_addr,
	output logic [XLEN-1:0]           mem_req_expected,
	output logic [XLEN-1:0]           mem_req_desired,
	output logic [W_MEM_TAG-1:0]      mem_req_tag,
	input  logic                      mem_ans_valid,
	input  logic [W_MEM_TAG-1:0]      mem_ans_tag,
	input  logic [XLEN-1:0]           mem_ans_data,
	input  logic                      mem_ans_error,

	output logic [mmu_pkg::EVENTS_WALK-1:0] events        // to be counted: EVENT_WALK_*
);

localparam int W_SLOT   = $clog2(N);
localparam int W_WALKER = $clog2(WALKERS);
localparam int W_SEQ    = W_MEM_TAG - W_WALKER;
localparam int W_RESULT = 6 + 3 + 1 + (W_PA - 12) + 3 + 1 + 2 + 8;
localparam int W_LEAF   = LEVELS + (W_PA - 12) + 8 + 2 + 8;

// Of each walker
logic [WALKERS-1:0]            walk_busy, walk_leaf, walk_ended, may_end, walk_done, walk_done_q;
logic [WALKERS-1:0]            next_global;
logic [WALKERS-1:0]            load_root, load_found, arrived, wants_root, wants_found, found, follows;
logic [WALKERS*W_SLOT-1:0]     owner_q;  // the slot whose walk it is
logic [WALKERS*W_CONTEXT-1:0]  walk_context;
logic [WALKERS*(LEVELS+1)-1:0] arrived_level, at_level;

assign busy = |walk_busy;

for (genvar i = 0; i < N; i++) begin : g_slot
	logic owned, over, near;

	always_comb begin
		owned = 1'b0;
		over  = 1'b0;
		near  = 1'b0;
		for (int w = 0; w < WALKERS; w++)
			if (owner_q[w*W_SLOT +: W_SLOT] == i[W_SLOT-1:0]) begin
				owned = owned || walk_busy[w];
				over  = over || walk_done[w];
				near  = near || walk_leaf[w];
			end
	end

	assign owns[i] = owned;
	assign done[i] = over;
	assign leaf[i] = near;
end

// ----------------------------------------------------------------------------
// Which walk is next

logic [N-1:0]       asks, waits;
logic               chosen_any;
logic [W_SLOT-1:0]  chosen;
logic               merges;
logic [WALKERS-1:0] idle;   // the first that is
logic               start;
logic               place_free;

assign asks = miss_valid & ~waits & ((WALKERS == 1 && MISSES == 1) ? {N{1'b1}} : ~owns);

mmu_walk_choice #(.MISSES (MISSES)) choice (
	.clk, .rst_n, .asks, .any (chosen_any), .slot (chosen), .taken (start)
);

always_comb begin
	idle = '0;
	for (int w = WALKERS - 1; w >= 0; w--)
		if (!walk_busy[w])
			idle = {{(WALKERS-1){1'b0}}, 1'b1} << w;
end

assign start = chosen_any && !hold && idle != '0 && !merges && ((WALKERS == 1) || place_free);

always_ff @(posedge clk or negedge rst_n) begin
	if (!rst_n)
		owner_q <= '0;
	else
		for (int w = 0; w < WALKERS; w++)
			if (start && ((WALKERS == 1) || idle[w]))
				owner_q[w*W_SLOT +: W_SLOT] <= chosen;
end

mmu_walk_merges #(
	.N (N), .WALKERS (WALKERS), .W_CONTEXT (W_CONTEXT), .ON ((MISSES > 1 || WALKERS > 1) ? 1 : 0)
) merge (
	.clk, .rst_n, .chosen_any, .chosen, .miss_context, .allowed (miss_merges),
	.walk_busy, .walk_done, .owner (owner_q), .walk_context,
	.merges, .waits, .retry
);

// ----------------------------------------------------------------------------
// What the walkers take up: a PTE that arrives, or a root, or what the walk cache has

logic [WALKERS-1:0]   reload;        // the walk that begins anew or goes on from the walk cache
logic [W_SLOT-1:0]    begin_slot;
logic [W_BEGIN-1:0]   begin_context;
logic [W_VPN-1:0]     begin_vpn, place_vpn;
logic [W_PPN-1:0]     root;
logic [3:0]           mode;
logic [2:0]           root_levels;
logic [W_CONTEXT-1:0] arrived_context;
logic                 begins;        // something is taken up that does not arrive
logic [XLEN-1:0]      pte_in;
logic [LEVELS:0]      at_level_in;
logic [7:0]           place_pma;
logic [2:0]           place_pmp;

logic                 cache_hit;     // stands until the next look-up
logic [LEVELS:0]      cache_level;
logic [W_PA-13:0]     cache_ppn;
logic                 cache_global;
logic [WALKERS-1:0]   checks, answers, bus_error, swap_failed, restarts;

if (WALKERS == 1) begin : g_alone
	assign reload          = wants_root | (wants_found & found);
	assign begin_slot      = busy ? owner_q : chosen;
	assign arrived_context = walk_context;
	assign place_free      = 1'b1;
end else begin : g_shared
	logic [WALKERS-1:0] goes_on, anew, next;

	assign goes_on         = wants_found & found;
	assign next            = (goes_on != '0) ? goes_on : anew;
	assign reload          = next & {WALKERS{arrived == '0}};
	assign place_free      = arrived == '0 && next == '0;

	always_comb begin
		arrived_context = '0;
		for (int w = 0; w < WALKERS; w++)
			if (mem_ans_tag[W_SEQ +: W_WALKER] == w[W_WALKER-1:0])
				arrived_context = arrived_context | walk_context[w*W_CONTEXT +: W_CONTEXT];
	end

	always_comb begin
		anew = '0;
		for (int w = WALKERS - 1; w >= 0; w--)
			if (wants_root[w])
				anew = {{(WALKERS-1){1'b0}}, 1'b1} << w;
	end

	always_comb begin
		begin_slot = chosen;
		for (int w = 0; w < WALKERS; w++)
			if (next[w])
				begin_slot = owner_q[w*W_SLOT +: W_SLOT];
	end
end

assign load_root  = (idle & {WALKERS{start}}) | (reload & wants_root);
assign load_found = reload & ~wants_root;
assign begins     = start || reload != '0;

always_comb begin
	begin_context = '0;
	for (int s = 0; s < N; s++)
		if (begin_slot == s[W_SLOT-1:0])
			begin_context = miss_context[s*W_CONTEXT + 31 +: W_BEGIN];
end

assign {begin_vpn, root, mode} = begin_context;
assign place_vpn               = begins ? begin_vpn : arrived_context[W_CONTEXT-1 -: W_VPN];

// SATP_SV39, SATP_SV48 and SATP_SV57 follow each other.
assign root_levels = (XLEN == 32) ? 3'd2 : {1'b0, mode[1:0]} + 3'd3;

always_comb begin
	at_level_in = '0;
	for (int w = 0; w < WALKERS; w++)
		if ((WALKERS == 1) || arrived[w])
			at_level_in = at_level_in | arrived_level[w*(LEVELS+1) +: LEVELS+1];
	pte_in = mem_ans_data;
	if (begins) begin
		at_level_in = {{LEVELS{1'b0}}, 1'b1} << root_levels;  // one above the root table's
		pte_in      = '0;
		pte_in[mmu_pkg::PTE_V]            = 1'b1;
		pte_in[mmu_pkg::PTE_PPN +: W_PPN] = root;
		if (WALK_CACHE != 0 && load_found != '0) begin
			at_level_in = cache_level;
			pte_in[mmu_pkg::PTE_PPN +: W_PPN]     = '0;
			pte_in[mmu_pkg::PTE_PPN +: W_PA - 12] = cache_ppn;
		end
	end
end

mmu_walk_place #(
	.XLEN (XLEN), .LEVELS (LEVELS), .W_PA (W_PA), .SVNAPOT (SVNAPOT), .PMP_ENTRIES (PMP_ENTRIES),
	.PMA_REGIONS (PMA_REGIONS), .PMA (PMA)
) place (
	.clk, .pmp_active, .pmp_first, .pmp_last, .pmp_allow_su, .pmp_none_su,
	.judge (begins || |arrived), .pte (pte_in), .at_level (at_level_in), .vpn (place_vpn),
	.first_word (arrived_context[19:10]), .last_word (arrived_context[9:0]),
	.pma (place_pma), .ask (|checks), .pmp (place_pmp)
);

// ----------------------------------------------------------------------------
// The walkers

logic [WALKERS-1:0]          req_valid, req_shown, req_stands, req_ready, req_swap;
logic [WALKERS*W_PA-1:0]     req_addr;
logic [WALKERS*XLEN-1:0]     req_expected, req_desired;
logic [WALKERS*W_SEQ-1:0]    req_seq;
logic [WALKERS*W_RESULT-1:0] results;
logic [WALKERS*W_LEAF-1:0]   leaves;

for (genvar w = 0; w < WALKERS; w++) begin : g_walker
	mmu_pkg::reason_t    own_reason;
	logic [2:0]          own_level, own_pmp;
	logic                own_on_pte;
	logic [W_PA-13:0]    own_ppn, own_leaf_ppn;
	logic [LEVELS-1:0]   own_size;
	mmu_pkg::pte_flags_t own_flags;
	logic [1:0]          own_pbmt;
	logic [7:0]          own_pma;

	logic [W_SLOT-1:0]    owner;
	logic [W_CONTEXT-1:0] own_context;

	assign owner      = owner_q[w*W_SLOT +: W_SLOT];
	assign may_end[w] = walk_ended[w] && can_answer[owner];

	always_comb begin
		own_context = '0;
		for (int s = 0; s < N; s++)
			if (owner == s[W_SLOT-1:0])
				own_context = miss_context[s*W_CONTEXT +: W_CONTEXT];
	end

	assign walk_context[w*W_CONTEXT +: W_CONTEXT] = own_context;

	mmu_walker #(
		.XLEN (XLEN), .LEVELS (LEVELS), .W_PA (W_PA), .W_MEM_TAG (W_SEQ), .SVADU (SVADU),
		.SVNAPOT (SVNAPOT), .SVPBMT (SVPBMT), .SVRSW60T59B (SVRSW60T59B), .ZICFISS (ZICFISS),
		.SHARED ((WALKERS > 1) ? 1 : 0)
	) walker (
		.clk, .rst_n,
		.walk_context (walk_context[w*W_CONTEXT +: W_CONTEXT]), .busy (walk_busy[w]),
		.load_root (load_root[w]), .load_found (load_found[w]), .arrived (arrived[w]),
		.wants_root (wants_root[w]), .found (found[w]), .wants_found (wants_found[w]),
		.arrived_level (arrived_level[w*(LEVELS+1) +: LEVELS+1]),
		.pte_in, .at_level_in, .found_global (cache_global), .pma_in (place_pma), .pmp_in (place_pmp),
		.checks (checks[w]), .leaf_near (walk_leaf[w]), .ended (walk_ended[w]), .done (walk_done[w]),
		.reason (own_reason), .level (own_level), .on_pte (own_on_pte), .ppn (own_ppn), .pmp (own_pmp),
		.size (own_size), .leaf_ppn (own_leaf_ppn), .flags (own_flags), .pbmt (own_pbmt), .pma (own_pma),
		.follows (follows[w]), .at_level (at_level[w*(LEVELS+1) +: LEVELS+1]), .pmp_stale,
		.mem_req_valid (req_valid[w]), .mem_req_shown (req_shown[w]), .mem_req_stands (req_stands[w]),
		.mem_req_ready (req_ready[w]), .mem_req_swap (req_swap[w]), .mem_req_addr (req_addr[w*W_PA +: W_PA]),
		.mem_req_expected (req_expected[w*XLEN +: XLEN]), .mem_req_desired (req_desired[w*XLEN +: XLEN]),
		.mem_req_tag (req_seq[w*W_SEQ +: W_SEQ]),
		.mem_ans_valid (answers[w]), .mem_ans_tag (mem_ans_tag[W_SEQ-1:0]), .mem_ans_error,
		.bus_error (bus_error[w]), .swap_failed (swap_failed[w]), .restarts (restarts[w])
	);

	assign answers[w] = mem_ans_valid && ((WALKERS == 1) || mem_ans_tag >> W_SEQ == w[W_MEM_TAG-1:0]);

	assign next_global[w]                  = own_flags[mmu_pkg::PTE_G];
	assign results[w*W_RESULT +: W_RESULT] = {own_reason, own_level, own_on_pte, own_ppn, own_pmp,
	                                          own_flags[mmu_pkg::PTE_A], own_pbmt, own_pma};
	assign leaves[w*W_LEAF +: W_LEAF]      = {own_size, own_leaf_ppn, own_flags, own_pbmt, own_pma};
end

mmu_walk_memory #(
	.XLEN (XLEN), .W_PA (W_PA), .WALKERS (WALKERS), .W_MEM_TAG (W_MEM_TAG)
) memory (
	.clk, .rst_n,
	.valid (req_valid), .shown (req_shown), .stands (req_stands), .ready (req_ready), .swap (req_swap),
	.addr (req_addr), .expected (req_expected), .desired (req_desired), .seq (req_seq),
	.mem_req_valid, .mem_req_ready, .mem_req_swap, .mem_req_addr, .mem_req_expected, .mem_req_desired, .mem_req_tag
);

// ----------------------------------------------------------------------------
// Answers: one a cycle

logic [W_RESULT-1:0] result;
logic [W_LEAF-1:0]   found_leaf;

mmu_turns #(.N (WALKERS)) turns (
	.clk, .rst_n, .ask (may_end), .grant (walk_done), .taken (|walk_done)
);

always_ff @(posedge clk)
	walk_done_q <= walk_done;

always_comb begin
	result = '0;
	found_leaf = '0;
	for (int w = 0; w < WALKERS; w++) begin
		if ((WALKERS == 1) || walk_done[w])
			result = result | results[w*W_RESULT +: W_RESULT];
		if ((WALKERS == 1) || walk_done_q[w])
			found_leaf = found_leaf | leaves[w*W_LEAF +: W_LEAF];
	end
end

assign {reason, level, on_pte, ppn, pmp, accessed, pbmt, pma}         = result;
assign {fill_size, fill_leaf_ppn, fill_flags, fill_pbmt, fill_pma} = found_leaf;

// ----------------------------------------------------------------------------
// Walk cache

logic                 cache_looks, cache_fills;

if (WALK_CACHE == 0) begin : g_no_cache
	assign found        = '0;
	assign cache_looks  = 1'b0;
	assign cache_fills  = 1'b0;
	assign cache_hit    = 1'b0;
	assign cache_level  = '0;
	assign cache_ppn    = '0;
	assign cache_global = 1'b0;

	logic unused_ok;
	assign unused_ok = &{1'b0, follows, at_level, miss_asid, miss_plain, fence, fence_any_va, fence_asid, fence_any_asid};
end else begin : g_cache
	mmu_walk_cached #(
		.N (N), .WALKERS (WALKERS), .ENTRIES (WALK_CACHE), .XLEN (XLEN), .LEVELS (LEVELS), .W_ASID (W_ASID),
		.W_PA (W_PA)
	) cached (
		.clk, .rst_n, .miss_context, .miss_asid, .miss_plain, .owner (owner_q), .begin_slot, .load_root, .load_found,
		.found, .looks (cache_looks), .hit (cache_hit), .level (cache_level), .ppn (cache_ppn),
		.is_global (cache_global), .follows, .at_level, .next_page (mem_req_addr[W_PA-1:12]),
		.next_global (next_global), .fills (cache_fills),
		.fence (fence && fence_any_va), .fence_asid, .fence_any_asid, .clear (pmp_stale)
	);
end

logic unused_ok;
assign unused_ok = &{1'b0, mode, arrived_context, cache_hit, cache_to, next_global};

// ----------------------------------------------------------------------------
// Events

logic [3:0] busy_count;
logic [4:0] cache_to;  // the level of the table to which the found pointer leads, one-hot

always_comb begin
	cache_to             = '0;
	cache_to[LEVELS-1:0] = cache_level[LEVELS:1];
end

always_comb begin
	busy_count = 4'd0;
	for (int w = 0; w < WALKERS; w++)
		busy_count = busy_count + {3'd0, walk_busy[w]};
end

always_comb begin
	events = '0;
	events[mmu_pkg::EVENT_WALK_STARTS]       = start;
	events[mmu_pkg::EVENT_WALK_CYCLES]       = busy;
	events[mmu_pkg::EVENT_WALK_PTE_READS]    = mem_req_valid && mem_req_ready && !mem_req_swap;
	events[mmu_pkg::EVENT_WALK_SWAPS]        = mem_req_valid && mem_req_ready && mem_req_swap;
	events[mmu_pkg::EVENT_WALK_SWAPS_FAILED] = |swap_failed;
	events[mmu_pkg::EVENT_WALK_BUS_ERRORS]   = |bus_error;
	events[mmu_pkg::EVENT_WALK_STALLS]       = mem_req_valid && !mem_req_ready;
	events[mmu_pkg::EVENT_WALK_RESTARTS]     = |restarts;
	events[mmu_pkg::EVENT_WALK_CACHE_LEVEL0] = |load_found && cache_to[0];
	events[mmu_pkg::EVENT_WALK_CACHE_LEVEL1] = |load_found && cache_to[1];
	events[mmu_pkg::EVENT_WALK_CACHE_LEVEL2] = |load_found && cache_to[2];
	events[mmu_pkg::EVENT_WALK_CACHE_LEVEL3] = |load_found && cache_to[3];
	events[mmu_pkg::EVENT_WALK_CACHE_MISSES] = cache_looks && !cache_hit;
	events[mmu_pkg::EVENT_WALK_CACHE_FILLS]  = cache_fills;
	events[mmu_pkg::EVENT_WALK_MERGES]       = |retry;
	events[mmu_pkg::EVENT_WALK_WAITS]        = &walk_busy && |(miss_valid & ~owns & ~waits);
	events[mmu_pkg::EVENT_WALK_BUSY1]        = busy_count[0];
	events[mmu_pkg::EVENT_WALK_BUSY2]        = busy_count[1];
	events[mmu_pkg::EVENT_WALK_BUSY4]        = busy_count[2];
	events[mmu_pkg::EVENT_WALK_BUSY8]        = busy_count[3];
end

// ----------------------------------------------------------------------------
// Properties

`ifdef PROVE_WALKS
`include "mmu_walks_formal.svh"
`elsif PROVE_CORE
`include "mmu_walks_core_formal.svh"
`endif

endmodule

`default_nettype wire
