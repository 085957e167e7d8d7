// A memory on pipelined Wishbone with bad manners, for the tests: it stalls, waits, wants
// requests again, has errors where the memory behind it has them. What it draws follows
// from the model's seed. Stops at what no master may do.
//
// Behind it is a memory as the MMU's own port has it. That may change between the locked
// read and the write, as nothing on a bus with LOCK does: the write is then to be repeated.

`default_nettype none

module wb_memory #(
	parameter  int XLEN      = 64,
	parameter  int W_PA      = 56,
	parameter  int W_MEM_TAG = 5,
	parameter  int W_ADDR    = 64,
	parameter  int W_DATA    = 64,
	localparam int W_SEL     = W_DATA / 8
) (
	input  logic                 clk,
	input  logic                 rst_n,

	input  logic                 cyc,
	input  logic                 stb,
	input  logic                 lock,
	input  logic                 we,
	input  logic [W_ADDR-1:0]    adr,
	input  logic [W_SEL-1:0]     sel,
	input  logic [W_DATA-1:0]    dat_w,
	output logic [W_DATA-1:0]    dat_r,
	output logic                 stall,
	output logic                 ack,
	output logic                 err,
	output logic                 rty,

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

localparam int W_BYTE = (XLEN == 32) ? 2 : 3;
localparam int LANES  = W_DATA / XLEN;

// ----------------------------------------------------------------------------
// Requests in their order: asked of the memory one by one, ended one by one

localparam int DEPTH = 8;

logic [W_ADDR-1:0] addr_q  [0:DEPTH-1];
logic              we_q    [0:DEPTH-1];
logic [XLEN-1:0]   write_q [0:DEPTH-1];
logic [XLEN-1:0]   read_q  [0:DEPTH-1];
logic              error_q [0:DEPTH-1];
logic              done_q  [0:DEPTH-1];

logic [2:0]      in_q, ask_q, out_q;
logic [3:0]      open_q;
logic            asks;
logic [31:0]     dice_q;
logic [XLEN-1:0] locked_q;  // what the locked read brought
logic            ends;
logic [XLEN-1:0] written;

assign stall = !(open_q < 4'(DEPTH) && dice_q[0]);

assign asks             = open_q != 0 && ask_q != in_q;
assign mem_req_valid    = asks;
assign mem_req_swap     = we_q[ask_q];
assign mem_req_addr     = addr_q[ask_q][W_PA-1:0];
assign mem_req_expected = locked_q;
assign mem_req_desired  = write_q[ask_q];
assign mem_req_tag      = W_MEM_TAG'(ask_q);

assign ends = open_q != 0 && done_q[out_q] && dice_q[1];

always_comb begin
	written = '0;
	for (int i = 0; i < LANES; i++)
		if (sel[i*(XLEN/8)])
			written = dat_w[i*XLEN +: XLEN];
end

always_ff @(posedge clk or negedge rst_n) begin
	if (!rst_n) begin
		{in_q, ask_q, out_q, open_q} <= '0;
		{ack, err, rty} <= '0;
		dice_q <= '0;
	end else begin
		dice_q <= $urandom;
		if (stb && !cyc)
			$fatal(1, "wb_memory: STB without CYC");
		if (stb && !stall) begin
			if (adr[W_BYTE-1:0] != 0)
				$fatal(1, "wb_memory: not an access of one PTE");
			if (we && (!lock || open_q != 0))
				$fatal(1, "wb_memory: a write that no locked read allows");
			addr_q[in_q]  <= adr;
			we_q[in_q]    <= we;
			write_q[in_q] <= written;
			done_q[in_q]  <= 1'b0;
			in_q          <= in_q + 1'b1;
		end
		if (mem_req_valid && mem_req_ready)
			ask_q <= ask_q + 1'b1;
		if (mem_ans_valid) begin
			done_q[mem_ans_tag[2:0]]  <= 1'b1;
			read_q[mem_ans_tag[2:0]]  <= mem_ans_data;
			error_q[mem_ans_tag[2:0]] <= mem_ans_error;
		end
		{ack, err, rty} <= '0;
		if (ends) begin
			out_q <= out_q + 1'b1;
			if (error_q[out_q])
				err <= 1'b1;
			else if (we_q[out_q] ? read_q[out_q] != write_q[out_q] : dice_q[5:2] == 4'd0)
				rty <= 1'b1;
			else
				ack <= 1'b1;
			locked_q <= read_q[out_q];
			for (int i = 0; i < LANES; i++)
				dat_r[i*XLEN +: XLEN] <= (LANES == 1 || 32'(addr_q[out_q][W_BYTE +: 5]) % LANES == i)
				                       ? read_q[out_q] : XLEN'({$urandom, $urandom});
		end
		open_q <= open_q + {3'd0, stb && !stall} - {3'd0, ends};
	end
end

endmodule

`default_nettype wire
