// Properties of mmu_counters under FORMAL with PROVE_COUNTERS: a counter that the solver
// chooses reads as the sum of its events, kept here in one register. docs/formal.md says
// what they add up to.

(* anyconst *) logic [DIGITS-1:0] f_k;

logic f_past = 1'b0;
always @(posedge clk) f_past <= 1'b1;

logic [W-1:0] f_total;
logic         f_inhibit;
logic         f_zero;
logic [12:0]  f_number;
logic         f_odd_reads;

assign f_number    = mmu_pkg::REG_COUNTER0 + {{12-DIGITS{1'b0}}, f_k, 1'b0};
assign f_odd_reads = XLEN == 32;
assign f_zero      = csr_write && (csr_number == f_number || (f_odd_reads && csr_number == f_number + 13'd1)
                                   || (csr_number == mmu_pkg::REG_COUNTCTL && csr_wdata[1]));

always @(posedge clk) begin
	assume (f_past || !rst_n);
	assume ({1'b0, f_k} < N[DIGITS:0]);
	if (!rst_n) begin
		f_total   <= '0;
		f_inhibit <= 1'b0;
	end else begin
		f_total <= (f_zero ? '0 : f_total) + {{W-1{1'b0}}, events[f_k] && !f_inhibit};
		if (csr_write && csr_number == mmu_pkg::REG_COUNTCTL)
			f_inhibit <= csr_wdata[0];
	end
end

// The digits hold no more than one event for each cycle since the counter's turn.
logic [DIGITS-1:0] f_few, f_since;
logic [W-1:0]      f_word;

always @* for (int d = 0; d < DIGITS; d++) f_few[d] = digit_q[d][f_k];
assign f_since = turn_q - f_k - 1'b1;
assign f_word  = known_q[f_k] ? memory[f_k] : '0;

always @(posedge clk) if (rst_n && f_past) begin
	assert (f_few <= f_since);
	assert (f_word + {{W-DIGITS{1'b0}}, f_few} + {{W-1{1'b0}}, events_q[f_k]} == f_total);
	assert (inhibit_q == f_inhibit);

	if (csr_number == f_number)
		assert (csr_rdata == f_total[XLEN-1:0]);
	if (csr_number == f_number + 13'd1)
		assert (csr_rdata == ((XLEN == 32) ? f_total[63 -: XLEN] : '0));
	if (csr_number == mmu_pkg::REG_COUNTCTL)
		assert (csr_rdata == {{XLEN-1{1'b0}}, f_inhibit});
	if (csr_number != mmu_pkg::REG_COUNTCTL
	    && (csr_number < mmu_pkg::REG_COUNTER0 || csr_number >= mmu_pkg::REG_COUNTER0 + 2 * N))
		assert (csr_rdata == '0);

	cover (f_total == 3 && f_word == 2 && csr_number == f_number);
	cover ($past(f_zero) && $past(f_total) == 2 && f_total == 1);
	cover (f_inhibit && $past(f_inhibit) && f_total != '0);
end
