// Properties of mmu_tlb, for one page of one address space and for entries that
// the solver chooses: what holds for them holds for all. Included at the end of
// mmu_tlb.sv under FORMAL; docs/formal.md says what they add up to.
//
//   PROVE_ONE_WAY      no two entries translate one page; no two ways hit
//   PROVE_LAST_FILLED  an entry, and a hit, hold what was last filled for the
//                      page and not fenced since
//   PROVE_ANSWER       a hit's answer is what its way holds

(* anyconst *) logic [W_VPN-1:0]  f_vpn;
(* anyconst *) logic [W_ASID-1:0] f_asid;
(* anyconst *) logic [W_WAY-1:0]  f_a;
(* anyconst *) logic [W_WAY-1:0]  f_b;

logic f_past = 1'b0;
always @(posedge clk) f_past <= 1'b1;

// Each bit of a size but the lowest implies those below it.
function automatic logic f_is_size(input logic [LEVELS-1:0] of);
	f_is_size = (of & (of + 1'b1)) == '0;
endfunction

// A leaf's size, and an entry's that is no larger
function automatic logic f_are_sizes(input logic [2*LEVELS-1:0] of);
	f_are_sizes = f_is_size(of[LEVELS-1:0]) && f_is_size(of[2*LEVELS-1:LEVELS])
	           && of[LEVELS-1:0] <= of[2*LEVELS-1:LEVELS];
endfunction

// The caller's side: proved of mmu_port (mmu_port_formal.svh).
always @(posedge clk) begin
	assume (f_past || !rst_n);
	assume (!(look && fill) && !(look && fence) && !(fill && fence));
	assume (key_spare_global == fence);
	assume (look || !key_dirty);
	assume (!look || (!key_any_low && key_any_seg == '0 && !key_any_asid));
	assume (!fill || (f_is_size(fill_size) && f_is_size(fill_leaf_size) && fill_size <= fill_leaf_size));
	assume (!fill || (key_any_low == fill_size[0] && key_any_seg == {1'b0, fill_size[LEVELS-1:1]}
	                  && key_any_asid == fill_global));
	assume (!fence || key_any_seg == {LEVELS{key_any_low}});
	assume (f_a < ENTRIES && f_b < ENTRIES && (ENTRIES == 1 || f_a != f_b));
end

// ----------------------------------------------------------------------------
// Is the chosen page in the page of this size that holds this VPN?

function automatic logic f_maps(input logic [W_VPN-1:0] vpn, input logic [LEVELS-1:0] of);
	f_maps = (of[0] || vpn[3:0] == f_vpn[3:0]) && ((LEVELS > 1 && of[1]) || vpn[W_SEG-1:4] == f_vpn[W_SEG-1:4]);
	for (int j = 1; j < LEVELS; j++)
		f_maps = f_maps && ((j < LEVELS-1 && of[(j < LEVELS-1) ? j+1 : j])
		                    || vpn[j*W_SEG +: W_SEG] == f_vpn[j*W_SEG +: W_SEG]);
endfunction

logic f_maps_a, f_maps_b;
logic f_fill_maps;
logic f_look_here;

assign f_maps_a = valid_q[f_a] && f_maps(vpn_q[f_a], leaf_q[f_a][0 +: LEVELS])
               && (global_q[f_a] || asid_q[f_a] == f_asid);
assign f_maps_b = valid_q[f_b] && f_maps(vpn_q[f_b], leaf_q[f_b][0 +: LEVELS])
               && (global_q[f_b] || asid_q[f_b] == f_asid);

assign f_fill_maps = fill && !clear && f_maps(key_vpn, fill_size) && (fill_global || key_asid == f_asid);
assign f_look_here = look && key_vpn == f_vpn && key_asid == f_asid;

// match_q answers a look-up of the chosen page
logic f_looked;
always @(posedge clk) begin
	if (!rst_n)
		f_looked <= 1'b0;
	else if (look)
		f_looked <= f_look_here;
end

// ----------------------------------------------------------------------------

`ifndef PROVE_ANSWER
// Two entries, of which one look-up cannot match both: so `used` never marks all
// as recent, and a refill has a victim.
localparam int F_1 = (ENTRIES == 1) ? 0 : 1;

logic f_overlap;

always_comb begin : overlap
	logic [LEVELS-1:0] either;
	either    = leaf_q[0][0 +: LEVELS] | leaf_q[F_1][0 +: LEVELS];
	f_overlap = valid_q[0] && valid_q[F_1]
	         && (global_q[0] || global_q[F_1] || asid_q[0] == asid_q[F_1])
	         && (either[0] || vpn_q[0][3:0] == vpn_q[F_1][3:0])
	         && (either[1] || vpn_q[0][W_SEG-1:4] == vpn_q[F_1][W_SEG-1:4]);
	for (int j = 1; j < LEVELS; j++)
		f_overlap = f_overlap && ((j < LEVELS-1 && either[(j < LEVELS-1) ? j+1 : j])
		                          || vpn_q[0][j*W_SEG +: W_SEG] == vpn_q[F_1][j*W_SEG +: W_SEG]);
end

always @(posedge clk) if (rst_n && f_past) begin
	if (ENTRIES > 1) begin
		assert (!f_overlap && !(match_q[0] && match_q[F_1]) && !(&recent_q));
		assert (!(valid_q[f_a] && cut_q[f_a] && valid_q[f_b] && cut_q[f_b]));
	end
	if (fill)
		assert (victim != '0);
	assert (!valid_q[f_a] || f_are_sizes(leaf_q[f_a][2*LEVELS-1:0]));
	assert (!valid_q[f_b] || f_are_sizes(leaf_q[f_b][2*LEVELS-1:0]));
	assert (!valid_q[0] || f_are_sizes(leaf_q[0][2*LEVELS-1:0]));
	assert (!valid_q[F_1] || f_are_sizes(leaf_q[F_1][2*LEVELS-1:0]));
end
`endif

`ifdef PROVE_ONE_WAY
always @(posedge clk) if (rst_n && f_past) begin
	if (ENTRIES > 1)
		assert (!(f_maps_a && f_maps_b) && !(f_looked && match_q[f_a] && match_q[f_b]));
	cover (f_looked && match_q[f_a]);
	cover (f_maps_a && $past(rst_n && f_maps_b && fill));
	cover (f_maps_a && cut_q[f_a] && $past(rst_n && valid_q[f_b] && cut_q[f_b]));
end
`endif

// ----------------------------------------------------------------------------
// Shadow: the leaf last filled that translates the chosen page, until fenced,
// cleared, or, if marked as cut, followed by another that is

`ifdef PROVE_LAST_FILLED
logic              f_known;
logic [W_LEAF-1:0] f_leaf;
logic              f_global, f_cut;
logic              f_fence_covers;
logic              f_dropped;

// A fence goes by the leaf, of which the entry may hold but a part.
assign f_fence_covers = fence && (key_any_low || f_maps(key_vpn, f_leaf[LEVELS +: LEVELS]))
                     && (key_any_asid || (!f_global && key_asid == f_asid));
assign f_dropped      = clear || f_fence_covers || (fill && fill_cut && f_cut);

// As it stood when the look-up was asked
logic              f_known_then;
logic [W_LEAF-1:0] f_leaf_then;
logic              f_cut_then;
logic              f_fresh;  // that was in the cycle before
logic              f_dirty;  // with key_dirty

always @(posedge clk) begin
	if (!rst_n) begin
		f_known <= 1'b0;
		f_fresh <= 1'b0;
	end else begin
		if (f_fill_maps) begin
			f_known  <= 1'b1;
			f_leaf   <= {fill_data, fill_leaf_size, fill_size};
			f_global <= fill_global;
			f_cut    <= fill_cut;
		end else if (f_dropped) begin
			f_known <= 1'b0;
		end
		f_fresh <= f_look_here;
		f_dirty <= key_dirty;
		if (look) begin
			f_known_then <= f_known;
			f_leaf_then  <= f_leaf;
			f_cut_then   <= f_cut;
		end
	end
end

logic [LEVELS-1:0] f_then_size, f_then_leaf_size;
assign f_then_size      = f_leaf_then[0 +: LEVELS];
assign f_then_leaf_size = f_leaf_then[LEVELS +: LEVELS];

always @(posedge clk) if (rst_n && f_past) begin
	if (f_maps_a)
		assert (f_known && leaf_q[f_a] == f_leaf && global_q[f_a] == f_global && cut_q[f_a] == f_cut);
	if (f_fresh && match_q[f_a])
		assert (f_known_then && leaf_q[f_a] == f_leaf_then && cut_q[f_a] == f_cut_then);
	if (f_fresh && f_dirty && match_q[f_a])
		assert (leaf_q[f_a][2*LEVELS + DIRTY]);
	cover (f_fresh && f_dirty && match_q[f_a]);
	cover (f_fresh && f_dirty && !hit && f_known_then && !f_leaf_then[2*LEVELS + DIRTY]);
	cover (f_fresh && match_q[f_a] && f_global && f_then_size[LEVELS-1]);
	cover (f_fresh && match_q[f_a] && !f_global && f_then_size == '0);
	cover (f_fresh && match_q[f_a] && f_then_size == '0 && f_then_leaf_size[LEVELS-1]);
	cover (f_fresh && !hit && $past(rst_n) && !f_known_then && !f_known && valid_q != '0);
end

// An answer stands until the next look-up or refill.
always @(posedge clk) if (rst_n && f_past && $past(rst_n && !look)) begin
	assert (match_q == $past(match_q));
	if ($past(!fill))
		assert (leaf_q[f_a] == $past(leaf_q[f_a]) && cut_q == $past(cut_q));
end

// A fence, and a clear, removes what it covers; a fence spares what it does not.
always @(posedge clk) if (rst_n && f_past && $past(rst_n)) begin
	if ($past(f_fence_covers || clear))
		assert (!f_maps_a);
	if ($past(f_maps_a && fence && !f_fence_covers && !clear))
		assert (f_maps_a);
	if ($past(clear))
		assert (valid_q == '0);
	cover ($past(f_maps_a && f_fence_covers && !key_any_asid && !key_any_low));
	cover ($past(f_maps_a && f_fence_covers && !f_maps(key_vpn, f_leaf[0 +: LEVELS])));
	cover ($past(f_maps_a && fence && !f_fence_covers && f_global));
	cover ($past(f_maps_a && clear));
end
`endif

// ----------------------------------------------------------------------------
// The AND-OR gives what the way that hits holds: one alone, proved above

`ifdef PROVE_ANSWER
always @(posedge clk) assume ((match_q & (match_q - 1'b1)) == '0);

always @(posedge clk) if (rst_n && f_past) begin
	assert (hit == (match_q != '0));
	if (match_q[f_a])
		assert ({data, leaf_size, size} == leaf_q[f_a] && cut == cut_q[f_a]);
	// The level is the highest bit of the leaf's size; bit 0 alone is a 64 KiB leaf
	if (f_is_size(leaf_size))
		assert (level == 0 ? leaf_size[LEVELS-1:1] == '0 : (leaf_size >> level) == 1'b1);
	cover (match_q[f_a] && data != '0 && level == LEVELS - 1);
end
`endif
