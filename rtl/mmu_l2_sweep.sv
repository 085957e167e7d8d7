// What is to be dropped from every set of the L2: fences by ASID and of everything.
//
// A fence costs one cycle here: a record says what it drops, and in how many sets it is
// still to be done, those below `left`. Until a set is swept, look-ups treat what a record
// covers in it as absent. The sweeper does one set a cycle, from the highest down, while
// nothing else wants the array.
//
// Record 0 drops everything and comes first, so that what stands in the memory after
// reset is never seen; each of the others drops what has its ASID and is not global.

`default_nettype none

module mmu_l2_sweep #(
	parameter  int SETS    = 256,
	parameter  int W_ASID  = 16,
	parameter  int RECORDS = 2,          // of ASIDs
	localparam int W_SET   = $clog2(SETS),
	localparam int W_LEFT  = W_SET + 1
) (
	input  logic              clk,
	input  logic              rst_n,

`ifdef PROVE_L2
	input  logic [W_SET-1:0]  f_set,
	input  logic [W_ASID-1:0] f_asid,
	output logic              f_covers_all,
	output logic              f_covers_asid,
	output logic              f_covers_any,
	output logic [W_LEFT-1:0] f_left,         // of the record that is swept
`endif
	// At the end of the cycle these sets are to be swept: all, wholly or of an ASID
	input  logic              drop_all,
	input  logic              drop_asid,    // only while `room`
	input  logic [W_ASID-1:0] asid,
	output logic              room,         // there is a record for `asid`

	// What the records cover in a set, for a look-up of an ASID there
	input  logic [W_SET-1:0]  set,
	input  logic [W_ASID-1:0] set_asid,
	output logic              unswept,      // in this set something is to be dropped:
	output logic              covers_all,   // everything,
	output logic              covers_asid,  // or what is of that ASID

	// The next set to sweep, `ahead` sweeps after those that are done
	input  logic [1:0]        ahead,
	output logic              wanted,
	output logic [W_SET-1:0]  next_set,
	output logic              next_all,
	output logic [W_ASID-1:0] next_asid,

	// The oldest sweep that was ahead is done at the end of the cycle
	input  logic              done
);

// ----------------------------------------------------------------------------
// Records. The one that is swept is the first with sets left.

localparam logic [W_LEFT-1:0] ALL_SETS = SETS[W_LEFT-1:0];

logic [W_LEFT-1:0]         left_q [0:RECORDS];
logic [RECORDS*W_ASID-1:0] asid_q;  // of record r from bit (r-1)*W_ASID on

logic [RECORDS:0]  open;
logic [RECORDS:0]  sweeping;
logic [RECORDS:0]  same;     // as the ASID that is to be dropped
logic [RECORDS:0]  taken;    // by it
logic [RECORDS:0]  free;
logic [W_LEFT-1:0] left;

always_comb begin
	open = '0;
	same = '0;
	left = '0;
	for (int r = 0; r <= RECORDS; r++)
		open[r] = left_q[r] != '0;
	for (int r = 1; r <= RECORDS; r++)
		same[r] = open[r] && asid_q[(r-1)*W_ASID +: W_ASID] == asid;
	sweeping = open & (~open + 1'b1);
	free     = ~open & ~{{RECORDS{1'b0}}, 1'b1};
	taken    = (same != '0) ? same : free & (~free + 1'b1);
	room     = taken != '0;
	for (int r = 0; r <= RECORDS; r++)
		left = left | (left_q[r] & {W_LEFT{sweeping[r]}});
end

always_ff @(posedge clk or negedge rst_n) begin
	if (!rst_n) begin
		left_q[0] <= ALL_SETS;
		for (int r = 1; r <= RECORDS; r++)
			left_q[r] <= '0;
	end else begin
		for (int r = 0; r <= RECORDS; r++) begin
			if (drop_all)
				left_q[r] <= (r == 0) ? ALL_SETS : '0;
			else if (drop_asid && taken[r])
				left_q[r] <= ALL_SETS;
			else if (done && sweeping[r])
				left_q[r] <= left_q[r] - 1'b1;
		end
	end
end

always_ff @(posedge clk) begin
	for (int r = 1; r <= RECORDS; r++)
		if (drop_asid && taken[r])
			asid_q[(r-1)*W_ASID +: W_ASID] <= asid;
end

// ----------------------------------------------------------------------------
// What they cover

always_comb begin : cover_set
	logic [RECORDS:0] in_set;

	covers_asid = 1'b0;
	for (int r = 0; r <= RECORDS; r++)
		in_set[r] = {1'b0, set} < left_q[r];
	for (int r = 1; r <= RECORDS; r++)
		covers_asid = covers_asid || (in_set[r] && asid_q[(r-1)*W_ASID +: W_ASID] == set_asid);
	covers_all = in_set[0];
	unswept    = in_set != '0;
end

// ----------------------------------------------------------------------------
// The next set

logic [W_LEFT-1:0] next_left;

assign wanted    = left > {{(W_LEFT-2){1'b0}}, ahead};
assign next_left = left - {{(W_LEFT-2){1'b0}}, ahead} - 1'b1;
assign next_set  = next_left[W_SET-1:0];
assign next_all  = open[0];

always_comb begin
	next_asid = '0;
	for (int r = 1; r <= RECORDS; r++)
		next_asid = next_asid | (asid_q[(r-1)*W_ASID +: W_ASID] & {W_ASID{sweeping[r]}});
end

// Below SETS
logic unused_ok;
assign unused_ok = &{1'b0, next_left};

// ----------------------------------------------------------------------------
// Properties

`ifdef PROVE_L2
`include "mmu_l2_sweep_formal.svh"
`endif

endmodule

`default_nettype wire
