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

// The caller's side: the context stands from start to done (proved of mmu_core), and
// is that of an access that is translated, of one of the kinds; satp.MODE is one of ours.
always @(posedge clk) begin
	assume (f_past || !rst_n);
	assume (!(start && busy));
	assume (!(start || busy) || root_levels <= LEVELS);
	assume (!busy || (priv != mmu_pkg::PRIV_M && access <= 4'd11));
	assume (!busy || begin_context == walk_context[W_CONTEXT-1 -: W_BEGIN]);
	if (f_past && rst_n && $past(rst_n && start))
		assume (begin_context == $past(begin_context));
	if (f_past && rst_n && $past(rst_n && busy && !done))
		assume ($stable(walk_context));
end

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
logic            f_global;  // G in a pointer on the way
logic [XLEN-1:0] f_pte;

always @(posedge clk) begin
	if (!rst_n || begin_walk) begin
		f_read <= 1'b0;
	end else if (arrived) begin
		f_read  <= 1'b1;
		f_error <= mem_ans_error;
		f_pte   <= mem_ans_data;
		// A swap's PTE takes the place of the one that was read.
		if (!swap_q)
			f_global <= f_read && (f_global || f_pte[5]);
	end
end

always @(posedge clk) if (rst_n && f_past)
	assert (!offered_q || state_q == UPDATE || (state_q == CHECK && !f_leaf && f_level != 0));

always @(posedge clk) if (rst_n && f_past && busy) begin
	if (f_read)
		assert (f_pte == pte_q && f_error == error_q && f_global == global_q);
	else
		assert (!global_q && !error_q && pte_q[7:0] == 8'h01 && f_level != 0);
	// Only what was read is swapped, and only a leaf; a pointer's level is not the last.
	assert (!f_read || f_level < LEVELS);
	assert (state_q != UPDATE || (f_read && f_leaf));
	assert (state_q != WAIT || (swap_q ? f_read && f_leaf : f_level != 0));
end

// ----------------------------------------------------------------------------
// What comes next, of the judgement, which PROVE_WALKER leaves out

logic f_sound;
assign f_sound = (!leads || (!f_leaf && f_level != 0 && !update)) && (!update || f_leaf);

`ifdef PROVE_WALKER
always @(posedge clk) if (state_q == CHECK) assume (f_sound);
`else
always @(posedge clk) if (rst_n && f_past && state_q == CHECK) assert (f_sound);
`endif

`ifdef PROVE_WALKER
// ----------------------------------------------------------------------------
// Memory's side is assumed: a request waits at most F_STALL cycles to be taken,
// and its data comes at most F_LATENCY cycles later.

localparam int F_STALL   = 1;
localparam int F_LATENCY = 2;
localparam int F_STEP    = F_STALL + F_LATENCY + 1;  // cycles that one PTE may take
localparam int F_BOUND   = LEVELS * F_STEP + 1;

logic [3:0] f_stalled;  // cycles that the present request has waited
logic [3:0] f_waited;   // cycles since it was taken
logic [7:0] f_age;      // cycles since the walk began, began anew, or a swap was answered,
logic [7:0] f_from;     // and the level then

always @(posedge clk) begin
	if (!rst_n || !busy) begin
		f_stalled <= '0;
		f_waited  <= '0;
	end else begin
		f_stalled <= (mem_req_valid && !mem_req_ready) ? f_stalled + 1'b1 : '0;
		f_waited  <= (state_q == WAIT && !arrived) ? f_waited + 1'b1 : '0;
	end
	f_age <= f_age + 1'b1;
	if (begin_walk || (arrived && swap_q)) begin
		f_age  <= 8'd1;
		f_from <= begin_walk ? {5'd0, root_levels} : f_level;
	end
end

always @(posedge clk) begin
	if (mem_req_valid && f_stalled == F_STALL)
		assume (mem_req_ready);
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
		assert (f_stalled <= F_STALL && f_waited < F_LATENCY && offered_q == (f_stalled != 0));
		assert (f_level <= f_from && f_from <= LEVELS);
		assert (state_q == CHECK || state_q == UPDATE || f_stalled == 0);
		assert (state_q == WAIT || f_waited == 0);
		case (state_q)
		CHECK:   assert (f_age <= f_before + f_stalled);
		UPDATE:  assert (f_age <= f_before + f_stalled + 1);
		default: assert (f_age <= f_before + f_waited + F_STALL + 1 + swap_q);
		endcase
		assert (f_age <= F_BOUND + F_STEP);
		assert (!done || f_age <= F_BOUND);
	end else begin
		assert (!mem_req_valid);
	end
	cover (done && f_age == F_BOUND && f_leaf);
	cover (done && f_age == 8'd1 + 2*root_levels);       // each request taken and answered at once
	cover (done && f_age == 8'd1);                       // in the cycle after a swap
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
	if ($past(mem_req_valid && !mem_req_ready))
		assert (mem_req_valid && $stable(mem_req_addr) && $stable(mem_req_tag) && $stable(mem_req_swap)
		        && (!mem_req_swap || ($stable(mem_req_expected) && $stable(mem_req_desired))));
	cover ($past(mem_req_valid && !mem_req_ready) && mem_req_ready && !mem_req_swap);
	cover ($past(mem_req_valid && !mem_req_ready) && mem_req_ready && mem_req_swap == (SVADU != 0) && again_q);
end
`endif

`ifdef PROVE_CONSENT
`include "mmu_walker_consent_formal.svh"
`endif
`ifdef PROVE_SWAP
`include "mmu_walker_swap_formal.svh"
`endif
