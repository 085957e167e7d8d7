// Properties of mmu_walker about PMP and PMA, included by mmu_walker_formal.svh
// under PROVE_CONSENT: both consent to every request before it leaves, and to the
// access of a walk that ends without a fault.
//
// For a place in memory that the solver chooses, words f_lo to f_hi of a page: what
// PMP says of it is f_allow, whatever that may be, and the same until PMP is written;
// of any other place, too, it stands until the next is judged.
// PROVE_VERDICT and PROVE_DECODE prove what it is.

(* anyconst *) logic [W_PA-13:0] f_page;
(* anyconst *) logic [9:0]       f_lo;
(* anyconst *) logic [9:0]       f_hi;
(* anyseq *)   logic [2:0]       f_allow;

logic [W_PA+7:0] f_judged;  // the place that was judged last: page, first word, last

always @(posedge clk)
	if (load)
		f_judged <= {target_page, target_first, target_last};

always @(posedge clk) begin
	if (f_past && !$past(pmp_stale))
		assume ($stable(f_allow));
	if (state_q == CHECK && f_fresh && !again_q && f_judged == {f_page, f_lo, f_hi})
		assume (pmp_in == f_allow);
	if (f_past && SHARED == 0 && state_q == CHECK && $past(state_q == CHECK && !load && !pmp_stale))
		assume ($stable(pmp_in));
end

// The attributes of that page are f_has, whatever that may be: PROVE_PLACE proves what.
(* anyconst *) logic [7:0] f_has;

always @(posedge clk)
	if (load && target_page == f_page)
		assume (pma_in == f_has);

// ----------------------------------------------------------------------------
// A request that begins to stand now, if it is for that place

localparam logic [9:0] F_MORE = XLEN / 32 - 1;  // words of a PTE after the first

logic f_here, f_pte_here;

assign f_here     = mem_req_addr == {f_page, f_lo, 2'b00} && f_hi == (f_lo | F_MORE);
assign f_pte_here = pte_addr_q == {f_page, f_lo, 2'b00} && f_hi == (f_lo | F_MORE);

always @(posedge clk) if (rst_n && f_past) begin
	if (mem_req_valid && !offered_q) begin
		if (f_here)
			assert (mem_req_swap ? f_allow[1] && f_has[4] : f_allow[0] && f_has[3]);
		assert ((mem_req_addr & (XLEN/8 - 1)) == '0);
	end
	if (state_q == CHECK && !again_q && f_judged == {f_page, f_lo, f_hi})
		assert (pmp == f_allow);
	assert (state_q != UPDATE || (pte_pmp_w_q && pte_pma_w_q));
	// What is known of the place of the PTE at hand and of the next, as long as PMP
	// is not written
	if (busy && !again_q) begin
		assert (state_q != CHECK || !offered_q || leads);
		if (state_q == CHECK && leads) begin
			assert (f_judged == {mem_req_addr[W_PA-1:2], mem_req_addr[11:2] | F_MORE});
			assert (!f_here || pma_q == f_has);
		end
		if ((f_read || state_q == WAIT) && (f_leaf || state_q != CHECK) && f_pte_here)
			assert (pte_pmp_w_q == f_allow[1] && pte_pma_w_q == f_has[4]);
		if (f_read || state_q == WAIT)
			assert ((pte_addr_q & (XLEN/8 - 1)) == '0);
	end
	cover (mem_req_valid && !offered_q && f_here && mem_req_swap == (SVADU != 0));
	cover (mem_req_valid && !offered_q && f_here && !mem_req_swap && f_allow == 3'b001);
	cover (done && reason == mmu_pkg::REASON_PMP && on_pte && f_read && !f_leaf && f_has[3]);
	cover (done && reason == mmu_pkg::REASON_PMA && on_pte && f_read && !f_leaf);
	cover (done && reason == mmu_pkg::REASON_PMP && f_read && f_leaf && on_pte == (SVADU != 0));
end

// ----------------------------------------------------------------------------
// Of the access, if it is to that place: the load, store, and so on, of the
// specification, and what the attributes are for

logic f_may;
logic f_load, f_store, f_fetch;  // would be permitted there, by the PTE and both
logic f_idempotent;              // as PBMT says, or else the region

always_comb begin
	f_load  = f_allow[0] && f_has[0] && (f_pte[1] || (mxr && f_pte[3]) || f_pte[3:1] == 3'b010);
	f_store = f_allow[1] && f_has[1] && f_pte[2:1] == 2'b11;
	f_fetch = f_allow[2] && f_has[2] && f_pte[3] && (priv == mmu_pkg::PRIV_U) == f_pte[4];

	f_idempotent = f_has[7];
	if (XLEN == 64 && f_pte[XLEN-2 -: 2] != 2'd0)
		f_idempotent = f_pte[XLEN-2 -: 2] == 2'd1;

	case (access)
	4'd0:    f_may = f_allow[0] && f_has[0];                                       // load
	4'd1:    f_may = f_allow[1] && f_has[1];                                       // store
	4'd2:    f_may = f_allow[2] && f_has[2];                                       // fetch
	4'd3:    f_may = f_allow[0] && f_has[0] && f_has[5];                           // LR
	4'd4:    f_may = f_allow[1] && f_has[1] && f_has[5];                           // SC
	4'd5:    f_may = f_allow[1] && f_has[0] && f_has[1] && f_has[5];               // AMO
	4'd6:    f_may = f_allow[1] && f_has[1] && f_has[6];                           // cbo.zero
	4'd7:    f_may = f_load || f_store;                                            // cbo.clean
	4'd8:    f_may = f_load || f_store || f_fetch;                                 // prefetch
	4'd9,
	4'd10:   f_may = f_allow[1:0] == '1 && f_has[1:0] == '1 && f_idempotent;       // shadow stack
	4'd11:   f_may = f_allow[1:0] == '1 && f_has[1:0] == '1 && f_idempotent && f_has[5];
	default: f_may = 1'b0;
	endcase
end

always @(posedge clk) if (rst_n && f_past && state_q == CHECK && !again_q) begin
	if (update || (ended && reason == mmu_pkg::REASON_NONE)) begin
		assert (f_judged == {ppn, first_word, last_word});
		if ({ppn, first_word, last_word} == {f_page, f_lo, f_hi})
			assert (f_may && pma_q == f_has);
	end
	cover (done && reason == mmu_pkg::REASON_NONE && {ppn, first_word, last_word} == {f_page, f_lo, f_hi});
	cover (done && f_leaf && !on_pte && reason == mmu_pkg::REASON_PMP && pmp != '0);
end
