// Properties of mmu_csr_segment under FORMAL with PROVE_SEGMENT_CSR: what was
// written last to the registers of a segment that the solver chooses is in force and
// is what they read. docs/formal.md says what they add up to.

(* anyconst *) logic [3:0] f_segment;

logic f_past = 1'b0;
always @(posedge clk) f_past <= 1'b1;

localparam int F_PHYS = (XLEN == 32) ? 34 : 56;

logic [XLEN-1:0]     f_base, f_last;
logic [F_PHYS-1:0]   f_phys;
logic                f_r, f_w;
logic [3:0]          f_vxug;  // V, X, U, G
logic [W_ASID_P-1:0] f_asid, f_ctl_asid;
logic [1:0]          f_mode;

logic [12:0]     f_first;   // the number of the first of its registers
logic [XLEN-1:0] f_kept;    // of an address: whole pages
logic [15:0]     f_written; // as an ASID

assign f_first   = mmu_pkg::REG_SEGMENT0 + {6'd0, f_segment, 3'd0};
assign f_kept    = csr_wdata & ~{{(XLEN-12){1'b0}}, 12'hfff};
assign f_written = (W_ASID == 0) ? 16'd0 : csr_wdata[31:16];

always @(posedge clk) begin
	assume (f_past || !rst_n);
	assume ({28'd0, f_segment} < SEGMENTS);
	if (!rst_n) begin
		f_base     <= '0;
		f_last     <= '0;
		f_phys     <= '0;
		f_r        <= 1'b0;
		f_w        <= 1'b0;
		f_vxug     <= '0;
		f_asid     <= '0;
		f_ctl_asid <= '0;
		f_mode     <= '0;
	end else if (csr_write) begin
		if (csr_number == f_first + 13'd0)
			f_base <= f_kept;
		if (csr_number == f_first + 13'd1)
			f_last <= csr_wdata;
		if (csr_number == f_first + 13'd2 && XLEN == 64)
			f_phys <= f_kept[F_PHYS-1:0];
		if (csr_number == f_first + 13'd2 && XLEN == 32)
			f_phys[31:0] <= f_kept[31:0];
		if (csr_number == f_first + 13'd4 && XLEN == 32)
			f_phys[F_PHYS-1 -: 2] <= csr_wdata[1:0];
		if (csr_number == f_first + 13'd3) begin
			f_r    <= csr_wdata[1];
			f_w    <= csr_wdata[2:1] == 2'b11;
			f_vxug <= {csr_wdata[0], csr_wdata[3], csr_wdata[4], csr_wdata[5]};
			f_asid <= f_written[W_ASID_P-1:0];
		end
		if (csr_number == 13'h1100 && csr_wdata[1:0] <= 2'd2) begin
			f_mode     <= csr_wdata[1:0];
			f_ctl_asid <= f_written[W_ASID_P-1:0];
		end
	end
end

// In force
always @(posedge clk) if (rst_n && f_past) begin
	assert (seg_base[f_segment*W_VPAGE +: W_VPAGE] == f_base[XLEN-1:12] && f_base[11:0] == '0 && f_phys[11:0] == '0);
	assert (seg_last[f_segment*XLEN +: XLEN] == f_last);
	assert (seg_cfg[6*f_segment +: 6] == {f_vxug[0], f_vxug[1], f_vxug[2], f_w, f_r, f_vxug[3]} && (f_r || !f_w));
	assert (seg_asid[f_segment*W_ASID_P +: W_ASID_P] == f_asid);
	assert (seg_offset[f_segment*W_OFFSET +: W_OFFSET]
	        == {{(W_OFFSET-F_PHYS+12){1'b0}}, f_phys[F_PHYS-1:12]} - {{(W_OFFSET-W_VPAGE){1'b0}}, f_base[XLEN-1:12]});
	assert (mode == f_mode && asid == f_ctl_asid && mode <= 2'd2);

	// Read
	if (csr_number == f_first + 13'd0)
		assert (csr_rdata == f_base);
	if (csr_number == f_first + 13'd1)
		assert (csr_rdata == f_last);
	if (csr_number == f_first + 13'd2 && XLEN == 64)
		assert (csr_rdata == {{(XLEN-(XLEN == 64 ? F_PHYS : 0)){1'b0}}, f_phys[(XLEN == 64 ? F_PHYS : XLEN)-1:0]});
	if (csr_number == f_first + 13'd2 && XLEN == 32)
		assert (csr_rdata == f_phys[XLEN == 32 ? 31 : 0:0]);
	if (csr_number == f_first + 13'd3)
		assert (csr_rdata == {{(XLEN-16-W_ASID_P){1'b0}}, f_asid, 10'd0, f_vxug[0], f_vxug[1], f_vxug[2], f_w, f_r, f_vxug[3]});
	if (csr_number == f_first + 13'd4 && XLEN == 32)
		assert (csr_rdata == {{(XLEN-2){1'b0}}, f_phys[F_PHYS-1 -: 2]});
	if (csr_number == f_first + 13'd4 && XLEN == 64)
		assert (csr_rdata == '0);
	if (csr_number == 13'h1100)
		assert (csr_rdata == {{(XLEN-16-W_ASID_P){1'b0}}, f_ctl_asid, 14'd0, f_mode});
	// Of no register at all
	if (csr_number != 13'h1100 && (csr_number < 13'h1000 || csr_number >= 13'h1000 + 13'(8 * SEGMENTS) || csr_number[2:0] > 3'd4))
		assert (csr_rdata == '0);

	cover (f_base != '0 && f_phys != '0 && f_vxug[3]);
	cover (csr_number == f_first + 13'd2 && csr_rdata == f_base && f_base != '0);
	cover (mode == 2'd2 && $past(csr_write && csr_wdata[1:0] == 2'd3 && csr_number == 13'h1100));
end
