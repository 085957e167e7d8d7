// Judges a virtual address before any table is asked: pointer masking, whether it
// is translated at all, canonical in its mode, and, untranslated, within the
// physical width.
//
// Purely combinational. Specification: "Addressing and Memory Protection" of
// Sv39, Sv48 and Sv57; Bare and M-mode addresses are zero-extended; "Pointer
// Masking Extensions": no fetch is masked, nor an S- or U-mode access with MXR.

`default_nettype none

module mmu_va #(
	parameter int XLEN            = 64,
	parameter int LEVELS          = 3,
	parameter int W_PA            = 56,
	parameter int POINTER_MASKING = 0
) (
	input  logic [XLEN-1:0]  req_va,
	input  mmu_pkg::access_t access,
	input  logic [1:0]       priv,
	input  logic             mxr,
	input  logic [3:0]       mode,          // satp.MODE
	input  logic             segments,      // segctl.MODE is not SEGMODE_PAGING
	input  logic [1:0]       pmm_m,         // PMM of mseccfg, menvcfg, senvcfg
	input  logic [1:0]       pmm_s,
	input  logic [1:0]       pmm_u,

	output logic [XLEN-1:0]  va,            // masked: what all else is about
	output logic             translated,    // by page tables, unless a segment answers
	// At most one is set
	output logic             noncanonical,  // translated: the upper bits are not all the sign's
	output logic             too_wide       // untranslated: beyond the physical width
);

assign translated = priv != mmu_pkg::PRIV_M && mode != mmu_pkg::SATP_BARE;

if (XLEN == 64) begin : g_rv64
	logic [1:0] pmm;
	logic       masked;
	logic       is_virtual;
	logic       sv39_ok, sv48_ok, sv57_ok;
	logic       canonical;

	assign pmm    = (priv == mmu_pkg::PRIV_M) ? pmm_m : (priv == mmu_pkg::PRIV_S) ? pmm_s : pmm_u;
	assign masked = POINTER_MASKING != 0 && access != mmu_pkg::ACC_FETCH
	             && (priv == mmu_pkg::PRIV_M || !mxr);

	// With segments on also where none answers, and nothing else translates
	assign is_virtual = translated || (segments && priv != mmu_pkg::PRIV_M);

	always_comb begin
		va = req_va;
		if (masked && pmm == mmu_pkg::PMM_16)
			va[63:48] = {16{is_virtual && req_va[47]}};
		else if (masked && pmm == mmu_pkg::PMM_7)
			va[63:57] = {7{is_virtual && req_va[56]}};
	end

	assign sv39_ok   = &va[XLEN-1:38] || ~|va[XLEN-1:38];
	assign sv48_ok   = &va[XLEN-1:47] || ~|va[XLEN-1:47];
	assign sv57_ok   = &va[XLEN-1:56] || ~|va[XLEN-1:56];
	assign canonical = (LEVELS >= 5 && mode == mmu_pkg::SATP_SV57) ? sv57_ok
	                 : (LEVELS >= 4 && mode == mmu_pkg::SATP_SV48) ? sv48_ok
	                 : sv39_ok;

	assign noncanonical = translated && !canonical;
	assign too_wide     = !translated && |va[XLEN-1:W_PA];
end else begin : g_rv32
	assign va           = req_va;
	assign noncanonical = 1'b0;
	assign too_wide     = 1'b0;
end

// What is below the sign is the walk's business; RV32 has no masking.
logic unused_ok;
assign unused_ok = &{1'b0, req_va, va, access, mxr, segments, pmm_m, pmm_s, pmm_u};

endmodule

`default_nettype wire
