// The memory port of all walkers: one request at a time goes out, and stands until it
// is taken; the walkers take turns. A request's tag is its walker's number above the walker's own.

`default_nettype none

module mmu_walk_memory #(
	parameter  int XLEN      = 64,
	parameter  int W_PA      = 56,
	parameter  int WALKERS   = 1,
	parameter  int W_MEM_TAG = 2,
	localparam int W_WALKER  = $clog2(WALKERS),
	localparam int W_SEQ     = W_MEM_TAG - W_WALKER
) (
	input  logic                     clk,
	input  logic                     rst_n,

	// The walkers' requests: as in mmu_walker.sv, the first's in the lowest bits
	input  logic [WALKERS-1:0]       valid,
	output logic [WALKERS-1:0]       shown,
	input  logic [WALKERS-1:0]       stands,
	output logic [WALKERS-1:0]       ready,
	input  logic [WALKERS-1:0]       swap,
	input  logic [WALKERS*W_PA-1:0]  addr,
	input  logic [WALKERS*XLEN-1:0]  expected,
	input  logic [WALKERS*XLEN-1:0]  desired,
	input  logic [WALKERS*W_SEQ-1:0] seq,

	output logic                     mem_req_valid,
	input  logic                     mem_req_ready,
	output logic                     mem_req_swap,
	output logic [W_PA-1:0]          mem_req_addr,
	output logic [XLEN-1:0]          mem_req_expected,
	output logic [XLEN-1:0]          mem_req_desired,
	output logic [W_MEM_TAG-1:0]     mem_req_tag
);

assign mem_req_valid = |valid;
assign ready         = shown & {WALKERS{mem_req_ready}};

if (WALKERS == 1) begin : g_one
	assign shown            = 1'b1;
	assign mem_req_swap     = swap;
	assign mem_req_addr     = addr;
	assign mem_req_expected = expected;
	assign mem_req_desired  = desired;
	assign mem_req_tag      = seq;

	logic unused_ok;
	assign unused_ok = &{1'b0, clk, rst_n, stands};
end else begin : g_some

logic [WALKERS-1:0]  grant;
logic [W_WALKER-1:0] walker;
logic [W_SEQ-1:0]    own;

mmu_turns #(.N (WALKERS)) turns (
	.clk, .rst_n, .ask (valid), .grant, .taken (|valid && mem_req_ready)
);

assign shown = (stands != '0) ? stands : grant;

always_comb begin
	mem_req_swap     = 1'b0;
	mem_req_addr     = '0;
	mem_req_expected = '0;
	mem_req_desired  = '0;
	walker           = '0;
	own              = '0;
	for (int w = 0; w < WALKERS; w++) begin
		mem_req_swap     = mem_req_swap     | (swap[w] & shown[w]);
		mem_req_addr     = mem_req_addr     | (addr[w*W_PA +: W_PA] & {W_PA{shown[w]}});
		mem_req_expected = mem_req_expected | (expected[w*XLEN +: XLEN] & {XLEN{shown[w]}});
		mem_req_desired  = mem_req_desired  | (desired[w*XLEN +: XLEN] & {XLEN{shown[w]}});
		walker           = walker           | (w[W_WALKER-1:0] & {W_WALKER{shown[w]}});
		own              = own              | (seq[w*W_SEQ +: W_SEQ] & {W_SEQ{shown[w]}});
	end
end

assign mem_req_tag = {walker, own};

end

endmodule

`default_nettype wire
