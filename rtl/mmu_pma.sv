// Physical memory attributes of a page, from a table of regions that is fixed when
// the MMU is built: specification, "Physical Memory Attributes".
//
// Purely combinational. The first region that holds the page decides; in none,
// nothing is allowed. Regions are powers of two, at least a page, and aligned. Only
// what is asked for is compared, for the simulator's sake.

`default_nettype none

module mmu_pma #(
	parameter int                    REGIONS = 1,
	parameter logic [REGIONS*64-1:0] PMA     = {REGIONS{64'hff1f_ffff_ffff_ffff}},  // mmu_pkg.sv has the format
	parameter int                    W_PA    = 56,
	parameter int                    XLEN    = 64,
	parameter int                    LEVELS  = 3,
	localparam int                   W_SEG   = (XLEN == 32) ? 10 : 9,
	localparam int                   W_PAGE  = W_PA - 12
) (
	input  logic [W_PAGE-1:0] page,
	// With judge; else clear
	input  logic              judge,
	output logic [7:0]        attributes,  // bits PMA_*
	// With relate, else clear: a region begins or ends inside the larger page that holds this one: of 64 KiB
	// (bit 0), of level j (bit j)
	input  logic              relate,
	output logic [LEVELS-1:0] size_cut
);

// ----------------------------------------------------------------------------
// The table: of each region the page bits that are open, as a NAPOT pmpaddr has them
// (trailing ones, and the zero above them), what the others are, and whether it lies
// within the physical width.

logic [REGIONS*W_PAGE-1:0] bases, opens;
logic [REGIONS-1:0]        here;

for (genvar r = 0; r < REGIONS; r++) begin : g_region
	localparam logic [53:0] ADDR = PMA[64*r +: 54];
	localparam logic [53:0] OPEN = ADDR ^ (ADDR + 54'd1);
	localparam logic [53:0] BASE = ADDR & ~OPEN;

	assign bases[r*W_PAGE +: W_PAGE] = BASE[10 +: W_PAGE];
	assign opens[r*W_PAGE +: W_PAGE] = OPEN[10 +: W_PAGE];
	assign here[r]                   = (BASE >> (W_PA - 2)) == '0;
end

// ----------------------------------------------------------------------------

always_comb begin : compare
	attributes = '0;
	if (judge) begin
		for (int r = REGIONS - 1; r >= 0; r--)
			if (here[r] && ((page ^ bases[r*W_PAGE +: W_PAGE]) & ~opens[r*W_PAGE +: W_PAGE]) == '0)
				attributes = PMA[64*r + mmu_pkg::PMA_ATTR +: 8];
	end
end

always_comb begin : cuts
	logic [W_PAGE-1:0] differs, open;
	int                bits;  // page numbers in the larger page, as a power of two

	differs  = '0;
	open     = '0;
	bits     = 0;
	size_cut = '0;
	if (relate) begin
		for (int r = 0; r < REGIONS; r++) begin
			open    = opens[r*W_PAGE +: W_PAGE];
			differs = (page ^ bases[r*W_PAGE +: W_PAGE]) & ~open;
			for (int s = 0; s < LEVELS; s++) begin
				bits        = (s == 0) ? 4 : s*W_SEG;
				size_cut[s] = size_cut[s] || (here[r] && !open[bits - 1] && (differs >> bits) == '0);
			end
		end
	end
end

endmodule

`default_nettype wire
