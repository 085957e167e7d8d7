// Physical memory attributes of a page, from a table of regions that is fixed when
// the MMU is built: specification, "Physical Memory Attributes".
//
// Purely combinational. The first region that holds the page decides; in none,
// nothing is allowed. Regions are powers of two, at least a page, and aligned.

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
	output logic [7:0]        attributes,  // bits PMA_*
	// A region begins or ends inside the larger page that holds this one: of 64 KiB
	// (bit 0), of level j (bit j)
	output logic [LEVELS-1:0] size_cut
);

logic [REGIONS-1:0]        match;
logic [REGIONS*LEVELS-1:0] lies_in;  // the region is inside the larger page, and smaller

for (genvar r = 0; r < REGIONS; r++) begin : g_region
	// As of a NAPOT pmpaddr: trailing ones, and the zero above them, are open.
	localparam logic [53:0] ADDR = PMA[64*r +: 54];
	localparam logic [53:0] OPEN = ADDR ^ (ADDR + 54'd1);
	localparam logic [53:0] BASE = ADDR & ~OPEN;
	// A region wholly beyond the physical width holds no page.
	localparam logic        HERE = (BASE >> (W_PA - 2)) == '0;

	logic [W_PAGE-1:0] differs;

	assign differs  = (page ^ BASE[10 +: W_PAGE]) & ~OPEN[10 +: W_PAGE];
	assign match[r] = HERE && differs == '0;

	for (genvar s = 0; s < LEVELS; s++) begin : g_size
		localparam int BITS = (s == 0) ? 4 : s*W_SEG;  // page numbers in the larger page, as a power of two

		assign lies_in[r*LEVELS + s] = HERE && !OPEN[10 + BITS - 1] && (differs >> BITS) == '0;
	end
end

always_comb begin
	attributes = '0;
	size_cut   = '0;
	for (int r = REGIONS - 1; r >= 0; r--) begin
		if (match[r])
			attributes = PMA[64*r + mmu_pkg::PMA_ATTR +: 8];
		size_cut = size_cut | lies_in[r*LEVELS +: LEVELS];
	end
end

endmodule

`default_nettype wire
