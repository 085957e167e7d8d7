// Properties of mmu_port_tlb inside mmu_core, included at its end under FORMAL with
// PROVE_CORE: what mmu_tlb assumes of its caller (mmu_tlb_formal.svh).

logic f_past = 1'b0;
always @(posedge clk) f_past <= 1'b1;

function automatic logic f_is_size(input logic [LEVELS-1:0] of);
	f_is_size = (of & (of + 1'b1)) == '0;
endfunction

always @(posedge clk) if (rst_n && f_past) begin
	assert (!(look && fill) && !(look && fence) && !(fill && fence));
	if (look)
		assert (!any_low && any_seg == '0 && !any_asid);
	if (fill) begin
		assert (f_is_size(fill_size) && f_is_size(fill_leaf_size) && fill_size <= fill_leaf_size);
		assert (any_low == fill_size[0] && any_seg == {1'b0, fill_size[LEVELS-1:1]});
		assert (any_asid == fill_flags[mmu_pkg::PTE_G]);
	end
	if (fence)
		assert (any_seg == {LEVELS{any_low}});
	cover (fill && fill_size == '0 && fill_leaf_size[LEVELS-1]);
end
