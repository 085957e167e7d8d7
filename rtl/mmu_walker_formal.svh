// Properties of mmu_walker, included at its end under FORMAL; docs/formal.md says
// what they add up to. Files of their own: mmu_walker_consent_formal.svh,
// mmu_walker_swap_formal.svh.
//
//   PROVE_WALKER   a walk ends within its bound
//   PROVE_LEAF     a walk without a fault found a leaf that permits the access; a
//                  request stands until taken
//   PROVE_CONSENT  PMP and PMA consent to each request, and to the access
//   PROVE_SWAP     a walk that faults has changed nothing in memory; a swap
//                  changes A and D only

logic f_past = 1'b0;
always @(posedge clk) f_past <= 1'b1;

// The caller's side, proved of mmu_walks and mmu_core: the context stands from the first
// load to done, and is that of an access that is translated, of one of the kinds;
// satp.MODE is one of ours.
logic [2:0] root_levels;
assign root_levels = (XLEN == 32) ? 3'd2 : {1'b0, mode[1:0]} + 3'd3;

logic [W_CONTEXT-1:0] f_context;  // also in the cycle of the first load, when it is another slot's yet
logic [W_VPN-1:0]     f_vpn;
logic [W_PPN-1:0]     f_root;
logic [1:0]           f_mode;

(* anyseq *) logic [W_CONTEXT-1:0] f_next_context;

assign f_context = busy ? walk_context : f_next_context;
assign f_vpn     = f_context[W_CONTEXT-1 -: W_VPN];
assign f_root    = f_context[35 +: W_PPN];
assign f_mode    = f_context[32:31];

logic [2:0] f_root_levels;
assign f_root_levels = (XLEN == 32) ? 3'd2 : {1'b0, f_mode} + 3'd3;

always @(posedge clk) begin
	assume (f_past || !rst_n);
	assume (!busy || root_levels <= LEVELS);
	assume (!busy || (priv != mmu_pkg::PRIV_M && access <= 4'd11));
	assume (!done || ended);
	assume (!load_root || !busy || wants_root);
	assume (mem_req_shown || !(mem_req_stands || mem_req_ready));
	if (f_past && rst_n && $past(rst_n && ((busy && !done) || load_root)))
		assume (walk_context == $past(f_context));
end

// What is loaded is the root pointer, or a pointer that the walk cache has found for it:
// of a level that the mode has, not the last. The cache answers in the cycle after the root's load.
logic [W_PPN-1:0] f_loaded_ppn;
assign f_loaded_ppn = pte_in[10 +: W_PPN];

always @(posedge clk) begin
	assume (!load_found || (found && wants_found && !load_root));
	if (f_past && found)
		assume ($past(load_root) || $past(found && busy && !load_root && !load_found));
	if (f_past && $past(rst_n && found && busy && !load_root && !load_found))
		assume (found);
	if (load_root || load_found)
		assume ((pte_in & ~({{(64-W_PPN){1'b0}}, {W_PPN{1'b1}}} << 10)) == 64'd1);
	if (load_root)
		assume (f_loaded_ppn == f_root && at_level_in == (1 << f_root_levels));
	if (load_found)
		assume (at_level_in != '0 && (at_level_in & (at_level_in - 1'b1)) == '0
		        && !at_level_in[0] && at_level_in < (1 << root_levels));
	if (arrived)
		assume (at_level_in == arrived_level);
end

// The place of what is loaded, which is judged: mmu_walk_place.
logic [W_PA-13:0] target_page;
logic [9:0]       target_first, target_last;

mmu_walker_target #(
	.XLEN (XLEN), .LEVELS (LEVELS), .W_PA (W_PA), .SVNAPOT (SVNAPOT)
) f_in (
	.pte (pte_in), .at_level (at_level_in), .vpn (f_vpn), .first_word, .last_word,
	.page (target_page), .first (target_first), .last (target_last)
);

// PMP's verdict is new in this cycle
logic f_fresh, f_fresh_q;
always @(posedge clk) f_fresh_q <= load;
assign f_fresh = SHARED == 0 || f_fresh_q;

// ----------------------------------------------------------------------------
// What is at hand

logic [7:0] f_level;  // of the PTE at hand; above the root's for the root pointer
logic       f_leaf;

always_comb begin
	f_level = 8'd0;
	for (int i = 0; i <= LEVELS; i++)
		if (at_level_q[i])
			f_level = i[7:0];
end

assign f_leaf = pte_q[3:1] != '0;

always @(posedge clk) if (rst_n && f_past) begin
	assert (!busy || (at_level_q != '0 && (at_level_q & (at_level_q - 1'b1)) == '0));
end

// ----------------------------------------------------------------------------
// What memory answered last

logic            f_read;    // since the walk began, or began anew
logic            f_error;
logic            f_global;  // G in a pointer on the way, or said by the walk cache
logic [XLEN-1:0] f_pte;

always @(posedge clk) begin
	if (!rst_n || load_root || load_found) begin
		f_read   <= 1'b0;
		f_global <= load_found && found_global;
	end else if (arrived) begin
		f_read  <= 1'b1;
		f_error <= mem_ans_error;
		f_pte   <= pte_in;
		// A swap's PTE takes the place of the one that was read.
		if (!swap_q)
			f_global <= f_global || (f_read && f_pte[5]);
	end
end

always @(posedge clk) if (rst_n && f_past)
	assert (!offered_q || state_q == UPDATE || (state_q == CHECK && !f_leaf && f_level != 0));

always @(posedge clk) if (rst_n && f_past && busy) begin
	if (f_read)
		assert (f_pte == pte_q && f_error == error_q && f_global == global_q);
	else
		assert (global_q == f_global && !error_q && pte_q[7:0] == 8'h01 && f_level != 0);
	// Only what was read is swapped, and only a leaf; a pointer's level is not the last.
	assert (!f_read || f_level < LEVELS);
	assert (!found || (state_q == CHECK && !f_read && !offered_q && f_level == root_levels));
	assert (state_q != UPDATE || (f_read && f_leaf));
	assert (state_q != WAIT || (swap_q ? f_read && f_leaf : f_level != 0));
end

// ----------------------------------------------------------------------------
// What comes next, of the judgement, which PROVE_WALKER leaves out

logic f_sound;
assign f_sound = (!leads || (!f_leaf && f_level != 0 && !update)) && (!update || f_leaf);

`ifdef PROVE_WALKER
always @(posedge clk) if (state_q == CHECK) begin
	assume (f_sound);
	if (f_past && !again_q && $past(rst_n && state_q == CHECK && !load))
		assume ($stable(leads) && $stable(update));
end
`else
always @(posedge clk) if (rst_n && f_past && state_q == CHECK) assert (f_sound);
`endif

`ifdef PROVE_WALKER
// ----------------------------------------------------------------------------
// Memory's side is assumed: a request waits at most F_STALL cycles to be taken, for other walkers'
// or not, and its data comes at most F_LATENCY cycles later. So is that of the other walkers:
// what is wanted is granted at most F_GRANT cycles later.

localparam int F_STALL   = 1;
localparam int F_LATENCY = 2;
localparam int F_GRANT   = 1;
localparam int F_STEP    = F_STALL + F_LATENCY + 1;  // cycles that one PTE may take
localparam int F_BOUND   = LEVELS * F_STEP + 1;

logic       f_taken;
logic       f_waits;    // for a grant
logic [3:0] f_delayed;  // cycles that it has waited
logic [3:0] f_stalled;  // cycles that the present request has waited
logic [3:0] f_waited;   // cycles since it was taken
logic [7:0] f_age;      // cycles since the walk began, began anew, or a swap was answered,
logic [7:0] f_from;     // and the level then

always @(posedge clk) begin
	if (!rst_n || !busy) begin
		f_delayed <= '0;
		f_stalled <= '0;
		f_waited  <= '0;
	end else begin
		f_delayed <= (f_waits && !load && !done) ? f_delayed + 1'b1 : '0;
		f_stalled <= (mem_req_valid && !f_taken) ? f_stalled + 1'b1 : '0;
		f_waited  <= (state_q == WAIT && !arrived) ? f_waited + 1'b1 : '0;
	end
	f_age <= f_age + 1'b1;
	if (begin_walk || (arrived && swap_q)) begin
		f_age  <= 8'd1;
		f_from <= begin_walk ? {5'd0, f_root_levels} : f_level;
	end
end

assign f_taken = mem_req_shown && mem_req_ready;
assign f_waits = ended || wants_root || (found && wants_found);

always @(posedge clk) begin
	if (f_waits && f_delayed == F_GRANT)
		assume (load || done);
	if (mem_req_valid && f_stalled == F_STALL)
		assume (f_taken);
	if (state_q == WAIT && f_waited == F_LATENCY - 1)
		assume (arrived);
end

// ----------------------------------------------------------------------------
// Every attempt ends within its bound: in the walk's end, in a swap, or, PMP having
// been written, in beginning anew.

logic [7:0] f_before;  // cycles that the levels done may have taken

assign f_before = (f_from - f_level) * F_STEP + 1;

always @(posedge clk) if (rst_n && f_past) begin
	if (busy) begin
		assert (f_stalled <= F_STALL && f_waited < F_LATENCY && (!offered_q || f_stalled != 0));
		assert (f_delayed <= F_GRANT && (f_delayed == 0 || f_waits));
		assert (f_stalled == 0 || mem_req_valid || again_q);
		assert (f_level <= f_from && f_from <= LEVELS);
		assert (state_q == CHECK || state_q == UPDATE || f_stalled == 0);
		assert (state_q == WAIT || f_waited == 0);
		case (state_q)
		CHECK:   assert (f_age <= f_before + f_delayed + (again_q ? F_STALL : f_stalled));
		UPDATE:  assert (f_age <= f_before + f_delayed + (again_q ? F_STALL : f_stalled) + 1);
		default: assert (f_age <= f_before + f_waited + F_STALL + 1 + swap_q);
		endcase
		assert (f_age <= F_BOUND + F_STEP + F_GRANT);
		assert (!ended || f_age <= F_BOUND + f_delayed);
	end else begin
		assert (!mem_req_valid);
	end
	cover (done && f_age == F_BOUND && f_leaf);
	cover (done && f_age == 8'd1 + 2*root_levels);       // each request taken and answered at once
	cover (done && f_age == 8'd1);                       // in the cycle after a swap
	cover (done && f_age == 8'd4 && f_from == LEVELS && f_level == 0 && f_leaf);  // by the walk cache
	cover (done && f_delayed == F_GRANT);
	cover (arrived && swap_q && f_age == F_BOUND + F_STEP);
	cover (begin_walk && state_q == UPDATE);
	cover (begin_walk && state_q == CHECK && f_read);
end

// A walk begins anew for a write to PMP, and for nothing else.
logic f_written;
always @(posedge clk)
	f_written <= rst_n && (pmp_stale || (f_written && !begin_walk));

always @(posedge clk) if (rst_n && f_past)
	assert (again_q == f_written && (!(begin_walk && busy) || f_written));
`endif

`ifdef PROVE_LEAF
// ----------------------------------------------------------------------------
// A walk that does not fault found a leaf that permits the access, in what memory
// answered last: said in other words than mmu_pte, mmu_perm and mmu_leaf say it.

logic f_writes, f_reads, f_shadows, f_ss, f_manage, f_prefetch, f_fetch;

assign f_reads    = access == 4'd0 || access == 4'd3;
assign f_writes   = access == 4'd1 || (access >= 4'd4 && access <= 4'd6);
assign f_fetch    = access == 4'd2;
assign f_manage   = access == 4'd7;
assign f_prefetch = access == 4'd8;
assign f_shadows  = access >= 4'd9 && access <= 4'd11;
assign f_ss       = ZICFISS != 0 && sse;

// The kinds of page, as the specification numbers them: X, W, R
logic f_page_permits;

always_comb begin
	case (f_pte[3:1])
	3'b001:  f_page_permits = f_reads || f_manage || f_prefetch;
	3'b010:  f_page_permits = f_ss && (f_reads || f_prefetch || f_shadows);
	3'b011:  f_page_permits = f_reads || f_writes || f_manage || f_prefetch;
	3'b100:  f_page_permits = f_fetch || (mxr && (f_reads || f_manage || f_prefetch))
	                       || (f_prefetch && (priv == mmu_pkg::PRIV_U) == f_pte[4]);
	3'b101:  f_page_permits = f_reads || f_fetch || f_manage || f_prefetch;
	3'b111:  f_page_permits = !f_shadows;
	default: f_page_permits = 1'b0;
	endcase
end

logic [63:0]     f_wide;       // as of Sv39: no upper bits in Sv32
logic [W_VPN-1:0] f_offset;     // the bits of the VPN that are page offset
logic            f_in_64k;

assign f_wide   = {{(64-XLEN){1'b0}}, f_pte};
assign f_in_64k = XLEN == 64 && SVNAPOT != 0 && f_wide[63];
assign f_offset = ~({W_VPN{1'b1}} << (f_level * W_SEG)) | (f_in_64k ? 4'hf : 4'h0);

logic [W_PPN-1:0] f_page;
assign f_page = (f_pte[10 +: W_PPN] & ~f_offset) | (vpn & f_offset);

always @(posedge clk) if (rst_n && f_past) begin
	if (done && reason == mmu_pkg::REASON_NONE) begin
		assert (f_read && !f_error && f_wide[0] && f_page_permits);
		assert (f_wide[6] || f_prefetch);
		assert (f_wide[7] || !(f_writes || access == 4'd10 || access == 4'd11));
		assert (priv == mmu_pkg::PRIV_U ? f_wide[4] : !f_wide[4] || (sum && !f_fetch));
		if (XLEN == 64) begin
			assert (f_wide[58:54] == '0 && (SVRSW60T59B != 0 || f_wide[60:59] == '0));
			assert (f_wide[62:61] == 2'd0 || (SVPBMT != 0 && pbmte && f_wide[62:61] != 2'd3));
			assert (!f_wide[63] || (f_in_64k && f_level == 0 && f_wide[13:10] == 4'b1000));
		end
		// What is page offset is zero in the PTE, but for the mark of 64 KiB.
		assert ((f_pte[10 +: W_PPN] & f_offset) == (f_in_64k ? 4'h8 : 4'h0));
		assert (level == f_level && !on_pte);
		assert (f_page == ppn && pbmt == f_wide[62:61]);
		assert (leaf_ppn == f_pte[10 +: W_PPN]);
		assert (flags == {f_pte[7:6], f_pte[5] || f_global, f_pte[4:0]});
		// The size: the level's bit and all below it
		assert (size == (f_level == 0 ? f_in_64k : ~({LEVELS{1'b1}} << (f_level + 1))));
	end
	assert ((size & (size + 1'b1)) == '0 || !busy);
	cover (done && reason == mmu_pkg::REASON_NONE && f_level == 1);
	cover (done && reason == mmu_pkg::REASON_NONE && f_global && !f_pte[5]);
	cover (done && reason == mmu_pkg::REASON_NONE && f_in_64k == (SVNAPOT != 0));
	cover (done && reason == mmu_pkg::REASON_NONE && (f_wide[62:61] != '0) == (SVPBMT != 0));
	cover (done && reason == mmu_pkg::REASON_NONE && f_shadows == (ZICFISS != 0));
	cover (done && reason == mmu_pkg::REASON_NONE && f_prefetch && !f_pte[6]);
	cover (done && reason == mmu_pkg::REASON_BUS_ERROR);
	cover (done && reason == mmu_pkg::REASON_DIRTY_CLEAR);
end

// ----------------------------------------------------------------------------
// What the refill takes stands in the cycle after the walk's end.
always @(posedge clk) if (rst_n && f_past && $past(rst_n && done)) begin
	assert ($stable(size) && $stable(leaf_ppn) && $stable(flags) && $stable(pbmt) && $stable(pma));
	cover (begin_walk);
end

// ----------------------------------------------------------------------------
// A request stands unchanged until it is taken.
always @(posedge clk) if (rst_n && f_past && $past(rst_n)) begin
	if ($past(mem_req_valid && mem_req_shown && !mem_req_ready))
		assert (mem_req_valid && $stable(mem_req_addr) && $stable(mem_req_tag) && $stable(mem_req_swap)
		        && (!mem_req_swap || ($stable(mem_req_expected) && $stable(mem_req_desired))));
	cover ($past(mem_req_valid && mem_req_shown && !mem_req_ready) && mem_req_ready && !mem_req_swap);
	cover ($past(mem_req_valid && mem_req_shown && !mem_req_ready) && mem_req_ready && mem_req_swap == (SVADU != 0) && again_q);
end
`endif

`ifdef PROVE_CONSENT
`include "mmu_walker_consent_formal.svh"
`endif
`ifdef PROVE_SWAP
`include "mmu_walker_swap_formal.svh"
`endif
