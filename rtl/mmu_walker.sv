// Hardware page-table walker: reads PTEs from the root down and judges each,
// one walk at a time.
//
//   IDLE ──start──► CHECK ──pointer: request taken──► WAIT ──data──► CHECK ──► …
//                     └── leaf or fault: done, one cycle ──► IDLE
//
// The root pointer is put where a PTE would be, as a pointer one level above the
// root table, so that the first read differs in nothing from the others.
//
// What a caller may rely on, with L cycles from a request taken to its data:
// - `done` comes n(L+1)+1 cycles after `start` for a walk that reads n PTEs and
//   whose requests are taken at once.
// - The result is judged as mmu_pte.sv and mmu_perm.sv say, in the order of the
//   specification; `reason` is REASON_NONE exactly if a leaf permits the access.
// - No request leaves for an address beyond the physical width.
// - `busy` is high from the cycle after `start` to `done`, both included.
// - Data whose tag is not the last request's is ignored.

`default_nettype none
`include "mmu_assert.svh"

module mmu_walker #(
	parameter  int XLEN      = 64,
	parameter  int LEVELS    = 3,
	parameter  int W_PA      = 56,
	parameter  int W_MEM_TAG = 2,
	localparam int W_SEG     = (XLEN == 32) ? 10 : 9,
	localparam int W_VPN     = LEVELS * W_SEG,
	localparam int W_PPN     = (XLEN == 32) ? 22 : 44,
	localparam int W_CONTEXT = W_VPN + W_PPN + 10
) (
	input  logic                 clk,
	input  logic                 rst_n,

	// A walk to do, taken when not busy; the context is latched
	input  logic                 start,
	input  logic [W_CONTEXT-1:0] start_context, // {vpn, root's ppn, satp.MODE, access, priv, sum, mxr}
	output logic                 busy,

	// Result, for the one cycle of `done`
	output logic                 done,
	output mmu_pkg::reason_t     reason,
	output logic [2:0]           level,    // of the PTE that decided
	output logic                 on_pte,   // the fault arose on the read of that PTE
	output logic [LEVELS-2:0]    big,      // the leaf's size, as in mmu_pte.sv
	output logic [W_PA-13:0]     leaf_ppn, // as in the PTE
	output logic [W_PA-13:0]     ppn,      // of the access
	output mmu_pkg::pte_flags_t  flags,

	// Memory: one read of a PTE at a time
	output logic                 mem_req_valid,
	input  logic                 mem_req_ready,
	output logic [W_PA-1:0]      mem_req_addr,
	output logic [W_MEM_TAG-1:0] mem_req_tag,
	input  logic                 mem_ans_valid,
	input  logic [W_MEM_TAG-1:0] mem_ans_tag,
	input  logic [XLEN-1:0]      mem_ans_data,
	input  logic                 mem_ans_error
);

localparam int W_PPN_PA = W_PA - 12;
localparam int W_BYTE   = (XLEN == 32) ? 2 : 3;  // a PTE's bytes, as a power of two

// ----------------------------------------------------------------------------
// State

typedef enum logic [1:0] {IDLE, CHECK, WAIT} state_t;

state_t               state_q, state_d;
logic [LEVELS:0]      at_level_q, at_level_d;  // one-hot; bit LEVELS: above the deepest root
logic [XLEN-1:0]      pte_q, pte_d;
logic                 error_q, error_d;
logic                 global_q, global_d;      // G was set in a pointer: all below it is global
logic [W_MEM_TAG-1:0] tag_q, tag_d;
logic [W_VPN-1:0]     vpn_q, start_vpn;
logic [1:0]           access_q, start_access;
logic [1:0]           priv_q, start_priv;
logic                 sum_q, mxr_q, start_sum, start_mxr;
logic [W_PPN-1:0]     start_ppn;
logic [3:0]           start_mode;
logic [2:0]           root_levels;

// SATP_SV39, SATP_SV48 and SATP_SV57 follow each other.
assign root_levels = (XLEN == 32) ? 3'd2 : {1'b0, start_mode[1:0]} + 3'd3;
logic unused_ok;
assign unused_ok = &{1'b0, start_mode};

assign {start_vpn, start_ppn, start_mode, start_access, start_priv, start_sum, start_mxr} = start_context;

// ----------------------------------------------------------------------------
// Judgement of the PTE at hand

logic leaf, invalid, reserved, last_level_pointer, superpage_misaligned;

mmu_pte #(
	.XLEN (XLEN), .LEVELS (LEVELS)
) judge_format (
	.pte (pte_q), .at_level (at_level_q[LEVELS-1:0]),
	.leaf, .big, .invalid, .reserved, .last_level_pointer, .superpage_misaligned
);

mmu_pkg::reason_t leaf_reason;
logic [W_PPN-1:0] pte_ppn;
logic             table_too_wide;

always_comb begin
	flags = pte_q[7:0];
	flags[mmu_pkg::PTE_G] = pte_q[mmu_pkg::PTE_G] || global_q;
end

assign pte_ppn  = pte_q[mmu_pkg::PTE_PPN +: W_PPN];
assign leaf_ppn = pte_ppn[W_PPN_PA-1:0];

mmu_leaf #(
	.XLEN (XLEN), .LEVELS (LEVELS), .W_PA (W_PA)
) judge_leaf (
	.flags, .leaf_ppn (pte_ppn), .big,
	.vpn (vpn_q), .access (access_q), .priv (priv_q), .sum (sum_q), .mxr (mxr_q),
	.reason (leaf_reason), .ppn
);

if (W_PPN > W_PPN_PA) begin : g_narrow
	assign table_too_wide = !leaf && |pte_ppn[W_PPN-1:W_PPN_PA];
end else begin : g_full
	assign table_too_wide = 1'b0;
end

always_comb begin
	reason = mmu_pkg::REASON_NONE;
	if (error_q)
		reason = mmu_pkg::REASON_BUS_ERROR;
	else if (invalid)
		reason = mmu_pkg::REASON_PTE_INVALID;
	else if (reserved)
		reason = mmu_pkg::REASON_PTE_RESERVED;
	else if (last_level_pointer)
		reason = mmu_pkg::REASON_LAST_LEVEL_POINTER;
	else if (table_too_wide)
		reason = mmu_pkg::REASON_ADDRESS_TOO_WIDE;
	else if (!leaf)
		reason = mmu_pkg::REASON_NONE;
	else if (superpage_misaligned)
		reason = mmu_pkg::REASON_SUPERPAGE_MISALIGNED;
	else
		reason = leaf_reason;
end

// ----------------------------------------------------------------------------
// Next table: of the level below, at the PTE's page, indexed by that level's
// segment of the VPN

logic [LEVELS-1:0] next_level;
logic [W_SEG-1:0]  next_index;

assign next_level = at_level_q[LEVELS:1];

always_comb begin
	next_index = '0;
	for (int i = 0; i < LEVELS; i++)
		next_index = next_index | (vpn_q[i*W_SEG +: W_SEG] & {W_SEG{next_level[i]}});
end

assign mem_req_addr = {leaf_ppn, next_index, {W_BYTE{1'b0}}};
assign mem_req_tag  = tag_q;

// The level that decided: the present PTE's, or that of the table out of reach
logic [LEVELS-1:0] decided_level;

assign on_pte        = error_q || (table_too_wide && reason == mmu_pkg::REASON_ADDRESS_TOO_WIDE);
assign decided_level = (on_pte && !error_q) ? next_level : at_level_q[LEVELS-1:0];

always_comb begin
	level = 3'd0;
	for (int i = 0; i < LEVELS; i++)
		level = level | (i[2:0] & {3{decided_level[i]}});
end

// ----------------------------------------------------------------------------
// Walk

logic pointer;
logic mem_answer;

assign pointer       = !leaf && reason == mmu_pkg::REASON_NONE;
assign mem_req_valid = state_q == CHECK && pointer;
assign mem_answer    = mem_ans_valid && mem_ans_tag == tag_q;
assign done          = state_q == CHECK && !pointer;
assign busy          = state_q != IDLE;

always_comb begin
	state_d    = state_q;
	at_level_d = at_level_q;
	pte_d      = pte_q;
	error_d    = error_q;
	global_d   = global_q;
	tag_d      = tag_q;

	case (state_q)
	IDLE: begin
		if (start) begin
			state_d    = CHECK;
			at_level_d = {{LEVELS{1'b0}}, 1'b1} << root_levels;  // one above the root table's
			global_d   = 1'b0;
			pte_d      = '0;
			pte_d[mmu_pkg::PTE_V]           = 1'b1;
			pte_d[mmu_pkg::PTE_PPN +: W_PPN] = start_ppn;
			error_d    = 1'b0;
		end
	end
	CHECK: begin
		if (done)
			state_d = IDLE;
		else if (mem_req_ready)
			state_d = WAIT;
	end
	WAIT: begin
		if (mem_answer) begin
			state_d    = CHECK;
			at_level_d = {1'b0, next_level};
			pte_d      = mem_ans_data;
			error_d    = mem_ans_error;
			global_d   = global_q || pte_q[mmu_pkg::PTE_G];
			tag_d      = tag_q + 1'b1;
		end
	end
	default: state_d = IDLE;
	endcase
end

always_ff @(posedge clk or negedge rst_n) begin
	if (!rst_n) begin
		state_q <= IDLE;
		tag_q   <= '0;
	end else begin
		state_q <= state_d;
		tag_q   <= tag_d;
	end
end

always_ff @(posedge clk) begin
	at_level_q <= at_level_d;
	pte_q      <= pte_d;
	error_q    <= error_d;
	global_q   <= global_d;
	if (start && !busy) begin
		vpn_q    <= start_vpn;
		access_q <= start_access;
		priv_q   <= start_priv;
		sum_q    <= start_sum;
		mxr_q    <= start_mxr;
	end
end

// ----------------------------------------------------------------------------
// Properties

`MMU_ASSERT(state_known, state_q == IDLE || state_q == CHECK || state_q == WAIT)
`ifndef FORMAL
`MMU_ASSERT(one_level, !busy || (at_level_q != '0 && (at_level_q & (at_level_q - 1'b1)) == '0))
`MMU_ASSERT(no_start_when_busy, !(start && busy))
`elsif PROVE_WALKER
`include "mmu_walker_formal.svh"
`endif

endmodule

`default_nettype wire
