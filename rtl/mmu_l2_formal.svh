// Properties of mmu_l2 as a whole: the proof `l2`. The larger leaves are mmu_tlb's, which
// has proofs of its own, and may answer anything here; the memories are of full size, with
// one set that the solver chooses (mmu_ram_formal.svh), of which bits flip if there is
// parity. The array's share is in mmu_l2_array_formal.svh.

logic f_past = 1'b0;
always @(posedge clk) f_past <= 1'b1;

logic f_fill_maps, f_fence_covers;

assign f_fill_maps    = fill_done && !clear && head_vpn == f_vpn && (head_data[GLOBAL] || head_asid == f_asid);
assign f_fence_covers = fence && (fence_any_va || fence_vpn == f_vpn)
                     && (fence_any_asid || (!f_data[GLOBAL] && fence_asid == f_asid));

always @(posedge clk) begin
	if (!rst_n) begin
		f_known <= 1'b0;
	end else if (f_fill_maps) begin
		f_known <= 1'b1;
		f_data  <= head_data;
	end else if (f_fence_covers || clear) begin
		f_known <= 1'b0;
	end
end

logic [2:0] f_fence_q, f_look_q;

always @(posedge clk) begin
	if (!rst_n) begin
		f_fence_q <= '0;
		f_look_q  <= '0;
	end else begin
		f_fence_q <= {f_fence_q[1:0], fence};
		f_look_q  <= {f_look_q[1:0], look};
	end
end

// The caller's side: proved of mmu_core.
always @(posedge clk) begin
	assume (f_past || !rst_n);
	assume (!fence || (fence_ready && look_valid == '0 && !fill_valid && f_look_q[1:0] == '0));
end

// Nothing that came before a fence or a clear is written after it.
always @(posedge clk) if (rst_n && f_past && $past(rst_n && (clear || fence)))
	assert (!queue_valid && !filling);

always @(posedge clk) if (rst_n && f_past) begin
	assert (busy_look == f_look_q[0]);
	// One at a time, and of two ports one
	assert (look_ready != 2'b11 && (look_valid & look_ready) == (look_valid & look_ready & {choose, !choose}));
	assert (({1'b0, look} + {1'b0, fill}) + ({1'b0, sweep} + {1'b0, fence_set}) <= 2'd1);
	// While nothing else comes, a sweep is under way or begins; a fence waits for nothing else.
	if (!fence && !fencing && look_valid == '0 && !queue_valid && f_left != '0)
		assert (sweep || busy_sweep || sweep_done || writing);
	if (!fence_ready)
		assert (queue_valid || fencing || busy_look || f_left != '0);
	// A fill that waits is done in three cycles without look-ups.
	if (filling)
		assert (queue_valid && head_size == '0 && !fencing);
end

always @(posedge clk) if (rst_n) begin
	cover (f_fill_maps && f_known);
	cover (fence && !fence_any_va && f_fence_covers && f_known);
	cover (fence && fence_any_va && !fence_any_asid && f_known && !f_fence_covers);
	cover (!room && f_past);
	cover (look_valid == 2'b11 && last_q);
	cover (fill_large);
	cover (fill_given_up);
	cover (queue_full && queue_take);
end
