// Properties of mmu_walker, included at its end under FORMAL with PROVE_WALKER;
// docs/formal.md says what they add up to.
//
// Memory's side is assumed: a request waits at most F_STALL cycles to be taken,
// its data comes at most F_LATENCY cycles later, and no other data comes.

localparam int F_STALL   = 2;
localparam int F_LATENCY = 3;
localparam int F_LEVEL   = F_STALL + F_LATENCY + 1;  // cycles that one PTE may take
localparam int F_BOUND   = LEVELS * F_LEVEL + 1;

logic f_past = 1'b0;
always @(posedge clk) f_past <= 1'b1;

logic [3:0] f_stalled;  // cycles that the present request has waited
logic [3:0] f_waited;   // cycles since it was taken
logic [7:0] f_age;      // cycles since start

always @(posedge clk) begin
	if (!rst_n || !busy) begin
		f_stalled <= '0;
		f_waited  <= '0;
		f_age     <= 8'd1;
	end else begin
		f_age     <= f_age + 1'b1;
		f_stalled <= (mem_req_valid && !mem_req_ready) ? f_stalled + 1'b1 : '0;
		f_waited  <= (state_q == WAIT && !mem_answer) ? f_waited + 1'b1 : '0;
	end
end

always @(posedge clk) begin
	assume (f_past || !rst_n);
	if (mem_req_valid && f_stalled == F_STALL)
		assume (mem_req_ready);
	if (state_q == WAIT && f_waited == F_LATENCY - 1)
		assume (mem_answer);
	if (state_q != WAIT)
		assume (!mem_ans_valid);
	assume (!(start && busy));
	assume (!start || root_levels <= LEVELS);  // satp.MODE is one of ours
end

// ----------------------------------------------------------------------------
// Every walk ends within its bound

logic [7:0] f_steps;  // levels that the walk may still read

always_comb begin
	f_steps = 8'd0;
	for (int i = 0; i <= LEVELS; i++)
		if (at_level_q[i])
			f_steps = i[7:0];
end

always @(posedge clk) if (rst_n && f_past) begin
	if (busy) begin
		assert (at_level_q != '0);
		assert (f_stalled <= F_STALL && f_waited < F_LATENCY);
		assert (f_steps <= LEVELS && (state_q == CHECK || f_steps != 0));
		if (state_q == CHECK)
			assert (f_waited == 0 && f_age <= (LEVELS - f_steps) * F_LEVEL + 1 + f_stalled);
		else
			assert (f_stalled == 0
			        && f_age <= (LEVELS - f_steps) * F_LEVEL + 1 + F_STALL + 1 + f_waited);
		assert (f_age <= F_BOUND);
	end
	assert (state_q == IDLE || state_q == CHECK || state_q == WAIT);
	assert (!busy || (at_level_q & (at_level_q - 1'b1)) == '0);
	cover (done && f_age == F_BOUND && leaf);
	cover (done && f_age == 8'd3);
end

// A request stands unchanged until it is taken.
always @(posedge clk) if (rst_n && f_past && $past(rst_n)) begin
	if ($past(mem_req_valid && !mem_req_ready))
		assert (mem_req_valid && $stable(mem_req_addr) && $stable(mem_req_tag));
	cover ($past(mem_req_valid && !mem_req_ready) && mem_req_ready);
end

// ----------------------------------------------------------------------------
// A walk that does not fault found a leaf that permits the access, in what
// memory answered last: said in other words than mmu_pte and mmu_leaf say it.

logic            f_read;
logic            f_error;
logic            f_global;  // G in a pointer on the way
logic [XLEN-1:0] f_pte;

always @(posedge clk) begin
	if (!rst_n || !busy)
		f_read <= 1'b0;
	else if (mem_answer && state_q == WAIT) begin
		f_read  <= 1'b1;
		f_error <= mem_ans_error;
		f_global <= f_read && (f_global || f_pte[5]);
		f_pte   <= mem_ans_data;
	end
end

always @(posedge clk) if (rst_n && f_past) begin
	if (busy && f_read)
		assert (f_pte == pte_q && f_error == error_q);
	if (busy && f_read)
		assert (f_global == global_q);
	if (busy && !f_read)
		assert (!global_q && !error_q && pte_q[7:0] == 8'h01 && !leaf);
	if (done && reason == mmu_pkg::REASON_NONE) begin
		assert (f_read && !f_error);
		assert (f_pte[0] && f_pte[6]);                           // V, A
		assert (!(f_pte[2] && !f_pte[1]) && (f_pte[1] || f_pte[3]));
		assert (XLEN == 32 || f_pte[XLEN-1 -: 10] == '0);  // bits 63:54
		assert (access_q != mmu_pkg::ACC_STORE || (f_pte[2] && f_pte[7]));
		assert (access_q != mmu_pkg::ACC_LOAD || f_pte[1] || (mxr_q && f_pte[3]));
		assert (access_q != mmu_pkg::ACC_FETCH || f_pte[3]);
		assert (priv_q != mmu_pkg::PRIV_U || f_pte[4]);
		assert (priv_q != mmu_pkg::PRIV_S || !f_pte[4] || (sum_q && access_q != mmu_pkg::ACC_FETCH));
		for (int j = 0; j < LEVELS - 1; j++)
			if (f_steps > j)
				assert (f_pte[10 + j*W_SEG +: W_SEG] == '0);
		assert (leaf_ppn == f_pte[10 +: W_PPN_PA] && (flags | 8'h20) == (f_pte[7:0] | 8'h20));
		assert (flags[5] == (f_pte[5] || f_global));
	end
	cover (done && reason == mmu_pkg::REASON_NONE && f_steps == 1);
	cover (done && reason == mmu_pkg::REASON_NONE && f_global && !f_pte[5]);
	cover (done && reason == mmu_pkg::REASON_BUS_ERROR);
	cover (done && reason == mmu_pkg::REASON_DIRTY_CLEAR);
end
