// Properties of mmu_walk_cache, included at its end under FORMAL with PROVE_WALK_CACHE;
// docs/formal.md says what they add up to. For a VPN, an ASID and a mode that the solver
// chooses, and each level: what a look-up may find is what was filled last, and nothing
// once a fence covers it.

logic f_past = 1'b0;
always @(posedge clk) f_past <= 1'b1;

(* anyconst *) logic [W_VPN-1:0]  f_vpn;
(* anyconst *) logic [W_ASID-1:0] f_asid;
(* anyconst *) logic [1:0]        f_mode;
(* anyconst *) logic [LEVELS:0]   f_level;

logic [W_VPN-1:0] f_counts;  // bits of the VPN above the table of a pointer of that level

always_comb begin
	f_counts = '0;
	for (int s = 1; s < LEVELS; s++)
		for (int j = 1; j <= s; j++)
			if (f_level[j])
				f_counts[s*W_SEG +: W_SEG] = '1;
end

// mmu_walk_cached and mmu_walks: pointers of a level that has some; a fence when no walk
// is under way, which fills nothing then.
always @(posedge clk) begin
	assume (f_past || !rst_n);
	assume (f_level != '0 && (f_level & (f_level - 1'b1)) == '0 && !f_level[0] && !f_level[LEVELS]);
	if (fill)
		assume (fill_level != '0 && (fill_level & (fill_level - 1'b1)) == '0 && !fill_level[0] && !fill_level[LEVELS]);
	assume (!(fence && fill));
end

// ----------------------------------------------------------------------------
// What was filled last under the chosen key, unless a fence or a write of PMP came since

logic              f_filled;
logic [W_PAGE-1:0] f_ppn;
logic              f_global;
logic              f_mine;   // a fill under that key

assign f_mine = fills && fill_level == f_level && ((fill_vpn ^ f_vpn) & f_counts) == '0
             && fill_asid == f_asid && (LEVELS <= 3 || fill_mode == f_mode);

always @(posedge clk) begin
	if (!rst_n || clear || (fence && (fence_any_asid || (fence_asid == f_asid && !f_global))))
		f_filled <= 1'b0;
	else if (f_mine) begin
		f_filled <= 1'b1;
		f_ppn    <= fill_ppn;
		f_global <= fill_global;
	end
end

// Entries under that key: one at most, and that one
logic [ENTRIES-1:0] f_holds;

for (genvar i = 0; i < ENTRIES; i++) begin : f_entry
	assign f_holds[i] = valid_q[i] && levels[i*(LEVELS+1) +: LEVELS+1] == f_level
	                 && ((g_entry[i].tag_q ^ f_vpn[W_VPN-1:W_SEG]) & f_counts[W_VPN-1:W_SEG]) == '0
	                 && g_entry[i].asid_q == f_asid && (LEVELS <= 3 || g_entry[i].mode_q == f_mode);

	always @(posedge clk) if (rst_n && f_past) begin
		if (f_holds[i])
			assert (f_filled && pages[i*W_PAGE +: W_PAGE] == f_ppn && globals[i] == f_global);
		if (valid_q[i])
			assert (levels[i*(LEVELS+1) +: LEVELS+1] != '0
			        && (levels[i*(LEVELS+1) +: LEVELS+1] & (levels[i*(LEVELS+1) +: LEVELS+1] - 1'b1)) == '0);
	end
end

always @(posedge clk) if (rst_n && f_past)
	assert ((f_holds & (f_holds - 1'b1)) == '0);

// ----------------------------------------------------------------------------
// A look-up under that key answers in the next cycle; until the next, and until a fill, a fence
// or a write of PMP, what it gives at that level is what was filled last, if no deeper one is found

logic              f_looked, f_had;
logic [W_PAGE-1:0] f_had_ppn;
logic              f_had_global;

always @(posedge clk) begin
	f_looked     <= rst_n && look && look_vpn == f_vpn && look_asid == f_asid && (LEVELS <= 3 || look_mode == f_mode);
	f_had        <= f_filled && !fence;
	f_had_ppn    <= f_ppn;
	f_had_global <= f_global;
end

always @(posedge clk) if (rst_n && f_past && f_looked) begin
	assert (!hit || (level != '0 && (level & (level - 1'b1)) == '0));
	if (hit && level == f_level)
		assert (f_had && ppn == f_had_ppn && is_global == f_had_global);
	cover (hit && level == f_level && is_global);
	cover (hit && level == f_level && ((found & ~level) != '0 || LEVELS == 2));
end

// A found pointer stands as long as it waits, unless PMP is written
always @(posedge clk) if (rst_n && f_past && $past(rst_n && hit && waits && !look))
	assert (hit && $stable(level) && $stable(ppn) && $stable(is_global));
