// Properties of mmu_segment, included in its g_some under FORMAL with PROVE_SEGMENT, and
// with PROVE_SEGMENT_PLACE, which is about one segment's place in memory:
// docs/segments.md's rules, byte by byte and in arithmetic wide enough that nothing
// wraps around. docs/formal.md says what they add up to.


localparam int F_PHYS = (XLEN == 32) ? 34 : 56;
localparam int F_WIDE = W_OFFSET + 13;  // no sum of an address and a length overflows it

// ----------------------------------------------------------------------------
// The request at hand: the lowest-numbered segment that is valid and of this address
// space, and holds the address

logic              f_on, f_found;
logic [XLEN-1:0]   f_base, f_last;
logic [F_PHYS-1:0] f_phys;
logic [5:0]        f_cfg;
logic [W_OFFSET-1:0] f_target;  // physical page
logic              f_own;  // G, or the ASID of segctl
logic              f_legal;
logic              f_touches, f_overlaps;  // another begins where it ends, holds the address too

// What registers and requests can be (mmu_csr_segment.sv, mmu_port.sv)
always @(posedge clk) assume (f_legal && mode != 2'd3 && va_end >= {1'b0, va[11:0]} && access <= mmu_pkg::ACC_SS_AMO);

always_comb begin : naive
	logic [XLEN-1:0]     from, to;
	logic [W_OFFSET-1:0] phys;

	f_on       = mode != mmu_pkg::SEGMODE_PAGING && (priv == mmu_pkg::PRIV_S || priv == mmu_pkg::PRIV_U);
	f_found    = 1'b0;
	f_own      = 1'b0;
	f_base     = '0;
	f_last     = '0;
	f_phys     = '0;
	f_cfg      = '0;
	f_target   = '0;
	f_legal    = priv != 2'd2;
	f_touches  = 1'b0;
	f_overlaps = 1'b0;
	from       = '0;
	to         = '0;
	phys       = '0;
	for (int i = 0; i < N; i++) begin
		from = {seg_base[i*W_VPAGE +: W_VPAGE], 12'd0};
		to   = seg_last[i*XLEN +: XLEN];
		phys = seg_offset[i*W_OFFSET +: W_OFFSET] + {{(W_OFFSET-W_VPAGE){1'b0}}, seg_base[i*W_VPAGE +: W_VPAGE]};
		f_legal = f_legal && (phys >> (F_PHYS - 12)) == '0
		       && !(seg_cfg[6*i + mmu_pkg::SEG_W] && !seg_cfg[6*i + mmu_pkg::SEG_R]);
		f_touches = f_touches || (f_found && seg_cfg[6*i] && from == f_last + 1'b1);
		if (f_on && seg_cfg[6*i + mmu_pkg::SEG_V]
		    && (seg_cfg[6*i + mmu_pkg::SEG_G] || seg_asid[i*W_ASID +: W_ASID] == asid)
		    && from <= va && va <= to) begin
			f_overlaps = f_overlaps || f_found;
			if (!f_found) begin
				f_found = 1'b1;
				f_own   = seg_cfg[6*i + mmu_pkg::SEG_G] || seg_asid[i*W_ASID +: W_ASID] == asid;
				f_base  = from;
				f_last  = to;
				f_phys  = {phys[F_PHYS-13:0], 12'd0};
				f_cfg   = seg_cfg[6*i +: 6];
				f_target = phys + ({{(W_OFFSET-W_VPAGE){1'b0}}, va[XLEN-1:12]}
				                   - {{(W_OFFSET-W_VPAGE){1'b0}}, seg_base[i*W_VPAGE +: W_VPAGE]});
			end
		end
	end
end

// ----------------------------------------------------------------------------
// The request looked up last

logic              f_looked = 1'b0;
logic              h_on, h_found, h_own;
logic [XLEN-1:0]   h_base, h_last, h_va;
logic [F_PHYS-1:0] h_phys;
logic [5:0]        h_cfg;
logic [W_OFFSET-1:0] h_target;
logic [1:0]        h_mode;
logic [12:0]       h_end;
logic [F_WIDE-1:0] h_last_byte;  // of the access

always @(posedge clk) begin
	if (look) begin
		f_looked <= 1'b1;
		h_on     <= f_on;
		h_found  <= f_found;
		h_own    <= f_own;
		h_base   <= f_base;
		h_last   <= f_last;
		h_phys   <= f_phys;
		h_cfg    <= f_cfg;
		h_target <= f_target;
		h_va     <= va;
		h_mode   <= mode;
		h_end    <= va_end;
	end
	if (f_looked)
		assume (held_va == h_va);
	assume (held_priv == mmu_pkg::PRIV_S || held_priv == mmu_pkg::PRIV_U || !h_on);
end

assign h_last_byte = {{(F_WIDE-XLEN){1'b0}}, h_va[XLEN-1:12], 12'd0} + {{(F_WIDE-13){1'b0}}, h_end};

// ----------------------------------------------------------------------------
// Permission, in other words than mmu_perm's

logic f_reachable, f_may_load, f_may_fetch, f_permitted;

assign f_reachable = (held_priv == mmu_pkg::PRIV_U) ? h_cfg[mmu_pkg::SEG_U]
                   : !h_cfg[mmu_pkg::SEG_U] || (sum && access != mmu_pkg::ACC_FETCH);
assign f_may_load  = h_cfg[mmu_pkg::SEG_R] || (mxr && h_cfg[mmu_pkg::SEG_X]);
assign f_may_fetch = h_cfg[mmu_pkg::SEG_X] && (held_priv == mmu_pkg::PRIV_U) == h_cfg[mmu_pkg::SEG_U];

always_comb begin
	case (access)
	mmu_pkg::ACC_LOAD, mmu_pkg::ACC_LR:   f_permitted = f_may_load;
	mmu_pkg::ACC_FETCH:                   f_permitted = f_may_fetch;
	mmu_pkg::ACC_CBO_MANAGE:              f_permitted = f_may_load || h_cfg[mmu_pkg::SEG_W];
	mmu_pkg::ACC_PREFETCH:                f_permitted = f_may_load || h_cfg[mmu_pkg::SEG_W] || f_may_fetch;
	default:                              f_permitted = h_cfg[mmu_pkg::SEG_W];
	endcase
end

// ----------------------------------------------------------------------------
// Physical address: of the access's first byte and last

logic [F_WIDE-1:0] f_first, f_final;
logic              f_shadow;

assign f_first  = {{(F_WIDE-F_PHYS){1'b0}}, h_phys} + ({{(F_WIDE-XLEN){1'b0}}, h_va} - {{(F_WIDE-XLEN){1'b0}}, h_base});
assign f_final  = f_first + {{(F_WIDE-13){1'b0}}, h_end} - {{(F_WIDE-12){1'b0}}, h_va[11:0]};
assign f_shadow = access == mmu_pkg::ACC_SS_LOAD || access == mmu_pkg::ACC_SS_STORE || access == mmu_pkg::ACC_SS_AMO;

always @(posedge clk) if (f_looked) begin
	// What is kept
	assert (found_q == h_found && missing_q == (h_on && !h_found && h_mode == mmu_pkg::SEGMODE_SEGMENTS));
	assert (!h_found || (h_own && h_base <= h_va && h_va <= h_last && h_base[11:0] == '0));
	assert (allow_q == (h_found ? h_cfg[mmu_pkg::SEG_R +: 4] : '0));
	assert (!h_found || outside_q == (h_end[12] || h_last_byte > {{(F_WIDE-XLEN){1'b0}}, h_last}));
	assert (!(h_cfg[mmu_pkg::SEG_W] && !h_cfg[mmu_pkg::SEG_R]) && h_phys[11:0] == '0 && h_end >= {1'b0, h_va[11:0]});
	assert (!h_found || {wide_q, page_q} == {h_target >> (W_PA - 12) != '0, h_target[W_PA-13:0]});
	assert (!h_found || h_target == {{(W_OFFSET-F_PHYS+12){1'b0}}, h_phys[F_PHYS-1:12]}
	                                + ({{(W_OFFSET-W_VPAGE){1'b0}}, h_va[XLEN-1:12]}
	                                   - {{(W_OFFSET-W_VPAGE){1'b0}}, h_base[XLEN-1:12]}));

	// Who answers: a segment of this address space, or nobody may
	assert (answers == (h_found || (h_on && h_mode == mmu_pkg::SEGMODE_SEGMENTS)));
	assert (answers || page == held_va[((W_PA > XLEN) ? XLEN : W_PA)-1:12]);
	if (answers && !h_found)
		assert (reason == mmu_pkg::REASON_SEGMENT_MISSING);

	// What the segment says, in the order of the rules
	if (h_found && (h_end[12] || h_last_byte > {{(F_WIDE-XLEN){1'b0}}, h_last}))
		assert (reason == mmu_pkg::REASON_SEGMENT_LIMIT);
	else if (h_found && f_shadow)
		assert (reason == mmu_pkg::REASON_SHADOW_STACK);
	else if (h_found && !(f_reachable && f_permitted))
		assert (reason == mmu_pkg::REASON_SEGMENT_PERMISSION);
	else if (h_found && (h_target >> (W_PA - 12)) != '0)
		assert (reason == mmu_pkg::REASON_ADDRESS_TOO_WIDE);
	else if (h_found)
		assert (reason == mmu_pkg::REASON_NONE && page == h_target[W_PA-13:0]);

`ifdef PROVE_SEGMENT_PLACE
	// The page is that of phys + (va - base), and beyond the width if that is
	assert (!h_found || {h_target, h_va[11:0]} == f_first[W_OFFSET+11:0]);
	assert (!h_found || (f_first >> (W_OFFSET + 12)) == '0);

	// Without a fault every byte is the segment's, virtually and physically
	if (h_found && reason == mmu_pkg::REASON_NONE) begin
		assert ({page, held_va[11:0]} == f_first[W_PA-1:0] && f_final[W_PA-1:12] == page);
		assert (f_first >= {{(F_WIDE-F_PHYS){1'b0}}, h_phys});
		assert (f_final - {{(F_WIDE-F_PHYS){1'b0}}, h_phys}
		        <= {{(F_WIDE-XLEN){1'b0}}, h_last} - {{(F_WIDE-XLEN){1'b0}}, h_base});
	end
`endif

	cover (h_found && reason == mmu_pkg::REASON_NONE && h_va[XLEN-1:4] == '1 && h_last == '1);
	cover (h_found && reason == mmu_pkg::REASON_NONE && h_base > {{(XLEN-12){1'b0}}, h_phys[11:0]} && h_phys == '0);
	cover (h_found && reason == mmu_pkg::REASON_SEGMENT_LIMIT && !h_end[12]);
	cover (h_found && reason == mmu_pkg::REASON_SEGMENT_PERMISSION);
	cover (h_found && reason == mmu_pkg::REASON_ADDRESS_TOO_WIDE);
	cover (answers && reason == mmu_pkg::REASON_SEGMENT_MISSING);
	cover (h_on && !answers);
end

// Segments that touch, overlap and are empty
always @(posedge clk) if (look && f_on) begin
	cover (f_found && f_touches == (N > 1));
	cover (f_found && f_overlaps == (N > 1));
	cover (!f_found && seg_cfg[0] && seg_last[XLEN-1:0] < {seg_base[W_VPAGE-1:0], 12'd0} && seg_asid[W_ASID-1:0] == asid);
	cover (!f_found && seg_cfg[0] && seg_asid[W_ASID-1:0] != asid && {seg_base[W_VPAGE-1:0], 12'd0} <= va
	       && va <= seg_last[XLEN-1:0]);
end
