// The translation registers with their WARL rules, behind a plain write port:
// for cores, boards and benches that keep none of their own. satp so far.
//
// A write takes effect at the end of its cycle: requests accepted in that cycle
// still see the old value. Reads are combinational. A register number that is
// not kept here reads as zero, and writes to it do nothing.
//
// satp (specification, "Supervisor Address Translation and Protection"):
// - an unsupported MODE drops the whole write;
// - ASID keeps its W_ASID low bits, the others read as zero;
// - PPN keeps all its bits, even those beyond the physical width: a root that
//   cannot be reached is an access fault of the walk, never another address.

`default_nettype none

module mmu_csr #(
	parameter  int XLEN     = 64,
	parameter  int LEVELS   = 3,
	parameter  int W_ASID   = 16,  // 0 to 9 (RV32) or 16
	localparam int W_ASID_P = (W_ASID == 0) ? 1 : W_ASID,
	localparam int W_PPN    = (XLEN == 32) ? 22 : 44
) (
	input  logic                clk,
	input  logic                rst_n,

	// Register port
	input  logic                csr_write,
	input  logic [11:0]         csr_number,
	input  logic [XLEN-1:0]     csr_wdata,
	output logic [XLEN-1:0]     csr_rdata,

	// satp in force
	output logic [3:0]          satp_mode,
	output logic [W_ASID_P-1:0] satp_asid,
	output logic [W_PPN-1:0]    satp_ppn
);

localparam int MODE_LSB = (XLEN == 32) ? 31 : 60;
localparam int ASID_LSB = (XLEN == 32) ? 22 : 44;
localparam int W_MODE   = XLEN - MODE_LSB;

logic [W_MODE-1:0]   mode_q;
logic [W_ASID_P-1:0] asid_q;
logic [W_PPN-1:0]    ppn_q;

logic [W_MODE-1:0]   new_mode;
logic                mode_ok;
logic                satp_write;

assign new_mode = csr_wdata[MODE_LSB +: W_MODE];

if (XLEN == 32) begin : g_rv32
	assign mode_ok   = 1'b1;
	assign satp_mode = {3'b000, mode_q};
end else begin : g_rv64
	assign mode_ok   = new_mode == mmu_pkg::SATP_BARE
	                || new_mode == mmu_pkg::SATP_SV39
	                || (LEVELS >= 4 && new_mode == mmu_pkg::SATP_SV48)
	                || (LEVELS >= 5 && new_mode == mmu_pkg::SATP_SV57);
	assign satp_mode = mode_q;
end

assign satp_write = csr_write && csr_number == mmu_pkg::CSR_SATP && mode_ok;
assign satp_asid  = asid_q;
assign satp_ppn   = ppn_q;

always_comb begin
	csr_rdata = '0;
	if (csr_number == mmu_pkg::CSR_SATP) begin
		csr_rdata[MODE_LSB +: W_MODE]   = mode_q;
		csr_rdata[ASID_LSB +: W_ASID_P] = asid_q;
		csr_rdata[W_PPN-1:0]            = ppn_q;
	end
end

always_ff @(posedge clk or negedge rst_n) begin
	if (!rst_n) begin
		mode_q <= '0;
		asid_q <= '0;
		ppn_q  <= '0;
	end else if (satp_write) begin
		mode_q <= new_mode;
		asid_q <= (W_ASID == 0) ? '0 : csr_wdata[ASID_LSB +: W_ASID_P];
		ppn_q  <= csr_wdata[W_PPN-1:0];
	end
end

// Bits of an ASID wider than ours are ignored.
logic unused_ok;
assign unused_ok = &{1'b0, csr_wdata};

endmodule

`default_nettype wire
