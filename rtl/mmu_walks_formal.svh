// Properties of mmu_walks, included at its end under FORMAL with PROVE_WALKS;
// docs/formal.md says what they add up to. Assumed, and proved of mmu_core: a
// miss asks until its walk is done, and not in the cycle after.

logic f_past = 1'b0;
always @(posedge clk) f_past <= 1'b1;

always @(posedge clk) begin
	assume (f_past || !rst_n);
	if (f_past && rst_n && $past(rst_n)) begin
		if ($past(fetch_valid))
			assume (fetch_valid == !$past(fetch_done));
		if ($past(data_valid))
			assume (data_valid == !$past(data_done));
	end
	if (!rst_n || !f_past || !$past(rst_n))
		assume (!fetch_valid && !data_valid);
end

// Walks of the other port that ended while this one's miss waited
logic [1:0] f_fetch_passed, f_data_passed;

always @(posedge clk) begin
	if (!rst_n || !fetch_valid || fetch_owns)
		f_fetch_passed <= '0;
	else if (data_done)
		f_fetch_passed <= f_fetch_passed + 1'b1;
	if (!rst_n || !data_valid || data_owns)
		f_data_passed <= '0;
	else if (fetch_done)
		f_data_passed <= f_data_passed + 1'b1;
end

always @(posedge clk) if (rst_n && f_past) begin
	// A walk is its port's, and stands for a miss
	assert (!fetch_owns || fetch_valid);
	assert (!data_owns || data_valid);
	assert (busy == (fetch_owns || data_owns) && !(fetch_owns && data_owns));
	// A miss waits for at most one walk of the other port, and is next then
	assert (f_fetch_passed == '0 || (f_fetch_passed == 2'd1 && (fetch_owns || (!busy && owner_is_data_q))));
	assert (f_data_passed == '0 || (f_data_passed == 2'd1 && (data_owns || (!busy && !owner_is_data_q))));
	cover (f_fetch_passed == 2'd1);
	cover (f_data_passed == 2'd1);
end

// The walker never idles while a miss waits, unless told to hold
always @(posedge clk) if (rst_n && f_past && $past(rst_n)) begin
	assert (busy == ($past(busy && !done) || $past(!busy && !hold && (fetch_valid || data_valid))));
end
