// The MMU without registers of its own: for a core that keeps satp itself.
// Two request ports with an L1 TLB each, one walker, and the fence.
//
//  fetch ──► mmu_port ──┐ miss             ┌── mmu_port ◄── data
//            mmu_tlb    ├──► mmu_walks  ◄──┤   mmu_tlb
//                       ▼      mmu_walker  ▼
//             fence: both TLBs   └──► memory port (PTE reads)
//
// What a caller may rely on (docs/mmu.md has the timing diagrams):
// - Requests are accepted on valid and ready. A hit, an untranslated access and
//   a non-canonical address are answered in the next cycle, one a cycle a port,
//   both ports at once. Answers carry the tag, come in order, and have no ready.
// - satp is sampled when a request is accepted; later changes do not touch it.
// - A walk that reads n PTEs, each L cycles from its request taken to its data,
//   adds n(L+1)+1 cycles to a hit's one. A miss that finds the walker busy waits
//   for at most one other walk: ports take turns.
// - A fence is accepted while no walk is under way, and done with the cycle of
//   its acceptance: later answers use nothing that it covers. While a fence
//   waits no port is held up; in its cycle no port accepts. Fences leave every
//   other cycle to the ports, and a walk waits for at most one of them.
// - A request for memory stands unchanged until it is taken, and never leaves
//   the physical width. At most one is without an answer.

`default_nettype none
`include "mmu_assert.svh"

module mmu_core #(
	parameter  int XLEN          = 64,  // 32: Bare, Sv32; 64: Bare, Sv39 and up
	parameter  int LEVELS        = 3,   // of the deepest mode: 2 (Sv32), 3 (Sv39), 4 (Sv48), 5 (Sv57)
	parameter  int W_ASID        = 16,  // 0 to 9 (RV32) or 16
	parameter  int W_PA          = 56,  // physical address, 32 to 34 (RV32) or 56
	parameter  int FETCH_ENTRIES = 16,  // of the L1 TLBs, 1 to 64
	parameter  int DATA_ENTRIES  = 16,
	parameter  int W_TAG         = 8,   // of requests, at least 1
	parameter  int W_MEM_TAG     = 2,   // of memory requests, at least 1
	localparam int W_ASID_P      = (W_ASID == 0) ? 1 : W_ASID,
	localparam int W_PPN         = (XLEN == 32) ? 22 : 44
) (
	input  logic                 clk,
	input  logic                 rst_n,

	// Fetch requests, and their answers
	input  logic                 fetch_req_valid,
	output logic                 fetch_req_ready,
	input  logic [XLEN-1:0]      fetch_req_va,
	input  logic [1:0]           fetch_req_priv,  // effective privilege
	input  logic [W_TAG-1:0]     fetch_req_tag,
	output logic                 fetch_ans_valid,
	output logic [W_TAG-1:0]     fetch_ans_tag,
	output logic [W_PA-1:0]      fetch_ans_pa,     // without a fault
	output logic                 fetch_ans_fault,
	output logic [4:0]           fetch_ans_cause,  // with a fault: mcause,
	output logic [XLEN-1:0]      fetch_ans_tval,   // mtval,
	output mmu_pkg::reason_t     fetch_ans_reason, // why,
	output logic                 fetch_ans_pte,    // and whether on the read of a PTE
	output logic [2:0]           fetch_ans_level,  // of the PTE that decided, or LEVEL_NONE

	// Data requests, and their answers
	input  logic                 data_req_valid,
	output logic                 data_req_ready,
	input  logic [XLEN-1:0]      data_req_va,
	input  logic [1:0]           data_req_access,  // ACC_LOAD or ACC_STORE
	input  logic [1:0]           data_req_priv,
	input  logic                 data_req_sum,
	input  logic                 data_req_mxr,
	input  logic [W_TAG-1:0]     data_req_tag,
	output logic                 data_ans_valid,
	output logic [W_TAG-1:0]     data_ans_tag,
	output logic [W_PA-1:0]      data_ans_pa,
	output logic                 data_ans_fault,
	output logic [4:0]           data_ans_cause,
	output logic [XLEN-1:0]      data_ans_tval,
	output mmu_pkg::reason_t     data_ans_reason,
	output logic                 data_ans_pte,
	output logic [2:0]           data_ans_level,

	// satp in force
	input  logic [3:0]           satp_mode,  // SATP_BARE or a mode of at most LEVELS levels
	input  logic [W_ASID_P-1:0]  satp_asid,  // ignored if W_ASID is 0
	input  logic [W_PPN-1:0]     satp_ppn,

	// SFENCE.VMA: register numbers decide rs1_x0 and rs2_x0, not values
	input  logic                 fence_valid,
	output logic                 fence_ready,
	input  logic                 fence_rs1_x0,
	input  logic                 fence_rs2_x0,
	input  logic [XLEN-1:0]      fence_va,
	input  logic [W_ASID_P-1:0]  fence_asid,

	// Memory: PTE reads, XLEN bits wide and aligned
	output logic                 mem_req_valid,
	input  logic                 mem_req_ready,
	output logic [W_PA-1:0]      mem_req_addr,
	output logic [W_MEM_TAG-1:0] mem_req_tag,
	input  logic                 mem_ans_valid,
	input  logic [W_MEM_TAG-1:0] mem_ans_tag,
	input  logic [XLEN-1:0]      mem_ans_data,
	input  logic                 mem_ans_error
);

localparam int W_SEG     = (XLEN == 32) ? 10 : 9;
localparam int W_VPN     = LEVELS * W_SEG;
localparam int W_VA      = 12 + W_VPN;
localparam int W_CONTEXT = W_VPN + W_PPN + 10;

initial begin
	if (XLEN != 32 && XLEN != 64)
		$fatal(1, "%m: XLEN is %0d; it must be 32 or 64", XLEN);
	if (XLEN == 32 ? LEVELS != 2 : (LEVELS < 3 || LEVELS > 5))
		$fatal(1, "%m: LEVELS is %0d; it must be 2 with XLEN=32, else 3 to 5", LEVELS);
	if (W_ASID < 0 || W_ASID > (XLEN == 32 ? 9 : 16))
		$fatal(1, "%m: W_ASID is %0d; it must be 0 to 9 with XLEN=32, else 0 to 16", W_ASID);
	if (W_PA < 32 || W_PA > (XLEN == 32 ? 34 : 56))
		$fatal(1, "%m: W_PA is %0d; it must be 32 to 34 with XLEN=32, else 32 to 56", W_PA);
	if (W_TAG < 1 || W_MEM_TAG < 1)
		$fatal(1, "%m: W_TAG and W_MEM_TAG must be at least 1");
end

logic [W_ASID_P-1:0] asid;
logic [W_ASID_P-1:0] fence_asid_used;

assign asid            = (W_ASID == 0) ? '0 : satp_asid;
assign fence_asid_used = (W_ASID == 0) ? '0 : fence_asid;

// ----------------------------------------------------------------------------
// Fence: between walks, so that none in flight can refill what it removes.
// A non-canonical address is in no page.

logic walk_busy;
logic fenced_q;
logic fence;
logic fence_somewhere;

logic [W_VPN-1:0] fence_vpn;

assign fence_vpn = fence_va[12 +: W_VPN];

if (XLEN == 64) begin : g_fence_rv64
	assign fence_somewhere = fence_rs1_x0 || &fence_va[XLEN-1:W_VA-1] || ~|fence_va[XLEN-1:W_VA-1];
end else begin : g_fence_rv32
	assign fence_somewhere = 1'b1;
end

assign fence_ready = !walk_busy && !fenced_q;
assign fence       = fence_valid && fence_ready && fence_somewhere;

always_ff @(posedge clk or negedge rst_n) begin
	if (!rst_n)
		fenced_q <= 1'b0;
	else
		fenced_q <= fence_valid && fence_ready;
end

// Pages are fenced whole.
logic unused_ok;
assign unused_ok = &{1'b0, fence_va};

// ----------------------------------------------------------------------------
// Ports and walks

logic                 fetch_walk, data_walk;
logic                 fetch_owns, data_owns;
logic                 fetch_done, data_done;
logic [W_CONTEXT-1:0] fetch_context, data_context;

mmu_pkg::reason_t     walk_reason;
logic [2:0]           walk_level;
logic                 walk_pte;
logic [LEVELS-2:0]    walk_big;
logic [W_PA-13:0]     walk_leaf_ppn;
logic [W_PA-13:0]     walk_ppn;
mmu_pkg::pte_flags_t  walk_flags;

mmu_port #(
	.XLEN (XLEN), .LEVELS (LEVELS), .W_ASID (W_ASID_P), .W_PA (W_PA),
	.ENTRIES (FETCH_ENTRIES), .W_TAG (W_TAG)
) fetch (
	.clk, .rst_n,
	.req_valid (fetch_req_valid), .req_ready (fetch_req_ready), .req_va (fetch_req_va),
	.req_access (mmu_pkg::ACC_FETCH), .req_priv (fetch_req_priv),
	.req_sum (1'b0), .req_mxr (1'b0), .req_tag (fetch_req_tag),
	.satp_mode, .satp_asid (asid), .satp_ppn,
	.ans_valid (fetch_ans_valid), .ans_tag (fetch_ans_tag), .ans_pa (fetch_ans_pa),
	.ans_fault (fetch_ans_fault), .ans_cause (fetch_ans_cause), .ans_tval (fetch_ans_tval),
	.ans_reason (fetch_ans_reason), .ans_pte (fetch_ans_pte), .ans_level (fetch_ans_level),
	.walk_valid (fetch_walk), .walk_context (fetch_context),
	.walk_owns (fetch_owns), .walk_done (fetch_done), .walk_reason, .walk_level, .walk_pte,
	.walk_big, .walk_leaf_ppn, .walk_ppn, .walk_flags,
	.fence, .fence_vpn, .fence_any_va (fence_rs1_x0),
	.fence_asid (fence_asid_used), .fence_any_asid (fence_rs2_x0)
);

mmu_port #(
	.XLEN (XLEN), .LEVELS (LEVELS), .W_ASID (W_ASID_P), .W_PA (W_PA),
	.ENTRIES (DATA_ENTRIES), .W_TAG (W_TAG)
) data (
	.clk, .rst_n,
	.req_valid (data_req_valid), .req_ready (data_req_ready), .req_va (data_req_va),
	.req_access (data_req_access), .req_priv (data_req_priv),
	.req_sum (data_req_sum), .req_mxr (data_req_mxr), .req_tag (data_req_tag),
	.satp_mode, .satp_asid (asid), .satp_ppn,
	.ans_valid (data_ans_valid), .ans_tag (data_ans_tag), .ans_pa (data_ans_pa),
	.ans_fault (data_ans_fault), .ans_cause (data_ans_cause), .ans_tval (data_ans_tval),
	.ans_reason (data_ans_reason), .ans_pte (data_ans_pte), .ans_level (data_ans_level),
	.walk_valid (data_walk), .walk_context (data_context),
	.walk_owns (data_owns), .walk_done (data_done), .walk_reason, .walk_level, .walk_pte,
	.walk_big, .walk_leaf_ppn, .walk_ppn, .walk_flags,
	.fence, .fence_vpn, .fence_any_va (fence_rs1_x0),
	.fence_asid (fence_asid_used), .fence_any_asid (fence_rs2_x0)
);

mmu_walks #(
	.XLEN (XLEN), .LEVELS (LEVELS), .W_PA (W_PA), .W_MEM_TAG (W_MEM_TAG)
) walks (
	.clk, .rst_n,
	.fetch_valid (fetch_walk), .fetch_context, .data_valid (data_walk), .data_context,
	.busy (walk_busy), .fetch_owns, .data_owns, .fetch_done, .data_done,
	.reason (walk_reason), .level (walk_level), .on_pte (walk_pte), .big (walk_big),
	.leaf_ppn (walk_leaf_ppn), .ppn (walk_ppn), .flags (walk_flags),
	.mem_req_valid, .mem_req_ready, .mem_req_addr, .mem_req_tag,
	.mem_ans_valid, .mem_ans_tag, .mem_ans_data, .mem_ans_error
);

// ----------------------------------------------------------------------------
// Properties

`ifdef PROVE_CORE
`include "mmu_core_formal.svh"
`endif

endmodule

`default_nettype wire
