// Hardware page-table walker: reads PTEs from the root down, judges each, and sets
// A and D where it is to, one walk at a time.
//
//   IDLE ──start──► CHECK ──pointer: read taken────────► WAIT ──data──► CHECK ──► …
//                     ├── A or D clear ──► UPDATE: swap taken ──► WAIT ──data──► CHECK
//                     └── leaf or fault: done, one cycle ──► IDLE
//
// The root pointer is put where a PTE would be, as a pointer one level above the
// root table, so that the first read differs in nothing from the others. The page
// and place that a PTE leads to (the next PTE, or the access itself) go to PMP and
// PMA in the cycle in which the PTE arrives; CHECK has their verdict.
//
// What a caller may rely on, with L cycles from a request taken to its data:
// - `done` comes n(L+1)+1 cycles after `start` for a walk that reads n PTEs and
//   whose requests are taken at once, L+2 later for each swap.
// - The result is judged in the order of the specification; `reason` is REASON_NONE
//   exactly if a leaf permits the access.
// - No request leaves for an address beyond the physical width, nor without consent
//   of PMP and PMA; no swap for an access that faults. A swap changes A and D only;
//   if the PTE was another, what was found is taken up as that level's PTE.
// - `busy` is high from the cycle after `start` to `done`, both included; the
//   context of the walk stands all that time.
// - Data whose tag is not the last request's is ignored.
// - A write to PMP makes the walk begin anew, once what it asked memory is answered.

`default_nettype none
`include "mmu_assert.svh"

module mmu_walker #(
	parameter  int                        XLEN        = 64,
	parameter  int                        LEVELS      = 3,
	parameter  int                        W_PA        = 56,
	parameter  int                        W_MEM_TAG   = 2,
	parameter  int                        PMP_ENTRIES = 8,
	parameter  int                        SVADU       = 0,
	parameter  int                        SVNAPOT     = 0,
	parameter  int                        SVPBMT      = 0,
	parameter  int                        SVRSW60T59B = 0,
	parameter  int                        ZICFISS     = 0,
	parameter  int                        PMA_REGIONS = 1,
	parameter  logic [PMA_REGIONS*64-1:0] PMA         = {PMA_REGIONS{64'hff1f_ffff_ffff_ffff}},
	localparam int                        W_SEG       = (XLEN == 32) ? 10 : 9,
	localparam int                        W_VPN       = LEVELS * W_SEG,
	localparam int                        W_PPN       = (XLEN == 32) ? 22 : 44,
	localparam int                        W_BEGIN     = W_VPN + W_PPN + 4,
	localparam int                        W_CONTEXT   = W_BEGIN + 31,
	localparam int                        N_PMP       = (PMP_ENTRIES == 0) ? 1 : PMP_ENTRIES
) (
	input  logic                      clk,
	input  logic                      rst_n,

	// A walk to do, taken when not busy: {vpn, root's ppn, satp.MODE} in that cycle, and
	// while busy, where walk_context has it all: {vpn, root's ppn, satp.MODE, access,
	// priv, sum, mxr, adue, pbmte, sse, first word of the access in its page, last word}.
	// Two, so that the choice of a walk is not on the way to the judgement of one.
	input  logic                      start,
	input  logic [W_BEGIN-1:0]        begin_context,
	input  logic [W_CONTEXT-1:0]      walk_context,
	output logic                      busy,

	// Result, for the one cycle of `done`
	output logic                      done,
	output mmu_pkg::reason_t          reason,
	output logic [2:0]                level,    // of the PTE that decided
	output logic                      on_pte,   // the fault arose on the read or update of that PTE
	output logic [W_PA-13:0]          ppn,      // of the access
	output logic [2:0]                pmp,      // what PMP allows there
	// and for the cycle after, in which another walk may start
	output logic [LEVELS-1:0]         size,     // the leaf's, as in mmu_tlb.sv
	output logic [W_PA-13:0]          leaf_ppn, // as in the PTE
	output mmu_pkg::pte_flags_t       flags,
	output logic [1:0]                pbmt,
	output logic [7:0]                pma,      // what PMA allows at ppn

	// PMP registers in force, of mmu_pmp_decode.sv
	input  logic                      pmp_stale,
	input  logic [N_PMP-1:0]          pmp_active,
	input  logic [N_PMP*(W_PA-2)-1:0] pmp_first,
	input  logic [N_PMP*(W_PA-2)-1:0] pmp_last,
	input  logic [N_PMP*3-1:0]        pmp_allow_su,
	input  logic [2:0]                pmp_none_su,

	// Memory: one read or compare-and-swap of a PTE at a time
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

	// To be counted
	output logic                      bus_error,   // an answer of memory says error,
	output logic                      swap_failed, // or another PTE than the swap was to leave
	output logic                      restarts     // the walk begins anew
);

// ----------------------------------------------------------------------------
// Context

logic [W_VPN-1:0] begin_vpn, vpn;
logic [W_PPN-1:0] root;
logic [3:0]       mode;
mmu_pkg::access_t access;
logic [1:0]       priv;
logic             sum, mxr, adue, pbmte, sse;
logic [9:0]       first_word, last_word;
logic [2:0]       root_levels;

assign {begin_vpn, root, mode} = begin_context;
assign vpn = walk_context[W_CONTEXT-1 -: W_VPN];
assign {access, priv, sum, mxr, adue, pbmte, sse, first_word, last_word} = walk_context[30:0];

// SATP_SV39, SATP_SV48 and SATP_SV57 follow each other.
assign root_levels = (XLEN == 32) ? 3'd2 : {1'b0, mode[1:0]} + 3'd3;

// ----------------------------------------------------------------------------
// State

typedef enum logic [1:0] {IDLE, CHECK, UPDATE, WAIT} state_t;

state_t               state_q, state_d;
logic [LEVELS:0]      at_level_q, at_level_d;  // one-hot; bit LEVELS: above the deepest root
logic [XLEN-1:0]      pte_q, pte_in;
logic                 error_q;
logic                 global_q, global_d;      // G was set in a pointer: all below it is global
logic [W_MEM_TAG-1:0] tag_q;
logic                 swap_q;                  // what memory was asked last is a swap
logic                 offered_q;               // a request stands since the cycle before
logic                 again_q;                 // PMP has changed: begin anew
logic [W_PA-1:0]      pte_addr_q;              // where the PTE at hand stands,
logic                 pte_pmp_w_q;             // and whether it may be written
logic                 pte_pma_w_q;
logic [7:0]           pma_q;

logic begin_walk;
logic arrived;
logic leads;   // the PTE at hand is a pointer that may be followed
logic at_leaf;
logic update;  // it is a leaf that permits the access, once A or D is set

assign begin_walk = (state_q == IDLE && start)
                 || ((state_q == CHECK || state_q == UPDATE) && again_q && !offered_q);
assign arrived    = state_q == WAIT && mem_ans_valid && mem_ans_tag == tag_q;
assign done       = state_q == CHECK && !leads && !update && !offered_q && !again_q;
assign busy       = state_q != IDLE;
assign at_leaf    = pte_q[mmu_pkg::PTE_R] || pte_q[mmu_pkg::PTE_W] || pte_q[mmu_pkg::PTE_X];

// ----------------------------------------------------------------------------
// What arrives, and the page to which it leads, for PMP and PMA

logic [W_PA-13:0] target_page;
logic [9:0]       target_first, target_last;
logic [7:0]       target_pma;

always_comb begin
	at_level_d = {1'b0, at_level_q[LEVELS:1]};
	global_d   = global_q || pte_q[mmu_pkg::PTE_G];
	pte_in     = mem_ans_data;
	if (begin_walk) begin
		at_level_d = {{LEVELS{1'b0}}, 1'b1} << root_levels;  // one above the root table's
		global_d   = 1'b0;
		pte_in     = '0;
		pte_in[mmu_pkg::PTE_V]            = 1'b1;
		pte_in[mmu_pkg::PTE_PPN +: W_PPN] = root;
	end else if (swap_q) begin
		at_level_d = at_level_q;
		global_d   = global_q;
	end
end

mmu_walker_target #(
	.XLEN (XLEN), .LEVELS (LEVELS), .W_PA (W_PA), .SVNAPOT (SVNAPOT)
) target (
	.pte (pte_in), .at_level (at_level_d), .vpn (begin_walk ? begin_vpn : vpn), .first_word, .last_word,
	.page (target_page), .first (target_first), .last (target_last)
);

logic              unused_page_cut;
logic [LEVELS-1:0] unused_pmp_size_cut, unused_pma_size_cut;

mmu_pmp #(
	.ENTRIES (PMP_ENTRIES), .W_PA (W_PA), .XLEN (XLEN), .LEVELS (LEVELS)
) judge_pmp (
	.clk, .active (pmp_active), .first (pmp_first), .last (pmp_last), .allow_m ({N_PMP{3'b000}}),
	.allow_su (pmp_allow_su), .none_m (3'b000), .none_su (pmp_none_su),
	.judge (begin_walk || arrived), .use_held (1'b0),
	.page (target_page), .first_word (target_first), .last_word (target_last),
	.relate (1'b0), .page_cut (unused_page_cut), .size_cut (unused_pmp_size_cut), .hold (1'b0),
	.ask (state_q == CHECK), .m_mode (1'b0), .allow (pmp)
);

mmu_pma #(
	.REGIONS (PMA_REGIONS), .PMA (PMA), .W_PA (W_PA), .XLEN (XLEN), .LEVELS (LEVELS)
) judge_pma (
	.page (target_page), .attributes (target_pma), .size_cut (unused_pma_size_cut)
);

assign pma = pma_q;

// ----------------------------------------------------------------------------
// Judgement of the PTE at hand

mmu_walker_judge #(
	.XLEN (XLEN), .LEVELS (LEVELS), .W_PA (W_PA), .SVADU (SVADU), .SVNAPOT (SVNAPOT),
	.SVPBMT (SVPBMT), .SVRSW60T59B (SVRSW60T59B), .ZICFISS (ZICFISS)
) judge (
	.pte (pte_q), .error (error_q), .at_level (at_level_q), .global_above (global_q),
	.vpn, .access, .priv, .sum, .mxr, .adue, .pbmte, .sse,
	.pmp, .pma, .pte_pmp_w (pte_pmp_w_q), .pte_pma_w (pte_pma_w_q),
	.reason, .level, .on_pte, .leads, .update, .size, .leaf_ppn, .ppn, .flags, .pbmt
);

// ----------------------------------------------------------------------------
// Memory: the PTE of the level below, or a swap of the one at hand

localparam int W_BYTE = (XLEN == 32) ? 2 : 3;  // a PTE's bytes, as a power of two

logic [W_SEG-1:0] next_index;
logic [W_PA-1:0]  next_addr;

always_comb begin
	next_index = '0;
	for (int i = 0; i < LEVELS; i++)
		next_index = next_index | (vpn[i*W_SEG +: W_SEG] & {W_SEG{at_level_q[i+1]}});
end

assign next_addr = {leaf_ppn, next_index, {W_BYTE{1'b0}}};

assign mem_req_valid = offered_q
                    || (!again_q && ((state_q == CHECK && leads) || state_q == UPDATE));
assign mem_req_swap  = state_q == UPDATE;
assign mem_req_addr  = mem_req_swap ? pte_addr_q : next_addr;
assign mem_req_tag   = tag_q;

assign mem_req_expected = pte_q;

always_comb begin
	mem_req_desired = pte_q;
	mem_req_desired[mmu_pkg::PTE_A] = 1'b1;
	if (mmu_pkg::acc_dirties(access))
		mem_req_desired[mmu_pkg::PTE_D] = 1'b1;
end

// ----------------------------------------------------------------------------
// Walk

always_comb begin
	state_d = state_q;
	case (state_q)
	IDLE:    if (begin_walk) state_d = CHECK;
	CHECK: begin
		if (mem_req_valid && mem_req_ready)
			state_d = WAIT;
		else if (done)
			state_d = IDLE;
		else if (update && !offered_q && !again_q)
			state_d = UPDATE;
	end
	UPDATE: begin
		if (begin_walk)
			state_d = CHECK;
		else if (mem_req_ready)
			state_d = WAIT;
	end
	WAIT:    if (arrived) state_d = CHECK;
	default: state_d = IDLE;
	endcase
end

always_ff @(posedge clk or negedge rst_n) begin
	if (!rst_n) begin
		state_q   <= IDLE;
		tag_q     <= '0;
		offered_q <= 1'b0;
		again_q   <= 1'b0;
	end else begin
		state_q   <= state_d;
		tag_q     <= arrived ? tag_q + 1'b1 : tag_q;
		offered_q <= mem_req_valid && !mem_req_ready;
		again_q   <= pmp_stale || (again_q && !begin_walk);
	end
end

always_ff @(posedge clk) begin
	if (begin_walk || arrived) begin
		at_level_q <= at_level_d;
		pte_q      <= pte_in;
		error_q    <= arrived && mem_ans_error;
		global_q   <= global_d;
		pma_q      <= target_pma;
	end
	if (state_q != WAIT)
		swap_q <= state_q == UPDATE;
	// Of each pointer, also one that leads nowhere: so that no judgement enables it.
	if (state_q == CHECK && !at_leaf) begin
		pte_addr_q  <= next_addr;
		pte_pmp_w_q <= pmp[mmu_pkg::PMP_W];
		pte_pma_w_q <= pma_q[mmu_pkg::PMA_PT_WRITE];
	end
end

assign bus_error   = arrived && mem_ans_error;
assign swap_failed = arrived && !mem_ans_error && swap_q && mem_ans_data != mem_req_desired;
assign restarts    = begin_walk && busy;

// ----------------------------------------------------------------------------
// Properties

`MMU_ASSERT(state_known, state_q == IDLE || state_q == CHECK || state_q == UPDATE || state_q == WAIT)
`ifndef FORMAL
`MMU_ASSERT(one_level, !busy || (at_level_q != '0 && (at_level_q & (at_level_q - 1'b1)) == '0))
`MMU_ASSERT(no_start_when_busy, !(start && busy))
`elsif PROVE_IN_MMU_WALKER
`include "mmu_walker_formal.svh"
`elsif PROVE_LATCHED
`include "mmu_walker_state_formal.svh"
`endif

logic unused_ok;
assign unused_ok = &{1'b0, mode, walk_context, unused_page_cut, unused_pmp_size_cut, unused_pma_size_cut};

endmodule

`default_nettype wire
