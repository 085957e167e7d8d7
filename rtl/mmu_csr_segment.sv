// The registers of the segments with their WARL rules: docs/segments.md. mmu_csr.sv has
// the port; numbers are those from REG_SEGMENT0 on.
//
// A write takes effect at the end of its cycle. Reads are combinational. Of a segment
// that does not exist all registers read as zero. Of the physical address only the way
// there from the base is kept, in the form that mmu_segment.sv adds; base and physical
// address are turned into it as either is written, and it is turned back on a read.

`default_nettype none

module mmu_csr_segment #(
	parameter  int XLEN     = 64,
	parameter  int W_ASID   = 16,  // may be 0
	parameter  int SEGMENTS = 8,   // 1 to 16
	localparam int W_ASID_P = (W_ASID == 0) ? 1 : W_ASID,
	localparam int W_VPAGE  = XLEN - 12,
	localparam int W_PPAGE  = (XLEN == 32) ? 22 : 44,
	localparam int W_OFFSET = ((XLEN == 32) ? 35 : 65) - 12
) (
	input  logic                         clk,
	input  logic                         rst_n,

	input  logic                         csr_write,
	input  logic [12:0]                  csr_number,
	input  logic [XLEN-1:0]              csr_wdata,
	output logic [XLEN-1:0]              csr_rdata,  // zero for other numbers

	// In force, as mmu_segment.sv takes them
	output logic [1:0]                   mode,
	output logic [W_ASID_P-1:0]          asid,
	output logic [SEGMENTS*6-1:0]        seg_cfg,
	output logic [SEGMENTS*W_ASID_P-1:0] seg_asid,
	output logic [SEGMENTS*W_VPAGE-1:0]  seg_base,
	output logic [SEGMENTS*XLEN-1:0]     seg_last,
	output logic [SEGMENTS*W_OFFSET-1:0] seg_offset
);

logic       is_segment, is_ctl;
logic [3:0] index;
logic [2:0] field;

assign is_segment = csr_number[12:7] == mmu_pkg::REG_SEGMENT0[12:7];
assign is_ctl     = csr_number == mmu_pkg::REG_SEGCTL;
assign index      = csr_number[6:3];
assign field      = csr_number[2:0];

// ----------------------------------------------------------------------------
// segctl: the reserved MODE drops the write

logic [W_ASID_P-1:0] new_asid;

if (W_ASID == 0) begin : g_no_asid
	assign new_asid = '0;
end else begin : g_asid
	assign new_asid = csr_wdata[mmu_pkg::SEG_ASID +: W_ASID_P];
end

always_ff @(posedge clk or negedge rst_n) begin
	if (!rst_n) begin
		mode <= mmu_pkg::SEGMODE_PAGING;
		asid <= '0;
	end else if (csr_write && is_ctl && csr_wdata[1:0] != 2'd3) begin
		mode <= csr_wdata[1:0];
		asid <= new_asid;
	end
end

// ----------------------------------------------------------------------------
// The segment that the number names

logic [W_VPAGE-1:0]  base;
logic [XLEN-1:0]     last;
logic [W_PPAGE-1:0]  offset, phys;
logic [5:0]          cfg;
logic [W_ASID_P-1:0] cfg_asid;

always_comb begin
	base     = '0;
	last     = '0;
	offset   = '0;
	cfg      = '0;
	cfg_asid = '0;
	for (int i = 0; i < SEGMENTS; i++) begin
		if (index == 4'(i)) begin
			base     = seg_base[i*W_VPAGE +: W_VPAGE];
			last     = seg_last[i*XLEN +: XLEN];
			offset   = seg_offset[i*W_OFFSET +: W_PPAGE];
			cfg      = seg_cfg[6*i +: 6];
			cfg_asid = seg_asid[i*W_ASID_P +: W_ASID_P];
		end
	end
end

logic [63:0] phys_byte;

if (XLEN == 64) begin : g_phys_rv64
	assign phys = base[W_PPAGE-1:0] + offset;
end else begin : g_phys_rv32
	assign phys = {2'b00, base} + offset;
end

assign phys_byte = {{(52-W_PPAGE){1'b0}}, phys, 12'd0};

// ----------------------------------------------------------------------------
// Writes

logic [W_VPAGE-1:0]  new_base;
logic [W_PPAGE-1:0]  new_phys;
logic [W_OFFSET-1:0] new_offset;
logic [5:0]          new_cfg;

assign new_base = (field == mmu_pkg::SEGREG_BASE) ? csr_wdata[XLEN-1:12] : base;

if (XLEN == 64) begin : g_new_phys_rv64
	assign new_phys = (field == mmu_pkg::SEGREG_PHYS) ? csr_wdata[55:12] : phys;
end else begin : g_new_phys_rv32
	assign new_phys = (field == mmu_pkg::SEGREG_PHYS)  ? {phys[21:20], csr_wdata[31:12]}
	                : (field == mmu_pkg::SEGREG_PHYSH) ? {csr_wdata[1:0], phys[19:0]}
	                : phys;
end

assign new_offset = {{(W_OFFSET-W_PPAGE){1'b0}}, new_phys} - {{(W_OFFSET-W_VPAGE){1'b0}}, new_base};

// W without R: neither
always_comb begin
	new_cfg = csr_wdata[5:0];
	new_cfg[mmu_pkg::SEG_W] = csr_wdata[mmu_pkg::SEG_W] && csr_wdata[mmu_pkg::SEG_R];
end

always_ff @(posedge clk or negedge rst_n) begin
	if (!rst_n) begin
		seg_cfg    <= '0;
		seg_asid   <= '0;
		seg_base   <= '0;
		seg_last   <= '0;
		seg_offset <= '0;
	end else if (csr_write && is_segment) begin
		for (int i = 0; i < SEGMENTS; i++) begin
			if (index == 4'(i)) begin
				case (field)
				mmu_pkg::SEGREG_BASE: begin
					seg_base[i*W_VPAGE +: W_VPAGE]     <= new_base;
					seg_offset[i*W_OFFSET +: W_OFFSET] <= new_offset;
				end
				mmu_pkg::SEGREG_PHYS, mmu_pkg::SEGREG_PHYSH:
					seg_offset[i*W_OFFSET +: W_OFFSET] <= new_offset;
				mmu_pkg::SEGREG_LAST:
					seg_last[i*XLEN +: XLEN] <= csr_wdata;
				mmu_pkg::SEGREG_CFG: begin
					seg_cfg[6*i +: 6]                <= new_cfg;
					seg_asid[i*W_ASID_P +: W_ASID_P] <= new_asid;
				end
				default: ;
				endcase
			end
		end
	end
end

// ----------------------------------------------------------------------------
// Reads

always_comb begin
	csr_rdata = '0;
	if (is_ctl) begin
		csr_rdata[1:0]                              = mode;
		csr_rdata[mmu_pkg::SEGCTL_ASID +: W_ASID_P] = asid;
	end else if (is_segment) begin
		case (field)
		mmu_pkg::SEGREG_BASE: csr_rdata[XLEN-1:12] = base;
		mmu_pkg::SEGREG_LAST: csr_rdata            = last;
		mmu_pkg::SEGREG_PHYS:  csr_rdata             = phys_byte[XLEN-1:0];
		mmu_pkg::SEGREG_PHYSH: csr_rdata             = (XLEN == 32) ? phys_byte[63 -: XLEN] : '0;
		mmu_pkg::SEGREG_CFG: begin
			csr_rdata[5:0]                           = cfg;
			csr_rdata[mmu_pkg::SEG_ASID +: W_ASID_P] = cfg_asid;
		end
		default: ;
		endcase
	end
end

logic unused_ok;
assign unused_ok = &{1'b0, csr_wdata};

// ----------------------------------------------------------------------------
// Properties

`ifdef PROVE_SEGMENT_CSR
`include "mmu_csr_segment_formal.svh"
`endif

endmodule

`default_nettype wire
