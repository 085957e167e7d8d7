// Hands the ports' misses to the walker, one at a time, and its results back.
//
// The ports take turns: when both miss, the walker goes to the one that did not
// have it last, so that a miss waits for at most one walk of the other.

`default_nettype none

module mmu_walks #(
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

	// Misses; each stands with its context until its walk is done
	input  logic                      fetch_valid,
	input  logic [W_CONTEXT-1:0]      fetch_context,
	input  logic                      data_valid,
	input  logic [W_CONTEXT-1:0]      data_context,
	input  logic                      hold,         // no walk starts in this cycle

	// The walk under way and its result, as in mmu_walker.sv
	output logic                      busy,
	output logic                      fetch_owns,
	output logic                      data_owns,
	output logic                      fetch_done,
	output logic                      data_done,
	output mmu_pkg::reason_t          reason,
	output logic [2:0]                level,
	output logic                      on_pte,
	output logic [W_PA-13:0]          ppn,
	output logic [2:0]                pmp,
	output logic [LEVELS-1:0]         size,
	output logic [W_PA-13:0]          leaf_ppn,
	output mmu_pkg::pte_flags_t       flags,
	output logic [1:0]                pbmt,
	output logic [7:0]                pma,

	// PMP registers in force, of mmu_pmp_decode.sv
	input  logic                      pmp_stale,
	input  logic [N_PMP-1:0]          pmp_active,
	input  logic [N_PMP*(W_PA-2)-1:0] pmp_first,
	input  logic [N_PMP*(W_PA-2)-1:0] pmp_last,
	input  logic [N_PMP*3-1:0]        pmp_allow_su,
	input  logic [2:0]                pmp_none_su,

	// Memory
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

	output logic [mmu_pkg::EVENTS_WALK-1:0] events  // to be counted: EVENT_WALK_*
);

logic start;
logic choose_data;
logic owner_is_data_q;
logic bus_error, swap_failed, restarts;
logic done;

assign start       = !busy && !hold && (fetch_valid || data_valid);
assign choose_data = data_valid && (!fetch_valid || !owner_is_data_q);

always_ff @(posedge clk or negedge rst_n) begin
	if (!rst_n)
		owner_is_data_q <= 1'b0;
	else if (start)
		owner_is_data_q <= choose_data;
end

assign fetch_owns = busy && !owner_is_data_q;
assign data_owns  = busy && owner_is_data_q;
assign fetch_done = done && !owner_is_data_q;
assign data_done  = done && owner_is_data_q;

logic [W_BEGIN-1:0]   begin_context;
logic [W_CONTEXT-1:0] walk_context;

assign walk_context  = owner_is_data_q ? data_context : fetch_context;
assign begin_context = (busy ? owner_is_data_q : choose_data) ? data_context[W_CONTEXT-1 -: W_BEGIN]
                                                              : fetch_context[W_CONTEXT-1 -: W_BEGIN];

mmu_walker #(
	.XLEN (XLEN), .LEVELS (LEVELS), .W_PA (W_PA), .W_MEM_TAG (W_MEM_TAG),
	.PMP_ENTRIES (PMP_ENTRIES), .SVADU (SVADU), .SVNAPOT (SVNAPOT),
	.SVPBMT (SVPBMT), .SVRSW60T59B (SVRSW60T59B), .ZICFISS (ZICFISS),
	.PMA_REGIONS (PMA_REGIONS), .PMA (PMA)
) walker (
	.clk, .rst_n,
	.start, .begin_context, .walk_context,
	.busy, .done, .reason, .level, .on_pte, .size, .leaf_ppn, .ppn, .flags, .pbmt, .pmp, .pma,
	.pmp_stale, .pmp_active, .pmp_first, .pmp_last, .pmp_allow_su, .pmp_none_su,
	.mem_req_valid, .mem_req_ready, .mem_req_swap, .mem_req_addr, .mem_req_expected,
	.mem_req_desired, .mem_req_tag,
	.mem_ans_valid, .mem_ans_tag, .mem_ans_data, .mem_ans_error, .bus_error, .swap_failed, .restarts
);

always_comb begin
	events = '0;
	events[mmu_pkg::EVENT_WALK_STARTS]       = start;
	events[mmu_pkg::EVENT_WALK_CYCLES]       = busy;
	events[mmu_pkg::EVENT_WALK_PTE_READS]    = mem_req_valid && mem_req_ready && !mem_req_swap;
	events[mmu_pkg::EVENT_WALK_SWAPS]        = mem_req_valid && mem_req_ready && mem_req_swap;
	events[mmu_pkg::EVENT_WALK_SWAPS_FAILED] = swap_failed;
	events[mmu_pkg::EVENT_WALK_BUS_ERRORS]   = bus_error;
	events[mmu_pkg::EVENT_WALK_STALLS]       = mem_req_valid && !mem_req_ready;
	events[mmu_pkg::EVENT_WALK_RESTARTS]     = restarts;
	events[mmu_pkg::EVENT_WALK_WAITS]        = busy && (owner_is_data_q ? fetch_valid : data_valid);
	events[mmu_pkg::EVENT_WALK_BUSY1]        = busy;
end

// ----------------------------------------------------------------------------
// Properties

`ifdef PROVE_WALKS
`include "mmu_walks_formal.svh"
`endif

endmodule

`default_nettype wire
