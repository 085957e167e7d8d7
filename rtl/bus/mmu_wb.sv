// The memory port of the MMU on Wishbone B4, pipelined: reads of PTEs follow each
// other on the bus; a compare-and-swap is a read and a write that no other master can
// come between, because CYC and LOCK stay high.
//
//   read:  STB ─► ACK ──────────────────────────────────────► answer
//   swap:  (all reads answered) STB ─► ACK ─┬─ not expected ► answer: what was read
//            ▲                              └─ STB, WE ─► ACK ► answer: desired
//            └──────────────── RTY ────────────┘
//
// What a caller may rely on:
// - Requests and answers are those of mmu_core's memory port. A request goes out in
//   the cycle in which it comes, an answer is handed on in the cycle of ACK.
// - Up to DEPTH reads are under way.
// - A swap waits until what was asked before is answered, and nothing is asked until
//   it is done itself. CYC and LOCK are high from its read to the end of its write.
// - ERR answers with an error. RTY repeats, a swap from its read; the answers of reads
//   are in the order of requests but for those repeated.
// - STB, once high, stays with its payload until STALL is low.
//
// Rule numbers of the protocol are of Wishbone B4, chapter 3.

`default_nettype none
`include "mmu_assert.svh"

module mmu_wb #(
	parameter  int XLEN      = 64,
	parameter  int W_PA      = 56,
	parameter  int W_MEM_TAG = 5,
	parameter  int W_ADDR    = 64,       // of the bus, at least W_PA
	parameter  int W_DATA    = 64,       // of the bus: XLEN to 1024, a power of two
	parameter  int DEPTH     = 8,        // reads under way: 1 to 64
	localparam int W_SEL     = W_DATA / 8
) (
	input  logic                 clk,
	input  logic                 rst_n,

	// Memory port of mmu or mmu_core
	input  logic                 mem_req_valid,
	output logic                 mem_req_ready,
	input  logic                 mem_req_swap,
	input  logic [W_PA-1:0]      mem_req_addr,
	input  logic [XLEN-1:0]      mem_req_expected,
	input  logic [XLEN-1:0]      mem_req_desired,
	input  logic [W_MEM_TAG-1:0] mem_req_tag,
	output logic                 mem_ans_valid,
	output logic [W_MEM_TAG-1:0] mem_ans_tag,
	output logic [XLEN-1:0]      mem_ans_data,
	output logic                 mem_ans_error,

	// Wishbone master; addresses are in bytes
	output logic                 cyc,
	output logic                 stb,
	output logic                 lock,
	output logic                 we,
	output logic [W_ADDR-1:0]    adr,
	output logic [W_SEL-1:0]     sel,
	output logic [W_DATA-1:0]    dat_w,
	input  logic [W_DATA-1:0]    dat_r,
	input  logic                 stall,
	input  logic                 ack,
	input  logic                 err,
	input  logic                 rty
);

localparam int W_BYTE  = (XLEN == 32) ? 2 : 3;      // a PTE's bytes, as a power of two
localparam int LANES   = (W_DATA < XLEN) ? 1 : W_DATA / XLEN;
localparam int W_LANE  = (LANES <= 1) ? 1 : $clog2(LANES);
localparam int W_COUNT = $clog2(DEPTH + 1);
localparam int W_SLOT  = (DEPTH == 1) ? 1 : $clog2(DEPTH);

initial begin
	if (W_DATA < XLEN || W_DATA > 1024 || (W_DATA & (W_DATA - 1)) != 0)
		$fatal(1, "mmu_wb: W_DATA is %0d; it must be a power of two from XLEN (%0d) to 1024", W_DATA, XLEN);
	if (W_ADDR < W_PA)
		$fatal(1, "mmu_wb: W_ADDR is %0d; it must be at least W_PA (%0d)", W_ADDR, W_PA);
	if (DEPTH < 1 || DEPTH > 64)
		$fatal(1, "mmu_wb: DEPTH is %0d; it must be 1 to 64", DEPTH);
end

// ----------------------------------------------------------------------------
// Swap: how far it is

typedef enum logic [2:0] {IDLE, READ, WRITE, RESPONSE, AGAIN} swap_t;

swap_t                swap_q, swap_d;
logic [W_PA-1:0]      addr_q;
logic [W_MEM_TAG-1:0] swap_tag_q;
logic [XLEN-1:0]      expected_q, desired_q;
logic [W_COUNT-1:0]   open_q;  // asked and not answered

logic accepted;   // the bus takes what is asked,
logic ended;      // ends what was asked first,
logic repeats;    // and wants it again
logic swap_starts;
logic swap_agrees;

assign accepted    = stb && !stall;
assign ended       = (ack || err || rty) && open_q != '0;
assign repeats     = ended && rty && !ack && !err;
assign swap_starts = mem_req_valid && mem_req_ready && mem_req_swap;
assign swap_agrees = swap_q == READ && ended && ack && data == expected_q;

always_comb begin
	swap_d = swap_q;
	case (swap_q)
	IDLE:     if (swap_starts) swap_d = READ;
	READ: begin
		if (swap_agrees)
			swap_d = WRITE;
		else if (repeats)
			swap_d = AGAIN;
		else if (ended)
			swap_d = IDLE;
	end
	WRITE:    if (accepted) swap_d = RESPONSE;
	RESPONSE: begin
		if (repeats)
			swap_d = AGAIN;
		else if (ended)
			swap_d = IDLE;
	end
	AGAIN:    if (accepted) swap_d = READ;
	default:  swap_d = IDLE;
	endcase
end

always_ff @(posedge clk or negedge rst_n) begin
	if (!rst_n) begin
		swap_q <= IDLE;
		open_q <= '0;
	end else begin
		swap_q <= swap_d;
		open_q <= open_q + {{(W_COUNT-1){1'b0}}, accepted} - {{(W_COUNT-1){1'b0}}, ended};
	end
end

always_ff @(posedge clk) begin
	if (swap_starts) begin
		addr_q     <= mem_req_addr;
		swap_tag_q <= mem_req_tag;
		expected_q <= mem_req_expected;
		desired_q  <= mem_req_desired;
	end
end

// ----------------------------------------------------------------------------
// Reads: those under way, first come first, and those to be repeated, likewise

localparam int W_KEPT = W_MEM_TAG + W_PA;

logic [W_KEPT-1:0]    kept_q  [0:DEPTH-1];
logic [W_KEPT-1:0]    again_q [0:DEPTH-1];
logic [W_SLOT-1:0]    kept_in_q, kept_out_q, again_in_q, again_out_q;
logic [W_COUNT-1:0]   agains_q;
logic [W_MEM_TAG-1:0] tag, again_tag;
logic [W_PA-1:0]      kept_addr, again_addr;
logic                 swapping;
logic                 again_goes, again_comes;

assign swapping    = swap_q != IDLE;
assign again_goes  = asks_again && accepted;
assign again_comes = repeats && !swapping;

function automatic logic [W_SLOT-1:0] after(input logic [W_SLOT-1:0] slot);
	after = ({{(32-W_SLOT){1'b0}}, slot} == DEPTH - 1) ? '0 : slot + 1'b1;
endfunction

always_ff @(posedge clk or negedge rst_n) begin
	if (!rst_n) begin
		kept_in_q   <= '0;
		kept_out_q  <= '0;
		again_in_q  <= '0;
		again_out_q <= '0;
		agains_q    <= '0;
	end else begin
		if (accepted)
			kept_in_q <= after(kept_in_q);
		if (ended)
			kept_out_q <= after(kept_out_q);
		if (again_comes)
			again_in_q <= after(again_in_q);
		if (again_goes)
			again_out_q <= after(again_out_q);
		agains_q <= agains_q + {{(W_COUNT-1){1'b0}}, again_comes} - {{(W_COUNT-1){1'b0}}, again_goes};
	end
end

always_ff @(posedge clk) begin
	if (accepted)
		kept_q[kept_in_q] <= {asked_tag, asked_addr};
	if (again_comes)
		again_q[again_in_q] <= {tag, kept_addr};
end

assign {tag, kept_addr}        = kept_q[kept_out_q];
assign {again_tag, again_addr} = again_q[again_out_q];

// ----------------------------------------------------------------------------
// What is asked. A swap begins on an empty bus; it has the bus until it ends. What
// stands is not pushed aside.

logic                 room;
logic                 own;
logic                 asks_again;
logic                 held_q;
logic [W_PA-1:0]      asked_addr;
logic [W_MEM_TAG-1:0] asked_tag;

assign room          = mem_req_swap ? open_q == '0 && agains_q == '0
                                    : open_q + agains_q != DEPTH[W_COUNT-1:0];
assign own           = swap_q == WRITE || swap_q == AGAIN;
assign asks_again    = !swapping && agains_q != '0 && !held_q;
assign stb           = own || asks_again || (!swapping && mem_req_valid && room);
assign mem_req_ready = !swapping && !asks_again && room && !stall;
assign cyc           = stb || open_q != '0 || swapping;
assign lock          = swapping || (stb && mem_req_swap && !asks_again);
assign we            = swap_q == WRITE;
assign asked_addr    = own ? addr_q : asks_again ? again_addr : mem_req_addr;
assign asked_tag     = own ? swap_tag_q : asks_again ? again_tag : mem_req_tag;
assign dat_w         = {LANES{desired_q}};

always_ff @(posedge clk or negedge rst_n) begin
	if (!rst_n)
		held_q <= 1'b0;
	else
		held_q <= stb && !own && !asks_again && stall;
end

always_comb begin
	adr = '0;
	adr[W_PA-1:0] = asked_addr;
end

// ----------------------------------------------------------------------------
// Answer, from its lane

logic [XLEN-1:0] data;

if (LANES > 1) begin : g_wide
	logic [W_LANE-1:0] lane, asked_lane;

	assign lane       = kept_addr[W_BYTE +: W_LANE];
	assign asked_lane = asked_addr[W_BYTE +: W_LANE];

	always_comb begin
		data = '0;
		sel  = '0;
		for (int i = 0; i < LANES; i++) begin
			data = data | (dat_r[i*XLEN +: XLEN] & {XLEN{lane == i[W_LANE-1:0]}});
			sel[i*(XLEN/8) +: XLEN/8] = {(XLEN/8){asked_lane == i[W_LANE-1:0]}};
		end
	end
end else begin : g_narrow
	assign data = dat_r;
	assign sel  = '1;
end

assign mem_ans_valid = ended && !swap_agrees && !repeats;
assign mem_ans_tag   = tag;
assign mem_ans_data  = (swap_q == RESPONSE) ? desired_q : data;
assign mem_ans_error = err;

// ----------------------------------------------------------------------------
// Properties

`MMU_ASSERT(state_known, swap_q <= AGAIN)
`ifdef PROVE_WB
`include "mmu_wb_formal.svh"
`endif

endmodule

`default_nettype wire
