// The PMP registers with their WARL and lock rules: specification, "Physical Memory
// Protection CSRs" and "Smepmp". mmu_csr.sv has the port and keeps mseccfg.
//
// A write takes effect at the end of its cycle; `changes` is high in it. Reads are
// combinational. Choices where the architecture leaves them, entry by entry:
// - W without R, with MML clear: W is stored as clear.
// - NA4 where the grain is coarser than 4 bytes: stored as OFF.
// - With MML set and RLB clear, a rule that M-mode could execute is not added: the
//   entry keeps its configuration, whatever its mode.
// - Address bits beyond the physical width read as zero.

`default_nettype none

module mmu_csr_pmp #(
	parameter  int XLEN    = 64,
	parameter  int W_PA    = 56,
	parameter  int ENTRIES = 8,   // 1 to 64
	parameter  int GRAIN   = 0,
	localparam int W       = W_PA - 2
) (
	input  logic                 clk,
	input  logic                 rst_n,

	input  logic                 csr_write,
	input  logic [11:0]          csr_number,
	input  logic [XLEN-1:0]      csr_wdata,
	output logic [XLEN-1:0]      csr_rdata,   // zero for other numbers

	input  logic                 mml,         // of mseccfg
	input  logic                 rlb,
	output logic                 any_locked,  // some entry's L is set

	output logic                 changes,
	output logic [ENTRIES*8-1:0] cfg,
	output logic [ENTRIES*W-1:0] addr         // in words of 4 bytes, as stored
);

localparam int PER_REGISTER = XLEN / 8;  // entries in one pmpcfg

logic       is_cfg, is_addr;
logic [3:0] cfg_index;
logic [5:0] addr_index;

assign is_cfg     = csr_number[11:4] == mmu_pkg::CSR_PMPCFG0[11:4];
assign is_addr    = csr_number >= mmu_pkg::CSR_PMPADDR0
                 && csr_number < mmu_pkg::CSR_PMPADDR0 + 12'd64;
assign cfg_index  = csr_number[3:0];
assign addr_index = csr_number[5:0] - mmu_pkg::CSR_PMPADDR0[5:0];
assign changes    = csr_write && (is_cfg || is_addr);

logic [ENTRIES*8-1:0] cfg_q;
logic [ENTRIES*W-1:0] addr_q;
logic [ENTRIES-1:0]   locked;

assign cfg  = cfg_q;
assign addr = addr_q;

for (genvar i = 0; i < ENTRIES; i++) begin : g_locked
	assign locked[i] = cfg_q[8*i + mmu_pkg::PMP_L];
end

assign any_locked = |locked;

// ----------------------------------------------------------------------------
// Writes of pmpcfg. On RV64 the odd numbers do not exist.

always_ff @(posedge clk or negedge rst_n) begin : write_cfg
	logic [7:0] wanted, kept;
	logic       adds_m_code;

	if (!rst_n) begin
		cfg_q <= '0;
	end else if (csr_write && is_cfg) begin
		for (int i = 0; i < ENTRIES; i++) begin
			wanted = csr_wdata[8*(i % PER_REGISTER) +: 8];
			kept   = {wanted[mmu_pkg::PMP_L], 2'b00, wanted[4:0]};
			if (!mml && !wanted[mmu_pkg::PMP_R])
				kept[mmu_pkg::PMP_W] = 1'b0;
			if (GRAIN >= 1 && wanted[mmu_pkg::PMP_A +: 2] == mmu_pkg::PMP_NA4)
				kept[mmu_pkg::PMP_A +: 2] = mmu_pkg::PMP_OFF;
			// Code of M-mode's alone or shared with S and U: of the locked encodings
			// all but none, R, RW and the shared read-only RWX
			adds_m_code = wanted[mmu_pkg::PMP_L]
			           && !(wanted[2:0] == 3'b000 || wanted[2:0] == 3'b001
			                || wanted[2:0] == 3'b011 || wanted[2:0] == 3'b111);
			if (cfg_index == 4'(i / 4 - (i % PER_REGISTER) / 4)
			    && (rlb || (!locked[i] && !(mml && adds_m_code))))
				cfg_q[8*i +: 8] <= kept;
		end
	end
end

// ----------------------------------------------------------------------------
// Writes of pmpaddr: not that of a locked entry, nor that from which a locked TOR
// region reaches

always_ff @(posedge clk or negedge rst_n) begin : write_addr
	logic held;

	if (!rst_n) begin
		addr_q <= '0;
	end else if (csr_write && is_addr) begin
		for (int i = 0; i < ENTRIES; i++) begin
			held = locked[i];
			if (i + 1 < ENTRIES)
				held = held || (locked[(i + 1) % ENTRIES] && cfg_q[8*((i + 1) % ENTRIES) + mmu_pkg::PMP_A +: 2]
				                                             == mmu_pkg::PMP_TOR);
			if (addr_index == 6'(i) && (rlb || !held))
				addr_q[i*W +: W] <= csr_wdata[W-1:0];
		end
	end
end

// ----------------------------------------------------------------------------
// Reads: the grain shows in the address

localparam logic [W-1:0] GRAIN_BITS = {{(W-10){1'b0}}, 10'(2**GRAIN - 1)};
localparam logic [W-1:0] NAPOT_BITS = GRAIN_BITS >> 1;

always_comb begin
	csr_rdata = '0;
	if (is_cfg) begin
		for (int i = 0; i < ENTRIES; i++)
			if (cfg_index == 4'(i / 4 - (i % PER_REGISTER) / 4))
				csr_rdata[8*(i % PER_REGISTER) +: 8] = cfg_q[8*i +: 8];
	end else if (is_addr) begin
		for (int i = 0; i < ENTRIES; i++)
			if (addr_index == 6'(i))
				csr_rdata[W-1:0] = cfg_q[8*i + mmu_pkg::PMP_A + 1] ? addr_q[i*W +: W] | NAPOT_BITS
				                                                   : addr_q[i*W +: W] & ~GRAIN_BITS;
	end
end

logic unused_ok;
assign unused_ok = &{1'b0, csr_wdata};

endmodule

`default_nettype wire
