// The translation registers with their WARL rules, behind a plain write port: for
// cores, boards and benches that keep none of their own.
//
// A write takes effect at the end of its cycle: requests accepted in that cycle
// still see the old value. Reads are combinational. A register number that is not
// kept here reads as zero, and writes to it do nothing. Of menvcfg, senvcfg and
// mseccfg only the fields that decide about translation are here; the others are the
// core's, and read as zero. At reset all is zero.
//
// satp (specification, "Supervisor Address Translation and Protection"):
// - an unsupported MODE drops the whole write;
// - ASID keeps its W_ASID low bits, the others read as zero;
// - PPN keeps all its bits, even those beyond the physical width: a root that
//   cannot be reached is an access fault of the walk, never another address.
//
// menvcfg SSE, PMM, PBMTE, ADUE; senvcfg PMM; mseccfg MML, MMWP, RLB, PMM: those of
// an absent extension read as zero. PMM keeps its value when the reserved 1 is written.
// MML and MMWP stay once set; RLB is set only while no PMP entry is locked.

`default_nettype none

module mmu_csr #(
	parameter  int XLEN            = 64,
	parameter  int LEVELS          = 3,
	parameter  int W_ASID          = 16,  // 0 to 9 (RV32) or 16
	parameter  int W_PA            = 56,
	parameter  int PMP_ENTRIES     = 8,
	parameter  int PMP_GRAIN       = 0,
	parameter  int SVADU           = 0,
	parameter  int SVPBMT          = 0,
	parameter  int POINTER_MASKING = 0,
	parameter  int ZICFISS         = 0,
	parameter  int SMEPMP          = 0,
	parameter  int SEGMENTS        = 0,
	localparam int W_ASID_P        = (W_ASID == 0) ? 1 : W_ASID,
	localparam int W_PPN           = (XLEN == 32) ? 22 : 44,
	localparam int N_PMP           = (PMP_ENTRIES == 0) ? 1 : PMP_ENTRIES,
	localparam int N_SEG           = (SEGMENTS == 0) ? 1 : SEGMENTS,
	localparam int W_VPAGE         = XLEN - 12,
	localparam int W_OFFSET        = ((XLEN == 32) ? 35 : 65) - 12
) (
	input  logic                      clk,
	input  logic                      rst_n,

	// Register port: CSR numbers, and those of segments above them
	input  logic                      csr_write,
	input  logic [12:0]               csr_number,
	input  logic [XLEN-1:0]           csr_wdata,
	output logic [XLEN-1:0]           csr_rdata,

	// In force, as mmu_core.sv takes them
	output logic [3:0]                satp_mode,
	output logic [W_ASID_P-1:0]       satp_asid,
	output logic [W_PPN-1:0]          satp_ppn,
	output logic                      adue,
	output logic                      pbmte,
	output logic                      sse,
	output logic [1:0]                pmm_m,
	output logic [1:0]                pmm_s,
	output logic [1:0]                pmm_u,
	output logic                      mml,
	output logic                      mmwp,
	output logic                      pmp_write,
	output logic [N_PMP*8-1:0]        pmp_cfg,
	output logic [N_PMP*(W_PA-2)-1:0] pmp_addr,
	output logic [1:0]                segctl_mode,
	output logic [W_ASID_P-1:0]       segctl_asid,
	output logic [N_SEG*6-1:0]        seg_cfg,
	output logic [N_SEG*W_ASID_P-1:0] seg_asid,
	output logic [N_SEG*W_VPAGE-1:0]  seg_base,
	output logic [N_SEG*XLEN-1:0]     seg_last,
	output logic [N_SEG*W_OFFSET-1:0] seg_offset
);

logic        write;   // of a CSR
logic [11:0] number;

assign write  = csr_write && !csr_number[12];
assign number = csr_number[11:0];

// ----------------------------------------------------------------------------
// satp

localparam int MODE_LSB = (XLEN == 32) ? 31 : 60;
localparam int ASID_LSB = (XLEN == 32) ? 22 : 44;
localparam int W_MODE   = XLEN - MODE_LSB;

logic [W_MODE-1:0]   mode_q;
logic [W_ASID_P-1:0] asid_q;
logic [W_PPN-1:0]    ppn_q;

logic [W_MODE-1:0]   new_mode;
logic                mode_ok;

assign new_mode = csr_wdata[MODE_LSB +: W_MODE];

if (XLEN == 32) begin : g_mode_rv32
	assign mode_ok   = 1'b1;
	assign satp_mode = {3'b000, mode_q};
end else begin : g_mode_rv64
	assign mode_ok   = new_mode == mmu_pkg::SATP_BARE
	                || new_mode == mmu_pkg::SATP_SV39
	                || (LEVELS >= 4 && new_mode == mmu_pkg::SATP_SV48)
	                || (LEVELS >= 5 && new_mode == mmu_pkg::SATP_SV57);
	assign satp_mode = mode_q;
end

assign satp_asid = asid_q;
assign satp_ppn  = ppn_q;

always_ff @(posedge clk or negedge rst_n) begin
	if (!rst_n) begin
		mode_q <= '0;
		asid_q <= '0;
		ppn_q  <= '0;
	end else if (write && number == mmu_pkg::CSR_SATP && mode_ok) begin
		mode_q <= new_mode;
		asid_q <= (W_ASID == 0) ? '0 : csr_wdata[ASID_LSB +: W_ASID_P];
		ppn_q  <= csr_wdata[W_PPN-1:0];
	end
end

// ----------------------------------------------------------------------------
// menvcfg, senvcfg, mseccfg. On RV32 the upper halves are registers of their own;
// there is neither PBMTE nor pointer masking.

logic       write_menvcfg, write_menvcfgh, write_senvcfg, write_mseccfg;
logic       new_adue, new_pbmte;
logic [1:0] new_pmm;
logic       any_locked;

assign write_menvcfg  = write && number == mmu_pkg::CSR_MENVCFG;
assign write_senvcfg  = write && number == mmu_pkg::CSR_SENVCFG;
assign write_mseccfg  = write && number == mmu_pkg::CSR_MSECCFG;

if (XLEN == 32) begin : g_env_rv32
	assign write_menvcfgh = write && number == mmu_pkg::CSR_MENVCFGH;
	assign new_adue       = csr_wdata[mmu_pkg::ENVCFG_ADUE - 32];
	assign new_pbmte      = 1'b0;
	assign new_pmm        = mmu_pkg::PMM_OFF;
end else begin : g_env_rv64
	assign write_menvcfgh = write_menvcfg;
	assign new_adue       = csr_wdata[mmu_pkg::ENVCFG_ADUE];
	assign new_pbmte      = csr_wdata[mmu_pkg::ENVCFG_PBMTE];
	assign new_pmm        = csr_wdata[mmu_pkg::ENVCFG_PMM +: 2];
end

logic       adue_q, pbmte_q, sse_q, mml_q, mmwp_q, rlb_q;
logic [1:0] pmm_m_q, pmm_s_q, pmm_u_q;
logic       pmm_ok;

// The reserved 1 is not kept.
assign pmm_ok = new_pmm != 2'd1;

always_ff @(posedge clk or negedge rst_n) begin
	if (!rst_n) begin
		adue_q  <= 1'b0;
		pbmte_q <= 1'b0;
		sse_q   <= 1'b0;
		mml_q   <= 1'b0;
		mmwp_q  <= 1'b0;
		rlb_q   <= 1'b0;
		pmm_m_q <= mmu_pkg::PMM_OFF;
		pmm_s_q <= mmu_pkg::PMM_OFF;
		pmm_u_q <= mmu_pkg::PMM_OFF;
	end else begin
		if (write_menvcfg && ZICFISS != 0)
			sse_q <= csr_wdata[mmu_pkg::ENVCFG_SSE];
		if (write_menvcfgh && SVADU != 0)
			adue_q <= new_adue;
		if (write_menvcfgh && SVPBMT != 0)
			pbmte_q <= new_pbmte;
		if (POINTER_MASKING != 0 && pmm_ok) begin
			if (write_mseccfg) pmm_m_q <= new_pmm;
			if (write_menvcfg) pmm_s_q <= new_pmm;
			if (write_senvcfg) pmm_u_q <= new_pmm;
		end
		if (write_mseccfg && SMEPMP != 0) begin
			mml_q  <= mml_q || csr_wdata[mmu_pkg::MSECCFG_MML];
			mmwp_q <= mmwp_q || csr_wdata[mmu_pkg::MSECCFG_MMWP];
			rlb_q  <= csr_wdata[mmu_pkg::MSECCFG_RLB] && (rlb_q || !any_locked);
		end
	end
end

assign adue  = adue_q;
assign pbmte = pbmte_q;
assign sse   = sse_q;
assign mml   = mml_q;
assign mmwp  = mmwp_q;
assign pmm_m = pmm_m_q;
assign pmm_s = pmm_s_q;
assign pmm_u = pmm_u_q;

// ----------------------------------------------------------------------------
// PMP

logic            pmp_changes;
logic [XLEN-1:0] pmp_rdata;

if (PMP_ENTRIES > 0) begin : g_pmp
	mmu_csr_pmp #(
		.XLEN (XLEN), .W_PA (W_PA), .ENTRIES (PMP_ENTRIES), .GRAIN (PMP_GRAIN)
	) pmp (
		.clk, .rst_n, .csr_write (write), .csr_number (number), .csr_wdata, .csr_rdata (pmp_rdata),
		.mml (mml_q), .rlb (rlb_q), .any_locked, .changes (pmp_changes),
		.cfg (pmp_cfg), .addr (pmp_addr)
	);
end else begin : g_no_pmp
	assign pmp_rdata   = '0;
	assign pmp_changes = 1'b0;
	assign any_locked  = 1'b0;
	assign pmp_cfg     = '0;
	assign pmp_addr    = '0;
end

assign pmp_write = pmp_changes || (SMEPMP != 0 && write_mseccfg);

// ----------------------------------------------------------------------------
// Segments

logic [XLEN-1:0] segment_rdata;

if (SEGMENTS > 0) begin : g_segments
	mmu_csr_segment #(
		.XLEN (XLEN), .W_ASID (W_ASID), .SEGMENTS (SEGMENTS)
	) segments (
		.clk, .rst_n, .csr_write, .csr_number, .csr_wdata, .csr_rdata (segment_rdata),
		.mode (segctl_mode), .asid (segctl_asid),
		.seg_cfg, .seg_asid, .seg_base, .seg_last, .seg_offset
	);
end else begin : g_no_segments
	assign segment_rdata = '0;
	assign segctl_mode      = mmu_pkg::SEGMODE_PAGING;
	assign segctl_asid  = '0;
	assign seg_cfg       = '0;
	assign seg_asid      = '0;
	assign seg_base      = '0;
	assign seg_last      = '0;
	assign seg_offset    = '0;
end

// ----------------------------------------------------------------------------
// Reads

logic [63:0] menvcfg, senvcfg, mseccfg;

always_comb begin
	menvcfg = '0;
	menvcfg[mmu_pkg::ENVCFG_SSE]      = sse_q;
	menvcfg[mmu_pkg::ENVCFG_PMM +: 2] = pmm_s_q;
	menvcfg[mmu_pkg::ENVCFG_PBMTE]    = pbmte_q;
	menvcfg[mmu_pkg::ENVCFG_ADUE]     = adue_q;

	senvcfg = '0;
	senvcfg[mmu_pkg::ENVCFG_PMM +: 2] = pmm_u_q;

	mseccfg = '0;
	mseccfg[mmu_pkg::MSECCFG_MML]     = mml_q;
	mseccfg[mmu_pkg::MSECCFG_MMWP]    = mmwp_q;
	mseccfg[mmu_pkg::MSECCFG_RLB]     = rlb_q;
	mseccfg[mmu_pkg::ENVCFG_PMM +: 2] = pmm_m_q;
end

always_comb begin
	csr_rdata = pmp_rdata;
	case (number)
	mmu_pkg::CSR_SATP: begin
		csr_rdata[MODE_LSB +: W_MODE]   = mode_q;
		csr_rdata[ASID_LSB +: W_ASID_P] = asid_q;
		csr_rdata[W_PPN-1:0]            = ppn_q;
	end
	mmu_pkg::CSR_MENVCFG:  csr_rdata = menvcfg[XLEN-1:0];
	mmu_pkg::CSR_SENVCFG:  csr_rdata = senvcfg[XLEN-1:0];
	mmu_pkg::CSR_MSECCFG:  csr_rdata = mseccfg[XLEN-1:0];
	mmu_pkg::CSR_MENVCFGH: csr_rdata = (XLEN == 32) ? menvcfg[63 -: XLEN] : '0;
	default: ;
	endcase
	if (csr_number[12])
		csr_rdata = segment_rdata;
end

// Bits of an ASID wider than ours are ignored, and much of the other registers.
logic unused_ok;
assign unused_ok = &{1'b0, csr_wdata, menvcfg, senvcfg, mseccfg};

endmodule

`default_nettype wire
