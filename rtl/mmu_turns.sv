// Gives one of several that ask their turn, each in its place after the one before.
//
// Purely combinational from `ask`. What a caller may rely on: `grant` is one-hot if
// anyone asks, of one that asks; one that asks until it is granted waits for at most
// one taken grant of each other.

`default_nettype none

module mmu_turns #(
	parameter int N = 2
) (
	input  logic         clk,
	input  logic         rst_n,

	input  logic [N-1:0] ask,
	output logic [N-1:0] grant,
	input  logic         taken   // with a grant: the turn is over
);

if (N == 1) begin : g_one
	assign grant = ask;

	logic unused_ok;
	assign unused_ok = &{1'b0, clk, rst_n, taken};
end else begin : g_some

logic [N-1:0] after_q, after_d;  // those that come after the last in this round
logic [N-1:0] first, rest;
logic         first_any, rest_any;

always_comb begin
	first     = '0;
	rest      = '0;
	first_any = 1'b0;
	rest_any  = 1'b0;
	for (int i = 0; i < N; i++) begin
		first[i]  = ask[i] && after_q[i] && !first_any;
		rest[i]   = ask[i] && !rest_any;
		first_any = first_any || (ask[i] && after_q[i]);
		rest_any  = rest_any || ask[i];
	end
end

assign grant = first_any ? first : rest;

always_comb begin
	after_d = '0;
	for (int i = 1; i < N; i++)
		after_d[i] = after_d[i-1] || grant[i-1];
end

always_ff @(posedge clk or negedge rst_n) begin
	if (!rst_n)
		after_q <= '0;
	else if (taken)
		after_q <= after_d;
end

end

endmodule

`default_nettype wire
