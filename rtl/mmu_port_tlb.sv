// The TLB of a port: mmu_tlb with the key chosen among request, slot and fence,
// and with what a leaf is packed into an entry's data.
//
// A caller may rely on what mmu_tlb.sv says. `look`, `fill` and `fence` exclude each
// other.

`default_nettype none

module mmu_port_tlb #(
	parameter  int XLEN    = 64,
	parameter  int LEVELS  = 3,
	parameter  int W_ASID  = 16,  // at least 1
	parameter  int W_PA    = 56,
	parameter  int ENTRIES = 16,
	localparam int W_SEG   = (XLEN == 32) ? 10 : 9,
	localparam int W_VPN   = LEVELS * W_SEG
) (
	input  logic                clk,
	input  logic                rst_n,

	// Look-up, for the next cycle; with again of the key's page
	input  logic                look,
	input  logic                again,
	input  logic [W_VPN-1:0]    look_vpn,
	input  logic [W_ASID-1:0]   look_asid,
	input  logic                look_dirty,      // a page with D clear is no hit
	input  logic [W_VPN-1:0]    key_vpn,
	input  logic [W_ASID-1:0]   key_asid,

	// Refill, of the key's page
	input  logic                fill,
	input  logic [LEVELS-1:0]   fill_size,       // of the entry, as in mmu_tlb.sv
	input  logic [LEVELS-1:0]   fill_leaf_size,  // of the leaf
	input  logic                fill_cut,
	input  logic [W_PA-13:0]    fill_ppn,        // of an entry of fill_size
	input  mmu_pkg::pte_flags_t fill_flags,
	input  logic [1:0]          fill_pbmt,
	input  logic [2:0]          fill_pmp,
	input  logic [7:0]          fill_pma,

	// Fence, as in mmu_port.sv
	input  logic                fence,
	input  logic [W_VPN-1:0]    fence_vpn,
	input  logic                fence_any_va,
	input  logic [W_ASID-1:0]   fence_asid,
	input  logic                fence_any_asid,
	input  logic                clear,           // drops everything

	// Answer to the last look-up
	output logic                hit,
	output logic [LEVELS-1:0]   size,
	output logic [2:0]          level,           // of the leaf
	output logic                cut,
	output logic [W_PA-13:0]    ppn,
	output mmu_pkg::pte_flags_t flags,
	output logic [1:0]          pbmt,
	output logic [2:0]          pmp,
	output logic [7:0]          pma,
	input  logic                used
);

localparam int W_DATA = W_PA - 12 + 8 + 2 + 3 + 6;

logic [W_VPN-1:0]  vpn;
logic              any_low;
logic [LEVELS-1:0] any_seg;
logic [W_ASID-1:0] asid;
logic              any_asid;

always_comb begin
	vpn      = look_vpn;
	any_low  = 1'b0;
	any_seg  = '0;
	asid     = look_asid;
	any_asid = 1'b0;
	if (fill || again) begin
		vpn      = key_vpn;
		any_low  = fill && fill_size[0];
		any_seg  = {1'b0, fill_size[LEVELS-1:1]} & {LEVELS{fill}};
		asid     = key_asid;
		any_asid = fill && fill_flags[mmu_pkg::PTE_G];
	end else if (fence) begin
		vpn      = fence_vpn;
		any_low  = fence_any_va;
		any_seg  = {LEVELS{fence_any_va}};
		asid     = fence_asid;
		any_asid = fence_any_asid;
	end
end

// The attributes that only the walker needs are left out.
logic [W_DATA-1:0] fill_data, data;
logic [5:0]        kept_pma;

assign fill_data = {fill_ppn, fill_flags, fill_pbmt, fill_pmp,
                    fill_pma[mmu_pkg::PMA_ATOMIC +: 3], fill_pma[mmu_pkg::PMA_R +: 3]};
assign {ppn, flags, pbmt, pmp, kept_pma} = data;

assign pma = {kept_pma[5:3], 2'b00, kept_pma[2:0]};

// Where D is in what an entry carries
localparam int DIRTY = 2 + 3 + 6 + mmu_pkg::PTE_D;

mmu_tlb #(
	.ENTRIES (ENTRIES), .XLEN (XLEN), .LEVELS (LEVELS), .W_ASID (W_ASID), .W_DATA (W_DATA),
	.DIRTY (DIRTY)
) tlb (
	.clk, .rst_n,
	.key_vpn (vpn), .key_any_low (any_low), .key_any_seg (any_seg), .key_asid (asid), .key_any_asid (any_asid),
	.key_spare_global (fence),
	.key_dirty (look && look_dirty),
	.look, .fill, .fence, .clear,
	.fill_size, .fill_leaf_size, .fill_global (fill_flags[mmu_pkg::PTE_G]), .fill_cut, .fill_data,
	.hit, .size, .level, .cut, .data,
	.used
);

logic unused_ok;
assign unused_ok = &{1'b0, fill_pma};

// ----------------------------------------------------------------------------
// Properties

`ifdef PROVE_CORE
`include "mmu_port_tlb_formal.svh"
`endif

endmodule

`default_nettype wire
