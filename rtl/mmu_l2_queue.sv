// Leaves on their way into the L2: two of them, in order. One that finds both places
// taken is dropped, which costs a walk later on and nothing else.

`default_nettype none

module mmu_l2_queue #(
	parameter int WIDTH = 128
) (
	input  logic             clk,
	input  logic             rst_n,
	input  logic             clear,       // drops all, also what is put in in this cycle

	input  logic             put,
	input  logic [WIDTH-1:0] put_entry,
	output logic             full,        // and so drops what is put in

	output logic             valid,
	output logic [WIDTH-1:0] entry,       // the oldest
	input  logic             take
);

logic             second_q;
logic [WIDTH-1:0] second_entry_q;
logic             into_first, into_second;

assign full        = valid && second_q;
assign into_first  = put && !full && (!valid || take);
assign into_second = put && !full && valid && !take;

always_ff @(posedge clk or negedge rst_n) begin
	if (!rst_n) begin
		valid    <= 1'b0;
		second_q <= 1'b0;
	end else begin
		valid    <= !clear && (put || (valid && !take) || second_q);
		second_q <= !clear && (into_second || (second_q && !take));
	end
end

always_ff @(posedge clk) begin
	if (into_first || take)
		entry <= second_q ? second_entry_q : put_entry;
	if (into_second)
		second_entry_q <= put_entry;
end

endmodule

`default_nettype wire
