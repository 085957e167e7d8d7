// Properties of mmu_walks, included at its end under FORMAL with PROVE_WALKS;
// docs/formal.md says what they add up to. Assumed, and proved of mmu_core: a
// miss asks, with the same context, until its walk is done or it is told to look again, and
// not in the cycle after; and a port can take an answer now and then.

logic f_past = 1'b0;
always @(posedge clk) f_past <= 1'b1;

always @(posedge clk) begin
	assume (f_past || !rst_n);
	if (!rst_n || !f_past || !$past(rst_n))
		assume (miss_valid == '0);
end

// A slot that the solver chooses stands for each.
(* anyconst *) logic [W_SLOT-1:0] f_slot;
always @(posedge clk) assume (f_slot < N);

for (genvar s = 0; s < N; s++) begin : f_misses
	logic f_mine;
	assign f_mine = f_slot == s;

	always @(posedge clk) if (f_past && rst_n && $past(rst_n)) begin
		if ($past(miss_valid[s])) begin
			assume (miss_valid[s] == !$past(done[s] || retry[s]));
			if (miss_valid[s])
				assume ($stable(miss_context[s*W_CONTEXT +: W_CONTEXT]) && $stable(miss_plain[s])
				        && $stable(miss_merges[s]));
		end
	end

	// A walk stands for a miss, is done once, and does not wait for another; of a miss that
	// waits, that is over with the walk's end.
	always @(posedge clk) if (rst_n && f_past && f_mine) begin
		assert (!owns[s] || miss_valid[s]);
		assert (!done[s] || owns[s]);
		assert (!retry[s] || (miss_valid[s] && !owns[s] && miss_merges[s]));
		assert (!(waits[s] && owns[s]));
		assert (!waits[s] || (miss_valid[s] && miss_merges[s]));
		assert (!done[s] || can_answer[s]);
	end
end

// ----------------------------------------------------------------------------
// No slot has two walkers, no walker is given away while it works; at most one walk is
// done, at most one starts

logic [3:0] f_owners;  // walkers that work for the slot

always_comb begin
	f_owners = '0;
	for (int w = 0; w < WALKERS; w++)
		if (walk_busy[w] && owner_q[w*W_SLOT +: W_SLOT] == f_slot)
			f_owners = f_owners + 1'b1;
end

logic [WALKERS-1:0] f_loads;
assign f_loads = load_root | load_found | arrived;

always @(posedge clk) if (rst_n && f_past) begin
	assert (f_owners <= 1);
	assert (f_owners == 1 || !owns[f_slot]);
	assert ((walk_done & (walk_done - 1'b1)) == '0 && (walk_done & ~walk_busy) == '0);
	assert ((f_loads & (f_loads - 1'b1)) == '0);
	assert ((load_root & walk_busy & ~wants_root) == '0);
	assert (busy == (owns != '0));
	cover (walk_done != '0 && (walk_ended & ~walk_done) != '0 || WALKERS == 1);
end

// ----------------------------------------------------------------------------
// What a walker takes up is its own: the place that is judged is that of its PTE

for (genvar w = 0; w < WALKERS; w++) begin : f_walkers
	logic [W_CONTEXT-1:0] f_context;
	always_comb begin
		f_context = '0;
		for (int s = 0; s < N; s++)
			if ((walk_busy[w] ? owner_q[w*W_SLOT +: W_SLOT] : chosen) == s)
				f_context = miss_context[s*W_CONTEXT +: W_CONTEXT];
	end

	always @(posedge clk) if (rst_n && f_past) begin
		assert (owner_q[w*W_SLOT +: W_SLOT] < N);
		if (f_loads[w]) begin
			assert (place_vpn == f_context[W_CONTEXT-1 -: W_VPN]);
			if (arrived[w])
				assert (pte_in == mem_ans_data && arrived_context == f_context
				        && at_level_in == arrived_level[w*(LEVELS+1) +: LEVELS+1]);
			if (load_root[w])
				assert (begin_context == f_context[W_CONTEXT-1 -: W_BEGIN] && pte_in[10 +: W_PPN] == root);
		end
		if (f_past && $past(rst_n && walk_busy[w] && !walk_done[w]))
			assert (walk_busy[w] && $stable(owner_q[w*W_SLOT +: W_SLOT]));
	end
end

// ----------------------------------------------------------------------------
// A walker never idles while a miss waits that merges with none, unless told to hold or the
// comparators are taken
always @(posedge clk) if (rst_n && f_past && $past(rst_n)) begin
	if ($past(chosen_any && !merges && !hold && place_free && walk_busy != '1))
		assert ($past(start) && walk_busy != '0);
	if (WALKERS == 1)
		assert (busy == ($past(busy && walk_done == '0) || $past(!busy && !hold && miss_valid != '0)));
end

// ----------------------------------------------------------------------------
// The memory port: a request stands unchanged until it is taken, and each answer has its walker
always @(posedge clk) if (rst_n && f_past) begin
	assert ((req_shown & (req_shown - 1'b1)) == '0);
	assert ((req_stands & (req_stands - 1'b1)) == '0);
	assert ((answers & (answers - 1'b1)) == '0);
	assert ((req_stands & ~req_valid) == '0);
end

always @(posedge clk) if (rst_n && f_past && $past(rst_n)) begin
	if ($past(mem_req_valid && !mem_req_ready))
		assert (mem_req_valid && $stable(req_shown));
	cover ($past(mem_req_valid && !mem_req_ready) && (req_valid & ~req_shown) != '0 || WALKERS == 1);
end
