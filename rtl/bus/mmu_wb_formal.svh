// Properties of mmu_wb, included at its end under FORMAL with PROVE_WB; docs/formal.md
// says what they add up to.

logic f_past = 1'b0;
always @(posedge clk) f_past <= 1'b1;
always @(posedge clk) assume (f_past || !rst_n);

// ----------------------------------------------------------------------------
// Assumed of the MMU: a request stands until taken. Of the bus: it ends in one way what
// was asked, and nothing else (B4, rules 3.35, 3.45).

always @(posedge clk) if (rst_n && f_past) begin
	if ($past(rst_n && mem_req_valid && !mem_req_ready))
		assume (mem_req_valid && $stable({mem_req_swap, mem_req_addr, mem_req_expected, mem_req_desired, mem_req_tag}));
	assume (mem_req_addr[W_BYTE-1:0] == '0);
end

always @(posedge clk) begin
	assume (!(ack && err) && !(ack && rty) && !(err && rty));
	assume (open_q != '0 || !(ack || err || rty));
end

// ----------------------------------------------------------------------------
// What is asked stays until it is taken; nothing is asked outside a cycle; a cycle lasts
// until all is answered

always @(posedge clk) if (f_past) begin
	if (rst_n && $past(rst_n && stb && stall))
		assert (cyc && stb && $stable({we, adr, sel, lock}) && (!we || $stable(dat_w)));
	if (rst_n) begin
		assert (!stb || cyc);
		assert (open_q == '0 || cyc);
		assert (!lock || cyc);
	end
	if (!$past(rst_n))
		assert (!cyc || mem_req_valid);
end

// ----------------------------------------------------------------------------
// One request, any, is followed from the MMU to its answer

(* anyseq *) logic f_choose;

logic f_followed;          // it was taken, and is not answered
logic [W_MEM_TAG-1:0] f_tag;
logic [W_PA-1:0]      f_addr;
logic f_swap;
logic [W_COUNT-1:0]   f_ahead;   // under way before it,
logic f_asked;                   // if it is,
logic [W_COUNT-1:0]   f_before;  // else to be repeated before it
logic f_here;                    // the bus ends it now

assign f_here = f_followed && f_asked && f_ahead == '0 && ended;

always @(posedge clk) begin
	if (!rst_n) begin
		f_followed <= 1'b0;
	end else if (!f_followed && f_choose && mem_req_valid && mem_req_ready) begin
		f_followed <= 1'b1;
		f_tag      <= mem_req_tag;
		f_addr     <= mem_req_addr;
		f_swap     <= mem_req_swap;
		f_asked    <= 1'b1;
		f_ahead    <= open_q - {{(W_COUNT-1){1'b0}}, ended};
	end else if (f_followed) begin
		if (f_asked && f_ahead != '0 && ended)
			f_ahead <= f_ahead - 1'b1;
		if (f_here && !f_swap) begin
			f_asked    <= 1'b0;
			f_followed <= repeats;
			f_before   <= agains_q - {{(W_COUNT-1){1'b0}}, again_goes};
		end else if (f_here && mem_ans_valid)
			f_followed <= 1'b0;
		if (!f_swap && !f_asked && again_goes) begin
			f_before <= f_before - 1'b1;
			if (f_before == '0) begin
				f_asked <= 1'b1;
				f_ahead <= open_q - {{(W_COUNT-1){1'b0}}, ended};
			end
		end
	end
end

// Where it stands in the rings, DEPTH a power of two
logic [W_SLOT-1:0] f_kept_slot, f_again_slot;
assign f_kept_slot  = kept_out_q + f_ahead[W_SLOT-1:0];
assign f_again_slot = again_out_q + f_before[W_SLOT-1:0];

always @(posedge clk) if (rst_n && f_past) begin
	assert ({1'b0, open_q} + {1'b0, agains_q} <= DEPTH[W_COUNT:0]);
	assert (open_q <= DEPTH[W_COUNT-1:0] && agains_q <= DEPTH[W_COUNT-1:0]);
	assert (kept_in_q == kept_out_q + open_q[W_SLOT-1:0]);
	assert (again_in_q == again_out_q + agains_q[W_SLOT-1:0]);
	assert (!held_q || (mem_req_valid && room && !swapping));
	if (f_followed && !f_swap) begin
		assert (!swapping || f_asked == 1'b0 || f_ahead < open_q);
		assert (f_asked ? f_ahead < open_q : f_before < agains_q);
		assert (!swapping);
		assert (f_asked ? kept_q[f_kept_slot] == {f_tag, f_addr} : again_q[f_again_slot] == {f_tag, f_addr});
	end
	if (f_followed && f_swap)
		assert (swapping && f_asked && f_ahead == '0 && addr_q == f_addr && swap_tag_q == f_tag);
	// Its answer is the one that comes for it, with its tag
	if (f_here && !f_swap && !repeats)
		assert (mem_ans_valid && mem_ans_tag == f_tag);
	if (f_followed && f_swap && mem_ans_valid)
		assert (mem_ans_tag == f_tag);
	assert (!mem_ans_valid || ended);
	cover (f_here && !f_swap && mem_ans_valid && f_before == '0 && $past(agains_q == 2));
end

// ----------------------------------------------------------------------------
// A swap has the bus for itself, from its read to its end; it writes only after its read
// was as expected, and answers with what was read, or with what it wrote

logic            f_read;      // this swap's read was answered
logic [XLEN-1:0] f_data;

always @(posedge clk) begin
	if (swap_q == READ && ended && ack)
		f_data <= data;
	if (swap_q == AGAIN || swap_q == IDLE)
		f_read <= 1'b0;
	else if (swap_q == READ && ended && ack)
		f_read <= 1'b1;
end

always @(posedge clk) if (rst_n && f_past) begin
	if (swapping) begin
		assert (cyc && lock && agains_q == '0);
		assert (open_q == ((swap_q == READ || swap_q == RESPONSE) ? 1 : 0));
		assert (open_q == '0 || kept_q[kept_out_q] == {swap_tag_q, addr_q});
	end
	if (stb && we)
		assert (swap_q == WRITE && adr[W_PA-1:0] == addr_q && f_read && f_data == expected_q);
	assert (!(swap_q == WRITE || swap_q == RESPONSE) || (f_read && f_data == expected_q));
	if (swapping && mem_ans_valid && !mem_ans_error)
		assert (swap_q == RESPONSE ? mem_ans_data == desired_q : mem_ans_data != expected_q);
	cover (swap_q == WRITE && $past(swap_q == AGAIN, 3));
	cover (swapping && mem_ans_valid && swap_q == RESPONSE);
	cover (swapping && mem_ans_valid && swap_q == READ && !mem_ans_error);
end
