// What happens in a port, as strobes for counters: bits EVENT_PORT_* of mmu_pkg.sv,
// which says what one event is. Nothing in the port depends on it.

`default_nettype none

module mmu_port_events #(
	parameter int LEVELS = 3
) (
	input  logic                            clk,
	input  logic                            rst_n,

	input  logic                            req_valid,
	input  logic                            accept,

	// What was looked up in the cycle before is answered by page tables, if not by the TLB
	input  logic                            looking,
	input  logic                            hit,
	input  logic [LEVELS-1:0]               hit_size,
	input  logic                            segment_answers,

	input  logic                            answer_now,  // by what was looked up, or without page tables
	input  logic                            by_l2,       // by the L2
	input  logic                            missing,     // a miss is under way and not answered now
	input  logic                            others,      // and so is another than what is answered
	input  logic                            ans_valid,
	input  logic                            ans_fault,
	input  logic                            fill,

	output logic [mmu_pkg::EVENTS_PORT-1:0] events
);

logic first_look_q;
logic hits;

always_ff @(posedge clk or negedge rst_n) begin
	if (!rst_n)
		first_look_q <= 1'b0;
	else
		first_look_q <= accept;
end

assign hits = answer_now && looking && first_look_q;

always_comb begin
	events = '0;
	events[mmu_pkg::EVENT_PORT_REQUESTS]    = accept;
	events[mmu_pkg::EVENT_PORT_DIRECT]      = answer_now && !looking;
	events[mmu_pkg::EVENT_PORT_SEGMENTS]    = answer_now && segment_answers;
	events[mmu_pkg::EVENT_PORT_HITS]        = hits;
	events[mmu_pkg::EVENT_PORT_HITS_64K]    = hits && hit_size[0] && !hit_size[1];
	events[mmu_pkg::EVENT_PORT_HITS_LEVEL1] = hits && hit_size[1] && !(LEVELS > 2 && hit_size[LEVELS > 2 ? 2 : 1]);
	events[mmu_pkg::EVENT_PORT_HITS_LEVEL2] = hits && LEVELS > 2 && hit_size[LEVELS > 2 ? 2 : 1];
	events[mmu_pkg::EVENT_PORT_MISSES]      = first_look_q && looking && !hit;
	events[mmu_pkg::EVENT_PORT_MISSES_L2]   = by_l2;
	events[mmu_pkg::EVENT_PORT_UNDER_MISS]  = hits && others;
	events[mmu_pkg::EVENT_PORT_FAULTS]      = ans_valid && ans_fault;
	events[mmu_pkg::EVENT_PORT_FILLS]       = fill;
	events[mmu_pkg::EVENT_PORT_MISS_CYCLES] = missing;
	events[mmu_pkg::EVENT_PORT_REFUSED]     = req_valid && !accept;
end

// Each size implies the smaller ones.
logic unused_ok;
assign unused_ok = &{1'b0, hit_size};

endmodule

`default_nettype wire
