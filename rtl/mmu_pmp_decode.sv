// The PMP registers as the comparators take them: each entry as a range of words
// and what it allows, and what is allowed where no entry matches. Specification,
// "Physical Memory Protection" and the truth table of "Smepmp".
//
// Decoded once a write, in the cycle after `write`: what stands here is that of the
// registers in all other cycles. `stale` is high in the cycle of a write and in the
// next, and in the first after reset; nothing may be compared at the end of any of them.

`default_nettype none

module mmu_pmp_decode #(
	parameter  int ENTRIES = 8,   // at least 1
	parameter  int GRAIN   = 0,   // 0 to 10: regions are multiples of 2^(GRAIN+2) bytes
	parameter  int SMEPMP  = 0,
	parameter  int W_PA    = 56,
	localparam int W       = W_PA - 2
) (
	input  logic                 clk,
	input  logic                 rst_n,

	// Registers; write: they change at the end of this cycle
	input  logic                 write,
	input  logic [ENTRIES*8-1:0] cfg,
	input  logic [ENTRIES*W-1:0] addr,      // in words of 4 bytes
	input  logic                 mml,       // of mseccfg
	input  logic                 mmwp,
	output logic                 stale,

	// Entry i: whether there is a region, its first and last word, and what it
	// allows to M-mode and to the others (bits PMP_R, PMP_W, PMP_X)
	output logic [ENTRIES-1:0]   active,
	output logic [ENTRIES*W-1:0] first,
	output logic [ENTRIES*W-1:0] last,
	output logic [ENTRIES*3-1:0] allow_m,
	output logic [ENTRIES*3-1:0] allow_su,
	// Where no region is
	output logic [2:0]           none_m,
	output logic [2:0]           none_su
);

localparam logic [W-1:0] GRAIN_BITS = {{(W-10){1'b0}}, 10'(2**GRAIN - 1)};
localparam logic [W-1:0] NAPOT_BITS = GRAIN_BITS >> 1;  // read as ones

// ----------------------------------------------------------------------------
// When to decode

logic written_q;

always_ff @(posedge clk or negedge rst_n) begin
	if (!rst_n)
		written_q <= 1'b1;  // also decodes what stands at reset
	else
		written_q <= write;
end

assign stale = write || written_q;

// ----------------------------------------------------------------------------
// Ranges. TOR reaches from the address of the entry before, whatever that one's
// mode, up to its own, which is not in it; a region that would end before it begins
// is none.

always_ff @(posedge clk or negedge rst_n) begin : ranges
	logic [1:0]   mode;
	logic [W-1:0] below, top;
	logic [W-1:0] napot, open;

	if (!rst_n) begin
		active <= '0;
	end else if (written_q) begin
		for (int i = 0; i < ENTRIES; i++) begin
			mode  = cfg[8*i + mmu_pkg::PMP_A +: 2];
			below = (i == 0) ? '0 : addr[((i == 0) ? 0 : i-1)*W +: W] & ~GRAIN_BITS;
			top   = addr[i*W +: W] & ~GRAIN_BITS;
			// Trailing ones, and the zero above them, are open.
			napot = addr[i*W +: W] | NAPOT_BITS;
			open  = (mode == mmu_pkg::PMP_NA4) ? '0 : napot ^ (napot + 1'b1);

			active[i]       <= mode == mmu_pkg::PMP_TOR ? below < top : mode != mmu_pkg::PMP_OFF;
			first[i*W +: W] <= mode == mmu_pkg::PMP_TOR ? below : napot & ~open;
			last[i*W +: W]  <= mode == mmu_pkg::PMP_TOR ? top - 1'b1 : napot | open;
		end
	end
end

// ----------------------------------------------------------------------------
// What a region allows. With MML, RW=01 and all of LRWX mark one that is shared:
// M-mode may write shared data, S and U if X says so; a locked one is for code, or,
// all bits set, for data that nobody writes.

always_ff @(posedge clk) begin : permissions
	logic       locked, shared;
	logic [2:0] rwx;  // {X, W, R}
	logic [2:0] shared_m, shared_su;

	if (written_q) begin
		for (int i = 0; i < ENTRIES; i++) begin
			locked = cfg[8*i + mmu_pkg::PMP_L];
			rwx    = cfg[8*i +: 3];
			shared = (rwx[mmu_pkg::PMP_W] && !rwx[mmu_pkg::PMP_R]) || (locked && &rwx);

			shared_m  = !locked ? 3'b011
			          : rwx[mmu_pkg::PMP_R] ? 3'b001 : {1'b1, 1'b0, rwx[mmu_pkg::PMP_X]};
			shared_su = !locked ? {1'b0, rwx[mmu_pkg::PMP_X], 1'b1}
			          : rwx[mmu_pkg::PMP_R] ? 3'b001 : 3'b100;

			if (SMEPMP != 0 && mml) begin
				allow_m[3*i +: 3]  <= shared ? shared_m : locked ? rwx : 3'b000;
				allow_su[3*i +: 3] <= shared ? shared_su : locked ? 3'b000 : rwx;
			end else begin
				allow_m[3*i +: 3]  <= locked ? rwx : 3'b111;
				allow_su[3*i +: 3] <= rwx;
			end
		end
	end
end

assign none_su = 3'b000;
assign none_m  = (SMEPMP != 0 && mmwp) ? 3'b000 : {!(SMEPMP != 0 && mml), 2'b11};

logic unused_ok;
assign unused_ok = &{1'b0, cfg, mml, mmwp};

// ----------------------------------------------------------------------------
// Properties

`ifdef PROVE_DECODE
`include "mmu_pmp_decode_formal.svh"
`endif

endmodule

`default_nettype wire
