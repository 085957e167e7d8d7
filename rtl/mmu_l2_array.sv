// The main array of the L2: leaves of 4 KiB, its ways with what chooses among them and
// what changes them.
//
//   cycle T    look, fill, fence or sweep: the set is read
//   cycle T+1  each way against the key; a larger leaf that is found beside goes first
//   cycle T+2  the answer stands; what is to change in the set is written
//
// A caller may rely on: at most one way holds a page of an address space, for a fill drops
// what it overlaps; what answers, if nothing covers it, is what was written last. It has to
// keep the next fill back while one is under way, look-ups while a fence is, and all but
// look-ups and sweeps while `writing`. A look-up into a set that is just being written finds
// nothing; one behind anything that still writes writes nothing back.

`default_nettype none

module mmu_l2_array #(
	parameter  int LEVELS   = 3,
	parameter  int W_ASID   = 16,
	parameter  int W_VPN    = 27,
	parameter  int W_DATA   = 63,
	parameter  int DIRTY    = 18,
	parameter  int GLOBAL   = 16,
	parameter  int SETS     = 256,
	parameter  int WAYS     = 4,
	parameter  int PARITY   = 0,
	parameter  int PREFETCH = 0,
	localparam int W_SET    = $clog2(SETS),
	localparam int W_TAG    = W_VPN - W_SET,
	localparam int W_WORD   = 1 + W_ASID + W_TAG + W_DATA + 2*PARITY + PREFETCH
) (
	input  logic                           clk,
	input  logic                           rst_n,

`ifdef PROVE_L2
`include "mmu_l2_array_ports_formal.svh"
`endif
	// At most one of these a cycle, and its key
	input  logic                           look,
	input  logic                           fill,
	input  logic                           fence,
	input  logic                           sweep,
	input  logic [W_VPN-1:0]               vpn,
	input  logic [W_ASID-1:0]              asid,
	input  logic                           dirty,            // look: only what may be written
	input  logic                           all,              // fence: also global entries and any ASID; sweep: everything
	input  logic                           covered,          // look: nothing in the set counts,
	input  logic                           covered_asid,     // or only what is global

	// Ends what is under way: of a look, that it changes or (clear) finds anything
	input  logic                           drop,
	input  logic                           clear,

	// The fill's, to its end, in cycle T+2
	input  logic [W_DATA-1:0]              fill_data,
	input  logic                           fill_prefetched,
	output logic                           filling,
	output logic                           fill_done,
	output logic                           writing,

	// A look-up in cycle T+1: a larger leaf that goes first
	input  logic                           large_hit,
	input  logic [LEVELS-1:0]              large_size,
	input  logic [W_DATA-1:0]              large_data,

	// Cycle T+2
	output logic                           found,
	output logic [LEVELS-1:0]              found_size,
	output logic [W_DATA-1:0]              found_data,
	output logic                           fence_done,
	output logic                           sweep_done,

	output logic                           busy_look,        // in cycle T+1
	output logic                           busy_fence,
	output logic                           busy_sweep,

	input  logic                           flip,             // to test parity, as in mmu_l2.sv
	input  logic [7:0]                     flip_bit,
	output logic [mmu_pkg::EVENTS_L2-1:0]  events
);

// ----------------------------------------------------------------------------
// What is under way

logic [W_VPN-1:0]  vpn2_q, vpn3_q;
logic [W_ASID-1:0] asid2_q, asid3_q;
logic              dirty2_q, all2_q, covered2_q, covered_asid2_q, behind2_q;
logic              busy_fill;

assign filling = busy_fill || fill_done;
assign writing = write_q != '0;

always_ff @(posedge clk or negedge rst_n) begin
	if (!rst_n) begin
		{busy_look, busy_fill, busy_fence, busy_sweep} <= '0;
		{fill_done, fence_done, sweep_done}            <= '0;
	end else begin
		busy_look  <= look;
		busy_fill  <= fill && !clear;
		busy_fence <= fence && !clear;
		busy_sweep <= sweep && !clear;
		fill_done  <= busy_fill && !drop;
		fence_done <= busy_fence && !drop;
		sweep_done <= busy_sweep && !drop;
	end
end

always_ff @(posedge clk) begin
	vpn2_q          <= vpn;
	asid2_q         <= asid;
	dirty2_q        <= dirty;
	all2_q          <= all;
	covered2_q      <= covered || clear || (write_q != '0 && vpn3_q[W_SET-1:0] == vpn[W_SET-1:0]);
	covered_asid2_q <= covered_asid;
	behind2_q       <= filling || write != '0 || write_q != '0;
	vpn3_q          <= vpn2_q;
	asid3_q         <= asid2_q;
end

// ----------------------------------------------------------------------------
// Cycle T+1: each way against the key

logic [WAYS-1:0]        bad, valid, same_tag, same_asid, prefetched;
logic [WAYS*W_DATA-1:0] way_data;
logic [WAYS-1:0]        match, lose, victim, turn_q;
logic [WAYS-1:0]        write, write_q, keep_q;
logic [W_DATA-1:0]      data;
logic                   evicts, writes_back;

mmu_l2_compare #(
	.WAYS (WAYS), .W_DATA (W_DATA), .DIRTY (DIRTY), .GLOBAL (GLOBAL)
) compare (
	.bad, .valid, .same_tag, .same_asid, .way_data,
	.dirty (dirty2_q), .covered (covered2_q), .covered_asid (covered_asid2_q), .match, .data,
	.fill (busy_fill), .fill_global (fill_data[GLOBAL]), .fence (busy_fence), .sweep (busy_sweep), .all (all2_q), .lose,
	.turn (turn_q), .evicts, .victim
);

// ----------------------------------------------------------------------------
// Cycle T+2: the answer

always_ff @(posedge clk or negedge rst_n) begin
	if (!rst_n)
		found <= 1'b0;
	else
		found <= busy_look && !clear && (large_hit || match != '0);
end

always_ff @(posedge clk) begin
	keep_q     <= busy_fill ? victim : busy_look ? match : '0;
	found_size <= large_hit ? large_size : '0;
	found_data <= large_hit ? large_data : data;
end

// ----------------------------------------------------------------------------
// and the change. A look-up drops what is wrong, and clears the mark of what was prefetched.

assign writes_back = busy_look && !behind2_q && !covered2_q && !large_hit;

always_comb begin
	write = '0;
	if (drop)
		write = '0;
	else if (busy_fill)
		write = lose | victim;
	else if (busy_fence || busy_sweep)
		write = lose;
	else if (writes_back)
		write = bad | (match & prefetched);
end

always_ff @(posedge clk or negedge rst_n) begin
	if (!rst_n) begin
		write_q <= '0;
		turn_q  <= {{(WAYS-1){1'b0}}, 1'b1};
	end else begin
		write_q <= write;
		if (busy_fill)
			turn_q <= (turn_q << 1) | (turn_q >> (WAYS - 1));
	end
end

// ----------------------------------------------------------------------------
// Ways

logic [W_WORD-1:0] flip_mask;

`ifdef PROVE_L2
(* anyseq *) logic [2:0]        f_flip_way;
(* anyseq *) logic [W_WORD-1:0] f_flip_bit;
logic [WAYS*W_WORD-1:0] f_words, f_read;
`endif

for (genvar w = 0; w < WAYS; w++) begin : g_way
	mmu_l2_way #(
		.SETS (SETS), .W_TAG (W_TAG), .W_ASID (W_ASID), .W_DATA (W_DATA), .PARITY (PARITY), .PREFETCH (PREFETCH)
	) way (
		.clk,
`ifdef PROVE_L2
		.f_set (f_vpn[W_SET-1:0]), .f_flip_bit (f_flip_bit & {W_WORD{f_flip_way == w}}),
		.f_word (f_words[w*W_WORD +: W_WORD]), .f_stored (f_read[w*W_WORD +: W_WORD]),
`endif
		.read (look || fill || fence || sweep), .read_set (vpn[W_SET-1:0]),
		.key_tag (vpn2_q[W_VPN-1:W_SET]), .key_asid (asid2_q),
		.bad (bad[w]), .valid (valid[w]), .same_tag (same_tag[w]), .same_asid (same_asid[w]),
		.prefetched (prefetched[w]), .data (way_data[w*W_DATA +: W_DATA]),
		.write (write_q[w]), .write_set (vpn3_q[W_SET-1:0]), .write_valid (keep_q[w]),
		.write_tag (vpn3_q[W_VPN-1:W_SET]), .write_asid (asid3_q),
		.write_prefetched (fill_done && fill_prefetched), .write_data (fill_done ? fill_data : found_data),
		.write_flip (flip_mask & {W_WORD{keep_q[w]}})
	);
end

logic       flip_q;
logic [7:0] flip_bit_q;

always_ff @(posedge clk or negedge rst_n) begin
	if (!rst_n)
		flip_q <= 1'b0;
	else
		flip_q <= (PARITY != 0) && (flip || (flip_q && !fill_done));
end

always_ff @(posedge clk)
	if (flip)
		flip_bit_q <= flip_bit;

assign flip_mask = (flip_q && fill_done) ? {{(W_WORD-1){1'b0}}, 1'b1} << flip_bit_q : '0;

// ----------------------------------------------------------------------------
// Events

always_comb begin
	events = '0;
	events[mmu_pkg::EVENT_L2_HITS]              = busy_look && !large_hit && match != '0;
	events[mmu_pkg::EVENT_L2_HITS_LARGE]        = busy_look && large_hit;
	events[mmu_pkg::EVENT_L2_MISSES]            = busy_look && !large_hit && match == '0;
	events[mmu_pkg::EVENT_L2_FILLS]             = fill_done;
	events[mmu_pkg::EVENT_L2_EVICTIONS]         = busy_fill && evicts;
	events[mmu_pkg::EVENT_L2_PARITY_ERRORS]     = bad != '0 && !drop
	                                           && (busy_fill || (busy_sweep && !all2_q) || busy_fence || writes_back);
	events[mmu_pkg::EVENT_L2_PREFETCHES_USED]   = writes_back && (match & prefetched) != '0;
	events[mmu_pkg::EVENT_L2_PREFETCHES_WASTED] = busy_fill && evicts && (victim & prefetched) != '0;
end

`ifdef PROVE_L2
`include "mmu_l2_array_formal.svh"
`endif

endmodule

`default_nettype wire
