// Whether physical memory protection and attributes permit an access: what each
// kind of access needs of both.
//
// Purely combinational. PMP is asked first.

`default_nettype none

module mmu_physical (
	input  mmu_pkg::access_t access,
	input  logic [2:0]       permits,  // the mapping would permit a load, a store, a fetch
	input  logic [1:0]       pbmt,     // of the mapping
	input  logic [2:0]       pmp,      // allowed: bits PMP_R, PMP_W, PMP_X
	input  logic [7:0]       pma,      // bits PMA_*

	// At most one is set
	output logic             pmp_denied,
	output logic             pma_denied
);

logic is_load, is_store, is_shadow, is_fetch, is_manage, is_prefetch;
logic is_atomic;

assign is_load     = mmu_pkg::acc_is_load(access);
assign is_store    = mmu_pkg::acc_is_store(access);
assign is_shadow   = mmu_pkg::acc_is_shadow(access);
assign is_fetch    = access == mmu_pkg::ACC_FETCH;
assign is_manage   = access == mmu_pkg::ACC_CBO_MANAGE;
assign is_prefetch = access == mmu_pkg::ACC_PREFETCH;
assign is_atomic   = access == mmu_pkg::ACC_LR || access == mmu_pkg::ACC_SC
                  || access == mmu_pkg::ACC_AMO || access == mmu_pkg::ACC_SS_AMO;

// ----------------------------------------------------------------------------
// What both have to grant. Managing a block is permitted where a load or a store
// would be, by all three of mapping, PMP and PMA; a prefetch, where any access would.

logic       need_r, need_w, need_x;
logic       pmp_short, pma_short;
logic [2:0] by_pmp, by_pma;  // a load, a store, a fetch would pass so far

assign by_pmp = permits & pmp;
assign by_pma = by_pmp & {pma[mmu_pkg::PMA_X], pma[mmu_pkg::PMA_W], pma[mmu_pkg::PMA_R]};

assign need_r = is_load || is_shadow;
assign need_w = is_store || is_shadow;
assign need_x = is_fetch;

assign pmp_short = (need_r && !pmp[mmu_pkg::PMP_R]) || (need_w && !pmp[mmu_pkg::PMP_W])
                || (need_x && !pmp[mmu_pkg::PMP_X])
                || (is_manage && by_pmp[1:0] == '0) || (is_prefetch && by_pmp == '0);
assign pma_short = (need_r && !pma[mmu_pkg::PMA_R]) || (need_w && !pma[mmu_pkg::PMA_W])
                || (need_x && !pma[mmu_pkg::PMA_X])
                || (is_manage && by_pma[1:0] == '0) || (is_prefetch && by_pma == '0);

// ----------------------------------------------------------------------------
// What attributes have to grant besides. PBMT decides what is idempotent; atomics and
// cbo.zero stay with the region.

logic attribute_short;
logic idempotent;

assign idempotent = (pbmt == mmu_pkg::PBMT_NC)
                 || (pbmt == mmu_pkg::PBMT_PMA && pma[mmu_pkg::PMA_IDEMPOTENT]);

assign attribute_short = (is_atomic && !pma[mmu_pkg::PMA_ATOMIC])
                      || (access == mmu_pkg::ACC_AMO && !pma[mmu_pkg::PMA_R])
                      || (access == mmu_pkg::ACC_CBO_ZERO && !pma[mmu_pkg::PMA_CACHEABLE])
                      || (is_shadow && !idempotent);

assign pmp_denied = pmp_short;
assign pma_denied = !pmp_short && (pma_short || attribute_short);

// Page-table accesses are judged by the walker.
logic unused_ok;
assign unused_ok = &{1'b0, pma[mmu_pkg::PMA_PT_READ], pma[mmu_pkg::PMA_PT_WRITE]};

endmodule

`default_nettype wire
