// Decides whether a leaf PTE permits an access: steps 6 to 9 of the
// specification's "Virtual Address Translation Process", one output each.
//
// Purely combinational: the TLB asks on every hit, the walker on every leaf,
// so a fault has the same reason warm and cold.

`default_nettype none

module mmu_perm (
	input  mmu_pkg::pte_flags_t pte,     // leaf flags; V is known to be set, the encoding not reserved
	input  mmu_pkg::access_t    access,
	input  logic [1:0]          priv,    // effective privilege, S or U
	input  logic                sum,     // S-mode may touch U pages
	input  logic                mxr,     // executable implies readable

	// At most one is set; none means that the access may go on, after what
	// accessed_clear and dirty_clear ask for
	output logic                user_page,        // S-mode, a page of U-mode's
	output logic                supervisor_page,  // U-mode, a page not U-mode's
	output logic                shadow_stack,     // one of page and access is a shadow stack's, not both
	output logic                not_readable,
	output logic                not_writable,
	output logic                not_executable,
	output logic [2:0]          permits,          // bits PMP_R, PMP_W, PMP_X: where reachable, the page
	                                              // lets a load, a store, a fetch of that mode pass
	output logic                accessed_clear,   // permitted, but A has to be set first
	output logic                dirty_clear       // permitted and A set, but D has to be set first
);

logic is_load, is_store, is_fetch, is_shadow, is_manage, is_prefetch;

assign is_load     = mmu_pkg::acc_is_load(access);
assign is_store    = mmu_pkg::acc_is_store(access);
assign is_fetch    = access == mmu_pkg::ACC_FETCH;
assign is_shadow   = mmu_pkg::acc_is_shadow(access);
assign is_manage   = access == mmu_pkg::ACC_CBO_MANAGE;
assign is_prefetch = access == mmu_pkg::ACC_PREFETCH;

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
// Step 7: a shadow-stack page (Zicfiss) is for shadow-stack accesses and loads;
// these accesses are for such pages, and fault on read-only ones in step 8.

logic shadow_page;
logic read_only;

assign shadow_page  = pte[mmu_pkg::PTE_W] && !pte[mmu_pkg::PTE_R];
assign read_only    = pte[mmu_pkg::PTE_R] && !pte[mmu_pkg::PTE_W] && !pte[mmu_pkg::PTE_X];
assign shadow_stack = reachable && (shadow_page ? is_store || is_fetch || is_manage
                                                : is_shadow && !read_only);

// ----------------------------------------------------------------------------
// Step 8: R, W and X. MXR lets loads, and what is permitted as a load is, read
// what can be executed.

logic may_load, may_store, may_fetch;
logic lacks_read, lacks_write, lacks_execute;
logic permitted;

assign may_load  = pte[mmu_pkg::PTE_R] || shadow_page || (mxr && pte[mmu_pkg::PTE_X]);
assign may_store = pte[mmu_pkg::PTE_W] && !shadow_page;
assign may_fetch = pte[mmu_pkg::PTE_X] && in_u_mode == pte[mmu_pkg::PTE_U];
assign permits   = {may_fetch, may_store, may_load};

assign lacks_read    = (is_load     && !may_load)
                    || (is_manage   && permits[1:0] == '0)
                    || (is_prefetch && permits == '0);
assign lacks_write   = (is_store && !pte[mmu_pkg::PTE_W]) || (is_shadow && read_only);
assign lacks_execute = is_fetch && !pte[mmu_pkg::PTE_X];

assign not_readable   = reachable && !shadow_stack && lacks_read;
assign not_writable   = reachable && !shadow_stack && lacks_write;
assign not_executable = reachable && !shadow_stack && lacks_execute;
assign permitted      = reachable && !shadow_stack && !lacks_read && !lacks_write && !lacks_execute;

// ----------------------------------------------------------------------------
// Step 9: A for every access but a prefetch, D for what writes.

assign accessed_clear = permitted && !pte[mmu_pkg::PTE_A] && !is_prefetch;
assign dirty_clear    = permitted && pte[mmu_pkg::PTE_A] && !pte[mmu_pkg::PTE_D]
                                  && mmu_pkg::acc_dirties(access);

// V and G play no part in permission.
logic unused_ok;
assign unused_ok = &{1'b0, pte[mmu_pkg::PTE_V], pte[mmu_pkg::PTE_G]};

endmodule

`default_nettype wire
