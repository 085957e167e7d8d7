// Properties of mmu_core, included at its end under FORMAL with PROVE_CORE;
// docs/formal.md says what they add up to. The ports' own are in mmu_port.sv.

logic f_past = 1'b0;
always @(posedge clk) f_past <= 1'b1;
always @(posedge clk) assume (f_past || !rst_n);

logic f_walk_done;
assign f_walk_done = fetch_done || data_done;

// ----------------------------------------------------------------------------
// No fence falls into a walk: all that an answer by a walk rests on was read
// after the last fence.

logic f_clean;  // no fence was taken since there is a walk under way

always @(posedge clk) begin
	if (!rst_n || !walk_busy)
		f_clean <= 1'b1;
	else if (fence_valid && fence_ready)
		f_clean <= 1'b0;
end

always @(posedge clk) if (rst_n && f_past) begin
	if (walk_busy)
		assert (f_clean && !(fence_valid && fence_ready));
	assert (!(fence && (fetch_req_ready || data_req_ready)));
	cover (f_walk_done && f_clean && fence_valid);
	cover (fence && fetch_walk);
end

// ----------------------------------------------------------------------------
// Each accepted request is answered once; an answer has a request.

logic f_fetch_owed, f_data_owed;

always @(posedge clk) begin
	if (!rst_n) begin
		f_fetch_owed <= 1'b0;
		f_data_owed  <= 1'b0;
	end else begin
		f_fetch_owed <= (fetch_req_valid && fetch_req_ready) || (f_fetch_owed && !fetch_ans_valid);
		f_data_owed  <= (data_req_valid && data_req_ready) || (f_data_owed && !data_ans_valid);
	end
end

always @(posedge clk) if (rst_n && f_past) begin
	assert (!fetch_ans_valid || f_fetch_owed);
	assert (!data_ans_valid || f_data_owed);
	assert (!(fetch_req_valid && fetch_req_ready) || !f_fetch_owed || fetch_ans_valid);
	assert (!(data_req_valid && data_req_ready) || !f_data_owed || data_ans_valid);
	// What is owed is looked up and answered now, or is a miss
	assert (!f_fetch_owed || fetch_ans_valid || fetch_walk);
	assert (!f_data_owed || data_ans_valid || data_walk);
	assert (!fetch_walk || f_fetch_owed);
	assert (!data_walk || f_data_owed);
	cover (fetch_ans_valid && data_ans_valid && fetch_req_ready && data_req_ready);
end

// ----------------------------------------------------------------------------
// A fence waits for nothing but a walk, its refill, and the fence before it; no walk
// comes between a refill and the fence that waits for it.

always @(posedge clk) if (rst_n && f_past && $past(rst_n)) begin
	if ($past(fence_valid && !fence_ready) && !walk_busy && !refilling && !fetch_before && !data_before)
		assert (fence_ready || $past(fence_ready));
	if ($past(fence_valid && refilling && !walk_busy && !fetch_before && !data_before))
		assert (!walk_busy);
	assert (!(fence && refilling));
	assert (!walk_busy || (fetch_owns != data_owns) || (WALKERS > 1 && fetch_owns));
	cover ($past(fence_valid && !fence_ready && !walk_busy) && fence_ready);
end

// A fence is taken once every request that was accepted before it came has its answer.

logic f_fetch_before, f_data_before;
logic f_fetch_before_q, f_data_before_q;

assign f_fetch_before = f_fetch_owed && (f_fetch_before_q || !waiting_q);
assign f_data_before  = f_data_owed && (f_data_before_q || !waiting_q);

always @(posedge clk) begin
	f_fetch_before_q <= f_fetch_before && !fetch_ans_valid;
	f_data_before_q  <= f_data_before && !data_ans_valid;
end

always @(posedge clk) if (rst_n && f_past) begin
	assert (!waiting_q || $past(fence_valid && !fence_ready));
	assert (!waiting_q || (fetch_before_q == f_fetch_before_q && data_before_q == f_data_before_q));
	if (fence_valid && fence_ready)
		assert ((!f_fetch_before || fetch_ans_valid) && (!f_data_before || data_ans_valid));
	cover (fence_valid && fence_ready && $past(waiting_q && fetch_before && data_before, 3));
	cover (fence_valid && fence_ready && waiting_q && f_fetch_owed && !fetch_ans_valid);
end

// A miss keeps asking, with the same context, until its walk is done: what
// mmu_walks relies on.
always @(posedge clk) if (rst_n && f_past && $past(rst_n)) begin
	if ($past(fetch_walk && !fetch_done))
		assert (fetch_walk && $stable(fetch_context));
	if ($past(data_walk && !data_done))
		assert (data_walk && $stable(data_context));
	assert (!$past(fetch_done) || !fetch_walk);
	assert (!$past(data_done) || !data_walk);
end
