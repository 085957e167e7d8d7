// A memory on AXI4 with bad manners, for the tests: stalls on every channel, answers in
// any order, errors where the memory behind it has them, and an exclusive monitor that
// now and then lets an exclusive write fail for nothing. What it draws follows from the
// model's seed. Stops at what no master may do.
//
// Behind it is a memory as the MMU's own port has it; its swap makes the exclusive write.

`default_nettype none

module axi4_memory #(
	parameter  int XLEN      = 64,
	parameter  int W_PA      = 56,
	parameter  int W_MEM_TAG = 5,
	parameter  int W_ADDR    = 64,
	parameter  int W_DATA    = 64,
	parameter  int W_ID      = 5,
	localparam int W_STRB    = W_DATA / 8
) (
	input  logic                 clk,
	input  logic                 rst_n,

	input  logic                 arvalid,
	output logic                 arready,
	input  logic [W_ID-1:0]      arid,
	input  logic [W_ADDR-1:0]    araddr,
	input  logic [7:0]           arlen,
	input  logic [2:0]           arsize,
	input  logic [1:0]           arburst,
	input  logic                 arlock,
	output logic                 rvalid,
	input  logic                 rready,
	output logic [W_ID-1:0]      rid,
	output logic [W_DATA-1:0]    rdata,
	output logic [1:0]           rresp,
	output logic                 rlast,
	input  logic                 awvalid,
	output logic                 awready,
	input  logic [W_ID-1:0]      awid,
	input  logic [W_ADDR-1:0]    awaddr,
	input  logic                 awlock,
	input  logic                 wvalid,
	output logic                 wready,
	input  logic [W_DATA-1:0]    wdata,
	input  logic [W_STRB-1:0]    wstrb,
	input  logic                 wlast,
	output logic                 bvalid,
	input  logic                 bready,
	output logic [W_ID-1:0]      bid,
	output logic [1:0]           bresp,

	output logic                 mem_req_valid,
	input  logic                 mem_req_ready,
	output logic                 mem_req_swap,
	output logic [W_PA-1:0]      mem_req_addr,
	output logic [XLEN-1:0]      mem_req_expected,
	output logic [XLEN-1:0]      mem_req_desired,
	output logic [W_MEM_TAG-1:0] mem_req_tag,
	input  logic                 mem_ans_valid,
	input  logic [W_MEM_TAG-1:0] mem_ans_tag,
	input  logic [XLEN-1:0]      mem_ans_data,
	input  logic                 mem_ans_error
);

localparam int READS  = 8;
localparam int W_BYTE = (XLEN == 32) ? 2 : 3;
localparam int LANES  = W_DATA / XLEN;

localparam logic [1:0] OKAY   = 2'b00;
localparam logic [1:0] EXOKAY = 2'b01;
localparam logic [1:0] SLVERR = 2'b10;
localparam logic [1:0] DECERR = 2'b11;

// ----------------------------------------------------------------------------
// Reads: FREE, to ask of the memory, asked, to be answered

typedef enum logic [1:0] {FREE, ASK, ASKED, READY} read_t;

read_t             state_q [0:READS-1];
logic [W_ID-1:0]   id_q    [0:READS-1];
logic [W_ADDR-1:0] addr_q  [0:READS-1];
logic              lock_q  [0:READS-1];
logic [XLEN-1:0]   data_q  [0:READS-1];
logic              error_q [0:READS-1];

logic [31:0] dice_q;
logic [2:0]  free, ask, ready;
logic        any_free, any_ask, any_ready;

// From a random place on, so that no order is the rule
always_comb begin
	{any_free, any_ask, any_ready, free, ask, ready} = '0;
	for (int i = 0; i < READS; i++) begin
		if (state_q[3'(i) + dice_q[2:0]] == FREE)
			{any_free, free} = {1'b1, 3'(i) + dice_q[2:0]};
		if (state_q[3'(i) + dice_q[5:3]] == ASK)
			{any_ask, ask} = {1'b1, 3'(i) + dice_q[5:3]};
		if (state_q[3'(i) + dice_q[8:6]] == READY)
			{any_ready, ready} = {1'b1, 3'(i) + dice_q[8:6]};
	end
end

assign arready = any_free && dice_q[9];

// ----------------------------------------------------------------------------
// The exclusive write, and the monitor: what was read for which ID and address

logic              aw_q, w_q, swap_q, asked_q;
logic [W_ID-1:0]   awid_q;
logic [W_ADDR-1:0] awaddr_q;
logic [XLEN-1:0]   wdata_q;
logic              monitor_q;
logic [W_ID-1:0]   monitor_id_q;
logic [W_ADDR-1:0] monitor_addr_q;
logic [XLEN-1:0]   monitor_data_q;

assign awready = !aw_q && !bvalid && dice_q[10];
assign wready  = !w_q && !bvalid && dice_q[11];

// One request stands until it is taken
logic       held_q, held_swap_q;
logic [2:0] held_ask_q;
logic       goes_swap;
logic [2:0] goes_ask;

assign goes_swap        = held_q ? held_swap_q : swap_q && !asked_q;
assign goes_ask         = held_q ? held_ask_q : ask;
assign mem_req_valid    = held_q || goes_swap || any_ask;
assign mem_req_swap     = goes_swap;
assign mem_req_addr     = goes_swap ? awaddr_q[W_PA-1:0] : addr_q[goes_ask][W_PA-1:0];
assign mem_req_expected = monitor_data_q;
assign mem_req_desired  = wdata_q;
assign mem_req_tag      = goes_swap ? W_MEM_TAG'(READS) : W_MEM_TAG'(goes_ask);

always_ff @(posedge clk or negedge rst_n) begin
	if (!rst_n) begin
		for (int i = 0; i < READS; i++)
			state_q[i] <= FREE;
		{rvalid, bvalid, aw_q, w_q, swap_q, asked_q, monitor_q, held_q} <= '0;
		dice_q <= '0;
	end else begin
		dice_q      <= $urandom;
		held_q      <= mem_req_valid && !mem_req_ready;
		held_swap_q <= goes_swap;
		held_ask_q  <= goes_ask;

		if (arvalid && arready) begin
			if (arlen != 0 || arsize != W_BYTE[2:0] || arburst != 2'b01 || araddr[W_BYTE-1:0] != 0)
				$fatal(1, "axi4_memory: not a read of one PTE");
			for (int i = 0; i < READS; i++)
				if (state_q[i] != FREE && id_q[i] == arid)
					$fatal(1, "axi4_memory: ID %0d is in use", arid);
			state_q[free] <= ASK;
			id_q[free]    <= arid;
			addr_q[free]  <= araddr;
			lock_q[free]  <= arlock;
		end
		if (mem_req_valid && mem_req_ready && !mem_req_swap)
			state_q[goes_ask] <= ASKED;
		if (mem_req_valid && mem_req_ready && mem_req_swap)
			asked_q <= 1'b1;
		if (mem_ans_valid && mem_ans_tag < W_MEM_TAG'(READS)) begin
			state_q[mem_ans_tag[2:0]] <= READY;
			data_q[mem_ans_tag[2:0]]  <= mem_ans_data;
			error_q[mem_ans_tag[2:0]] <= mem_ans_error;
		end

		if (rvalid && rready)
			rvalid <= 1'b0;
		if ((!rvalid || rready) && any_ready && dice_q[12]) begin
			rvalid <= 1'b1;
			rid    <= id_q[ready];
			rresp  <= error_q[ready] ? (dice_q[13] ? SLVERR : DECERR) : lock_q[ready] ? EXOKAY : OKAY;
			state_q[ready] <= FREE;
			for (int i = 0; i < LANES; i++)
				rdata[i*XLEN +: XLEN] <= (LANES == 1 || 32'(addr_q[ready][W_BYTE +: 5]) % LANES == i)
				                       ? data_q[ready] : XLEN'({$urandom, $urandom});
			if (lock_q[ready]) begin
				monitor_q      <= !error_q[ready];
				monitor_id_q   <= id_q[ready];
				monitor_addr_q <= addr_q[ready];
				monitor_data_q <= data_q[ready];
			end
		end

		if (awvalid && awready) begin
			if (!awlock || !monitor_q || monitor_id_q != awid || monitor_addr_q != awaddr)
				$fatal(1, "axi4_memory: a write that no exclusive read allows");
			aw_q     <= 1'b1;
			awid_q   <= awid;
			awaddr_q <= awaddr;
		end
		if (wvalid && wready) begin
			w_q <= 1'b1;
			if (!wlast)
				$fatal(1, "axi4_memory: not a write of one PTE");
			for (int i = 0; i < LANES; i++)
				if (wstrb[i*(XLEN/8)])
					wdata_q <= wdata[i*XLEN +: XLEN];
		end
		if (aw_q && w_q && !swap_q && !bvalid) begin
			if (dice_q[16:14] == 3'd0) begin
				bvalid <= 1'b1;
				bresp  <= OKAY;
				{aw_q, w_q, monitor_q} <= '0;
			end else begin
				swap_q  <= 1'b1;
				asked_q <= 1'b0;
			end
		end
		if (mem_ans_valid && mem_ans_tag == W_MEM_TAG'(READS)) begin
			bvalid <= 1'b1;
			bresp  <= mem_ans_error ? SLVERR : (mem_ans_data == wdata_q) ? EXOKAY : OKAY;
			{aw_q, w_q, swap_q, monitor_q} <= '0;
		end
		if (bvalid && bready)
			bvalid <= 1'b0;
	end
end

assign rlast = 1'b1;
assign bid   = awid_q;

endmodule

`default_nettype wire
