// One way of the L2's main array: the memory of its entries, and what the entry that
// was read last has in common with a key.
//
//   cycle T    read
//   cycle T+1  the entry stands, compared with key_tag and key_asid
//
// An entry is, from its highest bit on: prefetched and not used yet; parity of {valid,
// ASID, tag}; parity of the data; valid; ASID; tag; data. Parity is even, so that zeros
// are an entry that is not valid. Without PARITY the two bits are not there, without
// PREFETCH the first is not.

`default_nettype none

module mmu_l2_way #(
	parameter  int SETS     = 256,
	parameter  int W_TAG    = 19,
	parameter  int W_ASID   = 16,
	parameter  int W_DATA   = 63,
	parameter  int PARITY   = 0,
	parameter  int PREFETCH = 0,
	localparam int W_SET    = $clog2(SETS),
	localparam int W_KEPT   = 1 + W_ASID + W_TAG + W_DATA,
	localparam int W_WORD   = W_KEPT + 2*PARITY + PREFETCH
) (
	input  logic              clk,

`ifdef PROVE_L2
	input  logic [W_SET-1:0]  f_set,
	input  logic [W_WORD-1:0] f_flip_bit,
	output logic [W_WORD-1:0] f_word,
	output logic [W_WORD-1:0] f_stored,
`endif
	input  logic              read,
	input  logic [W_SET-1:0]  read_set,

	// The entry that was read last
	input  logic [W_TAG-1:0]  key_tag,
	input  logic [W_ASID-1:0] key_asid,
	output logic              bad,         // its parity is wrong: nothing else counts
	output logic              valid,
	output logic              same_tag,
	output logic              same_asid,
	output logic              prefetched,  // and not used yet
	output logic [W_DATA-1:0] data,

	// Written at the end of the cycle: an entry, or with `valid` low none
	input  logic              write,
	input  logic [W_SET-1:0]  write_set,
	input  logic              write_valid,
	input  logic [W_TAG-1:0]  write_tag,
	input  logic [W_ASID-1:0] write_asid,
	input  logic              write_prefetched,
	input  logic [W_DATA-1:0] write_data,
	// To test parity: these bits of what is written are wrong
	input  logic [W_WORD-1:0] write_flip
);

logic [W_KEPT-1:0] kept;
logic [W_WORD-1:0] word, stored;
logic [W_TAG-1:0]  tag;
logic [W_ASID-1:0] asid;

mmu_ram #(
	.WORDS (SETS), .WIDTH (W_WORD)
) ram (
	.clk,
`ifdef PROVE_L2
	.f_addr (f_set), .f_flip_bit, .f_word,
`endif
	.read, .read_addr (read_set), .read_data (stored),
	.write, .write_addr (write_set), .write_data (word ^ write_flip)
);

`ifdef PROVE_L2
assign f_stored = stored;
`endif

assign {valid, asid, tag, data} = stored[W_KEPT-1:0];

assign same_tag  = tag == key_tag;
assign same_asid = asid == key_asid;

assign kept = write_valid ? {1'b1, write_asid, write_tag, write_data} : '0;

if (PREFETCH != 0) begin : g_prefetch
	assign prefetched = stored[W_WORD-1];
	assign word[W_WORD-1] = write_valid && write_prefetched;
end else begin : g_no_prefetch
	logic unused_ok;
	assign unused_ok  = &{1'b0, write_prefetched};
	assign prefetched = 1'b0;
end

if (PARITY != 0) begin : g_parity
	assign bad = (^{valid, asid, tag} != stored[W_KEPT+1]) || (^data != stored[W_KEPT]);
	assign word[W_KEPT+1:0] = {^kept[W_KEPT-1:W_DATA], ^kept[W_DATA-1:0], kept};
end else begin : g_no_parity
	assign bad = 1'b0;
	assign word[W_KEPT-1:0] = kept;
end

endmodule

`default_nettype wire
