// Properties of mmu_fence inside mmu_core, included at its end under FORMAL with
// PROVE_CORE; docs/formal.md says what they add up to.

logic f_past = 1'b0;
always @(posedge clk) f_past <= 1'b1;
always @(posedge clk) assume (f_past || !rst_n);

// A slot that the solver chooses
(* anyconst *) logic [4:0] f_slot;
always @(posedge clk) assume (f_slot < N);

// A fence is taken once every request that was accepted before it came has its answer.
logic f_waiting;   // it stands since the cycle before
logic f_before_q;  // the request is from before it
logic f_before;

assign f_before = looking[f_slot] && (f_before_q || !f_waiting);

always @(posedge clk) begin
	f_waiting  <= rst_n && valid && !ready;
	f_before_q <= f_before && !answered[f_slot];
end

always @(posedge clk) if (rst_n && f_past) begin
	assert (waiting_q == f_waiting);
	assert (!f_waiting || earlier_q[f_slot] == f_before_q);
end

always @(posedge clk) if (rst_n && f_past && $past(rst_n)) begin
	assert (!(valid && ready) || !f_before);
	cover (valid && ready && $past(f_waiting && f_before, 3));
	cover (valid && ready && f_waiting && looking[f_slot]);
end

// It waits for nothing but those, look-ups, walks, their refills and the fence before it; and
// of misses one at a time no walk comes between a refill and the fence that waits for it.
always @(posedge clk) if (rst_n && f_past && $past(rst_n)) begin
	if ($past(valid && !ready) && !walk_busy && !refilling && !l2_busy && l2_ready && earlier == '0)
		assert (ready || $past(ready));
	if (DRAINS == 0 && $past(valid && refilling && !walk_busy && earlier == '0))
		assert (!walk_busy);
	cover ($past(valid && !ready && !walk_busy) && ready);
end
