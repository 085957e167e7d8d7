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

// The caller's side: proved of mmu_port (mmu_port_formal.svh).
always @(posedge clk) begin
	assume (f_past || !rst_n);
	assume (!(look && fill) && !(look && fence) && !(fill && fence));
	assume (key_spare_global == fence);
	assume (!look || (key_any_seg == '0 && !key_any_asid));
	assume (!fill || (key_any_seg == {1'b0, fill_big} && key_any_asid == fill_flags[mmu_pkg::PTE_G]));
	assume (f_a < ENTRIES && f_b < ENTRIES && (ENTRIES == 1 || f_a != f_b));
end

// ----------------------------------------------------------------------------
// Does a leaf of this size at this VPN translate the chosen page?

function automatic logic f_maps(input logic [W_VPN-1:0] vpn, input logic [LEVELS-1:0] any_seg);
	f_maps = 1'b1;
	for (int j = 0; j < LEVELS; j++)
		f_maps = f_maps && (any_seg[j] || vpn[j*W_SEG +: W_SEG] == f_vpn[j*W_SEG +: W_SEG]);
endfunction

logic f_maps_a, f_maps_b;
logic f_fill_maps;
logic f_look_here;

assign f_maps_a = valid_q[f_a] && f_maps(vpn_q[f_a], {1'b0, leaf_q[f_a][8 +: LEVELS-1]})
               && (leaf_q[f_a][mmu_pkg::PTE_G] || asid_q[f_a] == f_asid);
assign f_maps_b = valid_q[f_b] && f_maps(vpn_q[f_b], {1'b0, leaf_q[f_b][8 +: LEVELS-1]})
               && (leaf_q[f_b][mmu_pkg::PTE_G] || asid_q[f_b] == f_asid);

assign f_fill_maps = fill && f_maps(key_vpn, {1'b0, fill_big})
                  && (fill_flags[mmu_pkg::PTE_G] || key_asid == f_asid);
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

`ifdef PROVE_ONE_WAY
always @(posedge clk) if (rst_n && f_past) begin
	if (ENTRIES > 1) begin
		assert (!(f_maps_a && f_maps_b));
		if (f_looked)
			assert (!(match_q[f_a] && match_q[f_b]));
	end
	cover (f_looked && match_q[f_a]);
	cover (f_maps_a && $past(rst_n && f_maps_b && fill));
end
`endif

// ----------------------------------------------------------------------------
// Shadow: the leaf last filled that translates the chosen page, until fenced

`ifdef PROVE_LAST_FILLED
logic              f_known;
logic [W_LEAF-1:0] f_leaf;
logic              f_fence_covers;

assign f_fence_covers = fence && f_maps(key_vpn, key_any_seg | {1'b0, f_leaf[8 +: LEVELS-1]})
                     && (key_any_asid || (!f_leaf[mmu_pkg::PTE_G] && key_asid == f_asid));

// As it stood when the look-up was asked
logic              f_known_then;
logic [W_LEAF-1:0] f_leaf_then;
logic              f_fresh;  // that was in the cycle before

always @(posedge clk) begin
	if (!rst_n) begin
		f_known <= 1'b0;
		f_fresh <= 1'b0;
	end else begin
		if (f_fill_maps) begin
			f_known <= 1'b1;
			f_leaf  <= {fill_ppn, fill_big, fill_flags};
		end else if (f_fence_covers) begin
			f_known <= 1'b0;
		end
		f_fresh <= f_look_here;
		if (look) begin
			f_known_then <= f_known;
			f_leaf_then  <= f_leaf;
		end
	end
end

always @(posedge clk) if (rst_n && f_past) begin
	if (f_maps_a)
		assert (f_known && leaf_q[f_a] == f_leaf);
	if (f_fresh && match_q[f_a])
		assert (f_known_then && leaf_q[f_a] == f_leaf_then);
	cover (f_fresh && match_q[f_a] && flags[mmu_pkg::PTE_G] && big != '0);
	cover (f_fresh && match_q[f_a] && !flags[mmu_pkg::PTE_G] && big == '0);
	cover (f_fresh && !hit && $past(rst_n) && !f_known_then && !f_known && valid_q != '0);
end

// An answer stands until the next look-up.
always @(posedge clk) if (rst_n && f_past && $past(rst_n && !look))
	assert (hit == $past(hit));

// A fence removes what it covers; one that does not cover an entry spares it.
always @(posedge clk) if (rst_n && f_past && $past(rst_n)) begin
	if ($past(f_fence_covers))
		assert (!f_maps_a);
	if ($past(f_maps_a && fence && !f_fence_covers))
		assert (f_maps_a);
	cover ($past(f_maps_a && f_fence_covers && !key_any_asid && !key_any_seg[0]));
	cover ($past(f_maps_a && fence && !f_fence_covers && f_leaf[mmu_pkg::PTE_G]));
end
`endif

// ----------------------------------------------------------------------------
// The AND-OR gives what the ways that hit hold, if they agree: proved above

`ifdef PROVE_ANSWER
(* anyconst *) logic [W_LEAF-1:0] f_held;

for (genvar i = 0; i < ENTRIES; i++) begin : g_f_held
	always @(posedge clk) if (match_q[i]) assume (leaf_q[i] == f_held);
end
always @(posedge clk) if (rst_n && f_past) begin
	if (hit)
		assert ({ppn, big, flags} == f_held);
	cover (hit && f_held != '0);
end
`endif
