// Properties of mmu_axi4, included at its end under FORMAL with PROVE_AXI4;
// docs/formal.md says what they add up to. Section numbers are of ARM IHI 0022H.

logic f_past = 1'b0;
always @(posedge clk) f_past <= 1'b1;
always @(posedge clk) assume (f_past || !rst_n);

// ----------------------------------------------------------------------------
// Assumed of the MMU: a request stands until taken, and no tag is used again before
// its answer. One tag, any, is followed.

(* anyconst *) logic [W_MEM_TAG-1:0] f_tag;

logic f_open;       // a request with that tag is taken and not answered,
logic f_swap;       // it is a swap,
logic f_read_open;  // and AR was taken, R has not come
logic [W_PA-1:0] f_addr;
logic [XLEN-1:0] f_expected, f_desired;

logic f_mine;
assign f_mine = mem_ans_valid && mem_ans_tag == f_tag;

always @(posedge clk) begin
	if (!rst_n)
		f_open <= 1'b0;
	else if (mem_req_valid && mem_req_ready && mem_req_tag == f_tag)
		f_open <= 1'b1;
	else if (f_mine)
		f_open <= 1'b0;
	if (mem_req_valid && mem_req_ready && mem_req_tag == f_tag) begin
		f_swap     <= mem_req_swap;
		f_addr     <= mem_req_addr;
		f_expected <= mem_req_expected;
		f_desired  <= mem_req_desired;
	end
	if (!rst_n)
		f_read_open <= 1'b0;
	else if (arvalid && arready && arid[W_MEM_TAG-1:0] == f_tag)
		f_read_open <= 1'b1;
	else if (rvalid && rid[W_MEM_TAG-1:0] == f_tag)
		f_read_open <= 1'b0;
end

always @(posedge clk) if (rst_n && f_past) begin
	if ($past(rst_n && mem_req_valid && !mem_req_ready))
		assume (mem_req_valid && $stable({mem_req_swap, mem_req_addr, mem_req_expected, mem_req_desired, mem_req_tag}));
	if (mem_req_valid && mem_req_tag == f_tag)
		assume (!f_open);
	// The swap under way, if it is not the one that is followed, has an other tag
	if (mem_req_valid && swap_q != IDLE)
		assume (mem_req_tag != tag_q);
	assume (mem_req_addr[W_BYTE-1:0] == '0);
end

// Assumed of the bus: R and B only for what was asked (A3.3)
always @(posedge clk) begin
	if (rvalid && rid[W_MEM_TAG-1:0] == f_tag)
		assume (f_read_open);
	if (rvalid && rid[W_MEM_TAG-1:0] == tag_q)
		assume (swap_q == IDLE || swap_q == READ);
	assume (!bvalid || swap_q == RESPONSE);
end

// ----------------------------------------------------------------------------
// A3.2.1: what is valid stays, with its payload, until it is taken. A3.1.2: nothing is
// valid in the first cycle after reset.

always @(posedge clk) if (f_past) begin
	if (rst_n && $past(rst_n)) begin
		if ($past(arvalid && !arready))
			assert (arvalid && $stable({arid, araddr, arlen, arsize, arburst, arlock}));
		if ($past(awvalid && !awready))
			assert (awvalid && $stable({awid, awaddr, awlen, awsize, awburst, awlock}));
		if ($past(wvalid && !wready))
			assert (wvalid && $stable({wdata, wstrb, wlast}));
	end
	if (!$past(rst_n))
		assert (!awvalid && !wvalid && (!arvalid || mem_req_valid));
end

// ----------------------------------------------------------------------------
// One transaction of an ID at a time; each request is answered once, with its own PTE

logic f_writes;  // the swap that is followed is beyond its read
assign f_writes = tag_q == f_tag && (swap_q == WRITE || swap_q == RESPONSE || swap_q == AGAIN);

always @(posedge clk) if (rst_n && f_past) begin
	if (arvalid && arid[W_MEM_TAG-1:0] == f_tag)
		assert (!f_read_open);
	assert (f_open == (f_read_open || f_writes));
	assert (!(f_read_open && f_writes));
	assert ((f_open && f_swap) == (swap_q != IDLE && tag_q == f_tag));
	if (swap_q != IDLE && tag_q == f_tag)
		assert (addr_q == f_addr && expected_q == f_expected && desired_q == f_desired);
	assert (!plain_held_q || ask);

	assert (!f_mine || f_open);
	// Not written, and what memory holds; or written
	if (f_mine && f_swap && !mem_ans_error)
		assert (mem_ans_data != f_expected || (swap_q == RESPONSE && mem_ans_data == f_desired));
	if (f_mine && mem_ans_error)
		assert (rvalid ? (rresp[1] || (f_swap && rresp == 2'b00)) : bresp[1]);
	cover (f_mine && f_swap && !mem_ans_error && mem_ans_data == f_desired && f_desired != f_expected);
	cover (f_mine && f_swap && !mem_ans_error && mem_ans_data != f_desired);
	cover (f_mine && !f_swap && swap_q == RESPONSE);
	cover (f_mine && mem_ans_error);
end

// A read's answer is the lane of its address
if (LANES > 1) begin : g_lane
	logic [W_DATA-1:0] f_shifted;
	assign f_shifted = rdata >> {f_addr[W_BYTE +: W_LANE], {(W_BYTE + 3){1'b0}}};

	always @(posedge clk) if (rst_n && f_past) begin
		assert (!f_read_open || g_wide.lane_q[f_tag] == f_addr[W_BYTE +: W_LANE]);
		if (f_mine && rvalid)
			assert (mem_ans_data == f_shifted[XLEN-1:0]);
		if (wvalid)
			assert (wstrb == {{(W_STRB-XLEN/8){1'b0}}, {(XLEN/8){1'b1}}} << {addr_q[W_BYTE +: W_LANE], {W_BYTE{1'b0}}});
	end
end

// ----------------------------------------------------------------------------
// A7.2.2: an exclusive write follows an exclusive read that was answered with EXOKAY, of
// the same ID, address and size, and brought what the swap expects

logic              f_monitor;
logic [W_ID-1:0]   f_monitor_id;
logic [W_ADDR-1:0] f_monitor_addr;

always @(posedge clk) begin
	if (!rst_n || (arvalid && arready && arlock))
		f_monitor <= 1'b0;
	else if (swap_read)
		f_monitor <= rresp == RESP_EXOKAY && mem_ans_data == expected_q;
	if (arvalid && arready && arlock) begin
		f_monitor_id   <= arid;
		f_monitor_addr <= araddr;
	end
end

always @(posedge clk) if (rst_n && f_past) begin
	if (swap_q != IDLE && swap_q != AGAIN)
		assert (f_monitor_id == awid && f_monitor_addr == awaddr);
	if (swap_q == WRITE || swap_q == RESPONSE)
		assert (f_monitor);
	if (awvalid || wvalid)
		assert (swap_q == WRITE && awlock && awsize == arsize && awlen == 8'd0);
	assert (!aw_taken_q || swap_q == WRITE);
	assert (!w_taken_q || swap_q == WRITE);
	cover (awvalid && $past(swap_q == AGAIN, 2));
	cover (aw_taken_q && wvalid);
	cover (w_taken_q && awvalid);
end

// ----------------------------------------------------------------------------
// No cycle is lost: what bus and MMU offer is taken

always @(posedge clk) if (rst_n && f_past) begin
	if (mem_req_valid && !mem_req_swap && arready && swap_q != AGAIN)
		assert (mem_req_ready);
	assert (rready);
	if (bvalid && !rvalid)
		assert (bready);
end
