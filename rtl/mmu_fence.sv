// When a fence is taken: between walks, after the last one's refill, so that none in
// flight can bring back what it removes.
//
// Misses that are there when it comes are served first: they go by satp and envcfg as
// latched, which software may have changed since, and is done with once the fence is.
// Later ones are not waited for. With one walker and one miss of a port at a time they may
// be walked for meanwhile: the ports take turns, and a fence that finds a refill holds up the next
// walk for that cycle. Else one walk or other might always be under way: then later
// misses wait for the fence (DRAINS).
//
// What a caller may rely on: a fence waits for the misses from before it, the look-ups and
// walks under way and their refills, and whatever the L2 does; not in the cycle after another.

`default_nettype none

module mmu_fence #(
	parameter  int XLEN   = 64,
	parameter  int W_VA   = 39,  // of the deepest mode
	parameter  int N      = 2,   // slots of the ports
	parameter  int DRAINS = 0
) (
	input  logic            clk,
	input  logic            rst_n,

	input  logic            valid,
	output logic            ready,
	input  logic            rs1_x0,
	input  logic [XLEN-1:0] va,

	output logic            fence,      // taken now, and of a page that may exist

	// By slot: it has a request that may be a miss; which is answered in this cycle
	input  logic [N-1:0]    looking,
	input  logic [N-1:0]    answered,
	// Nothing of these may be under way: walks, refills, look-ups in the L2; the L2 can take it
	input  logic            walk_busy,
	input  logic            refilling,
	input  logic            l2_busy,
	input  logic            l2_ready,

	// No walk starts for this slot in this cycle, nor does it ask the L2
	output logic [N-1:0]    hold
);

logic         fenced_q;
logic         waiting_q;
logic [N-1:0] earlier_q;  // was accepted before the fence that waits
logic [N-1:0] earlier;
logic         somewhere;

// A non-canonical address is in no page.
if (XLEN == 64) begin : g_rv64
	assign somewhere = rs1_x0 || &va[XLEN-1:W_VA-1] || ~|va[XLEN-1:W_VA-1];
end else begin : g_rv32
	assign somewhere = 1'b1;
end

assign earlier = looking & (earlier_q | {N{!waiting_q}});
assign hold   = (DRAINS != 0) ? {N{valid}} & ~earlier : {N{valid && refilling && earlier == '0}};
assign ready  = !walk_busy && !refilling && !l2_busy && l2_ready && !fenced_q && earlier == '0;
assign fence  = valid && ready && somewhere;

always_ff @(posedge clk or negedge rst_n) begin
	if (!rst_n) begin
		fenced_q  <= 1'b0;
		waiting_q <= 1'b0;
	end else begin
		fenced_q  <= valid && ready;
		waiting_q <= valid && !ready;
	end
end

always_ff @(posedge clk)
	earlier_q <= earlier & ~answered;

// Pages are fenced whole.
logic unused_ok;
assign unused_ok = &{1'b0, rs1_x0, va};

// ----------------------------------------------------------------------------
// Properties

`ifdef PROVE_CORE
`include "mmu_fence_formal.svh"
`endif

endmodule

`default_nettype wire
