// Judges a virtual address before any table is asked: whether it is translated
// at all, canonical in its mode, and, untranslated, within the physical width.
//
// Purely combinational. Specification: "Addressing and Memory Protection" of
// Sv39, Sv48 and Sv57; Bare and M-mode addresses are zero-extended.

`default_nettype none

module mmu_va #(
	parameter int XLEN   = 64,
	parameter int LEVELS = 3,
	parameter int W_PA   = 56
) (
	input  logic [XLEN-1:0] va,
	input  logic [1:0]      priv,
	input  logic [3:0]      mode,  // satp.MODE

	output logic            translated,
	// At most one is set
	output logic            noncanonical,  // translated: the upper bits are not all the sign's
	output logic            too_wide       // untranslated: beyond the physical width
);

assign translated = priv != mmu_pkg::PRIV_M && mode != mmu_pkg::SATP_BARE;

if (XLEN == 64) begin : g_rv64
	logic sv39_ok, sv48_ok, sv57_ok;
	logic canonical;

	assign sv39_ok   = &va[XLEN-1:38] || ~|va[XLEN-1:38];
	assign sv48_ok   = &va[XLEN-1:47] || ~|va[XLEN-1:47];
	assign sv57_ok   = &va[XLEN-1:56] || ~|va[XLEN-1:56];
	assign canonical = (LEVELS >= 5 && mode == mmu_pkg::SATP_SV57) ? sv57_ok
	                 : (LEVELS >= 4 && mode == mmu_pkg::SATP_SV48) ? sv48_ok
	                 : sv39_ok;

	assign noncanonical = translated && !canonical;
	assign too_wide     = !translated && |va[XLEN-1:W_PA];
end else begin : g_rv32
	assign noncanonical = 1'b0;
	assign too_wide     = 1'b0;

end

// What is below the sign is the walk's business.
logic unused_ok;
assign unused_ok = &{1'b0, va};

endmodule

`default_nettype wire
