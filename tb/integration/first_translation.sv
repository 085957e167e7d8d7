// The MMU alone, from reset to its first translations: the worked example of
// docs/integration.md, and the simulation of rtl/mmu.core. Two pages are mapped by Sv39
// tables of three levels; each answer is compared. Ends with "PASS", or with what is wrong.
//
// A memory of 12 KiB at 0x8000_0000 holds the tables: the root, and one table a level.

`default_nettype none

module first_translation;

localparam int W_PA = 56;

logic clk = 1'b0;
logic rst_n = 1'b0;

always #5 clk = !clk;

// ----------------------------------------------------------------------------
// The MMU, and the pins that this example uses

logic            fetch_req_valid = 1'b0;
logic            fetch_req_ready;
logic [63:0]     fetch_req_va = '0;
logic            fetch_ans_valid, fetch_ans_fault;
logic [W_PA-1:0] fetch_ans_pa;
logic [4:0]      fetch_ans_cause;
logic [5:0]      fetch_ans_reason;
logic            data_req_valid = 1'b0;
logic            data_req_ready;
logic [63:0]     data_req_va = '0;
logic [3:0]      data_req_access = mmu_pkg::ACC_LOAD;
logic            data_ans_valid, data_ans_fault;
logic [W_PA-1:0] data_ans_pa;
logic [4:0]      data_ans_cause;
logic [5:0]      data_ans_reason;
logic            csr_write = 1'b0;
logic [12:0]     csr_number = '0;
logic [63:0]     csr_wdata = '0;
logic            fence_valid = 1'b0;
logic            fence_ready;
logic            mem_req_valid, mem_req_swap;
logic [W_PA-1:0] mem_req_addr;
logic [63:0]     mem_req_expected, mem_req_desired;
logic [7:0]      mem_req_tag;
logic            mem_ans_valid = 1'b0;
logic [7:0]      mem_ans_tag = '0;
logic [63:0]     mem_ans_data = '0;

mmu #(
	.XLEN (64), .LEVELS (3), .W_ASID (16), .W_PA (W_PA), .FETCH_ENTRIES (8), .DATA_ENTRIES (8), .PMP_ENTRIES (4),
	.W_MEM_TAG (8)
) mmu (
	.clk, .rst_n,
	.fetch_req_valid, .fetch_req_ready, .fetch_req_va, .fetch_req_size (6'd3), .fetch_req_priv (mmu_pkg::PRIV_S),
	.fetch_req_tag (8'd0), .fetch_ans_valid, .fetch_ans_pa, .fetch_ans_fault, .fetch_ans_cause, .fetch_ans_reason,
	.data_req_valid, .data_req_ready, .data_req_va, .data_req_access, .data_req_size (6'd7),
	.data_req_priv (mmu_pkg::PRIV_S), .data_req_sum (1'b0), .data_req_mxr (1'b0), .data_req_tag (8'd0),
	.data_ans_valid, .data_ans_pa, .data_ans_fault, .data_ans_cause, .data_ans_reason,
	.csr_write, .csr_number, .csr_wdata,
	.fence_valid, .fence_ready, .fence_rs1_x0 (1'b1), .fence_rs2_x0 (1'b1), .fence_va (64'd0), .fence_asid (16'd0),
	.mem_req_valid, .mem_req_ready (1'b1), .mem_req_swap, .mem_req_addr, .mem_req_expected, .mem_req_desired,
	.mem_req_tag, .mem_ans_valid, .mem_ans_tag, .mem_ans_data, .mem_ans_error (1'b0),
	/* not used here */
	.fetch_ans_tag (), .fetch_ans_memory (), .fetch_ans_tval (), .fetch_ans_pte (), .fetch_ans_level (),
	.data_ans_tag (), .data_ans_memory (), .data_ans_tval (), .data_ans_pte (), .data_ans_level (), .csr_rdata ()
);

// ----------------------------------------------------------------------------
// Memory: the answer in the next cycle

logic [63:0] memory [0:1535];

wire [10:0] place = mem_req_addr[13:3];

always @(posedge clk) begin
	mem_ans_valid <= mem_req_valid;
	mem_ans_tag   <= mem_req_tag;
	mem_ans_data  <= memory[place];
	if (mem_req_valid && mem_req_swap && memory[place] == mem_req_expected) begin
		memory[place] <= mem_req_desired;
		mem_ans_data  <= mem_req_desired;
	end
end

// ----------------------------------------------------------------------------
// What software does: a register, a fence, an access

int wrong = 0;

task write(input [12:0] number, input [63:0] value);
	@(negedge clk);
	csr_write  = 1'b1;
	csr_number = number;
	csr_wdata  = value;
	@(negedge clk);
	csr_write  = 1'b0;
endtask

task fence_all;
	@(negedge clk);
	fence_valid = 1'b1;
	while (!fence_ready) @(negedge clk);
	@(negedge clk);
	fence_valid = 1'b0;
endtask

task check(input fault, input [W_PA-1:0] pa, input [4:0] cause, input [5:0] reason,
           input want_fault, input [W_PA-1:0] want_pa, input [4:0] want_cause, input [5:0] want_reason);
	if (fault != want_fault || (want_fault ? cause != want_cause || reason != want_reason : pa != want_pa)) begin
		$display("wrong: fault %b, pa %h, cause %0d, reason %h", fault, pa, cause, reason);
		wrong = wrong + 1;
	end
endtask

task data(input [3:0] access, input [63:0] va,
          input want_fault, input [W_PA-1:0] want_pa, input [4:0] want_cause, input [5:0] want_reason);
	@(negedge clk);
	data_req_valid  = 1'b1;
	data_req_access = access;
	data_req_va     = va;
	while (!data_req_ready) @(negedge clk);
	@(negedge clk);
	data_req_valid = 1'b0;
	while (!data_ans_valid) @(negedge clk);
	check(data_ans_fault, data_ans_pa, data_ans_cause, data_ans_reason, want_fault, want_pa, want_cause, want_reason);
endtask

task fetch(input [63:0] va,
           input want_fault, input [W_PA-1:0] want_pa, input [4:0] want_cause, input [5:0] want_reason);
	@(negedge clk);
	fetch_req_valid = 1'b1;
	fetch_req_va    = va;
	while (!fetch_req_ready) @(negedge clk);
	@(negedge clk);
	fetch_req_valid = 1'b0;
	while (!fetch_ans_valid) @(negedge clk);
	check(fetch_ans_fault, fetch_ans_pa, fetch_ans_cause, fetch_ans_reason, want_fault, want_pa, want_cause, want_reason);
endtask

// A PTE: physical address and flags D A G U X W R V
function [63:0] pte(input [63:0] pa, input [7:0] flags);
	pte = {10'd0, pa[55:12], 2'd0, flags};
endfunction

initial begin
	for (int i = 0; i < 1536; i = i + 1)
		memory[i] = 64'd0;
	memory[1]       = pte(64'h8000_1000, 8'b0000_0001);  // root, 0x4000_0000 up: pointer
	memory[512]     = pte(64'h8000_2000, 8'b0000_0001);  // level 1: pointer
	memory[1024]    = pte(64'h8001_0000, 8'b1100_0111);  // 0x4000_0000: read and write
	memory[1024 + 1] = pte(64'h8001_1000, 8'b0100_1011); // 0x4000_1000: read and execute

	repeat (3) @(negedge clk);
	rst_n = 1'b1;

	// PMP lets S- and U-mode nowhere at reset: open all of it, then paging, then a fence.
	write({1'b0, mmu_pkg::CSR_PMPADDR0}, 64'h003f_ffff_ffff_ffff);
	write({1'b0, mmu_pkg::CSR_PMPCFG0}, 64'h1f);
	write({1'b0, mmu_pkg::CSR_SATP}, {mmu_pkg::SATP_SV39, 16'd1, 44'h8_0000});
	fence_all;

	data(mmu_pkg::ACC_LOAD, 64'h4000_0128, 1'b0, 56'h8001_0128, 5'd0, 6'd0);
	data(mmu_pkg::ACC_STORE, 64'h4000_0130, 1'b0, 56'h8001_0130, 5'd0, 6'd0);
	fetch(64'h4000_1004, 1'b0, 56'h8001_1004, 5'd0, 6'd0);
	data(mmu_pkg::ACC_STORE, 64'h4000_1008, 1'b1, 56'd0, mmu_pkg::CAUSE_STORE_PAGE, mmu_pkg::REASON_NOT_WRITABLE);
	fetch(64'h4000_0000, 1'b1, 56'd0, mmu_pkg::CAUSE_FETCH_PAGE, mmu_pkg::REASON_NOT_EXECUTABLE);
	data(mmu_pkg::ACC_LOAD, 64'h4000_2000, 1'b1, 56'd0, mmu_pkg::CAUSE_LOAD_PAGE, mmu_pkg::REASON_PTE_INVALID);
	data(mmu_pkg::ACC_LOAD, 64'h0, 1'b1, 56'd0, mmu_pkg::CAUSE_LOAD_PAGE, mmu_pkg::REASON_PTE_INVALID);

	if (wrong == 0)
		$display("PASS");
	else
		$display("FAIL: %0d answers are wrong", wrong);
	$finish;
end

initial begin
	#20000 $display("FAIL: no answer");
	$finish;
end

endmodule

`default_nettype wire
