// Decides whether a leaf PTE permits an access: steps 6, 8 and 9 of the
// specification's "Virtual Address Translation Process", one output each.
//
// Purely combinational: the TLB asks on every hit, the walker on every leaf,
// so a fault has the same reason warm and cold.

`default_nettype none

module mmu_perm (
	input  mmu_pkg::pte_flags_t pte,     // leaf flags; V is known to be set
	input  logic [1:0]          access,  // ACC_LOAD, ACC_STORE or ACC_FETCH
	input  logic [1:0]          priv,    // effective privilege, S or U
	input  logic                sum,     // S-mode may touch U pages
	input  logic                mxr,     // executable implies readable

	// At most one is set; none means that the access may go on
	output logic                user_page,        // S-mode, a page of U-mode's
	output logic                supervisor_page,  // U-mode, a page not U-mode's
	output logic                not_readable,
	output logic                not_writable,
	output logic                not_executable,
	output logic                accessed_clear,
	output logic                dirty_clear
);

logic is_load, is_store, is_fetch;

assign is_load  = access == mmu_pkg::ACC_LOAD;
assign is_store = access == mmu_pkg::ACC_STORE;
assign is_fetch = access == mmu_pkg::ACC_FETCH;

// ----------------------------------------------------------------------------
// Step 6: the U bit. S-mode never executes a U page, whatever SUM says.

logic in_u_mode;
logic sum_applies;
logic reachable;

assign in_u_mode   = priv == mmu_pkg::PRIV_U;
assign sum_applies = sum && !is_fetch;

assign user_page       = !in_u_mode && pte[mmu_pkg::PTE_U] && !sum_applies;
assign supervisor_page = in_u_mode && !pte[mmu_pkg::PTE_U];
assign reachable       = !user_page && !supervisor_page;

// ----------------------------------------------------------------------------
// Step 8: R, W and X. MXR lets loads, and only loads, read what can be executed.

logic may_read;
logic permitted;

assign may_read = pte[mmu_pkg::PTE_R] || (mxr && pte[mmu_pkg::PTE_X]);

assign not_readable   = reachable && is_load  && !may_read;
assign not_writable   = reachable && is_store && !pte[mmu_pkg::PTE_W];
assign not_executable = reachable && is_fetch && !pte[mmu_pkg::PTE_X];
assign permitted      = reachable && !not_readable && !not_writable && !not_executable;

// ----------------------------------------------------------------------------
// Step 9 under Svade: A for every access, D for stores; permission comes first.

assign accessed_clear = permitted && !pte[mmu_pkg::PTE_A];
assign dirty_clear    = permitted && pte[mmu_pkg::PTE_A] && is_store && !pte[mmu_pkg::PTE_D];

// V and G play no part in permission.
logic unused_ok;
assign unused_ok = &{1'b0, pte[mmu_pkg::PTE_V], pte[mmu_pkg::PTE_G]};

endmodule

`default_nettype wire
