// Chooses the miss whose walk is next: the ports take turns, and so do the slots of a port.
//
// Purely combinational from `asks`. What a caller may rely on: a slot that asks until it is
// chosen and taken waits for at most one walk of each other slot of its port, and
// for one of the other port before each of these and its own.

`default_nettype none

module mmu_walk_choice #(
	parameter  int MISSES = 1,           // slots of a port
	localparam int N      = 2 * MISSES,  // the fetch port's, then the data port's
	localparam int W_SLOT = $clog2(N)
) (
	input  logic              clk,
	input  logic              rst_n,

	input  logic [N-1:0]      asks,
	output logic              any,
	output logic [W_SLOT-1:0] slot,   // if any, one that asks
	input  logic              taken   // that one: its turn is over
);

logic [MISSES-1:0] fetch_grant, data_grant;
logic              fetch_asks, data_asks;
logic              choose_data;
logic              last_is_data_q;

assign fetch_asks  = |asks[MISSES-1:0];
assign data_asks   = |asks[N-1:MISSES];
assign any         = fetch_asks || data_asks;
assign choose_data = data_asks && (!fetch_asks || !last_is_data_q);

always_ff @(posedge clk or negedge rst_n) begin
	if (!rst_n)
		last_is_data_q <= 1'b0;
	else if (taken)
		last_is_data_q <= choose_data;
end

mmu_turns #(.N (MISSES)) fetch_turns (
	.clk, .rst_n, .ask (asks[MISSES-1:0]), .grant (fetch_grant), .taken (taken && !choose_data)
);

mmu_turns #(.N (MISSES)) data_turns (
	.clk, .rst_n, .ask (asks[N-1:MISSES]), .grant (data_grant), .taken (taken && choose_data)
);

if (MISSES == 1) begin : g_port
	assign slot = choose_data;

	logic unused_ok;
	assign unused_ok = &{1'b0, fetch_grant, data_grant};
end else begin : g_slot
	always_comb begin
		slot = '0;
		for (int i = 0; i < MISSES; i++) begin
			if (!choose_data && fetch_grant[i])
				slot = slot | i[W_SLOT-1:0];
			if (choose_data && data_grant[i])
				slot = slot | (MISSES[W_SLOT-1:0] + i[W_SLOT-1:0]);
		end
	end
end

endmodule

`default_nettype wire
