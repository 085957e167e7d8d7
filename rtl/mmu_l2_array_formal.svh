// The array's share of the proof `l2`.

logic f_past = 1'b0;
always @(posedge clk) f_past <= 1'b1;

localparam int F_KEPT = 1 + W_ASID + W_TAG + W_DATA;

always @(posedge clk) begin
	assume (f_flip_way < WAYS);
	// At most one bit of an entry flips until it is written again, and between operations
	assume (f_flip_bit == '0 || (f_busy == '0 && f_done == '0 && !(look || fill || fence || sweep)));
	assume ((f_flip_bit & (f_flip_bit - 1'b1)) == '0);
	assume (PARITY != 0 || f_flip_bit == '0);
	assume (f_flip_bit == '0 || !f_flipped[f_flip_way]);
end

// Whether a way's entry in the chosen set is not as it was written; the mark of what was prefetched has none.
logic [WAYS-1:0]   f_flipped;
logic [W_WORD-1:0] f_guarded;
assign f_guarded = (PREFETCH != 0) ? {1'b0, {(W_WORD-1){1'b1}}} : '1;

always @(posedge clk) begin
	for (int w = 0; w < WAYS; w++)
		if (write_q[w] && vpn3_q[W_SET-1:0] == f_vpn[W_SET-1:0])
			f_flipped[w] <= keep_q[w] && (flip_mask & f_guarded) != '0;
		else if (f_flip_way == w && (f_flip_bit & f_guarded) != '0)
			f_flipped[w] <= 1'b1;
end

function automatic logic f_good(input logic [W_WORD-1:0] word);
	f_good = PARITY == 0 || (^word[F_KEPT-1:W_DATA] == word[F_KEPT+PARITY*1-(PARITY == 0 ? 1 : 0)]
	                         && ^word[W_DATA-1:0] == word[F_KEPT-(PARITY == 0 ? 1 : 0)]);
endfunction

function automatic logic f_maps(input logic [W_WORD-1:0] word);
	f_maps = word[F_KEPT-1] && word[W_DATA +: W_TAG] == f_vpn[W_VPN-1:W_SET]
	      && (word[GLOBAL] || (word[W_DATA+W_TAG +: W_ASID] == f_asid && !f_covers_asid));
endfunction

logic [WAYS-1:0] f_holds;
always_comb
	for (int w = 0; w < WAYS; w++)
		f_holds[w] = f_good(f_words[w*W_WORD +: W_WORD]) && f_maps(f_words[w*W_WORD +: W_WORD]);

// The fence's set is the chosen one, and it drops what maps the page
logic f_fence2, f_fence3, f_here2, f_here3;
assign f_here2  = vpn2_q[W_SET-1:0] == f_vpn[W_SET-1:0];
assign f_here3  = vpn3_q[W_SET-1:0] == f_vpn[W_SET-1:0];
assign f_fence2 = busy_fence && vpn2_q == f_vpn;
assign f_fence3 = fence_done && vpn3_q == f_vpn;

always @(posedge clk) if (rst_n && f_past) begin
	if (!f_covers_all) begin
		for (int w = 0; w < WAYS; w++) begin
			assert (f_good(f_words[w*W_WORD +: W_WORD]) == !f_flipped[w]);
			// Nothing stands for the page but what was last filled, or a fence is dropping,
			if (f_holds[w] && !(f_fence3 && write_q[w])
			    && !(fence && vpn == f_vpn && (f_fence_all || (!f_words[w*W_WORD + GLOBAL] && asid == f_asid)))
			    && !(f_fence2 && (all2_q || (!f_words[w*W_WORD + GLOBAL] && asid2_q == f_asid))))
				assert (f_known && f_words[w*W_WORD +: W_DATA] == f_data);
		end
		// and no page of an address space stands twice.
		for (int w = 0; w < WAYS; w++)
			for (int v = 0; v < w; v++)
				assert (!(f_entry[w] && f_entry[v]
				          && f_words[w*W_WORD + W_DATA +: W_TAG] == f_words[v*W_WORD + W_DATA +: W_TAG]
				          && (f_words[w*W_WORD + GLOBAL] || f_words[v*W_WORD + GLOBAL]
				              || f_words[w*W_WORD + W_DATA + W_TAG +: W_ASID]
				                 == f_words[v*W_WORD + W_DATA + W_TAG +: W_ASID])));
	end
	// Sweeps under way are those of the record's next sets
	if (busy_sweep)
		assert ({1'b0, vpn2_q[W_SET-1:0]} == f_left - 1'b1 - sweep_done && all2_q == f_sweep_all && asid2_q == f_sweep_asid);
	if (sweep_done)
		assert ({1'b0, vpn3_q[W_SET-1:0]} == f_left - 1'b1);
	if (busy_fill)
		assert (!f_here2 || !f_covers_any);
	if (fill_done)
		assert (!f_here3 || !f_covers_any);
end

// ----------------------------------------------------------------------------
// What was read from the set stands there still, so that what is written goes by it: an
// entry that a look-up found, and each that a fill, a fence or a sweep looks at, unless a
// bit of it flipped since.

logic            f_look3;
logic [WAYS-1:0] f_same2, f_same3, f_mine3, f_entry;

always @(posedge clk) f_look3 <= rst_n && busy_look && !drop;

always_comb begin : stands
	logic [W_WORD-1:0] word, differs;
	for (int w = 0; w < WAYS; w++) begin
		word       = f_words[w*W_WORD +: W_WORD];
		f_entry[w] = word[F_KEPT-1] && !f_flipped[w];
		differs    = (word ^ f_read[w*W_WORD +: W_WORD]) & f_guarded;
		// A look-up writes a global entry back with its own ASID.
		if (word[GLOBAL])
			differs = differs & ~({{(W_WORD-W_ASID){1'b0}}, {W_ASID{1'b1}}} << (W_DATA + W_TAG))
			                  & ~({{(W_WORD-1){1'b0}}, 1'b1} << (F_KEPT + 1));
		f_same2[w] = differs == '0;
		f_mine3[w] = word[GLOBAL] || word[W_DATA+W_TAG +: W_ASID] == asid3_q;
		f_same3[w] = word[F_KEPT-1] && word[W_DATA +: W_TAG] == vpn3_q[W_VPN-1:W_SET] && f_mine3[w]
		          && word[W_DATA-1:0] == found_data;
	end
end

always @(posedge clk) if (rst_n && f_past && !f_covers_all) begin
	for (int w = 0; w < WAYS; w++) begin
		if (f_here2 && busy_look && !behind2_q && match[w])
			assert (f_same2[w] && !f_flipped[w]);
		if (f_here2 && busy_look && !behind2_q && bad[w] && !covered2_q)
			assert (f_flipped[w]);
		if (f_here2 && (busy_fill || busy_fence || busy_sweep) && f_entry[w])
			assert (f_same2[w]);
		if (f_here3 && f_look3 && write_q[w])
			assert (keep_q[w] ? f_same3[w] && !f_flipped[w] : f_flipped[w]);
		if (f_here3 && sweep_done && f_entry[w] && !f_words[w*W_WORD + GLOBAL] && f_mine3[w])
			assert (write_q[w]);
		// and if it is the page's, it is what was last filled.
		if (busy_look && !behind2_q && match[w] && vpn2_q == f_vpn && (way_data[w*W_DATA + GLOBAL] || asid2_q == f_asid))
			assert (f_known && way_data[w*W_DATA +: W_DATA] == f_data && (f_holds & ~match) == '0
			        && (match & (match - 1'b1)) == '0);
		if (f_look3 && write_q[w] && keep_q[w] && vpn3_q == f_vpn && (found_data[GLOBAL] || asid3_q == f_asid))
			assert (f_known && found_data == f_data && (f_holds & ~keep_q) == '0);
		if (f_fence3 && f_holds[w] && !f_known)
			assert (write_q[w]);
		if (fill_done && vpn3_q == f_vpn && f_holds[w] && (fill_data[GLOBAL] || asid3_q == f_asid))
			assert (write_q[w]);
	end
end

logic [3:0] f_busy, f_done;
assign f_busy = {busy_look, busy_fill, busy_fence, busy_sweep};
assign f_done = {f_look3, fill_done, fence_done, sweep_done};

always @(posedge clk) if (rst_n && f_past) begin
	assert ((f_busy & (f_busy - 1'b1)) == '0 && (f_done & (f_done - 1'b1)) == '0);
	assert (turn_q != '0 && (turn_q & (turn_q - 1'b1)) == '0);
	assert (f_done != '0 || write_q == '0);
	assert (!((f_look3 && f_here3 && !f_covers_all) || fill_done) || (write_q & keep_q & ((write_q & keep_q) - 1'b1)) == '0);
	assert (!(fence_done || sweep_done) || keep_q == '0);
	assert (!(sweep_done && f_sweep_all) || write_q == '1);
	assert (!busy_fill || {vpn2_q, asid2_q} == {f_head_vpn, f_head_asid});
	assert (!fill_done || {vpn3_q, asid3_q} == {f_head_vpn, f_head_asid});
	assert (!(busy_fence && f_done != '0) && !(fence_done && f_busy != '0));
	assert (!(busy_fill && fill_done) && !(busy_look && fill_done && !behind2_q));
end

// ----------------------------------------------------------------------------
// A look-up of the page finds what was last filled when it was granted; nothing if that
// was fenced, or is wrong.

logic              f_looked2, f_looked3;
logic              f_known2, f_known3, f_wrong3, f_dirty3;
logic [W_DATA-1:0] f_data2, f_data3;
logic              f_large3;

always @(posedge clk) begin
	f_looked2 <= rst_n && look && vpn == f_vpn && asid == f_asid;
	f_known2  <= f_known;
	f_data2   <= f_data;
	f_looked3 <= rst_n && f_looked2 && busy_look;
	f_known3  <= f_known2;
	f_data3   <= f_data2;
	f_large3  <= large_hit;
	f_dirty3  <= dirty2_q;
	f_wrong3  <= bad != '0;
end

always @(posedge clk) if (rst_n && f_past) begin
	if (f_looked3 && found && !f_large3)
		assert (f_known3 && found_data == f_data3 && (!f_dirty3 || found_data[DIRTY]));
	if (busy_look)
		assert ((match & (match - 1'b1)) == '0 || !f_looked2);
	cover (f_looked3 && found && !f_large3 && f_dirty3);
	cover (f_looked3 && !found && f_known3);
	if (PARITY != 0)
		cover (f_looked3 && !found && f_known3 && f_wrong3);
	cover (f_looked3 && !found && !f_known3 && $past(valid != '0, 1));
	cover (sweep_done && f_here3 && !f_sweep_all && write_q != '0);
end
