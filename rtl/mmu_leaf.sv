// What a leaf answers to an access: permission and physical page, steps 6 to 10
// of the specification's "Virtual Address Translation Process".
//
// Purely combinational; the TLB's hit and the walker's leaf both go through it,
// so that a fault is the same warm and cold.

`default_nettype none

module mmu_leaf #(
	parameter  int XLEN   = 64,
	parameter  int LEVELS = 3,
	parameter  int W_PA   = 56,
	localparam int W_SEG  = (XLEN == 32) ? 10 : 9,
	localparam int W_VPN  = LEVELS * W_SEG,
	localparam int W_PPN  = (XLEN == 32) ? 22 : 44
) (
	// The leaf: format already judged
	input  mmu_pkg::pte_flags_t flags,
	input  logic [W_PPN-1:0]    leaf_ppn,  // as in the PTE; a superpage's low segments are zero
	input  logic [LEVELS-2:0]   big,       // bit j: VPN segment j is page offset
	input  logic                napot,     // the VPN's low four bits are page offset

	// The access
	input  logic [W_VPN-1:0]    vpn,
	input  mmu_pkg::access_t    access,
	input  logic [1:0]          priv,
	input  logic                sum,
	input  logic                mxr,
	input  logic                adue,      // hardware sets A and D

	output mmu_pkg::reason_t    reason,    // why the leaf forbids it, or REASON_NONE
	output logic [2:0]          permits,   // of load, store, fetch, as mmu_perm.sv has it
	output logic                update,    // permitted, once hardware has set A, or A and D
	output logic [W_PA-13:0]    ppn,
	output logic                too_wide   // the page lies beyond the physical width
);

logic user_page, supervisor_page, shadow_stack, not_readable, not_writable, not_executable;
logic accessed_clear, dirty_clear;

mmu_perm perm (
	.pte (flags), .access, .priv, .sum, .mxr,
	.user_page, .supervisor_page, .shadow_stack, .not_readable, .not_writable, .not_executable,
	.permits, .accessed_clear, .dirty_clear
);

always_comb begin
	reason = mmu_pkg::REASON_NONE;
	if (user_page)
		reason = mmu_pkg::REASON_USER_PAGE;
	else if (supervisor_page)
		reason = mmu_pkg::REASON_SUPERVISOR_PAGE;
	else if (shadow_stack)
		reason = mmu_pkg::REASON_SHADOW_STACK;
	else if (not_readable)
		reason = mmu_pkg::REASON_NOT_READABLE;
	else if (not_writable)
		reason = mmu_pkg::REASON_NOT_WRITABLE;
	else if (not_executable)
		reason = mmu_pkg::REASON_NOT_EXECUTABLE;
	else if (accessed_clear && !adue)
		reason = mmu_pkg::REASON_ACCESSED_CLEAR;
	else if (dirty_clear && !adue)
		reason = mmu_pkg::REASON_DIRTY_CLEAR;
end

assign update = adue && (accessed_clear || dirty_clear);

// ----------------------------------------------------------------------------
// Physical page: the leaf's, with the VPN's bits where it is larger than 4 KiB. A
// superpage may be larger than the physical address space.

logic [W_PPN-1:0] page;

always_comb begin
	page = leaf_ppn;
	for (int j = 0; j < LEVELS - 1; j++)
		page[j*W_SEG +: W_SEG] = leaf_ppn[j*W_SEG +: W_SEG] | (vpn[j*W_SEG +: W_SEG] & {W_SEG{big[j]}});
	if (napot)
		page[3:0] = vpn[3:0];
end

assign ppn = page[W_PA-13:0];

if (W_PPN > W_PA - 12) begin : g_narrow
	assign too_wide = |page[W_PPN-1:W_PA-12];
end else begin : g_full
	assign too_wide = 1'b0;
end

// The top segment of the VPN is never page offset.
logic unused_ok;
assign unused_ok = &{1'b0, vpn};

endmodule

`default_nettype wire
