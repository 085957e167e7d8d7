// The walk cache between the walkers: each walk looks up as it begins, what it finds waits for the
// comparators, and each pointer that it follows is filled in.

`default_nettype none

module mmu_walk_cached #(
	parameter  int N         = 2,
	parameter  int WALKERS   = 1,
	parameter  int ENTRIES   = 16,
	parameter  int XLEN      = 64,
	parameter  int LEVELS    = 3,
	parameter  int W_ASID    = 16,
	parameter  int W_PA      = 56,
	localparam int W_SEG     = (XLEN == 32) ? 10 : 9,
	localparam int W_VPN     = LEVELS * W_SEG,
	localparam int W_PPN     = (XLEN == 32) ? 22 : 44,
	localparam int W_CONTEXT = W_VPN + W_PPN + 35,
	localparam int W_SLOT    = $clog2(N)
) (
	input  logic                          clk,
	input  logic                          rst_n,

	// As in mmu_walks.sv
	input  logic [N*W_CONTEXT-1:0]        miss_context,
	input  logic [N*W_ASID-1:0]           miss_asid,
	input  logic [N-1:0]                  miss_plain,
	input  logic [WALKERS*W_SLOT-1:0]     owner,

	// A walk begins, or begins anew, for that slot; from the next cycle on `found` is high for
	// it if there is a pointer for it, until load_found takes it
	input  logic [W_SLOT-1:0]             begin_slot,
	input  logic [WALKERS-1:0]            load_root,
	input  logic [WALKERS-1:0]            load_found,
	output logic [WALKERS-1:0]            found,
	output logic                          looks,        // a look-up is answered in this cycle
	output logic                          hit,
	output logic [LEVELS:0]               level,
	output logic [W_PA-13:0]              ppn,
	output logic                          is_global,

	// A pointer is followed, of one walker at most
	input  logic [WALKERS-1:0]            follows,
	input  logic [WALKERS*(LEVELS+1)-1:0] at_level,
	input  logic [W_PA-13:0]              next_page,
	input  logic [WALKERS-1:0]            next_global,
	output logic                          fills,

	input  logic                          fence,
	input  logic [W_ASID-1:0]             fence_asid,
	input  logic                          fence_any_asid,
	input  logic                          clear
);

localparam int W_KEY = W_VPN + 2 + W_ASID;

logic [WALKERS-1:0]   looking_q;  // the walk began in the cycle before, or has found a pointer since
logic                 first_q;
logic [N*W_KEY-1:0]   keys;
logic [W_KEY-1:0]     look_key, fill_key;
logic                 look_plain, fill_plain;
logic [LEVELS:0]      fill_level;
logic [W_SLOT-1:0]    fill_slot;

for (genvar s = 0; s < N; s++) begin : g_key
	assign keys[s*W_KEY +: W_KEY] = {miss_context[(s+1)*W_CONTEXT-1 -: W_VPN], miss_context[s*W_CONTEXT + 31 +: 2],
	                                 miss_asid[s*W_ASID +: W_ASID]};
end

always_comb begin
	fill_slot  = '0;
	fill_level = '0;
	for (int w = 0; w < WALKERS; w++)
		if (follows[w]) begin
			fill_slot  = fill_slot | owner[w*W_SLOT +: W_SLOT];
			fill_level = fill_level | at_level[w*(LEVELS+1) +: LEVELS+1];
		end
end

always_comb begin
	look_key   = '0;
	look_plain = 1'b0;
	fill_key   = '0;
	fill_plain = 1'b0;
	for (int s = 0; s < N; s++) begin
		if (begin_slot == s[W_SLOT-1:0]) begin
			look_key   = keys[s*W_KEY +: W_KEY];
			look_plain = miss_plain[s];
		end
		if (fill_slot == s[W_SLOT-1:0]) begin
			fill_key   = keys[s*W_KEY +: W_KEY];
			fill_plain = miss_plain[s];
		end
	end
end

assign found = looking_q & {WALKERS{hit}};
assign looks = first_q && looking_q != '0;

always_ff @(posedge clk or negedge rst_n) begin
	if (!rst_n) begin
		looking_q <= '0;
		first_q   <= 1'b0;
	end else begin
		first_q <= load_root != '0;
		if (load_root != '0)
			looking_q <= load_root & {WALKERS{!look_plain}};
		else
			looking_q <= found & ~load_found;
	end
end

mmu_walk_cache #(
	.ENTRIES (ENTRIES), .XLEN (XLEN), .LEVELS (LEVELS), .W_ASID (W_ASID), .W_PA (W_PA)
) cache (
	.clk, .rst_n,
	.look (|load_root), .look_vpn (look_key[W_KEY-1 -: W_VPN]), .look_mode (look_key[W_ASID +: 2]),
	.look_asid (look_key[W_ASID-1:0]), .hit, .level, .ppn, .is_global, .waits (|(found & ~load_found)),
	.fill (|follows && !fill_plain), .fills, .fill_level, .fill_vpn (fill_key[W_KEY-1 -: W_VPN]),
	.fill_mode (fill_key[W_ASID +: 2]), .fill_asid (fill_key[W_ASID-1:0]), .fill_ppn (next_page),
	.fill_global (|(follows & next_global)),
	.fence, .fence_asid, .fence_any_asid, .clear
);

// Of a context only the address and the mode count.
logic unused_ok;
assign unused_ok = &{1'b0, miss_context};

endmodule

`default_nettype wire
