// The memory port of the MMU on AXI4: reads of PTEs are single-beat reads, a
// compare-and-swap is an exclusive read and, if the PTE is as expected, an
// exclusive write.
//
//   read:  AR ─► R ────────────────────────────────────────► answer
//   swap:  AR (exclusive) ─► R ─┬─ not as expected ────────► answer: what was read
//            ▲                  └─ AW, W (exclusive) ─► B ─► answer: desired
//            └──── another master came between ────────┘
//
// What a caller may rely on:
// - Requests and answers are those of mmu_core's memory port. A request goes out
//   in the cycle in which it comes, an answer is handed on in the cycle in which R
//   or B brings it: the adapter adds no cycle.
// - AXI's ID is the request's tag. Of one tag one transaction is under way at most, as long
//   as the MMU asks so (mmu_core does); answers may come in any order.
// - One swap at a time; reads go on beside it.
// - RREADY is always high. A PTE on a wider bus is taken from its lane.
// - SLVERR and DECERR answer with an error. So does an exclusive read that is answered
//   with OKAY: its target has no exclusive access, and A and D cannot be set there.
// - ARVALID, AWVALID, WVALID, once high, stay with their payload until ready.
//
// Section numbers of the protocol are of ARM IHI 0022H: A3 handshake and single
// transfers, A7.2 exclusive access.

`default_nettype none
`include "mmu_assert.svh"

module mmu_axi4 #(
	parameter  int         XLEN      = 64,
	parameter  int         W_PA      = 56,
	parameter  int         W_MEM_TAG = 5,
	parameter  int         W_ADDR    = 64,       // of the bus, at least W_PA
	parameter  int         W_DATA    = 64,       // of the bus: XLEN to 1024, a power of two
	parameter  int         W_ID      = 5,        // of the bus, at least W_MEM_TAG
	parameter  logic [3:0] CACHE     = 4'b0011,  // AxCACHE: must reach an exclusive monitor
	parameter  logic [2:0] PROT      = 3'b001,   // AxPROT: privileged, secure, data
	localparam int         W_STRB    = W_DATA / 8
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

	// Read address
	output logic                 arvalid,
	input  logic                 arready,
	output logic [W_ID-1:0]      arid,
	output logic [W_ADDR-1:0]    araddr,
	output logic [7:0]           arlen,
	output logic [2:0]           arsize,
	output logic [1:0]           arburst,
	output logic                 arlock,
	output logic [3:0]           arcache,
	output logic [2:0]           arprot,

	// Read data
	input  logic                 rvalid,
	output logic                 rready,
	input  logic [W_ID-1:0]      rid,
	input  logic [W_DATA-1:0]    rdata,
	input  logic [1:0]           rresp,
	input  logic                 rlast,

	// Write address
	output logic                 awvalid,
	input  logic                 awready,
	output logic [W_ID-1:0]      awid,
	output logic [W_ADDR-1:0]    awaddr,
	output logic [7:0]           awlen,
	output logic [2:0]           awsize,
	output logic [1:0]           awburst,
	output logic                 awlock,
	output logic [3:0]           awcache,
	output logic [2:0]           awprot,

	// Write data
	output logic                 wvalid,
	input  logic                 wready,
	output logic [W_DATA-1:0]    wdata,
	output logic [W_STRB-1:0]    wstrb,
	output logic                 wlast,

	// Write response
	input  logic                 bvalid,
	output logic                 bready,
	input  logic [W_ID-1:0]      bid,
	input  logic [1:0]           bresp
);

localparam int W_BYTE = (XLEN == 32) ? 2 : 3;      // a PTE's bytes, as a power of two
localparam int LANES  = (W_DATA < XLEN) ? 1 : W_DATA / XLEN;
localparam int W_LANE = (LANES <= 1) ? 1 : $clog2(LANES);

localparam logic [1:0] RESP_EXOKAY = 2'b01;
localparam int         RESP_ERROR  = 1;            // SLVERR, DECERR: bit 1

initial begin
	if (W_DATA < XLEN || W_DATA > 1024 || (W_DATA & (W_DATA - 1)) != 0)
		$fatal(1, "mmu_axi4: W_DATA is %0d; it must be a power of two from XLEN (%0d) to 1024", W_DATA, XLEN);
	if (W_ADDR < W_PA)
		$fatal(1, "mmu_axi4: W_ADDR is %0d; it must be at least W_PA (%0d)", W_ADDR, W_PA);
	if (W_ID < W_MEM_TAG)
		$fatal(1, "mmu_axi4: W_ID is %0d; it must be at least W_MEM_TAG (%0d)", W_ID, W_MEM_TAG);
end

// ----------------------------------------------------------------------------
// Swap: what it is about, and how far it is

typedef enum logic [2:0] {IDLE, READ, WRITE, RESPONSE, AGAIN} swap_t;

swap_t                swap_q, swap_d;
logic [W_MEM_TAG-1:0] tag_q;
logic [W_PA-1:0]      addr_q;
logic [XLEN-1:0]      expected_q, desired_q;
logic                 aw_taken_q, w_taken_q;

logic swap_starts;
logic swap_read;    // R brings the swap's PTE,
logic swap_agrees;  // which may be written
logic written;      // B: the write took place
logic beaten;       // B: it did not, another master wrote

assign swap_starts = mem_req_valid && mem_req_ready && mem_req_swap;
assign swap_read   = swap_q == READ && rvalid && rid[W_MEM_TAG-1:0] == tag_q;
assign swap_agrees = swap_read && rresp == RESP_EXOKAY && mem_ans_data == expected_q;
assign written     = bvalid && bready && bresp != 2'b00;
assign beaten      = bvalid && bready && bresp == 2'b00;

always_comb begin
	swap_d = swap_q;
	case (swap_q)
	IDLE:     if (swap_starts) swap_d = READ;
	READ: begin
		if (swap_agrees)
			swap_d = WRITE;
		else if (swap_read)
			swap_d = IDLE;
	end
	WRITE:    if ((aw_taken_q || awready) && (w_taken_q || wready)) swap_d = RESPONSE;
	RESPONSE: begin
		if (written)
			swap_d = IDLE;
		else if (beaten)
			swap_d = AGAIN;
	end
	AGAIN:    if (arvalid && arready && !plain_held_q) swap_d = READ;
	default:  swap_d = IDLE;
	endcase
end

always_ff @(posedge clk or negedge rst_n) begin
	if (!rst_n) begin
		swap_q     <= IDLE;
		aw_taken_q <= 1'b0;
		w_taken_q  <= 1'b0;
	end else begin
		swap_q     <= swap_d;
		aw_taken_q <= swap_q == WRITE && swap_d == WRITE && (aw_taken_q || awready);
		w_taken_q  <= swap_q == WRITE && swap_d == WRITE && (w_taken_q || wready);
	end
end

always_ff @(posedge clk) begin
	if (swap_starts) begin
		tag_q      <= mem_req_tag;
		addr_q     <= mem_req_addr;
		expected_q <= mem_req_expected;
		desired_q  <= mem_req_desired;
	end
end

// ----------------------------------------------------------------------------
// Read address: the MMU's request, or a swap's once more. One that stands is not
// pushed aside.

logic            plain_held_q;
logic            once_more;
logic            ask;
logic [W_PA-1:0] read_addr;

assign once_more     = swap_q == AGAIN && !plain_held_q;
assign ask           = mem_req_valid && (!mem_req_swap || swap_q == IDLE);
assign mem_req_ready = arready && !once_more && (!mem_req_swap || swap_q == IDLE);
assign arvalid       = once_more || ask;

always_ff @(posedge clk or negedge rst_n) begin
	if (!rst_n)
		plain_held_q <= 1'b0;
	else
		plain_held_q <= ask && !once_more && !arready;
end

always_comb begin
	arid      = '0;
	araddr    = '0;
	read_addr = once_more ? addr_q : mem_req_addr;
	arid[W_MEM_TAG-1:0] = once_more ? tag_q : mem_req_tag;
	araddr[W_PA-1:0]    = read_addr;
end

assign arlen   = 8'd0;
assign arsize  = W_BYTE[2:0];
assign arburst = 2'b01;
assign arlock  = once_more || mem_req_swap;
assign arcache = CACHE;
assign arprot  = PROT;

// ----------------------------------------------------------------------------
// Write: the lane of the PTE

always_comb begin
	awid   = '0;
	awaddr = '0;
	awid[W_MEM_TAG-1:0] = tag_q;
	awaddr[W_PA-1:0]    = addr_q;
end

assign awvalid = swap_q == WRITE && !aw_taken_q;
assign awlen   = 8'd0;
assign awsize  = W_BYTE[2:0];
assign awburst = 2'b01;
assign awlock  = 1'b1;
assign awcache = CACHE;
assign awprot  = PROT;
assign wvalid  = swap_q == WRITE && !w_taken_q;
assign wdata   = {LANES{desired_q}};
assign wlast   = 1'b1;
assign rready  = 1'b1;

// ----------------------------------------------------------------------------
// Lanes: where on the bus a tag's PTE is

if (LANES > 1) begin : g_wide
	logic [W_LANE-1:0] lane_q [0:2**W_MEM_TAG-1];
	logic [W_LANE-1:0] lane;

	always_ff @(posedge clk)
		if (arvalid && arready)
			lane_q[arid[W_MEM_TAG-1:0]] <= read_addr[W_BYTE +: W_LANE];

	assign lane = lane_q[rid[W_MEM_TAG-1:0]];

	always_comb begin
		mem_ans_data = '0;
		wstrb        = '0;
		for (int i = 0; i < LANES; i++) begin
			mem_ans_data = mem_ans_data | (rdata[i*XLEN +: XLEN] & {XLEN{lane == i[W_LANE-1:0]}});
			wstrb[i*(XLEN/8) +: XLEN/8] = {(XLEN/8){addr_q[W_BYTE +: W_LANE] == i[W_LANE-1:0]}};
		end
		if (b_answers)
			mem_ans_data = desired_q;
	end
end else begin : g_narrow
	assign mem_ans_data = b_answers ? desired_q : rdata[XLEN-1:0];
	assign wstrb        = '1;
end

// ----------------------------------------------------------------------------
// Answer. R cannot wait, so B does.

logic b_answers;

assign bready        = swap_q == RESPONSE && !rvalid;
assign b_answers     = swap_q == RESPONSE && !rvalid;
assign mem_ans_valid = (rvalid && !swap_agrees) || written;
assign mem_ans_tag   = b_answers ? tag_q : rid[W_MEM_TAG-1:0];
assign mem_ans_error = b_answers ? bresp[RESP_ERROR]
                                 : rresp[RESP_ERROR] || (swap_read && rresp != RESP_EXOKAY);

// Single beats, and one write at a time: nothing to tell apart.
logic unused_ok;
assign unused_ok = &{1'b0, rlast, rid, bid};

// ----------------------------------------------------------------------------
// Properties

`MMU_ASSERT(state_known, swap_q <= AGAIN)
`ifdef PROVE_AXI4
`include "mmu_axi4_formal.svh"
`endif

endmodule

`default_nettype wire
