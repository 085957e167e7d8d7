// Hardware page-table walker: reads PTEs from the root down, judges each, and sets
// A and D where it is to, one walk at a time.
//
//   IDLE ──load root──► CHECK ──pointer: read taken──► WAIT ──data──► CHECK ──► …
//                         ├── A or D clear ──► UPDATE: swap taken ──► WAIT ──data──► CHECK
//                         └── leaf or fault: ended, until done ──► IDLE
//
// The root pointer is put where a PTE would be, as a pointer one level above the
// root table, so that the first read differs in nothing from the others; so is a pointer
// that the walk cache found. The page and place that a PTE leads to (the next PTE, or the
// access itself) go to PMP and PMA in the cycle in which the PTE is taken up
// (mmu_walk_place.sv, which all walkers share); CHECK has their verdict.
//
// What a caller may rely on, with L cycles from a request taken to its data:
// - `ended` comes n(L+1)+1 cycles after `load_root` for a walk that reads n PTEs and
//   whose requests are taken at once, L+2 later for each swap. It stands until `done`.
// - The result is judged in the order of the specification; `reason` is REASON_NONE
//   exactly if a leaf permits the access.
// - No request leaves for an address beyond the physical width, nor without consent
//   of PMP and PMA; no swap for an access that faults. A swap changes A and D only;
//   if the PTE was another, what was found is taken up as that level's PTE.
// - `busy` is high from the cycle after the first `load_root` to `done`, both included;
//   the context of the walk stands all that time.
// - Data whose tag is not the last request's is ignored.
// - A write to PMP makes the walk begin anew, once what it asked memory is answered.

`default_nettype none
`include "mmu_assert.svh"

module mmu_walker #(
	parameter  int XLEN        = 64,
	parameter  int LEVELS      = 3,
	parameter  int W_PA        = 56,
	parameter  int W_MEM_TAG   = 2,
	parameter  int SVADU       = 0,
	parameter  int SVNAPOT     = 0,
	parameter  int SVPBMT      = 0,
	parameter  int SVRSW60T59B = 0,
	parameter  int ZICFISS     = 0,
	parameter  int SHARED      = 0,  // 1: others use the comparators too, their verdict is held
	localparam int W_SEG       = (XLEN == 32) ? 10 : 9,
	localparam int W_VPN       = LEVELS * W_SEG,
	localparam int W_PPN       = (XLEN == 32) ? 22 : 44,
	localparam int W_CONTEXT   = W_VPN + W_PPN + 35
) (
	input  logic                 clk,
	input  logic                 rst_n,

	// The walk, while busy: {vpn, root's ppn, satp.MODE, access, priv, sum, mxr, adue,
	// pbmte, sse, first word of the access in its page, last word}
	input  logic [W_CONTEXT-1:0] walk_context,
	output logic                 busy,

	// What is taken up: on load_root the root pointer, when not busy or in a cycle with
	// wants_root; on load_found a pointer from the walk cache, after a load_root, in a cycle with
	// `found` and wants_found; on `arrived`, which tells itself, what memory answers.
	input  logic                 load_root,
	input  logic                 load_found,
	output logic                 arrived,
	output logic                 wants_root,   // PMP has changed: begin anew
	input  logic                 found,        // there is a better pointer than the root's
	output logic                 wants_found,
	output logic [LEVELS:0]      arrived_level,
	input  logic [XLEN-1:0]      pte_in,
	input  logic [LEVELS:0]      at_level_in,  // one-hot; bit LEVELS: above the deepest root
	input  logic                 found_global, // G was set in it, or in a pointer above it
	input  logic [7:0]           pma_in,       // of the place where it leads; and in the next
	input  logic [2:0]           pmp_in,       // cycle PMP's verdict (SHARED=0: until the next load),
	output logic                 checks,       // for which this asks

	output logic                 leaf_near,    // a leaf is at hand, or the end has waited for `done`

	// Result, from `ended` to `done`
	output logic                 ended,
	input  logic                 done,         // now, in a cycle with `ended`
	output mmu_pkg::reason_t     reason,
	output logic [2:0]           level,        // of the PTE that decided
	output logic                 on_pte,       // the fault arose on the read or update of that PTE
	output logic [W_PA-13:0]     ppn,          // of the access
	output logic [2:0]           pmp,          // what PMP allows there
	// and in the cycle after `done` too, in which another walk may start
	output logic [LEVELS-1:0]    size,         // the leaf's, as in mmu_tlb.sv
	output logic [W_PA-13:0]     leaf_ppn,     // as in the PTE
	output mmu_pkg::pte_flags_t  flags,
	output logic [1:0]           pbmt,
	output logic [7:0]           pma,          // what PMA allows at ppn

	// A pointer that memory gave is followed, its request taken: its level, its page (in the
	// request's address) and G (in flags) are good for the walk cache
	output logic                 follows,
	output logic [LEVELS:0]      at_level,     // of the PTE at hand

	input  logic                 pmp_stale,    // of mmu_pmp_decode.sv

	// Memory: one read or compare-and-swap of a PTE at a time
	output logic                 mem_req_valid,
	input  logic                 mem_req_shown,  // it is the one on the memory port
	output logic                 mem_req_stands, // and was in the cycle before: it must stay
	input  logic                 mem_req_ready,
	output logic                 mem_req_swap,
	output logic [W_PA-1:0]      mem_req_addr,
	output logic [XLEN-1:0]      mem_req_expected,
	output logic [XLEN-1:0]      mem_req_desired,
	output logic [W_MEM_TAG-1:0] mem_req_tag,
	input  logic                 mem_ans_valid,
	input  logic [W_MEM_TAG-1:0] mem_ans_tag,
	input  logic                 mem_ans_error,

	// To be counted
	output logic                 bus_error,      // an answer of memory says error,
	output logic                 swap_failed,    // or another PTE than the swap was to leave
	output logic                 restarts        // the walk begins anew
);

// ----------------------------------------------------------------------------
// Context

logic [W_VPN-1:0] vpn;
logic [W_PPN-1:0] root;
logic [3:0]       mode;
mmu_pkg::access_t access;
logic [1:0]       priv;
logic             sum, mxr, adue, pbmte, sse;
logic [9:0]       first_word, last_word;

assign {vpn, root, mode, access, priv, sum, mxr, adue, pbmte, sse, first_word, last_word} = walk_context;

// ----------------------------------------------------------------------------
// State

typedef enum logic [1:0] {IDLE, CHECK, UPDATE, WAIT} state_t;

state_t               state_q, state_d;
logic [LEVELS:0]      at_level_q;
logic [XLEN-1:0]      pte_q;
logic                 error_q;
logic                 read_q;                  // memory gave it, not satp nor the walk cache
logic                 global_q, global_d;      // G was set in a pointer: all below it is global
logic [W_MEM_TAG-1:0] tag_q;
logic                 swap_q;                  // what memory was asked last is a swap
logic                 offered_q;               // a request stands since the cycle before
logic                 waited_q;                // the end could not be told yet
logic                 again_q;                 // PMP has changed: begin anew
logic [W_PA-1:0]      pte_addr_q;              // where the PTE at hand stands,
logic                 pte_pmp_w_q;             // and whether it may be written
logic                 pte_pma_w_q;
logic [7:0]           pma_q;

logic begin_walk;
logic load;
logic goes_on; // the PTE at hand decides: there is no better pointer, nor a reason to begin anew
logic leads;   // the PTE at hand is a pointer that may be followed
logic at_leaf;
logic update;  // it is a leaf that permits the access, once A or D is set

assign begin_walk  = load_root;
assign load        = load_root || load_found || arrived;
assign wants_root  = (state_q == CHECK || state_q == UPDATE) && again_q && !offered_q;
assign wants_found = state_q == CHECK && !again_q && !offered_q;
assign goes_on     = !again_q && !found;
assign arrived     = state_q == WAIT && mem_ans_valid && mem_ans_tag == tag_q;
assign ended       = state_q == CHECK && !leads && !update && !offered_q && goes_on;
assign busy        = state_q != IDLE;
assign checks      = state_q == CHECK;
assign leaf_near   = checks && !offered_q && (at_leaf || waited_q);
assign at_leaf     = pte_q[mmu_pkg::PTE_R] || pte_q[mmu_pkg::PTE_W] || pte_q[mmu_pkg::PTE_X];

// ----------------------------------------------------------------------------
// What arrives

assign arrived_level = swap_q ? at_level_q : {1'b0, at_level_q[LEVELS:1]};

always_comb begin
	global_d = global_q || pte_q[mmu_pkg::PTE_G];
	if (begin_walk)
		global_d = 1'b0;
	else if (load_found)
		global_d = found_global;
	else if (swap_q)
		global_d = global_q;
end

if (SHARED != 0) begin : g_held
	logic       fresh_q;
	logic [2:0] pmp_q;

	always_ff @(posedge clk) begin
		fresh_q <= load;
		pmp_q   <= pmp;
	end

	assign pmp = fresh_q ? pmp_in : pmp_q;
end else begin : g_stands
	assign pmp = pmp_in;
end

assign pma      = pma_q;
assign at_level = at_level_q;

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

assign mem_req_valid  = offered_q
                     || (goes_on && ((state_q == CHECK && leads) || state_q == UPDATE));
assign mem_req_stands = offered_q;
assign mem_req_swap   = state_q == UPDATE;
assign mem_req_addr   = mem_req_swap ? pte_addr_q : next_addr;
assign mem_req_tag    = tag_q;
assign follows        = state_q == CHECK && mem_req_valid && mem_req_ready && read_q && !again_q;

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
		else if (update && !offered_q && goes_on)
			state_d = UPDATE;
	end
	UPDATE: begin
		if (begin_walk)
			state_d = CHECK;
		else if (mem_req_valid && mem_req_ready)
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
		waited_q  <= 1'b0;
	end else begin
		state_q   <= state_d;
		tag_q     <= arrived ? tag_q + 1'b1 : tag_q;
		offered_q <= mem_req_valid && mem_req_shown && !mem_req_ready;
		again_q   <= pmp_stale || (again_q && !begin_walk);
		waited_q  <= ended && !done;
	end
end

always_ff @(posedge clk) begin
	if (load) begin
		at_level_q <= at_level_in;
		pte_q      <= pte_in;
		error_q    <= arrived && mem_ans_error;
		read_q     <= arrived;
		global_q   <= global_d;
		pma_q      <= pma_in;
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
assign swap_failed = arrived && !mem_ans_error && swap_q && pte_in != mem_req_desired;
assign restarts    = load_root && busy;

// ----------------------------------------------------------------------------
// Properties

`MMU_ASSERT(state_known, state_q == IDLE || state_q == CHECK || state_q == UPDATE || state_q == WAIT)
`ifndef FORMAL
`MMU_ASSERT(one_level, !busy || (at_level_q != '0 && (at_level_q & (at_level_q - 1'b1)) == '0))
`MMU_ASSERT(root_when_wanted, !load_root || !busy || wants_root)
`MMU_ASSERT(one_load, !(load_root && load_found) && !((load_root || load_found) && arrived))
`MMU_ASSERT(found_when_wanted, !load_found || (found && wants_found))
`MMU_ASSERT(done_when_ended, !done || ended)
`elsif PROVE_IN_MMU_WALKER
`include "mmu_walker_formal.svh"
`elsif PROVE_LATCHED
`include "mmu_walker_state_formal.svh"
`endif

logic unused_ok;
assign unused_ok = &{1'b0, root, mode, first_word, last_word};

endmodule

`default_nettype wire
