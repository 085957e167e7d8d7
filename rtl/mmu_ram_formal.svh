// What proofs have for mmu_ram: one word that the solver chooses, f_addr; every other
// reads as anything, as does what is written in the same cycle. So proofs hold for each word of a memory of full size. Bits
// of that word may flip as the user says.

(* anyseq *) logic [WIDTH-1:0] f_other;

always @(posedge clk) begin
	if (write && write_addr == f_addr)
		f_word <= write_data;
	else if (f_flip_bit != '0)
		f_word <= f_word ^ f_flip_bit;
	if (read)
		read_data <= (read_addr == f_addr && !(write && write_addr == f_addr)) ? f_word : f_other;
end
