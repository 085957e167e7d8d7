// Properties of mmu_pmp, included in its g_some under FORMAL with PROVE_VERDICT, for
// an entry that the solver chooses; docs/formal.md says what they add up to. The
// decoded registers stand still: what they promise, they promise between writes.

(* anyconst *) logic [5:0] f_entry;

logic f_past = 1'b0;
always @(posedge clk) f_past <= 1'b1;

logic [W-1:0] f_from, f_to;  // the region's first word, and its last

assign f_from = first[f_entry*W +: W];
assign f_to   = last[f_entry*W +: W];

always @(posedge clk) begin
	assume (f_entry < N && (!active[f_entry] || f_from <= f_to));
	assume (!judge || first_word <= last_word);
	// With LATE the verdict is wanted in the same cycle
	assume (LATE == 0 || !ask || judge);
	if (f_past)
		assume ($stable(active) && $stable(first) && $stable(last) && $stable(allow_m)
		        && $stable(allow_su) && $stable(none_m) && $stable(none_su));
end

// ----------------------------------------------------------------------------
// The access that is asked about: judged last, or with LATE now; and the page that is held

logic             f_judged, f_judged_held, f_past_judged = 1'b0, f_past_held;
logic             f_holds = 1'b0;
logic [W_PA-13:0] f_held;
logic [W-1:0]     f_lo, f_hi, f_past_lo, f_past_hi;  // of the access, first word and last
logic [W-1:0]     f_judge_lo, f_judge_hi;

assign f_judge_lo    = {use_held ? f_held : page, first_word};
assign f_judge_hi    = {use_held ? f_held : page, last_word};
assign f_judged      = (LATE != 0) ? judge && (!use_held || f_holds) : f_past_judged;
assign f_judged_held = (LATE != 0) ? use_held : f_past_held;
assign f_lo          = (LATE != 0) ? f_judge_lo : f_past_lo;
assign f_hi          = (LATE != 0) ? f_judge_hi : f_past_hi;

always @(posedge clk) begin
	if (judge) begin
		f_past_judged <= !use_held || f_holds;
		f_past_held   <= use_held;
		f_past_lo     <= f_judge_lo;
		f_past_hi     <= f_judge_hi;
	end
	if (relate && hold) begin
		f_holds <= 1'b1;
		f_held  <= page;
	end
end

// ----------------------------------------------------------------------------
// An entry overlaps the access if any word of it is in the region, and covers it if
// all are. The page's place is known of the page that is held.

logic f_touches, f_begins, f_ends;

assign f_touches = active[f_entry] && f_from[W-1:10] <= f_held && f_held <= f_to[W-1:10];
assign f_begins  = f_from[W-1:10] == f_held;
assign f_ends    = f_to[W-1:10] == f_held;

always @(posedge clk) begin
	if (f_holds)
		assert (touch_q[f_entry] == f_touches && begins_q[f_entry] == f_begins && ends_q[f_entry] == f_ends);
	if (f_judged) begin
		assert (f_lo[W-1:10] == f_hi[W-1:10] && f_lo <= f_hi);
		assert (overlaps[f_entry] == (active[f_entry] && f_from <= f_hi && f_lo <= f_to));
		assert (covers[f_entry] == (active[f_entry] && f_from <= f_lo && f_hi <= f_to));
	end
	cover (f_judged && overlaps[f_entry] && !covers[f_entry]);
	cover (f_judged && f_holds && f_judged_held && covers[f_entry] && f_ends);
end

// The lowest-numbered that overlaps decides, and allows nothing of what it does not
// cover; without any, the defaults do.
logic f_lower;  // an entry below overlaps

always_comb begin
	f_lower = 1'b0;
	for (int i = 0; i < N; i++)
		f_lower = f_lower || (i < f_entry && overlaps[i]);
end

always @(posedge clk) if (f_past && ask) begin
	if (overlaps[f_entry] && !f_lower)
		assert (allow == (!covers[f_entry] ? 3'b000
		                  : m_mode ? allow_m[3*f_entry +: 3] : allow_su[3*f_entry +: 3]));
	if (overlaps == '0)
		assert (allow == (m_mode ? none_m : none_su));
	cover (overlaps[f_entry] && f_lower == (N > 1));
end

// ----------------------------------------------------------------------------
// A page without page_cut, and a larger one without size_cut, is in each region
// whole or not at all: so one verdict does for all of it.

(* anyconst *) logic [W-1:0] f_word;
(* anyconst *) logic [2:0]   f_size;

logic f_in_region, f_with_page;  // the word: in the region, in the larger page

assign f_in_region = active[f_entry] && f_from <= f_word && f_word <= f_to;
assign f_with_page = (f_size == 0) ? f_word[W-1:14] == page[W_PA-13:4]
                                   : (f_word >> 10 >> (f_size*W_SEG)) == (page >> (f_size*W_SEG));

logic f_page_in_region;  // the page's first word
assign f_page_in_region = active[f_entry] && f_from <= {page, 10'd0} && {page, 10'd0} <= f_to;

always @(posedge clk) if (f_past && relate) begin
	if (!page_cut && f_word[W-1:10] == page)
		assert (f_in_region == f_page_in_region);
	if (f_size < LEVELS && !size_cut[f_size] && f_with_page)
		assert (f_in_region == f_page_in_region);
	cover (!page_cut && f_word[W-1:10] == page && f_in_region);
	cover (page_cut);
	cover (f_size == LEVELS - 1 && !size_cut[f_size] && f_with_page && f_in_region);
end
