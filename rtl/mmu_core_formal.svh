// Properties of mmu_core, included at its end under FORMAL with PROVE_CORE;
// docs/formal.md says what they add up to. The ports' own are in mmu_port.sv.

logic f_past = 1'b0;
always @(posedge clk) f_past <= 1'b1;
always @(posedge clk) assume (f_past || !rst_n);

logic f_taken;
assign f_taken = fence_valid && fence_ready;

// ----------------------------------------------------------------------------
// No fence falls into a walk, a refill or a look-up: all that an answer by a walk or the L2
// rests on was read after the last fence.

always @(posedge clk) if (rst_n && f_past) begin
	assert (!(f_taken && (walk_busy || fill != '0 || l2_busy != '0)));
	assert (!(fence && (fetch_req_ready || data_req_ready)));
	assert (!(f_taken && (walk_owns != '0 || walk_done != '0 || walk_retry != '0)));
	assert (!(f_taken && l2_valid != '0));
	assert (walk_busy == (walk_owns != '0));
	assert ((walk_owns & ~miss_valid) == '0);
	cover (walk_done != '0 && fence_valid);
	cover (fence && walk_valid != '0);
end

// ----------------------------------------------------------------------------
// A slot that the solver chooses

(* anyconst *) logic [4:0] f_slot;
always @(posedge clk) assume (f_slot < N);

logic                 f_answered, f_walk, f_done, f_retry;
logic [W_CONTEXT-1:0] f_context;

assign f_answered = answered[f_slot];
assign f_walk     = miss_valid[f_slot];
assign f_done     = walk_done[f_slot];
assign f_retry    = walk_retry[f_slot];

always_comb begin
	f_context = '0;
	for (int s = 0; s < N; s++)
		if (f_slot == s[4:0])
			f_context = walk_context[s*W_CONTEXT +: W_CONTEXT];
end

// A miss keeps asking, with the same context, until its walk is done or it is to look again:
// what mmu_walks relies on.
always @(posedge clk) if (rst_n && f_past && $past(rst_n)) begin
	if ($past(f_walk && !f_done && !f_retry))
		assert (f_walk && $stable(f_context));
	assert (!$past(f_done || f_retry) || !f_walk);
	assert (!f_done || (f_walk && f_answered));
end

// With several walks or look-ups under way, later ones that wait for a fence start nothing.
always @(posedge clk) if (rst_n && f_past) begin
	if (ALONE == 0 && hold[f_slot])
		assert (!f_walk && !walk_owns[f_slot]);
	cover (fetch_ans_valid && data_ans_valid && fetch_req_ready && data_req_ready);
end
