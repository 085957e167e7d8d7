// Counters of 64 bits, one an event: docs/counters.md. mmu_pkg.sv numbers them and says
// what one event is.
//
// A counter's value stands in two parts: a word of a memory, and a few digits in
// flip-flops, to which its event adds. Each cycle the digits of one counter, in turn, are
// added to its word and begin anew, so that one adder serves all of them, and the digits
// of one counter need hold no more than what happens between two of its turns.
//
//   events ──► events_q ──► digit_q ──turn──► memory
//                  └────────────┴──────────────┴──► sum: the register port
//
// What a caller may rely on:
// - A read gives all events up to the cycle before.
// - A write to a counter, of whatever value, zeroes it: the next read gives the events
//   from the cycle of the write on. So does COUNTCTL_CLEAR for all of them.
// - While COUNTCTL_INHIBIT is set, from the cycle after its write to that of the write
//   that clears it, nothing is counted.
// - Reads are combinational; numbers that are not counters' read as zero.

`default_nettype none
`include "mmu_assert.svh"

module mmu_counters #(
	parameter  int XLEN   = 64,
	parameter  int N      = mmu_pkg::COUNTERS_N,
	parameter  int W      = 64,  // of a counter, in bits: more than 32
	localparam int DIGITS = $clog2(N)
) (
	input  logic            clk,
	input  logic            rst_n,

	input  logic [N-1:0]    events,

	// Register port, as in mmu_csr.sv
	input  logic            csr_write,
	input  logic [12:0]     csr_number,
	input  logic [XLEN-1:0] csr_wdata,
	output logic [XLEN-1:0] csr_rdata
);

// ----------------------------------------------------------------------------
// Numbers

logic              is_counter, is_ctl;
logic [DIGITS-1:0] index;
logic              upper;

assign index      = csr_number[DIGITS:1];
assign upper      = csr_number[0];
assign is_ctl     = csr_number == mmu_pkg::REG_COUNTCTL;
assign is_counter = csr_number[12:DIGITS+1] == mmu_pkg::REG_COUNTER0[12:DIGITS+1]
                 && {1'b0, index} < N[DIGITS:0] && (XLEN == 32 || !upper);

// ----------------------------------------------------------------------------
// Digits, and the turn in which they go to memory

logic [N-1:0]      events_q;
logic [N-1:0]      digit_q [DIGITS];
logic [N-1:0]      digit_d [DIGITS];
logic [DIGITS-1:0] turn_q;
logic              inhibit_q;

logic [N-1:0]      has_turn, zeroed;
logic              clear;

assign has_turn = {{N-1{1'b0}}, 1'b1} << turn_q;
assign clear    = csr_write && is_ctl && csr_wdata[mmu_pkg::COUNTCTL_CLEAR];
assign zeroed   = {N{clear}} | ((csr_write && is_counter) ? {{N-1{1'b0}}, 1'b1} << index : '0);

always_comb begin
	logic [N-1:0] carry;
	carry = events_q;
	for (int d = 0; d < DIGITS; d++) begin
		digit_d[d] = (digit_q[d] ^ carry) & ~has_turn & ~zeroed;
		carry      = digit_q[d] & carry;
	end
end

always_ff @(posedge clk or negedge rst_n) begin
	if (!rst_n) begin
		events_q  <= '0;
		inhibit_q <= 1'b0;
		turn_q    <= '0;
		for (int d = 0; d < DIGITS; d++)
			digit_q[d] <= '0;
	end else begin
		events_q <= inhibit_q ? '0 : events;
		turn_q   <= ({1'b0, turn_q} == N[DIGITS:0] - 1'b1) ? '0 : turn_q + 1'b1;
		for (int d = 0; d < DIGITS; d++)
			digit_q[d] <= digit_d[d];
		if (csr_write && is_ctl)
			inhibit_q <= csr_wdata[mmu_pkg::COUNTCTL_INHIBIT];
	end
end

// ----------------------------------------------------------------------------
// Memory. Reset and writes cannot reach into it: a word counts once it is known.

logic [W-1:0] memory [N];
logic [N-1:0] known_q;

logic [W-1:0] turn_word, turn_sum, read_word, read_sum;

assign turn_word = known_q[turn_q] ? memory[turn_q] : '0;
assign read_word = known_q[index] ? memory[index] : '0;

always_comb begin
	logic [DIGITS-1:0] turn_few, read_few;
	for (int d = 0; d < DIGITS; d++) begin
		turn_few[d] = digit_q[d][turn_q];
		read_few[d] = digit_q[d][index];
	end
	turn_sum = turn_word + {{W-DIGITS{1'b0}}, turn_few} + {{W-1{1'b0}}, events_q[turn_q]};
	read_sum = read_word + {{W-DIGITS{1'b0}}, read_few} + {{W-1{1'b0}}, events_q[index]};
end

always_ff @(posedge clk)
	memory[turn_q] <= turn_sum;

always_ff @(posedge clk or negedge rst_n) begin
	if (!rst_n)
		known_q <= '0;
	else
		known_q <= (known_q | has_turn) & ~zeroed;
end

// ----------------------------------------------------------------------------
// Reads

logic [63:0] whole;

assign whole = {{64-W{1'b0}}, read_sum};

always_comb begin
	csr_rdata = '0;
	if (is_counter)
		csr_rdata = upper ? whole[63 -: XLEN] : whole[XLEN-1:0];
	if (is_ctl)
		csr_rdata[mmu_pkg::COUNTCTL_INHIBIT] = inhibit_q;
end

logic unused_ok;
assign unused_ok = &{1'b0, csr_wdata};

// ----------------------------------------------------------------------------
// Properties

`ifdef PROVE_COUNTERS
`include "mmu_counters_formal.svh"
`endif

endmodule

`default_nettype wire
