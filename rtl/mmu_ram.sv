// A memory with one read port and one write port, in the form that synthesis makes
// block RAM of: the read is registered, the contents have no reset.
//
// A read in the cycle of a write to the same word gives anything: not every block RAM
// knows better. `read_data` stands until the next read.

`default_nettype none

module mmu_ram #(
	parameter  int WORDS  = 256,  // at least 2
	parameter  int WIDTH  = 64,
	localparam int W_ADDR = $clog2(WORDS)
) (
	input  logic              clk,

`ifdef PROVE_L2
	input  logic [W_ADDR-1:0] f_addr,
	input  logic [WIDTH-1:0]  f_flip_bit,
	output logic [WIDTH-1:0]  f_word,
`endif
	input  logic              read,
	input  logic [W_ADDR-1:0] read_addr,
	output logic [WIDTH-1:0]  read_data,   // in the next cycle

	input  logic              write,
	input  logic [W_ADDR-1:0] write_addr,
	input  logic [WIDTH-1:0]  write_data
);

`ifdef PROVE_L2
`include "mmu_ram_formal.svh"
`else

(* no_rw_check *) logic [WIDTH-1:0] words [0:WORDS-1];

always_ff @(posedge clk) begin
	if (write)
		words[write_addr] <= write_data;
	if (read)
		read_data <= words[read_addr];
end

`endif

endmodule

`default_nettype wire
