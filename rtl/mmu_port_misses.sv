// What becomes of a port's requests, each in a slot of its own: looked up, and if that
// was a miss, asked of the L2, walked for, or looked up again; and when the port may
// take another.
//
//   free ──accept──► looked up ──hit──► free
//                      │ miss          ▲                               ▲
//                      ├─ L2: ask ──granted──► two cycles later ─found─┤
//                      │                         │ not                 │
//                      └───────────► walk ◄──────┘                     │
//                                     ├──done──────────────────────────┘
//                                     └──retry──► looked up again, as if accepted
//
// One thing is looked up in a cycle and answered in the next, a new request or one again;
// results of walks and of the L2 take the cycles between. What a caller may rely on:
// - Each request is answered once, and its slot is written again only after that.
// - As long as a slot is free, or the request looked up last is answered now, another is
//   taken; but not while a walk has a leaf for this port (walk_leaf) or has an answer to wait
//   with, in the cycle before the L2's answer, nor when one is looked up again.
// - A slot asks for a walk from the cycle of its miss on, until it is done or to be retried.
//
// With one slot and no L2 the request itself stands for its state.

`default_nettype none
`include "mmu_assert.svh"

module mmu_port_misses #(
	parameter int SLOTS = 1,
	parameter int L2    = 0   // there is one
) (
	input  logic             clk,
	input  logic             rst_n,

	// Taking a request: room for one, and whether one is taken
	output logic             ready,
	input  logic             accept,
	output logic [SLOTS-1:0] write,      // the slot that takes it
	input  logic             stopped,    // nothing is looked up in this cycle: fence, refill, PMP changes

	// One is looked up again in this cycle: the request in this slot
	output logic             relook,
	output logic [SLOTS-1:0] relook_slot,

	// What was looked up in the cycle before
	output logic             fresh,
	output logic             again,      // not for the first time
	input  logic             answers,    // it is answered now; else, with fresh, it is a miss

	// The slot whose the answer is, if there is one: by what is fresh, else the L2, else a walk
	output logic [SLOTS-1:0] told,
	output logic             by_l2,
	output logic             by_walk,
	output logic [SLOTS-1:0] answered,   // it is, in this cycle

	// Walks, as in mmu_port.sv
	output logic [SLOTS-1:0] walk_valid,
	output logic [SLOTS-1:0] merges,     // may wait for another's walk of the same page, and be waited for
	output logic             can_answer,
	input  logic [SLOTS-1:0] walk_answers,
	input  logic [SLOTS-1:0] walk_leaf,
	input  logic [SLOTS-1:0] walk_done,
	input  logic [SLOTS-1:0] walk_retry,

	// The L2, likewise
	input  logic [SLOTS-1:0] hold,       // its request came after a fence that waits: it may not ask
	output logic             l2_valid,
	output logic [SLOTS-1:0] l2_slot,    // that asks, from flip-flops
	input  logic             l2_ready,
	input  logic             l2_found,   // in the second cycle after
	output logic             l2_busy,    // has yet to answer

	input  logic             fence,
	output logic [SLOTS-1:0] fenced,     // a fence was taken since the request was accepted
	output logic [SLOTS-1:0] busy        // holds a request
);

logic [SLOTS-1:0] busy_q, fenced_q;

assign answered = walk_done | (told & {SLOTS{answers || (by_l2 && l2_found)}});
assign busy     = busy_q;
assign fenced   = fenced_q;

always_ff @(posedge clk or negedge rst_n) begin
	if (!rst_n)
		busy_q <= '0;
	else
		busy_q <= write | (busy_q & ~answered);
end

always_ff @(posedge clk)
	fenced_q <= ~write & ({SLOTS{fence}} | fenced_q);

if (SLOTS == 1 && L2 == 0) begin : g_plain

assign ready       = !busy_q || answers;
assign write       = accept;
assign relook      = 1'b0;
assign relook_slot = 1'b0;
assign fresh       = busy_q;
assign again       = 1'b0;
assign told        = 1'b1;
assign by_l2       = 1'b0;
assign by_walk     = walk_answers;
assign walk_valid  = busy_q && !answers;
assign merges      = 1'b0;
assign can_answer  = 1'b1;
assign l2_valid    = 1'b0;
assign l2_slot     = 1'b0;
assign l2_busy     = 1'b0;

logic unused_ok;
assign unused_ok = &{1'b0, stopped, walk_leaf, walk_retry, hold, l2_ready, l2_found};

end else begin : g_slots

// ----------------------------------------------------------------------------
// What is looked up: a request that is taken, into the first free slot, or one again

logic [SLOTS-1:0] free, first_free;
logic [SLOTS-1:0] look_q;             // is to be looked up again
logic [SLOTS-1:0] at_q;               // was looked up in the cycle before
logic             fresh_q, again_q;
logic             l2_next;            // answers in the next cycle

assign free        = ~busy_q;
assign first_free  = free & (~free + 1'b1);
assign relook_slot = look_q & (~look_q + 1'b1);
assign relook      = look_q != '0 && !stopped && !l2_next && walk_leaf == '0;
assign ready       = (free != '0 || answers) && look_q == '0 && !l2_next && walk_leaf == '0;
assign write       = {SLOTS{accept}} & ((free != '0) ? first_free : at_q);

always_ff @(posedge clk or negedge rst_n) begin
	if (!rst_n)
		fresh_q <= 1'b0;
	else
		fresh_q <= accept || relook;
end

always_ff @(posedge clk) begin
	if (accept || relook)
		at_q <= relook ? relook_slot : write;
	again_q <= relook;
end

assign fresh = fresh_q;
assign again = again_q;

// ----------------------------------------------------------------------------
// Misses

logic [SLOTS-1:0] missed;
logic [SLOTS-1:0] to_walk;             // a miss that is to be walked for from now on

assign missed = (fresh_q && !answers) ? at_q : '0;

logic [SLOTS-1:0] walk_q;
logic [SLOTS-1:0] retried_q;           // has waited for another's walk, in vain if it misses again

assign walk_valid = walk_q | to_walk;
assign merges     = ~fenced_q & ~retried_q;

always_ff @(posedge clk)
	retried_q <= ~write & (walk_retry | retried_q);

always_ff @(posedge clk or negedge rst_n) begin
	if (!rst_n) begin
		walk_q <= '0;
		look_q <= '0;
	end else begin
		walk_q <= walk_valid & ~walk_done & ~walk_retry;
		look_q <= walk_retry | (look_q & ~({SLOTS{relook}} & relook_slot));
	end
end

// ----------------------------------------------------------------------------
// The L2

if (L2 == 0) begin : g_no_l2
	assign to_walk  = missed;
	assign by_l2    = 1'b0;
	assign told     = fresh_q ? at_q : walk_answers;
	assign l2_next  = 1'b0;
	assign l2_valid = 1'b0;
	assign l2_slot  = '0;
	assign l2_busy  = 1'b0;

	logic unused_ok;
	assign unused_ok = &{1'b0, hold, l2_ready, l2_found};
end else begin : g_l2
	logic [SLOTS-1:0] wait_q;              // is to ask, and has not been granted
	logic [SLOTS-1:0] first_q, second_q;   // was granted one cycle ago, two
	logic [SLOTS-1:0] may_ask, turn, granted;

	assign may_ask  = wait_q & ~fenced_q & ~hold;
	assign l2_slot  = (may_ask != '0) ? turn : at_q;
	assign l2_valid = may_ask != '0 || (missed & ~fenced_q & ~hold) != '0;
	assign granted  = {SLOTS{l2_valid && l2_ready}} & l2_slot;
	assign by_l2    = second_q != '0;
	assign l2_next  = first_q != '0;
	assign l2_busy  = by_l2 || l2_next;
	assign to_walk  = ((wait_q | missed) & fenced_q) | (second_q & {SLOTS{!l2_found}});
	assign told     = fresh_q ? at_q : by_l2 ? second_q : walk_answers;

	mmu_turns #(.N (SLOTS)) turns (
		.clk, .rst_n, .ask (may_ask), .grant (turn), .taken (l2_ready)
	);

	always_ff @(posedge clk or negedge rst_n) begin
		if (!rst_n) begin
			wait_q   <= '0;
			first_q  <= '0;
			second_q <= '0;
		end else begin
			wait_q   <= (wait_q | missed) & ~granted & ~fenced_q;
			first_q  <= granted;
			second_q <= first_q;
		end
	end
end

assign by_walk    = !fresh_q && !by_l2;
assign can_answer = by_walk;

`MMU_ASSERT(one_answer, !(fresh_q && by_l2) && !(fresh_q && walk_done != '0) && !(by_l2 && walk_done != '0))

end

// ----------------------------------------------------------------------------
// Properties

`ifdef PROVE_MISSES
`include "mmu_port_misses_formal.svh"
`endif

endmodule

`default_nettype wire
