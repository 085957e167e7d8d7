// Misses for a page for which a walk is under way: they wait for that walk, and then look
// again for what it found.
//
// The same page is the same VPN under the same root and mode, with the same ADUE, PBMTE and
// SSE, on the same port: the walk fills that port's TLB. Only the miss that is chosen to be walked for is compared, so that a comparator
// a walker is enough. ON=0: none waits.

`default_nettype none

module mmu_walk_merges #(
	parameter  int N         = 2,
	parameter  int WALKERS   = 1,
	parameter  int W_CONTEXT = 106,
	parameter  int ON        = 0,
	localparam int W_SLOT    = $clog2(N)
) (
	input  logic                         clk,
	input  logic                         rst_n,

	// As in mmu_walks.sv
	input  logic                         chosen_any,
	input  logic [W_SLOT-1:0]            chosen,
	input  logic [N*W_CONTEXT-1:0]       miss_context,
	input  logic [N-1:0]                 allowed,      // may wait, and be waited for
	input  logic [WALKERS-1:0]           walk_busy,
	input  logic [WALKERS-1:0]           walk_done,
	input  logic [WALKERS*W_SLOT-1:0]    owner,
	input  logic [WALKERS*W_CONTEXT-1:0] walk_context,

	output logic                         merges,       // the chosen one
	output logic [N-1:0]                 waits,        // has merged before
	output logic [N-1:0]                 retry         // the walk for which it waits is done
);

if (ON == 0) begin : g_off
	assign merges = 1'b0;
	assign waits  = '0;
	assign retry  = '0;

	logic unused_ok;
	assign unused_ok = &{1'b0, clk, rst_n, chosen_any, chosen, miss_context, allowed, walk_busy, walk_done,
	                     owner, walk_context};
end else begin : g_on

localparam int W_PLACE = W_CONTEXT - 31;  // VPN, root and mode
localparam int ENV     = 20;              // ADUE, PBMTE, SSE

localparam int FIRST   = N / 2;           // the data port's first slot

localparam logic [W_SLOT-1:0] HALF = FIRST[W_SLOT-1:0];

logic [W_CONTEXT-1:0] candidate;
logic [WALKERS-1:0]   same;
logic [N*WALKERS-1:0] waits_for_q;

always_comb begin
	candidate = '0;
	for (int s = 0; s < N; s++)
		if (chosen == s[W_SLOT-1:0])
			candidate = candidate | miss_context[s*W_CONTEXT +: W_CONTEXT];
end

always_comb begin
	same = '0;
	for (int w = 0; w < WALKERS; w++)
		same[w] = walk_busy[w] && allowed[owner[w*W_SLOT +: W_SLOT]]
		       && (owner[w*W_SLOT +: W_SLOT] >= HALF) == (chosen >= HALF)
		       && walk_context[(w+1)*W_CONTEXT-1 -: W_PLACE] == candidate[W_CONTEXT-1 -: W_PLACE]
		       && walk_context[w*W_CONTEXT + ENV +: 3] == candidate[ENV +: 3];
end

assign merges = chosen_any && allowed[chosen] && same != '0;

always_comb begin
	for (int s = 0; s < N; s++) begin
		waits[s] = waits_for_q[s*WALKERS +: WALKERS] != '0;
		retry[s] = (waits_for_q[s*WALKERS +: WALKERS] & walk_done) != '0
		        || (merges && chosen == s[W_SLOT-1:0] && (same & walk_done) != '0);
	end
end

always_ff @(posedge clk or negedge rst_n) begin
	if (!rst_n)
		waits_for_q <= '0;
	else
		for (int s = 0; s < N; s++) begin
			if (retry[s])
				waits_for_q[s*WALKERS +: WALKERS] <= '0;
			else if (merges && chosen == s[W_SLOT-1:0])
				waits_for_q[s*WALKERS +: WALKERS] <= same;
		end
end

// A context's other fields are those of the access.
logic unused_ok;
assign unused_ok = &{1'b0, candidate};

end

endmodule

`default_nettype wire
