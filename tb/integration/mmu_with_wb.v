// A template to copy: the MMU with its memory port on pipelined Wishbone B4, in plain Verilog.
// Choose the parameters of mmu (docs/mmu.md; those of a named configuration:
// rtl/configs.sh params sv39) and of the adapter (docs/bus.md); the widths of the ports
// follow from them. Here: Sv39, 56 address bits, a bus of 64 bits.

`default_nettype none

module mmu_with_wb (
	input  wire         clk,
	input  wire         rst_n,
	input  wire         fetch_req_valid,
	output wire         fetch_req_ready,
	input  wire [63:0]  fetch_req_va,
	input  wire [5:0]   fetch_req_size,
	input  wire [1:0]   fetch_req_priv,
	input  wire [7:0]   fetch_req_tag,
	output wire         fetch_ans_valid,
	output wire [7:0]   fetch_ans_tag,
	output wire [55:0]  fetch_ans_pa,
	output wire [1:0]   fetch_ans_memory,
	output wire         fetch_ans_fault,
	output wire [4:0]   fetch_ans_cause,
	output wire [63:0]  fetch_ans_tval,
	output wire [5:0]   fetch_ans_reason,
	output wire         fetch_ans_pte,
	output wire [2:0]   fetch_ans_level,
	input  wire         data_req_valid,
	output wire         data_req_ready,
	input  wire [63:0]  data_req_va,
	input  wire [3:0]   data_req_access,
	input  wire [5:0]   data_req_size,
	input  wire [1:0]   data_req_priv,
	input  wire         data_req_sum,
	input  wire         data_req_mxr,
	input  wire [7:0]   data_req_tag,
	output wire         data_ans_valid,
	output wire [7:0]   data_ans_tag,
	output wire [55:0]  data_ans_pa,
	output wire [1:0]   data_ans_memory,
	output wire         data_ans_fault,
	output wire [4:0]   data_ans_cause,
	output wire [63:0]  data_ans_tval,
	output wire [5:0]   data_ans_reason,
	output wire         data_ans_pte,
	output wire [2:0]   data_ans_level,
	input  wire         csr_write,
	input  wire [12:0]  csr_number,
	input  wire [63:0]  csr_wdata,
	output wire [63:0]  csr_rdata,
	input  wire         fence_valid,
	output wire         fence_ready,
	input  wire         fence_rs1_x0,
	input  wire         fence_rs2_x0,
	input  wire [63:0]  fence_va,
	input  wire [15:0]  fence_asid,
	output wire         wbm_cyc,
	output wire         wbm_stb,
	output wire         wbm_lock,
	output wire         wbm_we,
	output wire [63:0]  wbm_adr,
	output wire [7:0]   wbm_sel,
	output wire [63:0]  wbm_dat_w,
	input  wire [63:0]  wbm_dat_r,
	input  wire         wbm_stall,
	input  wire         wbm_ack,
	input  wire         wbm_err,
	input  wire         wbm_rty
);

wire         mem_req_valid;
wire         mem_req_ready;
wire         mem_req_swap;
wire [55:0]  mem_req_addr;
wire [63:0]  mem_req_expected;
wire [63:0]  mem_req_desired;
wire [4:0]   mem_req_tag;
wire         mem_ans_valid;
wire [4:0]   mem_ans_tag;
wire [63:0]  mem_ans_data;
wire         mem_ans_error;

mmu_flat #(
	.XLEN (64), .LEVELS (3), .W_ASID (16), .W_PA (56), .FETCH_ENTRIES (16), .DATA_ENTRIES (16), .PMP_ENTRIES (8),
	.SVADU (1), .SVNAPOT (1), .SVPBMT (1), .W_TAG (8), .W_MEM_TAG (5)
) mmu (
	.clk (clk),
	.rst_n (rst_n),
	.fetch_req_valid (fetch_req_valid),
	.fetch_req_ready (fetch_req_ready),
	.fetch_req_va (fetch_req_va),
	.fetch_req_size (fetch_req_size),
	.fetch_req_priv (fetch_req_priv),
	.fetch_req_tag (fetch_req_tag),
	.fetch_ans_valid (fetch_ans_valid),
	.fetch_ans_tag (fetch_ans_tag),
	.fetch_ans_pa (fetch_ans_pa),
	.fetch_ans_memory (fetch_ans_memory),
	.fetch_ans_fault (fetch_ans_fault),
	.fetch_ans_cause (fetch_ans_cause),
	.fetch_ans_tval (fetch_ans_tval),
	.fetch_ans_reason (fetch_ans_reason),
	.fetch_ans_pte (fetch_ans_pte),
	.fetch_ans_level (fetch_ans_level),
	.data_req_valid (data_req_valid),
	.data_req_ready (data_req_ready),
	.data_req_va (data_req_va),
	.data_req_access (data_req_access),
	.data_req_size (data_req_size),
	.data_req_priv (data_req_priv),
	.data_req_sum (data_req_sum),
	.data_req_mxr (data_req_mxr),
	.data_req_tag (data_req_tag),
	.data_ans_valid (data_ans_valid),
	.data_ans_tag (data_ans_tag),
	.data_ans_pa (data_ans_pa),
	.data_ans_memory (data_ans_memory),
	.data_ans_fault (data_ans_fault),
	.data_ans_cause (data_ans_cause),
	.data_ans_tval (data_ans_tval),
	.data_ans_reason (data_ans_reason),
	.data_ans_pte (data_ans_pte),
	.data_ans_level (data_ans_level),
	.csr_write (csr_write),
	.csr_number (csr_number),
	.csr_wdata (csr_wdata),
	.csr_rdata (csr_rdata),
	.fence_valid (fence_valid),
	.fence_ready (fence_ready),
	.fence_rs1_x0 (fence_rs1_x0),
	.fence_rs2_x0 (fence_rs2_x0),
	.fence_va (fence_va),
	.fence_asid (fence_asid),
	.mem_req_valid (mem_req_valid),
	.mem_req_ready (mem_req_ready),
	.mem_req_swap (mem_req_swap),
	.mem_req_addr (mem_req_addr),
	.mem_req_expected (mem_req_expected),
	.mem_req_desired (mem_req_desired),
	.mem_req_tag (mem_req_tag),
	.mem_ans_valid (mem_ans_valid),
	.mem_ans_tag (mem_ans_tag),
	.mem_ans_data (mem_ans_data),
	.mem_ans_error (mem_ans_error)
);

mmu_wb #(
	.XLEN (64), .W_PA (56), .W_MEM_TAG (5), .W_ADDR (64), .W_DATA (64)
) ptes (
	.clk (clk),
	.rst_n (rst_n),
	.mem_req_valid (mem_req_valid),
	.mem_req_ready (mem_req_ready),
	.mem_req_swap (mem_req_swap),
	.mem_req_addr (mem_req_addr),
	.mem_req_expected (mem_req_expected),
	.mem_req_desired (mem_req_desired),
	.mem_req_tag (mem_req_tag),
	.mem_ans_valid (mem_ans_valid),
	.mem_ans_tag (mem_ans_tag),
	.mem_ans_data (mem_ans_data),
	.mem_ans_error (mem_ans_error),
	.cyc (wbm_cyc),
	.stb (wbm_stb),
	.lock (wbm_lock),
	.we (wbm_we),
	.adr (wbm_adr),
	.sel (wbm_sel),
	.dat_w (wbm_dat_w),
	.dat_r (wbm_dat_r),
	.stall (wbm_stall),
	.ack (wbm_ack),
	.err (wbm_err),
	.rty (wbm_rty)
);

endmodule

`default_nettype wire
