// Properties of mmu_walk_place, included at its end under FORMAL with PROVE_PLACE:
// its attributes are those of the place to which the PTE leads. What PMP says of it PROVE_VERDICT
// proves.

// The attributes of a page: of the first region with it, from its first word to its
// last
function automatic logic [7:0] f_pma(input logic [W_PA-13:0] page);
	logic [53:0] at, coded;
	logic        decided;
	at           = '0;
	at[W_PA-3:10] = page;
	decided = 1'b0;
	f_pma   = 8'h00;
	for (int r = 0; r < PMA_REGIONS; r++) begin
		coded = PMA[64*r +: 54];
		if (!decided && at >= (coded & (coded + 1'b1)) && at <= (coded | (coded + 1'b1))) begin
			decided = 1'b1;
			f_pma   = PMA[64*r + 56 +: 8];
		end
	end
endfunction

// The place, said in other words than mmu_walker_target says it: a pointer's page and the
// PTE's place there, a leaf's page with the page offset's bits of the address
logic f_leaf;
assign f_leaf = pte[3:1] != '0;

always @(posedge clk) begin
	assume (at_level != '0 && (at_level & (at_level - 1'b1)) == '0);
	if (judge) begin
		assert (pma == f_pma(target_page));
		if (f_leaf)
			assert (target_first == first_word && target_last == last_word);
		else
			assert (target_page == pte[10 +: W_PA-12]);
	end
	cover (judge && f_leaf && pma == PMA[56 +: 8]);
	cover (judge && !f_leaf && pma != PMA[56 +: 8]);
end
