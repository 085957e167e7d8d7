// The L2 as mmu_core has it: between what a port knows of a leaf and what an entry keeps of
// it. Without entries nothing is there.
//
// A port's look-up that is granted is answered in the second cycle after; the leaf stands in
// the third too. mmu_l2.sv has the rest of the contract.

`default_nettype none

module mmu_core_l2 #(
	parameter  int XLEN    = 64,
	parameter  int LEVELS  = 3,
	parameter  int W_ASID  = 16,  // at least 1
	parameter  int W_PA    = 56,
	parameter  int ENTRIES = 0,
	parameter  int WAYS    = 1,
	parameter  int LARGE   = 0,
	parameter  int PARITY  = 0,
	localparam int W_SEG   = (XLEN == 32) ? 10 : 9,
	localparam int W_VPN   = LEVELS * W_SEG,
	localparam int W_LEAF  = LEVELS + W_PA - 12 + 21
) (
	input  logic                          clk,
	input  logic                          rst_n,

	// Look-ups, the fetch port's in the lower half of each
	input  logic [1:0]                    look_valid,
	output logic [1:0]                    look_ready,
	input  logic [2*W_VPN-1:0]            look_vpn,
	input  logic [2*W_ASID-1:0]           look_asid,
	input  logic [1:0]                    look_dirty,
	output logic                          found,
	output logic [W_LEAF-1:0]             leaf,         // {size, ppn, flags, pbmt, pmp, pma}
	output logic [W_LEAF-1:0]             leaf_q,       // the same, a cycle later

	// A leaf that a port keeps, whole: of at most one port a cycle
	input  logic [1:0]                    fill,
	input  logic [2*W_VPN-1:0]            fill_vpn,
	input  logic [2*W_ASID-1:0]           fill_asid,
	input  logic [2*3-1:0]                fill_pmp,
	input  logic [LEVELS-1:0]             fill_size,
	input  logic [W_PA-13:0]              fill_ppn,
	input  mmu_pkg::pte_flags_t           fill_flags,
	input  logic [1:0]                    fill_pbmt,
	input  logic [7:0]                    fill_pma,

	input  logic                          fence,
	output logic                          fence_ready,
	input  logic [W_VPN-1:0]              fence_vpn,
	input  logic                          fence_any_va,
	input  logic [W_ASID-1:0]             fence_asid,
	input  logic                          fence_any_asid,
	input  logic                          clear,

	// To test parity: mmu_l2.sv
	input  logic                          flip,
	input  logic [7:0]                    flip_bit,

	output logic [mmu_pkg::EVENTS_L2-1:0] events
);

if (ENTRIES == 0) begin : g_none
	assign look_ready  = 2'b00;
	assign found       = 1'b0;
	assign leaf        = '0;
	assign leaf_q      = '0;
	assign fence_ready = 1'b1;
	assign events      = '0;

	logic unused_ok;
	assign unused_ok = &{1'b0, clk, rst_n, look_valid, look_vpn, look_asid, look_dirty, fill, fill_vpn, fill_asid,
	                     fill_pmp, fill_size, fill_ppn, fill_flags, fill_pbmt, fill_pma, fence, fence_vpn,
	                     fence_any_va, fence_asid, fence_any_asid, clear, flip, flip_bit};
end else begin : g_l2
	// The attributes that only walkers need are left out.
	localparam int W_DATA = W_PA - 12 + 8 + 2 + 3 + 6;
	localparam int FLAGS  = 2 + 3 + 6;

	logic [2:0]        pmp;
	logic [W_DATA-1:0] fill_data, data;
	logic [LEVELS-1:0] size;

	assign pmp       = fill[1] ? fill_pmp[5:3] : fill_pmp[2:0];
	assign fill_data = {fill_ppn, fill_flags, fill_pbmt, pmp,
	                    fill_pma[mmu_pkg::PMA_ATOMIC +: 3], fill_pma[mmu_pkg::PMA_R +: 3]};
	assign leaf      = {size, data[W_DATA-1:3], 2'b00, data[2:0]};

	always_ff @(posedge clk)
		leaf_q <= leaf;

	mmu_l2 #(
		.XLEN (XLEN), .LEVELS (LEVELS), .W_ASID (W_ASID), .W_DATA (W_DATA),
		.DIRTY (FLAGS + mmu_pkg::PTE_D), .GLOBAL (FLAGS + mmu_pkg::PTE_G),
		.ENTRIES (ENTRIES), .WAYS (WAYS), .LARGE (LARGE), .PARITY (PARITY)
	) l2 (
		.clk, .rst_n, .look_valid, .look_ready, .look_vpn, .look_asid, .look_dirty,
		.found, .found_size (size), .found_data (data),
		.fill_valid (fill != 2'b00), .fill_vpn (fill[1] ? fill_vpn[W_VPN +: W_VPN] : fill_vpn[0 +: W_VPN]),
		.fill_asid (fill[1] ? fill_asid[W_ASID +: W_ASID] : fill_asid[0 +: W_ASID]),
		.fill_size, .fill_data, .fill_prefetched (1'b0),
		.fence, .fence_ready, .fence_vpn, .fence_any_va, .fence_asid, .fence_any_asid, .clear,
		.flip, .flip_bit, .events
	);

	logic unused_ok;
	assign unused_ok = &{1'b0, fill_pma};
end

endmodule

`default_nettype wire
