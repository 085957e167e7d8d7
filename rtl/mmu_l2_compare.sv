// What each way that was read from the L2's array is to what reads it: whether a look-up
// finds it, whether a fill, a fence or a sweep drops it, and which one a fill takes.
//
// Purely combinational. Of the ways that match at most one is not dropped by a fill of the
// same page: so at most one matches, and an AND-OR gives its data.

`default_nettype none

module mmu_l2_compare #(
	parameter int WAYS   = 4,
	parameter int W_DATA = 63,
	parameter int DIRTY  = 18,
	parameter int GLOBAL = 16
) (
	// The ways against the key
	input  logic [WAYS-1:0]        bad,
	input  logic [WAYS-1:0]        valid,
	input  logic [WAYS-1:0]        same_tag,
	input  logic [WAYS-1:0]        same_asid,
	input  logic [WAYS*W_DATA-1:0] way_data,

	// A look-up
	input  logic                   dirty,         // only what may be written
	input  logic                   covered,       // nothing counts,
	input  logic                   covered_asid,  // or only what is global
	output logic [WAYS-1:0]        match,
	output logic [W_DATA-1:0]      data,

	// At most one of these
	input  logic                   fill,
	input  logic                   fill_global,
	input  logic                   fence,
	input  logic                   sweep,
	input  logic                   all,           // fence: also global entries and any ASID; sweep: everything
	output logic [WAYS-1:0]        lose,

	// The way that a fill takes: the first that is free or gets so, else the ways have turns
	input  logic [WAYS-1:0]        turn,
	output logic                   evicts,        // another page's
	output logic [WAYS-1:0]        victim
);

logic [WAYS-1:0] candidates;

assign candidates = ~valid | lose;
assign evicts     = candidates == '0;
assign victim     = evicts ? turn : candidates & (~candidates + 1'b1);

always_comb begin : compare
	logic is_global, mine, may_write;

	match = '0;
	lose  = '0;
	data  = '0;
	for (int w = 0; w < WAYS; w++) begin
		is_global = way_data[w*W_DATA + GLOBAL];
		may_write = way_data[w*W_DATA + DIRTY];
		mine      = valid[w] && same_tag[w];
		match[w]  = mine && !bad[w] && (is_global || (same_asid[w] && !covered_asid)) && (may_write || !dirty) && !covered;
		if (fill)
			lose[w] = mine && (is_global || same_asid[w] || fill_global);
		else if (fence)
			lose[w] = mine && (all || (!is_global && same_asid[w]));
		else if (sweep)
			lose[w] = all || (valid[w] && !is_global && same_asid[w]);
		lose[w] = lose[w] || bad[w];
		data    = data | (way_data[w*W_DATA +: W_DATA] & {W_DATA{match[w]}});
	end
end

endmodule

`default_nettype wire
