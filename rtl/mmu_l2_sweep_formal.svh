// Properties of mmu_l2_sweep, as part of the proof `l2`, and what the other parts of it
// have to know of the set and the ASID that the solver chose.

always_comb begin
	f_covers_all  = {1'b0, f_set} < left_q[0];
	f_covers_asid = 1'b0;
	f_covers_any  = f_covers_all;
	for (int r = 1; r <= RECORDS; r++) begin
		f_covers_any  = f_covers_any || {1'b0, f_set} < left_q[r];
		f_covers_asid = f_covers_asid || ({1'b0, f_set} < left_q[r] && asid_q[(r-1)*W_ASID +: W_ASID] == f_asid);
	end
	f_left = left;
end

always @(posedge clk) if (rst_n) begin
	for (int r = 0; r <= RECORDS; r++)
		assert (left_q[r] <= ALL_SETS);
	// A sweep under way is one of those that are left.
	assert ({{(W_LEFT-2){1'b0}}, ahead} <= left);
	assert (!done || ahead != 2'd0);
end

// A sweep brings the end nearer, but for a new fence.
always @(posedge clk) if (rst_n && $past(rst_n && done && !drop_all && !drop_asid)) begin
	assert ($past(left) == 1'b1 ? !open[0] : left == $past(left) - 1'b1);
end
