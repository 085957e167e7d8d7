// Properties of mmu_pmp_decode, included at its end under FORMAL with PROVE_DECODE,
// for an entry and a word of memory that the solver chooses; docs/formal.md says
// what they add up to. The registers change with `write` only, and are anything at reset;
// NA4 is never stored where the grain is coarser.

(* anyconst *) logic [5:0]   f_entry;
(* anyconst *) logic [W-1:0] f_word;

logic f_past = 1'b0;
always @(posedge clk) f_past <= 1'b1;

logic [7:0]   f_cfg;
logic [1:0]   f_mode;
logic [W-1:0] f_addr, f_below;

assign f_cfg   = cfg[8*f_entry +: 8];
assign f_mode  = f_cfg[4:3];
assign f_addr  = addr[W*f_entry +: W];
assign f_below = (f_entry == 0) ? '0 : addr[W*(f_entry - 1) +: W];

always @(posedge clk) begin
	assume (f_past || !rst_n);
	assume (f_entry < ENTRIES);
	assume (GRAIN == 0 || f_mode != 2'd2);
	if (f_past && !$past(write))
		assume ($stable(cfg) && $stable(addr) && $stable(mml) && $stable(mmwp));
end

// ----------------------------------------------------------------------------
// Does the entry match the word? As the specification says it: TOR from the address
// before to this one, less what the grain leaves out; NA4 this word; NAPOT every word
// that agrees with the address in all bits above the lowest that is zero.

logic         f_tor, f_napot;
logic         f_above;  // above the lowest zero
logic [W-1:0] f_coded;

always_comb begin
	f_coded = f_addr;
	for (int j = 0; j < GRAIN - 1; j++)
		f_coded[j] = 1'b1;
	f_above = 1'b0;
	f_napot = 1'b1;
	for (int j = 0; j < W; j++) begin
		f_napot = f_napot && (!f_above || f_word[j] == f_coded[j]);
		f_above = f_above || !f_coded[j];
	end
end

assign f_tor = (f_word >> GRAIN) >= (f_below >> GRAIN) && (f_word >> GRAIN) < (f_addr >> GRAIN);

logic f_match;

always_comb begin
	case (f_mode)
	2'd0:    f_match = 1'b0;
	2'd1:    f_match = f_tor;
	2'd2:    f_match = f_word == f_addr;
	default: f_match = f_napot;
	endcase
end

// ----------------------------------------------------------------------------
// What it allows: without MML, and the table of Smepmp, L R W X, a line each

logic [2:0] f_m, f_su;  // X, W, R

always_comb begin
	case ({f_cfg[7], f_cfg[0], f_cfg[1], f_cfg[2]})
	4'b0000: {f_m, f_su} = {3'b000, 3'b000};
	4'b0001: {f_m, f_su} = {3'b000, 3'b100};
	4'b0010: {f_m, f_su} = {3'b011, 3'b001};
	4'b0011: {f_m, f_su} = {3'b011, 3'b011};
	4'b0100: {f_m, f_su} = {3'b000, 3'b001};
	4'b0101: {f_m, f_su} = {3'b000, 3'b101};
	4'b0110: {f_m, f_su} = {3'b000, 3'b011};
	4'b0111: {f_m, f_su} = {3'b000, 3'b111};
	4'b1000: {f_m, f_su} = {3'b000, 3'b000};
	4'b1001: {f_m, f_su} = {3'b100, 3'b000};
	4'b1010: {f_m, f_su} = {3'b100, 3'b100};
	4'b1011: {f_m, f_su} = {3'b101, 3'b100};
	4'b1100: {f_m, f_su} = {3'b001, 3'b000};
	4'b1101: {f_m, f_su} = {3'b101, 3'b000};
	4'b1110: {f_m, f_su} = {3'b011, 3'b000};
	default: {f_m, f_su} = {3'b001, 3'b001};
	endcase
	if (SMEPMP == 0 || !mml) begin
		f_su = f_cfg[2:0];
		f_m  = f_cfg[7] ? f_cfg[2:0] : 3'b111;
	end
end

// ----------------------------------------------------------------------------
// What stands decoded is what the registers say, but in the cycle after a write.

logic f_active;
logic f_in_range;

assign f_active   = active[f_entry];
assign f_in_range = f_active && first[W*f_entry +: W] <= f_word && f_word <= last[W*f_entry +: W];

always @(posedge clk) if (rst_n && f_past) begin
	assert (!f_active || first[W*f_entry +: W] <= last[W*f_entry +: W]);
	if (!written_q) begin
		assert (f_in_range == f_match);
		if (f_active)
			assert (allow_m[3*f_entry +: 3] == f_m && allow_su[3*f_entry +: 3] == f_su);
		// Where no region is: nothing for S and U, all for M but what Smepmp withholds
		assert (none_su == '0 && none_m[1:0] == {2{SMEPMP == 0 || !mmwp}}
		        && none_m[2] == (SMEPMP == 0 || !(mml || mmwp)));
	end
	cover (!written_q && f_match && f_mode == 2'd1);
	cover (!written_q && f_match && f_mode == 2'd3 && !f_coded[GRAIN]);
	cover (!written_q && !f_match && f_mode == 2'd1 && f_below > f_addr);
end

// It changes in the cycle after a write, and in no other.
always @(posedge clk) if (rst_n && f_past && $past(rst_n) && !$past(stale))
	assert ($stable(f_active) && $stable(first[W*f_entry +: W]) && $stable(last[W*f_entry +: W])
	        && $stable(allow_m[3*f_entry +: 3]) && $stable(allow_su[3*f_entry +: 3])
	        && $stable(none_m) && $stable(none_su));
