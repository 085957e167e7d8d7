// Properties of mmu_walker about swaps, included by mmu_walker_formal.svh under
// PROVE_SWAP: a walk that ends with a fault has changed nothing in memory.
//
// What PMP and PMA say is left out: any verdict, but the same for the same place as
// long as PMP is not written. PROVE_CONSENT proves more of it.

// ----------------------------------------------------------------------------
// A swap sets A, and D for an access that writes, and changes nothing else; what it
// expects is what memory answered last.

logic            f_sets_d;
logic [XLEN-1:0] f_changed;

assign f_sets_d  = access == 4'd1 || (access >= 4'd4 && access <= 4'd6) || access == 4'd10 || access == 4'd11;
assign f_changed = mem_req_expected ^ mem_req_desired;

always @(posedge clk) if (rst_n && f_past) begin
	if (mem_req_valid && mem_req_swap) begin
		assert (f_read && !f_error && mem_req_expected == f_pte);
		assert ((f_changed & ~64'hc0) == '0 && f_changed != '0);
		assert (mem_req_desired[6] && (mem_req_desired[7] == (mem_req_expected[7] || f_sets_d)));
		assert (SVADU != 0 && adue && access != 4'd8);
	end
	cover (mem_req_valid && mem_req_swap == (SVADU != 0) && f_changed[7:6] == 2'b11);
	cover (mem_req_valid && mem_req_swap == (SVADU != 0) && f_changed[7:6] == 2'b01 && !f_sets_d);
end

// ----------------------------------------------------------------------------
// What PMP and PMA said of the place to which the PTE at hand leads

logic              f_stands;  // PMP has not been written since the walk began
logic [W_PA-13:0]  f_page, f_judged_page;
logic [9:0]        f_first, f_judged_first, f_last, f_judged_last;
logic              f_judged_again;  // the place that was judged before
logic [2:0]        f_pmp;

mmu_walker_target #(
	.XLEN (XLEN), .LEVELS (LEVELS), .W_PA (W_PA), .SVNAPOT (SVNAPOT)
) f_target (
	.pte (pte_q), .at_level (at_level_q), .vpn, .first_word, .last_word,
	.page (f_page), .first (f_first), .last (f_last)
);

logic f_same_place;
assign f_same_place = {target_page, target_first, target_last} == {f_judged_page, f_judged_first, f_judged_last};

always @(posedge clk) begin
	f_stands <= rst_n && (load_root || f_stands) && !pmp_stale;
	if (load) begin
		f_judged_page  <= target_page;
		f_judged_first <= target_first;
		f_judged_last  <= target_last;
		f_judged_again <= arrived && f_same_place;
	end
	if (state_q == CHECK)
		f_pmp <= pmp;
end

always @(posedge clk) begin
	if (arrived && f_stands && f_same_place)
		assume (pma_in == pma_q);
	if (state_q == CHECK && f_fresh && f_stands && f_judged_again)
		assume (pmp_in == f_pmp);
end

// ----------------------------------------------------------------------------
// A swap is asked for only if the access will not fault: what the judgement said
// of the PTE at hand, it still says

mmu_pkg::reason_t f_reason;
logic             f_update;

mmu_walker_judge #(
	.XLEN (XLEN), .LEVELS (LEVELS), .W_PA (W_PA), .SVADU (SVADU), .SVNAPOT (SVNAPOT),
	.SVPBMT (SVPBMT), .SVRSW60T59B (SVRSW60T59B), .ZICFISS (ZICFISS)
) f_judge (
	.pte (pte_q), .error (error_q), .at_level (at_level_q), .global_above (global_q),
	.vpn, .access, .priv, .sum, .mxr, .adue, .pbmte, .sse,
	.pmp (f_pmp), .pma (pma_q), .pte_pmp_w (pte_pmp_w_q), .pte_pma_w (pte_pma_w_q),
	.reason (f_reason), .level (), .on_pte (), .leads (), .update (f_update), .size (), .leaf_ppn (),
	.ppn (), .flags (), .pbmt ()
);

always @(posedge clk) if (rst_n && f_past && busy) begin
	assert ({f_judged_page, f_judged_first, f_judged_last} == {f_page, f_first, f_last});
	assert (f_stands == !again_q);
	if (state_q == UPDATE || (state_q == WAIT && swap_q))
		assert (f_update && f_reason == mmu_pkg::REASON_NONE);
end

// ----------------------------------------------------------------------------
// A swap that memory did ends the walk, without a fault, unless PMP is written
// meanwhile. So a walk that ends with a fault has changed nothing.

logic [XLEN-1:0] f_desired;  // of the last swap taken
logic            f_done;     // memory did it

always @(posedge clk) begin
	if (mem_req_valid && mem_req_ready)
		f_desired <= mem_req_desired;
	if (!rst_n || begin_walk)
		f_done <= 1'b0;
	else if (arrived)
		f_done <= swap_q && !mem_ans_error && pte_in == f_desired;
end

always @(posedge clk) if (rst_n && f_past && busy) begin
	assert (state_q != WAIT || !swap_q || f_desired == mem_req_desired);
	assert (!f_done || (state_q == CHECK && !offered_q && f_read && f_judged_again));
	if (f_done && f_stands)
		assert (ended && reason == mmu_pkg::REASON_NONE);
	if (ended && reason != mmu_pkg::REASON_NONE)
		assert (!f_done);
	cover (f_done == (SVADU != 0) && done);
	cover (f_done == (SVADU != 0) && !f_stands);
	cover (done && swap_q == (SVADU != 0) && reason == mmu_pkg::REASON_PTE_INVALID);
	cover (done && swap_q == (SVADU != 0) && reason == mmu_pkg::REASON_BUS_ERROR);
	cover (done && reason == mmu_pkg::REASON_PMP && f_leaf && on_pte == (SVADU != 0));
end
