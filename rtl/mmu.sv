// The MMU, complete: mmu_core with the translation registers of mmu_csr in
// front, and counters of its events behind the same register port. What a caller may
// rely on stands in those; docs/mmu.md shows it.
//
//   csr ─┬► mmu_csr ──► mmu_core ◄──► fetch, data, fence, memory
//        └► mmu_counters ◄──┘

`default_nettype none

module mmu #(
	parameter  int                        XLEN            = 64,
	parameter  int                        LEVELS          = 3,
	parameter  int                        W_ASID          = 16,
	parameter  int                        W_PA            = 56,
	parameter  int                        FETCH_ENTRIES   = 16,
	parameter  int                        DATA_ENTRIES    = 16,
	parameter  int                        PMP_ENTRIES     = 8,
	parameter  int                        PMP_GRAIN       = 0,
	parameter  int                        SVADU           = 0,
	parameter  int                        SVNAPOT         = 0,
	parameter  int                        SVPBMT          = 0,
	parameter  int                        SVRSW60T59B     = 0,
	parameter  int                        POINTER_MASKING = 0,
	parameter  int                        ZICFISS         = 0,
	parameter  int                        SMEPMP          = 0,
	parameter  int                        SEGMENTS        = 0,
	parameter  int                        WALKERS         = 1,
	parameter  int                        WALK_CACHE      = 0,
	parameter  int                        MISSES          = 1,
	parameter  int                        HIT_UNDER_MISS  = 0,
	parameter  int                        L2_ENTRIES      = 0,
	parameter  int                        L2_WAYS         = 1,
	parameter  int                        L2_LARGE        = 0,
	parameter  int                        L2_PARITY       = 0,
	parameter  int                        COUNTERS        = 0,
	parameter  int                        PMA_REGIONS     = 1,
	parameter  logic [PMA_REGIONS*64-1:0] PMA             = {PMA_REGIONS{64'hff1f_ffff_ffff_ffff}},
	parameter  int                        W_TAG           = 8,
	parameter  int                        W_MEM_TAG       = 2 + $clog2(WALKERS),
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
	input  logic [5:0]                fetch_req_size,
	input  logic [1:0]                fetch_req_priv,
	input  logic [W_TAG-1:0]          fetch_req_tag,
	output logic                      fetch_ans_valid,
	output logic [W_TAG-1:0]          fetch_ans_tag,
	output logic [W_PA-1:0]           fetch_ans_pa,
	output logic [1:0]                fetch_ans_memory,
	output logic                      fetch_ans_fault,
	output logic [4:0]                fetch_ans_cause,
	output logic [XLEN-1:0]           fetch_ans_tval,
	output mmu_pkg::reason_t          fetch_ans_reason,
	output logic                      fetch_ans_pte,
	output logic [2:0]                fetch_ans_level,

	// Data requests, and their answers
	input  logic                      data_req_valid,
	output logic                      data_req_ready,
	input  logic [XLEN-1:0]           data_req_va,
	input  mmu_pkg::access_t          data_req_access,
	input  logic [5:0]                data_req_size,
	input  logic [1:0]                data_req_priv,
	input  logic                      data_req_sum,
	input  logic                      data_req_mxr,
	input  logic [W_TAG-1:0]          data_req_tag,
	output logic                      data_ans_valid,
	output logic [W_TAG-1:0]          data_ans_tag,
	output logic [W_PA-1:0]           data_ans_pa,
	output logic [1:0]                data_ans_memory,
	output logic                      data_ans_fault,
	output logic [4:0]                data_ans_cause,
	output logic [XLEN-1:0]           data_ans_tval,
	output mmu_pkg::reason_t          data_ans_reason,
	output logic                      data_ans_pte,
	output logic [2:0]                data_ans_level,

	// Registers, by their CSR numbers; those of segments, REG_*, follow
	input  logic                      csr_write,
	input  logic [12:0]               csr_number,
	input  logic [XLEN-1:0]           csr_wdata,
	output logic [XLEN-1:0]           csr_rdata,

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
	output logic                      mem_req_swap,
	output logic [W_PA-1:0]           mem_req_addr,
	output logic [XLEN-1:0]           mem_req_expected,
	output logic [XLEN-1:0]           mem_req_desired,
	output logic [W_MEM_TAG-1:0]      mem_req_tag,
	input  logic                      mem_ans_valid,
	input  logic [W_MEM_TAG-1:0]      mem_ans_tag,
	input  logic [XLEN-1:0]           mem_ans_data,
	input  logic                      mem_ans_error
);

logic [3:0]          satp_mode;
logic [W_ASID_P-1:0] satp_asid;
logic [W_PPN-1:0]    satp_ppn;
logic                adue, pbmte, sse;
logic [1:0]          pmm_m, pmm_s, pmm_u;
logic                mml, mmwp;
logic                pmp_write;

logic [N_PMP*8-1:0]        pmp_cfg;
logic [N_PMP*(W_PA-2)-1:0] pmp_addr;

logic [1:0]                segctl_mode;
logic [W_ASID_P-1:0]       segctl_asid;
logic [N_SEG*6-1:0]        seg_cfg;
logic [N_SEG*W_ASID_P-1:0] seg_asid;
logic [N_SEG*W_VPAGE-1:0]  seg_base;
logic [N_SEG*XLEN-1:0]     seg_last;
logic [N_SEG*W_OFFSET-1:0] seg_offset;

logic [mmu_pkg::COUNTERS_N-1:0] events;
logic [XLEN-1:0]                kept_rdata, counter_rdata;

mmu_csr #(
	.XLEN (XLEN), .LEVELS (LEVELS), .W_ASID (W_ASID), .W_PA (W_PA), .PMP_ENTRIES (PMP_ENTRIES),
	.PMP_GRAIN (PMP_GRAIN), .SVADU (SVADU), .SVPBMT (SVPBMT), .POINTER_MASKING (POINTER_MASKING),
	.ZICFISS (ZICFISS), .SMEPMP (SMEPMP), .SEGMENTS (SEGMENTS)
) csr (
	.clk, .rst_n,
	.csr_write, .csr_number, .csr_wdata, .csr_rdata (kept_rdata),
	.satp_mode, .satp_asid, .satp_ppn, .adue, .pbmte, .sse, .pmm_m, .pmm_s, .pmm_u, .mml, .mmwp,
	.pmp_write, .pmp_cfg, .pmp_addr,
	.segctl_mode, .segctl_asid, .seg_cfg, .seg_asid, .seg_base, .seg_last, .seg_offset
);

mmu_core #(
	.XLEN (XLEN), .LEVELS (LEVELS), .W_ASID (W_ASID), .W_PA (W_PA),
	.FETCH_ENTRIES (FETCH_ENTRIES), .DATA_ENTRIES (DATA_ENTRIES),
	.PMP_ENTRIES (PMP_ENTRIES), .PMP_GRAIN (PMP_GRAIN), .SVADU (SVADU), .SVNAPOT (SVNAPOT),
	.SVPBMT (SVPBMT), .SVRSW60T59B (SVRSW60T59B), .POINTER_MASKING (POINTER_MASKING),
	.ZICFISS (ZICFISS), .SMEPMP (SMEPMP), .SEGMENTS (SEGMENTS),
	.WALKERS (WALKERS), .WALK_CACHE (WALK_CACHE), .MISSES (MISSES),
	.HIT_UNDER_MISS (HIT_UNDER_MISS), .L2_ENTRIES (L2_ENTRIES), .L2_WAYS (L2_WAYS), .L2_LARGE (L2_LARGE),
	.L2_PARITY (L2_PARITY), .PMA_REGIONS (PMA_REGIONS), .PMA (PMA),
	.W_TAG (W_TAG), .W_MEM_TAG (W_MEM_TAG)
) core (
	.clk, .rst_n,
	.fetch_req_valid, .fetch_req_ready, .fetch_req_va, .fetch_req_size, .fetch_req_priv, .fetch_req_tag,
	.fetch_ans_valid, .fetch_ans_tag, .fetch_ans_pa, .fetch_ans_memory, .fetch_ans_fault,
	.fetch_ans_cause, .fetch_ans_tval, .fetch_ans_reason, .fetch_ans_pte, .fetch_ans_level,
	.data_req_valid, .data_req_ready, .data_req_va, .data_req_access, .data_req_size, .data_req_priv,
	.data_req_sum, .data_req_mxr, .data_req_tag,
	.data_ans_valid, .data_ans_tag, .data_ans_pa, .data_ans_memory, .data_ans_fault,
	.data_ans_cause, .data_ans_tval, .data_ans_reason, .data_ans_pte, .data_ans_level,
	.satp_mode, .satp_asid, .satp_ppn, .adue, .pbmte, .sse, .pmm_m, .pmm_s, .pmm_u, .mml, .mmwp,
	.pmp_write, .pmp_cfg, .pmp_addr,
	.segctl_mode, .segctl_asid, .seg_cfg, .seg_asid, .seg_base, .seg_last, .seg_offset,
	.fence_valid, .fence_ready, .fence_rs1_x0, .fence_rs2_x0, .fence_va, .fence_asid,
	.mem_req_valid, .mem_req_ready, .mem_req_swap, .mem_req_addr, .mem_req_expected,
	.mem_req_desired, .mem_req_tag,
	.mem_ans_valid, .mem_ans_tag, .mem_ans_data, .mem_ans_error, .events,
	.l2_flip (csr_write && csr_number == mmu_pkg::REG_L2_FLIP), .l2_flip_bit (csr_wdata[7:0])
);

initial if (COUNTERS != 0 && COUNTERS != 1)
	$fatal(1, "mmu: COUNTERS is %0d; it must be 0 or 1", COUNTERS);

if (COUNTERS != 0) begin : g_counters
	mmu_counters #(
		.XLEN (XLEN)
	) counters (
		.clk, .rst_n, .events, .csr_write, .csr_number, .csr_wdata, .csr_rdata (counter_rdata)
	);
end else begin : g_no_counters
	logic unused_ok;
	assign unused_ok     = &{1'b0, events};
	assign counter_rdata = '0;
end

assign csr_rdata = kept_rdata | counter_rdata;

endmodule

`default_nettype wire
