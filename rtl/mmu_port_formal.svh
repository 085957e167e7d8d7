// Properties of mmu_port inside mmu_core, included at its end under FORMAL with
// PROVE_CORE; docs/formal.md says what they add up to.

logic f_past = 1'b0;
always @(posedge clk) f_past <= 1'b1;

// The TLB is left out of this proof: its answers are any that it may give. They
// stand until the next look-up or refill, which PROVE_LAST_FILLED proves.
always @(posedge clk) if (rst_n && f_past && $past(rst_n && !accept && !fill))
	assume ($stable(hit));

// So are segments: whether one answers stands until the next look-up (PROVE_SEGMENT).
always @(posedge clk) begin
	if (rst_n && f_past && $past(rst_n && !accept))
		assume ($stable(segment_answers));
	assume (SEGMENTS != 0 || !segment_answers);
end

// The walker's judgement is left out likewise. PROVE_LEAF proves of the leaf's
// size that it is one.
always @(posedge clk) assume ((fill_leaf_size & (fill_leaf_size + 1'b1)) == '0);

// A fence was taken since the request was accepted
logic f_fenced;

always @(posedge clk) begin
	if (accept)
		f_fenced <= 1'b0;
	else if (fence)
		f_fenced <= 1'b1;
end

always @(posedge clk) if (rst_n && f_past) begin
	assert (!busy_q || f_fenced == fenced_q);
	assert (!walk_done || walk_owns);
	assert (!fill || (!busy_q && !accept && !fence));
	cover (walk_done && walk_reason == mmu_pkg::REASON_NONE && f_fenced);
end

// Nothing but a walk without a fault fills, in the cycle after its answer, and not
// across a fence
always @(posedge clk) if (rst_n && f_past && $past(rst_n)) begin
	assert (!fill || $past(walk_done && walk_owns && walk_reason == mmu_pkg::REASON_NONE));
	assert (!fill || $past(walk_accessed && !f_fenced && !fence));
	assert (!fill || ($stable(va_q) && $stable(asid_q)));
	cover (fill);
	cover (fill && pmp_stale);
end

// What is not answered in the cycle after acceptance is answered by a walk: no
// hit is older than one cycle, and so none is older than a fence.
always @(posedge clk) if (rst_n && f_past && $past(rst_n)) begin
	if (ans_valid && !walk_done)
		assert ($past(accept));
	if ($past(busy_q && !ans_valid))
		assert (walk_valid && !hit);
	cover (ans_valid && !walk_done && looked_up && $past(ans_valid));
end

// What a segment answers, or the want of one, is answered in the cycle after
// acceptance; it is no hit of the TLB and asks for no walk.
always @(posedge clk) if (rst_n && f_past) begin
	if (busy_q && segment_answers)
		assert (ans_valid && !walk_valid && !walk_owns && !looked_up);
	cover (busy_q && segment_answers == (SEGMENTS != 0) && ans_valid && hit);
end
