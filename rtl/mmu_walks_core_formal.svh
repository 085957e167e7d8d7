// What PROVE_CORE needs of mmu_walks, included at its end: no two walkers work for one
// slot. PROVE_WALKS proves it of mmu_walks alone.

logic f_twice;

always_comb begin
	f_twice = 1'b0;
	for (int w = 0; w < WALKERS; w++)
		for (int v = 0; v < w; v++)
			f_twice = f_twice || (walk_busy[w] && walk_busy[v]
			                      && owner_q[w*W_SLOT +: W_SLOT] == owner_q[v*W_SLOT +: W_SLOT]);
end

always @(posedge clk) if (rst_n) assert (!f_twice);
