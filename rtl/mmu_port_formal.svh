// Properties of mmu_port inside mmu_core, included at its end under FORMAL with
// PROVE_CORE; docs/formal.md says what they add up to. What becomes of each slot is
// proved in PROVE_MISSES.

logic f_past = 1'b0;
always @(posedge clk) f_past <= 1'b1;
always @(posedge clk) assume (f_past || !rst_n);

localparam int F_PLAIN = (SLOTS == 1 && L2 == 0) ? 1 : 0;

// The TLB is left out of this proof: its answers are any that it may give. They
// stand until the next look-up or refill, which PROVE_LAST_FILLED proves.
always @(posedge clk) if (rst_n && f_past && $past(rst_n && !accept && !relook && !fill))
	assume ($stable(hit));

// So are segments: whether one answers stands until the next look-up (PROVE_SEGMENT).
always @(posedge clk) begin
	if (rst_n && f_past && $past(rst_n && !accept))
		assume ($stable(segment_answers));
	assume (SEGMENTS != 0 || !segment_answers);
end

// The walkers' judgement is left out likewise. PROVE_LEAF proves that a walk ends without a
// fault on a leaf only, and of the leaf's size that it is one.
always @(posedge clk) begin
	assume ((leaf_size & (leaf_size + 1'b1)) == '0);
	assume (walk_done == '0 || walk_reason != mmu_pkg::REASON_NONE || (walk_leaf & walk_done) != '0);
end

// As many answers as requests (PROVE_MISSES: each its own)
logic [3:0] f_owed, f_held;

always @(posedge clk)
	f_owed <= !rst_n ? '0 : f_owed + {3'd0, accept} - {3'd0, ans_valid};

always_comb begin
	f_held = '0;
	for (int s = 0; s < SLOTS; s++)
		f_held = f_held + {3'd0, busy[s]};
end

always @(posedge clk) if (rst_n && f_past) begin
	assert (f_owed == f_held);
	assert (!ans_valid || f_owed != '0);
	cover (SLOTS == 1 || (f_owed == SLOTS && ans_valid && walk_done == '0 && accept));
end

// A refill has the TLB and the comparators to itself, and its slot's request still stands
always @(posedge clk) if (rst_n && f_past) begin
	assert (!fill || (!accept && !relook && !fence));
	assert (!walk_fill || !fresh || (F_PLAIN != 0 && !busy));
	assert (!fence || (!l2_busy && l2_valid == 1'b0 && walk_done == '0));
end

always @(posedge clk) if (rst_n && f_past && $past(rst_n)) begin
	assert (!fill || $past((write & told) == '0));
	assert (!fill || (write & told_q) == '0);
end

// Nothing fills but a walk without a fault, in the cycle after its answer, and not
// across a fence, and what the L2 has found
always @(posedge clk) if (rst_n && f_past && $past(rst_n)) begin
	assert (!walk_fill || $past(walk_done != '0 && walk_reason == mmu_pkg::REASON_NONE));
	assert (!walk_fill || $past(walk_accessed && (walk_done & fenced) == '0 && !fence));
	assert (!fill || walk_fill || $past(by_l2 && l2_found && !fence));
	assert (!walk_fill || $past((told & walk_done) == walk_done));
	cover (walk_fill);
	cover (fill && pmp_stale);
end

always @(posedge clk) if (rst_n && f_past)
	cover (walk_done != '0 && walk_reason == mmu_pkg::REASON_NONE && (walk_done & fenced) != '0);

// What is not answered in the cycle after it was looked up is answered by the L2 or a
// walk: no hit is older than one cycle, and so none is older than a fence.
always @(posedge clk) if (rst_n && f_past && $past(rst_n)) begin
	if (ans_valid && walk_done == '0 && !by_l2)
		assert ($past(accept || relook));
	if (F_PLAIN != 0 && $past(busy != '0 && !ans_valid))
		assert (walk_valid != '0 && !hit);
	cover (ans_valid && walk_done == '0 && looked_up && $past(ans_valid));
end

// What a segment answers, or the want of one, is answered in the cycle after
// acceptance; it is no hit of the TLB and asks for no walk.
always @(posedge clk) if (rst_n && f_past) begin
	if (fresh && !again && segment_answers)
		assert (ans_valid && (walk_valid & told) == '0 && walk_done == '0 && !looked_up);
	cover (fresh && segment_answers == (SEGMENTS != 0) && ans_valid && hit);
end
